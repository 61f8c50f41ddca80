/* SPDX-License-Identifier: MIT */
/*
 * Streams, samples and strings of the encoder; rows are encode_plan.c's and
 * encode_part.c's.
 *
 * The base of all deltas is the last sample that was put into the output, so
 * that skipping one for a slow reader needs no word to anybody. It is held,
 * not copied: samples are counted and nobody writes to one that is done.
 *
 * Strings have a table of their own on each stream, and it may be emptied at
 * the begin of any sample: cells hold on to their strings themselves, so that
 * an emptied table costs the strings used again, not a keyframe.
 */
#include "wire/encode.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/varint.h"
#include "wire/encode_int.h"
#include "wire/frame.h"
#include "wire/pay.h"

/* When the reader's table is emptied. */
#define STRINGS_MOST 4096u
#define STRING_BYTES_MOST (256u << 10)

int aur_encoder_new(struct aur_encoder **ret_e, uint32_t stream)
{
	struct aur_encoder *e = aur_mem_new(1, sizeof(*e));

	if (e == NULL)
		return AUR_ENOMEM;
	e->stream = stream;
	e->epoch = 1;
	aur_buf_init(&e->body, AUR_MAX_FRAME);
	*ret_e = e;
	return 0;
}

static void release_lanes(struct aur_encoder *e)
{
	for (size_t i = 0; i < e->nlane; i++)
		aur__lane_release(&e->lane[i]);
	aur_mem_free(e->lane);
	e->lane = NULL;
	e->nlane = 0;
}

void aur_encoder_free(struct aur_encoder *e)
{
	if (e == NULL)
		return;
	release_lanes(e);
	aur_sample_unref(e->base);
	aur_mem_free(e->sent);
	aur_mem_free(e->match);
	aur_mem_free(e->differ);
	aur_mem_free(e->index);
	aur_buf_release(&e->body);
	aur_mem_free(e);
}

static int init_lane(struct aur__lane *l, const struct aur_domain *d)
{
	int rc = aur__lane_init(l, d, d->nfield);

	if (rc < 0)
		return rc;
	for (unsigned f = 0; f < d->nfield; f++) {
		struct aur__column *c = &l->column[f];

		c->field = (int16_t)f;
		c->kind = d->field[f].kind;
		c->grow = -1;
		if (d->field[f].sem == AUR_SEM_COUNTER &&
		    c->kind != AUR_KIND_STR && c->kind != AUR_KIND_F64)
			c->grow = (int16_t)l->ngrow++;
	}
	aur__lane_reset(l);
	return 0;
}

static int init_lanes(
    struct aur_encoder *e, const struct aur_domain *const *domain, size_t n)
{
	release_lanes(e);
	e->lane = aur_mem_new(n, sizeof(*e->lane));
	if (e->lane == NULL)
		return AUR_ENOMEM;
	for (; e->nlane < n; e->nlane++) {
		int rc = init_lane(&e->lane[e->nlane], domain[e->nlane]);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int put_domain(struct aur_buf *b, const struct aur_domain *d)
{
	int rc = aur__put_text(b, aur_slice_str(d->name));

	if (rc == 0)
		rc = aur__put_text(b, aur_slice_str(d->label));
	if (rc == 0)
		rc = aur_varint_add(b, d->key);
	if (rc == 0)
		rc = aur_varint_add(b, d->nfield);
	for (unsigned f = 0; rc == 0 && f < d->nfield; f++) {
		const struct aur_field *field = &d->field[f];

		rc = aur__put_text(b, aur_slice_str(field->name));
		if (rc == 0)
			rc = aur_varint_add(b, field->kind);
		if (rc == 0)
			rc = aur_varint_add(b, field->sem);
		if (rc == 0)
			rc = aur_varint_add(b, field->unit);
		if (rc == 0)
			rc = aur__put_i64(b, field->scale);
	}
	return rc;
}

int aur_encoder_open(struct aur_encoder *e, const char *kind,
    const struct aur_domain *const *domain, size_t n, struct aur_buf *out)
{
	int rc;

	if (n > AUR_MAX_DOMAINS)
		return AUR_ELIMIT;
	e->open = false;
	rc = init_lanes(e, domain, n);
	if (rc < 0)
		return rc;
	aur_sample_unref(e->base);
	e->base = NULL;
	e->coming = false;
	e->epoch++;
	e->nstring = 0;
	e->string_bytes = 0;
	aur_buf_clear(&e->body);
	rc = aur__put_text(&e->body, aur_slice_str(kind));
	if (rc == 0)
		rc = aur_varint_add(&e->body, n);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = put_domain(&e->body, domain[i]);
	if (rc == 0)
		rc = aur_frame_add(out, e->stream, AUR_MSG_STREAM_OPEN,
		    aur_buf_peek(&e->body));
	e->open = rc == 0;
	return rc;
}

static struct aur__lane *find_lane(
    const struct aur_encoder *e, const struct aur_domain *d)
{
	for (size_t i = 0; i < e->nlane; i++)
		if (e->lane[i].domain == d)
			return &e->lane[i];
	return NULL;
}

const struct aur_sample *aur_encoder_last(const struct aur_encoder *e)
{
	return e->base;
}

/* A difference that wraps, as the reader's sum will. */
static int put_differ(struct aur_buf *b, int64_t v, int64_t from)
{
	return aur__put_i64(b, (int64_t)((uint64_t)v - (uint64_t)from));
}

static int64_t less(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int put_times(struct aur_encoder *e, const struct aur_sample *s)
{
	static const struct aur_sample none;
	const struct aur_sample *base = e->base != NULL ? e->base : &none;
	int64_t due = base->mono.ns;
	int rc;

	if (e->base != NULL)
		due = (int64_t)((uint64_t)due + (uint64_t)s->interval.ns);
	rc = put_differ(&e->body, s->mono.ns, due);
	if (rc == 0)
		rc = put_differ(&e->body, less(s->boot.ns, s->mono.ns),
		    less(base->boot.ns, base->mono.ns));
	if (rc == 0)
		rc = put_differ(&e->body, less(s->wall.ns, s->mono.ns),
		    less(base->wall.ns, base->mono.ns));
	return rc;
}

static unsigned begin_flags(
    const struct aur_encoder *e, const struct aur_sample *s)
{
	const struct aur_sample *base = e->base;
	unsigned flags = 0;

	if (e->nstring >= STRINGS_MOST || e->string_bytes >= STRING_BYTES_MOST)
		flags |= AUR__BEGIN_STRINGS;
	if (base == NULL)
		return flags | AUR__BEGIN_KEY | AUR__BEGIN_BOOT |
		       AUR__BEGIN_SEQ | AUR__BEGIN_INTERVAL;
	if (memcmp(s->boot_id, base->boot_id, sizeof(s->boot_id)) != 0)
		flags |= AUR__BEGIN_BOOT;
	if (s->seq != base->seq + 1 || s->missed != 0)
		flags |= AUR__BEGIN_SEQ;
	if (s->interval.ns != base->interval.ns)
		flags |= AUR__BEGIN_INTERVAL;
	return flags;
}

int aur_encoder_begin(
    struct aur_encoder *e, const struct aur_sample *s, struct aur_buf *out)
{
	struct aur_buf *b = &e->body;
	unsigned flags;
	int rc;

	if (!e->open || e->coming ||
	    (e->base != NULL && e->base->strs != s->strs))
		return AUR_EINVALID;
	flags = begin_flags(e, s);
	if (flags & AUR__BEGIN_STRINGS) {
		e->epoch++;
		e->nstring = 0;
		e->string_bytes = 0;
	}
	for (size_t i = 0; i < e->nlane; i++)
		e->lane[i].here = false;
	aur_buf_clear(b);
	rc = aur_varint_add(b, flags);
	if (rc == 0 && (flags & AUR__BEGIN_BOOT))
		rc = aur_buf_add(b, s->boot_id, sizeof(s->boot_id));
	if (rc == 0 && (flags & AUR__BEGIN_SEQ))
		rc = aur_varint_add(b, s->seq);
	if (rc == 0 && (flags & AUR__BEGIN_SEQ))
		rc = aur_varint_add(b, s->missed);
	if (rc == 0 && (flags & AUR__BEGIN_INTERVAL))
		rc = aur__put_i64(b, s->interval.ns);
	if (rc == 0)
		rc = put_times(e, s);
	if (rc == 0)
		rc = aur_frame_add(
		    out, e->stream, AUR_MSG_SAMPLE_BEGIN, aur_buf_peek(b));
	e->coming = rc == 0;
	return rc;
}

int aur_encoder_part(struct aur_encoder *e, const struct aur_sample *s,
    const struct aur_part *p, struct aur_buf *out)
{
	struct aur__lane *l = find_lane(e, p->domain);
	int rc;

	if (!e->coming)
		return AUR_EINVALID;
	if (l == NULL)
		return 0;
	if (l->here)
		return AUR_EINVALID;
	aur_buf_clear(&e->body);
	rc = aur_varint_add(&e->body, (uint64_t)(l - e->lane));
	if (rc == 0)
		rc = aur__encoder_part(e, l, s, p);
	if (rc > 0)
		rc = aur_frame_add(
		    out, e->stream, AUR_MSG_PART, aur_buf_peek(&e->body));
	if (rc < 0) {
		e->open = false;
		return rc;
	}
	l->here = true;
	return 0;
}

/* The domains that the sample before had and this one has not. */
static int put_gone(struct aur_encoder *e)
{
	uint64_t n = 0;
	int rc;

	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1) {
			rc = aur_varint_add(&e->body, n);
			if (rc < 0 || n == 0)
				return rc;
		}
		for (size_t i = 0; i < e->nlane; i++) {
			const struct aur__lane *l = &e->lane[i];

			if (l->here || e->base == NULL ||
			    aur_sample_find(e->base, l->domain) == NULL)
				continue;
			n++;
			rc = pass == 1 ? aur_varint_add(&e->body, i) : 0;
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

int aur_encoder_end(
    struct aur_encoder *e, struct aur_sample *s, struct aur_buf *out)
{
	int rc;

	if (!e->coming || !e->open)
		return AUR_EINVALID;
	aur_buf_clear(&e->body);
	rc = put_gone(e);
	if (rc == 0)
		rc = aur_frame_add(
		    out, e->stream, AUR_MSG_SAMPLE_END, aur_buf_peek(&e->body));
	e->coming = false;
	if (rc < 0) {
		e->open = false;
		return rc;
	}
	aur_sample_ref(s);
	aur_sample_unref(e->base);
	e->base = s;
	return 0;
}

int aur_encoder_sample(
    struct aur_encoder *e, struct aur_sample *s, struct aur_buf *out)
{
	int rc = aur_encoder_begin(e, s, out);

	for (size_t i = 0; rc == 0 && i < s->npart; i++)
		rc = aur_encoder_part(e, s, &s->part[i], out);
	if (rc == 0)
		rc = aur_encoder_end(e, s, out);
	return rc;
}

static int grow_sent(struct aur_encoder *e, uint32_t id, uint32_t end)
{
	size_t n = end > id ? end : (size_t)id + 1;
	struct aur__sent *mem;

	if (id < e->nsent)
		return 0;
	n += n / 4;
	mem = aur_mem_grow(e->sent, n, sizeof(*mem));
	if (mem == NULL)
		return AUR_ENOMEM;
	memset(mem + e->nsent, 0, (n - e->nsent) * sizeof(*mem));
	e->sent = mem;
	e->nsent = n;
	return 0;
}

int aur__encoder_string(struct aur_encoder *e, const struct aur_strs *strs,
    uint32_t id, struct aur_buf *b)
{
	struct aur_slice text;
	struct aur__sent *sent;
	uint32_t serial;
	int rc;

	if (id == 0)
		return aur_varint_add(b, 1);
	serial = aur_strs_serial(strs, id);
	rc = grow_sent(e, id, aur_strs_end(strs));
	if (rc < 0)
		return rc;
	sent = &e->sent[id];
	if (sent->epoch == e->epoch && sent->serial == serial)
		return aur_varint_add(b, (uint64_t)sent->entry + 2);
	text = aur_strs_get(strs, id);
	if (e->nstring >= AUR_MAX_STRINGS ||
	    text.n > AUR_MAX_STRING_BYTES - e->string_bytes)
		return AUR_ELIMIT;
	rc = aur_varint_add(b, 0);
	if (rc == 0)
		rc = aur__put_text(b, text);
	if (rc < 0)
		return rc;
	*sent = (struct aur__sent){serial, e->epoch, e->nstring++};
	e->string_bytes += text.n;
	return 0;
}
