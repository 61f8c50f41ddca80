/* SPDX-License-Identifier: MIT */
/*
 * How much of the processes this process is shown. The kernel decides it for
 * each file, but by two things that can be asked ahead: how /proc is mounted
 * (hidepid, gid in proc(5)), and whether we may trace anyone.
 */
#include "collect/linux/linux.h"

#include "base/scan.h"
#include "collect/linux/parse_process.h"

#define CAP_SYS_PTRACE 19 /* linux/capability.h */
#define HIDE_ALL_BUT_TRACED 4

static bool in_group(struct aur_slice groups, uint64_t gid)
{
	uint64_t n;

	while (aur_scan_next_u64(&groups, &n))
		if (n == gid)
			return true;
	return false;
}

enum aur_sight aur__platform_sight(struct aur_root *root, bool *ret_hides)
{
	struct aur_slice text;
	struct aur__status st;
	uint64_t gid = UINT64_MAX;
	unsigned level = 0;

	if (aur__root_read(root, "proc/self/mountinfo", &text) < 0 ||
	    !aur__parse_hidepid(text, &level, &gid))
		level = 0;
	*ret_hides = level != 0;
	if (aur__root_read(root, "proc/self/status", &text) < 0 ||
	    aur__parse_status(text, &st) < 0)
		return level != 0 ? AUR_SIGHT_OWN : AUR_SIGHT_ALL;
	if ((st.have & AUR__STATUS_CAPS) != 0 &&
	    (st.caps >> CAP_SYS_PTRACE & 1) != 0)
		return AUR_SIGHT_WHOLE;
	if (level == 0 ||
	    (level != HIDE_ALL_BUT_TRACED && in_group(st.groups, gid)))
		return AUR_SIGHT_ALL;
	return AUR_SIGHT_OWN;
}
