/* SPDX-License-Identifier: MIT */
/* Values: numbers of them, and an order that a sort can trust. */
#include "model/value.h"
#include "tests/harness/tap.h"

#define NOTHING ((struct aur_value){.type = AUR_VALUE_NULL})
#define BOOL(v) ((struct aur_value){.type = AUR_VALUE_BOOL, .b = (v)})
#define INT(v) ((struct aur_value){.type = AUR_VALUE_INT, .i = (v)})
#define REAL(v) ((struct aur_value){.type = AUR_VALUE_REAL, .d = (v)})
#define TEXT(v)                                                                \
	((struct aur_value){.type = AUR_VALUE_TEXT, .s = aur_slice_str(v)})

static void number(struct aur_value v, bool is, double want, const char *text)
{
	double d = 77;

	tap_ok(aur_value_number(&v, &d) == is, "%s", text);
	tap_near(d, is ? want : 77, 0, text);
}

static void test_number(void)
{
	number(NOTHING, false, 0, "nothing is no number");
	number(BOOL(true), true, 1, "true");
	number(BOOL(false), true, 0, "false");
	number(INT(-5), true, -5, "an integer");
	number(REAL(1.5), true, 1.5, "a real");
	number(TEXT("1"), false, 0, "text is no number");
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

/* In strictly rising order. */
static void test_order(void)
{
	const struct aur_value v[] = {
	    NOTHING,
	    REAL(-INFINITY),
	    REAL(-9223372036854777856.0),
	    INT(INT64_MIN),
	    INT(-2),
	    REAL(-1.5),
	    INT(-1),
	    REAL(-0.5),
	    BOOL(false),
	    REAL(0.5),
	    BOOL(true),
	    INT(2),
	    INT(9007199254740991),
	    REAL(9007199254740992.0), /* 2^53: here doubles lose integers */
	    INT(9007199254740993),
	    INT(INT64_MAX),
	    REAL(9223372036854775808.0),
	    REAL(INFINITY),
	    TEXT(""),
	    TEXT("A"),
	    TEXT("ab"),
	    TEXT("B"),
	    TEXT("\xc3\xbc"),
	};
	const int n = (int)(sizeof(v) / sizeof(v[0]));
	int bad = 0;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			if (sign(aur_value_cmp(&v[i], &v[j])) != sign(i - j)) {
				printf("# %d against %d\n", i, j);
				bad++;
			}
	tap_eq_int(bad, 0, "each against each");
}

static void test_equal(void)
{
	struct aur_value a = TEXT("NGINX"), b = TEXT("nginx");
	struct aur_value list = {
	    .type = AUR_VALUE_LIST, .s = aur_slice_of("a\0b", 3)};
	struct aur_value nan = REAL(NAN), null = NOTHING, one = INT(1);
	struct aur_value real = REAL(1), yes = BOOL(true), low = INT(INT64_MIN);

	tap_eq_int(aur_value_cmp(&a, &b), 0, "texts without case");
	tap_eq_int(aur_value_cmp(&list, &list), 0, "a list");
	tap_eq_int(aur_value_cmp(&nan, &null), 0, "no number is nothing");
	tap_ok(aur_value_cmp(&nan, &low) < 0, "and below every number");
	tap_eq_int(aur_value_cmp(&one, &real), 0, "1 is 1.0");
	tap_eq_int(aur_value_cmp(&yes, &one), 0, "and true");
}

int main(void)
{
	test_number();
	test_order();
	test_equal();
	return tap_done();
}
