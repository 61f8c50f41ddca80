/* SPDX-License-Identifier: MIT */
/*
 * Rows of the log that were packed go for all hosts together, in the order in
 * which they stand: they came at the same time, so that each page has rows of
 * several, and one host after the other would write every page once for each.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/tidy_int.h"

/* Rows that are looked for at once, and rows of a transaction. */
#define ROWS_ONCE 128u
#define ROWS_MOST 2048u

static bool is_packed(
    const struct aur__packed_all *all, int64_t host, int64_t stream)
{
	size_t lo = 0, hi = all->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct aur__packed *p = &all->at[mid];

		if (p->host == host)
			return p->from <= stream && stream <= p->to;
		if (p->host < host)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* The next rows to be dropped, from all->first on, which goes on. */
static int find_rows(struct aur__db *db, int64_t log_kind,
    struct aur__packed_all *all, int64_t *row, size_t *ret_n)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_IDS);
	size_t n = 0;
	int rc;

	aur__sql_i64(st, 1, all->first);
	aur__sql_i64(st, 2, all->last);
	aur__sql_i64(st, 3, log_kind);
	while ((rc = aur__sql_step(db, st)) == 1 && n < ROWS_ONCE) {
		int64_t id = aur__col_i64(st, 0);

		if (is_packed(all, aur__col_i64(st, 1), aur__col_i64(st, 2)))
			row[n++] = id;
		all->first = id + 1;
	}
	aur__sql_end(st);
	*ret_n = n;
	return rc < 0 ? rc : 0;
}

static int drop_rows(struct aur__tidy *t, int64_t monday, int64_t log_kind,
    struct aur__packed_all *all, bool *ret_more)
{
	int64_t row[ROWS_ONCE];
	size_t n = ROWS_ONCE, done = 0;
	struct aur__db *db;
	int rc = aur__write_begin(t->w, monday, &db);

	if (rc < 0)
		return rc;
	while (rc == 0 && n == ROWS_ONCE && done < ROWS_MOST) {
		rc = find_rows(db, log_kind, all, row, &n);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_DROP);

			aur__sql_i64(st, 1, row[i]);
			rc = aur__sql_done(db, st);
		}
		done += n;
	}
	*ret_more = n == ROWS_ONCE;
	return aur__write_end(t->w, monday, db, rc);
}

int aur__packed_add(struct aur__packed_all *all, const struct aur__packed *p)
{
	struct aur__packed *at = aur_mem_grow(all->at, all->n + 1, sizeof(*at));

	if (at == NULL)
		return AUR_ENOMEM;
	all->at = at;
	if (all->n == 0 || p->first < all->first)
		all->first = p->first;
	if (all->n == 0 || p->last > all->last)
		all->last = p->last;
	all->at[all->n++] = *p;
	return 0;
}

int aur__packed_drop(struct aur__tidy *t, int64_t monday, int64_t log_kind,
    struct aur__packed_all *all)
{
	bool more = all->n > 0;
	int rc = 0;

	while (rc == 0 && more)
		rc = drop_rows(t, monday, log_kind, all, &more);
	return rc;
}
