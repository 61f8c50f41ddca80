/* SPDX-License-Identifier: MIT */
/*
 * What the control group that we run in may use: the smallest limit between
 * it and the root of what we can see, since a group cannot exceed any of its
 * parents. In a container that is the container's limit; on a bare host there
 * is none and the part stays away.
 */
#include "collect/linux/cgroup.h"

#include "base/err.h"
#include "collect/linux/linux.h"
#include "collect/linux/parse_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A value that may not be known; 0 is one. */
struct bound {
	bool known;
	uint64_t v;
};

struct limits {
	struct bound memory, used, swap, both, cpus;
};

static void lower(struct bound *b, uint64_t v)
{
	if (!b->known || v < b->v)
		*b = (struct bound){true, v};
}

static void lower_by(int dir, const char *name, struct bound *b)
{
	struct aur_slice s;
	char text[8192];
	uint64_t v;

	if (aur__cg_file(dir, name, text, &s) == 0 && aur__parse_limit(s, &v))
		lower(b, v);
}

static void level_v2(int dir, struct limits *l)
{
	struct aur_slice s;
	char text[8192];
	uint64_t v;

	lower_by(dir, "memory.max", &l->memory);
	lower_by(dir, "memory.swap.max", &l->swap);
	if (aur__cg_file(dir, "cpu.max", text, &s) == 0 &&
	    aur__parse_cpu_max(s, &v))
		lower(&l->cpus, v);
}

static void level_v1(int dir, unsigned kind, struct limits *l)
{
	struct aur_slice quota, period;
	char text[8192], other[8192];
	uint64_t v;

	if (kind == AUR__CG_MEMORY) {
		lower_by(dir, "memory.limit_in_bytes", &l->memory);
		lower_by(dir, "memory.memsw.limit_in_bytes", &l->both);
		return;
	}
	if (aur__cg_file(dir, "cpu.cfs_quota_us", text, &quota) == 0 &&
	    aur__cg_file(dir, "cpu.cfs_period_us", other, &period) == 0 &&
	    aur__parse_cfs(quota, period, &v))
		lower(&l->cpus, v);
}

/* One folder on the way up; the first is our own. */
static void level(const struct aur_root *root, const char *path, unsigned kind,
    bool own, struct limits *l)
{
	int dir = openat(root->dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t used;

	if (dir < 0)
		return;
	if (kind == AUR__CG_V2)
		level_v2(dir, l);
	else
		level_v1(dir, kind, l);
	if (own && kind != AUR__CG_CPU &&
	    aur__cg_memory(dir, kind == AUR__CG_V2, &used))
		l->used = (struct bound){true, used};
	close(dir);
}

/* Our group's folder below the mount: its path less what the mount has as
 * its root. What lies outside (a namespace's "/..") is the mount itself. */
static struct aur_slice below(
    const struct aur__cg_tree *tree, struct aur_slice path)
{
	size_t n = strlen(tree->root);

	if (aur_slice_starts(path, "/.."))
		return aur_slice_of("", 0);
	if (n > 1 && aur_slice_starts(path, tree->root) &&
	    (path.n == n || path.p[n] == '/'))
		return aur_slice_of(path.p + n, path.n - n);
	/* A container with a mount of its own group and host paths. */
	if (n > 1)
		return aur_slice_of("", 0);
	return path.n == 1 ? aur_slice_of("", 0) : path;
}

/* From our group up to the mount. */
static void climb(const struct aur_root *root, const struct aur__cg_tree *tree,
    unsigned kind, struct aur_slice group, struct limits *l)
{
	char path[AUR__CG_PATH];
	size_t point = strlen(tree->point), n = point + group.n;
	bool own = true;

	if (n >= sizeof(path))
		return;
	memcpy(path, tree->point, point);
	if (group.n > 0)
		memcpy(path + point, group.p, group.n);
	for (;;) {
		path[n] = '\0';
		level(root, path, kind, own, l);
		own = false;
		if (n <= point)
			return;
		while (n > point && path[n - 1] != '/')
			n--;
		if (n > point)
			n--;
	}
}

static void gather(
    struct aur_root *root, const struct aur__cg_trees *trees, struct limits *l)
{
	static const struct {
		unsigned kind;
		const char *controller;
	} kinds[] = {
	    {AUR__CG_V2, ""},
	    {AUR__CG_MEMORY, "memory"},
	    {AUR__CG_CPU, "cpu"},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(kinds); i++) {
		const struct aur__cg_tree *tree =
		    aur__cg_tree_of(trees, kinds[i].kind);
		struct aur_slice text, path;

		if (tree == NULL || (kinds[i].kind == AUR__CG_V2) != trees->v2)
			continue;
		if (aur__root_read(root, "proc/self/cgroup", &text) == 0 &&
		    aur__parse_cgroup_of(text, kinds[i].controller, &path))
			climb(root, tree, kinds[i].kind, below(tree, path), l);
	}
	/* v1 limits memory and swap together. */
	if (l->both.known && l->memory.known && l->both.v >= l->memory.v)
		lower(&l->swap, l->both.v - l->memory.v);
}

static int limits_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur__cg_trees trees;
	struct limits l = {0};
	ptrdiff_t i;
	int rc = aur__cg_find(run->root, &trees);

	(void)state;
	if (rc < 0)
		return rc;
	gather(run->root, &trees, &l);
	if (!l.memory.known && !l.cpus.known && !l.used.known && !l.swap.known)
		return 0;
	i = aur_part_one(part);
	if (i < 0)
		return (int)i;
	if (l.memory.known)
		aur_part_set(part, 0, AUR_LIMITS_memory, l.memory.v);
	if (l.cpus.known)
		aur_part_set(part, 0, AUR_LIMITS_cpus, l.cpus.v);
	if (l.used.known)
		aur_part_set(part, 0, AUR_LIMITS_memory_used, l.used.v);
	if (l.swap.known)
		aur_part_set(part, 0, AUR_LIMITS_swap, l.swap.v);
	return 0;
}

const struct aur_collector aur__collector_limits = {
    .name = "limits",
    .domain = AUR_DOMAIN_LIMITS,
    .period = {15 * AUR_SECOND_NS},
    .run = limits_run,
};
