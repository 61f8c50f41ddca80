/* SPDX-License-Identifier: MIT */
/*
 * lib/fleet/link: a link's states over a transport that does what the test
 * says, with an agent of dice behind it and figures of milliseconds.
 */
#include "tests/harness/tap.h"
#include "tests/unit/wire_source.h"

#include "base/mem.h"
#include "fleet/link_int.h"

struct script {
	struct aur__transport transport; /* first */
	const struct aur__transport_handler *handler;
	void *arg;
};

struct state {
	struct aur_loop *loop;
	struct aur_timer *guard, *tick;
	struct aur__pace pace;
	struct aur_fleet_options options;
	struct aur__world world;
	struct aur_fleet_host spec;
	struct aur__link link;
	uint8_t chunk[AUR__READ_CHUNK];

	struct script *script; /* the transport that is open */
	struct fake fake;
	struct serve *serve; /* the agent behind it, or NULL: nobody */
	const char *garbage; /* said instead */
	bool frozen;

	unsigned opens, entered, left, refused, accepted, asked, jumps, states;
	unsigned replies, steps[3];
	enum aur_host_state until;
	unsigned samples_until, opens_until;
	int open_err, reply_err;
	bool unfit, was_refused, late, keeps;
	unsigned blocks;
	char answer[32];
};

static struct state *state;

static struct serve_now now(void)
{
	return (struct serve_now){aur_clock_mono(), aur_clock_wall()};
}

/* --- the transport -------------------------------------------------------- */

static int script_open(struct aur__transport **ret_t,
    const struct aur__transport_need *need, struct aur__failure *why)
{
	struct script *t;

	state->opens++;
	if (state->open_err < 0) {
		snprintf(why->what, sizeof why->what, "no way");
		return state->open_err;
	}
	t = aur_mem_new(1, sizeof *t);
	if (t == NULL)
		return AUR_ENOMEM;
	t->handler = need->handler;
	t->arg = need->arg;
	state->script = t;
	*ret_t = &t->transport;
	if (state->opens == state->opens_until)
		aur_loop_stop(state->loop);
	return 0;
}

static int64_t script_read(struct aur__transport *t, uint8_t *p, size_t n)
{
	struct aur_slice s;

	(void)t;
	if (state->garbage != NULL) {
		size_t all = strlen(state->garbage);

		if (all > n)
			all = n;
		memcpy(p, state->garbage, all);
		state->garbage = NULL;
		return (int64_t)all;
	}
	if (state->serve == NULL || state->frozen)
		return 0;
	s = serve_out(state->serve);
	if (s.n > n)
		s.n = n;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	serve_sent(state->serve, s.n);
	return (int64_t)s.n;
}

static int64_t script_write(struct aur__transport *t, struct aur_slice s)
{
	(void)t;
	if (state->serve != NULL && serve_put(state->serve, s, now()) < 0)
		return AUR_ECLOSED;
	return (int64_t)s.n;
}

static void script_answer(struct aur__transport *t, const char *text)
{
	(void)t;
	snprintf(state->answer, sizeof state->answer, "%s",
	    text != NULL ? text : "(none)");
}

static void script_free(struct aur__transport *t)
{
	if (t == NULL)
		return;
	state->script = NULL;
	aur_mem_free(t);
}

static const struct aur__transport_class script_class = {
    .name = "script",
    .remote = true,
    .open = script_open,
    .read = script_read,
    .write = script_write,
    .answer = script_answer,
    .free = script_free,
};

/* --- the world ------------------------------------------------------------ */

static const struct aur__transport_class *get(enum aur_fleet_via via, size_t n)
{
	(void)via;
	return n < (state->unfit ? 2u : 1u) ? &script_class : NULL;
}

static void *pool(void *arg, const struct aur__transport_class *class)
{
	(void)arg;
	(void)class;
	return NULL;
}

static void enter(void *arg, struct aur__link *l)
{
	(void)arg;
	state->entered++;
	aur__link_open(l);
}

static void leave(void *arg, struct aur__link *l)
{
	(void)arg;
	(void)l;
	state->left++;
}

static void changed(void *arg, size_t host, unsigned changes)
{
	struct state *s = arg;

	tap_eq_int((int64_t)host, 3, "it is host 3");
	if (changes & AUR_FEED_STATE) {
		s->states++;
		if (s->link.host.state == s->until)
			aur_loop_stop(s->loop);
	}
	if (changes & AUR_FEED_SAMPLE && s->link.got == s->samples_until)
		aur_loop_stop(s->loop);
}

static void ask(
    void *arg, struct aur__link *l, const struct aur_fleet_question *q)
{
	(void)arg;
	(void)l;
	state->asked += q != NULL;
}

static void refused(void *arg, struct aur__link *l, const char *why)
{
	(void)arg;
	(void)l;
	(void)why;
	state->refused++;
}

static bool was_refused(void *arg, struct aur__link *l, struct aur_buf *why)
{
	(void)arg;
	(void)l;
	return state->was_refused && aur_buf_add_str(why, "an hour") == 0;
}

static void accepted(void *arg, struct aur__link *l)
{
	(void)arg;
	(void)l;
	state->accepted++;
}

static void jump_failed(
    void *arg, struct aur__link *l, const struct aur__failure *why)
{
	(void)arg;
	(void)l;
	(void)why;
	state->jumps++;
}

static void on_step(void *arg, const struct aur_fleet_progress *p)
{
	struct state *s = arg;

	s->steps[p->how]++;
}

/* It is the world that is asked. */
static void on_question(void *arg, const struct aur_fleet_question *q)
{
	(void)arg;
	(void)q;
}

static void on_guard(void *arg)
{
	struct state *s = arg;

	s->late = true;
	aur_loop_stop(s->loop);
}

/* The agent's own clock: it samples when it is due. */
static void on_tick(void *arg)
{
	struct state *s = arg;

	if (s->serve != NULL && !s->frozen) {
		if (serve_step(s->serve, now()) < 0)
			_Exit(98);
		if (s->script != NULL)
			s->script->handler->ready(s->script->arg);
	}
	aur_timer_start(s->tick, aur_span_ms(5));
}

/* --- runs ----------------------------------------------------------------- */

static void setup(struct state *s)
{
	static const struct aur_want want = {
	    .domains = AUR_WANT_DOMAIN(CPU), .interval = {.ns = 100000000}};
	struct aur__route route = {.host = &s->spec};

	memset(s, 0, sizeof *s);
	state = s;
	s->pace = *aur__pace_usual();
	s->pace.stale = aur_span_ms(400);
	s->pace.lost = aur_span_ms(800);
	s->pace.least = aur_span_ms(30);
	s->pace.known = s->pace.most = aur_span_ms(60);
	s->spec = (struct aur_fleet_host){.name = "web", .address = "web"};
	s->options.step = on_step;
	s->options.ask = on_question;
	s->options.arg = s;
	s->fake.strs = aur_strs_new(1u << 20);
	if (s->fake.strs == NULL || aur_loop_new(&s->loop) < 0 ||
	    aur_timer_new(s->loop, on_guard, s, &s->guard) < 0 ||
	    aur_timer_new(s->loop, on_tick, s, &s->tick) < 0)
		_Exit(99);
	s->world = (struct aur__world){.loop = s->loop,
	    .options = &s->options,
	    .pace = &s->pace,
	    .chunk = s->chunk,
	    .transport = get,
	    .pool = pool,
	    .enter = enter,
	    .leave = leave,
	    .changed = changed,
	    .ask = ask,
	    .refused = refused,
	    .was_refused = was_refused,
	    .accepted = accepted,
	    .jump_failed = jump_failed,
	    .arg = s};
	tap_eq_int(aur__link_init(&s->link, &s->world, 3, &route), 0, "a link");
	tap_eq_int(aur__link_want(&s->link, &want), 0, "it is wanted");
	aur_timer_start(s->tick, aur_span_ms(0));
	s->until = (enum aur_host_state)99;
}

static void teardown(struct state *s)
{
	aur__link_release(&s->link);
	serve_free(s->serve);
	fake_release(&s->fake);
	aur_timer_free(s->guard);
	aur_timer_free(s->tick);
	aur_loop_free(s->loop);
}

static int give_team(
    struct aur_slice id, struct aur_buf *ret_file, struct aur_buf *text)
{
	(void)text;
	return aur_slice_is(id, "pixel") ? aur_buf_add_str(ret_file, "{}")
					 : AUR_EABSENT;
}

static void agent(struct state *s)
{
	struct serve_source source = fake_source(&s->fake);
	struct serve_options options = {.recording = true, .mode = "daemon"};

	if (s->keeps) {
		options.team = give_team;
		source.kept = fake_kept();
	}
	serve_free(s->serve);
	if (serve_new(&s->serve, &source, &options, now()) < 0)
		_Exit(99);
}

/* Until something stops it. */
static void spin(struct state *s)
{
	tap_eq_int(aur_loop_run(s->loop), 0, "it runs");
}

/* Until a state is there. */
static void run(struct state *s, enum aur_host_state until)
{
	s->until = until;
	aur_timer_start(s->guard, aur_span_seconds(60));
	if (s->link.host.state != until)
		tap_eq_int(aur_loop_run(s->loop), 0, "it runs");
	tap_ok(!s->late, "until it is %s", aur_host_state_name(until));
	s->until = (enum aur_host_state)99;
}

/* Until it was opened so often. */
static void run_opens(struct state *s, unsigned opens)
{
	s->opens_until = opens;
	aur_timer_start(s->guard, aur_span_seconds(60));
	if (s->opens < opens)
		tap_eq_int(aur_loop_run(s->loop), 0, "it runs");
	tap_ok(!s->late, "until it was opened %u times", opens);
}

static void end(struct state *s, const struct aur__failure *why)
{
	s->script->handler->ended(s->script->arg, why);
}

static const struct aur__failure cut = {
    .state = AUR_HOST_UNREACHABLE, .what = "cut", .remedy = "mend it"};

static void test_up(void)
{
	struct state s;

	setup(&s);
	tap_eq_int(s.link.host.state, AUR_HOST_CONNECTING, "it begins");
	tap_ok(s.link.host.rtt.ns < 0, "nothing is known of the way");
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	tap_eq_str(s.link.host.mode, "daemon", "the mode is the hello's");
	tap_ok(s.link.host.recording, "and whether it records");
	tap_eq_str(s.link.host.via, "script", "by this transport");
	tap_eq_int(s.entered, 1, "one handshake");
	tap_ok(s.left >= 1 && s.accepted == 1, "that was left, and accepted");
	s.samples_until = s.link.got + 3;
	spin(&s);
	tap_ok(s.link.host.before != NULL && s.link.host.rtt.ns >= 0,
	    "two samples and a round trip");
	tap_ok(s.steps[AUR_FLEET_BEGUN] == s.steps[AUR_FLEET_DONE],
	    "each step that began was done");
	teardown(&s);
}

static void test_stale(void)
{
	struct state s;
	struct aur_sample *kept;

	setup(&s);
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	kept = s.link.host.now;
	s.frozen = true;
	run(&s, AUR_HOST_STALE);
	tap_eq_str(s.link.host.error, "no sample for 0.4 s", "and says so");
	tap_ok(s.link.host.now == kept, "the last sample stays");
	s.frozen = false;
	run(&s, AUR_HOST_UP);
	tap_ok(s.link.host.error == NULL, "it came back by itself");
	tap_eq_int(s.opens, 1, "over the same connection");
	s.frozen = true;
	run(&s, AUR_HOST_STALE);
	agent(&s);
	run_opens(&s, 2);
	tap_eq_int(s.link.host.state, AUR_HOST_STALE, "still stale");
	s.frozen = false;
	run(&s, AUR_HOST_UP);
	tap_eq_int(s.opens, 2, "silence ends in another connection");
	teardown(&s);
}

static void test_lost(void)
{
	struct state s;

	setup(&s);
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	end(&s, &cut);
	tap_eq_int(s.link.host.state, AUR_HOST_STALE, "cut: stale at first");
	tap_ok(strstr(s.link.host.error, "cut: mend it; reconnecting in") ==
		   s.link.host.error,
	    "with reason, remedy and what comes: %s", s.link.host.error);
	s.open_err = AUR_EABSENT;
	run(&s, AUR_HOST_UNREACHABLE);
	tap_ok(strstr(s.link.host.error, "no way") == s.link.host.error,
	    "unreachable when it does not come back: %s", s.link.host.error);
	s.open_err = 0;
	agent(&s);
	run(&s, AUR_HOST_UP);
	tap_ok(s.link.host.now != NULL && s.link.host.before == NULL,
	    "the other agent's samples begin anew");
	teardown(&s);
}

/* What an agent may say that is none. */
static void test_hostile(void)
{
	static const char *const said[] = {
	    "AURORA-WIRE-8d5f2c71b3e94a06 99\n",
	    "AURORA-WIRE-8d5f2c71b3e94a06 x\n",
	    ("AURORA-WIRE-8d5f2c71b3e94a06 "
	     "1\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	    "AURORA-WIRE-8d5f2c71b3e94a06 1\n\x05\x01\x31zzz",
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(said); i++) {
		struct state s;

		setup(&s);
		aur__link_start(&s.link);
		s.garbage = said[i];
		s.script->handler->ready(s.script->arg);
		tap_eq_int(s.link.host.state, AUR_HOST_UNREACHABLE,
		    "a broken greeting or frame ends it");
		tap_ok(s.script == NULL && s.link.host.error != NULL, "%s",
		    s.link.host.error);
		agent(&s);
		run(&s, AUR_HOST_UP);
		teardown(&s);
	}
}

static void test_final(void)
{
	struct aur__failure why = {
	    .state = AUR_HOST_AUTH_FAILED, .final = true, .what = "refused"};
	struct state s;

	setup(&s);
	aur__link_start(&s.link);
	end(&s, &why);
	tap_eq_int(s.link.host.state, AUR_HOST_AUTH_FAILED, "refused");
	tap_eq_str(s.link.host.error, "refused", "no other try is spoken of");
	tap_eq_int(s.refused, 1, "it is remembered");
	aur__link_woke(&s.link);
	aur_timer_start(s.guard, aur_span_ms(200));
	spin(&s);
	tap_eq_int(s.opens, 1, "and not repeated, not after a sleep either");
	s.late = false;
	agent(&s);
	aur__link_retry(&s.link);
	tap_eq_int(s.link.host.state, AUR_HOST_CONNECTING, "until asked");
	run(&s, AUR_HOST_UP);
	teardown(&s);

	setup(&s);
	s.was_refused = true;
	aur__link_start(&s.link);
	tap_eq_int(s.link.host.state, AUR_HOST_AUTH_FAILED, "an earlier one");
	tap_eq_int(s.opens, 0, "is not repeated");
	agent(&s);
	aur__link_retry(&s.link);
	run(&s, AUR_HOST_UP);
	teardown(&s);
}

static void test_unfit(void)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE,
	    .unfit = true,
	    .what = "not with me"};
	struct state s;

	setup(&s);
	s.unfit = true;
	aur__link_start(&s.link);
	end(&s, &why);
	tap_eq_int(s.opens, 2, "the next transport is tried at once");
	tap_eq_int(s.entered, 1, "in the same turn");
	tap_eq_int(s.link.host.state, AUR_HOST_CONNECTING, "without a word");
	end(&s, &why);
	tap_eq_int(s.link.host.state, AUR_HOST_UNREACHABLE, "the last one's");
	teardown(&s);
}

static void test_jump(void)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE,
	    .by_jump = true,
	    .jump = "gate",
	    .what = "down"};
	struct state s;

	setup(&s);
	aur__link_start(&s.link);
	end(&s, &why);
	tap_eq_str(s.link.host.blamed, "gate", "whose failure it is");
	tap_eq_int(s.jumps, 1, "is told to the others");
	agent(&s);
	run(&s, AUR_HOST_UP);
	tap_ok(s.link.host.blamed == NULL, "and forgotten");
	teardown(&s);
}

static void test_deadline(void)
{
	struct state s;

	setup(&s);
	s.pace.step = aur_span_ms(100);
	aur__link_start(&s.link);
	s.script->handler->step(
	    s.script->arg, AUR_FLEET_CONNECT, AUR_FLEET_BEGUN, "");
	run(&s, AUR_HOST_UNREACHABLE);
	tap_ok(strstr(s.link.host.error, "no answer for 0.1 s (connect)") ==
		   s.link.host.error,
	    "%s", s.link.host.error);
	tap_eq_int(s.steps[AUR_FLEET_FAILED], 1, "the step has failed");
	teardown(&s);
}

static void test_question(void)
{
	static const struct aur_fleet_question q = {
	    .kind = AUR_FLEET_ASK_SECRET, .prompt = "passphrase"};
	struct state s;

	setup(&s);
	s.pace.step = aur_span_ms(100);
	aur__link_start(&s.link);
	s.script->handler->ask(s.script->arg, &q);
	tap_eq_int(s.asked, 1, "somebody is asked");
	aur_timer_start(s.guard, aur_span_ms(300));
	spin(&s);
	tap_eq_int(s.link.host.state, AUR_HOST_CONNECTING,
	    "who may think as long as he likes");
	s.late = false;
	aur__link_answer(&s.link, "sesame");
	tap_eq_str(s.answer, "sesame", "the answer arrives");
	s.options.ask = NULL;
	s.script->handler->ask(s.script->arg, &q);
	tap_eq_str(s.answer, "(none)", "declined where nobody can be asked");
	tap_eq_int(s.asked, 1, "and nobody is");
	run(&s, AUR_HOST_UNREACHABLE);
	teardown(&s);
}

static void on_reply(void *arg, const struct aur_act_reply *reply)
{
	struct state *s = arg;

	s->replies++;
	s->reply_err = reply->err;
}

static void on_team(void *arg, const struct aur_fleet_team *t)
{
	struct state *s = arg;

	s->replies++;
	s->reply_err = t->err;
	if (t->err < 0 && t->text.n == 0)
		s->reply_err = 1;
	if (t->err == 0 && aur_slice_is(t->file, "{}"))
		s->reply_err = 2;
	aur_loop_stop(s->loop);
}

static void test_team(void)
{
	struct state s;

	setup(&s);
	aur__link_team(&s.link, "pixel", on_team, &s);
	tap_eq_int(s.replies, 1, "without a link a team is answered at once");
	tap_eq_int(s.reply_err, AUR_ECLOSED, "with what is wrong");
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	aur__link_team(&s.link, "pixel", on_team, &s);
	tap_eq_int(s.reply_err, AUR_EUNSUPPORTED, "an agent that keeps none");
	teardown(&s);
	setup(&s);
	s.keeps = true;
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	aur__link_team(&s.link, "pixel", on_team, &s);
	spin(&s);
	tap_ok(s.replies == 1 && s.reply_err == 2, "its file comes");
	aur__link_team(&s.link, "other", on_team, &s);
	spin(&s);
	tap_eq_int(s.reply_err, AUR_EABSENT, "or why it does not");
	s.frozen = true;
	aur__link_team(&s.link, "pixel", on_team, &s);
	tap_eq_int(s.replies, 2, "it waits");
	end(&s, &cut);
	tap_ok(s.replies == 3 && s.reply_err == AUR_ECLOSED,
	    "until the link ends");
	teardown(&s);
}

static void on_block(void *arg, struct aur_slice block)
{
	struct state *s = arg;

	s->blocks += block.n == s->fake.block[s->blocks];
}

static void on_filled(void *arg, const struct aur_act_reply *reply)
{
	on_reply(arg, reply);
	aur_loop_stop(state->loop);
}

static void test_backfill(void)
{
	static const size_t size[] = {100, 300000, AUR_MAX_BLOCK};
	static const struct aur_backfill all = {
	    .kinds = AUR_KEPT_SYSTEM, .to = {INT64_MAX}};
	struct state s;

	setup(&s);
	aur__link_backfill(&s.link, &all, on_block, on_reply, &s);
	tap_ok(s.replies == 1 && s.reply_err == AUR_ECLOSED,
	    "without a link there is no backfill");
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	aur__link_backfill(&s.link, &all, on_block, on_reply, &s);
	tap_ok(s.replies == 2 && s.reply_err == AUR_EUNSUPPORTED,
	    "nor of an agent that keeps nothing");
	teardown(&s);

	setup(&s);
	s.keeps = true;
	s.fake.block = size;
	s.fake.nblock = AUR_ARRAY_LEN(size);
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	aur__link_backfill(&s.link, &all, on_block, on_filled, &s);
	aur__link_backfill(&s.link, &all, on_block, on_reply, &s);
	tap_ok(s.replies == 1 && s.reply_err == AUR_EBUSY, "one at a time");
	spin(&s);
	tap_ok(s.blocks == 3 && s.replies == 2 && s.reply_err == 0,
	    "its blocks come, then its end");
	s.fake.holds = true;
	s.blocks = 0;
	aur__link_backfill(&s.link, &all, on_block, on_reply, &s);
	tap_eq_int(s.replies, 2, "one that waits");
	end(&s, &cut);
	tap_ok(s.replies == 3 && s.reply_err == AUR_ECLOSED && s.blocks == 0,
	    "is answered when the link ends, once");
	teardown(&s);
}

static void test_act(void)
{
	struct aur_act act = {
	    .kind = AUR_ACT_SIGNAL, .pid = 1, .start_ticks = 1};
	struct state s;

	setup(&s);
	aur__link_act(&s.link, &act, on_reply, &s);
	tap_eq_int(s.replies, 1, "without a link an act is answered at once");
	tap_eq_int(s.reply_err, AUR_ECLOSED, "with what is wrong");
	aur__link_start(&s.link);
	aur__link_act(&s.link, &act, on_reply, &s);
	tap_eq_int(s.replies, 1, "it waits for its answer");
	end(&s, &cut);
	tap_eq_int(s.replies, 2, "and has it when the link ends");
	agent(&s);
	run(&s, AUR_HOST_UP);
	aur__link_act(&s.link, &act, on_reply, &s);
	s.samples_until = s.link.got + 2;
	spin(&s);
	tap_eq_int(s.replies, 3, "the agent answers");
	tap_eq_int((int64_t)s.fake.acts, 1, "after acting");
	teardown(&s);
}

static void test_woke(void)
{
	struct state s;

	setup(&s);
	agent(&s);
	aur__link_start(&s.link);
	run(&s, AUR_HOST_UP);
	aur__link_woke(&s.link);
	s.samples_until = s.link.got + 2;
	spin(&s);
	tap_eq_int(s.opens, 1, "a link that outlived our sleep goes on");
	s.frozen = true;
	aur__link_woke(&s.link);
	agent(&s);
	run_opens(&s, 2);
	tap_ok(strstr(s.link.host.error, "sleep") != NULL, "%s",
	    s.link.host.error);
	s.frozen = false;
	run(&s, AUR_HOST_UP);
	teardown(&s);
}

/* A host that ends at once must not keep us busy. */
static void test_no_spin(void)
{
	struct state s;

	setup(&s);
	s.pace.least = aur_span_ms(100);
	s.pace.most = aur_span_ms(10000);
	s.open_err = AUR_EABSENT;
	aur__link_start(&s.link);
	aur_timer_start(s.guard, aur_span_ms(600));
	spin(&s);
	tap_ok(s.opens >= 1 && s.opens <= 4, "%u tries in 0.6 s", s.opens);
	teardown(&s);
}

int main(void)
{
	test_up();
	test_stale();
	test_lost();
	test_hostile();
	test_final();
	test_unfit();
	test_jump();
	test_deadline();
	test_question();
	test_act();
	test_team();
	test_backfill();
	test_woke();
	test_no_spin();
	return tap_done();
}
