/* SPDX-License-Identifier: MIT */
#include "tui/fleet.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>

static const struct tui_fleet_column_row columns[] = {
#define TUI_FLEET_COLUMN(                                                      \
    ID, name, title, ascii, width, right, weight, shown, path, help)           \
	{name, title, ascii, width, right, weight, shown, path, help},
#include "tui/fleet_column.def"
#undef TUI_FLEET_COLUMN
};

const struct tui_fleet_column_row *tui_fleet_column(unsigned id)
{
	return &columns[id];
}

int tui_fleet_column_find(struct aur_slice name)
{
	for (int i = 0; i < TUI_FLEET_COLUMNS; i++)
		if (name.n > 0 && (aur_slice_is(name, columns[i].name) ||
				      aur_slice_is(name, columns[i].path)))
			return i;
	return -1;
}

int tui_fleet_find(void *ctx, struct aur_slice name)
{
	(void)ctx;
	return tui_fleet_column_find(name);
}

bool tui_fleet_descends(unsigned column)
{
	return columns[column].right || column == TUI_FLEET_STATE ||
	       column == TUI_FLEET_PAST || column == TUI_FLEET_BAR;
}

int tui_fleet_sort_parse(
    struct aur_slice text, unsigned *ret_column, bool *ret_descending)
{
	struct aur_slice name;
	bool turned = aur_slice_until(&text, ':', &name);
	int id;

	if (!turned)
		name = text;
	id = tui_fleet_column_find(name);
	if (id < 0 || (turned && !aur_slice_is(text, "asc") &&
			  !aur_slice_is(text, "desc")))
		return AUR_EINVALID;
	*ret_column = (unsigned)id;
	*ret_descending = turned ? aur_slice_is(text, "desc")
				 : tui_fleet_descends((unsigned)id);
	return 0;
}

const char *tui_fleet_word(enum aur_host_state state)
{
	switch (state) {
	case AUR_HOST_AUTH_FAILED:
		return "login refused";
	case AUR_HOST_KEY_UNKNOWN:
		return "key unknown";
	case AUR_HOST_KEY_CHANGED:
		return "key changed";
	case AUR_HOST_NO_AGENT:
		return "no agent";
	default:
		return aur_host_state_name(state);
	}
}

unsigned tui_fleet_badness(enum aur_host_state state)
{
	static const uint8_t bad[TUI_FLEET_STATES] = {
	    [AUR_HOST_UP] = 0,
	    [AUR_HOST_CONNECTING] = 1,
	    [AUR_HOST_STALE] = 2,
	    [AUR_HOST_NO_AGENT] = 3,
	    [AUR_HOST_UNREACHABLE] = 4,
	    [AUR_HOST_KEY_UNKNOWN] = 5,
	    [AUR_HOST_AUTH_FAILED] = 6,
	    [AUR_HOST_KEY_CHANGED] = 7,
	};

	return bad[state];
}

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

/* --- values --------------------------------------------------------------- */

/* The track of a column; -1 where it has none. */
static int track_of(unsigned column)
{
	switch (column) {
	case TUI_FLEET_CPU:
	case TUI_FLEET_PAST:
		return TUI_TRACK_CPU;
	case TUI_FLEET_MEMORY:
	case TUI_FLEET_BAR:
		return TUI_TRACK_MEMORY;
	case TUI_FLEET_SWAP:
		return TUI_TRACK_SWAP;
	case TUI_FLEET_LOAD:
		return TUI_TRACK_LOAD;
	case TUI_FLEET_READ:
		return TUI_TRACK_READ;
	case TUI_FLEET_WRITE:
		return TUI_TRACK_WRITE;
	case TUI_FLEET_RECEIVE:
		return TUI_TRACK_RECEIVE;
	case TUI_FLEET_TRANSMIT:
		return TUI_TRACK_TRANSMIT;
	case TUI_FLEET_PSI_CPU:
		return TUI_TRACK_PSI_CPU;
	case TUI_FLEET_PSI_MEMORY:
		return TUI_TRACK_PSI_MEMORY;
	case TUI_FLEET_PSI_IO:
		return TUI_TRACK_PSI_IO;
	default:
		return -1;
	}
}

static void set_text(struct aur_value *v, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	v->type = AUR_VALUE_TEXT;
	v->s = aur_slice_str(text);
}

static void set_number(struct aur_value *v, double d)
{
	if (isnan(d))
		return;
	v->type = AUR_VALUE_REAL;
	v->d = d;
}

/* Seconds since the last sample. */
static double age_of(const struct tui_fleet *fl, size_t host)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);
	struct aur_mono received = h->received;

	if (h->now == NULL)
		return NAN;
	if (fl->held && fl->record[host].held)
		received = fl->record[host].held_received;
	return fmax(0, aur_span_in_seconds(aur_mono_since(fl->now, received)));
}

void tui_fleet_value(const struct tui_fleet *fl, size_t host, unsigned column,
    struct aur_value *ret)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);
	const struct tui_record *r = &fl->record[host];
	int track = track_of(column);

	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	if (track >= 0) {
		set_number(ret, tui_record_now(r, (enum tui_track)track));
		return;
	}
	switch (column) {
	case TUI_FLEET_HOST:
		set_text(ret, h->name);
		break;
	case TUI_FLEET_STATE:
		set_text(ret, aur_host_state_name(h->state));
		break;
	case TUI_FLEET_GROUP:
		set_text(ret, h->ngroup > 0 ? h->groups[0] : NULL);
		break;
	case TUI_FLEET_ADDRESS:
		set_text(ret, h->address);
		break;
	case TUI_FLEET_BEHIND:
		set_text(ret, h->behind);
		break;
	case TUI_FLEET_VIA:
		set_text(ret, h->via);
		break;
	case TUI_FLEET_MODE:
		set_text(ret, h->mode);
		break;
	case TUI_FLEET_UPTIME:
		set_number(ret, tui_record_uptime(r));
		break;
	case TUI_FLEET_RTT:
		if (h->rtt.ns >= 0)
			set_number(ret, aur_span_in_seconds(h->rtt) * 1000);
		break;
	case TUI_FLEET_RESTARTS:
		set_number(ret, h->restarts);
		break;
	case TUI_FLEET_AGE:
		set_number(ret, age_of(fl, host));
		break;
	default:
		break;
	}
}

/* What adds up over hosts; of the rest a mean tells more. */
static bool adds_up(unsigned column)
{
	return column == TUI_FLEET_READ || column == TUI_FLEET_WRITE ||
	       column == TUI_FLEET_RECEIVE || column == TUI_FLEET_TRANSMIT;
}

void tui_fleet_group_value(
    const struct tui_fleet_group *g, unsigned column, struct aur_value *ret)
{
	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	if (track_of(column) < 0 || g->known[column] == 0)
		return;
	set_number(ret, adds_up(column) ? g->sum[column]
					: g->sum[column] / g->known[column]);
}

/* --- which, and in which order -------------------------------------------- */

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
		set_text(ret, h->name);
		return true;
	case 1:
		set_text(ret, h->address);
		return true;
	case 2:
		set_text(ret, aur_host_state_name(h->state));
		return true;
	case 3:
		set_text(ret, h->error);
		return true;
	default:
		if (nth - 4 >= h->ngroup)
			return false;
		set_text(ret, h->groups[nth - 4]);
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

		if (track_of(c) < 0)
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

/* --- moving --------------------------------------------------------------- */

void tui_fleet_go(struct tui_fleet *fl, size_t row)
{
	if (fl->nrow == 0)
		return;
	fl->cursor = row < fl->nrow ? row : fl->nrow - 1;
	fl->selected = fl->row[fl->cursor];
	fl->chosen = true;
}

bool tui_fleet_move(struct tui_fleet *fl, enum tui_action action, size_t page)
{
	size_t at = fl->cursor;

	switch (action) {
	case TUI_DO_UP:
		tui_fleet_go(fl, at > 0 ? at - 1 : 0);
		return true;
	case TUI_DO_DOWN:
		tui_fleet_go(fl, at + 1);
		return true;
	case TUI_DO_PAGE_UP:
		tui_fleet_go(fl, at > page ? at - page : 0);
		return true;
	case TUI_DO_PAGE_DOWN:
		tui_fleet_go(fl, at + page);
		return true;
	case TUI_DO_TOP:
		tui_fleet_go(fl, 0);
		fl->chosen = false; /* the first row, whoever is there */
		return true;
	case TUI_DO_BOTTOM:
		tui_fleet_go(fl, SIZE_MAX);
		return true;
	default:
		return false;
	}
}

uint32_t tui_fleet_at(const struct tui_fleet *fl)
{
	return fl->cursor < fl->nrow ? fl->row[fl->cursor].host
				     : TUI_FLEET_NONE;
}

bool tui_fleet_fold(struct tui_fleet *fl, bool folded)
{
	uint32_t group = TUI_FLEET_NONE;

	if (fl->cursor < fl->nrow)
		group = fl->row[fl->cursor].group;
	if (group == TUI_FLEET_NONE)
		return false;
	fl->group[group].folded = folded;
	tui_fleet_go(fl, fl->cursor); /* it stays with what was folded */
	return true;
}

void tui_fleet_fold_all(struct tui_fleet *fl)
{
	bool some = false;

	for (size_t i = 0; i < fl->ngroup; i++)
		some = some || (fl->group[i].n > 0 && fl->group[i].folded);
	for (size_t i = 0; i < fl->ngroup; i++)
		fl->group[i].folded = !some;
}

void tui_fleet_sort(struct tui_fleet *fl, unsigned column)
{
	if (fl->sorted && fl->sort == column)
		fl->descending = !fl->descending;
	else
		fl->descending = tui_fleet_descends(column);
	fl->sort = column;
	fl->sorted = true;
}

bool tui_fleet_matches(
    const struct tui_fleet *fl, size_t host, struct aur_slice text)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);

	if (aur_text_has(aur_slice_str(h->name), text) ||
	    aur_text_has(aur_slice_str(h->address), text))
		return true;
	for (size_t i = 0; i < h->ngroup; i++)
		if (aur_text_has(aur_slice_str(h->groups[i]), text))
			return true;
	return false;
}

bool tui_fleet_search(
    struct tui_fleet *fl, struct aur_slice text, size_t from, bool back)
{
	for (size_t k = 0; k < fl->nrow; k++) {
		size_t i = (back ? from + fl->nrow - k : from + k) % fl->nrow;

		if (fl->row[i].host == TUI_FLEET_NONE ||
		    !tui_fleet_matches(fl, fl->row[i].host, text))
			continue;
		tui_fleet_go(fl, i);
		return true;
	}
	return false;
}
