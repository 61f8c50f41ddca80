/* SPDX-License-Identifier: MIT */
/* A span of samples packed, its blocks opened, and what comes back compared. */
#ifndef TESTS_UNIT_PACK_SPAN_H
#define TESTS_UNIT_PACK_SPAN_H

#include "tests/unit/pack_make.h"

#define ROWS 100u

static inline void pack_rows(
    struct aur_packer *p, struct aur_sample **s, size_t n, int want)
{
	for (size_t i = 0; i < n; i++) {
		int rc = aur_packer_add(p, s[i]);

		if (rc != want)
			tap_eq_int(rc, want, "adding a sample");
	}
}

/* Bytes of a string cell or of a name. */
static inline struct aur_slice text_of(
    const struct aur_part *p, size_t i, size_t f)
{
	struct aur_slice text = {NULL, 0};

	aur_part_text(p, i, f, &text);
	return text;
}

static inline bool same_cells(
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

static inline ptrdiff_t find_same(
    const struct aur_part *a, size_t i, const struct aur_part *b)
{
	if (a->domain->key == AUR_KEY_ONE)
		return b->n > 0 ? 0 : -1;
	if (a->domain->key == AUR_KEY_NUMBER)
		return aur_part_find(b, a->inst[i].key, 0);
	return aur_part_find_named(b, aur_part_name(a, i));
}

static inline bool same_part(const struct aur_part *a, const struct aur_part *b)
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

static inline const struct aur_part *find_part(
    const struct aur_sample *s, const char *name)
{
	for (size_t i = 0; i < s->npart; i++)
		if (strcmp(s->part[i].domain->name, name) == 0)
			return &s->part[i];
	return NULL;
}

/* Whether sample `b` has what `a` had, but for processes. */
static inline bool same_sample(
    const struct aur_sample *a, const struct aur_sample *b)
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

static inline bool same_row(
    struct aur_times *t, size_t i, const struct aur_sample *s)
{
	struct aur_times_row more = aur_times_row(t, i);

	return t->mono[i].ns == s->mono.ns && more.boot.ns == s->boot.ns &&
	       t->wall[i].ns == s->wall.ns && more.seq == s->seq &&
	       more.missed == s->missed && t->interval[i].ns == s->interval.ns;
}

/* Down and up. */
static inline bool same_times(struct aur_times *t, struct aur_sample **s)
{
	for (size_t i = 0; i < 2 * t->n; i++) {
		size_t row = i < t->n ? i : 2 * t->n - 1 - i;

		if (!same_row(t, row, s[row]))
			return false;
	}
	return memcmp(t->boot_id, s[0]->boot_id, 16) == 0;
}

/* The blocks of a span, opened. */
struct opened {
	struct aur_times times;
	struct aur_columns *columns[16];
	size_t n;
	struct aur_unpacker *by; /* borrowed, or NULL */
};

static inline int open_all(const struct make_blocks *all, struct opened *o)
{
	int rc = aur_times_open(&o->times, all->block[0].bytes, o->by);

	o->n = 0;
	for (size_t i = 1; rc == 0 && i < all->n; i++) {
		rc = aur_columns_open(
		    &o->columns[o->n], all->block[i].bytes, &o->times);
		o->n += rc == 0;
	}
	return rc;
}

static inline void close_all(struct opened *o)
{
	for (size_t i = 0; i < o->n; i++)
		aur_columns_free(o->columns[i]);
	aur_times_release(&o->times);
	*o = (struct opened){.n = 0};
}

static inline int read_row(struct opened *o, size_t row, struct aur_strs *strs,
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

static inline bool row_comes_back(
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

static inline void span_pack_at(struct span *x, size_t rows, int effort)
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

static inline void span_pack(struct span *x, size_t rows)
{
	span_pack_at(x, rows, AUR_PACK_EFFORT);
}

static inline void span_release(struct span *x)
{
	make_blocks_release(&x->all);
	for (size_t i = 0; i < ROWS; i++)
		aur_sample_unref(x->s[i]);
	aur_strs_unref(x->m.strs);
}

#endif
