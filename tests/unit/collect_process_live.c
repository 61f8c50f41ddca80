/* SPDX-License-Identifier: MIT */
/*
 * Processes of this machine: children that work, sleep, exec, multiply and
 * end, seen by their CPU clocks. Nothing here depends on how long it takes.
 */
#include "tests/harness/tap.h"
#include "tests/unit/process_sample.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESS AUR_WANT_DOMAIN(PROCESS)
#define CELL(s, pid, f)                                                        \
	sample_cell(s, AUR_DOMAIN_PROCESS, sample_pid(s, (uint64_t)(pid)),     \
	    AUR_PROCESS_##f)
#define TEXT(s, pid, f)                                                        \
	sample_text(s, AUR_DOMAIN_PROCESS, sample_pid(s, (uint64_t)(pid)),     \
	    AUR_PROCESS_##f)

/* A child that waits on a pipe for a byte, then execs `sleep 100`. */
static pid_t child_on(int pipe_in, int pipe_out)
{
	pid_t pid = fork();
	char c;

	if (pid != 0)
		return pid;
	close(pipe_out);
	alarm(100);
	while (read(pipe_in, &c, 1) == 1 && c == 'w')
		for (volatile unsigned long i = 0; i < 30000000; i++)
			;
	if (c == 'x')
		execlp("sleep", "sleep", "97", (char *)NULL);
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Until the child has been scheduled and what was asked of it shows. */
static struct aur_sample *sample_until(struct aur_collect *c, pid_t pid,
    bool (*good)(const struct aur_sample *s, pid_t pid, int64_t than),
    int64_t than)
{
	struct aur_sample *s = sample_take(c);

	for (int i = 0; i < 500 && !good(s, pid, than); i++) {
		aur_sample_unref(s);
		usleep(20000);
		s = sample_take(c);
	}
	return s;
}

static bool has_cpu_over(const struct aur_sample *s, pid_t pid, int64_t than)
{
	return CELL(s, pid, cpu) > than;
}

static bool is_sleep(const struct aur_sample *s, pid_t pid, int64_t than)
{
	const char *line = TEXT(s, pid, cmdline);

	(void)than;
	return line != NULL && strcmp(line, "sleep|97") == 0;
}

/* Compilers are on top of the list, and gone before a second look. Without
 * the helper: its answer is waited for 4 ms, which a busy machine may miss. */
static void test_newcomer(void)
{
	struct aur_collect *c =
	    sample_open("", false, PROCESS, aur_want_process_all());
	struct aur_sample *s = sample_take(c);
	int idle[2], busy[2];
	pid_t pid, other;
	clockid_t clock;

	aur_sample_unref(s);
	if (pipe(idle) != 0 || pipe(busy) != 0)
		exit(99);
	other = child_on(idle[0], idle[1]);
	pid = child_on(busy[0], busy[1]);
	if (clock_getcpuclockid(pid, &clock) != 0)
		exit(99);
	for (struct timespec t = {0}; t.tv_sec == 0 && t.tv_nsec < 20000000;) {
		if (write(busy[1], "w", 1) != 1)
			exit(99);
		usleep(10000);
		if (clock_gettime(clock, &t) != 0)
			exit(99);
	}
	s = sample_take(c);
	tap_ok(TEXT(s, pid, cmdline) != NULL && TEXT(s, pid, unit) == NULL,
	    "a newcomer that works: its command line at first sight");
	tap_ok(sample_pid(s, (uint64_t)other) >= 0 &&
		   TEXT(s, other, cmdline) == NULL,
	    "one that does not: at second sight");
	aur_sample_unref(s);
	end(pid);
	end(other);
	aur_collect_free(c);
	for (int i = 0; i < 2; i++) {
		close(idle[i]);
		close(busy[i]);
	}
}

static void test_child(void)
{
	struct aur_collect *c =
	    sample_open("", true, PROCESS, aur_want_process_all());
	struct aur_sample *s = sample_take(c);
	int64_t cpu;
	int fd[2];
	pid_t pid;

	aur_sample_unref(s);
	if (pipe(fd) != 0)
		exit(99);
	pid = child_on(fd[0], fd[1]);
	s = sample_until(c, pid, has_cpu_over, 0);
	tap_ok(sample_pid(s, (uint64_t)pid) >= 0, "a new child is seen");
	tap_eq_int(CELL(s, pid, parent), getpid(), "its parent");
	tap_eq_int(CELL(s, pid, uid), (int64_t)geteuid(), "its user");
	cpu = CELL(s, pid, cpu);
	tap_ok(cpu > 0, "its clock runs");
	aur_sample_unref(s);
	if (write(fd[1], "w", 1) != 1)
		exit(99);
	s = sample_until(c, pid, has_cpu_over, cpu + 1000000);
	tap_ok(CELL(s, pid, cpu) > cpu + 1000000, "it worked");
	aur_sample_unref(s);
	if (write(fd[1], "x", 1) != 1)
		exit(99);
	s = sample_until(c, pid, is_sleep, 0);
	tap_eq_str(TEXT(s, pid, name), "sleep", "exec: name");
	tap_eq_str(TEXT(s, pid, cmdline), "sleep|97", "exec: command line");
	aur_sample_unref(s);
	end(pid);
	s = sample_take(c);
	tap_eq_int(sample_pid(s, (uint64_t)pid), -1, "an end is seen at once");
	aur_sample_unref(s);
	aur_collect_free(c);
	close(fd[0]);
	close(fd[1]);
}

static void test_zombie(void)
{
	struct aur_collect *c = sample_open(
	    "", true, PROCESS | AUR_WANT_DOMAIN(TASKS), aur_want_process_all());
	struct aur_sample *s = sample_take(c);
	siginfo_t info;
	pid_t pid = fork();

	aur_sample_unref(s);
	if (pid == 0)
		_exit(0);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	s = sample_take(c);
	tap_eq_int(CELL(s, pid, state), 'Z', "a zombie is seen");
	tap_ok(sample_cell(s, AUR_DOMAIN_TASKS, 0, AUR_TASKS_zombie) >= 1,
	    "and counted");
	aur_sample_unref(s);
	waitpid(pid, NULL, 0);
	aur_collect_free(c);
}

/* Children are found without /proc being listed: by their numbers. */
static void test_many(void)
{
	enum { MANY = 50, ROUNDS = 8 };
	struct aur_collect *c =
	    sample_open("", false, PROCESS, aur_want_process_overview());
	struct aur_sample *s = sample_take(c);
	pid_t pid[MANY];
	int seen = 0, gone = 0;

	aur_sample_unref(s);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < MANY; i++) {
			pid[i] = fork();
			if (pid[i] == 0) {
				alarm(100);
				pause();
				_exit(0);
			}
		}
		s = sample_take(c);
		for (int i = 0; i < MANY; i++)
			seen += sample_pid(s, (uint64_t)pid[i]) >= 0;
		aur_sample_unref(s);
		for (int i = 0; i < MANY; i++)
			end(pid[i]);
		s = sample_take(c);
		for (int i = 0; i < MANY; i++)
			gone += sample_pid(s, (uint64_t)pid[i]) < 0;
		aur_sample_unref(s);
	}
	tap_eq_int(seen, MANY * ROUNDS, "all that were born were seen");
	tap_eq_int(gone, MANY * ROUNDS, "none that ended was");
	aur_collect_free(c);
}

static void test_files(void)
{
	struct aur_collect *c = sample_open("", false, PROCESS, 0);
	struct aur_want want = {
	    .domains = PROCESS,
	    .close_fields = AUR_WANT_PROCESS(open_files),
	    .nclose = 1,
	    .close = {(uint64_t)getpid()},
	};
	struct aur_sample *s;
	int64_t before;
	int fd[2];

	aur_collect_want(c, &want);
	s = sample_take(c);
	before = CELL(s, getpid(), open_files);
	tap_ok(before > 3, "open files of ourselves: %d", (int)before);
	aur_sample_unref(s);
	if (pipe(fd) != 0)
		exit(99);
	s = sample_take(c);
	tap_eq_int(CELL(s, getpid(), open_files), before + 2, "two more");
	aur_sample_unref(s);
	close(fd[0]);
	close(fd[1]);
	aur_collect_free(c);
}

static void test_kernel_threads(void)
{
	struct aur_collect *c = sample_open(
	    "", true, PROCESS | AUR_WANT_DOMAIN(TASKS), aur_want_process_all());
	struct aur_sample *s = sample_take(c);

	if (sample_pid(s, 2) < 0 || CELL(s, 2, kernel_thread) != 1) {
		tap_skip("no kernel threads to be seen here");
	} else {
		tap_eq_str(TEXT(s, 2, cmdline), "", "no command line");
		tap_eq_int(CELL(s, 2, rss), 0, "no memory");
		tap_ok(sample_cell(s, AUR_DOMAIN_TASKS, 0,
			   AUR_TASKS_kernel_threads) > 1,
		    "counted");
	}
	aur_sample_unref(s);
	aur_collect_free(c);
}

int main(void)
{
	test_child();
	test_newcomer();
	test_zombie();
	test_many();
	test_files();
	test_kernel_threads();
	return tap_done();
}
