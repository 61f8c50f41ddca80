/* SPDX-License-Identifier: MIT */
/* lib/history: two programs, killed writers, damaged files, full disks. With
 * AUR_LONG=1 the writer is killed 200 times. */
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/unit/history_make.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define SECOND 10 /* samples a host puts, of ten each */

static bool is_long(void)
{
	return getenv("AUR_LONG") != NULL;
}

/* File systems of our own, that nobody else sees. Whether they can be had. */
static bool own_mounts(void)
{
	char map[40];
	unsigned uid = geteuid();
	int fd;

	if (unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	if (uid != 0) {
		int n = snprintf(map, sizeof(map), "0 %u 1", uid);

		fd = open("/proc/self/uid_map", O_WRONLY);
		if (fd < 0 || write(fd, map, (size_t)n) != n)
			return false;
		(void)close(fd);
	}
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static struct aur_wall at(const struct hist *x, int64_t second)
{
	return (struct aur_wall){(x->begin + second) * AUR_SECOND_NS};
}

static void live(struct hist *x, int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i++) {
		struct aur_sample *s = hist_sample(x, 0);

		aur_history_put(x->h, x->host[0], s);
		aur_sample_unref(s);
	}
	hist_must(aur_history_flush(x->h, aur_span_ms(20000)) == 0, "flushed");
}

/* How many seconds of [0, n) are there; in order, by steps. */
static size_t seconds_there(struct hist *x, int64_t n, bool *ret_order)
{
	struct aur_wall t = at(x, 0), next;
	size_t found = 0;
	int64_t last = 0;

	*ret_order = true;
	while (aur_history_step(x->h, x->host[0], t, 1, &next) == 0 &&
	       next.ns < at(x, n).ns) {
		if (next.ns <= t.ns || next.ns / AUR_SECOND_NS == last)
			*ret_order = false;
		last = next.ns / AUR_SECOND_NS;
		t = next;
		found++;
	}
	return found;
}

static void test_two(void)
{
	struct hist x, y;
	bool order;

	hist_open(&x, true);
	live(&x, 100);
	memcpy(&y, &x, sizeof(y));
	hist_again(&y, true);
	tap_ok(aur_history_records(x.h), "the first records");
	tap_ok(!aur_history_records(y.h), "the second reads");
	tap_ok(
	    strstr(aur_history_trouble(y.h), "another program records") != NULL,
	    "and says so");
	tap_eq_u64(seconds_there(&y, 101, &order), 100, "all that is there");
	live(&x, 50);
	usleep(1100000);
	tap_eq_u64(seconds_there(&y, 151, &order), 150, "and what comes then");
	aur_history_close(x.h);
	tap_eq_u64(seconds_there(&y, 151, &order), 150,
	    "also when the first has gone");
	tap_ok(aur_history_trouble(y.h) == NULL && aur_history_records(y.h),
	    "then the second records");
	y.feed[0].seconds = 150;
	live(&y, 20);
	tap_eq_u64(seconds_there(&y, 171, &order), 170, "what comes to it");
	aur_history_close(y.h);
	hist_again(&x, true);
	tap_ok(aur_history_records(x.h), "the next one records");
	hist_close(&x);
}

/* The child: puts ten seconds in a few milliseconds, says when what was
 * committed. */
static void child(struct hist *x, int fd)
{
	static const struct timespec nap = {0, 2000000};

	hist_again(x, true);
	if (!aur_history_records(x->h))
		_exit(3);
	for (;;) {
		int64_t n;

		for (int i = 0; i < SECOND; i++) {
			struct aur_sample *s = hist_sample(x, 0);

			aur_history_put(x->h, x->host[0], s);
			aur_sample_unref(s);
		}
		if (aur_history_flush(x->h, aur_span_ms(9000)) != 0)
			_exit(4);
		n = x->feed[0].seconds;
		if (write(fd, &n, sizeof(n)) != sizeof(n))
			_exit(5);
		(void)nanosleep(&nap, NULL);
		if (x->feed[0].seconds % 500 == 0)
			(void)!aur_history_tidy(
			    x->h, at(x, 864000), aur_span_ms(9000));
	}
}

static void test_killed(void)
{
	int turns = is_long() ? 200 : 6;
	unsigned seed = 1;
	size_t lost = 0, twice = 0;
	struct hist x;

	hist_open(&x, true);
	aur_history_close(x.h);
	x.begin -= 86400; /* nothing is kept that is more than a day ahead */
	for (int i = 0; i < turns; i++) {
		int64_t n = 0, last = x.feed[0].seconds;
		int fd[2], status;
		size_t found;
		struct timespec nap = {0};
		bool order;
		pid_t pid;

		hist_must(pipe(fd) == 0, "a pipe");
		fflush(stdout);
		pid = fork();
		hist_must(pid >= 0, "a child");
		if (pid == 0)
			child(&x, fd[1]);
		(void)close(fd[1]);
		seed = seed * 1103515245u + 12345u;
		nap.tv_nsec = 20000000 + (long)(seed >> 8) % 400000000;
		(void)nanosleep(&nap, NULL);
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
		hist_must(WIFSIGNALED(status), "it was killed");
		while (read(fd[0], &n, sizeof(n)) == sizeof(n))
			last = n;
		(void)close(fd[0]);
		hist_again(&x, true);
		found = seconds_there(&x, last + 1, &order);
		if (found != (size_t)last) {
			printf("# %zu of %lld\n", found, (long long)last);
			lost++;
		}
		if (!order)
			twice++;
		aur_history_close(x.h);
		/* the child's feed was a copy: on from what it committed */
		while (x.feed[0].seconds < last)
			aur_sample_unref(hist_sample(&x, 0));
	}
	printf(
	    "# %d times, %lld seconds\n", turns, (long long)x.feed[0].seconds);
	tap_eq_u64(lost, 0, "what was committed is there");
	tap_eq_u64(twice, 0, "once, and in order");
	hist_again(&x, true);
	hist_close(&x);
}

static void ignore_line(void *arg, const char *line)
{
	unsigned *n = arg;

	(void)line;
	++*n;
}

static const char *first_week(struct hist *x)
{
	static char path[128];
	char command[160];
	FILE *f;

	snprintf(
	    command, sizeof(command), "ls %s/*-W*.db | head -1", x->folder);
	f = popen(command, "r");
	hist_must(f != NULL && fgets(path, sizeof(path), f) != NULL, "ls");
	pclose(f);
	path[strcspn(path, "\n")] = '\0';
	return path;
}

/* Flips a byte of a file. */
static void flip(const char *path, unsigned *seed)
{
	struct stat st;
	int fd = open(path, O_RDWR);
	uint8_t c;
	off_t where;

	hist_must(fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0, path);
	*seed = *seed * 1103515245u + 12345u;
	where = (off_t)((*seed >> 4) % (uint64_t)st.st_size);
	hist_must(pread(fd, &c, 1, where) == 1, "read");
	c ^= (uint8_t)(1u << (*seed >> 28) % 8);
	hist_must(pwrite(fd, &c, 1, where) == 1, "write");
	(void)close(fd);
}

/* Bytes flipped at random: nothing falls over, the rest is read, a copy of
 * the sound is sound. */
static void test_flipped(void)
{
	int turns = is_long() ? 200 : 12;
	size_t few = 0, bad_copies = 0;
	unsigned seed = 7, lines = 0;
	struct hist x;
	bool order;
	char copy[60], command[800], week[128];

	hist_open(&x, true);
	live(&x, 3000);
	hist_must(aur_history_tidy(x.h, at(&x, 7200), aur_span_ms(20000)) == 0,
	    "tidied");
	live(&x, 600);
	tap_eq_u64(seconds_there(&x, 3601, &order), 3600, "an hour");
	aur_history_close(x.h);
	hist_again(&x, false);
	tap_eq_u64(seconds_there(&x, 3601, &order), 3600, "and again");
	aur_history_close(x.h);
	snprintf(week, sizeof(week), "%s", first_week(&x));
	snprintf(copy, sizeof(copy), "%.40s.copy", x.folder);
	snprintf(command, sizeof(command), "cp %s %s.sound", week, week);
	hist_must(system(command) == 0, "cp");
	for (int i = 0; i < turns; i++) {
		struct hist y;
		size_t n;
		int rc;

		for (int k = 0; k <= i % 4; k++)
			flip(week, &seed);
		hist_again(&x, false);
		rc = aur_history_check(x.h, copy, ignore_line, &lines);
		hist_must(rc >= 0, "checked");
		aur_history_close(x.h);
		memcpy(&y, &x, sizeof(y));
		snprintf(y.folder, sizeof(y.folder), "%s", copy);
		hist_again(&y, false);
		if (aur_history_check(y.h, NULL, ignore_line, &lines) != 0)
			bad_copies++;
		n = seconds_there(&y, 3601, &order);
		few += n < 300;
		aur_history_close(y.h);
		hist_again(&x, true); /* who records goes on */
		live(&x, 1);
		aur_history_close(x.h);
		snprintf(command, sizeof(command),
		    "rm -rf %s %s/*.corrupt* %s-wal %s-shm; cp %s.sound %s",
		    copy, x.folder, week, week, week, week);
		hist_must(system(command) == 0, "cp");
	}
	tap_eq_u64(bad_copies, 0, "copies of damaged files are sound");
	/* a root page, or the header, takes its table or file with it */
	tap_ok(few <= 1 + (size_t)turns / 20,
	    "with most that was there (not so in %zu of %d)", few, turns);
	/* an index that is no database */
	snprintf(
	    command, sizeof(command), "echo nonsense >%s/index.db", x.folder);
	hist_must(system(command) == 0, "echo");
	{
		struct hist y;

		memcpy(&y, &x, sizeof(y));
		hist_again(&y, false);
		tap_eq_u64(seconds_there(&y, 3601, &order), 3600,
		    "an index that is lost costs a reader nothing");
		aur_history_close(y.h);
	}
	hist_again(&x, true);
	tap_ok(strstr(aur_history_trouble(x.h), "index.db") != NULL,
	    "who records sets it aside and says so");
	tap_eq_str(aur_history_id(x.h, x.host[0]), "id-0", "hosts are known");
	hist_close(&x);
}

/* A quota that is soon reached. */
static void test_full(bool mounts)
{
	struct hist x;
	bool order;
	const char *trouble;
	size_t had;

	hist_open(&x, true);
	aur_history_close(x.h);
	if (!mounts || mount("none", x.folder, "tmpfs", 0, "size=600k") != 0) {
		tap_skip("no small file system can be made here");
		hist_again(&x, true);
		hist_close(&x);
		return;
	}
	x.feed[0].seconds = 0;
	hist_again(&x, true);
	for (int i = 0; i < 40; i++) {
		for (int k = 0; k < 100; k++) {
			struct aur_sample *s = hist_sample(&x, 0);

			aur_history_put(x.h, x.host[0], s);
			aur_sample_unref(s);
		}
		if (aur_history_flush(x.h, aur_span_ms(5000)) < 0)
			break;
	}
	trouble = aur_history_trouble(x.h);
	tap_ok(trouble != NULL && strstr(trouble, "full") != NULL,
	    "a full disk is told");
	had = seconds_there(&x, 4001, &order);
	tap_ok(had > 100 && order, "what was committed stays (%zu)", had);
	hist_must(mount("none", x.folder, "tmpfs", MS_REMOUNT, "size=64m") == 0,
	    "remount");
	tap_eq_int(aur_history_flush(x.h, aur_span_ms(9000)), 0,
	    "with room again it goes on");
	tap_eq_u64(seconds_there(&x, x.feed[0].seconds + 1, &order),
	    (uint64_t)x.feed[0].seconds, "and nothing was lost");
	aur_history_close(x.h);
	hist_must(umount(x.folder) == 0, "umount");
	fakefeed_release(&x.feed[0]);
	hist_remove(&x);
}

static void test_read_only(bool mounts)
{
	struct aur_history_options o = {.record = true};
	struct aur_history *h;
	struct hist x;
	char why[200] = "", below[128];
	bool order;

	hist_open(&x, true);
	live(&x, 100);
	aur_history_close(x.h);
	o.folder = "/tmp/aur-history-none/a";
	o.record = false;
	tap_eq_int(aur_history_open(&h, &o, why, sizeof(why)), AUR_EABSENT,
	    "where nothing is, nothing is read");
	tap_ok(strstr(why, "nothing has been recorded") != NULL, "it is said");
	o.folder = "/proc/self/home/history";
	o.record = true;
	tap_eq_int(aur_history_open(&h, &o, why, sizeof(why)), AUR_EIO,
	    "where no folder can be made, nothing is recorded");
	tap_eq_str(why,
	    "nothing is recorded (input or output failed): "
	    "/proc/self/home/history cannot be made",
	    "which is what is said");
	if (!mounts || mount(x.folder, x.folder, NULL, MS_BIND, NULL) != 0 ||
	    mount("none", x.folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY,
		NULL) != 0) {
		tap_skip("no file system can be made read-only here");
		hist_again(&x, true);
		hist_close(&x);
		return;
	}
	snprintf(below, sizeof(below), "%s/a/b", x.folder);
	o.folder = below;
	tap_eq_int(aur_history_open(&h, &o, why, sizeof(why)), AUR_EDENIED,
	    "no folder of it can be made");
	hist_again(&x, true);
	tap_ok(!aur_history_records(x.h), "nothing is recorded there");
	tap_ok(strstr(aur_history_trouble(x.h), "may not be written") != NULL,
	    "it is said");
	tap_eq_u64(seconds_there(&x, 101, &order), 100, "but read");
	aur_history_close(x.h);
	hist_must(umount(x.folder) == 0, "umount");
	hist_again(&x, true);
	hist_close(&x);
}

/* A file of a later version is not touched. */
static void test_later(void)
{
	struct aur_history_options o = {.record = true};
	struct aur_history *h;
	sqlite3 *db = NULL;
	struct hist x;
	char why[200] = "", path[128];

	hist_open(&x, true);
	aur_history_close(x.h);
	snprintf(path, sizeof(path), "%s/index.db", x.folder);
	hist_must(sqlite3_open(path, &db) == SQLITE_OK &&
		      sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL,
			  NULL) == SQLITE_OK,
	    "a later version");
	sqlite3_close(db);
	o.folder = x.folder;
	tap_eq_int(aur_history_open(&h, &o, why, sizeof(why)), AUR_EVERSION,
	    "a later form is refused");
	tap_ok(strstr(why, "later Aurora") != NULL, "with the reason");
	fakefeed_release(&x.feed[0]);
	hist_remove(&x);
}

static int on_value(void *arg, struct aur_wall when, double value)
{
	size_t *n = arg;

	(void)when;
	(void)value;
	++*n;
	return 0;
}

static void on_name(void *arg, struct aur_slice name)
{
	size_t *n = arg;

	(void)name;
	++*n;
}

static void on_event(void *arg, size_t host, const struct aur_event *event)
{
	size_t *n = arg;

	(void)host;
	(void)event;
	++*n;
}

/* Everything that reads, once. 0 or the first error. */
static int read_all(const char *folder, size_t *n)
{
	struct aur_history_options o = {.folder = folder};
	struct aur_replay_host host = {.id = "id-0", .name = "web1"};
	struct aur_want want = hist_want_all();
	struct aur_feed *feed = NULL;
	struct aur_history *h = NULL;
	struct aur_point points[60];
	struct aur_metric m;
	struct aur_wall from, to;
	char why[200];
	int rc = aur_history_open(&h, &o, why, sizeof(why));

	hist_must(aur_metric_parse(
		      aur_slice_str("cores.busy_percent"), &m, NULL) == 0,
	    "a metric");
	if (rc < 0)
		return rc;
	if (!aur_history_bounds(h, SIZE_MAX, &from, &to))
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = aur_history_points(h, 0, &m, from, to, points, 60);
	if (rc == 0)
		rc = aur_history_rows(h, 0, &m, from, to, on_name, n);
	to.ns = from.ns + 20 * AUR_SECOND_NS;
	if (rc == 0)
		rc = aur_history_values(h, 0, &m, from, to, on_value, n);
	if (rc == 0)
		rc = aur_history_events(h, SIZE_MAX, from, to, 0, on_event, n);
	if (rc == 0)
		rc = aur_replay_new(&feed, h, &host, 1);
	if (rc == 0)
		rc = feed->class->want(feed, 0, &want);
	if (rc == 0)
		rc = feed->past->seek(feed, to);
	if (feed != NULL)
		feed->class->free(feed);
	aur_history_close(h);
	return rc;
}

/* Each allocation of a reader is failed once. */
static void test_memory(void)
{
	unsigned long nth = 1, odd = 0;
	struct aur_event e = {.kind = aur_slice_str("oom_kill")};
	size_t n = 0, whole = 0;
	struct hist x;

	hist_open(&x, true);
	live(&x, 1900);
	hist_must(
	    aur_history_tidy(x.h, at(&x, 1800 + 200), aur_span_ms(20000)) == 0,
	    "tidied");
	e.when = at(&x, 5);
	aur_history_put_event(x.h, x.host[0], &e);
	live(&x, 30);
	aur_history_close(x.h);
	tap_eq_int(read_all(x.folder, &whole), 0, "all can be read");
	for (; fail_begin(nth); nth += nth < 2000 ? 1 : nth / 50) {
		int rc;

		n = 0;
		rc = read_all(x.folder, &n);
		if (!fail_end())
			break;
		/* what cannot be opened is not there */
		if (rc != AUR_ENOMEM && rc != AUR_EABSENT && rc != 0 &&
		    rc != AUR_EIO && rc != AUR_EINVALID)
			odd++;
	}
	printf("# %lu allocations\n", nth);
	tap_eq_u64(odd, 0, "a failure is told as one");
	n = 0;
	tap_eq_int(read_all(x.folder, &n), 0, "afterwards all can be read");
	tap_eq_u64(n, whole, "as before");
	hist_again(&x, true);
	hist_close(&x);
}

int main(void)
{
	bool mounts = own_mounts();

	test_memory();
	test_two();
	test_later();
	test_read_only(mounts);
	test_full(mounts);
	test_flipped();
	test_killed();
	return tap_done();
}
