/* SPDX-License-Identifier: MIT */
/*
 * The codec as a property: whatever goes in comes out, over long runs of
 * samples of which some are never sent; and no failed allocation does harm.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "model/want.h"
#include "tests/harness/tap.h"
#include "tests/unit/wire_sample.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/frame.h"

struct pair {
	struct aur_strs *near, *far;
	struct aur_encoder *e;
	struct aur_decoder *d;
	struct aur_buf out;
};

static int open_pair(struct pair *p)
{
	const struct aur_domain *domain[AUR_DOMAIN_COUNT];
	size_t n = 0;
	int rc;

	for (int i = 0; i < AUR_DOMAIN_COUNT; i++)
		domain[n++] = aur_domain_get((enum aur_domain_id)i);
	aur_buf_init(&p->out, AUR_MAX_QUEUE);
	p->near = aur_strs_new(AUR_MAX_STRING_BYTES);
	p->far = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (p->near == NULL || p->far == NULL)
		return AUR_ENOMEM;
	rc = aur_encoder_new(&p->e, 1);
	if (rc == 0)
		rc = aur_decoder_new(&p->d, p->far);
	if (rc == 0)
		rc = aur_encoder_open(p->e, "live", domain, n, &p->out);
	return rc;
}

static void close_pair(struct pair *p)
{
	aur_encoder_free(p->e);
	aur_decoder_free(p->d);
	aur_strs_unref(p->near);
	aur_strs_unref(p->far);
	aur_buf_release(&p->out);
}

/* Feeds the output to the decoder; the sample that ends in it. */
static int drain(struct pair *p, struct aur_sample **ret_s)
{
	struct aur_slice in = aur_buf_peek(&p->out);
	const struct aur_part *part;
	struct aur_frame f;
	int rc;

	while ((rc = aur_frame_take(&in, &f)) > 0) {
		if (f.type == AUR_MSG_STREAM_OPEN)
			rc = aur_decoder_open(p->d, f.payload);
		else if (f.type == AUR_MSG_SAMPLE_BEGIN)
			rc = aur_decoder_begin(p->d, f.payload);
		else if (f.type == AUR_MSG_PART)
			rc = aur_decoder_part(p->d, f.payload, &part);
		else
			rc = aur_decoder_end(p->d, f.payload, ret_s);
		if (rc < 0)
			break;
	}
	aur_buf_clear(&p->out);
	return rc;
}

/* One sample through both; whether it came out the same. */
static int pass(struct pair *p, struct aur_sample *s, bool *ret_same)
{
	struct aur_sample *got = NULL;
	int rc = aur_encoder_sample(p->e, s, &p->out);

	if (rc == 0)
		rc = drain(p, &got);
	if (rc == 0)
		*ret_same = got != NULL && same_sample(s, got);
	aur_sample_unref(got);
	return rc;
}

/* Whether all parts of `got` are of these, and have the numbers of `s`. */
static bool only_numbers(
    struct aur_sample *s, struct aur_sample *got, uint64_t domains)
{
	size_t n = 0;

	for (size_t i = 0; i < s->npart; i++) {
		const struct aur_part *a = &s->part[i], *b;
		const struct aur_domain *d = a->domain;

		if (d->id >= AUR_DOMAIN_COUNT || !((domains >> d->id) & 1))
			continue;
		b = aur_sample_find(got, d);
		if (b == NULL || b->n != a->n || b->at_ns != a->at_ns)
			return false;
		n++;
		for (size_t k = 0; k < a->n; k++)
			for (size_t f = 0; f < d->nfield; f++)
				if (d->field[f].kind != AUR_KIND_STR &&
				    (aur_part_has(a, k, f) !=
					    aur_part_has(b, k, f) ||
					(aur_part_has(a, k, f) &&
					    aur_part_cell(a, k, f) !=
						aur_part_cell(b, k, f))))
					return false;
	}
	return got->npart == n;
}

/* A reader of some numbers, to whom what else there is, is nothing. */
static void test_only(unsigned rounds)
{
	const uint64_t domains = AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(MEMORY);
	struct aur_sample *s = NULL, *got = NULL;
	struct pair p = {0};
	unsigned good = 0;
	int rc = open_pair(&p);

	aur_decoder_only(p.d, domains);
	dice_state = 77;
	for (unsigned i = 0; rc == 0 && i < rounds; i++) {
		struct aur_sample *next = next_sample(p.near, s);

		aur_sample_unref(s);
		s = next;
		rc = aur_encoder_sample(p.e, s, &p.out);
		if (rc == 0)
			rc = drain(&p, &got);
		good += rc == 0 && only_numbers(s, got, domains);
		aur_sample_unref(got);
		got = NULL;
	}
	tap_eq_int(rc, 0, "no error");
	tap_eq_u64(good, rounds, "only what was asked for, and all of it");
	aur_sample_unref(s);
	close_pair(&p);
}

static void test_random(uint64_t seed, unsigned rounds)
{
	struct pair p = {0};
	struct aur_sample *s = NULL;
	unsigned sent = 0, good = 0;
	int rc = open_pair(&p);

	dice_state = seed;
	for (unsigned i = 0; rc == 0 && i < rounds; i++) {
		struct aur_sample *next = next_sample(p.near, s);
		bool same = false;

		aur_sample_unref(s);
		s = next;
		if (dice(5) == 0)
			continue; /* skipped for a slow reader */
		sent++;
		rc = pass(&p, s, &same);
		if (!same || rc < 0)
			printf("# seed %u round %u: %s, %s\n", (unsigned)seed,
			    i, aur_err_str(rc),
			    aur_decoder_why(p.d) ? aur_decoder_why(p.d) : "");
		good += same;
		if (!same)
			break;
	}
	tap_eq_int(rc, 0, "no error");
	tap_eq_u64(good, sent, "all samples come out as they went in");
	aur_sample_unref(s);
	close_pair(&p);
}

#define HELD 3

/* What was decoded stays as it was for as long as somebody holds it, and what
 * follows is right whether anybody does or not. */
static void test_held(uint64_t seed, unsigned rounds)
{
	struct aur_sample *sent[HELD] = {NULL}, *got[HELD] = {NULL};
	struct pair p = {0};
	struct aur_sample *s = NULL, *next = NULL;
	bool good = true;
	int rc = open_pair(&p);

	dice_state = seed;
	for (unsigned i = 0; rc == 0 && i < rounds; i++) {
		size_t at = i % HELD;

		next = next_sample(p.near, s);
		aur_sample_unref(s);
		s = next;
		if (got[at] != NULL)
			good = good && same_sample(sent[at], got[at]);
		aur_sample_unref(sent[at]);
		aur_sample_unref(got[at]);
		sent[at] = aur_sample_ref(s);
		got[at] = NULL;
		rc = aur_encoder_sample(p.e, s, &p.out);
		if (rc == 0)
			rc = drain(&p, &got[at]);
		good = good && rc == 0 && same_sample(s, got[at]);
		if (dice(3) == 0) {
			aur_sample_unref(got[at]);
			got[at] = NULL;
		}
	}
	tap_eq_int(rc, 0, "no error");
	tap_ok(good, "whether samples are held makes no difference");
	for (size_t i = 0; i < HELD; i++) {
		aur_sample_unref(sent[i]);
		aur_sample_unref(got[i]);
	}
	aur_sample_unref(s);
	close_pair(&p);
}

static int fail_at(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

/* A few samples with the nth allocation failing; 0 when all went well. */
static int run_short(struct pair *p, struct aur_sample **s, size_t n)
{
	int rc = 0;
	bool same;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = pass(p, s[i], &same);
	return rc;
}

static void test_memory(void)
{
	struct aur_sample *s[4] = {NULL};
	unsigned long nth = 1;
	int rc = AUR_ENOMEM;

	dice_state = 77;
	for (; rc < 0 && nth < 5000; nth++) {
		struct pair p = {0};

		if (open_pair(&p) < 0)
			break;
		dice_state = 77;
		for (size_t i = 0; i < 4; i++)
			s[i] = next_sample(p.near, i > 0 ? s[i - 1] : NULL);
		aur_mem_set_fail(fail_at, &nth);
		rc = run_short(&p, s, 4);
		aur_mem_set_fail(NULL, NULL);
		if (rc < 0 && rc != AUR_ENOMEM)
			break;
		for (size_t i = 0; i < 4; i++)
			aur_sample_unref(s[i]);
		close_pair(&p);
	}
	tap_eq_int(rc, 0, "every allocation fails without harm");
	printf("# %lu allocations\n", nth - 1);
}

/* Endless new strings: neither table grows for ever. */
static void test_flat(void)
{
	struct pair p = {0};
	struct aur_sample *s = NULL;
	size_t most = 0;
	int rc = open_pair(&p);

	for (unsigned i = 0; rc == 0 && i < 400; i++) {
		const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_PROCESS);
		struct aur_part *part;
		bool same = false;

		aur_sample_unref(s);
		s = aur_sample_new(p.near);
		part = aur_sample_part(s, d);
		for (unsigned k = 0; k < 100; k++) {
			char name[32];
			ptrdiff_t at =
			    aur_part_add(part, (struct aur_key){{100 + k, i}});

			snprintf(name, sizeof(name), "n%u.%u", i, k);
			if (at < 0 ||
			    aur_part_set_text(part, (size_t)at,
				AUR_PROCESS_name, aur_slice_str(name)) < 0)
				break;
		}
		rc = pass(&p, s, &same);
		if (!same)
			break;
		if (aur_strs_count(p.far) > most)
			most = aur_strs_count(p.far);
	}
	tap_eq_int(rc, 0, "40,000 strings go through");
	tap_ok(most < 5000, "the reader holds %zu at most", most);
	aur_sample_unref(s);
	close_pair(&p);
}

/* As many as a large host has, each unlike the others, all in one part. */
static void test_many(void)
{
	const unsigned n = 100000;
	struct pair p = {0};
	struct aur_part *part;
	struct aur_sample *s;
	bool same = false;
	char text[128];
	int rc = open_pair(&p);

	s = aur_sample_new(p.near);
	part = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
	for (unsigned i = 0; rc == 0 && i < n; i++) {
		ptrdiff_t at =
		    aur_part_add(part, (struct aur_key){{1 + i, 1000000 + i}});

		if (at < 0)
			rc = (int)at;
		for (unsigned f = 0; at >= 0 && f < AUR_PROCESS_COUNT; f++)
			if (part->domain->field[f].kind != AUR_KIND_STR)
				aur_part_set(part, (size_t)at, f,
				    dice((uint64_t)1 << dice(40)));
		snprintf(text, sizeof(text), "/usr/bin/program --of=%90u", i);
		if (at >= 0)
			rc = aur_part_set_text(part, (size_t)at,
			    AUR_PROCESS_cmdline, aur_slice_str(text));
	}
	if (rc == 0)
		rc = pass(&p, s, &same);
	tap_eq_int(rc, 0, "100,000 processes fit into one part");
	tap_ok(same, "and come out as they went in");
	aur_sample_unref(s);
	close_pair(&p);
}

int main(void)
{
	test_only(300);
	for (uint64_t seed = 1; seed <= 12; seed++)
		test_random(seed * 7919, 200);
	for (uint64_t seed = 1; seed <= 4; seed++)
		test_held(seed * 104729, 200);
	test_memory();
	test_flat();
	test_many();
	return tap_done();
}
