/* SPDX-License-Identifier: MIT */
#include "tui/process_list.h"

#include "base/err.h"
#include "base/mem.h"

static int cmp(struct tui_who a, struct tui_who b)
{
	if (a.host != b.host)
		return a.host < b.host ? -1 : 1;
	for (int i = 0; i < 2; i++)
		if (a.key.v[i] != b.key.v[i])
			return a.key.v[i] < b.key.v[i] ? -1 : 1;
	return 0;
}

bool tui_who_same(struct tui_who a, struct tui_who b)
{
	return cmp(a, b) == 0;
}

/* Where `who` is or would be. */
static size_t place(const struct tui_keys *s, struct tui_who who)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cmp(s->who[mid], who) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool tui_keys_has(const struct tui_keys *s, struct tui_who who)
{
	size_t i = place(s, who);

	return i < s->n && cmp(s->who[i], who) == 0;
}

int tui_keys_add(struct tui_keys *s, struct tui_who who)
{
	size_t i = place(s, who);

	if (i < s->n && cmp(s->who[i], who) == 0)
		return 0;
	if (s->n == s->cap) {
		size_t cap = s->cap > 0 ? s->cap * 2 : 16;
		struct tui_who *p = aur_mem_grow(s->who, cap, sizeof(*p));

		if (p == NULL)
			return AUR_ENOMEM;
		s->who = p;
		s->cap = cap;
	}
	memmove(s->who + i + 1, s->who + i, (s->n - i) * sizeof(*s->who));
	s->who[i] = who;
	s->n++;
	return 0;
}

int tui_keys_toggle(struct tui_keys *s, struct tui_who who)
{
	size_t i = place(s, who);

	if (i == s->n || cmp(s->who[i], who) != 0)
		return tui_keys_add(s, who);
	s->n--;
	memmove(s->who + i, s->who + i + 1, (s->n - i) * sizeof(*s->who));
	return 0;
}

void tui_keys_clear(struct tui_keys *s)
{
	s->n = 0;
}

void tui_keys_release(struct tui_keys *s)
{
	aur_mem_free(s->who);
	*s = (struct tui_keys){0};
}

static struct tui_who pid_alone(uint64_t pid)
{
	return (struct tui_who){.key = {{pid, 0}}};
}

int tui_list_tag_tree(struct tui_list *l, struct aur_figures *f)
{
	struct tui_keys pids = {0}; /* (pid, 0) of those to tag */
	const struct aur_part *part;
	const struct tui_row *at;
	uint32_t host;
	size_t before;
	int rc;

	if (l->n == 0)
		return 0;
	at = &l->row[l->cursor];
	host = at->who.host;
	part = f[host].part[AUR_GROUP_PROCESSES];
	if (part == NULL)
		return 0;
	rc = tui_keys_add(&pids,
	    pid_alone(at->thread ? aur_figures_task_parent(&f[host], at->inst)
				 : at->who.key.v[0]));
	do { /* until nothing new is found: children may have lower pids */
		before = pids.n;
		for (size_t i = 0; i < part->n && rc == 0; i++) {
			struct tui_who parent = pid_alone(
			    aur_part_cell(part, i, AUR_PROCESS_parent));
			struct tui_who own = pid_alone(part->inst[i].key.v[0]);

			if (tui_keys_has(&pids, parent))
				rc = tui_keys_add(&pids, own);
		}
	} while (rc == 0 && pids.n > before);
	for (size_t i = 0; i < part->n && rc == 0; i++) {
		struct aur_key key = part->inst[i].key;

		if (tui_keys_has(&pids, pid_alone(key.v[0])))
			rc =
			    tui_keys_add(&l->tags, (struct tui_who){key, host});
	}
	tui_keys_release(&pids);
	return rc;
}

int tui_list_fold_all(struct tui_list *l)
{
	int rc = 0;

	if (l->folds.n > 0) {
		tui_keys_clear(&l->folds);
		return 0;
	}
	for (size_t i = 0; i < l->n && rc == 0; i++)
		if (l->row[i].children)
			rc = tui_keys_add(&l->folds, l->row[i].who);
	return rc;
}
