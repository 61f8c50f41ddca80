/* SPDX-License-Identifier: MIT */
/*
 * One sampling for all who are due:
 *
 *	  plan: the timer, for the first who is due
 *	    │
 *	    ▼             nobody is
 *	  sample: who? ───────────────▶ plan
 *	    │ union of their wants
 *	    ▼
 *	  collector ── failed ──▶ a gap for each
 *	    │
 *	    ▼
 *	  a view for each, given ──▶ plan
 *
 * The collector lives as long as somebody wants something, the recorder
 * included: with its first reader it is new, and its first sample whole; with
 * nobody it costs neither memory nor a helper process.
 */
#include "agentd/daemon_int.h"

#include "agentd/daemon_say.h"
#include "base/err.h"

static bool is_wanted(const struct daemon *d)
{
	if (record_is_on(d))
		return true;
	for (const struct client *c = d->clients; c != NULL; c = c->next)
		if (!c->ended && serve_want(c->serve) != NULL)
			return true;
	return false;
}

/* How long until somebody is due; negative: nobody will be. */
static struct aur_span next_due(const struct daemon *d, struct serve_now now)
{
	struct aur_span least = record_wait(d, now);

	for (const struct client *c = d->clients; c != NULL; c = c->next) {
		struct aur_span wait = serve_wait(c->serve, now);

		if (!c->ended && wait.ns >= 0 &&
		    (least.ns < 0 || wait.ns < least.ns))
			least = wait;
	}
	return least;
}

void daemon__plan(struct daemon *d)
{
	struct serve_now now = daemon__now();
	struct aur_span due = next_due(d, now), since = {-1};

	if (!is_wanted(d)) {
		aur_timer_stop(d->due);
		aur_collect_free(d->host);
		d->host = NULL;
		return;
	}
	if (d->has_sampled)
		since = aur_mono_since(now.mono, d->sampled);
	aur_timer_start(d->due, plan_wait(due, since));
}

/* Whose turn it is; what they want together. */
static void choose(struct daemon *d, struct serve_now now, struct plan *p)
{
	static const struct aur_span early = {PLAN_EARLY_NS};

	plan_begin(p);
	for (struct client *c = d->clients; c != NULL; c = c->next) {
		const struct aur_want *want;

		c->turn = !c->ended && serve_turn(c->serve, now, early);
		want = c->turn ? serve_want(c->serve) : NULL;
		if (want != NULL)
			plan_join(p, want, serve_is_fresh(c->serve),
			    view_needs_owner(want, &c->peer));
	}
	if (record_turn(d, now, early))
		record_join(d, p);
}

static int take(
    struct daemon *d, const struct aur_want *want, struct aur_sample **ret)
{
	struct aur_collect_options options = {.root = "", .strs = d->strs};
	int rc = 0;

	if (d->host == NULL)
		rc = aur_collect_new(&d->host, &options);
	if (rc < 0)
		return rc;
	aur_collect_want(d->host, want);
	rc = aur_collect_sample(d->host, NULL, NULL, ret);
	if (rc == 0)
		rc = serve_sign(*ret, "service");
	return rc;
}

/* A view, or that of somebody before who is shown the same. */
static int show(struct client *c, struct aur_sample *all,
    const struct aur_want *wanted, struct aur_sample **ret)
{
	const struct aur_want *want = serve_want(c->serve);
	static const struct view_peer whole = {.whole = true};

	for (const struct client *o = c->daemon->clients; o != c; o = o->next)
		if (o->given != NULL && serve_want(o->serve) != NULL &&
		    view_is_same(
			serve_want(o->serve), &o->peer, want, &c->peer))
			return view_make(o->given, want, want, &whole, ret);
	return view_make(all, wanted, want, &c->peer, ret);
}

static void give(struct client *c, struct aur_sample *all,
    const struct aur_want *wanted, struct serve_now now, int rc)
{
	struct aur_sample *view = NULL;

	if (rc == 0)
		rc = show(c, all, wanted, &view);
	if (rc == 0)
		rc = serve_give(c->serve, view, now);
	else
		rc = serve_gap(c->serve, now, rc);
	daemon__flush(c);
	c->ended |= rc < 0;
	c->given = view;
}

void daemon__sample(void *arg)
{
	struct daemon *d = arg;
	struct serve_now now = daemon__now();
	struct aur_sample *all = NULL;
	struct plan p;

	choose(d, now, &p);
	if (p.n > 0) {
		const struct aur_want *wanted = plan_want(&p);
		int rc = take(d, wanted, &all);

		if (rc < 0)
			say(AUR_LOG_ERROR, "no sample: %s", aur_err_str(rc));
		d->sampled = now.mono;
		d->has_sampled = true;
		for (struct client *c = d->clients; c != NULL; c = c->next)
			if (c->turn)
				give(c, all, wanted, now, rc);
		if (rc == 0)
			record_give(d, all, wanted, now);
		for (struct client *c = d->clients; c != NULL; c = c->next) {
			aur_sample_unref(c->given);
			c->given = NULL;
		}
		aur_sample_unref(all);
	}
	daemon__reap(d);
	daemon__plan(d);
}
