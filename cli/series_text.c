/* SPDX-License-Identifier: MIT */
/*
 * The series of one metric share a graph while shapes can tell them apart;
 * more are a row each. What a graph says is said once more in words, with the
 * moments: a graph shows that there was a spike, words say when.
 */
#include "cli/series_text.h"

#include "base/err.h"
#include "base/human.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/when.h"
#include "view/chart.h"
#include "view/format.h"

#include <math.h>

#define WIDTH 80 /* where there is no terminal */
#define HEIGHT 10
#define HEIGHT_ALONE 16
#define SPARK 24

static struct aur_chart_how how_of(const struct cli *c, size_t height)
{
	return (struct aur_chart_how){
	    .width = c->width > 0 ? c->width : WIDTH,
	    .height = height,
	    .glyphs = c->utf8 ? AUR_GLYPHS_BRAILLE : AUR_GLYPHS_ASCII,
	    .color = c->color,
	    .utc = c->utc,
	    .no_legend = true, /* the words have the marks */
	};
}

size_t series_text_points(const struct cli *c)
{
	struct aur_chart_how how = how_of(c, HEIGHT);

	return aur_chart_points(&how);
}

/* --- words ---------------------------------------------------------------- */

static int add_number(struct aur_buf *b, const struct series *s, double v)
{
	struct aur_value value = {.type = AUR_VALUE_NULL};

	if (isnan(v))
		return aur_format_value(b, s->unit, &value);
	value.type = AUR_VALUE_REAL;
	value.d = v;
	return aur_format_value(b, s->unit, &value);
}

static int add_extreme(struct aur_buf *b, const struct series *s,
    const char *word, double v, struct aur_wall at,
    const struct aur_when_base *when)
{
	int rc = aur_buf_addf(b, "%s ", word);

	if (rc == 0)
		rc = add_number(b, s, v);
	if (rc == 0)
		rc = aur_buf_add_str(b, " at ");
	return rc < 0 ? rc : when_add(b, at, when);
}

/* "min 1.2 at 14:03:10, mean 12.3, max 98.0 at 14:12:31" */
static int add_words(
    struct aur_buf *b, const struct series *s, const struct aur_when_base *when)
{
	const struct aur_json_summary *sum = &s->summary;
	char span[AUR_HUMAN_MAX];
	int rc;

	if (isnan(sum->mean))
		return aur_buf_add_str(b, "nothing was recorded");
	rc = add_extreme(b, s, "min", sum->min, sum->min_at, when);
	if (rc == 0)
		rc = aur_buf_add_str(b, ", mean ");
	if (rc == 0)
		rc = add_number(b, s, sum->mean);
	if (rc == 0)
		rc = add_extreme(b, s, ", max", sum->max, sum->max_at, when);
	if (rc < 0 || s->unknown.ns < AUR_SECOND_NS)
		return rc;
	aur_human_span(s->unknown, span);
	return aur_buf_addf(b, "; nothing is known of %s", span);
}

/* What tells the series of one metric apart. */
static const char *label_of(
    const struct series *s, bool hosts, bool rows, struct aur_buf *b)
{
	bool named = rows && s->metric.instance[0] != '\0';

	aur_buf_clear(b);
	if ((hosts || !named) && aur_buf_add_str(b, s->host) < 0)
		return s->host;
	if (named && aur_buf_addf(b, "%s%s", b->n > 0 ? " " : "",
			 s->metric.instance) < 0)
		return s->host;
	return aur_buf_str(b) != NULL ? aur_buf_str(b) : s->host;
}

static bool differ(const struct series *s, size_t n, bool by_host)
{
	for (size_t i = 1; i < n; i++)
		if (by_host ? s[i].pick != s[0].pick
			    : strcmp(s[i].metric.instance,
				  s[0].metric.instance) != 0)
			return true;
	return false;
}

/* --- one metric ----------------------------------------------------------- */

struct block {
	struct cli *cli;
	const struct series_list *list;
	const struct aur_when_base *when;
	const struct series *s; /* n of one figure */
	size_t n;
	const char *label[AUR_CHART_LINES];
	struct aur_buf text[AUR_CHART_LINES];
};

static int add_heading(struct block *k)
{
	const struct aur_metric *m = &k->s->metric;
	const struct aur_figure *f = aur_figure_get(m->figure);
	struct aur_buf *out = &k->cli->out;
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, AUR_MAX_LINE);
	if (k->n == 1)
		rc = aur_buf_addf(&b, "%s %s", k->s->host, k->s->path);
	else
		rc = aur_buf_addf(
		    &b, "%s.%s", aur_group_get(m->group)->name, f->name);
	if (rc == 0)
		rc = aur_table_styled(
		    out, aur_buf_peek(&b), AUR_TABLE_BOLD, k->cli->color);
	if (rc == 0)
		rc = aur_buf_addf(
		    out, "  %s  %s\n", aur_unit_name(f->unit), f->help);
	aur_buf_release(&b);
	return rc;
}

static int add_chart(struct block *k, size_t height)
{
	struct aur_chart_line line[AUR_CHART_LINES];
	struct aur_chart_how how = how_of(k->cli, height);
	struct aur_chart chart = {.line = line,
	    .nline = k->n,
	    .npoint = k->s->n,
	    .from = k->list->from,
	    .to = k->list->to,
	    .unit = k->s->unit};
	struct aur_buf *out = &k->cli->out;
	int rc;

	for (size_t i = 0; i < k->n; i++)
		line[i] = (struct aur_chart_line){k->label[i], k->s[i].point};
	rc = aur_chart_add(out, &chart, &how);
	for (size_t i = 0; i < k->n && rc == 0; i++) {
		rc = k->n > 1 ? aur_chart_mark(out, i, &how) : 0;
		if (rc == 0 && k->n > 1)
			rc = aur_buf_add_byte(out, ' ');
		if (rc == 0 && k->n > 1)
			rc = aur_text_add_safe(out, aur_slice_str(k->label[i]));
		if (rc == 0 && k->n > 1)
			rc = aur_buf_add_str(out, "  ");
		if (rc == 0)
			rc = add_words(out, &k->s[i], k->when);
		if (rc == 0)
			rc = aur_buf_add_byte(out, '\n');
	}
	return rc;
}

static int graph(struct block *k, size_t height)
{
	bool hosts = differ(k->s, k->n, true), rows = differ(k->s, k->n, false);
	int rc;

	for (size_t i = 0; i < k->n; i++) {
		aur_buf_init(&k->text[i], AUR_MAX_LINE);
		k->label[i] = label_of(&k->s[i], hosts, rows, &k->text[i]);
	}
	rc = add_chart(k, height);
	for (size_t i = 0; i < k->n; i++)
		aur_buf_release(&k->text[i]);
	return rc;
}

/* --- many ----------------------------------------------------------------- */

static const struct aur_table_column row_columns[] = {
    {.title = "HOST", .most = 24},
    {.title = "ROW", .optional = true, .most = 40},
    {.title = "OVER TIME", .weight = 1},
    {.title = "MIN", .right = true},
    {.title = "MEAN", .right = true},
    {.title = "MAX", .right = true},
    {.title = "MAX AT", .weight = 2},
};

static double highest(const struct block *k)
{
	double most = 0;

	for (size_t i = 0; i < k->n; i++)
		most = fmax(most, k->s[i].summary.max);
	return aur_chart_top(k->s->unit, most);
}

/* As many points as the row has. */
static int add_spark(const struct block *k, const struct series *s, double top,
    struct aur_buf *b)
{
	struct aur_point few[2 * SPARK] = {{0}};
	bool utf8 = k->cli->utf8;
	size_t n = utf8 ? 2 * SPARK : SPARK;

	for (size_t i = 0; i < s->n; i++) {
		struct aur_point *to = &few[i * n / s->n];
		const struct aur_point *p = &s->point[i];

		if (p->n > 0 && (to->n == 0 || p->mean > to->mean))
			*to = *p;
	}
	return aur_chart_row(b, few, n, SPARK, top,
	    utf8 ? AUR_GLYPHS_BRAILLE : AUR_GLYPHS_ASCII);
}

static int add_cell(struct aur_table *t, struct aur_buf *b, int rc)
{
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(b), AUR_TABLE_PLAIN);
	aur_buf_clear(b);
	return rc;
}

static int add_row(const struct block *k, const struct series *s, double top,
    struct aur_table *t, struct aur_buf *b)
{
	const struct aur_json_summary *sum = &s->summary;
	int rc = aur_table_add(t, aur_slice_str(s->host), AUR_TABLE_BOLD);

	if (rc == 0)
		rc = aur_table_add(
		    t, aur_slice_str(s->metric.instance), AUR_TABLE_PLAIN);
	if (rc == 0)
		rc = add_cell(t, b, add_spark(k, s, top, b));
	if (rc == 0)
		rc = add_cell(t, b, add_number(b, s, sum->min));
	if (rc == 0)
		rc = add_cell(t, b, add_number(b, s, sum->mean));
	if (rc == 0)
		rc = add_cell(t, b, add_number(b, s, sum->max));
	if (rc < 0)
		return rc;
	return add_cell(t, b,
	    isnan(sum->max) ? aur_buf_add_str(b, "-")
			    : when_add(b, sum->max_at, k->when));
}

static int rows(struct block *k)
{
	struct aur_table_how how = bar_how(k->cli, false);
	double top = highest(k);
	struct aur_table t;
	struct aur_buf b;
	int rc = 0;

	aur_table_init(&t, row_columns, AUR_ARRAY_LEN(row_columns));
	aur_buf_init(&b, AUR_MAX_LINE);
	for (size_t i = 0; i < k->n && rc == 0; i++)
		rc = add_row(k, &k->s[i], top, &t, &b);
	if (rc == 0)
		rc = aur_table_write(&t, &k->cli->out, &how);
	aur_buf_release(&b);
	aur_table_release(&t);
	return rc;
}

/* --- all ------------------------------------------------------------------ */

static int add_span(struct block *k)
{
	struct aur_buf *out = &k->cli->out;
	char step[AUR_HUMAN_MAX];
	int rc = when_add(out, k->list->from, k->when);

	if (rc == 0)
		rc = aur_buf_add_str(out, " to ");
	if (rc == 0)
		rc = when_add(out, k->list->to, k->when);
	aur_human_span(aur_wall_since(k->list->to, k->list->from), step);
	return rc < 0 ? rc : aur_buf_addf(out, ", %s\n", step);
}

static size_t same_figure(const struct series_list *list, size_t from)
{
	size_t n = 1;

	while (from + n < list->n &&
	       list->s[from + n].metric.figure == list->s[from].metric.figure)
		n++;
	return n;
}

int series_text(
    struct cli *c, struct series_list *list, const struct aur_when_base *when)
{
	struct block k = {.cli = c, .list = list, .when = when};
	size_t height = HEIGHT;
	int rc = 0;

	if (list->n > 0 && same_figure(list, 0) == list->n)
		height = HEIGHT_ALONE;
	if (c->height > 0 && height + 8 > c->height)
		height = c->height > 16 ? c->height - 8 : 8;
	if (list->n > 0)
		rc = add_span(&k);
	for (size_t i = 0; i < list->n && rc == 0; i += k.n) {
		k.s = &list->s[i];
		k.n = same_figure(list, i);
		rc = aur_buf_add_byte(&c->out, '\n');
		if (rc == 0)
			rc = add_heading(&k);
		if (rc == 0)
			rc = k.n <= AUR_CHART_LINES ? graph(&k, height)
						    : rows(&k);
	}
	return rc;
}

/* --- CSV ------------------------------------------------------------------ */

int series_csv_head(struct aur_buf *b)
{
	return aur_buf_add_str(b, "time,host,metric,unit,min,mean,max\n");
}

/* RFC 4180: a field with a comma, a quote or a line's end is quoted. */
static int add_text(struct aur_buf *b, const char *text)
{
	int rc;

	if (text[strcspn(text, ",\"\r\n")] == '\0')
		return aur_buf_add_str(b, text);
	rc = aur_buf_add_byte(b, '"');
	for (; *text != '\0' && rc == 0; text++) {
		if (*text == '"')
			rc = aur_buf_add_byte(b, '"');
		if (rc == 0)
			rc = aur_buf_add_byte(b, (uint8_t)*text);
	}
	return rc < 0 ? rc : aur_buf_add_byte(b, '"');
}

/* To three decimals, as JSON has them. */
static int add_value(struct aur_buf *b, double v)
{
	int rc = aur_buf_add_byte(b, ',');

	return rc < 0 || !isfinite(v)
		   ? rc
		   : aur_buf_addf(b, "%.15g", round(v * 1000) / 1000);
}

static int add_line(struct aur_buf *b, const struct series *s,
    struct aur_wall at, double min, double mean, double max)
{
	int rc = aur_wall_format(at, b);

	if (rc == 0)
		rc = aur_buf_add_byte(b, ',');
	if (rc == 0)
		rc = add_text(b, s->host);
	if (rc == 0)
		rc = aur_buf_add_byte(b, ',');
	if (rc == 0)
		rc = add_text(b, s->path);
	if (rc == 0)
		rc = aur_buf_addf(b, ",%s", aur_unit_name(s->unit));
	if (rc == 0)
		rc = add_value(b, min);
	if (rc == 0)
		rc = add_value(b, mean);
	if (rc == 0)
		rc = add_value(b, max);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

int series_csv_point(struct aur_buf *b, const struct series_list *list,
    const struct series *s, size_t i)
{
	const struct aur_point *p = &s->point[i];
	bool known = p->n > 0;

	return add_line(b, s, series_time(list, s->n, i),
	    known ? (double)p->min : NAN, known ? (double)p->mean : NAN,
	    known ? (double)p->max : NAN);
}

int series_csv_value(
    struct aur_buf *b, const struct series *s, struct aur_wall at, double value)
{
	return add_line(b, s, at, value, value, value);
}
