/* SPDX-License-Identifier: MIT */
/*
 * A panel: a part of the screen that shows one thing. Each is a const class
 * in its own file, listed in panels.c. A panel has two forms: compact, a few
 * labelled rows above the process list, and large, under a title.
 *
 *	struct tui_panel p = {
 *	    .class = tui_panel_class(TUI_PANEL_CPU), .scene = &scene};
 *	p.class->draw(&p, &area);
 */
#ifndef TUI_PANEL_H
#define TUI_PANEL_H

#include "model/want.h"
#include "tui/input.h"
#include "tui/meter.h"

enum tui_panel_id {
	TUI_PANEL_CPU,
	TUI_PANEL_MEMORY,
	TUI_PANEL_PRESSURE,
	TUI_PANEL_DISK,
	TUI_PANEL_NETWORK,
	TUI_PANEL_FILESYSTEM,
	TUI_PANEL_SENSOR,
	TUI_PANEL_COUNT
};

struct tui_panel {
	const struct tui_panel_class *class;
	struct tui_scene *scene; /* borrowed */
	bool large, focused;
	bool bare;     /* its own graph is left out: a larger one stands by */
	size_t scroll; /* first row of a list; draw keeps it in bounds */
};

struct tui_panel_class {
	const char *name, *title;
	uint64_t domains; /* what it needs of the host */
	int min_h;	  /* rows below which the large form says nothing */
	bool grows;	  /* has a graph that takes more rows gladly */
	/* Rows that the large form would like at this width. */
	int (*prefer)(const struct tui_panel *p, int w);
	void (*draw)(struct tui_panel *p, const struct tui_area *a);
	/* What stands at the right of the title; may be NULL. */
	void (*note)(const struct tui_panel *p, char *out, size_t size);
};

extern const struct tui_panel_class tui_panel_cpu, tui_panel_memory,
    tui_panel_pressure, tui_panel_disk, tui_panel_network, tui_panel_filesystem,
    tui_panel_sensor;

const struct tui_panel_class *tui_panel_class(enum tui_panel_id id);

/* Scrolls its list by an action of moving; false when it is none. */
bool tui_panel_move(struct tui_panel *p, enum tui_action action, int page);

/* Rows of a list of `n` that `h` rows can show, beginning at p->scroll, which
 * is brought into bounds. */
size_t tui_panel_window(struct tui_panel *p, size_t n, int h);

#endif
