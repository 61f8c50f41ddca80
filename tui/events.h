/* SPDX-License-Identifier: MIT */
/*
 * What happened, as a list: what is kept, and what has come since the start;
 * the newest last. In the past it ends at the moment that is shown.
 *
 *	rc = tui_events_add(&e, host, &event);            as they come
 *	tui_events_load(&e, past, upto);                  when somebody looks
 *	tui_events_draw(&e, &scene, &area, feed);
 *	row = tui_events_at(&e);
 *	tui_events_release(&e);
 */
#ifndef TUI_EVENTS_H
#define TUI_EVENTS_H

#include "model/filter.h"
#include "tui/cell.h"
#include "tui/key.h"
#include "tui/prompt.h"
#include "tui/scene.h"
#include "view/event.h"

#define TUI_EVENTS_MAX 2000u  /* that are shown */
#define TUI_EVENTS_CAME 1000u /* of those that came, that are remembered */

struct tui_event_row {
	struct aur_wall when;
	uint32_t host;
	uint8_t weight; /* enum aur_event_weight */
	uint8_t boot_id[16];
	uint64_t number;
	char kind[32], what[184];
};

struct tui_events {
	struct tui_event_row *came; /* owned, in a ring */
	size_t ncame, first;
	struct tui_event_row *row; /* owned: those that are shown, by time */
	size_t n, cap;
	size_t cursor, top;
	int page;		   /* rows drawn last */
	struct tui_rect at;	   /* and where */
	bool stays;		   /* the cursor is not with the newest */
	bool old;		   /* to be loaded before it is drawn */
	struct aur_filter *filter; /* owned; NULL: all */
	char text[TUI_PROMPT_MAX]; /* of it */
};

/* Remembers one that has come. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_events_add(
    struct tui_events *e, size_t host, const struct aur_event *event);
void tui_events_release(struct tui_events *e); /* zeroed is fine */

/* Makes the rows anew: of `past`, which may be NULL, and of what came, those
 * of [1970, upto) that the filter passes. `feed` has the hosts. 0, AUR_ENOMEM.
 */
AUR_MUST_CHECK int tui_events_load(struct tui_events *e, struct aur_feed *past,
    const struct aur_feed *feed, struct aur_wall upto);

/* Sets the filter over host, kind and what; false, and `error` says why and
 * where, when it does not parse. Load afterwards. */
bool tui_events_filter(
    struct tui_events *e, const char *text, char *error, size_t size);

/* Moves the cursor; false when `action` is no movement. */
bool tui_events_move(struct tui_events *e, enum tui_action action);
/* A click; whether it was on the row that the cursor stood on already. */
bool tui_events_click(struct tui_events *e, int x, int y);
/* The row at the cursor; NULL where there is none. */
const struct tui_event_row *tui_events_at(const struct tui_events *e);

void tui_events_draw(struct tui_events *e, const struct tui_scene *s,
    const struct tui_area *a, const struct aur_feed *feed);

#endif
