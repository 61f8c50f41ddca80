/* SPDX-License-Identifier: MIT */
/*
 * The recording feed between a feed by script and a store by script, which
 * takes the place of lib/history's: both know hours, a block is one hour of
 * one kind, and every one of them is counted.
 *
 *	set_up(&w, 2, true);		hosts; whether the store records
 *	tick(&w, 0);			a sample of the first
 *	answer(&w.script, 0, UINT_MAX, 0);
 *	tap_ok(had(&w, 0, SYSTEM) == ...);
 *	tear_down(&w);
 */
#ifndef TESTS_UNIT_HISTORY_SCRIPT_H
#define TESTS_UNIT_HISTORY_SCRIPT_H

#include "history/history.h"

#include <limits.h>

#define HOSTS 5
#define HOURS 60
#define HOUR_NS (3600 * AUR_SECOND_NS)
#define BEGAN (1795000000ll / 3600 * HOUR_NS)

enum { SYSTEM, PROCESSES, EVENTS, KINDS };

/* By number: host `i` of the feed has number HOSTS - 1 - i. */
struct aur_history {
	bool records;
	unsigned samples[HOSTS], events[HOSTS], blocks, twice, busy, whole, cut;
	bool lags;	  /* does not know yet what was put */
	const char *left; /* the kind of the last event of an earlier run */
	bool left_by_host;
	unsigned events_asked;
	unsigned have[HOSTS][KINDS][HOURS];
};

struct asked {
	struct aur_backfill what;
	aur_feed_block_fn block;
	aur_feed_reply_fn done;
	void *arg;
	bool open;
};

struct script {
	struct aur_feed feed; /* first */
	struct aur_feed_host host[HOSTS];
	char id[HOSTS][24];
	size_t n;
	struct asked ask[HOSTS];
	bool kept[HOURS];
	aur_feed_listen_fn listen;
	void *arg;
	unsigned asks, at_once, most_at_once, wants, acts, retries, freed;
	unsigned changes;
	bool answers; /* at once, within the call */
};

struct world {
	struct aur_history store;
	struct script script;
	struct aur_feed *feed;
	struct aur_strs *strs;
	struct aur_sample *sample;
	unsigned changes, told;
	char event[400]; /* the last one of ours, "kind key=value" */
};

void set_up(struct world *w, size_t n, bool records);
void tear_down(struct world *w);

/* A sample of a host; the end of its link. */
void tick(struct world *w, size_t i);
void lose(struct world *w, size_t i);

/* Ends an answer; gives, before, at most `most` blocks of what was asked for,
 * newest first. */
void finish(struct script *s, size_t i, int err);
void answer(struct script *s, size_t i, unsigned most, int err);

/* Hours of a kind that host `i` gave, each once. */
unsigned had(const struct world *w, size_t i, int kind);

#endif
