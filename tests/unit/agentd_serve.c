/* SPDX-License-Identifier: MIT */
/*
 * Both ends of a connection in one process, with a clock that the test sets:
 * aur_client on one side, serve on the other, dice for a machine.
 */
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/wire_source.h"
#include "wire/client.h"
#include "wire/frame.h"

struct ends {
	struct fake fake;
	struct serve *serve;
	struct aur_client *client;
	struct serve_now now;
	/* what the client saw */
	unsigned hellos, samples, parts, replies, events, pongs, errors, gaps;
	bool same;	 /* the last sample is the one that was taken */
	uint64_t missed; /* of the last sample */
	uint64_t seq;
	uint64_t token;
	int reply_err, error;
	bool reader; /* takes reports, and only reads */
	unsigned reports;
	bool keeps; /* published teams */
	unsigned teams;
	int team_err;
	char team[64];
	uint32_t can;
	char role[16], kind[32], member[32];
};

static void on_hello(void *arg, const struct aur_hello *h)
{
	struct ends *e = arg;

	e->hellos++;
	e->can = h->capabilities;
	snprintf(e->role, sizeof(e->role), "%.*s", (int)h->role.n,
	    (const char *)h->role.p);
}

static void on_part(
    void *arg, struct aur_sample *coming, const struct aur_part *part)
{
	struct ends *e = arg;

	e->parts += coming != NULL && part != NULL;
}

static void on_sample(void *arg, struct aur_sample *s)
{
	struct ends *e = arg;

	e->samples++;
	e->missed = s->missed;
	e->seq = s->seq;
	e->same = same_sample(e->fake.last, s);
}

static void on_event(void *arg, const struct aur_event *event)
{
	struct ends *e = arg;

	e->events++;
	snprintf(e->kind, sizeof(e->kind), "%.*s", (int)event->kind.n,
	    (const char *)event->kind.p);
	for (size_t i = 0; i < event->npair; i++)
		if (aur_slice_is(event->pair[i].key, "member"))
			snprintf(e->member, sizeof(e->member), "%.*s",
			    (int)event->pair[i].value.n,
			    (const char *)event->pair[i].value.p);
}

static void on_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct ends *e = arg;

	e->replies += request > 0;
	e->reply_err = reply->err;
}

static void on_pong(void *arg, uint64_t token)
{
	struct ends *e = arg;

	e->pongs++;
	e->token = token;
}

static void on_error(void *arg, int err, struct aur_slice text)
{
	struct ends *e = arg;

	e->errors += text.n > 0;
	e->error = err;
}

static void on_gap(void *arg, const struct aur_gap *gap)
{
	struct ends *e = arg;

	e->gaps += gap->reason.n > 0;
}

static void on_team(void *arg, const struct aur_team_answer *a)
{
	struct ends *e = arg;
	struct aur_slice s = a->err == 0 ? a->file : a->text;

	e->teams += a->request > 0;
	e->team_err = a->err;
	snprintf(e->team, sizeof(e->team), "%.*s", (int)(s.n < 63 ? s.n : 63),
	    (const char *)s.p);
}

static const struct aur_client_handler handler = {.hello = on_hello,
    .part = on_part,
    .sample = on_sample,
    .event = on_event,
    .reply = on_reply,
    .pong = on_pong,
    .error = on_error,
    .gap = on_gap,
    .team = on_team};

/* One team is kept, under its id; and one that is large. */
static int get_team(
    struct aur_slice id, struct aur_buf *ret_file, struct aur_buf *text)
{
	if (aur_slice_is(id, "large")) {
		uint8_t *p = aur_buf_reserve(ret_file, 1u << 20);

		if (p == NULL)
			return AUR_ENOMEM;
		memset(p, 'x', 1u << 20);
		aur_buf_commit(ret_file, 1u << 20);
		return 0;
	}
	if (aur_slice_is(id, "pixel"))
		return aur_buf_add_str(ret_file, "{}");
	return aur_buf_add_str(text, "no such team") < 0 ? AUR_ENOMEM
							 : AUR_EABSENT;
}

static void on_report(void *arg, const struct aur_event *event)
{
	struct ends *e = (struct ends *)arg;

	e->reports += event->npair == 1;
}

static int open_ends(struct ends *e, bool viewer)
{
	struct serve_options options = {
	    .viewer = viewer, .member = "bob", .uid = 1000};
	struct serve_source source = fake_source(&e->fake);
	int rc;

	if (e->reader) { /* struct fake comes first in struct ends */
		source.act = NULL;
		source.report = on_report;
	}
	if (e->keeps)
		options.team = get_team;
	e->now.mono.ns = 1000 * AUR_SECOND_NS;
	e->now.wall.ns = 1795332309 * AUR_SECOND_NS + 300000000;
	e->fake.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (e->fake.strs == NULL)
		return AUR_ENOMEM;
	rc = serve_new(&e->serve, &source, &options, e->now);
	return rc < 0 ? rc : aur_client_new(&e->client, &handler, e);
}

static void close_ends(struct ends *e)
{
	serve_free(e->serve);
	aur_client_free(e->client);
	fake_release(&e->fake);
}

static void pass_time(struct ends *e, int64_t ms)
{
	e->now.mono.ns += ms * 1000000;
	e->now.wall.ns += ms * 1000000;
}

/* What the agent has goes to the client, in pieces of `size`. */
static int to_client(struct ends *e, size_t size)
{
	int rc = 0;

	while (rc == 0 && serve_out(e->serve).n > 0) {
		struct aur_slice s = serve_out(e->serve);

		if (s.n > size)
			s.n = size;
		rc = aur_client_put(e->client, s);
		serve_sent(e->serve, s.n);
	}
	return rc;
}

static int to_agent(struct ends *e, size_t size)
{
	struct aur_buf *out = aur_client_out(e->client);
	int rc = 0;

	while (rc == 0 && aur_buf_peek(out).n > 0) {
		struct aur_slice s = aur_buf_peek(out);

		if (s.n > size)
			s.n = size;
		rc = serve_put(e->serve, s, e->now);
		aur_buf_take(out, s.n);
	}
	return rc;
}

static int step(struct ends *e)
{
	int rc = to_agent(e, 7);

	if (rc == 0)
		rc = serve_step(e->serve, e->now);
	return rc == 0 ? to_client(e, 13) : rc;
}

static struct aur_want want_all(bool aligned)
{
	struct aur_want w = {.interval = {AUR_SECOND_NS}, .aligned = aligned};

	for (size_t i = 0; i < AUR_ARRAY_LEN(wire_domains); i++)
		w.domains |= (uint64_t)1 << wire_domains[i];
	return w;
}

static void test_samples(void)
{
	struct ends e = {0};
	struct aur_want want = want_all(true);
	int rc = open_ends(&e, false);
	unsigned good = 0;

	want.count = 30;
	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	tap_ok(serve_wait(e.serve, e.now).ns < 0, "nothing is due unasked");
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.hellos == 1 && e.samples == 1 && e.parts > 0,
	    "hello, and the first sample at once");
	tap_eq_str(e.role, "operator", "an operator by default");
	tap_eq_int(serve_wait(e.serve, e.now).ns, 700000000,
	    "the next at a multiple of the interval");
	for (int i = 0; rc == 0 && i < 60; i++) {
		unsigned before = e.samples;

		e.now.mono.ns += serve_wait(e.serve, e.now).ns;
		e.now.wall.ns = e.now.mono.ns +
				(1795332309 - 1000) * AUR_SECOND_NS + 300000000;
		rc = step(&e);
		good += e.samples > before && e.same;
		if (serve_wait(e.serve, e.now).ns < 0)
			break;
	}
	tap_eq_int(rc, 0, "no error");
	tap_eq_u64(e.samples, 30, "as many as were asked for");
	tap_eq_u64(good, 29, "and each as it was taken");
	close_ends(&e);
}

static void test_slow(void)
{
	struct ends e = {0};
	struct aur_want want = want_all(false);
	uint64_t seq;
	int rc = open_ends(&e, false);

	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = step(&e);
	pass_time(&e, 1000);
	if (rc == 0)
		rc = serve_step(e.serve, e.now);
	seq = e.seq;
	for (int i = 0; rc == 0 && i < 5; i++) {
		pass_time(&e, 1000);
		rc = serve_step(e.serve, e.now);
	}
	tap_eq_u64(e.fake.samples, 2, "none is taken while one waits");
	if (rc == 0)
		rc = to_client(&e, 1000);
	tap_ok(e.samples == 2 && e.seq == seq + 1, "that one arrives");
	pass_time(&e, 1000);
	if (rc == 0)
		rc = step(&e);
	tap_ok(
	    rc == 0 && e.samples == 3 && e.same, "the next needs no keyframe");
	tap_eq_u64(e.missed, 5, "and tells of five missed");
	tap_eq_u64(e.seq, seq + 7, "in its number too");
	pass_time(&e, 1000);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.missed == 0 && e.samples == 4, "then none");
	close_ends(&e);
}

static void test_clocks(void)
{
	struct ends e = {0};
	struct aur_want want = want_all(true);
	int rc = open_ends(&e, false);

	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = step(&e);
	e.now.wall.ns -= 7200 * AUR_SECOND_NS;
	pass_time(&e, 700);
	if (rc == 0)
		rc = step(&e);
	tap_eq_u64(e.samples, 2, "the clock was set back: on time");
	tap_ok(serve_wait(e.serve, e.now).ns <= 1500000000,
	    "and no long wait after it");
	e.now.wall.ns += 9999 * AUR_SECOND_NS + 123;
	pass_time(&e, 1500);
	if (rc == 0)
		rc = step(&e);
	tap_eq_u64(e.samples, 3, "set ahead: one sample");
	tap_ok(serve_wait(e.serve, e.now).ns >= 500000000, "not a burst");
	want.aligned = false;
	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = step(&e);
	pass_time(&e, 10300);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.samples == 5, "stopped for ten intervals: one");
	tap_eq_int(serve_wait(e.serve, e.now).ns, 700000000, "then the grid");
	close_ends(&e);
}

static void test_acts(bool viewer)
{
	struct ends e = {0};
	struct aur_act act = {.kind = AUR_ACT_SIGNAL,
	    .pid = 42,
	    .start_ticks = 4200,
	    .value = 15};
	uint64_t id = 0;
	int rc = open_ends(&e, viewer);

	if (rc == 0)
		rc = aur_client_act(e.client, &act, &id);
	if (rc == 0)
		rc = aur_client_ping(e.client, 12345);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.replies == 1 && e.pongs == 1 && e.token == 12345,
	    "a reply and a pong");
	if (viewer) {
		tap_eq_str(e.role, "viewer", "a viewer");
		tap_eq_int(e.reply_err, AUR_EDENIED, "may not act");
		tap_ok(e.fake.acts == 0 && e.events == 0, "nothing was done");
	} else {
		tap_ok(e.fake.acts == 1 && e.fake.act.pid == 42 &&
			   e.fake.act.start_ticks == 4200 &&
			   e.fake.act.value == 15,
		    "done to the one that was meant");
		tap_ok(e.events == 1 && strcmp(e.kind, "process_signal") == 0,
		    "and told as an event");
		tap_eq_str(e.member, "bob", "with the member");
	}
	act.kind = AUR_ACT_AFFINITY;
	act.cpus.word[0] = 7;
	if (rc == 0)
		rc = aur_client_act(e.client, &act, &id);
	if (rc == 0)
		rc = step(&e);
	if (viewer)
		tap_ok(e.fake.acts == 0 && e.reply_err == AUR_EDENIED,
		    "a viewer may not set CPUs");
	else
		tap_ok(e.fake.act.kind == AUR_ACT_AFFINITY &&
			   e.fake.act.cpus.word[0] == 7 &&
			   strcmp(e.kind, "process_affinity") == 0,
		    "CPUs arrive, and are told");
	act.kind = AUR_ACT_IO_PRIORITY;
	act.value = AUR_IO_PRIORITY(AUR_IO_IDLE, 0);
	if (rc == 0)
		rc = aur_client_act(e.client, &act, &id);
	if (rc == 0)
		rc = step(&e);
	tap_ok(viewer ? e.fake.acts == 0 && e.reply_err == AUR_EDENIED
		      : e.fake.act.kind == AUR_ACT_IO_PRIORITY &&
			    e.fake.act.value == act.value &&
			    strcmp(e.kind, "process_io_priority") == 0,
	    "I/O priority as well");
	act.kind = AUR_ACT_NICE;
	e.fake.act_err = AUR_ECHANGED;
	if (rc == 0)
		rc = aur_client_act(e.client, &act, &id);
	if (rc == 0)
		rc = step(&e);
	tap_eq_int(
	    e.reply_err, viewer ? AUR_EDENIED : AUR_ECHANGED, "a failure");
	tap_eq_u64(e.events, viewer ? 0 : 3, "is no event");
	close_ends(&e);
}

/* The file of a team: also for a viewer; where none is kept nobody asks. */
static void test_teams(void)
{
	struct ends e = {.keeps = true};
	uint64_t id = 0;
	int rc = open_ends(&e, true);

	tap_eq_int(aur_client_team(e.client, aur_slice_str("pixel"), &id),
	    AUR_EUNSUPPORTED, "before the hello nobody asks for a team");
	if (rc == 0)
		rc = step(&e);
	tap_ok((e.can & AUR_CAN(TEAM)) != 0, "this agent keeps teams");
	if (rc == 0)
		rc = aur_client_team(e.client, aur_slice_str("pixel"), &id);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.teams == 1 && e.team_err == 0, "a viewer asks");
	tap_eq_str(e.team, "{}", "and has the file");
	if (rc == 0)
		rc = aur_client_team(e.client, aur_slice_str("other"), &id);
	if (rc == 0)
		rc = step(&e);
	tap_ok(
	    e.teams == 2 && e.team_err == AUR_EABSENT, "another is not there");
	tap_eq_str(e.team, "no such team", "which is said");
	for (int i = 0; i < 3 && rc == 0; i++)
		rc = aur_client_team(e.client, aur_slice_str("large"), &id);
	if (rc == 0)
		rc = to_agent(&e, 4096);
	tap_ok(serve_out(e.serve).n < (2u << 20),
	    "of many that are asked for at once one is in the output");
	if (rc == 0)
		rc = to_client(&e, 65536);
	tap_ok(rc == 0 && e.teams == 5 && e.team_err == AUR_EBUSY,
	    "the others are told so");
	close_ends(&e);
	e = (struct ends){.keeps = false};
	rc = open_ends(&e, false);
	if (rc == 0)
		rc = step(&e);
	tap_eq_int(aur_client_team(e.client, aur_slice_str("pixel"), &id),
	    AUR_EUNSUPPORTED, "one that keeps none is not asked");
	close_ends(&e);
}

/* Samples as a service gives them: to who is due and has taken the last. */
static void test_given(void)
{
	static const struct aur_span early = {10000000};
	struct ends e = {.fake = {.gives = true}};
	struct aur_want want = want_all(true);
	struct aur_sample *s = NULL;
	int rc = open_ends(&e, false);

	tap_ok(serve_want(e.serve) == NULL, "nothing is wanted at first");
	want.count = 3;
	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.fake.samples == 0, "who gives is not asked");
	tap_ok(serve_want(e.serve) != NULL && serve_is_fresh(e.serve) &&
		   serve_turn(e.serve, e.now, early),
	    "the first is due at once");
	for (int i = 0; rc == 0 && i < 3; i++) {
		aur_sample_unref(s);
		s = NULL;
		rc = fake_sample(&e.fake, NULL, NULL, &s);
		if (rc == 0)
			rc = serve_give(e.serve, s, e.now);
		if (rc == 0 && i == 0) {
			pass_time(&e, 695);
			tap_ok(!serve_turn(e.serve, e.now, early),
			    "a slow reader has no turn, 5 ms early");
			rc = to_client(&e, 100);
			tap_ok(!serve_turn(e.serve, e.now, early),
			    "nor twice for one instant");
			pass_time(&e, 1000);
			tap_ok(serve_turn(e.serve, e.now, early),
			    "but at the next");
			continue;
		}
		if (rc == 0)
			rc = to_client(&e, 100);
		if (i == 1)
			tap_eq_u64(e.missed, 1, "which tells of the loss");
	}
	tap_ok(rc == 0 && e.samples == 3 && !serve_is_fresh(e.serve) &&
		   serve_want(e.serve) == NULL,
	    "as many as were asked for");
	aur_sample_unref(s);
	close_ends(&e);
}

/* A service: it reads, and hears what others did. */
static void test_reader(void)
{
	struct ends e = {.reader = true};
	struct aur_act act = {.kind = AUR_ACT_SIGNAL, .pid = 42, .value = 9};
	struct aur_event event = {.kind = aur_slice_str("process_signal"),
	    .npair = 1,
	    .pair = {{aur_slice_str("pid"), aur_slice_str("42")}}};
	uint64_t id;
	int rc = open_ends(&e, false);

	tap_eq_int(aur_client_report(e.client, &event), AUR_EUNSUPPORTED,
	    "no report before hello");
	if (rc == 0)
		rc = step(&e);
	tap_eq_str(e.role, "viewer", "who only reads says so");
	tap_ok((e.can & (AUR_CAN(ACT) | AUR_CAN(AFFINITY) | AUR_CAN(REPORT))) ==
		   AUR_CAN(REPORT),
	    "and what it can do");
	if (rc == 0)
		rc = aur_client_act(e.client, &act, &id);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.reply_err == AUR_EDENIED && e.fake.acts == 0 &&
		   e.events == 0,
	    "it does nothing to anyone");
	if (rc == 0)
		rc = aur_client_report(e.client, &event);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.reports == 1, "it takes reports");
	if (rc == 0)
		rc = serve_event(e.serve, &event);
	if (rc == 0)
		rc = to_client(&e, 100);
	tap_ok(rc == 0 && e.events == 1, "and tells of events");
	close_ends(&e);
}

static void test_gap(void)
{
	struct ends e = {0};
	struct aur_want want = want_all(false);
	int rc = open_ends(&e, false);

	e.fake.sample_err = AUR_ENOMEM;
	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.samples == 0 && e.gaps == 1, "a gap is told");
	pass_time(&e, 1000);
	if (rc == 0)
		rc = step(&e);
	tap_ok(rc == 0 && e.samples == 1 && e.same, "and samples go on");
	close_ends(&e);
}

/* What an agent makes of bytes that are no client's. */
static void test_garbage(const char *text, size_t n, int want, const char *name)
{
	struct ends e = {0};
	int rc = open_ends(&e, false);

	if (rc == 0)
		rc = serve_put(e.serve, aur_slice_of(text, n), e.now);
	tap_eq_int(rc, want, name);
	if (to_client(&e, 1000) < 0)
		tap_ok(false, "the client can read the error");
	tap_ok(e.errors == 1 && e.error == want, "  with an error message");
	tap_eq_int(serve_step(e.serve, e.now), want, "  and it is over");
	close_ends(&e);
}

static void test_bad_clients(void)
{
	static const char ping_first[] = AUR_WIRE_PREAMBLE "\3\0\3\0";
	static const char long_frame[] = AUR_WIRE_PREAMBLE "\xff\xff\xff\x7f";
	static const char long_ask[] = AUR_WIRE_PREAMBLE "\x81\x80\x04";

	test_garbage("GET / HTTP/1.1\r\n\r\n", 18, AUR_EPROTOCOL, "no client");
	test_garbage(AUR_WIRE_MAGIC "9\n", sizeof(AUR_WIRE_MAGIC) + 1,
	    AUR_EVERSION, "a later client");
	test_garbage(ping_first, sizeof(ping_first) - 1, AUR_EPROTOCOL,
	    "a ping before hello");
	test_garbage(
	    long_frame, sizeof(long_frame) - 1, AUR_ELIMIT, "a long frame");
	test_garbage(
	    long_ask, sizeof(long_ask) - 1, AUR_ELIMIT, "64 KB and a byte");
}

/* What a client makes of an agent's bytes: `noise` before the magic, then
 * frames. */
static int hear(struct ends *e, size_t noise, const char *more, size_t n)
{
	static const char chatter[] = "Welcome!\nAURORA-WIRE no\n";
	int rc = open_ends(e, false);

	for (size_t i = 0; rc == 0 && i < noise; i++)
		rc = aur_client_put(e->client,
		    aur_slice_of(&chatter[i % (sizeof(chatter) - 1)], 1));
	if (rc == 0)
		rc = to_client(e, 5);
	return rc < 0 ? rc : aur_client_put(e->client, aur_slice_of(more, n));
}

static void test_agent(
    const char *more, size_t n, size_t noise, int want, const char *name)
{
	struct ends e = {0};
	int rc = hear(&e, noise, more, n);

	tap_eq_int(rc, want, name);
	if (want < 0)
		tap_ok(aur_client_error(e.client) != NULL &&
			   aur_client_put(e.client, aur_slice_str("x")) == want,
		    "  %s",
		    aur_client_error(e.client) ? aur_client_error(e.client)
					       : "(no reason)");
	close_ends(&e);
}

static void test_bad_agents(void)
{
	test_agent("", 0, 60000, 0, "60 KB of noise are skipped");
	test_agent("", 0, 70000, AUR_EPROTOCOL, "70 KB are not");
	test_agent("\4\1\x7f..", 5, 0, 0, "an unknown message is skipped");
	test_agent("\2\1\x31", 3, 0, AUR_EPROTOCOL, "a part of no stream");
	test_agent("\5\1\x20\1x\0\3\1\x31\0", 10, 0, AUR_EPROTOCOL,
	    "a part outside of a sample");
	test_agent("\5\1\x20\1x\0\2\1\x32", 9, 0, AUR_EPROTOCOL,
	    "an end without a begin");
	test_agent("\5\1\x20\1x\0\6\1\x30\0\0\0\0", 13, 0, AUR_EPROTOCOL,
	    "a delta of nothing");
	test_agent("\2\0\x60", 3, 0, AUR_EPROTOCOL, "a broken reply");
	test_agent(
	    "\5\0\x60\1\0\0", 6, 0, AUR_EPROTOCOL, "a reply to no request");
	test_agent("\xff\xff\xff\xff\x7f", 5, 0, AUR_ELIMIT, "a long frame");
}

static void test_memory(void)
{
	unsigned long nth = 0;
	bool met = true;
	int rc = 0;

	while (met && fail_begin(++nth)) {
		struct ends e = {0};
		struct aur_want want = want_all(false);

		dice_state = 99;
		rc = open_ends(&e, false);
		if (rc == 0)
			rc = aur_client_want(e.client, &want);
		for (int i = 0; rc == 0 && i < 3; i++) {
			rc = step(&e);
			pass_time(&e, 1000);
		}
		met = fail_end();
		close_ends(&e);
		/* a sample that failed is a gap, no error */
		if (rc < 0 && rc != AUR_ENOMEM)
			break;
	}
	tap_ok(rc == 0 && !met, "every allocation fails without harm");
	printf("# %lu allocations\n", nth - 1);
}

int main(void)
{
	test_samples();
	test_slow();
	test_clocks();
	test_acts(false);
	test_acts(true);
	test_teams();
	test_given();
	test_reader();
	test_gap();
	test_bad_clients();
	test_bad_agents();
	test_memory();
	return tap_done();
}
