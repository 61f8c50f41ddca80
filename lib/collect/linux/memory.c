/* SPDX-License-Identifier: MIT */
/* Memory and swap, from /proc/meminfo. */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

static int memory_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur__kept *k = state;
	struct aur_slice text;
	int rc = aur__root_reread(run->root, &k->fd, "proc/meminfo", &text);

	return rc < 0 ? rc : aur__parse_meminfo(text, part);
}

const struct aur_collector aur__collector_memory = {
    .name = "memory",
    .domain = AUR_DOMAIN_MEMORY,
    .open = aur__kept_open,
    .run = memory_run,
    .close = aur__kept_close,
};
