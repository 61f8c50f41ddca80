/* SPDX-License-Identifier: MIT */
/*
 * One process in full: what it is, what it uses, where it comes from, its
 * command line an argument a row, and its CPU and memory over time.
 *
 *	rc = tui_details_open(&d, &scene, key);
 *	tui_details_sample(&d, &scene, host);      at each sample
 *	tui_details_draw(&d, &scene, &area);
 *	tui_details_close(&d);
 *
 * It holds the last sample that had the process: when that has ended, the
 * values stay, and it says so. The graphs begin with what is known of the
 * process's past (past.h), or when it is opened.
 */
#ifndef TUI_DETAILS_H
#define TUI_DETAILS_H

#include "tui/cell.h"
#include "tui/key.h"
#include "tui/scene.h"

#define TUI_PARENTS_MAX 64

struct tui_details {
	struct aur_key key; /* pid, start */
	bool open, ended;
	bool told;	      /* of a moment: what it did before it */
	struct aur_figures f; /* of the last sample that had it, owned */
	size_t inst;	      /* in its process part */
	size_t children;
	size_t parents; /* in parent[], nearest first */
	uint32_t parent[TUI_PARENTS_MAX];
	struct aur_mono seen; /* the client's clock: when it was there last */
	struct aur_series cpu, memory; /* percent of one CPU; bytes */
	struct aur_buf text;
	int scroll, page, height; /* rows: moved up, shown, there are */
};

/* Opens it for the process `key` of the scene's figures. 0; AUR_EABSENT,
 * AUR_ENOMEM, AUR_ELIMIT: it is closed then. */
AUR_MUST_CHECK int tui_details_open(
    struct tui_details *d, const struct tui_scene *s, struct aur_key key);
void tui_details_close(struct tui_details *d); /* zeroed is fine */

/* Takes up the scene's new sample; what is drawn stays while it is paused. */
void tui_details_sample(struct tui_details *d, const struct tui_scene *s,
    const struct aur_feed_host *host);
/* A table from before what is shown, oldest first: its values hold until the
 * next one. */
void tui_details_table(struct tui_details *d, struct aur_figures *f,
    const struct aur_sample *before);
/* Another interval: the graphs begin anew. */
void tui_details_interval(struct tui_details *d, struct aur_span step);

/* Scrolls; false when `action` is no movement. */
bool tui_details_move(struct tui_details *d, enum tui_action action);

/* details_limits.c: limit number `nth` as a row: what it is called, and what
 * it says. False where it is not known; beyond TUI_LIMITS there are none. */
#define TUI_LIMITS (AUR_PROCESS_LIMIT_COUNT / 2)
bool tui_details_limit(const struct tui_details *d, unsigned nth,
    const char **ret_label, char text[96]);
/* "12 of 1024 (1%)"; whether it is close to the limit. */
bool tui_details_open_files(struct tui_details *d, char text[48]);

/* details_draw.c */
void tui_details_draw(
    struct tui_details *d, const struct tui_scene *s, const struct tui_area *a);

#endif
