/* SPDX-License-Identifier: MIT */
/*
 * Jobs to rows. A block that is there is left alone; where we have packed the
 * same span ourselves, the host's own takes its place.
 */
#include "history/write_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "pack/pack.h"
#include "wire/frame.h"
#include "wire/msg.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)

int64_t aur__job_week(const struct aur__job *job)
{
	if (job->kind == AUR__JOB_HOST)
		return AUR__NO_WEEK;
	return aur__week_of(job->from);
}

static int write_log(
    struct aur__writer *w, struct aur__db *db, const struct aur__job *job)
{
	struct aur__known *known = aur__job_known(w, job->host);
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_PUT);
	struct aur_slice s = aur_buf_peek(&job->bytes);

	aur__sql_i64(st, 1, job->host);
	aur__sql_i64(st, 2, job->log_kind);
	aur__sql_i64(st, 3, job->stream);
	aur__sql_i64(st, 4, job->from.ns);
	aur__sql_i64(st, 5, job->to.ns);
	aur__sql_i64(st, 6, job->n);
	aur__sql_i64(st, 7, (int64_t)aur_slice_hash(s));
	aur__sql_blob(st, 8, s);
	if (known != NULL)
		known->put_at = aur_clock_mono();
	return aur__sql_done(db, st);
}

static int put_event(struct aur__db *db, int64_t host,
    const struct aur_event *event, struct aur_slice payload)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_EVENT_PUT);

	aur__sql_i64(st, 1, host);
	aur__sql_blob(st, 2, aur_slice_of(event->boot_id, 16));
	aur__sql_i64(st, 3, (int64_t)event->number);
	aur__sql_i64(st, 4, event->when.ns);
	aur__sql_blob(st, 5, payload);
	return aur__sql_done(db, st);
}

static int write_event(struct aur__db *db, const struct aur__job *job)
{
	struct aur_slice s = aur_buf_peek(&job->bytes);
	struct aur_event event;

	/* it was put by us: what cannot be read is not worth a row */
	if (aur_event_take(s, &event) < 0)
		return 0;
	return put_event(db, job->host, &event, s);
}

/* An event of a block that is of another week than the block. */
static int put_elsewhere(struct aur__writer *w, int64_t host,
    struct aur_wall when, struct aur_slice payload)
{
	struct aur__job *job = aur__job_new(AUR__JOB_EVENT, host);

	if (job == NULL)
		return AUR_ENOMEM;
	job->from = job->to = when;
	if (aur_buf_add_slice(&job->bytes, payload) < 0) {
		aur__job_free(job);
		return AUR_ENOMEM;
	}
	aur__job_add(w, job);
	return 0;
}

/* The events of a block, each a row, so that they can be found by time. */
static int write_events(
    struct aur__writer *w, struct aur__db *db, const struct aur__job *job)
{
	int64_t week = aur__job_week(job);
	struct aur_slice in;
	struct aur_frame f;
	struct aur_buf frames;
	int rc;

	aur_buf_init(&frames, AUR_MAX_BLOCK_RAW);
	rc = aur_block_open_frames(aur_buf_peek(&job->bytes), &frames);
	in = aur_buf_peek(&frames);
	while (rc == 0 && aur_frame_take(&in, &f) > 0) {
		struct aur_event event;
		int64_t other;

		if (f.type != AUR_MSG_EVENT ||
		    aur_event_take(f.payload, &event) < 0 ||
		    aur_event_is_client(&event) ||
		    event.when.ns < job->from.ns || event.when.ns > job->to.ns)
			continue;
		other = aur__week_of(event.when);
		if (other == week)
			rc = put_event(db, job->host, &event, f.payload);
		else if (other != AUR__NO_WEEK)
			rc = put_elsewhere(w, job->host, event.when, f.payload);
	}
	aur_buf_release(&frames);
	return rc == AUR_EINVALID ? 0 : rc;
}

static void bind_span(
    sqlite3_stmt *st, const struct aur__job *job, int64_t step)
{
	aur__sql_i64(st, 1, job->host);
	aur__sql_i64(st, 2, step);
	aur__sql_i64(st, 3, job->log_kind);
	aur__sql_text(st, 4, aur_slice_str(job->name));
	aur__sql_i64(st, 5, job->from.ns);
	aur__sql_i64(st, 6, job->to.ns);
	aur__sql_blob(st, 7, aur_slice_of(job->boot_id, 16));
}

int aur__hours_put(
    struct aur__db *db, int64_t host, struct aur_wall from, struct aur_wall to)
{
	int64_t t = from.ns - from.ns % HOUR_NS;
	int rc = 0;

	for (; rc == 0 && t <= to.ns; t += HOUR_NS) {
		sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_HOUR_PUT);

		aur__sql_i64(st, 1, host);
		aur__sql_i64(st, 2, t);
		rc = aur__sql_done(db, st);
	}
	return rc;
}

static int write_block(
    struct aur__writer *w, struct aur__db *db, const struct aur__job *job)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_OWN);
	int rc;

	bind_span(st, job, 1);
	rc = aur__sql_done(db, st);
	if (rc < 0)
		return rc;
	st = aur__sql_use(db, AUR__SQL_BLOCK_PUT);
	bind_span(st, job, 1);
	aur__sql_i64(st, 8, 0);
	aur__sql_i64(st, 9, 0);
	aur__sql_blob(st, 10, aur_buf_peek(&job->bytes));
	rc = aur__sql_done(db, st);
	if (rc < 0 || sqlite3_changes(db->db) == 0)
		return rc;
	w->block_at = aur_clock_mono();
	if (job->log_kind == AUR_BLOCK_FRAMES &&
	    strcmp(job->name, "event") == 0)
		return write_events(w, db, job);
	return aur__hours_put(db, job->host, job->from, job->to);
}

static int write_whole(struct aur__db *db, const struct aur__job *job)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_WHOLE);

	aur__sql_i64(st, 1, job->host);
	aur__sql_i64(st, 2, job->log_kind);
	aur__sql_text(st, 3, aur_slice_str(job->name));
	aur__sql_i64(st, 4, job->from.ns);
	aur__sql_i64(st, 5, job->to.ns);
	aur__sql_blob(st, 6, aur_slice_of(job->boot_id, 16));
	return aur__sql_done(db, st);
}

struct aur__known *aur__job_known(struct aur__writer *w, int64_t host)
{
	for (size_t i = 0; i < w->nknown; i++)
		if (w->known[i].id == host)
			return &w->known[i];
	return NULL;
}

static int note_host(struct aur__writer *w, const struct aur__job *job)
{
	struct aur__known *k = aur__job_known(w, job->host);
	char *ident = NULL, *name = aur_mem_dup(job->name, strlen(job->name));

	if (k == NULL && w->nknown == w->known_cap) {
		k = aur_mem_grow(w->known, w->known_cap * 2 + 16, sizeof(*k));
		if (k == NULL)
			goto out;
		w->known = k;
		w->known_cap = w->known_cap * 2 + 16;
	}
	k = aur__job_known(w, job->host);
	if (k == NULL) {
		ident = aur_mem_dup(job->ident, strlen(job->ident));
		if (ident == NULL || name == NULL)
			goto out;
		k = &w->known[w->nknown++];
		*k = (struct aur__known){.id = job->host, .ident = ident};
	}
	if (name == NULL)
		goto out;
	aur_mem_free(k->name);
	k->name = name;
	k->told = AUR__NO_WEEK;
	return 0;
out:
	aur_mem_free(ident);
	aur_mem_free(name);
	return AUR_ENOMEM;
}

static int write_host(
    struct aur__db *db, int64_t host, const char *ident, const char *name)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_HOST_PUT);

	aur__sql_i64(st, 1, host);
	aur__sql_text(st, 2, aur_slice_str(ident));
	aur__sql_text(st, 3, aur_slice_str(name));
	return aur__sql_done(db, st);
}

int aur__job_host(
    struct aur__writer *w, struct aur__db *db, int64_t monday, int64_t host)
{
	struct aur__known *k = aur__job_known(w, host);
	int rc;

	if (k == NULL || k->told == monday)
		return 0;
	rc = write_host(db, k->id, k->ident, k->name);
	if (rc == 0)
		k->told = monday;
	return rc;
}

int aur__job_write(
    struct aur__writer *w, struct aur__db *db, struct aur__job *job)
{
	int rc;

	switch (job->kind) {
	case AUR__JOB_LOG:
		return write_log(w, db, job);
	case AUR__JOB_BLOCK:
		return write_block(w, db, job);
	case AUR__JOB_WHOLE:
		return write_whole(db, job);
	case AUR__JOB_EVENT:
		return write_event(db, job);
	case AUR__JOB_HOST:
		rc = note_host(w, job);
		if (rc == 0)
			rc = write_host(db, job->host, job->ident, job->name);
		return rc;
	}
	return 0;
}
