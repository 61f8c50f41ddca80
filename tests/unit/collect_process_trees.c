/* SPDX-License-Identifier: MIT */
/* Processes, groups and limits of the machines in tests/fixtures. */
#include "tests/harness/tap.h"
#include "tests/unit/process_sample.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct look {
	struct aur_collect *c;
	struct aur_sample *s;
};

static struct look look(const char *name)
{
	const char *src = getenv("AUR_SRCDIR");
	struct look l;
	char path[1024];

	snprintf(path, sizeof(path), "%s/tests/fixtures/linux/%s",
	    src != NULL ? src : ".", name);
	l.c = sample_open(path, false,
	    AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(TASKS) |
		AUR_WANT_DOMAIN(CGROUP) | AUR_WANT_DOMAIN(LIMITS),
	    aur_want_process_all());
	l.s = sample_take(l.c);
	return l;
}

static void done(struct look *l)
{
	aur_sample_unref(l->s);
	aur_collect_free(l->c);
}

#define CELL(s, pid, f)                                                        \
	sample_cell(s, AUR_DOMAIN_PROCESS, sample_pid(s, pid), AUR_PROCESS_##f)
#define TEXT(s, pid, f)                                                        \
	sample_text(s, AUR_DOMAIN_PROCESS, sample_pid(s, pid), AUR_PROCESS_##f)
#define GROUP(s, path, f)                                                      \
	sample_cell(s, AUR_DOMAIN_CGROUP,                                      \
	    sample_named(s, AUR_DOMAIN_CGROUP, path), AUR_CGROUP_##f)
#define GROUP_TEXT(s, path, f)                                                 \
	sample_text(s, AUR_DOMAIN_CGROUP,                                      \
	    sample_named(s, AUR_DOMAIN_CGROUP, path), AUR_CGROUP_##f)
#define LIMIT(s, f) sample_cell(s, AUR_DOMAIN_LIMITS, 0, AUR_LIMITS_##f)
#define TASKS(s, f) sample_cell(s, AUR_DOMAIN_TASKS, 0, AUR_TASKS_##f)

static void test_laptop(void)
{
	struct look l = look("laptop");

	tap_eq_str(TEXT(l.s, 1234, name), "Web Content (x)", "laptop: name");
	tap_eq_str(TEXT(l.s, 1234, unit), "user@1000.service", "unit");
	tap_eq_int(CELL(l.s, 1234, shared), 120000 * 1024, "shared");
	tap_eq_int(CELL(l.s, 1234, swap), 300 * 1024, "swap");
	tap_eq_int(CELL(l.s, 1234, cpu), 57000000000, "cpu");
	tap_eq_int(CELL(l.s, 1234, nice), 19, "nice");
	tap_eq_int(CELL(l.s, 1234, written_bytes), 8192, "written");
	done(&l);
}

static void test_cgroup1(void)
{
	struct look l = look("cgroup1");
	const char *job = "/docker/" ID;

	tap_eq_str(TEXT(l.s, 300, container_id), ID, "cgroup1: container");
	tap_eq_str(TEXT(l.s, 300, container_name), "cache", "its name");
	tap_ok(TEXT(l.s, 300, unit) == NULL, "no unit");
	tap_eq_int(GROUP(l.s, job, memory), 4194304, "memory");
	tap_eq_int(GROUP(l.s, job, memory_limit), 16777216, "limit");
	tap_eq_int(GROUP(l.s, job, cpu), 300000000, "cpu");
	tap_eq_int(GROUP(l.s, job, oom_kills), -1, "an old kernel: absent");
	tap_eq_str(GROUP_TEXT(l.s, job, container_name), "cache", "name");
	tap_eq_int(LIMIT(l.s, memory), 1073741824, "our limit");
	tap_eq_int(LIMIT(l.s, cpus), 1500, "our cpus");
	done(&l);
}

static void test_cgroup2(void)
{
	struct look l = look("cgroup2");
	const char *unit = "/system.slice/nginx.service";

	tap_eq_str(TEXT(l.s, 300, unit), "nginx.service", "cgroup2: unit");
	tap_eq_str(TEXT(l.s, 300, cmdline),
	    "nginx: master process /usr/sbin/nginx", "a title");
	tap_eq_int(GROUP(l.s, unit, memory), 7340032, "memory");
	tap_eq_int(GROUP(l.s, unit, cpu), 300000000, "cpu");
	tap_eq_int(GROUP(l.s, unit, throttled), 0, "throttled: 0");
	tap_eq_int(GROUP(l.s, "/", cpu), 900000000, "the root's cpu");
	tap_eq_int(LIMIT(l.s, memory), 2147483648, "our limit");
	tap_eq_int(LIMIT(l.s, cpus), -1, "no limit of cpus");
	done(&l);
}

static void test_others(void)
{
	struct look l = look("container");

	tap_ok(LIMIT(l.s, memory) > 0, "container: it has a limit");
	tap_eq_int(TASKS(l.s, restricted_view), 0, "nothing hidden");
	done(&l);
	l = look("hidepid");
	tap_eq_int(TASKS(l.s, restricted_view), 1, "hidepid: restricted");
	done(&l);
	l = look("kernel310");
	tap_eq_int(CELL(l.s, 55, shared), 900 * 4096,
	    "kernel 3.10: shared from statm");
	tap_eq_int(CELL(l.s, 55, swap), 0, "swap");
	tap_eq_str(TEXT(l.s, 55, unit), "httpd.service", "unit");
	done(&l);
	l = look("garbage");
	tap_eq_u64(aur_sample_get(l.s, AUR_DOMAIN_PROCESS)->n, 1,
	    "garbage: one is a process");
	tap_eq_str(TEXT(l.s, 5, name), ")\n(\x1b[31m", "with a bad name");
	tap_eq_int(CELL(l.s, 5, read_bytes), -1, "no number is none");
	done(&l);
}

int main(void)
{
	test_laptop();
	test_cgroup1();
	test_cgroup2();
	test_others();
	return tap_done();
}
