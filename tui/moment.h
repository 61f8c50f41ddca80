/* SPDX-License-Identifier: MIT */
/*
 * Looking back: the screen as it would have been at a moment of the past, by
 * the same views over another feed, while the live one goes on unseen.
 *
 *	live --b, ( , {, Enter on a graph's cursor, an event--> a moment
 *	       <--Esc--                                 ( ) { } b go on from it
 *
 * The app has one feed, one scene, one record of each host: those of what is
 * shown. The other ones wait here, and the live ones are fed. What of the past
 * is drawn is fetched when it is drawn: figures with the frame, however many
 * steps were made since the last one, graphs some at a frame, so that keys are
 * answered in between.
 */
#ifndef TUI_MOMENT_H
#define TUI_MOMENT_H

#include "tui/fleet.h"
#include "tui/scene.h"

struct tui_asked;

struct tui_moment {
	struct aur_feed *past; /* borrowed; NULL: nothing is kept */
	bool ended;	       /* nothing is live: it always is shown */
	bool on;	       /* it is shown: */
	struct aur_wall at;    /* that moment */
	bool due;	       /* and it is still to be taken up */
	/* What is not shown. While the past is, that is the live side: */
	struct aur_feed *feed;
	struct tui_scene scene;
	size_t host;
	struct tui_record *record; /* of each host, owned; NULL: one host */
	struct tui_asked *asked;   /* of each host, owned */
	/* A key that is held goes further at a time. */
	int dir;
	unsigned run;
	struct aur_mono pressed;
	int64_t table;	   /* told what was before it: when it was read, by the
			      host's monotonic clock; 0: none */
	size_t table_host; /* whose */
	struct aur_mono fill_at; /* graphs lack something; 0: nothing */
	struct aur_mono who_at;	 /* who was busy at the cursor is asked then */
	bool begun;		 /* a frame with a sample has been drawn */
};

#endif
