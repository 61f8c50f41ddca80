/* SPDX-License-Identifier: MIT */
/* Searching, nearness and globs. */
#include "base/text.h"
#include "tests/harness/tap.h"

static bool has(const char *hay, const char *needle)
{
	return aur_text_has(aur_slice_str(hay), aur_slice_str(needle));
}

static void test_has(void)
{
	tap_ok(has("nginx: Worker", "worker"), "without case");
	tap_ok(has("abc", "abc"), "all of it");
	tap_ok(has("abc", ""), "an empty needle");
	tap_ok(has("", ""), "even in nothing");
	tap_ok(has("aab", "ab"), "after a false start");
	tap_ok(!has("abc", "abcd"), "a longer needle");
	tap_ok(!has("", "a"), "in nothing");
	tap_ok(!has("abc", "cb"), "not there");
	tap_ok(!has("[", "{"), "only letters have cases");
}

static void distance(const char *a, const char *b, size_t want)
{
	char text[200];

	snprintf(text, sizeof(text), "%.60s to %.60s", a, b);
	tap_eq_u64(aur_text_distance(a, b), want, text);
	tap_eq_u64(aur_text_distance(b, a), want, "and back");
}

static void test_distance(void)
{
	char longest[66];

	distance("", "", 0);
	distance("top", "top", 0);
	distance("tpo", "top", 1);
	distance("", "abc", 3);
	distance("status", "statsu", 1);
	distance("kitten", "sitting", 3);
	distance("ab", "ba", 1);
	distance("abcd", "badc", 2);
	distance("ps", "top", 3);
	memset(longest, 'x', 65);
	longest[65] = '\0';
	distance(longest, "x", SIZE_MAX);
	longest[64] = '\0';
	distance(longest, "x", 63);
}

static void glob(const char *pattern, const char *s, bool want)
{
	tap_ok(aur_text_glob(pattern, aur_slice_str(s)) == want, "%s %s %s",
	    pattern, want ? "matches" : "does not match", s);
}

static void test_glob(void)
{
	char stars[101], as[1001];

	glob("", "", true);
	glob("", "a", false);
	glob("web1", "web1", true);
	glob("web1", "web12", false);
	glob("web12", "web1", false);
	glob("*", "", true);
	glob("*", "anything", true);
	glob("web*", "web1", true);
	glob("web*", "we", false);
	glob("*b*", "abc", true);
	glob("*b", "abab", true);
	glob("*b", "aba", false);
	glob("a*b*c", "a_b_b_c", true);
	glob("a*b*c", "a_c_b", false);
	glob("**a", "bba", true);
	glob("?", "a", true);
	glob("?", "", false);
	glob("?", "\xc3\xbc", true);
	glob("w?b",
	    "w\xe4\xb8\x80"
	    "b",
	    true);
	glob("web[12]", "web2", true);
	glob("web[12]", "web3", false);
	glob("web[0-9]", "web7", true);
	glob("web[0-9]", "webx", false);
	glob("web[!0-9]", "webx", true);
	glob("web[^0-9]", "web1", false);
	glob("[]]", "]", true);
	glob("[a-]", "-", true);
	glob("[a-c]*[x-z]", "b12y", true);
	glob("a[b", "a[b", true);
	glob("a[b", "ab", false);
	glob("[", "[", true);
	glob("\\*", "*", true);
	glob("\\*", "a", false);
	glob("\\", "\\", true);
	glob("*[0-9]x", "12x", true);
	/* What makes a naive matcher take for ever. */
	for (size_t i = 0; i < 100; i += 2)
		memcpy(stars + i, "*a", 2);
	stars[100] = '\0';
	memset(as, 'a', 1000);
	as[1000] = '\0';
	as[999] = 'b';
	tap_ok(!aur_text_glob(stars, aur_slice_str(as)), "fifty stars end");
}

int main(void)
{
	test_has();
	test_distance();
	test_glob();
	return tap_done();
}
