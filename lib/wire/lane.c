/* SPDX-License-Identifier: MIT */
/* The state that both sides keep of a domain; see lane.h. */
#include "wire/lane.h"

#include "base/err.h"
#include "base/mem.h"

const uint64_t aur__grains[AUR__GRAINS] = {1, 512, 1024, 4096, 1000, 1000000};

int aur__lane_init(struct aur__lane *l, const struct aur_domain *d, unsigned n)
{
	struct aur__column *column = aur_mem_new(n, sizeof(*column));

	if (column == NULL)
		return AUR_ENOMEM;
	*l = (struct aur__lane){.domain = d, .ncolumn = n, .column = column};
	l->nmask = n / 8 + 1;
	aur__lane_reset(l);
	return 0;
}

void aur__lane_release(struct aur__lane *l)
{
	aur_mem_free(l->column);
	aur_mem_free(l->growth);
	aur_mem_free(l->spare);
}

void aur__lane_reset(struct aur__lane *l)
{
	memset(l->weighs, 0, sizeof(l->weighs));
	for (unsigned c = 0; c < l->ncolumn; c++) {
		if (l->column[c].kind != AUR_KIND_STR &&
		    l->column[c].kind != AUR_KIND_F64)
			l->weighs[c / 64] |= (uint64_t)1 << (c % 64);
		l->column[c].grain = 0;
		l->column[c].next = 0;
		l->column[c].fits = (1u << AUR__GRAINS) - 1;
		l->column[c].seen = false;
	}
	l->changed.n = 0;
	l->added.n = 0;
	l->fixed = false;
}

int aur__lane_spare(struct aur__lane *l, size_t n)
{
	int64_t *mem;

	if (l->ngrow == 0)
		return 0;
	mem = aur_mem_new(n, l->ngrow * sizeof(*mem));
	if (mem == NULL)
		return AUR_ENOMEM;
	aur_mem_free(l->spare);
	l->spare = mem;
	return 0;
}

void aur__lane_swap(struct aur__lane *l)
{
	aur_mem_free(l->growth);
	l->growth = l->spare;
	l->spare = NULL;
}

int aur__masks_find(
    const struct aur__masks *m, const struct aur__mask *mask, size_t n)
{
	uint64_t first = aur__mask_word(mask, 0);

	/* beyond `n` all masks have zeros, to a word's end */
	for (unsigned rank = 0; rank < m->n; rank++) {
		const struct aur__mask *had = &m->mask[m->order[rank]];

		if (aur__mask_word(had, 0) == first &&
		    (n <= 8 || memcmp(had->b, mask->b, n) == 0))
			return (int)rank;
	}
	return -1;
}

const struct aur__mask *aur__masks_use(struct aur__masks *m, unsigned rank)
{
	uint8_t at = m->order[rank];

	memmove(m->order + 1, m->order, rank);
	m->order[0] = at;
	return &m->mask[at];
}

void aur__masks_add(struct aur__masks *m, const struct aur__mask *mask)
{
	if (m->n < AUR__MASKS) {
		m->order[m->n] = (uint8_t)m->n;
		m->n++;
	}
	aur__masks_use(m, m->n - 1);
	m->mask[m->order[0]] = *mask;
}

uint64_t aur__swap_bytes(uint64_t v)
{
	uint64_t out = 0;

	for (unsigned i = 0; i < 8; i++)
		out = out << 8 | (v >> (8 * i) & 0xff);
	return out;
}
