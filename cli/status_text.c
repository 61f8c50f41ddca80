/* SPDX-License-Identifier: MIT */
/*
 * A host is one line: state, load and what is about to run out, most telling
 * first. Bars only where a person looks, that is on a terminal; a script that
 * reads the table gets the same columns without them. A single host has room
 * for what makes the line so: its fullest filesystems, its busiest processes.
 */
#include "cli/status.h"

#include "base/human.h"
#include "base/limits.h"
#include "base/text.h"
#include "view/format.h"

#define BAR 6
#define BAR_FROM 100 /* columns: below, a figure more says more than a bar */
#define FULLEST 5
#define BUSIEST 5

static const struct aur_table_column columns[] = {
    {.title = "HOST", .most = 24},
    {.title = "STATE"},
    {.title = "UP", .right = true, .weight = 8},
    {.title = "CPU%", .right = true},
    {.title = "LOAD", .right = true, .weight = 9},
    {.title = "MEM%", .right = true},
    {.title = "MEM", .right = true, .weight = 4},
    {.title = "SWAP%", .right = true, .weight = 8, .optional = true},
    {.title = "DISK%", .right = true, .weight = 10},
    {.title = "READ/s", .right = true, .weight = 3},
    {.title = "WRITE/s", .right = true, .weight = 3},
    {.title = "RX/s", .right = true, .weight = 7},
    {.title = "TX/s", .right = true, .weight = 7},
    {.title = "PSI%", .right = true, .weight = 3, .optional = true},
    {.title = "PROCS", .right = true, .weight = 6},
    {.title = "AGENT", .right = true, .weight = 2},
    {.title = "AGE", .right = true, .weight = 5},
};

static struct aur_value figure(struct shot *s, enum aur_figure_id id, size_t i)
{
	struct aur_value v = {.type = AUR_VALUE_NULL};

	if (i < aur_figures_rows(&s->figures, aur_figure_get(id)->group))
		aur_figures_get(&s->figures, id, i, &v);
	return v;
}

/* A percentage, with its bar where there is room from `from` columns on. */
static int percent_cell(const struct cli *c, struct aur_table *t, size_t from,
    const struct aur_value *v, double warn, double bad)
{
	char number[AUR_HUMAN_MAX] = "-";
	struct aur_buf b;
	double n;
	int rc = 0;

	if (aur_value_number(v, &n))
		aur_human_percent(n, number);
	aur_buf_init(&b, 256);
	if (c->width > 0 && c->width >= from)
		rc = bar_add(&b, v, BAR, c->utf8);
	if (rc == 0)
		rc = aur_buf_addf(&b, "%*s", b.n > 0 ? 5 : 0, number);
	if (rc == 0)
		rc =
		    aur_table_add(t, aur_buf_peek(&b), bar_style(v, warn, bad));
	aur_buf_release(&b);
	return rc;
}

static int memory_cell(struct aur_table *t, struct shot *s)
{
	struct aur_value used = figure(s, AUR_FIG_memory_used_bytes, 0);
	struct aur_value total = figure(s, AUR_FIG_memory_total_bytes, 0);
	char a[AUR_HUMAN_MAX], b[AUR_HUMAN_MAX];
	double u, n;

	if (!aur_value_number(&used, &u) || !aur_value_number(&total, &n))
		return bar_cellf(t, AUR_TABLE_DIM, "-");
	aur_human_bytes(u, a);
	aur_human_bytes(n, b);
	return bar_cellf(t, AUR_TABLE_PLAIN, "%s/%s", a, b);
}

/* The fullest filesystem's share. */
static struct aur_value fullest(struct shot *s)
{
	size_t n = aur_figures_rows(&s->figures, AUR_GROUP_FILESYSTEMS);
	struct aur_value best = {.type = AUR_VALUE_NULL};

	for (size_t i = 0; i < n; i++) {
		struct aur_value v =
		    figure(s, AUR_FIG_filesystems_used_percent, i);

		if (aur_value_cmp(&v, &best) > 0)
			best = v;
	}
	return best;
}

/* The resource most waited for. */
static struct aur_value pressure(struct shot *s)
{
	static const enum aur_figure_id some[] = {
	    AUR_FIG_pressure_cpu_some_percent,
	    AUR_FIG_pressure_memory_some_percent,
	    AUR_FIG_pressure_io_some_percent};
	struct aur_value best = {.type = AUR_VALUE_NULL};

	for (size_t i = 0; i < AUR_ARRAY_LEN(some); i++) {
		struct aur_value v = figure(s, some[i], 0);

		if (aur_value_cmp(&v, &best) > 0)
			best = v;
	}
	return best;
}

static int agent_cell(struct aur_table *t, struct shot *s)
{
	struct aur_value cpu = figure(s, AUR_FIG_agent_cpu_percent, 0);
	struct aur_value rss = figure(s, AUR_FIG_agent_rss_bytes, 0);
	char a[AUR_HUMAN_MAX] = "-", b[AUR_HUMAN_MAX] = "-";
	double n;

	if (aur_value_number(&cpu, &n))
		aur_human_percent(n, a);
	else if (rss.type == AUR_VALUE_NULL)
		return bar_cellf(t, AUR_TABLE_DIM, "-");
	if (aur_value_number(&rss, &n))
		aur_human_bytes(n, b);
	return bar_cellf(t, AUR_TABLE_DIM, "%s%% %s", a, b);
}

static int age_cell(struct aur_table *t, const struct shot *s)
{
	char text[AUR_HUMAN_MAX] = "-";

	if (s->age.ns >= 0)
		aur_human_span(s->age, text);
	return bar_cellf(
	    t, s->sampled ? AUR_TABLE_DIM : AUR_TABLE_WARN, "%s", text);
}

static int host_row(const struct cli *c, struct aur_table *t, struct shot *s)
{
	struct aur_value cpu = figure(s, AUR_FIG_cpu_busy_percent, 0);
	struct aur_value mem = figure(s, AUR_FIG_memory_used_percent, 0);
	struct aur_value swap = figure(s, AUR_FIG_swap_used_percent, 0);
	struct aur_value disk = fullest(s), psi = pressure(s);
	enum aur_table_style state =
	    s->sampled ? AUR_TABLE_GOOD : AUR_TABLE_BAD;
	static const struct {
		enum aur_figure_id id;
	} rates[] = {{AUR_FIG_disk_totals_read_bytes_per_second},
	    {AUR_FIG_disk_totals_write_bytes_per_second},
	    {AUR_FIG_network_totals_receive_bytes_per_second},
	    {AUR_FIG_network_totals_transmit_bytes_per_second}};
	int rc;

	rc = bar_cellf(t, AUR_TABLE_BOLD, "%s", s->host->name);
	if (rc == 0)
		rc = bar_cellf(
		    t, state, "%s", aur_host_state_name(s->host->state));
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_system_uptime_seconds, 0, 0);
	if (rc == 0)
		rc = percent_cell(c, t, BAR_FROM, &cpu, 70, 90);
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_load_one, 0, 0);
	if (rc == 0)
		rc = percent_cell(c, t, BAR_FROM, &mem, 80, 95);
	if (rc == 0)
		rc = memory_cell(t, s);
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_swap_used_percent, 0,
		    bar_style(&swap, 50, 90));
	if (rc == 0)
		rc = percent_cell(c, t, BAR_FROM, &disk, 80, 90);
	for (size_t i = 0; i < AUR_ARRAY_LEN(rates) && rc == 0; i++)
		rc = bar_cell(t, s, rates[i].id, 0, 0);
	if (rc == 0) {
		char text[AUR_HUMAN_MAX] = "-";
		double n;

		if (aur_value_number(&psi, &n))
			aur_human_percent(n, text);
		rc = bar_cellf(t, bar_style(&psi, 10, 40), "%s", text);
	}
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_process_counts_total, 0, 0);
	if (rc == 0)
		rc = agent_cell(t, s);
	return rc < 0 ? rc : age_cell(t, s);
}

/* --- a single host -------------------------------------------------------- */

static int add_figure(struct aur_buf *b, const char *before, struct shot *s,
    enum aur_figure_id id)
{
	struct aur_value v = figure(s, id, 0);
	int rc;

	if (v.type == AUR_VALUE_NULL)
		return 0;
	rc = aur_buf_add_str(b, before);
	return rc < 0 ? rc : aur_format_figure(b, id, &v);
}

static int facts(struct aur_buf *b, struct shot *s)
{
	int rc = add_figure(b, "\n", s, AUR_FIG_system_distribution);

	if (rc == 0)
		rc = add_figure(b, ", ", s, AUR_FIG_system_os);
	if (rc == 0)
		rc = add_figure(b, " ", s, AUR_FIG_system_kernel);
	if (rc == 0)
		rc = add_figure(b, " ", s, AUR_FIG_system_arch);
	if (rc == 0)
		rc = add_figure(b, "\n", s, AUR_FIG_cpu_count);
	if (rc == 0)
		rc = add_figure(b, " x ", s, AUR_FIG_cpu_model);
	if (rc == 0)
		rc = add_figure(b, "; load ", s, AUR_FIG_load_one);
	if (rc == 0)
		rc = add_figure(b, " ", s, AUR_FIG_load_five);
	if (rc == 0)
		rc = add_figure(b, " ", s, AUR_FIG_load_fifteen);
	return rc < 0 ? rc : aur_buf_add_byte(b, '\n');
}

/* The facts, no line wider than the screen. */
static int add_facts(struct cli *c, struct shot *s, size_t width)
{
	struct aur_slice rest, line;
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, 4 * AUR_MAX_LINE);
	rc = facts(&b, s);
	rest = aur_buf_peek(&b);
	while (rc == 0 && aur_slice_line(&rest, &line)) {
		if (width > 0 && aur_text_width(line) > width)
			rc = aur_text_add_cell(
			    &c->out, line, width, false, !c->utf8);
		else
			rc = aur_buf_add_slice(&c->out, line);
		if (rc == 0)
			rc = aur_buf_add_byte(&c->out, '\n');
	}
	aur_buf_release(&b);
	return rc;
}

static const struct aur_table_column fs_columns[] = {
    {.title = "FILESYSTEM", .most = 40},
    {.title = "TYPE", .weight = 1},
    {.title = "SIZE", .right = true},
    {.title = "USED", .right = true},
    {.title = "AVAIL", .right = true},
    {.title = "USE%", .right = true},
};

/* The fullest first: marks what was shown by its number. */
static ptrdiff_t next_fullest(struct shot *s, size_t n, const bool *shown)
{
	struct aur_value best = {.type = AUR_VALUE_NULL};
	ptrdiff_t at = -1;

	for (size_t i = 0; i < n; i++) {
		struct aur_value v =
		    figure(s, AUR_FIG_filesystems_used_percent, i);

		if (!shown[i] && v.type != AUR_VALUE_NULL &&
		    (at < 0 || aur_value_cmp(&v, &best) > 0)) {
			best = v;
			at = (ptrdiff_t)i;
		}
	}
	return at;
}

static int fs_row(
    const struct cli *c, struct aur_table *t, struct shot *s, size_t i)
{
	struct aur_value use = figure(s, AUR_FIG_filesystems_used_percent, i);
	int rc = bar_cell(t, s, AUR_FIG_filesystems_mount, i, 0);

	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_filesystems_type, i, AUR_TABLE_DIM);
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_filesystems_total_bytes, i, 0);
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_filesystems_used_bytes, i, 0);
	if (rc == 0)
		rc = bar_cell(t, s, AUR_FIG_filesystems_available_bytes, i, 0);
	return rc < 0 ? rc : percent_cell(c, t, 0, &use, 80, 90);
}

static int filesystems(
    struct cli *c, struct shot *s, const struct aur_table_how *how)
{
	size_t n = aur_figures_rows(&s->figures, AUR_GROUP_FILESYSTEMS);
	bool shown[256] = {false};
	struct aur_table t;
	int rc = 0;

	if (n > AUR_ARRAY_LEN(shown))
		n = AUR_ARRAY_LEN(shown);
	aur_table_init(&t, fs_columns, AUR_ARRAY_LEN(fs_columns));
	for (size_t k = 0; k < FULLEST && rc == 0; k++) {
		ptrdiff_t at = next_fullest(s, n, shown);

		if (at < 0)
			break;
		shown[at] = true;
		rc = fs_row(c, &t, s, (size_t)at);
	}
	if (rc == 0 && aur_table_rows(&t) > 0) {
		rc = aur_buf_add_byte(&c->out, '\n');
		if (rc == 0)
			rc = aur_table_write(&t, &c->out, how);
	}
	aur_table_release(&t);
	return rc;
}

static const struct aur_table_column top_columns[] = {
    {.title = "PID", .right = true},
    {.title = "USER", .most = 16},
    {.title = "CPU%", .right = true},
    {.title = "RES", .right = true},
    {.title = "NAME"},
};

static int processes(
    struct cli *c, struct shot *s, const struct aur_table_how *how)
{
	static const enum aur_figure_id cells[] = {AUR_FIG_processes_pid,
	    AUR_FIG_processes_user, AUR_FIG_processes_cpu_percent,
	    AUR_FIG_processes_rss_bytes, AUR_FIG_processes_name};
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, top_columns, AUR_ARRAY_LEN(top_columns));
	for (size_t r = 0; r < s->nrow && r < BUSIEST && rc == 0; r++)
		for (size_t k = 0; k < AUR_ARRAY_LEN(cells) && rc == 0; k++)
			rc = bar_cell(&t, s, cells[k], s->rows[r], 0);
	if (rc == 0 && aur_table_rows(&t) > 0) {
		rc = aur_buf_add_byte(&c->out, '\n');
		if (rc == 0)
			rc = aur_table_write(&t, &c->out, how);
	}
	aur_table_release(&t);
	return rc;
}

int status_text(struct cli *c, struct shot *shot, size_t n, bool wide)
{
	struct aur_table_how how = bar_how(c, wide);
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = host_row(c, &t, &shot[i]);
	if (rc == 0)
		rc = aur_table_write(&t, &c->out, &how);
	aur_table_release(&t);
	if (rc < 0 || n != 1 || shot->figures.now == NULL)
		return rc;
	rc = add_facts(c, shot, how.width);
	if (rc == 0)
		rc = filesystems(c, shot, &how);
	return rc < 0 ? rc : processes(c, shot, &how);
}

/* --- --check -------------------------------------------------------------- */

int status_metric_path(struct aur_buf *b, struct shot *shot,
    const struct aur_metric *metric, size_t row)
{
	const struct aur_group *group = aur_group_get(metric->group);
	struct aur_value key;
	int rc = aur_buf_add_str(b, group->name);

	if (rc == 0 && group->many) {
		aur_figures_get(&shot->figures, group->first, row, &key);
		rc = aur_buf_add_byte(b, '[');
		if (rc == 0)
			rc = aur_format_figure(b, group->first, &key);
		if (rc == 0)
			rc = aur_buf_add_byte(b, ']');
	}
	if (rc == 0)
		rc = aur_buf_addf(
		    b, ".%s", aur_figure_get(metric->figure)->name);
	return rc;
}

/* Whether an earlier row of the table already says it. */
static bool is_listed(
    const struct aur_table *t, const char *host, struct aur_slice path)
{
	struct aur_slice text = aur_buf_peek(&t->text);

	for (size_t r = 0; r < aur_table_rows(t); r++) {
		const struct aur_table_cell *cell = &t->cell[r * t->ncolumn];

		if (aur_slice_is(
			aur_slice_of(text.p + cell[0].at, cell[0].n), host) &&
		    aur_slice_eq(
			aur_slice_of(text.p + cell[1].at, cell[1].n), path))
			return true;
	}
	return false;
}

int status_add_found(struct aur_table *t, const char *host,
    struct aur_slice path, struct shot *shot, const struct aur_metric *metric,
    size_t row)
{
	int rc;

	if (is_listed(t, host, path))
		return 0;
	rc = aur_table_add(t, aur_slice_str(host), AUR_TABLE_BOLD);
	if (rc == 0)
		rc = aur_table_add(t, path, AUR_TABLE_PLAIN);
	return rc < 0 ? rc
		      : bar_cell(t, shot, metric->figure, row, AUR_TABLE_BAD);
}
