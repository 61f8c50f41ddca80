/* SPDX-License-Identifier: MIT */
/*
 * Acts: checked against the role, done by the source, answered, and told as
 * an event. The role comes from the key's line on this host, never from the
 * client. And the one other thing that is asked for: a team's file.
 */
#include "agentd/serve_int.h"

#include "base/err.h"
#include "base/limits.h"

#define TEXT_MAX 512u
#define DIGITS 24

static void add_pair(
    struct aur_event *e, const char *key, struct aur_slice value)
{
	e->pair[e->npair++] =
	    (struct aur_event_pair){aur_slice_str(key), value};
}

static struct aur_slice format(char out[DIGITS], int64_t v)
{
	snprintf(out, DIGITS, "%lld", (long long)v);
	return aur_slice_str(out);
}

/* The process's name, if the last sample has it. */
static bool find_name(const struct serve *s, const struct aur_act *act,
    struct aur_slice *ret_name)
{
	const struct aur_sample *last = aur_encoder_last(s->encoder);
	const struct aur_part *p;
	ptrdiff_t i;

	p = last != NULL ? aur_sample_get(last, AUR_DOMAIN_PROCESS) : NULL;
	if (p == NULL)
		return false;
	i = aur_part_find(p, (struct aur_key){{act->pid, act->start_ticks}}, 0);
	return i >= 0 &&
	       aur_part_text(p, (size_t)i, AUR_PROCESS_name, ret_name);
}

static const struct {
	const char *kind, *key;
} told[] = {
    [AUR_ACT_SIGNAL] = {"process_signal", "signal"},
    [AUR_ACT_NICE] = {"process_nice", "nice"},
    [AUR_ACT_AFFINITY] = {"process_affinity", "cpus"},
    [AUR_ACT_IO_PRIORITY] = {"process_io_priority", "io_priority"},
};

/* The value that was set, as text. */
static struct aur_slice describe(
    const struct aur_act *act, char out[AUR_CPUS_TEXT])
{
	if (act->kind == AUR_ACT_AFFINITY)
		aur_cpus_text(&act->cpus, out, AUR_CPUS_TEXT);
	else if (act->kind == AUR_ACT_IO_PRIORITY)
		aur_io_priority_text(act->value, out);
	else
		return format(out, act->value);
	return aur_slice_str(out);
}

int serve_event(struct serve *s, const struct aur_event *event)
{
	int rc;

	if (s->state != SERVE_OPEN || !serve_reads(s))
		return 0;
	aur_buf_clear(&s->body);
	rc = aur_event_put(&s->body, event);
	if (rc == 0)
		rc = serve__send(s, AUR_MSG_EVENT);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

static int send_event(
    struct serve *s, const struct aur_act *act, struct serve_now now)
{
	const struct aur_sample *last = aur_encoder_last(s->encoder);
	char pid[DIGITS], start[DIGITS], uid[DIGITS], value[AUR_CPUS_TEXT];
	struct aur_event e = {.number = ++s->event, .when = now.wall};
	struct aur_slice name;
	size_t at = act->kind;

	e.kind = aur_slice_str(told[at].kind);
	if (last != NULL)
		memcpy(e.boot_id, last->boot_id, sizeof(e.boot_id));
	add_pair(&e, "pid", format(pid, (int64_t)act->pid));
	add_pair(&e, "start_ticks", format(start, (int64_t)act->start_ticks));
	if (find_name(s, act, &name))
		add_pair(&e, "name", name);
	add_pair(&e, told[at].key, describe(act, value));
	add_pair(&e, "uid", format(uid, (int64_t)s->options.uid));
	if (s->options.member != NULL)
		add_pair(&e, "member", aur_slice_str(s->options.member));
	if (s->source.done != NULL && s->source.done(s->source.arg, &e))
		return 0;
	return serve_event(s, &e);
}

static int perform(
    struct serve *s, const struct aur_request *r, struct aur_buf *text)
{
	int rc;

	if (s->source.act != NULL && !s->options.viewer)
		return r->deadline.ns < 0
			   ? AUR_ETIMEOUT
			   : s->source.act(s->source.arg, &r->act, text);
	rc = aur_buf_add_str(text, s->options.viewer
				       ? "a viewer may not act on this host"
				       : "the host's service only reads: act "
					 "through aurora-agentd --stdio");
	return rc < 0 ? rc : AUR_EDENIED;
}

int serve__act(struct serve *s, const struct aur_frame *f, struct serve_now now)
{
	struct aur_request request;
	struct aur_reply reply;
	struct aur_buf text;
	int rc =
	    aur_request_take(f->payload, aur_request_kind(f->type), &request);

	if (rc < 0)
		return serve_end(s, rc, "broken request");
	aur_buf_init(&text, TEXT_MAX);
	reply.request = request.id;
	reply.reply.err = perform(s, &request, &text);
	reply.reply.text = aur_buf_peek(&text);
	if (reply.reply.err < 0 && reply.reply.text.n == 0)
		reply.reply.text = aur_slice_str(aur_err_str(reply.reply.err));
	aur_buf_clear(&s->body);
	rc = aur_reply_put(&s->body, &reply);
	if (rc == 0)
		rc = serve__send(s, AUR_MSG_REPLY);
	if (rc == 0 && reply.reply.err == 0)
		rc = send_event(s, &request.act, now);
	aur_buf_release(&text);
	if (s->state == SERVE_ENDED)
		return s->err;
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

/* --- a team's file -------------------------------------------------------- */

/* One at a time is in the output: who asks for many waits for each. */
static int find_team(struct serve *s, const struct aur_team_ask *ask,
    struct aur_buf *file, struct aur_buf *text)
{
	if (s->options.team == NULL)
		return AUR_EUNSUPPORTED;
	return serve_reads(s) ? s->options.team(ask->team, file, text)
			      : AUR_EBUSY;
}

/* Everybody whom sshd lets in may read it, a viewer too: he is of the team.
 * Who does not know the id, which is random, gets none. */
int serve__team(struct serve *s, const struct aur_frame *f)
{
	struct aur_team_ask ask;
	struct aur_team_answer answer = {0};
	struct aur_buf file, text;
	int rc = aur_team_ask_take(f->payload, &ask);

	if (rc < 0)
		return serve_end(s, rc, "broken request");
	aur_buf_init(&file, AUR_MAX_TEAM_FILE);
	aur_buf_init(&text, TEXT_MAX);
	answer.request = ask.id;
	answer.err = find_team(s, &ask, &file, &text);
	answer.text = aur_buf_peek(&text);
	if (answer.err == 0)
		answer.file = aur_buf_peek(&file);
	else if (answer.text.n == 0)
		answer.text = aur_slice_str(aur_err_str(answer.err));
	aur_buf_clear(&s->body);
	rc = aur_team_answer_put(&s->body, &answer);
	if (rc == 0)
		rc = serve__send(s, AUR_MSG_TEAM);
	aur_buf_release(&file);
	aur_buf_release(&text);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

int serve__report(struct serve *s, const struct aur_frame *f)
{
	struct aur_event event;
	int rc = aur_event_take(f->payload, &event);

	if (rc < 0)
		return serve_end(s, rc, "broken report");
	if (s->source.report != NULL)
		s->source.report(s->source.arg, &event);
	return s->state == SERVE_ENDED ? s->err : 0;
}
