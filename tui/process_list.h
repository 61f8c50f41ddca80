/* SPDX-License-Identifier: MIT */
/*
 * The process list without its picture: which processes, in which order, as
 * a tree or not, which one is selected and which are tagged. Works on figures
 * alone, so tests need no screen.
 *
 *	tui_list_init(&l);
 *	rc = tui_list_update(&l, &figures, false);   at each sample
 *	tui_list_move(&l, TUI_DO_DOWN, page);
 *	l.row[l.cursor].inst                         for aur_figures_process
 *	tui_list_release(&l);
 *
 * Figures may be those of several hosts: everywhere `f` is an array, one of
 * each host, and a row says whose it is. The list of one host is a list of an
 * array of one.
 *
 * The selection is a process (host, pid, start), not a row: it goes where the
 * process goes. Until somebody moves it, it stays on the first row. A process
 * that ends leaves the selection to the row that takes its place.
 *
 * With `threads` the threads of processes have rows of their own, where the
 * figures know them (figure.h): in a tree below their process. They are in no
 * sum and no total.
 *
 * In a tree, what a filter leaves keeps its ancestors, marked as context; a
 * folded branch tells the sum of itself and all that it hides.
 *
 * An update takes what it sorts by out of the figures once; 10,000 rows cost
 * one value each, and what is drawn is asked for when it is drawn.
 */
#ifndef TUI_PROCESS_LIST_H
#define TUI_PROCESS_LIST_H

#include "model/figure.h"
#include "model/filter.h"
#include "tui/columns.h"
#include "tui/key.h"

#define TUI_TREE_MAX 32 /* levels that have a guide */

struct tui_who {
	struct aur_key key; /* pid, start */
	uint32_t host;	    /* index into the figures */
};

struct tui_row {
	struct tui_who who;
	uint32_t inst;	   /* for aur_figures_process */
	uint32_t guides;   /* bit per level: a branch goes on below */
	uint32_t hidden;   /* processes that a folded branch hides */
	float cpu, memory; /* of the whole folded branch: percent both; */
	double rss;	   /* bytes; NaN unknown */
	uint8_t depth;
	bool last;     /* of its siblings */
	bool children; /* it has some, shown or folded */
	bool folded;
	bool context; /* passes no filter, but something below it does */
	bool thread;  /* of a process, not one itself */
};

struct tui_keys { /* a set of processes, ascending */
	struct tui_who *who;
	size_t n, cap;
};

struct tui_list {
	/* wishes; change them, then update */
	unsigned sort;		       /* a column of columns.h */
	bool descending, tree, kernel; /* kernel: show kernel threads */
	bool threads;		       /* of processes */
	char user[64];		       /* "": all */
	const uint64_t *pids;	       /* borrowed; only these; NULL: all */
	size_t npid;
	struct aur_filter *filter; /* owned; NULL: all */
	const char *const *hosts;  /* borrowed; their names; NULL: one host */
	/* the outcome */
	struct tui_row *row;	     /* owned */
	struct aur_figures *figures; /* while an update runs; nhost */
	size_t nhost;
	size_t n, cap;
	size_t total;	/* processes that there are */
	size_t nthread; /* rows that are threads */
	size_t cursor;
	struct tui_who selected;
	bool chosen; /* somebody moved the cursor */
	struct tui_keys tags, folds;
};

void tui_list_init(struct tui_list *l);
void tui_list_release(struct tui_list *l);

/* Makes the rows anew from `f`. `hold` keeps the order and drops only what
 * has ended. 0, AUR_ENOMEM: the rows are then as they were. */
AUR_MUST_CHECK int tui_list_update(
    struct tui_list *l, struct aur_figures *f, bool hold);
/* The same from the figures of `n` hosts. */
AUR_MUST_CHECK int tui_list_update_all(
    struct tui_list *l, struct aur_figures *f, size_t n, bool hold);

/* Moves the cursor; false when `action` is no movement. */
bool tui_list_move(struct tui_list *l, enum tui_action action, size_t page);
/* To row `i`, or the last. */
void tui_list_go(struct tui_list *l, size_t i);

/* Sorts by another column, in its own order; by the same, turned round. */
void tui_list_sort(struct tui_list *l, unsigned column);
/* Whether numbers of this column are best seen largest first. */
bool tui_list_descends(unsigned column);

/* Goes to the next row, `from` included, that has `text` in its command, or
 * is the pid `text` names; backward when `back`. False if none. */
bool tui_list_search(struct tui_list *l, struct aur_figures *f,
    struct aur_slice text, size_t from, bool back);
/* Whether row `i` would be found. */
bool tui_list_matches(const struct tui_list *l, struct aur_figures *f,
    struct aur_slice text, size_t i);

/* Sets. toggle: 0, AUR_ENOMEM. */
bool tui_who_same(struct tui_who a, struct tui_who b);
bool tui_keys_has(const struct tui_keys *s, struct tui_who who);
AUR_MUST_CHECK int tui_keys_toggle(struct tui_keys *s, struct tui_who who);
AUR_MUST_CHECK int tui_keys_add(struct tui_keys *s, struct tui_who who);
void tui_keys_clear(struct tui_keys *s);
void tui_keys_release(struct tui_keys *s);

/* Tags the selected process and all below it, shown or not. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_list_tag_tree(struct tui_list *l, struct aur_figures *f);

/* Folds all branches, or unfolds all where some are folded. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_list_fold_all(struct tui_list *l);

/* Filter callbacks over figures: fields are figures of processes. */
int tui_filter_find(void *ctx, struct aur_slice name);

/* process_rows.c: makes the rows anew from l->figures. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_list_make(struct tui_list *l);

/* process_tree.c: puts the rows in tree order. `row` is in the order of
 * siblings; `by_pid` are the same rows' numbers, ascending by host and pid. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int tui_tree_order(struct tui_list *l, struct tui_row *row,
    size_t *ret_n, const uint32_t *by_pid, const uint64_t *parent);

#endif
