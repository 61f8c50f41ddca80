/* SPDX-License-Identifier: MIT */
/*
 * What the files of lib/pack share; block.c draws the bytes. Internal to the
 * room.
 */
#ifndef AUR_PACK_PACK_INT_H
#define AUR_PACK_PACK_INT_H

#include "base/limits.h"
#include "model/schema.h"
#include "pack/pack.h"

/* --- atoms ---------------------------------------------------------------- */

AUR_MUST_CHECK int aur__pack_put_i64(struct aur_buf *b, int64_t v);
AUR_MUST_CHECK int aur__pack_put_text(struct aur_buf *b, struct aur_slice s);

/* All takes: 0 or AUR_EINVALID. At most `most`; at most AUR_MAX_STRING bytes,
 * borrowed. */
AUR_MUST_CHECK int aur__pack_take_u64(struct aur_slice *in, uint64_t *ret_v);
AUR_MUST_CHECK int aur__pack_take_i64(struct aur_slice *in, int64_t *ret_v);
AUR_MUST_CHECK int aur__pack_take_max(
    struct aur_slice *in, uint64_t most, uint64_t *ret_v);
AUR_MUST_CHECK int aur__pack_take_text(
    struct aur_slice *in, struct aur_slice *ret_text);

/* A distance of times in ticks, to the nearest; and back, saturating. */
static inline int64_t aur__pack_ticks(int64_t ns)
{
	int64_t ticks = ns / AUR_TICK_NS, rest = ns - ticks * AUR_TICK_NS;

	if (rest >= AUR_TICK_NS / 2)
		return ticks + 1;
	return rest < -AUR_TICK_NS / 2 ? ticks - 1 : ticks;
}

static inline int64_t aur__pack_ns(int64_t ticks)
{
	if (ticks > INT64_MAX / AUR_TICK_NS)
		return INT64_MAX;
	if (ticks < INT64_MIN / AUR_TICK_NS)
		return INT64_MIN;
	return ticks * AUR_TICK_NS;
}

/* --- runs: which places of a row of places are filled --------------------- */

/* A walk along runs. It starts on; each toggle turns it. */
struct aur__runs {
	struct aur_slice in, all; /* toggles to come; all of them */
	uint64_t next;		  /* place of the next toggle */
	uint64_t at, rank;	  /* where we are; filled places before it */
	bool on;		  /* whether `at` is filled */
};

/* Appends `n` ascending places as toggles. */
AUR_MUST_CHECK int aur__runs_put(
    struct aur_buf *b, const uint32_t *toggle, size_t n);

/* Reads toggles for `n` places and tells how many are filled. */
AUR_MUST_CHECK int aur__runs_take(struct aur_slice *in, uint64_t n,
    struct aur__runs *ret_runs, uint64_t *ret_filled);

/* Runs without a toggle: all is filled. */
void aur__runs_all(struct aur__runs *r);

/* Goes to place `at`. */
void aur__runs_seek(struct aur__runs *r, uint64_t at);

/* --- columns: numbers as bytes -------------------------------------------- */

enum aur__codec {
	AUR__CODEC_NONE = 0, /* no values */
	AUR__CODEC_CONST = 1,
	AUR__CODEC_DELTA = 2,
	AUR__CODEC_DELTA2 = 3,
	AUR__CODEC_XOR = 4,
	AUR__CODEC_MASK = 7,
	AUR__CODEC_GRAIN = 8,	 /* flag: deltas are divided */
	AUR__CODEC_RUNS = 16,	 /* flag: not at every place of its owner */
	AUR__CODEC_DECIMAL = 32, /* flag: doubles as decimals */
	AUR__CODEC_ALL = 63,
};

/* A column's record in the index. */
struct aur__column {
	uint8_t codec, flags, exponent;
	struct aur__runs runs;
	uint64_t n;	     /* values */
	uint64_t grain;	     /* 1 if none */
	uint64_t first;	     /* the first value */
	uint64_t step;	     /* DELTA2: the first delta */
	struct aur_slice in; /* its bytes in its group, once there */
	size_t nbytes;	     /* how many they are */
};

/* Reads a record; its owner fills `n` places. */
AUR_MUST_CHECK int aur__column_take(
    struct aur_slice *in, uint64_t n, struct aur__column *ret_c);

/* A walk along values. */
struct aur__walk {
	struct aur_slice in;
	uint64_t at; /* which value it stands on */
	uint64_t value, step;
	uint64_t run; /* values to come whose token is zero */
};

void aur__walk_begin(struct aur__walk *w, const struct aur__column *c);
/* Goes on to value `at` (not behind where it stands, and below c->n). 0,
 * AUR_EINVALID. */
AUR_MUST_CHECK int aur__walk_to(
    struct aur__walk *w, const struct aur__column *c, uint64_t at);
/* The cell of the value it stands on. */
uint64_t aur__walk_cell(const struct aur__walk *w, const struct aur__column *c);

/* All c->n values as cells. 0, AUR_EINVALID. */
AUR_MUST_CHECK int aur__column_cells(
    const struct aur__column *c, uint64_t *ret_cells);
/* Whether they could be read; c->n is not 0. Leaves a walk at the last. 0,
 * AUR_EINVALID. */
AUR_MUST_CHECK int aur__column_check(
    const struct aur__column *c, struct aur__walk *ret_w);

/* Places of decimals that a double is tried with. */
#define AUR__DECIMALS_MAX 6
/* 10 to their number, at most AUR__DECIMALS_MAX. */
double aur__power(unsigned decimals);

/* The token of a change, and the change undone. */
uint64_t aur__token_xor(uint64_t before, uint64_t now);
uint64_t aur__untoken_xor(uint64_t before, uint64_t token);

/* --- a block in the making ------------------------------------------------ */

struct aur__press; /* zstd, compressing */

struct aur__writer {
	int effort;
	enum aur_block_kind kind;
	struct aur__press *press;
	struct aur_buf index;	 /* the last section */
	struct aur_buf group;	 /* the section that grows */
	struct aur_buf head;	 /* directory of the sections so far */
	struct aur_buf sections; /* as they are kept */
	size_t nsection;
	struct aur_buf delta, delta2; /* scratch */
	struct aur_buf block;
};

/* Bytes of columns in a section, about: what must be unpacked for one. */
#define AUR__GROUP_BYTES (4u << 10)

AUR_MUST_CHECK int aur__writer_init(struct aur__writer *w, int effort);
void aur__writer_release(struct aur__writer *w);
/* Begins a block. */
void aur__writer_clear(struct aur__writer *w);

/* Appends a column of `n` values, which it uses up, to index and group. The
 * toggles say which places of its owner they fill. 0, AUR_ELIMIT, AUR_ENOMEM.
 */
AUR_MUST_CHECK int aur__writer_column(struct aur__writer *w, enum aur_kind kind,
    uint64_t *value, size_t n, const uint32_t *toggle, size_t ntoggle);
/* Appends a section. */
AUR_MUST_CHECK int aur__writer_section(
    struct aur__writer *w, struct aur_slice raw);
/* Closes the group and the index, and completes `b`, whose bytes are w's. */
AUR_MUST_CHECK int aur__writer_finish(
    struct aur__writer *w, struct aur_block *b);

/* --- a block that is read ------------------------------------------------- */

struct aur__section {
	struct aur_slice kept;
	size_t raw;
	uint32_t crc;
	uint8_t *mem; /* unpacked, owned; NULL: not yet, or kept as it is */
	bool checked;
};

struct aur__reader {
	struct aur_block block;
	struct aur__section *section; /* owned; the last is the index */
	size_t nsection;
	struct aur_unpacker *by;  /* borrowed, or: */
	struct aur_unpacker *own; /* when first needed */
};

/* `by`: borrowed; NULL: one of its own. */
AUR_MUST_CHECK int aur__reader_open(struct aur__reader *r,
    struct aur_slice bytes, enum aur_block_kind kind, struct aur_unpacker *by);
void aur__reader_release(struct aur__reader *r);
/* The bytes of a section, checked and unpacked; they stay. */
AUR_MUST_CHECK int aur__reader_section(
    struct aur__reader *r, size_t i, struct aur_slice *ret_raw);

/* Where columns stand: their bytes follow one another through the groups. */
struct aur__place {
	size_t section, at;
};
/* Gives a column of `nbytes` its place. 0, AUR_EINVALID. */
AUR_MUST_CHECK int aur__reader_place(const struct aur__reader *r,
    struct aur__place *p, size_t nbytes, struct aur__place *ret_place);
/* Sets c->in. */
AUR_MUST_CHECK int aur__reader_column(
    struct aur__reader *r, struct aur__place p, struct aur__column *c);

/* --- zstd ----------------------------------------------------------------- */

AUR_MUST_CHECK struct aur__press *aur__press_new(void);
void aur__press_free(struct aur__press *p); /* NULL is fine */
/* Appends the frame of `raw` to `out`, if it is shorter; tells whether. */
AUR_MUST_CHECK int aur__press_pack(struct aur__press *p, int effort,
    struct aur_slice raw, struct aur_buf *out, bool *ret_packed);
/* Expands one frame to exactly `n` bytes. 0, AUR_EINVALID, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__unpack(
    struct aur_unpacker *u, struct aur_slice frame, uint8_t *out, size_t n);

/* --- a packer ------------------------------------------------------------- */

/* Where numbers of a growing column are: chunks of a pool, by number. */
#define AUR__CHUNK 128u
struct aur__pool {
	uint8_t **slab; /* owned, each of AUR__SLAB chunks */
	size_t nslab;
	uint32_t used; /* chunks; number 0 is none */
};

/* A column that grows: the first value, then a token for each that follows,
 * a varint, 0 being followed by how many zeros more there are. A value that is
 * the last one again is not told: it has one at each place of its owner from
 * where it turned on to where it turns off. The last one stands elsewhere,
 * where a row of them is compared. */
struct aur__growing {
	uint64_t first;
	uint32_t head, tail; /* chunks; 0: none */
	uint32_t since;	     /* zeros not yet written: of a column that is here,
				where they begin (if there was none elsewhere);
				else how many */
	uint8_t used;	     /* bytes of the tail */
	bool seen;	     /* has a value */
	bool here;	     /* had one in the last row of its owner */
};

/* Bytes of a chunk that tokens have: before them the next chunk's number,
 * behind them how many are used. A token and the run before it take less than
 * AUR__TOKEN_MOST. */
#define AUR__PAYLOAD (AUR__CHUNK - sizeof(uint32_t) - 1)
#define AUR__TOKEN_MOST 24u

static inline bool aur__growing_is_full(const struct aur__growing *g)
{
	return g->head == 0 || g->used + AUR__TOKEN_MOST > AUR__PAYLOAD;
}

/* Whether the next change takes a chunk. */
static inline bool aur__growing_is_out(const struct aur__growing *g)
{
	return g->seen && aur__growing_is_full(g);
}

/* It has a value from place `at` of its owner on, or none any more. */
static inline void aur__growing_turn(struct aur__growing *g, uint32_t at)
{
	g->since = at - g->since;
	g->here = !g->here;
}

/* Writes the value of place `at`, which is not the last one again, and becomes
 * it; the column is here, and the chunk that it may need is there. */
void aur__growing_change(struct aur__growing *g, struct aur__pool *pool,
    enum aur_kind kind, uint64_t *last, uint64_t v, uint32_t at);

/* Chunks that the next value may need: 0 or 1. */
static inline unsigned aur__growing_need(
    const struct aur__growing *g, uint64_t last, uint64_t v)
{
	return v != last && aur__growing_is_out(g);
}

/* The next value of a column that has one at each place. */
static inline void aur__growing_add(struct aur__growing *g,
    struct aur__pool *pool, uint64_t *last, uint64_t v, uint32_t at)
{
	g->here = true;
	if (!g->seen || v != *last)
		aur__growing_change(g, pool, AUR_KIND_I64, last, v, at);
}

/* A column by itself that has a value at each place. */
struct aur__steady {
	struct aur__growing growing;
	uint64_t last;
};

/* Whether it has never had another value than its first. */
static inline bool aur__growing_is_still(const struct aur__growing *g)
{
	return g->seen && g->head == 0;
}

/* The values of an owner of so many places; how many there are. */
size_t aur__growing_read(const struct aur__growing *g,
    const struct aur__pool *pool, enum aur_kind kind, uint64_t *ret_value,
    size_t places);

AUR_MUST_CHECK int aur__pool_reserve(struct aur__pool *pool, size_t chunks);
void aur__pool_release(struct aur__pool *pool);
size_t aur__pool_bytes(const struct aur__pool *pool);

/* Something turned on or off at a place of its owner. */
struct aur__toggle {
	uint32_t who, at;
};

struct aur__kept_inst {
	uint32_t name;	     /* in the packer's strings; a number's bytes */
	uint32_t id, serial; /* the name in the samples' table */
	uint32_t rows;	     /* places filled so far */
	uint32_t last;	     /* 1 + the domain's row that had it */
	bool here;
	uint64_t number;
};

struct aur__kept_domain {
	const struct aur_domain *domain; /* kept alive by `keep` */
	struct aur_keep *keep;		 /* held; NULL: built in */
	uint32_t rows, last;		 /* rows filled; 1 + the last */
	bool here;
	struct aur__steady age, common; /* ticks: the part's, its first's */
	struct aur__kept_inst *inst;
	size_t ninst, inst_cap;
	size_t nhere;		     /* instances that the last row had */
	struct aur__growing *column; /* inst * (nfield + 1), age the last */
	size_t column_cap;	     /* instances that it has room for */
	uint64_t *was; /* inst * width: the last value of each column, and bits
			  that tell which cells its last row had */
	size_t was_cap;
	uint64_t text[AUR_MAX_FIELDS / 64]; /* fields that are strings */
	uint32_t *by_name; /* 1 + inst, by the packer's string */
	size_t name_cap;
	struct aur__toggle *toggle;
	size_t ntoggle, toggle_cap;
	uint32_t *at; /* scratch: inst of each row of the part */
	size_t at_cap;
	uint64_t *differ; /* scratch: words of each row of the part: fields
			     that are not as they were */
	size_t differ_cap;
};

/* Words of bits of a row, and words of `was` of an instance. */
static inline size_t aur__kept_words(const struct aur__kept_domain *d)
{
	return d->domain->nfield == 0 ? 1 : (d->domain->nfield + 63u) / 64;
}
static inline size_t aur__kept_width(const struct aur__kept_domain *d)
{
	return d->domain->nfield + 1u + aur__kept_words(d);
}

/* Who of a toggle: the domain, an instance, a column. */
static inline uint32_t aur__who_domain(void)
{
	return 0;
}
static inline uint32_t aur__who_inst(
    const struct aur__kept_domain *d, size_t inst)
{
	return 1 + (uint32_t)(inst * (d->domain->nfield + 2u));
}
static inline uint32_t aur__who_column(
    const struct aur__kept_domain *d, size_t inst, size_t field)
{
	return 2 + (uint32_t)(inst * (d->domain->nfield + 2u) + field);
}

enum aur__time_column {
	AUR__TIME_MONO,
	AUR__TIME_BOOT, /* less mono */
	AUR__TIME_WALL, /* less mono */
	AUR__TIME_SEQ,
	AUR__TIME_MISSED,
	AUR__TIME_INTERVAL, /* in nanoseconds */
	AUR__TIME_COLUMNS,
};

/* A string of the samples' table, and of ours. */
#define AUR__KNOWN 128u
struct aur__known {
	uint32_t id, serial, own;
};

struct aur_packer {
	struct aur_strs *strs; /* own: names and texts of the span */
	struct aur_strs *from; /* held: the samples' */
	struct aur__known known[AUR__KNOWN];
	struct aur__pool pool;
	struct aur__steady time[AUR__TIME_COLUMNS];
	uint8_t boot_id[16];
	struct aur_mono mono;  /* of the last sample */
	struct aur_mono first; /* boot of the first */
	struct aur_wall from_wall, to_wall;
	uint32_t rows;
	size_t limit; /* bytes of memory that the span may take */
	struct aur__kept_domain *domain;
	size_t ndomain;
	uint16_t by_id[AUR_DOMAIN_COUNT]; /* the place of those built in */
};

/* Forgets the span. */
void aur__packer_clear(struct aur_packer *p);

/* Gets all that a row of the part needs, and counts the chunks; then puts it
 * down. The same for a row that lacks the domain. */
AUR_MUST_CHECK int aur__part_prepare(struct aur_packer *p,
    struct aur__kept_domain *d, const struct aur_part *part, size_t *chunks);
void aur__part_put(struct aur_packer *p, struct aur__kept_domain *d,
    const struct aur_part *part);
AUR_MUST_CHECK int aur__part_prepare_gone(struct aur__kept_domain *d);
void aur__part_gone(struct aur_packer *p, struct aur__kept_domain *d);
/* Forgets what was known of the samples' strings. */
void aur__part_forget(struct aur_packer *p);

/* --- ages ----------------------------------------------------------------- */

/* How ages are told, in the index before their column. */
enum aur__age {
	AUR__AGE_TICKS = 0,
	AUR__AGE_ROWS = 1, /* how many rows of the span ago it was read; one
			      row more than there are: before the span */
};

/* Makes ages in ticks rows, if all are. `row` tells the span's row of each of
 * the `n`, `mono` the times of all in ticks. False: nothing was changed. */
bool aur__ages_to_rows(uint64_t *age, const uint32_t *row, size_t n,
    const int64_t *mono, uint64_t *ret_before);
/* The age in ticks of one that was `back` rows ago in `row`. 0, AUR_EINVALID.
 */
AUR_MUST_CHECK int aur__age_of_rows(const struct aur_times *t, size_t row,
    uint64_t back, uint64_t before, int64_t *ret_ticks);

/* --- what becomes of a span ----------------------------------------------- */

struct aur__finish {
	struct aur_packer *p;
	struct aur__writer w;
	uint64_t *value;  /* rows */
	int64_t *mono;	  /* rows, in ticks */
	uint32_t *row;	  /* rows: the span's row of a domain's row */
	uint32_t *toggle; /* rows */
	struct aur_block block;
};

/* Writes the index and the groups of a domain's block. */
AUR_MUST_CHECK int aur__finish_domain(
    struct aur__finish *f, struct aur__kept_domain *d);

/* --- columns that are read ------------------------------------------------ */

/* Where the record of a column stands in the index, and its bytes. */
struct aur__spot {
	uint32_t record;
	uint32_t section, at;
};

struct aur__open_inst {
	uint64_t key;	       /* number, or that of its name */
	struct aur__runs runs; /* rows of the domain that it fills */
	uint64_t rows;	       /* how many those are */
	struct aur__spot age;  /* its own, less the common */
};

/* Ages of the part, or common ones. */
struct aur__open_age {
	bool in_rows;
	uint64_t before;
	struct aur__spot spot;
};

/* A column that is walked along, row by row. */
struct aur__cursor {
	bool began;
	struct aur__column column;
	struct aur__walk walk;
};

struct aur_columns {
	struct aur__reader reader;
	const struct aur_times *times;
	struct aur_schema *schema;
	const struct aur_domain *domain;
	int16_t *field;	 /* ours by the block's, -1: none */
	int16_t *column; /* the block's by ours, -1: none */
	size_t ncolumn;	 /* fields of the block */
	struct aur_slice index;
	struct aur__runs runs; /* rows of the span that the domain fills */
	uint64_t rows;
	struct aur__open_age age, common;
	struct aur__open_inst *inst;
	size_t ninst;
	struct aur__spot *spot; /* block's field * ninst + inst */
	struct aur_slice *text; /* the dictionary; 0 is "" */
	size_t ntext;
	bool distinct; /* names were looked at: no two are the same */
	/* walks of aur_columns_part, when it is first called */
	struct aur__cursor *cursor;  /* as spot */
	struct aur__cursor *own_age; /* by inst */
	struct aur__cursor age_cursor, common_cursor;
};

/* The column of a spot, with its bytes; `owner` places. 0, AUR_EINVALID,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur__columns_take(struct aur_columns *c,
    const struct aur__spot *spot, uint64_t owner, struct aur__column *ret);

#endif
