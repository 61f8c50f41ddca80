/* SPDX-License-Identifier: MIT */
/* Load averages, from /proc/loadavg. */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

static int load_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur__kept *k = state;
	struct aur_slice text;
	int rc = aur__root_reread(run->root, &k->fd, "proc/loadavg", &text);

	return rc < 0 ? rc : aur__parse_loadavg(text, part);
}

const struct aur_collector aur__collector_load = {
    .name = "load",
    .domain = AUR_DOMAIN_LOAD,
    .open = aur__kept_open,
    .run = load_run,
    .close = aur__kept_close,
};
