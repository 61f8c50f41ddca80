/* SPDX-License-Identifier: MIT */
/*
 * Several hosts as lines of text: what became of a host, always; what changed
 * on one, with its name in front, while they are no more than
 * TUI_PLAIN_TELL: a thousand hosts would never be silent. One host is
 * plain.h's affair.
 *
 *	rc = tui_plain_fleet_init(&p, feed, &options);
 *	rc = tui_plain_fleet_change(&p, host, changes, now, &out);
 *	rc = tui_plain_fleet_summary(&p, now, &out);   once p is ready
 *	rc = tui_plain_fleet_command(&p, line, now, &out);
 *	tui_plain_fleet_release(&p);
 */
#ifndef TUI_PLAIN_FLEET_H
#define TUI_PLAIN_FLEET_H

#include "tui/fleet.h"
#include "tui/plain.h"

#define TUI_PLAIN_TELL 20

struct tui_plain_fleet {
	struct tui_fleet fleet;
	struct tui_plain *host;	     /* of each, owned */
	struct aur_figures *figures; /* of each, owned */
	const char **names;	     /* of each; owned, the names borrowed */
	struct tui_list list;	     /* the processes of all */
	struct aur_buf last;	     /* what Enter repeats */
	struct aur_span interval;
	const char *team; /* borrowed; NULL: none */
	bool begun;	  /* the summary has been told */
	bool quit;
};

/* 0, AUR_ENOMEM, AUR_EINVALID. */
AUR_MUST_CHECK int tui_plain_fleet_init(struct tui_plain_fleet *p,
    struct aur_feed *feed, const struct tui_options *options);
void tui_plain_fleet_release(struct tui_plain_fleet *p);

/* Whether every host has told enough for a summary, or failed. */
bool tui_plain_fleet_is_ready(const struct tui_plain_fleet *p);

/* These append whole lines, maybe none. 0, AUR_ENOMEM, AUR_ELIMIT. `now` is
 * the client's time. */
AUR_MUST_CHECK int tui_plain_fleet_change(struct tui_plain_fleet *p,
    size_t host, unsigned changes, struct aur_wall now, struct aur_buf *out);
AUR_MUST_CHECK int tui_plain_fleet_summary(
    struct tui_plain_fleet *p, struct aur_wall now, struct aur_buf *out);
AUR_MUST_CHECK int tui_plain_fleet_command(struct tui_plain_fleet *p,
    struct aur_slice line, struct aur_wall now, struct aur_buf *out);

#endif
