/* SPDX-License-Identifier: MIT */
/*
 * A block. Lengths and counts are varints (base/varint.h), numbers that may be
 * negative zigzag, texts a length and so many bytes; the rest is little
 * endian.
 *
 *	'a' 'u' 'p' 1      the last is the version
 *	checksum           4, of the head
 *	length             of the head
 *	head:
 *	    kind           1, enum aur_block_kind
 *	    boot id        16
 *	    from, to       8 each, nanoseconds since 1970
 *	    rows
 *	    name           text
 *	    sections       how many, and for each:
 *	        raw        bytes of it unpacked
 *	        kept       bytes of it here; as many: not packed, else a
 *	                   zstd frame
 *	        checksum   4, of the bytes here
 *	sections           one behind the other, to the end
 *
 * The checksum is CRC-32C, one for each section, so that a reader who wants
 * one column checks and unpacks a few KB. A head of its own, not packed, tells
 * a copier all that it must know.
 *
 * FRAMES have one section, the frames. In the others the last section is the
 * index, all others are groups: bytes of columns, as their records follow one
 * another in the index. A column is in one group; one of some 4 KB is closed.
 *
 * Index of TIMES: records (column.c) of mono, boot - mono, wall - mono in
 * ticks, seq, missed, interval in nanoseconds.
 *
 * Index of COLUMNS:
 *
 *	key kind, label    model/domain.h; the domain's name is the block's
 *	fields             how many, and for each: name, kind, sem, unit, scale;
 *	                   only those that some instance had
 *	runs               rows of the span in which the domain was there
 *	age, common age    each 0 and a record: ticks; or 1, what is before the
 *	                   span in ticks, and a record: rows of the span
 *	                   (age.c); of the part, and of all its instances
 *	                   together
 *	instances          how many, and for each: its number, or that of its
 *	                   name in the dictionary, less the one before (ONE:
 *	                   nothing); runs in rows of the domain; a record: its
 *	                   age in ticks, less the common one
 *	records            field by field, instance by instance; of strings:
 *	                   numbers in the dictionary, 0 is ""
 *	dictionary         how many, and each text, from number 1 on
 *
 * Runs are how many, then at which places it turns, each less the one before
 * and 1; it begins as being there.
 */
#include "pack/pack_int.h"

#include "base/checksum.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/varint.h"

static const uint8_t magic[4] = {'a', 'u', 'p', 1};

/* Magic and checksum of the head. */
#define FIXED 8u
#define LEAST_SECTION 6u /* bytes of a section in the directory */

static void put_le(uint8_t *p, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t take_le(struct aur_slice *in, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v |= (uint64_t)in->p[i] << (8 * i);
	in->p += n;
	in->n -= n;
	return v;
}

/* --- writing -------------------------------------------------------------- */

int aur__writer_init(struct aur__writer *w, int effort)
{
	*w = (struct aur__writer){.effort = effort};
	aur_buf_init(&w->index, AUR_MAX_BLOCK_INDEX);
	aur_buf_init(&w->group, AUR_MAX_BLOCK_RAW);
	aur_buf_init(&w->head, AUR_MAX_BLOCK);
	aur_buf_init(
	    &w->sections, AUR_MAX_BLOCK_RAW + (AUR_MAX_BLOCK_RAW >> 6));
	aur_buf_init(&w->delta, AUR_MAX_BLOCK_RAW);
	aur_buf_init(&w->delta2, AUR_MAX_BLOCK_RAW);
	aur_buf_init(&w->block, AUR_MAX_BLOCK);
	w->press = aur__press_new();
	return w->press != NULL ? 0 : AUR_ENOMEM;
}

void aur__writer_release(struct aur__writer *w)
{
	aur_buf_release(&w->index);
	aur_buf_release(&w->group);
	aur_buf_release(&w->head);
	aur_buf_release(&w->sections);
	aur_buf_release(&w->delta);
	aur_buf_release(&w->delta2);
	aur_buf_release(&w->block);
	aur__press_free(w->press);
}

void aur__writer_clear(struct aur__writer *w)
{
	aur_buf_clear(&w->index);
	aur_buf_clear(&w->group);
	aur_buf_clear(&w->head);
	aur_buf_clear(&w->sections);
	aur_buf_clear(&w->block);
	w->nsection = 0;
}

/* Whether so few bytes may claim to be so many: of columns a reader takes
 * memory for more than the bytes, so what packs better is not packed. */
static bool is_plausible(enum aur_block_kind kind, size_t kept, size_t raw)
{
	return kind == AUR_BLOCK_FRAMES || kept >= raw ||
	       raw <= kept * AUR_MAX_BLOCK_RATIO + AUR_MAX_BLOCK_SLACK;
}

int aur__writer_section(struct aur__writer *w, struct aur_slice raw)
{
	size_t had = w->sections.n;
	struct aur_slice kept;
	uint8_t crc[4];
	bool packed;
	int rc =
	    aur__press_pack(w->press, w->effort, raw, &w->sections, &packed);

	if (packed && !is_plausible(w->kind, w->sections.n - had, raw.n)) {
		aur_buf_cut(&w->sections, had);
		packed = false;
	}
	if (rc == 0 && !packed)
		rc = aur_buf_add_slice(&w->sections, raw);
	if (rc < 0)
		return rc;
	kept = aur_buf_peek(&w->sections);
	if (kept.n > 0)
		kept = aur_slice_of(kept.p + had, kept.n - had);
	put_le(crc, aur_crc32c(0, kept), sizeof(crc));
	rc = aur_varint_add(&w->head, raw.n);
	if (rc == 0)
		rc = aur_varint_add(&w->head, w->sections.n - had);
	if (rc == 0)
		rc = aur_buf_add(&w->head, crc, sizeof(crc));
	w->nsection++;
	return rc;
}

/* What stands before the directory. */
static int put_head(
    struct aur_buf *b, const struct aur_block *block, size_t nsection)
{
	uint8_t times[16];
	int rc = aur_buf_add_byte(b, (uint8_t)block->kind);

	put_le(times, (uint64_t)block->from.ns, 8);
	put_le(times + 8, (uint64_t)block->to.ns, 8);
	if (rc == 0)
		rc = aur_buf_add(b, block->boot_id, sizeof(block->boot_id));
	if (rc == 0)
		rc = aur_buf_add(b, times, sizeof(times));
	if (rc == 0)
		rc = aur_varint_add(b, block->rows);
	if (rc == 0)
		rc = aur__pack_put_text(b, block->name);
	if (rc == 0)
		rc = aur_varint_add(b, nsection);
	return rc;
}

static int put_block(
    struct aur__writer *w, const struct aur_block *b, struct aur_buf *scratch)
{
	struct aur_buf *out = &w->block;
	uint8_t crc[4];
	int rc = put_head(scratch, b, w->nsection);

	if (rc == 0)
		rc = aur_buf_add_slice(scratch, aur_buf_peek(&w->head));
	if (rc < 0)
		return rc;
	put_le(crc, aur_crc32c(0, aur_buf_peek(scratch)), sizeof(crc));
	rc = aur_buf_add(out, magic, sizeof(magic));
	if (rc == 0)
		rc = aur_buf_add(out, crc, sizeof(crc));
	if (rc == 0)
		rc = aur_varint_add(out, scratch->n);
	if (rc == 0)
		rc = aur_buf_add_slice(out, aur_buf_peek(scratch));
	if (rc == 0)
		rc = aur_buf_add_slice(out, aur_buf_peek(&w->sections));
	return rc;
}

int aur__writer_finish(struct aur__writer *w, struct aur_block *b)
{
	int rc = 0;

	if (w->group.n > 0)
		rc = aur__writer_section(w, aur_buf_peek(&w->group));
	if (rc == 0)
		rc = aur__writer_section(w, aur_buf_peek(&w->index));
	if (rc < 0)
		return rc;
	aur_buf_clear(&w->group);
	rc = put_block(w, b, &w->group);
	if (rc == 0)
		b->bytes = aur_buf_peek(&w->block);
	return rc;
}

int aur_block_frames(const struct aur_block *block, struct aur_slice frames,
    int effort, struct aur_buf *out)
{
	struct aur_block b = *block;
	struct aur__writer w;
	int rc = AUR_ELIMIT;

	if (frames.n > AUR_MAX_BLOCK_RAW || block->name.n > AUR_MAX_BLOCK_NAME)
		return rc;
	b.kind = AUR_BLOCK_FRAMES;
	rc = aur__writer_init(&w, effort);
	w.kind = b.kind;
	if (rc == 0)
		rc = aur__writer_section(&w, frames);
	if (rc == 0)
		rc = put_block(&w, &b, &w.group);
	if (rc == 0)
		rc = aur_buf_add_slice(out, aur_buf_peek(&w.block));
	aur__writer_release(&w);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

/* The head up to its directory, which is left in `in`. */
static int take_head(
    struct aur_slice *in, struct aur_block *b, uint64_t *ret_nsection)
{
	uint64_t rows;
	int rc;

	if (in->n < 1 + sizeof(b->boot_id) + 16)
		return AUR_EINVALID;
	b->kind = (enum aur_block_kind)take_le(in, 1);
	memcpy(b->boot_id, in->p, sizeof(b->boot_id));
	in->p += sizeof(b->boot_id);
	in->n -= sizeof(b->boot_id);
	b->from.ns = (int64_t)take_le(in, 8);
	b->to.ns = (int64_t)take_le(in, 8);
	if (b->kind < AUR_BLOCK_TIMES || b->kind > AUR_BLOCK_FRAMES)
		return AUR_EINVALID;
	rc = aur__pack_take_max(in,
	    b->kind == AUR_BLOCK_FRAMES ? UINT32_MAX : AUR_MAX_SPAN_ROWS,
	    &rows);
	if (rc == 0)
		rc = aur__pack_take_text(in, &b->name);
	if (rc == 0)
		rc =
		    aur__pack_take_max(in, in->n / LEAST_SECTION, ret_nsection);
	if (rc < 0 || b->name.n > AUR_MAX_BLOCK_NAME || *ret_nsection == 0)
		return AUR_EINVALID;
	b->rows = (uint32_t)rows;
	return 0;
}

/* The head of a block and what follows it. */
static int open_head(struct aur_slice bytes, struct aur_block *b,
    struct aur_slice *ret_directory, struct aur_slice *ret_rest,
    uint64_t *ret_nsection)
{
	struct aur_slice in = bytes, head;
	uint64_t n, crc;

	if (in.n < FIXED || in.n > AUR_MAX_BLOCK ||
	    memcmp(in.p, magic, sizeof(magic) - 1) != 0)
		return AUR_EINVALID;
	if (in.p[3] != magic[3])
		return in.p[3] > magic[3] ? AUR_EVERSION : AUR_EINVALID;
	in = aur_slice_of(in.p + sizeof(magic), in.n - sizeof(magic));
	crc = take_le(&in, 4);
	if (aur__pack_take_max(&in, in.n, &n) < 0 || n > in.n)
		return AUR_EINVALID;
	head = aur_slice_of(in.p, (size_t)n);
	*ret_rest = aur_slice_of(in.p + n, in.n - (size_t)n);
	if (aur_crc32c(0, head) != crc)
		return AUR_EINVALID;
	b->bytes = bytes;
	*ret_directory = head;
	return take_head(ret_directory, b, ret_nsection);
}

/* The next section: of the directory and of what follows it. */
static int take_section(enum aur_block_kind kind, struct aur_slice *directory,
    struct aur_slice *rest, size_t *raw_left, struct aur__section *ret)
{
	struct aur__section s = {0};
	uint64_t raw, kept;
	int rc = aur__pack_take_max(directory, *raw_left, &raw);

	if (rc == 0)
		rc = aur__pack_take_max(directory, rest->n, &kept);
	if (rc < 0 || kept > raw || directory->n < 4 ||
	    !is_plausible(kind, (size_t)kept, (size_t)raw))
		return AUR_EINVALID;
	s.crc = (uint32_t)take_le(directory, 4);
	s.raw = (size_t)raw;
	s.kept = aur_slice_of(rest->p, (size_t)kept);
	*rest = aur_slice_of(rest->p + kept, rest->n - (size_t)kept);
	*raw_left -= s.raw;
	*ret = s;
	return 0;
}

int aur_block_head(struct aur_slice bytes, struct aur_block *ret_block)
{
	struct aur_block b = {0};
	struct aur_slice directory, rest;
	size_t raw_left = AUR_MAX_BLOCK_RAW;
	uint64_t nsection;
	int rc = open_head(bytes, &b, &directory, &rest, &nsection);

	for (; rc == 0 && nsection > 0; nsection--) {
		struct aur__section s;

		rc = take_section(b.kind, &directory, &rest, &raw_left, &s);
		if (rc == 0 && aur_crc32c(0, s.kept) != s.crc)
			rc = AUR_EINVALID;
	}
	if (rc < 0)
		return rc;
	if (directory.n > 0 || rest.n > 0)
		return AUR_EINVALID;
	*ret_block = b;
	return 0;
}

int aur__reader_open(struct aur__reader *r, struct aur_slice bytes,
    enum aur_block_kind kind, struct aur_unpacker *by)
{
	struct aur_slice directory, rest;
	size_t raw_left = AUR_MAX_BLOCK_RAW;
	uint64_t n;
	int rc;

	*r = (struct aur__reader){.by = by};
	rc = open_head(bytes, &r->block, &directory, &rest, &n);
	if (rc < 0 || r->block.kind != kind)
		return AUR_EINVALID;
	r->section = aur_mem_new((size_t)n, sizeof(*r->section));
	if (r->section == NULL)
		return AUR_ENOMEM;
	for (; rc == 0 && r->nsection < n; r->nsection++)
		rc = take_section(kind, &directory, &rest, &raw_left,
		    &r->section[r->nsection]);
	if (rc == 0 && (directory.n > 0 || rest.n > 0))
		rc = AUR_EINVALID;
	if (rc < 0)
		aur__reader_release(r);
	return rc;
}

void aur__reader_release(struct aur__reader *r)
{
	for (size_t i = 0; i < r->nsection; i++)
		aur_mem_free(r->section[i].mem);
	aur_mem_free(r->section);
	aur_unpacker_free(r->own);
	*r = (struct aur__reader){0};
}

static int unpack(struct aur__reader *r, struct aur__section *s)
{
	uint8_t *mem;
	int rc = 0;

	if (r->by == NULL)
		rc = aur_unpacker_new(&r->own);
	if (rc < 0)
		return rc;
	if (r->by == NULL)
		r->by = r->own;
	mem = aur_mem_grow(NULL, s->raw, 1);
	if (mem == NULL)
		return AUR_ENOMEM;
	rc = aur__unpack(r->by, s->kept, mem, s->raw);
	if (rc < 0)
		aur_mem_free(mem);
	else
		s->mem = mem;
	return rc;
}

int aur__reader_section(
    struct aur__reader *r, size_t i, struct aur_slice *ret_raw)
{
	struct aur__section *s = &r->section[i];
	int rc = 0;

	if (s->mem == NULL && !s->checked) {
		if (aur_crc32c(0, s->kept) != s->crc)
			return AUR_EINVALID;
		s->checked = true;
	}
	if (s->mem == NULL && s->kept.n < s->raw)
		rc = unpack(r, s);
	if (rc == 0)
		*ret_raw =
		    s->mem != NULL ? aur_slice_of(s->mem, s->raw) : s->kept;
	return rc;
}

int aur__reader_place(const struct aur__reader *r, struct aur__place *p,
    size_t nbytes, struct aur__place *ret_place)
{
	while (p->section + 1 < r->nsection &&
	       p->at == r->section[p->section].raw) {
		p->section++;
		p->at = 0;
	}
	if (nbytes > 0 && (p->section + 1 >= r->nsection ||
			      nbytes > r->section[p->section].raw - p->at))
		return AUR_EINVALID;
	*ret_place = *p;
	p->at += nbytes;
	return 0;
}

int aur__reader_column(
    struct aur__reader *r, struct aur__place p, struct aur__column *c)
{
	struct aur_slice raw;
	int rc;

	c->in = aur_slice_of("", 0);
	if (c->nbytes == 0)
		return 0;
	rc = aur__reader_section(r, p.section, &raw);
	if (rc == 0)
		c->in = aur_slice_of(raw.p + p.at, c->nbytes);
	return rc;
}

int aur_block_open_frames(struct aur_slice bytes, struct aur_buf *out)
{
	struct aur__reader r;
	struct aur_slice raw;
	int rc = aur__reader_open(&r, bytes, AUR_BLOCK_FRAMES, NULL);

	if (rc < 0)
		return rc;
	rc = r.nsection == 1 ? aur__reader_section(&r, 0, &raw) : AUR_EINVALID;
	if (rc == 0)
		rc = aur_buf_add_slice(out, raw);
	aur__reader_release(&r);
	return rc;
}
