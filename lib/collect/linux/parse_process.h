/* SPDX-License-Identifier: MIT */
/*
 * The files of /proc/PID, parsed: bytes in, struct out, nothing kept. Formats
 * are those of proc(5); what a kernel does not tell is marked absent, what is
 * no such file at all is AUR_EINVALID.
 */
#ifndef AUR_COLLECT_LINUX_PARSE_PROCESS_H
#define AUR_COLLECT_LINUX_PARSE_PROCESS_H

#include "base/compiler.h"
#include "base/slice.h"
#include "model/domain.h"

/* The kernel's PF_KTHREAD (include/linux/sched.h), a bit of `flags`. */
#define AUR__PF_KTHREAD 0x00200000u

/* /proc/PID/stat. Times are clock ticks. */
struct aur__stat {
	struct aur_slice comm; /* any bytes, ')' and newlines too */
	char state;
	int64_t priority, nice;
	uint64_t parent, session, tty, flags;
	uint64_t minor_faults, major_faults;
	uint64_t user_ticks, system_ticks, start_ticks;
	uint64_t threads, virtual_bytes, rss_pages, processor;
	uint64_t image; /* differs after an exec, where we may know */
};
AUR_MUST_CHECK int aur__parse_stat(
    struct aur_slice text, struct aur__stat *ret_stat);

/* /proc/PID/statm: pages that files or others share (the third number). */
AUR_MUST_CHECK int aur__parse_statm(
    struct aur_slice text, uint64_t *ret_shared_pages);

/* /proc/PID/status. A member is valid where its bit is in `have`. */
enum {
	AUR__STATUS_UID = 1,	/* effective */
	AUR__STATUS_SWAP = 2,	/* VmSwap, bytes */
	AUR__STATUS_SHARED = 4, /* RssFile + RssShmem, bytes; kernel 4.5 */
	AUR__STATUS_CAPS = 8,	/* CapEff */
};
struct aur__status {
	unsigned have;
	uint64_t uid, swap, shared, caps;
	struct aur_slice cpus;	 /* Cpus_allowed_list, "0-3,8" */
	struct aur_slice groups; /* supplementary, decimal, blanks between */
};
AUR_MUST_CHECK int aur__parse_status(
    struct aur_slice text, struct aur__status *ret_status);

/* /proc/PID/io: what reached storage. */
AUR_MUST_CHECK int aur__parse_io(
    struct aur_slice text, uint64_t *ret_read, uint64_t *ret_written);

/* /proc/PID/limits, by field of domain process_limit; UINT64_MAX: no limit. A
 * cell is valid where its bit is in `have`. */
struct aur__limits {
	uint32_t have;
	uint64_t cell[AUR_PROCESS_LIMIT_COUNT];
};
AUR_MUST_CHECK int aur__parse_limits(
    struct aur_slice text, struct aur__limits *ret_limits);

/* /proc/PID/cgroup (cgroups(7)): the path of the unified hierarchy, else of
 * name=systemd, else of the first controller; "/" gives way to the next of
 * these. */
AUR_MUST_CHECK int aur__parse_cgroup(
    struct aur_slice text, struct aur_slice *ret_path);

/* The path of the hierarchy that holds `controller`; "" is the unified one.
 * False where there is none. */
bool aur__parse_cgroup_of(
    struct aur_slice text, const char *controller, struct aur_slice *ret_path);

/* hidepid= of the proc mount at /proc in the text of mountinfo, 0 to 4, and
 * gid= (UINT64_MAX: none). False: no such mount. */
bool aur__parse_hidepid(
    struct aur_slice text, unsigned *ret_hidepid, uint64_t *ret_gid);

/* A tty_nr of stat as a name below /dev, "" for none. */
void aur__tty_name(uint64_t tty, char out[24]);

#endif
