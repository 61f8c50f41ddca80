/* SPDX-License-Identifier: MIT */
/*
 * Taking up the open segment where the service before ended, or was ended:
 * what stands in it goes into the packer again, record by record, until the
 * end or the first that is torn, where the file is cut. Then all is as if the
 * service had not ended, and recording goes on in the same segment, if this is
 * the same boot and hour.
 *
 *	open: empty ───────────────────────────────▶ begin anew
 *	      head unreadable, or of a later form ─▶ set aside, begin anew
 *	      sealed already (by its serial) ──────▶ begin anew
 *	      and what was sealed is torn ─▶ remove that, read all, seal
 *	      else ─▶ read all, cut ─▶ another boot or hour? seal : go on
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "wire/decode.h"
#include "wire/frame.h"
#include "wire/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- records -------------------------------------------------------------- */

/* Frames of one sample, decoded; NULL where they make none. */
static int decode(struct aur_decoder *d, struct aur_slice frames,
    struct aur_sample **ret_sample)
{
	struct aur_frame f;
	const struct aur_part *part;
	int rc = 0;

	*ret_sample = NULL;
	while (rc == 0 && aur_frame_take(&frames, &f) > 0) {
		switch (f.type) {
		case AUR_MSG_STREAM_OPEN:
			rc = aur_decoder_open(d, f.payload);
			break;
		case AUR_MSG_SAMPLE_BEGIN:
			rc = aur_decoder_begin(d, f.payload);
			break;
		case AUR_MSG_PART:
			rc = aur_decoder_part(d, f.payload, &part);
			break;
		case AUR_MSG_SAMPLE_END:
			if (*ret_sample != NULL)
				return 0;
			rc = aur_decoder_end(d, f.payload, ret_sample);
			break;
		default:
			break;
		}
	}
	return rc;
}

/* A span that is full becomes blocks; the segment goes on. */
static int pack(struct spool *s, struct aur_sample *sample)
{
	int rc = aur_packer_add(s->packer, sample);

	if (rc != AUR_ELIMIT)
		return rc;
	rc = spool__end_span(s);
	if (rc == 0)
		rc = aur_packer_add(s->packer, sample);
	return rc == AUR_ELIMIT ? 0 : rc;
}

static int take_system(
    struct spool *s, struct aur_decoder **d, const struct record *r)
{
	struct aur_sample *sample = NULL;
	int rc = 0;

	if (*d == NULL)
		rc = aur_decoder_new(d, s->o.strs);
	if (rc < 0)
		return rc;
	rc = decode(*d, r->payload, &sample);
	if (rc < 0 && rc != AUR_ENOMEM) {
		/* sound, and still not to be read: until its stream is opened
		 * again nothing of it can be */
		spool__say(s, "a second of the open segment is unreadable: %s",
		    aur_err_str(rc));
		aur_decoder_free(*d);
		*d = NULL;
		rc = 0;
	}
	if (rc == 0 && sample != NULL) {
		s->up = sample->boot;
		rc = pack(s, sample);
	}
	aur_sample_unref(sample);
	return rc;
}

static int take_process(struct spool *s, const struct record *r, uint64_t at)
{
	int rc = 0;

	if (r->kind == RECORD_WHOLE) {
		rc = spool__end_chunk(s);
		s->chunk.at = at;
		s->chunk.from = r->at;
		s->chunk.whole = r->payload.n;
	} else if (s->chunk.rows == 0) {
		return 0; /* its begin is not there */
	}
	s->chunk.rows++;
	s->chunk.bytes += r->payload.n;
	s->chunk.to = r->at;
	s->chunk.end = s->size;
	return rc;
}

static int take_event(struct spool *s, const struct record *r)
{
	struct aur_slice frames = r->payload;
	struct aur_frame f;
	struct aur_event e;
	int rc;

	if (aur_frame_take(&frames, &f) <= 0 || f.type != AUR_MSG_EVENT ||
	    aur_event_take(f.payload, &e) < 0)
		return 0;
	if (memcmp(e.boot_id, s->boot_id, 16) == 0 && e.number > s->past.event)
		s->past.event = e.number;
	rc = spool__add_event(s, r->payload, r->at);
	/* who wrote it had the same limit */
	return rc == AUR_ELIMIT ? 0 : rc;
}

static int take(struct spool *s, struct aur_decoder **d, const struct record *r,
    uint64_t at)
{
	s->past.clean = r->kind == RECORD_STOP;
	s->past.at = r->at;
	if (r->kind == RECORD_HEAD || r->kind == RECORD_STOP)
		return 0;
	spool__note(s, r->at);
	switch (r->kind) {
	case RECORD_SYSTEM:
		return take_system(s, d, r);
	case RECORD_WHOLE:
	case RECORD_PROCESS:
		return take_process(s, r, at);
	case RECORD_EVENT:
		return take_event(s, r);
	default:
		return 0;
	}
}

/* All records; cuts the file behind the last that is whole. */
static int replay(struct spool *s, uint64_t size)
{
	struct aur_decoder *decoder = NULL;
	struct aur_buf buf;
	struct record r;
	int rc;

	aur_buf_init(&buf, AUR_MAX_SPOOL_RECORD);
	s->size = 0;
	for (;;) {
		uint64_t at = s->size;

		rc = spool__record_read(s->open_fd, &s->size, size, &buf, &r);
		if (rc == 0)
			rc = take(s, &decoder, &r, at);
		if (rc < 0)
			break;
	}
	aur_buf_release(&buf);
	aur_decoder_free(decoder);
	if (rc == AUR_EINVALID && ftruncate(s->open_fd, (off_t)s->size) == 0)
		rc = AUR_EABSENT;
	if (s->trouble[0] != '\0')
		return rc;
	if (rc == AUR_EABSENT &&
	    lseek(s->open_fd, (off_t)s->size, SEEK_SET) >= 0)
		return 0;
	return spool__stop(s, rc == AUR_ENOMEM ? rc : AUR_EIO, SPOOL_OPEN);
}

/* --- the file ------------------------------------------------------------- */

/* Gives an open segment that nobody can read a name of its own. */
static int set_aside(struct spool *s, uint64_t size, const char *why)
{
	struct segment g = {
	    .serial = s->serial, .damaged = true, .bytes = size};
	char name[SPOOL_NAME];

	if (s->now.ns > 0)
		g.from_ms = g.to_ms = s->now.ns / 1000000;
	memcpy(g.boot_id, s->o.boot_id, sizeof(g.boot_id));
	spool__name(&g, name);
	if (renameat(s->folder_fd, SPOOL_OPEN, s->folder_fd, name) < 0)
		return spool__stop(s, AUR_EIO, SPOOL_OPEN);
	spool__say(s, "the open segment is %s: set aside as %s", why, name);
	s->serial++;
	/* in the folder it is, and the next listing has it */
	return spool__index_add(&s->index, &g) == AUR_ENOMEM
		   ? spool__stop(s, AUR_ENOMEM, "memory")
		   : 0;
}

static int open_file(struct spool *s, uint64_t *ret_size)
{
	struct stat st;

	if (s->open_fd >= 0)
		close(s->open_fd);
	s->open_fd = openat(s->folder_fd, SPOOL_OPEN,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->open_fd < 0 || fstat(s->open_fd, &st) < 0)
		return spool__stop(s, AUR_EIO, SPOOL_OPEN);
	*ret_size = (uint64_t)st.st_size;
	return 0;
}

/* 0, AUR_EINVALID, AUR_EVERSION, AUR_EIO, AUR_ENOMEM. */
static int read_head(struct spool *s, uint64_t size, struct record_head *ret_h)
{
	struct aur_buf buf;
	struct record r;
	uint64_t at = 0;
	int rc;

	aur_buf_init(&buf, AUR_MAX_SPOOL_RECORD);
	rc = spool__record_read(s->open_fd, &at, size, &buf, &r);
	if (rc == 0)
		rc = r.kind == RECORD_HEAD ? spool__head_take(r.payload, ret_h)
					   : AUR_EINVALID;
	aur_buf_release(&buf);
	return rc;
}

/* Whether all of a sealed segment is there; true where that cannot be told. */
static bool is_whole(const struct spool *s, const struct segment *g)
{
	struct aur_block block;
	struct aur_buf buf;
	bool damaged = false;
	char name[SPOOL_NAME];
	uint64_t at = 0;
	int rc, fd;

	spool__name(g, name);
	fd = openat(s->folder_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return true;
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	do
		rc = spool__block_read(fd, &at, &buf, &block, &damaged);
	while (rc == 0 && !damaged);
	aur_buf_release(&buf);
	close(fd);
	return rc == AUR_ENOMEM || (!damaged && rc == AUR_EABSENT && at > 0);
}

/* Removes what was sealed of the open segment, where the host went down before
 * it was on the disk. */
static bool remove_torn(struct spool *s, uint64_t serial)
{
	for (size_t i = 0; i < s->index.n; i++) {
		struct segment g = s->index.seg[i];
		char name[SPOOL_NAME];

		if (g.serial != serial || g.damaged || is_whole(s, &g))
			continue;
		spool__name(&g, name);
		if (unlinkat(s->folder_fd, name, 0) < 0 && errno != ENOENT)
			return false;
		spool__index_remove(&s->index, i);
		return true;
	}
	return false;
}

static int take_up(
    struct spool *s, const struct record_head *head, uint64_t size)
{
	bool torn = remove_torn(s, head->serial);
	bool sealed = spool__index_has(&s->index, head->serial);
	int rc;

	s->past.known = true;
	s->past.event = head->event;
	memcpy(s->past.boot_id, head->boot_id, sizeof(s->past.boot_id));
	memcpy(s->boot_id, head->boot_id, sizeof(s->boot_id));
	if (!sealed && head->serial > s->serial)
		s->serial = head->serial;
	rc = replay(s, size);
	if (rc < 0)
		return rc;
	if (memcmp(s->boot_id, s->o.boot_id, 16) == 0 &&
	    s->past.event > s->event)
		s->event = s->past.event;
	if (sealed)
		return AUR_EABSENT;
	if (!torn && memcmp(s->boot_id, s->o.boot_id, 16) == 0 &&
	    (!s->has_time || s->hour == s->now.ns / SPOOL_HOUR_NS))
		return 0;
	return s->has_time ? spool__seal(s) : AUR_EABSENT;
}

static int make_tools(struct spool *s)
{
	int rc = aur_encoder_new(&s->system.encoder, 1);

	if (rc == 0)
		rc = aur_encoder_new(&s->process.encoder, 2);
	if (rc == 0)
		rc = aur_packer_new(&s->packer);
	if (rc < 0)
		return spool__stop(s, rc, "memory");
	s->closing_fd = openat(s->folder_fd, SPOOL_CLOSING,
	    O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	return s->closing_fd < 0 ? spool__stop(s, AUR_EIO, SPOOL_CLOSING) : 0;
}

/* What was read is not to go on. */
static int drop(struct spool *s)
{
	aur_packer_free(s->packer);
	s->packer = NULL;
	aur_buf_clear(&s->events);
	s->nevent = 0;
	return aur_packer_new(&s->packer);
}

/* 0; AUR_EABSENT: there is nothing to go on with; or stopped. */
static int look_at_file(struct spool *s, uint64_t *size)
{
	struct record_head head;
	int rc;

	if (*size == 0)
		return AUR_EABSENT;
	rc = read_head(s, *size, &head);
	if (rc == 0)
		return take_up(s, &head, *size);
	if (rc != AUR_EINVALID && rc != AUR_EVERSION)
		return spool__stop(s, rc, SPOOL_OPEN);
	rc = set_aside(
	    s, *size, rc == AUR_EVERSION ? "of a later version" : "damaged");
	if (rc == 0)
		rc = open_file(s, size);
	return rc < 0 ? rc : AUR_EABSENT;
}

int spool__start(struct spool *s)
{
	uint64_t size = 0;
	int rc;

	s->trouble[0] = '\0';
	if (!spool__has_room(s->folder_fd)) {
		errno = ENOSPC;
		return spool__stop(s, AUR_EIO, "");
	}
	s->serial = spool__index_last(&s->index) + 1;
	rc = open_file(s, &size);
	if (rc == 0)
		rc = make_tools(s);
	if (rc == 0)
		rc = look_at_file(s, &size);
	if (rc != AUR_EABSENT)
		return rc;
	rc = drop(s);
	return rc < 0 ? spool__stop(s, rc, "memory") : spool__begin(s);
}
