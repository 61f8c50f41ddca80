/* SPDX-License-Identifier: MIT */
/*
 *	block ──unpack──▶ frames ──decode──▶ sample ──view──▶ sample
 *	                                                        │
 *	block ◀───pack─── frames ◀──────────encode──────────────┘
 */
#include "agentd/daemon_veil.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/frame.h"

struct veil {
	struct view_peer peer;
	struct aur_want want; /* all there is */
	struct aur_block block;
	struct aur_strs *strs;
	struct aur_decoder *decoder;
	struct aur_encoder *encoder;
	bool opened;
	struct aur_buf in, out; /* frames */
	size_t at;		/* in `in` */
};

/* Domains that tell of single processes, or sum over all of them. */
static bool is_of_processes(struct aur_slice name)
{
	static const enum aur_domain_id ids[] = {AUR_DOMAIN_TASKS,
	    AUR_DOMAIN_PROCESS, AUR_DOMAIN_THREAD, AUR_DOMAIN_PROCESS_LIMIT};

	for (size_t i = 0; i < AUR_ARRAY_LEN(ids); i++)
		if (aur_slice_is(name, aur_domain_get(ids[i])->name))
			return true;
	return false;
}

enum veil_what veil_how(
    const struct aur_block *block, const struct view_peer *peer)
{
	bool hides = peer->only_own;

	if (peer->whole || block->kind == AUR_BLOCK_TIMES)
		return VEIL_PLAIN;
	if (block->kind == AUR_BLOCK_COLUMNS)
		return hides && is_of_processes(block->name) ? VEIL_HIDE
							     : VEIL_PLAIN;
	if (aur_slice_is(block->name, "event"))
		return hides ? VEIL_HIDE : VEIL_PLAIN;
	return aur_slice_is(block->name, "process") ? VEIL_SOME : VEIL_HIDE;
}

static int begin(struct veil *v, const struct aur_block *block)
{
	int rc = aur_block_open_frames(block->bytes, &v->in);

	v->block = *block;
	v->block.name = aur_slice_str("process");
	v->block.rows = 0;
	v->block.bytes = aur_slice_of(NULL, 0);
	v->strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (v->strs == NULL)
		return AUR_ENOMEM;
	if (rc == 0)
		rc = aur_decoder_new(&v->decoder, v->strs);
	return rc == 0 ? aur_encoder_new(&v->encoder, 1) : rc;
}

int veil_new(struct veil **ret_v, const struct aur_block *block,
    const struct view_peer *peer)
{
	struct veil *v = aur_mem_new(1, sizeof(*v));
	int rc;

	if (v == NULL)
		return AUR_ENOMEM;
	v->peer = *peer;
	if (v->peer.cmdline == VIEW_FULL)
		v->peer.cmdline = VIEW_NAME;
	v->want.domains = UINT64_MAX;
	v->want.process_fields = UINT64_MAX;
	aur_buf_init(&v->in, AUR_MAX_BLOCK_RAW);
	aur_buf_init(&v->out, AUR_MAX_BLOCK_RAW);
	rc = begin(v, block);
	if (rc < 0) {
		veil_free(v);
		return rc;
	}
	*ret_v = v;
	return 0;
}

void veil_free(struct veil *v)
{
	if (v == NULL)
		return;
	aur_encoder_free(v->encoder);
	aur_decoder_free(v->decoder);
	aur_strs_unref(v->strs);
	aur_buf_release(&v->in);
	aur_buf_release(&v->out);
	aur_mem_free(v);
}

/* What the block is of stands in its first sample. */
static int open_stream(struct veil *v, const struct aur_sample *view)
{
	const struct aur_domain *domain[AUR_DOMAIN_COUNT];
	size_t n = 0;

	for (; n < view->npart && n < AUR_ARRAY_LEN(domain); n++)
		domain[n] = view->part[n].domain;
	v->opened = true;
	return aur_encoder_open(v->encoder, "process", domain, n, &v->out);
}

static int show(struct veil *v, struct aur_sample *all)
{
	struct aur_sample *view = NULL;
	int rc = view_make(all, &v->want, &v->want, &v->peer, &view);

	if (rc == 0 && !v->opened)
		rc = open_stream(v, view);
	if (rc == 0)
		rc = aur_encoder_sample(v->encoder, view, &v->out);
	if (rc == 0)
		v->block.rows++;
	aur_sample_unref(view);
	return rc;
}

/* One frame. 1 where it ended a sample. */
static int take_frame(struct veil *v, const struct aur_frame *f)
{
	const struct aur_part *part;
	struct aur_sample *all = NULL;
	int rc = 0;

	if (f->type == AUR_MSG_STREAM_OPEN)
		rc = aur_decoder_open(v->decoder, f->payload);
	else if (f->type == AUR_MSG_SAMPLE_BEGIN)
		rc = aur_decoder_begin(v->decoder, f->payload);
	else if (f->type == AUR_MSG_PART)
		rc = aur_decoder_part(v->decoder, f->payload, &part);
	else if (f->type == AUR_MSG_SAMPLE_END)
		rc = aur_decoder_end(v->decoder, f->payload, &all);
	if (rc < 0)
		return rc == AUR_ENOMEM ? rc : AUR_EINVALID;
	if (all == NULL)
		return 0;
	rc = show(v, all);
	aur_sample_unref(all);
	return rc < 0 ? rc : 1;
}

int veil_step(struct veil *v, unsigned n)
{
	while (n > 0) {
		struct aur_slice in = aur_buf_peek(&v->in);
		struct aur_frame f;
		int rc;

		in = aur_slice_of(in.p + v->at, in.n - v->at);
		if (in.n == 0)
			return 0;
		rc = aur_frame_take(&in, &f);
		if (rc <= 0)
			return AUR_EINVALID;
		v->at = aur_buf_peek(&v->in).n - in.n;
		rc = take_frame(v, &f);
		if (rc < 0)
			return rc;
		n -= (unsigned)rc;
	}
	return 1;
}

int veil_take(struct veil *v, struct aur_buf *out)
{
	return aur_block_frames(
	    &v->block, aur_buf_peek(&v->out), AUR_PACK_EFFORT, out);
}
