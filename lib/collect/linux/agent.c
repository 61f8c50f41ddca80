/* SPDX-License-Identifier: MIT */
/*
 * What we cost ourselves. It runs last, so that `collect` is the whole
 * sample. For a tree only the version is told: the rest would be of this
 * process, which has nothing to do with it.
 */
#include "collect/linux/linux.h"

#include "base/scan.h"

#include <unistd.h>

static void set_rss(
    struct aur__kept *k, struct aur_run *run, struct aur_part *part)
{
	struct aur_slice text;
	uint64_t size, rss;

	if (aur__root_reread(run->root, &k->fd, "proc/self/statm", &text) ==
		0 &&
	    aur_scan_next_u64(&text, &size) && aur_scan_next_u64(&text, &rss))
		aur_part_set(part, 0, AUR_AGENT_rss,
		    rss * (uint64_t)sysconf(_SC_PAGESIZE));
}

static int agent_run(void *state, struct aur_run *run, struct aur_part *part)
{
	ptrdiff_t i = aur_part_one(part);
	struct aur_span took;
	int rc;

	if (i < 0)
		return (int)i;
	rc = aur__set_text(
	    part, 0, AUR_AGENT_version, aur_slice_str(AUR_VERSION));
	if (rc < 0 || !run->root->live)
		return rc;
	set_rss(state, run, part);
	aur_part_set(part, 0, AUR_AGENT_pid, (uint64_t)getpid());
	aur_part_set(part, 0, AUR_AGENT_helper_restarts,
	    aur__helper_restarts(run->helper));
	aur_part_set(part, 0, AUR_AGENT_cpu,
	    (uint64_t)(aur_clock_cpu().ns + aur__helper_cpu(run->helper).ns));
	took = aur_mono_since(aur_clock_mono(), run->sample->mono);
	aur_part_set(part, 0, AUR_AGENT_collect, (uint64_t)took.ns);
	return 0;
}

const struct aur_collector aur__collector_agent = {
    .name = "agent",
    .domain = AUR_DOMAIN_AGENT,
    .open = aur__kept_open,
    .run = agent_run,
    .close = aur__kept_close,
};
