/* SPDX-License-Identifier: MIT */
/*
 * The files of /proc and /etc that speak of the system, parsed: bytes in,
 * cells or a struct out; nothing is read here. Formats are those of proc(5)
 * and the kernel's Documentation. A line that makes no sense is passed over
 * and leaves its cell absent; a file in which nothing made sense is
 * AUR_EINVALID, and the part is empty then.
 */
#ifndef AUR_COLLECT_LINUX_PARSE_H
#define AUR_COLLECT_LINUX_PARSE_H

#include "base/compiler.h"
#include "model/sample.h"

/* A word of a file and the field it fills. */
struct aur__word {
	const char *name;
	uint16_t field;
};

/* The row of `t` called `name`, looked for from *hint on (files keep their
 * order), -1 for none; *hint moves behind it. */
int aur__word_find(
    const struct aur__word *t, size_t n, struct aur_slice name, size_t *hint);

/* --- parse.c: words and small files ------------------------------------- */

/* "0123abcd-..." as 16 bytes; zeros where it is none. */
void aur__parse_uuid(struct aur_slice s, uint8_t out[16]);
/* The first number of /proc/uptime in nanoseconds; 0 where it is none. */
int64_t aur__parse_uptime(struct aur_slice text);
/* btime of /proc/stat in nanoseconds since 1970; 0 where it is none. */
int64_t aur__parse_btime(struct aur_slice text);
/* The name of `uid` in passwd(5). */
bool aur__parse_passwd(
    struct aur_slice text, uint64_t uid, struct aur_slice *ret_name);

/* --- parse_system.c ------------------------------------------------------ */

/* os-release(5): the os_ cells of the system's part. Quotes are taken off.
 * 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__parse_os_release(
    struct aur_slice text, struct aur_part *p, size_t i);
/* Login sessions in utmp(5). */
uint64_t aur__parse_utmp(struct aur_slice bytes);

/* --- parse_stat.c: /proc/stat, schedstat, cpuinfo ------------------------ */

/* /proc/stat into cpu, core and kernel; each may be NULL. 0, AUR_EINVALID,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur__parse_cpus(struct aur_slice text, struct aur_part *cpu,
    struct aur_part *core, struct aur_part *kernel);
/* /proc/schedstat, version 15 or later, into cores that are there. */
void aur__parse_schedstat(struct aur_slice text, struct aur_part *core);
/* /proc/cpuinfo: the model's name, empty if it has none; and the number of
 * the processor on each call with its "cpu MHz" in hertz. */
struct aur_slice aur__parse_cpu_model(struct aur_slice text);
bool aur__parse_cpu_hertz(
    struct aur_slice *text, uint64_t *ret_cpu, uint64_t *ret_hertz);

/* --- parse_memory.c: one file, one instance ------------------------------ */

/* /proc/loadavg, /proc/meminfo, /proc/vmstat (page_size is the caller's),
 * into the one instance of `p`, which is made. 0, AUR_EINVALID, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__parse_loadavg(
    struct aur_slice text, struct aur_part *p);
AUR_MUST_CHECK int aur__parse_meminfo(
    struct aur_slice text, struct aur_part *p);
AUR_MUST_CHECK int aur__parse_vmstat(struct aur_slice text, struct aur_part *p);
/* A file of /proc/pressure: its `some` and `full` totals into these fields;
 * -1 for none. Whether there was one. */
bool aur__parse_pressure(
    struct aur_slice text, struct aur_part *p, size_t i, int some, int full);

/* --- parse_disk.c -------------------------------------------------------- */

/* A line of /proc/diskstats. */
struct aur__diskstat {
	uint64_t major, minor;
	struct aur_slice name;
	unsigned n;	/* numbers that stand there, at most 11 */
	uint64_t v[11]; /* in the order of AUR_DISK_reads ..., in its units */
};
/* Takes lines off `text` up to the next that is one; false at the end. */
bool aur__parse_diskstat(
    struct aur_slice *text, struct aur__diskstat *ret_disk);
/* What a name tells, where /sys does not: a partition; a device that is made
 * of others or of memory. */
bool aur__disk_is_partition(struct aur_slice name);
bool aur__disk_is_virtual(struct aur_slice name);

/* --- parse_mount.c ------------------------------------------------------- */

/* A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
struct aur__mount {
	struct aur_slice point, type, device; /* escaped as they stand there */
	bool read_only;
};
bool aur__parse_mount(struct aur_slice *text, struct aur__mount *ret_mount);
/* Octal escapes (\040) undone into `out`, at most `size` bytes and a NUL
 * behind them; the length, or -1 where it does not fit. */
ptrdiff_t aur__mount_unescape(struct aur_slice s, char *out, size_t size);
/* Whether it is left out, as node_exporter does by default; / never is. Both
 * unescaped. */
bool aur__mount_is_pseudo(struct aur_slice point, struct aur_slice type);

/* --- parse_net.c --------------------------------------------------------- */

/* A line of /proc/net/dev: the cells AUR_NETWORK_receive_bytes to multicast,
 * by field. */
struct aur__netdev {
	struct aur_slice name;
	uint64_t v[AUR_NETWORK_multicast + 1];
};
bool aur__parse_netdev(struct aur_slice *text, struct aur__netdev *ret_dev);
/* /proc/net/sockstat, sockstat6 and snmp into the one instance, which is
 * made. 0, AUR_EINVALID, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__parse_sockstat(
    struct aur_slice text, uint64_t page_size, struct aur_part *p);
AUR_MUST_CHECK int aur__parse_snmp(struct aur_slice text, struct aur_part *p);

#endif
