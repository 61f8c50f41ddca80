/* SPDX-License-Identifier: MIT */
/*
 * When samples are taken, and how they go out: the first at once, later ones
 * at whole multiples of the interval by the wall clock, so that hosts watched
 * together are sampled together. The wall clock only says how long to wait;
 * waiting is by the monotonic one, so that a step of the clock shifts the
 * grid by less than an interval, once.
 */
#include "agentd/serve_int.h"

#include "base/err.h"

static void plan_next(struct serve *s, struct serve_now now)
{
	struct aur_span step = s->want.interval;
	struct aur_span late;

	if (s->want.aligned) {
		struct aur_span least = {step.ns / 2};

		s->due = aur_mono_add(
		    now.mono, aur_wall_to_multiple(now.wall, step, least));
		return;
	}
	s->due = aur_mono_add(s->due, step);
	late = aur_mono_since(now.mono, s->due);
	if (late.ns >= 0) {
		/* stopped for a while: on with the grid, not after it */
		int64_t n = late.ns / step.ns + 1;

		s->due = aur_mono_add(s->due, (struct aur_span){n * step.ns});
	}
}

static bool is_slow(const struct serve *s)
{
	return s->sent < s->mark || !serve_reads(s);
}

static void count_miss(struct serve *s)
{
	s->missed++;
	s->missed_new++;
}

/* Declares the stream, unless it has all that is wanted. */
static int open_stream(struct serve *s)
{
	const struct aur_domain *domain[AUR_DOMAIN_COUNT];
	size_t n = 0;
	int rc;

	if (s->declared != 0 && (s->want.domains & ~s->declared) == 0)
		return 0;
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++)
		if ((s->want.domains >> id) & 1)
			domain[n++] = aur_domain_get((enum aur_domain_id)id);
	rc = aur_encoder_open(s->encoder, "live", domain, n, &s->out);
	if (rc == 0)
		s->declared = s->want.domains;
	return rc;
}

int serve__subscribe(
    struct serve *s, const struct aur_frame *f, struct serve_now now)
{
	struct aur_want want;
	int rc = aur_want_take(f->payload, &want);

	if (rc < 0)
		return serve_end(s, rc, "broken subscription");
	s->want = want;
	s->live = want.domains != 0;
	s->left = want.count;
	s->fresh = true;
	s->due = now.mono;
	s->given = s->source.want(s->source.arg, &want);
	if (s->state == SERVE_ENDED)
		return s->err;
	if (!s->live)
		return 0;
	rc = open_stream(s);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

int serve_sign(struct aur_sample *sample, const char *source)
{
	const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_TASKS);
	struct aur_part *p;

	if (aur_sample_find(sample, d) == NULL)
		return 0;
	p = aur_sample_part(sample, d);
	return p == NULL || p->n == 0
		   ? 0
		   : aur_part_set_text(
			 p, 0, AUR_TASKS_source, aur_slice_str(source));
}

/* The sample's own words on this connection. */
static void sign_agent(struct serve *s, struct aur_sample *sample)
{
	const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_AGENT);
	struct aur_part *p = aur_sample_find(sample, d) != NULL
				 ? aur_sample_part(sample, d)
				 : NULL;

	if (p == NULL || p->n == 0 || p->lender != NULL)
		return;
	aur_part_set(p, 0, AUR_AGENT_sent, s->sent);
	aur_part_set(p, 0, AUR_AGENT_missed, s->missed);
}

static void begin(struct serve *s, struct aur_sample *sample)
{
	if (s->begun)
		return;
	s->begun = true;
	sample->seq = s->seq + 1 + s->missed_new;
	sample->missed = s->missed_new;
	s->coding = aur_encoder_begin(s->encoder, sample, &s->out);
}

static void on_part(
    void *arg, struct aur_sample *sample, const struct aur_part *part)
{
	struct serve *s = arg;

	begin(s, sample);
	if (part->domain->id == AUR_DOMAIN_AGENT)
		sign_agent(s, sample);
	if (part->domain->id == AUR_DOMAIN_TASKS && s->coding == 0)
		s->coding = serve_sign(sample, "login");
	if (s->coding == 0)
		s->coding = aur_encoder_part(s->encoder, sample, part, &s->out);
	/* The first sample paints a screen, part by part; for those after it
	 * one write is cheaper than fifteen, on both sides. */
	if (s->coding == 0 && s->fresh && s->options.flush != NULL)
		s->options.flush(s->options.flush_arg);
}

/* A sample could not be taken: says so, and goes on. */
int serve_gap(struct serve *s, struct serve_now now, int err)
{
	struct aur_gap gap = {
	    s->last, now.wall, aur_slice_str(aur_err_name(err))};
	int rc;

	aur_buf_clear(&s->body);
	rc = aur_gap_put(&s->body, &gap);
	if (rc == 0)
		rc = aur_frame_add(
		    &s->out, 1, AUR_MSG_GAP, aur_buf_peek(&s->body));
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

/* The sample's end is in the output. */
static int finish(
    struct serve *s, struct aur_sample *sample, struct serve_now now)
{
	int rc = aur_encoder_end(s->encoder, sample, &s->out);

	if (rc < 0)
		return rc;
	s->seq = sample->seq;
	s->missed_new = 0;
	s->fresh = false;
	s->last = now.wall;
	s->mark = s->sent + aur_buf_peek(&s->out).n;
	if (s->left > 0 && --s->left == 0)
		s->live = false;
	return 0;
}

static int take_sample(struct serve *s, struct serve_now now)
{
	struct aur_sample *sample = NULL;
	int rc;

	s->begun = false;
	s->coding = 0;
	rc = s->source.sample(s->source.arg, on_part, s, &sample);
	if (rc < 0 && !s->begun)
		return serve_gap(s, now, rc);
	if (rc == 0)
		begin(s, sample);
	if (rc == 0)
		rc = s->coding;
	if (rc == 0)
		rc = finish(s, sample, now);
	aur_sample_unref(sample);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

int serve_give(struct serve *s, struct aur_sample *sample, struct serve_now now)
{
	int rc;

	if (s->state == SERVE_ENDED)
		return s->err;
	if (!s->live)
		return 0;
	if (is_slow(s)) {
		count_miss(s);
		return 0;
	}
	s->begun = false;
	s->coding = 0;
	sample->interval = s->want.interval;
	begin(s, sample);
	sign_agent(s, sample);
	rc = s->coding;
	for (size_t i = 0; rc == 0 && i < sample->npart; i++)
		rc = aur_encoder_part(
		    s->encoder, sample, &sample->part[i], &s->out);
	if (rc == 0)
		rc = finish(s, sample, now);
	return rc < 0 ? serve_end(s, rc, aur_err_str(rc)) : 0;
}

bool serve_takes(struct serve *s)
{
	if (s->state == SERVE_ENDED || !s->live)
		return false;
	if (!is_slow(s))
		return true;
	count_miss(s);
	return false;
}

bool serve_turn(struct serve *s, struct serve_now now, struct aur_span early)
{
	if (s->state == SERVE_ENDED || !s->live ||
	    aur_mono_since(s->due, now.mono).ns > early.ns)
		return false;
	plan_next(s, now);
	return serve_takes(s);
}

int serve_step(struct serve *s, struct serve_now now)
{
	static const struct aur_span none = {0};

	if (s->state == SERVE_ENDED)
		return s->err;
	return !s->given && serve_turn(s, now, none) ? take_sample(s, now) : 0;
}

const struct aur_want *serve_want(const struct serve *s)
{
	return s->live && s->state == SERVE_OPEN ? &s->want : NULL;
}

bool serve_is_fresh(const struct serve *s)
{
	return s->fresh;
}

struct aur_span serve_wait(const struct serve *s, struct serve_now now)
{
	struct aur_span wait = aur_mono_since(s->due, now.mono);

	if (!s->live || s->state == SERVE_ENDED)
		return (struct aur_span){-1};
	if (wait.ns < 0)
		wait.ns = 0;
	if (wait.ns > s->want.interval.ns)
		wait = s->want.interval;
	return wait;
}
