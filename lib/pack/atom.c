/* SPDX-License-Identifier: MIT */
/* Atoms and runs; see pack_int.h. */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/varint.h"

int aur__pack_put_i64(struct aur_buf *b, int64_t v)
{
	return aur_varint_add(b, aur_zigzag(v));
}

int aur__pack_put_text(struct aur_buf *b, struct aur_slice s)
{
	int rc = aur_varint_add(b, s.n);

	return rc < 0 ? rc : aur_buf_add_slice(b, s);
}

int aur__pack_take_u64(struct aur_slice *in, uint64_t *ret_v)
{
	/* most are one byte */
	if (in->n > 0 && in->p[0] < 0x80) {
		*ret_v = in->p[0];
		in->p++;
		in->n--;
		return 0;
	}
	return aur_varint_take(in, ret_v) < 0 ? AUR_EINVALID : 0;
}

int aur__pack_take_i64(struct aur_slice *in, int64_t *ret_v)
{
	uint64_t v;
	int rc = aur__pack_take_u64(in, &v);

	if (rc == 0)
		*ret_v = aur_unzigzag(v);
	return rc;
}

int aur__pack_take_max(struct aur_slice *in, uint64_t most, uint64_t *ret_v)
{
	uint64_t v;
	int rc = aur__pack_take_u64(in, &v);

	if (rc < 0 || v > most)
		return AUR_EINVALID;
	*ret_v = v;
	return 0;
}

int aur__pack_take_text(struct aur_slice *in, struct aur_slice *ret_text)
{
	uint64_t n;
	int rc = aur__pack_take_max(in, AUR_MAX_STRING, &n);

	if (rc < 0 || n > in->n)
		return AUR_EINVALID;
	*ret_text = aur_slice_of(in->p, (size_t)n);
	*in = aur_slice_of(in->p + n, in->n - (size_t)n);
	return 0;
}

/* --- runs ----------------------------------------------------------------- */

int aur__runs_put(struct aur_buf *b, const uint32_t *toggle, size_t n)
{
	uint64_t before = 0;
	int rc = aur_varint_add(b, n);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = aur_varint_add(b, toggle[i] - before);
		before = (uint64_t)toggle[i] + 1;
	}
	return rc;
}

/* The place of the next toggle. They were checked when they were taken. */
static void next_toggle(struct aur__runs *r, uint64_t from)
{
	uint64_t v;

	r->next = aur__pack_take_u64(&r->in, &v) == 0 ? from + v : UINT64_MAX;
}

static void rewind_runs(struct aur__runs *r)
{
	r->in = r->all;
	r->at = 0;
	r->rank = 0;
	r->on = true;
	next_toggle(r, 0);
	if (r->next == 0) {
		r->on = false;
		next_toggle(r, 1);
	}
}

void aur__runs_all(struct aur__runs *r)
{
	*r = (struct aur__runs){.next = UINT64_MAX, .on = true};
}

void aur__runs_seek(struct aur__runs *r, uint64_t at)
{
	if (at < r->at)
		rewind_runs(r);
	while (r->next <= at) {
		r->rank += r->on ? r->next - r->at : 0;
		r->at = r->next;
		r->on = !r->on;
		next_toggle(r, r->at + 1);
	}
	r->rank += r->on ? at - r->at : 0;
	r->at = at;
}

int aur__runs_take(struct aur_slice *in, uint64_t n, struct aur__runs *ret_runs,
    uint64_t *ret_filled)
{
	struct aur__runs r = {.on = true};
	uint64_t count, v, least = 0;
	int rc = aur__pack_take_max(in, n, &count);

	if (rc < 0)
		return rc;
	r.all = *in;
	for (; count > 0; count--) {
		if (least >= n || aur__pack_take_max(in, n - 1 - least, &v) < 0)
			return AUR_EINVALID;
		least += v + 1;
	}
	r.all.n -= in->n;
	rewind_runs(&r);
	*ret_runs = r;
	aur__runs_seek(&r, n);
	*ret_filled = r.rank;
	return 0;
}
