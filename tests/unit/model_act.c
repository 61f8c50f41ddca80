/* SPDX-License-Identifier: MIT */
/* Sets of CPUs and priorities of I/O, to words and back. */
#include "base/err.h"
#include "model/act.h"
#include "tests/harness/tap.h"

static void test_cpus(void)
{
	static const char *const good[] = {
	    "", "0", "0-3,8", "1023", "0-1023", "63-64,127-128"};
	static const char *const bad[] = {
	    ",", "1,", "-1", "3-1", "1--2", "1-", " 1", "1, 2", "x", "1x"};
	struct aur_cpus c;
	char text[64], little[8];

	for (size_t i = 0; i < AUR_ARRAY_LEN(good); i++) {
		tap_eq_int(
		    aur_cpus_parse(aur_slice_str(good[i]), &c), 0, "a set");
		aur_cpus_text(&c, text, sizeof(text));
		tap_eq_str(text, good[i], "and back");
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		tap_eq_int(aur_cpus_parse(aur_slice_str(bad[i]), &c),
		    AUR_EINVALID, bad[i]);
	tap_eq_int(aur_cpus_parse(aur_slice_str("1024"), &c), AUR_ERANGE,
	    "beyond the last");
	tap_eq_int(aur_cpus_parse(aur_slice_str("0-4000000000"), &c),
	    AUR_ERANGE, "far beyond it");
	tap_eq_int(aur_cpus_parse(aur_slice_str("0-3,8"), &c), 0, "five");
	tap_eq_u64(aur_cpus_count(&c), 5, "are five");
	aur_cpus_flip(&c, 2);
	aur_cpus_flip(&c, 70);
	aur_cpus_flip(&c, 1024);
	aur_cpus_text(&c, text, sizeof(text));
	tap_eq_str(text, "0-1,3,8,70", "flipped");
	tap_ok(!aur_cpus_has(&c, 1024) && aur_cpus_has(&c, 70), "asked");
	aur_cpus_text(&c, little, sizeof(little));
	tap_eq_str(little, "0-1,3..", "cut short, and it shows");
}

static void test_io(void)
{
	char text[AUR_IO_PRIORITY_TEXT];

	aur_io_priority_text(AUR_IO_PRIORITY(AUR_IO_BEST_EFFORT, 4), text);
	tap_eq_str(text, "best-effort 4", "best effort");
	aur_io_priority_text(AUR_IO_PRIORITY(AUR_IO_REALTIME, 0), text);
	tap_eq_str(text, "realtime 0", "realtime");
	aur_io_priority_text(AUR_IO_PRIORITY(AUR_IO_IDLE, 0), text);
	tap_eq_str(text, "idle", "idle");
	aur_io_priority_text(0, text);
	tap_eq_str(text, "none", "none");
	aur_io_priority_text(INT32_MIN, text);
	tap_eq_str(text, "unknown", "what is none");
	tap_ok(
	    aur_io_priority_valid(AUR_IO_PRIORITY(AUR_IO_REALTIME, 7)) &&
		!aur_io_priority_valid(AUR_IO_PRIORITY(AUR_IO_REALTIME, 8)) &&
		!aur_io_priority_valid(-1) &&
		!aur_io_priority_valid(AUR_IO_PRIORITY(4, 0)),
	    "only what there is");
}

int main(void)
{
	test_cpus();
	test_io();
	return tap_done();
}
