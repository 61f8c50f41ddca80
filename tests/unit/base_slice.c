/* SPDX-License-Identifier: MIT */
/* Pieces of slices: lines, words, parts. */
#include "base/slice.h"
#include "tests/harness/tap.h"

static void is(struct aur_slice s, const char *want, const char *text)
{
	tap_eq_bytes(s.p, s.n, want, strlen(want), text);
}

static void test_lines(void)
{
	struct aur_slice s = aur_slice_str("a\n\nlast"), line;

	tap_ok(aur_slice_line(&s, &line), "first line");
	is(line, "a", "without its newline");
	tap_ok(aur_slice_line(&s, &line), "second line");
	is(line, "", "empty");
	tap_ok(aur_slice_line(&s, &line), "third line");
	is(line, "last", "that lacks its newline");
	line = aur_slice_str("old");
	tap_ok(!aur_slice_line(&s, &line), "the end");
	is(line, "old", "untouched at the end");
	s = (struct aur_slice){NULL, 0};
	tap_ok(!aur_slice_line(&s, &line), "no line of nothing");
}

static void test_words(void)
{
	struct aur_slice s = aur_slice_str(" \tone  two\nthree "), word;

	tap_ok(aur_slice_word(&s, &word), "a word");
	is(word, "one", "without blanks");
	is(s, "  two\nthree ", "the rest");
	tap_ok(aur_slice_word(&s, &word), "another");
	is(word, "two", "two");
	tap_ok(aur_slice_word(&s, &word), "behind a newline");
	is(word, "three", "three");
	tap_ok(!aur_slice_word(&s, &word), "only blanks are left");
	is(word, "three", "untouched at the end");
	s = (struct aur_slice){NULL, 0};
	tap_ok(!aur_slice_word(&s, &word), "no word of nothing");
}

static void test_until(void)
{
	struct aur_slice s = aur_slice_str("key: value"), part;

	tap_ok(aur_slice_until(&s, ':', &part), "there is one");
	is(part, "key", "before it");
	is(s, " value", "behind it");
	tap_ok(!aur_slice_until(&s, ':', &part), "there is none");
	is(s, " value", "nothing taken");
	is(part, "key", "untouched");
	s = aur_slice_of("\0x", 2);
	tap_ok(aur_slice_until(&s, 0, &part) && part.n == 0, "a NUL");
	s = (struct aur_slice){NULL, 0};
	tap_ok(!aur_slice_until(&s, ':', &part), "in nothing");
}

static void test_rest(void)
{
	struct aur_slice nothing = {NULL, 0};

	is(aur_slice_trim(aur_slice_str("\t a b\n ")), "a b", "trim");
	is(aur_slice_trim(aur_slice_str(" \n ")), "", "trim blanks");
	tap_ok(aur_slice_trim(nothing).n == 0, "trim nothing");
	tap_ok(aur_slice_eq(nothing, aur_slice_str("")), "empty is empty");
	tap_ok(!aur_slice_eq(aur_slice_str("a"), nothing), "a is not");
	tap_ok(aur_slice_is(aur_slice_str("ab"), "ab"), "is");
	tap_ok(!aur_slice_is(aur_slice_str("ab"), "abc"), "is not");
	tap_ok(aur_slice_starts(aur_slice_str("abc"), "ab"), "starts");
	tap_ok(!aur_slice_starts(aur_slice_str("a"), "ab"), "too short");
	tap_ok(aur_slice_cmp(aur_slice_str("ab"), aur_slice_str("b")) < 0,
	    "byte order");
	tap_ok(aur_slice_cmp(aur_slice_str("ab"), aur_slice_str("a")) > 0,
	    "longer is more");
	tap_ok(aur_slice_cmp(nothing, aur_slice_str("")) == 0, "equal");
	tap_ok(aur_slice_cmp(aur_slice_str("\xff"), aur_slice_str("a")) > 0,
	    "bytes are unsigned");
	/* The published vectors of FNV-1a, 64 bits. */
	tap_eq_u64(
	    aur_slice_hash(nothing), 0xcbf29ce484222325u, "hash of none");
	tap_eq_u64(aur_slice_hash(aur_slice_str("a")), 0xaf63dc4c8601ec8cu,
	    "hash of a");
	tap_eq_u64(aur_slice_hash(aur_slice_str("foobar")), 0x85944171f73967e8u,
	    "hash of foobar");
}

int main(void)
{
	test_lines();
	test_words();
	test_until();
	test_rest();
	return tap_done();
}
