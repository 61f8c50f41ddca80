/* SPDX-License-Identifier: MIT */
/*
 * METRICs of hosts over a span: which there are, their points, and what holds
 * of a whole one. A metric with a glob, or without an instance, is one series
 * for each row that there was.
 *
 *	status = series_words(&metrics, o);     METRICs off the line
 *	status = hosts_choose(&hosts, o);       the rest are hosts
 *	status = past_open(&past, &hosts);
 *	status = series_find(&list, &past, &metrics, from, to);
 *	for each of list.s:
 *		status = series_points(&list, i, n);
 *	series_release(&list);
 */
#ifndef CLI_SERIES_H
#define CLI_SERIES_H

#include "cli/history.h"
#include "json/kept.h"

#define SERIES_METRICS 256u
/* Series of one line: what a person may still look at, and a guard. */
#define SERIES_MOST 100000u

struct metrics {
	struct aur_metric metric[SERIES_METRICS];
	size_t n;
};

/* Takes the METRICs off the operands, which keep the rest. CLI_OK; CLI_USAGE
 * after naming the nearest, and for figures that are no numbers over time. */
AUR_MUST_CHECK int series_words(struct metrics *m, struct opts *o);

/* Whether a word names a host, of the team or by its form. */
bool series_is_host(const struct opts *o, const char *word);

struct series {
	size_t pick;		  /* of the past */
	const char *host;	  /* its name */
	struct aur_metric metric; /* of one row */
	char *path;		  /* "disks[vda].busy_percent" */
	enum aur_unit unit;
	struct aur_point *point; /* NULL until it is asked for */
	size_t n;
	struct aur_json_summary summary;
	struct aur_span unknown; /* how long nothing is known of */
};

struct series_list {
	struct past *past; /* borrowed */
	struct aur_wall from, to;
	struct series *s;
	size_t n, cap;
};

/* All series of the metrics, host by host within a metric; with none, of all
 * figures that are numbers. CLI_OK, also where there are none; CLI_USAGE
 * (more than SERIES_MOST), CLI_FAILED. */
AUR_MUST_CHECK int series_find(struct series_list *list, struct past *past,
    const struct metrics *m, struct aur_wall from, struct aur_wall to);
void series_release(struct series_list *list); /* zeroed is fine */

/* Reads `n` points of series `i` over the span, and its summary, whose
 * moments are those of single values where they are kept. CLI_OK, CLI_FAILED.
 */
AUR_MUST_CHECK int series_points(struct series_list *list, size_t i, size_t n);

/* Closes gaps that come of asking for more points than there are samples: not
 * longer than two steps of what is usual between those that are known. */
void series_bridge(struct series *s);

/* The time of a point's begin. */
struct aur_wall series_time(const struct series_list *list, size_t n, size_t i);

/* Says of which hosts there is no series. CLI_OK or CLI_UNSAMPLED. */
AUR_MUST_CHECK int series_tell_lacking(
    const struct series_list *list, const struct aur_when_base *when);

/* The span that a point is of. */
struct aur_span series_step(const struct series_list *list, size_t n);

#endif
