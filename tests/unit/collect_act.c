/* SPDX-License-Identifier: MIT */
/* Signals, nice values, CPUs and I/O, and who is not hit by them. */
#include "base/err.h"
#include "tests/harness/tap.h"
#include "tests/unit/process_sample.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		alarm(100);
		for (;;)
			pause();
	}
	return pid;
}

static uint64_t start_of(struct aur_collect *c, pid_t pid)
{
	struct aur_sample *s = sample_take(c);
	ptrdiff_t i = sample_pid(s, (uint64_t)pid);
	uint64_t start = 0;

	if (i >= 0)
		start = aur_sample_get(s, AUR_DOMAIN_PROCESS)->inst[i].key.v[1];
	aur_sample_unref(s);
	return start;
}

static struct aur_cpus cpus; /* for AUR_ACT_AFFINITY */

static int act(struct aur_collect *c, enum aur_act_kind kind, uint64_t pid,
    uint64_t start, int value, const char *want)
{
	struct aur_act a = {.kind = kind,
	    .pid = pid,
	    .start_ticks = start,
	    .value = value,
	    .cpus = cpus};
	struct aur_buf text;
	int rc;

	aur_buf_init(&text, 1024);
	rc = aur_collect_act(c, &a, &text);
	tap_ok(strstr(aur_buf_str(&text), want) != NULL, "it says: %s",
	    aur_buf_str(&text));
	aur_buf_release(&text);
	return rc;
}

static void test_signal(struct aur_collect *c)
{
	pid_t pid = sleeper();
	uint64_t start = start_of(c, pid), n = (uint64_t)pid;
	int status = 0;

	tap_ok(start != 0, "the child's start is known");
	tap_eq_int(act(c, AUR_ACT_SIGNAL, n, start + 1, SIGKILL, "another"),
	    AUR_ECHANGED, "another start: not touched");
	tap_eq_int(waitpid(pid, &status, WNOHANG), 0, "it lives");
	tap_eq_int(act(c, AUR_ACT_SIGNAL, n, start, 0, "no signal"),
	    AUR_EINVALID, "0 is no signal");
	tap_eq_int(act(c, AUR_ACT_SIGNAL, n, start, 65, "no signal"),
	    AUR_EINVALID, "nor 65");
	tap_eq_int(
	    act(c, AUR_ACT_SIGNAL, n, start, SIGTERM, "sent"), 0, "sent");
	waitpid(pid, &status, 0);
	tap_ok(
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "and arrived");
	tap_eq_int(act(c, AUR_ACT_SIGNAL, n, start, SIGTERM, "not there"),
	    AUR_EABSENT, "nobody is there");
	tap_eq_int(act(c, AUR_ACT_SIGNAL, 0, 0, SIGTERM, "no process"),
	    AUR_EINVALID, "0 would be our whole group");
	tap_eq_int(act(c, AUR_ACT_SIGNAL, UINT64_MAX, 0, SIGTERM, "no process"),
	    AUR_EINVALID, "-1 would be everybody");
}

static void test_nice(struct aur_collect *c)
{
	pid_t pid = sleeper();
	uint64_t start = start_of(c, pid), n = (uint64_t)pid;
	int had = getpriority(PRIO_PROCESS, 0); /* less is for root */
	int nicer = had < 19 ? had + 1 : 19;
	char said[32];

	snprintf(said, sizeof(said), "set to %d", nicer);

	tap_eq_int(act(c, AUR_ACT_NICE, n, start, nicer, said), 0, "niced");
	tap_eq_int(getpriority(PRIO_PROCESS, (id_t)pid), nicer, "it is");
	tap_eq_int(act(c, AUR_ACT_NICE, n, start, 20, "-20 to 19"),
	    AUR_EINVALID, "20 is none");
	tap_eq_int(act(c, AUR_ACT_NICE, n, start + 9, 9, "another"),
	    AUR_ECHANGED, "another start");
	tap_eq_int(getpriority(PRIO_PROCESS, (id_t)pid), nicer, "as it was");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The text of a field of a process that is looked at; "" for none. */
static void look(struct aur_collect *c, pid_t pid, size_t field, char out[64])
{
	struct aur_want want = {.domains = AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = AUR_WANT_PROCESS(name),
	    .interval = {AUR_SECOND_NS},
	    .close_fields = aur_want_process_sched(),
	    .nclose = 1,
	    .close = {(uint64_t)pid}};
	const struct aur_part *p;
	struct aur_slice text = aur_slice_str("");
	struct aur_sample *s;
	ptrdiff_t i;

	out[0] = '\0';
	aur_collect_want(c, &want);
	aur_sample_unref(sample_take(c));
	s = sample_take(c);
	i = sample_pid(s, (uint64_t)pid);
	p = aur_sample_get(s, AUR_DOMAIN_PROCESS);
	if (i >= 0 && aur_part_text(p, (size_t)i, field, &text))
		snprintf(out, 64, "%.*s", (int)text.n, (const char *)text.p);
	aur_sample_unref(s);
}

static void test_cpus(struct aur_collect *c)
{
	pid_t pid = sleeper();
	uint64_t start = start_of(c, pid), n = (uint64_t)pid;
	unsigned first = 0;
	char said[64], has[64];
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	while (first < CPU_SETSIZE - 1 && !CPU_ISSET(first, &set))
		first++;
	tap_eq_int(act(c, AUR_ACT_AFFINITY, n, start, 0, "at least one"),
	    AUR_EINVALID, "on no CPU");
	cpus.word[AUR_CPUS_WORDS - 1] = (uint64_t)1 << 63;
	tap_eq_int(act(c, AUR_ACT_AFFINITY, n, start, 0, "none of these"),
	    AUR_EINVALID, "on none that there is");
	memset(&cpus, 0, sizeof(cpus));
	aur_cpus_flip(&cpus, first);
	tap_eq_int(act(c, AUR_ACT_AFFINITY, n, start + 1, 0, "another"),
	    AUR_ECHANGED, "another start");
	snprintf(said, sizeof(said), "set to %u", first);
	tap_eq_int(act(c, AUR_ACT_AFFINITY, n, start, 0, said), 0, "on one");
	sched_getaffinity(pid, sizeof(set), &set);
	tap_ok(CPU_COUNT(&set) == 1 && CPU_ISSET(first, &set), "it is");
	snprintf(said, sizeof(said), "%u", first);
	look(c, pid, AUR_PROCESS_cpus_allowed, has);
	tap_eq_str(has, said, "and it shows");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_io(struct aur_collect *c)
{
	pid_t pid = sleeper();
	uint64_t start = start_of(c, pid), n = (uint64_t)pid;
	int idle = AUR_IO_PRIORITY(AUR_IO_IDLE, 0);
	char has[64];

	tap_eq_int(act(c, AUR_ACT_IO_PRIORITY, n, start, 9, "no I/O priority"),
	    AUR_EINVALID, "no priority");
	tap_eq_int(act(c, AUR_ACT_IO_PRIORITY, n, start + 1, idle, "another"),
	    AUR_ECHANGED, "another start");
	tap_eq_int(act(c, AUR_ACT_IO_PRIORITY, n, start, idle, "set to idle"),
	    0, "idle");
	tap_eq_int(syscall(SYS_ioprio_get, 1, pid), idle, "it is");
	look(c, pid, AUR_PROCESS_io_priority, has);
	tap_eq_str(has, "idle", "and it shows");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* As nobody, against a child of root. */
static void test_denied(struct aur_collect *c)
{
	pid_t pid, nobody;
	uint64_t start, n;
	int status;

	if (geteuid() != 0) {
		tap_skip("needs root");
		return;
	}
	pid = sleeper();
	start = start_of(c, pid);
	n = (uint64_t)pid;
	fflush(stdout);
	nobody = fork();
	if (nobody == 0) {
		if (setresuid(65534, 65534, 65534) != 0)
			_exit(99);
		tap_eq_int(
		    act(c, AUR_ACT_SIGNAL, n, start, SIGTERM, "needs root"),
		    AUR_EDENIED, "no right to signal");
		tap_eq_int(act(c, AUR_ACT_NICE, n, start, 9, "needs root"),
		    AUR_EDENIED, "no right to nice");
		cpus.word[0] = 1;
		tap_eq_int(act(c, AUR_ACT_AFFINITY, n, start, 0, "needs root"),
		    AUR_EDENIED, "no right to set CPUs");
		tap_eq_int(
		    act(c, AUR_ACT_IO_PRIORITY, n, start,
			AUR_IO_PRIORITY(AUR_IO_REALTIME, 0), "realtime I/O"),
		    AUR_EDENIED, "nor realtime I/O");
		_exit(tap_failed);
	}
	waitpid(nobody, &status, 0);
	tap_count += 8;
	tap_eq_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0,
	    "as nobody, none of these failed");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_tree(void)
{
	struct aur_collect *c = sample_open("/tmp", false, 0, 0);

	tap_eq_int(act(c, AUR_ACT_SIGNAL, (uint64_t)getpid(), 1, SIGTERM,
		       "no live machine"),
	    AUR_EUNSUPPORTED, "a tree is not acted on");
	aur_collect_free(c);
}

int main(void)
{
	struct aur_collect *c =
	    sample_open("", false, AUR_WANT_DOMAIN(PROCESS), 0);

	test_signal(c);
	test_nice(c);
	test_cpus(c);
	test_io(c);
	test_denied(c);
	test_tree();
	aur_collect_free(c);
	return tap_done();
}
