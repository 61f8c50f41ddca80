/* SPDX-License-Identifier: MIT */
/*
 * Kept time beside the live stream, in one process: aur_client on one side,
 * serve on the other, with or without a bridge between them. What was kept is
 * blocks of given sizes; how much passes in a step is the test's.
 */
#include "agentd/bridge.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/wire_source.h"
#include "wire/client.h"

#define ALL SIZE_MAX

struct ends {
	struct fake fake; /* first: the source has it as arg */
	struct serve *serve;
	struct bridge *bridge; /* NULL: they speak to each other */
	struct aur_client *client;
	struct serve_now now;
	unsigned samples, blocks, broken, replies;
	uint64_t bytes, missed;
	int reply_err;
	uint64_t request;
};

static void on_sample(void *arg, struct aur_sample *s)
{
	struct ends *e = arg;

	e->samples++;
	e->missed += s->missed;
}

static void on_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct ends *e = arg;

	e->replies += request == e->request;
	e->reply_err = reply->err;
}

/* They come in their order, whole. */
static void on_block(void *arg, uint64_t request, struct aur_slice block)
{
	struct ends *e = arg;
	size_t i = 0;

	while (i < block.n && block.p[i] == (uint8_t)e->blocks)
		i++;
	if (request != e->request || e->blocks >= e->fake.nblock ||
	    block.n != e->fake.block[e->blocks] || i < block.n)
		e->broken++;
	e->blocks++;
	e->bytes += block.n;
}

static const struct aur_client_handler handler = {
    .sample = on_sample, .reply = on_reply, .block = on_block};

static int open_ends(struct ends *e, bool bridged, bool keeps)
{
	struct serve_options ours = {.uid = 1000};
	struct serve_options theirs = {
	    .mode = "daemon", .sight = AUR_SIGHT_WHOLE};
	struct serve_source source = fake_source(&e->fake);
	int rc;

	e->fake.gives = true;
	e->fake.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	e->now.mono.ns = 1000 * AUR_SECOND_NS;
	e->now.wall.ns = 1795332309 * AUR_SECOND_NS;
	if (e->fake.strs == NULL)
		return AUR_ENOMEM;
	source.act = NULL;
	source.kept = keeps ? fake_kept() : NULL;
	rc = serve_new(&e->serve, &source, &theirs, e->now);
	if (rc == 0 && bridged)
		rc = bridge_join(&e->bridge, 1000, &ours, e->now);
	return rc < 0 ? rc : aur_client_new(&e->client, &handler, e);
}

static void close_ends(struct ends *e)
{
	aur_client_free(e->client);
	bridge_free(e->bridge);
	serve_free(e->serve);
	fake_release(&e->fake);
}

static struct aur_slice some(struct aur_slice s, size_t most)
{
	return aur_slice_of(s.p, s.n < most ? s.n : most);
}

/* Bytes from the client to where it asks. */
static int ask(struct ends *e)
{
	struct aur_buf *out = aur_client_out(e->client);
	int rc = 0;

	if (e->bridge != NULL && !bridge_is_open(e->bridge))
		return 0;
	while (rc == 0 && out->n > 0) {
		struct aur_slice s = some(aur_buf_peek(out), 11);

		rc = e->bridge != NULL ? bridge_put(e->bridge, s, e->now)
				       : serve_put(e->serve, s, e->now);
		aur_buf_take(out, s.n);
	}
	return rc;
}

/* Between the bridge and the service: without an end. */
static int middle(struct ends *e)
{
	int rc = 0;

	while (rc == 0 && e->bridge != NULL) {
		struct aur_slice up = bridge_up_out(e->bridge);
		struct aur_slice down = serve_out(e->serve);

		if (up.n == 0 && down.n == 0)
			break;
		if (up.n > 0)
			rc = serve_put(e->serve, up, e->now);
		bridge_up_sent(e->bridge, up.n);
		down = serve_out(e->serve);
		if (rc == 0 && down.n > 0)
			rc = bridge_put_up(e->bridge, down, e->now);
		serve_sent(e->serve, down.n);
	}
	return rc;
}

static struct aur_slice out(const struct ends *e)
{
	return e->bridge != NULL ? bridge_out(e->bridge) : serve_out(e->serve);
}

/* So many bytes to the client, and its answers. */
static int pass(struct ends *e, size_t most)
{
	int rc = ask(e);

	if (rc == 0)
		rc = middle(e);
	while (rc == 0 && most > 0 && out(e).n > 0) {
		struct aur_slice s = some(out(e), most < 999 ? most : 999);

		rc = aur_client_put(e->client, s);
		if (e->bridge != NULL)
			bridge_sent(e->bridge, s.n);
		else
			serve_sent(e->serve, s.n);
		most -= most == ALL ? 0 : s.n;
		if (rc == 0)
			rc = ask(e);
		if (rc == 0)
			rc = middle(e);
	}
	return rc;
}

static int want_all(struct ends *e)
{
	static const struct aur_backfill all = {
	    .kinds = AUR_KEPT_SYSTEM, .from = {5}, .to = {7000000000}};

	return aur_client_backfill(e->client, &all, &e->request);
}

static int begin(struct ends *e, bool bridged)
{
	int rc = open_ends(e, bridged, true);

	if (rc == 0)
		rc = pass(e, ALL);
	return rc == 0 ? want_all(e) : rc;
}

static void test_blocks(bool bridged)
{
	static const size_t size[] = {
	    1, AUR_MAX_PIECE, AUR_MAX_PIECE + 1, 100000, AUR_MAX_BLOCK, 3};
	struct ends e = {
	    .fake = {.block = size, .nblock = AUR_ARRAY_LEN(size)}};
	int rc = begin(&e, bridged);

	tap_eq_int(want_all(&e), AUR_EBUSY, "one at a time");
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == e.fake.nblock && e.broken == 0,
	    "blocks come whole and in order");
	tap_ok(e.replies == 1 && e.reply_err == 0, "then one reply");
	tap_ok(e.fake.asked.kinds == AUR_KEPT_SYSTEM &&
		   e.fake.asked.from.ns == 5 &&
		   e.fake.asked.to.ns == 7000000000,
	    "of what was asked for");
	tap_ok(e.fake.more > 4000000 && e.fake.more <= e.bytes,
	    "leave is given for what was taken");
	e.blocks = 0;
	if (rc == 0)
		rc = want_all(&e);
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == e.fake.nblock && e.broken == 0 &&
		   e.replies == 2,
	    "and all once more when it is asked for again");
	close_ends(&e);
}

/* What waits for a reader that reads nothing, and for one that reads but gives
 * no leave. */
static void test_window(bool bridged)
{
	static const size_t size[] = {AUR_MAX_BLOCK};
	struct ends e = {.fake = {.block = size, .nblock = 1}};
	uint64_t n = 0;
	int rc = begin(&e, bridged);

	if (rc == 0)
		rc = pass(&e, 0);
	tap_ok(rc == 0 && out(&e).n > 0 && out(&e).n < (64u << 10),
	    "little waits for a reader: live samples do not");
	while (rc == 0 && out(&e).n > 0) {
		n += out(&e).n;
		if (bridged)
			bridge_sent(e.bridge, out(&e).n);
		else
			serve_sent(e.serve, out(&e).n);
		rc = middle(&e);
	}
	tap_ok(n > AUR_MAX_WINDOW && n < AUR_MAX_WINDOW + 4096,
	    "and no more than a window is on its way: %llu",
	    (unsigned long long)n);
	close_ends(&e);
}

static int give(struct ends *e)
{
	struct aur_sample *s = NULL;
	int rc = fake_sample(&e->fake, NULL, NULL, &s);

	if (rc == 0)
		rc = serve_give(e->serve, s, e->now);
	aur_sample_unref(s);
	return rc;
}

static void test_live(bool bridged)
{
	static const size_t size[] = {500000, 700000};
	struct ends e = {.fake = {.block = size, .nblock = 2}};
	struct aur_want want = {.interval = {AUR_SECOND_NS},
	    .domains = AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(PROCESS)};
	unsigned given = 0, met = 0;
	int rc = begin(&e, bridged);

	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = ask(&e);
	if (rc == 0)
		rc = middle(&e);
	while (rc == 0 && e.replies == 0 && given < 1000) {
		e.now.mono.ns += AUR_SECOND_NS;
		e.now.wall.ns += AUR_SECOND_NS;
		rc = give(&e);
		given++;
		if (rc == 0)
			rc = pass(&e, 100000);
		met += e.samples == given;
	}
	tap_ok(rc == 0 && e.blocks == 2 && given > 8 && given < 1000,
	    "a backfill that takes %u seconds", given);
	tap_ok(e.samples == given && e.missed == 0,
	    "and each of them has its sample");
	tap_eq_u64(met, given, "  in that second");
	close_ends(&e);
}

static void test_stop(bool bridged)
{
	static const size_t size[] = {200000, 700000};
	struct ends e = {.fake = {.block = size, .nblock = 2}};
	int rc = begin(&e, bridged);

	if (rc == 0)
		rc = pass(&e, 300000);
	tap_eq_u64(e.blocks, 1, "in the midst of the second block");
	if (rc == 0)
		rc = aur_client_backfill_stop(e.client);
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.replies == 1 && e.reply_err == AUR_ECLOSED &&
		   e.blocks == 1 && e.fake.stops == 1,
	    "it can be stopped");
	if (rc == 0)
		rc = aur_client_backfill_stop(e.client);
	tap_ok(rc == 0 && aur_client_out(e.client)->n == 0,
	    "but not another time");
	e.blocks = 0;
	if (rc == 0)
		rc = want_all(&e);
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == 2 && e.broken == 0 && e.replies == 2 &&
		   e.reply_err == 0,
	    "and asked for again");
	close_ends(&e);
}

static void test_source(bool bridged)
{
	static const size_t size[] = {2000};
	struct ends e = {.fake = {.block = size, .nblock = 1, .holds = true}};
	int rc = begin(&e, bridged);

	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == 0 && e.replies == 0,
	    "a source that has nothing yet");
	e.fake.holds = false;
	serve_blocks(e.serve);
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == 1 && e.replies == 1, "and then has");
	e.fake.kept_end = AUR_EIO;
	e.blocks = 0;
	if (rc == 0)
		rc = want_all(&e);
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == 1 && e.replies == 2 &&
		   e.reply_err == AUR_EIO,
	    "one that fails says so");
	e.fake.begin_err = AUR_EDENIED;
	if (rc == 0)
		rc = want_all(&e);
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && e.blocks == 1 && e.replies == 3 &&
		   e.reply_err == AUR_EDENIED,
	    "one that refuses too");
	close_ends(&e);
}

static void test_none(bool bridged)
{
	struct ends e = {0};
	int rc = open_ends(&e, bridged, false);

	tap_eq_int(want_all(&e), AUR_EUNSUPPORTED, "not before its hello");
	if (rc == 0)
		rc = pass(&e, ALL);
	tap_ok(rc == 0 && want_all(&e) == AUR_EUNSUPPORTED,
	    "nor of an agent that keeps nothing");
	close_ends(&e);
}

/* Frames that no client of ours would send. */
static int raw(struct ends *e, enum aur_msg type, const char *body, size_t n)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, 1024);
	rc = aur_frame_add(&b, 0, type, aur_slice_of(body, n));
	if (rc == 0)
		rc = serve_put(e->serve, aur_buf_peek(&b), e->now);
	aur_buf_release(&b);
	return rc;
}

static unsigned count_replies(struct ends *e)
{
	struct aur_slice s = serve_out(e->serve);
	struct aur_frame f;
	unsigned n = 0;

	while (aur_frame_take(&s, &f) == 1)
		n += f.type == AUR_MSG_REPLY;
	return n;
}

static void test_bad_clients(void)
{
	static const size_t size[] = {AUR_MAX_BLOCK};
	struct ends e = {.fake = {.block = size, .nblock = 1}};
	int rc = begin(&e, false);

	if (rc == 0)
		rc = ask(&e);
	tap_ok(rc == 0 && raw(&e, AUR_MSG_BACKFILL, "\x63\1\0\2", 4) == 0 &&
		   count_replies(&e) == 1 && e.fake.begins == 1,
	    "a second request is answered, not followed");
	tap_ok(raw(&e, AUR_MSG_BACKFILL, "\x63\0\0\0", 4) == 0 &&
		   raw(&e, AUR_MSG_MORE, "\x63\x01", 2) == 0 &&
		   e.fake.stops == 0 && count_replies(&e) == 1,
	    "what is of no request does nothing");
	tap_eq_int(raw(&e, AUR_MSG_MORE, "\1\xff\xff\xff\xff\x0f", 6),
	    AUR_EPROTOCOL, "leave for more than was sent ends it");
	close_ends(&e);
}

static int hear(
    struct ends *e, const char *const *payload, const size_t *n, size_t count)
{
	struct aur_buf b;
	int rc = begin(e, false);

	aur_buf_init(&b, 1024);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = aur_frame_add(
		    &b, 0, AUR_MSG_BLOCK, aur_slice_of(payload[i], n[i]));
	if (rc == 0)
		rc = aur_client_put(e->client, aur_buf_peek(&b));
	aur_buf_release(&b);
	return rc;
}

static void test_bad_agents(void)
{
	static const struct {
		const char *payload[2];
		size_t n[2], count;
		int want;
		const char *name;
	} bad[] = {
	    {{"\1\4\1x", "\1\2\2xx"}, {4, 5}, 2, 0, "two pieces of three"},
	    {{"\2\0\1x"}, {4}, 1, AUR_EPROTOCOL, "a block for nobody"},
	    {{"\1\4\1x", "\1\2\1x"}, {4, 4}, 2, AUR_EPROTOCOL,
		"a piece that is missing"},
	    {{"\1\4\1x", "\1\7\1x"}, {4, 4}, 2, AUR_EPROTOCOL,
		"a block that grows"},
	    {{"\1\xff\xff\xff\xff\7\1x"}, {8}, 1, AUR_ELIMIT,
		"a block too large"},
	    {{"\1\4\5x"}, {4}, 1, AUR_EPROTOCOL, "a piece cut short"},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		struct ends e = {0};

		tap_eq_int(hear(&e, bad[i].payload, bad[i].n, bad[i].count),
		    bad[i].want, bad[i].name);
		close_ends(&e);
	}
}

static void test_memory(void)
{
	static const size_t size[] = {100000, 300000};
	unsigned long nth = 0;
	bool met = true;
	int rc = 0;

	while (met && fail_begin(++nth)) {
		struct ends e = {.fake = {.block = size, .nblock = 2}};

		rc = begin(&e, true);
		if (rc == 0)
			rc = pass(&e, ALL);
		met = fail_end();
		close_ends(&e);
	}
	tap_ok(rc == 0 && !met, "every allocation fails without harm");
	printf("# %lu allocations\n", nth - 1);
}

int main(void)
{
	for (int bridged = 0; bridged < 2; bridged++) {
		printf("# %s\n", bridged ? "through a bridge" : "direct");
		test_blocks(bridged);
		test_window(bridged);
		test_live(bridged);
		test_stop(bridged);
		test_source(bridged);
		test_none(bridged);
	}
	test_bad_clients();
	test_bad_agents();
	test_memory();
	return tap_done();
}
