/* SPDX-License-Identifier: MIT */
#include "tui/process_list.h"

#include "base/err.h"
#include "base/mem.h"

static int cmp(struct aur_key a, struct aur_key b)
{
	for (int i = 0; i < 2; i++)
		if (a.v[i] != b.v[i])
			return a.v[i] < b.v[i] ? -1 : 1;
	return 0;
}

/* Where `key` is or would be. */
static size_t place(const struct tui_keys *s, struct aur_key key)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cmp(s->key[mid], key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool tui_keys_has(const struct tui_keys *s, struct aur_key key)
{
	size_t i = place(s, key);

	return i < s->n && cmp(s->key[i], key) == 0;
}

int tui_keys_add(struct tui_keys *s, struct aur_key key)
{
	size_t i = place(s, key);

	if (i < s->n && cmp(s->key[i], key) == 0)
		return 0;
	if (s->n == s->cap) {
		size_t cap = s->cap > 0 ? s->cap * 2 : 16;
		struct aur_key *p = aur_mem_grow(s->key, cap, sizeof(*p));

		if (p == NULL)
			return AUR_ENOMEM;
		s->key = p;
		s->cap = cap;
	}
	memmove(s->key + i + 1, s->key + i, (s->n - i) * sizeof(*s->key));
	s->key[i] = key;
	s->n++;
	return 0;
}

int tui_keys_toggle(struct tui_keys *s, struct aur_key key)
{
	size_t i = place(s, key);

	if (i == s->n || cmp(s->key[i], key) != 0)
		return tui_keys_add(s, key);
	s->n--;
	memmove(s->key + i, s->key + i + 1, (s->n - i) * sizeof(*s->key));
	return 0;
}

void tui_keys_clear(struct tui_keys *s)
{
	s->n = 0;
}

void tui_keys_release(struct tui_keys *s)
{
	aur_mem_free(s->key);
	*s = (struct tui_keys){0};
}
