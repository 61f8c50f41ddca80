/* SPDX-License-Identifier: MIT */
/* Processes of a tree: every field, strangers, and what comes and goes. */
#include "collect/collect.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/collect_tree.h"
#include "tests/unit/process_sample.h"
#include "tests/unit/process_tree.h"

#include <signal.h>
#include <sys/wait.h>

#define PROCESS AUR_WANT_DOMAIN(PROCESS)
#define BOTH (PROCESS | AUR_WANT_DOMAIN(TASKS))
#define CELL(s, pid, f)                                                        \
	sample_cell(s, AUR_DOMAIN_PROCESS, sample_pid(s, pid), AUR_PROCESS_##f)
#define TEXT(s, pid, f)                                                        \
	sample_text(s, AUR_DOMAIN_PROCESS, sample_pid(s, pid), AUR_PROCESS_##f)
#define TASKS(s, f) sample_cell(s, AUR_DOMAIN_TASKS, 0, AUR_TASKS_##f)

static void set_uptime(double seconds)
{
	char text[64];

	snprintf(text, sizeof(text), "%.2f 0.00\n", seconds);
	ptree_put("proc/uptime", text);
}

static void make_tree(void)
{
	char passwd[64];

	ptree_begin();
	set_uptime(100);
	snprintf(passwd, sizeof(passwd), "tester:x:%u:0::/:/bin/sh\n",
	    (unsigned)geteuid());
	ptree_put("etc/passwd", passwd);
	ptree_put("proc/loadavg", "0.1 0.2 0.3 1/77 4711\n");
	ptree_stat(10, "web) R 5", 'S', 14, 700);
	ptree_put("proc/10/statm", "2000 500 40 1 0 2 0\n");
	ptree_put("proc/10/status",
	    "Uid:\t0\t0\t0\t0\nVmSwap:\t 16 kB\nRssFile:\t 8 kB\n"
	    "RssShmem:\t 0 kB\n");
	ptree_put("proc/10/io", "read_bytes: 5\nwrite_bytes: 6\n");
	ptree_put_bytes("proc/10/cmdline", "web\0-x\0", 7);
	ptree_put("proc/10/cgroup", "0::/system.slice/web.service\n");
	ptree_put("proc/10/fd/0", "");
	ptree_put("proc/10/fd/1", "");
	ptree_stat(9, "old", 'Z', 1, 600);
	ptree_put("proc/9/cmdline", "");
	ptree_put("proc/9/fd/0", "");
}

static void test_fields(void)
{
	struct aur_collect *c = sample_open(ptree_root, false, BOTH,
	    aur_want_process_all() | AUR_WANT_PROCESS(open_files));
	struct aur_want want = {
	    .domains = BOTH,
	    .process_fields = ~(uint64_t)0,
	    .close_fields = AUR_WANT_PROCESS(open_files),
	    .nclose = 2,
	    .close = {10, 4711},
	};
	struct aur_sample *s;
	const struct aur_part *p;

	aur_collect_want(c, &want);
	s = sample_take(c);
	p = aur_sample_get(s, AUR_DOMAIN_PROCESS);
	tap_eq_u64(p->n, 2, "two processes");
	tap_ok(p->inst[0].key.v[0] == 9 && p->inst[1].key.v[0] == 10,
	    "by number, not in the order of the folder");
	tap_eq_u64(p->inst[1].key.v[1], 700, "the start is part of the key");
	tap_eq_int(CELL(s, 10, parent), 1, "parent");
	tap_eq_int(CELL(s, 10, uid), (int64_t)geteuid(), "uid");
	tap_eq_str(TEXT(s, 10, user), "tester", "user");
	tap_eq_str(TEXT(s, 10, name), "web) R 5", "name");
	tap_eq_int(CELL(s, 10, state), 'S', "state");
	tap_eq_int(CELL(s, 10, priority), 20, "priority");
	tap_eq_int(CELL(s, 10, nice), 5, "nice");
	tap_eq_int(CELL(s, 10, threads), 3, "threads");
	tap_eq_str(TEXT(s, 10, tty), "pts/0", "terminal");
	tap_eq_str(TEXT(s, 10, cmdline), "web|-x", "command line");
	tap_eq_str(TEXT(s, 10, cgroup), "/system.slice/web.service", "group");
	tap_eq_str(TEXT(s, 10, unit), "web.service", "unit");
	tap_ok(TEXT(s, 10, container_id) == NULL, "no container");
	tap_eq_int(CELL(s, 10, cpu), 140000000, "cpu, from ticks");
	tap_eq_int(CELL(s, 10, user_time), 14, "user time");
	tap_eq_int(CELL(s, 10, system_time), 0, "system time is 0");
	tap_eq_int(CELL(s, 10, rss), 500 * 4096, "resident");
	tap_eq_int(CELL(s, 10, shared), 8192, "shared");
	tap_eq_int(CELL(s, 10, swap), 16384, "swap");
	tap_eq_int(CELL(s, 10, virtual), 8192000, "address space");
	tap_eq_int(CELL(s, 10, read_bytes), 5, "read");
	tap_eq_int(CELL(s, 10, written_bytes), 6, "written");
	tap_eq_int(CELL(s, 10, open_files), 2, "open files");
	tap_eq_int(CELL(s, 9, open_files), 1, "of all, where asked");
	tap_eq_int(CELL(s, 10, kernel_thread), 0, "no kernel thread");
	tap_eq_str(TEXT(s, 9, cmdline), "", "a zombie has no command line");
	tap_eq_int(CELL(s, 9, read_bytes), -1, "no io file: absent, not 0");
	tap_eq_int(TASKS(s, total), 2, "tasks: total");
	tap_eq_int(TASKS(s, zombie), 1, "tasks: zombie");
	tap_eq_int(TASKS(s, sleeping), 1, "tasks: sleeping");
	tap_eq_int(TASKS(s, threads), 6, "tasks: threads");
	tap_eq_int(TASKS(s, restricted_view), 0, "nothing is hidden");
	aur_sample_unref(s);
	aur_collect_free(c);
}

static void test_wanted_only(void)
{
	struct aur_collect *c =
	    sample_open(ptree_root, false, PROCESS, AUR_WANT_PROCESS(name));
	struct aur_sample *s = sample_take(c);

	tap_eq_str(TEXT(s, 10, name), "web) R 5", "what is wanted");
	tap_eq_int(CELL(s, 10, rss), -1, "and nothing else");
	tap_ok(TEXT(s, 10, cmdline) == NULL, "no command line");
	tap_eq_u64(aur_strs_bytes(aur_collect_strs(c)) < 64, 1, "none kept");
	aur_sample_unref(s);
	aur_collect_free(c);
	c = sample_open(ptree_root, false, AUR_WANT_DOMAIN(TASKS), 0);
	s = sample_take(c);
	tap_eq_int(TASKS(s, threads), 77, "tasks alone: threads of loadavg");
	tap_eq_int(TASKS(s, total), -1, "tasks alone: nobody is counted");
	aur_sample_unref(s);
	aur_collect_free(c);
}

static void test_close_up(void)
{
	struct aur_collect *c = sample_open(ptree_root, false, PROCESS, 0);
	struct aur_want want = {
	    .domains = PROCESS,
	    .process_fields = AUR_WANT_PROCESS(name),
	    .close_fields = aur_want_process_close(),
	    .nclose = 1,
	    .close = {10},
	    .count = 1,
	};
	struct aur_sample *s;

	aur_collect_want(c, &want);
	s = sample_take(c);
	tap_eq_str(TEXT(s, 10, cmdline), "web|-x", "a close look: command");
	tap_eq_str(TEXT(s, 10, unit), "web.service", "  unit");
	tap_eq_str(TEXT(s, 10, user), "tester", "  user");
	tap_eq_int(CELL(s, 10, shared), 8192, "  shared memory");
	tap_eq_int(CELL(s, 10, open_files), 2, "  open files");
	tap_eq_int(CELL(s, 9, open_files), -1, "  of that one alone");
	tap_ok(TEXT(s, 9, name) != NULL && TEXT(s, 9, cmdline) == NULL,
	    "at that process alone");
	aur_sample_unref(s);
	want.process_fields = 0;
	aur_collect_want(c, &want);
	s = sample_take(c);
	tap_eq_u64(aur_sample_get(s, AUR_DOMAIN_PROCESS)->n, 1,
	    "nothing else is wanted: it alone is there");
	tap_eq_str(TEXT(s, 10, cmdline), "web|-x", "  with what is wanted");
	aur_sample_unref(s);
	want.process_fields = AUR_WANT_PROCESS(name);
	want.nclose = 0;
	aur_collect_want(c, &want);
	s = sample_take(c);
	tap_ok(TEXT(s, 10, cmdline) == NULL, "and no longer than wanted");
	tap_eq_int(CELL(s, 10, open_files), -1, "nothing of it stays");
	aur_sample_unref(s);
	aur_collect_free(c);
}

/* First sight, second sight, exec, another process of the same number, an
 * end. */
static void test_life(void)
{
	struct aur_collect *c =
	    sample_open(ptree_root, false, PROCESS, aur_want_process_all());
	struct aur_sample *s = sample_take(c);

	aur_sample_unref(s);
	ptree_stat(30, "sh", 'R', 0, 9000);
	ptree_put_bytes("proc/30/cmdline", "sh\0", 3);
	ptree_put("proc/30/cgroup", "0::/a.service\n");
	set_uptime(101);
	s = sample_take(c);
	tap_eq_str(TEXT(s, 30, name), "sh", "new: by its stat");
	tap_ok(TEXT(s, 30, cmdline) == NULL, "dear things not at first sight");
	aur_sample_unref(s);
	set_uptime(102);
	s = sample_take(c);
	tap_eq_str(TEXT(s, 30, cmdline), "sh", "but at second sight");
	tap_eq_str(TEXT(s, 30, unit), "a.service", "unit too");
	aur_sample_unref(s);
	ptree_stat(30, "java", 'S', 5, 9000);
	ptree_put_bytes("proc/30/cmdline", "java\0-jar\0", 10);
	set_uptime(103);
	s = sample_take(c);
	tap_eq_str(TEXT(s, 30, name), "java", "exec: its name");
	tap_eq_str(TEXT(s, 30, cmdline), "java|-jar", "and command line");
	tap_eq_int(CELL(s, 30, cpu), 50000000, "its time");
	aur_sample_unref(s);
	ptree_stat(30, "other", 'S', 1, 9100);
	set_uptime(104);
	s = sample_take(c);
	tap_eq_str(TEXT(s, 30, name), "other", "the number came round again");
	tap_ok(TEXT(s, 30, cmdline) == NULL, "nothing of the one before");
	tap_ok(TEXT(s, 30, unit) == NULL, "nor its unit");
	aur_sample_unref(s);
	ptree_remove("proc/30");
	set_uptime(105);
	s = sample_take(c);
	tap_eq_int(sample_pid(s, 30), -1, "gone");
	aur_sample_unref(s);
	aur_collect_free(c);
}

/* A subscription for a few samples has all at once, a lasting one too at its
 * very first. */
static void test_at_once(void)
{
	struct aur_collect *c =
	    sample_open(ptree_root, false, PROCESS, aur_want_process_all());
	struct aur_want want = {
	    .domains = PROCESS,
	    .process_fields = aur_want_process_all(),
	    .count = 2,
	};
	struct aur_sample *s = sample_take(c);

	tap_eq_str(TEXT(s, 10, cmdline), "web|-x", "the very first sample");
	aur_sample_unref(s);
	aur_collect_want(c, &want);
	ptree_stat(31, "late", 'S', 0, 9000);
	ptree_put_bytes("proc/31/cmdline", "late\0", 5);
	set_uptime(106);
	s = sample_take(c);
	tap_eq_str(TEXT(s, 31, cmdline), "late", "a short subscription");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_remove("proc/31");
}

static void test_strangers(void)
{
	struct aur_collect *c;
	struct aur_sample *s;

	ptree_put("proc/40/stat", "");
	ptree_put("proc/41/stat", "41 (cut");
	ptree_put("proc/42/comm", "no stat");
	ptree_put("proc/043/stat", "no pid");
	ptree_put("proc/99999999999/stat", "no pid");
	ptree_stat(44, "a\nb\xff", 'I', 0, 1);
	c = sample_open(ptree_root, false, BOTH, ~(uint64_t)0);
	s = sample_take(c);
	tap_eq_u64(aur_sample_get(s, AUR_DOMAIN_PROCESS)->n, 3,
	    "what is no process is left out");
	tap_eq_str(TEXT(s, 44, name), "a\nb\xff", "any bytes in a name");
	tap_eq_int(TASKS(s, total), 3, "and not counted");
	aur_sample_unref(s);
	aur_collect_free(c);
	for (unsigned pid = 40; pid < 45; pid++) {
		char path[32];

		snprintf(path, sizeof(path), "proc/%u", pid);
		ptree_remove(path);
	}
}

/* A pipe where the command line should be stands for a process that is
 * stuck: the sample must come without it. */
static void test_stuck(void)
{
	struct aur_collect *c;
	struct aur_sample *s;

	ptree_stat(50, "stuck", 'D', 0, 1);
	if (mkfifo(ptree_path("proc/50/cmdline"), 0600) != 0) {
		tap_skip("no pipes here");
		return;
	}
	c = sample_open(ptree_root, true, BOTH, aur_want_process_all());
	for (int i = 0; i < 3; i++) {
		set_uptime(200 + i);
		s = sample_take(c);
		tap_ok(TEXT(s, 50, name) != NULL, "sample %d is there", i);
		tap_eq_int(TASKS(s, blocked), 1, "with one blocked");
		aur_sample_unref(s);
	}
	aur_collect_free(c);
	ptree_remove("proc/50");
}

/* The helper gets no CPU for a while (it is stopped): who asked for a few
 * samples waits for it, a stream goes on without. */
static void test_busy(void)
{
	struct aur_collect *c =
	    sample_open(ptree_root, true, PROCESS, aur_want_process_all());
	struct aur_want want = {
	    .domains = PROCESS,
	    .process_fields = aur_want_process_all(),
	    .at_once = true,
	};
	struct aur_sample *s = sample_take(c);
	pid_t helper = tree_child_pid(), pid;

	aur_sample_unref(s);
	if (helper <= 0) {
		tap_skip("the kernel does not list children");
		aur_collect_free(c);
		return;
	}
	ptree_stat(32, "late", 'S', 0, 9000);
	ptree_put_bytes("proc/32/cmdline", "late\0", 5);
	aur_collect_want(c, &want);
	(void)kill(helper, SIGSTOP);
	s = sample_take(c);
	tap_ok(TEXT(s, 32, name) != NULL && TEXT(s, 32, cmdline) == NULL,
	    "a busy machine: a stream goes on");
	aur_sample_unref(s);
	want.count = 2;
	aur_collect_want(c, &want);
	pid = fork();
	if (pid == 0) {
		usleep(200000);
		_exit(kill(helper, SIGCONT) == 0 ? 0 : 1);
	}
	s = sample_take(c);
	tap_eq_str(TEXT(s, 32, cmdline), "late", "a short subscription waits");
	aur_sample_unref(s);
	waitpid(pid, NULL, 0);
	aur_collect_free(c);
	ptree_remove("proc/32");
}

static void test_hidden(void)
{
	struct aur_collect *c;
	struct aur_sample *s;

	ptree_put("proc/self/mountinfo",
	    "1 2 0:4 / /proc rw - proc proc rw,hidepid=2,gid=27\n");
	ptree_put("proc/self/status",
	    "Uid:\t5\t5\t5\t5\nGroups:\t4 24\nCapEff:\t0000000000000000\n");
	c = sample_open(ptree_root, false, BOTH, 0);
	s = sample_take(c);
	tap_eq_int(TASKS(s, restricted_view), 1, "hidepid: others are hidden");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_put("proc/self/status",
	    "Uid:\t5\t5\t5\t5\nGroups:\t4 27\nCapEff:\t0000000000000000\n");
	c = sample_open(ptree_root, false, BOTH, 0);
	s = sample_take(c);
	tap_eq_int(TASKS(s, restricted_view), 0, "not from its group");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_put("proc/self/status",
	    "Uid:\t0\t0\t0\t0\nGroups:\t\nCapEff:\t000001ffffffffff\n");
	c = sample_open(ptree_root, false, BOTH, 0);
	s = sample_take(c);
	tap_eq_int(TASKS(s, restricted_view), 0, "nor from root");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_remove("proc/self");
}

/* Thousands of short lives must leave nothing behind. */
static void test_churn(void)
{
	struct aur_collect *c =
	    sample_open(ptree_root, false, BOTH, aur_want_process_all());
	size_t strings = 0, bytes = 0;

	for (unsigned round = 0; round < 60; round++) {
		struct aur_sample *s;
		char path[64], text[64];

		for (unsigned k = 0; k < 20; k++) {
			unsigned pid = 1000 + round * 20 + k;

			snprintf(text, sizeof(text), "job-%u", pid);
			ptree_stat(pid, text, 'S', k, pid);
			snprintf(path, sizeof(path), "proc/%u/cmdline", pid);
			ptree_put(path, text);
			snprintf(path, sizeof(path), "proc/%u/cgroup", pid);
			snprintf(text, sizeof(text), "0::/job%u.scope\n", pid);
			ptree_put(path, text);
			if (round < 3)
				continue;
			snprintf(path, sizeof(path), "proc/%u", pid - 60);
			ptree_remove(path);
		}
		set_uptime(1000 + round);
		s = sample_take(c);
		aur_sample_unref(s);
		if (round == 9) {
			strings = aur_strs_count(aur_collect_strs(c));
			bytes = aur_strs_bytes(aur_collect_strs(c));
		}
	}
	tap_eq_u64(aur_strs_count(aur_collect_strs(c)), strings,
	    "as many strings after 1200 processes as after 200");
	tap_ok(aur_strs_bytes(aur_collect_strs(c)) <= bytes + 200,
	    "and as many bytes (%zu, %zu)", aur_strs_bytes(aur_collect_strs(c)),
	    bytes);
	aur_collect_free(c);
}

static bool sample_fails(struct aur_collect *c, bool *ret_whole)
{
	struct aur_sample *s;

	if (aur_collect_sample(c, NULL, NULL, &s) < 0)
		return false;
	*ret_whole = sample_pid(s, 10) >= 0;
	aur_sample_unref(s);
	return true;
}

static void test_failing(void)
{
	unsigned long nth;
	bool whole = false;

	for (nth = 1; fail_begin(nth); nth++) {
		struct aur_collect_options o = {
		    .root = ptree_root, .no_helper = true};
		struct aur_want want = {
		    .domains = BOTH, .process_fields = aur_want_process_all()};
		struct aur_collect *c;

		if (aur_collect_new(&c, &o) == 0) {
			aur_collect_want(c, &want);
			(void)sample_fails(c, &whole);
			(void)sample_fails(c, &whole);
			aur_collect_free(c);
		}
		if (!fail_end())
			break;
	}
	aur_mem_set_fail(NULL, NULL);
	tap_ok(nth > 20 && whole, "each allocation failed once (%lu)", nth);
}

/* Of those that are looked at, and of nobody else. */
static void test_limits(void)
{
	struct aur_want want = {
	    .domains = PROCESS | AUR_WANT_DOMAIN(PROCESS_LIMIT),
	    .process_fields = AUR_WANT_PROCESS(name),
	    .interval = {AUR_SECOND_NS},
	    .nclose = 2,
	    .close = {10, 4711}};
	struct aur_collect *c =
	    sample_open(ptree_root, false, PROCESS, AUR_WANT_PROCESS(name));
	const struct aur_part *p;
	struct aur_sample *s;

	ptree_put("proc/10/limits", "Max open files  20  40  files\n");
	ptree_put("proc/9/limits", "Max open files  21  40  files\n");
	s = sample_take(c);
	tap_ok(aur_sample_get(s, AUR_DOMAIN_PROCESS_LIMIT) == NULL,
	    "limits: nobody asked");
	aur_sample_unref(s);
	aur_collect_want(c, &want);
	s = sample_take(c);
	p = aur_sample_get(s, AUR_DOMAIN_PROCESS_LIMIT);
	tap_ok(p != NULL && p->n == 1 && p->inst[0].key.v[0] == 10 &&
		   p->inst[0].key.v[1] == 700,
	    "of the one that is looked at");
	tap_eq_int(sample_cell(s, AUR_DOMAIN_PROCESS_LIMIT, 0,
		       AUR_PROCESS_LIMIT_open_files),
	    20, "its limit");
	aur_sample_unref(s);
	ptree_put("proc/10/limits", "Max open files  30  40  files\n");
	s = sample_take(c);
	tap_eq_int(sample_cell(s, AUR_DOMAIN_PROCESS_LIMIT, 0,
		       AUR_PROCESS_LIMIT_open_files),
	    30, "a new one is seen at once");
	aur_sample_unref(s);
	ptree_remove("proc/10/limits");
	s = sample_take(c);
	p = aur_sample_get(s, AUR_DOMAIN_PROCESS_LIMIT);
	tap_ok(p != NULL && p->n == 0, "no file: nothing, and no failure");
	aur_sample_unref(s);
	ptree_remove("proc/9/limits");
	aur_collect_free(c);
}

int main(void)
{
	make_tree();
	test_fields();
	test_limits();
	test_wanted_only();
	test_close_up();
	test_life();
	test_at_once();
	test_strangers();
	test_stuck();
	test_busy();
	test_hidden();
	test_failing();
	test_churn();
	ptree_end();
	return tap_done();
}
