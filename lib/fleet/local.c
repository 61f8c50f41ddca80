/* SPDX-License-Identifier: MIT */
/*
 * This machine: an agent as our child, spoken to as any other would be.
 *
 *	   start ── no program ─────────────────────────▶ NO_AGENT
 *	     │                                               │ retry
 *	     ▼                                               ▼
 *	 CONNECTING ── on_sample ──▶ UP ◀── on_sample ── (start)
 *	     │                      │  ▲
 *	     │         on_watchdog: │  │ on_sample
 *	     │         3 intervals  ▼  │
 *	     │                     STALE ── on_watchdog: 10 s more ──┐
 *	     │                                                       │
 *	     └── it ended, broke the protocol, or was silent: lose ──┤
 *	                                                             ▼
 *	  start ◀── on_backoff: 0.5 s doubling to 30 s ──── UNREACHABLE
 *
 * After a loss the host stays unreachable, with its error, until a sample has
 * come: an agent that dies at once must not flicker. The last samples stay
 * too, to be shown with their age; they go when another agent's first one
 * comes, because it has another string table and nobody watched between.
 *
 * A link is never ended inside the protocol's own callbacks: they note, and
 * the reading function acts when they have returned.
 */
#include "fleet/local.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet_int.h"
#include "wire/client.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define STDERR_KEPT 512u
#define MAX_ERROR 1024u
#define READ_CHUNK 65536u
#define READS_A_TURN 16
#define SILENCE_MS 10000
#define PING_MS 10000

struct request {
	struct request *next;
	uint64_t id;
	aur_feed_reply_fn done;
	void *arg;
};

struct local {
	struct aur_feed feed; /* first: this is one */
	struct aur_feed_host host;
	struct aur_loop *loop;
	const struct aur_log *log;
	char *agent; /* as the options name it, or NULL */

	struct aur_child *child;
	struct aur_watch *io, *err;
	struct aur_client *client;
	struct aur_timer *backoff, *watchdog, *ping;
	struct request *requests;

	struct aur_want want;
	bool wanted;
	uint64_t got; /* samples of this subscription */

	aur_feed_listen_fn listen;
	void *listen_arg;

	struct aur_buf error;  /* host.error points here */
	struct aur_buf stderr; /* the last it said */
	struct aur_mono started;
	struct aur_span hello_offset;
	struct aur_span delay; /* the next wait before a start */
	bool closed; /* the other end is shut, its wait status to come */
	bool once;   /* nobody will wait for another start */
};

static void start(struct local *l);
static void lose(struct local *l, const char *why);

static struct local *of_feed(struct aur_feed *f)
{
	return (struct local *)f;
}

static void tell(struct local *l, unsigned changes)
{
	if (l->listen != NULL)
		l->listen(l->listen_arg, 0, changes);
}

static void set_state(
    struct local *l, enum aur_host_state state, const char *error)
{
	l->host.state = state;
	l->host.error = error;
	tell(l, AUR_FEED_STATE);
}

/* --- waiting -------------------------------------------------------------- */

/* How long without a sample is too long. */
static struct aur_span patience(const struct local *l)
{
	struct aur_span s = {.ns = 3 * l->want.interval.ns};

	if (s.ns < AUR_SECOND_NS / 2)
		s.ns = AUR_SECOND_NS / 2;
	return s;
}

static bool expects(const struct local *l)
{
	return l->wanted && (l->want.count == 0 || l->got < l->want.count);
}

static void watch_silence(struct local *l)
{
	if (l->client == NULL)
		return;
	if (l->host.state == AUR_HOST_UP && expects(l))
		aur_timer_start(l->watchdog, patience(l));
	else if (l->host.state == AUR_HOST_UP)
		aur_timer_stop(l->watchdog);
}

static void on_watchdog(void *arg)
{
	struct local *l = arg;

	if (l->closed) {
		lose(l, "agent closed the connection");
		return;
	}
	if (l->host.state != AUR_HOST_UP) {
		if (!l->wanted) /* silence is all that was asked for */
			return;
		lose(l, "agent does not answer");
		return;
	}
	aur_timer_start(l->watchdog, aur_span_ms(SILENCE_MS));
	set_state(l, AUR_HOST_STALE, "no sample for three intervals");
}

/* --- replies -------------------------------------------------------------- */

static struct request *take_request(struct local *l, uint64_t id)
{
	for (struct request **p = &l->requests; *p != NULL; p = &(*p)->next) {
		struct request *r = *p;

		if (r->id == id) {
			*p = r->next;
			return r;
		}
	}
	return NULL;
}

static void fail_requests(struct local *l, const char *text)
{
	struct aur_act_reply reply = {
	    .err = AUR_ECLOSED, .text = aur_slice_str(text)};

	while (l->requests != NULL) {
		struct request *r = l->requests;

		l->requests = r->next;
		r->done(r->arg, &reply);
		aur_mem_free(r);
	}
}

/* --- what the agent says -------------------------------------------------- */

static void on_hello(void *arg, const struct aur_hello *hello)
{
	struct local *l = arg;

	l->hello_offset = aur_wall_since(hello->wall, aur_clock_wall());
	l->host.mode =
	    aur_slice_is(hello->mode, "daemon") ? "daemon" : "direct";
	l->host.recording = hello->recording;
	aur_timer_start(l->ping, aur_span_ms(0));
}

static void on_part(
    void *arg, struct aur_sample *coming, const struct aur_part *part)
{
	struct local *l = arg;

	(void)part;
	l->host.coming = coming;
	tell(l, AUR_FEED_PART);
	l->host.coming = NULL;
}

static void forget_samples(struct local *l)
{
	aur_sample_unref(l->host.before);
	aur_sample_unref(l->host.now);
	l->host.before = l->host.now = NULL;
}

static void on_sample(void *arg, struct aur_sample *sample)
{
	struct local *l = arg;
	struct aur_feed_host *h = &l->host;
	unsigned changes = AUR_FEED_SAMPLE;

	if (h->now != NULL && h->now->strs != sample->strs)
		forget_samples(l);
	aur_sample_unref(h->before);
	h->before = h->now;
	h->now = aur_sample_ref(sample);
	h->received = aur_clock_mono();
	l->got++;
	if (h->state != AUR_HOST_UP)
		changes |= AUR_FEED_STATE;
	h->state = AUR_HOST_UP;
	h->error = NULL;
	watch_silence(l);
	tell(l, changes);
}

static void on_event(void *arg, const struct aur_event *event)
{
	struct local *l = arg;

	l->host.event = event;
	tell(l, AUR_FEED_EVENT);
	l->host.event = NULL;
}

static void on_reply(void *arg, uint64_t id, const struct aur_act_reply *reply)
{
	struct local *l = arg;
	struct request *r = take_request(l, id);

	if (r == NULL)
		return;
	r->done(r->arg, reply);
	aur_mem_free(r);
}

/* The token of a ping is the time it was sent. The hello left the agent
 * before the pong did, so half a round trip is what its clock seems behind. */
static void on_pong(void *arg, uint64_t token)
{
	struct local *l = arg;
	struct aur_mono sent = {.ns = (int64_t)token};
	struct aur_span rtt = aur_mono_since(aur_clock_mono(), sent);

	if (rtt.ns < 0)
		return;
	if (l->host.rtt.ns < 0)
		l->host.clock_offset.ns = l->hello_offset.ns + rtt.ns / 2;
	l->host.rtt = rtt;
}

static void on_error(void *arg, int err, struct aur_slice text)
{
	struct local *l = arg;

	aur_log_write(l->log, AUR_LOG_DEBUG, "local: agent says %s: %.*s",
	    aur_err_name(err), (int)(text.n < 256 ? text.n : 256), text.p);
}

static const struct aur_client_handler handler = {
    .hello = on_hello,
    .part = on_part,
    .sample = on_sample,
    .event = on_event,
    .reply = on_reply,
    .pong = on_pong,
    .error = on_error,
};

/* --- bytes ---------------------------------------------------------------- */

/* Sends what waits; false when the link is gone. */
static bool flush_out(struct local *l)
{
	struct aur_buf *out = aur_client_out(l->client);

	while (out->n > 0) {
		struct aur_slice s = aur_buf_peek(out);
		ssize_t n =
		    send(aur_child_fd(l->child), s.p, s.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		aur_buf_take(out, (size_t)n);
	}
	if (out->n > 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return false;
	aur_watch_set(
	    l->io, AUR_LOOP_READ | (out->n > 0 ? AUR_LOOP_WRITE : 0u));
	return true;
}

/* Reads what is there. 1: more may come, 0: the end, < 0: a broken frame. */
static int read_in(struct local *l, uint8_t *chunk)
{
	for (int i = 0; i < READS_A_TURN; i++) {
		ssize_t n = read(aur_child_fd(l->child), chunk, READ_CHUNK);
		int rc;

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 1;
		if (n <= 0)
			return 0;
		rc = aur_client_put(l->client, aur_slice_of(chunk, (size_t)n));
		if (rc < 0)
			return rc;
		if (n < (ssize_t)READ_CHUNK)
			return 1;
	}
	return 1;
}

/* The other end is shut: the wait status says more and is about to come. */
static void await_end(struct local *l)
{
	l->closed = true;
	aur_watch_set(l->io, 0);
	aur_timer_start(l->watchdog, aur_span_ms(500));
}

static void on_io(void *arg, unsigned ready)
{
	struct local *l = arg;
	int rc = 1;

	if (ready & AUR_LOOP_READ) {
		uint8_t *chunk = aur_mem_new(1, READ_CHUNK);

		rc = chunk != NULL ? read_in(l, chunk) : AUR_ENOMEM;
		aur_mem_free(chunk);
	}
	if (rc < 0) {
		const char *why = aur_client_error(l->client);

		lose(l, why != NULL ? why : aur_err_str(rc));
	} else if (rc == 0 || !flush_out(l)) {
		await_end(l);
	}
}

static void read_stderr(struct local *l)
{
	char chunk[1024];
	ssize_t n;

	for (int i = 0; i < READS_A_TURN; i++) {
		n = read(aur_child_stderr(l->child), chunk, sizeof chunk);
		if (n <= 0)
			break;
		if (l->stderr.n + (size_t)n > STDERR_KEPT * 2)
			aur_buf_take(
			    &l->stderr, l->stderr.n < STDERR_KEPT
					    ? l->stderr.n
					    : l->stderr.n - STDERR_KEPT / 2);
		if (aur_buf_add(&l->stderr, chunk, (size_t)n) < 0)
			break;
	}
	if (n == 0)
		aur_watch_set(l->err, 0);
}

static void on_stderr(void *arg, unsigned ready)
{
	(void)ready;
	read_stderr(arg);
}

/* The last line that it said, for the error. */
static struct aur_slice last_words(const struct local *l)
{
	struct aur_slice rest = aur_slice_trim(aur_buf_peek(&l->stderr));
	struct aur_slice last = {NULL, 0}, line;

	while (aur_slice_line(&rest, &line))
		last = aur_slice_trim(line);
	if (last.n > STDERR_KEPT / 2)
		last.n = STDERR_KEPT / 2;
	return last;
}

/* --- start and end -------------------------------------------------------- */

static void drop_link(struct local *l)
{
	aur_timer_stop(l->watchdog);
	aur_timer_stop(l->ping);
	aur_watch_free(l->io);
	aur_watch_free(l->err);
	aur_child_free(l->child);
	aur_client_free(l->client);
	l->io = l->err = NULL;
	l->child = NULL;
	l->client = NULL;
	l->host.rtt.ns = -1;
}

/* Doubles up to 30 s, from 0.5 s anew after a run of 30 s. The jitter needs
 * no good randomness: the clock's low digits keep two clients apart. */
static struct aur_span next_delay(struct local *l)
{
	struct aur_mono now = aur_clock_mono();
	struct aur_span wait;

	if (aur_mono_since(now, l->started).ns >= 30 * AUR_SECOND_NS)
		l->delay = aur_span_ms(500);
	wait = l->delay;
	l->delay.ns *= 2;
	if (l->delay.ns > 30 * AUR_SECOND_NS)
		l->delay.ns = 30 * AUR_SECOND_NS;
	wait.ns += wait.ns / 10 * (now.ns / 1000 % 100) / 100;
	return wait;
}

/* The link has ended: says why and waits for another try. */
static void lose(struct local *l, const char *why)
{
	struct aur_span wait = next_delay(l);
	struct aur_slice words;
	int rc;

	if (l->child != NULL)
		read_stderr(l);
	words = last_words(l);
	aur_buf_clear(&l->error);
	rc = aur_buf_addf(&l->error, "%s", why);
	if (rc == 0 && words.n > 0)
		rc = aur_buf_addf(
		    &l->error, ": %.*s", (int)words.n, (const char *)words.p);
	if (rc == 0 && !l->once)
		rc = aur_buf_addf(&l->error, "; started again in %.1f s",
		    aur_span_in_seconds(wait));
	drop_link(l);
	l->host.restarts++;
	aur_timer_start(l->backoff, wait);
	fail_requests(l, "the agent ended before it answered");
	set_state(l, AUR_HOST_UNREACHABLE,
	    rc == 0 ? aur_buf_str(&l->error) : aur_err_str(rc));
}

static void on_ended(void *arg)
{
	struct local *l = arg;
	int status = aur_child_status(l->child);
	char why[48];

	/* what it sent before it ended still counts */
	if (l->client != NULL) {
		uint8_t *chunk = aur_mem_new(1, READ_CHUNK);

		while (
		    chunk != NULL && read_in(l, chunk) > 0 && errno != EAGAIN)
			;
		aur_mem_free(chunk);
	}
	if (WIFSIGNALED(status))
		snprintf(why, sizeof why, "agent ended: signal %d",
		    WTERMSIG(status));
	else
		snprintf(why, sizeof why, "agent ended: exit %d",
		    WEXITSTATUS(status));
	lose(l, why);
}

static void on_backoff(void *arg)
{
	start(arg);
}

static void on_ping(void *arg)
{
	struct local *l = arg;

	if (l->client == NULL ||
	    aur_client_ping(l->client, (uint64_t)aur_clock_mono().ns) < 0)
		return;
	(void)flush_out(l);
	aur_timer_start(l->ping, aur_span_ms(PING_MS));
}

static int open_link(struct local *l, const char *path)
{
	char name[] = "aurora-agentd", how[] = "--stdio";
	char *argv[] = {name, how, NULL};
	int rc = aur_child_new(l->loop, path, argv, on_ended, l, &l->child);

	if (rc == 0)
		rc = aur_client_new(&l->client, &handler, l);
	if (rc == 0)
		rc = aur_watch_new(l->loop, aur_child_fd(l->child),
		    AUR_LOOP_READ, on_io, l, &l->io);
	if (rc == 0)
		rc = aur_watch_new(l->loop, aur_child_stderr(l->child),
		    AUR_LOOP_READ, on_stderr, l, &l->err);
	if (rc == 0 && l->wanted)
		rc = aur_client_want(l->client, &l->want);
	return rc;
}

static void start(struct local *l)
{
	struct aur_buf path, error;
	int rc;

	aur_buf_init(&path, 4096);
	aur_buf_init(&error, MAX_ERROR);
	aur_buf_clear(&l->stderr);
	l->started = aur_clock_mono();
	l->closed = false;
	l->got = 0;
	rc = aur__fleet_find_agent(l->agent, &path, &error);
	if (rc == AUR_EABSENT) {
		aur_buf_release(&l->error);
		l->error = error;
		aur_buf_init(&error, 0);
		set_state(l, AUR_HOST_NO_AGENT, aur_buf_str(&l->error));
		goto out;
	}
	if (rc == 0)
		rc = open_link(l, aur_buf_str(&path));
	if (rc < 0) {
		lose(l, aur_err_str(rc));
		goto out;
	}
	aur_timer_start(l->watchdog, aur_span_ms(SILENCE_MS));
	(void)flush_out(l);
out:
	aur_buf_release(&path);
	aur_buf_release(&error);
}

/* --- the feed ------------------------------------------------------------- */

static size_t feed_count(const struct aur_feed *f)
{
	(void)f;
	return 1;
}

static const struct aur_feed_host *feed_host(const struct aur_feed *f, size_t i)
{
	(void)i;
	return &((const struct local *)f)->host;
}

static void feed_listen(struct aur_feed *f, aur_feed_listen_fn fn, void *arg)
{
	struct local *l = of_feed(f);

	l->listen = fn;
	l->listen_arg = arg;
}

static int feed_want(struct aur_feed *f, size_t i, const struct aur_want *want)
{
	struct local *l = of_feed(f);
	int rc;

	(void)i;
	l->want = *want;
	l->wanted = true;
	l->got = 0;
	if (l->client == NULL)
		return 0;
	rc = aur_client_want(l->client, want);
	if (rc == 0)
		(void)flush_out(l);
	watch_silence(l);
	return rc;
}

static void feed_act(struct aur_feed *f, size_t i, const struct aur_act *act,
    aur_feed_reply_fn done, void *arg)
{
	struct local *l = of_feed(f);
	struct aur_act_reply reply = {.err = AUR_ECLOSED,
	    .text = aur_slice_str("there is no link to the agent")};
	struct request *r = NULL;
	int rc = AUR_ECLOSED;

	(void)i;
	if (l->client == NULL)
		goto out;
	rc = AUR_ENOMEM;
	r = aur_mem_new(1, sizeof *r);
	if (r == NULL)
		goto out;
	rc = aur_client_act(l->client, act, &r->id);
	if (rc < 0)
		goto out;
	r->done = done;
	r->arg = arg;
	r->next = l->requests;
	l->requests = r;
	r = NULL;
	(void)flush_out(l);
out:
	aur_mem_free(r);
	if (rc == 0)
		return;
	if (rc != AUR_ECLOSED)
		reply = (struct aur_act_reply){
		    .err = rc, .text = aur_slice_str(aur_err_str(rc))};
	done(arg, &reply);
}

static void feed_retry(struct aur_feed *f, size_t i)
{
	struct local *l = of_feed(f);

	(void)i;
	if (l->child == NULL)
		aur_timer_start(l->backoff, aur_span_ms(0));
}

static void feed_free(struct aur_feed *f)
{
	struct local *l = of_feed(f);

	if (l == NULL)
		return;
	l->listen = NULL;
	if (l->watchdog != NULL && l->ping != NULL)
		drop_link(l);
	fail_requests(l, "the program ends");
	forget_samples(l);
	aur_timer_free(l->backoff);
	aur_timer_free(l->watchdog);
	aur_timer_free(l->ping);
	aur_buf_release(&l->error);
	aur_buf_release(&l->stderr);
	aur_mem_free(l->agent);
	aur_mem_free(l);
}

static const struct aur_feed_class feed_class = {
    .count = feed_count,
    .host = feed_host,
    .listen = feed_listen,
    .want = feed_want,
    .act = feed_act,
    .retry = feed_retry,
    .free = feed_free,
};

static int make_timers(struct local *l)
{
	int rc = aur_timer_new(l->loop, on_backoff, l, &l->backoff);

	if (rc == 0)
		rc = aur_timer_new(l->loop, on_watchdog, l, &l->watchdog);
	if (rc == 0)
		rc = aur_timer_new(l->loop, on_ping, l, &l->ping);
	return rc;
}

int aur_fleet_local_new(struct aur_feed **ret_feed, struct aur_loop *loop,
    const struct aur_fleet_local_options *options)
{
	struct local *l = aur_mem_new(1, sizeof *l);
	int rc = AUR_ENOMEM;

	if (l == NULL)
		return rc;
	l->feed.class = &feed_class;
	l->loop = loop;
	l->delay = aur_span_ms(500);
	aur_buf_init(&l->error, MAX_ERROR);
	aur_buf_init(&l->stderr, STDERR_KEPT * 4);
	l->host = (struct aur_feed_host){
	    .name = "local",
	    .id = "",
	    .address = "local",
	    .via = "local",
	    .mode = "direct",
	    .state = AUR_HOST_CONNECTING,
	    .rtt = {.ns = -1},
	};
	if (options != NULL) {
		l->log = options->log;
		l->once = options->once;
		if (options->agent != NULL) {
			l->agent =
			    aur_mem_dup(options->agent, strlen(options->agent));
			if (l->agent == NULL)
				goto out;
		}
	}
	rc = make_timers(l);
	if (rc < 0)
		goto out;
	start(l);
	*ret_feed = &l->feed;
	l = NULL;
out:
	if (l != NULL)
		feed_free(&l->feed);
	return rc;
}
