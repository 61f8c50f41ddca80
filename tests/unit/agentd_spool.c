/* SPDX-License-Identifier: MIT */
/*
 * The spool's plain course, on a real folder: what is put must come back once,
 * in order, over hours, boots and walks; what is too old or too much goes.
 */
#include "tests/unit/spool_make.h"

#include <sys/stat.h>
#include <sys/wait.h>

#define HOUR_S 3600

/* --- names ---------------------------------------------------------------- */

static void test_names(void)
{
	static const char *const bad[] = {"", "open", "closing", "x.seg",
	    "1-2-3-4-00000000000000000000000000000000.seg",
	    "0000000001-3-2-4-00000000000000000000000000000000.seg",
	    "0000000001-2-3-4-0000000000000000000000000000000.seg",
	    "0000000001-2-3-4-0000000000000000000000000000000G.seg",
	    "0000000001-2-3-4-00000000000000000000000000000000.seg2",
	    "0000000001--2-3-4-00000000000000000000000000000000.seg",
	    "0000000001-2-3-4-000000000000000000000000000000AB.seg",
	    "99999999999999999999-2-3-4-00000000000000000000000000000000.seg"};
	struct segment g = {.serial = 12,
	    .from_ms = BEGIN_S * 1000,
	    .to_ms = BEGIN_S * 1000 + 1,
	    .up_s = 77,
	    .boot_id = {0xab, 1}};
	struct segment h;
	char name[SPOOL_NAME];
	unsigned n = 0;

	spool__name(&g, name);
	tap_eq_str(name,
	    "0000000012-1795356000000-1795356000001-77-"
	    "ab010000000000000000000000000000.seg",
	    "a segment's name");
	tap_ok(spool__name_take(aur_slice_str(name), &h) == 0 &&
		   h.serial == 12 && h.to_ms == g.to_ms && h.up_s == 77 &&
		   memcmp(h.boot_id, g.boot_id, 16) == 0 && !h.damaged,
	    "and back");
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		n +=
		    spool__name_take(aur_slice_str(bad[i]), &h) == AUR_EINVALID;
	tap_eq_int(n, AUR_ARRAY_LEN(bad), "names that are none");
}

/* --- the plain course ----------------------------------------------------- */

static void test_course(void)
{
	struct spool *s;
	struct aur_wall from, to;

	empty(folder);
	s = open_at(0);
	tap_ok(spool_trouble(s) == NULL, "an empty folder: it records");
	tap_ok(!spool_past(s)->known, "nobody was here before");
	tap_ok(!spool_bounds(s, &from, &to), "nothing is sealed");
	tap_eq_int(put_seconds(s, 0, 30), 0, "half a minute");
	tap_eq_int(put_event(s, 30, 1), 0, "an event");
	tap_eq_int(seal(s), 0, "sealed");
	tap_eq_u64(names(".seg", NULL), 1, "one segment");
	tap_ok(kept(s, 0, 30), "all of it");
	tap_eq_u64(found.columns, 2, "a block for each domain");
	find(s, AUR_KEPT_PROCESSES | AUR_KEPT_EVENTS, 0, 40, &found);
	tap_eq_u64(found.tables, 6, "tables of processes");
	tap_eq_u64(found.events, 1, "and the event");
	tap_eq_u64(found.bad, 0, "all sound");
	tap_ok(spool_bounds(s, &from, &to) && from.ns == now_at(0).wall.ns &&
		   to.ns == now_at(30).wall.ns,
	    "its bounds");
	tap_eq_int(put_seconds(s, 31, 40), 0, "and on");
	spool_close(s, now_at(40));
	s = open_at(50);
	tap_ok(spool_past(s)->known && spool_past(s)->clean,
	    "the one before ended well");
	tap_eq_u64(spool_past(s)->event, 1, "its last event");
	tap_eq_int(spool_past(s)->at.ns, now_at(40).wall.ns, "when it ended");
	find(s, AUR_KEPT_SYSTEM, 31, 39, &found);
	tap_ok(found.n == 9, "a span that touches one segment");
	find(s, AUR_KEPT_SYSTEM, 32, 33, &found);
	tap_ok(found.n == 9, "comes whole");
	find(s, AUR_KEPT_EVENTS, 31, 45, &found);
	tap_ok(found.blocks == 0, "no event there");
	spool_close(s, now_at(51));
	tap_eq_u64(names(".seg", NULL), 2, "no empty segments");
}

static void test_hour(void)
{
	struct spool *s;
	int64_t from = HOUR_S - 5;

	empty(folder);
	s = open_at(from);
	tap_eq_int(put_seconds(s, from, from + 10), 0, "over the hour");
	tap_eq_u64(names(".seg", NULL), 1, "sealed at the hour");
	find(s, AUR_KEPT_SYSTEM, 0, 2 * HOUR_S, &found);
	tap_eq_u64(found.n, 5, "with what was before it");
	spool_close(s, now_at(from + 10));
	s = open_at(from + 11);
	tap_ok(kept(s, from, from + 10), "nothing is lost");
	spool_close(s, now_at(from + 12));
}

static void test_reboot(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 10);
	put_event(s, 10, 41);
	spool_commit(s, now_at(11));
	kill_spool(s);
	s = open_at(12);
	tap_ok(spool_past(s)->known && !spool_past(s)->clean &&
		   spool_past(s)->event == 41,
	    "it was killed");
	tap_eq_u64(
	    names(".seg", NULL), 0, "the same boot: the segment goes on");
	kill_spool(s);
	boot = 2;
	s = open_at(20);
	tap_eq_u64(names(".seg", NULL), 1, "another boot: it is sealed");
	tap_ok(spool_past(s)->boot_id[0] == 1, "of the boot before");
	put_seconds(s, 20, 25);
	spool_close(s, now_at(25));
	s = open_at(26);
	find(s, AUR_KEPT_SYSTEM | AUR_KEPT_EVENTS, 0, 100, &found);
	tap_ok(found.n == 15 && found.events == 1, "both boots are kept");
	spool_close(s, now_at(26));
	boot = 1;
}

static void test_full_span(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	tap_eq_int(put_seconds(s, 0, 3600 + 3600 + 20), 0, "two hours");
	seal(s);
	tap_ok(kept(s, 0, 7220), "each second once");
	find(s, AUR_KEPT_PROCESSES, 0, 7220, &found);
	tap_eq_u64(found.tables, 1444, "each table once");
	tap_ok(found.blocks >= 12, "in chunks of ten minutes at most");
	tap_eq_u64(found.bad, 0, "that can each be read alone");
	spool_close(s, now_at(7220));
}

static void test_ask(void)
{
	struct aur_wall since;
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 5);
	spool_seal(s, now_at(5));
	tap_eq_u64(names(".seg", NULL), 1, "sealed when somebody asks");
	put_seconds(s, 5, 50);
	spool_seal(s, now_at(50));
	tap_eq_u64(names(".seg", NULL), 1, "not again within a minute");
	put_seconds(s, 50, 66);
	tap_ok(spool_gathers(s, now_at(0).wall, now_at(99).wall, &since) &&
		   since.ns == now_at(5).wall.ns &&
		   spool_gathers(s, now_at(65).wall, now_at(66).wall, &since),
	    "it has something that is not sealed");
	tap_ok(!spool_gathers(s, now_at(0).wall, now_at(5).wall, &since) &&
		   !spool_gathers(s, now_at(66).wall, now_at(99).wall, &since),
	    "but not of any time");
	spool_seal(s, now_at(66));
	tap_eq_u64(names(".seg", NULL), 2, "but after it");
	tap_ok(!spool_gathers(s, now_at(0).wall, now_at(99).wall, &since),
	    "and then nothing more");
	tap_ok(kept(s, 0, 66), "nothing is lost");
	spool_close(s, now_at(66));
}

/* --- retention ------------------------------------------------------------ */

static void fill_hours(struct spool *s, int hours)
{
	for (int h = 0; h < hours; h++)
		put_seconds(s, h * HOUR_S, h * HOUR_S + 5);
	seal(s);
}

static void test_retention(void)
{
	struct spool *s;
	char name[256];
	unsigned n;

	empty(folder);
	most_age.ns = 3 * HOUR_S * AUR_SECOND_NS;
	s = open_at(0);
	fill_hours(s, 10);
	n = names(".seg", NULL);
	tap_ok(n >= 3 && n <= 4, "by age: %u segments", n);
	find(s, AUR_KEPT_SYSTEM, 0, 10 * HOUR_S, &found);
	tap_eq_u64(found.n, n * 5, "those that are there");
	/* the clock jumps ahead by a week: what this boot recorded stays */
	wall_shift_s = 7 * 86400;
	put_seconds(s, 9 * HOUR_S + 20, 9 * HOUR_S + 40);
	seal(s);
	tap_ok(names(".seg", NULL) >= n, "a step of the clock: kept");
	spool_close(s, now_at(9 * HOUR_S + 40));
	wall_shift_s = 0;
	most_age.ns = 2 * DAY_NS;

	empty(folder);
	most_bytes = 6000;
	s = open_at(0);
	fill_hours(s, 20);
	n = names(".seg", NULL);
	tap_ok(n >= 2 && n < 20, "by size: %u segments", n);
	tap_ok(s->index.bytes <= most_bytes, "within it");
	find(s, AUR_KEPT_SYSTEM, 0, 20 * HOUR_S, &found);
	qsort(found.seq, found.n, sizeof(*found.seq), by_value);
	tap_ok(found.n == n * 5 && found.seq[found.n - 1] == 19 * HOUR_S + 5,
	    "the newest");
	spool_limit(s, 1, most_age);
	spool_commit(s, now_at(19 * HOUR_S + 60));
	tap_eq_u64(names(".seg", name), 0, "a new limit holds at once");
	spool_close(s, now_at(19 * HOUR_S + 61));

	empty(folder);
	most_bytes = 1 << 20;
	s = open_at(0);
	for (int64_t k = 0; k < 3500; k++) {
		struct aur_sample *table = table_at(k);

		put_second(s, k);
		if (spool_put(s, AUR_KEPT_PROCESSES, table) < 0)
			break;
		aur_sample_unref(table);
	}
	n = names(".seg", NULL);
	tap_ok(n >= 1 && s->size < most_bytes / 2,
	    "within the hour, a large open segment: %u sealed", n);
	spool_close(s, now_at(3500));
	most_bytes = 256u << 20;
}

/* --- walks ---------------------------------------------------------------- */

static void test_walks(void)
{
	struct spool *s;
	struct spool_walk *a = NULL, *b = NULL;
	struct aur_buf buf;
	unsigned n = 0;

	empty(folder);
	s = open_at(0);
	fill_hours(s, 3);
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	tap_ok(spool_walk_begin(s, AUR_KEPT_SYSTEM, now_at(0).wall,
		   now_at(10 * HOUR_S).wall, &a) == 0 &&
		   spool_walk_begin(s, AUR_KEPT_SYSTEM, now_at(0).wall,
		       now_at(10 * HOUR_S).wall, &b) == 0,
	    "two walks");
	tap_ok(spool_walk_next(a, &buf) == 0, "one has begun");
	tap_eq_int(
	    spool_walk_at(a).ns, now_at(2 * HOUR_S).wall.ns, "with the newest");
	spool_limit(s, 1, most_age);
	spool_commit(s, now_at(2 * HOUR_S + 60));
	tap_eq_u64(names(".seg", NULL), 0, "the files are removed");
	while (spool_walk_next(a, &buf) == 0)
		n++;
	tap_eq_u64(n, 2, "what it had in hand is read to the end");
	tap_eq_int(
	    spool_walk_next(b, &buf), AUR_EABSENT, "the other finds nothing");
	spool_close(s, now_at(2 * HOUR_S + 61));
	tap_eq_int(spool_walk_next(b, &buf), AUR_EABSENT, "a spool closed");
	spool_walk_end(a);
	spool_walk_end(b);
	aur_buf_release(&buf);
}

/* --- the folder ----------------------------------------------------------- */

static void test_folder(void)
{
	struct spool_options o = {.folder = folder, .strs = strs};
	char why[256] = "";
	struct spool *s = NULL;
	int status = 0, go[2];
	pid_t pid;

	empty(folder);
	/* before a spool is open: who forks beside its thread may take over a
	 * lock that nobody gives back */
	if (pipe(go) < 0)
		exit(99);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(read(go[0], why, 1) != 1 ||
		      spool_open(&s, &o, now_at(0), why, sizeof(why)) !=
			  AUR_EBUSY);
	chmod(folder, 0777);
	tap_eq_int(spool_open(&s, &o, now_at(0), why, sizeof(why)), AUR_EDENIED,
	    "a folder that others may write to");
	chmod(folder, 0755);
	s = open_at(0);
	{
		struct stat st;

		tap_ok(stat(folder, &st) == 0 && (st.st_mode & 077) == 0,
		    "one that others may read is closed to them");
	}
	(void)!write(go[1], "", 1);
	waitpid(pid, &status, 0);
	close(go[0]);
	close(go[1]);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "a second one is told so");
	spool_close(s, now_at(1));
	o.folder = "/dev/null/none";
	tap_eq_int(spool_open(&s, &o, now_at(0), why, sizeof(why)), AUR_EIO,
	    "no folder");
}

int main(void)
{
	if (!begin_folder())
		return 99;
	test_names();
	test_course();
	test_hour();
	test_reboot();
	test_full_span();
	test_ask();
	test_retention();
	test_walks();
	test_folder();
	end_folder();
	return tap_done();
}
