/* SPDX-License-Identifier: MIT */
/*
 * An answer is due when every host that is up has given a sample: they sample
 * at the same multiples of the wall clock, so that is once an interval, and
 * soon after it. Who is late is not waited for longer than half an interval.
 * One is due too when a host's state turns, and when nothing happened for an
 * interval and a half: who watches a dead host must see that the program is
 * not dead too.
 */
#include "cli/watch.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

int watch_parse(const struct opts *o, struct aur_span *ret_interval)
{
	int status;

	*ret_interval = aur_span_seconds(1);
	status = opt_seconds(o, OPT_INTERVAL, 0.1, 3600, ret_interval);
	if (status != CLI_OK)
		return status;
	return opt_seconds(o, OPT_WATCH, 0.1, 3600, ret_interval);
}

static int add_row(struct cli *c, struct aur_slice line)
{
	int rc = aur_buf_add_slice(&c->out, line);

	return rc < 0 ? rc : aur_buf_add_str(&c->out, "\033[K\n");
}

/* What failed: the words of an agent, cut to the screen. */
static int add_note(struct cli *c, struct aur_slice line)
{
	struct aur_buf b;
	size_t width = aur_text_width(line);
	int rc;

	aur_buf_init(&b, AUR_MAX_STRING);
	rc = aur_text_add_cell(
	    &b, line, width < c->width ? width : c->width, false, !c->utf8);
	if (rc == 0)
		rc = add_row(c, aur_buf_peek(&b));
	aur_buf_release(&b);
	return rc;
}

/* Makes the text in the buffer draw over what is on the screen, what failed on
 * top: no clearing first, so nothing flickers. */
static int draw_over(struct cli *c)
{
	struct aur_buf text = c->out;
	struct aur_slice rest = aur_buf_peek(&text), line;
	struct aur_slice notes = aur_buf_peek(&c->note);
	size_t rows = 1;
	int rc;

	aur_buf_init(&c->out, text.max);
	rc = aur_buf_add_str(&c->out, "\033[H");
	for (; rc == 0 && rows < c->height && aur_slice_line(&notes, &line);
	     rows++)
		rc = add_note(c, line);
	for (; rc == 0 && rows < c->height && aur_slice_line(&rest, &line);
	     rows++)
		rc = add_row(c, line);
	if (rc == 0)
		rc = aur_buf_add_str(&c->out, "\033[J");
	aur_buf_release(&text);
	aur_buf_clear(&c->note);
	return rc;
}

int watch_show(struct watch *w)
{
	struct cli *c = w->session->cli;
	int rc = 0, status;

	if (c->redraws)
		cli_measure(c);
	if (w->shown > 0 && !w->json && c->width == 0)
		rc = aur_buf_add_byte(&c->out, '\n');
	status = w->print(w->arg);
	if (rc == 0 && c->redraws)
		rc = draw_over(c);
	if (rc < 0)
		return cli_fail(rc);
	w->shown++;
	return cli_flush(c) ? status : CLI_FAILED;
}

static const struct aur_feed_host *host_of(const struct watch *w, size_t i)
{
	return w->session->feed->class->host(w->session->feed, i);
}

/* Begins to gather the next answer. */
static void gather(struct watch *w)
{
	w->nfresh = w->nup = 0;
	for (size_t i = 0; i < w->session->nhost; i++) {
		w->fresh[i] = false;
		w->nup += host_of(w, i)->state == AUR_HOST_UP;
	}
	w->due = false;
}

static void show(struct watch *w)
{
	w->status = watch_show(w);
	gather(w);
	if (w->session->cli->broken || w->status == CLI_FAILED ||
	    w->status == CLI_USAGE)
		aur_loop_stop(w->session->loop);
	aur_timer_start(
	    w->late, (struct aur_span){.ns = w->interval.ns / 2 * 3});
}

/* Something is to be shown, but others may be about to come. */
static void show_soon(struct watch *w)
{
	int64_t most = AUR_SECOND_NS / 2, half = w->interval.ns / 2;

	if (!w->due)
		aur_timer_start(w->late,
		    (struct aur_span){.ns = half < most ? half : most});
	w->due = true;
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct watch *w = arg;
	const struct aur_feed_host *h = host_of(w, host);

	/* the first comes at once, too soon after the one before it for rates
	 * that mean anything */
	if ((changes & AUR_FEED_SAMPLE) && w->session->got[host] > 1 &&
	    h->before != NULL && !w->fresh[host]) {
		w->fresh[host] = true;
		w->nfresh++;
		show_soon(w);
	}
	if ((changes & AUR_FEED_STATE) && h->state != AUR_HOST_UP) {
		w->nup -= w->nup > 0;
		show_soon(w);
	}
	if (w->due && w->nfresh >= w->nup)
		show(w);
}

static void on_late(void *arg)
{
	show(arg);
}

int watch_run(struct watch *w, const struct aur_want *want)
{
	struct session *s = w->session;
	struct aur_want again = *want;
	int rc, status = CLI_FAILED;

	again.interval = w->interval;
	again.count = 0;
	again.aligned = true;
	w->shown = 1;
	w->fresh = aur_mem_new(s->nhost, sizeof *w->fresh);
	if (w->fresh == NULL)
		return cli_fail(AUR_ENOMEM);
	s->cli->redraws = s->cli->width > 0 && !w->json;
	if (s->cli->redraws &&
	    (aur_buf_add_str(&s->cli->out, "\033[H\033[2J") < 0 ||
		!cli_flush(s->cli)))
		goto out;
	rc = aur_timer_new(s->loop, on_late, w, &w->late);
	status = rc < 0 ? cli_fail(rc) : watch_show(w);
	if (status == CLI_FAILED || s->cli->broken)
		goto out;
	s->changed = on_change;
	s->arg = w;
	gather(w);
	for (size_t i = 0; i < s->nhost && rc == 0; i++)
		rc = session_ask(s, i, &again);
	if (rc < 0) {
		status = cli_fail(rc);
		goto out;
	}
	aur_timer_start(
	    w->late, (struct aur_span){.ns = w->interval.ns / 2 * 5});
	status = session_run(s);
	if (status == CLI_OK)
		status = w->status;
out:
	s->changed = NULL;
	aur_timer_free(w->late);
	w->late = NULL;
	aur_mem_free(w->fresh);
	w->fresh = NULL;
	return status;
}
