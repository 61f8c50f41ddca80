/* SPDX-License-Identifier: MIT */
/*
 * A spool on a host whose clock is set, forward and back, by seconds and by
 * hours, between samples, tables and events, and over kills: a block says
 * from when to when it is, truly, and is never of more than an hour, since
 * clients refuse one that is.
 */
#include "tests/unit/spool_make.h"

#define HOUR_NS (3600 * AUR_SECOND_NS)
#define LENGTH_S 700
#define ROUNDS 60

static uint32_t dice(uint32_t n)
{
	static uint32_t state = 7;

	state = state * 1664525u + 1013904223u; /* Numerical Recipes */
	return (state >> 8) % n;
}

/* --- what a block is of --------------------------------------------------- */

struct range {
	int64_t from, to;
	unsigned samples, tables, events;
};

static void reach(struct range *r, struct aur_wall at)
{
	r->from = at.ns < r->from ? at.ns : r->from;
	r->to = at.ns > r->to ? at.ns : r->to;
}

static void reach_frames(struct range *r, const struct aur_block *block)
{
	struct aur_decoder *d = NULL;
	const struct aur_part *part;
	struct aur_frame f;
	struct aur_slice in;
	struct aur_buf buf;

	aur_buf_init(&buf, AUR_MAX_BLOCK_RAW);
	if (aur_block_open_frames(block->bytes, &buf) < 0 ||
	    aur_decoder_new(&d, strs) < 0)
		abort();
	in = aur_buf_peek(&buf);
	while (aur_frame_take(&in, &f) > 0) {
		struct aur_sample *s = NULL;
		struct aur_event e;
		int rc = 0;

		if (f.type == AUR_MSG_EVENT) {
			rc = aur_event_take(f.payload, &e);
			reach(r, e.when);
			r->events++;
		} else if (f.type == AUR_MSG_STREAM_OPEN) {
			rc = aur_decoder_open(d, f.payload);
		} else if (f.type == AUR_MSG_SAMPLE_BEGIN) {
			rc = aur_decoder_begin(d, f.payload);
		} else if (f.type == AUR_MSG_PART) {
			rc = aur_decoder_part(d, f.payload, &part);
		} else if (f.type == AUR_MSG_SAMPLE_END) {
			rc = aur_decoder_end(d, f.payload, &s);
			reach(r, s->wall);
			r->tables++;
		}
		if (rc < 0)
			abort();
		aur_sample_unref(s);
	}
	aur_decoder_free(d);
	aur_buf_release(&buf);
}

static void reach_times(struct range *r, const struct aur_block *block)
{
	struct aur_times t = {0};

	if (aur_times_open(&t, block->bytes, NULL) < 0)
		abort();
	for (size_t i = 0; i < t.n; i++)
		reach(r, t.wall[i]);
	r->samples += (unsigned)t.n;
	aur_times_release(&t);
}

static int64_t second_of(int64_t ns)
{
	return ns / AUR_SECOND_NS - BEGIN_S;
}

static void say_lie(const struct aur_block *b, const struct range *r)
{
	printf("# '%.*s': %" PRId64 " to %" PRId64 " s, in truth %" PRId64
	       " to %" PRId64 "\n",
	    (int)b->name.n, (const char *)b->name.p, second_of(b->from.ns),
	    second_of(b->to.ns), second_of(r->from), second_of(r->to));
}

/* Whether all blocks are what they say; what is in them is added up. */
static bool are_true(struct spool *s, struct range *sum)
{
	struct spool_walk *walk = NULL;
	struct aur_wall never = {INT64_MAX};
	struct aur_block b;
	struct aur_buf buf;
	bool good = true;

	*sum = (struct range){0};
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	if (spool_walk_begin(s, ~0u, (struct aur_wall){0}, never, &walk) < 0)
		abort();
	while (spool_walk_next(walk, &buf) == 0) {
		struct range r = {.from = INT64_MAX, .to = INT64_MIN};

		if (aur_block_head(aur_buf_peek(&buf), &b) < 0)
			abort();
		if (b.kind == AUR_BLOCK_COLUMNS)
			continue;
		if (b.kind == AUR_BLOCK_TIMES)
			reach_times(&r, &b);
		else
			reach_frames(&r, &b);
		/* times are kept in ticks */
		if (b.from.ns > r.from || b.to.ns < r.to ||
		    r.from - b.from.ns > AUR_TICK_NS ||
		    b.to.ns - r.to > AUR_TICK_NS ||
		    b.to.ns - b.from.ns > HOUR_NS) {
			say_lie(&b, &r);
			good = false;
		}
		sum->samples += r.samples;
		sum->tables += r.tables;
		sum->events += r.events;
	}
	spool_walk_end(walk);
	aur_buf_release(&buf);
	return good;
}

/* --- steps ---------------------------------------------------------------- */

static int64_t a_step(void)
{
	static const int64_t most[] = {3, 90, 1800, 4 * 3600};
	int64_t n = (int64_t)dice((uint32_t)most[dice(4)]) + 1;

	return dice(2) == 0 ? n : -n;
}

static void test_steps(void)
{
	unsigned lies = 0, lost = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned events = 0;
		struct range sum;
		struct spool *s;

		empty(folder);
		wall_shift_s = (int64_t)dice(7200);
		s = open_at(0);
		for (int64_t k = 0; k < LENGTH_S; k++) {
			if (dice(80) == 0)
				wall_shift_s += a_step();
			if (dice(30) == 0)
				(void)put_event(s, k, ++events);
			if (put_second(s, k) < 0)
				abort();
			if (dice(300) == 0) {
				/* what gathers behind a seal goes with it */
				if (spool__settle(s, true) < 0)
					abort();
				kill_spool(s);
				s = open_at(k);
			}
		}
		seal(s);
		lies += !are_true(s, &sum);
		/* an event that was not committed goes with a kill */
		lost += sum.samples != LENGTH_S || sum.tables != LENGTH_S / 5 ||
			sum.events != events;
		spool_close(s, now_at(LENGTH_S));
	}
	tap_eq_u64(lies, 0, "blocks say truly from when to when they are");
	tap_eq_u64(lost, 0, "and hold all that was put");
	wall_shift_s = 0;
}

/* What waited while nothing could be recorded may be of many hours. */
static void test_waited(void)
{
	struct range sum;
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 5);
	(void)spool__stop(s, AUR_ELIMIT, "a test");
	for (unsigned hour = 0; hour < 9; hour++)
		put_event(s, 100 + hour * 3600, hour + 1);
	tap_ok(spool_resume(s, now_at(40000)) == 0 &&
		   put_seconds(s, 40000, 40005) == 0 && seal(s) == 0,
	    "it records again after hours");
	tap_ok(are_true(s, &sum), "what waited is no block of hours");
	tap_ok(sum.events == 9 && sum.samples == 10, "and is all there");
	spool_close(s, now_at(40006));
}

int main(void)
{
	if (tap_ok(begin_folder(), "a folder")) {
		test_steps();
		test_waited();
		end_folder();
	}
	return tap_done();
}
