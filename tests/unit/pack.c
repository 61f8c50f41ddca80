/* SPDX-License-Identifier: MIT */
/* Packed time: what goes in comes out, today and of files of long ago. */
#include "tests/unit/pack_span.h"

/* A span packed; whether every row comes back, forwards and backwards. */
static void test_round_trip(void)
{
	struct span x;
	struct opened o = {.n = 0};
	struct aur_strs *other = make_strs();
	bool forwards = true, backwards = true;

	span_pack(&x, ROWS);
	tap_eq_u64(x.all.n, 6, "times and five domains");
	tap_eq_int(open_all(&x.all, &o), 0, "opened");
	tap_eq_u64(o.times.n, ROWS, "as many times");
	tap_ok(same_times(&o.times, x.s), "the same times");
	for (size_t i = 0; i < ROWS; i++)
		forwards = forwards && row_comes_back(&o, i, x.s, other);
	for (size_t i = ROWS; i > 0; i--)
		backwards =
		    backwards && row_comes_back(&o, i - 1, x.s, x.m.strs);
	tap_ok(forwards, "every row comes back");
	tap_ok(backwards, "and from the last to the first");
	close_all(&o);
	aur_strs_unref(other);
	span_release(&x);
}

static struct aur_columns *find_columns(struct opened *o, const char *name)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(aur_columns_domain(o->columns[i])->name, name) == 0)
			return o->columns[i];
	make_sure(false, "a domain is missing");
	return NULL;
}

/* Two spans by one unpacker, which rests before all is unpacked. */
static void test_unpacker(void)
{
	struct span x;
	struct opened a = {.n = 0}, b = {.n = 0};
	bool same = true;

	span_pack(&x, ROWS);
	tap_eq_int(aur_unpacker_new(&a.by), 0, "an unpacker");
	b.by = a.by;
	tap_ok(open_all(&x.all, &a) == 0 && open_all(&x.all, &b) == 0,
	    "both opened by it");
	aur_unpacker_rest(a.by);
	for (size_t i = 0; i < ROWS; i++) {
		same = same && row_comes_back(&a, i, x.s, x.m.strs) &&
		       row_comes_back(&b, i, x.s, x.m.strs);
		if (i == ROWS / 2)
			aur_unpacker_rest(a.by);
	}
	tap_ok(same, "every row of both comes back");
	aur_unpacker_free(a.by);
	close_all(&a);
	close_all(&b);
	aur_unpacker_free(NULL);
	span_release(&x);
}

/* Whether a column is what the samples had. */
static bool same_column(struct aur_columns *c, size_t inst, size_t f,
    struct aur_sample **s, enum aur_domain_id id, struct aur_key key)
{
	uint64_t cells[ROWS], have[ROWS / 64 + 1];
	int64_t ages[ROWS];
	bool same = aur_columns_cells(c, inst, f, cells, have) == 0 &&
		    aur_columns_ages(c, inst, ages) == 0;

	for (size_t row = 0; same && row < ROWS; row++) {
		const struct aur_part *p = aur_sample_get(s[row], id);
		ptrdiff_t i = p != NULL ? aur_part_find(p, key, 0) : -1;
		bool has = i >= 0 && aur_part_has(p, (size_t)i, f);

		same = has == ((have[row / 64] >> (row % 64)) & 1) &&
		       cells[row] == (has ? aur_part_cell(p, (size_t)i, f) : 0);
		if (i >= 0)
			same = same && ages[row] == p->at_ns + p->inst[i].at_ns;
	}
	return same;
}

static struct aur_key key_of(const struct span *x, const char *name)
{
	struct aur_key key = {{0, 0}};
	uint32_t id = 0;

	make_sure(aur_strs_find(x->m.strs, aur_slice_str(name), &id), name);
	key.v[0] = id;
	return key;
}

static void test_columns(void)
{
	struct span x;
	struct opened o = {.n = 0};
	struct aur_columns *c;
	uint64_t cells[ROWS], have[ROWS / 64 + 1];

	span_pack(&x, ROWS);
	make_sure(open_all(&x.all, &o) == 0, "not opened");
	c = find_columns(&o, "cpu");
	tap_eq_u64(aur_columns_rows(c), ROWS, "rows of a domain");
	tap_eq_u64(aur_columns_insts(c), 1, "one has one instance");
	tap_ok(same_column(c, 0, AUR_CPU_user, x.s, AUR_DOMAIN_CPU,
		   (struct aur_key){{0, 0}}),
	    "a counter");
	tap_ok(same_column(c, 0, AUR_CPU_idle, x.s, AUR_DOMAIN_CPU,
		   (struct aur_key){{0, 0}}),
	    "one that wraps");
	tap_ok(same_column(c, 0, AUR_CPU_iowait, x.s, AUR_DOMAIN_CPU,
		   (struct aur_key){{0, 0}}),
	    "one that is not always there");
	tap_eq_int(aur_columns_cells(c, 0, AUR_CPU_guest, cells, have),
	    AUR_EABSENT, "one that never was");
	tap_eq_int(
	    aur_columns_cells(c, 0, AUR_CPU_model, cells, have), 0, "texts");
	tap_ok(aur_slice_is(aur_columns_text(c, cells[7]), "Abacus 9000"),
	    "as it was");
	c = find_columns(&o, "core");
	tap_eq_u64(aur_columns_insts(c), 4, "cores");
	tap_eq_u64(aur_columns_number(c, 0), 0, "by number, not as they came");
	tap_eq_u64(aur_columns_number(c, 2), 2, "another");
	tap_ok(same_column(c, 2, AUR_CORE_user, x.s, AUR_DOMAIN_CORE,
		   (struct aur_key){{2, 0}}),
	    "one that goes and comes");
	c = find_columns(&o, "disk");
	tap_eq_u64(aur_columns_insts(c), 3, "disks");
	tap_ok(aur_slice_is(aur_columns_name(c, 0), "vda"), "as they came");
	tap_eq_int(aur_columns_find(c, aur_slice_str("sdb")), 2, "found");
	tap_eq_int(aur_columns_find(c, aur_slice_str("sdc")), -1, "not found");
	tap_ok(same_column(c, 2, AUR_DISK_read_bytes, x.s, AUR_DOMAIN_DISK,
		   key_of(&x, "sdb")),
	    "with ages of its own");
	c = find_columns(&o, "temperature");
	tap_ok(same_column(c, 0, AUR_TEMPERATURE_value, x.s,
		   AUR_DOMAIN_TEMPERATURE, (struct aur_key){{0, 0}}),
	    "negative values of one without a name, read now and then");
	close_all(&o);
	span_release(&x);
}

/* --- times ---------------------------------------------------------------- */

static void test_find(void)
{
	struct aur_wall wall[] = {{10}, {20}, {30}, {15}, {25}};
	struct aur_times t = {.n = 5, .wall = wall};

	tap_eq_int(aur_times_find(&t, (struct aur_wall){9}), -1, "before all");
	tap_eq_int(aur_times_find(&t, (struct aur_wall){10}), 0, "at");
	tap_eq_int(aur_times_find(&t, (struct aur_wall){16}), 3,
	    "the last stretch of a clock that was set back");
	tap_eq_int(aur_times_find(&t, (struct aur_wall){99}), 4, "after all");
}

/* --- other catalogues ----------------------------------------------------- */

/* A cpu of another program: one field of another kind, one that we lack. */
static const struct aur_domain *other_cpu(void)
{
	static const struct aur_field field[] = {
	    {"user", "", AUR_KIND_STR, AUR_SEM_INFO, AUR_UNIT_NONE, 0},
	    {"dreams", "", AUR_KIND_U64, AUR_SEM_COUNTER, AUR_UNIT_COUNT, 0},
	    {"system", "", AUR_KIND_U64, AUR_SEM_COUNTER, AUR_UNIT_SECONDS, -2},
	};
	static const struct aur_domain domain = {
	    "cpu", "", AUR_DOMAIN_COUNT + 1, 3, AUR_KEY_ONE, "", field};

	return &domain;
}

static struct aur_sample *other_sample(
    struct aur_strs *strs, const struct aur_domain *d, double at)
{
	struct aur_sample *s = make_sample(strs, at);
	struct aur_part *p = aur_sample_part(s, d);

	make_sure(p != NULL && aur_part_one(p) == 0, "no part");
	make_text(p, 0, 0, "nobody");
	aur_part_set(p, 0, 1, 7);
	aur_part_set(p, 0, 2, 42);
	return s;
}

static void test_catalogue(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = other_sample(strs, other_cpu(), 1);
	struct aur_sample *twice = make_sample(strs, 2), *back = NULL;
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *p = NULL;
	const struct aur_part *part;

	make_one(twice, AUR_DOMAIN_CPU);
	make_sure(aur_packer_new(&p) == 0, "no packer");
	tap_eq_int(aur_packer_add(p, s), 0, "another program's cpu");
	tap_eq_int(aur_packer_add(p, twice), AUR_ELIMIT, "ours is not that");
	tap_eq_int(aur_packer_finish(p, 1, make_block, &all), 0, "finished");
	tap_eq_int(open_all(&all, &o), 0, "opened");
	make_sure(read_row(&o, 0, strs, &back) == 0, "no row");
	part = aur_sample_get(back, AUR_DOMAIN_CPU);
	make_sure(part != NULL, "no cpu");
	tap_ok(!aur_part_has(part, 0, AUR_CPU_user), "another kind: left out");
	tap_eq_u64(aur_part_cell(part, 0, AUR_CPU_system), 42, "what we know");
	aur_sample_unref(back);
	close_all(&o);
	make_blocks_release(&all);
	aur_packer_free(p);
	aur_sample_unref(s);
	aur_sample_unref(twice);
	aur_strs_unref(strs);
}

/* Run-time domains live as long as a sample has them, two of them, too. */
static void test_keep(void)
{
	struct aur_domain more = *make_labels();
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = make_sample(strs, 1), *back = NULL;
	struct make_span m = {.strs = strs, .labels = make_labels()};
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *p = NULL;

	more.name = "shop.returns";
	make_orders(&m, s, 3);
	m.labels = &more;
	make_orders(&m, s, 4);
	make_sure(aur_packer_new(&p) == 0 && aur_packer_add(p, s) == 0 &&
		      aur_packer_finish(p, 1, make_block, &all) == 0,
	    "not packed");
	make_sure(open_all(&all, &o) == 0, "not opened");
	make_sure(read_row(&o, 0, strs, &back) == 0, "no row");
	close_all(&o);
	make_blocks_release(&all);
	tap_ok(same_sample(s, back), "after their blocks are gone");
	aur_sample_unref(back);
	aur_sample_unref(s);
	aur_packer_free(p);
	aur_strs_unref(strs);
}

/* --- golden bytes --------------------------------------------------------- */

#define GOLDEN_ROWS 40u

/* The file of block `i`; its bytes, or written anew where that is asked for. */
static void golden(
    const char *folder, const struct aur_block *b, struct aur_buf *ret)
{
	const char *root = getenv("AUR_SRCDIR");
	char path[4096];
	uint8_t *mem;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/golden/pack/%s/%.*s",
	    root != NULL ? root : ".", folder,
	    (int)(b->name.n > 0 ? b->name.n : 5),
	    b->name.n > 0 ? (const char *)b->name.p : "times");
	if (getenv("AUR_GOLDEN") != NULL) {
		f = fopen(path, "wb");
		make_sure(f != NULL, path);
		fwrite(b->bytes.p, 1, b->bytes.n, f);
		fclose(f);
	}
	aur_buf_init(ret, AUR_MAX_BLOCK);
	f = fopen(path, "rb");
	make_sure(f != NULL, path);
	mem = aur_buf_reserve(ret, 1 << 16);
	make_sure(mem != NULL, "memory");
	aur_buf_commit(ret, fread(mem, 1, 1 << 16, f));
	fclose(f);
}

/* Blocks of long ago are read for ever; those that zstd had no part in are
 * still made in the same way. */
static void test_golden(const char *folder, int effort)
{
	struct span x;
	struct make_blocks old = {.n = 0};
	struct opened o = {.n = 0};
	bool same = true, comes_back = true;

	span_pack_at(&x, GOLDEN_ROWS, effort);
	for (size_t i = 0; i < x.all.n; i++) {
		golden(folder, &x.all.block[i], &old.bytes[i]);
		make_sure(aur_block_head(
			      aur_buf_peek(&old.bytes[i]), &old.block[i]) == 0,
		    "a golden block is damaged");
		old.n++;
		same = same &&
		       aur_slice_eq(old.block[i].bytes, x.all.block[i].bytes);
	}
	if (effort == 0)
		tap_ok(same, "%s: the same bytes", folder);
	make_sure(open_all(&old, &o) == 0, "not opened");
	tap_ok(same_times(&o.times, x.s), "%s: times", folder);
	for (size_t i = 0; i < GOLDEN_ROWS; i++)
		comes_back = comes_back && row_comes_back(&o, i, x.s, x.m.strs);
	tap_ok(comes_back, "%s: rows", folder);
	close_all(&o);
	make_blocks_release(&old);
	span_release(&x);
}

/* --- frames --------------------------------------------------------------- */

static void test_frames(void)
{
	struct aur_block b = {.name = aur_slice_str("process"),
	    .from = {5},
	    .to = {9},
	    .rows = 3};
	struct aur_block head;
	struct aur_buf out, back;
	struct aur_slice frames = aur_slice_str(
	    "frame frame frame frame frame frame frame frame frame frame");

	aur_buf_init(&out, AUR_MAX_BLOCK);
	aur_buf_init(&back, AUR_MAX_BLOCK_RAW);
	memset(b.boot_id, 7, sizeof(b.boot_id));
	tap_eq_int(aur_block_frames(&b, frames, 3, &out), 0, "frames packed");
	tap_ok(out.n < frames.n + 60, "and shorter");
	make_sure(aur_block_head(aur_buf_peek(&out), &head) == 0, "no head");
	tap_eq_int(head.kind, AUR_BLOCK_FRAMES, "their kind");
	tap_eq_int(head.from.ns, 5, "from");
	tap_eq_int(head.to.ns, 9, "to");
	tap_eq_u64(head.rows, 3, "rows");
	tap_ok(aur_slice_is(head.name, "process"), "name");
	tap_eq_int(aur_block_open_frames(head.bytes, &back), 0, "opened");
	tap_ok(aur_slice_eq(aur_buf_peek(&back), frames), "the same");
	aur_buf_release(&out);
	aur_buf_release(&back);
}

int main(void)
{
	test_round_trip();
	test_unpacker();
	test_columns();
	test_find();
	test_catalogue();
	test_keep();
	test_golden("plain", 0);
	test_golden("packed", AUR_PACK_EFFORT);
	test_frames();
	return tap_done();
}
