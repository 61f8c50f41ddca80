/* SPDX-License-Identifier: MIT */
#include "tui/fleet.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

const struct aur_feed_host *tui_fleet_host(
    const struct tui_fleet *fl, size_t host)
{
	return fl->feed->class->host(fl->feed, host);
}

/* The group called `name`, made where there is none; TUI_FLEET_NONE: no
 * memory. */
static uint32_t group_of(struct tui_fleet *fl, const char *name, bool jump)
{
	struct tui_fleet_group *g;
	size_t cap;

	for (size_t i = 0; i < fl->ngroup; i++)
		if (fl->group[i].jump == jump &&
		    strncmp(fl->group[i].name, name, sizeof(g->name) - 1) == 0)
			return (uint32_t)i;
	if (fl->ngroup == fl->group_cap) {
		cap = fl->group_cap > 0 ? fl->group_cap * 2 : 8;
		g = aur_mem_grow(fl->group, cap, sizeof(*g));
		if (g == NULL)
			return TUI_FLEET_NONE;
		fl->group = g;
		fl->group_cap = cap;
	}
	g = &fl->group[fl->ngroup];
	memset(g, 0, sizeof(*g));
	snprintf(g->name, sizeof(g->name), "%s", name);
	g->jump = g->folded = jump;
	g->by = TUI_FLEET_NONE;
	for (size_t i = 0; i < fl->n && jump; i++)
		if (strcmp(tui_fleet_host(fl, i)->name, name) == 0)
			g->by = (uint32_t)i;
	return (uint32_t)fl->ngroup++;
}

int tui_fleet_init(struct tui_fleet *fl, struct aur_feed *feed)
{
	memset(fl, 0, sizeof(*fl));
	fl->feed = feed;
	fl->n = feed->class->count(feed);
	fl->grouped = true;
	fl->record = aur_mem_new(fl->n, sizeof(*fl->record));
	fl->own = aur_mem_new(fl->n, sizeof(*fl->own));
	if (fl->record == NULL || fl->own == NULL) {
		tui_fleet_release(fl);
		return AUR_ENOMEM;
	}
	memset(fl->record, 0, fl->n * sizeof(*fl->record));
	for (size_t i = 0; i < fl->n; i++) {
		const struct aur_feed_host *h = tui_fleet_host(fl, i);

		fl->own[i] = h->ngroup > 0 ? group_of(fl, h->groups[0], false)
					   : TUI_FLEET_NONE;
	}
	return 0;
}

void tui_fleet_release(struct tui_fleet *fl)
{
	for (size_t i = 0; fl->record != NULL && i < fl->n; i++)
		tui_record_release(&fl->record[i]);
	aur_mem_free(fl->record);
	aur_mem_free(fl->own);
	aur_mem_free(fl->row);
	aur_mem_free(fl->group);
	aur_filter_free(fl->filter);
	memset(fl, 0, sizeof(*fl));
}

int tui_fleet_sample(struct tui_fleet *fl, size_t host, struct aur_figures *f,
    struct aur_span interval)
{
	return tui_record_add(&fl->record[host], f, interval);
}

void tui_fleet_hold(struct tui_fleet *fl, bool hold)
{
	for (size_t i = 0; i < fl->n; i++)
		tui_record_hold(
		    &fl->record[i], hold, tui_fleet_host(fl, i)->received);
	fl->held = hold;
}

struct match { /* a row of the filter */
	const struct tui_fleet *fl;
	size_t host;
};

static bool filter_get(
    void *row, int field, unsigned nth, struct aur_value *ret)
{
	const struct match *m = row;
	const struct aur_feed_host *h = tui_fleet_host(m->fl, m->host);

	if (field >= 0) {
		tui_fleet_value(m->fl, m->host, (unsigned)field, ret);
		return true;
	}
	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	switch (nth) {
	case 0:
		tui_fleet_set_text(ret, h->name);
		return true;
	case 1:
		tui_fleet_set_text(ret, h->address);
		return true;
	case 2:
		tui_fleet_set_text(ret, aur_host_state_name(h->state));
		return true;
	case 3:
		tui_fleet_set_text(ret, h->error);
		return true;
	default:
		if (nth - 4 >= h->ngroup)
			return false;
		tui_fleet_set_text(ret, h->groups[nth - 4]);
		return true;
	}
}

struct item {
	uint32_t host;
	int kind; /* 0 unknown, 1 number, 2 text */
	double number, second;
	struct aur_slice text;
	int sign;
};

static void take_key(const struct tui_fleet *fl, bool worst, struct item *it)
{
	const struct tui_record *r = &fl->record[it->host];
	struct aur_value v;

	it->kind = 1;
	it->sign = 1;
	it->number = it->second = 0;
	if (!fl->sorted && !worst)
		return;
	it->sign = !fl->sorted || fl->descending ? -1 : 1;
	if (!fl->sorted || fl->sort == TUI_FLEET_STATE) {
		it->number =
		    tui_fleet_badness(tui_fleet_host(fl, it->host)->state);
		it->second = tui_record_now(r, TUI_TRACK_CPU);
		if (isnan(it->second))
			it->second = -1;
		return;
	}
	tui_fleet_value(fl, it->host, fl->sort, &v);
	it->kind = aur_value_number(&v, &it->number) ? 1
		   : v.type == AUR_VALUE_TEXT	     ? 2
						     : 0;
	if (it->kind == 2)
		it->text = v.s;
}

static int cmp_text(struct aur_slice a, struct aur_slice b)
{
	struct aur_value x = {.type = AUR_VALUE_TEXT, .s = a};
	struct aur_value y = {.type = AUR_VALUE_TEXT, .s = b};

	return aur_value_cmp(&x, &y);
}

static int cmp_number(double a, double b)
{
	return a < b ? -1 : a > b;
}

/* Unknown values come last in either direction; equals by the feed. */
static int cmp_item(const void *x, const void *y)
{
	const struct item *a = x, *b = y;
	int d = 0;

	if (a->kind != b->kind)
		return a->kind == 0 ? 1 : b->kind == 0 ? -1 : a->kind - b->kind;
	if (a->kind == 1) {
		d = cmp_number(a->number, b->number);
		if (d == 0)
			d = cmp_number(a->second, b->second);
	} else if (a->kind == 2)
		d = cmp_text(a->text, b->text);
	if (d != 0)
		return a->sign * d;
	return a->host < b->host ? -1 : a->host > b->host;
}

/* The group of those that fail because a jump host does, where this is one. */
static uint32_t jump_of(struct tui_fleet *fl, const struct aur_feed_host *h)
{
	if (h->blamed == NULL || h->state == AUR_HOST_UP)
		return TUI_FLEET_NONE;
	return group_of(fl, h->blamed, true);
}

static void count_states(struct tui_fleet *fl)
{
	memset(fl->state, 0, sizeof(fl->state));
	for (size_t i = 0; i < fl->n; i++)
		fl->state[tui_fleet_host(fl, i)->state]++;
}

/* Puts a host behind the last of its group, and adds it up. */
static void join(
    struct tui_fleet *fl, uint32_t *next, uint32_t host, uint32_t group)
{
	struct tui_fleet_group *g = &fl->group[group];

	next[host] = TUI_FLEET_NONE;
	if (g->first == TUI_FLEET_NONE)
		g->first = host;
	else
		next[g->last] = host;
	g->last = host;
	g->n++;
	g->state[tui_fleet_host(fl, host)->state]++;
	for (unsigned c = 0; c < TUI_FLEET_COLUMNS; c++) {
		struct aur_value v;
		double d;

		if (tui_fleet_track(c) < 0)
			continue;
		tui_fleet_value(fl, host, c, &v);
		if (!aur_value_number(&v, &d))
			continue;
		g->sum[c] += d;
		g->known[c]++;
	}
}

static void clear_groups(struct tui_fleet *fl)
{
	for (size_t i = 0; i < fl->ngroup; i++) {
		struct tui_fleet_group *g = &fl->group[i];

		g->n = 0;
		g->first = g->last = TUI_FLEET_NONE;
		memset(g->state, 0, sizeof(g->state));
		memset(g->sum, 0, sizeof(g->sum));
		memset(g->known, 0, sizeof(g->known));
	}
}

/* Tells a group where its first host comes: heading, then hosts. */
static void tell_group(
    struct tui_fleet *fl, const uint32_t *next, uint32_t group)
{
	struct tui_fleet_group *g = &fl->group[group];

	fl->row[fl->nrow++] = (struct tui_fleet_row){TUI_FLEET_NONE, group};
	for (uint32_t h = g->first; h != TUI_FLEET_NONE && !g->folded;
	     h = next[h])
		fl->row[fl->nrow++] = (struct tui_fleet_row){h, group};
	g->first = TUI_FLEET_NONE;
}

/* The group that a host stands in now: a jump host that is down stands with
 * those behind it. */
static uint32_t place_of(struct tui_fleet *fl, uint32_t host)
{
	uint32_t at = jump_of(fl, tui_fleet_host(fl, host));

	for (size_t i = 0; i < fl->ngroup && at == TUI_FLEET_NONE; i++)
		if (fl->group[i].jump && fl->group[i].by == host &&
		    fl->group[i].n > 0)
			at = (uint32_t)i;
	return at != TUI_FLEET_NONE || !fl->grouped ? at : fl->own[host];
}

/* Whom the filter passes, in order. */
static size_t gather(const struct tui_fleet *fl, bool worst, struct item *item)
{
	size_t n = 0;

	for (size_t i = 0; i < fl->n; i++) {
		struct match m = {fl, i};

		if (!aur_filter_match(fl->filter, filter_get, &m))
			continue;
		item[n].host = (uint32_t)i;
		take_key(fl, worst, &item[n++]);
	}
	qsort(item, n, sizeof(*item), cmp_item);
	return n;
}

/* Counts who is behind a dead jump host, so that it is known to have some. */
static void count_jumps(struct tui_fleet *fl, const struct item *item, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t at = jump_of(fl, tui_fleet_host(fl, item[i].host));

		if (at != TUI_FLEET_NONE)
			fl->group[at].n++;
	}
}

static int grow(struct tui_fleet *fl)
{
	size_t cap = fl->n * 2 + fl->ngroup + 1;
	struct tui_fleet_row *p;

	if (cap <= fl->cap)
		return 0;
	p = aur_mem_grow(fl->row, cap, sizeof(*p));
	if (p == NULL)
		return AUR_ENOMEM;
	fl->row = p;
	fl->cap = cap;
	return 0;
}

/* Rows from hosts in order. `next` has a word for each host of the feed, and
 * one for its place. */
static int make_rows(
    struct tui_fleet *fl, const struct item *item, size_t n, uint32_t *next)
{
	uint32_t *place = next + fl->n;
	int rc;

	clear_groups(fl);
	count_jumps(fl, item, n);
	for (size_t i = 0; i < n; i++)
		place[item[i].host] = place_of(fl, item[i].host);
	clear_groups(fl);
	rc = grow(fl);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (place[item[i].host] != TUI_FLEET_NONE)
			join(fl, next, item[i].host, place[item[i].host]);
	fl->nrow = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t host = item[i].host, at = place[host];

		if (at == TUI_FLEET_NONE)
			fl->row[fl->nrow++] =
			    (struct tui_fleet_row){host, TUI_FLEET_NONE};
		else if (fl->group[at].first == host)
			tell_group(fl, next, at);
	}
	fl->shown = n;
	return 0;
}

static bool same_row(struct tui_fleet_row a, struct tui_fleet_row b)
{
	return a.host == b.host &&
	       (a.host != TUI_FLEET_NONE || a.group == b.group);
}

/* Finds the selected row again; one that went into a fold is its heading. */
static void reselect(struct tui_fleet *fl)
{
	size_t heading = SIZE_MAX;

	if (!fl->chosen)
		fl->cursor = 0;
	for (size_t i = 0; i < fl->nrow && fl->chosen; i++) {
		if (same_row(fl->row[i], fl->selected)) {
			fl->cursor = i;
			return;
		}
		if (fl->row[i].host == TUI_FLEET_NONE &&
		    fl->row[i].group == fl->selected.group)
			heading = i;
	}
	if (heading != SIZE_MAX)
		fl->cursor = heading;
	if (fl->cursor >= fl->nrow)
		fl->cursor = fl->nrow > 0 ? fl->nrow - 1 : 0;
	if (fl->nrow > 0)
		fl->selected = fl->row[fl->cursor];
}

int tui_fleet_update(struct tui_fleet *fl, struct aur_mono now, bool hold)
{
	struct item *item;
	uint32_t *next;
	int rc = AUR_ENOMEM;

	fl->now = now;
	count_states(fl);
	if (hold && fl->nrow > 0)
		return 0;
	item = aur_mem_new(fl->n, sizeof(*item));
	next = aur_mem_new(fl->n, 2 * sizeof(*next));
	if (item != NULL && next != NULL)
		rc = make_rows(
		    fl, item, gather(fl, fl->n > fl->room, item), next);
	if (rc == 0)
		reselect(fl);
	aur_mem_free(item);
	aur_mem_free(next);
	return rc;
}
