/* SPDX-License-Identifier: MIT */
/*
 * What the graphs show: a ring of values for each quantity, fed by samples
 * and nothing else, so that typing or resizing never adds a point. Disks and
 * interfaces have two each, by name.
 */
#ifndef TUI_TRACK_H
#define TUI_TRACK_H

#include "model/figure.h"
#include "model/series.h"

enum tui_track {
	TUI_TRACK_CPU,
	TUI_TRACK_MEMORY,
	TUI_TRACK_SWAP,
	TUI_TRACK_LOAD,
	TUI_TRACK_PSI_CPU,
	TUI_TRACK_PSI_MEMORY,
	TUI_TRACK_PSI_IO,
	TUI_TRACK_READ,
	TUI_TRACK_WRITE,
	TUI_TRACK_RECEIVE,
	TUI_TRACK_TRANSMIT,
	TUI_TRACK_COUNT
};

#define TUI_PAIRS_MAX 64
#define TUI_TRACK_STEPS 900

struct tui_pair { /* in and out, by name */
	char name[64];
	struct aur_series in, out;
	unsigned seen; /* the sample that had it last */
};

struct tui_tracks {
	struct aur_series one[TUI_TRACK_COUNT];
	struct tui_pair *disk, *net; /* TUI_PAIRS_MAX each, owned */
	size_t ndisk, nnet;
	unsigned samples; /* added so far */
};

/* 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int tui_tracks_init(struct tui_tracks *t, struct aur_span step);
void tui_tracks_release(struct tui_tracks *t); /* zeroed is fine */

/* Adds what `f` knows. */
void tui_tracks_add(struct tui_tracks *t, struct aur_figures *f);

/* The pair of a disk or interface; NULL if there is none. */
const struct tui_pair *tui_tracks_disk(
    const struct tui_tracks *t, struct aur_slice name);
const struct tui_pair *tui_tracks_net(
    const struct tui_tracks *t, struct aur_slice name);

/* A figure as a number; NaN where unknown. */
double tui_number(struct aur_figures *f, enum aur_figure_id id, size_t row);
/* As text; empty where unknown. */
struct aur_slice tui_string(
    struct aur_figures *f, enum aur_figure_id id, size_t row);

#endif
