/* SPDX-License-Identifier: MIT */
/* Packed time: what goes in comes out, whatever is damaged is seen. */
#include "base/checksum.h"
#include "tests/harness/fail.h"
#include "tests/unit/pack_make.h"

#define ROWS 100u

static void pack_rows(
    struct aur_packer *p, struct aur_sample **s, size_t n, int want)
{
	for (size_t i = 0; i < n; i++) {
		int rc = aur_packer_add(p, s[i]);

		if (rc != want)
			tap_eq_int(rc, want, "adding a sample");
	}
}

/* Bytes of a string cell or of a name. */
static struct aur_slice text_of(const struct aur_part *p, size_t i, size_t f)
{
	struct aur_slice text = {NULL, 0};

	aur_part_text(p, i, f, &text);
	return text;
}

static bool same_cells(
    const struct aur_part *a, size_t i, const struct aur_part *b, size_t k)
{
	/* a run-time domain knows only fields that were there */
	for (unsigned f = 0; f < a->domain->nfield; f++) {
		const char *name = a->domain->field[f].name;
		int g = aur_domain_field(b->domain, aur_slice_str(name));
		bool has = aur_part_has(a, i, f);

		if (g < 0 || has != aur_part_has(b, k, (size_t)g)) {
			if (g < 0 && !has)
				continue;
			printf("# field %s: presence\n", name);
			return false;
		}
		if (a->domain->field[f].kind == AUR_KIND_STR
			? !aur_slice_eq(
			      text_of(a, i, f), text_of(b, k, (size_t)g))
			: aur_part_cell(a, i, f) !=
			      aur_part_cell(b, k, (size_t)g)) {
			printf("# field %s: value\n", name);
			return false;
		}
	}
	return true;
}

static ptrdiff_t find_same(
    const struct aur_part *a, size_t i, const struct aur_part *b)
{
	if (a->domain->key == AUR_KEY_ONE)
		return b->n > 0 ? 0 : -1;
	if (a->domain->key == AUR_KEY_NUMBER)
		return aur_part_find(b, a->inst[i].key, 0);
	return aur_part_find_named(b, aur_part_name(a, i));
}

static bool same_part(const struct aur_part *a, const struct aur_part *b)
{
	if (b == NULL || a->n != b->n || a->at_ns != b->at_ns) {
		printf("# %s: %s\n", a->domain->name,
		    b == NULL	   ? "no part"
		    : a->n != b->n ? "instances"
				   : "age");
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		ptrdiff_t k = find_same(a, i, b);

		if (k < 0 || a->inst[i].at_ns != b->inst[k].at_ns ||
		    !same_cells(a, i, b, (size_t)k)) {
			printf("# %s, instance %zu\n", a->domain->name, i);
			return false;
		}
	}
	return true;
}

static const struct aur_part *find_part(
    const struct aur_sample *s, const char *name)
{
	for (size_t i = 0; i < s->npart; i++)
		if (strcmp(s->part[i].domain->name, name) == 0)
			return &s->part[i];
	return NULL;
}

/* Whether sample `b` has what `a` had, but for processes. */
static bool same_sample(const struct aur_sample *a, const struct aur_sample *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->npart; i++) {
		const char *name = a->part[i].domain->name;

		if (a->part[i].domain->key == AUR_KEY_PROCESS)
			continue;
		kept++;
		if (!same_part(&a->part[i], find_part(b, name)))
			return false;
	}
	return kept == b->npart;
}

static bool same_times(const struct aur_times *t, struct aur_sample **s)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->mono[i].ns != s[i]->mono.ns ||
		    t->boot[i].ns != s[i]->boot.ns ||
		    t->wall[i].ns != s[i]->wall.ns || t->seq[i] != s[i]->seq ||
		    t->missed[i] != s[i]->missed ||
		    t->interval[i].ns != s[i]->interval.ns)
			return false;
	return memcmp(t->boot_id, s[0]->boot_id, 16) == 0;
}

/* The blocks of a span, opened. */
struct opened {
	struct aur_times times;
	struct aur_columns *columns[16];
	size_t n;
};

static int open_all(const struct make_blocks *all, struct opened *o)
{
	int rc = aur_times_open(&o->times, all->block[0].bytes);

	o->n = 0;
	for (size_t i = 1; rc == 0 && i < all->n; i++) {
		rc = aur_columns_open(
		    &o->columns[o->n], all->block[i].bytes, &o->times);
		o->n += rc == 0;
	}
	return rc;
}

static void close_all(struct opened *o)
{
	for (size_t i = 0; i < o->n; i++)
		aur_columns_free(o->columns[i]);
	aur_times_release(&o->times);
	*o = (struct opened){.n = 0};
}

static int read_row(struct opened *o, size_t row, struct aur_strs *strs,
    struct aur_sample **ret)
{
	struct aur_sample *s = aur_sample_new(strs);
	int rc = s == NULL ? AUR_ENOMEM : 0;

	for (size_t i = 0; rc == 0 && i < o->n; i++)
		rc = aur_columns_part(o->columns[i], row, s);
	if (rc < 0)
		aur_sample_unref(s);
	else
		*ret = s;
	return rc;
}

static bool row_comes_back(
    struct opened *o, size_t row, struct aur_sample **s, struct aur_strs *strs)
{
	struct aur_sample *back = NULL;
	bool same;

	if (read_row(o, row, strs, &back) < 0)
		return false;
	same = same_sample(s[row], back);
	if (!same)
		printf("# in row %zu\n", row);
	aur_sample_unref(back);
	return same;
}

/* A span, as it went in and as blocks. */
struct span {
	struct make_span m;
	struct aur_sample *s[ROWS];
	struct make_blocks all;
};

static void span_pack_at(struct span *x, size_t rows, int effort)
{
	struct aur_packer *p = NULL;

	*x = (struct span){.m = make_span()};
	for (size_t i = 0; i < rows; i++)
		x->s[i] = make_row(&x->m, i);
	make_sure(aur_packer_new(&p) == 0, "no packer");
	pack_rows(p, x->s, rows, 0);
	tap_eq_u64(aur_packer_rows(p), rows, "rows added");
	tap_eq_int(
	    aur_packer_finish(p, effort, make_block, &x->all), 0, "finished");
	tap_eq_u64(aur_packer_rows(p), 0, "and begun anew");
	aur_packer_free(p);
}

static void span_pack(struct span *x, size_t rows)
{
	span_pack_at(x, rows, AUR_PACK_EFFORT);
}

static void span_release(struct span *x)
{
	make_blocks_release(&x->all);
	for (size_t i = 0; i < ROWS; i++)
		aur_sample_unref(x->s[i]);
	aur_strs_unref(x->m.strs);
}

/* A span packed; whether every row comes back, forwards and backwards. */
static void test_round_trip(void)
{
	struct span x;
	struct opened o = {.n = 0};
	struct aur_strs *other = make_strs();
	bool forwards = true, backwards = true;

	span_pack(&x, ROWS);
	tap_eq_u64(x.all.n, 6, "times and five domains");
	tap_eq_int(open_all(&x.all, &o), 0, "opened");
	tap_eq_u64(o.times.n, ROWS, "as many times");
	tap_ok(same_times(&o.times, x.s), "the same times");
	for (size_t i = 0; i < ROWS; i++)
		forwards = forwards && row_comes_back(&o, i, x.s, other);
	for (size_t i = ROWS; i > 0; i--)
		backwards =
		    backwards && row_comes_back(&o, i - 1, x.s, x.m.strs);
	tap_ok(forwards, "every row comes back");
	tap_ok(backwards, "and from the last to the first");
	close_all(&o);
	aur_strs_unref(other);
	span_release(&x);
}

static struct aur_columns *find_columns(struct opened *o, const char *name)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(aur_columns_domain(o->columns[i])->name, name) == 0)
			return o->columns[i];
	make_sure(false, "a domain is missing");
	return NULL;
}

/* Whether a column is what the samples had. */
static bool same_column(struct aur_columns *c, size_t inst, size_t f,
    struct aur_sample **s, enum aur_domain_id id, struct aur_key key)
{
	uint64_t cells[ROWS], have[ROWS / 64 + 1];
	int64_t ages[ROWS];
	bool same = aur_columns_cells(c, inst, f, cells, have) == 0 &&
		    aur_columns_ages(c, inst, ages) == 0;

	for (size_t row = 0; same && row < ROWS; row++) {
		const struct aur_part *p = aur_sample_get(s[row], id);
		ptrdiff_t i = p != NULL ? aur_part_find(p, key, 0) : -1;
		bool has = i >= 0 && aur_part_has(p, (size_t)i, f);

		same = has == ((have[row / 64] >> (row % 64)) & 1) &&
		       cells[row] == (has ? aur_part_cell(p, (size_t)i, f) : 0);
		if (i >= 0)
			same = same && ages[row] == p->at_ns + p->inst[i].at_ns;
	}
	return same;
}

static struct aur_key key_of(const struct span *x, const char *name)
{
	struct aur_key key = {{0, 0}};
	uint32_t id = 0;

	make_sure(aur_strs_find(x->m.strs, aur_slice_str(name), &id), name);
	key.v[0] = id;
	return key;
}

static void test_columns(void)
{
	struct span x;
	struct opened o = {.n = 0};
	struct aur_columns *c;
	uint64_t cells[ROWS], have[ROWS / 64 + 1];

	span_pack(&x, ROWS);
	make_sure(open_all(&x.all, &o) == 0, "not opened");
	c = find_columns(&o, "cpu");
	tap_eq_u64(aur_columns_rows(c), ROWS, "rows of a domain");
	tap_eq_u64(aur_columns_insts(c), 1, "one has one instance");
	tap_ok(same_column(c, 0, AUR_CPU_user, x.s, AUR_DOMAIN_CPU,
		   (struct aur_key){{0, 0}}),
	    "a counter");
	tap_ok(same_column(c, 0, AUR_CPU_idle, x.s, AUR_DOMAIN_CPU,
		   (struct aur_key){{0, 0}}),
	    "one that wraps");
	tap_ok(same_column(c, 0, AUR_CPU_iowait, x.s, AUR_DOMAIN_CPU,
		   (struct aur_key){{0, 0}}),
	    "one that is not always there");
	tap_eq_int(aur_columns_cells(c, 0, AUR_CPU_guest, cells, have),
	    AUR_EABSENT, "one that never was");
	tap_eq_int(
	    aur_columns_cells(c, 0, AUR_CPU_model, cells, have), 0, "texts");
	tap_ok(aur_slice_is(aur_columns_text(c, cells[7]), "Abacus 9000"),
	    "as it was");
	c = find_columns(&o, "core");
	tap_eq_u64(aur_columns_insts(c), 4, "cores");
	tap_eq_u64(aur_columns_number(c, 0), 0, "by number, not as they came");
	tap_eq_u64(aur_columns_number(c, 2), 2, "another");
	tap_ok(same_column(c, 2, AUR_CORE_user, x.s, AUR_DOMAIN_CORE,
		   (struct aur_key){{2, 0}}),
	    "one that goes and comes");
	c = find_columns(&o, "disk");
	tap_eq_u64(aur_columns_insts(c), 3, "disks");
	tap_ok(aur_slice_is(aur_columns_name(c, 0), "vda"), "as they came");
	tap_eq_int(aur_columns_find(c, aur_slice_str("sdb")), 2, "found");
	tap_eq_int(aur_columns_find(c, aur_slice_str("sdc")), -1, "not found");
	tap_ok(same_column(c, 2, AUR_DISK_read_bytes, x.s, AUR_DOMAIN_DISK,
		   key_of(&x, "sdb")),
	    "with ages of its own");
	c = find_columns(&o, "temperature");
	tap_ok(same_column(c, 0, AUR_TEMPERATURE_value, x.s,
		   AUR_DOMAIN_TEMPERATURE, (struct aur_key){{0, 0}}),
	    "negative values of one without a name, read now and then");
	close_all(&o);
	span_release(&x);
}

/* --- times ---------------------------------------------------------------- */

static void test_find(void)
{
	struct aur_wall wall[] = {{10}, {20}, {30}, {15}, {25}};
	struct aur_times t = {.n = 5, .wall = wall};

	tap_eq_int(aur_times_find(&t, (struct aur_wall){9}), -1, "before all");
	tap_eq_int(aur_times_find(&t, (struct aur_wall){10}), 0, "at");
	tap_eq_int(aur_times_find(&t, (struct aur_wall){16}), 3,
	    "the last stretch of a clock that was set back");
	tap_eq_int(aur_times_find(&t, (struct aur_wall){99}), 4, "after all");
}

/* --- limits --------------------------------------------------------------- */

static int no_block(void *arg, const struct aur_block *b)
{
	(void)b;
	++*(int *)arg;
	return 0;
}

static void test_limits(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = make_sample(strs, 5000);
	struct aur_packer *p = NULL;
	int blocks = 0;

	make_sure(aur_packer_new(&p) == 0, "no packer");
	tap_eq_int(aur_packer_finish(p, AUR_PACK_EFFORT, no_block, &blocks), 0,
	    "nothing to finish");
	tap_eq_int(blocks, 0, "no block of nothing");
	tap_eq_int(aur_packer_add(p, s), 0, "a sample without parts");
	tap_eq_int(aur_packer_add(p, s), AUR_ELIMIT, "not later");
	s->mono.ns += AUR_SECOND_NS;
	s->boot_id[3]++;
	tap_eq_int(aur_packer_add(p, s), AUR_ELIMIT, "another boot");
	s->boot_id[3]--;
	tap_eq_int(aur_packer_add(p, s), 0, "this boot");
	s->mono.ns += AUR_SECOND_NS;
	s->boot.ns += 3599 * AUR_SECOND_NS;
	tap_eq_int(aur_packer_add(p, s), 0, "an hour but for a second");
	s->mono.ns += AUR_SECOND_NS;
	s->boot.ns += AUR_SECOND_NS;
	tap_eq_int(aur_packer_add(p, s), AUR_ELIMIT, "an hour");
	tap_eq_int(aur_packer_finish(p, AUR_PACK_EFFORT, no_block, &blocks), 0,
	    "finished");
	tap_eq_int(blocks, 1, "times only");
	tap_eq_int(aur_packer_add(p, s), 0, "then it goes");
	aur_packer_free(p);
	aur_sample_unref(s);
	aur_strs_unref(strs);
}

/* A hundred cores whose counters nobody can foresee. */
static void add_noise(struct aur_sample *s, uint64_t *state)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_CORE);

	for (uint64_t k = 0; k < 100; k++) {
		size_t i = make_key(p, k, 0);

		for (unsigned f = 0; f < 8; f++)
			aur_part_set(p, i, f,
			    make_chance(state) << 31 ^ make_chance(state));
	}
}

static void test_memory(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_packer *p = NULL;
	uint64_t state = 5;
	size_t n = 0, most = 0;
	int rc = 0;

	make_sure(aur_packer_new(&p) == 0, "no packer");
	for (; rc == 0 && n < 1000; n++) {
		struct aur_sample *s = make_sample(strs, (double)(5000 + n));

		most = aur_packer_bytes(p);
		add_noise(s, &state);
		rc = aur_packer_add(p, s);
		aur_sample_unref(s);
	}
	tap_eq_int(rc, AUR_ELIMIT, "memory is limited");
	tap_ok(most >= AUR_MAX_SPAN_BYTES &&
		   most < AUR_MAX_SPAN_BYTES + (64u << 10),
	    "to what it says (%zu)", most);
	aur_packer_free(p);
	aur_strs_unref(strs);
}

/* --- other catalogues ----------------------------------------------------- */

/* A cpu of another program: one field of another kind, one that we lack. */
static const struct aur_domain *other_cpu(void)
{
	static const struct aur_field field[] = {
	    {"user", "", AUR_KIND_STR, AUR_SEM_INFO, AUR_UNIT_NONE, 0},
	    {"dreams", "", AUR_KIND_U64, AUR_SEM_COUNTER, AUR_UNIT_COUNT, 0},
	    {"system", "", AUR_KIND_U64, AUR_SEM_COUNTER, AUR_UNIT_SECONDS, -2},
	};
	static const struct aur_domain domain = {
	    "cpu", "", AUR_DOMAIN_COUNT + 1, 3, AUR_KEY_ONE, "", field};

	return &domain;
}

static struct aur_sample *other_sample(
    struct aur_strs *strs, const struct aur_domain *d, double at)
{
	struct aur_sample *s = make_sample(strs, at);
	struct aur_part *p = aur_sample_part(s, d);

	make_sure(p != NULL && aur_part_one(p) == 0, "no part");
	make_text(p, 0, 0, "nobody");
	aur_part_set(p, 0, 1, 7);
	aur_part_set(p, 0, 2, 42);
	return s;
}

static void test_catalogue(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = other_sample(strs, other_cpu(), 1);
	struct aur_sample *twice = make_sample(strs, 2), *back = NULL;
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *p = NULL;
	const struct aur_part *part;

	make_one(twice, AUR_DOMAIN_CPU);
	make_sure(aur_packer_new(&p) == 0, "no packer");
	tap_eq_int(aur_packer_add(p, s), 0, "another program's cpu");
	tap_eq_int(aur_packer_add(p, twice), AUR_ELIMIT, "ours is not that");
	tap_eq_int(aur_packer_finish(p, 1, make_block, &all), 0, "finished");
	tap_eq_int(open_all(&all, &o), 0, "opened");
	make_sure(read_row(&o, 0, strs, &back) == 0, "no row");
	part = aur_sample_get(back, AUR_DOMAIN_CPU);
	make_sure(part != NULL, "no cpu");
	tap_ok(!aur_part_has(part, 0, AUR_CPU_user), "another kind: left out");
	tap_eq_u64(aur_part_cell(part, 0, AUR_CPU_system), 42, "what we know");
	aur_sample_unref(back);
	close_all(&o);
	make_blocks_release(&all);
	aur_packer_free(p);
	aur_sample_unref(s);
	aur_sample_unref(twice);
	aur_strs_unref(strs);
}

/* Run-time domains live as long as a sample has them, two of them, too. */
static void test_keep(void)
{
	struct aur_domain more = *make_labels();
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = make_sample(strs, 1), *back = NULL;
	struct make_span m = {.strs = strs, .labels = make_labels()};
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *p = NULL;

	more.name = "shop.returns";
	make_orders(&m, s, 3);
	m.labels = &more;
	make_orders(&m, s, 4);
	make_sure(aur_packer_new(&p) == 0 && aur_packer_add(p, s) == 0 &&
		      aur_packer_finish(p, 1, make_block, &all) == 0,
	    "not packed");
	make_sure(open_all(&all, &o) == 0, "not opened");
	make_sure(read_row(&o, 0, strs, &back) == 0, "no row");
	close_all(&o);
	make_blocks_release(&all);
	tap_ok(same_sample(s, back), "after their blocks are gone");
	aur_sample_unref(back);
	aur_sample_unref(s);
	aur_packer_free(p);
	aur_strs_unref(strs);
}

/* --- memory that is not there --------------------------------------------- */

/* Adds all samples, each addition failing at each of its allocations. */
static bool add_failing(struct aur_packer *p, struct aur_sample **s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned long nth = 1; fail_begin(nth); nth++) {
			int rc = aur_packer_add(p, s[i]);

			if (!fail_end()) {
				if (rc != 0)
					return false;
				break;
			}
			if (rc != AUR_ENOMEM || aur_packer_rows(p) != i)
				return false;
		}
	return true;
}

static void test_failing(void)
{
	struct span x;
	struct make_blocks all = {.n = 0};
	struct aur_packer *p = NULL;
	struct opened o = {.n = 0};
	int rc = AUR_ENOMEM;
	bool same = true, clean = true;

	span_pack(&x, ROWS);
	make_sure(aur_packer_new(&p) == 0, "no packer");
	tap_ok(add_failing(p, x.s, ROWS), "nothing of a sample is added");
	make_sure(aur_packer_finish(p, AUR_PACK_EFFORT, make_block, &all) == 0,
	    "not finished");
	for (size_t i = 0; i < all.n; i++)
		same = same && i < x.all.n &&
		       aur_slice_eq(all.block[i].bytes, x.all.block[i].bytes);
	tap_ok(same && all.n == x.all.n, "and the blocks are the same");
	make_blocks_release(&all);
	for (unsigned long nth = 1; rc != 0; nth++) {
		int blocks = 0;

		pack_rows(p, x.s, 40, 0);
		make_sure(fail_begin(nth), "endless");
		rc = aur_packer_finish(p, 1, no_block, &blocks);
		fail_end();
		clean = clean && (rc == 0 || rc == AUR_ENOMEM) &&
			aur_packer_rows(p) == 0;
	}
	tap_ok(clean, "finishing fails and begins anew");
	rc = AUR_ENOMEM;
	for (unsigned long nth = 1; rc != 0 && clean; nth++) {
		struct aur_sample *back = NULL;

		make_sure(fail_begin(nth), "endless");
		rc = open_all(&x.all, &o);
		if (rc == 0)
			rc = read_row(&o, 50, x.m.strs, &back);
		fail_end();
		clean = rc == 0 || rc == AUR_ENOMEM;
		aur_sample_unref(rc == 0 ? back : NULL);
		close_all(&o);
	}
	tap_ok(clean, "so does opening and reading");
	aur_packer_free(p);
	span_release(&x);
}

/* --- damage --------------------------------------------------------------- */

/* Whether each flipped byte and each wrong length is seen. */
static bool is_seen(struct aur_slice good)
{
	uint8_t *bad = aur_mem_grow(NULL, good.n + 1, 1);
	struct aur_block b;
	bool seen = bad != NULL;

	for (size_t i = 0; seen && i < good.n; i++) {
		memcpy(bad, good.p, good.n);
		bad[i] ^= (uint8_t)(1u << i % 8);
		seen = aur_block_head(aur_slice_of(bad, good.n), &b) < 0;
		bad[i] ^= 0xff;
		seen =
		    seen && aur_block_head(aur_slice_of(bad, good.n), &b) < 0;
		memcpy(bad, good.p, good.n);
		seen = seen && aur_block_head(aur_slice_of(bad, i), &b) < 0;
	}
	if (seen)
		bad[good.n] = 0;
	seen = seen && aur_block_head(aur_slice_of(bad, good.n + 1), &b) < 0;
	aur_mem_free(bad);
	return seen;
}

static void test_damage(void)
{
	struct span x;
	uint8_t later[64];
	struct aur_block b;

	span_pack(&x, 20);
	for (size_t i = 0; i < x.all.n; i++)
		tap_ok(is_seen(x.all.block[i].bytes), "damage of block %zu", i);
	memcpy(later, x.all.block[0].bytes.p, sizeof(later));
	later[3]++;
	tap_eq_int(aur_block_head(aur_slice_of(later, sizeof(later)), &b),
	    AUR_EVERSION, "a later form");
	span_release(&x);
}

/* A million zeros in some sixty bytes are frames, but no columns. */
static void test_ratio(void)
{
	struct aur_block b = {.name = aur_slice_str("cpu")}, head;
	uint8_t *zeros = aur_mem_new(1 << 20, 1), *mem;
	struct aur_buf out;
	uint32_t crc;

	make_sure(zeros != NULL, "memory");
	aur_buf_init(&out, AUR_MAX_BLOCK);
	make_sure(
	    aur_block_frames(&b, aur_slice_of(zeros, 1 << 20), 3, &out) == 0,
	    "no frames");
	tap_eq_int(aur_block_head(aur_buf_peek(&out), &head), 0, "as frames");
	mem = out.mem + out.head;
	mem[9] = AUR_BLOCK_COLUMNS;
	crc = aur_crc32c(0, aur_slice_of(mem + 9, mem[8]));
	for (unsigned i = 0; i < 4; i++)
		mem[4 + i] = (uint8_t)(crc >> (8 * i));
	tap_eq_int(aur_block_head(aur_buf_peek(&out), &head), AUR_EINVALID,
	    "not as columns");
	aur_buf_release(&out);
	aur_mem_free(zeros);
}

/* Many of one kind pack too well to be believed, so they are not packed. */
static void test_many(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = make_sample(strs, 1), *back = NULL;
	struct aur_part *p = make_part(s, AUR_DOMAIN_CORE);
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *packer = NULL;

	for (uint64_t k = 0; k < 40000; k++)
		aur_part_set(p, make_key(p, k, 0), AUR_CORE_user, 7);
	make_sure(aur_packer_new(&packer) == 0, "no packer");
	tap_eq_int(aur_packer_add(packer, s), 0, "a first sample is added");
	make_sure(aur_packer_finish(packer, 3, make_block, &all) == 0,
	    "not finished");
	tap_eq_int(open_all(&all, &o), 0, "opened");
	tap_ok(read_row(&o, 0, strs, &back) == 0 && same_sample(s, back),
	    "and read");
	aur_sample_unref(back);
	close_all(&o);
	make_blocks_release(&all);
	aur_packer_free(packer);
	aur_sample_unref(s);
	aur_strs_unref(strs);
}

/* --- golden bytes --------------------------------------------------------- */

#define GOLDEN_ROWS 40u

/* The file of block `i`; its bytes, or written anew where that is asked for. */
static void golden(
    const char *folder, const struct aur_block *b, struct aur_buf *ret)
{
	const char *root = getenv("AUR_SRCDIR");
	char path[4096];
	uint8_t *mem;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/golden/pack/%s/%.*s",
	    root != NULL ? root : ".", folder,
	    (int)(b->name.n > 0 ? b->name.n : 5),
	    b->name.n > 0 ? (const char *)b->name.p : "times");
	if (getenv("AUR_GOLDEN") != NULL) {
		f = fopen(path, "wb");
		make_sure(f != NULL, path);
		fwrite(b->bytes.p, 1, b->bytes.n, f);
		fclose(f);
	}
	aur_buf_init(ret, AUR_MAX_BLOCK);
	f = fopen(path, "rb");
	make_sure(f != NULL, path);
	mem = aur_buf_reserve(ret, 1 << 16);
	make_sure(mem != NULL, "memory");
	aur_buf_commit(ret, fread(mem, 1, 1 << 16, f));
	fclose(f);
}

/* Blocks of long ago are read for ever; those that zstd had no part in are
 * still made in the same way. */
static void test_golden(const char *folder, int effort)
{
	struct span x;
	struct make_blocks old = {.n = 0};
	struct opened o = {.n = 0};
	bool same = true, comes_back = true;

	span_pack_at(&x, GOLDEN_ROWS, effort);
	for (size_t i = 0; i < x.all.n; i++) {
		golden(folder, &x.all.block[i], &old.bytes[i]);
		make_sure(aur_block_head(
			      aur_buf_peek(&old.bytes[i]), &old.block[i]) == 0,
		    "a golden block is damaged");
		old.n++;
		same = same &&
		       aur_slice_eq(old.block[i].bytes, x.all.block[i].bytes);
	}
	tap_ok(same || effort != 0, "%s: the same bytes", folder);
	make_sure(open_all(&old, &o) == 0, "not opened");
	tap_ok(same_times(&o.times, x.s), "%s: times", folder);
	for (size_t i = 0; i < GOLDEN_ROWS; i++)
		comes_back = comes_back && row_comes_back(&o, i, x.s, x.m.strs);
	tap_ok(comes_back, "%s: rows", folder);
	close_all(&o);
	make_blocks_release(&old);
	span_release(&x);
}

/* --- frames --------------------------------------------------------------- */

static void test_frames(void)
{
	struct aur_block b = {.name = aur_slice_str("process"),
	    .from = {5},
	    .to = {9},
	    .rows = 3};
	struct aur_block head;
	struct aur_buf out, back;
	struct aur_slice frames = aur_slice_str(
	    "frame frame frame frame frame frame frame frame frame frame");

	aur_buf_init(&out, AUR_MAX_BLOCK);
	aur_buf_init(&back, AUR_MAX_BLOCK_RAW);
	memset(b.boot_id, 7, sizeof(b.boot_id));
	tap_eq_int(aur_block_frames(&b, frames, 3, &out), 0, "frames packed");
	tap_ok(out.n < frames.n + 60, "and shorter");
	make_sure(aur_block_head(aur_buf_peek(&out), &head) == 0, "no head");
	tap_eq_int(head.kind, AUR_BLOCK_FRAMES, "their kind");
	tap_eq_int(head.from.ns, 5, "from");
	tap_eq_int(head.to.ns, 9, "to");
	tap_eq_u64(head.rows, 3, "rows");
	tap_ok(aur_slice_is(head.name, "process"), "name");
	tap_eq_int(aur_block_open_frames(head.bytes, &back), 0, "opened");
	tap_ok(aur_slice_eq(aur_buf_peek(&back), frames), "the same");
	aur_buf_release(&out);
	aur_buf_release(&back);
}

int main(void)
{
	test_round_trip();
	test_columns();
	test_find();
	test_limits();
	test_memory();
	test_catalogue();
	test_keep();
	test_failing();
	test_damage();
	test_ratio();
	test_many();
	test_golden("plain", 0);
	test_golden("packed", AUR_PACK_EFFORT);
	test_frames();
	return tap_done();
}
