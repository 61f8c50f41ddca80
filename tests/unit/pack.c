/* SPDX-License-Identifier: MIT */
/* Packed time: what goes in comes out, whatever is damaged is seen. */
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

/* A span packed; whether every row comes back, forwards and backwards. */
static void test_round_trip(void)
{
	struct make_span m = make_span();
	struct aur_sample *s[ROWS];
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *p = NULL;
	struct aur_strs *other = make_strs();
	bool forwards = true, backwards = true;

	for (size_t i = 0; i < ROWS; i++)
		s[i] = make_row(&m, i);
	make_sure(aur_packer_new(&p) == 0, "no packer");
	pack_rows(p, s, ROWS, 0);
	tap_eq_u64(aur_packer_rows(p), ROWS, "rows added");
	tap_eq_int(aur_packer_finish(p, AUR_PACK_EFFORT, make_block, &all), 0,
	    "finished");
	tap_eq_u64(aur_packer_rows(p), 0, "and begun anew");
	tap_eq_u64(all.n, 6, "times and five domains");
	tap_eq_int(open_all(&all, &o), 0, "opened");
	tap_eq_u64(o.times.n, ROWS, "as many times");
	tap_ok(same_times(&o.times, s), "the same times");
	for (size_t i = 0; i < ROWS; i++)
		forwards = forwards && row_comes_back(&o, i, s, other);
	for (size_t i = ROWS; i > 0; i--)
		backwards = backwards && row_comes_back(&o, i - 1, s, m.strs);
	tap_ok(forwards, "every row comes back");
	tap_ok(backwards, "and from the last to the first");
	close_all(&o);
	make_blocks_release(&all);
	for (size_t i = 0; i < ROWS; i++)
		aur_sample_unref(s[i]);
	aur_packer_free(p);
	aur_strs_unref(other);
	aur_strs_unref(m.strs);
}

int main(void)
{
	test_round_trip();
	return tap_done();
}
