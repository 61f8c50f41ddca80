/* SPDX-License-Identifier: MIT */
/*
 * Runs the platform's table of collectors. The idea: a sample is a bare array
 * of parts, made empty for all wanted domains before anything runs; each
 * collector fills its own; what stayed empty because it could not be read is
 * taken out at the end. A collector can fail only its own parts, and says so
 * in the part `collector`.
 *
 * Parts of collectors with a period are kept in a sample of their own
 * (c->kept), as copies: sharing them between samples was rejected, since a
 * sample owns its parts and a copy of a dozen mounts is cheap beside a
 * statvfs.
 */
#include "collect/collect_int.h"

#include "base/err.h"
#include "base/mem.h"

#define MESSAGE_MAX 512u

/* What is remembered of one collector of the table. */
struct slot {
	void *state;
	bool opened;
	uint64_t filled;      /* domains that its last run was asked for */
	struct aur_mono at;   /* when that was */
	struct aur_span took; /* and for how long; negative: not told */
	int err;
	struct aur_buf message;
};

struct aur_collect {
	struct aur_root root;
	struct aur_helper *helper;
	struct aur_strs *strs;
	struct aur_want want;
	struct aur_sample *kept; /* last parts of those with a period */
	struct slot *slot;	 /* one for each of aur__collectors */
	size_t nslot;
	uint64_t seq; /* of the last sample; 0: none yet */
	const struct aur_log *log;
};

/* One aur_collect_sample on its way. */
struct round {
	struct aur_collect *c;
	struct aur_sample *s;
	struct aur_run run;
	uint64_t wanted;  /* domains that have a part */
	uint64_t missing; /* domains whose part is taken out at the end */
	aur_collect_part_fn part;
	void *arg;
};

static uint64_t bit(enum aur_domain_id id)
{
	return (uint64_t)1 << id;
}

static uint64_t domains_of(const struct aur_collector *k)
{
	return bit(k->domain) | k->also;
}

static int make_slots(struct aur_collect *c)
{
	while (aur__collectors[c->nslot] != NULL)
		c->nslot++;
	c->slot = aur_mem_new(c->nslot + 1, sizeof(*c->slot));
	if (c->slot == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < c->nslot; i++)
		aur_buf_init(&c->slot[i].message, MESSAGE_MAX);
	return 0;
}

int aur_collect_new(
    struct aur_collect **ret_c, const struct aur_collect_options *options)
{
	static const struct aur_collect_options here = {.root = ""};
	struct aur_collect *c = aur_mem_new(1, sizeof(*c));
	int rc;

	if (c == NULL)
		return AUR_ENOMEM;
	if (options == NULL)
		options = &here;
	c->log = options->log;
	c->root.dirfd = -1;
	rc = make_slots(c);
	if (rc < 0)
		goto out;
	rc = AUR_ENOMEM;
	c->strs = options->strs != NULL ? aur_strs_ref(options->strs)
					: aur_strs_new(AUR_MAX_STRING_BYTES);
	if (c->strs == NULL)
		goto out;
	c->kept = aur_sample_new(c->strs);
	if (c->kept == NULL)
		goto out;
	rc = aur__platform_open(&c->root, options, &c->helper);
	if (rc < 0)
		goto out;
	*ret_c = c;
	c = NULL;
out:
	aur_collect_free(c);
	return rc;
}

void aur_collect_free(struct aur_collect *c)
{
	if (c == NULL)
		return;
	/* The helper first: nobody may be called back by it from here on. */
	aur__platform_close(&c->root, c->helper);
	for (size_t i = 0; c->slot != NULL && i < c->nslot; i++) {
		struct slot *slot = &c->slot[i];

		if (slot->opened && aur__collectors[i]->close != NULL)
			aur__collectors[i]->close(slot->state);
		aur_buf_release(&slot->message);
	}
	aur_mem_free(c->slot);
	aur_sample_unref(c->kept);
	aur_strs_unref(c->strs);
	aur_mem_free(c);
}

void aur_collect_want(struct aur_collect *c, const struct aur_want *want)
{
	c->want = *want;
}

struct aur_strs *aur_collect_strs(struct aur_collect *c)
{
	return c->strs;
}

enum aur_sight aur_collect_sight(struct aur_collect *c, bool *ret_hides)
{
	return aur__platform_sight(&c->root, ret_hides);
}

int aur_collect_act(
    struct aur_collect *c, const struct aur_act *act, struct aur_buf *text)
{
	return aur__platform_act(&c->root, act, text);
}

/* The parts of all wanted domains, made before any pointer is taken. */
static int make_parts(struct round *r)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++) {
		if ((r->c->want.domains & bit(id)) == 0)
			continue;
		if (aur_sample_part(r->s, aur_domain_get(id)) == NULL)
			return AUR_ENOMEM;
		r->wanted |= bit(id);
	}
	for (size_t i = 0; i < r->s->npart; i++) {
		struct aur_part *p = &r->s->part[i];

		r->run.part[p->domain->id] = p;
	}
	r->missing = r->wanted;
	return 0;
}

/* Whether the last run is recent enough to stand for this sample too. A
 * sixteenth of slack: samples do not come to the nanosecond. */
static bool is_fresh(const struct round *r, const struct aur_collector *k,
    const struct slot *slot, uint64_t wanted)
{
	int64_t age = aur_mono_since(r->s->mono, slot->at).ns;

	return slot->filled != 0 && (wanted & ~slot->filled) == 0 &&
	       k->period.ns > 0 && age >= 0 &&
	       age < k->period.ns - k->period.ns / 16;
}

/* Puts the last parts in again, with their age. */
static int put_again(struct round *r, const struct aur_collector *k,
    struct slot *slot, uint64_t wanted)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++) {
		const struct aur_part *old;
		struct aur_part *p = r->run.part[id];
		int rc;

		if ((wanted & bit(id)) == 0)
			continue;
		old = aur_sample_get(r->c->kept, id);
		if (old == NULL)
			continue;
		rc = aur_part_copy(p, old);
		if (rc < 0)
			return rc;
		p->at_ns = aur_mono_since(slot->at, r->s->mono).ns;
	}
	if (k->renew != NULL)
		k->renew(slot->state, &r->run, r->run.part[k->domain]);
	return slot->err;
}

static int keep(struct round *r, uint64_t wanted)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++) {
		struct aur_part *copy;
		int rc;

		if ((wanted & bit(id)) == 0)
			continue;
		copy = aur_sample_part(r->c->kept, aur_domain_get(id));
		if (copy == NULL)
			return AUR_ENOMEM;
		rc = aur_part_copy(copy, r->run.part[id]);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int run_now(struct round *r, const struct aur_collector *k,
    struct slot *slot, uint64_t wanted)
{
	struct aur_mono start = {0};
	int rc;

	aur_buf_clear(&slot->message);
	r->run.message = &slot->message;
	slot->filled = 0;
	slot->took.ns = -1;
	if (!slot->opened && k->open != NULL) {
		rc = k->open(&r->c->root, &slot->state);
		if (rc < 0)
			return rc;
	}
	slot->opened = true;
	if (r->c->root.live)
		start = aur_clock_mono();
	rc = k->run(slot->state, &r->run, r->run.part[k->domain]);
	if (r->c->root.live)
		slot->took = aur_mono_since(aur_clock_mono(), start);
	slot->at = r->s->mono;
	if (k->period.ns > 0) {
		int kept = keep(r, wanted);

		if (kept < 0)
			return kept;
		slot->filled = wanted;
	}
	return rc;
}

/* A part is left out where it is empty because of an error, and a domain of
 * one that has no instance always. */
static bool is_missing(const struct aur_part *p, int err)
{
	return p->n == 0 && (err < 0 || p->domain->key == AUR_KEY_ONE);
}

static void report(struct round *r, uint64_t domains, int err)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++) {
		struct aur_part *p = r->run.part[id];

		if ((domains & bit(id)) == 0 || is_missing(p, err))
			continue;
		r->missing &= ~bit(id);
		if (r->part != NULL)
			r->part(r->arg, r->s, p);
	}
}

static void run_one(struct round *r, size_t i)
{
	const struct aur_collector *k = aur__collectors[i];
	struct slot *slot = &r->c->slot[i];
	uint64_t wanted = domains_of(k) & r->wanted;

	if (wanted == 0)
		return;
	if (is_fresh(r, k, slot, wanted))
		slot->err = put_again(r, k, slot, wanted);
	else
		slot->err = run_now(r, k, slot, wanted);
	if (slot->err < 0)
		aur_log_write(r->c->log, AUR_LOG_DEBUG, "collector %s: %s",
		    k->name, aur_err_str(slot->err));
	report(r, wanted, slot->err);
}

static int describe(
    struct aur_part *p, const struct aur_collector *k, const struct slot *slot)
{
	struct aur_slice text = aur_buf_peek(&slot->message);
	bool failed = slot->err < 0 && slot->err != AUR_EUNSUPPORTED;
	ptrdiff_t i = aur_part_add_named(p, aur_slice_str(k->name));

	if (i < 0)
		return (int)i;
	if (failed && text.n == 0)
		text = aur_slice_str(aur_err_str(slot->err));
	aur_part_set(p, (size_t)i, AUR_COLLECTOR_ok, !failed && text.n == 0);
	if (slot->took.ns >= 0)
		aur_part_set(p, (size_t)i, AUR_COLLECTOR_duration,
		    (uint64_t)slot->took.ns);
	if (text.n == 0)
		return 0;
	return aur_part_set_text(p, (size_t)i, AUR_COLLECTOR_message, text);
}

/* The part `collector`: how all of them fared, after the last. */
static int describe_all(struct round *r)
{
	struct aur_part *p = r->run.part[AUR_DOMAIN_COLLECTOR];

	if (p == NULL)
		return 0;
	for (size_t i = 0; i < r->c->nslot; i++) {
		const struct aur_collector *k = aur__collectors[i];
		int rc;

		if ((domains_of(k) & r->wanted) == 0)
			continue;
		rc = describe(p, k, &r->c->slot[i]);
		if (rc < 0)
			return rc;
	}
	if (r->c->nslot > 0)
		report(r, bit(AUR_DOMAIN_COLLECTOR), 0);
	return 0;
}

/* Takes out what could not be read. */
static void drop_missing(struct round *r)
{
	struct aur_sample *s = r->s;

	for (size_t i = s->npart; i > 0; i--)
		if ((r->missing & bit(s->part[i - 1].domain->id)) != 0)
			aur_sample_drop(s, i - 1);
}

/* `ns` to the nearest tick. */
static int64_t round_ticks(int64_t ns)
{
	int64_t up = ns + (ns < 0 ? -AUR_TICK_NS / 2 : AUR_TICK_NS / 2);

	return up - up % AUR_TICK_NS;
}

/* In whole ticks, and so are ages: they are distances of two such times. The
 * clocks are rounded to their distance from the first: where nothing steps it
 * stays, though they are read one after the other. */
static void round_times(struct aur_sample *s)
{
	int64_t boot = aur_mono_since(s->boot, s->mono).ns;
	int64_t wall = s->wall.ns - s->mono.ns;

	s->mono.ns = round_ticks(s->mono.ns);
	s->boot.ns = s->mono.ns + round_ticks(boot);
	s->wall.ns = s->mono.ns + round_ticks(wall);
}

int aur_collect_sample(struct aur_collect *c, aur_collect_part_fn part,
    void *arg, struct aur_sample **ret_sample)
{
	struct aur_sample *s = aur_sample_new(c->strs);
	struct round r = {.c = c, .s = s, .part = part, .arg = arg};
	int rc = AUR_ENOMEM;

	if (s == NULL)
		goto out;
	aur__platform_times(&c->root, s);
	round_times(s);
	s->seq = c->seq + 1;
	s->interval = c->want.interval;
	r.run.root = &c->root;
	r.run.helper = c->helper;
	r.run.want = &c->want;
	r.run.sample = s;
	r.run.first = c->seq == 0;
	rc = make_parts(&r);
	if (rc < 0)
		goto out;
	for (size_t i = 0; i < c->nslot; i++)
		run_one(&r, i);
	rc = describe_all(&r);
	if (rc < 0)
		goto out;
	drop_missing(&r);
	c->seq++;
	*ret_sample = s;
	s = NULL;
out:
	aur_sample_unref(s);
	return rc;
}
