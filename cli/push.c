/* SPDX-License-Identifier: MIT */
/*
 * A host is logged in to as soon as its link is up or has found no agent; then
 * commands go over that connection beside it. A place that turns out to be
 * mounted noexec is followed by the next one.
 */
#include "cli/push.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#define AT_ONCE 16
#define PATIENCE_SECONDS 120
#define SETTLE_SECONDS 30
#define SCRIPT_MAX 65536u

struct push_file {
	struct push_file *next;
	char name[48];
	bool service;
	int rc;
	char why[AUR_PUSH_WHY];
	struct aur_buf bytes;
};

static const struct aur_feed_host *feed_host(const struct push_host *h)
{
	struct aur_feed *f = h->all->session->feed;

	return f->class->host(f, h->index);
}

const char *push_name(const struct push_host *h)
{
	return feed_host(h)->name;
}

int push_say(const struct push_host *h, struct aur_slice text)
{
	struct cli *c = h->all->session->cli;
	int rc = aur_buf_addf(&c->out, "%s: ", push_name(h));

	if (rc == 0)
		rc = aur_text_add_safe(&c->out, text);
	if (rc == 0)
		rc = aur_buf_add_str(&c->out, "\n");
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

static void fail(struct push_host *h, const char *what, const char *remedy)
{
	h->failed = true;
	cli_error(push_name(h), "%s%s%s", what, remedy[0] != '\0' ? ": " : "",
	    remedy);
}

/* --- files ---------------------------------------------------------------- */

static struct push_file *file_of(struct push_host *h, bool service)
{
	struct push *p = h->all;
	struct push_file *f = p->file;

	while (f != NULL &&
	       (f->service != service || strcmp(f->name, h->is.system) != 0))
		f = f->next;
	if (f != NULL || (f = aur_mem_new(1, sizeof *f)) == NULL)
		return f;
	f->service = service;
	snprintf(f->name, sizeof f->name, "%s", h->is.system);
	aur_buf_init(&f->bytes, AUR_MAX_QUEUE);
	f->rc =
	    aur_push_file(&f->bytes, f->name, service, f->why, sizeof f->why);
	f->next = p->file;
	p->file = f;
	return f;
}

/* Of what PUT, USER and SYSTEM put there. False: said. */
static bool bytes_of(struct push_host *h, struct aur_slice *ret_bytes)
{
	struct push_file *f;

	*ret_bytes = (struct aur_slice){NULL, 0};
	if (h->verb == AUR_PUSH_PROBE || h->verb == AUR_PUSH_REMOVE)
		return true;
	if (h->is.system[0] == '\0') {
		fail(h, "it does not say what machine it is", "");
		return false;
	}
	f = file_of(h, h->verb != AUR_PUSH_PUT);
	if (f == NULL || f->rc < 0) {
		fail(h, f != NULL ? f->why : aur_err_str(AUR_ENOMEM), "");
		return false;
	}
	*ret_bytes = aur_buf_peek(&f->bytes);
	return true;
}

/* --- what hosts can do ---------------------------------------------------- */

static bool can_user(struct push_host *h)
{
	if (h->is.user)
		return true;
	fail(h, "no systemd keeps services of this user",
	    h->is.systemd || h->is.openrc
		? "'aurora agent install --system' makes one of the host, as "
		  "root; without it an agent works while somebody looks"
		: "an agent works there while somebody looks, and no longer");
	return false;
}

static bool can_system(struct push_host *h)
{
	if (!h->is.systemd && !h->is.openrc) {
		fail(h, "neither systemd nor OpenRC runs there",
		    "start 'aurora-agentd' by what does");
		return false;
	}
	if (h->is.root)
		return true;
	fail(h, "a service of the host takes root, and sudo wants a password",
	    "log in as root, or 'aurora agent install --user'");
	return false;
}

bool push_can(struct push_host *h, enum aur_push_verb verb)
{
	struct aur_slice bytes;

	h->verb = verb;
	if (!bytes_of(h, &bytes))
		return false;
	if (verb == AUR_PUSH_USER)
		return can_user(h);
	if (verb == AUR_PUSH_SYSTEM)
		return can_system(h);
	if (verb == AUR_PUSH_PUT) {
		h->place = aur_push_place(&h->is, 0);
		if (h->place < AUR_PUSH_PLACES)
			return true;
		fail(h, "no directory there takes an agent and runs it",
		    "install aurora-agentd in /usr/local/bin of that host");
		return false;
	}
	return true;
}

/* --- commands ------------------------------------------------------------- */

static void start(struct push_host *h);
static void start_more(struct push *p);

/* The host has nothing to do any more. */
static void rest(struct push_host *h)
{
	struct push *p = h->all;

	h->busy = false;
	h->todo = 0;
	p->busy--;
	start_more(p);
	if (p->busy == 0 && p->runs)
		aur_loop_stop(p->session->loop);
}

static void tell_lines(struct push_host *h, const struct aur_push_answer *a)
{
	struct aur_buf b;

	aur_buf_init(&b, SCRIPT_MAX);
	for (size_t i = 0; i < a->nline; i++) {
		struct aur_slice text = a->line[i].text;

		aur_buf_clear(&b);
		if (a->line[i].tell == AUR_PUSH_REMAINS &&
		    aur_buf_add_str(&b, "remains: ") < 0)
			continue;
		if (aur_buf_add_slice(&b, text) < 0)
			continue;
		if (a->line[i].tell == AUR_PUSH_FAILED)
			fail(h, aur_buf_str(&b), "");
		else
			(void)push_say(h, aur_buf_peek(&b));
	}
	aur_buf_release(&b);
}

static void tell(struct push_host *h, const struct aur_push_answer *a,
    const struct aur_fleet_result *r)
{
	struct aur_slice words = r->text, line;
	bool failed = h->failed;
	char text[256];

	tell_lines(h, a);
	if (a->lacks_linger)
		fail(h, "the service ends with the last login there",
		    "ask root for 'loginctl enable-linger USER'");
	if (a->done || h->failed != failed)
		return;
	snprintf(
	    text, sizeof text, "what was run there ended with %d", r->status);
	if (aur_slice_line(&words, &line) && line.n > 0)
		snprintf(text, sizeof text, "%.*s", (int)line.n,
		    (const char *)line.p);
	fail(h, text, "");
}

/* The first answer is kept: the rest goes by it. */
static void take_probe(struct push_host *h, const struct aur_fleet_result *r)
{
	if (aur_push_parse(&h->is, r->out) < 0 || !h->is.done)
		tell(h, &h->is, r);
	else
		h->reached = true;
	rest(h);
}

static void take_work(struct push_host *h, const struct aur_fleet_result *r)
{
	struct aur_push_answer a;

	if (aur_push_parse(&a, r->out) == 0 && h->verb == AUR_PUSH_PUT &&
	    a.noexec) {
		h->place = aur_push_place(&h->is, h->place + 1);
		if (h->place < AUR_PUSH_PLACES) {
			aur_push_release(&a);
			start(h);
			return;
		}
	}
	tell(h, &a, r);
	if (a.done)
		h->done |= 1u << h->verb;
	aur_push_release(&a);
	h->todo &= ~(1u << h->verb);
	if (h->todo != 0)
		start(h);
	else
		rest(h);
}

static void on_result(void *arg, const struct aur_fleet_result *r)
{
	struct push_host *h = arg;
	char text[256];

	if (!h->busy)
		return; /* interrupted, or the session is closed */
	if (r->err < 0) {
		snprintf(text, sizeof text, "%.*s", (int)r->text.n,
		    (const char *)r->text.p);
		fail(h, text, "");
		rest(h);
	} else if (h->verb == AUR_PUSH_PROBE) {
		take_probe(h, r);
	} else {
		take_work(h, r);
	}
}

/* Begins the first of what is to be done. */
static void start(struct push_host *h)
{
	struct aur_feed *feed = h->all->session->feed;
	struct aur_push_order order = {.place = h->place};
	struct aur_buf script;
	unsigned verb = 0;

	while ((h->todo >> verb & 1u) == 0)
		verb++;
	order.verb = h->verb = (enum aur_push_verb)verb;
	if (!bytes_of(h, &order.agent)) {
		rest(h);
		return;
	}
	aur_buf_init(&script, SCRIPT_MAX);
	if (aur_push_script(&script, &order) < 0 ||
	    aur_buf_str(&script) == NULL) {
		fail(h, aur_err_str(AUR_ENOMEM), "");
		rest(h);
	} else {
		aur_fleet_exec(feed, h->index, aur_buf_str(&script),
		    order.agent, aur_span_seconds(PATIENCE_SECONDS), on_result,
		    h);
	}
	aur_buf_release(&script);
}

static void start_more(struct push *p)
{
	while (p->busy < AT_ONCE && p->next < p->n) {
		struct push_host *h = &p->host[p->next++];

		if (h->todo == 0)
			continue;
		h->busy = true;
		p->busy++;
		start(h);
	}
}

static int run(struct push *p)
{
	int status = CLI_OK;

	p->next = 0;
	start_more(p);
	p->runs = true;
	while (p->busy > 0 && status == CLI_OK)
		status = session_run(p->session);
	p->runs = false;
	for (size_t i = 0; i < p->n; i++)
		p->host[i].busy = false; /* of use only when interrupted */
	return status;
}

/* --- from outside --------------------------------------------------------- */

static bool is_open(const struct aur_feed_host *h)
{
	return h->state == AUR_HOST_UP || h->state == AUR_HOST_NO_AGENT;
}

int push_begin(struct push *p, struct session *s, const bool *logged_in)
{
	*p = (struct push){.session = s, .n = s->nhost};
	p->host = aur_mem_new(p->n + 1, sizeof *p->host);
	if (p->host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < p->n; i++) {
		struct push_host *h = &p->host[i];

		h->all = p;
		h->index = i;
		if (is_open(feed_host(h)) ||
		    (logged_in != NULL && logged_in[i]))
			h->todo = 1u << AUR_PUSH_PROBE;
	}
	return run(p);
}

int push_work(struct push *p)
{
	return run(p);
}

void push_release(struct push *p)
{
	struct push_file *f;

	for (size_t i = 0; p->host != NULL && i < p->n; i++)
		aur_push_release(&p->host[i].is);
	while ((f = p->file) != NULL) {
		p->file = f->next;
		aur_buf_release(&f->bytes);
		aur_mem_free(f);
	}
	aur_mem_free(p->host);
	*p = (struct push){.session = NULL};
}

/* --- hosts without an agent ----------------------------------------------- */

static bool is_waited_for(const struct push_host *h)
{
	return (h->done & PUSH_PUT) != 0 && h->strikes < 3 &&
	       feed_host(h)->state != AUR_HOST_UP;
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct push *p = arg;
	struct push_host *h = &p->host[host];

	if ((changes & AUR_FEED_STATE) != 0 && is_waited_for(h) &&
	    feed_host(h)->state != AUR_HOST_CONNECTING) {
		h->strikes++;
		p->session->feed->class->retry(p->session->feed, host);
	}
	for (size_t i = 0; i < p->n; i++)
		if (is_waited_for(&p->host[i]))
			return;
	aur_loop_stop(p->session->loop);
}

static void on_late(void *arg)
{
	aur_loop_stop(arg);
}

int push_settle(struct push *p)
{
	struct session *s = p->session;
	struct aur_timer *late = NULL;
	bool any = false;
	int status, rc = aur_timer_new(s->loop, on_late, s->loop, &late);

	if (rc < 0)
		return cli_fail(rc);
	for (size_t i = 0; i < p->n; i++)
		if (is_waited_for(&p->host[i])) {
			any = true;
			s->feed->class->retry(s->feed, i);
		}
	aur_timer_start(late, aur_span_seconds(SETTLE_SECONDS));
	s->changed = on_change;
	s->arg = p;
	status = any ? session_run(s) : CLI_OK;
	s->changed = NULL;
	aur_timer_free(late);
	return status;
}

static bool wants(const struct push_host *h, bool ask)
{
	char question[256];

	if (!h->reached || feed_host(h)->state != AUR_HOST_NO_AGENT)
		return false;
	if (!ask)
		return true;
	snprintf(question, sizeof question, "no agent on %s: put one there?",
	    push_name(h));
	return cli_confirm(question);
}

int push_agent(struct push *p, struct session *s, bool ask)
{
	int status = push_begin(p, s, NULL);

	for (size_t i = 0; i < p->n && status == CLI_OK; i++)
		if (wants(&p->host[i], ask) &&
		    push_can(&p->host[i], AUR_PUSH_PUT))
			p->host[i].todo = PUSH_PUT;
	if (status == CLI_OK)
		status = push_work(p);
	return status == CLI_OK ? push_settle(p) : status;
}
