/* SPDX-License-Identifier: MIT */
/*
 * diff: what differs between two moments of a host, or between two hosts, now
 * or at a moment. A side is a shot; where one is of the past and one is live
 * there are two sessions.
 */
#include "cli/bar.h"
#include "cli/cmd.h"
#include "cli/differ.h"
#include "cli/history.h"
#include "cli/when.h"

#include "base/err.h"
#include "base/limits.h"
#include "view/format.h"

#define USUAL_ROWS 20

struct side {
	size_t pick;
	bool live;
	struct aur_wall at; /* of the past */
	struct shot shot;
	const char *state;
	char error[600]; /* "": it could be sampled */
	char title[64];
};

struct diff {
	struct cli *cli;
	struct hosts hosts;
	struct past past;
	struct session then, now;
	struct aur_when_base when;
	struct side side[2];
	struct differ differ;
	uint64_t most;
	bool json, wide;
};

/* --- taking --------------------------------------------------------------- */

static struct aur_want want_all(void)
{
	return session_want(aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    aur_want_process_rates() | AUR_WANT_PROCESS(user) |
		AUR_WANT_PROCESS(kernel_thread));
}

/* Takes the side as the session has it, with all that is borrowed from the
 * feed's host: another moment will be shown there. */
static int take_side(struct side *d, struct session *s)
{
	const char *error;
	int rc = shot_take(&d->shot, s, d->pick);

	if (rc < 0)
		return cli_fail(rc);
	error = shot_error(&d->shot);
	d->state = aur_host_state_name(d->shot.host->state);
	if (!d->shot.sampled)
		snprintf(d->error, sizeof d->error, "%s",
		    error != NULL ? error : "no sample");
	return CLI_OK;
}

static int take_past(struct diff *d)
{
	struct aur_want want = want_all();
	int status = past_open(&d->past, &d->hosts);

	if (status == CLI_OK)
		status = past_session(&d->past, &d->then, d->cli);
	for (size_t i = 0; i < 2 && status == CLI_OK; i++) {
		if (d->side[i].live)
			continue;
		status = past_seek(&d->then, &want, d->side[i].at);
		if (status == CLI_OK)
			status = take_side(&d->side[i], &d->then);
	}
	return status;
}

static int take_live(struct diff *d, const struct opts *o)
{
	struct aur_want want = want_all();
	int status = session_open(&d->now, d->cli, o, &d->hosts);

	if (status == CLI_OK)
		status = session_take(&d->now, &want);
	for (size_t i = 0; i < 2 && status == CLI_OK; i++)
		if (d->side[i].live)
			status = take_side(&d->side[i], &d->now);
	return status;
}

static int take(struct diff *d, const struct opts *o)
{
	int status = CLI_OK;

	if (!d->side[0].live || !d->side[1].live)
		status = take_past(d);
	if (status == CLI_OK && (d->side[0].live || d->side[1].live))
		status = take_live(d, o);
	return status;
}

/* --- printing ------------------------------------------------------------- */

static const char *name_of(const struct diff *d, size_t i)
{
	return d->hosts.select.pick[d->side[i].pick].name;
}

static struct aur_json_side side_of(const struct diff *d, size_t i)
{
	const struct side *s = &d->side[i];
	const struct aur_sample *now = s->shot.figures.now;

	return (struct aur_json_side){
	    .host = name_of(d, i),
	    .state = s->state,
	    .error = s->error[0] != '\0' ? s->error : NULL,
	    .sampled_at = now != NULL ? now->wall : (struct aur_wall){0},
	};
}

static int print_json(struct diff *d)
{
	struct aur_json_doc doc = {
	    .now = d->when.now, .team = hosts_team(&d->hosts)};

	d->differ.diff.a = side_of(d, 0);
	d->differ.diff.b = side_of(d, 1);
	return aur_json_diff(&d->cli->out, &doc, &d->differ.diff);
}

/* What a column of a side is called: its host, or its moment. */
static int set_title(struct diff *d, size_t i)
{
	struct side *s = &d->side[i];
	struct aur_buf b;
	int rc;

	if (d->differ.hosts || s->live) {
		snprintf(s->title, sizeof s->title, "%s",
		    d->differ.hosts ? name_of(d, i) : "now");
		return 0;
	}
	aur_buf_init(&b, sizeof s->title - 1);
	rc = when_add(&b, s->at, &d->when);
	if (rc == 0 && aur_buf_str(&b) != NULL)
		snprintf(s->title, sizeof s->title, "%s", aur_buf_str(&b));
	aur_buf_release(&b);
	return rc;
}

static int add_value(
    struct aur_table *t, enum aur_unit unit, const struct aur_value *v)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, AUR_MAX_STRING);
	rc = aur_format_value(&b, unit, v);
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b),
		    v->type == AUR_VALUE_NULL ? AUR_TABLE_DIM
					      : AUR_TABLE_PLAIN);
	aur_buf_release(&b);
	return rc;
}

/* A table behind an empty line, unless it is the first. */
static int write_table(struct diff *d, const struct aur_table *t)
{
	struct aur_table_how how = bar_how(d->cli, d->wide);
	int rc = 0;

	if (aur_table_rows(t) == 0)
		return 0;
	if (d->cli->out.n > 0)
		rc = aur_buf_add_byte(&d->cli->out, '\n');
	return rc < 0 ? rc : aur_table_write(t, &d->cli->out, &how);
}

static int print_values(struct diff *d)
{
	struct aur_table_column columns[] = {
	    {.title = "VALUE"},
	    {.title = d->side[0].title, .right = true, .most = 40},
	    {.title = d->side[1].title, .right = true, .most = 40},
	};
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = 0; i < d->differ.diff.nvalue && rc == 0; i++) {
		const struct aur_json_moved *m = &d->differ.diff.value[i];

		rc = aur_table_add(&t, m->metric, AUR_TABLE_PLAIN);
		if (rc == 0)
			rc = add_value(&t, m->unit, &m->a);
		if (rc == 0)
			rc = add_value(&t, m->unit, &m->b);
	}
	if (rc == 0)
		rc = write_table(d, &t);
	aur_table_release(&t);
	return rc;
}

static int add_load(struct aur_table *t, const struct aur_json_load *l)
{
	struct aur_value v = {.type = AUR_VALUE_NULL};
	int rc;

	if (l->count > 0 && l->cpu_percent == l->cpu_percent)
		v = (struct aur_value){
		    .type = AUR_VALUE_REAL, .d = l->cpu_percent};
	rc = add_value(t, AUR_UNIT_PERCENT, &v);
	v.type = AUR_VALUE_NULL;
	if (l->count > 0 && l->rss_bytes == l->rss_bytes)
		v = (struct aur_value){
		    .type = AUR_VALUE_REAL, .d = l->rss_bytes};
	return rc < 0 ? rc : add_value(t, AUR_UNIT_BYTES, &v);
}

/* What happened to it; of two hosts, which one it runs on. */
static int what_cell(
    const struct diff *d, struct aur_table *t, const struct aur_json_changed *c)
{
	if (c->a.count > 0 && c->b.count > 0)
		return bar_cellf(t, AUR_TABLE_BOLD, "%s",
		    d->differ.hosts ? "both" : "moved");
	if (d->differ.hosts)
		return bar_cellf(t, AUR_TABLE_BOLD, "only %s",
		    name_of(d, c->a.count > 0 ? 0 : 1));
	return bar_cellf(
	    t, AUR_TABLE_BOLD, "%s", c->a.count > 0 ? "gone" : "new");
}

static int add_process(
    const struct diff *d, struct aur_table *t, const struct aur_json_changed *c)
{
	struct aur_buf b;
	int rc = what_cell(d, t, c);

	aur_buf_init(&b, AUR_MAX_LINE);
	if (rc == 0 && c->pid != 0)
		rc = aur_buf_addf(&b, "%llu", (unsigned long long)c->pid);
	else if (rc == 0 && c->a.count > 0 && c->b.count > 0 &&
		 c->a.count != c->b.count)
		rc = aur_buf_addf(&b, "%zu to %zu", c->a.count, c->b.count);
	else if (rc == 0)
		rc = aur_buf_addf(
		    &b, "%zu", c->a.count > 0 ? c->a.count : c->b.count);
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b), AUR_TABLE_DIM);
	aur_buf_release(&b);
	if (rc == 0)
		rc = aur_table_add(t, c->user, AUR_TABLE_PLAIN);
	if (rc == 0)
		rc = aur_table_add(t, c->name, AUR_TABLE_PLAIN);
	if (rc == 0)
		rc = add_load(t, &c->a);
	return rc < 0 ? rc : add_load(t, &c->b);
}

static int print_processes(struct diff *d)
{
	const struct aur_json_diff *diff = &d->differ.diff;
	bool by_name = diff->nprocess > 0 && diff->process[0].pid == 0;
	char cpu[2][80], res[2][80];
	const struct aur_table_column columns[] = {
	    {.title = "PROCESS"},
	    {.title = by_name ? "COUNT" : "PID", .right = true},
	    {.title = "USER", .most = 16, .optional = true},
	    {.title = "NAME", .most = 32},
	    {.title = cpu[0], .right = true},
	    {.title = res[0], .right = true},
	    {.title = cpu[1], .right = true},
	    {.title = res[1], .right = true},
	};
	size_t n = diff->nprocess, left;
	struct aur_table t;
	int rc = 0;

	for (size_t i = 0; i < 2; i++) {
		snprintf(cpu[i], sizeof cpu[i], "CPU%% %s", d->side[i].title);
		snprintf(res[i], sizeof res[i], "RES %s", d->side[i].title);
	}
	if (d->most > 0 && n > d->most)
		n = (size_t)d->most;
	left = diff->nprocess - n;
	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = add_process(d, &t, &diff->process[i]);
	if (rc == 0)
		rc = write_table(d, &t);
	aur_table_release(&t);
	if (rc == 0 && left > 0)
		rc = aur_buf_addf(
		    &d->cli->out, "and %zu more: -n 0 shows all\n", left);
	return rc;
}

static int print_text(struct diff *d)
{
	int rc = set_title(d, 0);

	if (rc == 0)
		rc = set_title(d, 1);
	if (rc == 0)
		rc = print_values(d);
	if (rc == 0)
		rc = print_processes(d);
	if (rc == 0 && d->cli->out.n == 0 && d->side[0].error[0] == '\0' &&
	    d->side[1].error[0] == '\0')
		rc = aur_buf_add_str(&d->cli->out,
		    d->wide ? "nothing differs\n"
			    : "nothing differs notably: --wide tells all\n");
	return rc;
}

/* Says which side could not be had. */
static int tell(const struct diff *d)
{
	int status = CLI_OK;

	for (size_t i = 0; i < 2; i++)
		if (d->side[i].error[0] != '\0') {
			cli_error(name_of(d, i), "%s: %s", d->side[i].state,
			    d->side[i].error);
			status = CLI_UNSAMPLED;
		}
	return status;
}

/* --- the command ---------------------------------------------------------- */

static int wrong(const char *why)
{
	cli_error(NULL,
	    "%s, as in 'diff HOST --at A [--with B]' or 'diff HOST HOST "
	    "[--at T]'",
	    why);
	return CLI_USAGE;
}

static int parse(struct diff *d, const struct opts *o)
{
	struct side *a = &d->side[0], *b = &d->side[1];
	struct aur_wall at = {0}, with = {0};
	struct aur_when_base read;
	int status;

	if (o->noperand == 0)
		return wrong("name a host");
	status = past_choose(&d->past, &d->hosts, o);
	read = past_when(&d->past, &d->when);
	if (status == CLI_OK)
		status = when_at(o, OPT_AT, &read, &at);
	if (status == CLI_OK)
		status = when_at(o, OPT_WITH, &read, &with);
	if (status == CLI_OK)
		status = opt_number(o, OPT_ROWS, UINT32_MAX, &d->most);
	if (status != CLI_OK)
		return status;
	if (d->hosts.select.n > 2)
		return wrong("that means more than two hosts");
	d->differ.hosts = d->hosts.select.n == 2;
	if (d->differ.hosts && with.ns != 0)
		return wrong("two hosts are compared at one moment");
	if (!d->differ.hosts && at.ns == 0)
		return wrong("one host is compared at two moments");
	b->pick = d->differ.hosts ? 1 : 0;
	a->at = at.ns != 0 ? at : d->past.end;
	b->at = d->differ.hosts ? a->at : with.ns != 0 ? with : d->past.end;
	a->live = a->at.ns == 0;
	b->live = b->at.ns == 0;
	return CLI_OK;
}

static int compare(struct diff *d)
{
	int rc = differ_run(&d->differ, &d->side[0].shot, &d->side[1].shot);

	if (rc == 0)
		rc = d->json ? print_json(d) : print_text(d);
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(d->cli) ? tell(d) : CLI_FAILED;
}

static int exec_diff(struct cli *c, struct opts *o)
{
	struct diff d = {.cli = c, .when = when_base(c), .most = USUAL_ROWS};
	int status;

	d.json = o->seen[OPT_JSON] > 0;
	d.wide = d.differ.all = o->seen[OPT_WIDE] > 0;
	status = parse(&d, o);
	if (status == CLI_OK)
		status = take(&d, o);
	if (status == CLI_OK)
		status = compare(&d);
	differ_release(&d.differ);
	shot_release(&d.side[0].shot);
	shot_release(&d.side[1].shot);
	session_close(&d.then);
	session_close(&d.now);
	hosts_release(&d.hosts);
	past_close(&d.past);
	return status;
}

static const enum opt_id options[] = {OPT_AT, OPT_WITH, OPT_BUNDLE, OPT_ROWS,
    OPT_WIDE, OPT_JSON, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_diff = {
    .name = "diff",
    .summary = "what differs between two moments or two hosts",
    .usage = "[OPTION...] HOST [HOST]",
    .detail =
	"One host at --at and at --with, which is now by default; or two "
	"hosts, now\nor at --at. Tells processes that are new, gone, or "
	"use more or less, and\nvalues that moved notably; with --wide all "
	"that moved at all.",
    .options = options,
    .exec = exec_diff,
};
