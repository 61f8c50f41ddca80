/* SPDX-License-Identifier: MIT */
/*
 * The time of now has no tiers yet, and lies in the log as frames: of those
 * only the numbers that matter are decoded, once for all figures. What was
 * rolled up or packed is read as points.
 */
#include "history/spike_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "history/walk_int.h"

#include <math.h>

#define MINUTE_NS (60 * AUR_SECOND_NS)
#define QUARTER 15u /* minutes */
#define WORRY 90.0
/* Of a quarter that has so many samples nothing more comes. */
#define FULL (QUARTER * 55u)
/* Of others, where hosts may still fill in what they kept: read again then. */
#define AGAIN_NS (60 * AUR_SECOND_NS)
#define SETTLED_NS (3 * 86400 * AUR_SECOND_NS)
/* Of one host; when there are more, all are forgotten. */
#define QUARTERS_MOST 4096u

static const struct {
	struct aur_metric metric;
	const char *text;
} figures[] = {
    {{AUR_GROUP_CPU, AUR_FIG_cpu_busy_percent, ""}, "CPU"},
    {{AUR_GROUP_MEMORY, AUR_FIG_memory_used_percent, ""}, "memory"},
    {{AUR_GROUP_PRESSURE, AUR_FIG_pressure_cpu_some_percent, ""},
	"CPU pressure"},
    {{AUR_GROUP_PRESSURE, AUR_FIG_pressure_memory_full_percent, ""},
	"memory pressure"},
    {{AUR_GROUP_PRESSURE, AUR_FIG_pressure_io_full_percent, ""},
	"I/O pressure"},
};
#define FIGURES AUR_ARRAY_LEN(figures)
#define DOMAINS                                                                \
	(AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(MEMORY) |                      \
	    AUR_WANT_DOMAIN(PRESSURE))

struct quarter {
	int64_t number;
	bool final;
	struct aur_wall last; /* of the host, when it was read */
	struct aur_mono read_at;
	struct aur__spike *spike; /* in order of time, owned */
	size_t n;
};

struct host {
	struct quarter *quarter; /* ascending */
	size_t n, cap;
	bool asked;
	struct aur_wall from, last; /* 0: nothing is kept; once asked */
};

struct aur__spikes {
	struct aur_history *h;
	struct host *host; /* by number in the store */
	size_t nhost;
	struct aur__cache *cache; /* while it reads */
};

int aur__spikes_new(struct aur__spikes **ret_s, struct aur_history *h)
{
	struct aur__spikes *s = aur_mem_new(1, sizeof(*s));

	if (s == NULL)
		return AUR_ENOMEM;
	s->h = h;
	*ret_s = s;
	return 0;
}

static void forget(struct host *host)
{
	for (size_t i = 0; i < host->n; i++)
		aur_mem_free(host->quarter[i].spike);
	host->n = 0;
}

void aur__spikes_rest(struct aur__spikes *s)
{
	aur__cache_free(s->cache);
	s->cache = NULL;
	for (size_t i = 0; i < s->nhost; i++)
		s->host[i].asked = false;
}

void aur__spikes_free(struct aur__spikes *s)
{
	if (s == NULL)
		return;
	aur__spikes_rest(s);
	for (size_t i = 0; i < s->nhost; i++) {
		forget(&s->host[i]);
		aur_mem_free(s->host[i].quarter);
	}
	aur_mem_free(s->host);
	aur_mem_free(s);
}

/* --- what is remembered --------------------------------------------------- */

/* Where quarter `number` is, or would be. */
static size_t place_of(const struct host *host, int64_t number)
{
	size_t lo = 0, hi = host->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (host->quarter[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct quarter *find(const struct host *host, int64_t number)
{
	size_t i = place_of(host, number);

	return i < host->n && host->quarter[i].number == number
		   ? &host->quarter[i]
		   : NULL;
}

/* Its place, emptied. NULL: no memory. */
static struct quarter *renew(struct host *host, int64_t number)
{
	size_t i = place_of(host, number);
	struct quarter *q;

	if (i == host->n || host->quarter[i].number != number) {
		if (host->n == host->cap) {
			size_t cap = host->cap * 2 + 32;

			q = aur_mem_grow(host->quarter, cap, sizeof(*q));
			if (q == NULL)
				return NULL;
			host->quarter = q;
			host->cap = cap;
		}
		memmove(&host->quarter[i + 1], &host->quarter[i],
		    (host->n - i) * sizeof(*q));
		host->n++;
	} else {
		aur_mem_free(host->quarter[i].spike);
	}
	q = &host->quarter[i];
	*q = (struct quarter){.number = number};
	return q;
}

static bool is_known(
    const struct host *host, int64_t number, struct aur_wall last)
{
	const struct quarter *q = find(host, number);

	return q != NULL &&
	       (q->final ||
		   (q->last.ns == last.ns &&
		       aur_clock_mono().ns - q->read_at.ns < AGAIN_NS));
}

static struct host *host_at(struct aur__spikes *s, size_t number)
{
	struct host *mem;

	if (number >= s->nhost) {
		mem = aur_mem_grow(s->host, number + 1, sizeof(*mem));
		if (mem == NULL)
			return NULL;
		memset(
		    mem + s->nhost, 0, (number + 1 - s->nhost) * sizeof(*mem));
		s->host = mem;
		s->nhost = number + 1;
	}
	return &s->host[number];
}

/* --- minutes -------------------------------------------------------------- */

struct minute {
	double sum[FIGURES];
	uint32_t n[FIGURES];
};

struct minutes {
	struct aur_wall from;
	size_t n;
	struct minute *minute;
};

static struct aur_wall begin_of(const struct minutes *m, size_t i)
{
	return (struct aur_wall){m->from.ns + (int64_t)i * MINUTE_NS};
}

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	struct minutes *m = arg;
	int64_t i = (now->wall.ns - m->from.ns) / MINUTE_NS;
	struct aur_figures f;
	int rc;

	if (i < 0 || (uint64_t)i >= m->n)
		return 0;
	rc = aur_figures_init(&f, before, now);
	if (rc < 0)
		return rc;
	for (size_t k = 0; k < FIGURES; k++) {
		struct aur_value v = {0};
		double d;

		aur_figures_get(&f, figures[k].metric.figure, 0, &v);
		if (!aur_value_number(&v, &d) || isnan(d))
			continue;
		m->minute[i].sum[k] += d;
		m->minute[i].n[k]++;
	}
	aur_figures_release(&f);
	return 0;
}

/* Minutes [first, end) from samples. */
static int read_samples(
    struct aur__source *s, struct minutes *m, size_t first, size_t end)
{
	struct aur__mask mask = {.domains = DOMAINS};

	return aur__walk(
	    s, begin_of(m, first), begin_of(m, end), mask, false, on_sample, m);
}

static int read_points(struct aur__spikes *s, size_t host, struct minutes *m,
    size_t first, size_t end)
{
	struct aur_point point[AUR__QUARTERS * QUARTER + 1];
	size_t n = end - first;
	int rc = 0;

	if (n > AUR_ARRAY_LEN(point))
		return AUR_ELIMIT;
	for (size_t k = 0; rc == 0 && n > 0 && k < FIGURES; k++) {
		rc = aur_history_points(s->h, host, &figures[k].metric,
		    begin_of(m, first), begin_of(m, end), point, n);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			struct minute *to = &m->minute[first + i];

			to->n[k] = point[i].n;
			if (point[i].n > 0)
				to->sum[k] = (double)point[i].mean * point[i].n;
		}
	}
	return rc;
}

/* Which minutes the log has a part in. */
static int find_log(struct aur__source *s, const struct minutes *m,
    size_t *ret_first, size_t *ret_end)
{
	struct aur__segs segs;
	int64_t first = (int64_t)m->n, end = 0;
	int rc =
	    aur__segs_find(&segs, s, m->from, begin_of(m, m->n), AUR__IN_LOG);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < segs.n; i++) {
		int64_t a = (segs.seg[i].at.from.ns - m->from.ns) / MINUTE_NS;
		int64_t b = (segs.seg[i].at.to.ns - m->from.ns) / MINUTE_NS;

		first = a < first ? a : first;
		end = b >= end ? b + 1 : end;
	}
	aur__segs_release(&segs);
	first = first > 0 ? first : 0;
	end = end < (int64_t)m->n ? end : (int64_t)m->n;
	*ret_first = (size_t)(first < end ? first : end);
	*ret_end = (size_t)end;
	return 0;
}

static int read_minutes(struct aur__spikes *s, size_t host, struct minutes *m)
{
	struct aur__source source;
	size_t first, end;
	int rc = aur__source_of(s->h, host, &source);

	if (rc == 0 && s->cache == NULL) {
		rc = aur__cache_new(&s->cache);
		if (rc == 0)
			s->cache->only = DOMAINS;
	}
	if (rc < 0)
		return rc;
	source.cache = s->cache;
	rc = find_log(&source, m, &first, &end);
	if (rc == 0)
		rc = read_points(s, host, m, 0, first);
	if (rc == 0 && first < end)
		rc = read_samples(&source, m, first, end);
	if (rc == 0)
		rc = read_points(s, host, m, end, m->n);
	return rc;
}

/* --- quarters ------------------------------------------------------------- */

static double mean_of(const struct minute *m, size_t figure)
{
	return m->n[figure] > 0 ? m->sum[figure] / m->n[figure] : NAN;
}

/* Which figure rises at a minute; FIGURES: none. The first says enough. */
static size_t rises(const struct minute *m)
{
	for (size_t k = 0; k < FIGURES; k++)
		if (mean_of(m, k) > WORRY && mean_of(m - 1, k) <= WORRY)
			return k;
	return FIGURES;
}

/* From its minutes; there is one before the first. */
static int take_quarter(struct quarter *q, const struct minute *m,
    struct aur_wall last, struct aur_wall now)
{
	struct aur_wall begin = {q->number * AUR__QUARTER_NS};
	struct aur_wall end = {begin.ns + AUR__QUARTER_NS};
	struct aur__spike spike[QUARTER];
	uint64_t samples = 0;

	for (size_t i = 0; i < QUARTER; i++) {
		size_t k = rises(&m[i]);

		samples += m[i].n[0];
		if (k < FIGURES)
			spike[q->n++] = (struct aur__spike){
			    {begin.ns + (int64_t)i * MINUTE_NS},
			    figures[k].text, mean_of(&m[i], k)};
	}
	q->last = last;
	q->read_at = aur_clock_mono();
	q->final = end.ns <= last.ns &&
		   (samples >= FULL || end.ns < now.ns - SETTLED_NS);
	if (q->n == 0)
		return 0;
	q->spike = aur_mem_new(q->n, sizeof(*spike));
	if (q->spike == NULL) {
		q->n = 0;
		q->final = false;
		return AUR_ENOMEM;
	}
	memcpy(q->spike, spike, q->n * sizeof(*spike));
	return 0;
}

/* All of [first, end), in one go. */
static int read_run(struct aur__spikes *s, struct host *host, size_t number,
    int64_t first, int64_t end, struct aur_wall last)
{
	struct minutes m = {
	    .from = {first * AUR__QUARTER_NS - MINUTE_NS},
	    .n = (size_t)(end - first) * QUARTER + 1,
	};
	struct aur_wall now = aur_clock_wall();
	int rc;

	m.minute = aur_mem_new(m.n, sizeof(*m.minute));
	if (m.minute == NULL)
		return AUR_ENOMEM;
	rc = read_minutes(s, number, &m);
	if (host->n + AUR__QUARTERS > QUARTERS_MOST)
		forget(host);
	for (int64_t i = first; rc == 0 && i < end; i++) {
		struct quarter *q = renew(host, i);

		rc = q == NULL
			 ? AUR_ENOMEM
			 : take_quarter(q,
			       m.minute + 1 + (size_t)(i - first) * QUARTER,
			       last, now);
	}
	aur_mem_free(m.minute);
	return rc;
}

bool aur__spikes_bounds(struct aur__spikes *s, size_t number,
    struct aur_wall *ret_from, struct aur_wall *ret_last)
{
	struct host *host = host_at(s, number);

	if (host == NULL)
		return false;
	if (!host->asked &&
	    !aur__read_extent(s->h, number, &host->from, &host->last))
		host->from.ns = host->last.ns = 0;
	host->asked = true;
	*ret_from = host->from;
	*ret_last = host->last;
	return host->last.ns != 0;
}

int aur__spikes_read(
    struct aur__spikes *s, size_t number, int64_t first, size_t n)
{
	struct host *host = host_at(s, number);
	struct aur_wall from, last;
	int64_t end = first + (int64_t)n;
	int rc = 0;

	if (host == NULL)
		return AUR_ENOMEM;
	if (!aur__spikes_bounds(s, number, &from, &last))
		return 0;
	while (first < end && is_known(host, first, last))
		first++;
	while (first < end && is_known(host, end - 1, last))
		end--;
	if (first == end)
		return 0;
	aur__read_begin(s->h);
	rc = read_run(s, host, number, first, end, last);
	aur__read_end(s->h);
	return rc;
}

const struct aur__spike *aur__spikes_near(const struct aur__spikes *s,
    size_t number, int64_t first, size_t n, struct aur_wall at, int dir)
{
	const struct aur__spike *best = NULL;
	const struct host *host;

	if (number >= s->nhost)
		return NULL;
	host = &s->host[number];
	for (size_t i = place_of(host, first);
	     i < host->n && host->quarter[i].number < first + (int64_t)n; i++)
		for (size_t k = 0; k < host->quarter[i].n; k++) {
			const struct aur__spike *spike =
			    &host->quarter[i].spike[k];

			if (dir < 0 && spike->at.ns < at.ns)
				best = spike;
			if (dir > 0 && spike->at.ns > at.ns && best == NULL)
				best = spike;
		}
	return best;
}
