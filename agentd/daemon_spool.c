/* SPDX-License-Identifier: MIT */
/*
 * The spool, whole. The folder:
 *
 *	lock                     who has it may write
 *	open                     the open segment: records (_record)
 *	closing                  blocks of it that are finished (_seal)
 *	NUMBER-...-BOOT.seg      sealed segments: blocks (_block, _index)
 *	NUMBER-...-BOOT.damaged  what was set aside
 *
 * A sample of the system's domains is coded as it is for a client, appended to
 * the open segment, and added to a packer, which makes columns of all of them
 * when the segment is sealed: when it is full, at the hour, at a clean end, or
 * when somebody asks. Tables of processes are kept as the frames of a stream
 * that opens anew for each chunk, so that a chunk can be read by itself.
 *
 *	            put                put, commit
 *	closed ───────────▶ open ──┬──────────────▶ open
 *	  ▲     spool_open         │ full, hour, asked
 *	  │                        ├──────────────▶ seal ──▶ open
 *	  │ spool_close            │ a write failed, no room
 *	  └────────────────────────┴──────────────▶ stopped ──▶ spool_resume
 *
 * Whoever is stopped forgets all that is in memory, and takes up the file
 * again when it resumes, as if the service had been started anew (_start): so
 * a full disk, a kill and a crash are one case, and that is tested most.
 *
 * Rejected: a database (a library and a format for what is appended and
 * deleted); columns from the start (they are lost with the process); one file
 * a domain (twenty writes a second in the place of one).
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "wire/frame.h"
#include "wire/msg.h"

#include <errno.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* Calls come once a second, and a little early at times. */
#define WRITE_NS (AUR_SECOND_NS * 9 / 10)
#define SYNC_NS (5 * AUR_SECOND_NS)
#define LOOK_NS (10 * AUR_SECOND_NS)
/* Commits that only gather, while what was sealed is brought to the disk. */
#define SETTLE_TURNS 4
/* What gathers while the disk is slow: half a minute of a busy host. */
#define GATHER_BYTES (256u << 10)

/* --- words ---------------------------------------------------------------- */

void spool__say(const struct spool *s, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	aur_log_write(s->o.log, AUR_LOG_WARN, "%s: %s", s->folder, line);
}

void spool__forget(struct spool *s)
{
	int *fd[] = {&s->open_fd, &s->closing_fd};

	aur_encoder_free(s->system.encoder);
	aur_encoder_free(s->process.encoder);
	memset(&s->system, 0, sizeof(s->system));
	memset(&s->process, 0, sizeof(s->process));
	aur_packer_free(s->packer);
	s->packer = NULL;
	memset(&s->chunk, 0, sizeof(s->chunk));
	aur_buf_clear(&s->out);
	aur_buf_clear(&s->events);
	s->nevent = 0;
	s->has_time = false;
	s->size = s->closing = 0;
	s->settling = 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(fd); i++) {
		if (*fd[i] >= 0)
			close(*fd[i]);
		*fd[i] = -1;
	}
}

int spool__stop(struct spool *s, int rc, const char *what)
{
	const char *why = rc == AUR_EIO ? strerror(errno) : aur_err_str(rc);

	snprintf(s->trouble, sizeof(s->trouble), "%s%s%s: %s%s", s->folder,
	    what[0] != '\0' ? "/" : "", what, why,
	    rc == AUR_EIO && errno == ENOSPC
		? ": make room, or set record_bytes lower"
		: "");
	spool__forget(s);
	return rc;
}

const char *spool_trouble(const struct spool *s)
{
	return s->trouble[0] != '\0' ? s->trouble : NULL;
}

const struct spool_past *spool_past(const struct spool *s)
{
	return &s->past;
}

void spool_limit(struct spool *s, uint64_t most_bytes, struct aur_span most_age)
{
	s->o.most_bytes = most_bytes;
	s->o.most_age = most_age;
}

/* --- retention ------------------------------------------------------------ */

/* The clock of the own boot cannot be set, so a clock that was set by mistake
 * does not cost what this boot recorded. */
static bool is_old(const struct spool *s, const struct segment *g)
{
	int64_t most_s = s->o.most_age.ns / AUR_SECOND_NS;

	if (s->up.ns > 0 && memcmp(g->boot_id, s->o.boot_id, 16) == 0)
		return s->up.ns / AUR_SECOND_NS - g->up_s > most_s;
	return (s->now.ns / 1000000 - g->to_ms) / 1000 > most_s;
}

static void remove_segment(struct spool *s, size_t i)
{
	char name[SPOOL_NAME];

	spool__name(&s->index.seg[i], name);
	if (unlinkat(s->folder_fd, name, 0) < 0 && errno != ENOENT)
		spool__say(s, "%s: %s", name, strerror(errno));
	spool__index_remove(&s->index, i);
}

void spool__retain(struct spool *s)
{
	for (size_t i = 0; i < s->index.n;) {
		if (is_old(s, &s->index.seg[i]))
			remove_segment(s, i);
		else
			i++;
	}
	while (s->index.n > 0 &&
	       (s->index.n >= AUR_MAX_SEGMENTS ||
		   s->index.bytes + s->size + s->closing > s->o.most_bytes))
		remove_segment(s, 0);
}

void spool_tune_memory(void)
{
#if defined(__GLIBC__)
	/* the defaults, which stay what they are once they are set */
	(void)mallopt(M_MMAP_THRESHOLD, 128 << 10);
	(void)mallopt(M_TRIM_THRESHOLD, 128 << 10);
#endif
}

/* --- open and close ------------------------------------------------------- */

int spool_open(struct spool **ret_s, const struct spool_options *options,
    struct serve_now now, char *why, size_t size)
{
	struct spool *s = aur_mem_new(1, sizeof(*s));
	int rc;

	if (s == NULL) {
		snprintf(why, size, "%s", aur_err_str(AUR_ENOMEM));
		return AUR_ENOMEM;
	}
	s->o = *options;
	s->o.folder = s->folder;
	s->folder_fd = s->lock_fd = s->open_fd = s->closing_fd = -1;
	s->now = now.wall;
	snprintf(s->folder, sizeof(s->folder), "%s", options->folder);
	aur_buf_init(&s->out, AUR_MAX_SPOOL_RECORD);
	aur_buf_init(&s->scratch, AUR_MAX_SPOOL_RECORD);
	aur_buf_init(&s->events, SPOOL_EVENT_BYTES);
	aur_buf_init(&s->waiting, SPOOL_EVENT_BYTES);
	rc = spool__sync_new(&s->sync);
	if (rc < 0)
		snprintf(why, size, "%s", aur_err_str(rc));
	else
		rc = spool__folder_open(
		    s->folder, &s->folder_fd, &s->lock_fd, why, size);
	if (rc == 0) {
		rc = spool__index_read(&s->index, s->folder_fd);
		if (rc < 0)
			snprintf(
			    why, size, "%s: %s", s->folder, aur_err_str(rc));
	}
	if (rc < 0) {
		spool_close(s, now);
		return rc;
	}
	(void)unlinkat(s->folder_fd, SPOOL_MENDING, 0);
	spool__retain(s);
	*ret_s = s;
	/* spool_trouble tells of a disk */
	rc = spool__start(s);
	if (rc < 0 && s->trouble[0] == '\0')
		(void)spool__stop(s, rc, "");
	return 0;
}

static void end_recording(struct spool *s, struct aur_wall now)
{
	struct record stop = {RECORD_STOP, now, {NULL, 0}};

	if (spool__seal(s) < 0)
		return;
	if (spool__record_add(&s->out, &stop) == 0 && spool__flush(s) == 0)
		(void)fdatasync(s->open_fd);
}

void spool_close(struct spool *s, struct serve_now now)
{
	if (s == NULL)
		return;
	s->now = now.wall;
	spool__leave_walks(s);
	if (s->open_fd >= 0)
		end_recording(s, now.wall);
	spool__forget(s);
	spool__sync_free(s->sync);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->folder_fd >= 0)
		close(s->folder_fd);
	spool__index_release(&s->index);
	aur_buf_release(&s->out);
	aur_buf_release(&s->scratch);
	aur_buf_release(&s->events);
	aur_buf_release(&s->waiting);
	aur_mem_free(s);
}

/* --- putting -------------------------------------------------------------- */

void spool__note(struct spool *s, struct aur_wall at)
{
	if (!s->has_time) {
		s->has_time = true;
		s->hour = at.ns / SPOOL_HOUR_NS;
		s->from = s->to = at;
	}
	if (at.ns < s->from.ns)
		s->from = at;
	if (at.ns > s->to.ns)
		s->to = at;
}

static size_t domains_of(
    enum aur_kept kind, const struct aur_domain *domain[AUR_DOMAIN_COUNT])
{
	uint64_t bits = kind == AUR_KEPT_SYSTEM ? ~aur_want_processes()
						: AUR_WANT_DOMAIN(PROCESS);
	size_t n = 0;

	for (int id = 0; id < AUR_DOMAIN_COUNT; id++)
		if (bits >> id & 1)
			domain[n++] = aur_domain_get((enum aur_domain_id)id);
	return n;
}

/* Frames of one sample as a record. Gives their size. */
static int add_sample(struct spool *s, enum aur_kept kind,
    struct aur_sample *sample, size_t *ret_n)
{
	struct lane *lane = kind == AUR_KEPT_SYSTEM ? &s->system : &s->process;
	struct record r = {RECORD_SYSTEM, sample->wall, {NULL, 0}};
	const struct aur_domain *domain[AUR_DOMAIN_COUNT];
	int rc = 0;

	if (kind == AUR_KEPT_PROCESSES)
		r.kind = lane->opened ? RECORD_PROCESS : RECORD_WHOLE;
	aur_buf_clear(&s->scratch);
	if (!lane->opened)
		rc = aur_encoder_open(lane->encoder, "kept", domain,
		    domains_of(kind, domain), &s->scratch);
	lane->opened = true;
	if (rc == 0)
		rc = aur_encoder_sample(lane->encoder, sample, &s->scratch);
	if (rc < 0)
		return rc;
	r.payload = aur_buf_peek(&s->scratch);
	*ret_n = r.payload.n;
	return spool__record_add(&s->out, &r);
}

/* Whether the segment should end before what comes at that time. */
static bool is_over(const struct spool *s, struct aur_wall at)
{
	uint64_t bytes = s->size + s->closing;

	return s->has_time &&
	       (s->hour != at.ns / SPOOL_HOUR_NS ||
		   (bytes >= SPOOL_OPEN_BYTES &&
		       bytes >= s->o.most_bytes / SPOOL_OPEN_PART));
}

static int put_system(struct spool *s, struct aur_sample *sample)
{
	size_t n;
	int rc = 0;

	if (is_over(s, sample->wall))
		rc = spool__seal(s);
	if (rc == 0)
		rc = aur_packer_add(s->packer, sample);
	if (rc == AUR_ELIMIT) {
		rc = spool__seal(s);
		if (rc == 0)
			rc = aur_packer_add(s->packer, sample);
	}
	if (rc == 0)
		rc = add_sample(s, AUR_KEPT_SYSTEM, sample, &n);
	if (rc == 0) {
		s->up = sample->boot;
		spool__note(s, sample->wall);
	}
	return rc;
}

static bool is_full(const struct chunk *c, struct aur_wall now)
{
	uint64_t least = c->whole * SPOOL_CHUNK_TABLES;
	int64_t age = aur_wall_since(now, c->from).ns;

	/* a clock that is set back ends it: its times rise */
	return c->rows > 0 &&
	       (now.ns < c->to.ns || age >= SPOOL_CHUNK_NS ||
		   c->bytes >= SPOOL_CHUNK_MOST ||
		   (c->bytes >= SPOOL_CHUNK_BYTES && c->bytes >= least));
}

static int put_processes(struct spool *s, struct aur_sample *sample)
{
	struct chunk *c = &s->chunk;
	uint64_t at;
	size_t n = 0;
	int rc = 0;

	if (is_full(c, sample->wall))
		rc = spool__end_chunk(s);
	at = s->size + s->out.n;
	if (rc == 0)
		rc = add_sample(s, AUR_KEPT_PROCESSES, sample, &n);
	if (rc < 0)
		return rc;
	if (c->rows++ == 0) {
		c->at = at;
		c->from = sample->wall;
		c->whole = n;
	}
	c->end = s->size + s->out.n;
	c->bytes += n;
	c->to = sample->wall;
	spool__note(s, sample->wall);
	return 0;
}

/* Whatever has not stopped the recording itself does now. */
static int done(struct spool *s, int rc, const char *what)
{
	return rc < 0 && s->trouble[0] == '\0' ? spool__stop(s, rc, what) : rc;
}

int spool_put(struct spool *s, enum aur_kept kind, struct aur_sample *sample)
{
	if (s->trouble[0] != '\0')
		return 0;
	s->now = sample->wall;
	if (kind == AUR_KEPT_SYSTEM)
		return done(s, put_system(s, sample), "a sample");
	return done(s, put_processes(s, sample), "a table of processes");
}

static int frame_event(const struct aur_event *event, struct aur_buf *out)
{
	struct aur_buf body;
	int rc;

	aur_buf_init(&body, AUR_MAX_ASK);
	rc = aur_event_put(&body, event);
	if (rc == 0)
		rc = aur_frame_add(out, 0, AUR_MSG_EVENT, aur_buf_peek(&body));
	aur_buf_release(&body);
	return rc;
}

static int put_event(struct spool *s, const struct aur_event *event)
{
	struct record r = {RECORD_EVENT, event->when, {NULL, 0}};
	int rc;

	aur_buf_clear(&s->scratch);
	rc = frame_event(event, &s->scratch);
	if (rc == 0 && s->events.n + s->scratch.n > SPOOL_EVENT_BYTES) {
		rc = spool__seal(s);
		aur_buf_clear(&s->scratch); /* sealing uses it */
		if (rc == 0)
			rc = frame_event(event, &s->scratch);
	}
	r.payload = aur_buf_peek(&s->scratch);
	if (rc == 0)
		rc = spool__record_add(&s->out, &r);
	if (rc == 0)
		rc = spool__add_event(s, r.payload, event->when);
	if (rc < 0)
		return rc;
	s->event = event->number;
	spool__note(s, event->when);
	return 0;
}

int spool_put_event(struct spool *s, const struct aur_event *event)
{
	int rc = 0;

	if (s->trouble[0] == '\0')
		rc = done(s, put_event(s, event), "an event");
	/* as many as there is room for; their numbers show the loss */
	if (s->trouble[0] != '\0' && frame_event(event, &s->waiting) == 0)
		s->event = event->number;
	return rc;
}

/* --- writing -------------------------------------------------------------- */

int spool__flush(struct spool *s)
{
	struct aur_slice all = aur_buf_peek(&s->out);
	int rc;

	if (s->settling != 0)
		return spool__settle(s, true);
	if (all.n == 0)
		return 0;
	rc = spool__write_all(s->open_fd, all);
	if (rc < 0)
		return spool__stop(s, rc, SPOOL_OPEN);
	s->size += all.n;
	s->dirty = true;
	aur_buf_clear(&s->out);
	return 0;
}

/* Whether it is time again; notes that it was. */
static bool is_due(
    struct aur_mono *last, bool *has, struct aur_mono now, int64_t every_ns)
{
	if (*has && aur_mono_since(now, *last).ns < every_ns)
		return false;
	*last = now;
	*has = true;
	return true;
}

/* Whether nothing is to be written for now: on a disk that is slow to take what
 * has been, a write can take as long, and the loop with it. */
static bool holds_back(const struct spool *s)
{
	return spool__sync_is_slow(s->sync) && s->out.n < GATHER_BYTES;
}

int spool_commit(struct spool *s, struct serve_now now)
{
	int rc = 0;

	s->now = now.wall;
	if (s->trouble[0] != '\0')
		return 0;
	/* a disk is waited for, but not at once, nor where it is slow */
	if (s->settling != 0)
		rc = spool__settle(
		    s, s->settling++ > SETTLE_TURNS && !holds_back(s));
	if (rc == 0 && s->settling == 0 && s->out.n > 0 && !holds_back(s) &&
	    is_due(&s->wrote, &s->has_wrote, now.mono, WRITE_NS))
		rc = spool__flush(s);
	if (rc == 0 && s->dirty &&
	    is_due(&s->synced, &s->has_synced, now.mono, SYNC_NS))
		s->dirty = !spool__sync_ask(s->sync, s->open_fd);
	errno = spool__sync_failed(s->sync);
	if (rc == 0 && errno != 0)
		rc = spool__stop(s, AUR_EIO, SPOOL_OPEN);
	if (rc < 0 || !is_due(&s->looked, &s->has_looked, now.mono, LOOK_NS))
		return rc;
	spool__retain(s);
	if (!spool__has_room(s->folder_fd)) {
		errno = ENOSPC;
		rc = spool__stop(s, AUR_EIO, "");
	}
	return rc;
}

/* What happened meanwhile; it waits on until it is written. */
static int put_waiting(struct spool *s)
{
	struct aur_slice all = aur_buf_peek(&s->waiting);
	struct aur_frame f;
	struct aur_event e;
	int rc = 0;

	while (rc == 0 && aur_frame_take(&all, &f) > 0)
		if (aur_event_take(f.payload, &e) == 0)
			rc = done(s, put_event(s, &e), "an event");
	if (rc == 0)
		rc = spool__flush(s);
	if (rc == 0)
		aur_buf_clear(&s->waiting);
	return rc;
}

int spool_resume(struct spool *s, struct serve_now now)
{
	struct spool_past past = s->past;
	int rc;

	s->now = now.wall;
	if (s->trouble[0] == '\0')
		return 0;
	spool__retain(s);
	rc = spool__start(s);
	s->past = past;
	if (rc == 0)
		rc = put_waiting(s);
	return rc;
}

bool spool_gathers(const struct spool *s, struct aur_wall from,
    struct aur_wall to, struct aur_wall *ret_since)
{
	if (!s->has_time || s->from.ns >= to.ns || s->to.ns < from.ns)
		return false;
	*ret_since = s->from;
	return true;
}

int spool_seal(struct spool *s, struct serve_now now)
{
	s->now = now.wall;
	if (s->trouble[0] != '\0' ||
	    !is_due(&s->sealed, &s->has_sealed, now.mono, SPOOL_SEAL_NS))
		return 0;
	return spool__seal(s);
}
