/* SPDX-License-Identifier: MIT */
/*
 * Sealing on a disk that takes its time: the loop goes on, readers have what
 * was sealed, and whatever ends the service or the host meanwhile, each second
 * is there once. The disk is ours: fdatasync is defined here.
 */
#include "tests/unit/spool_make.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static bool held;    /* syncs wait */
static int failing;  /* errno of those that come */
static unsigned now; /* waiting */

int fdatasync(int fd)
{
	int err;

	pthread_mutex_lock(&lock);
	now++;
	pthread_cond_broadcast(&turn);
	while (held)
		pthread_cond_wait(&turn, &lock);
	now--;
	err = failing;
	pthread_mutex_unlock(&lock);
	if (err == 0)
		return (int)syscall(SYS_fdatasync, fd);
	errno = err;
	return -1;
}

static void hold(bool on)
{
	pthread_mutex_lock(&lock);
	held = on;
	pthread_cond_broadcast(&turn);
	pthread_mutex_unlock(&lock);
}

static void fail_with(int err)
{
	pthread_mutex_lock(&lock);
	failing = err;
	pthread_mutex_unlock(&lock);
}

/* Until somebody waits for the disk. */
static void await_sync(void)
{
	pthread_mutex_lock(&lock);
	while (now == 0)
		pthread_cond_wait(&turn, &lock);
	pthread_mutex_unlock(&lock);
}

static int64_t size_of(const char *name)
{
	char path[384];
	struct stat st;

	path_of(name, path);
	return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

/* Ten seconds, sealed, and the disk is not done with it. */
static struct spool *begin(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 4);
	/* no other sync is due for a while */
	s->synced = now_at(1000).mono;
	put_seconds(s, 4, 10);
	hold(true);
	tap_eq_int(seal(s), 0, "sealed while the disk is slow");
	await_sync();
	return s;
}

static void test_slow(void)
{
	struct spool *s = begin();
	int64_t before = size_of(SPOOL_OPEN);

	tap_ok(kept(s, 0, 10), "what is sealed can be read at once");
	tap_eq_int(put_seconds(s, 10, 13), 0, "it goes on");
	tap_eq_int(size_of(SPOOL_OPEN), before, "and keeps what was open");
	hold(false);
	tap_eq_int(put_seconds(s, 13, 19), 0, "the disk is done");
	tap_ok(s->settling == 0 && size_of(SPOOL_OPEN) != before,
	    "what gathered is written");
	tap_ok(seal(s) == 0 && kept(s, 0, 19), "and all of it is there");
	spool_close(s, now_at(20));
}

/* With the open segment, and so long that a write might be, too. */
static void test_busy(void)
{
	struct spool *s;
	int64_t before;

	empty(folder);
	s = open_at(0);
	hold(true);
	put_seconds(s, 0, 8);
	await_sync();
	usleep(2100000);
	before = size_of(SPOOL_OPEN);
	tap_eq_int(put_seconds(s, 8, 20), 0, "while it is busy it goes on");
	tap_eq_int(size_of(SPOOL_OPEN), before, "and gives the disk nothing");
	tap_eq_int(put_seconds(s, 20, 2000), 0, "but for what is too much");
	tap_ok(size_of(SPOOL_OPEN) > before, "to keep in memory");
	hold(false);
	tap_ok(seal(s) == 0 && kept(s, 0, 2000), "all of it is there");
	spool_close(s, now_at(2001));
}

static void test_waits(void)
{
	struct spool *s = begin();

	put_seconds(s, 10, 12);
	hold(false);
	tap_ok(seal(s) == 0 && kept(s, 0, 12),
	    "the next seal waits for the one before");
	spool_close(s, now_at(13));
	s = begin();
	put_seconds(s, 10, 12);
	hold(false);
	spool_close(s, now_at(13));
	s = open_at(14);
	tap_ok(kept(s, 0, 12) && spool_past(s)->clean, "so does an end");
	spool_close(s, now_at(15));
}

/* Ends it while the disk is slow; with the disk done, as it is done at last. */
static struct spool *end_meanwhile(struct spool *s)
{
	spool__forget(s);
	hold(false);
	spool_close(s, (struct serve_now){0});
	return open_at(20);
}

static void test_killed(void)
{
	struct spool *s = begin();

	s = end_meanwhile(s);
	tap_ok(kept(s, 0, 10), "a kill meanwhile: each second once");
	put_seconds(s, 20, 25);
	tap_eq_int(seal(s), 0, "and on");
	find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
	tap_eq_u64(found.n, 15, "with what comes");
	spool_close(s, now_at(30));
}

/* The host went down: of the sealed segment `keep` bytes are on the disk. */
static void go_down(size_t keep, const char *text)
{
	static uint8_t image[1 << 20];
	struct spool *s = begin();
	char name[256] = "";
	size_t n;

	(void)names(".seg", name);
	spool__forget(s);
	hold(false);
	spool_close(s, (struct serve_now){0});
	n = load(name, image, sizeof(image));
	save(name, image, keep < n ? keep : n / 2);
	s = open_at(20);
	tap_ok(kept(s, 0, 10), "%s: made again from the open one", text);
	tap_eq_u64(names(".seg", NULL), 1, "one segment");
	tap_eq_u64(names(".damaged", NULL), 0, "and none that is damaged");
	put_seconds(s, 20, 25);
	tap_eq_int(seal(s), 0, "and on");
	find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
	tap_eq_u64(found.n, 15, "with what comes");
	spool_close(s, now_at(30));
}

static void test_failed(void)
{
	struct spool *s = begin();

	fail_with(EIO);
	hold(false);
	put_seconds(s, 10, 16);
	tap_ok(spool_trouble(s) != NULL, "the disk has failed: it stops");
	fail_with(0);
	tap_ok(spool_resume(s, now_at(20)) == 0 &&
		   put_seconds(s, 20, 25) == 0 && seal(s) == 0,
	    "and goes on when it does");
	find(s, AUR_KEPT_SYSTEM, 0, 100, &found);
	tap_ok(found.n == 15 && found.bad == 0, "with what was sealed");
	spool_close(s, now_at(30));
}

int main(void)
{
	alarm(100); /* who waits for a disk that is held waits for ever */
	if (tap_ok(begin_folder(), "a folder")) {
		test_slow();
		test_busy();
		test_waits();
		test_killed();
		go_down(0, "nothing of it");
		go_down(SIZE_MAX, "half of it");
		test_failed();
		end_folder();
	}
	return tap_done();
}
