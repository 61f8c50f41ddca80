/* SPDX-License-Identifier: MIT */
/*
 * The hosts of a feed as a list, without its picture: which, in which order,
 * in groups or not, which one is selected. It is fed with samples, keeps the
 * record of each host, and is put in order when somebody will look.
 *
 *	rc = tui_fleet_init(&fl, feed);
 *	tui_fleet_sample(&fl, host, &figures, interval);
 *	tui_fleet_update(&fl, now, false);
 *	fl.row[fl.cursor]
 *	tui_fleet_release(&fl);
 *
 * Groups are those of the hosts (the first of each); hosts of a group stand
 * below its heading, which tells sums and means and can be folded. Hosts that
 * cannot be reached because of a host that they are behind (feed.h: blamed)
 * stand in a group of their own, folded at first: what is wrong is said once.
 *
 * Until somebody sorts, the order is that of the feed while all fit on the
 * screen, and the worst first when they do not: sorting is for finding.
 *
 * Rejected: sorting at each sample. A thousand hosts answer at a thousand
 * moments of a second, and rows that move all the time cannot be read.
 */
#ifndef TUI_FLEET_H
#define TUI_FLEET_H

#include "model/feed.h"
#include "model/filter.h"
#include "tui/key.h"
#include "tui/record.h"

enum tui_fleet_column {
#define TUI_FLEET_COLUMN(ID, ...) TUI_FLEET_##ID,
#include "tui/fleet_column.def"
#undef TUI_FLEET_COLUMN
	TUI_FLEET_COLUMNS
};

struct tui_fleet_column_row {
	const char *name, *title, *ascii;
	uint8_t width;
	bool right;
	uint8_t weight;
	bool shown; /* until somebody chooses */
	const char *path, *help;
};
const struct tui_fleet_column_row *tui_fleet_column(unsigned id);
/* By name or JSON path; -1. */
int tui_fleet_column_find(struct aur_slice name);
/* Whether its values are best seen largest first. */
bool tui_fleet_descends(unsigned column);

/* "cpu:desc", "name". 0, AUR_EINVALID. */
AUR_MUST_CHECK int tui_fleet_sort_parse(
    struct aur_slice text, unsigned *ret_column, bool *ret_descending);

#define TUI_FLEET_NONE UINT32_MAX
#define TUI_FLEET_STATES (AUR_HOST_NO_AGENT + 1)

struct tui_fleet_row {
	uint32_t host;	/* TUI_FLEET_NONE: the heading of a group */
	uint32_t group; /* TUI_FLEET_NONE: in none that shows */
};

struct tui_fleet_group {
	char name[64];
	bool jump;   /* the hosts behind one that is down */
	bool folded; /* by the user, or as it is at first */
	uint32_t n;  /* hosts that the filter passes */
	uint32_t state[TUI_FLEET_STATES];
	uint32_t first, last;	       /* of its hosts, while in an update */
	double sum[TUI_FLEET_COLUMNS]; /* of what adds up; means of the rest */
	uint32_t known[TUI_FLEET_COLUMNS];
	uint32_t by; /* the host that it is behind; TUI_FLEET_NONE: no host */
};

struct tui_fleet {
	struct aur_feed *feed; /* borrowed */
	size_t n;
	struct tui_record *record; /* n of them, owned */
	/* wishes; change them, then update */
	unsigned sort; /* enum tui_fleet_column */
	bool descending;
	bool sorted;		   /* by somebody */
	bool grouped;		   /* where there are groups */
	struct aur_filter *filter; /* owned; NULL: all */
	size_t room;		   /* rows of the screen */
	/* the outcome */
	struct tui_fleet_row *row; /* owned */
	size_t nrow, cap, shown;
	struct tui_fleet_group *group; /* owned */
	size_t ngroup, group_cap;
	uint32_t *own; /* group of each host, owned; TUI_FLEET_NONE: none */
	uint32_t state[TUI_FLEET_STATES]; /* hosts in each */
	size_t cursor;
	struct tui_fleet_row selected;
	bool chosen; /* somebody moved the cursor */
	bool held;   /* values as they were at tui_fleet_hold */
	struct aur_mono now;
	struct aur_feed *past;	/* it is that of the past; NULL: live */
	struct aur_wall moment; /* which, then */
};

/* All hosts of `feed`, which outlives it. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_fleet_init(struct tui_fleet *fl, struct aur_feed *feed);
void tui_fleet_release(struct tui_fleet *fl); /* zeroed is fine */

const struct aur_feed_host *tui_fleet_host(
    const struct tui_fleet *fl, size_t host);

/* Takes up a sample. 0, AUR_ENOMEM: its past is not kept. */
AUR_MUST_CHECK int tui_fleet_sample(struct tui_fleet *fl, size_t host,
    struct aur_figures *f, struct aur_span interval);

/* What is shown stays as it is, or is the newest again; the past goes on. */
void tui_fleet_hold(struct tui_fleet *fl, bool hold);

/* Makes the rows anew; `hold` keeps the order and counts only. 0, AUR_ENOMEM:
 * the rows are as they were. */
AUR_MUST_CHECK int tui_fleet_update(
    struct tui_fleet *fl, struct aur_mono now, bool hold);

/* What stands in a column; text is borrowed from the feed. */
void tui_fleet_value(const struct tui_fleet *fl, size_t host, unsigned column,
    struct aur_value *ret);
/* The track that a column is of; -1 where it has none. */
int tui_fleet_track(unsigned column);
/* Makes `v` the text, where there is one. */
void tui_fleet_set_text(struct aur_value *v, const char *text);
/* The same of a group; NULL where it makes no sense. */
void tui_fleet_group_value(
    const struct tui_fleet_group *g, unsigned column, struct aur_value *ret);

/* Moves the cursor; false when `action` is no movement. */
bool tui_fleet_move(struct tui_fleet *fl, enum tui_action action, size_t page);
void tui_fleet_go(struct tui_fleet *fl, size_t row);
/* The host at the cursor; TUI_FLEET_NONE on a heading or where none is. */
uint32_t tui_fleet_at(const struct tui_fleet *fl);

/* Folds or unfolds the group at the cursor; false where there is none. */
bool tui_fleet_fold(struct tui_fleet *fl, bool folded);
/* Folds all groups, or unfolds them where some are folded. */
void tui_fleet_fold_all(struct tui_fleet *fl);

/* Sorts by another column, in its own order; by the same, turned round. */
void tui_fleet_sort(struct tui_fleet *fl, unsigned column);

/* Whether a host's name, address or groups have `text`. */
bool tui_fleet_matches(
    const struct tui_fleet *fl, size_t host, struct aur_slice text);
/* Goes to the next row, `from` included, that has it; backward when `back`.
 * False if none. */
bool tui_fleet_search(
    struct tui_fleet *fl, struct aur_slice text, size_t from, bool back);

/* Filter callback: fields are columns. */
int tui_fleet_find(void *ctx, struct aur_slice name);

/* A state as people say it: "login refused". */
const char *tui_fleet_word(enum aur_host_state state);

/* How bad a state is, 0 the best. */
unsigned tui_fleet_badness(enum aur_host_state state);

#endif
