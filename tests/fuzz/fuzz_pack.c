/* SPDX-License-Identifier: MIT */
/*
 * Blocks out of any bytes. Checksums are made good first, where the head says
 * that they stand, so that what is behind them is met; sections that are not
 * packed, as most of the corpus has them, are met without zstd in the way. Each
 * is opened as what it says it is, with times that suit it, and read whole.
 */
#include "base/checksum.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/varint.h"
#include "pack/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More rows or instances are not read: the fuzzer would wait. */
#define ROWS_MAX 4000u
#define INSTS_MAX 64u

static void put_crc(uint8_t *to, struct aur_slice s)
{
	uint32_t crc = aur_crc32c(0, s);

	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(crc >> (8 * i));
}

/* Checksums of the sections that the directory tells of. */
static void mend_sections(
    uint8_t *mem, struct aur_slice in, struct aur_slice rest)
{
	uint64_t n, raw, kept;

	if (aur_varint_take(&in, &n) < 0)
		return;
	for (; n > 0; n--) {
		if (aur_varint_take(&in, &raw) < 0 ||
		    aur_varint_take(&in, &kept) < 0 || in.n < 4 ||
		    kept > rest.n)
			return;
		put_crc(mem + (in.p - mem), aur_slice_of(rest.p, kept));
		in = aur_slice_of(in.p + 4, in.n - 4);
		rest = aur_slice_of(rest.p + kept, rest.n - kept);
	}
}

static void mend(uint8_t *mem, size_t size)
{
	struct aur_slice in = aur_slice_of(mem + 8, size - 8), head;
	uint64_t n, rows, name;

	if (aur_varint_take(&in, &n) < 0 || n > in.n || n < 33)
		return;
	head = aur_slice_of(in.p, (size_t)n);
	in = aur_slice_of(in.p + n, in.n - (size_t)n);
	if (n > 33) {
		struct aur_slice directory =
		    aur_slice_of(head.p + 33, head.n - 33);

		if (aur_varint_take(&directory, &rows) == 0 &&
		    aur_varint_take(&directory, &name) == 0 &&
		    name <= directory.n)
			mend_sections(mem,
			    aur_slice_of(
				directory.p + name, directory.n - (size_t)name),
			    in);
	}
	put_crc(mem + 4, head);
}

static uint64_t sum_times(struct aur_slice bytes)
{
	struct aur_times t;
	uint64_t sum = 0;

	if (aur_times_open(&t, bytes, NULL) < 0)
		return 0;
	for (size_t i = 0; i < t.n; i++) {
		struct aur_times_row more = aur_times_row(&t, i);

		sum += (uint64_t)t.mono[i].ns + (uint64_t)more.boot.ns +
		       (uint64_t)t.wall[i].ns + more.seq + more.missed +
		       (uint64_t)t.interval[i].ns;
	}
	sum += aur_times_row(&t, t.n / 3).seq;
	sum += (uint64_t)aur_times_find(&t, t.wall[t.n / 2]);
	aur_times_release(&t);
	return sum;
}

static uint64_t sum_columns(struct aur_columns *c)
{
	static uint64_t cells[ROWS_MAX], have[ROWS_MAX / 64 + 1];
	static int64_t ages[ROWS_MAX];
	const struct aur_domain *d = aur_columns_domain(c);
	size_t rows = aur_columns_rows(c);
	uint64_t sum = 0;

	for (size_t i = 0; i < aur_columns_insts(c) && i < INSTS_MAX; i++) {
		sum += aur_columns_number(c, i);
		sum += (uint64_t)aur_columns_find(c, aur_columns_name(c, i));
		if (aur_columns_ages(c, i, ages) == 0)
			sum += (uint64_t)ages[rows - 1];
		for (size_t f = 0; f < d->nfield; f++) {
			if (aur_columns_cells(c, i, f, cells, have) < 0)
				continue;
			sum += cells[rows - 1] + have[0];
			if (d->field[f].kind == AUR_KIND_STR)
				sum += aur_columns_text(c, cells[0]).n;
		}
	}
	return sum;
}

/* Looks at every cell of a part. */
static uint64_t sum_part(struct aur_columns *c, size_t row)
{
	struct aur_strs *strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	struct aur_sample *s = strs != NULL ? aur_sample_new(strs) : NULL;
	uint64_t sum = 0;

	if (s != NULL && aur_columns_part(c, row, s) == 0 && s->npart > 0) {
		const struct aur_part *p = &s->part[0];

		for (size_t i = 0; i < p->n; i++)
			for (size_t f = 0; f < p->domain->nfield; f++) {
				struct aur_slice text;

				if (aur_part_text(p, i, f, &text))
					sum += text.n;
				sum += aur_part_cell(p, i, f);
			}
	}
	aur_sample_unref(s);
	aur_strs_unref(strs);
	return sum;
}

static uint64_t sum_domain(const struct aur_block *b)
{
	static struct aur_mono mono[ROWS_MAX];
	struct aur_times t = {.n = b->rows, .mono = mono};
	struct aur_columns *c;
	uint64_t sum;

	if (b->rows == 0 || b->rows > ROWS_MAX)
		return 0;
	memcpy(t.boot_id, b->boot_id, sizeof(t.boot_id));
	for (size_t i = 0; i < t.n; i++)
		mono[i].ns = (int64_t)i * AUR_SECOND_NS;
	if (aur_columns_open(&c, b->bytes, &t) < 0)
		return 0;
	sum = sum_part(c, b->rows - 1);
	sum += sum_part(c, b->rows / 2);
	sum += sum_columns(c);
	sum += sum_part(c, 0);
	aur_columns_free(c);
	return sum;
}

static uint64_t sum_frames(struct aur_slice bytes)
{
	struct aur_buf out;
	uint64_t sum = 0;

	aur_buf_init(&out, AUR_MAX_BLOCK_RAW);
	if (aur_block_open_frames(bytes, &out) == 0)
		for (size_t i = 0; i < out.n; i++)
			sum += aur_buf_peek(&out).p[i];
	aur_buf_release(&out);
	return sum;
}

static uint64_t sum_block(struct aur_slice bytes)
{
	struct aur_block b;

	if (aur_block_head(bytes, &b) < 0)
		return 0;
	switch (b.kind) {
	case AUR_BLOCK_TIMES:
		return sum_times(bytes);
	case AUR_BLOCK_COLUMNS:
		return sum_domain(&b);
	case AUR_BLOCK_FRAMES:
		return sum_frames(bytes);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_block b;
	uint64_t sum = (uint64_t)aur_block_head(aur_slice_of(data, size), &b);
	uint8_t *mem;

	if (size < 8 || size > AUR_MAX_BLOCK)
		return 0;
	mem = aur_mem_grow(NULL, size, 1);
	if (mem == NULL)
		return 0;
	memcpy(mem, data, size);
	mend(mem, size);
	sum += sum_block(aur_slice_of(mem, size));
	aur_mem_free(mem);
	/* told, so that no reading is left out */
	return sum == UINT64_MAX / 3 ? -1 : 0;
}
