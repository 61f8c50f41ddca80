/* SPDX-License-Identifier: MIT */
/*
 * lib/history: tiers are what samples say. A host that does all that hosts do
 * is recorded and rolled up; then each of its samples is read back, figures
 * are made of it as for a screen, and summed up step by step. What the tiers
 * hold must be that, to the bit; so must what is told by the second, which is
 * read from columns and not from samples.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/quick_int.h"
#include "history/roll_int.h"
#include "history/store_int.h"
#include "pack/pack.h"
#include "tests/unit/history_make.h"

#include <math.h>

#define HOURS 3
#define SECONDS (HOURS * 3600)
#define STEPS (SECONDS / 10 + SECONDS / 60 + SECONDS / 900)
#define ROWS 160

/* --- the host ------------------------------------------------------------- */

enum {
	MEMORY_GONE = 300,  /* for 20 s */
	NO_AVAILABLE = 500, /* for 100 s */
	DISK_COMES = 700,
	NET_FALLS = 900,
	AGENT_ANEW = 1000,
	DISK_UNCOUNTED = 1200,
	DISK_GOES = 1495,
	DISK_AGAIN = 2600,
	GAP = 3000, /* for 100 s */
	REBOOT = 4000,
	SET_BACK = 5000, /* the clock, by 30 s */
	CPU_LESS = 5500,
	IDLE_BACK = 6000, /* for 10 s, as it may step back */
	USER_ANEW = 8000,
	IRQ_GONE = 8300, /* for 50 s */
	MANY = 7300,	 /* interfaces, for 100 s: more than the grid takes */
};

static uint64_t chance(uint64_t t, uint64_t what)
{
	uint64_t v = (t * 1000003 + what) * 0x9e3779b97f4a7c15u;

	return (v ^ v >> 29) >> 7;
}

/* A counter that grows by up to `most` each second. */
static uint64_t grown(uint64_t t, uint64_t what, uint64_t most)
{
	return t * most / 2 + chance(t, what) % (most / 2 + 1);
}

static void add_disk(
    struct aur_sample *s, const char *name, uint64_t t, bool whole, bool counts)
{
	static const size_t counters[] = {AUR_DISK_reads, AUR_DISK_writes,
	    AUR_DISK_read_bytes, AUR_DISK_written_bytes, AUR_DISK_read_time,
	    AUR_DISK_write_time, AUR_DISK_io_time, AUR_DISK_io_weighted_time};

	fakefeed_set(s, AUR_DOMAIN_DISK, name, AUR_DISK_whole, whole);
	fakefeed_set(s, AUR_DOMAIN_DISK, name, AUR_DISK_counted, counts);
	for (size_t i = 0; i < AUR_ARRAY_LEN(counters); i++)
		fakefeed_set(s, AUR_DOMAIN_DISK, name, counters[i],
		    grown(t / (1 + i % 3), counters[i], 1000));
}

static void add_network(struct aur_sample *s, const char *name, uint64_t t)
{
	static const size_t counters[] = {AUR_NETWORK_receive_bytes,
	    AUR_NETWORK_transmit_bytes, AUR_NETWORK_receive_packets,
	    AUR_NETWORK_transmit_packets, AUR_NETWORK_receive_errors,
	    AUR_NETWORK_transmit_drops};

	for (size_t i = 0; i < AUR_ARRAY_LEN(counters); i++)
		fakefeed_set(s, AUR_DOMAIN_NETWORK, name, counters[i],
		    grown(t, counters[i], 1u << (20 - 3 * i)));
	fakefeed_set(
	    s, AUR_DOMAIN_NETWORK, name, AUR_NETWORK_counted, name[0] == 'e');
}

static void add_whole_host(struct aur_sample *s, uint64_t t, uint64_t since)
{
	fakefeed_set(
	    s, AUR_DOMAIN_AGENT, NULL, AUR_AGENT_pid, t < AGENT_ANEW ? 70 : 71);
	fakefeed_set(s, AUR_DOMAIN_AGENT, NULL, AUR_AGENT_cpu,
	    grown(since, 1, t % 700 < 3 ? 9000000000u : 4000000));
	fakefeed_set(s, AUR_DOMAIN_AGENT, NULL, AUR_AGENT_rss,
	    4000000 + chance(t, 2) % 4096);
	fakefeed_set(s, AUR_DOMAIN_VMSTAT, NULL, AUR_VMSTAT_page_size, 4096);
	fakefeed_set(
	    s, AUR_DOMAIN_VMSTAT, NULL, AUR_VMSTAT_pswpin, grown(since, 3, 90));
	fakefeed_set(
	    s, AUR_DOMAIN_VMSTAT, NULL, AUR_VMSTAT_pswpout, grown(since, 4, 7));
	fakefeed_set(s, AUR_DOMAIN_SOCKET, NULL, AUR_SOCKET_udp_inuse, t % 9);
	if (t > 2000)
		fakefeed_set(
		    s, AUR_DOMAIN_SOCKET, NULL, AUR_SOCKET_udp6_inuse, 3);
	fakefeed_set(s, AUR_DOMAIN_KERNEL, NULL, AUR_KERNEL_context_switches,
	    grown(since, 5, 70000));
	fakefeed_set(
	    s, AUR_DOMAIN_KERNEL, NULL, AUR_KERNEL_files_open, 2000 + t % 50);
	fakefeed_set(s, AUR_DOMAIN_MEMORY, NULL, AUR_MEMORY_free,
	    (1u << 30) + chance(t, 6) % (1u << 28));
	fakefeed_set(s, AUR_DOMAIN_MEMORY, NULL, AUR_MEMORY_available,
	    (3ull << 30) + chance(t, 7) % (1u << 29));
	fakefeed_set(s, AUR_DOMAIN_MEMORY, NULL, AUR_MEMORY_swap_free,
	    (1u << 30) - chance(t / 50, 8) % (1u << 27));
	fakefeed_set(s, AUR_DOMAIN_FILESYSTEM, "/", AUR_FILESYSTEM_files,
	    1000000 + t / 900);
	fakefeed_set(s, AUR_DOMAIN_FILESYSTEM, "/", AUR_FILESYSTEM_files_free,
	    900000 - t);
	fakefeed_set(s, AUR_DOMAIN_FILESYSTEM, "/", AUR_FILESYSTEM_read_only,
	    t / 77 % 2);
}

static struct aur_part *part_of(struct aur_sample *s, enum aur_domain_id id)
{
	struct aur_part *p = aur_sample_part(s, aur_domain_get(id));

	hist_must(p != NULL, "memory");
	return p;
}

/* Readings are older than the sample they are in. */
static void make_older(struct aur_sample *s, uint64_t t)
{
	struct aur_part *net = part_of(s, AUR_DOMAIN_NETWORK);

	part_of(s, AUR_DOMAIN_DISK)->at_ns = -(int64_t)(t % 3) * 100000000;
	part_of(s, AUR_DOMAIN_FILESYSTEM)->at_ns =
	    -(int64_t)(t % 10) * AUR_SECOND_NS;
	for (size_t i = 0; i < net->n; i++)
		net->inst[i].at_ns = -(int64_t)(i * 10000000 + t % 2 * 50000);
	if (t >= MEMORY_GONE && t < MEMORY_GONE + 20)
		aur_part_clear(part_of(s, AUR_DOMAIN_MEMORY));
	else if (t >= NO_AVAILABLE && t < NO_AVAILABLE + 100)
		aur_part_unset(
		    part_of(s, AUR_DOMAIN_MEMORY), 0, AUR_MEMORY_available);
}

static void spoil_modes(struct aur_sample *s, uint64_t t)
{
	struct aur_part *cpu = part_of(s, AUR_DOMAIN_CPU);

	if (t >= IDLE_BACK && t < IDLE_BACK + 10)
		aur_part_set(cpu, 0, AUR_CPU_idle,
		    aur_part_cell(cpu, 0, AUR_CPU_idle) - 250);
	if (t >= USER_ANEW)
		aur_part_set(
		    cpu, 0, AUR_CPU_user, grown(t - USER_ANEW, 9, 100));
	if (t >= IRQ_GONE && t < IRQ_GONE + 50)
		aur_part_unset(cpu, 0, AUR_CPU_irq);
}

static struct aur_sample *next_sample(struct hist *x)
{
	struct aur_sample *s = hist_sample(x, 0);
	uint64_t t = (uint64_t)x->feed[0].seconds;
	uint64_t since = t < REBOOT ? t : t - REBOOT;

	s->mono.ns =
	    (int64_t)(since + 500) * AUR_SECOND_NS + (int64_t)(t % 13) * 10000;
	s->boot = s->mono;
	s->interval.ns = AUR_SECOND_NS;
	s->seq = t;
	memset(s->boot_id, t < REBOOT ? 1 : 2, sizeof(s->boot_id));
	if (t >= SET_BACK)
		s->wall.ns -= 30 * AUR_SECOND_NS;
	add_whole_host(s, t, since);
	add_disk(s, "vda", since, true, true);
	add_disk(s, "vda1", since, false, false);
	if ((t >= DISK_COMES && t < DISK_GOES) || t >= DISK_AGAIN)
		add_disk(s, "vdb", since / 2, true, t < DISK_UNCOUNTED);
	add_network(s, "eth0", t < NET_FALLS ? t + 100 : t - NET_FALLS);
	if (t > 1800)
		add_network(s, "wlan0", since);
	for (unsigned i = 0; i < 99 && t >= MANY && t < MANY + 100; i++) {
		char name[16];

		snprintf(name, sizeof(name), "veth%u", i);
		add_network(s, name, since);
	}
	if (t >= CPU_LESS)
		fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_count, 1);
	make_older(s, t);
	spoil_modes(s, t);
	return s;
}

/* --- recorded ------------------------------------------------------------- */

static int put_block(void *arg, const struct aur_block *b)
{
	struct hist *x = arg;

	return aur_history_put_block(x->h, x->host[0], b->bytes);
}

static bool is_live(uint64_t t)
{
	return (t >= GAP + 100 || t < GAP) && (t < 2000 || t > 2400) &&
	       t < 9500;
}

static bool is_kept_by_host(uint64_t t)
{
	return (t >= 1500 && t < GAP) || (t >= GAP + 100 && t < 3500) ||
	       (t >= 6500 && t < 9000) || t >= 9800;
}

static void record(struct hist *x)
{
	struct aur_packer *p;

	hist_must(aur_packer_new(&p) == 0, "a packer");
	for (unsigned i = 0; i < SECONDS - 40; i++) {
		struct aur_sample *s = next_sample(x);
		uint64_t t = (uint64_t)x->feed[0].seconds;
		int rc = 0;

		if (is_live(t))
			aur_history_put(x->h, x->host[0], s);
		if (!is_kept_by_host(t) ||
		    (rc = aur_packer_add(p, s)) == AUR_ELIMIT)
			rc =
			    aur_packer_finish(p, AUR_PACK_EFFORT, put_block, x);
		if (rc == 0 && is_kept_by_host(t) && aur_packer_rows(p) == 0)
			rc = aur_packer_add(p, s);
		hist_must(rc == 0, "packed");
		aur_sample_unref(s);
	}
	hist_must(
	    aur_packer_finish(p, AUR_PACK_EFFORT, put_block, x) == 0, "packed");
	aur_packer_free(p);
	aur_history_put_end(x->h, x->host[0], true);
	hist_must(aur_history_flush(x->h, aur_span_ms(20000)) == 0, "flushed");
	hist_must(
	    aur_history_tidy(x->h,
		(struct aur_wall){(x->begin + SECONDS + 7200) * AUR_SECOND_NS},
		aur_span_ms(90000)) == 0,
	    "tidied");
}

/* --- summed up ------------------------------------------------------------ */

struct sum {
	double min, max, sum;
	uint64_t n;
};

/* A row of a group, with steps of all tiers of each of its figures. */
struct row {
	enum aur_group_id group;
	char name[32]; /* "" of a group of one */
	struct sum *step[32];
	double *second[32]; /* of each sample, NaN if unknown; NULL: not kept */
};

struct told {
	const struct hist *x;
	struct row row[ROWS];
	size_t n;
	int64_t now; /* the step of ten seconds */
	/* samples in their order */
	struct aur_wall wall[SECONDS];
	bool on[SECONDS];
	size_t samples, hour[HOURS + 1]; /* where each begins */
};

static struct row *find_row(
    struct told *told, enum aur_group_id group, const char *name)
{
	struct row *r = told->row;

	for (size_t i = 0; i < told->n; i++, r++)
		if (r->group == group && strcmp(r->name, name) == 0)
			return r;
	hist_must(told->n < ROWS, "few rows");
	told->n++;
	r->group = group;
	snprintf(r->name, sizeof(r->name), "%s", name);
	for (size_t k = 0; k < aur_group_get(group)->n; k++) {
		r->step[k] = calloc(STEPS, sizeof(struct sum));
		hist_must(r->step[k] != NULL, "memory");
		if (strncmp(name, "veth", 4) == 0)
			continue;
		r->second[k] = malloc(SECONDS * sizeof(double));
		hist_must(r->second[k] != NULL, "memory");
		for (size_t s = 0; s < SECONDS; s++)
			r->second[k][s] = NAN;
	}
	return r;
}

static void sum_value(
    struct sum *s, double min, double max, double sum, uint64_t n)
{
	if (n == 0)
		return;
	s->min = s->n == 0 || min < s->min ? min : s->min;
	s->max = s->n == 0 || max > s->max ? max : s->max;
	s->sum += sum;
	s->n += n;
}

static void name_row(
    struct aur_figures *f, enum aur_group_id group, size_t i, char name[32])
{
	struct aur_value v;

	aur_figures_get(f, aur_group_get(group)->first, i, &v);
	if (v.type == AUR_VALUE_INT)
		snprintf(name, 32, "%d", (int)v.i);
	else
		snprintf(name, 32, "%.*s", (int)v.s.n, (const char *)v.s.p);
}

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct told *told = arg;
	int64_t step = (now->wall.ns / AUR_SECOND_NS - told->x->begin) / 10;
	struct aur_figures f;

	/* a clock that is set back does not bring steps back */
	told->now = step > told->now ? step : told->now;
	hist_must(told->samples < SECONDS, "a sample a second");
	told->wall[told->samples] = now->wall;
	told->on[told->samples] = before != NULL;
	hist_must(aur_figures_init(&f, before, now) == 0, "figures");
	for (unsigned g = 0; g < AUR_GROUP_COUNT; g++) {
		const struct aur_group *group = aur_group_get(g);

		for (size_t i = 0; i < aur_figures_rows(&f, g); i++) {
			char name[32] = "";
			struct row *r;

			if (g == AUR_GROUP_PROCESSES)
				break;
			if (group->many)
				name_row(&f, g, i, name);
			r = find_row(told, g, name);
			for (unsigned k = 0; k < group->n; k++) {
				struct aur_value v;
				double d;

				aur_figures_get(&f, group->first + k, i, &v);
				if (!aur_value_number(&v, &d) || !isfinite(d))
					continue;
				sum_value(&r->step[k][told->now], d, d, d, 1);
				if (r->second[k] != NULL)
					r->second[k][told->samples] = d;
			}
		}
	}
	told->samples++;
	aur_figures_release(&f);
	return 0;
}

/* Steps of the coarser tiers stand behind those of the finest. */
static void sum_tiers(struct told *told)
{
	for (size_t i = 0; i < told->n; i++) {
		struct row *r = &told->row[i];

		for (size_t k = 0; k < aur_group_get(r->group)->n; k++) {
			struct sum *ten = r->step[k];
			struct sum *minute = ten + SECONDS / 10;
			struct sum *quarter = minute + SECONDS / 60;

			for (int s = 0; s < SECONDS / 10; s++)
				sum_value(&minute[s / 6], ten[s].min,
				    ten[s].max, ten[s].sum, ten[s].n);
			for (int s = 0; s < SECONDS / 60; s++)
				sum_value(&quarter[s / 15], minute[s].min,
				    minute[s].max, minute[s].sum, minute[s].n);
		}
	}
}

/* --- compared ------------------------------------------------------------- */

struct compare {
	const struct told *told;
	enum aur_figure_id figure;
	const struct sum *step;
	int64_t seconds; /* of one */
	size_t bad, n;
};

static bool is_same(enum aur_figure_id id, double want, double got)
{
	return aur__roll_decode(id, aur__roll_encode(id, want)) == got;
}

static int on_rolled(void *arg, const struct aur__rolled *row)
{
	struct compare *c = arg;
	int64_t i =
	    (row->at.ns / AUR_SECOND_NS - c->told->x->begin) / c->seconds;
	const struct sum *s = &c->step[i];

	c->n++;
	if (s->n != row->n || !is_same(c->figure, s->min, row->min) ||
	    !is_same(c->figure, s->max, row->max) ||
	    !is_same(c->figure, s->sum / (double)s->n, row->mean)) {
		if (c->bad++ == 0)
			printf("# %s at %d: %llu, %.9g %.9g %.9g\n"
			       "#  is %llu, %.9g %.9g %.9g\n",
			    aur_figure_get(c->figure)->name,
			    (int)(i * c->seconds), (unsigned long long)s->n,
			    s->min, s->sum / (double)s->n, s->max,
			    (unsigned long long)row->n, row->min, row->mean,
			    row->max);
	}
	return 0;
}

/* One figure of a row in one tier; how many steps have values. */
static size_t compare(const struct told *told, const struct row *r, size_t k,
    size_t tier, size_t *bad)
{
	const struct aur_group *g = aur_group_get(r->group);
	struct aur_metric m = {
	    .group = r->group, .figure = (enum aur_figure_id)(g->first + k)};
	struct compare c = {.told = told,
	    .figure = m.figure,
	    .step = r->step[k],
	    .seconds = aur__tiers[tier].step};
	size_t n = 0;

	if (!aur__roll_has(m.figure))
		return 0;
	snprintf(m.instance, sizeof(m.instance), "%s", r->name);
	c.step += tier > 0 ? SECONDS / 10 : 0;
	c.step += tier > 1 ? SECONDS / 60 : 0;
	for (int64_t i = 0; i < SECONDS / c.seconds; i++)
		n += c.step[i].n > 0;
	hist_must(
	    aur__roll_read(&told->x->h->weeks, 1, &aur__tiers[tier], &m,
		(struct aur_wall){told->x->begin * AUR_SECOND_NS},
		(struct aur_wall){(told->x->begin + SECONDS) * AUR_SECOND_NS},
		on_rolled, &c) == 0,
	    "the tier is read");
	if (c.n != n && c.bad == 0)
		printf("# %s: %zu steps, not %zu\n",
		    aur_figure_get(m.figure)->name, c.n, n);
	*bad += c.bad > 0 || c.n != n;
	return n;
}

static void compare_all(struct told *told)
{
	for (unsigned g = 0; g < AUR_GROUP_COUNT; g++) {
		size_t bad = 0, n = 0, rows = 0;

		for (size_t i = 0; i < told->n; i++) {
			if (told->row[i].group != g)
				continue;
			rows++;
			for (size_t k = 0; k < aur_group_get(g)->n; k++)
				for (size_t t = 0; t < AUR__TIERS; t++)
					n += compare(
					    told, &told->row[i], k, t, &bad);
		}
		if (rows > 0)
			tap_eq_u64(bad, 0, aur_group_get(g)->name);
		printf("# %zu rows, %zu steps\n", rows, n);
	}
}

/* --- by the second -------------------------------------------------------- */

struct seconds {
	const struct told *told;
	const double *want;
	size_t at, bad;
};

static bool is_same_number(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b;
}

static int on_seconds(void *arg, const struct aur__quick_run *run)
{
	struct seconds *s = arg;
	const struct told *t = s->told;

	for (size_t k = 0; k < run->n; k++, s->at++) {
		hist_must(s->at < t->samples, "no more than there are");
		if (run->wall[run->row[k]].ns == t->wall[s->at].ns &&
		    run->on[k] == t->on[s->at] &&
		    is_same_number(s->want[s->at], run->value[k]))
			continue;
		if (s->bad++ == 0)
			printf("# sample %zu: is %.17g, not %.17g\n", s->at,
			    run->value[k], s->want[s->at]);
	}
	return 0;
}

static struct aur_wall hour(const struct told *t, int64_t h)
{
	return (struct aur_wall){(t->x->begin + h * 3600) * AUR_SECOND_NS};
}

static size_t read_seconds(struct aur__source *source, const struct told *told,
    const struct aur_metric *m, const double *want)
{
	struct seconds s = {.told = told, .want = want};

	for (int64_t h = 0; h < HOURS; h++) {
		hist_must(aur__quick(source, m, hour(told, h),
			      hour(told, h + 1), false, on_seconds, &s) == 0,
		    "columns");
		s.bad += s.at != told->hour[h + 1];
	}
	return s.bad;
}

/* A value is of the time since the one before. */
static void draw(struct aur_point *p, double *sum, double v)
{
	if (p->n == 0 || v < (double)p->min)
		p->min = (float)v;
	if (p->n == 0 || v > (double)p->max)
		p->max = (float)v;
	*sum += v;
	p->n++;
}

/* Steps of an hour, the plain way. */
static void draw_hour(const struct told *t, const double *want, int64_t h,
    struct aur_point *p, double *sum, int64_t n)
{
	int64_t step = 3600 * AUR_SECOND_NS / n, was = -1;

	for (size_t s = t->hour[h]; s < t->hour[h + 1]; s++) {
		int64_t at = t->wall[s].ns - hour(t, h).ns;

		if (!t->on[s] || isnan(want[s]))
			was = -1;
		if (isnan(want[s]))
			continue;
		draw(&p[at / step], &sum[at / step], want[s]);
		for (int64_t i = (was + 1) / step;
		     was >= 0 && at - was - 1 > step && i <= at / step; i++)
			if (p[i].n == 0)
				draw(&p[i], &sum[i], want[s]);
		was = at;
	}
}

/* How many steps of an hour are others than samples say. */
static size_t read_points(const struct told *told, const struct aur_metric *m,
    const double *want, int64_t h, size_t n)
{
	struct aur_point *got = calloc(n, sizeof(*got));
	struct aur_point *p = calloc(n, sizeof(*p));
	double *sum = calloc(n, sizeof(*sum));
	size_t bad = 0;

	hist_must(got != NULL && p != NULL && sum != NULL, "memory");
	hist_must(aur_history_points(told->x->h, told->x->host[0], m,
		      hour(told, h), hour(told, h + 1), got, n) == 0,
	    "points");
	draw_hour(told, want, h, p, sum, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		float mean = (float)(sum[i] / (double)p[i].n);

		if (got[i].n == p[i].n &&
		    (p[i].n == 0 ||
			(got[i].min == p[i].min && got[i].max == p[i].max &&
			    got[i].mean == mean)))
			continue;
		if (bad++ == 0)
			printf("# step %zu of %zu: is %u, %.9g, not %u, %.9g\n",
			    i, n, got[i].n, (double)got[i].mean, p[i].n,
			    (double)mean);
	}
	free(got);
	free(p);
	free(sum);
	return bad;
}

/* One figure of a row, from columns, as values and as points. */
static void compare_row(struct aur__source *source, const struct told *told,
    const struct row *r, size_t k, size_t *bad)
{
	const struct aur_group *g = aur_group_get(r->group);
	struct aur_metric m = {
	    .group = r->group, .figure = (enum aur_figure_id)(g->first + k)};
	size_t values, points = 0;

	snprintf(m.instance, sizeof(m.instance), "%s", r->name);
	values = read_seconds(source, told, &m, r->second[k]);
	for (int64_t h = 0; h < HOURS; h++) {
		/* the clock was set back in the second */
		size_t n = h == 1 ? 0 : h == 0 ? 3600 : 7200;

		if (n > 0)
			points += read_points(told, &m, r->second[k], h, n);
	}
	if (values + points > 0)
		printf("# %s[%s].%s\n", g->name, r->name,
		    aur_figure_get(m.figure)->name);
	bad[0] += values > 0;
	bad[1] += points > 0;
}

static void compare_seconds(struct aur__source *source, const struct told *told)
{
	size_t bad[2] = {0, 0}, n = 0;

	for (size_t i = 0; i < told->n; i++) {
		const struct row *r = &told->row[i];
		const struct aur_group *g = aur_group_get(r->group);

		for (size_t k = 0; k < g->n; k++)
			if (aur__roll_has(g->first + k) &&
			    r->second[k] != NULL) {
				compare_row(source, told, r, k, bad);
				n++;
			}
	}
	tap_eq_u64(bad[0], 0, "columns tell what samples do");
	tap_eq_u64(bad[1], 0, "and so do points of a second and of half");
	tap_ok(n > 120, "of many figures");
	printf("# %zu figures\n", n);
}

static void free_told(struct told *told)
{
	for (size_t i = 0; i < told->n; i++)
		for (size_t k = 0; k < 32; k++) {
			free(told->row[i].step[k]);
			free(told->row[i].second[k]);
		}
	free(told);
}

static void test_rolls(void)
{
	struct aur__mask all = {.domains = ~(uint64_t)0};
	struct told *told = calloc(1, sizeof(*told));
	struct aur__source source;
	struct hist x;

	hist_must(told != NULL, "memory");
	hist_open(&x, true);
	record(&x);
	tap_eq_int(hist_rows(&x, "hour"), 0, "no hour waits");
	told->x = &x;
	aur__read_begin(x.h);
	hist_must(aur__source_of(x.h, x.host[0], &source) == 0, "a source");
	/* hour by hour, as they are rolled up */
	for (int64_t h = 0; h < HOURS; h++) {
		hist_must(aur__walk(&source, hour(told, h), hour(told, h + 1),
			      all, false, on_sample, told) == 0,
		    "samples");
		told->hour[h + 1] = told->samples;
	}
	sum_tiers(told);
	compare_all(told);
	compare_seconds(&source, told);
	aur__read_end(x.h);
	free_told(told);
	hist_close(&x);
}

int main(void)
{
	test_rolls();
	return tap_done();
}
