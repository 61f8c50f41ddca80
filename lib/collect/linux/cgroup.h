/* SPDX-License-Identifier: MIT */
/*
 * Where control groups are mounted, and the files of one of them. Shared by
 * the collectors cgroup (all groups) and limits (our own).
 */
#ifndef AUR_COLLECT_LINUX_CGROUP_H
#define AUR_COLLECT_LINUX_CGROUP_H

#include "collect/collect_int.h"
#include "collect/linux/parse_cgroup.h"

#define AUR__CG_PATH 1024

/* One mounted hierarchy; v1's cpu and cpuacct are often one. */
struct aur__cg_tree {
	unsigned kinds;
	char root[256];	 /* of the hierarchy, where the mount shows it */
	char point[256]; /* relative to our root: "sys/fs/cgroup" */
};

struct aur__cg_trees {
	struct aur__cg_tree tree[AUR__CG_KINDS];
	size_t n;
	bool v2; /* the unified one is the one to read */
};

/* Finds them. 0, AUR_EUNSUPPORTED (none). */
AUR_MUST_CHECK int aur__cg_find(
    struct aur_root *root, struct aur__cg_trees *ret_trees);

/* The tree of a kind; NULL. */
const struct aur__cg_tree *aur__cg_tree_of(
    const struct aur__cg_trees *trees, unsigned kind);

/* One file of the folder `dir` of a group, at most 8 KB, into `text`. */
AUR_MUST_CHECK int aur__cg_file(
    int dir, const char *name, char text[8192], struct aur_slice *ret_text);

/* A file that holds one number. */
bool aur__cg_number(int dir, const char *name, uint64_t *ret_v);

/* Memory used, less inactive files. */
bool aur__cg_memory(int dir, bool v2, uint64_t *ret_bytes);

/* Fills instance `i` with what the hierarchies `kinds` tell in `dir`. */
void aur__cg_fill(int dir, unsigned kinds, struct aur_part *part, size_t i);

#endif
