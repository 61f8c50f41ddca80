/* SPDX-License-Identifier: MIT */
/*
 * events: what happened on hosts, out of the history; with --follow also what
 * happens now. What a live host tells once more is told once: an event's boot
 * and number are its name.
 */
#include "cli/bar.h"
#include "cli/cmd.h"
#include "cli/history.h"
#include "cli/shot.h"
#include "cli/when.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "json/kept.h"
#include "view/event.h"

#include <unistd.h>

#define USUAL_SECONDS 86400
#define USUAL_FOLLOWED 10
#define MOST 1000000u

/* An event that outlives the one it is a copy of. */
struct kept {
	size_t pick;
	struct aur_event event; /* its texts stand in `text` */
	char *text;
};

struct events {
	struct cli *cli;
	struct hosts hosts;
	struct past past;
	struct session session;
	struct aur_when_base when;
	struct aur_wall from, to;
	uint64_t most;
	bool json, follow;
	struct kept *kept;
	size_t n, cap, pick;
	int rc;
};

/* --- keeping -------------------------------------------------------------- */

static struct aur_slice move(char **to, struct aur_slice s)
{
	struct aur_slice moved = aur_slice_of(*to, s.n);

	if (s.n > 0)
		memcpy(*to, s.p, s.n);
	*to += s.n;
	return moved;
}

static int copy(struct kept *k, size_t pick, const struct aur_event *e)
{
	size_t n = e->kind.n;
	char *to;

	for (size_t i = 0; i < e->npair; i++)
		n += e->pair[i].key.n + e->pair[i].value.n;
	*k = (struct kept){.pick = pick, .event = *e};
	k->text = to = aur_mem_new(n + 1, 1);
	if (to == NULL)
		return AUR_ENOMEM;
	k->event.kind = move(&to, e->kind);
	for (size_t i = 0; i < e->npair; i++) {
		k->event.pair[i].key = move(&to, e->pair[i].key);
		k->event.pair[i].value = move(&to, e->pair[i].value);
	}
	return 0;
}

static int keep(struct events *v, size_t pick, const struct aur_event *e)
{
	int rc;

	if (v->n == v->cap) {
		size_t cap = v->cap > 0 ? 2 * v->cap : 64;
		struct kept *k;

		if (v->n >= MOST)
			return AUR_ELIMIT;
		k = aur_mem_grow(v->kept, cap, sizeof *k);
		if (k == NULL)
			return AUR_ENOMEM;
		v->kept = k;
		v->cap = cap;
	}
	rc = copy(&v->kept[v->n], pick, e);
	v->n += rc == 0;
	return rc;
}

static void on_kept(void *arg, size_t host, const struct aur_event *e)
{
	struct events *v = arg;

	(void)host;
	if (v->rc == 0)
		v->rc = keep(v, v->pick, e);
}

static bool is_known(
    const struct events *v, size_t pick, const struct aur_event *e)
{
	for (size_t i = v->n; i > 0; i--) {
		const struct kept *k = &v->kept[i - 1];

		if (k->pick == pick && k->event.number == e->number &&
		    memcmp(k->event.boot_id, e->boot_id, 16) == 0)
			return true;
	}
	return false;
}

static int by_time(const void *pa, const void *pb)
{
	const struct kept *a = pa, *b = pb;

	if (a->event.when.ns != b->event.when.ns)
		return a->event.when.ns < b->event.when.ns ? -1 : 1;
	if (a->pick != b->pick)
		return a->pick < b->pick ? -1 : 1;
	return (a->event.number > b->event.number) -
	       (a->event.number < b->event.number);
}

/* Reads those of the chosen hosts, the last v->most of them. */
static int read_kept(struct events *v)
{
	struct past *p = &v->past;
	size_t over;

	for (; v->pick < p->n; v->pick++) {
		int rc;

		if (p->host[v->pick] == SIZE_MAX)
			continue;
		rc = aur_history_events(p->history, p->host[v->pick], v->from,
		    v->to, (size_t)v->most, on_kept, v);
		if (rc < 0 || v->rc < 0)
			return rc < 0 ? rc : v->rc;
	}
	if (v->n == 0)
		return 0;
	qsort(v->kept, v->n, sizeof *v->kept, by_time);
	over = v->most > 0 && v->n > v->most ? v->n - (size_t)v->most : 0;
	for (size_t i = 0; i < over; i++)
		aur_mem_free(v->kept[i].text);
	memmove(v->kept, v->kept + over, (v->n - over) * sizeof *v->kept);
	v->n -= over;
	return 0;
}

/* --- printing ------------------------------------------------------------- */

static const char *host_of(const struct events *v, const struct kept *k)
{
	return v->hosts.select.pick[k->pick].name;
}

static int add_json(struct events *v, const struct kept *k, bool first)
{
	struct aur_json_event e = {.host = host_of(v, k), .event = &k->event};
	struct aur_buf text;
	int rc;

	aur_buf_init(&text, AUR_MAX_STRING);
	rc = aur_event_text(&text, &k->event);
	e.text = aur_buf_peek(&text);
	if (rc == 0)
		rc = aur_json_events_add(&v->cli->out, &e, first);
	aur_buf_release(&text);
	return rc;
}

static int print_json(struct events *v, size_t first)
{
	struct aur_json_doc doc = {
	    .now = aur_clock_wall(), .team = hosts_team(&v->hosts)};
	int rc = aur_json_events_begin(&v->cli->out, &doc);

	for (size_t i = first; i < v->n && rc == 0; i++)
		rc = add_json(v, &v->kept[i], i == first);
	return rc < 0 ? rc : aur_json_events_end(&v->cli->out);
}

static const struct aur_table_column columns[] = {
    {.title = "WHEN"},
    {.title = "HOST", .most = 24},
    {.title = "WHAT"},
};

static int add_row(
    const struct events *v, struct aur_table *t, const struct kept *k)
{
	static const enum aur_table_style styles[] = {
	    [AUR_EVENT_NOTE] = AUR_TABLE_PLAIN,
	    [AUR_EVENT_WARN] = AUR_TABLE_WARN,
	    [AUR_EVENT_BAD] = AUR_TABLE_BAD,
	};
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, AUR_MAX_STRING);
	rc = aur_when_add(
	    &b, k->event.when, &v->when, AUR_WHEN_SECONDS | AUR_WHEN_DATED);
	if (rc == AUR_ERANGE)
		rc = aur_buf_add_byte(&b, '-');
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b), AUR_TABLE_DIM);
	if (rc == 0)
		rc = aur_table_add(
		    t, aur_slice_str(host_of(v, k)), AUR_TABLE_BOLD);
	aur_buf_clear(&b);
	if (rc == 0)
		rc = aur_event_text(&b, &k->event);
	if (rc == 0)
		rc = aur_table_add(
		    t, aur_buf_peek(&b), styles[aur_event_weight(&k->event)]);
	aur_buf_release(&b);
	return rc;
}

static int print_text(struct events *v, size_t first)
{
	struct aur_table_how how = bar_how(v->cli, false);
	struct aur_table t;
	int rc = 0;

	if (v->follow)
		how.width = 0; /* columns that come one by one do not shrink */
	how.no_head = first > 0 || v->follow;
	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = first; i < v->n && rc == 0; i++)
		rc = add_row(v, &t, &v->kept[i]);
	if (rc == 0 && aur_table_rows(&t) > 0)
		rc = aur_table_write(&t, &v->cli->out, &how);
	aur_table_release(&t);
	return rc;
}

/* Those from number `first` on. CLI_OK or CLI_FAILED. */
static int print(struct events *v, size_t first)
{
	int rc = v->json ? print_json(v, first) : print_text(v, first);

	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(v->cli) ? CLI_OK : CLI_FAILED;
}

/* --- following ------------------------------------------------------------ */

/* A host that cannot be reached tells nothing: that is said. */
static void tell_state(struct events *v, size_t host)
{
	struct shot shot;

	if (shot_take(&shot, &v->session, host) == 0 &&
	    shot.host->state != AUR_HOST_CONNECTING)
		(void)shots_tell(&shot, 1, &v->session);
	shot_release(&shot);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct events *v = arg;
	const struct aur_feed_host *h =
	    v->session.feed->class->host(v->session.feed, host);
	int rc = 0;

	/* once; later on it is an event, and each try another sentence */
	if ((changes & AUR_FEED_STATE) && h->state != AUR_HOST_UP &&
	    h->restarts <= 1)
		tell_state(v, host);
	if ((changes & AUR_FEED_EVENT) && h->event != NULL &&
	    !is_known(v, host, h->event)) {
		rc = keep(v, host, h->event);
		if (rc == 0 && (print(v, v->n - 1) != CLI_OK || v->cli->broken))
			rc = AUR_EIO;
	}
	if (rc < 0) {
		v->rc = rc;
		aur_loop_stop(v->session.loop);
	}
}

static int follow(struct events *v, const struct opts *o)
{
	static const struct session_how how = {.stays = true};
	struct aur_want want = session_want(AUR_WANT_DOMAIN(SYSTEM), 0);
	int rc = 0,
	    status = session_open_how(&v->session, v->cli, o, &v->hosts, &how);

	if (status != CLI_OK)
		return status;
	want.interval = aur_span_seconds(10);
	want.count = 0;
	v->session.changed = on_change;
	v->session.arg = v;
	for (size_t i = 0; i < v->session.nhost && rc == 0; i++)
		rc = session_ask(&v->session, i, &want);
	if (rc < 0)
		return cli_fail(rc);
	status = session_run(&v->session);
	return v->cli->broken ? CLI_OK : v->rc < 0 ? CLI_FAILED : status;
}

/* --- the command ---------------------------------------------------------- */

static int parse(struct events *v, struct opts *o)
{
	struct aur_when_base read;
	int status;

	v->when = when_base(v->cli);
	v->json = o->seen[OPT_JSON] > 0;
	v->follow = o->seen[OPT_FOLLOW] > 0;
	v->most = v->follow ? USUAL_FOLLOWED : 0;
	if (v->follow && o->seen[OPT_BUNDLE] > 0) {
		cli_error(
		    NULL, "nothing follows in a bundle: leave out --follow");
		return CLI_USAGE;
	}
	status = past_choose(&v->past, &v->hosts, o);
	read = past_when(&v->past, &v->when);
	if (status == CLI_OK)
		status = past_span(&v->past, o, &read,
		    aur_span_seconds(USUAL_SECONDS), &v->from, &v->to);
	/* all of a bundle, also what was before its first sample */
	if (o->seen[OPT_BUNDLE] > 0 && o->seen[OPT_FROM] == 0 &&
	    o->seen[OPT_SINCE] == 0)
		v->from.ns = 0;
	if (status == CLI_OK)
		status = opt_number(o, OPT_ROWS, MOST, &v->most);
	if (status == CLI_OK && v->follow &&
	    (o->seen[OPT_TO] > 0 || o->seen[OPT_UNTIL] > 0)) {
		cli_error(NULL, "--follow has no end: leave out --to");
		status = CLI_USAGE;
	}
	return status;
}

/* To a person, who cannot tell an empty answer from none. */
static void tell_nothing(const struct events *v)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, AUR_MAX_LINE);
	rc = aur_buf_add_str(&b, "nothing is known to have happened from ");
	if (rc == 0)
		rc = when_add(&b, v->from, &v->when);
	if (rc == 0)
		rc = aur_buf_add_str(&b, " to ");
	if (rc == 0)
		rc = when_add(&b, v->to, &v->when);
	if (rc == 0 && aur_buf_str(&b) != NULL)
		cli_error(NULL, "%s", aur_buf_str(&b));
	aur_buf_release(&b);
}

/* Those that were recorded; to who follows, none is no failure. */
static int look_back(struct events *v)
{
	int rc, status = past_open_if(&v->past, &v->hosts, v->follow);

	if (status != CLI_OK)
		return status;
	rc = v->past.history != NULL ? read_kept(v) : 0;
	if (rc == AUR_ELIMIT) {
		cli_error(NULL,
		    "that means more than %u events: say --from "
		    "and --to, or -n",
		    MOST);
		return CLI_FAILED;
	}
	if (rc < 0)
		return cli_fail(rc);
	if (v->n == 0 && !v->follow && !v->json && isatty(STDOUT_FILENO))
		tell_nothing(v);
	return print(v, 0);
}

static int exec_events(struct cli *c, struct opts *o)
{
	struct events v = {.cli = c};
	int status = parse(&v, o);

	if (status == CLI_OK)
		status = look_back(&v);
	if (status == CLI_OK && v.follow && !c->broken)
		status = follow(&v, o);
	session_close(&v.session);
	for (size_t i = 0; i < v.n; i++)
		aur_mem_free(v.kept[i].text);
	aur_mem_free(v.kept);
	hosts_release(&v.hosts);
	past_close(&v.past);
	return status;
}

static const enum opt_id options[] = {OPT_FROM, OPT_TO, OPT_SINCE, OPT_UNTIL,
    OPT_FOLLOW, OPT_BUNDLE, OPT_ROWS, OPT_JSON, OPT_EXCLUDE, OPT_TIMEOUT,
    OPT_END};

const struct cmd_entry cmd_events = {
    .name = "events",
    .summary = "what happened on hosts",
    .usage = "[OPTION...] [HOST...]",
    .detail =
	"The last day, or what --from and --to say: reboots, processes killed "
	"for\nmemory, units that failed, full filesystems, gaps, actions "
	"taken, and hosts\nthat were lost and are back, as top and -f "
	"saw it.\n"
	"-n is the last N. With -f it goes on; JSON then is a document a line.",
    .options = options,
    .exec = exec_events,
};
