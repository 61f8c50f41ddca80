/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "base/mem.h"
#include "history/inst_int.h"
#include "history/roll_int.h"

#include <inttypes.h>
#include <stdio.h>

/* Rows of a block that we made: a day's. */
#define ROWS_MOST 4096u

/* A block that is open. */
struct chunk {
	struct aur_times times; /* of which only the number counts */
	struct aur_columns *columns;
	struct aur_wall from;
	int64_t step_ns;
};

typedef int (*chunk_fn)(void *arg, struct chunk *c);

static int open_chunk(struct aur_wall from, int64_t step_ns,
    struct aur_slice bytes, chunk_fn fn, void *arg)
{
	struct chunk c = {.from = from, .step_ns = step_ns};
	struct aur_block head;
	int rc = aur_block_head(bytes, &head);

	if (rc < 0 || head.kind != AUR_BLOCK_COLUMNS || head.rows > ROWS_MOST)
		return rc == AUR_ENOMEM ? rc : 0;
	c.times.n = head.rows;
	memcpy(c.times.boot_id, head.boot_id, sizeof(c.times.boot_id));
	rc = aur_columns_open(&c.columns, bytes, &c.times);
	if (rc == 0) {
		rc = fn(arg, &c);
		aur_columns_free(c.columns);
	}
	return rc == AUR_EINVALID ? 0 : rc;
}

/* Opens all that touch [from, to), one after the other. */
static int each_chunk(struct aur__weeks *weeks, int64_t host,
    const struct aur__tier *tier, enum aur_group_id group, struct aur_wall from,
    struct aur_wall to, chunk_fn fn, void *arg)
{
	int64_t early = from.ns - tier->chunk * AUR_SECOND_NS;
	char name[32];
	int rc = 0;

	(void)snprintf(
	    name, sizeof(name), "roll.%s", aur_group_get(group)->name);
	for (size_t i =
		 aur__weeks_find(weeks, aur__week_of((struct aur_wall){early}));
	     rc == 0 && i < weeks->n && weeks->week[i].monday < to.ns; i++) {
		int err;
		struct aur__db *db =
		    aur__weeks_open(weeks, weeks->week[i].monday, &err);
		sqlite3_stmt *st;

		if (db == NULL)
			continue;
		st = aur__sql_use(db, AUR__SQL_ROLL_SPANS);
		aur__sql_i64(st, 1, host);
		aur__sql_i64(st, 2, tier->step);
		aur__sql_text(st, 3, aur_slice_str(name));
		aur__sql_i64(st, 4, early);
		aur__sql_i64(st, 5, to.ns);
		while (rc == 0 && aur__sql_step(db, st) == 1)
			rc = open_chunk((struct aur_wall){aur__col_i64(st, 1)},
			    tier->step * AUR_SECOND_NS, aur__col_blob(st, 3),
			    fn, arg);
		aur__sql_end(st);
	}
	return rc;
}

/* --- values --------------------------------------------------------------- */

struct read {
	const struct aur_metric *m;
	struct aur_wall from, to;
	aur__rolled_fn fn;
	void *arg;
	uint64_t cell[AUR__ROLL_CELLS][ROWS_MOST];
	uint64_t have[AUR__ROLL_CELLS][ROWS_MOST / 64];
};

static int field_of(const struct aur_domain *d, enum aur_figure_id id)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%s.min", aur_figure_get(id)->name);
	return aur_domain_field(d, aur_slice_str(name));
}

static int read_cells(struct read *r, struct chunk *c, size_t inst, int field)
{
	for (size_t k = 0; k < AUR__ROLL_CELLS; k++) {
		int rc = aur_columns_cells(c->columns, inst, (size_t)field + k,
		    r->cell[k], r->have[k]);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int on_chunk(void *arg, struct chunk *c)
{
	struct read *r = arg;
	const struct aur_domain *d = aur_columns_domain(c->columns);
	enum aur_figure_id id = r->m->figure;
	int field = field_of(d, id), rc = AUR_EABSENT;

	if (field < 0 || field + AUR__ROLL_CELLS > d->nfield)
		return 0;
	for (size_t i = 0;
	     rc == AUR_EABSENT && i < aur_columns_insts(c->columns); i++)
		if (aur__inst_matches(c->columns, i, r->m))
			rc = read_cells(r, c, i, field);
	if (rc < 0)
		return rc == AUR_ENOMEM ? rc : 0;
	for (size_t i = 0; rc == 0 && i < c->times.n; i++) {
		struct aur__rolled row = {
		    .at = {c->from.ns + (int64_t)i * c->step_ns}};

		if (row.at.ns + c->step_ns <= r->from.ns ||
		    row.at.ns >= r->to.ns ||
		    !((r->have[AUR__ROLL_N][i / 64] >> (i % 64)) & 1))
			continue;
		row.min =
		    aur__roll_decode(id, (int64_t)r->cell[AUR__ROLL_MIN][i]);
		row.mean =
		    aur__roll_decode(id, (int64_t)r->cell[AUR__ROLL_MEAN][i]);
		row.max =
		    aur__roll_decode(id, (int64_t)r->cell[AUR__ROLL_MAX][i]);
		row.n = r->cell[AUR__ROLL_N][i];
		rc = r->fn(r->arg, &row);
	}
	return rc;
}

int aur__roll_read(struct aur__weeks *weeks, int64_t host,
    const struct aur__tier *tier, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, aur__rolled_fn fn, void *arg)
{
	struct read *r;
	int rc;

	if (!aur__roll_has(m->figure))
		return 0;
	r = aur_mem_new(1, sizeof(*r));
	if (r == NULL)
		return AUR_ENOMEM;
	r->m = m;
	r->from = from;
	r->to = to;
	r->fn = fn;
	r->arg = arg;
	rc = each_chunk(weeks, host, tier, m->group, from, to, on_chunk, r);
	aur_mem_free(r);
	return rc;
}

/* --- names ---------------------------------------------------------------- */

struct names {
	const struct aur_metric *m;
	int (*fn)(void *arg, struct aur_slice name);
	void *arg;
};

static int on_names(void *arg, struct chunk *c)
{
	struct names *n = arg;
	bool numbers = aur_columns_domain(c->columns)->key == AUR_KEY_NUMBER;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < aur_columns_insts(c->columns); i++) {
		char number[24];
		struct aur_slice name = aur_columns_name(c->columns, i);

		if (!aur__inst_matches(c->columns, i, n->m))
			continue;
		(void)snprintf(number, sizeof(number), "%" PRIu64,
		    aur_columns_number(c->columns, i));
		rc = n->fn(n->arg, numbers ? aur_slice_str(number) : name);
	}
	return rc;
}

int aur__roll_names(struct aur__weeks *weeks, int64_t host,
    const struct aur__tier *tier, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to,
    int (*fn)(void *arg, struct aur_slice name), void *arg)
{
	struct names n = {m, fn, arg};

	return each_chunk(weeks, host, tier, m->group, from, to, on_names, &n);
}
