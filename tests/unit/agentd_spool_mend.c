/* SPDX-License-Identifier: MIT */
/*
 * What a spool makes of files that were cut at each byte, flipped at each
 * byte, left in the middle of a seal, or written by a later version.
 */
#include "tests/unit/spool_make.h"

static uint8_t image[1 << 20];

/* The open segment of a service that was killed. */
static size_t make_open(int64_t seconds)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, seconds);
	put_event(s, seconds, 7);
	spool_commit(s, now_at(seconds));
	kill_spool(s);
	return load(SPOOL_OPEN, image, sizeof(image));
}

/* Whole system records in the first `n` bytes. */
static int64_t whole_seconds(size_t n)
{
	int64_t seconds = 0;
	size_t at = 0;

	while (at + 8 <= n) {
		size_t length = (size_t)image[at] | (size_t)image[at + 1] << 8 |
				(size_t)image[at + 2] << 16;

		if (at + 8 + length > n)
			break;
		seconds += image[at + 8] == RECORD_SYSTEM;
		at += 8 + length;
	}
	return seconds;
}

static void test_torn(void)
{
	static uint8_t rest[1 << 16];
	size_t n = make_open(12);
	unsigned wrong = 0;

	tap_ok(n > 500 && whole_seconds(n) == 12, "an open segment");
	for (size_t cut = 0; cut <= n; cut++) {
		int64_t whole = whole_seconds(cut);
		struct spool *s;

		empty(folder);
		save(SPOOL_OPEN, image, cut);
		s = open_at(20);
		wrong += load(SPOOL_OPEN, rest, sizeof(rest)) != s->size;
		/* it goes on, and after another death still does */
		put_seconds(s, whole, whole + 3);
		kill_spool(s);
		s = open_at(30);
		seal(s);
		wrong += !kept(s, 0, whole + 3);
		spool_close(s, now_at(31));
	}
	tap_eq_u64(wrong, 0, "cut at each byte: what was whole is there once");
}

static void test_open_flips(void)
{
	size_t n = make_open(6);
	unsigned wrong = 0, aside = 0;

	for (size_t at = 0; at < n; at++) {
		struct spool *s;

		empty(folder);
		image[at] ^= 0x10;
		save(SPOOL_OPEN, image, n);
		image[at] ^= 0x10;
		s = open_at(20);
		seal(s);
		find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
		wrong += !has_all(&found, 0, whole_seconds(at));
		aside += names(".damaged", NULL);
		wrong += put_seconds(s, 20, 22) != 0;
		spool_close(s, now_at(22));
	}
	tap_eq_u64(
	    wrong, 0, "a bit of it flipped: what was before it is there");
	tap_ok(aside > 0, "without a head it is set aside");
}

static void test_flips(void)
{
	char name[256], bad[256];
	struct spool *s;
	unsigned blocks, wrong = 0, aside = 0, lost = 0;
	size_t n;

	make_open(12);
	s = open_at(13);
	spool_close(s, now_at(13));
	names(".seg", name);
	n = load(name, image, sizeof(image));
	s = open_at(14);
	find(s, 7, 0, 100, &found);
	blocks = found.blocks;
	spool_close(s, now_at(14));
	tap_ok(blocks == 5 && n > 200, "a segment of %u blocks", blocks);
	for (size_t at = 0; at < n; at++) {
		struct found first;

		empty(folder);
		image[at] ^= 0x04;
		save(name, image, n);
		image[at] ^= 0x04;
		said = 0;
		s = open_at(20);
		find(s, 7, 0, 100, &first);
		wrong += first.bad > 0 || first.blocks != blocks - 1;
		wrong += said != 1;
		aside += names(".damaged", bad) == 1;
		find(s, 7, 0, 100, &found);
		lost +=
		    found.blocks != first.blocks || found.hash != first.hash;
		wrong += said != 1;
		spool_close(s, now_at(21));
	}
	tap_eq_u64(
	    wrong, 0, "a bit of it flipped: one block is lost, and said");
	tap_eq_u64(aside, n, "the segment is set aside");
	tap_eq_u64(lost, 0, "and what is sound of it stays");
	tap_ok(strstr(last_said, ".damaged") != NULL, "says: %s", last_said);
}

/* Killed after a segment was sealed, before the open one was emptied. */
static void test_sealed_twice(void)
{
	size_t n = make_open(12);
	struct spool *s = open_at(13);

	seal(s);
	kill_spool(s);
	save(SPOOL_OPEN, image, n);
	s = open_at(14);
	tap_eq_u64(spool_past(s)->event, 7, "its events are known");
	put_seconds(s, 14, 16);
	seal(s);
	find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
	tap_eq_u64(found.n, 14, "sealed, not emptied: nothing is there twice");
	spool_close(s, now_at(17));
}

static void test_later_form(void)
{
	size_t n = make_open(3);
	uint8_t head[33] = {9};
	struct record r = {RECORD_HEAD, {0}, aur_slice_of(head, sizeof(head))};
	struct aur_buf buf;
	struct spool *s;

	aur_buf_init(&buf, 1 << 20);
	if (spool__record_add(&buf, &r) < 0)
		abort();
	empty(folder);
	save(SPOOL_OPEN, aur_buf_peek(&buf).p, buf.n);
	aur_buf_release(&buf);
	s = open_at(4);
	tap_ok(n > 0 && spool_trouble(s) == NULL &&
		   names(".damaged", NULL) == 1 &&
		   strstr(last_said, "later version") != NULL,
	    "an open segment of a later version is set aside");
	spool_close(s, now_at(5));
}

int main(void)
{
	if (!begin_folder())
		return 99;
	test_torn();
	test_open_flips();
	test_flips();
	test_sealed_twice();
	test_later_form();
	end_folder();
	return tap_done();
}
