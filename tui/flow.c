/* SPDX-License-Identifier: MIT */
#include "tui/flow.h"

#include <math.h>

#define RATE_W 8
/* Sparks of an idle line would magnify a few bytes: this much is the least
 * that fills one. */
#define LEAST 65536

static void half(const struct tui_scene *s, const struct tui_area *a, int x,
    int y, int w, const struct tui_flow *flow, int i)
{
	char rate[TUI_SMALL];
	enum tui_role role = i == 0 ? TUI_ROLE_IN : TUI_ROLE_OUT;
	int spark = w - 2 - RATE_W - 2;

	tui_rate(flow->rate[i], rate);
	tui_str(a, x, y, flow->mark[i], role);
	tui_str_right(a, x + 2 + RATE_W, y, rate,
	    isnan(flow->rate[i]) ? TUI_ROLE_MUTED : TUI_ROLE_TEXT);
	if (flow->series[i] != NULL && spark > 2)
		tui_spark(s, a, x + 2 + RATE_W + 1, y, spark, flow->series[i],
		    tui_graph_top(s, flow->series[i], spark, LEAST), role);
}

void tui_flow(const struct tui_scene *s, const struct tui_area *a, int x, int y,
    int w, const struct tui_flow *flow)
{
	half(s, a, x, y, w / 2, flow, 0);
	half(s, a, x + w / 2, y, w - w / 2 + 1, flow, 1);
}
