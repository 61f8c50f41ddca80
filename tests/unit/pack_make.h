/* SPDX-License-Identifier: MIT */
/*
 * Samples for the tests of lib/pack, by script: the same for the same number,
 * for ever, because golden bytes are made of them.
 */
#ifndef TESTS_UNIT_PACK_MAKE_H
#define TESTS_UNIT_PACK_MAKE_H

#include "base/err.h"
#include "base/limits.h"
#include "pack/pack.h"
#include "tests/unit/model_make.h"

/* Numbers that look like chance: a linear congruence (Knuth, MMIX). */
static inline uint64_t make_chance(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* What a span of samples is made of. */
struct make_span {
	struct aur_strs *strs;
	const struct aur_domain *labels; /* one that is not built in */
	uint64_t state;
	uint64_t counter[8];
	int64_t mono, read; /* of the last sample; when sensors were read */
};

/* A domain that no program has: label sets, a double, a text. */
static inline const struct aur_domain *make_labels(void)
{
	static const struct aur_field field[] = {
	    {"value", "", AUR_KIND_F64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 0},
	    {"raw", "", AUR_KIND_F64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 0},
	    {"state", "", AUR_KIND_STR, AUR_SEM_INFO, AUR_UNIT_NONE, 0},
	    {"never", "", AUR_KIND_U64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 0},
	};
	static const struct aur_domain domain = {"shop.orders", "",
	    AUR_DOMAIN_COUNT, 4, AUR_KEY_LABELS, "labels", field};

	return &domain;
}

static inline void make_double(struct aur_part *p, size_t i, size_t f, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	aur_part_set(p, i, f, bits);
}

static inline void make_cpu(struct make_span *m, struct aur_sample *s, size_t n)
{
	struct aur_part *p = make_one(s, AUR_DOMAIN_CPU);

	m->counter[0] += make_chance(&m->state) % 200;
	m->counter[1] += 100;
	aur_part_set(p, 0, AUR_CPU_user, m->counter[0]);
	aur_part_set(p, 0, AUR_CPU_system, m->counter[1]);
	/* wraps */
	aur_part_set(p, 0, AUR_CPU_idle, UINT64_MAX - 500 + n * 100);
	if (n % 5 != 3)
		aur_part_set(p, 0, AUR_CPU_iowait, n / 7);
	aur_part_set(p, 0, AUR_CPU_count, 4);
	make_text(p, 0, AUR_CPU_model, "Abacus 9000");
}

static inline void make_cores(
    struct make_span *m, struct aur_sample *s, size_t n)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_CORE);

	/* the first one comes later, the third goes and comes */
	for (uint64_t k = n < 4 ? 1 : 0; k < 4; k++) {
		size_t i;

		if (k == 2 && n % 9 > 5)
			continue;
		i = make_key(p, k, 0);
		aur_part_set(p, i, AUR_CORE_user, m->counter[0] / (k + 1));
		aur_part_set(p, i, AUR_CORE_idle, n * 100);
	}
}

static inline void make_disks(
    struct make_span *m, struct aur_sample *s, size_t n)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_DISK);
	size_t i = make_named(p, "vda");

	m->counter[2] += 4096 * (make_chance(&m->state) % 8);
	aur_part_set(p, i, AUR_DISK_read_bytes, m->counter[2]);
	if (n % 6 > 1) {
		i = make_named(p, n % 12 > 7 ? "sdb" : "usb \xff stick");
		aur_part_set(p, i, AUR_DISK_read_bytes, n * 512);
		p->inst[i].at_ns = -7 * AUR_TICK_NS * (int64_t)(n % 3);
	}
}

static inline void make_temperatures(
    struct make_span *m, struct aur_sample *s, size_t n)
{
	struct aur_part *p;
	size_t i;

	/* every third time, and before the first */
	if (n == 0)
		m->read = s->mono.ns - 70000 * AUR_TICK_NS;
	if (n % 3 == 2)
		m->read = s->mono.ns;
	if (n % 11 == 10)
		return;
	p = make_part(s, AUR_DOMAIN_TEMPERATURE);
	p->at_ns = m->read - s->mono.ns;
	i = make_named(p, "");
	aur_part_set(p, i, AUR_TEMPERATURE_value,
	    (uint64_t)((int64_t)(n / 3) * 500 - 3000));
	make_text(p, i, AUR_TEMPERATURE_label, n < 12 ? "core" : "");
}

static inline void make_orders(
    struct make_span *m, struct aur_sample *s, size_t n)
{
	struct aur_part *p = aur_sample_part(s, m->labels);
	size_t i;

	make_sure(p != NULL, "no part");
	i = make_named(p, "city=\"Bern\"");
	make_double(p, i, 0, 22.96 + (double)(n % 10) / 100);
	make_double(p, i, 1, 1.0 / (double)(n + 3));
	make_text(p, i, 2, n % 4 == 0 ? "open" : "closed, of course");
	i = make_named(p, "city=\"Ulm\"");
	make_double(p, i, 0, n % 2 ? -0.0 : 1e300);
	make_double(p, i, 1, (double)n);
}

/* Sample `n` of a span, a second after the one before but for some jitter. */
static inline struct aur_sample *make_row(struct make_span *m, size_t n)
{
	struct aur_sample *s = make_sample(m->strs, 0);
	int64_t jitter = (int64_t)(make_chance(&m->state) % 20) * AUR_TICK_NS;

	m->mono = 1000 * AUR_SECOND_NS + (int64_t)n * AUR_SECOND_NS;
	s->mono.ns = m->mono + (n % 3 == 0 ? jitter : 0);
	s->boot.ns = s->mono.ns + (n > 20 ? 60 * AUR_SECOND_NS : 0);
	s->wall.ns = s->boot.ns + 1795000000 * AUR_SECOND_NS -
		     (n > 30 ? 5 * AUR_SECOND_NS : 0);
	s->seq = 7 + n + (n > 13 ? 2 : 0);
	s->missed = n == 14 ? 2 : 0;
	make_cpu(m, s, n);
	make_cores(m, s, n);
	make_disks(m, s, n);
	make_temperatures(m, s, n);
	if (n > 1)
		make_orders(m, s, n);
	/* not kept in columns */
	aur_part_set(make_part(s, AUR_DOMAIN_PROCESS),
	    make_key(make_part(s, AUR_DOMAIN_PROCESS), 1, 1), 0, 1);
	return s;
}

static inline struct make_span make_span(void)
{
	return (struct make_span){
	    .strs = make_strs(), .labels = make_labels(), .state = 1};
}

/* Blocks, copied. */
struct make_blocks {
	struct aur_buf bytes[16];
	struct aur_block block[16];
	size_t n;
};

static inline int make_block(void *arg, const struct aur_block *b)
{
	struct make_blocks *all = arg;
	struct aur_buf *bytes = &all->bytes[all->n];
	int rc;

	make_sure(all->n < 16, "too many blocks");
	aur_buf_init(bytes, AUR_MAX_BLOCK);
	rc = aur_buf_add_slice(bytes, b->bytes);
	all->block[all->n] = *b;
	all->n++;
	if (rc == 0)
		rc = aur_block_head(
		    aur_buf_peek(bytes), &all->block[all->n - 1]);
	return rc;
}

static inline void make_blocks_release(struct make_blocks *all)
{
	for (size_t i = 0; i < all->n; i++)
		aur_buf_release(&all->bytes[i]);
	all->n = 0;
}

#endif
