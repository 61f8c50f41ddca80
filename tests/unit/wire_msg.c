/* SPDX-License-Identifier: MIT */
/*
 * Frames and small messages: golden bytes for each type, kept for ever, and
 * what a take refuses. `wire_msg --write` writes the golden files anew, for a
 * message that is new; an old file must never change.
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/varint.h"
#include "tests/harness/tap.h"
#include "tests/unit/wire_sample.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/frame.h"
#include "wire/msg.h"

#include <stdlib.h>

static bool writing;

static FILE *golden(const char *name, const char *mode)
{
	const char *root = getenv("AUR_SRCDIR");
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/golden/frames/%s.bin",
	    root != NULL ? root : ".", name);
	return fopen(path, mode);
}

/* Compares frames with the file of that name. */
static void check(const char *name, struct aur_slice got)
{
	static uint8_t want[65536];
	FILE *f = golden(name, writing ? "wb" : "rb");
	size_t n = 0;

	if (f == NULL) {
		tap_ok(false, "%s: no golden file", name);
		return;
	}
	if (writing)
		n = fwrite(got.p, 1, got.n, f);
	else
		n = fread(want, 1, sizeof(want), f);
	fclose(f);
	if (writing)
		tap_eq_u64(n, got.n, name);
	else
		tap_eq_bytes(got.p, got.n, want, n, name);
}

/* Frames a payload, compares it, and gives it back from the frame. */
static struct aur_slice through(
    struct aur_buf *out, struct aur_buf *body, enum aur_msg type)
{
	struct aur_frame f = {0};
	struct aur_slice in;

	aur_buf_clear(out);
	if (aur_frame_add(out, 0, type, aur_buf_peek(body)) < 0)
		return aur_slice_of(NULL, 0);
	check(aur_msg_name(type), aur_buf_peek(out));
	in = aur_buf_peek(out);
	tap_eq_int(aur_frame_take(&in, &f), 1, "  is a frame");
	tap_ok(f.type == type && in.n == 0, "  of its type, whole");
	aur_buf_clear(body);
	return f.payload;
}

static void test_hello(struct aur_buf *out, struct aur_buf *b)
{
	struct aur_hello h = {.version = 1,
	    .agent = aur_slice_str("0.1.0"),
	    .mode = aur_slice_str("direct"),
	    .role = aur_slice_str("viewer"),
	    .recording = true,
	    .wall = {1795332309120000000},
	    .capabilities = AUR_CAN(SAMPLE) | AUR_CAN(EVENT)};
	struct aur_hello got = {0};
	int rc = aur_hello_put(b, &h);

	tap_eq_int(rc, 0, "hello");
	rc = aur_hello_take(through(out, b, AUR_MSG_HELLO), &got);
	tap_ok(
	    rc == 0 && got.version == 1 && aur_slice_is(got.agent, "0.1.0") &&
		aur_slice_is(got.mode, "direct") &&
		aur_slice_is(got.role, "viewer") && got.recording &&
		got.wall.ns == h.wall.ns && got.capabilities == h.capabilities,
	    "  comes back");
	tap_ok(got.sight == AUR_SIGHT_UNKNOWN, "  and says nothing of sight");
	h.sight = AUR_SIGHT_ALL;
	aur_buf_clear(out);
	rc = aur_hello_put(b, &h);
	if (rc == 0)
		rc = aur_frame_add(out, 0, AUR_MSG_HELLO, aur_buf_peek(b));
	check("hello_service", aur_buf_peek(out));
	if (rc == 0)
		rc = aur_hello_take(aur_buf_peek(b), &got);
	tap_ok(rc == 0 && got.sight == AUR_SIGHT_ALL, "  a service's does");
	aur_buf_clear(b);
}

static void test_small(struct aur_buf *out, struct aur_buf *b)
{
	struct aur_error e = {AUR_EPROTOCOL, aur_slice_str("no")}, e2 = {0};
	struct aur_gap g = {{5}, {7000000000}, aur_slice_str("nomem")}, g2;
	uint64_t token = 0;
	int rc = aur_error_put(b, &e);

	tap_eq_int(rc, 0, "error");
	rc = aur_error_take(through(out, b, AUR_MSG_ERROR), &e2);
	tap_ok(rc == 0 && e2.err == e.err && aur_slice_is(e2.text, "no"),
	    "  comes back");
	rc = aur_ping_put(b, 300);
	tap_eq_int(rc, 0, "ping");
	rc = aur_ping_take(through(out, b, AUR_MSG_PING), &token);
	tap_ok(rc == 0 && token == 300, "  comes back");
	rc = aur_ping_put(b, UINT64_MAX);
	tap_eq_int(rc, 0, "pong");
	rc = aur_ping_take(through(out, b, AUR_MSG_PONG), &token);
	tap_ok(rc == 0 && token == UINT64_MAX, "  comes back");
	rc = aur_gap_put(b, &g);
	tap_eq_int(rc, 0, "gap");
	rc = aur_gap_take(through(out, b, AUR_MSG_GAP), &g2);
	tap_ok(rc == 0 && g2.from.ns == 5 && g2.to.ns == 7000000000 &&
		   aur_slice_is(g2.reason, "nomem"),
	    "  comes back");
	/* no payload: a stream that ends */
	through(out, b, AUR_MSG_STREAM_CLOSE);
}

static void test_want(struct aur_buf *out, struct aur_buf *b)
{
	struct aur_want w = {
	    .domains = AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = AUR_WANT_PROCESS(name) | AUR_WANT_PROCESS(rss),
	    .interval = {1500000000},
	    .count = 3,
	    .aligned = true,
	    .nclose = 2,
	    .close = {1, 70000},
	    .close_fields = AUR_WANT_PROCESS(open_files)};
	struct aur_want got;
	int rc = aur_want_put(b, &w);

	tap_eq_int(rc, 0, "subscribe");
	rc = aur_want_take(through(out, b, AUR_MSG_SUBSCRIBE), &got);
	tap_ok(rc == 0 && memcmp(&got, &w, sizeof(w)) == 0, "  comes back");
	w.interval.ns = 99999999;
	rc = aur_want_put(b, &w);
	if (rc == 0)
		rc = aur_want_take(aur_buf_peek(b), &got);
	tap_eq_int(rc, AUR_ERANGE, "  not below 0.1 s");
	aur_buf_clear(b);
}

static void test_acts(struct aur_buf *out, struct aur_buf *b)
{
	struct aur_request r = {7, {5000000000},
	    {.kind = AUR_ACT_NICE,
		.pid = 4242,
		.start_ticks = 99887766,
		.value = -20}};
	struct aur_request got = {0};
	struct aur_reply y = {7, {AUR_ECHANGED, aur_slice_str("gone")}}, y2;
	int rc = aur_request_put(b, &r);

	tap_eq_int(rc, 0, "renice");
	rc = aur_request_take(
	    through(out, b, AUR_MSG_RENICE), AUR_ACT_NICE, &got);
	tap_ok(rc == 0 && got.id == 7 && got.act.value == -20 &&
		   got.act.pid == 4242 && got.act.start_ticks == 99887766 &&
		   got.deadline.ns == 5000000000 &&
		   got.act.kind == AUR_ACT_NICE,
	    "  comes back");
	r.act.value = 15;
	rc = aur_request_put(b, &r);
	tap_eq_int(rc, 0, "signal");
	rc = aur_request_take(
	    through(out, b, AUR_MSG_SIGNAL), AUR_ACT_SIGNAL, &got);
	tap_ok(rc == 0 && got.act.value == 15, "  comes back");
	r.act = (struct aur_act){.kind = AUR_ACT_AFFINITY,
	    .pid = 4242,
	    .start_ticks = 99887766,
	    .cpus = {{5, 1}}};
	rc = aur_request_put(b, &r);
	tap_eq_int(rc, 0, "affinity");
	rc = aur_request_take(
	    through(out, b, AUR_MSG_AFFINITY), AUR_ACT_AFFINITY, &got);
	tap_ok(rc == 0 && memcmp(&got.act, &r.act, sizeof(r.act)) == 0,
	    "  comes back");
	tap_eq_int(aur_request_take(aur_slice_of("\1\0\1\1\0\21", 6),
		       AUR_ACT_AFFINITY, &got) < 0,
	    1, "  not with 17 words");
	r.act = (struct aur_act){.kind = AUR_ACT_IO_PRIORITY,
	    .pid = 4242,
	    .start_ticks = 99887766,
	    .value = AUR_IO_PRIORITY(AUR_IO_IDLE, 0)};
	rc = aur_request_put(b, &r);
	tap_eq_int(rc, 0, "io_priority");
	rc = aur_request_take(
	    through(out, b, AUR_MSG_IO_PRIORITY), AUR_ACT_IO_PRIORITY, &got);
	tap_ok(rc == 0 && memcmp(&got.act, &r.act, sizeof(r.act)) == 0,
	    "  comes back");
	rc = aur_reply_put(b, &y);
	tap_eq_int(rc, 0, "reply");
	rc = aur_reply_take(through(out, b, AUR_MSG_REPLY), &y2);
	tap_ok(rc == 0 && y2.request == 7 && y2.reply.err == AUR_ECHANGED &&
		   aur_slice_is(y2.reply.text, "gone"),
	    "  comes back");
}

static void test_team(struct aur_buf *out, struct aur_buf *b)
{
	static const char id[] = "0123456789abcdef";
	struct aur_team_ask ask = {9, aur_slice_str(id)}, ask2 = {0};
	struct aur_team_answer a = {.request = 9}, got = {0};
	int rc = aur_team_ask_put(b, &ask);

	tap_eq_int(rc, 0, "team_ask");
	rc = aur_team_ask_take(through(out, b, AUR_MSG_TEAM_ASK), &ask2);
	tap_ok(rc == 0 && ask2.id == 9 && aur_slice_is(ask2.team, id),
	    "  comes back");
	a.file = aur_slice_str("{\"name\": \"pixel\"}\n");
	rc = aur_team_answer_put(b, &a);
	tap_eq_int(rc, 0, "team");
	rc = aur_team_answer_take(through(out, b, AUR_MSG_TEAM), &got);
	tap_ok(rc == 0 && got.request == 9 && got.err == 0 && got.text.n == 0 &&
		   aur_slice_eq(got.file, a.file),
	    "  comes back");
	a = (struct aur_team_answer){
	    9, AUR_EABSENT, aur_slice_str("no"), {NULL, 0}};
	rc = aur_team_answer_put(b, &a);
	if (rc == 0)
		rc = aur_team_answer_take(aur_buf_peek(b), &got);
	tap_ok(rc == 0 && got.err == AUR_EABSENT && got.file.n == 0 &&
		   aur_slice_is(got.text, "no"),
	    "  and so does why there is none");
	aur_buf_clear(b);
	a.file.n = AUR_MAX_TEAM_FILE + 1;
	tap_eq_int(aur_team_answer_put(b, &a), AUR_ELIMIT, "  not a huge one");
	aur_buf_clear(b);
	tap_eq_int(aur_team_answer_take(aur_slice_of("\1\0\0\5abcd", 8), &got),
	    AUR_EPROTOCOL, "  a file that is cut is refused");
	tap_eq_int(
	    aur_team_answer_take(aur_slice_of("\1\0\0\201\200\200\4", 7), &got),
	    AUR_ELIMIT, "  and a length beyond the maximum");
}

static void test_backfill(struct aur_buf *out, struct aur_buf *b)
{
	struct aur_backfill_ask a = {
	    9, {.kinds = AUR_KEPT_SYSTEM | AUR_KEPT_EVENTS,
		   .from = {1795332309000000000},
		   .to = {1795335909000000000}}};
	struct aur_backfill_ask a2 = {0};
	struct aur_piece p = {9, 70000, aur_slice_str("some bytes")}, p2 = {0};
	struct aur_more m = {9, 65536}, m2 = {0};
	static const uint8_t huge[AUR_MAX_PIECE + 1];
	int rc = aur_backfill_put(b, &a);

	tap_eq_int(rc, 0, "backfill");
	rc = aur_backfill_take(through(out, b, AUR_MSG_BACKFILL), &a2);
	tap_ok(rc == 0 && a2.request == 9 && a2.what.kinds == a.what.kinds &&
		   a2.what.from.ns == a.what.from.ns &&
		   a2.what.to.ns == a.what.to.ns,
	    "  comes back");
	rc = aur_piece_put(b, &p);
	tap_eq_int(rc, 0, "block");
	rc = aur_piece_take(through(out, b, AUR_MSG_BLOCK), &p2);
	tap_ok(rc == 0 && p2.request == 9 && p2.left == 70000 &&
		   aur_slice_is(p2.bytes, "some bytes"),
	    "  comes back");
	rc = aur_more_put(b, &m);
	tap_eq_int(rc, 0, "more");
	rc = aur_more_take(through(out, b, AUR_MSG_MORE), &m2);
	tap_ok(rc == 0 && m2.request == 9 && m2.bytes == 65536, "  comes back");

	p.bytes = aur_slice_of(huge, sizeof(huge));
	tap_eq_int(aur_piece_put(b, &p), AUR_ELIMIT, "no larger piece");
	aur_buf_clear(b);
	p.bytes.n = 2;
	p.left = AUR_MAX_BLOCK - 1;
	rc = aur_piece_put(b, &p);
	if (rc == 0)
		rc = aur_piece_take(aur_buf_peek(b), &p2);
	tap_eq_int(rc, AUR_ELIMIT, "nor a larger block");
	aur_buf_clear(b);
	tap_eq_int(aur_piece_take(aur_slice_of("\11\0\0", 3), &p2),
	    AUR_EPROTOCOL, "nor a piece of nothing");
}

static void test_event(struct aur_buf *out, struct aur_buf *b)
{
	struct aur_event e = {.boot_id = "0123456789abcde",
	    .number = 300,
	    .when = {1795332309120000000},
	    .kind = aur_slice_str("process_signal"),
	    .npair = 2,
	    .pair = {{aur_slice_str("pid"), aur_slice_str("42")},
		{aur_slice_str("name"), aur_slice_str("a\nb")}}};
	struct aur_event got;
	int rc = aur_event_put(b, &e);

	tap_eq_int(rc, 0, "event");
	rc = aur_event_take(through(out, b, AUR_MSG_EVENT), &got);
	tap_ok(rc == 0 && got.number == 300 && got.npair == 2 &&
		   memcmp(got.boot_id, e.boot_id, 16) == 0 &&
		   got.when.ns == e.when.ns &&
		   aur_slice_is(got.kind, "process_signal") &&
		   aur_slice_is(got.pair[1].value, "a\nb"),
	    "  comes back");
	rc = aur_event_put(b, &e);
	tap_eq_int(rc, 0, "report");
	rc = aur_event_take(through(out, b, AUR_MSG_REPORT), &got);
	tap_ok(rc == 0 && got.number == 300 && got.npair == 2, "  the same");
}

/* A host of three parts, twice: a keyframe and a delta. The domain is ours,
 * so that the catalogue may grow. */
static struct aur_sample *make_sample(
    struct aur_strs *strs, const struct aur_domain *d, uint64_t step)
{
	struct aur_sample *s = aur_sample_new(strs);
	struct aur_part *p = aur_sample_part(s, d);

	s->mono.ns = 1000000000 + (int64_t)step * 1000000000;
	s->boot.ns = s->mono.ns + 50;
	s->wall.ns = s->mono.ns + 1795332309000000000;
	s->interval.ns = 1000000000;
	s->seq = 1 + step;
	memcpy(s->boot_id, "0123456789abcdef", 16);
	for (uint64_t pid = 1 + step; pid < 5 + step; pid++) {
		ptrdiff_t i =
		    aur_part_add(p, (struct aur_key){{pid, 100 * pid}});

		if (i < 0 || aur_part_set_text(p, (size_t)i, 0,
				 aur_slice_str(pid & 1 ? "sh" : "sleep")) < 0)
			break;
		aur_part_set(p, (size_t)i, 1, pid * 4096 * (1 + step % 2));
		aur_part_set(p, (size_t)i, 2, pid == 3 ? 1000 + step : 7);
		if (step == 0)
			aur_part_set(p, (size_t)i, 3, (uint64_t)-5);
	}
	return s;
}

static void test_samples(struct aur_buf *out)
{
	static const struct aur_field field[] = {
	    {"name", "", AUR_KIND_STR, AUR_SEM_INFO, AUR_UNIT_NONE, 0},
	    {"rss", "", AUR_KIND_U64, AUR_SEM_GAUGE, AUR_UNIT_BYTES, 0},
	    {"cpu", "", AUR_KIND_U64, AUR_SEM_COUNTER, AUR_UNIT_SECONDS, -9},
	    {"nice", "", AUR_KIND_I64, AUR_SEM_GAUGE, AUR_UNIT_NONE, 0}};
	static const struct aur_domain d = {
	    "golden", "", AUR_DOMAIN_COUNT, 4, AUR_KEY_PROCESS, "pid", field};
	static const struct aur_domain *const list[] = {&d};
	static const char *const names[] = {"sample_key", "sample_delta"};
	struct aur_strs *near = aur_strs_new(1 << 20);
	struct aur_strs *far = aur_strs_new(1 << 20);
	struct aur_encoder *e = NULL;
	struct aur_decoder *dec = NULL;
	const struct aur_part *part = NULL;
	struct aur_sample *got = NULL;
	struct aur_frame f;
	struct aur_slice in;
	int rc = aur_encoder_new(&e, 1);

	if (rc == 0)
		rc = aur_decoder_new(&dec, far);
	aur_buf_clear(out);
	if (rc == 0)
		rc = aur_encoder_open(e, "live", list, 1, out);
	check("stream_open", aur_buf_peek(out));
	in = aur_buf_peek(out);
	if (rc == 0 && aur_frame_take(&in, &f) == 1)
		rc = aur_decoder_open(dec, f.payload);
	tap_eq_int(rc, 0, "  is read");
	for (uint64_t step = 0; rc == 0 && step < 2; step++) {
		struct aur_sample *s = make_sample(near, &d, step);

		aur_buf_clear(out);
		rc = aur_encoder_sample(e, s, out);
		check(names[step], aur_buf_peek(out));
		in = aur_buf_peek(out);
		while (rc == 0 && aur_frame_take(&in, &f) == 1) {
			if (f.type == AUR_MSG_SAMPLE_BEGIN)
				rc = aur_decoder_begin(dec, f.payload);
			else if (f.type == AUR_MSG_PART)
				rc = aur_decoder_part(dec, f.payload, &part);
			else
				rc = aur_decoder_end(dec, f.payload, &got);
		}
		tap_eq_int(rc, 0, "  is read");
		tap_ok(got != NULL && got->mono.ns == s->mono.ns &&
			   got->npart == 1 && got->part[0].domain != &d &&
			   strcmp(got->part[0].domain->name, "golden") == 0 &&
			   got->part[0].domain->field[2].scale == -9,
		    "  as a domain of the stream");
		tap_ok(got != NULL && same_part(&s->part[0], &got->part[0]),
		    "  and says the same");
		/* it outlives its stream: see the end */
		if (step == 0)
			aur_sample_unref(got);
		aur_sample_unref(s);
	}
	aur_decoder_free(dec);
	tap_ok(got != NULL && got->part[0].n == 4 &&
		   strcmp(got->part[0].domain->field[1].name, "rss") == 0,
	    "a sample keeps its domains when the stream is gone");
	aur_sample_unref(got);
	aur_encoder_free(e);
	aur_strs_unref(near);
	aur_strs_unref(far);
}

static void test_frames(struct aur_buf *out)
{
	static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 0x0f};
	static const uint8_t endless[] = {
	    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
	static const uint8_t bare[] = {1, 0};
	struct aur_slice in;
	struct aur_frame f;

	aur_buf_clear(out);
	if (aur_frame_add(out, 300, AUR_MSG_PING, aur_slice_str("xyz")) < 0)
		tap_ok(false, "a frame can be made");
	for (size_t n = 0; n < aur_buf_peek(out).n; n++) {
		in = aur_slice_of(aur_buf_peek(out).p, n);
		if (aur_frame_take(&in, &f) != 0)
			tap_ok(false, "%zu bytes are no whole frame", n);
	}
	in = aur_buf_peek(out);
	tap_ok(aur_frame_take(&in, &f) == 1 && f.stream == 300 &&
		   f.type == AUR_MSG_PING && f.payload.n == 3,
	    "a frame comes back, and no part of it does");
	in = aur_slice_of(huge, sizeof(huge));
	tap_eq_int(aur_frame_take(&in, &f), AUR_ELIMIT, "too long");
	in = aur_buf_peek(out);
	tap_eq_int(aur_frame_take_most(&in, 4, &f), AUR_ELIMIT, "or at 4");
	in = aur_slice_of(endless, sizeof(endless));
	tap_eq_int(aur_frame_take(&in, &f), AUR_EPROTOCOL, "no length");
	in = aur_slice_of(bare, sizeof(bare));
	tap_eq_int(aur_frame_take(&in, &f), AUR_EPROTOCOL, "no type");
	tap_eq_str(aur_msg_name(48), "sample_begin", "names of messages");
	tap_eq_str(aur_msg_name(47), "unknown", "and of none");
}

int main(int argc, char **argv)
{
	struct aur_buf out, body;

	writing = argc > 1 && strcmp(argv[1], "--write") == 0;
	aur_buf_init(&out, AUR_MAX_FRAME);
	aur_buf_init(&body, AUR_MAX_FRAME);
	test_frames(&out);
	test_hello(&out, &body);
	test_small(&out, &body);
	test_want(&out, &body);
	test_acts(&out, &body);
	test_team(&out, &body);
	test_backfill(&out, &body);
	test_event(&out, &body);
	test_samples(&out);
	aur_buf_release(&out);
	aur_buf_release(&body);
	return tap_done();
}
