/* SPDX-License-Identifier: MIT */
/*
 * Control groups by path. The tree is walked every two seconds; v1's trees
 * are walked one after another and meet in the instances, since most groups
 * stand in all of them under one path. Nothing is kept open: a host with
 * 10,000 groups would need 10,000 descriptors for a reading that nobody
 * looks at more often.
 */
#include "collect/linux/cgroup.h"

#include "base/err.h"
#include "base/mem.h"
#include "collect/linux/group.h"
#include "collect/linux/linux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct state {
	struct aur_strs *strs; /* held */
	struct aur__groups groups;
	uint32_t *held; /* paths whose entry in `groups` we use */
	size_t nheld, cap;
};

/* One walk. `path` is that of the group at hand, "" for the root. */
struct walk {
	struct state *s;
	struct aur_root *root;
	struct aur_part *part;
	unsigned kinds;
	size_t hint; /* where the next instance is likely to be */
	size_t groups;
	size_t n;
	char path[AUR__CG_PATH];
};

static void cgroup_close(void *state)
{
	struct state *s = state;

	if (s == NULL)
		return;
	aur__groups_release(&s->groups);
	aur_mem_free(s->held);
	aur_strs_unref(s->strs);
	aur_mem_free(s);
}

static int cgroup_open(struct aur_root *root, void **ret_state)
{
	(void)root;
	*ret_state = aur_mem_new(1, sizeof(struct state));
	return *ret_state == NULL ? AUR_ENOMEM : 0;
}

static struct aur_slice path_of(const struct walk *w)
{
	return w->n == 0 ? aur_slice_str("/") : aur_slice_of(w->path, w->n);
}

/* Unit and container; the entry stays ours until the next walk's end. */
static void name(struct walk *w, size_t i)
{
	struct state *s = w->s;
	const struct aur__group *g;

	if (s->nheld == s->cap) {
		size_t cap = s->cap == 0 ? 64 : s->cap * 2;
		void *mem = aur_mem_grow(s->held, cap, sizeof(s->held[0]));

		if (mem == NULL)
			return;
		s->held = mem;
		s->cap = cap;
	}
	g = aur__groups_get(&s->groups, w->root, path_of(w));
	if (g == NULL)
		return;
	s->held[s->nheld++] = g->path;
	if (g->unit != 0)
		aur_part_set_id(w->part, i, AUR_CGROUP_unit, g->unit);
	if (g->container != 0)
		aur_part_set_id(
		    w->part, i, AUR_CGROUP_container_id, g->container);
	if (g->name != 0)
		aur_part_set_id(w->part, i, AUR_CGROUP_container_name, g->name);
}

/* The instance of the group at hand, new or of a tree walked before. */
static ptrdiff_t instance(struct walk *w)
{
	uint32_t id;
	ptrdiff_t i = -1;

	if (w->part->n > 0 && aur_strs_find(w->part->strs, path_of(w), &id))
		i = aur_part_find(w->part, (struct aur_key){{id, 0}}, w->hint);
	if (i < 0) {
		i = aur_part_add_named(w->part, path_of(w));
		if (i >= 0)
			name(w, (size_t)i);
	}
	w->hint = i < 0 ? 0 : (size_t)i + 1;
	return i;
}

static bool enter(struct walk *w, const char *child)
{
	size_t n = strlen(child);

	if (child[0] == '.' || w->n + 1 + n >= sizeof(w->path))
		return false;
	w->path[w->n++] = '/';
	memcpy(w->path + w->n, child, n + 1);
	w->n += n;
	return true;
}

static bool is_folder(int dir, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_DIR;
	return fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* The group in the open folder `fd`, which is closed, and all below. 0,
 * AUR_ELIMIT (there are more), AUR_ENOMEM. */
static int walk(struct walk *w, int fd, unsigned depth)
{
	ptrdiff_t i = instance(w);
	const struct dirent *e;
	DIR *dir;
	int rc = 0;

	if (i < 0 || ++w->groups > AUR_MAX_CGROUPS) {
		close(fd);
		return i < 0 ? (int)i : AUR_ELIMIT;
	}
	aur__cg_fill(fd, w->kinds, w->part, (size_t)i);
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return AUR_ENOMEM;
	}
	while (rc == 0 && (e = readdir(dir)) != NULL) {
		size_t n = w->n;
		int child;

		if (!is_folder(fd, e) || !enter(w, e->d_name))
			continue;
		child = openat(fd, e->d_name,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (child >= 0 && depth >= AUR_MAX_CGROUP_DEPTH) {
			close(child);
			rc = AUR_ELIMIT;
		} else if (child >= 0) { /* else it has just gone */
			rc = walk(w, child, depth + 1);
		}
		w->n = n;
	}
	closedir(dir);
	return rc;
}

static int walk_tree(struct state *s, struct aur_run *run,
    const struct aur__cg_tree *tree, struct aur_part *part)
{
	struct walk w = {
	    .s = s,
	    .root = run->root,
	    .part = part,
	    .kinds = tree->kinds,
	};
	int fd = openat(
	    run->root->dirfd, tree->point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return aur_err_errno(errno);
	return walk(&w, fd, 0);
}

static int walk_all(struct state *s, struct aur_run *run,
    const struct aur__cg_trees *trees, struct aur_part *part)
{
	int first = 0;

	for (size_t i = 0; i < trees->n; i++) {
		bool v2 = trees->tree[i].kinds == AUR__CG_V2;
		int rc;

		if (v2 != trees->v2)
			continue;
		rc = walk_tree(s, run, &trees->tree[i], part);
		if (first == 0)
			first = rc;
	}
	return first;
}

static int cgroup_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct state *s = state;
	struct aur__cg_trees trees;
	size_t before = s->nheld;
	int rc = aur__cg_find(run->root, &trees);

	if (rc < 0)
		return rc;
	if (s->strs == NULL) {
		s->strs = aur_strs_ref(part->strs);
		s->groups.strs = s->strs;
	}
	rc = walk_all(s, run, &trees, part);
	/* Names of groups that went are let go only now. */
	for (size_t i = 0; i < before; i++)
		aur__groups_put(&s->groups, s->held[i]);
	s->nheld -= before;
	if (before > 0)
		memmove(
		    s->held, s->held + before, s->nheld * sizeof(s->held[0]));
	return rc;
}

const struct aur_collector aur__collector_cgroup = {
    .name = "cgroup",
    .domain = AUR_DOMAIN_CGROUP,
    .period = {2 * AUR_SECOND_NS},
    .open = cgroup_open,
    .run = cgroup_run,
    .close = cgroup_close,
};
