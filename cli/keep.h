/* SPDX-License-Identifier: MIT */
/*
 * The history that `aurora top` records while it runs. It is opened when the
 * first frame has been drawn: nobody waits for a database.
 *
 *	feed = keep_begin(&k, loop, feed, hosts, door);
 *	... the loop runs ...
 *	feed->class->free(feed);
 *	keep_end(&k);
 */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H

#include "cli/hosts.h"
#include "cli/place.h"
#include "history/history.h"
#include "loop/loop.h"
#include "tui/tui.h"

struct keep {
	struct aur_history *history; /* NULL: not open, or cannot be */
	struct aur_history *past; /* the one that is looked back at, or NULL */
	struct aur_feed *feed;	  /* that records */
	struct aur_timer *timer;
	struct tui_door *door; /* for what is to be said; once */
	bool tried, said;
	char folder[PLACE_SIZE];
};

/* A feed around `feed`, which becomes its own, that will record to the history
 * of these hosts; or `feed` itself, where there is no place or no memory for
 * that. `k` stays where it is, and so does `past` (NULL: none), which it lets
 * rest now and then. */
struct aur_feed *keep_begin(struct keep *k, struct aur_loop *loop,
    struct aur_feed *feed, const struct hosts *hosts, struct aur_history *past,
    struct tui_door *door);

/* Writes what waits, and that somebody has looked until now. Zeroed is fine;
 * after the feed. */
void keep_end(struct keep *k);

#endif
