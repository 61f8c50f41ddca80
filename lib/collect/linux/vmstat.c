/* SPDX-License-Identifier: MIT */
/* Paging and reclaim, from /proc/vmstat. */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include <unistd.h>

static int vmstat_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur__kept *k = state;
	struct aur_slice text;
	int rc = aur__root_reread(run->root, &k->fd, "proc/vmstat", &text);

	if (rc < 0)
		return rc;
	rc = aur__parse_vmstat(text, part);
	/* A tree's pages are taken to be of the usual size. */
	if (rc == 0)
		aur_part_set(part, 0, AUR_VMSTAT_page_size,
		    run->root->live ? (uint64_t)sysconf(_SC_PAGESIZE) : 4096);
	return rc;
}

const struct aur_collector aur__collector_vmstat = {
    .name = "vmstat",
    .domain = AUR_DOMAIN_VMSTAT,
    .open = aur__kept_open,
    .run = vmstat_run,
    .close = aur__kept_close,
};
