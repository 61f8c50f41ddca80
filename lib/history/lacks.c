/* SPDX-License-Identifier: MIT */
/* What a host is to be asked for: the stretches of which it has not sent a
 * whole span yet. */
#include "history/walk_int.h"

#include "base/mem.h"

/* Between two samples of one recording there may be so much. */
#define JOIN_NS (15 * AUR_SECOND_NS)

struct cover {
	struct aur_history_span *span;
	size_t n, cap;
};

static int add(struct cover *c, struct aur_wall from, struct aur_wall to)
{
	struct aur_history_span *mem;

	if (c->n == c->cap) {
		size_t cap = c->cap * 2 + 64;

		mem = aur_mem_grow(c->span, cap, sizeof(*mem));
		if (mem == NULL)
			return -1;
		c->span = mem;
		c->cap = cap;
	}
	c->span[c->n++] = (struct aur_history_span){from, to};
	return 0;
}

static void add_week(struct cover *c, struct aur__db *db, int64_t host,
    int64_t step, enum aur_block_kind kind, const char *name,
    struct aur_wall from, struct aur_wall to)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_SPANS);

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, step);
	aur__sql_i64(st, 3, (int64_t)kind);
	aur__sql_text(st, 4, aur_slice_str(name));
	aur__sql_i64(st, 5, from.ns);
	aur__sql_i64(st, 6, to.ns);
	while (aur__sql_step(db, st) == 1) {
		struct aur__at at;

		aur__at_take(&at, st);
		if (!at.own && at.whole && add(c, at.from, at.to) < 0)
			break;
	}
	aur__sql_end(st);
}

static int by_from(const void *a, const void *b)
{
	const struct aur_history_span *x = a, *y = b;

	return (x->from.ns > y->from.ns) - (x->from.ns < y->from.ns);
}

/* Joins what touches; what is left between is lacking. */
static void join(struct cover *c)
{
	size_t n = 0;

	if (c->n > 0)
		qsort(c->span, c->n, sizeof(*c->span), by_from);
	for (size_t i = 0; i < c->n; i++) {
		if (n > 0 &&
		    c->span[i].from.ns <= c->span[n - 1].to.ns + JOIN_NS) {
			if (c->span[i].to.ns > c->span[n - 1].to.ns)
				c->span[n - 1].to = c->span[i].to;
		} else {
			c->span[n++] = c->span[i];
		}
	}
	c->n = n;
}

static size_t gaps(const struct cover *c, struct aur_wall from,
    struct aur_wall to, struct aur_history_span *ret, size_t most)
{
	size_t n = 0;

	for (size_t i = c->n; n < most && to.ns > from.ns; i--) {
		struct aur_wall begin = from;

		if (i > 0 && c->span[i - 1].to.ns + 1 > from.ns)
			begin.ns = c->span[i - 1].to.ns + 1;
		if (begin.ns < to.ns && (i == 0 || to.ns - begin.ns > JOIN_NS))
			ret[n++] = (struct aur_history_span){begin, to};
		if (i == 0)
			break;
		if (c->span[i - 1].from.ns < to.ns)
			to = c->span[i - 1].from;
	}
	return n;
}

size_t aur_history_lacks(struct aur_history *h, size_t host, unsigned kind,
    struct aur_wall from, struct aur_wall to, struct aur_history_span *ret,
    size_t most)
{
	enum aur_block_kind block =
	    kind == AUR_KEPT_SYSTEM ? AUR_BLOCK_TIMES : AUR_BLOCK_FRAMES;
	const char *name = kind == AUR_KEPT_SYSTEM	? ""
			   : kind == AUR_KEPT_PROCESSES ? "process"
							: "event";
	struct aur_wall early = {from.ns - 3700 * AUR_SECOND_NS};
	static const int64_t steps[2] = {AUR__STEP_RAW, AUR__STEP_THIN};
	struct cover c = {0};
	size_t n;

	if (host >= h->nhost || to.ns <= from.ns)
		return 0;
	aur__read_begin(h);
	for (size_t i = aur__weeks_find(&h->weeks, aur__week_of(early));
	     i < h->weeks.n && h->weeks.week[i].monday < to.ns; i++) {
		int err;
		struct aur__db *db =
		    aur__weeks_open(&h->weeks, h->weeks.week[i].monday, &err);

		for (size_t k = 0; db != NULL && k < 2; k++)
			add_week(&c, db, h->host[host].id, steps[k], block,
			    name, from, to);
	}
	aur__read_end(h);
	join(&c);
	n = gaps(&c, from, to, ret, most);
	aur_mem_free(c.span);
	return n;
}
