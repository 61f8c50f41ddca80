/* SPDX-License-Identifier: MIT */
/*
 * The link tells when a step begins and when it ends; a line is printed at its
 * end, so that what stands there has happened.
 */
#include "cli/walk.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#define STEP_WIDTH 13
#define NAME_MOST 24
#define NUMBER_SIZE 16

static const struct aur_feed_host *feed_host(const struct walk *w, size_t i)
{
	return w->session.feed->class->host(w->session.feed, i);
}

/* --- lines ---------------------------------------------------------------- */

/* How long a step took, short enough for a column. */
static void span_text(struct aur_span took, char out[NUMBER_SIZE])
{
	double ms = aur_span_in_seconds(took) * 1e3;

	if (ms < 9.95)
		snprintf(out, NUMBER_SIZE, "%.1f ms", ms);
	else if (ms < 9999.5)
		snprintf(out, NUMBER_SIZE, "%.0f ms", ms);
	else
		snprintf(out, NUMBER_SIZE, "%.1f s", ms / 1e3);
}

/* The name is ours, the text may be the host's. */
static int add_line(struct aur_buf *b, const struct walk *w, const char *name,
    const struct aur_fleet_progress *p)
{
	const char *text = p->how == AUR_FLEET_FAILED ? "FAILED" : p->text;
	char took[NUMBER_SIZE];
	int rc;

	span_text(p->took, took);
	rc = aur_text_add_cell(
	    b, aur_slice_str(name), w->name_width, false, !w->cli->utf8);
	if (rc == 0)
		rc = aur_buf_addf(b, "  %-*s  %8s%s", STEP_WIDTH,
		    aur_fleet_step_name(p->step), took,
		    text[0] != '\0' ? "  " : "");
	if (rc == 0)
		rc = aur_text_add_safe(b, aur_slice_str(text));
	return rc == 0 ? aur_buf_add_str(b, "\n") : rc;
}

static void on_step(void *arg, const struct aur_fleet_progress *p)
{
	struct walk *w = arg;

	if (p->how == AUR_FLEET_BEGUN)
		return;
	/* a line that finds no memory is lost, not the walk */
	if (add_line(&w->cli->out, w, w->host[p->host].name, p) < 0)
		aur_buf_clear(&w->cli->out);
	(void)cli_flush(w->cli);
}

/* --- outcomes ------------------------------------------------------------- */

static bool same_blame(
    const struct aur_feed_host *a, const struct aur_feed_host *b)
{
	return a->blamed != NULL && b->blamed != NULL &&
	       strcmp(a->blamed, b->blamed) == 0;
}

/* Whether a host before this one has failed of the same jump host: that is
 * said once. */
static bool is_said(const struct walk *w, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!w->host[k].reached &&
		    same_blame(feed_host(w, k), feed_host(w, i)))
			return true;
	return false;
}

static void tell_failure(const struct walk *w, size_t i)
{
	const struct aur_feed_host *h = feed_host(w, i);
	const char *error = h->error;

	if (error == NULL)
		error = "it took longer than --timeout allows";
	if (!is_said(w, i))
		cli_error(h->blamed != NULL ? h->blamed : h->name, "%s: %s",
		    aur_host_state_name(h->state), error);
}

static int take_outcomes(struct walk *w)
{
	int status = CLI_OK;

	for (size_t i = 0; i < w->n; i++) {
		const struct aur_feed_host *h = feed_host(w, i);

		w->host[i].reached = h->state == AUR_HOST_UP && h->now != NULL;
		w->host[i].recording = h->recording;
		w->host[i].mode = h->mode;
		w->host[i].via = h->via;
	}
	for (size_t i = 0; i < w->n; i++) {
		if (w->host[i].reached)
			continue;
		tell_failure(w, i);
		status = CLI_UNSAMPLED;
	}
	return status;
}

/* --- the walk ------------------------------------------------------------- */

static int name_hosts(struct walk *w, const struct hosts *hosts)
{
	w->n = hosts->select.n;
	w->host = aur_mem_new(w->n + 1, sizeof *w->host);
	if (w->host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < w->n; i++) {
		size_t width;

		w->host[i].name = hosts->select.pick[i].name;
		width = aur_text_width(aur_slice_str(w->host[i].name));
		if (width > NAME_MOST)
			width = NAME_MOST;
		if (width > w->name_width)
			w->name_width = width;
	}
	return CLI_OK;
}

static bool lacks_agent(const struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (feed_host(w, i)->state == AUR_HOST_NO_AGENT)
			return true;
	return false;
}

int walk_run(struct walk *w, struct cli *c, const struct opts *o,
    struct hosts *hosts, const struct walk_how *how)
{
	struct session_how with = {.step = on_step,
	    .arg = w,
	    .accept_new = how != NULL && how->accept_new,
	    .asked = true};
	struct aur_want want = session_want(aur_want_system(), 0);
	int status;

	*w = (struct walk){.cli = c};
	want.count = 1;
	status = name_hosts(w, hosts);
	if (status == CLI_OK)
		status = session_open_how(&w->session, c, o, hosts, &with);
	if (status == CLI_OK)
		status = session_take(&w->session, &want);
	if (status == CLI_OK && how != NULL && (how->install || how->ask) &&
	    lacks_agent(w))
		status = push_agent(&w->push, &w->session, !how->install);
	return status == CLI_OK ? take_outcomes(w) : status;
}

void walk_release(struct walk *w)
{
	session_close(&w->session);
	push_release(&w->push);
	aur_mem_free(w->host);
	*w = (struct walk){.cli = NULL};
}
