/* SPDX-License-Identifier: MIT */
/*
 * A stream is decoded from its begin; the last samples stay, so that the next
 * second costs one more and the one before costs nothing. Who goes back
 * behind what has stayed begins again.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/read_int.h"
#include "wire/frame.h"

static void drop_ring(struct aur__chunk *c)
{
	for (size_t i = 0; i < c->n; i++)
		aur_sample_unref(c->ring[i]);
	c->n = 0;
}

void aur__chunk_release(struct aur__chunk *c)
{
	drop_ring(c);
	aur_decoder_free(c->decoder);
	aur_strs_unref(c->strs);
	aur_buf_release(&c->frames);
	*c = (struct aur__chunk){0};
}

static void keep(struct aur__chunk *c, struct aur_sample *s)
{
	if (c->n == AUR__RING) {
		aur_sample_unref(c->ring[0]);
		memmove(
		    c->ring, c->ring + 1, (AUR__RING - 1) * sizeof(c->ring[0]));
		c->n--;
		c->begins = false;
	}
	c->ring[c->n++] = s;
}

static int on_frame(struct aur__chunk *c, const struct aur_frame *f)
{
	const struct aur_part *part;
	struct aur_sample *s = NULL;
	int rc = 0;

	if (c->decoder == NULL)
		rc = aur_decoder_new(&c->decoder, c->strs);
	if (rc < 0)
		return rc;
	aur_decoder_only(c->decoder, c->only);
	switch (f->type) {
	case AUR_MSG_STREAM_OPEN:
		return aur_decoder_open(c->decoder, f->payload);
	case AUR_MSG_SAMPLE_BEGIN:
		return aur_decoder_begin(c->decoder, f->payload);
	case AUR_MSG_PART:
		return aur_decoder_part(c->decoder, f->payload, &part);
	case AUR_MSG_SAMPLE_END:
		rc = aur_decoder_end(c->decoder, f->payload, &s);
		if (rc < 0)
			return rc;
		keep(c, s);
		return 1;
	default:
		return 0;
	}
}

/* Decodes one more sample. Whether there was one. */
static bool decode(struct aur__chunk *c)
{
	while (!c->broken) {
		struct aur_slice in = aur_buf_peek(&c->frames);
		struct aur_frame f;
		int rc;

		in = aur_slice_of(in.p + c->at, in.n - c->at);
		if (in.n == 0)
			return false;
		rc = aur_frame_take(&in, &f);
		if (rc > 0) {
			c->at = aur_buf_peek(&c->frames).n - in.n;
			rc = on_frame(c, &f);
			if (rc > 0)
				return true;
			if (rc == 0)
				continue;
		}
		c->broken = true;
	}
	return false;
}

static void rewind_chunk(struct aur__chunk *c)
{
	drop_ring(c);
	aur_decoder_free(c->decoder);
	c->decoder = NULL;
	c->at = 0;
	c->broken = false;
	c->begins = true;
}

/* Decodes until a sample is after `at`. */
static void reach(struct aur__chunk *c, struct aur_wall at)
{
	if (c->n == 0 || (c->ring[0]->wall.ns > at.ns && !c->begins))
		rewind_chunk(c);
	while ((c->n == 0 || c->ring[c->n - 1]->wall.ns <= at.ns) && decode(c))
		;
}

struct aur_sample *aur__chunk_last(struct aur__chunk *c, struct aur_wall at)
{
	reach(c, at);
	for (size_t i = c->n; i > 0; i--)
		if (c->ring[i - 1]->wall.ns <= at.ns)
			return c->ring[i - 1];
	return NULL;
}

struct aur_sample *aur__chunk_next(struct aur__chunk *c, struct aur_wall at)
{
	reach(c, at);
	for (size_t i = 0; i < c->n; i++)
		if (c->ring[i]->wall.ns > at.ns)
			return c->ring[i];
	return NULL;
}

int aur__chunk_pass(struct aur__chunk *c, aur__chunk_fn fn, void *arg)
{
	int rc = 0;

	rewind_chunk(c);
	while (rc >= 0 && decode(c)) {
		rc = fn(arg, c->ring[0]);
		drop_ring(c);
		c->begins = false;
	}
	return rc < 0 ? rc : 0;
}

int aur__chunk_log(struct aur__chunk *c, struct aur__db *db)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_ROWS);
	bool damaged = false;
	int rc;

	aur__sql_i64(st, 1, c->host);
	aur__sql_i64(st, 2, c->log_kind);
	aur__sql_i64(st, 3, c->id);
	aur__sql_i64(st, 4, c->last_row);
	while ((rc = aur__sql_step(db, st)) == 1) {
		struct aur_slice s = aur__col_blob(st, 2);

		/* the rows behind one that is damaged build on it */
		damaged = damaged ||
			  (int64_t)aur_slice_hash(s) != aur__col_i64(st, 1);
		if (damaged)
			continue;
		rc = aur_buf_add_slice(&c->frames, s);
		if (rc < 0)
			break;
		c->last_row = aur__col_i64(st, 0);
	}
	aur__sql_end(st);
	return rc < 0 ? rc : 0;
}

int aur__chunk_block(struct aur__chunk *c, struct aur__db *db)
{
	struct aur_buf bytes;
	int rc;

	aur_buf_init(&bytes, AUR_MAX_BLOCK);
	rc = aur__block_read(db, c->id, &bytes);
	if (rc == 0)
		rc = aur_block_open_frames(aur_buf_peek(&bytes), &c->frames);
	aur_buf_release(&bytes);
	return rc;
}
