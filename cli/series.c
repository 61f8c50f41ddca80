/* SPDX-License-Identifier: MIT */
/*
 * A line mixes hosts and METRICs. A word that is a METRIC is one; a word whose
 * part before the first dot or bracket is a group, or nearly one, was meant to
 * be; all others are hosts, which may have dots too.
 */
#include "cli/series.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/field.h"
#include "cli/team.h"

#include <math.h>

/* --- words ---------------------------------------------------------------- */

static bool is_number(const struct aur_figure *f)
{
	return f->type == AUR_VALUE_INT || f->type == AUR_VALUE_REAL ||
	       f->type == AUR_VALUE_BOOL;
}

/* Whether the history can have it as a line over time. */
static bool is_kept(enum aur_figure_id id)
{
	const struct aur_figure *f = aur_figure_get(id);

	return is_number(f) && f->group != AUR_GROUP_PROCESSES &&
	       f->unit != AUR_UNIT_UNIX_TIME &&
	       (f->unit != AUR_UNIT_NONE || f->type != AUR_VALUE_INT);
}

static int check_kept(const char *word, const struct aur_metric *m)
{
	if (m->group == AUR_GROUP_PROCESSES) {
		cli_error(NULL,
		    "'%s': processes are kept as tables, not as lines: 'aurora "
		    "ps --at TIME' shows one",
		    word);
		return CLI_USAGE;
	}
	if (!is_kept(m->figure)) {
		cli_error(NULL,
		    "'%s' is no quantity: 'aurora metrics' lists those that "
		    "are",
		    word);
		return CLI_USAGE;
	}
	return CLI_OK;
}

/* The name before the first dot or bracket. */
static bool head_of(const char *word, char *out, size_t size)
{
	size_t n = strcspn(word, ".[");

	if (word[n] == '\0' || n >= size)
		return false;
	memcpy(out, word, n);
	out[n] = '\0';
	return true;
}

static bool is_team_host(const struct opts *o, const char *word)
{
	struct aur_team *t;
	size_t i;
	bool found;

	team_peek(&t, o);
	found = t != NULL && aur_team_find(t, aur_slice_str(word), &i);
	aur_team_free(t);
	return found;
}

bool series_is_host(const struct opts *o, const char *word)
{
	return strcmp(word, "local") == 0 || strcmp(word, "all") == 0 ||
	       strchr(word, '@') != NULL || is_team_host(o, word);
}

/* Whether the word was meant to be a METRIC, though it is none. */
static bool looks_like_metric(const char *word)
{
	char head[64];
	size_t best = SIZE_MAX;

	if (strchr(word, '@') != NULL || !head_of(word, head, sizeof head))
		return false;
	for (int i = 0; i < AUR_GROUP_COUNT; i++)
		if (aur_text_is_nearer(
			head, aur_group_get((enum aur_group_id)i)->name, &best))
			return true;
	return false;
}

static int say_group(const char *word, enum aur_group_id group)
{
	const struct aur_group *g = aur_group_get(group);
	const struct aur_figure *best = NULL;

	for (size_t i = 0; i < g->n; i++) {
		enum aur_figure_id id =
		    (enum aur_figure_id)((size_t)g->first + i);
		const struct aur_figure *f = aur_figure_get(id);

		/* how much of it is in use tells more than how much it is */
		if (is_kept(id) &&
		    (best == NULL || (best->unit != AUR_UNIT_PERCENT &&
					 f->unit == AUR_UNIT_PERCENT)))
			best = f;
	}
	if (best != NULL)
		cli_error(NULL,
		    "'%s' is a group of figures: name one, as in %s.%s", word,
		    word, best->name);
	else
		cli_error(NULL, "of '%s' no figure is kept as a line", word);
	return CLI_USAGE;
}

static int take_word(
    struct metrics *m, const struct opts *o, const char *word, bool *ret_host)
{
	struct aur_metric metric;
	int group, status;

	*ret_host = false;
	if (is_team_host(o, word)) {
		*ret_host = true;
		return CLI_OK;
	}
	if (aur_metric_parse(aur_slice_str(word), &metric, NULL) == 0) {
		status = check_kept(word, &metric);
		if (status == CLI_OK && m->n == SERIES_METRICS) {
			cli_error(NULL, "more than %u METRICs", SERIES_METRICS);
			status = CLI_USAGE;
		}
		if (status == CLI_OK)
			m->metric[m->n++] = metric;
		return status;
	}
	if (looks_like_metric(word))
		return field_parse_metric(aur_slice_str(word), &metric);
	group = aur_group_find(aur_slice_str(word));
	if (group >= 0)
		return say_group(word, (enum aur_group_id)group);
	*ret_host = true;
	return CLI_OK;
}

int series_words(struct metrics *m, struct opts *o)
{
	int n = 0, status = CLI_OK;

	m->n = 0;
	for (int i = 0; i < o->noperand && status == CLI_OK; i++) {
		char *word = o->operand[i];
		bool host;

		status = take_word(m, o, word, &host);
		if (status == CLI_OK && host)
			o->operand[n++] = word;
	}
	o->noperand = n;
	return status;
}

/* --- finding -------------------------------------------------------------- */

struct finder {
	struct series_list *list;
	const struct aur_metric *metric;
	size_t pick;
	int rc;
};

static int add_path(
    struct aur_buf *b, const struct aur_metric *m, struct aur_slice row)
{
	const struct aur_group *group = aur_group_get(m->group);
	int rc = aur_buf_add_str(b, group->name);

	if (rc == 0 && group->many) {
		rc = aur_buf_add_byte(b, '[');
		if (rc == 0)
			rc = aur_text_add_safe(b, row);
		if (rc == 0)
			rc = aur_buf_add_byte(b, ']');
	}
	return rc < 0 ? rc
		      : aur_buf_addf(b, ".%s", aur_figure_get(m->figure)->name);
}

static int set_path(struct series *s, struct aur_slice row)
{
	struct aur_buf b;
	struct aur_slice text;
	int rc;

	aur_buf_init(&b, AUR_MAX_LINE);
	rc = add_path(&b, &s->metric, row);
	text = aur_buf_peek(&b);
	if (rc == 0)
		s->path = aur_mem_dup(text.p, text.n);
	aur_buf_release(&b);
	return rc < 0 ? rc : s->path == NULL ? AUR_ENOMEM : 0;
}

static int add_series(struct finder *f, struct aur_slice row)
{
	struct series_list *list = f->list;
	struct series *s = list->s;

	if (list->n == SERIES_MOST)
		return AUR_ELIMIT;
	if (row.n >= sizeof(f->metric->instance))
		return 0; /* no METRIC can name it */
	if (list->n == list->cap) {
		size_t cap = list->cap > 0 ? 2 * list->cap : 16;

		s = aur_mem_grow(s, cap, sizeof *s);
		if (s == NULL)
			return AUR_ENOMEM;
		list->s = s;
		list->cap = cap;
	}
	s = &list->s[list->n];
	*s = (struct series){.pick = f->pick,
	    .host = list->past->hosts->select.pick[f->pick].name,
	    .metric = *f->metric,
	    .unit = aur_figure_get(f->metric->figure)->unit};
	if (row.n > 0)
		memcpy(s->metric.instance, row.p, row.n);
	s->metric.instance[row.n] = '\0';
	list->n++;
	return set_path(s, row);
}

static void on_row(void *arg, struct aur_slice row)
{
	struct finder *f = arg;

	if (f->rc == 0)
		f->rc = add_series(f, row);
}

static int find_metric(struct series_list *list, const struct aur_metric *m)
{
	struct past *p = list->past;
	struct finder f = {.list = list, .metric = m};
	int rc = 0;

	for (; f.pick < p->n && rc == 0; f.pick++) {
		if (p->host[f.pick] == SIZE_MAX)
			continue;
		rc = aur_history_rows(p->history, p->host[f.pick], m,
		    list->from, list->to, on_row, &f);
		if (rc == 0)
			rc = f.rc;
	}
	return rc;
}

static int find_all(struct series_list *list)
{
	int rc = 0;

	for (int i = 0; i < AUR_FIG_COUNT && rc == 0; i++) {
		struct aur_metric m = {.figure = (enum aur_figure_id)i,
		    .group = aur_figure_get((enum aur_figure_id)i)->group};

		if (is_kept(m.figure))
			rc = find_metric(list, &m);
	}
	return rc;
}

int series_find(struct series_list *list, struct past *past,
    const struct metrics *m, struct aur_wall from, struct aur_wall to)
{
	int rc = 0;

	*list = (struct series_list){.past = past, .from = from, .to = to};
	if (m->n == 0)
		rc = find_all(list);
	for (size_t i = 0; i < m->n && rc == 0; i++)
		rc = find_metric(list, &m->metric[i]);
	if (rc == AUR_ELIMIT) {
		cli_error(NULL, "that means more than %u series: name fewer",
		    SERIES_MOST);
		return CLI_USAGE;
	}
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

void series_release(struct series_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		aur_mem_free(list->s[i].path);
		aur_mem_free(list->s[i].point);
	}
	aur_mem_free(list->s);
	*list = (struct series_list){.s = NULL};
}

/* --- points --------------------------------------------------------------- */

struct aur_span series_step(const struct series_list *list, size_t n)
{
	return (struct aur_span){
	    (list->to.ns - list->from.ns) / (int64_t)(n > 0 ? n : 1)};
}

struct aur_wall series_time(const struct series_list *list, size_t n, size_t i)
{
	double part = (double)i / (double)(n > 0 ? n : 1);

	return (struct aur_wall){
	    list->from.ns +
	    (int64_t)(part * (double)(list->to.ns - list->from.ns))};
}

struct seek {
	bool highest, any;
	double best;
	struct aur_wall at;
};

static int on_value(void *arg, struct aur_wall at, double v)
{
	struct seek *s = arg;

	if (isnan(v) || (s->any && (s->highest ? v <= s->best : v >= s->best)))
		return 0;
	s->any = true;
	s->best = v;
	s->at = at;
	return 0;
}

/* The value that made point `i` what it is, and its moment; those of the point
 * where single values are no longer kept. */
static int refine(struct series_list *list, const struct series *s, size_t i,
    bool highest, double *v, struct aur_wall *ret)
{
	struct seek seek = {.highest = highest};
	struct aur_wall from = series_time(list, s->n, i);
	struct past *p = list->past;
	int rc = aur_history_values(p->history, p->host[s->pick], &s->metric,
	    from, series_time(list, s->n, i + 1), on_value, &seek);

	if (rc < 0)
		return rc;
	*ret = seek.any ? seek.at : from;
	if (seek.any)
		*v = seek.best;
	return 0;
}

static int summarize(struct series_list *list, struct series *s)
{
	struct aur_json_summary *sum = &s->summary;
	size_t low = SIZE_MAX, high = SIZE_MAX, unknown = 0;
	double all = 0, n = 0;
	int rc = 0;

	*sum = (struct aur_json_summary){.min = NAN, .mean = NAN, .max = NAN};
	for (size_t i = 0; i < s->n; i++) {
		const struct aur_point *p = &s->point[i];

		if (p->n == 0) {
			unknown++;
			continue;
		}
		if (low == SIZE_MAX || p->min < s->point[low].min)
			low = i;
		if (high == SIZE_MAX || p->max > s->point[high].max)
			high = i;
		all += (double)p->mean * p->n;
		n += p->n;
	}
	s->unknown.ns = (int64_t)unknown * series_step(list, s->n).ns;
	if (low == SIZE_MAX)
		return 0;
	sum->min = (double)s->point[low].min;
	sum->max = (double)s->point[high].max;
	sum->mean = all / n;
	rc = refine(list, s, low, false, &sum->min, &sum->min_at);
	return rc < 0 ? rc
		      : refine(list, s, high, true, &sum->max, &sum->max_at);
}

int series_points(struct series_list *list, size_t i, size_t n)
{
	struct series *s = &list->s[i];
	struct past *p = list->past;
	int rc;

	aur_mem_free(s->point);
	s->n = n;
	s->point = aur_mem_new(n + 1, sizeof *s->point);
	if (s->point == NULL)
		return cli_fail(AUR_ENOMEM);
	rc = aur_history_points(p->history, p->host[s->pick], &s->metric,
	    list->from, list->to, s->point, n);
	if (rc == 0)
		rc = summarize(list, s);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

/* The distance of neighbours that is usual: the middle of all. */
static size_t usual_distance(const struct series *s)
{
	size_t count[32] = {0}, all = 0, seen = 0, last = SIZE_MAX;

	for (size_t i = 0; i < s->n; i++) {
		if (s->point[i].n == 0)
			continue;
		if (last != SIZE_MAX && i - last < AUR_ARRAY_LEN(count)) {
			count[i - last]++;
			all++;
		}
		last = i;
	}
	for (size_t d = 1; d < AUR_ARRAY_LEN(count); d++) {
		seen += count[d];
		if (all > 0 && seen * 2 >= all)
			return d;
	}
	return 1;
}

void series_bridge(struct series *s)
{
	size_t usual = usual_distance(s), last = SIZE_MAX;

	for (size_t i = 0; usual > 1 && i < s->n; i++) {
		if (s->point[i].n == 0)
			continue;
		if (last != SIZE_MAX && i - last <= 2 * usual)
			for (size_t k = last + 1; k < i; k++)
				s->point[k] = s->point[last];
		last = i;
	}
}

int series_tell_lacking(
    const struct series_list *list, const struct aur_when_base *when)
{
	int status = CLI_OK;

	for (size_t i = 0; i < list->past->n; i++) {
		bool found = false;

		for (size_t k = 0; k < list->n && !found; k++)
			found = list->s[k].pick == i;
		if (found)
			continue;
		past_tell_lacking(list->past, i, when, list->from, list->to);
		status = CLI_UNSAMPLED;
	}
	return status;
}
