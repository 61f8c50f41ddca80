/* SPDX-License-Identifier: MIT */
/*
 * again - what keeping costs of samples that were really recorded: those that a
 * store has of its first host are put into new ones, in each of the ways in
 * which they come.
 *
 *	bench/again STORE FOLDER [WAY]
 *
 * STORE is a copy of ~/.local/share/aurora/history/TEAM and only read; WAY is
 * live, blocks or both: what perf is to look at.
 */
#include "bench/keeping.h"

#include "base/err.h"
#include "history/walk_int.h"

#include <stdio.h>

static int on_sample(
    void *arg, struct aur_sample *before, struct aur_sample *now)
{
	(void)before;
	keeping_put(arg, now);
	return 0;
}

static void measure(struct aur_history *from, const char *folder,
    enum keeping_way way)
{
	const struct aur__mask all = {.domains = UINT64_MAX, .others = true};
	struct keeping k;
	struct aur__source s;
	struct aur_wall first, last;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, keeping_name[way]);
	keeping_begin(&k, path, way);
	if (!aur_history_bounds(from, 0, &first, &last))
		sure(AUR_EABSENT, "samples");
	last.ns++;
	sure(aur__source_of(from, 0, &s), "host");
	sure(aur__walk(&s, first, last, all, false, on_sample, &k), "read");
	if (way == KEEPING_LIVE) {
		say("seconds", k.samples);
		say("values in one", k.cells / k.samples);
	}
	keeping_end(&k, keeping_name[way]);
	aur_history_close(k.history);
}

int main(int argc, char **argv)
{
	struct aur_history_options o = {0};
	struct aur_history *from;
	char why[256] = "";
	int rc;

	if (argc < 3) {
		fprintf(stderr, "usage: again STORE FOLDER [WAY]\n");
		return 2;
	}
	o.folder = argv[1];
	rc = aur_history_open(&from, &o, why, sizeof(why));
	sure(rc, rc < 0 ? why : "open");
	for (int way = 0; way < KEEPING_WAYS; way++)
		if (argc < 4 || strcmp(argv[3], keeping_name[way]) == 0)
			measure(from, argv[2], (enum keeping_way)way);
	aur_history_close(from);
	return 0;
}
