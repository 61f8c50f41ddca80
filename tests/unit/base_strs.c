/* SPDX-License-Identifier: MIT */
/* Interned strings: references, ids that come back, limits, no memory. */
#include "base/strs.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

static uint32_t put(struct aur_strs *t, const char *s)
{
	uint32_t id = UINT32_MAX;

	if (aur_strs_put(t, aur_slice_str(s), &id) != 0)
		tap_ok(false, "put %s", s);
	return id;
}

static void is(const struct aur_strs *t, uint32_t id, const char *want)
{
	struct aur_slice s = aur_strs_get(t, id);

	tap_eq_bytes(s.p, s.n, want, strlen(want), want);
}

static void test_life(void)
{
	struct aur_strs *t = aur_strs_new(1000);
	uint32_t a = put(t, "sda"), b = put(t, "a string beyond sixteen bytes");
	uint32_t id = 7, serial = aur_strs_serial(t, a);

	tap_ok(a != 0 && b != 0 && a != b, "two ids");
	is(t, a, "sda");
	is(t, b, "a string beyond sixteen bytes");
	tap_eq_u64(put(t, "sda"), a, "the same string is the same id");
	tap_eq_u64(aur_strs_count(t), 2, "two live strings");
	tap_eq_u64(aur_strs_bytes(t), 32, "their bytes");
	tap_eq_u64(aur_strs_end(t), b + 1, "one past the highest id");
	aur_strs_drop(t, a);
	is(t, a, "sda");
	aur_strs_hold(t, a);
	aur_strs_drop(t, a);
	aur_strs_drop(t, a);
	tap_ok(!aur_strs_find(t, aur_slice_str("sda"), &id) && id == 7,
	    "gone with the last reference");
	tap_eq_u64(aur_strs_get(t, a).n, 0, "a dead id is empty");
	tap_eq_u64(
	    put(t, "a third one, also beyond sixteen"), a, "the id comes back");
	tap_ok(aur_strs_serial(t, a) != serial, "with another serial");
	tap_ok(aur_strs_find(
		   t, aur_slice_str("a string beyond sixteen bytes"), &id) &&
		   id == b,
	    "found without a reference");
	aur_strs_drop(t, b);
	tap_eq_u64(aur_strs_count(t), 1, "one is left");
	tap_eq_u64(aur_strs_bytes(t), 32, "and its bytes");
	aur_strs_unref(t);
}

static void test_empty(void)
{
	struct aur_strs *t = aur_strs_new(0);
	uint32_t id = 7;

	tap_eq_u64(put(t, ""), 0, "the empty string is 0");
	tap_ok(aur_strs_find(t, aur_slice_str(""), &id) && id == 0, "found");
	aur_strs_hold(t, 0);
	aur_strs_drop(t, 0);
	aur_strs_drop(t, 0);
	tap_eq_u64(aur_strs_get(t, 0).n, 0, "needs no counting");
	tap_eq_u64(aur_strs_get(t, 12345).n, 0, "an id never given is empty");
	tap_eq_u64(aur_strs_serial(t, 12345), 0, "and has no serial");
	tap_eq_u64(aur_strs_count(t), 0, "no live string");
	tap_ok(aur_strs_ref(t) == t, "a second reference");
	aur_strs_unref(t);
	tap_eq_int(aur_strs_put(t, aur_slice_str("x"), &id), AUR_ELIMIT,
	    "alive, and full of nothing");
	aur_strs_unref(t);
	aur_strs_unref(NULL);
	tap_ok(aur_strs_ref(NULL) == NULL, "NULL is fine");
}

static void test_limits(void)
{
	static char big[AUR_MAX_STRING + 1];
	struct aur_strs *t = aur_strs_new(AUR_MAX_STRING + 10);
	uint32_t id = 7;

	memset(big, 'x', sizeof(big));
	tap_eq_int(aur_strs_put(t, aur_slice_of(big, sizeof(big)), &id),
	    AUR_ELIMIT, "a string too long");
	tap_eq_u64(id, 7, "untouched");
	tap_eq_int(aur_strs_put(t, aur_slice_of(big, sizeof(big) - 1), &id), 0,
	    "the longest");
	tap_eq_int(aur_strs_put(t, aur_slice_of(big, 11), &id), AUR_ELIMIT,
	    "too many bytes in all");
	tap_eq_int(aur_strs_put(t, aur_slice_of(big, 10), &id), 0, "up to it");
	tap_eq_int(aur_strs_put(t, aur_slice_of(big, 10), &id), 0,
	    "what is there costs nothing");
	aur_strs_unref(t);
}

static void name(char out[64], unsigned i)
{
	/* Half of them are longer than what stands inside an entry. */
	snprintf(out, 64, i % 2 != 0 ? "%u" : "a longer name for %u", i);
}

#define NAMES 3000u

/* Random puts, holds and drops of 3000 names against plain counts. */
static void test_random(void)
{
	static uint32_t refs[NAMES], ids[NAMES];
	struct aur_strs *t = aur_strs_new(1 << 20);
	uint64_t state = 7;
	size_t live = 0, bad = 0;
	char text[64];
	uint32_t id;

	for (int step = 0; step < 200000; step++) {
		unsigned i;

		state = state * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned)(state >> 33) % NAMES;
		name(text, i);
		if (refs[i] == 0 || (state >> 20) % 2 == 0) {
			id = put(t, text);
			bad += refs[i] > 0 && id != ids[i];
			live += refs[i]++ == 0;
			ids[i] = id;
		} else {
			aur_strs_drop(t, ids[i]);
			live -= --refs[i] == 0;
		}
		bad += aur_strs_count(t) != live;
	}
	for (unsigned i = 0; i < NAMES; i++) {
		struct aur_slice s = aur_slice_str(text);

		name(text, i);
		s = aur_slice_str(text);
		if (aur_strs_find(t, s, &id) != (refs[i] > 0))
			bad++;
		else if (refs[i] > 0 &&
			 (id != ids[i] ||
			     !aur_slice_eq(aur_strs_get(t, id), s)))
			bad++;
	}
	tap_eq_u64(bad, 0, "200000 random puts and drops");
	tap_ok(aur_strs_end(t) <= NAMES + 1, "no id above what lived at once");
	for (unsigned i = 0; i < NAMES; i++)
		for (; refs[i] > 0; refs[i]--)
			aur_strs_drop(t, ids[i]);
	tap_eq_u64(aur_strs_count(t), 0, "all dropped");
	tap_eq_u64(aur_strs_bytes(t), 0, "no bytes left");
	aur_strs_unref(t);
}

static int fill(struct aur_strs **ret)
{
	struct aur_strs *t = aur_strs_new(1 << 20);
	char text[64];
	uint32_t id;
	int rc = t == NULL ? AUR_ENOMEM : 0;

	for (unsigned i = 0; i < 400 && rc == 0; i++) {
		name(text, i);
		rc = aur_strs_put(t, aur_slice_str(text), &id);
	}
	*ret = t;
	return rc;
}

static void test_no_memory(void)
{
	struct aur_strs *t = NULL;
	size_t count, bad = 0;
	char text[64];
	uint32_t id;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		rc = fill(&t);
		if (!fail_end())
			break;
		bad += rc != AUR_ENOMEM;
		if (t == NULL)
			continue;
		/* What failed once goes through now, and is the next. */
		count = aur_strs_count(t);
		name(text, (unsigned)count);
		bad += aur_strs_put(t, aur_slice_str(text), &id) != 0;
		bad += aur_strs_count(t) != count + 1;
		bad += !aur_slice_is(aur_strs_get(t, id), text);
		aur_strs_unref(t);
	}
	tap_eq_int(rc, 0, "got through");
	tap_eq_u64(bad, 0, "every failure left a whole table");
	tap_eq_u64(aur_strs_count(t), 400, "all there");
	aur_strs_unref(t);
}

int main(void)
{
	test_life();
	test_empty();
	test_limits();
	test_random();
	test_no_memory();
	return tap_done();
}
