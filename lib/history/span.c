/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "base/mem.h"
#include "history/read_int.h"

void aur__at_take(struct aur__at *at, sqlite3_stmt *st)
{
	struct aur_slice boot = aur__col_blob(st, 3);

	*at = (struct aur__at){.id = aur__col_i64(st, 0),
	    .from = {aur__col_i64(st, 1)},
	    .to = {aur__col_i64(st, 2)},
	    .own = aur__col_i64(st, 4) != 0,
	    .whole = aur__col_i64(st, 5) != 0};
	if (boot.n == sizeof(at->boot_id))
		memcpy(at->boot_id, boot.p, boot.n);
}

int aur__block_read(struct aur__db *db, int64_t id, struct aur_buf *out)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_BYTES);
	int rc;

	aur__sql_i64(st, 1, id);
	rc = aur__sql_step(db, st);
	if (rc == 1)
		rc = aur_buf_add_slice(out, aur__col_blob(st, 0));
	else if (rc == 0)
		rc = AUR_EABSENT;
	aur__sql_end(st);
	return rc;
}

void aur__span_release(struct aur__span *s)
{
	for (size_t i = 0; i < s->npart; i++) {
		aur_columns_free(s->part[i].columns);
		aur_buf_release(&s->part[i].bytes);
	}
	aur_mem_free(s->part);
	aur_times_release(&s->times);
	*s = (struct aur__span){0};
}

int aur__span_open(
    struct aur__span *s, struct aur__db *db, struct aur_unpacker *unpacker)
{
	struct aur_buf bytes;
	int rc;

	aur_buf_init(&bytes, AUR_MAX_BLOCK);
	rc = aur__block_read(db, s->at.id, &bytes);
	if (rc == 0)
		rc = aur_times_open(&s->times, aur_buf_peek(&bytes), unpacker);
	aur_buf_release(&bytes);
	return rc;
}

static struct aur__columns *find_part(
    struct aur__span *s, struct aur_slice name)
{
	for (size_t i = 0; i < s->npart; i++)
		if (aur_slice_is(name, s->part[i].name))
			return &s->part[i];
	return NULL;
}

/* Opens a block; one that is damaged is noted as such. 0, AUR_ENOMEM. */
static int open_part(
    struct aur__span *s, struct aur_slice name, struct aur_slice bytes)
{
	struct aur__columns *p, *mem;
	int rc;

	if (s->npart == s->part_cap) {
		size_t cap = s->part_cap * 2 + 8;

		mem = aur_mem_grow(s->part, cap, sizeof(*mem));
		if (mem == NULL)
			return AUR_ENOMEM;
		s->part = mem;
		s->part_cap = cap;
	}
	p = &s->part[s->npart];
	*p = (struct aur__columns){0};
	memcpy(p->name, name.p, name.n);
	aur_buf_init(&p->bytes, AUR_MAX_BLOCK);
	rc = aur_buf_add_slice(&p->bytes, bytes);
	if (rc == 0)
		rc = aur_columns_open(
		    &p->columns, aur_buf_peek(&p->bytes), &s->times);
	if (rc == 0 && aur_columns_rows(p->columns) != s->times.n) {
		aur_columns_free(p->columns);
		p->columns = NULL;
	}
	if (rc == AUR_ENOMEM) {
		aur_buf_release(&p->bytes);
		return rc;
	}
	s->npart++;
	return 0;
}

/* The one block of that name. 0, also where there is none, or an error. */
static int open_named(
    struct aur__span *s, struct aur__db *db, struct aur_slice name)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_OF_NAME);
	int rc;

	aur__sql_i64(st, 1, s->host);
	aur__sql_i64(st, 2, s->step);
	aur__sql_text(st, 3, name);
	aur__sql_i64(st, 4, s->at.from.ns);
	aur__sql_i64(st, 5, s->at.to.ns);
	aur__sql_blob(st, 6, aur_slice_of(s->at.boot_id, 16));
	rc = aur__sql_step(db, st);
	if (rc == 1)
		rc = open_part(s, name, aur__col_blob(st, 0));
	aur__sql_end(st);
	return rc;
}

/* Those domains alone: who draws one figure does not read the others. */
static int open_domains(struct aur__span *s, struct aur__db *db, uint64_t want)
{
	int rc = 0;

	for (unsigned id = 0; rc == 0 && id < AUR_DOMAIN_COUNT; id++) {
		const struct aur_domain *d = aur_domain_get(id);

		if (!((want & ~s->domains) >> id & 1) || d == NULL)
			continue;
		rc = open_named(s, db, aur_slice_str(d->name));
		if (rc == 0)
			s->domains |= (uint64_t)1 << id;
	}
	return rc;
}

/* All that there are, of which `mask` tells whether they are wanted. */
static int open_all(
    struct aur__span *s, struct aur__db *db, struct aur__mask mask)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_OF_SPAN);
	int rc;

	aur__sql_i64(st, 1, s->host);
	aur__sql_i64(st, 2, s->step);
	aur__sql_i64(st, 3, s->at.from.ns);
	aur__sql_i64(st, 4, s->at.to.ns);
	aur__sql_blob(st, 5, aur_slice_of(s->at.boot_id, 16));
	while ((rc = aur__sql_step(db, st)) == 1) {
		struct aur_slice name = aur__col_blob(st, 1);
		const char *text = (const char *)sqlite3_column_text(st, 1);
		const struct aur_domain *d =
		    text != NULL ? aur_domain_find(text) : NULL;

		if (name.n == 0 || name.n > AUR_MAX_BLOCK_NAME ||
		    find_part(s, name) != NULL ||
		    (d != NULL && !((mask.domains >> d->id) & 1)))
			continue;
		rc = open_part(s, name, aur__col_blob(st, 2));
		if (rc < 0)
			break;
	}
	aur__sql_end(st);
	if (rc < 0)
		return rc;
	s->domains |= mask.domains;
	s->others = true;
	return 0;
}

/* Opens what `mask` wants and was not looked for. 0 or an error. */
static int open_parts(
    struct aur__span *s, struct aur__db *db, struct aur__mask mask)
{
	if (mask.others && !s->others)
		return open_all(s, db, mask);
	return open_domains(s, db, mask.domains);
}

struct aur__columns *aur__span_part(
    struct aur__span *s, struct aur__db *db, const char *name)
{
	const struct aur_domain *d = aur_domain_find(name);
	struct aur__mask mask = {.others = d == NULL};
	struct aur__columns *p;

	if (d != NULL)
		mask.domains = (uint64_t)1 << d->id;
	if (open_parts(s, db, mask) < 0)
		return NULL;
	p = find_part(s, aur_slice_str(name));
	return p != NULL && p->columns != NULL ? p : NULL;
}

bool aur__columns_whole(struct aur__columns *p)
{
	struct aur_block head;

	if (!p->checked)
		p->damaged = aur_block_head(aur_buf_peek(&p->bytes), &head) < 0;
	p->checked = true;
	return !p->damaged;
}

struct aur_sample *aur__span_bare(
    struct aur__span *s, size_t row, struct aur_strs *strs)
{
	struct aur_times *t = &s->times;
	struct aur_times_row more = aur_times_row(t, row);
	struct aur_sample *sample = aur_sample_new(strs);

	if (sample == NULL)
		return NULL;
	sample->mono = t->mono[row];
	sample->boot = more.boot;
	sample->wall = t->wall[row];
	sample->seq = more.seq;
	sample->missed = more.missed;
	sample->interval = t->interval[row];
	memcpy(sample->boot_id, t->boot_id, sizeof(sample->boot_id));
	return sample;
}

int aur__span_sample(struct aur__span *s, struct aur__db *db, size_t row,
    struct aur__mask mask, struct aur_strs *strs,
    struct aur_sample **ret_sample)
{
	struct aur_sample *sample;
	int rc = open_parts(s, db, mask);

	if (rc < 0)
		return rc;
	sample = aur__span_bare(s, row, strs);
	if (sample == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < s->npart; i++) {
		struct aur_columns *c = s->part[i].columns;
		const struct aur_domain *d =
		    c != NULL ? aur_columns_domain(c) : NULL;

		if (d == NULL ||
		    (d->id < AUR_DOMAIN_COUNT ? !((mask.domains >> d->id) & 1)
					      : !mask.others) ||
		    !aur__columns_whole(&s->part[i]))
			continue;
		rc = aur_columns_part(c, row, sample);
		if (rc == AUR_ENOMEM) {
			aur_sample_unref(sample);
			return rc;
		}
	}
	*ret_sample = sample;
	return 0;
}
