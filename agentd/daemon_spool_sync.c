/* SPDX-License-Identifier: MIT */
/*
 * Bringing what is written to the disk takes as long as the disk likes, and
 * longest on a host that is in trouble, which is when people look at it. So a
 * thread waits for that, and the loop goes on: it leaves a descriptor here and
 * comes back for the answer. One of the open segment at a time: while the disk
 * is slow, less is asked of it, and where that takes seconds, nothing. And one
 * that was sealed, which comes first, as records gather until it is there.
 */
#include "agentd/daemon_spool_int.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#define SLOW_NS (2 * AUR_SECOND_NS)

struct spool_sync {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake, settled;
	int fd;		       /* to be synced, ours; -1: nothing to do */
	int failed;	       /* errno of one that did not go well; 0 */
	bool busy;	       /* it is on its way */
	struct aur_mono since; /* something has been */
	int sealed, folder;    /* as fd */
	int seal_failed;
	bool sealing;
	bool end;
};

/* Both without the lock; what is synced is closed. */
static int sync_open(int fd)
{
	int err = fdatasync(fd) < 0 ? errno : 0;

	close(fd);
	return err;
}

static int sync_sealed(int fd, int folder)
{
	int err = sync_open(fd);

	(void)fsync(folder); /* some file systems cannot */
	close(folder);
	return err;
}

static void do_sealed(struct spool_sync *y)
{
	int err, fd = y->sealed, folder = y->folder;

	y->sealed = y->folder = -1;
	pthread_mutex_unlock(&y->lock);
	err = sync_sealed(fd, folder);
	pthread_mutex_lock(&y->lock);
	y->sealing = false;
	y->seal_failed = err;
	pthread_cond_broadcast(&y->settled);
}

static void do_open(struct spool_sync *y)
{
	int err, fd = y->fd;

	y->fd = -1;
	pthread_mutex_unlock(&y->lock);
	err = sync_open(fd);
	pthread_mutex_lock(&y->lock);
	y->busy = false;
	if (err != 0)
		y->failed = err;
}

static void *run(void *arg)
{
	struct spool_sync *y = arg;

	pthread_mutex_lock(&y->lock);
	for (;;) {
		if (y->sealed >= 0)
			do_sealed(y);
		else if (y->fd >= 0)
			do_open(y);
		else if (y->end)
			break;
		else
			pthread_cond_wait(&y->wake, &y->lock);
	}
	pthread_mutex_unlock(&y->lock);
	return NULL;
}

/* Signals are for the loop's thread. */
static int start(struct spool_sync *y)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&y->thread, NULL, run, y);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc == 0 ? 0 : AUR_ENOMEM;
}

int spool__sync_new(struct spool_sync **ret_y)
{
	struct spool_sync *y = aur_mem_new(1, sizeof(*y));

	if (y == NULL)
		return AUR_ENOMEM;
	y->fd = y->sealed = y->folder = -1;
	pthread_mutex_init(&y->lock, NULL);
	pthread_cond_init(&y->wake, NULL);
	pthread_cond_init(&y->settled, NULL);
	if (start(y) < 0) {
		pthread_cond_destroy(&y->settled);
		pthread_cond_destroy(&y->wake);
		pthread_mutex_destroy(&y->lock);
		aur_mem_free(y);
		return AUR_ENOMEM;
	}
	*ret_y = y;
	return 0;
}

void spool__sync_free(struct spool_sync *y)
{
	if (y == NULL)
		return;
	pthread_mutex_lock(&y->lock);
	y->end = true;
	pthread_cond_signal(&y->wake);
	pthread_mutex_unlock(&y->lock);
	pthread_join(y->thread, NULL);
	pthread_cond_destroy(&y->settled);
	pthread_cond_destroy(&y->wake);
	pthread_mutex_destroy(&y->lock);
	aur_mem_free(y);
}

/* With the lock: one is asked for. */
static void begin(struct spool_sync *y)
{
	if (!y->busy && !y->sealing)
		y->since = aur_clock_mono();
}

bool spool__sync_ask(struct spool_sync *y, int fd)
{
	bool free_now;

	pthread_mutex_lock(&y->lock);
	free_now = !y->busy;
	if (free_now) {
		begin(y);
		y->fd = dup(fd);
		y->busy = y->fd >= 0;
		pthread_cond_signal(&y->wake);
	}
	pthread_mutex_unlock(&y->lock);
	return free_now;
}

bool spool__sync_is_slow(struct spool_sync *y)
{
	bool busy;

	pthread_mutex_lock(&y->lock);
	busy = (y->busy || y->sealing) &&
	       aur_mono_since(aur_clock_mono(), y->since).ns > SLOW_NS;
	pthread_mutex_unlock(&y->lock);
	return busy;
}

int spool__sync_failed(struct spool_sync *y)
{
	int failed;

	pthread_mutex_lock(&y->lock);
	failed = y->failed;
	y->failed = 0;
	pthread_mutex_unlock(&y->lock);
	return failed;
}

bool spool__sync_ask_sealed(struct spool_sync *y, int fd, int folder_fd)
{
	int sealed = dup(fd), folder = dup(folder_fd);

	if (sealed < 0 || folder < 0) {
		if (sealed >= 0)
			close(sealed);
		if (folder >= 0)
			close(folder);
		return false;
	}
	pthread_mutex_lock(&y->lock);
	while (y->sealing)
		pthread_cond_wait(&y->settled, &y->lock);
	begin(y);
	y->sealed = sealed;
	y->folder = folder;
	y->seal_failed = 0;
	y->sealing = true;
	pthread_cond_signal(&y->wake);
	pthread_mutex_unlock(&y->lock);
	return true;
}

bool spool__sync_sealed(struct spool_sync *y, bool wait, int *ret_errno)
{
	bool done;

	pthread_mutex_lock(&y->lock);
	while (wait && y->sealing)
		pthread_cond_wait(&y->settled, &y->lock);
	done = !y->sealing;
	if (done)
		*ret_errno = y->seal_failed;
	pthread_mutex_unlock(&y->lock);
	return done;
}
