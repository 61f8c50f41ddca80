/* SPDX-License-Identifier: MIT */
/*
 * The hosts on the screen: as a table, or as tiles, large ones with a graph
 * each. What is in it and in which order is fleet.h's.
 */
#ifndef TUI_FLEET_TABLE_H
#define TUI_FLEET_TABLE_H

#include "tui/fleet.h"
#include "tui/meter.h"
#include "tui/prompt.h"

#define TUI_TILE_MIN_W 38
#define TUI_TILE_MIN_H 5

struct tui_fleet_table {
	struct tui_fleet *fleet;       /* borrowed */
	const struct tui_scene *scene; /* borrowed: how things look */
	struct aur_buf text;	       /* for one cell */
	uint32_t shown;		       /* columns as wanted, a bit each */
	struct {
		unsigned id;
		int x, w;
	} column[TUI_FLEET_COLUMNS]; /* as the width has room for */
	size_t ncolumn;
	size_t top;		    /* first row or tile shown */
	int page;		    /* rows shown last */
	struct tui_rect at;	    /* where the rows stand, titles included */
	int tile_w, tile_h, across; /* 0: it is a table */
	bool searching;
	char search[TUI_PROMPT_MAX];
	char filter[TUI_PROMPT_MAX]; /* text of fleet->filter */
};

void tui_fleet_table_init(struct tui_fleet_table *t, struct tui_fleet *fl,
    const struct tui_scene *scene);
void tui_fleet_table_release(struct tui_fleet_table *t);

/* The columns that show until somebody chooses. */
uint32_t tui_fleet_columns_default(void);
/* "cpu memory load" as bits, and back. 0, AUR_EINVALID; *ret as it was. */
AUR_MUST_CHECK int tui_fleet_columns_parse(
    struct aur_slice text, uint32_t *ret_shown);
void tui_fleet_columns_format(uint32_t shown, char *out, size_t size);

/* What of the choice `w` has room for: t->column. */
void tui_fleet_table_columns(struct tui_fleet_table *t, int w);

/* Sets the filter; false, and `error` says why and where, when it does not
 * parse. The old one stays then. */
bool tui_fleet_table_filter(
    struct tui_fleet_table *t, const char *text, char *error, size_t size);

/* Draws the rows; `tiles` where each host shall have a tile. */
void tui_fleet_table_draw(
    struct tui_fleet_table *t, const struct tui_area *a, bool tiles);

/* Whether tiles for all hosts have room in `w` times `h`. */
bool tui_fleet_tiles_fit(const struct tui_fleet_table *t, int w, int h);

/* What a click at x, y of the surface means. */
enum tui_fleet_click {
	TUI_FLEET_CLICK_NONE,
	TUI_FLEET_CLICK_ROW,   /* the cursor went there */
	TUI_FLEET_CLICK_AGAIN, /* it stood there already */
	TUI_FLEET_CLICK_SORT,  /* sorted by another column */
};
enum tui_fleet_click tui_fleet_table_click(
    struct tui_fleet_table *t, int x, int y);

/* The state as a shape and its role. */
uint32_t tui_fleet_mark(enum aur_host_state state, bool ascii);
enum tui_role tui_fleet_role(enum aur_host_state state);

/* Why a host is not up, in a sentence without its name: "stale 14s: ...". */
void tui_fleet_reason(
    const struct tui_fleet *fl, size_t host, char *out, size_t size);

/* fleet_tile.c: one host, large. */
void tui_fleet_tile(const struct tui_fleet_table *t, const struct tui_area *a,
    size_t host, bool selected);
/* CPU of the last minute, `h` rows high. */
void tui_fleet_past(const struct tui_fleet_table *t, const struct tui_area *a,
    struct tui_rect r, size_t host, enum tui_track track, double top);
/* Text over as many rows as there are; the next row. */
int tui_fleet_wrap(const struct tui_area *a, int x, int y, const char *text,
    enum tui_role role);

#endif
