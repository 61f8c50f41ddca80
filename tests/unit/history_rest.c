/* SPDX-License-Identifier: MIT */
/*
 * lib/history: what is not read is closed after a while, and read again as if
 * it had not been; who only reads looks at nothing before he is asked.
 */
#include "base/err.h"
#include "history/read_int.h"
#include "tests/unit/history_make.h"

static void record(struct hist *x, int64_t seconds)
{
	for (int64_t t = 1; t <= seconds; t++) {
		struct aur_sample *s = hist_sample(x, 0);

		aur_history_put(x->h, x->host[0], s);
		aur_sample_unref(s);
	}
	hist_must(aur_history_flush(x->h, aur_span_ms(20000)) == 0, "flushed");
}

/* Connections of a history's reader that are open. */
static size_t open_weeks(const struct aur_history *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->weeks.n; i++)
		n += h->weeks.week[i].db.db != NULL;
	return n;
}

static size_t held(const struct aur_history *h)
{
	size_t n = 0;

	for (size_t i = 0; i < AUR__CHUNKS; i++)
		n += h->cache->chunk[i].used != 0;
	for (size_t i = 0; i < AUR__SPANS; i++)
		n += h->cache->span[i].used != 0;
	return n;
}

/* The CPU's idle time of a second; SIZE_MAX: there is none. */
static uint64_t read_idle(struct hist *x, int64_t second)
{
	struct aur_want want = hist_want_all();
	struct aur_wall at = {(x->begin + second) * AUR_SECOND_NS + 500000000};
	struct aur_sample *before = NULL, *now = NULL;
	uint64_t v = UINT64_MAX;

	if (aur_history_at(x->h, 0, at, &want, &before, &now) == 0)
		v = aur_part_cell(
		    aur_sample_get(now, AUR_DOMAIN_CPU), 0, AUR_CPU_idle);
	aur_sample_unref(before);
	aur_sample_unref(now);
	return v;
}

static void test_rest(void)
{
	struct hist x;
	uint64_t idle;

	hist_open(&x, true);
	record(&x, 60);
	tap_ok(x.h->writer->index.db == NULL, "the index is not kept open");
	idle = read_idle(&x, 30);
	tap_ok(idle != UINT64_MAX, "a moment");
	aur_history_rest(x.h);
	tap_ok(
	    open_weeks(x.h) == 1 && held(x.h) > 0, "read just now: it stays");
	aur_history_rest(x.h);
	tap_eq_u64(open_weeks(x.h), 0, "not read since: closed");
	tap_eq_u64(held(x.h), 0, "and nothing is held");
	tap_eq_u64(read_idle(&x, 30), idle, "read again");
	record(&x, 60);
	tap_ok(read_idle(&x, 90) != UINT64_MAX, "recording goes on");
	hist_must(aur_history_host(x.h, "id-9", "9", &x.host[1]) == 0, "new");
	hist_must(aur_history_flush(x.h, aur_span_ms(20000)) == 0, "flushed");
	tap_ok(x.h->writer->index.db == NULL, "closed again");
	hist_close(&x);
}

static void test_early(void)
{
	struct aur_history_options o = {.early = true};
	struct aur_history *reader = NULL;
	struct aur_wall from, to;
	char why[256] = "";
	struct hist x;

	hist_open(&x, true);
	record(&x, 20);
	o.folder = x.folder;
	tap_eq_int(aur_history_open(&reader, &o, why, sizeof(why)), 0, "opens");
	tap_ok(reader->weeks.n == 0 && aur_history_count(reader) == 0,
	    "and has looked at nothing");
	aur__scan(reader, false);
	tap_ok(aur_history_count(reader) == 1 &&
		   aur_history_bounds(reader, 0, &from, &to),
	    "until it is asked");
	aur_history_close(reader);
	hist_close(&x);
}

static void tidy(struct hist *x, int64_t seconds)
{
	struct aur_wall now = {(x->begin + seconds) * AUR_SECOND_NS};

	hist_must(
	    aur_history_tidy(x->h, now, aur_span_ms(60000)) == 0, "tidied");
}

/* A week with nothing to do is not opened until something is put into it. */
static void test_settled(void)
{
	struct hist x;
	const struct aur__weeks *w;

	hist_open(&x, true);
	x.begin -= 8 * 86400;
	record(&x, 120);
	w = &x.h->writer->weeks;
	tidy(&x, 60);
	tap_ok(w->n == 1 && !w->week[0].settled, "its log is not packed yet");
	tidy(&x, 2 * 3600);
	tap_ok(hist_rows(&x, "log") == 0 && hist_rows(&x, "hour") == 0,
	    "packed and rolled up");
	tidy(&x, 2 * 3600);
	tap_ok(w->week[0].settled, "it is settled");
	record(&x, 60);
	tap_ok(!w->week[0].settled, "until it is written to");
	tidy(&x, 2 * 3600);
	tidy(&x, 2 * 3600);
	tap_ok(hist_rows(&x, "log") == 0 && w->week[0].settled, "and again");
	hist_close(&x);
}

int main(void)
{
	test_rest();
	test_settled();
	test_early();
	return tap_done();
}
