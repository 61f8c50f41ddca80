/* SPDX-License-Identifier: MIT */
/*
 * What is said over a link: the protocol's client between the transport's
 * bytes and the feed's samples. A link is never ended inside the protocol's own
 * callbacks: they note, and the reading function acts when they have returned.
 */
#include "fleet/link_int.h"

#include "base/err.h"
#include "base/mem.h"

#define READS_A_TURN 16

/* --- replies -------------------------------------------------------------- */

static struct aur__request *take_request(struct aur__link *l, uint64_t id)
{
	struct aur__request **p = &l->requests;

	for (; *p != NULL; p = &(*p)->next) {
		struct aur__request *r = *p;

		if (r->id == id) {
			*p = r->next;
			return r;
		}
	}
	return NULL;
}

void aur__link_fail_requests(struct aur__link *l, const char *text)
{
	struct aur_act_reply reply = {
	    .err = AUR_ECLOSED, .text = aur_slice_str(text)};
	const struct aur_fleet_team team = {
	    .err = AUR_ECLOSED, .text = aur_slice_str(text)};

	while (l->requests != NULL) {
		struct aur__request *r = l->requests;

		l->requests = r->next;
		if (r->team != NULL)
			r->team(r->arg, &team);
		else
			r->done(r->arg, &reply);
		aur_mem_free(r);
	}
}

/* --- what the agent says -------------------------------------------------- */

static const char *mode_of(struct aur_slice mode)
{
	return aur_slice_is(mode, "daemon")   ? "daemon"
	       : aur_slice_is(mode, "pushed") ? "pushed"
					      : "direct";
}

static void on_hello(void *arg, const struct aur_hello *hello)
{
	struct aur__link *l = arg;
	char text[64];

	l->hello_offset = aur_wall_since(hello->wall, aur_clock_wall());
	l->host.mode = mode_of(hello->mode);
	l->host.recording = hello->recording;
	snprintf(text, sizeof text, "%.*s, %s",
	    (int)(hello->agent.n < 40 ? hello->agent.n : 40),
	    (const char *)hello->agent.p, l->host.mode);
	aur__link_step(l, AUR_FLEET_AGENT, AUR_FLEET_DONE, text);
	l->phase = AUR__LINK_OPEN;
	aur__link_step(l, AUR_FLEET_SAMPLE, AUR_FLEET_BEGUN, "");
	aur__link_watch(l);
	l->world->leave(l->world->arg, l);
	l->world->accepted(l->world->arg, l);
	aur_timer_start(l->ping, aur_span_ms(0));
}

static void on_part(
    void *arg, struct aur_sample *coming, const struct aur_part *part)
{
	struct aur__link *l = arg;

	(void)part;
	l->host.coming = coming;
	aur__link_tell(l, AUR_FEED_PART);
	l->host.coming = NULL;
}

void aur__link_forget(struct aur__link *l)
{
	aur_sample_unref(l->host.before);
	aur_sample_unref(l->host.now);
	l->host.before = l->host.now = NULL;
}

static void on_sample(void *arg, struct aur_sample *sample)
{
	struct aur__link *l = arg;
	struct aur_feed_host *h = &l->host;
	unsigned changes = AUR_FEED_SAMPLE;

	if (h->now != NULL && h->now->strs != sample->strs)
		aur__link_forget(l);
	aur_sample_unref(h->before);
	h->before = h->now;
	h->now = aur_sample_ref(sample);
	h->received = aur_clock_mono();
	l->got++;
	if (l->stepping)
		aur__link_step(l, AUR_FLEET_SAMPLE, AUR_FLEET_DONE, "");
	if (h->state != AUR_HOST_UP)
		changes |= AUR_FEED_STATE;
	h->state = AUR_HOST_UP;
	h->error = h->blamed = NULL;
	l->jump[0] = '\0';
	if (l->wait.up_since.ns == 0)
		l->wait.up_since = h->received;
	aur__link_watch(l);
	aur__link_tell(l, changes);
}

static void on_event(void *arg, const struct aur_event *event)
{
	struct aur__link *l = arg;

	l->host.event = event;
	aur__link_tell(l, AUR_FEED_EVENT);
	l->host.event = NULL;
}

static void on_block(void *arg, uint64_t id, struct aur_slice block)
{
	struct aur__link *l = arg;

	for (struct aur__request *r = l->requests; r != NULL; r = r->next)
		if (r->id == id && r->block != NULL) {
			r->block(r->arg, block);
			return;
		}
}

static void refuse_team(const struct aur__request *r, const char *text)
{
	const struct aur_fleet_team team = {
	    .err = AUR_EPROTOCOL, .text = aur_slice_str(text)};

	r->team(r->arg, &team);
}

static void on_reply(void *arg, uint64_t id, const struct aur_act_reply *reply)
{
	struct aur__request *r = take_request(arg, id);

	if (r == NULL)
		return;
	if (r->done != NULL)
		r->done(r->arg, reply);
	else
		refuse_team(r, "the agent mistook a request");
	aur_mem_free(r);
}

static void on_team(void *arg, const struct aur_team_answer *answer)
{
	struct aur__request *r = take_request(arg, answer->request);
	const struct aur_fleet_team team = {
	    answer->err, answer->file, answer->text};
	const struct aur_act_reply reply = {.err = AUR_EPROTOCOL};

	if (r == NULL)
		return;
	if (r->team != NULL)
		r->team(r->arg, &team);
	else
		r->done(r->arg, &reply);
	aur_mem_free(r);
}

/* The token of a ping is the time it was sent. The hello left the agent
 * before the pong did, so half a round trip is what its clock seems behind. */
static void on_pong(void *arg, uint64_t token)
{
	struct aur__link *l = arg;
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
	struct aur__link *l = arg;

	aur_log_write(l->world->options->log, AUR_LOG_DEBUG,
	    "%s: agent says %s: %.*s", l->host.name, aur_err_name(err),
	    (int)(text.n < 256 ? text.n : 256), text.p);
}

static const struct aur_client_handler handler = {
    .hello = on_hello,
    .part = on_part,
    .sample = on_sample,
    .event = on_event,
    .reply = on_reply,
    .block = on_block,
    .pong = on_pong,
    .error = on_error,
    .team = on_team,
};

/* --- bytes ---------------------------------------------------------------- */

/* Sends what waits. What cannot be sent is told by the transport's end. */
static void flush_out(struct aur__link *l)
{
	struct aur_buf *out = aur_client_out(l->client);

	while (out->n > 0) {
		int64_t n = l->class->write(l->transport, aur_buf_peek(out));

		if (n <= 0)
			break;
		aur_buf_take(out, (size_t)n);
	}
}

/* Reads what is there. 1: more may come, 0: the end, < 0: a broken frame. */
static int read_in(struct aur__link *l, int turns)
{
	for (int i = 0; i < turns; i++) {
		uint8_t *chunk = l->world->chunk;
		int64_t n =
		    l->class->read(l->transport, chunk, AUR__READ_CHUNK);
		int rc;

		if (n <= 0)
			return n == 0;
		if (l->woke) { /* it lives */
			l->woke = false;
			aur__link_watch(l);
		}
		rc = aur_client_put(l->client, aur_slice_of(chunk, (size_t)n));
		if (rc < 0)
			return rc;
	}
	return 1;
}

static const char *why_broken(const struct aur__link *l, int rc)
{
	const char *why = aur_client_error(l->client);

	return why != NULL ? why : aur_err_str(rc);
}

void aur__link_move(struct aur__link *l)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	int rc = read_in(l, READS_A_TURN);

	if (rc >= 0) {
		flush_out(l);
		return;
	}
	snprintf(why.what, sizeof why.what, "%s", why_broken(l, rc));
	aur__link_lose(l, &why);
}

/* What it sent before it ended still counts. */
const char *aur__link_drain(struct aur__link *l)
{
	int rc = 1;

	/* a pipe holds less than this */
	if (l->client != NULL)
		rc = read_in(l, READS_A_TURN * 16);
	return rc < 0 ? why_broken(l, rc) : NULL;
}

void aur__link_ping(struct aur__link *l)
{
	if (l->client == NULL ||
	    aur_client_ping(l->client, (uint64_t)aur_clock_mono().ns) < 0)
		return;
	flush_out(l);
	aur_timer_start(l->ping, l->world->pace->ping);
}

int aur__link_talk(struct aur__link *l)
{
	int rc = aur_client_new(&l->client, &handler, l);

	if (rc == 0 && l->wanted)
		rc = aur_client_want(l->client, &l->want);
	if (rc == 0)
		flush_out(l);
	return rc;
}

/* --- what is asked of it -------------------------------------------------- */

int aur__link_want(struct aur__link *l, const struct aur_want *want)
{
	int rc = 0;

	l->want = *want;
	l->wanted = true;
	l->got = 0;
	if (l->client == NULL)
		return 0;
	rc = aur_client_want(l->client, want);
	if (rc == 0)
		flush_out(l);
	aur__link_watch(l);
	return rc;
}

/* Sends a request that waits for its answer. */
static int add_request(struct aur__link *l, const struct aur__request *as,
    int (*send)(struct aur_client *c, const void *what, uint64_t *ret_id),
    const void *what)
{
	struct aur__request *r = NULL;
	int rc = AUR_ECLOSED;

	if (l->client == NULL)
		return rc;
	r = aur_mem_new(1, sizeof *r);
	if (r == NULL)
		return AUR_ENOMEM;
	*r = *as;
	rc = send(l->client, what, &r->id);
	if (rc < 0) {
		aur_mem_free(r);
		return rc;
	}
	r->next = l->requests;
	l->requests = r;
	flush_out(l);
	return 0;
}

static struct aur_slice words_for(int err)
{
	return aur_slice_str(err == AUR_ECLOSED
				 ? "there is no link to the agent"
				 : aur_err_str(err));
}

static int send_act(struct aur_client *c, const void *act, uint64_t *ret_id)
{
	return aur_client_act(c, act, ret_id);
}

static int send_team(struct aur_client *c, const void *id, uint64_t *ret_id)
{
	return aur_client_team(c, aur_slice_str(id), ret_id);
}

static int send_backfill(
    struct aur_client *c, const void *what, uint64_t *ret_id)
{
	return aur_client_backfill(c, what, ret_id);
}

void aur__link_act(struct aur__link *l, const struct aur_act *act,
    aur_feed_reply_fn done, void *arg)
{
	const struct aur__request r = {.done = done, .arg = arg};
	struct aur_act_reply reply = {.err = add_request(l, &r, send_act, act)};

	if (reply.err == 0)
		return;
	reply.text = words_for(reply.err);
	done(arg, &reply);
}

void aur__link_team(
    struct aur__link *l, const char *id, aur_fleet_team_fn done, void *arg)
{
	const struct aur__request r = {.team = done, .arg = arg};
	struct aur_fleet_team team = {.err = add_request(l, &r, send_team, id)};

	if (team.err == 0)
		return;
	team.text = words_for(team.err);
	done(arg, &team);
}

void aur__link_backfill(struct aur__link *l, const struct aur_backfill *what,
    aur_feed_block_fn block, aur_feed_reply_fn done, void *arg)
{
	const struct aur__request r = {
	    .block = block, .done = done, .arg = arg};
	struct aur_act_reply reply = {.err = AUR_ECLOSED};

	if (l->phase == AUR__LINK_OPEN)
		reply.err = add_request(l, &r, send_backfill, what);
	if (reply.err == 0)
		return;
	reply.text = words_for(reply.err);
	done(arg, &reply);
}
