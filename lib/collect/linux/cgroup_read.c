/* SPDX-License-Identifier: MIT */
/*
 * The files of one group. A file that is not there is a controller that is
 * not on, or a kernel that does not have it: the cell stays absent.
 */
#include "collect/linux/cgroup.h"

#include "base/err.h"
#include "base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int aur__cg_file(
    int dir, const char *name, char text[8192], struct aur_slice *ret_text)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return aur_err_errno(errno);
	n = read(fd, text, 8192);
	if (n < 0) {
		int rc = aur_err_errno(errno);

		close(fd);
		return rc;
	}
	close(fd);
	*ret_text = aur_slice_of(text, (size_t)n);
	return 0;
}

bool aur__cg_number(int dir, const char *name, uint64_t *ret_v)
{
	struct aur_slice s;
	char text[8192];

	return aur__cg_file(dir, name, text, &s) == 0 &&
	       aur_scan_u64(aur_slice_trim(s), ret_v) == 0;
}

bool aur__cg_memory(int dir, bool v2, uint64_t *ret_bytes)
{
	struct aur_slice s;
	char text[8192];
	uint64_t used, idle;

	if (!aur__cg_number(
		dir, v2 ? "memory.current" : "memory.usage_in_bytes", &used))
		return false;
	if (aur__cg_file(dir, "memory.stat", text, &s) == 0 &&
	    aur__parse_keyed(
		s, v2 ? "inactive_file" : "total_inactive_file", &idle))
		used = used > idle ? used - idle : 0;
	*ret_bytes = used;
	return true;
}

/* A number in a file of keys, times mul / div, into a cell. */
static void keyed(struct aur_slice text, const char *key, uint64_t mul,
    uint64_t div, struct aur_part *part, size_t i, size_t f)
{
	uint64_t v;

	if (aur__parse_keyed(text, key, &v) && v <= UINT64_MAX / mul)
		aur_part_set(part, i, f, v * mul / div);
}

static void number(
    int dir, const char *name, struct aur_part *part, size_t i, size_t f)
{
	uint64_t v;

	if (aur__cg_number(dir, name, &v))
		aur_part_set(part, i, f, v);
}

static void limit(
    int dir, const char *name, struct aur_part *part, size_t i, size_t f)
{
	struct aur_slice s;
	char text[8192];
	uint64_t v;

	if (aur__cg_file(dir, name, text, &s) == 0 && aur__parse_limit(s, &v))
		aur_part_set(part, i, f, v);
}

static void memory(int dir, bool v2, struct aur_part *part, size_t i)
{
	uint64_t v;

	if (aur__cg_memory(dir, v2, &v))
		aur_part_set(part, i, AUR_CGROUP_memory, v);
}

static void fill_v2(int dir, struct aur_part *part, size_t i)
{
	struct aur_slice s;
	char text[8192];

	if (aur__cg_file(dir, "cpu.stat", text, &s) == 0) {
		keyed(s, "usage_usec", 1000, 1, part, i, AUR_CGROUP_cpu);
		keyed(s, "user_usec", 1, 1, part, i, AUR_CGROUP_cpu_user);
		keyed(s, "system_usec", 1, 1, part, i, AUR_CGROUP_cpu_system);
		keyed(s, "throttled_usec", 1, 1, part, i, AUR_CGROUP_throttled);
	}
	memory(dir, true, part, i);
	limit(dir, "memory.max", part, i, AUR_CGROUP_memory_limit);
	number(dir, "memory.swap.current", part, i, AUR_CGROUP_swap);
	number(dir, "pids.current", part, i, AUR_CGROUP_tasks);
	if (aur__cg_file(dir, "memory.events", text, &s) == 0)
		keyed(s, "oom_kill", 1, 1, part, i, AUR_CGROUP_oom_kills);
}

static void fill_cpu(int dir, unsigned kinds, struct aur_part *part, size_t i)
{
	struct aur_slice s;
	char text[8192];

	if ((kinds & AUR__CG_CPUACCT) != 0) {
		number(dir, "cpuacct.usage", part, i, AUR_CGROUP_cpu);
		/* in clock ticks, always hundredths to user space */
		if (aur__cg_file(dir, "cpuacct.stat", text, &s) == 0) {
			keyed(
			    s, "user", 10000, 1, part, i, AUR_CGROUP_cpu_user);
			keyed(s, "system", 10000, 1, part, i,
			    AUR_CGROUP_cpu_system);
		}
	}
	if ((kinds & AUR__CG_CPU) != 0 &&
	    aur__cg_file(dir, "cpu.stat", text, &s) == 0)
		keyed(s, "throttled_time", 1, 1000, part, i,
		    AUR_CGROUP_throttled);
}

static void fill_memory(int dir, struct aur_part *part, size_t i)
{
	struct aur_slice s;
	char text[8192];

	memory(dir, false, part, i);
	limit(dir, "memory.limit_in_bytes", part, i, AUR_CGROUP_memory_limit);
	if (aur__cg_file(dir, "memory.stat", text, &s) == 0)
		keyed(s, "total_swap", 1, 1, part, i, AUR_CGROUP_swap);
	if (aur__cg_file(dir, "memory.oom_control", text, &s) == 0)
		keyed(s, "oom_kill", 1, 1, part, i, AUR_CGROUP_oom_kills);
}

void aur__cg_fill(int dir, unsigned kinds, struct aur_part *part, size_t i)
{
	if ((kinds & AUR__CG_V2) != 0)
		fill_v2(dir, part, i);
	fill_cpu(dir, kinds, part, i);
	if ((kinds & AUR__CG_MEMORY) != 0)
		fill_memory(dir, part, i);
	if ((kinds & AUR__CG_PIDS) != 0)
		number(dir, "pids.current", part, i, AUR_CGROUP_tasks);
}
