/* SPDX-License-Identifier: MIT */
/*
 * The fields that --where, --sort and --check speak of, and the nearest one
 * where a name is misspelt.
 */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H

#include "base/compiler.h"
#include "model/filter.h"
#include "model/metric.h"

/* Field numbers of processes are figures; the host's name stands behind. */
#define FIELD_HOST AUR_FIG_COUNT

/* A process's field by column name, title or figure; -1. `ctx` is a bool that
 * is set when that is the open files, or NULL. */
int field_process(void *ctx, struct aur_slice name);

/* Parses a filter over processes for option `option`; `files` (may be NULL) is
 * set when it speaks of open files, which are counted for who asks only.
 * CLI_OK or CLI_USAGE. */
AUR_MUST_CHECK int field_parse_files(const char *option, const char *text,
    bool *files, struct aur_filter **ret_filter);
AUR_MUST_CHECK int field_parse_processes(
    const char *option, const char *text, struct aur_filter **ret_filter);

/* Splits FIELD[:asc|:desc]: the field's name and the order, 0 where none is
 * given, else -1 or 1. CLI_OK or CLI_USAGE. */
AUR_MUST_CHECK int field_split_sort(
    const char *text, struct aur_slice *ret_name, int *ret_order);

/* The figure to sort processes by, and whether descending. CLI_OK or
 * CLI_USAGE. */
AUR_MUST_CHECK int field_parse_sort(
    const char *text, enum aur_figure_id *ret_id, bool *ret_descending);

/* Whether a figure is rather sorted from the top down. */
bool field_descends(enum aur_figure_id id);

/* Fields of hosts: metrics, `name` and `state`. */
#define FIELD_METRICS 32
struct field_hosts {
	struct aur_metric metric[FIELD_METRICS];
	size_t n;
};
#define FIELD_NAME FIELD_METRICS
#define FIELD_STATE (FIELD_METRICS + 1)

/* Parses a filter over hosts; the metrics it names are in `ret_fields`. CLI_OK
 * or CLI_USAGE. */
AUR_MUST_CHECK int field_parse_hosts(const char *option, const char *text,
    struct field_hosts *ret_fields, struct aur_filter **ret_filter);

/* One METRIC. CLI_OK or CLI_USAGE. */
AUR_MUST_CHECK int field_parse_metric(
    struct aur_slice text, struct aur_metric *ret_metric);

#endif
