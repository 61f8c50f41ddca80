/* SPDX-License-Identifier: MIT */
/* Samples and parts: cells, strings, order, copies, failing allocations. */
#include "model/sample.h"

#include "base/err.h"
#include "base/limits.h"
#include "tests/unit/model_make.h"

static const struct aur_field odd_fields[] = {
    {"real", "A real.", AUR_KIND_F64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 0},
    {"big", "Thousands.", AUR_KIND_U64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 3},
    {"small", "Signed.", AUR_KIND_I64, AUR_SEM_GAUGE, AUR_UNIT_NONE, -3},
};
static const struct aur_domain odd = {.name = "odd",
    .help = "Not built in.",
    .id = AUR_DOMAIN_COUNT,
    .nfield = 3,
    .key = AUR_KEY_LABELS,
    .label = "labels",
    .field = odd_fields};

static void is_text(const struct aur_part *p, size_t i, size_t f,
    const char *want, const char *what)
{
	struct aur_slice s = {0};
	char got[64] = "(absent)";

	if (aur_part_text(p, i, f, &s))
		snprintf(got, sizeof(got), "%.*s", (int)s.n, (const char *)s.p);
	tap_eq_str(got, want, what);
}

static void cells(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1);
	struct aur_part *p = make_one(s, AUR_DOMAIN_MEMORY);
	double v = -1;

	tap_ok(aur_part_one(p) == 0 && p->n == 1, "one stays one");
	tap_ok(!aur_part_has(p, 0, AUR_MEMORY_total) &&
		   aur_part_cell(p, 0, AUR_MEMORY_total) == 0 &&
		   !aur_part_number(p, 0, AUR_MEMORY_total, &v) && v == -1,
	    "a new cell is absent, and 0");
	aur_part_set(p, 0, AUR_MEMORY_total, 0);
	tap_ok(aur_part_has(p, 0, AUR_MEMORY_total) &&
		   aur_part_number(p, 0, AUR_MEMORY_total, &v) && v == 0,
	    "0 is not absent");
	aur_part_unset(p, 0, AUR_MEMORY_total);
	tap_ok(!aur_part_has(p, 0, AUR_MEMORY_total), "until unset");
	p = make_one(s, AUR_DOMAIN_LOAD);
	aur_part_set(p, 0, AUR_LOAD_one, 123);
	tap_ok(aur_part_number(p, 0, AUR_LOAD_one, &v) && v == 1.23,
	    "cells are scaled, exactly");
	tap_ok(aur_sample_get(s, AUR_DOMAIN_LOAD) == p &&
		   aur_sample_get(s, AUR_DOMAIN_DISK) == NULL,
	    "parts are found, or not");
	aur_sample_unref(s);
}

static void odd_cells(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1);
	struct aur_part *p = aur_sample_part(s, &odd);
	double v = -1, real = 2.5, inf = INFINITY;
	uint64_t bits;
	size_t i;

	make_sure(p != NULL, "no part");
	i = make_named(p, "a=\"b\"");
	memcpy(&bits, &real, sizeof(bits));
	aur_part_set(p, i, 0, bits);
	tap_ok(aur_part_number(p, i, 0, &v) && v == 2.5, "a real is a real");
	memcpy(&bits, &inf, sizeof(bits));
	aur_part_set(p, i, 0, bits);
	tap_ok(!aur_part_number(p, i, 0, &v), "that is no number: absent");
	aur_part_set(p, i, 1, 7);
	tap_ok(aur_part_number(p, i, 1, &v) && v == 7000, "10^3");
	aur_part_set(p, i, 2, (uint64_t)(int64_t)-1500);
	tap_ok(aur_part_number(p, i, 2, &v) && v == -1.5, "signed, 10^-3");
	tap_ok(aur_sample_find(s, &odd) == p, "found by its descriptor");
	aur_sample_unref(s);
}

static void strings(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1);
	struct aur_part *p = make_part(s, AUR_DOMAIN_DISK), *q;
	size_t count = aur_strs_count(strs), a, b;
	uint32_t id;

	a = make_named(p, "sda");
	b = make_named(p, "sdb");
	tap_eq_int(aur_part_find_named(p, aur_slice_str("sdb")), (ptrdiff_t)b,
	    "found by name");
	tap_eq_int(aur_part_find_named(p, aur_slice_str("sdc")), -1, "or not");
	tap_ok(aur_slice_is(aur_part_name(p, a), "sda"), "and named");
	q = make_one(s, AUR_DOMAIN_SYSTEM);
	make_text(q, 0, AUR_SYSTEM_hostname, "web1");
	is_text(q, 0, AUR_SYSTEM_hostname, "web1", "a text");
	make_text(q, 0, AUR_SYSTEM_hostname, "web2");
	is_text(q, 0, AUR_SYSTEM_hostname, "web2", "another");
	make_text(q, 0, AUR_SYSTEM_sysname, "");
	is_text(q, 0, AUR_SYSTEM_sysname, "", "the empty text is there");
	is_text(q, 0, AUR_SYSTEM_release, "(absent)", "an absent one is not");
	id = (uint32_t)aur_part_cell(q, 0, AUR_SYSTEM_hostname);
	aur_part_set_id(q, 0, AUR_SYSTEM_hostname, id);
	is_text(q, 0, AUR_SYSTEM_hostname, "web2", "its own id again");
	tap_eq_u64(aur_strs_count(strs), count + 3, "sda sdb web2, no more");
	aur_part_clear(q);
	tap_eq_u64(aur_strs_count(strs), count + 2, "cleared: given back");
	aur_sample_unref(s);
	tap_eq_u64(aur_strs_count(strs), count, "all given back");
}

static void order(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1);
	struct aur_part *p = make_part(s, AUR_DOMAIN_PROCESS);
	uint64_t x = 12345;
	bool good = true;

	for (size_t k = 0; k < 5000; k++) {
		size_t i;
		char name[24];

		x = x * 6364136223846793005u + 1442695040888963407u;
		i = make_key(p, x >> 40, k);
		aur_part_set(p, i, AUR_PROCESS_rss, k);
		if (k % 3 != 0)
			continue;
		snprintf(name, sizeof(name), "p%zu", k);
		make_text(p, i, AUR_PROCESS_name, name);
		p->inst[i].at_ns = -(int64_t)k;
	}
	tap_eq_int(aur_part_sort(p), 0, "sorts");
	for (size_t i = 0; i < p->n; i++) {
		uint64_t k = p->inst[i].key.v[1];
		char name[24];
		struct aur_slice got = {0};

		snprintf(name, sizeof(name), "p%" PRIu64, k);
		good = good && aur_part_cell(p, i, AUR_PROCESS_rss) == k &&
		       aur_part_text(p, i, AUR_PROCESS_name, &got) ==
			   (k % 3 == 0) &&
		       (k % 3 != 0 || (aur_slice_is(got, name) &&
					  p->inst[i].at_ns == -(int64_t)k)) &&
		       (i == 0 ||
			   p->inst[i - 1].key.v[0] <= p->inst[i].key.v[0]) &&
		       aur_part_find(p, p->inst[i].key, i * 7 % p->n) ==
			   (ptrdiff_t)i;
	}
	tap_ok(good, "each instance kept its cells, and is found");
	tap_eq_int(aur_part_find(p, (struct aur_key){{1, 1}}, 0), -1,
	    "a key that is not there");
	tap_eq_int(aur_part_find(p, p->inst[9].key, SIZE_MAX), 9,
	    "a hint beyond the end");
	aur_sample_unref(s);
}

static void around(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1);
	struct aur_part *p = make_part(s, AUR_DOMAIN_DISK);
	bool good = true;
	char name[16];

	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "disk%d", 9 - i);
		make_named(p, name);
	}
	for (size_t i = 0; i < 9; i++)
		for (size_t hint = 0; hint < 11; hint++)
			good = good && aur_part_find(p, p->inst[i].key, hint) ==
					   (ptrdiff_t)i;
	tap_ok(good, "names are found from any hint");
	aur_sample_unref(s);
}

static struct aur_sample *rich(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 5);
	struct aur_part *p = make_part(s, AUR_DOMAIN_DISK);
	size_t i = make_named(p, "sda");

	aur_part_set(p, i, AUR_DISK_reads, 12);
	p->at_ns = -5;
	p = make_part(s, AUR_DOMAIN_PROCESS);
	i = make_key(p, 7, 70);
	make_text(p, i, AUR_PROCESS_name, "init");
	return s;
}

static void copies(struct aur_strs *strs)
{
	size_t count = aur_strs_count(strs);
	struct aur_sample *s = rich(strs), *c = aur_sample_copy(s);
	const struct aur_part *p;

	make_sure(c != NULL, "no copy");
	tap_ok(c->mono.ns == s->mono.ns && c->seq == s->seq &&
		   memcmp(c->boot_id, s->boot_id, 16) == 0 && c->refs == 1,
	    "times are copied");
	aur_sample_unref(s);
	p = aur_sample_get(c, AUR_DOMAIN_PROCESS);
	is_text(p, 0, AUR_PROCESS_name, "init", "texts outlive the original");
	p = aur_sample_get(c, AUR_DOMAIN_DISK);
	tap_ok(p->at_ns == -5 && aur_part_cell(p, 0, AUR_DISK_reads) == 12 &&
		   aur_slice_is(aur_part_name(p, 0), "sda"),
	    "cells and names too");
	tap_ok(aur_sample_ref(c) == c && c->refs == 2, "counted");
	aur_sample_unref(c);
	aur_sample_unref(c);
	aur_sample_unref(NULL);
	tap_eq_u64(aur_strs_count(strs), count, "strings are given back");
}

/* A part of one sample in another: shared, and good for as long as either. */
static void lends(struct aur_strs *strs)
{
	size_t count = aur_strs_count(strs);
	struct aur_sample *s = rich(strs), *t = make_sample(strs, 9);
	struct aur_strs *other = make_strs();
	struct aur_sample *far = make_sample(other, 1);
	const struct aur_part *from = aur_sample_get(s, AUR_DOMAIN_PROCESS);
	const struct aur_part *p;

	tap_eq_int(aur_sample_lend(t, s, from), 0, "a part is lent");
	p = aur_sample_get(t, AUR_DOMAIN_PROCESS);
	tap_ok(p->cell == from->cell && s->refs == 2, "not copied");
	tap_eq_int(aur_sample_lend(t, s, from), AUR_EINVALID, "not twice");
	tap_eq_int(aur_sample_lend(far, s, from), AUR_EINVALID,
	    "not to another string table");
	aur_sample_unref(s);
	is_text(p, 0, AUR_PROCESS_name, "init", "it outlives its sample");
	s = aur_sample_copy(t);
	aur_sample_unref(t);
	p = s != NULL ? aur_sample_get(s, AUR_DOMAIN_PROCESS) : NULL;
	tap_ok(
	    p != NULL && p->lender == NULL && p->n == 1, "a copy has its own");
	aur_sample_unref(s);
	aur_sample_unref(far);
	aur_strs_unref(other);
	tap_eq_u64(aur_strs_count(strs), count, "strings are given back");
}

/* One sample's rows go on in another, and its memory is used again. */
static void moves(struct aur_strs *strs)
{
	size_t count = aur_strs_count(strs);
	struct aur_sample *s = rich(strs), *t = make_sample(strs, 9);
	struct aur_part *from =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
	const uint64_t *cell = from->cell;
	struct aur_part *p = make_part(t, AUR_DOMAIN_PROCESS);

	aur_part_move(p, from);
	tap_ok(p->n == 1 && p->cell == cell, "instances move, not copied");
	tap_ok(from->n == 0 && from->cap == 0, "none are left");
	is_text(p, 0, AUR_PROCESS_name, "init", "with their strings");
	tap_ok(aur_sample_is_sole(s), "nobody else holds it");
	aur_sample_renew(s);
	tap_ok(s->npart == 0 && s->mono.ns == 0 && s->seq == 0 &&
		   s->strs == strs && s->part_cap > 0,
	    "a sample becomes as new, with its room");
	make_key(make_part(s, AUR_DOMAIN_PROCESS), 1, 1);
	aur_sample_unref(t);
	aur_sample_unref(s);
	s = rich(strs);
	make_part(s, AUR_DOMAIN_LOAD);
	aur_sample_drop(s, 1);
	tap_ok(s->npart == 2 && aur_sample_get(s, AUR_DOMAIN_PROCESS) == NULL &&
		   aur_sample_get(s, AUR_DOMAIN_DISK) == &s->part[0] &&
		   aur_sample_get(s, AUR_DOMAIN_LOAD) == &s->part[1],
	    "a part is taken out");
	aur_sample_unref(s);
	tap_eq_u64(aur_strs_count(strs), count, "strings are given back");
}

/* Arrays keep what they have as they grow. */
static void grows(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1);
	struct aur_part *p = make_part(s, AUR_DOMAIN_CORE);
	bool good = true;

	for (uint64_t k = 0; k < 1000; k++)
		for (unsigned f = 0; f < 8; f++)
			if (f == 0 || (k + f) % 3 > 0)
				aur_part_set(p,
				    f == 0 ? make_key(p, k, 0) : p->n - 1, f,
				    k * 8 + f);
	for (uint64_t k = 0; k < 1000; k++)
		for (unsigned f = 0; f < 8; f++) {
			bool has = f == 0 || (k + f) % 3 > 0;

			good =
			    good && aur_part_has(p, k, f) == has &&
			    aur_part_cell(p, k, f) == (has ? k * 8 + f : 0) &&
			    p->inst[k].key.v[0] == k;
		}
	tap_ok(good, "arrays that grow keep what they have");
	aur_sample_unref(s);
}

static void appends(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 1), *t = rich(strs);
	struct aur_part *p = make_part(s, AUR_DOMAIN_PROCESS);
	const struct aur_part *from = aur_sample_get(t, AUR_DOMAIN_PROCESS);

	make_key(p, 1, 1);
	tap_eq_int(aur_part_append(p, from, 0, 1), 0, "a run is appended");
	tap_ok(p->n == 2 && p->inst[1].key.v[0] == 7, "behind what was there");
	aur_sample_unref(t);
	is_text(p, 1, AUR_PROCESS_name, "init", "with its strings");
	aur_sample_unref(s);
}

/* Fails every allocation once; nothing may leak or stay half done. */
static void failing(void)
{
	unsigned long nth = 1;
	bool good = true, done = false;

	while (!done && nth < 200) {
		struct aur_strs *strs = make_strs();
		struct aur_sample *s = rich(strs), *c;
		struct aur_part *p = make_part(s, AUR_DOMAIN_NETWORK);
		struct aur_part *q = make_part(s, AUR_DOMAIN_PROCESS);
		size_t n;
		ptrdiff_t i;

		for (uint64_t k = 100; k > 0; k--)
			make_key(q, 100 + k, k);
		n = aur_strs_count(strs);
		aur_mem_set_fail(make_fail, &nth);
		c = aur_sample_copy(s);
		i = aur_part_add_named(p, aur_slice_str("a long name of eth0"));
		done = c != NULL && i >= 0 && aur_part_sort(q) == 0;
		aur_mem_set_fail(NULL, NULL);
		if (i < 0)
			good = good && i == AUR_ENOMEM && p->n == 0 &&
			       aur_strs_count(strs) == n;
		aur_sample_unref(c);
		aur_sample_unref(s);
		good = good && aur_strs_count(strs) == 0;
		aur_strs_unref(strs);
		nth++;
	}
	tap_ok(
	    good && done, "no allocation that fails leaves traces (%lu)", nth);
}

int main(void)
{
	struct aur_strs *strs = make_strs();

	cells(strs);
	odd_cells(strs);
	strings(strs);
	order(strs);
	around(strs);
	copies(strs);
	lends(strs);
	moves(strs);
	grows(strs);
	appends(strs);
	tap_eq_u64(aur_strs_count(strs), 0, "no string is left");
	aur_strs_unref(strs);
	failing();
	return tap_done();
}
