/* SPDX-License-Identifier: MIT */
#include "tui/morning.h"

#include "base/human.h"
#include "base/scan.h"
#include "base/text.h"
#include "view/when.h"

#define LINE_MOST 240 /* bytes; a screen is seldom wider */

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

/* Those of one sort; `told` counts, and `left` those without room. */
static int add_sort(struct aur_buf *b, const struct tui_morning *m,
    enum aur_event_digest sort, const char *(*name)(void *, size_t), void *arg,
    const struct aur_when_base *base, unsigned *told, unsigned *left)
{
	int rc = 0;

	for (size_t i = 0; i < m->n && rc == 0; i++) {
		size_t before = b->n;

		if (m->item[i].sort != sort)
			continue;
		rc = aur_buf_add_str(b, *told > 0 ? ", " : "");
		if (rc == 0)
			rc = add_item(
			    b, &m->item[i], name(arg, m->item[i].host), base);
		if (b->n > LINE_MOST - 40) {
			aur_buf_cut(b, before);
			++*left;
		} else
			++*told;
	}
	return rc;
}

void tui_morning_text(const struct tui_morning *m,
    const char *(*name)(void *arg, size_t host), void *arg,
    const struct tui_morning_when *when, char *out, size_t size)
{
	struct aur_when_base base = {when->now, when->utc, false, {0}};
	unsigned told = 0, left = m->more;
	struct aur_buf b;
	int rc;

	out[0] = '\0';
	if (m->n == 0)
		return;
	aur_buf_init(&b, 4096);
	rc = aur_buf_add_str(&b, "since ");
	if (rc == 0)
		rc = aur_when_add(&b, when->looked, &base, AUR_WHEN_MINUTES);
	if (rc == 0)
		rc = aur_buf_add_str(&b, ": ");
	for (int s = 0; s < AUR_EVENT_NOTHING && rc == 0; s++)
		rc = add_sort(&b, m, (enum aur_event_digest)s, name, arg, &base,
		    &told, &left);
	if (rc == 0 && left > 0)
		rc = aur_buf_addf(&b, " and %u more", left);
	if (rc == 0)
		rc = aur_buf_addf(
		    &b, " %s { goes there", when->ascii ? "-" : "\xc2\xb7");
	if (rc == 0 && aur_buf_str(&b) != NULL)
		snprintf(out, size, "%s", aur_buf_str(&b));
	aur_buf_release(&b);
}
