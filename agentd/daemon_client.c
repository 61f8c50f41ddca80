/* SPDX-License-Identifier: MIT */
/*
 * Guests. Root, the group and the service's own user are shown all that we
 * see, and have some places of their own, so that a crowd of others cannot
 * keep them out. Everybody else is shown what /proc shows him, or, where the
 * settings say so, nothing.
 *
 *	accept ── no place, no right ──▶ error, close
 *	  │
 *	  ▼        no hello in 10 s, broken frame, end
 *	client ──────────────────────────────────────▶ ended ──▶ reaped
 *	  └── bytes ⇄ serve
 *
 * A client is freed only by daemon__reap, when no list is being walked: what
 * one client says (a report) may end another.
 */
#include "agentd/daemon_int.h"

#include "agentd/daemon_report.h"
#include "agentd/daemon_say.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "wire/frame.h"
#include "wire/msg.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define HELLO_NS (10 * AUR_SECOND_NS)
#define REPORTS_NS (10 * AUR_SECOND_NS)
#define SAY_REFUSED_NS (10 * AUR_SECOND_NS)
#define CHUNK 16384

/* --- samples and reports -------------------------------------------------- */

static bool on_want(void *arg, const struct aur_want *want)
{
	(void)arg; /* serve_want has it, and the caller plans anew */
	(void)want;
	return true;
}

/* Whether one more report may come in; counts it. */
static bool may_report(struct client *c)
{
	struct aur_mono now = aur_clock_mono();

	if (aur_mono_since(now, c->reports_since).ns > REPORTS_NS) {
		c->reports_since = now;
		c->reports = 0;
	}
	return c->reports++ < AUR_MAX_REPORTS;
}

static void say_event(const struct aur_event *e, uint64_t uid)
{
	struct aur_slice pid = {NULL, 0}, member = {NULL, 0};

	for (size_t i = 0; i < e->npair; i++) {
		if (aur_slice_is(e->pair[i].key, "pid"))
			pid = e->pair[i].value;
		if (aur_slice_is(e->pair[i].key, "member"))
			member = e->pair[i].value;
	}
	/* all of them checked: a kind of ours, a number, a plain word */
	say(AUR_LOG_INFO, "%.*s: pid %.*s, by uid %llu%s%.*s", (int)e->kind.n,
	    (const char *)e->kind.p, (int)pid.n, (const char *)pid.p,
	    (unsigned long long)uid, member.n > 0 ? ", member " : "",
	    (int)member.n, (const char *)(member.n > 0 ? member.p : pid.p));
}

static void on_report(void *arg, const struct aur_event *said)
{
	struct client *c = arg;
	char digits[REPORT_DIGITS];
	struct aur_event e;

	if (report_check(said, c->peer.uid, digits, &e) < 0) {
		(void)serve_end(c->serve, AUR_EINVALID, "no such report");
		return;
	}
	if (!may_report(c)) {
		(void)serve_end(c->serve, AUR_ELIMIT, "too many reports");
		return;
	}
	say_event(&e, c->peer.uid);
	daemon__tell(c->daemon, &e);
}

/* --- bytes ---------------------------------------------------------------- */

void daemon__flush(struct client *c)
{
	unsigned events = 0;

	while (!c->ended) {
		struct aur_slice out = serve_out(c->serve);
		ssize_t n;

		if (out.n == 0)
			break;
		n = send(c->fd, out.p, out.n, MSG_NOSIGNAL);
		if (n > 0)
			serve_sent(c->serve, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		else
			c->ended = true;
	}
	if (c->ended)
		return;
	if (serve_reads(c->serve))
		events |= AUR_LOOP_READ;
	if (serve_out(c->serve).n > 0)
		events |= AUR_LOOP_WRITE;
	if (aur_watch_set(c->watch, events) < 0)
		c->ended = true;
}

/* Reads once, so that one who talks much does not keep the others waiting. 0;
 * an error: it has ended, and what it is told is in the output. */
static int take_input(struct client *c)
{
	uint8_t chunk[CHUNK];
	ssize_t n = recv(c->fd, chunk, sizeof(chunk), 0);

	if (n > 0)
		return serve_put(
		    c->serve, aur_slice_of(chunk, (size_t)n), daemon__now());
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	return AUR_ECLOSED;
}

static void on_ready(void *arg, unsigned ready)
{
	struct client *c = arg;
	struct daemon *d = c->daemon;
	int rc = 0;

	if (ready & AUR_LOOP_READ)
		rc = take_input(c);
	daemon__flush(c);
	c->ended |= rc < 0;
	daemon__reap(d);
	daemon__plan(d);
}

/* --- coming and going ----------------------------------------------------- */

static void free_client(struct client *c)
{
	aur_watch_free(c->watch);
	serve_free(c->serve);
	kept_end(&c->kept);
	if (c->fd >= 0)
		close(c->fd);
	aur_mem_free(c);
}

void daemon__reap(struct daemon *d)
{
	struct client **p = &d->clients;

	while (*p != NULL) {
		struct client *c = *p;

		if (!c->ended) {
			p = &c->next;
			continue;
		}
		*p = c->next;
		d->nclient--;
		free_client(c);
	}
}

void daemon__clear(struct daemon *d)
{
	for (struct client *c = d->clients; c != NULL; c = c->next) {
		(void)serve_end(
		    c->serve, AUR_ECLOSED, "the host's service ends");
		daemon__flush(c);
		c->ended = true;
	}
	daemon__reap(d);
}

bool daemon__expire(struct daemon *d)
{
	struct aur_mono now = aur_clock_mono();
	bool some = false;

	for (struct client *c = d->clients; c != NULL; c = c->next) {
		if (serve_is_open(c->serve))
			continue;
		if (aur_mono_since(now, c->since).ns < HELLO_NS) {
			some = true;
			continue;
		}
		(void)serve_end(c->serve, AUR_ETIMEOUT, "no hello");
		daemon__flush(c);
		c->ended = true;
	}
	daemon__reap(d);
	return some;
}

/* --- the door ------------------------------------------------------------- */

static struct view_peer peer_of(
    struct daemon *d, const struct guest *g, enum aur_sight *ret_sight)
{
	struct view_peer p = {.uid = g->uid, .cmdline = d->settings.cmdline};
	enum aur_sight sight = aur_collect_sight(d->probe, &p.only_own);

	p.whole = g->uid == 0 || g->uid == (uint64_t)geteuid() ||
		  (d->settings.has_group && guest_in_group(g, d->settings.gid));
	if (!p.whole && sight > AUR_SIGHT_ALL)
		sight = AUR_SIGHT_ALL;
	if (!p.whole && p.only_own && sight > AUR_SIGHT_OWN)
		sight = AUR_SIGHT_OWN;
	*ret_sight = sight;
	return p;
}

static unsigned count_of(const struct daemon *d, uint64_t uid)
{
	unsigned n = 0;

	for (const struct client *c = d->clients; c != NULL; c = c->next)
		n += c->peer.uid == uid;
	return n;
}

/* Why not, or NULL. */
static const char *refusal(
    const struct daemon *d, const struct view_peer *peer, int *ret_err)
{
	const struct daemon_settings *s = &d->settings;

	*ret_err = AUR_EDENIED;
	if (s->group_only && !peer->whole)
		return "only root and the group of the service may read";
	*ret_err = AUR_ELIMIT;
	if (peer->whole)
		return d->nclient >= s->max_clients + AUR_MAX_RESERVED_PEERS
			   ? "the service has too many clients"
			   : NULL;
	if (d->nclient >= s->max_clients)
		return "the service has too many clients";
	if (count_of(d, peer->uid) >= s->max_per_user)
		return "this user has too many clients of the service";
	return NULL;
}

/* A line for the first, then the number of the rest: a crowd shall not fill
 * the log. */
static void say_refused(struct daemon *d, uint64_t uid, const char *why)
{
	struct aur_mono now = aur_clock_mono();

	d->refused++;
	if (d->refused > 1 &&
	    aur_mono_since(now, d->refused_at).ns < SAY_REFUSED_NS)
		return;
	say(AUR_LOG_WARN, "refused uid %llu: %s (%u refused)",
	    (unsigned long long)uid, why, d->refused);
	d->refused_at = now;
	d->refused = 1;
}

/* Greets with an error in place of a hello. */
static void refuse(int fd, int err, const char *why)
{
	struct aur_error error = {err, aur_slice_str(why)};
	struct aur_buf body, out;
	ssize_t n = 0;
	int rc;

	aur_buf_init(&body, AUR_MAX_ASK);
	aur_buf_init(&out, AUR_MAX_ASK);
	rc = aur_buf_add_str(&out, AUR_WIRE_PREAMBLE);
	if (rc == 0)
		rc = aur_error_put(&body, &error);
	if (rc == 0)
		rc = aur_frame_add(&out, 0, AUR_MSG_ERROR, aur_buf_peek(&body));
	if (rc == 0)
		n = send(fd, aur_buf_peek(&out).p, aur_buf_peek(&out).n,
		    MSG_NOSIGNAL);
	(void)n; /* a new socket has room; who has gone needs no reason */
	aur_buf_release(&body);
	aur_buf_release(&out);
	close(fd);
}

static int admit(struct daemon *d, struct client *c, enum aur_sight sight)
{
	struct serve_source source = {
	    .arg = c, .want = on_want, .report = on_report};
	struct serve_options options = {.mode = "daemon",
	    .recording = record_is_on(d),
	    .uid = (uint64_t)geteuid(),
	    .sight = sight};
	int rc;

	source.kept = d->spool != NULL ? &daemon__kept : NULL;
	rc = serve_new(&c->serve, &source, &options, daemon__now());
	if (rc == 0)
		rc = aur_watch_new(
		    d->loop, c->fd, AUR_LOOP_READ, on_ready, c, &c->watch);
	return rc;
}

void daemon__enter(struct daemon *d, int fd, const struct guest *guest)
{
	enum aur_sight sight;
	struct view_peer peer = peer_of(d, guest, &sight);
	struct client *c;
	int err;
	const char *why = refusal(d, &peer, &err);

	if (why != NULL) {
		say_refused(d, guest->uid, why);
		refuse(fd, err, why);
		return;
	}
	c = aur_mem_new(1, sizeof(*c));
	if (c == NULL) {
		refuse(fd, AUR_ENOMEM, aur_err_str(AUR_ENOMEM));
		return;
	}
	c->daemon = d;
	c->fd = fd;
	c->peer = peer;
	c->pid = guest->pid;
	c->since = aur_clock_mono();
	if (admit(d, c, sight) < 0) {
		free_client(c);
		return;
	}
	c->next = d->clients;
	d->clients = c;
	d->nclient++;
	daemon__start_sweep(d);
	daemon__flush(c);
}
