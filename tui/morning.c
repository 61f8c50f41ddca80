/* SPDX-License-Identifier: MIT */
#include "tui/morning.h"

#include "base/human.h"
#include "base/scan.h"
#include "base/text.h"
#include "view/when.h"

#define LINE_MOST 240 /* columns, whatever there are */
#define TAIL 28	      /* of them for what follows the list */

static struct tui_morning_item *item_of(
    struct tui_morning *m, size_t host, enum aur_event_digest sort)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->item[i].host == host && m->item[i].sort == sort)
			return &m->item[i];
	if (m->n == TUI_MORNING_MAX)
		return NULL;
	m->item[m->n] = (struct tui_morning_item){.host = host, .sort = sort};
	return &m->item[m->n++];
}

/* What it happened to. */
static struct aur_slice object_of(const struct aur_event *e)
{
	static const char *const keys[] = {"unit", "mount"};
	struct aur_slice s = aur_slice_str("");

	for (size_t i = 0; i < 2 && s.n == 0; i++)
		s = aur_event_get(e, keys[i]);
	return s;
}

static void take_object(struct tui_morning_item *it, struct aur_slice s)
{
	struct aur_buf b;
	const char *text = "";

	aur_buf_init(&b, 4096);
	if (s.n < sizeof(it->what) && aur_text_add_safe(&b, s) == 0 && s.n > 0)
		text = aur_buf_str(&b);
	if (it->n == 1)
		snprintf(it->what, sizeof(it->what), "%s", text);
	else if (strcmp(it->what, text) != 0)
		it->what[0] = '\0';
	aur_buf_release(&b);
}

/* How many there were at once. */
static unsigned count_of(const struct aur_event *e)
{
	uint64_t n;

	return aur_scan_u64(aur_event_get(e, "count"), &n) == 0 && n > 0 &&
		       n < 10000
		   ? (unsigned)n
		   : 1;
}

void tui_morning_add(
    struct tui_morning *m, size_t host, const struct aur_event *e)
{
	enum aur_event_digest sort = aur_event_digest(e);
	struct tui_morning_item *it;
	double seconds;

	if (sort == AUR_EVENT_NOTHING)
		return;
	m->count[sort] += count_of(e);
	it = item_of(m, host, sort);
	if (it == NULL) {
		m->more++;
		return;
	}
	it->n += count_of(e);
	if (e->when.ns > it->last.ns)
		it->last = e->when;
	if (aur_scan_f64(aur_event_get(e, "seconds"), &seconds) == 0 &&
	    seconds > 0)
		it->seconds += seconds;
	take_object(it, object_of(e));
}

/* "rebooted 03:12", "rebooted 3 times" */
static int add_reboot(struct aur_buf *b, const struct tui_morning_item *it,
    const char *name, const struct aur_when_base *base)
{
	int rc = aur_buf_addf(b, "%s rebooted ", name);

	if (rc == 0)
		rc = it->n > 1 ? aur_buf_addf(b, "%u times", it->n)
			       : aur_when_add(b, it->last, base, 0);
	return rc;
}

/* "web3 unreachable 41m" */
static int add_gap(
    struct aur_buf *b, const struct tui_morning_item *it, const char *name)
{
	char span[AUR_HUMAN_MAX] = "";

	aur_human_span(aur_span_seconds(it->seconds), span);
	if (it->seconds > 0)
		return aur_buf_addf(b, "%s unreachable %s", name, span);
	return aur_buf_addf(
	    b, "%s unreachable%s", name, it->n > 1 ? " again and again" : "");
}

static int add_item(struct aur_buf *b, const struct tui_morning_item *it,
    const char *name, const struct aur_when_base *base)
{
	const char *s = it->n > 1 ? "s" : "";

	switch (it->sort) {
	case AUR_EVENT_REBOOTED:
		return add_reboot(b, it, name, base);
	case AUR_EVENT_KILLED:
		return aur_buf_addf(b, "%u OOM kill%s on %s", it->n, s, name);
	case AUR_EVENT_FAILED:
		if (it->what[0] != '\0')
			return aur_buf_addf(
			    b, "%s failed on %s", it->what, name);
		return aur_buf_addf(
		    b, "%u unit%s failed on %s", it->n, s, name);
	case AUR_EVENT_RESTARTED:
		if (it->what[0] != '\0' && it->n == 1)
			return aur_buf_addf(
			    b, "%s restarted on %s", it->what, name);
		return aur_buf_addf(b, "%u restart%s on %s", it->n, s, name);
	case AUR_EVENT_FULL:
		return aur_buf_addf(b, "%s full on %s",
		    it->what[0] != '\0' ? it->what : "filesystems", name);
	case AUR_EVENT_UNREACHABLE:
		return add_gap(b, it, name);
	case AUR_EVENT_NOTHING:
		break;
	}
	return 0;
}

/* "10 OOM kills on 5 hosts": of a sort that many have. */
static int add_many(
    struct aur_buf *b, enum aur_event_digest sort, unsigned n, unsigned hosts)
{
	switch (sort) {
	case AUR_EVENT_REBOOTED:
		return aur_buf_addf(b, "%u hosts rebooted", hosts);
	case AUR_EVENT_KILLED:
		return aur_buf_addf(b, "%u OOM kills on %u hosts", n, hosts);
	case AUR_EVENT_FAILED:
		return aur_buf_addf(b, "%u units failed on %u hosts", n, hosts);
	case AUR_EVENT_RESTARTED:
		return aur_buf_addf(b, "%u restarts on %u hosts", n, hosts);
	case AUR_EVENT_FULL:
		return aur_buf_addf(b, "filesystems full on %u hosts", hosts);
	case AUR_EVENT_UNREACHABLE:
		return aur_buf_addf(b, "%u hosts unreachable", hosts);
	case AUR_EVENT_NOTHING:
		break;
	}
	return 0;
}

struct line {
	struct aur_buf b;
	const struct tui_morning *m;
	const char *(*name)(void *arg, size_t host);
	void *arg;
	struct aur_when_base base;
	size_t most;   /* columns */
	unsigned told; /* pieces */
	unsigned left; /* that had no room */
	int rc;
};

/* A piece of the line: an item or, with NULL, all of a sort. */
static void add_piece(struct line *l, const struct tui_morning_item *it,
    enum aur_event_digest sort, unsigned hosts)
{
	size_t before = l->b.n;

	l->rc = aur_buf_add_str(&l->b, l->told > 0 ? ", " : "");
	if (l->rc == 0)
		l->rc = it != NULL
			    ? add_item(&l->b, it, l->name(l->arg, it->host),
				  &l->base)
			    : add_many(&l->b, sort, l->m->count[sort], hosts);
	if (l->told > 0 && aur_text_width(aur_buf_peek(&l->b)) > l->most) {
		aur_buf_cut(&l->b, before);
		l->left++;
	} else
		l->told++;
}

static void add_sort(struct line *l, enum aur_event_digest sort)
{
	const struct tui_morning *m = l->m;
	unsigned hosts = 0;

	for (size_t i = 0; i < m->n; i++)
		hosts += m->item[i].sort == sort;
	if (hosts > TUI_MORNING_HOSTS)
		add_piece(l, NULL, sort, hosts);
	for (size_t i = 0; i < m->n && l->rc == 0 && hosts <= TUI_MORNING_HOSTS;
	     i++)
		if (m->item[i].sort == sort)
			add_piece(l, &m->item[i], sort, 1);
}

void tui_morning_text(const struct tui_morning *m,
    const char *(*name)(void *arg, size_t host), void *arg,
    const struct tui_morning_when *when, char *out, size_t size)
{
	int width = when->width > 0 && when->width < LINE_MOST ? when->width
							       : LINE_MOST;
	struct line l = {.m = m,
	    .name = name,
	    .arg = arg,
	    .base = {when->now, when->utc, false, {0}},
	    .most = width > TAIL ? (size_t)(width - TAIL) : 0,
	    .left = m->more};

	out[0] = '\0';
	if (m->n == 0)
		return;
	aur_buf_init(&l.b, 4096);
	l.rc = aur_buf_add_str(&l.b, "since ");
	if (l.rc == 0)
		l.rc =
		    aur_when_add(&l.b, when->looked, &l.base, AUR_WHEN_MINUTES);
	if (l.rc == 0)
		l.rc = aur_buf_add_str(&l.b, ": ");
	for (int s = 0; s < AUR_EVENT_NOTHING && l.rc == 0; s++)
		add_sort(&l, (enum aur_event_digest)s);
	if (l.rc == 0 && l.left > 0)
		l.rc = aur_buf_addf(&l.b, " and %u more", l.left);
	if (l.rc == 0)
		l.rc = aur_buf_addf(
		    &l.b, " %s { goes there", when->ascii ? "-" : "\xc2\xb7");
	if (l.rc == 0 && aur_buf_str(&l.b) != NULL)
		snprintf(out, size, "%s", aur_buf_str(&l.b));
	aur_buf_release(&l.b);
}
