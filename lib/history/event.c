/* SPDX-License-Identifier: MIT */
/* Events as they were kept, in order of time. */
#include "base/err.h"
#include "base/mem.h"
#include "history/store_int.h"
#include "wire/msg.h"

/* Of one answer, in all. */
#define EVENTS_MOST 200000u

struct kept {
	size_t host;
	int64_t t;
	uint64_t number;
	struct aur_buf frame;
};

struct list {
	struct kept *kept;
	size_t n, cap;
};

static void release(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		aur_buf_release(&l->kept[i].frame);
	aur_mem_free(l->kept);
}

static size_t number_of(const struct aur_history *h, int64_t id)
{
	for (size_t i = 0; i < h->nhost; i++)
		if (h->host[i].id == id)
			return i;
	return SIZE_MAX;
}

static int add(struct list *l, size_t host, struct aur_slice frame)
{
	struct aur_event event;
	struct kept *k;

	if (host == SIZE_MAX || aur_event_take(frame, &event) < 0)
		return 0;
	if (l->n == l->cap) {
		size_t cap = l->cap * 2 + 64;

		k = aur_mem_grow(l->kept, cap, sizeof(*k));
		if (k == NULL)
			return AUR_ENOMEM;
		l->kept = k;
		l->cap = cap;
	}
	k = &l->kept[l->n];
	*k = (struct kept){
	    .host = host, .t = event.when.ns, .number = event.number};
	aur_buf_init(&k->frame, AUR_MAX_FRAME);
	if (aur_buf_add_slice(&k->frame, frame) < 0) {
		aur_buf_release(&k->frame);
		return AUR_ENOMEM;
	}
	l->n++;
	return 0;
}

/* The last `most` of a week, newest first. */
static int read_week(struct aur_history *h, struct aur__db *db, size_t host,
    struct aur_wall from, struct aur_wall to, size_t most, struct list *l)
{
	bool all = host == SIZE_MAX;
	sqlite3_stmt *st =
	    aur__sql_use(db, all ? AUR__SQL_EVENT_ALL : AUR__SQL_EVENT_OF);
	int i = 1, rc;

	if (!all)
		aur__sql_i64(st, i++, h->host[host].id);
	aur__sql_i64(st, i++, from.ns);
	aur__sql_i64(st, i++, to.ns);
	aur__sql_i64(st, i, (int64_t)(most - l->n));
	while ((rc = aur__sql_step(db, st)) == 1) {
		rc = add(
		    l, number_of(h, aur__col_i64(st, 0)), aur__col_blob(st, 1));
		if (rc < 0)
			break;
	}
	aur__sql_end(st);
	return rc == AUR_ENOMEM ? rc : 0;
}

static int by_time(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->t != y->t)
		return x->t < y->t ? -1 : 1;
	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

int aur_history_events(struct aur_history *h, size_t host, struct aur_wall from,
    struct aur_wall to, size_t most, aur_feed_event_fn fn, void *arg)
{
	struct list l = {0};
	int rc = 0, err;

	if (host != SIZE_MAX && host >= h->nhost)
		return 0;
	if (most == 0 || most > EVENTS_MOST)
		most = EVENTS_MOST;
	aur__read_begin(h);
	for (size_t i = h->weeks.n; rc == 0 && i > 0 && l.n < most; i--) {
		int64_t monday = h->weeks.week[i - 1].monday;
		struct aur__db *db;

		if (monday >= to.ns || monday + AUR__WEEK_NS <= from.ns)
			continue;
		db = aur__weeks_open(&h->weeks, monday, &err);
		if (db != NULL)
			rc = read_week(h, db, host, from, to, most, &l);
	}
	aur__read_end(h);
	if (l.n > 0)
		qsort(l.kept, l.n, sizeof(*l.kept), by_time);
	for (size_t i = 0; rc == 0 && i < l.n; i++) {
		struct aur_event event;

		if (aur_event_take(aur_buf_peek(&l.kept[i].frame), &event) == 0)
			fn(arg, l.kept[i].host, &event);
	}
	release(&l);
	return rc;
}
