/* SPDX-License-Identifier: MIT */
/*
 *	 aur__writer_put ──▶ queue ──▶ held ──▶ a transaction for each week
 *	                      ▲ 3 s      │
 *	                      └──────────┘ could not be committed: again later
 *
 * A job is done when its week has been committed, so that one that waited for
 * another week's disk is not written twice.
 */
#include "history/write_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "history/aside_int.h"

#include <errno.h>
#include <stdio.h>
#include <sys/statvfs.h>

/* How often there is something to be tidied. */
#define TIDY_NS (5 * AUR_SECOND_NS)
#define AGAIN_NS (5 * AUR_SECOND_NS)
/* Bytes that wait and are then committed at once. */
#define BATCH_BYTES (8u << 20)
/* What is left to others on the disk: the less of both. */
#define RESERVE_BYTES (64ull << 20)
#define RESERVE_PART 50u

struct aur__job *aur__job_new(enum aur__job_kind kind, int64_t host)
{
	struct aur__job *job = aur_mem_new(1, sizeof(*job));

	if (job == NULL)
		return NULL;
	job->kind = kind;
	job->host = host;
	aur_buf_init(&job->bytes, AUR_MAX_BLOCK_RAW);
	return job;
}

void aur__job_free(struct aur__job *job)
{
	if (job == NULL)
		return;
	aur_mem_free(job->ident);
	aur_mem_free(job->name);
	aur_buf_release(&job->bytes);
	aur_mem_free(job);
}

static size_t job_size(const struct aur__job *job)
{
	return sizeof(*job) + aur_buf_peek(&job->bytes).n;
}

/* --- the caller's side ---------------------------------------------------- */

int aur__writer_put(struct aur__writer *w, struct aur__job *job, size_t most,
    uint64_t *ret_turn)
{
	bool room;

	(void)pthread_mutex_lock(&w->mutex);
	room = w->bytes + job_size(job) <= most;
	if (room) {
		if (w->first == NULL || w->bytes > BATCH_BYTES)
			(void)pthread_cond_broadcast(&w->change);
		*w->last = job;
		w->last = &job->next;
		w->bytes += job_size(job);
		w->put++;
		if (ret_turn != NULL)
			*ret_turn = w->turn;
	} else {
		w->lost += (uint64_t)job->n;
	}
	(void)pthread_mutex_unlock(&w->mutex);
	if (room)
		return 0;
	aur__job_free(job);
	return AUR_EBUSY;
}

bool aur__writer_more(struct aur__writer *w, struct aur__job *job,
    uint64_t turn, struct aur_slice frames, struct aur_wall at)
{
	bool good;

	(void)pthread_mutex_lock(&w->mutex);
	good = turn == w->turn && w->bytes + frames.n <= AUR__QUEUE_MOST &&
	       aur_buf_add_slice(&job->bytes, frames) == 0;
	if (good) {
		job->to = at;
		job->n++;
		w->bytes += frames.n;
	}
	(void)pthread_mutex_unlock(&w->mutex);
	return good;
}

static struct timespec later(struct aur_span s)
{
	struct aur_mono t = aur_mono_add(aur_clock_mono(), s);

	return (struct timespec){.tv_sec = (time_t)(t.ns / AUR_SECOND_NS),
	    .tv_nsec = (long)(t.ns % AUR_SECOND_NS)};
}

int aur__writer_flush(struct aur__writer *w, struct aur_span most)
{
	struct timespec end = later(most);
	uint64_t want, turn;
	int rc = 0;

	(void)pthread_mutex_lock(&w->mutex);
	want = w->put;
	turn = w->turn;
	while (rc == 0 && w->committed < want) {
		if (w->turn != turn && w->trouble[0] != '\0') {
			rc = AUR_EIO;
			break;
		}
		w->hurry = true;
		(void)pthread_cond_broadcast(&w->change);
		if (pthread_cond_timedwait(&w->change, &w->mutex, &end) != 0)
			rc = AUR_ETIMEOUT;
	}
	(void)pthread_mutex_unlock(&w->mutex);
	return rc;
}

int aur__writer_tidy(
    struct aur__writer *w, struct aur_wall now, struct aur_span most)
{
	struct timespec end = later(most);
	uint64_t want;
	int rc = aur__writer_flush(w, most);

	if (rc < 0)
		return rc;
	(void)pthread_mutex_lock(&w->mutex);
	want = w->tidied + 1;
	w->tidy = true;
	w->tidy_now = now;
	(void)pthread_cond_broadcast(&w->change);
	while (rc == 0 && w->tidied < want)
		if (pthread_cond_timedwait(&w->change, &w->mutex, &end) != 0)
			rc = AUR_ETIMEOUT;
	(void)pthread_mutex_unlock(&w->mutex);
	return rc;
}

/* --- troubles ------------------------------------------------------------- */

static void say(struct aur__writer *w, const char *text)
{
	(void)pthread_mutex_lock(&w->mutex);
	(void)snprintf(w->trouble, sizeof(w->trouble), "%s", text);
	(void)pthread_mutex_unlock(&w->mutex);
}

static void say_err(struct aur__writer *w, int rc)
{
	if (rc == 0)
		say(w, "");
	else if (rc == AUR_ELIMIT)
		say(w, "the disk of the history is full: nothing is recorded "
		       "until there is room");
	else if (rc == AUR_EDENIED)
		say(w, "the history may not be written to: nothing is recorded "
		       "until it may");
	else
		say(w, "the history cannot be written: nothing is recorded "
		       "until it can");
}

bool aur__write_room(struct aur__writer *w)
{
	const char *path = aur__weeks_path(&w->weeks, ".");
	struct statvfs fs;
	uint64_t size, reserve;

	if (path == NULL || statvfs(path, &fs) < 0)
		return true; /* writing will tell */
	size = (uint64_t)fs.f_blocks * fs.f_frsize;
	reserve = size / RESERVE_PART;
	if (reserve > RESERVE_BYTES)
		reserve = RESERVE_BYTES;
	if (w->full) /* once it was: a little more, so as not to flutter */
		reserve += reserve / 2;
	w->full = (uint64_t)fs.f_bavail * fs.f_frsize < reserve;
	return !w->full;
}

/* --- commits -------------------------------------------------------------- */

static void set_aside(struct aur__writer *w, int64_t monday)
{
	char name[AUR__WEEK_NAME];
	char said[160];
	size_t i = aur__weeks_find(&w->weeks, monday), n;

	if (i < w->weeks.n && w->weeks.week[i].monday == monday)
		aur__weeks_close(&w->weeks, i);
	aur__week_name(monday, name);
	if (aur__set_aside(&w->weeks, name, AUR__WEEK, said, sizeof(said)) < 0)
		return;
	(void)pthread_mutex_lock(&w->mutex);
	n = strlen(w->aside);
	(void)snprintf(w->aside + n, sizeof(w->aside) - n, "%s%s",
	    n > 0 ? "; " : "", said);
	(void)pthread_mutex_unlock(&w->mutex);
}

int aur__write_begin(
    struct aur__writer *w, int64_t monday, struct aur__db **ret_db)
{
	int rc = 0;

	for (int turn = 0; turn < 2; turn++) {
		*ret_db = aur__weeks_open(&w->weeks, monday, &rc);
		if (*ret_db != NULL) {
			aur__weeks_unsettle(&w->weeks, monday);
			rc = aur__db_run(*ret_db, "BEGIN IMMEDIATE");
		} else if (rc == 0)
			rc = AUR_EIO;
		if (rc != AUR_EINVALID)
			return rc;
		set_aside(w, monday);
	}
	return rc;
}

int aur__write_end(
    struct aur__writer *w, int64_t monday, struct aur__db *db, int rc)
{
	if (rc == 0)
		rc = aur__db_run(db, "COMMIT");
	if (rc < 0)
		(void)!aur__db_run(db, "ROLLBACK");
	if (rc != AUR_EINVALID)
		return rc;
	set_aside(w, monday);
	return AUR_EBUSY;
}

void aur__job_add(struct aur__writer *w, struct aur__job *job)
{
	struct aur__job **end = &w->held;

	while (*end != NULL)
		end = &(*end)->next;
	job->inner = true;
	*end = job;
}

static int write_week(struct aur__writer *w, int64_t monday)
{
	struct aur__db *db;
	int rc = aur__write_begin(w, monday, &db);

	if (rc < 0)
		return rc;
	for (struct aur__job *j = w->held; rc == 0 && j != NULL; j = j->next) {
		if (j->done || aur__job_week(j) != monday)
			continue;
		rc = aur__job_host(w, db, monday, j->host);
		if (rc == 0)
			rc = aur__job_write(w, db, j);
	}
	rc = aur__write_end(w, monday, db, rc);
	for (struct aur__job *j = w->held; rc == 0 && j != NULL; j = j->next)
		j->done = j->done || aur__job_week(j) == monday;
	return rc;
}

static int open_index(struct aur__writer *w)
{
	const char *path = aur__weeks_path(&w->weeks, "index.db");

	if (w->index.db != NULL)
		return 0;
	return path == NULL
		   ? AUR_ENOMEM
		   : aur__db_open(&w->index, path, AUR__WRITE, AUR__INDEX);
}

/* Those that belong to no week. Hosts are few and seldom new: the index is
 * closed again. */
static int write_index(struct aur__writer *w)
{
	int rc = 0;

	for (struct aur__job *j = w->held; rc == 0 && j != NULL; j = j->next) {
		if (j->done || aur__job_week(j) != AUR__NO_WEEK)
			continue;
		rc = open_index(w);
		if (rc == 0)
			rc = aur__job_write(w, &w->index, j);
		j->done = rc == 0;
	}
	aur__db_close(&w->index);
	return rc;
}

/* Writes all that is held, and lets go of what was. */
static int commit(struct aur__writer *w, size_t *ret_bytes, uint64_t *ret_n)
{
	struct aur__job **p = &w->held;
	int rc = aur__write_room(w) ? write_index(w) : AUR_ELIMIT;

	for (struct aur__job *j = w->held; rc == 0 && j != NULL; j = j->next) {
		if (j->done)
			continue;
		rc = write_week(w, aur__job_week(j));
		if (rc == AUR_EBUSY) /* set aside: a new file */
			rc = write_week(w, aur__job_week(j));
	}
	*ret_bytes = 0;
	*ret_n = 0;
	while (*p != NULL) {
		struct aur__job *j = *p;

		if (!j->done) {
			p = &j->next;
			continue;
		}
		*p = j->next;
		*ret_bytes += j->inner ? 0 : job_size(j);
		*ret_n += !j->inner;
		aur__job_free(j);
	}
	aur__weeks_rest(&w->weeks);
	return rc;
}

/* --- the thread ----------------------------------------------------------- */

/* Waits until there is something to do; the mutex is held. */
static void wait_for_work(struct aur__writer *w)
{
	struct timespec end = {0};
	bool timed = false;

	while (!w->stop && !w->hurry && !w->tidy && w->bytes <= BATCH_BYTES) {
		if (!timed) {
			struct aur_span s = {TIDY_NS};

			if (w->held != NULL)
				s.ns = AGAIN_NS;
			else if (w->first != NULL)
				s.ns = AUR__COMMIT_NS;
			timed = w->first != NULL || w->held != NULL;
			end = later(s);
		}
		if (pthread_cond_timedwait(&w->change, &w->mutex, &end) ==
		    ETIMEDOUT)
			return;
	}
	if (w->held != NULL && !w->stop && !w->hurry && !w->tidy) {
		end = later((struct aur_span){AGAIN_NS});
		(void)pthread_cond_timedwait(&w->change, &w->mutex, &end);
	}
}

static void take_queue(struct aur__writer *w)
{
	struct aur__job **end = &w->held;

	while (*end != NULL)
		end = &(*end)->next;
	*end = w->first;
	w->first = NULL;
	w->last = &w->first;
	w->turn++;
	w->hurry = false;
}

static void one_commit(struct aur__writer *w)
{
	size_t bytes;
	uint64_t n;
	int rc;

	take_queue(w);
	(void)pthread_mutex_unlock(&w->mutex);
	rc = commit(w, &bytes, &n);
	if (rc < 0 || n > 0)
		say_err(w, rc);
	(void)pthread_mutex_lock(&w->mutex);
	w->bytes -= bytes;
	w->committed += n;
	(void)pthread_cond_broadcast(&w->change);
}

static void maybe_tidy(struct aur__writer *w)
{
	struct aur_mono now = aur_clock_mono();
	bool asked = w->tidy;
	struct aur_wall as_of = asked ? w->tidy_now : aur_clock_wall();

	if (!asked && now.ns < w->tidy_at.ns)
		return;
	(void)pthread_mutex_unlock(&w->mutex);
	if (w->held == NULL && !w->full && aur__tidy(w, as_of, asked) < 0)
		(void)aur__write_room(w);
	w->tidy_at = aur_mono_add(aur_clock_mono(), (struct aur_span){TIDY_NS});
	(void)pthread_mutex_lock(&w->mutex);
	if (asked) {
		w->tidy = false;
		w->tidied++;
		(void)pthread_cond_broadcast(&w->change);
	}
}

static void *run(void *arg)
{
	struct aur__writer *w = arg;
	bool last = false;

	(void)pthread_mutex_lock(&w->mutex);
	while (!last) {
		wait_for_work(w);
		last = w->stop;
		if (w->first != NULL || w->held != NULL)
			one_commit(w);
		if (!last)
			maybe_tidy(w);
	}
	(void)pthread_mutex_unlock(&w->mutex);
	return NULL;
}

static void release(struct aur__writer *w)
{
	take_queue(w);
	while (w->held != NULL) {
		struct aur__job *j = w->held;

		w->held = j->next;
		aur__job_free(j);
	}
	for (size_t i = 0; i < w->nknown; i++) {
		aur_mem_free(w->known[i].ident);
		aur_mem_free(w->known[i].name);
	}
	aur_mem_free(w->known);
	aur__weeks_release(&w->weeks);
	aur__db_close(&w->index);
	(void)pthread_cond_destroy(&w->change);
	(void)pthread_mutex_destroy(&w->mutex);
	aur_mem_free(w);
}

static int init_locks(struct aur__writer *w)
{
	pthread_condattr_t attr;
	int rc = pthread_condattr_init(&attr);

	if (rc != 0)
		return AUR_ENOMEM;
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	rc = pthread_cond_init(&w->change, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (rc != 0)
		return AUR_ENOMEM;
	if (pthread_mutex_init(&w->mutex, NULL) != 0) {
		(void)pthread_cond_destroy(&w->change);
		return AUR_ENOMEM;
	}
	return 0;
}

int aur__writer_new(struct aur__writer **ret_w, const char *folder,
    struct aur__db *index, uint64_t most_bytes)
{
	struct aur__writer *w = aur_mem_new(1, sizeof(*w));
	int rc = w == NULL ? AUR_ENOMEM : init_locks(w);

	if (rc < 0) {
		aur__db_close(index);
		aur_mem_free(w);
		return rc;
	}
	w->last = &w->first;
	w->index = *index;
	*index = (struct aur__db){0};
	w->most_bytes = most_bytes;
	w->tidy_at = aur_mono_add(aur_clock_mono(), (struct aur_span){TIDY_NS});
	rc = aur__weeks_init(&w->weeks, folder, AUR__WRITE);
	if (rc == 0)
		rc = aur__weeks_scan(&w->weeks);
	if (rc == 0 && pthread_create(&w->thread, NULL, run, w) != 0)
		rc = AUR_EIO;
	if (rc < 0) {
		release(w);
		return rc;
	}
	*ret_w = w;
	return 0;
}

void aur__writer_free(struct aur__writer *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->mutex);
	w->stop = true;
	(void)pthread_cond_broadcast(&w->change);
	(void)pthread_mutex_unlock(&w->mutex);
	(void)pthread_join(w->thread, NULL);
	release(w);
}
