/* SPDX-License-Identifier: MIT */
/* Control groups of v1 and v2 in a tree, and the limits of our own. */
#include "base/limits.h"
#include "collect/collect.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/process_sample.h"
#include "tests/unit/process_tree.h"

#define DOMAINS (AUR_WANT_DOMAIN(CGROUP) | AUR_WANT_DOMAIN(LIMITS))
#define CELL(s, path, f)                                                       \
	sample_cell(s, AUR_DOMAIN_CGROUP,                                      \
	    sample_named(s, AUR_DOMAIN_CGROUP, path), AUR_CGROUP_##f)
#define TEXT(s, path, f)                                                       \
	sample_text(s, AUR_DOMAIN_CGROUP,                                      \
	    sample_named(s, AUR_DOMAIN_CGROUP, path), AUR_CGROUP_##f)
#define LIMIT(s, f) sample_cell(s, AUR_DOMAIN_LIMITS, 0, AUR_LIMITS_##f)

#define CG "sys/fs/cgroup/"

static void test_v2(void)
{
	const char *web = "/system.slice/web.service";
	struct aur_collect *c;
	struct aur_sample *s;

	ptree_begin();
	ptree_put("proc/self/mountinfo",
	    "9 1 0:9 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	ptree_put("proc/self/cgroup", "0::/system.slice/web.service\n");
	ptree_put(CG "cgroup.controllers", "cpu memory pids\n");
	ptree_put(CG "system.slice/memory.max", "1000000\n");
	ptree_put(CG "system.slice/cpu.max", "200000 100000\n");
	ptree_put(CG "system.slice/web.service/cpu.stat",
	    "usage_usec 5000\nuser_usec 3000\nsystem_usec 2000\n"
	    "throttled_usec 70\n");
	ptree_put(CG "system.slice/web.service/memory.current", "50000\n");
	ptree_put(CG "system.slice/web.service/memory.stat",
	    "anon 1\ninactive_file 20000\n");
	ptree_put(CG "system.slice/web.service/memory.max", "max\n");
	ptree_put(CG "system.slice/web.service/memory.swap.max", "4096\n");
	ptree_put(CG "system.slice/web.service/memory.swap.current", "0\n");
	ptree_put(
	    CG "system.slice/web.service/memory.events", "oom 3\noom_kill 2\n");
	ptree_put(CG "system.slice/web.service/pids.current", "12\n");
	ptree_put(CG "system.slice/web.service/cpu.max", "max 100000\n");
	c = sample_open(ptree_root, false, DOMAINS, 0);
	s = sample_take(c);
	tap_eq_u64(aur_sample_get(s, AUR_DOMAIN_CGROUP)->n, 3,
	    "v2: the root, a slice, a service");
	tap_eq_int(CELL(s, web, cpu), 5000000, "cpu");
	tap_eq_int(CELL(s, web, cpu_user), 3000, "user");
	tap_eq_int(CELL(s, web, cpu_system), 2000, "system");
	tap_eq_int(CELL(s, web, throttled), 70, "throttled");
	tap_eq_int(CELL(s, web, memory), 30000, "memory less idle files");
	tap_eq_int(CELL(s, web, memory_limit), -1, "max is no limit");
	tap_eq_int(CELL(s, web, swap), 0, "swap is 0, not absent");
	tap_eq_int(CELL(s, web, tasks), 12, "tasks");
	tap_eq_int(CELL(s, web, oom_kills), 2, "oom kills");
	tap_eq_str(TEXT(s, web, unit), "web.service", "unit");
	tap_eq_int(CELL(s, "/system.slice", memory_limit), 1000000,
	    "the slice's limit");
	tap_eq_int(CELL(s, "/", cpu), -1, "the root tells no cpu here");
	tap_eq_int(LIMIT(s, memory), 1000000, "our limit is the slice's");
	tap_eq_int(LIMIT(s, cpus), 2000, "two cpus");
	tap_eq_int(LIMIT(s, memory_used), 30000, "used by our group");
	tap_eq_int(LIMIT(s, swap), 4096, "swap");
	aur_sample_unref(s);
	aur_collect_free(c);
}

/* The tree of test_v2 goes on: every allocation fails once. */
static void test_failing(void)
{
	unsigned long nth;

	for (nth = 1; fail_begin(nth); nth++) {
		struct aur_collect_options o = {
		    .root = ptree_root, .no_helper = true};
		struct aur_want want = {.domains = DOMAINS};
		struct aur_collect *c;
		struct aur_sample *s;

		if (aur_collect_new(&c, &o) == 0) {
			aur_collect_want(c, &want);
			if (aur_collect_sample(c, NULL, NULL, &s) == 0)
				aur_sample_unref(s);
			aur_collect_free(c);
		}
		if (!fail_end())
			break;
	}
	aur_mem_set_fail(NULL, NULL);
	tap_ok(nth > 20, "each allocation failed once (%lu)", nth);
	ptree_end();
}

static void test_v1(void)
{
	const char *job = "/docker/job";
	struct aur_collect *c;
	struct aur_sample *s;

	ptree_begin();
	ptree_put("proc/self/mountinfo",
	    "7 1 0:7 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup "
	    "rw,cpu,cpuacct\n"
	    "8 1 0:8 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	    "9 1 0:9 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
	    "6 1 0:6 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
	ptree_put("proc/self/cgroup",
	    "3:cpu,cpuacct:/docker/job\n2:memory:/docker/job\n0::/\n");
	ptree_put(CG "unified/cgroup.controllers", "\n");
	ptree_put(CG "cpu,cpuacct/docker/job/cpuacct.usage", "123456789\n");
	ptree_put(
	    CG "cpu,cpuacct/docker/job/cpuacct.stat", "user 5\nsystem 7\n");
	ptree_put(CG "cpu,cpuacct/docker/job/cpu.stat",
	    "nr_periods 1\nthrottled_time 9000\n");
	ptree_put(CG "cpu,cpuacct/docker/job/cpu.cfs_quota_us", "50000\n");
	ptree_put(CG "cpu,cpuacct/docker/job/cpu.cfs_period_us", "100000\n");
	ptree_put(CG "cpu,cpuacct/docker/cpu.cfs_quota_us", "-1\n");
	ptree_put(CG "cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");
	ptree_put(CG "memory/docker/job/memory.usage_in_bytes", "9000\n");
	ptree_put(CG "memory/docker/job/memory.stat",
	    "inactive_file 1\ntotal_inactive_file 4000\ntotal_swap 0\n");
	ptree_put(CG "memory/docker/job/memory.limit_in_bytes", "65536\n");
	ptree_put(
	    CG "memory/docker/job/memory.memsw.limit_in_bytes", "98304\n");
	ptree_put(CG "memory/memory.limit_in_bytes", "9223372036854771712\n");
	ptree_put(CG "memory/docker/memory.limit_in_bytes", "131072\n");
	ptree_put(CG "memory/docker/job/memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
	ptree_put(CG "pids/docker/job/pids.current", "4\n");
	c = sample_open(ptree_root, false, DOMAINS, 0);
	s = sample_take(c);
	tap_eq_u64(aur_sample_get(s, AUR_DOMAIN_CGROUP)->n, 3,
	    "v1: a group of three trees is one");
	tap_eq_int(CELL(s, job, cpu), 123456789, "cpu");
	tap_eq_int(CELL(s, job, cpu_user), 50000, "user, from ticks");
	tap_eq_int(CELL(s, job, cpu_system), 70000, "system");
	tap_eq_int(CELL(s, job, throttled), 9, "throttled");
	tap_eq_int(CELL(s, job, memory), 5000, "memory less idle files");
	tap_eq_int(CELL(s, job, memory_limit), 65536, "limit");
	tap_eq_int(CELL(s, job, tasks), 4, "tasks");
	tap_eq_int(CELL(s, job, oom_kills), 1, "oom kills");
	tap_eq_int(CELL(s, "/", memory_limit), -1, "the largest long is none");
	tap_eq_int(LIMIT(s, memory), 65536, "our limit");
	tap_eq_int(LIMIT(s, cpus), 500, "half a cpu");
	tap_eq_int(LIMIT(s, swap), 32768, "memory and swap, less memory");
	tap_eq_int(LIMIT(s, memory_used), 5000, "used");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_end();
}

/* A container sees its own group as the mount, whatever its path says. */
static void test_inside(void)
{
	struct aur_collect *c;
	struct aur_sample *s;

	ptree_begin();
	ptree_put("proc/self/mountinfo",
	    "8 1 0:8 /docker/me /sys/fs/cgroup/memory ro - cgroup cgroup "
	    "rw,memory\n");
	ptree_put("proc/self/cgroup", "2:memory:/docker/me/sub\n");
	ptree_put(CG "memory/memory.limit_in_bytes", "4096\n");
	ptree_put(CG "memory/sub/memory.limit_in_bytes", "8192\n");
	c = sample_open(ptree_root, false, DOMAINS, 0);
	s = sample_take(c);
	tap_eq_int(LIMIT(s, memory), 4096, "the mount's root is taken off");
	tap_eq_int(LIMIT(s, cpus), -1, "no cpu tree: absent");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_put("proc/self/cgroup", "2:memory:/../other\n");
	c = sample_open(ptree_root, false, DOMAINS, 0);
	s = sample_take(c);
	tap_eq_int(LIMIT(s, memory), 4096, "outside: the mount itself");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_remove("proc/self");
	c = sample_open(ptree_root, false, DOMAINS, 0);
	s = sample_take(c);
	tap_ok(aur_sample_get(s, AUR_DOMAIN_CGROUP) == NULL &&
		   aur_sample_get(s, AUR_DOMAIN_LIMITS) == NULL,
	    "no control groups: no parts");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_end();
}

static void test_deep(void)
{
	struct aur_collect *c;
	struct aur_sample *s;
	char path[1000] = CG;

	ptree_begin();
	ptree_put("proc/self/mountinfo",
	    "9 1 0:9 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	for (int i = 0; i < 40; i++)
		memcpy(path + strlen(path), "deep/", 6);
	memcpy(path + strlen(path), "pids.current", 13);
	ptree_put(path, "1\n");
	c = sample_open(ptree_root, false, DOMAINS, 0);
	s = sample_take(c);
	tap_eq_u64(aur_sample_get(s, AUR_DOMAIN_CGROUP)->n,
	    AUR_MAX_CGROUP_DEPTH + 1, "no deeper than allowed");
	aur_sample_unref(s);
	aur_collect_free(c);
	ptree_end();
}

int main(void)
{
	test_v2();
	test_failing();
	test_v1();
	test_inside();
	test_deep();
	return tap_done();
}
