/* SPDX-License-Identifier: MIT */
/*
 * Two samples, subtracted. The instances of each part are matched once, at
 * the start: in one pass down both where both ascend (processes, cores), else
 * by trying the next place first and asking a sorted index after that, which
 * is only made when it is needed. A search for each cell was not taken: with
 * 100,000 processes a screen asks several cells of each.
 *
 * What comes from elsewhere is hostile, so times saturate, and keys that
 * should ascend are not believed to.
 */
#include "model/rate.h"

#include "base/compiler.h"
#include "base/err.h"
#include "base/mem.h"
#include "model/sample_int.h"

#include <assert.h>
#include <math.h>

#define NONE UINT32_MAX

/* What starts of processes are counted in. */
#define TICK_NS (AUR_SECOND_NS / 100)

/* Suspends are seconds long, the distance of two clock readings is not. */
#define SUSPEND_LEAST_NS (AUR_SECOND_NS / 2)
#define STEP_LEAST_NS AUR_SECOND_NS

/* A step back of idle or iowait that is no reset, in their unit of 10 ms:
 * larger ones come from a CPU that was away. */
#define STEP_BACK_MOST 300u

static bool same_boot(const struct aur_sample *a, const struct aur_sample *b)
{
	return memcmp(a->boot_id, b->boot_id, sizeof(a->boot_id)) == 0;
}

static bool is_gap(const struct aur_sample *before,
    const struct aur_sample *now, struct aur_span over)
{
	int64_t interval = now->interval.ns;

	if (now->seq - before->seq > 1)
		return true;
	return interval > 0 && over.ns / 5 > interval / 2;
}

static unsigned flaws_of(const struct aur_sample *before,
    const struct aur_sample *now, struct aur_span over)
{
	struct aur_span boot = aur_mono_since(now->boot, before->boot);
	struct aur_span wall = aur_wall_since(now->wall, before->wall);
	double suspended =
	    aur_span_in_seconds(boot) - aur_span_in_seconds(over);
	double stepped = aur_span_in_seconds(wall) - aur_span_in_seconds(boot);
	unsigned flaws = 0;

	if (!same_boot(before, now))
		return AUR_FLAW_REBOOT;
	if (over.ns <= 0)
		flaws |= AUR_FLAW_CLOCK;
	if (is_gap(before, now, over))
		flaws |= AUR_FLAW_GAP;
	if (suspended * AUR_SECOND_NS > SUSPEND_LEAST_NS)
		flaws |= AUR_FLAW_SUSPEND;
	if (fabs(stepped) * AUR_SECOND_NS > STEP_LEAST_NS)
		flaws |= AUR_FLAW_STEP;
	return flaws;
}

static bool ascends(const struct aur_part *p)
{
	for (size_t i = 1; i < p->n; i++)
		if (aur__key_cmp(&p->inst[i - 1].key, &p->inst[i].key) >= 0)
			return false;
	return true;
}

static void join_ascending(
    const struct aur_part *was, const struct aur_part *part, uint32_t *match)
{
	size_t j = 0;

	for (size_t i = 0; i < part->n; i++) {
		const struct aur_key *key = &part->inst[i].key;
		int c = 1;

		while (j < was->n &&
		       (c = aur__key_cmp(&was->inst[j].key, key)) < 0)
			j++;
		match[i] = j < was->n && c == 0 ? (uint32_t)j : NONE;
	}
}

/* A key of the earlier part and where it stands. */
struct place {
	struct aur_key key;
	uint32_t at;
};

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return aur__key_cmp(&x->key, &y->key);
}

static struct place *make_index(const struct aur_part *was)
{
	struct place *index = aur_mem_new(was->n, sizeof(*index));

	if (index == NULL)
		return NULL;
	for (size_t i = 0; i < was->n; i++)
		index[i] = (struct place){was->inst[i].key, (uint32_t)i};
	qsort(index, was->n, sizeof(*index), place_cmp);
	return index;
}

static int join_any(
    const struct aur_part *was, const struct aur_part *part, uint32_t *match)
{
	struct place *index = NULL;
	size_t next = 0;

	for (size_t i = 0; i < part->n; i++) {
		struct place want = {part->inst[i].key, 0}, *found;

		if (next >= was->n ||
		    aur__key_cmp(&was->inst[next].key, &want.key) != 0) {
			if (index == NULL)
				index = make_index(was);
			if (index == NULL)
				return AUR_ENOMEM;
			found = bsearch(
			    &want, index, was->n, sizeof(want), place_cmp);
			if (found == NULL) {
				match[i] = NONE;
				continue;
			}
			next = found->at;
		}
		match[i] = (uint32_t)next++;
	}
	aur_mem_free(index);
	return 0;
}

/* Names are numbers of one table; those of two tables mean nothing to each
 * other. */
static bool comparable(const struct aur_part *was, const struct aur_part *part)
{
	if (was == NULL || was->n == 0 || part->n == 0)
		return false;
	if (part->domain->key == AUR_KEY_STRING ||
	    part->domain->key == AUR_KEY_LABELS)
		return was->strs == part->strs;
	return true;
}

/* `match`: room for as many as the part has. */
static int match_part(struct aur_rates *r, size_t nth, uint32_t *match)
{
	const struct aur_part *part = &r->now->part[nth];
	const struct aur_part *was = aur_sample_find(r->before, part->domain);

	if (!comparable(was, part))
		return 0;
	r->match[nth] = match;
	r->was[nth] = was;
	if (!ascends(was) || !ascends(part))
		return join_any(was, part, r->match[nth]);
	join_ascending(was, part, r->match[nth]);
	return 0;
}

static int match_all(struct aur_rates *r)
{
	size_t n = r->now->npart, insts = 0, at = 0;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		insts += r->now->part[i].n;
	r->match = aur_mem_new(n, sizeof(r->match[0]));
	r->was = aur_mem_new(n, sizeof(r->was[0]));
	/* each is written before it is read */
	r->mem = aur_mem_grow(NULL, insts + 1, sizeof(r->mem[0]));
	if (r->match == NULL || r->was == NULL || r->mem == NULL)
		return AUR_ENOMEM;
	r->npart = n;
	for (size_t i = 0; i < n; i++) {
		int rc = match_part(r, i, r->mem + at);

		if (rc < 0)
			return rc;
		at += r->now->part[i].n;
	}
	return 0;
}

int aur_rates_init(
    struct aur_rates *r, struct aur_sample *before, struct aur_sample *now)
{
	struct aur_rates made = {0};
	int rc;

	made.now = aur_sample_ref(now);
	made.before = aur_sample_ref(before);
	if (before == NULL) {
		made.flaws = AUR_FLAW_FIRST;
		*r = made;
		return 0;
	}
	made.over = aur_mono_since(now->mono, before->mono);
	made.flaws = flaws_of(before, now, made.over);
	if ((made.flaws & (AUR_FLAW_REBOOT | AUR_FLAW_CLOCK)) == 0) {
		rc = match_all(&made);
		if (rc < 0) {
			aur_rates_release(&made);
			return rc;
		}
	}
	*r = made;
	return 0;
}

void aur_rates_release(struct aur_rates *r)
{
	aur_mem_free(r->mem);
	aur_mem_free(r->match);
	aur_mem_free(r->was);
	aur_sample_unref((struct aur_sample *)r->before);
	aur_sample_unref((struct aur_sample *)r->now);
	*r = (struct aur_rates){0};
}

/* The earlier part, with the index of the instance in it. */
static const struct aur_part *earlier(const struct aur_rates *r,
    const struct aur_part *part, size_t i, size_t *ret_at)
{
	size_t nth = (size_t)(part - r->now->part);

	if (nth >= r->npart || r->match[nth] == NULL || i >= part->n ||
	    r->match[nth][i] == NONE)
		return NULL;
	*ret_at = r->match[nth][i];
	return r->was[nth];
}

ptrdiff_t aur_rates_match(
    const struct aur_rates *r, const struct aur_part *part, size_t i)
{
	size_t at;

	return earlier(r, part, i, &at) != NULL ? (ptrdiff_t)at : -1;
}

/* The earlier part that a process is not in, though it was started after that
 * was read: all that it has counted, it has counted since. NULL elsewhere. Its
 * key tells the start in hundredths of a second of the boot clock, rounded
 * down. */
static const struct aur_part *born_after(
    const struct aur_rates *r, const struct aur_part *part, size_t i)
{
	size_t nth = (size_t)(part - r->now->part);
	const struct aur_key *key = &part->inst[i].key;
	const struct aur_part *was;
	struct aur_mono read;

	if (part->domain->key != AUR_KEY_PROCESS || nth >= r->npart ||
	    i >= part->n || r->was[nth] == NULL || r->match[nth][i] != NONE)
		return NULL;
	was = r->was[nth];
	read = aur_mono_add(r->before->boot, (struct aur_span){was->at_ns});
	return key->v[1] <= INT64_MAX / TICK_NS - 1 &&
		       (int64_t)(key->v[1] + 1) * TICK_NS > read.ns
		   ? was
		   : NULL;
}

static struct aur_mono part_read_at(
    const struct aur_sample *s, const struct aur_part *p)
{
	return aur_mono_add(s->mono, (struct aur_span){p->at_ns});
}

static struct aur_mono read_at(
    const struct aur_sample *s, const struct aur_part *p, size_t i)
{
	return aur_mono_add(
	    part_read_at(s, p), (struct aur_span){p->inst[i].at_ns});
}

bool aur_rates_span(struct aur_rates *r, const struct aur_part *part, size_t i,
    struct aur_span *ret_span)
{
	size_t at;
	const struct aur_part *was = earlier(r, part, i, &at);
	const struct aur_part *born =
	    was == NULL ? born_after(r, part, i) : NULL;
	struct aur_mono from;
	struct aur_span over;

	if (was == NULL && born == NULL)
		return false;
	from = was != NULL ? read_at(r->before, was, at)
			   : part_read_at(r->before, born);
	over = aur_mono_since(read_at(r->now, part, i), from);
	if (over.ns <= 0)
		return false;
	*ret_span = over;
	return true;
}

/* Whether the kernel says of this field that it may step back. */
static bool may_step_back(const struct aur_domain *d, size_t f)
{
	if (d == aur_domain_get(AUR_DOMAIN_CPU))
		return f == AUR_CPU_idle || f == AUR_CPU_iowait;
	if (d == aur_domain_get(AUR_DOMAIN_CORE))
		return f == AUR_CORE_idle || f == AUR_CORE_iowait;
	return false;
}

static bool growth_u64(const struct aur_domain *d, size_t f, uint64_t was,
    uint64_t now, double *ret)
{
	if (now >= was) {
		*ret = (double)(now - was);
		return true;
	}
	*ret = 0;
	return was - now <= STEP_BACK_MOST && may_step_back(d, f);
}

static bool growth_f64(uint64_t was, uint64_t now, double *ret)
{
	double a, b;

	memcpy(&a, &was, sizeof(a));
	memcpy(&b, &now, sizeof(b));
	*ret = b - a;
	return isfinite(b - a) && b >= a;
}

bool aur_rate_growth(const struct aur_domain *d, size_t f, uint64_t was,
    uint64_t now, double *ret)
{
	switch ((enum aur_kind)d->field[f].kind) {
	case AUR_KIND_U64:
		return growth_u64(d, f, was, now, ret);
	case AUR_KIND_I64:
		*ret = (double)(now - was);
		return (int64_t)now >= (int64_t)was;
	case AUR_KIND_F64:
		return growth_f64(was, now, ret);
	case AUR_KIND_STR:
		break;
	}
	*ret = NAN;
	return false;
}

void aur_rate_column(const struct aur_domain *d, size_t f, const uint64_t *cell,
    const uint64_t *have, const uint32_t *row, size_t n, double *ret)
{
	const struct aur_field *field = &d->field[f];
	double unit =
	    aur__scale(1, field->scale < 0 ? -field->scale : field->scale);
	bool had = false, plain = field->kind == AUR_KIND_U64;
	bool scaled = field->kind != AUR_KIND_F64, divides = field->scale < 0;
	uint64_t was = 0;

	for (size_t k = 0; k < n; k++) {
		uint64_t now = cell[row[k]];
		bool has = have[row[k] / 64] >> (row[k] % 64) & 1;
		double v = NAN;

		if (has && had && plain && now >= was)
			v = (double)(now - was);
		else if (has && had && !aur_rate_growth(d, f, was, now, &v))
			v = NAN;
		if (scaled)
			v = divides ? v / unit : v * unit;
		ret[k] = v;
		was = now;
		had = has;
	}
}

bool aur_rates_delta(struct aur_rates *r, const struct aur_part *part, size_t i,
    size_t f, double *ret_delta)
{
	const struct aur_domain *d = part->domain;
	size_t at;
	const struct aur_part *was = earlier(r, part, i, &at);
	double v;

	assert(f < d->nfield);
	if (!aur_part_has(part, i, f))
		return false;
	if (was != NULL ? !aur_part_has(was, at, f)
			: born_after(r, part, i) == NULL)
		return false;
	if (!aur_rate_growth(d, f, was != NULL ? aur_part_cell(was, at, f) : 0,
		aur_part_cell(part, i, f), &v)) {
		if (isfinite(v))
			r->flaws |= AUR_FLAW_RESET;
		return false;
	}
	if (d->field[f].kind != AUR_KIND_F64)
		v = aur__scale(v, d->field[f].scale);
	*ret_delta = v;
	return true;
}

bool aur_rates_get(struct aur_rates *r, const struct aur_part *part, size_t i,
    size_t f, double *ret_per_second)
{
	struct aur_span over;
	double delta;

	if (!aur_rates_span(r, part, i, &over) ||
	    !aur_rates_delta(r, part, i, f, &delta))
		return false;
	*ret_per_second = delta / aur_span_in_seconds(over);
	return true;
}
