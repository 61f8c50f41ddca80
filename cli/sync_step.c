/* SPDX-License-Identifier: MIT */
/*
 * A step has a deadline of its own on every host, so it always ends; nothing
 * that is under way on a host is left in the middle because of Ctrl-C.
 */
#include "cli/sync_int.h"

#include "base/err.h"
#include "base/mem.h"

#define PATIENCE_S 30
#define SCRIPT_MOST 8192u

struct running {
	struct sync *sync;
	const struct sync_step *step;
	size_t open;
};

struct job {
	struct running *running;
	struct sync_host *host;
};

void sync_fail(struct sync_host *h, const char *what)
{
	cli_error(h->name, "%s", what);
	h->wrong = true;
}

static void on_result(void *arg, const struct aur_fleet_result *r)
{
	struct job *j = arg;
	char text[512];

	if (r->err < 0) {
		snprintf(text, sizeof text, "%.*s",
		    (int)(r->text.n < 500 ? r->text.n : 500),
		    (const char *)r->text.p);
		sync_fail(j->host, text);
	} else {
		j->running->step->take(j->host, j->running->sync, r->out);
	}
	if (--j->running->open == 0)
		aur_loop_stop(j->running->sync->session.loop);
}

static int begin(struct job *j, size_t i)
{
	struct sync *s = j->running->sync;
	struct aur_slice input = {NULL, 0};
	struct aur_buf script;
	int rc;

	aur_buf_init(&script, SCRIPT_MOST);
	rc = j->running->step->prepare(j->host, s, &script, &input);
	if (rc == 0 && aur_buf_str(&script) == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0) {
		j->running->open++;
		aur_fleet_exec(s->session.feed, i, aur_buf_str(&script), input,
		    aur_span_seconds(PATIENCE_S), on_result, j);
	}
	aur_buf_release(&script);
	return rc;
}

/* Without a loop nothing ends any more: what is under way is told so while
 * there still is somebody to tell. */
static void give_up(struct sync *s)
{
	s->session.feed->class->free(s->session.feed);
	s->session.feed = NULL;
}

/* Ctrl-C ends the loop, and it goes on: see above. */
int sync_step(struct sync *s, const struct sync_step *step)
{
	struct running r = {.sync = s, .step = step, .open = 1};
	struct job *job = aur_mem_new(s->n + 1, sizeof *job);
	int rc = job != NULL ? 0 : AUR_ENOMEM, ran = 0;

	if (s->session.feed == NULL)
		rc = AUR_ECLOSED;
	for (size_t i = 0; i < s->n && rc == 0; i++) {
		job[i] = (struct job){.running = &r, .host = &s->host[i]};
		if (step->wants(&s->host[i]))
			rc = begin(&job[i], i);
	}
	r.open--;
	while (r.open > 0 && ran == 0)
		ran = aur_loop_run(s->session.loop);
	if (r.open > 0)
		give_up(s);
	aur_mem_free(job);
	if (rc == 0)
		rc = ran;
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

/* Says what an answer means that is no success. */
void sync_refuse(struct sync_host *h, enum aur_keys_word word)
{
	switch (word) {
	case AUR_KEYS_CHANGED:
		sync_fail(h,
		    "~/.ssh/authorized_keys was changed by somebody else "
		    "just now, and left alone: 'aurora team sync' again");
		break;
	case AUR_KEYS_LINK:
		sync_fail(h, "~/.ssh/authorized_keys is a link, which would be "
			     "replaced by a file: make it a file first");
		break;
	default:
		sync_fail(h,
		    "~/.ssh/authorized_keys cannot be read or written "
		    "there: look at the rights of ~/.ssh, and for room");
	}
}

void sync_not_ours(struct sync_host *h)
{
	sync_fail(h,
	    "the login does not run what it is asked to: sync needs one "
	    "that may, not a member's key");
}
