/* SPDX-License-Identifier: MIT */
/*
 * What the graphs show: a history of each quantity, fed by samples and
 * nothing else, so that typing or resizing never adds a point. Disks and
 * interfaces have two each, by name, sensors one.
 *
 * Memory: at last TUI_HISTORY_BYTES (43 KiB) each: 0.7 MiB for the host, 86
 * KiB for a disk or interface. With TUI_PAIRS_MAX of both and of sensors it
 * ends at 15 MiB; a further one has no graph until another has gone.
 */
#ifndef TUI_TRACK_H
#define TUI_TRACK_H

#include "model/figure.h"
#include "tui/history.h"

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
	TUI_TRACK_TCP,
	TUI_TRACK_TIME_WAIT,
	TUI_TRACK_UDP,
	TUI_TRACK_SWITCHES,
	TUI_TRACK_FORKS,
	TUI_TRACK_COUNT
};

#define TUI_PAIRS_MAX 64

struct tui_pair { /* in and out, by name */
	char name[64];
	struct tui_history in, out; /* out: zeroed of a sensor */
	unsigned seen;		    /* the sample that had it last */
};

struct tui_pairs {
	struct tui_pair *pair; /* owned */
	size_t n, cap;	       /* at most TUI_PAIRS_MAX */
};

struct tui_tracks {
	struct tui_history one[TUI_TRACK_COUNT];
	struct tui_pairs disk, net, sensor;
	unsigned samples; /* added so far */
};

/* 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int tui_tracks_init(struct tui_tracks *t, struct aur_span step);
void tui_tracks_release(struct tui_tracks *t); /* zeroed is fine */

/* Adds what `f` knows. */
void tui_tracks_add(struct tui_tracks *t, struct aur_figures *f);

/* Gives the rows of `f` their places, and adds nothing. */
void tui_tracks_rows(struct tui_tracks *t, struct aur_figures *f);

/* Samples come in another interval from now on; what is kept stays. 0,
 * AUR_ENOMEM, AUR_ELIMIT: what could not change is as it was. */
AUR_MUST_CHECK int tui_tracks_step(struct tui_tracks *t, struct aur_span step);

/* The values at the resolution of the samples. */
const struct aur_series *tui_tracks_recent(
    const struct tui_tracks *t, enum tui_track track);

/* The pair of a disk, interface or sensor; NULL if there is none. */
const struct tui_pair *tui_tracks_disk(
    const struct tui_tracks *t, struct aur_slice name);
const struct tui_pair *tui_tracks_net(
    const struct tui_tracks *t, struct aur_slice name);
const struct tui_pair *tui_tracks_sensor(
    const struct tui_tracks *t, struct aur_slice name);

/* The figure that a track is of. */
enum aur_figure_id tui_track_figure(enum tui_track track);

/* A figure as a number; NaN where unknown. */
double tui_number(struct aur_figures *f, enum aur_figure_id id, size_t row);
/* As text; empty where unknown. */
struct aur_slice tui_string(
    struct aur_figures *f, enum aur_figure_id id, size_t row);

#endif
