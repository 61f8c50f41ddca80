/* SPDX-License-Identifier: MIT */
/*
 * The picture of one process. Below the title and the graphs everything is
 * one tall page of which the screen shows a window: rows are told by their
 * number on the page, and the area clips what is above and below.
 */
#include "tui/details.h"

#include "base/human.h"
#include "base/text.h"
#include "tui/meter.h"
#include "view/format.h"
#include "view/when.h"

#include <math.h>

#define LABEL_W 13

struct page {
	struct tui_details *d;
	const struct tui_scene *s;
	const struct tui_area *a;
	int x, w, y; /* where the next row goes; y counts from the page's top */
};

static struct aur_slice text_of(
    struct tui_details *d, enum aur_figure_id id, const struct aur_value *v)
{
	aur_buf_clear(&d->text);
	if (aur_format_figure(&d->text, id, v) < 0)
		return aur_slice_str("-");
	return aur_buf_peek(&d->text);
}

static struct aur_slice figure(
    struct tui_details *d, enum aur_figure_id id, size_t inst)
{
	struct aur_value v;

	aur_figures_process(&d->f, id, inst, &v);
	return text_of(d, id, &v);
}

static double number(struct tui_details *d, enum aur_figure_id id)
{
	struct aur_value v;
	double n = NAN;

	aur_figures_process(&d->f, id, d->inst, &v);
	return aur_value_number(&v, &n) ? n : NAN;
}

/* A row of the page: what stands in front of it and what it says. */
static void row_as(struct page *p, const char *label, struct aur_slice text,
    enum tui_role role)
{
	int y = p->y++ - p->d->scroll;

	if (y < 0 || y >= p->a->r.h)
		return;
	tui_str(p->a, p->x, y, label, TUI_ROLE_LABEL);
	tui_text(p->a, p->x + LABEL_W, y, p->w - LABEL_W, text, role);
}

static void row(struct page *p, const char *label, struct aur_slice text)
{
	row_as(p, label, text, TUI_ROLE_TEXT);
}

static void row_str(struct page *p, const char *label, const char *text)
{
	row(p, label, aur_slice_str(text));
}

static void row_figure(struct page *p, const char *label, enum aur_figure_id id)
{
	row(p, label, figure(p->d, id, p->d->inst));
}

/* What the letter of a state means (proc_pid_stat(5)). */
static const char *state_word(char letter)
{
	switch (letter) {
	case 'R':
		return "running";
	case 'S':
		return "sleeping";
	case 'D':
		return "waiting for I/O, cannot be interrupted";
	case 'T':
		return "stopped";
	case 't':
		return "stopped by a debugger";
	case 'Z':
		return "zombie: ended, its parent has not asked";
	case 'I':
		return "idle kernel thread";
	case 'X':
		return "dead";
	default:
		return "";
	}
}

static void state_row(struct page *p)
{
	struct aur_slice letter =
	    figure(p->d, AUR_FIG_processes_state, p->d->inst);
	char text[80];

	snprintf(text, sizeof(text), "%.*s %s", (int)letter.n,
	    (const char *)letter.p,
	    state_word(letter.n > 0 ? (char)letter.p[0] : '\0'));
	row_str(p, "state", text);
}

static void user_row(struct page *p)
{
	char text[96];
	double uid = number(p->d, AUR_FIG_processes_uid);
	struct aur_slice user =
	    figure(p->d, AUR_FIG_processes_user, p->d->inst);
	int n = (int)(user.n < 64 ? user.n : 64);

	if (isnan(uid))
		snprintf(text, sizeof(text), "%.*s", n, (const char *)user.p);
	else
		snprintf(text, sizeof(text), "%.*s (%.0f)", n,
		    (const char *)user.p, uid);
	row_str(p, "user", text);
}

/* "2026-11-22 14:32:05, 3h12m before", by the host's own clocks. */
static void started_row(struct page *p)
{
	struct aur_wall booted = p->d->f.booted, at;
	uint64_t ticks = p->d->key.v[1];
	char when[32] = "", age[AUR_HUMAN_MAX], text[96] = "-";
	struct aur_span since;

	if (booted.ns > 0 && ticks < INT64_MAX / 10000000) {
		at = aur_wall_add(
		    booted, (struct aur_span){(int64_t)ticks * 10000000});
		aur_when_format(
		    at, p->s->utc, "%Y-%m-%d %H:%M:%S", when, sizeof(when));
		since = aur_wall_since(p->d->f.now->wall, at);
		aur_human_span(since.ns > 0 ? since : aur_span_ms(0), age);
		snprintf(text, sizeof(text), "%s, %s ago", when, age);
	}
	row_str(p, "started", text);
}

static void cpu_row(struct page *p)
{
	double all = number(p->d, AUR_FIG_processes_cpu_seconds);
	double user = number(p->d, AUR_FIG_processes_user_seconds);
	double system = number(p->d, AUR_FIG_processes_system_seconds);
	char a[AUR_HUMAN_MAX] = "-", u[AUR_HUMAN_MAX] = "-",
	     s[AUR_HUMAN_MAX] = "-", text[80];

	if (!isnan(all))
		aur_human_cpu_time(all, a);
	if (!isnan(user))
		aur_human_cpu_time(user, u);
	if (!isnan(system))
		aur_human_cpu_time(system, s);
	snprintf(text, sizeof(text), "%s (user %s, system %s)", a, u, s);
	row_str(p, "CPU time", text);
}

/* A rate, and all since the process was started. */
static void io_row(
    struct page *p, const char *label, enum aur_figure_id id, size_t field)
{
	const struct aur_part *part =
	    aur_sample_get(p->d->f.now, AUR_DOMAIN_PROCESS);
	char rate[TUI_SMALL], all[TUI_SMALL], text[80];
	double total = NAN;

	if (!aur_part_number(part, p->d->inst, field, &total))
		total = NAN;
	tui_rate(number(p->d, id), rate);
	tui_bytes(total, all);
	snprintf(text, sizeof(text), "%s, %s in all", rate, all);
	row_str(p, label, text);
}

/* What is no figure: a text of the process's own, where it is known. */
static void row_cell(struct page *p, const char *label, size_t field)
{
	const struct aur_part *part =
	    aur_sample_get(p->d->f.now, AUR_DOMAIN_PROCESS);
	struct aur_slice s;
	char text[40];

	if (part == NULL || !aur_part_text(part, p->d->inst, field, &s))
		return;
	snprintf(text, sizeof(text), "%s%.*s",
	    field == AUR_PROCESS_cpus_allowed ? "CPU " : "",
	    (int)(s.n < 32 ? s.n : 32), (const char *)s.p);
	row_str(p, label, text);
}

static void left_column(struct page *p)
{
	char children[32], files[48];
	enum tui_role role;

	state_row(p);
	user_row(p);
	started_row(p);
	row_figure(p, "priority", AUR_FIG_processes_priority);
	row_figure(p, "nice", AUR_FIG_processes_nice);
	row_figure(p, "threads", AUR_FIG_processes_threads);
	snprintf(children, sizeof(children), "%zu", p->d->children);
	row_str(p, "children", children);
	row_figure(p, "terminal", AUR_FIG_processes_tty);
	role =
	    tui_details_open_files(p->d, files) ? TUI_ROLE_WARN : TUI_ROLE_TEXT;
	row_as(p, "open files", aur_slice_str(files), role);
	row_cell(p, "may run on", AUR_PROCESS_cpus_allowed);
	row_cell(p, "I/O priority", AUR_PROCESS_io_priority);
}

static void memory_row(struct page *p)
{
	char bytes[TUI_SMALL], percent[AUR_HUMAN_MAX] = "-", text[80];
	double of = number(p->d, AUR_FIG_processes_memory_percent);

	tui_bytes(number(p->d, AUR_FIG_processes_rss_bytes), bytes);
	if (!isnan(of))
		aur_human_percent(of, percent);
	snprintf(text, sizeof(text), "%s (%s%%)", bytes, percent);
	row_str(p, "resident", text);
}

static void right_column(struct page *p)
{
	row_figure(p, "CPU %", AUR_FIG_processes_cpu_percent);
	cpu_row(p);
	memory_row(p);
	row_figure(p, "shared", AUR_FIG_processes_shared_bytes);
	row_figure(p, "swapped", AUR_FIG_processes_swap_bytes);
	row_figure(p, "virtual", AUR_FIG_processes_virtual_bytes);
	io_row(p, "read", AUR_FIG_processes_read_bytes_per_second,
	    AUR_PROCESS_read_bytes);
	io_row(p, "written", AUR_FIG_processes_write_bytes_per_second,
	    AUR_PROCESS_written_bytes);
}

/* "520 bash < 300 sshd < 1 systemd" */
static void parents_row(struct page *p)
{
	struct aur_buf line;
	const struct tui_details *d = p->d;
	const struct aur_part *part =
	    aur_sample_get(d->f.now, AUR_DOMAIN_PROCESS);
	int rc = 0;

	aur_buf_init(&line, 8192);
	for (size_t i = 0; i < d->parents && rc == 0; i++) {
		struct aur_slice name =
		    figure(p->d, AUR_FIG_processes_name, d->parent[i]);

		rc = aur_buf_addf(&line, "%s%llu %.*s", i > 0 ? " < " : "",
		    (unsigned long long)part->inst[d->parent[i]].key.v[0],
		    (int)(name.n < 64 ? name.n : 64), (const char *)name.p);
	}
	row(p, "parents",
	    d->parents > 0 ? aur_buf_peek(&line) : aur_slice_str("none"));
	aur_buf_release(&line);
}

/* The command line, an argument a row: its blanks are its own. */
static void arguments(struct page *p)
{
	struct aur_value v;
	struct aur_slice rest;
	unsigned n = 0;

	aur_figures_process(
	    &p->d->f, AUR_FIG_processes_cmdline, p->d->inst, &v);
	if (v.type != AUR_VALUE_LIST || v.s.n == 0) {
		row_str(p, "command", "no command line");
		return;
	}
	for (rest = v.s; rest.n > 0; n++) {
		const uint8_t *end = memchr(rest.p, '\0', rest.n);
		size_t len = end != NULL ? (size_t)(end - rest.p) : rest.n;
		char label[16];

		snprintf(label, sizeof(label), n == 0 ? "command" : "  %u", n);
		row(p, label, aur_slice_of(rest.p, len));
		len += end != NULL;
		rest = aur_slice_of(rest.p + len, rest.n - len);
	}
}

static void limits(struct page *p, unsigned from, unsigned to)
{
	const char *label;
	char text[96];

	for (unsigned i = from; i < to; i++)
		if (tui_details_limit(p->d, i, &label, text))
			row_str(p, label, text);
}

static void left_limits(struct page *p)
{
	limits(p, 0, (TUI_LIMITS + 1) / 2);
}

static void right_limits(struct page *p)
{
	limits(p, (TUI_LIMITS + 1) / 2, TUI_LIMITS);
}

/* Two columns side by side, or one below the other on a narrow screen. */
static void beside(
    struct page *p, void (*left)(struct page *p), void (*right)(struct page *p))
{
	bool two = p->w >= 76;
	int w = p->w, half = (w - 2) / 2, y = p->y, end;

	if (two)
		p->w = half;
	left(p);
	end = p->y;
	if (two) {
		p->x = half + 2;
		p->w = w - p->x;
		p->y = y;
	}
	right(p);
	p->y = p->y > end ? p->y : end;
	p->x = 0;
	p->w = w;
}

static void draw_page(
    struct tui_details *d, const struct tui_scene *s, const struct tui_area *a)
{
	struct page p = {d, s, a, 0, a->r.w, 0};

	beside(&p, left_column, right_column);
	row_figure(&p, "unit", AUR_FIG_processes_unit);
	row_figure(&p, "container", AUR_FIG_processes_container_id);
	row_figure(&p, "cgroup", AUR_FIG_processes_cgroup);
	parents_row(&p);
	beside(&p, left_limits, right_limits);
	arguments(&p);
	d->height = p.y;
}

static void draw_title(
    struct tui_details *d, const struct tui_scene *s, const struct tui_area *a)
{
	char age[AUR_HUMAN_MAX];
	int x;

	tui_repeat(a, 0, 0, a->r.w, s->ascii ? '-' : 0x2500, TUI_ROLE_RULE);
	x = tui_printf(
	    a, 0, 0, TUI_ROLE_TITLE, "%llu ", (unsigned long long)d->key.v[0]);
	x += tui_text(a, x, 0, a->r.w - x - 24,
	    figure(d, AUR_FIG_processes_name, d->inst), TUI_ROLE_TITLE);
	tui_put(a, x, 0, ' ', TUI_ROLE_TITLE);
	if (!d->ended)
		return;
	aur_human_span(aur_mono_since(s->now, d->seen), age);
	tui_printf(a, x + 1, 0, TUI_ROLE_BAD, " ended, seen %s ago ", age);
}

static void draw_graph(const struct tui_scene *s, const struct tui_area *a,
    const char *label, const char *top, const struct aur_series *series,
    double most, enum tui_role role)
{
	struct tui_rect r = {0, 1, a->r.w, a->r.h - 1};

	tui_str(a, 0, 0, label, TUI_ROLE_LABEL);
	tui_str_right(a, a->r.w, 0, top, TUI_ROLE_MUTED);
	tui_graph(s, a, r, series, most, role);
}

static void draw_graphs(
    struct tui_details *d, const struct tui_scene *s, struct tui_area a)
{
	struct tui_rect r = a.r, left = tui_rect_left(&r, (r.w - 2) / 2);
	struct tui_area one = tui_area_cut(&a, left), other;
	char number[TUI_SMALL], text[48];
	double top;

	tui_rect_left(&r, 2);
	other = tui_area_cut(&a, r);
	top = tui_graph_top(s, &d->cpu, one.r.w, 10);
	snprintf(text, sizeof(text), "to %.0f%%", top);
	draw_graph(s, &one, "CPU", text, &d->cpu, top, TUI_ROLE_CPU_USER);
	top = tui_graph_top(s, &d->memory, other.r.w, 1 << 20);
	tui_bytes(top, number);
	snprintf(text, sizeof(text), "to %s", number);
	draw_graph(
	    s, &other, "Memory", text, &d->memory, top, TUI_ROLE_MEM_USED);
}

void tui_details_draw(
    struct tui_details *d, const struct tui_scene *s, const struct tui_area *a)
{
	struct tui_rect r = a->r;
	struct tui_area cut = tui_area_cut(a, tui_rect_top(&r, 1));

	draw_title(d, s, &cut);
	cut = tui_area_cut(a, tui_rect_top(&r, r.h >= 24 ? 7 : r.h / 4 + 1));
	draw_graphs(d, s, cut);
	d->page = r.h;
	if (d->scroll > 0 && d->scroll > d->height - d->page)
		d->scroll = d->height > d->page ? d->height - d->page : 0;
	cut = tui_area_cut(a, r);
	draw_page(d, s, &cut);
	if (d->ended)
		tui_mark_all(&cut, TUI_DIM);
}
