/* SPDX-License-Identifier: MIT */
/* Buffers: limits, taking, and a long random run against a simple model. */
#include "base/buf.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

static void is(struct aur_buf *b, const char *want, const char *text)
{
	tap_eq_str(aur_buf_str(b), want, text);
}

static void test_adds(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 100);
	tap_ok(aur_buf_peek(&b).n == 0, "begins empty");
	is(&b, "", "an empty string");
	tap_eq_int(aur_buf_add_str(&b, "ab"), 0, "add_str");
	tap_eq_int(aur_buf_add_byte(&b, 'c'), 0, "add_byte");
	tap_eq_int(aur_buf_add_slice(&b, aur_slice_str("de")), 0, "add_slice");
	tap_eq_int(aur_buf_addf(&b, "%d-%s", 42, "x"), 0, "addf");
	tap_eq_int(aur_buf_add(&b, NULL, 0), 0, "nothing of nothing");
	is(&b, "abcde42-x", "all of it");
	aur_buf_take(&b, 3);
	is(&b, "de42-x", "taken from the front");
	aur_buf_cut(&b, 4);
	is(&b, "de42", "cut");
	aur_buf_cut(&b, 40);
	is(&b, "de42", "cut beyond its end");
	tap_eq_u64(b.n, 4, "adds nothing");
	aur_buf_take(&b, 99);
	is(&b, "", "taken beyond its end");
	aur_buf_release(&b);
	aur_buf_release(&b);
	tap_eq_int(aur_buf_add_byte(&b, 'x'), AUR_ELIMIT, "released: max 0");
	aur_buf_release(&b);
}

static void test_limit(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 8);
	tap_eq_int(aur_buf_add_str(&b, "1234567"), 0, "below the limit");
	tap_eq_int(aur_buf_add_str(&b, "89"), AUR_ELIMIT, "above it");
	tap_eq_int(aur_buf_addf(&b, "%s", "89"), AUR_ELIMIT, "addf above it");
	tap_ok(aur_buf_reserve(&b, 2) == NULL, "reserve above it");
	is(&b, "1234567", "a failed add adds nothing");
	tap_eq_int(aur_buf_addf(&b, "%c", '8'), 0, "addf up to it");
	is(&b, "12345678", "full, and still a string");
	tap_eq_int(aur_buf_add_byte(&b, '9'), AUR_ELIMIT, "full");
	tap_eq_int(aur_buf_add(&b, "", 0), 0, "nothing fits always");
	aur_buf_take(&b, 1);
	tap_eq_int(aur_buf_add_byte(&b, '9'), 0, "room again");
	is(&b, "23456789", "as a queue");
	tap_ok(b.cap <= 9, "no storage beyond the limit and a NUL");
	aur_buf_release(&b);

	aur_buf_init(&b, SIZE_MAX);
	tap_eq_int(aur_buf_add_str(&b, "x"), 0, "an absurd maximum");
	tap_ok(aur_buf_reserve(&b, SIZE_MAX) == NULL, "an absurd reservation");
	aur_buf_release(&b);

	aur_buf_init(&b, 0);
	is(&b, "", "a buffer of nothing is still a string");
	tap_ok(aur_buf_reserve(&b, 0) != NULL, "no room is somewhere");
	aur_buf_release(&b);
}

static void test_long_format(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 5000);
	tap_eq_int(aur_buf_addf(&b, "%04000d", 7), 0, "longer than the room");
	tap_eq_u64(b.n, 4000, "its length");
	tap_ok(aur_buf_str(&b)[3999] == '7', "its end");
	tap_eq_int(aur_buf_addf(&b, "%02000d", 7), AUR_ELIMIT, "too long");
	tap_eq_u64(b.n, 4000, "unchanged");
	aur_buf_release(&b);

	/* What fits but for its NUL is written a second time. */
	for (int n = 60; n < 70; n++) {
		aur_buf_init(&b, 100);
		tap_eq_int(aur_buf_add_byte(&b, 'x'), 0, "some room");
		tap_eq_int(aur_buf_addf(&b, "%0*d", n, 7), 0, "as long as it");
		tap_ok(b.n == (size_t)n + 1 && b.mem[n] == '7', "not cut");
		aur_buf_release(&b);
	}
}

static void test_reserve(void)
{
	struct aur_buf b;
	uint8_t *p;

	aur_buf_init(&b, 100);
	p = aur_buf_reserve(&b, 10);
	memcpy(p, "0123456789", 10);
	aur_buf_commit(&b, 4);
	is(&b, "0123", "what was committed");
	aur_buf_release(&b);
}

static void test_no_memory(void)
{
	struct aur_buf b;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		aur_buf_init(&b, 1000);
		rc = 0;
		for (int i = 0; i < 50 && rc == 0; i++)
			rc = aur_buf_addf(&b, "%010d", i);
		if (!fail_end())
			break;
		tap_eq_int(rc, AUR_ENOMEM, "an allocation failed");
		tap_ok(b.n % 10 == 0, "a failed add adds nothing");
		aur_buf_release(&b);
	}
	tap_eq_int(rc, 0, "got through");
	tap_eq_u64(b.n, 500, "all there");
	aur_buf_release(&b);

	aur_buf_init(&b, 10);
	fail_begin(1);
	tap_ok(aur_buf_str(&b) == NULL, "no memory for the NUL");
	fail_begin(1);
	tap_ok(aur_buf_reserve(&b, 1) == NULL, "no memory to reserve");
	fail_end();
	aur_buf_release(&b);
}

static uint64_t random_of(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

#define QUEUE_MAX 300u

/* The same random adds and takes on a plain array. */
static void test_queue(void)
{
	uint8_t model[QUEUE_MAX + 64], next = 0;
	uint64_t seed = 1;
	struct aur_buf b;
	size_t n = 0;
	bool same = true;

	aur_buf_init(&b, QUEUE_MAX);
	for (int step = 0; step < 20000 && same; step++) {
		size_t k = random_of(&seed) % 64;

		if (random_of(&seed) % 2 == 0) {
			uint8_t piece[64];

			for (size_t i = 0; i < k; i++)
				piece[i] = next++;
			if (aur_buf_add(&b, piece, k) == 0) {
				memcpy(model + n, piece, k);
				n += k;
			} else {
				same = n + k > QUEUE_MAX;
			}
		} else {
			k = k < n ? k : n;
			memmove(model, model + k, n - k);
			n -= k;
			aur_buf_take(&b, k);
		}
		same = same && aur_buf_peek(&b).n == n &&
		       (n == 0 || memcmp(aur_buf_peek(&b).p, model, n) == 0);
	}
	tap_ok(same, "20000 random adds and takes");
	tap_ok(b.cap <= QUEUE_MAX + 1, "storage stays within the limit");
	aur_buf_release(&b);
}

int main(void)
{
	test_adds();
	test_limit();
	test_long_format();
	test_reserve();
	test_no_memory();
	test_queue();
	return tap_done();
}
