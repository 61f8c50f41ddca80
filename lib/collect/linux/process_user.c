/* SPDX-License-Identifier: MIT */
/*
 * Names of user ids. etc/passwd is read when a uid is met that was not met
 * before, and again when the file changed; whom it does not know, the helper
 * asks the system's name service for, which may talk to a network. Keeping
 * the whole file was rejected: a host with 10,000 users runs processes of
 * ten.
 */
#include "collect/linux/process.h"

#include "base/mem.h"

#include <stdio.h>
#include <sys/stat.h>

#include "collect/linux/parse.h"

/* Uids remembered; beyond that all are forgotten and met anew. */
#define USERS_MAX 4096u

static size_t place(const struct aur__users *u, uint64_t uid)
{
	size_t lo = 0, hi = u->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (u->v[mid].uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void forget(struct aur__users *u)
{
	for (size_t i = 0; i < u->n; i++)
		aur_strs_drop(u->strs, u->v[i].name);
	u->n = 0;
	u->generation++;
}

void aur__users_renew(struct aur__users *u, struct aur_root *root)
{
	struct stat st = {0};
	int64_t mtime;

	if (fstatat(root->dirfd, "etc/passwd", &st, 0) != 0)
		st = (struct stat){0};
	mtime = (int64_t)st.st_mtim.tv_sec * AUR_SECOND_NS + st.st_mtim.tv_nsec;
	if (mtime == u->mtime && (int64_t)st.st_size == u->size &&
	    u->generation != 0)
		return;
	u->mtime = mtime;
	u->size = (int64_t)st.st_size;
	forget(u);
}

/* The name service's answer. */
static void answered(void *arg, uint64_t tag, int err, struct aur_slice name)
{
	struct aur__users *u = arg;
	size_t at = place(u, tag);
	struct aur__user *e = &u->v[at];
	uint32_t id;

	if (at == u->n || e->uid != tag || e->known || err < 0 || name.n == 0)
		return;
	if (aur_strs_put(u->strs, name, &id) < 0)
		return;
	e->name = id;
	e->known = true;
	u->generation++;
}

static void ask(
    struct aur__users *u, const struct aur_run *run, struct aur__user *e)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)e->uid);
	e->asked = true; /* before: the answer may come at once */
	if (aur__helper_ask(
		run->helper, AUR_JOB_USER, text, e->uid, answered, u) < 0)
		u->v[place(u, e->uid)].asked = false;
}

static void learn(
    struct aur__users *u, const struct aur_run *run, struct aur__user *e)
{
	struct aur_slice text, name;
	uint32_t id;

	if (aur__root_read(run->root, "etc/passwd", &text) == 0 &&
	    aur__parse_passwd(text, e->uid, &name)) {
		if (aur_strs_put(u->strs, name, &id) == 0)
			e->name = id;
		e->known = e->name != 0;
	}
}

static bool insert(struct aur__users *u, size_t at, struct aur__user e)
{
	if (u->n == u->cap) {
		size_t cap = u->cap == 0 ? 16 : u->cap * 2;
		void *mem = aur_mem_grow(u->v, cap, sizeof(e));

		if (mem == NULL)
			return false;
		u->v = mem;
		u->cap = cap;
	}
	memmove(&u->v[at + 1], &u->v[at], (u->n - at) * sizeof(e));
	u->v[at] = e;
	u->n++;
	return true;
}

uint32_t aur__users_name(
    struct aur__users *u, const struct aur_run *run, uint64_t uid)
{
	size_t at = place(u, uid);

	if (at < u->n && u->v[at].uid == uid) {
		if (!u->v[at].known && !u->v[at].asked)
			ask(u, run, &u->v[at]);
		return u->v[at].name;
	}
	if (u->n >= USERS_MAX) {
		forget(u);
		at = 0;
	}
	if (!insert(u, at, (struct aur__user){.uid = uid}))
		return 0;
	learn(u, run, &u->v[at]);
	if (!u->v[at].known)
		ask(u, run, &u->v[at]);
	return u->v[at].name;
}

void aur__users_release(struct aur__users *u)
{
	if (u->n > 0)
		forget(u);
	aur_mem_free(u->v);
	*u = (struct aur__users){0};
}
