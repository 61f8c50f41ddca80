/* SPDX-License-Identifier: MIT */
/*
 * What the path of a control group tells: the systemd unit and the container.
 *
 *	/system.slice/docker-<64 hex>.scope     container <64 hex>
 *	/system.slice/nginx.service             unit nginx.service
 *	/user.slice/user-0.slice/session-1.scope   unit session-1.scope
 *	/kubepods/burstable/pod<uid>/<64 hex>   container <64 hex>
 *	/lxc.payload.web                        container web, called so
 *
 * The unit is the one of the host's systemd that holds the process, as
 * sd_pid_get_unit(3) finds it: the first segment behind the slices. That it
 * is not the innermost matters in containers that run a systemd of their own.
 */
#ifndef AUR_COLLECT_LINUX_GROUP_H
#define AUR_COLLECT_LINUX_GROUP_H

#include "collect/collect_int.h"

/* The unit in a path; false where there is none. Borrowed from `path`. */
bool aur__path_unit(struct aur_slice path, struct aur_slice *ret_unit);

/* Who runs a container, as far as its group's path shows it. */
enum aur__runtime {
	AUR__RUNTIME_OTHER,  /* hexadecimal id, name in no file of ours */
	AUR__RUNTIME_DOCKER, /* name in docker's config.v2.json */
	AUR__RUNTIME_PODMAN, /* name in podman's containers.json */
	AUR__RUNTIME_NAMED,  /* lxc, nspawn: the id is the name */
};
struct aur__container {
	enum aur__runtime runtime;
	char id[128]; /* unescaped */
};
bool aur__path_container(
    struct aur_slice path, struct aur__container *ret_container);

/* The string member `key` of the JSON object at the top of `text`, as it
 * stands between its quotes; docker's config.v2.json. Tolerant: no check of
 * the rest. False where there is none, or it has escapes. */
bool aur__json_member(
    struct aur_slice text, const char *key, struct aur_slice *ret_value);

/* The first of "names" in the object whose "id" is `id`; podman's
 * containers.json. */
bool aur__json_podman(
    struct aur_slice text, const char *id, struct aur_slice *ret_name);

/* The name of a container into `name`; false where it cannot be learned. */
bool aur__container_name(
    struct aur_root *root, const struct aur__container *c, char name[128]);

/* --- a cache of paths ----------------------------------------------------- */

/* A path and what it tells, counted by its users: a thousand processes of a
 * unit cost one look at its path. String ids are the entry's; 0 is none. */
struct aur__group {
	uint32_t path, unit, container, name;
	uint32_t users;
};

struct aur__groups {
	struct aur_strs *strs; /* borrowed */
	struct aur__group *v;  /* n, ascending by path */
	size_t n, cap;
};

/* The entry of `path`, one user more. NULL: out of memory. Good until the
 * next get or put. */
AUR_MUST_CHECK const struct aur__group *aur__groups_get(
    struct aur__groups *g, struct aur_root *root, struct aur_slice path);

/* One user less of the entry whose path has this id. */
void aur__groups_put(struct aur__groups *g, uint32_t path);

void aur__groups_release(struct aur__groups *g);

#endif
