/* SPDX-License-Identifier: MIT */
/* Packed time where it is hard: limits, no memory, whatever is damaged. */
#include "base/checksum.h"
#include "tests/harness/fail.h"
#include "tests/unit/pack_span.h"

/* --- limits --------------------------------------------------------------- */

static int no_block(void *arg, const struct aur_block *b)
{
	(void)b;
	++*(int *)arg;
	return 0;
}

static void test_limits(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = make_sample(strs, 5000);
	struct aur_packer *p = NULL;
	int blocks = 0;

	make_sure(aur_packer_new(&p) == 0, "no packer");
	tap_eq_int(aur_packer_finish(p, AUR_PACK_EFFORT, no_block, &blocks), 0,
	    "nothing to finish");
	tap_eq_int(blocks, 0, "no block of nothing");
	tap_eq_int(aur_packer_add(p, s), 0, "a sample without parts");
	tap_eq_int(aur_packer_add(p, s), AUR_ELIMIT, "not later");
	s->mono.ns += AUR_SECOND_NS;
	s->boot_id[3]++;
	tap_eq_int(aur_packer_add(p, s), AUR_ELIMIT, "another boot");
	s->boot_id[3]--;
	tap_eq_int(aur_packer_add(p, s), 0, "this boot");
	s->mono.ns += AUR_SECOND_NS;
	s->boot.ns += 3599 * AUR_SECOND_NS;
	tap_eq_int(aur_packer_add(p, s), 0, "an hour but for a second");
	s->mono.ns += AUR_SECOND_NS;
	s->boot.ns += AUR_SECOND_NS;
	tap_eq_int(aur_packer_add(p, s), AUR_ELIMIT, "an hour");
	tap_eq_int(aur_packer_finish(p, AUR_PACK_EFFORT, no_block, &blocks), 0,
	    "finished");
	tap_eq_int(blocks, 1, "times only");
	tap_eq_int(aur_packer_add(p, s), 0, "then it goes");
	aur_packer_free(p);
	aur_sample_unref(s);
	aur_strs_unref(strs);
}

/* A hundred cores whose counters nobody can foresee. */
static void add_noise(struct aur_sample *s, uint64_t *state)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_CORE);

	for (uint64_t k = 0; k < 100; k++) {
		size_t i = make_key(p, k, 0);

		for (unsigned f = 0; f < 8; f++)
			aur_part_set(p, i, f,
			    make_chance(state) << 31 ^ make_chance(state));
	}
}

static void test_memory(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_packer *p = NULL;
	uint64_t state = 5;
	size_t n = 0, most = 0;
	int rc = 0;

	make_sure(aur_packer_new(&p) == 0, "no packer");
	for (; rc == 0 && n < 1000; n++) {
		struct aur_sample *s = make_sample(strs, (double)(5000 + n));

		most = aur_packer_bytes(p);
		add_noise(s, &state);
		rc = aur_packer_add(p, s);
		aur_sample_unref(s);
	}
	tap_eq_int(rc, AUR_ELIMIT, "memory is limited");
	tap_ok(most >= AUR_MAX_SPAN_BYTES &&
		   most < AUR_MAX_SPAN_BYTES + (64u << 10),
	    "to what it says (%zu)", most);
	aur_packer_free(p);
	aur_strs_unref(strs);
}

/* --- memory that is not there --------------------------------------------- */

/* Adds all samples, each addition failing at each of its allocations. */
static bool add_failing(struct aur_packer *p, struct aur_sample **s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned long nth = 1; fail_begin(nth); nth++) {
			int rc = aur_packer_add(p, s[i]);

			if (!fail_end()) {
				if (rc != 0)
					return false;
				break;
			}
			if (rc != AUR_ENOMEM || aur_packer_rows(p) != i)
				return false;
		}
	return true;
}

static void test_failing(void)
{
	struct span x;
	struct make_blocks all = {.n = 0};
	struct aur_packer *p = NULL;
	struct opened o = {.n = 0};
	int rc = AUR_ENOMEM;
	bool same = true, clean = true;

	span_pack(&x, ROWS);
	make_sure(aur_packer_new(&p) == 0, "no packer");
	tap_ok(add_failing(p, x.s, ROWS), "nothing of a sample is added");
	make_sure(aur_packer_finish(p, AUR_PACK_EFFORT, make_block, &all) == 0,
	    "not finished");
	for (size_t i = 0; i < all.n; i++)
		same = same && i < x.all.n &&
		       aur_slice_eq(all.block[i].bytes, x.all.block[i].bytes);
	tap_ok(same && all.n == x.all.n, "and the blocks are the same");
	make_blocks_release(&all);
	for (unsigned long nth = 1; rc != 0; nth++) {
		int blocks = 0;

		pack_rows(p, x.s, 40, 0);
		make_sure(fail_begin(nth), "endless");
		rc = aur_packer_finish(p, 1, no_block, &blocks);
		fail_end();
		clean = clean && (rc == 0 || rc == AUR_ENOMEM) &&
			aur_packer_rows(p) == 0;
	}
	tap_ok(clean, "finishing fails and begins anew");
	rc = AUR_ENOMEM;
	for (unsigned long nth = 1; rc != 0 && clean; nth++) {
		struct aur_sample *back = NULL;

		make_sure(fail_begin(nth), "endless");
		rc = open_all(&x.all, &o);
		if (rc == 0)
			rc = read_row(&o, 50, x.m.strs, &back);
		fail_end();
		clean = rc == 0 || rc == AUR_ENOMEM;
		aur_sample_unref(rc == 0 ? back : NULL);
		close_all(&o);
	}
	tap_ok(clean, "so does opening and reading");
	aur_packer_free(p);
	span_release(&x);
}

/* --- damage --------------------------------------------------------------- */

/* Whether each flipped byte and each wrong length is seen. */
static bool is_seen(struct aur_slice good)
{
	uint8_t *bad = aur_mem_grow(NULL, good.n + 1, 1);
	struct aur_block b;
	bool seen = bad != NULL;

	for (size_t i = 0; seen && i < good.n; i++) {
		memcpy(bad, good.p, good.n);
		bad[i] ^= (uint8_t)(1u << i % 8);
		seen = aur_block_head(aur_slice_of(bad, good.n), &b) < 0;
		bad[i] ^= 0xff;
		seen =
		    seen && aur_block_head(aur_slice_of(bad, good.n), &b) < 0;
		memcpy(bad, good.p, good.n);
		seen = seen && aur_block_head(aur_slice_of(bad, i), &b) < 0;
	}
	if (seen)
		bad[good.n] = 0;
	seen = seen && aur_block_head(aur_slice_of(bad, good.n + 1), &b) < 0;
	aur_mem_free(bad);
	return seen;
}

static void test_damage(void)
{
	struct span x;
	uint8_t later[64];
	struct aur_block b;

	span_pack(&x, 20);
	for (size_t i = 0; i < x.all.n; i++)
		tap_ok(is_seen(x.all.block[i].bytes), "damage of block %zu", i);
	memcpy(later, x.all.block[0].bytes.p, sizeof(later));
	later[3]++;
	tap_eq_int(aur_block_head(aur_slice_of(later, sizeof(later)), &b),
	    AUR_EVERSION, "a later form");
	span_release(&x);
}

/* A million zeros in some sixty bytes are frames, but no columns. */
static void test_ratio(void)
{
	struct aur_block b = {.name = aur_slice_str("cpu")}, head;
	uint8_t *zeros = aur_mem_new(1 << 20, 1), *mem;
	struct aur_buf out;
	uint32_t crc;

	make_sure(zeros != NULL, "memory");
	aur_buf_init(&out, AUR_MAX_BLOCK);
	make_sure(
	    aur_block_frames(&b, aur_slice_of(zeros, 1 << 20), 3, &out) == 0,
	    "no frames");
	tap_eq_int(aur_block_head(aur_buf_peek(&out), &head), 0, "as frames");
	mem = out.mem + out.head;
	mem[9] = AUR_BLOCK_COLUMNS;
	crc = aur_crc32c(0, aur_slice_of(mem + 9, mem[8]));
	for (unsigned i = 0; i < 4; i++)
		mem[4 + i] = (uint8_t)(crc >> (8 * i));
	tap_eq_int(aur_block_head(aur_buf_peek(&out), &head), AUR_EINVALID,
	    "not as columns");
	aur_buf_release(&out);
	aur_mem_free(zeros);
}

/* Many of one kind pack too well to be believed, so they are not packed. */
static void test_many(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *s = make_sample(strs, 1), *back = NULL;
	struct aur_part *p = make_part(s, AUR_DOMAIN_CORE);
	struct make_blocks all = {.n = 0};
	struct opened o = {.n = 0};
	struct aur_packer *packer = NULL;

	for (uint64_t k = 0; k < 40000; k++)
		aur_part_set(p, make_key(p, k, 0), AUR_CORE_user, 7);
	make_sure(aur_packer_new(&packer) == 0, "no packer");
	tap_eq_int(aur_packer_add(packer, s), 0, "a first sample is added");
	make_sure(aur_packer_finish(packer, 3, make_block, &all) == 0,
	    "not finished");
	tap_eq_int(open_all(&all, &o), 0, "opened");
	tap_ok(read_row(&o, 0, strs, &back) == 0 && same_sample(s, back),
	    "and read");
	aur_sample_unref(back);
	close_all(&o);
	make_blocks_release(&all);
	aur_packer_free(packer);
	aur_sample_unref(s);
	aur_strs_unref(strs);
}

int main(void)
{
	test_limits();
	test_memory();
	test_failing();
	test_damage();
	test_ratio();
	test_many();
	return tap_done();
}
