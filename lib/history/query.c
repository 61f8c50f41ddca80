/* SPDX-License-Identifier: MIT */
#include "history/query_int.h"

#include "base/err.h"
#include "base/mem.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)
#define HOURS_MOST 200000u

int aur__query_init(struct aur__query *q, struct aur_history *h, size_t host,
    const struct aur_metric *metric, struct aur_wall from, struct aur_wall to)
{
	struct aur_wall first, last;

	if (host >= h->nhost || !aur__read_extent(h, host, &first, &last))
		return AUR_EABSENT;
	q->metric = metric;
	q->from = from.ns > first.ns ? from : first;
	q->to = to.ns <= last.ns ? to : (struct aur_wall){last.ns + 1};
	if (q->from.ns >= q->to.ns)
		return AUR_EABSENT;
	return aur__source_of(h, host, &q->source);
}

int aur__hours_init(
    struct aur__hours *h, struct aur_wall from, struct aur_wall to)
{
	h->first = from.ns / HOUR_NS;
	h->n = (size_t)((to.ns - 1) / HOUR_NS - h->first) + 1;
	if (h->n > HOURS_MOST)
		return AUR_ELIMIT;
	h->has = aur_mem_new(h->n, 1);
	return h->has == NULL ? AUR_ENOMEM : 0;
}

void aur__hours_release(struct aur__hours *h)
{
	aur_mem_free(h->has);
	*h = (struct aur__hours){0};
}

uint8_t *aur__hours_at(struct aur__hours *h, struct aur_wall t)
{
	int64_t i = t.ns / HOUR_NS - h->first;

	return i >= 0 && (uint64_t)i < h->n ? &h->has[i] : NULL;
}

static void mark(struct aur__hours *h, struct aur_wall from, struct aur_wall to)
{
	int64_t t = from.ns - from.ns % HOUR_NS;

	for (; t <= to.ns; t += HOUR_NS) {
		uint8_t *hour = aur__hours_at(h, (struct aur_wall){t});

		if (hour != NULL)
			*hour = 1;
	}
}

int aur__hours_raw(struct aur__query *q, struct aur__hours *h, bool all)
{
	struct aur__segs segs;
	int rc = aur__segs_find(
	    &segs, &q->source, q->from, q->to, all ? AUR__IN_RAW : AUR__IN_LOG);

	for (size_t i = 0; rc == 0 && i < segs.n; i++)
		mark(h, segs.seg[i].at.from, segs.seg[i].at.to);
	if (rc == 0)
		aur__segs_release(&segs);
	return rc;
}

void aur__hours_dirty(struct aur__query *q, struct aur__hours *h)
{
	struct aur__weeks *w = q->source.weeks;
	struct aur_wall early = {q->from.ns - HOUR_NS};

	for (size_t i = aur__weeks_find(w, aur__week_of(early));
	     i < w->n && w->week[i].monday < q->to.ns; i++) {
		int err;
		struct aur__db *db =
		    aur__weeks_open(w, w->week[i].monday, &err);
		sqlite3_stmt *st;

		if (db == NULL)
			continue;
		st = aur__sql_use(db, AUR__SQL_HOUR_OF);
		aur__sql_i64(st, 1, q->source.host);
		aur__sql_i64(st, 2, q->from.ns);
		aur__sql_i64(st, 3, q->to.ns);
		while (aur__sql_step(db, st) == 1) {
			uint8_t *hour = aur__hours_at(
			    h, (struct aur_wall){aur__col_i64(st, 0)});

			if (hour != NULL)
				*hour = 1;
		}
		aur__sql_end(st);
	}
}

struct aur_wall aur__hours_run(
    struct aur__hours *h, struct aur_wall t, struct aur_wall to, bool *ret_has)
{
	int64_t end = t.ns - t.ns % HOUR_NS;
	const uint8_t *first = aur__hours_at(h, t), *next = first;

	*ret_has = first != NULL && *first;
	while (end < to.ns && next != NULL && *next == *first) {
		end += HOUR_NS;
		next = aur__hours_at(h, (struct aur_wall){end});
	}
	return (struct aur_wall){end < to.ns && first != NULL ? end : to.ns};
}
