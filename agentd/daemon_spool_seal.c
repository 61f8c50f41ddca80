/* SPDX-License-Identifier: MIT */
/*
 * From the open segment to a sealed one:
 *
 *	open     H s p s s s s p s s s s p e s s ...     appended to
 *	           └──┬──────────────┘
 *	closing    [process]  [process]                  a chunk is finished
 *	                                 [times][cpu]... the packer's, at the end
 *	                                 [event]
 *	NUMBER-FROM-TO-UP-BOOT.seg                       renamed when it is whole
 *
 * The packer was fed with each sample as it came, and chunks of processes are
 * packed when they are finished, so that sealing only compresses the last of
 * them. A chunk's frames are read back from the open file: keeping them would
 * take memory all the time for what is needed once in ten minutes.
 *
 * Only a renamed segment counts. Whoever dies before that leaves an open
 * segment from which all is made again; whoever dies after it, before the open
 * one is emptied, leaves one whose serial is there already.
 *
 *	renamed ── thread: sync of file and folder ──▶ open is emptied
 *	   └── records gather in memory ─────────────────▶ written
 *
 * The disk is not waited for by the loop. A host that goes down meanwhile may
 * have kept half of the sealed segment, but then all of the open one.
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Where scratch memory is worth giving back. */
#define SCRATCH_KEPT (128u << 10)

static int add_block(struct spool *s, struct aur_slice bytes)
{
	int rc = spool__settle(s, true);

	if (rc < 0)
		return rc;
	rc = spool__block_write(s->closing_fd, bytes);
	if (rc < 0)
		return spool__stop(s, rc, SPOOL_CLOSING);
	s->closing += bytes.n + 8;
	return 0;
}

/* --- chunks --------------------------------------------------------------- */

/* The frames of the chunk, out of the open file. */
static int read_chunk(struct spool *s, struct aur_buf *frames)
{
	struct record r;
	uint64_t at = s->chunk.at;
	int rc;

	while ((rc = spool__record_read(
		    s->open_fd, &at, s->chunk.end, &s->scratch, &r)) == 0) {
		if (r.kind != RECORD_WHOLE && r.kind != RECORD_PROCESS)
			continue;
		rc = aur_buf_add_slice(frames, r.payload);
		if (rc < 0)
			return rc;
	}
	return rc == AUR_EABSENT ? 0 : rc;
}

static int add_frames(
    struct spool *s, const struct aur_block *block, struct aur_slice frames)
{
	struct aur_buf out;
	int rc;

	aur_buf_init(&out, AUR_MAX_BLOCK);
	rc = aur_block_frames(block, frames, AUR_PACK_EFFORT, &out);
	if (rc == AUR_ELIMIT) {
		spool__say(s, "%.*s: %u rows are too large to keep",
		    (int)block->name.n, (const char *)block->name.p,
		    (unsigned)block->rows);
		rc = 0;
	} else if (rc < 0) {
		rc = spool__stop(s, rc, "packing");
	} else {
		rc = add_block(s, aur_buf_peek(&out));
	}
	aur_buf_release(&out);
	return rc;
}

int spool__end_chunk(struct spool *s)
{
	struct aur_block block = {.kind = AUR_BLOCK_FRAMES,
	    .name = aur_slice_str("process"),
	    .from = s->chunk.from,
	    .to = s->chunk.to,
	    .rows = s->chunk.rows};
	struct aur_buf frames;
	int rc;

	s->process.opened = false;
	if (s->chunk.rows == 0)
		return 0;
	rc = spool__flush(s);
	if (rc < 0)
		return rc;
	memcpy(block.boot_id, s->boot_id, sizeof(block.boot_id));
	aur_buf_init(&frames, AUR_MAX_BLOCK_RAW);
	rc = read_chunk(s, &frames);
	if (rc == AUR_ELIMIT) {
		spool__say(s, "a table of processes is too large to keep");
		rc = 0;
	} else if (rc < 0)
		rc = spool__stop(s, rc, SPOOL_OPEN);
	else
		rc = add_frames(s, &block, aur_buf_peek(&frames));
	aur_buf_release(&frames);
	memset(&s->chunk, 0, sizeof(s->chunk));
	return rc;
}

/* --- the segment ---------------------------------------------------------- */

static int on_block(void *arg, const struct aur_block *block)
{
	return add_block(arg, block->bytes);
}

int spool__end_span(struct spool *s)
{
	int rc = aur_packer_finish(s->packer, AUR_PACK_EFFORT, on_block, s);

	if (rc < 0 && s->trouble[0] == '\0')
		rc = spool__stop(s, rc, "packing");
	return rc;
}

static int end_events(struct spool *s)
{
	struct aur_block block = {.kind = AUR_BLOCK_FRAMES,
	    .name = aur_slice_str("event"),
	    .from = s->event_from,
	    .to = s->event_to,
	    .rows = s->nevent};
	int rc;

	if (s->nevent == 0)
		return 0;
	memcpy(block.boot_id, s->boot_id, sizeof(block.boot_id));
	rc = add_frames(s, &block, aur_buf_peek(&s->events));
	aur_buf_clear(&s->events);
	s->nevent = 0;
	return rc;
}

int spool__add_event(
    struct spool *s, struct aur_slice frame, struct aur_wall when)
{
	int rc = 0;

	if (s->nevent > 0 &&
	    (when.ns < s->event_to.ns ||
		when.ns / SPOOL_HOUR_NS != s->event_to.ns / SPOOL_HOUR_NS))
		rc = end_events(s);
	if (rc == 0)
		rc = aur_buf_add_slice(&s->events, frame);
	if (rc < 0)
		return rc;
	if (s->nevent++ == 0)
		s->event_from = when;
	s->event_to = when;
	return 0;
}

static struct segment describe(const struct spool *s)
{
	struct segment g = {.serial = s->serial,
	    .from_ms = s->from.ns / 1000000,
	    .to_ms = s->to.ns / 1000000 + (s->to.ns % 1000000 != 0),
	    .up_s = s->up.ns / AUR_SECOND_NS,
	    .bytes = s->closing};

	/* a clock before 1970 is none */
	if (g.from_ms < 0)
		g.from_ms = 0;
	if (g.to_ms < g.from_ms)
		g.to_ms = g.from_ms;
	memcpy(g.boot_id, s->boot_id, sizeof(g.boot_id));
	return g;
}

static int put_in_place(struct spool *s, const struct segment *g)
{
	char name[SPOOL_NAME];

	spool__name(g, name);
	if (renameat(s->folder_fd, SPOOL_CLOSING, s->folder_fd, name) < 0)
		return spool__stop(s, AUR_EIO, SPOOL_CLOSING);
	if (spool__sync_ask_sealed(s->sync, s->closing_fd, s->folder_fd))
		s->settling = 1;
	else if (fdatasync(s->closing_fd) < 0)
		return spool__stop(s, AUR_EIO, SPOOL_CLOSING);
	else
		(void)fsync(s->folder_fd);
	if (spool__index_add(&s->index, g) < 0)
		spool__say(s, "%s: too many segments to keep in mind", name);
	return 0;
}

/* A new, empty file for blocks. */
static int renew_closing(struct spool *s)
{
	if (s->closing_fd >= 0)
		close(s->closing_fd);
	s->closing_fd = openat(s->folder_fd, SPOOL_CLOSING,
	    O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	s->closing = 0;
	return s->closing_fd < 0 ? spool__stop(s, AUR_EIO, SPOOL_CLOSING) : 0;
}

static int empty_files(struct spool *s)
{
	int rc;

	if (ftruncate(s->open_fd, 0) < 0 || lseek(s->open_fd, 0, SEEK_SET) < 0)
		return spool__stop(s, AUR_EIO, SPOOL_OPEN);
	rc = renew_closing(s);
	return rc < 0 ? rc : spool__flush(s);
}

int spool__begin(struct spool *s)
{
	struct record_head head = {.serial = s->serial, .event = s->event};
	int rc;

	memcpy(head.boot_id, s->o.boot_id, sizeof(head.boot_id));
	if (memcmp(s->boot_id, s->o.boot_id, sizeof(s->boot_id)) != 0)
		s->up.ns = 0;
	memcpy(s->boot_id, s->o.boot_id, sizeof(s->boot_id));
	aur_buf_clear(&s->out);
	s->size = s->closing = 0;
	s->has_time = false;
	s->system.opened = false;
	s->process.opened = false;
	memset(&s->chunk, 0, sizeof(s->chunk));
	rc = spool__head_add(&s->out, &head, s->now);
	if (rc < 0)
		return spool__stop(s, rc, SPOOL_OPEN);
	return s->settling != 0 ? 0 : empty_files(s);
}

int spool__settle(struct spool *s, bool wait)
{
	int err;

	if (s->settling == 0 || !spool__sync_sealed(s->sync, wait, &err))
		return 0;
	s->settling = 0;
	if (err == 0)
		return empty_files(s);
	errno = err;
	return spool__stop(s, AUR_EIO, "a sealed segment");
}

static void give_back(struct spool *s)
{
	struct aur_buf *some[] = {&s->out, &s->scratch};

	for (size_t i = 0; i < AUR_ARRAY_LEN(some); i++) {
		size_t max = some[i]->max;

		if (some[i]->cap <= SCRATCH_KEPT || some[i]->n > 0)
			continue;
		aur_buf_release(some[i]);
		aur_buf_init(some[i], max);
	}
}

int spool__seal(struct spool *s)
{
	struct segment g;
	int rc;

	if (!s->has_time)
		return 0;
	rc = spool__flush(s);
	if (rc == 0)
		rc = spool__end_chunk(s);
	if (rc == 0)
		rc = spool__end_span(s);
	if (rc == 0)
		rc = end_events(s);
	if (rc < 0)
		return rc;
	if (s->closing > 0) {
		g = describe(s);
		rc = put_in_place(s, &g);
		if (rc < 0)
			return rc;
		s->serial++;
	}
	rc = spool__begin(s);
	if (rc == 0) {
		spool__retain(s);
		aur_buf_clear(&s->scratch);
		give_back(s);
	}
	return rc;
}
