/* SPDX-License-Identifier: MIT */
/*
 * What one reader gets of a spool, piece by piece: whole blocks, in order, as
 * much as he may see; and what he did not ask for never takes a whole turn.
 */
#include "agentd/daemon_kept.h"
#include "tests/unit/spool_make.h"

#define HOURS 12
#define MOST_TURNS 100000

static struct view_peer root = {.whole = true};
static struct view_peer other = {.uid = 1000};
static struct view_peer hidden = {.uid = 1000, .only_own = true};

struct got {
	unsigned blocks, events, turns; /* that gave nothing */
	size_t longest;			/* bytes of a piece */
	bool whole;			/* each block, at its last piece */
	int rc;
};

static void end_block(struct got *g, struct aur_buf *block)
{
	struct aur_block b;

	g->blocks++;
	if (aur_block_head(aur_buf_peek(block), &b) < 0)
		g->whole = false;
	else
		g->events += aur_slice_is(b.name, "event");
	aur_buf_clear(block);
}

static struct got get(
    struct spool *s, unsigned kinds, const struct view_peer *peer, size_t most)
{
	struct got g = {.whole = true};
	struct kept k = {0};
	struct aur_piece piece;
	struct aur_wall never = {INT64_MAX};
	struct aur_buf block;

	aur_buf_init(&block, AUR_MAX_BLOCK);
	aur_buf_init(&k.block, AUR_MAX_BLOCK);
	g.rc = spool_walk_begin(s, kinds, (struct aur_wall){0}, never, &k.walk);
	while (g.rc >= 0 && g.turns < MOST_TURNS) {
		g.rc = kept_piece(&k, peer, most, &piece);
		if (g.rc == 1) {
			if (aur_buf_add_slice(&block, piece.bytes) < 0)
				abort();
			if (piece.bytes.n > g.longest)
				g.longest = piece.bytes.n;
			if (piece.left == 0)
				end_block(&g, &block);
		}
		for (; g.rc == 0 && kept_works(&k); g.turns++)
			if (kept_step(&k) == 1)
				break;
		if (g.rc == 0 && g.turns++ == MOST_TURNS)
			break;
	}
	if (block.n > 0)
		g.whole = false;
	kept_end(&k);
	aur_buf_release(&block);
	return g;
}

/* A segment for each of some hours, an event in the oldest alone. */
static struct spool *fill(void)
{
	struct spool *s;

	empty(folder);
	s = open_at(0);
	put_event(s, 0, 1);
	for (int64_t hour = 0; hour < HOURS; hour++) {
		put_seconds(s, hour * 3600, hour * 3600 + 40);
		seal(s);
	}
	return s;
}

static void test_whole(struct spool *s)
{
	struct got g = get(s, ~0u, &root, 1u << 20), few;

	tap_ok(g.rc == AUR_EABSENT && g.whole && g.events == 1 &&
		   g.blocks == HOURS * 4 + 1,
	    "all there is");
	few = get(s, ~0u, &root, 100);
	tap_ok(few.rc == AUR_EABSENT && few.whole && few.blocks == g.blocks &&
		   few.longest == 100,
	    "in small pieces, too");
}

static void test_seeking(struct spool *s)
{
	struct got g = get(s, AUR_KEPT_EVENTS, &root, 1u << 20);

	tap_ok(g.rc == AUR_EABSENT && g.events == 1 && g.blocks == 1,
	    "an event of long ago is found");
	tap_ok(g.turns >= HOURS, "a segment at a time: %u turns", g.turns);
}

static void test_others(struct spool *s)
{
	struct got g = get(s, ~0u, &other, 1u << 20);

	tap_ok(g.rc == AUR_EABSENT && g.whole && g.blocks == HOURS * 4 + 1,
	    "others get a view of each table");
	g = get(s, ~0u, &hidden, 1u << 20);
	tap_ok(g.rc == AUR_EABSENT && g.whole && g.events == 0,
	    "and where processes are hidden no event");
	g = get(s, AUR_KEPT_EVENTS, &hidden, 1u << 20);
	tap_ok(g.rc == AUR_EABSENT && g.blocks == 0 && g.turns >= HOURS,
	    "asked for alone neither, a segment at a time");
}

/* A large segment is not gone through in one turn. */
static void test_large(void)
{
	struct spool_walk *walk = NULL;
	struct aur_wall never = {INT64_MAX};
	uint8_t noise[100000];
	struct aur_block head = {.kind = AUR_BLOCK_FRAMES,
	    .name = aur_slice_str("other"),
	    .from = now_at(0).wall,
	    .to = now_at(1).wall,
	    .rows = 1};
	uint64_t state = 1;
	struct aur_buf buf;
	struct spool *s;
	unsigned turns = 0;
	int rc;

	for (size_t i = 0; i < sizeof(noise); i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		noise[i] = (uint8_t)(state >> 56);
	}
	empty(folder);
	s = open_at(0);
	put_seconds(s, 0, 3);
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	if (aur_block_frames(
		&head, aur_slice_of(noise, sizeof(noise)), 0, &buf) < 0)
		abort();
	for (unsigned i = 0; i < 20; i++)
		if (spool__block_write(s->closing_fd, aur_buf_peek(&buf)) < 0)
			abort();
	s->closing += 20 * (buf.n + 8);
	put_event(s, 4, 1);
	seal(s);
	rc = spool_walk_begin(
	    s, AUR_KEPT_EVENTS, (struct aur_wall){0}, never, &walk);
	while (rc == 0 && (rc = spool_walk_step(walk, &buf)) == AUR_EBUSY) {
		turns++;
		rc = 0;
	}
	tap_ok(rc == 0 && turns >= 6 && turns <= 8,
	    "two megabytes that were not asked for: %u turns", turns);
	spool_walk_end(walk);
	aur_buf_release(&buf);
	spool_close(s, now_at(9));
}

int main(void)
{
	if (tap_ok(begin_folder(), "a folder")) {
		struct spool *s = fill();

		test_whole(s);
		test_seeking(s);
		test_others(s);
		spool_close(s, now_at(HOURS * 3600));
		test_large();
		end_folder();
	}
	return tap_done();
}
