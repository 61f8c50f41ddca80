/* SPDX-License-Identifier: MIT */
#include "tui/rect.h"

static int clamp(int v, int max)
{
	if (v < 0)
		return 0;
	return v < max ? v : max;
}

struct tui_rect tui_rect_top(struct tui_rect *r, int n)
{
	struct tui_rect cut = *r;

	cut.h = clamp(n, r->h);
	r->y += cut.h;
	r->h -= cut.h;
	return cut;
}

struct tui_rect tui_rect_bottom(struct tui_rect *r, int n)
{
	struct tui_rect cut = *r;

	cut.h = clamp(n, r->h);
	r->h -= cut.h;
	cut.y = r->y + r->h;
	return cut;
}

struct tui_rect tui_rect_left(struct tui_rect *r, int n)
{
	struct tui_rect cut = *r;

	cut.w = clamp(n, r->w);
	r->x += cut.w;
	r->w -= cut.w;
	return cut;
}

struct tui_rect tui_rect_right(struct tui_rect *r, int n)
{
	struct tui_rect cut = *r;

	cut.w = clamp(n, r->w);
	r->w -= cut.w;
	cut.x = r->x + r->w;
	return cut;
}

struct tui_rect tui_rect_meet(struct tui_rect a, struct tui_rect b)
{
	int x1 = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	int y1 = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
	struct tui_rect r = {
	    a.x > b.x ? a.x : b.x, a.y > b.y ? a.y : b.y, 0, 0};

	r.w = x1 > r.x ? x1 - r.x : 0;
	r.h = y1 > r.y ? y1 - r.y : 0;
	return r;
}

struct tui_rect tui_rect_centre(struct tui_rect r, int w, int h)
{
	w = clamp(w, r.w);
	h = clamp(h, r.h);
	return (struct tui_rect){
	    r.x + (r.w - w) / 2, r.y + (r.h - h) / 2, w, h};
}

bool tui_rect_has(struct tui_rect r, int x, int y)
{
	return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}
