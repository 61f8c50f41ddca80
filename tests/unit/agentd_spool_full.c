/* SPDX-License-Identifier: MIT */
/*
 * A spool that cannot write: no file may grow, the disk is small and full, the
 * folder is read-only, there is no memory. It stops, says so, and goes on.
 */
#include "tests/harness/fail.h"
#include "tests/unit/spool_make.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void limit_files(rlim_t most)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = most;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_limit(void)
{
	struct spool *s;
	int64_t k = 0;

	empty(folder);
	signal(SIGXFSZ, SIG_IGN);
	s = open_at(0);
	put_event(s, 0, 1);
	limit_files(20000);
	while (k < 2000 && put_second(s, k) == 0)
		k++;
	tap_ok(k > 5 && k < 2000 && spool_trouble(s) != NULL,
	    "no file may grow: it stops, says '%s'", spool_trouble(s));
	tap_eq_int(put_seconds(s, k, k + 5), 0, "and what is put goes nowhere");
	tap_eq_int(put_event(s, k + 5, 2), 0, "events wait");
	tap_ok(spool_resume(s, now_at(k + 5)) < 0, "tried again: no better");
	limit_files(RLIM_INFINITY);
	tap_eq_int(
	    spool_resume(s, now_at(k + 7)), 0, "tried again: it records");
	put_seconds(s, k + 7, k + 9);
	seal(s);
	find(s, 7, 0, 3000, &found);
	tap_ok(
	    found.bad == 0 && found.n >= (size_t)k && found.n <= (size_t)k + 4,
	    "what was committed is there once, and what came after");
	tap_eq_u64(found.events, 2, "the events too");
	spool_close(s, now_at(k + 9));
}

/* Another one takes all that is left. */
static void fill_disk(const char *path)
{
	static const uint8_t page[4096];
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	while (write(fd, page, sizeof(page)) > 0)
		;
	close(fd);
}

/* In a child, which may mount where nobody else sees it. */
static int on_small_disk(void)
{
	struct spool_options o = {.folder = folder, .strs = strs};
	struct spool *s;
	char big[384], why[256] = "";
	int64_t k = 20;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=400k,mode=0700") < 0)
		return 77;
	s = open_at(0);
	path_of("big", big);
	if (put_seconds(s, 0, k) < 0)
		return 1;
	fill_disk(big);
	while (k < 2000 && put_second(s, k) == 0)
		k++;
	if (k == 2000 || strstr(spool_trouble(s), "No space left") == NULL)
		return 2;
	if (spool_resume(s, now_at(k + 60)) == 0)
		return 3;
	unlink(big);
	if (spool_resume(s, now_at(k + 120)) != 0)
		return 4;
	put_seconds(s, k + 120, k + 140);
	seal(s);
	find(s, AUR_KEPT_SYSTEM, 0, 10000, &found);
	if (found.bad > 0 || found.n + 2 < (size_t)k + 20 ||
	    found.n > (size_t)k + 21)
		return 5;
	/* it cannot be sealed: all stays in the open segment */
	put_seconds(s, k + 200, k + 300);
	fill_disk(big);
	if (seal(s) == 0)
		return 6;
	unlink(big);
	if (spool_resume(s, now_at(k + 360)) != 0)
		return 7;
	seal(s);
	find(s, AUR_KEPT_SYSTEM, 0, 10000, &found);
	if (found.bad > 0 || found.n + 4 < (size_t)k + 120)
		return 8;
	spool_close(s, now_at(k + 420));
	/* not before: it has a file open to write to */
	if (mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) <
	    0)
		return 9;
	if (spool_open(&s, &o, now_at(k + 430), why, sizeof(why)) != AUR_EIO ||
	    strstr(why, "Read-only") == NULL)
		return 10;
	return 0;
}

static void test_small_disk(void)
{
	int status = 0;
	pid_t pid;

	empty(folder);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(on_small_disk());
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		tap_skip("no tmpfs can be mounted here");
		return;
	}
	tap_eq_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0,
	    "a small disk: full, resumed, kept for others, read-only");
}

/* --- memory --------------------------------------------------------------- */

static void test_memory(void)
{
	unsigned stopped = 0;
	bool through = false;

	for (unsigned long nth = 1; nth < 3000; nth++) {
		struct spool_options o = {.folder = folder,
		    .most_bytes = most_bytes,
		    .most_age = most_age,
		    .strs = strs};
		struct aur_sample *a = system_at(0), *b = table_at(0);
		struct spool *s = NULL;
		char why[256];
		int rc;

		empty(folder);
		set_boot(o.boot_id);
		fail_begin(nth);
		rc = spool_open(&s, &o, now_at(0), why, sizeof(why));
		if (rc == 0)
			rc = spool_put(s, AUR_KEPT_SYSTEM, a);
		if (rc == 0)
			rc = spool_put(s, AUR_KEPT_PROCESSES, b);
		if (rc == 0)
			rc = spool__seal(s);
		if (s != NULL && spool_trouble(s) != NULL)
			stopped++;
		spool_close(s, now_at(1));
		aur_sample_unref(a);
		aur_sample_unref(b);
		if (!fail_end()) {
			through = rc == 0;
			break;
		}
	}
	tap_ok(stopped > 20, "no memory: it stops, %u times", stopped);
	tap_ok(through, "and with enough of it all is sealed");
}

int main(void)
{
	if (!begin_folder())
		return 99;
	test_limit();
	test_small_disk();
	test_memory();
	end_folder();
	return tap_done();
}
