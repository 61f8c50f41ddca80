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
	ZSTD_DCtx *unpack;
};

struct aur__press *aur__press_new(bool packs)
{
	struct aur__press *p = aur_mem_new(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	if (packs)
		p->pack = ZSTD_createCCtx();
	else
		p->unpack = ZSTD_createDCtx();
	if (p->pack == NULL && p->unpack == NULL) {
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
	ZSTD_freeDCtx(p->unpack);
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

int aur__press_unpack(
    struct aur__press *p, struct aur_slice frame, uint8_t *out, size_t n)
{
	size_t got;

	if (ZSTD_getFrameContentSize(frame.p, frame.n) != n)
		return AUR_EINVALID;
	got = ZSTD_decompressDCtx(p->unpack, out, n, frame.p, frame.n);
	return got == n ? 0 : AUR_EINVALID;
}
