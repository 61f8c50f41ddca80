/* SPDX-License-Identifier: MIT */
/*
 * Names in, field numbers out. The library says that a word is no field; what
 * to do instead is said here, where the names to choose from are known.
 */
#include "cli/field.h"

#include "base/err.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/opt.h"
#include "view/column.h"

int field_process(void *ctx, struct aur_slice name)
{
	bool *files = ctx;
	int column, figure;

	if (aur_slice_is(name, "host"))
		return FIELD_HOST;
	column = aur_column_find(name);
	if (column >= 0)
		figure =
		    (int)aur_column_get((enum aur_column_id)column)->figure;
	else
		figure = aur_figure_find(AUR_GROUP_PROCESSES, name);
	if (files != NULL && figure == (int)AUR_FIG_processes_open_files)
		*files = true;
	return figure;
}

/* Columns, then figures. */
static const char *process_name(size_t i, void *arg)
{
	const struct aur_group *group = aur_group_get(AUR_GROUP_PROCESSES);

	(void)arg;
	if (i < AUR_COLUMN_COUNT)
		return aur_column_get((enum aur_column_id)i)->name;
	return aur_figure_get(
	    (enum aur_figure_id)((size_t)group->first + i - AUR_COLUMN_COUNT))
	    ->name;
}

static const char *near_process(const char *word)
{
	return opt_nearest(word, process_name,
	    AUR_COLUMN_COUNT + aur_group_get(AUR_GROUP_PROCESSES)->n, NULL);
}

/* The word of `text` that begins at `at`. */
static void word_at(const char *text, size_t at, char *ret, size_t size)
{
	size_t n = strcspn(text + at, " \t=<>~!:|()");

	if (n >= size)
		n = size - 1;
	memcpy(ret, text + at, n);
	ret[n] = '\0';
}

/* Says what is wrong with a filter. */
static int complain(const char *option, const char *text, int err,
    struct aur_buf *error, size_t at, const char *near)
{
	const char *said = error->n > 0 ? aur_buf_str(error) : NULL;

	if (said == NULL)
		said = aur_err_str(err);
	if (near != NULL)
		cli_error(
		    NULL, "--%s: %s; did you mean '%s'?", option, said, near);
	else
		cli_error(NULL, "--%s: %s, at character %zu of '%s'", option,
		    said, at + 1, text);
	return CLI_USAGE;
}

int field_parse_files(const char *option, const char *text, bool *files,
    struct aur_filter **ret_filter)
{
	struct aur_buf error;
	char word[64];
	size_t at = 0;
	int rc, status = CLI_OK;

	aur_buf_init(&error, AUR_MAX_LINE);
	rc = aur_filter_parse(
	    aur_slice_str(text), field_process, files, ret_filter, &error, &at);
	if (rc < 0) {
		if (at > strlen(text))
			at = strlen(text);
		word_at(text, at, word, sizeof word);
		status = complain(option, text, rc, &error, at,
		    word[0] != '\0' &&
			    field_process(NULL, aur_slice_str(word)) < 0
			? near_process(word)
			: NULL);
	}
	aur_buf_release(&error);
	return status;
}

int field_parse_processes(
    const char *option, const char *text, struct aur_filter **ret_filter)
{
	return field_parse_files(option, text, NULL, ret_filter);
}

int field_split_sort(
    const char *text, struct aur_slice *ret_name, int *ret_order)
{
	const char *colon = strrchr(text, ':');

	*ret_order = 0;
	*ret_name = aur_slice_str(text);
	if (colon == NULL)
		return CLI_OK;
	if (strcmp(colon, ":asc") == 0)
		*ret_order = 1;
	else if (strcmp(colon, ":desc") == 0)
		*ret_order = -1;
	else {
		cli_error(
		    NULL, "--sort: '%s' is neither :asc nor :desc", colon);
		return CLI_USAGE;
	}
	ret_name->n = (size_t)(colon - text);
	return CLI_OK;
}

bool field_descends(enum aur_figure_id id)
{
	switch (id) {
	case AUR_FIG_processes_pid:
	case AUR_FIG_processes_ppid:
	case AUR_FIG_processes_uid:
	case AUR_FIG_processes_priority:
	case AUR_FIG_processes_nice:
		return false;
	default:
		break;
	}
	return aur_figure_get(id)->type == AUR_VALUE_INT ||
	       aur_figure_get(id)->type == AUR_VALUE_REAL;
}

int field_parse_sort(
    const char *text, enum aur_figure_id *ret_id, bool *ret_descending)
{
	struct aur_slice name;
	int order, id, status = field_split_sort(text, &name, &order);
	char word[64];
	const char *near;

	if (status != CLI_OK)
		return status;
	id = field_process(NULL, name);
	if (id == AUR_FIG_processes_started_at) /* a text; this is its number */
		id = AUR_FIG_processes_start_ticks;
	if (id >= 0 && id < AUR_FIG_COUNT) {
		*ret_id = (enum aur_figure_id)id;
		*ret_descending = order != 0
				      ? order < 0
				      : field_descends((enum aur_figure_id)id);
		return CLI_OK;
	}
	snprintf(word, sizeof word, "%.*s", (int)name.n, (const char *)name.p);
	near = near_process(word);
	if (near != NULL)
		cli_error(NULL, "--sort: '%s' is no field; did you mean '%s'?",
		    word, near);
	else
		cli_error(NULL,
		    "--sort: '%s' is no field: 'aurora metrics' lists them",
		    word);
	return CLI_USAGE;
}

/* --- hosts ---------------------------------------------------------------- */

static int find_host_field(void *ctx, struct aur_slice name)
{
	struct field_hosts *fields = ctx;

	if (aur_slice_is(name, "name") || aur_slice_is(name, "host"))
		return FIELD_NAME;
	if (aur_slice_is(name, "state"))
		return FIELD_STATE;
	if (fields->n == FIELD_METRICS ||
	    aur_metric_parse(name, &fields->metric[fields->n], NULL) < 0)
		return -1;
	return (int)fields->n++;
}

int field_parse_hosts(const char *option, const char *text,
    struct field_hosts *ret_fields, struct aur_filter **ret_filter)
{
	struct aur_buf error;
	struct aur_metric ignored;
	const char *near = NULL;
	char word[256];
	size_t at = 0;
	int rc, status = CLI_OK;

	ret_fields->n = 0;
	aur_buf_init(&error, AUR_MAX_LINE);
	rc = aur_filter_parse(aur_slice_str(text), find_host_field, ret_fields,
	    ret_filter, &error, &at);
	if (rc < 0) {
		if (at > strlen(text))
			at = strlen(text);
		word_at(text, at, word, sizeof word);
		if (word[0] != '\0')
			(void)!aur_metric_parse(
			    aur_slice_str(word), &ignored, &near);
		status = complain(option, text, rc, &error, at, near);
	}
	aur_buf_release(&error);
	return status;
}

int field_parse_metric(struct aur_slice text, struct aur_metric *ret_metric)
{
	const char *near = NULL;

	if (aur_metric_parse(text, ret_metric, &near) == 0)
		return CLI_OK;
	if (near != NULL)
		cli_error(NULL, "unknown metric '%.*s'; did you mean '%s'?",
		    (int)text.n, (const char *)text.p, near);
	else
		cli_error(NULL,
		    "unknown metric '%.*s': 'aurora metrics' lists them",
		    (int)text.n, (const char *)text.p);
	return CLI_USAGE;
}
