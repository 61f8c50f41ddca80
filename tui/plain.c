/* SPDX-License-Identifier: MIT */
#include "tui/plain.h"

#include "base/err.h"
#include "base/human.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/text.h"
#include "tui/fleet.h"
#include "tui/track.h"
#include "view/when.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define MIB (1024.0 * 1024)
#define LASTING 2 /* samples that a change has to last */
#define PROCESSES 10
#define PROCESSES_MOST 1000

static const struct {
	const char *label;
	enum aur_figure_id figure;
	double step; /* points; 0: a rate, told when it is four times that */
} watched[TUI_PLAIN_VALUES] = {
    {"cpu", AUR_FIG_cpu_busy_percent, 20},
    {"memory", AUR_FIG_memory_used_percent, 5},
    {"swap", AUR_FIG_swap_used_percent, 5},
    {"memory pressure", AUR_FIG_pressure_memory_some_percent, 10},
    {"I/O pressure", AUR_FIG_pressure_io_some_percent, 20},
    {"receiving", AUR_FIG_network_totals_receive_bytes_per_second, 0},
    {"sending", AUR_FIG_network_totals_transmit_bytes_per_second, 0},
    {"reading", AUR_FIG_disk_totals_read_bytes_per_second, 0},
    {"writing", AUR_FIG_disk_totals_write_bytes_per_second, 0},
};

int tui_plain_init(struct tui_plain *p, const struct tui_options *o)
{
	size_t at;

	memset(p, 0, sizeof(*p));
	p->utc = o->utc;
	p->ascii = o->ascii;
	p->state = AUR_HOST_CONNECTING;
	for (size_t i = 0; i < TUI_PLAIN_VALUES; i++)
		p->value[i].told = NAN;
	aur_buf_init(&p->last, AUR_MAX_FRAME);
	tui_list_init(&p->list);
	p->list.pids = o->pids;
	p->list.npid = o->npid;
	p->list.tree = o->tree;
	if (o->settings != NULL) {
		p->list.kernel = o->settings->choice[TUI_SET_KERNEL];
		p->list.threads = o->settings->choice[TUI_SET_THREADS];
		p->list.tree |= o->settings->choice[TUI_SET_TREE] != 0;
	}
	if (o->user != NULL)
		snprintf(p->list.user, sizeof(p->list.user), "%s", o->user);
	if (o->sort >= 0 && o->sort < AUR_COLUMN_COUNT) {
		p->list.sort = (unsigned)o->sort;
		p->list.descending = tui_list_descends(p->list.sort);
	}
	if (o->order != TUI_ORDER_OWN)
		p->list.descending = o->order == TUI_ORDER_DESCENDING;
	if (o->filter == NULL)
		return 0;
	return aur_filter_parse(aur_slice_str(o->filter), tui_filter_find, NULL,
	    &p->list.filter, NULL, &at);
}

void tui_plain_release(struct tui_plain *p)
{
	tui_list_release(&p->list);
	aur_buf_release(&p->last);
}

/* "14:32:05 " */
int tui_plain_time(
    const struct tui_plain *p, struct aur_wall at, struct aur_buf *out)
{
	char text[16];

	aur_when_format(at, p->utc, "%H:%M:%S ", text, sizeof(text));
	return aur_buf_add_str(out, text);
}

/* A name from elsewhere. */
int tui_plain_name(
    const struct tui_plain *p, struct aur_slice name, struct aur_buf *out)
{
	int rc = 0;

	if (!p->ascii)
		return aur_text_add_safe(out, name);
	while (name.n > 0 && rc == 0) {
		uint32_t c = aur_text_take(&name);

		rc = aur_buf_add_byte(
		    out, c >= ' ' && c < 0x7f ? (uint8_t)c : '?');
	}
	return rc;
}

/* "42 %", "1.2M/s"; "unknown". */
static int add_value(double v, bool percent, struct aur_buf *out)
{
	char text[AUR_HUMAN_MAX];

	if (isnan(v))
		return aur_buf_add_str(out, "unknown");
	if (percent)
		return aur_buf_addf(out, "%.0f %%", v);
	aur_human_bytes(v, text);
	return aur_buf_addf(out, "%s/s", text);
}

static int add_figure(struct aur_figures *f, const char *label,
    enum aur_figure_id id, struct aur_buf *out)
{
	bool percent = aur_figure_get(id)->unit == AUR_UNIT_PERCENT;
	int rc = aur_buf_addf(out, "%s ", label);

	return rc < 0 ? rc : add_value(tui_number(f, id, 0), percent, out);
}

/* "; busiest gcc (pid 4711) 98 %" where somebody is. */
static int add_busiest(const struct tui_plain *p, struct aur_figures *f,
    const char *before, struct aur_buf *out)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_PROCESSES), best = 0;
	double most = 0.5, pid;
	int rc;

	for (size_t i = 0; i < n; i++) {
		double v = tui_number(f, AUR_FIG_processes_cpu_percent, i);

		if (v > most) {
			most = v;
			best = i;
		}
	}
	if (!(most > 0.5))
		return 0;
	rc = aur_buf_addf(out, "%sbusiest ", before);
	if (rc == 0)
		rc = tui_plain_name(
		    p, tui_string(f, AUR_FIG_processes_name, best), out);
	pid = tui_number(f, AUR_FIG_processes_pid, best);
	if (rc == 0)
		rc = aur_buf_addf(out, " (pid %.0f) %.0f %%", pid, most);
	return rc;
}

/* Whether `v` is worth telling now. */
static bool is_news(struct tui_plain_value *value, double v, double step)
{
	double low = value->told, change = v - value->told;
	bool far;

	if (isnan(v) || isnan(value->told)) {
		if (isnan(value->told))
			value->told = v;
		value->away = 0;
		return false;
	}
	if (v < low)
		low = v;
	if (step > 0)
		far = fabs(change) >= step;
	else
		far =
		    fabs(change) >= 4 * MIB && low * 4 <= v + value->told - low;
	if (!far)
		value->away = 0;
	else if (change > 0)
		value->away = value->away > 0 ? value->away + 1 : 1;
	else
		value->away = value->away < 0 ? value->away - 1 : -1;
	return abs(value->away) >= LASTING;
}

/* "cpu 42 %, was 12 %", behind the time or a semicolon. */
static int tell(struct tui_plain *p, struct aur_figures *f, bool *began,
    struct aur_slice label, struct tui_plain_value *value, double v,
    bool percent, struct aur_buf *out)
{
	int rc = *began ? aur_buf_add_str(out, "; ")
			: tui_plain_time(p, f->now->wall, out);

	if (rc == 0 && !*began && p->host != NULL) {
		rc = tui_plain_name(p, aur_slice_str(p->host), out);
		if (rc == 0)
			rc = aur_buf_add_str(out, ": ");
	}
	*began = true;
	if (rc == 0)
		rc = tui_plain_name(p, label, out);
	if (rc == 0)
		rc = aur_buf_add_byte(out, ' ');
	if (rc == 0)
		rc = add_value(v, percent, out);
	if (rc == 0)
		rc = aur_buf_add_str(out, ", was ");
	if (rc == 0)
		rc = add_value(value->told, percent, out);
	value->told = v;
	value->away = 0;
	return rc;
}

/* The place of a filesystem: its own, a new one, or that of one that has
 * gone; NULL: there are too many. */
static struct tui_plain_mount *place(struct tui_plain *p, struct aur_slice name)
{
	struct tui_plain_mount *m = NULL;

	if (name.n == 0 || name.n >= sizeof(m->name))
		return NULL;
	for (size_t i = 0; i < p->nmount; i++)
		if (aur_slice_is(name, p->mount[i].name))
			return &p->mount[i];
	if (p->nmount < TUI_PLAIN_MOUNTS)
		m = &p->mount[p->nmount++];
	for (size_t i = 0; i < p->nmount && m == NULL; i++)
		if (p->mount[i].seen + 1 < p->samples)
			m = &p->mount[i];
	if (m == NULL)
		return NULL;
	memset(m, 0, sizeof(*m));
	memcpy(m->name, name.p, name.n);
	m->value.told = NAN;
	return m;
}

static int tell_mounts(struct tui_plain *p, struct aur_figures *f, bool *began,
    struct aur_buf *out)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_FILESYSTEMS);
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		double v = tui_number(f, AUR_FIG_filesystems_used_percent, i);
		struct tui_plain_mount *m =
		    place(p, tui_string(f, AUR_FIG_filesystems_mount, i));

		if (m == NULL)
			continue;
		m->seen = p->samples;
		if (is_news(&m->value, v, v >= 90 ? 1 : 5))
			rc = tell(p, f, began, aur_slice_str(m->name),
			    &m->value, v, true, out);
	}
	return rc;
}

/* What was told goes on being there for Enter. */
static int keep(struct tui_plain *p, const struct aur_buf *out, size_t from)
{
	struct aur_slice told = aur_buf_peek(out);

	if (told.n == from)
		return 0;
	aur_buf_clear(&p->last);
	return aur_buf_add(&p->last, told.p + from, told.n - from);
}

int tui_plain_changes(
    struct tui_plain *p, struct aur_figures *f, struct aur_buf *out)
{
	size_t from = aur_buf_peek(out).n;
	bool began = false, cpu = false;
	int rc = 0;

	if (f->now == NULL)
		return 0;
	p->samples++;
	for (size_t i = 0; i < TUI_PLAIN_VALUES && rc == 0; i++) {
		double v = tui_number(f, watched[i].figure, 0);

		if (is_news(&p->value[i], v, watched[i].step))
			rc = tell(p, f, &began, aur_slice_str(watched[i].label),
			    &p->value[i], v, watched[i].step > 0, out);
		if (i == 0)
			cpu = began;
	}
	if (rc == 0)
		rc = tell_mounts(p, f, &began, out);
	if (rc == 0 && cpu)
		rc = add_busiest(p, f, "; ", out);
	if (rc == 0 && began)
		rc = aur_buf_add_byte(out, '\n');
	return rc < 0 ? rc : keep(p, out, from);
}

/* "/srv 91 %" of the fullest. */
static int add_fullest(
    const struct tui_plain *p, struct aur_figures *f, struct aur_buf *out)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_FILESYSTEMS), best = 0;
	double most = -1;
	int rc;

	for (size_t i = 0; i < n; i++) {
		double v = tui_number(f, AUR_FIG_filesystems_used_percent, i);

		if (v > most) {
			most = v;
			best = i;
		}
	}
	if (most < 0)
		return 0;
	rc = aur_buf_add_str(out, "fullest filesystem ");
	if (rc == 0)
		rc = tui_plain_name(
		    p, tui_string(f, AUR_FIG_filesystems_mount, best), out);
	return rc < 0 ? rc : aur_buf_addf(out, " %.0f %%\n", most);
}

/* "14:32:05 web1 up 3h12m, 4 CPUs, 231 processes" */
static int add_head(
    const struct tui_plain *p, struct aur_figures *f, struct aur_buf *out)
{
	double up = tui_number(f, AUR_FIG_system_uptime_seconds, 0);
	double cpus = tui_number(f, AUR_FIG_cpu_count, 0);
	double total = tui_number(f, AUR_FIG_process_counts_total, 0);
	char text[AUR_HUMAN_MAX];
	int rc = tui_plain_time(p, f->now->wall, out);

	if (rc == 0)
		rc = tui_plain_name(
		    p, tui_string(f, AUR_FIG_system_hostname, 0), out);
	if (rc == 0 && !isnan(up)) {
		aur_human_span(aur_span_seconds(up), text);
		rc = aur_buf_addf(out, ", up for %s", text);
	}
	if (rc == 0 && !isnan(cpus))
		rc = aur_buf_addf(
		    out, ", %.0f CPU%s", cpus, cpus > 1 ? "s" : "");
	if (rc == 0 && !isnan(total))
		rc = aur_buf_addf(out, ", %.0f processes", total);
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

static int add_load(struct aur_figures *f, struct aur_buf *out)
{
	double one = tui_number(f, AUR_FIG_load_one, 0);
	double five = tui_number(f, AUR_FIG_load_five, 0);
	double fifteen = tui_number(f, AUR_FIG_load_fifteen, 0);

	if (isnan(one) || isnan(five) || isnan(fifteen))
		return 0;
	return aur_buf_addf(out, ", load %.2f %.2f %.2f", one, five, fifteen);
}

/* "memory 40 %, 6.2G of 15.6G; swap 3 %" */
static int add_memory(struct aur_figures *f, struct aur_buf *out)
{
	double total = tui_number(f, AUR_FIG_memory_total_bytes, 0);
	double used = tui_number(f, AUR_FIG_memory_used_bytes, 0);
	char a[AUR_HUMAN_MAX], b[AUR_HUMAN_MAX];
	int rc = add_figure(f, "memory", AUR_FIG_memory_used_percent, out);

	if (rc == 0 && !isnan(total) && !isnan(used)) {
		aur_human_bytes(used, a);
		aur_human_bytes(total, b);
		rc = aur_buf_addf(out, ", %s of %s", a, b);
	}
	if (rc == 0 && tui_number(f, AUR_FIG_swap_total_bytes, 0) > 0)
		rc = add_figure(f, "; swap", AUR_FIG_swap_used_percent, out);
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

static int add_rates(struct aur_figures *f, struct aur_buf *out)
{
	static const char *const before[] = {
	    "network receiving", ", sending", "; disks reading", ", writing"};
	int rc = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(before) && rc == 0; i++)
		rc = add_figure(f, before[i],
		    watched[TUI_PLAIN_VALUES - AUR_ARRAY_LEN(before) + i]
			.figure,
		    out);
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

/* The values now are the ones told. */
static void take_told(struct tui_plain *p, struct aur_figures *f)
{
	for (size_t i = 0; i < TUI_PLAIN_VALUES; i++) {
		p->value[i].told = tui_number(f, watched[i].figure, 0);
		p->value[i].away = 0;
	}
}

int tui_plain_summary(
    struct tui_plain *p, struct aur_figures *f, struct aur_buf *out)
{
	size_t from = aur_buf_peek(out).n;
	int rc;

	if (f->now == NULL)
		return aur_buf_add_str(out, "nothing has come yet\n");
	take_told(p, f);
	rc = add_head(p, f, out);
	if (rc == 0)
		rc = add_figure(f, "cpu", AUR_FIG_cpu_busy_percent, out);
	if (rc == 0)
		rc = add_load(f, out);
	if (rc == 0)
		rc = add_busiest(p, f, "; ", out);
	if (rc == 0)
		rc = aur_buf_add_byte(out, '\n');
	if (rc == 0)
		rc = add_memory(f, out);
	if (rc == 0)
		rc = add_fullest(p, f, out);
	if (rc == 0)
		rc = add_rates(f, out);
	return rc < 0 ? rc : keep(p, out, from);
}

static double process_number(
    struct aur_figures *f, enum aur_figure_id id, size_t inst)
{
	struct aur_value v;
	double d;

	aur_figures_process(f, id, inst, &v);
	return aur_value_number(&v, &d) ? d : NAN;
}

static struct aur_slice process_text(
    struct aur_figures *f, enum aur_figure_id id, size_t inst)
{
	struct aur_value v;

	aur_figures_process(f, id, inst, &v);
	return v.type == AUR_VALUE_TEXT ? v.s : aur_slice_str("");
}

/* ", thread 4712 of gcc (pid 4711), "; ", thread 4712 of pid 4711, " where the
 * process is not in the sample. */
static int add_thread(const struct tui_plain *p, struct aur_figures *f,
    size_t inst, struct aur_buf *out)
{
	uint64_t of = aur_figures_task_parent(f, inst);
	size_t n = aur_figures_rows(f, AUR_GROUP_PROCESSES), i = 0;
	int rc = aur_buf_addf(out, ", thread %" PRIu64 " of ",
	    aur_figures_task_key(f, inst).v[0]);

	while (i < n && aur_figures_task_key(f, i).v[0] != of)
		i++;
	if (rc < 0 || i == n)
		return rc < 0 ? rc : aur_buf_addf(out, "pid %" PRIu64 ", ", of);
	rc = tui_plain_name(p, process_text(f, AUR_FIG_processes_name, i), out);
	return rc < 0 ? rc : aur_buf_addf(out, " (pid %" PRIu64 "), ", of);
}

/* "gcc, pid 4711, root, cpu 98 %, memory 1 %" */
int tui_plain_process(const struct tui_plain *p, struct aur_figures *f,
    size_t inst, struct aur_buf *out)
{
	struct aur_slice user = process_text(f, AUR_FIG_processes_user, inst);
	double pid = process_number(f, AUR_FIG_processes_pid, inst);
	double cpu = process_number(f, AUR_FIG_processes_cpu_percent, inst);
	double rss = process_number(f, AUR_FIG_processes_rss_bytes, inst);
	char text[AUR_HUMAN_MAX];
	int rc = tui_plain_name(
	    p, process_text(f, AUR_FIG_processes_name, inst), out);

	if (rc == 0)
		rc = aur_figures_is_thread(f, inst)
			 ? add_thread(p, f, inst, out)
			 : aur_buf_addf(out, ", pid %.0f, ", pid);
	if (rc == 0)
		rc = tui_plain_name(
		    p, user.n > 0 ? user : aur_slice_str("user unknown"), out);
	if (rc == 0)
		rc = aur_buf_add_str(out, ", cpu ");
	if (rc == 0)
		rc = add_value(cpu, true, out);
	if (rc == 0 && !isnan(rss)) {
		aur_human_bytes(rss, text);
		rc = aur_buf_addf(out, ", memory %s", text);
	}
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

int tui_plain_processes(struct tui_plain *p, struct aur_figures *f, size_t most,
    struct aur_buf *out)
{
	size_t from = aur_buf_peek(out).n, n;
	int rc;

	if (f->now == NULL)
		return aur_buf_add_str(out, "nothing has come yet\n");
	rc = tui_list_update(&p->list, f, false);
	n = p->list.n < most ? p->list.n : most;
	if (rc == 0)
		rc =
		    aur_buf_addf(out, "%zu of %zu processes", n, p->list.total);
	if (rc == 0 && p->list.threads)
		rc = aur_buf_addf(out, " and %zu threads", p->list.nthread);
	if (rc == 0)
		rc = aur_buf_add_byte(out, '\n');
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = tui_plain_process(p, f, p->list.row[i].inst, out);
	return rc < 0 ? rc : keep(p, out, from);
}

int tui_plain_state(struct tui_plain *p, const struct aur_feed_host *host,
    struct aur_wall now, struct aur_buf *out)
{
	size_t from = aur_buf_peek(out).n;
	int rc;

	if (host->state == p->state)
		return 0;
	p->state = host->state;
	rc = tui_plain_time(p, now, out);
	if (rc == 0)
		rc = tui_plain_name(p, aur_slice_str(host->name), out);
	if (rc == 0)
		rc = aur_buf_addf(out, " is %s", tui_fleet_word(host->state));
	if (rc == 0 && host->error != NULL)
		rc = aur_buf_add_str(out, ": ");
	if (rc == 0 && host->error != NULL)
		rc = tui_plain_name(p, aur_slice_str(host->error), out);
	if (rc == 0)
		rc = aur_buf_add_byte(out, '\n');
	return rc < 0 ? rc : keep(p, out, from);
}

static struct aur_slice trimmed(struct aur_slice s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' ||
			      s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static int explain(struct aur_buf *out)
{
	return aur_buf_addf(out,
	    "A line is told when something changed. Commands, each with "
	    "Enter:\n"
	    "s: summary\n"
	    "p: the first %d processes; p 20: the first 20\n"
	    "Enter alone: repeats what was told last\n"
	    "h: this help\n"
	    "q: quits\n",
	    PROCESSES);
}

int tui_plain_command(struct tui_plain *p, struct aur_slice line,
    struct aur_figures *f, struct aur_buf *out)
{
	struct aur_slice word = trimmed(line), rest;
	uint64_t n = PROCESSES;
	int rc;

	if (word.n == 0)
		return aur_buf_add_slice(out, aur_buf_peek(&p->last));
	rest = trimmed((struct aur_slice){word.p + 1, word.n - 1});
	if (word.p[0] == 'p' && (rest.n == 0 || aur_scan_u64(rest, &n) == 0))
		return tui_plain_processes(
		    p, f, n < PROCESSES_MOST ? (size_t)n : PROCESSES_MOST, out);
	if (aur_slice_is(word, "s"))
		return tui_plain_summary(p, f, out);
	if (aur_slice_is(word, "h") || aur_slice_is(word, "?"))
		return explain(out);
	if (aur_slice_is(word, "q")) {
		p->quit = true;
		return 0;
	}
	rc = aur_buf_add_str(out, "no command '");
	if (rc == 0)
		rc = tui_plain_name(p, word, out);
	return rc < 0 ? rc : aur_buf_add_str(out, "'; h lists them\n");
}
