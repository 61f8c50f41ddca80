/* SPDX-License-Identifier: MIT */
/*
 * A bridge between its two neighbours in one process: aur_client on one side,
 * a service that is a serve with dice for a machine on the other. Time and
 * loss are the test's.
 */
#include "agentd/bridge.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/wire_source.h"
#include "wire/client.h"
#include "wire/frame.h"

#include <signal.h>
#include <unistd.h>

#define OUR_UID 1000

struct ends {
	struct fake fake; /* first: the service's source has it as arg */
	struct serve *service;
	struct bridge *bridge;
	struct aur_client *client;
	struct serve_now now;
	unsigned samples, events, errors, replies, reports, gaps;
	int error;
	bool same;
	char mode[16];
	uint64_t processes; /* in the last sample; 0: none */
	uint64_t missed;
};

static void on_hello(void *arg, const struct aur_hello *h)
{
	struct ends *e = arg;

	snprintf(e->mode, sizeof(e->mode), "%.*s", (int)h->mode.n,
	    (const char *)h->mode.p);
}

static void on_sample(void *arg, struct aur_sample *s)
{
	struct ends *e = arg;
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_PROCESS);

	e->samples++;
	e->missed = s->missed;
	e->processes = p != NULL ? p->n : 0;
	e->same = e->fake.last != NULL && same_sample(e->fake.last, s);
}

static void on_event(void *arg, const struct aur_event *event)
{
	struct ends *e = arg;

	e->events += event->npair > 0;
}

static void on_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct ends *e = arg;

	e->replies += request > 0 && reply->err == 0;
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

	e->gaps += aur_slice_is(gap->reason, "nomem");
}

static const struct aur_client_handler handler = {.hello = on_hello,
    .sample = on_sample,
    .event = on_event,
    .reply = on_reply,
    .error = on_error,
    .gap = on_gap};

static void on_report(void *arg, const struct aur_event *event)
{
	struct ends *e = (struct ends *)arg;

	e->reports += event->npair > 0;
}

/* A service of now (`old`: one that says nothing of sight and takes no
 * reports) and a bridge to it. */
static int open_ends(struct ends *e, bool old)
{
	struct serve_options ours = {.uid = OUR_UID, .member = "bob"};
	struct serve_options theirs = {.mode = "daemon",
	    .sight = old ? AUR_SIGHT_UNKNOWN : AUR_SIGHT_WHOLE};
	struct serve_source source = fake_source(&e->fake);
	int rc;

	e->fake.gives = true;
	e->fake.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	e->now.mono.ns = 1000 * AUR_SECOND_NS;
	e->now.wall.ns = 1795332309 * AUR_SECOND_NS;
	if (e->fake.strs == NULL)
		return AUR_ENOMEM;
	source.act = NULL;
	source.report = old ? NULL : on_report;
	rc = serve_new(&e->service, &source, &theirs, e->now);
	if (rc == 0)
		rc = bridge_join(&e->bridge, OUR_UID, &ours, e->now);
	return rc < 0 ? rc : aur_client_new(&e->client, &handler, e);
}

static void close_ends(struct ends *e)
{
	aur_client_free(e->client);
	bridge_free(e->bridge);
	serve_free(e->service);
	fake_release(&e->fake);
}

/* Bytes of the bridge to the service, and back. */
static int pass_up(struct ends *e)
{
	int rc = 0;

	while (rc == 0 && bridge_up_out(e->bridge).n > 0) {
		struct aur_slice s = bridge_up_out(e->bridge);

		rc = serve_put(e->service, s, e->now);
		bridge_up_sent(e->bridge, s.n);
	}
	while (rc == 0 && bridge_has_up(e->bridge) &&
	       serve_out(e->service).n > 0) {
		struct aur_slice s = serve_out(e->service);

		if (s.n > 11)
			s.n = 11;
		rc = bridge_put_up(e->bridge, s, e->now);
		serve_sent(e->service, s.n);
	}
	return rc;
}

/* Bytes of the client to the bridge, and back. */
static int pass_down(struct ends *e)
{
	struct aur_buf *out = aur_client_out(e->client);
	int rc = 0;

	while (
	    rc == 0 && bridge_is_open(e->bridge) && aur_buf_peek(out).n > 0) {
		struct aur_slice s = aur_buf_peek(out);

		rc = bridge_put(e->bridge, s, e->now);
		aur_buf_take(out, s.n);
	}
	while (bridge_out(e->bridge).n > 0) {
		struct aur_slice s = bridge_out(e->bridge);
		int put = aur_client_put(e->client, s);

		bridge_sent(e->bridge, s.n);
		rc = rc < 0 ? rc : put;
	}
	return rc;
}

static int pass(struct ends *e)
{
	int rc = pass_up(e);

	if (rc == 0)
		rc = pass_down(e);
	if (rc == 0)
		rc = pass_up(e);
	return rc < 0 ? rc : pass_down(e);
}

static void pass_time(struct ends *e, int64_t ms)
{
	e->now.mono.ns += ms * 1000000;
	e->now.wall.ns += ms * 1000000;
}

/* The service gives its next sample. */
static int give(struct ends *e)
{
	struct aur_sample *s = NULL;
	int rc = fake_sample(&e->fake, NULL, NULL, &s);

	if (rc == 0)
		rc = serve_give(e->service, s, e->now);
	aur_sample_unref(s);
	return rc;
}

static struct aur_want want_all(void)
{
	struct aur_want w = {.interval = {AUR_SECOND_NS}};

	for (size_t i = 0; i < AUR_ARRAY_LEN(wire_domains); i++)
		w.domains |= (uint64_t)1 << wire_domains[i];
	return w;
}

static int begin(struct ends *e, bool old)
{
	struct aur_want want = want_all();
	int rc = open_ends(e, old);

	if (rc == 0)
		rc = aur_client_want(e->client, &want);
	return rc == 0 ? pass(e) : rc;
}

static void test_samples(void)
{
	struct ends e = {0};
	struct aur_want want = want_all();
	int rc = open_ends(&e, false);

	tap_ok(
	    rc == 0 && !bridge_is_open(e.bridge) && bridge_out(e.bridge).n == 0,
	    "nothing is said before it is known who answers");
	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = pass(&e);
	tap_ok(rc == 0 && bridge_is_open(e.bridge), "a service");
	tap_eq_str(e.mode, "daemon", "so the mode is daemon");
	tap_ok(serve_want(e.service) != NULL &&
		   serve_want(e.service)->domains == want.domains,
	    "which is asked for all, as it sees no less");
	for (int i = 0; rc == 0 && i < 5; i++) {
		pass_time(&e, 1000);
		rc = give(&e);
		if (rc == 0)
			rc = pass(&e);
	}
	tap_ok(rc == 0 && e.samples == 5 && e.same,
	    "its samples arrive as they were");
	e.fake.sample_err = AUR_ENOMEM;
	if (rc == 0)
		rc = serve_gap(e.service, e.now, AUR_ENOMEM);
	if (rc == 0)
		rc = pass(&e);
	tap_eq_u64(e.gaps, 1, "its gaps too");
	e.fake.sample_err = 0;
	for (int i = 0; rc == 0 && i < 3; i++) {
		rc = give(&e);
		if (rc == 0)
			rc = pass_up(&e);
	}
	if (rc == 0)
		rc = pass(&e);
	tap_eq_u64(e.samples, 6, "a client that is slow gets one of three");
	if (rc == 0)
		rc = give(&e);
	if (rc == 0)
		rc = pass(&e);
	tap_ok(rc == 0 && e.missed == 2,
	    "and hears of the two, while the service does not wait");
	close_ends(&e);
}

/* What was sampled for a subscription that is no more is not delivered. */
static void test_replaced(void)
{
	struct ends e = {0};
	struct aur_want want = {
	    .domains = AUR_WANT_DOMAIN(CPU), .interval = {AUR_SECOND_NS}};
	int rc = begin(&e, false);

	if (rc == 0)
		rc = aur_client_want(e.client, &want);
	if (rc == 0)
		rc = pass_down(&e);
	if (rc == 0)
		rc = give(&e); /* before it has heard */
	if (rc == 0)
		rc = pass(&e);
	tap_ok(rc == 0 && e.samples == 0, "a sample of the want before");
	if (rc == 0)
		rc = give(&e);
	if (rc == 0)
		rc = pass(&e);
	tap_ok(rc == 0 && e.samples == 1, "then one of this");
	close_ends(&e);
}

/* Nobody, or nobody who speaks: alone. */
static void test_alone(bool refused)
{
	static const char error[] = AUR_WIRE_PREAMBLE "\x0e\0\2\6denied\4none";
	struct ends e = {0};
	int rc = open_ends(&e, false);

	tap_ok(bridge_wait(e.bridge, e.now).ns == 2 * AUR_SECOND_NS,
	    "a service has two seconds");
	if (refused) {
		if (rc == 0)
			rc = bridge_put_up(e.bridge,
			    aur_slice_of(error, sizeof(error) - 1), e.now);
		if (rc == 0)
			rc = bridge_lost_up(e.bridge, e.now);
	} else {
		pass_time(&e, 2000);
		if (rc == 0)
			rc = bridge_step(e.bridge, e.now);
	}
	tap_ok(
	    rc == 0 && !bridge_has_up(e.bridge) && bridge_why(e.bridge) == NULL,
	    refused ? "refused" : "silent");
	if (rc == 0)
		rc = pass_down(&e);
	tap_eq_str(e.mode, "direct", "so it is alone");
	close_ends(&e);
}

/* The service is lost when the client knows of it. */
static void test_lost(int how)
{
	static const char *const names[] = {"closed", "broken", "silent"};
	struct ends e = {0};
	int rc = begin(&e, false);

	if (rc == 0)
		rc = give(&e);
	if (rc == 0)
		rc = pass(&e);
	tap_ok(rc == 0 && e.samples == 1, "a bridge");
	if (how == 0)
		rc = bridge_lost_up(e.bridge, e.now);
	else if (how == 1)
		rc = bridge_put_up(
		    e.bridge, aur_slice_str("\xff\xff\xff\x7f"), e.now);
	else {
		pass_time(&e, 7999);
		tap_eq_int(bridge_step(e.bridge, e.now), 0, "is patient");
		pass_time(&e, 1);
		rc = bridge_step(e.bridge, e.now);
	}
	tap_ok(rc == AUR_EABSENT && bridge_why(e.bridge) != NULL, "%s: %s",
	    names[how], bridge_why(e.bridge) ? bridge_why(e.bridge) : "");
	if (pass_down(&e) < 0)
		tap_ok(false, "the client can read it");
	tap_eq_u64(e.errors, 1, "its client is told");
	close_ends(&e);
}

/* Our start, for an act on ourselves. */
static uint64_t own_start(void)
{
	char text[1024];
	FILE *f = fopen("/proc/self/stat", "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;
	unsigned long long start = 0;
	const char *p;

	if (f != NULL)
		fclose(f);
	text[n] = '\0';
	p = strrchr(text, ')');
	for (int i = 0; p != NULL && i < 20; i++)
		p = strchr(p + 1, ' ');
	for (; p != NULL && p[1] >= '0' && p[1] <= '9'; p++)
		start = start * 10 + (unsigned)(p[1] - '0');
	return start;
}

/* Acts are ours; a service that can tell everybody does. */
static void test_acts(bool old)
{
	struct aur_act act = {.kind = AUR_ACT_SIGNAL,
	    .pid = (uint64_t)getpid(),
	    .start_ticks = own_start(),
	    .value = SIGCONT};
	struct aur_event event = {.kind = aur_slice_str("process_signal"),
	    .number = 9,
	    .npair = 1,
	    .pair = {{aur_slice_str("pid"), aur_slice_str("42")}}};
	struct ends e = {0};
	uint64_t id;
	int rc = begin(&e, old);

	if (rc == 0)
		rc = aur_client_act(e.client, &act, &id);
	if (rc == 0)
		rc = pass(&e);
	tap_ok(rc == 0 && e.replies == 1 && e.fake.acts == 0,
	    "an act is done here, not by the service");
	tap_ok(old ? e.events == 1 && e.reports == 0
		   : e.events == 0 && e.reports == 1,
	    old ? "told here, where the service is old" : "and reported to it");
	if (rc == 0)
		rc = serve_event(e.service, &event);
	if (rc == 0)
		rc = pass(&e);
	tap_eq_u64(e.events, old ? 2 : 1, "what it tells is passed on");
	close_ends(&e);
}

/* A service that does not say what it sees is not trusted to see enough. */
static void test_old(void)
{
	struct ends e = {0};
	int rc = begin(&e, true);

	tap_ok(rc == 0 && serve_want(e.service) != NULL &&
		   (serve_want(e.service)->domains &
		       AUR_WANT_DOMAIN(PROCESS)) == 0,
	    "an old service is not asked for processes");
	if (rc == 0)
		rc = give(&e);
	if (rc == 0)
		rc = pass(&e);
	tap_ok(
	    rc == 0 && e.samples == 1 && e.processes > 0, "they are read here");
	close_ends(&e);
}

static void test_memory(void)
{
	unsigned long nth = 0;
	bool good = true, met = true;

	while (met && fail_begin(++nth)) {
		struct ends e = {0};
		int rc;

		dice_state = 99;
		rc = begin(&e, false);
		for (int i = 0; rc == 0 && i < 2; i++) {
			rc = give(&e);
			if (rc == 0)
				rc = pass(&e);
		}
		met = fail_end();
		close_ends(&e);
		good =
		    good && (rc == 0 || rc == AUR_ENOMEM || rc == AUR_EABSENT);
	}
	tap_ok(good && !met, "every allocation fails without harm");
	printf("# %lu allocations\n", nth - 1);
}

int main(void)
{
	test_samples();
	test_replaced();
	test_alone(false);
	test_alone(true);
	for (int how = 0; how < 3; how++)
		test_lost(how);
	if (tap_samples()) {
		test_acts(false);
		test_acts(true);
		test_old();
	}
	test_memory();
	return tap_done();
}
