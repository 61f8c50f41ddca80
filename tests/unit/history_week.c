/* SPDX-License-Identifier: MIT */
/*
 * lib/history: ten hosts, recorded and scrubbed. Ten minutes of each; with
 * AUR_LONG=1 a whole week, by the second (some quarter of an hour).
 */
#include "base/err.h"
#include "tests/unit/history_make.h"

#define HOSTS 10u

static struct aur_sample *again(struct hist *x, size_t host, int64_t second)
{
	x->feed[host].seconds = second - 1;
	return hist_sample(x, host);
}

/* Each is silent for a while, at its own time. */
static bool is_silent(size_t host, int64_t second)
{
	return (second + (int64_t)host * 97) % 5000 < 60;
}

static void record(struct hist *x, int64_t seconds)
{
	for (int64_t t = 1; t <= seconds; t++) {
		for (size_t i = 0; i < HOSTS; i++) {
			struct aur_sample *s = hist_sample(x, i);

			if (!is_silent(i, t))
				aur_history_put(x->h, x->host[i], s);
			aur_sample_unref(s);
		}
		if (t % 300 == 0)
			hist_must(
			    aur_history_flush(x->h, aur_span_ms(60000)) == 0,
			    "flushed");
		if (t % 7200 == 0)
			hist_must(aur_history_tidy(x->h,
				      (struct aur_wall){
					  (x->begin + t) * AUR_SECOND_NS},
				      aur_span_ms(600000)) == 0,
			    "tidied");
	}
	hist_must(aur_history_flush(x->h, aur_span_ms(60000)) == 0, "flushed");
}

/* Whether a moment is what it was, or rightly nothing; of a silence, a table
 * may be all that is not too old. */
static bool is_right(struct hist *x, size_t host, int64_t second, bool *ret_had)
{
	struct aur_want want = hist_want_all();
	struct aur_wall at = {(x->begin + second) * AUR_SECOND_NS + 500000000};
	struct aur_sample *before = NULL, *now = NULL, *b = NULL, *n;
	int rc = aur_history_at(x->h, x->host[host], at, &want, &before, &now);
	size_t differ;

	*ret_had = rc == 0;
	if (rc < 0)
		return rc == AUR_EABSENT &&
		       (second + (int64_t)host * 97) % 5000 < 60 + 180;
	if (aur_sample_get(now, AUR_DOMAIN_CPU) == NULL) {
		aur_sample_unref(before);
		aur_sample_unref(now);
		return is_silent(host, second);
	}
	n = again(x, host, now->wall.ns / AUR_SECOND_NS - x->begin);
	if (before != NULL)
		b = again(x, host, before->wall.ns / AUR_SECOND_NS - x->begin);
	differ = hist_differ(b, n, before, now, false);
	aur_sample_unref(b);
	aur_sample_unref(n);
	aur_sample_unref(before);
	aur_sample_unref(now);
	return differ == 0;
}

int main(void)
{
	bool is_long = getenv("AUR_LONG") != NULL;
	int64_t seconds = is_long ? 7 * 86400 : 600;
	size_t bad = 0, had = 0, n = 400;
	struct hist x;
	uint64_t state = 5;
	double ms = 0;
	struct aur_wall from, to;

	hist_open_hosts(&x, true, HOSTS);
	x.begin -= is_long ? 8 * 86400 : 86400;
	record(&x, seconds);
	for (size_t i = 0; i < n; i++) {
		struct aur_mono begin;
		bool there;

		state = state * 6364136223846793005u + 1442695040888963407u;
		begin = aur_clock_mono();
		if (!is_right(&x, (state >> 33) % HOSTS,
			10 +
			    (int64_t)((state >> 40) % (uint64_t)(seconds - 10)),
			&there))
			bad++;
		had += there;
		ms += (double)(aur_clock_mono().ns - begin.ns) / 1e6;
	}
	printf("# a moment of one host in %.2f ms\n", ms / (double)n);
	tap_eq_u64(bad, 0, "moments are what they were");
	tap_ok(had > n * 9 / 10, "most were kept (%zu of %zu)", had, n);
	tap_ok(aur_history_bounds(x.h, SIZE_MAX, &from, &to) &&
		   to.ns - from.ns > (seconds - 5) * AUR_SECOND_NS,
	    "from the first to the last");
	tap_ok(aur_history_trouble(x.h) == NULL, "no trouble");
	hist_close(&x);
	return tap_done();
}
