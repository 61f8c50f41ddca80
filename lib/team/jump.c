/* SPDX-License-Identifier: MIT */
/*
 * Ways through other hosts. A jump that is the name of a host of the team has
 * jumps of its own, so a file can lead in a circle, or branch so often that
 * following every way would take for ever. Each host is therefore measured
 * once: how many hosts must be passed to reach it.
 *
 *	UNKNOWN --enter--> OPEN --all its jumps are measured--> 0, 1, 2 ...
 *
 * Who meets a host that is OPEN goes in a circle. Nobody goes deeper than
 * AUR_MAX_HOST_JUMPS, so the recursion has an end as well.
 */
#include "team/team_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#define UNKNOWN (-1)
#define OPEN (-2)

struct walk {
	const struct aur_team *t;
	int *passed; /* by host */
};

static int fail(const struct walk *w, size_t i, const char *what)
{
	struct aur_at root = aur_doc_root(w->t->doc);
	struct aur_at list = aur_at_get(&root, "hosts");
	struct aur_at one = aur_at_nth(&list, i);
	struct aur_at at = aur_at_get(&one, "jump");

	return aur_at_fail(&at, "%s", what);
}

static int measure(struct walk *w, size_t i, unsigned depth)
{
	const struct aur_team_host *h = &w->t->host[i];
	struct aur_slice rest, word;
	int passed = 0;
	size_t next;

	if (w->passed[i] == OPEN)
		return fail(w, i, "leads back to the host itself");
	if (w->passed[i] != UNKNOWN)
		return w->passed[i];
	if (depth > AUR_MAX_HOST_JUMPS)
		return fail(w, i, "the way has too many jumps");
	w->passed[i] = OPEN;
	rest = aur_slice_str(h->jump != NULL ? h->jump : "");
	while (h->jump != NULL && aur__team_word(&rest, &word)) {
		int more = 0;

		if (aur_team_find(w->t, word, &next))
			more = measure(w, next, depth + 1);
		if (more < 0)
			return more;
		passed += 1 + more;
		if (passed > (int)AUR_MAX_HOST_JUMPS)
			return fail(w, i, "the way has too many jumps");
	}
	w->passed[i] = passed;
	return passed;
}

int aur__team_check_jumps(struct aur_team *t)
{
	struct walk w = {t, aur_mem_new(t->nhost + 1, sizeof(int))};
	int rc = 0;

	if (w.passed == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < t->nhost; i++)
		w.passed[i] = UNKNOWN;
	for (size_t i = 0; i < t->nhost && rc >= 0; i++)
		rc = measure(&w, i, 0);
	aur_mem_free(w.passed);
	return rc < 0 ? rc : 0;
}
