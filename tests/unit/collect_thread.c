/* SPDX-License-Identifier: MIT */
/*
 * Threads: those of a tree, which come, go and are hostile, and those of this
 * program, by the scheduler's clock. Nothing depends on how long it takes.
 */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/process_sample.h"
#include "tests/unit/process_tree.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define PROCESS AUR_WANT_DOMAIN(PROCESS)
#define THREAD AUR_WANT_DOMAIN(THREAD)
#define TASKS AUR_WANT_DOMAIN(TASKS)

/* The place of a thread; -1. */
static ptrdiff_t place(const struct aur_sample *s, uint64_t tid)
{
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_THREAD);

	return p == NULL ? -1 : aur_part_find_pid(p, tid);
}

#define CELL(s, tid, f)                                                        \
	sample_cell(s, AUR_DOMAIN_THREAD, place(s, tid), AUR_THREAD_##f)
#define NAME(s, tid)                                                           \
	sample_text(s, AUR_DOMAIN_THREAD, place(s, tid), AUR_THREAD_name)

static size_t count(const struct aur_sample *s, enum aur_domain_id id)
{
	const struct aur_part *p = aur_sample_get(s, id);

	return p == NULL ? 0 : p->n;
}

static void put_thread(unsigned pid, unsigned tid, const char *comm, char state,
    unsigned ticks, unsigned start)
{
	char path[80], text[512];

	snprintf(path, sizeof(path), "proc/%u/task/%u/stat", pid, tid);
	snprintf(text, sizeof(text),
	    "%u (%s) %c 1 1 1 34816 1 4194304 11 0 12 0 %u 2 0 0 20 5 3 0 "
	    "%u 8192000 500 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 "
	    "0 0 0 0 0 0 0 0 0 0 0 0 0\n",
	    tid, comm, state, ticks, start);
	ptree_put(path, text);
}

static void make_tree(void)
{
	ptree_begin();
	ptree_put("proc/uptime", "100.00 0.00\n");
	ptree_stat(10, "web", 'S', 14, 700);
	put_thread(10, 10, "web", 'S', 14, 700);
	put_thread(10, 14, "w) R 2", 'R', 5, 720);
	put_thread(10, 12, "w1", 'S', 3, 710);
	ptree_put("proc/10/task/12/schedstat", "31000000 5 6\n");
	ptree_put("proc/10/task/14/schedstat", "0 0 0\n");
	ptree_put("proc/10/task/13/stat", "garbage");
	ptree_put("proc/10/task/notes", "");
	ptree_stat(9, "other", 'S', 1, 600);
	put_thread(9, 9, "other", 'S', 1, 600);
	put_thread(9, 14, "w) R 2", 'R', 5, 720);
}

static void test_tree(void)
{
	struct aur_collect *c = sample_open(ptree_root, false,
	    PROCESS | THREAD | TASKS, aur_want_process_all());
	struct aur_sample *s = sample_take(c);
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_THREAD);

	tap_eq_u64(count(s, AUR_DOMAIN_PROCESS), 2, "processes are as ever");
	tap_eq_int(sample_cell(s, AUR_DOMAIN_TASKS, 0, AUR_TASKS_total), 2,
	    "and counted as ever");
	tap_eq_int(sample_cell(s, AUR_DOMAIN_TASKS, 0, AUR_TASKS_threads), 6,
	    "threads are counted by what their processes say");
	tap_eq_u64(p->n, 2, "without the first, garbage, and the same again");
	tap_ok(p->inst[0].key.v[0] == 12 && p->inst[0].key.v[1] == 710 &&
		   p->inst[1].key.v[0] == 14 && p->inst[1].key.v[1] == 720,
	    "by number, with their start");
	tap_eq_int(CELL(s, 12, process), 10, "its process");
	tap_eq_str(NAME(s, 12), "w1", "its own name");
	tap_eq_str(NAME(s, 14), "w) R 2", "a hostile name");
	tap_eq_int(CELL(s, 14, state), 'R', "its own state");
	tap_eq_int(CELL(s, 14, nice), 5, "nice");
	tap_eq_int(CELL(s, 14, priority), 20, "priority");
	tap_eq_int(CELL(s, 12, user_time), 3, "user time");
	tap_eq_int(CELL(s, 12, system_time), 2, "system time");
	tap_eq_int(CELL(s, 12, cpu), 31000000, "the scheduler's clock");
	tap_eq_int(CELL(s, 14, cpu), 70000000, "or ticks, where it has none");
	aur_sample_unref(s);
	ptree_remove("proc/9/task/14");
	ptree_remove("proc/10/task/12");
	put_thread(10, 15, "w3", 'S', 1, 800);
	put_thread(10, 14, "again", 'S', 0, 830);
	s = sample_take(c);
	tap_eq_int(place(s, 12), -1, "one has ended");
	tap_eq_str(NAME(s, 15), "w3", "one is new");
	tap_eq_str(NAME(s, 14), "again", "a number has a new owner");
	aur_sample_unref(s);
	ptree_remove("proc/10");
	s = sample_take(c);
	tap_eq_u64(count(s, AUR_DOMAIN_THREAD), 0, "they go with the process");
	aur_sample_unref(s);
	aur_collect_free(c);
}

/* Nobody who does not ask has them; strings do not stay. */
static void test_unwanted(void)
{
	struct aur_want want = {.domains = PROCESS,
	    .process_fields = AUR_WANT_PROCESS(name),
	    .interval = {AUR_SECOND_NS}};
	struct aur_collect *c =
	    sample_open(ptree_root, false, PROCESS, AUR_WANT_PROCESS(name));
	struct aur_sample *s = sample_take(c);
	size_t bytes = aur_strs_bytes(aur_collect_strs(c));

	tap_ok(aur_sample_get(s, AUR_DOMAIN_THREAD) == NULL, "not asked for");
	aur_sample_unref(s);
	want.domains = THREAD;
	want.process_fields = 0;
	aur_collect_want(c, &want);
	s = sample_take(c);
	tap_ok(aur_sample_get(s, AUR_DOMAIN_PROCESS) == NULL &&
		   count(s, AUR_DOMAIN_THREAD) == 2,
	    "threads alone");
	aur_sample_unref(s);
	want.domains = PROCESS;
	want.process_fields = AUR_WANT_PROCESS(name);
	aur_collect_want(c, &want);
	s = sample_take(c);
	aur_sample_unref(s);
	tap_eq_u64(aur_strs_bytes(aur_collect_strs(c)), bytes, "none is kept");
	aur_collect_free(c);
}

static void test_memory(void)
{
	struct aur_want want = {.domains = PROCESS | THREAD,
	    .process_fields = AUR_WANT_PROCESS(name),
	    .interval = {AUR_SECOND_NS}};
	bool good = true;
	int failed = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct aur_collect_options o = {
		    .root = ptree_root, .no_helper = true};
		struct aur_collect *c = NULL;
		struct aur_sample *s = NULL;
		bool hit;

		if (aur_collect_new(&c, &o) == 0) {
			aur_collect_want(c, &want);
			failed += aur_collect_sample(c, NULL, NULL, &s) < 0;
		}
		hit = fail_end();
		aur_sample_unref(s);
		if (c != NULL && aur_collect_sample(c, NULL, NULL, &s) == 0) {
			good &= count(s, AUR_DOMAIN_THREAD) == 2;
			aur_sample_unref(s);
		}
		aur_collect_free(c);
		if (!hit)
			break;
	}
	tap_ok(failed > 0, "some samples failed");
	tap_ok(good, "the next one is whole");
}

struct worker {
	atomic_int tid, go, spun;
};

static void *work(void *arg)
{
	struct worker *w = arg;

	prctl(PR_SET_NAME, "worker");
	atomic_store(&w->tid, (int)syscall(SYS_gettid));
	while (atomic_load(&w->go) == 0)
		usleep(1000);
	for (volatile unsigned long i = 0; i < 30000000; i++)
		;
	atomic_store(&w->spun, 1);
	while (atomic_load(&w->go) == 1)
		usleep(1000);
	return NULL;
}

static void test_live(void)
{
	struct aur_collect *c =
	    sample_open("", false, PROCESS | THREAD, AUR_WANT_PROCESS(name));
	struct worker w = {0};
	struct aur_sample *s;
	pthread_t thread;
	int64_t before;
	uint64_t tid;

	s = sample_take(c);
	aur_sample_unref(s);
	if (pthread_create(&thread, NULL, work, &w) != 0)
		exit(99);
	while (atomic_load(&w.tid) == 0)
		usleep(1000);
	tid = (uint64_t)atomic_load(&w.tid);
	s = sample_take(c);
	tap_eq_str(NAME(s, tid), "worker", "a thread of ours");
	tap_eq_int(CELL(s, tid, process), getpid(), "of us");
	tap_eq_int(place(s, (uint64_t)getpid()), -1, "we are no thread");
	before = CELL(s, tid, cpu);
	aur_sample_unref(s);
	atomic_store(&w.go, 1);
	while (atomic_load(&w.spun) == 0)
		usleep(1000);
	s = sample_take(c);
	tap_ok(CELL(s, tid, cpu) > before + 1000000, "it worked");
	aur_sample_unref(s);
	atomic_store(&w.go, 2);
	pthread_join(thread, NULL);
	s = sample_take(c);
	tap_eq_int(place(s, tid), -1, "its end is seen");
	aur_sample_unref(s);
	aur_collect_free(c);
}

int main(void)
{
	make_tree();
	test_tree();
	ptree_end();
	make_tree();
	test_unwanted();
	test_memory();
	ptree_end();
	test_live();
	return tap_done();
}
