/* SPDX-License-Identifier: MIT */
/*
 * --watch: the same answer again and again, as samples come. Documents stand
 * one on a line; text is drawn over itself on a terminal and parted by an
 * empty line elsewhere.
 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "cli/session.h"

struct watch {
	struct session *session;
	struct aur_span interval;
	bool json;
	/* Puts one answer into the cli's buffer; an exit status. */
	int (*print)(void *arg);
	void *arg;

	/* private */
	struct aur_timer *late;
	int status, shown;
	bool *fresh; /* per host: a sample since the last answer */
	size_t nfresh, nup;
	bool due;
};

/* Reads --watch=SEC and -i. CLI_OK or CLI_USAGE. */
AUR_MUST_CHECK int watch_parse(
    const struct opts *o, struct aur_span *ret_interval);

/* Shows one answer: what print gives, and flushes it. An exit status. */
AUR_MUST_CHECK int watch_show(struct watch *w);

/* Subscribes to `want` at the interval and shows until Ctrl-C or until nobody
 * reads. An exit status. */
AUR_MUST_CHECK int watch_run(struct watch *w, const struct aur_want *want);

#endif
