/* SPDX-License-Identifier: MIT */
/*
 * lib/history: a store that is larger than it may be. The oldest of the finest
 * goes first, what is young stays by the second, and recording goes on.
 */
#include "base/err.h"
#include "tests/unit/history_make.h"

#include <glob.h>
#include <sys/stat.h>

#define HOURS 5
#define SECONDS (HOURS * 3600)

static uint64_t size_of(const struct hist *x)
{
	char pattern[96];
	uint64_t sum = 0;
	glob_t g;

	snprintf(pattern, sizeof(pattern), "%s/*-W*", x->folder);
	hist_must(glob(pattern, 0, NULL, &g) == 0, "weeks");
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct stat st;

		if (strstr(g.gl_pathv[i], "-shm") == NULL &&
		    stat(g.gl_pathv[i], &st) == 0)
			sum += (uint64_t)st.st_blocks * 512;
	}
	globfree(&g);
	return sum;
}

static void record(struct hist *x, int64_t seconds)
{
	for (int64_t t = 1; t <= seconds; t++) {
		struct aur_sample *s = hist_sample(x, 0);

		aur_history_put(x->h, x->host[0], s);
		aur_sample_unref(s);
		if (t % 600 == 0)
			hist_must(
			    aur_history_flush(x->h, aur_span_ms(60000)) == 0,
			    "flushed");
	}
}

static void tidy(struct hist *x)
{
	struct aur_wall now = {(x->begin + SECONDS) * AUR_SECOND_NS};

	hist_must(
	    aur_history_tidy(x->h, now, aur_span_ms(600000)) == 0, "tidied");
}

static void open_limited(struct hist *x, uint64_t most_bytes)
{
	struct aur_history_options o = {
	    .folder = x->folder, .record = true, .most_bytes = most_bytes};
	char why[256] = "";

	aur_history_close(x->h);
	hist_must(aur_history_open(&x->h, &o, why, sizeof(why)) == 0, why);
	hist_must(
	    aur_history_host(x->h, "id-0", "0", &x->host[0]) == 0, "a host");
}

static int count_one(void *arg, struct aur_wall at, double value)
{
	size_t *n = arg;

	(void)at;
	*n += value == value;
	return 0;
}

/* Values of a figure that are there in an hour of the recording. */
static size_t values_in(struct hist *x, int64_t hour)
{
	struct aur_wall from = {(x->begin + hour * 3600) * AUR_SECOND_NS};
	struct aur_metric m;
	size_t n = 0;

	hist_must(
	    aur_metric_parse(aur_slice_str("load.one"), &m, NULL) == 0, "a");
	hist_must(aur_history_values(x->h, x->host[0], &m, from,
		      (struct aur_wall){from.ns + 3600 * AUR_SECOND_NS},
		      count_one, &n) == 0,
	    "values");
	return n;
}

int main(void)
{
	struct hist x;
	uint64_t whole;

	hist_open(&x, true);
	x.begin -= 86400;
	record(&x, SECONDS);
	tidy(&x);
	open_limited(&x, size_of(&x) / 3); /* free pages alone are over it */
	tidy(&x);
	tap_ok(values_in(&x, 0) > 3500, "free pages go before samples");
	whole = size_of(&x);
	tap_ok(values_in(&x, 0) > 3500, "every second is there");
	open_limited(&x, whole - 4096);
	tidy(&x);
	tap_ok(size_of(&x) <= whole - 4096,
	    "within the limit (%llu of "
	    "%llu bytes)",
	    (unsigned long long)size_of(&x), (unsigned long long)whole);
	tap_ok(values_in(&x, 0) > 100 && values_in(&x, 0) <= 360,
	    "the oldest is coarser (%zu values)", values_in(&x, 0));
	tap_ok(
	    values_in(&x, HOURS - 2) > 3500 && values_in(&x, HOURS - 1) > 3500,
	    "the youngest are whole");
	open_limited(&x, 4096);
	tidy(&x);
	tap_ok(values_in(&x, HOURS - 1) > 0, "whatever the limit, something");
	tap_ok(aur_history_trouble(x.h) == NULL, "and no trouble");
	record(&x, 60);
	hist_must(aur_history_flush(x.h, aur_span_ms(60000)) == 0, "flushed");
	tap_ok(values_in(&x, HOURS) >= 59, "new samples are kept");
	hist_close(&x);
	return tap_done();
}
