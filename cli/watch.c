/* SPDX-License-Identifier: MIT */
/*
 * An answer is due when a sample comes, when a host's state turns, and when
 * neither happened for an interval and a half: who watches a dead host must
 * see that the program is not dead too.
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

static void show(struct watch *w)
{
	w->status = watch_show(w);
	if (w->session->cli->broken || w->status == CLI_FAILED ||
	    w->status == CLI_USAGE)
		aur_loop_stop(w->session->loop);
	aur_timer_start(
	    w->late, (struct aur_span){.ns = w->interval.ns / 2 * 3});
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct watch *w = arg;
	const struct aur_feed_host *h =
	    w->session->feed->class->host(w->session->feed, host);

	/* the first comes at once, too soon after the one before it for rates
	 * that mean anything */
	if (((changes & AUR_FEED_SAMPLE) && w->session->got[host] > 1 &&
		h->before != NULL) ||
	    ((changes & AUR_FEED_STATE) && h->state != AUR_HOST_UP))
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
	int rc, status;

	again.interval = w->interval;
	again.count = 0;
	again.aligned = true;
	w->shown = 1;
	s->cli->redraws = s->cli->width > 0 && !w->json;
	if (s->cli->redraws &&
	    (aur_buf_add_str(&s->cli->out, "\033[H\033[2J") < 0 ||
		!cli_flush(s->cli)))
		return CLI_FAILED;
	rc = aur_timer_new(s->loop, on_late, w, &w->late);
	if (rc < 0)
		return cli_fail(rc);
	status = watch_show(w);
	if (status == CLI_FAILED || s->cli->broken)
		goto out;
	s->changed = on_change;
	s->arg = w;
	for (size_t i = 0; i < s->nhost && rc == 0; i++) {
		s->got[i] = 0;
		rc = s->feed->class->want(s->feed, i, &again);
	}
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
	return status;
}
