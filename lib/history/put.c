/* SPDX-License-Identifier: MIT */
/*
 * What is put live, on the caller's thread: samples and their strings belong
 * to it, so it encodes them, and the writer gets bytes.
 *
 * A sample becomes frames of two streams: all domains of the system, each
 * time; and the table of processes, every five seconds. A stream begins whole
 * and ends after a minute or two, so that a moment costs no more than a
 * minute to decode; its number is its first sample's time. Its time only goes
 * forward: a clock that is set back begins another one. It ends with the hour,
 * as what the host keeps does, so that a block of that tells all of a stream.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/store_int.h"
#include "pack/pack.h"
#include "wire/msg.h"

#define SYSTEM_STREAM_NS (60 * AUR_SECOND_NS)
#define PROCESS_STREAM_NS (120 * AUR_SECOND_NS)
#define HOUR_NS (3600 * AUR_SECOND_NS) /* a week is whole hours */
/* How wrong a host's clock may be, and how old what it kept. */
#define SPAN_MOST_NS (3660 * AUR_SECOND_NS)
#define AHEAD_NS (86400 * AUR_SECOND_NS)
#define BEHIND_NS (731 * 86400 * AUR_SECOND_NS)

bool aur__is_process(const struct aur_domain *d)
{
	switch (d->id) {
	case AUR_DOMAIN_PROCESS:
	case AUR_DOMAIN_THREAD:
	case AUR_DOMAIN_PROCESS_LIMIT:
		return true;
	default:
		return false;
	}
}

/* Of processes the table alone is kept. */
static bool is_of(enum aur__lane_kind lane, const struct aur_domain *d)
{
	return lane == AUR__LOG_SYSTEM
		   ? !aur__is_process(d)
		   : d == aur_domain_get(AUR_DOMAIN_PROCESS);
}

static bool is_sane(struct aur_wall t)
{
	int64_t now = aur_clock_wall().ns;

	return t.ns > 0 && t.ns < now + AHEAD_NS && t.ns > now - BEHIND_NS;
}

static void end_stream(struct aur__put *p)
{
	aur_encoder_free(p->encoder);
	aur_strs_unref(p->strs);
	aur_keep_unref(p->keep);
	p->encoder = NULL;
	p->strs = NULL;
	p->keep = NULL;
	p->job = NULL;
}

void aur__put_release(struct aur__host *host)
{
	for (size_t i = 0; i < AUR__LOGS; i++) {
		if (host->put[i] == NULL)
			continue;
		end_stream(host->put[i]);
		aur_mem_free(host->put[i]);
		host->put[i] = NULL;
	}
}

/* Parts come in the same order each time: the one of this place, probably. */
static bool declares(
    const struct aur__put *p, const struct aur_domain *d, size_t hint)
{
	if (hint < p->ndomain && p->domain[hint] == d)
		return true;
	for (size_t i = 0; i < p->ndomain; i++)
		if (p->domain[i] == d)
			return true;
	return false;
}

/* Whether `s` goes on with the stream. */
static bool continues(const struct aur__put *p, enum aur__lane_kind lane,
    const struct aur_sample *s)
{
	int64_t most =
	    lane == AUR__LOG_SYSTEM ? SYSTEM_STREAM_NS : PROCESS_STREAM_NS;

	if (p->encoder == NULL || p->strs != s->strs || p->keep != s->keep ||
	    memcmp(p->boot_id, s->boot_id, sizeof(s->boot_id)) != 0 ||
	    s->wall.ns <= p->last.ns || s->wall.ns - p->from.ns >= most ||
	    s->wall.ns / HOUR_NS != p->from.ns / HOUR_NS)
		return false;
	for (size_t i = 0; i < s->npart; i++)
		if (is_of(lane, s->part[i].domain) &&
		    !declares(p, s->part[i].domain, i))
			return false;
	return true;
}

static int begin_stream(struct aur_history *h, struct aur__put *p,
    enum aur__lane_kind lane, const struct aur_sample *s)
{
	int rc;

	end_stream(p);
	/* a domain that comes later begins another one */
	p->ndomain = 0;
	for (size_t i = 0; i < s->npart; i++)
		if (is_of(lane, s->part[i].domain) &&
		    !declares(p, s->part[i].domain, i) &&
		    p->ndomain < AUR_MAX_DOMAINS)
			p->domain[p->ndomain++] = s->part[i].domain;
	p->strs = aur_strs_ref(s->strs);
	p->keep = s->keep;
	if (p->keep != NULL)
		p->keep->refs++;
	memcpy(p->boot_id, s->boot_id, sizeof(s->boot_id));
	p->from = s->wall;
	rc = aur_encoder_new(&p->encoder, 1);
	if (rc == 0)
		rc = aur_encoder_open(p->encoder,
		    lane == AUR__LOG_SYSTEM ? "system" : "process", p->domain,
		    p->ndomain, &h->frames);
	return rc;
}

/* The parts of `s` that are of the lane, lent. NULL: no memory. */
static struct aur_sample *view(
    struct aur_sample *s, enum aur__lane_kind lane, size_t n)
{
	struct aur_sample *v;

	if (n == s->npart)
		return aur_sample_ref(s);
	v = aur_sample_new(s->strs);
	if (v == NULL)
		return NULL;
	aur_sample_copy_times(v, s);
	aur_sample_keep(v, s->keep);
	for (size_t i = 0; i < s->npart; i++) {
		if (!is_of(lane, s->part[i].domain))
			continue;
		if (aur_sample_lend(v, s, &s->part[i]) < 0) {
			aur_sample_unref(v);
			return NULL;
		}
	}
	return v;
}

/* Whether this very sample has been put or kept before. */
static bool is_known(struct aur_history *h, size_t host, struct aur__put *p,
    enum aur__lane_kind lane, const struct aur_sample *s)
{
	size_t n = p->nlately < AUR__LATELY ? p->nlately : AUR__LATELY;

	if (!p->asked) {
		aur__scan(h, true);
		p->asked = aur__read_last(h, host, &p->known) == 0;
	}
	if (s->wall.ns > p->last.ns && s->wall.ns > p->known.ns)
		return false;
	for (size_t i = 0; i < n; i++)
		if (p->lately[i] == s->wall.ns)
			return true;
	return aur__read_has(h, host, lane, s) == 1;
}

/* Hands the frames to the writer. */
static int hand_over(struct aur_history *h, struct aur__put *p, int64_t host,
    enum aur__lane_kind lane, const struct aur_sample *s)
{
	struct aur_slice frames = aur_buf_peek(&h->frames);
	struct aur__job *job;
	int rc;

	if (p->job != NULL &&
	    aur__writer_more(h->writer, p->job, p->turn, frames, s->wall))
		return 0;
	p->job = NULL;
	job = aur__job_new(AUR__JOB_LOG, host);
	if (job == NULL)
		return AUR_ENOMEM;
	job->log_kind = aur__log_kind(lane);
	job->stream = p->from.ns;
	job->from = job->to = s->wall;
	job->n = 1;
	rc = aur_buf_add_slice(&job->bytes, frames);
	if (rc < 0) {
		aur__job_free(job);
		return rc;
	}
	rc = aur__writer_put(h->writer, job, AUR__QUEUE_MOST, &p->turn);
	if (rc == 0)
		p->job = job;
	return rc;
}

static int put_view(struct aur_history *h, struct aur__put *p, int64_t host,
    enum aur__lane_kind lane, struct aur_sample *v)
{
	int rc = 0;

	aur_buf_clear(&h->frames);
	if (!continues(p, lane, v))
		rc = begin_stream(h, p, lane, v);
	if (rc == 0)
		rc = aur_encoder_sample(p->encoder, v, &h->frames);
	if (rc == 0)
		rc = hand_over(h, p, host, lane, v);
	if (rc < 0) { /* the stream misses one: it cannot go on */
		end_stream(p);
		return rc;
	}
	p->last = v->wall;
	p->lately[p->nlately++ % AUR__LATELY] = v->wall.ns;
	return 0;
}

static bool is_due(enum aur__lane_kind lane, const struct aur__put *p,
    const struct aur_sample *s)
{
	return lane == AUR__LOG_SYSTEM || p->last.ns == 0 ||
	       s->wall.ns / AUR__TABLE_NS != p->last.ns / AUR__TABLE_NS;
}

static void put_lane(struct aur_history *h, size_t host,
    enum aur__lane_kind lane, struct aur_sample *s)
{
	struct aur__host *to = &h->host[host];
	struct aur__put *p = to->put[lane];
	struct aur_sample *v;
	size_t n = 0;

	for (size_t i = 0; i < s->npart; i++)
		n += is_of(lane, s->part[i].domain);
	if (n == 0)
		return;
	if (p == NULL)
		p = to->put[lane] = aur_mem_new(1, sizeof(*p));
	if (p == NULL || !is_due(lane, p, s) || is_known(h, host, p, lane, s))
		return;
	v = view(s, lane, n);
	if (v == NULL)
		return;
	if (put_view(h, p, to->id, lane, v) < 0)
		aur_log_write(h->log, AUR_LOG_DEBUG,
		    "history: a sample of %s was left out", to->name);
	aur_sample_unref(v);
}

void aur_history_put(
    struct aur_history *h, size_t host, struct aur_sample *sample)
{
	if (h->writer == NULL || host >= h->nhost || !is_sane(sample->wall))
		return;
	put_lane(h, host, AUR__LOG_SYSTEM, sample);
	put_lane(h, host, AUR__LOG_PROCESSES, sample);
}

void aur_history_put_event(
    struct aur_history *h, size_t host, const struct aur_event *event)
{
	struct aur__job *job;

	if (h->writer == NULL || host >= h->nhost || !is_sane(event->when))
		return;
	job = aur__job_new(AUR__JOB_EVENT, h->host[host].id);
	if (job == NULL)
		return;
	job->from = job->to = event->when;
	if (aur_event_put(&job->bytes, event) < 0) {
		aur__job_free(job);
		return;
	}
	(void)!aur__writer_put(h->writer, job, AUR__QUEUE_MOST, NULL);
}

/* --- blocks --------------------------------------------------------------- */

static struct aur__job *block_job(
    enum aur__job_kind kind, int64_t host, const struct aur_block *b)
{
	struct aur__job *job = aur__job_new(kind, host);

	if (job == NULL)
		return NULL;
	job->log_kind = (int64_t)b->kind;
	job->from = b->from;
	job->to = b->to;
	memcpy(job->boot_id, b->boot_id, sizeof(job->boot_id));
	job->name = aur_mem_dup(b->name.p, b->name.n);
	if (job->name == NULL) {
		aur__job_free(job);
		return NULL;
	}
	return job;
}

/* Says that the span that came last is whole. */
static int end_span(struct aur_history *h, struct aur__host *host)
{
	struct aur__job *job;
	struct aur_block b;

	if (!host->coming)
		return 0;
	b = host->span;
	b.name = aur_slice_str(host->span_name);
	job = block_job(AUR__JOB_WHOLE, host->id, &b);
	if (job == NULL)
		return AUR_ENOMEM;
	host->coming = false;
	return aur__writer_put(h->writer, job, AUR__QUEUE_MOST, NULL);
}

static bool same_span(const struct aur__host *host, const struct aur_block *b)
{
	return host->coming &&
	       (host->span.kind == AUR_BLOCK_FRAMES) ==
		   (b->kind == AUR_BLOCK_FRAMES) &&
	       host->span.from.ns == b->from.ns &&
	       host->span.to.ns == b->to.ns &&
	       memcmp(host->span.boot_id, b->boot_id, 16) == 0 &&
	       (b->kind != AUR_BLOCK_FRAMES ||
		   aur_slice_is(b->name, host->span_name));
}

/* A block of another span than the one before: that one is whole. */
static int enter_span(
    struct aur_history *h, struct aur__host *host, const struct aur_block *b)
{
	bool frames = b->kind == AUR_BLOCK_FRAMES;
	int rc;

	if (same_span(host, b))
		return 0;
	rc = end_span(h, host);
	if (rc < 0)
		return rc;
	host->coming = true;
	host->span = *b;
	host->span.kind = frames ? AUR_BLOCK_FRAMES : AUR_BLOCK_TIMES;
	memset(host->span_name, 0, sizeof(host->span_name));
	if (frames)
		memcpy(host->span_name, b->name.p, b->name.n);
	return 0;
}

static int check_block(struct aur_slice bytes, struct aur_block *ret_b)
{
	int rc = bytes.n > AUR_MAX_BLOCK ? AUR_EINVALID
					 : aur_block_head(bytes, ret_b);

	if (rc < 0)
		return rc;
	if (ret_b->to.ns < ret_b->from.ns) { /* the clock was set back */
		struct aur_wall t = ret_b->to;

		ret_b->to = ret_b->from;
		ret_b->from = t;
	}
	if (ret_b->name.n > AUR_MAX_BLOCK_NAME || !is_sane(ret_b->from) ||
	    !is_sane(ret_b->to) || ret_b->to.ns - ret_b->from.ns > SPAN_MOST_NS)
		return AUR_EINVALID;
	return 0;
}

int aur_history_put_block(
    struct aur_history *h, size_t host, struct aur_slice block)
{
	struct aur__job *job;
	struct aur_block b;
	int rc = check_block(block, &b);

	if (rc < 0)
		return rc;
	if (h->writer == NULL || host >= h->nhost)
		return AUR_EDENIED;
	rc = enter_span(h, &h->host[host], &b);
	if (rc < 0)
		return rc;
	job = block_job(AUR__JOB_BLOCK, h->host[host].id, &b);
	if (job == NULL)
		return AUR_ENOMEM;
	rc = aur_buf_add_slice(&job->bytes, block);
	if (rc < 0) {
		aur__job_free(job);
		return rc;
	}
	return aur__writer_put(h->writer, job, AUR__QUEUE_MOST / 2, NULL);
}

void aur_history_put_end(struct aur_history *h, size_t host, bool whole)
{
	if (h->writer == NULL || host >= h->nhost)
		return;
	if (whole)
		(void)!end_span(h, &h->host[host]);
	h->host[host].coming = false;
}

void aur__put_renew(struct aur_history *h)
{
	for (size_t i = 0; i < h->nhost; i++)
		for (size_t k = 0; k < AUR__LOGS; k++)
			if (h->host[i].put[k] != NULL)
				end_stream(h->host[i].put[k]);
}

void aur__put_end_all(struct aur_history *h)
{
	for (size_t i = 0; i < h->nhost; i++)
		(void)!end_span(h, &h->host[i]);
}
