/* SPDX-License-Identifier: MIT */
/*
 * A link's life. Above the line what it does (phase), below what the host's
 * state is meanwhile:
 *
 *	          start            turn              hello
 *	   REST ────────▶ QUEUE ────────▶ OPENING ─────────▶ OPEN
 *	    ▲  on_backoff                   │  ▲ unfit: the    │
 *	    │  retry, woke                  │  │ next of the   │
 *	    └──────────────── lose ─────────┴──┘ transports    │
 *	    └──────────────── lose ────────────────────────────┘
 *	  ─────────────────────────────────────────────────────────────
 *	                        sample
 *	   CONNECTING ───────────────────────▶ UP ◀──────────┐ sample
 *	    ▲  │                               │ on_watchdog: │
 *	    │  │ lose                          │ 3 intervals  │
 *	    │  ▼                     lose      ▼              │
 *	    │ UNREACHABLE NO_AGENT ◀─ again ─ STALE ──────────┘
 *	    │ AUTH_FAILED KEY_*                on_watchdog: 15 s: lose
 *	    └── retry
 *
 * A host that was up and is lost is stale first, because it is most often the
 * network that blinked, and unreachable when an attempt to get it back has
 * failed. This machine's agent that ended is unreachable at once: there is no
 * network to blame. A state then stays, with its reason, until a sample has
 * come: a host that dies at once must not flicker. The last samples stay too,
 * to be shown with their age; they go when another agent's first one comes,
 * because it has another string table and nobody watched between.
 *
 * What is final (a refused login, a host key) waits for a person.
 */
#include "fleet/link_int.h"

#include "base/err.h"
#include "fleet/fleet_int.h"

#define MAX_ERROR 2048u
#define MAX_ADDRESS 1024u

static void set_state(
    struct aur__link *l, enum aur_host_state state, const char *error)
{
	l->host.state = state;
	l->host.error = error;
	l->host.blamed = l->jump[0] != '\0' ? l->jump : NULL;
	aur__link_tell(l, AUR_FEED_STATE);
}

void aur__link_tell(struct aur__link *l, unsigned changes)
{
	l->world->changed(l->world->arg, l->index, changes);
}

/* --- steps ---------------------------------------------------------------- */

static void tell_step(
    struct aur__link *l, enum aur_fleet_how how, const char *text)
{
	const struct aur_fleet_options *o = l->world->options;
	struct aur_mono now = aur_clock_mono();
	struct aur_fleet_progress p = {
	    .host = l->index, .step = l->step, .how = how, .text = text};

	if (how == AUR_FLEET_BEGUN)
		l->step_began = now;
	else
		p.took = aur_mono_since(now, l->step_began);
	l->stepping = how == AUR_FLEET_BEGUN;
	if (o->step != NULL)
		o->step(o->arg, &p);
}

void aur__link_step(struct aur__link *l, enum aur_fleet_step step,
    enum aur_fleet_how how, const char *text)
{
	/* what was not seen to begin or to end did so just now */
	if (l->stepping && l->step != step)
		tell_step(l, AUR_FLEET_DONE, "");
	l->step = step;
	if (how != AUR_FLEET_BEGUN && !l->stepping)
		tell_step(l, AUR_FLEET_BEGUN, "");
	tell_step(l, how, text);
	if (!l->asking)
		aur_timer_start(l->watchdog, l->world->pace->step);
}

/* --- patience ------------------------------------------------------------- */

static bool expects(const struct aur__link *l)
{
	return l->wanted && (l->want.count == 0 || l->got < l->want.count);
}

void aur__link_watch(struct aur__link *l)
{
	if (l->phase != AUR__LINK_OPEN || l->woke)
		return;
	if (!expects(l))
		aur_timer_stop(l->watchdog);
	else if (l->host.state == AUR_HOST_UP)
		aur_timer_start(l->watchdog,
		    aur__pace_stale(l->world->pace, l->want.interval));
	else
		aur_timer_start(l->watchdog, l->world->pace->step);
}

static void lose_silent(struct aur__link *l)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};

	if (l->phase == AUR__LINK_OPENING)
		snprintf(why.what, sizeof why.what, "no answer for %g s (%s)",
		    aur_span_in_seconds(l->world->pace->step),
		    aur_fleet_step_name(l->step));
	else
		snprintf(why.what, sizeof why.what, "%s",
		    l->woke ? "the connection did not outlive our sleep"
			    : "the agent is silent");
	aur__link_lose(l, &why);
}

static void on_watchdog(void *arg)
{
	struct aur__link *l = arg;
	const struct aur__pace *pace = l->world->pace;
	struct aur_span stale = aur__pace_stale(pace, l->want.interval);
	struct aur_span lost = aur__pace_lost(pace, l->want.interval);

	if (l->host.state != AUR_HOST_UP || l->woke) {
		lose_silent(l);
		return;
	}
	aur_timer_start(
	    l->watchdog, (struct aur_span){.ns = lost.ns - stale.ns});
	aur_buf_clear(&l->error);
	if (aur_buf_addf(&l->error, "no sample for %g s",
		aur_span_in_seconds(stale)) < 0)
		aur_buf_clear(&l->error);
	set_state(l, AUR_HOST_STALE, aur_buf_str(&l->error));
}

void aur__link_woke(struct aur__link *l)
{
	if (l->phase == AUR__LINK_REST &&
	    l->host.state != AUR_HOST_AUTH_FAILED &&
	    l->host.state != AUR_HOST_KEY_UNKNOWN &&
	    l->host.state != AUR_HOST_KEY_CHANGED) {
		l->wait.failures = 0;
		aur_timer_start(l->backoff, aur_span_ms(0));
	}
	if (l->phase != AUR__LINK_OPEN || !l->class->remote)
		return;
	l->woke = true;
	aur_timer_start(l->watchdog, l->world->pace->stale);
	aur__link_ping(l);
}

/* --- the end -------------------------------------------------------------- */

static void leave_queue(struct aur__link *l)
{
	l->world->leave(l->world->arg, l);
}

static void drop(struct aur__link *l)
{
	aur_timer_stop(l->watchdog);
	aur_timer_stop(l->ping);
	if (l->asking) {
		l->asking = false;
		l->world->ask(l->world->arg, l, NULL);
	}
	if (l->transport != NULL)
		l->class->free(l->transport);
	aur_client_free(l->client);
	l->transport = NULL;
	l->client = NULL;
	l->woke = false;
	l->host.rtt.ns = -1;
	l->phase = AUR__LINK_REST;
}

static uint32_t some_number(const struct aur__link *l)
{
	/* no good randomness is needed: low digits keep two clients apart */
	return (uint32_t)(aur_clock_mono().ns / 1000) + (uint32_t)l->index * 37;
}

/* What failed, what to do, what will be done. */
static int explain(
    struct aur__link *l, const struct aur__failure *why, const char *next)
{
	int rc;

	aur_buf_clear(&l->error);
	rc = aur_buf_add_str(&l->error, why->what);
	if (rc == 0 && why->remedy[0] != '\0')
		rc = aur_buf_addf(&l->error, ": %s", why->remedy);
	return rc == 0 ? aur_buf_add_str(&l->error, next) : rc;
}

static void back_off(struct aur__link *l, bool local, char *next, size_t size)
{
	bool was_up = l->wait.known || l->wait.up_since.ns != 0;
	struct aur_span wait = aur__backoff_next(
	    l->world->pace, &l->wait, aur_clock_mono(), some_number(l));

	/* nobody waits that long */
	if (l->world->options->once)
		return;
	aur_timer_start(l->backoff, wait);
	snprintf(next, size, "; %s in %.1f s",
	    local    ? "started again"
	    : was_up ? "reconnecting"
		     : "tried again",
	    aur_span_in_seconds(wait));
}

/* Another transport of those that may be tried: true when one is being. */
static bool try_next(struct aur__link *l, const struct aur__failure *why)
{
	if (!why->unfit ||
	    l->world->transport(l->route.host->via, l->nth + 1) == NULL)
		return false;
	drop(l);
	l->nth++;
	l->phase = AUR__LINK_QUEUE;
	aur__link_open(l);
	return true;
}

void aur__link_lose(struct aur__link *l, const struct aur__failure *why)
{
	enum aur_host_state state = why->state;
	bool remote = l->class == NULL || l->class->remote;
	char next[64] = "";
	int rc;

	if (try_next(l, why))
		return;
	if (l->stepping)
		tell_step(l, AUR_FLEET_FAILED, why->what);
	if (remote && state == AUR_HOST_UNREACHABLE && l->wait.up_since.ns != 0)
		state = AUR_HOST_STALE;
	drop(l);
	leave_queue(l);
	l->host.restarts++;
	if (!why->final)
		back_off(l, !remote, next, sizeof next);
	if (state == AUR_HOST_AUTH_FAILED) {
		l->refused = true;
		l->world->refused(l->world->arg, l, why->what);
	}
	snprintf(l->jump, sizeof l->jump, "%s", why->jump);
	rc = explain(l, why, next);
	aur__link_fail_requests(l, "the link ended before the agent answered");
	set_state(l, state, rc == 0 ? aur_buf_str(&l->error) : aur_err_str(rc));
	if (why->by_jump)
		l->world->jump_failed(l->world->arg, l, why);
}

void aur__link_fail(struct aur__link *l, const struct aur__failure *why)
{
	struct aur__failure copy = *why;

	copy.by_jump = false; /* that is known */
	aur__link_lose(l, &copy);
}

/* --- what a transport says ------------------------------------------------ */

static void on_ready(void *arg)
{
	aur__link_move(arg);
}

static void on_ended(void *arg, const struct aur__failure *why)
{
	struct aur__link *l = arg;
	const char *broken = aur__link_drain(l);
	struct aur__failure other = {.state = AUR_HOST_UNREACHABLE};

	if (broken == NULL) {
		aur__link_lose(l, why);
		return;
	}
	snprintf(other.what, sizeof other.what, "%s", broken);
	aur__link_lose(l, &other);
}

static void on_step(void *arg, enum aur_fleet_step step, enum aur_fleet_how how,
    const char *text)
{
	struct aur__link *l = arg;

	/* a transport may tell of a login when the agent has spoken */
	if (l->phase == AUR__LINK_OPENING)
		aur__link_step(l, step, how, text);
}

static void on_ask(void *arg, const struct aur_fleet_question *question)
{
	struct aur__link *l = arg;
	struct aur_fleet_question q;

	if (question != NULL && l->world->options->ask == NULL) {
		if (l->class->answer != NULL)
			l->class->answer(l->transport, NULL);
		return;
	}
	l->asking = question != NULL;
	if (l->asking) {
		q = *question;
		q.host = l->index;
		question = &q;
		aur_timer_stop(l->watchdog);
	} else {
		aur_timer_start(l->watchdog, l->world->pace->step);
	}
	l->world->ask(l->world->arg, l, question);
}

static const struct aur__transport_handler handler = {
    .ready = on_ready,
    .ended = on_ended,
    .step = on_step,
    .ask = on_ask,
};

void aur__link_answer(struct aur__link *l, const char *text)
{
	if (!l->asking)
		return;
	l->asking = false;
	aur_timer_start(l->watchdog, l->world->pace->step);
	if (l->class->answer != NULL)
		l->class->answer(l->transport, text);
}

/* --- the beginning -------------------------------------------------------- */

static int open_transport(struct aur__link *l, struct aur__failure *why)
{
	const struct aur__world *w = l->world;
	struct aur__transport_need need = {
	    .loop = w->loop,
	    .route = &l->route,
	    .options = w->options,
	    .pool = w->pool(w->arg, l->class),
	    .batch = w->options->ask == NULL,
	    .handler = &handler,
	    .arg = l,
	};
	struct aur_buf command;
	int rc = 0;

	aur_buf_init(&command, AUR__COMMAND_MAX);
	if (l->class->remote)
		rc = aur__agent_command(&command, l->route.host->agent);
	if (rc == 0)
		need.command = aur_buf_str(&command);
	if (rc == 0 && need.command == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = l->class->open(&l->transport, &need, why);
	aur_buf_release(&command);
	return rc;
}

void aur__link_open(struct aur__link *l)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	int rc;

	l->class = l->world->transport(l->route.host->via, l->nth);
	if (l->class == NULL) {
		snprintf(why.what, sizeof why.what,
		    "this aurora has no transport '%s'",
		    aur_fleet_via_name(l->route.host->via));
		why.final = true;
		aur__link_lose(l, &why);
		return;
	}
	l->host.via = l->class->name;
	l->wait.remote = l->class->remote;
	l->phase = AUR__LINK_OPENING;
	l->got = 0;
	l->step = l->class->remote ? AUR_FLEET_CONNECT : AUR_FLEET_AGENT;
	aur_timer_start(l->watchdog, l->world->pace->step);
	if (!l->class->remote)
		aur__link_step(l, AUR_FLEET_AGENT, AUR_FLEET_BEGUN, "");
	rc = open_transport(l, &why);
	if (rc == 0)
		rc = aur__link_talk(l);
	if (rc == 0)
		return;
	if (why.what[0] == '\0')
		snprintf(why.what, sizeof why.what, "%s", aur_err_str(rc));
	aur__link_lose(l, &why);
}

/* Whether an earlier program was refused, or this one, and nobody asked. */
static bool rest_refused(struct aur__link *l)
{
	if (!l->world->was_refused(l->world->arg, l, &l->error))
		return false;
	l->refused = true;
	set_state(l, AUR_HOST_AUTH_FAILED, aur_buf_str(&l->error));
	return true;
}

static void on_backoff(void *arg)
{
	struct aur__link *l = arg;

	if (l->phase != AUR__LINK_REST)
		return;
	l->phase = AUR__LINK_QUEUE;
	l->nth = 0;
	l->world->enter(l->world->arg, l);
}

void aur__link_start(struct aur__link *l)
{
	if (l->phase != AUR__LINK_REST)
		return;
	if (!l->world->options->asked && rest_refused(l))
		return;
	on_backoff(l);
}

void aur__link_retry(struct aur__link *l)
{
	if (l->phase != AUR__LINK_REST)
		return;
	l->jump[0] = '\0';
	set_state(l, AUR_HOST_CONNECTING, NULL);
	aur_timer_start(l->backoff, aur_span_ms(0));
}

static void on_ping(void *arg)
{
	aur__link_ping(arg);
}

int aur__link_init(struct aur__link *l, const struct aur__world *world,
    size_t index, const struct aur__route *route)
{
	const struct aur_fleet_host *h = route->host;
	const struct aur__transport_class *class = world->transport(h->via, 0);
	int rc;

	l->world = world;
	l->index = index;
	l->route = *route;
	aur_buf_init(&l->error, MAX_ERROR);
	aur_buf_init(&l->address, MAX_ADDRESS);
	l->host = (struct aur_feed_host){
	    .name = h->name,
	    .id = h->id != NULL ? h->id : "",
	    .behind =
		route->nhop > 0 ? route->hop[route->nhop - 1]->name : NULL,
	    .groups = h->groups,
	    .ngroup = h->ngroup,
	    .via = class != NULL ? class->name : aur_fleet_via_name(h->via),
	    .mode = "direct",
	    .state = AUR_HOST_CONNECTING,
	    .rtt = {.ns = -1},
	};
	rc = aur__host_address(&l->address, h);
	l->host.address = aur_buf_str(&l->address);
	if (rc == 0 && l->host.address == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = aur_timer_new(world->loop, on_backoff, l, &l->backoff);
	if (rc == 0)
		rc = aur_timer_new(world->loop, on_watchdog, l, &l->watchdog);
	if (rc == 0)
		rc = aur_timer_new(world->loop, on_ping, l, &l->ping);
	return rc;
}

void aur__link_release(struct aur__link *l)
{
	if (l->watchdog != NULL && l->ping != NULL)
		drop(l);
	aur__link_fail_requests(l, "the program ends");
	aur__link_forget(l);
	aur_timer_free(l->backoff);
	aur_timer_free(l->watchdog);
	aur_timer_free(l->ping);
	aur_buf_release(&l->error);
	aur_buf_release(&l->address);
	*l = (struct aur__link){0};
}
