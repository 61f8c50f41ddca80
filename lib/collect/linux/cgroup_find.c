/* SPDX-License-Identifier: MIT */
/*
 * Which hierarchies there are. v1 mounts each controller, or a few together,
 * v2 is one tree; a host may have both, with the controllers on either side:
 * the unified tree is read when it has memory or cpu, or when there is
 * nothing else.
 */
#include "collect/linux/cgroup.h"

#include "base/err.h"
#include "collect/linux/parse.h"

#include <stdio.h>

const struct aur__cg_tree *aur__cg_tree_of(
    const struct aur__cg_trees *trees, unsigned kind)
{
	for (size_t i = 0; i < trees->n; i++)
		if ((trees->tree[i].kinds & kind) != 0)
			return &trees->tree[i];
	return NULL;
}

static void add(struct aur__cg_trees *trees, const struct aur__cg_mount *m)
{
	struct aur__cg_tree tree = {.kinds = m->kinds};
	char point[sizeof(tree.point) + 1];

	for (size_t i = 0; i < trees->n; i++)
		tree.kinds &= ~trees->tree[i].kinds; /* mounted twice */
	if (tree.kinds == 0 || trees->n == AUR__CG_KINDS ||
	    aur__mount_unescape(m->root, tree.root, sizeof(tree.root)) < 0 ||
	    aur__mount_unescape(m->point, point, sizeof(point)) < 2)
		return;
	memcpy(tree.point, point + 1, strlen(point));
	trees->tree[trees->n++] = tree;
}

/* Whether the unified tree has a controller that we read. */
static bool has_controllers(
    struct aur_root *root, const struct aur__cg_tree *tree)
{
	struct aur_slice text, word;
	char path[sizeof(tree->point) + 24];

	snprintf(path, sizeof(path), "%s/cgroup.controllers", tree->point);
	if (aur__root_read(root, path, &text) < 0)
		return false;
	while (aur_slice_word(&text, &word))
		if (aur_slice_is(word, "memory") || aur_slice_is(word, "cpu"))
			return true;
	return false;
}

int aur__cg_find(struct aur_root *root, struct aur__cg_trees *ret_trees)
{
	struct aur__cg_trees trees = {0};
	const struct aur__cg_tree *unified;
	struct aur_slice text;
	struct aur__cg_mount m;
	int rc = aur__root_read(root, "proc/self/mountinfo", &text);

	if (rc < 0)
		return rc == AUR_EABSENT ? AUR_EUNSUPPORTED : rc;
	while (aur__parse_cg_mount(&text, &m))
		add(&trees, &m);
	if (trees.n == 0)
		return AUR_EUNSUPPORTED;
	unified = aur__cg_tree_of(&trees, AUR__CG_V2);
	trees.v2 =
	    unified != NULL && (trees.n == 1 || has_controllers(root, unified));
	*ret_trees = trees;
	return 0;
}
