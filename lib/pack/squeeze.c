/* SPDX-License-Identifier: MIT */
/*
 * The only file that knows zstd (RFC 8878). Frames state their size and have
 * no checksum: sections have one of ours.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <zstd.h>

struct aur__press {
	ZSTD_CCtx *pack;
};

struct aur_unpacker {
	ZSTD_DCtx *zstd; /* NULL: not needed yet, or again */
};

struct aur__press *aur__press_new(void)
{
	struct aur__press *p = aur_mem_new(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->pack = ZSTD_createCCtx();
	if (p->pack == NULL) {
		aur_mem_free(p);
		return NULL;
	}
	return p;
}

void aur__press_free(struct aur__press *p)
{
	if (p == NULL)
		return;
	ZSTD_freeCCtx(p->pack);
	aur_mem_free(p);
}

int aur__press_pack(struct aur__press *p, int effort, struct aur_slice raw,
    struct aur_buf *out, bool *ret_packed)
{
	size_t n, room = ZSTD_compressBound(raw.n);
	uint8_t *mem;

	*ret_packed = false;
	if (raw.n == 0 || effort == 0)
		return 0;
	mem = aur_buf_reserve(out, room);
	if (mem == NULL)
		return room > out->max - out->n ? AUR_ELIMIT : AUR_ENOMEM;
	n = ZSTD_compressCCtx(p->pack, mem, room, raw.p, raw.n, effort);
	if (ZSTD_isError(n))
		return AUR_ENOMEM; /* with that much room nothing else fails */
	if (n >= raw.n)
		return 0;
	aur_buf_commit(out, n);
	*ret_packed = true;
	return 0;
}

int aur_unpacker_new(struct aur_unpacker **ret_u)
{
	*ret_u = aur_mem_new(1, sizeof(**ret_u));
	return *ret_u == NULL ? AUR_ENOMEM : 0;
}

void aur_unpacker_rest(struct aur_unpacker *u)
{
	ZSTD_freeDCtx(u->zstd);
	u->zstd = NULL;
}

void aur_unpacker_free(struct aur_unpacker *u)
{
	if (u == NULL)
		return;
	aur_unpacker_rest(u);
	aur_mem_free(u);
}

int aur__unpack(
    struct aur_unpacker *u, struct aur_slice frame, uint8_t *out, size_t n)
{
	size_t got;

	if (ZSTD_getFrameContentSize(frame.p, frame.n) != n)
		return AUR_EINVALID;
	if (u->zstd == NULL)
		u->zstd = ZSTD_createDCtx();
	if (u->zstd == NULL)
		return AUR_ENOMEM;
	got = ZSTD_decompressDCtx(u->zstd, out, n, frame.p, frame.n);
	return got == n ? 0 : AUR_EINVALID;
}
