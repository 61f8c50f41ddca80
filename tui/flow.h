/* SPDX-License-Identifier: MIT */
/* Two rates side by side, each with its spark: what disks and interfaces
 * have in common. */
#ifndef TUI_FLOW_H
#define TUI_FLOW_H

#include "tui/panel.h"

struct tui_flow {
	const char *mark[2]; /* "r" and "w" */
	double rate[2];
	const struct aur_series *series[2]; /* NULL: no spark */
};

/* Draws both into `w` columns from x. */
void tui_flow(const struct tui_scene *s, const struct tui_area *a, int x, int y,
    int w, const struct tui_flow *flow);

#endif
