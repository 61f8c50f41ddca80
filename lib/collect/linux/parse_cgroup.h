/* SPDX-License-Identifier: MIT */
/*
 * Files of control groups, parsed: bytes in, numbers out. Formats are those
 * of the kernel's admin-guide/cgroup-v2.rst and admin-guide/cgroup-v1/.
 */
#ifndef AUR_COLLECT_LINUX_PARSE_CGROUP_H
#define AUR_COLLECT_LINUX_PARSE_CGROUP_H

#include "base/compiler.h"
#include "base/slice.h"

/* The value of `key` in lines of "key value"; false where it is not there. */
bool aur__parse_keyed(struct aur_slice text, const char *key, uint64_t *ret_v);

/* A limit in bytes. False: none ("max", -1, or v1's largest number), or no
 * number. */
bool aur__parse_limit(struct aur_slice text, uint64_t *ret_v);

/* cpu.max, "quota period" in us, as thousandths of a CPU; false: none. */
bool aur__parse_cpu_max(struct aur_slice text, uint64_t *ret_thousandths);

/* cpu.cfs_quota_us and cpu.cfs_period_us, the same. */
bool aur__parse_cfs(
    struct aur_slice quota, struct aur_slice period, uint64_t *ret_thousandths);

/* Hierarchies, as bits. */
enum {
	AUR__CG_V2 = 1,
	AUR__CG_CPU = 2, /* v1 from here on */
	AUR__CG_CPUACCT = 4,
	AUR__CG_MEMORY = 8,
	AUR__CG_PIDS = 16,
};
#define AUR__CG_KINDS 5

/* The next mount of cgroup or cgroup2 in the text of mountinfo; takes its
 * line off. False at the end. `root` and `point` as they stand there. */
struct aur__cg_mount {
	unsigned kinds; /* of AUR__CG_*; 0: none that we read */
	struct aur_slice root, point;
};
bool aur__parse_cg_mount(
    struct aur_slice *text, struct aur__cg_mount *ret_mount);

#endif
