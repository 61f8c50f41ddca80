/* SPDX-License-Identifier: MIT */
/*
 * One client between two sources:
 *
 *	              hello                        closed, silent, broken
 *	 (greeting) ─────────▶ (bridged) ──────────────────────────────────▶ end
 *	     │ closed, refused,    │  ▲
 *	     │ two seconds         │  │ a want of processes alone, which
 *	     ▼                     ▼  │ we are shown better
 *	  (alone) ◀─ ─ ─ ─ ─ (on our own for a while)
 *
 * The client is greeted when it is known who answers: its hello says `daemon`
 * or `direct`, and is said once. So a service that dies later ends the
 * connection, and the client's next one starts alone; to go on under a false
 * name was rejected, and a service that is restarted would be without us. In
 * the same way one who is alone ends when a service begins, or wakes up.
 *
 * What the service sends is decoded and coded again. To pass its frames as
 * they are would be cheaper by some 50 us a sample, but a sample is one
 * stream: processes of our own could not be put into it.
 *
 * A subscription that replaces another is followed by a ping: what comes
 * before its pong was sampled for the one before.
 */
#include "agentd/bridge_int.h"

#include "base/err.h"
#include "base/mem.h"

#define HELLO_MS 2000
#define SILENCE_NS (5 * AUR_SECOND_NS)

/* --- the source of the client's samples ----------------------------------- */

static int ask(struct bridge *b, const struct aur_want *up)
{
	int rc = aur_client_want(b->up, up);

	if (rc == 0)
		rc = aur_client_ping(b->up, ++b->asked);
	b->left = up->count;
	b->waiting = up->domains != 0;
	b->patience.ns = 3 * up->interval.ns + SILENCE_NS;
	b->until = aur_mono_add(b->now.mono, b->patience);
	return rc;
}

static bool on_want(void *arg, const struct aur_want *want)
{
	struct bridge *b = arg;
	struct aur_want up;
	bool given = false;

	b->own = *want;
	if (b->up != NULL) {
		int rc;

		given = bridge__part(b, want, &up);
		rc = ask(b, &up);
		if (rc < 0)
			b->rc = rc;
	}
	aur_collect_want(b->host, &b->own);
	return given;
}

static int on_sample(void *arg, aur_collect_part_fn part, void *part_arg,
    struct aur_sample **ret_sample)
{
	struct bridge *b = arg;

	return aur_collect_sample(b->host, part, part_arg, ret_sample);
}

static int on_act(void *arg, const struct aur_act *act, struct aur_buf *text)
{
	struct bridge *b = arg;

	return aur_collect_act(b->host, act, text);
}

/* The service numbers events and tells all its clients, us among them. */
static bool on_done(void *arg, const struct aur_event *event)
{
	struct bridge *b = arg;

	return b->up != NULL && aur_client_report(b->up, event) == 0;
}

static int greet(struct bridge *b, bool keeps)
{
	struct serve_source source = {.arg = b,
	    .want = on_want,
	    .sample = on_sample,
	    .act = on_act,
	    .done = on_done,
	    .kept = keeps ? &bridge__kept : NULL};

	return serve_new(&b->serve, &source, &b->options, b->now);
}

static void leave_up(struct bridge *b)
{
	aur_client_free(b->up);
	b->up = NULL;
	b->waiting = false;
}

/* --- what the service says ------------------------------------------------ */

static bool see_more(const struct bridge *b, enum aur_sight theirs)
{
	bool hides;
	enum aur_sight ours = aur_collect_sight(b->host, &hides);

	if (ours != theirs)
		return ours > theirs;
	return ours != AUR_SIGHT_WHOLE && b->options.uid != b->service_uid;
}

static void up_hello(void *arg, const struct aur_hello *hello)
{
	struct bridge *b = arg;

	b->own_processes = see_more(b, hello->sight);
	b->options.mode = "daemon";
	b->options.recording = hello->recording;
	b->rc = greet(b, (hello->capabilities & AUR_CAN(BACKFILL)) != 0);
}

static void up_pong(void *arg, uint64_t token)
{
	struct bridge *b = arg;

	b->heard = token;
}

static bool is_current(const struct bridge *b)
{
	return b->serve != NULL && b->heard == b->asked && b->waiting;
}

/* One that was waited for has come; whether more will. */
static void count_one(struct bridge *b)
{
	if (b->left > 0 && --b->left == 0)
		b->waiting = false;
	b->until = aur_mono_add(b->now.mono, b->patience);
}

static void up_sample(void *arg, struct aur_sample *up)
{
	struct bridge *b = arg;
	struct aur_sample *s;
	int rc;

	if (b->rc < 0 || !is_current(b))
		return;
	count_one(b);
	if (!serve_takes(b->serve))
		return;
	rc = bridge__merge(b, up, &s);
	if (rc < 0) {
		b->rc = serve_gap(b->serve, b->now, rc);
		return;
	}
	b->rc = serve_give(b->serve, s, b->now);
	aur_sample_unref(s);
}

static void up_gap(void *arg, const struct aur_gap *gap)
{
	struct bridge *b = arg;
	char name[32];
	int err;

	if (b->rc < 0 || !is_current(b))
		return;
	snprintf(name, sizeof(name), "%.*s",
	    (int)(gap->reason.n < sizeof(name) ? gap->reason.n : 0),
	    (const char *)gap->reason.p);
	err = aur_err_find(name);
	b->until = aur_mono_add(b->now.mono, b->patience);
	b->rc = serve_gap(b->serve, b->now, err);
}

static void up_event(void *arg, const struct aur_event *event)
{
	struct bridge *b = arg;

	if (b->rc == 0 && b->serve != NULL)
		b->rc = serve_event(b->serve, event);
}

static const struct aur_client_handler handler = {.hello = up_hello,
    .pong = up_pong,
    .sample = up_sample,
    .gap = up_gap,
    .event = up_event,
    .reply = bridge__up_reply,
    .piece = bridge__up_piece};

/* --- life ----------------------------------------------------------------- */

static int open_host(struct bridge *b)
{
	struct aur_collect_options options = {.root = ""};

	if (b->up != NULL)
		options.strs = aur_client_strs(b->up);
	return aur_collect_new(&b->host, &options);
}

int bridge_new(struct bridge **ret_b, const struct serve_options *options,
    struct serve_now now)
{
	struct bridge *b = aur_mem_new(1, sizeof(*b));
	int rc;

	if (b == NULL)
		return AUR_ENOMEM;
	b->options = *options;
	b->now = now;
	rc = open_host(b);
	if (rc == 0)
		rc = greet(b, false);
	if (rc < 0) {
		bridge_free(b);
		return rc;
	}
	*ret_b = b;
	return 0;
}

int bridge_join(struct bridge **ret_b, uint64_t service_uid,
    const struct serve_options *options, struct serve_now now)
{
	struct bridge *b = aur_mem_new(1, sizeof(*b));
	int rc;

	if (b == NULL)
		return AUR_ENOMEM;
	b->options = *options;
	b->now = now;
	b->service_uid = service_uid;
	b->until = aur_mono_add(now.mono, aur_span_ms(HELLO_MS));
	rc = aur_client_new(&b->up, &handler, b);
	if (rc == 0)
		rc = open_host(b);
	if (rc < 0) {
		bridge_free(b);
		return rc;
	}
	*ret_b = b;
	return 0;
}

void bridge_free(struct bridge *b)
{
	if (b == NULL)
		return;
	serve_free(b->serve);
	aur_buf_release(&b->kept);
	aur_client_free(b->up);
	aur_collect_free(b->host);
	aur_mem_free(b);
}

/* What a callback could not give back, or `rc`. */
static int outcome(struct bridge *b, int rc)
{
	int held = b->rc;

	b->rc = 0;
	return rc < 0 ? rc : held;
}

/* --- the client ----------------------------------------------------------- */

int bridge_put(struct bridge *b, struct aur_slice bytes, struct serve_now now)
{
	b->now = now;
	return b->serve != NULL ? outcome(b, serve_put(b->serve, bytes, now))
				: 0;
}

static int give_up(struct bridge *b, const char *why)
{
	leave_up(b);
	if (b->serve == NULL)
		return greet(b, false);
	b->why = why;
	return serve_end(b->serve, AUR_EABSENT, why);
}

const char *bridge_why(const struct bridge *b)
{
	return b->why;
}

int bridge_step(struct bridge *b, struct serve_now now)
{
	b->now = now;
	if (b->up != NULL && (b->serve == NULL || b->waiting) &&
	    aur_mono_since(now.mono, b->until).ns >= 0)
		return give_up(b, "the host's service does not answer");
	return b->serve != NULL ? serve_step(b->serve, now) : 0;
}

struct aur_span bridge_wait(const struct bridge *b, struct serve_now now)
{
	struct aur_span wait;

	if (b->up == NULL || (b->serve != NULL && !b->waiting))
		return serve_wait(b->serve, now);
	wait = aur_mono_since(b->until, now.mono);
	return wait.ns > 0 ? wait : (struct aur_span){0};
}

bool bridge_is_open(const struct bridge *b)
{
	return b->serve != NULL;
}

bool bridge_reads(const struct bridge *b)
{
	return b->serve != NULL && serve_reads(b->serve);
}

struct aur_slice bridge_out(const struct bridge *b)
{
	return b->serve != NULL ? serve_out(b->serve) : aur_slice_of(NULL, 0);
}

void bridge_sent(struct bridge *b, size_t n)
{
	serve_sent(b->serve, n);
}

/* --- the service ---------------------------------------------------------- */

bool bridge_has_up(const struct bridge *b)
{
	return b->up != NULL;
}

int bridge_put_up(
    struct bridge *b, struct aur_slice bytes, struct serve_now now)
{
	int rc;

	b->now = now;
	rc = aur_client_put(b->up, bytes);
	if (rc < 0 && b->rc == 0)
		return give_up(b, "the host's service broke the protocol");
	return outcome(b, 0);
}

int bridge_lost_up(struct bridge *b, struct serve_now now)
{
	b->now = now;
	return give_up(b, "the host's service has ended");
}

int bridge_found_up(struct bridge *b, struct serve_now now)
{
	b->now = now;
	b->why = "the host's service answers now";
	return serve_end(b->serve, AUR_EBUSY, b->why);
}

struct aur_slice bridge_up_out(const struct bridge *b)
{
	return b->up != NULL ? aur_buf_peek(aur_client_out(b->up))
			     : aur_slice_of(NULL, 0);
}

void bridge_up_sent(struct bridge *b, size_t n)
{
	aur_buf_take(aur_client_out(b->up), n);
}
