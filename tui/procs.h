/* SPDX-License-Identifier: MIT */
/*
 * The process table on the screen: columns, rows, scrolling, search. What is
 * in it and in which order is process_list.h's.
 */
#ifndef TUI_PROCS_H
#define TUI_PROCS_H

#include "tui/columns.h"
#include "tui/panel.h"
#include "tui/process_list.h"
#include "tui/prompt.h"
#include "tui/setting.h"

struct tui_procs {
	struct tui_scene *scene; /* borrowed */
	/* the scene's, or those of all hosts; borrowed */
	struct aur_figures *figures;
	size_t nhost;
	const bool *stale; /* of each host; NULL: the scene's alone */
	bool moved;	   /* figures are newer than the rows */
	struct tui_list list;
	struct aur_buf text;  /* for one cell */
	size_t top;	      /* first row shown */
	int shift;	      /* columns that commands are moved left */
	enum tui_paths paths; /* of programs, in their command lines */
	bool follow, focused;
	struct tui_who followed; /* keeps the cursor until it ends */
	bool searching;		 /* a search shows: n and N go on */
	char search[TUI_PROMPT_MAX];
	char filter[TUI_PROMPT_MAX]; /* text of list.filter */
	bool hold;		     /* the order is kept for now */
	int page;		     /* rows shown last */
	struct tui_rect at;	     /* where it was drawn */
	struct tui_columns columns;  /* as wanted; the width may have less */
	struct {
		unsigned id;
		int x, w;
	} column[TUI_COLUMN_COUNT + 1];
	size_t ncolumn;
};

void tui_procs_init(struct tui_procs *p, struct tui_scene *scene);
void tui_procs_release(struct tui_procs *p);

/* From now on the processes are those of `n` hosts called `names`, of which
 * those that are `stale` are dimmed; NULL, 0: the scene's. All is borrowed. */
void tui_procs_of(struct tui_procs *p, struct aur_figures *f,
    const char *const *names, const bool *stale, size_t n);

/* Makes the rows anew; `resort` although the order is on hold. */
void tui_procs_update(struct tui_procs *p, bool resort);

/* Sets the filter; false, and `error` says why and where, when it does not
 * parse. The old one stays then. */
bool tui_procs_filter(
    struct tui_procs *p, const char *text, char *error, size_t size);

void tui_procs_draw(struct tui_procs *p, const struct tui_area *a);

/* Columns for a width: what stands in p->column. */
void tui_procs_columns(struct tui_procs *p, int w);

/* Fields of processes that the columns, the filter and acting need. */
uint64_t tui_procs_fields(const struct tui_procs *p);

/* Does an action of the list; false when it is none. */
bool tui_procs_do(struct tui_procs *p, enum tui_action action);

/* A click at x, y of the surface; false when it was not on a row or title. */
bool tui_procs_click(struct tui_procs *p, int x, int y);

/* The command of row `i`, its guides in front. */
void tui_procs_command(struct tui_procs *p, const struct tui_area *a, int x,
    int y, int w, size_t i);

/* A value as the list shows it; good until the next call. */
struct aur_slice tui_procs_text(
    struct tui_procs *p, enum aur_figure_id id, const struct aur_value *v);

/* The figure of row `i`. */
void tui_procs_value(struct tui_procs *p, enum aur_figure_id id, size_t i,
    struct aur_value *ret);

#endif
