/* SPDX-License-Identifier: MIT */
#include "tui/plain_fleet.h"

#include "base/err.h"
#include "base/human.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"

#include <math.h>

#define BUSIEST 5
#define PROCESSES 10
#define PROCESSES_MOST 1000

int tui_plain_fleet_init(struct tui_plain_fleet *p, struct aur_feed *feed,
    const struct tui_options *o)
{
	struct tui_options none = *o;
	size_t at = 0;
	int rc;

	memset(p, 0, sizeof(*p));
	aur_buf_init(&p->last, AUR_MAX_FRAME);
	tui_list_init(&p->list);
	rc = tui_fleet_init(&p->fleet, feed);
	if (rc < 0)
		return rc;
	p->interval = o->interval;
	p->team = o->team;
	p->fleet.grouped = false;
	p->host = aur_mem_new(p->fleet.n, sizeof(*p->host));
	p->figures = aur_mem_new(p->fleet.n, sizeof(*p->figures));
	p->names = aur_mem_new(p->fleet.n, sizeof(*p->names));
	if (p->host == NULL || p->figures == NULL || p->names == NULL)
		return AUR_ENOMEM;
	memset(p->host, 0, p->fleet.n * sizeof(*p->host));
	memset(p->figures, 0, p->fleet.n * sizeof(*p->figures));
	none.filter = NULL; /* it is for processes; the list has it */
	for (size_t i = 0; i < p->fleet.n && rc == 0; i++) {
		rc = tui_plain_init(&p->host[i], &none);
		p->host[i].host = tui_fleet_host(&p->fleet, i)->name;
	}
	if (rc == 0 && o->user != NULL)
		snprintf(p->list.user, sizeof(p->list.user), "%s", o->user);
	if (rc == 0 && o->filter != NULL)
		rc = aur_filter_parse(aur_slice_str(o->filter), tui_filter_find,
		    NULL, &p->list.filter, NULL, &at);
	return rc;
}

void tui_plain_fleet_release(struct tui_plain_fleet *p)
{
	for (size_t i = 0; p->host != NULL && i < p->fleet.n; i++)
		tui_plain_release(&p->host[i]);
	for (size_t i = 0; p->figures != NULL && i < p->fleet.n; i++)
		aur_figures_release(&p->figures[i]);
	aur_mem_free(p->host);
	aur_mem_free(p->figures);
	aur_mem_free(p->names);
	tui_list_release(&p->list);
	tui_fleet_release(&p->fleet);
	aur_buf_release(&p->last);
	memset(p, 0, sizeof(*p));
}

bool tui_plain_fleet_is_ready(const struct tui_plain_fleet *p)
{
	for (size_t i = 0; i < p->fleet.n; i++) {
		const struct aur_feed_host *h = tui_fleet_host(&p->fleet, i);

		if (h->before == NULL && (h->state == AUR_HOST_UP ||
					     h->state == AUR_HOST_CONNECTING))
			return false;
	}
	return true;
}

static int keep(struct tui_plain_fleet *p, struct aur_buf *out, size_t from)
{
	struct aur_slice told = aur_buf_peek(out);

	if (told.n == from)
		return 0;
	aur_buf_clear(&p->last);
	return aur_buf_add(&p->last, told.p + from, told.n - from);
}

int tui_plain_fleet_change(struct tui_plain_fleet *p, size_t i,
    unsigned changes, struct aur_wall now, struct aur_buf *out)
{
	const struct aur_feed_host *h = tui_fleet_host(&p->fleet, i);
	size_t from = aur_buf_peek(out).n;
	int rc = 0;

	if (p->begun && (changes & AUR_FEED_STATE))
		rc = tui_plain_state(&p->host[i], h, now, out);
	if (rc == 0 && (changes & AUR_FEED_SAMPLE) && h->now != NULL) {
		aur_figures_release(&p->figures[i]);
		rc = aur_figures_init(&p->figures[i], h->before, h->now);
		if (rc < 0) {
			memset(&p->figures[i], 0, sizeof(p->figures[i]));
			return rc;
		}
		rc =
		    tui_fleet_sample(&p->fleet, i, &p->figures[i], p->interval);
		if (rc == 0 && p->begun && p->fleet.n <= TUI_PLAIN_TELL)
			rc =
			    tui_plain_changes(&p->host[i], &p->figures[i], out);
	}
	return rc < 0 ? rc : keep(p, out, from);
}

static int add_name(
    struct tui_plain_fleet *p, const char *name, struct aur_buf *out)
{
	return tui_plain_name(&p->host[0], aur_slice_str(name), out);
}

/* "web1, unreachable: connection refused" */
static int add_trouble(struct tui_plain_fleet *p, size_t i, struct aur_buf *out)
{
	const struct aur_feed_host *h = tui_fleet_host(&p->fleet, i);
	int rc = add_name(p, h->name, out);

	if (rc == 0)
		rc = aur_buf_addf(out, ", %s", tui_fleet_word(h->state));
	if (rc == 0 && h->error != NULL)
		rc = aur_buf_add_str(out, ": ");
	if (rc == 0 && h->error != NULL)
		rc = add_name(p, h->error, out);
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

static int add_number(struct tui_plain_fleet *p, size_t i, const char *label,
    enum tui_track track, const char *fmt, struct aur_buf *out)
{
	double v = tui_record_now(&p->fleet.record[i], track);
	char number[32];

	if (isnan(v))
		return aur_buf_addf(out, ", %s unknown", label);
	snprintf(number, sizeof(number),
	    strcmp(fmt, "load") == 0 ? "%.2f" : "%.0f %%", v);
	return aur_buf_addf(out, ", %s %s", label, number);
}

/* "web1, cpu 42 %, memory 60 %, load 1.20" */
static int add_host(struct tui_plain_fleet *p, size_t i, struct aur_buf *out)
{
	const struct aur_feed_host *h = tui_fleet_host(&p->fleet, i);
	int rc;

	if (h->state != AUR_HOST_UP)
		return add_trouble(p, i, out);
	rc = add_name(p, h->name, out);
	if (rc == 0)
		rc = add_number(p, i, "cpu", TUI_TRACK_CPU, "", out);
	if (rc == 0)
		rc = add_number(p, i, "memory", TUI_TRACK_MEMORY, "", out);
	if (rc == 0)
		rc = add_number(p, i, "load", TUI_TRACK_LOAD, "load", out);
	if (rc == 0 && !h->recording)
		rc = aur_buf_add_str(out, ", keeps no record");
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

/* "14:32:05 team pixel, 12 hosts: 10 up, 1 stale" */
static int add_head(
    struct tui_plain_fleet *p, struct aur_wall now, struct aur_buf *out)
{
	const char *before = ": ";
	int rc = tui_plain_time(&p->host[0], now, out);

	if (rc == 0 && p->team != NULL)
		rc = aur_buf_add_str(out, "team ");
	if (rc == 0 && p->team != NULL)
		rc = add_name(p, p->team, out);
	if (rc == 0)
		rc = aur_buf_addf(out, "%s%zu hosts",
		    p->team != NULL ? ", " : "", p->fleet.n);
	for (unsigned bad = 0; bad < TUI_FLEET_STATES; bad++)
		for (unsigned s = 0; s < TUI_FLEET_STATES && rc == 0; s++) {
			enum aur_host_state state = (enum aur_host_state)s;

			if (tui_fleet_badness(state) != bad ||
			    p->fleet.state[s] == 0)
				continue;
			rc = aur_buf_addf(out, "%s%u %s", before,
			    p->fleet.state[s], tui_fleet_word(state));
			before = ", ";
		}
	return rc < 0 ? rc : aur_buf_add_byte(out, '\n');
}

/* The first of those in order that are up, or not. */
static int add_hosts(
    struct tui_plain_fleet *p, bool up, size_t most, struct aur_buf *out)
{
	int rc = 0;

	for (size_t i = 0; i < p->fleet.nrow && most > 0 && rc == 0; i++) {
		uint32_t host = p->fleet.row[i].host;

		if (host == TUI_FLEET_NONE ||
		    (tui_fleet_host(&p->fleet, host)->state == AUR_HOST_UP) !=
			up)
			continue;
		rc = add_host(p, host, out);
		most--;
	}
	return rc;
}

/* In order: the worst first. */
static int order(struct tui_plain_fleet *p)
{
	p->fleet.sorted = true;
	p->fleet.sort = TUI_FLEET_STATE;
	p->fleet.descending = true;
	for (size_t i = 0; i < p->fleet.ngroup; i++)
		p->fleet.group[i].folded = false;
	return tui_fleet_update(&p->fleet, p->fleet.now, false);
}

int tui_plain_fleet_summary(
    struct tui_plain_fleet *p, struct aur_wall now, struct aur_buf *out)
{
	size_t from = aur_buf_peek(out).n;
	int rc = order(p);

	if (!p->begun)
		for (size_t i = 0; i < p->fleet.n; i++)
			p->host[i].state = tui_fleet_host(&p->fleet, i)->state;
	p->begun = true;
	if (rc == 0)
		rc = add_head(p, now, out);
	if (rc == 0)
		rc = add_hosts(p, false, SIZE_MAX, out);
	if (rc == 0 && p->fleet.state[AUR_HOST_UP] > BUSIEST)
		rc = aur_buf_add_str(out, "the busiest:\n");
	if (rc == 0)
		rc = add_hosts(p, true, BUSIEST, out);
	if (rc == 0 && p->fleet.n > TUI_PLAIN_TELL)
		rc = aur_buf_addf(out,
		    "Of more than %d hosts only states are told; s and a name "
		    "tells more of one.\n",
		    TUI_PLAIN_TELL);
	return rc < 0 ? rc : keep(p, out, from);
}

static int add_processes(
    struct tui_plain_fleet *p, size_t most, struct aur_buf *out)
{
	size_t n;
	int rc;

	for (size_t i = 0; i < p->fleet.n; i++)
		p->names[i] = tui_fleet_host(&p->fleet, i)->name;
	p->list.hosts = p->names;
	rc = tui_list_update_all(&p->list, p->figures, p->fleet.n, false);
	n = p->list.n < most ? p->list.n : most;
	if (rc == 0)
		rc = aur_buf_addf(
		    out, "%zu of %zu processes\n", n, p->list.total);
	for (size_t i = 0; i < n && rc == 0; i++) {
		uint32_t host = p->list.row[i].who.host;

		rc = add_name(p, p->names[host], out);
		if (rc == 0)
			rc = aur_buf_add_str(out, ": ");
		if (rc == 0)
			rc = tui_plain_process(&p->host[host],
			    &p->figures[host], p->list.row[i].inst, out);
	}
	return rc;
}

static int explain(struct aur_buf *out)
{
	return aur_buf_addf(out,
	    "A line is told when something changed. Commands, each with "
	    "Enter:\n"
	    "s: summary; s web1: of one host\n"
	    "l: a line for each host, the worst first\n"
	    "p: the first %d processes of all; p 20: the first 20\n"
	    "r web1: tries that host again\n"
	    "Enter alone: repeats what was told last\n"
	    "h: this help\n"
	    "q: quits\n",
	    PROCESSES);
}

/* The host called `name`; n if none is. */
static size_t find(const struct tui_plain_fleet *p, struct aur_slice name)
{
	for (size_t i = 0; i < p->fleet.n; i++)
		if (aur_slice_is(name, tui_fleet_host(&p->fleet, i)->name))
			return i;
	return p->fleet.n;
}

/* What a letter with a host's name means. */
static int command_of(
    struct tui_plain_fleet *p, uint8_t letter, size_t host, struct aur_buf *out)
{
	struct aur_feed *feed = p->fleet.feed;

	if (letter == 'r') {
		feed->class->retry(feed, host);
		return aur_buf_add_str(out, "trying again\n");
	}
	if (p->figures[host].now == NULL)
		return add_trouble(p, host, out);
	return tui_plain_summary(&p->host[host], &p->figures[host], out);
}

static int unknown(
    struct tui_plain_fleet *p, struct aur_slice word, struct aur_buf *out)
{
	int rc = aur_buf_add_str(out, "no command or host '");

	if (rc == 0)
		rc = tui_plain_name(&p->host[0], word, out);
	return rc < 0 ? rc : aur_buf_add_str(out, "'; h lists them\n");
}

int tui_plain_fleet_command(struct tui_plain_fleet *p, struct aur_slice line,
    struct aur_wall now, struct aur_buf *out)
{
	struct aur_slice word = aur_slice_trim(line), rest = {NULL, 0};
	size_t from = aur_buf_peek(out).n, host = p->fleet.n;
	uint64_t n = PROCESSES;
	int rc;

	if (word.n == 0)
		return aur_buf_add_slice(out, aur_buf_peek(&p->last));
	rest = aur_slice_trim(aur_slice_of(word.p + 1, word.n - 1));
	if (rest.n > 0)
		host = find(p, rest);
	if ((word.p[0] == 's' || word.p[0] == 'r') && host < p->fleet.n)
		rc = command_of(p, word.p[0], host, out);
	else if (word.p[0] == 'p' &&
		 (rest.n == 0 || aur_scan_u64(rest, &n) == 0))
		rc = add_processes(
		    p, n < PROCESSES_MOST ? (size_t)n : PROCESSES_MOST, out);
	else if (aur_slice_is(word, "s"))
		rc = tui_plain_fleet_summary(p, now, out);
	else if (aur_slice_is(word, "l")) {
		rc = order(p);
		if (rc == 0)
			rc = add_hosts(p, false, SIZE_MAX, out);
		if (rc == 0)
			rc = add_hosts(p, true, SIZE_MAX, out);
	} else if (aur_slice_is(word, "h") || aur_slice_is(word, "?"))
		rc = explain(out);
	else if (aur_slice_is(word, "q")) {
		p->quit = true;
		rc = 0;
	} else
		rc = unknown(p, word, out);
	return rc < 0 ? rc : keep(p, out, from);
}
