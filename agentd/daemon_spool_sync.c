/* SPDX-License-Identifier: MIT */
/*
 * Bringing what is written to the disk takes as long as the disk likes, and
 * longest on a host that is in trouble, which is when people look at it. So a
 * thread waits for that, and the loop goes on: it leaves a descriptor here and
 * comes back for the answer. One at a time: while the disk is slow, less is
 * asked of it. Sealing waits by itself, an hour apart, for its few hundred KB.
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

struct spool_sync {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int fd;	    /* to be synced, ours; -1: nothing to do */
	int failed; /* errno of one that did not go well; 0 */
	bool busy;  /* it is on its way */
	bool end;
};

static void *run(void *arg)
{
	struct spool_sync *y = arg;

	pthread_mutex_lock(&y->lock);
	for (;;) {
		int fd = y->fd, err = 0;

		if (fd < 0 && y->end)
			break;
		if (fd < 0) {
			pthread_cond_wait(&y->wake, &y->lock);
			continue;
		}
		y->fd = -1;
		pthread_mutex_unlock(&y->lock);
		if (fdatasync(fd) < 0)
			err = errno;
		close(fd);
		pthread_mutex_lock(&y->lock);
		y->busy = false;
		if (err != 0)
			y->failed = err;
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
	y->fd = -1;
	pthread_mutex_init(&y->lock, NULL);
	pthread_cond_init(&y->wake, NULL);
	if (start(y) < 0) {
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
	pthread_cond_destroy(&y->wake);
	pthread_mutex_destroy(&y->lock);
	aur_mem_free(y);
}

bool spool__sync_ask(struct spool_sync *y, int fd)
{
	bool free_now;

	pthread_mutex_lock(&y->lock);
	free_now = !y->busy;
	if (free_now) {
		y->fd = dup(fd);
		y->busy = y->fd >= 0;
		pthread_cond_signal(&y->wake);
	}
	pthread_mutex_unlock(&y->lock);
	return free_now;
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
