/* SPDX-License-Identifier: MIT */
/*
 * What happened while nobody looked, in a line:
 *
 *	since yesterday 18:40: web2 rebooted 03:12, 2 OOM kills on db1, web3
 *	unreachable 41m · { goes there
 *
 *	struct tui_morning m = {0};
 *	tui_morning_add(&m, host, &event);          each
 *	tui_morning_text(&m, name_of, me, &when, line, sizeof(line));
 *
 * What is of one host and of one sort is told once, and so is what is of one
 * sort on more hosts than TUI_MORNING_HOSTS. The worst sorts come first (the
 * order of enum aur_event_digest), and what has no room is counted.
 */
#ifndef TUI_MORNING_H
#define TUI_MORNING_H

#include "view/event.h"

#define TUI_MORNING_MAX 256
#define TUI_MORNING_HOSTS 3

struct tui_morning_item {
	size_t host;
	enum aur_event_digest sort;
	unsigned n;
	struct aur_wall last;
	double seconds; /* that it took, all together */
	char what[40];	/* the unit, the mount; "" where there are several */
};

struct tui_morning {
	struct tui_morning_item item[TUI_MORNING_MAX];
	size_t n;
	unsigned more; /* that had no place */
	/* all of each sort, those without a place included */
	unsigned count[AUR_EVENT_NOTHING];
};

struct tui_morning_when {
	struct aur_wall looked, now;
	bool utc, ascii;
	int width; /* columns that the line has; 0: enough */
};

void tui_morning_add(
    struct tui_morning *m, size_t host, const struct aur_event *event);

/* The line; "" where there is nothing to tell. */
void tui_morning_text(const struct tui_morning *m,
    const char *(*name)(void *arg, size_t host), void *arg,
    const struct tui_morning_when *when, char *out, size_t size);

#endif
