/* SPDX-License-Identifier: MIT */
/*
 * status: a line for each host, or aurora.status/1; --check for offenders.
 *
 * Two samples 0.1 s apart make the rates. A third, tiny one would be needed
 * for the open files of the ten busiest; it is taken for --json alone.
 */
#include "cli/check.h"
#include "cli/cmd.h"
#include "cli/history.h"
#include "cli/shot.h"
#include "cli/status.h"
#include "cli/watch.h"
#include "cli/when.h"

#include "base/err.h"
#include "base/mem.h"

#define BUSIEST 10

struct status {
	struct cli *cli;
	struct hosts hosts;
	struct past past;
	struct session session;
	struct watch watch;
	struct aur_when_base when;
	struct aur_wall at; /* the moment of the past; 0: live */
	struct check check, where;
	struct aur_metric sort;
	bool sorted, descending;
	bool json, checked, filtered, wide, watching;
	bool fresh;    /* the shots were just taken */
	uint64_t most; /* hosts; 0: all */
	struct shot *shot;
	size_t nshot;
	struct aur_table *found; /* what --check found, while it looks */
	int rc;
};

/* --- taking --------------------------------------------------------------- */

static const struct shot_order busiest = {
    .sort = AUR_FIG_processes_cpu_percent,
    .descending = true,
    .most = BUSIEST,
};

static void release_shots(struct status *st)
{
	for (size_t i = 0; i < st->nshot; i++)
		shot_release(&st->shot[i]);
	aur_mem_free(st->shot);
	st->shot = NULL;
	st->nshot = 0;
}

static int take_shots(struct status *st)
{
	struct session *s = &st->session;
	int rc = 0;

	release_shots(st);
	st->shot = aur_mem_new(s->nhost, sizeof *st->shot);
	if (st->shot == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < s->nhost && rc == 0; i++) {
		struct shot *shot = &st->shot[st->nshot];

		rc = shot_take(shot, s, i);
		if (rc == 0)
			rc = shot_select(shot, &busiest);
		st->nshot++;
		if (rc == 0 && st->filtered &&
		    !check_run(&st->where, shot, NULL, NULL))
			shot_release(&st->shot[--st->nshot]);
	}
	return rc;
}

static struct aur_value sort_value(const struct status *st, struct shot *shot)
{
	struct aur_value best = {.type = AUR_VALUE_NULL}, v;
	size_t n = aur_figures_rows(&shot->figures, st->sort.group);

	for (size_t i = 0; i < n; i++) {
		if (!aur_metric_matches(&st->sort, &shot->figures, i))
			continue;
		aur_figures_get(&shot->figures, st->sort.figure, i, &v);
		if (best.type == AUR_VALUE_NULL || aur_value_cmp(&v, &best) > 0)
			best = v;
	}
	return best;
}

/* Insertion: hosts are few. */
static void sort_shots(struct status *st)
{
	for (size_t i = 1; st->sorted && i < st->nshot; i++)
		for (size_t k = i; k > 0; k--) {
			struct aur_value a = sort_value(st, &st->shot[k - 1]);
			struct aur_value b = sort_value(st, &st->shot[k]);
			int order = aur_value_cmp(&a, &b);
			struct shot swap;

			if (st->descending ? order >= 0 : order <= 0)
				break;
			swap = st->shot[k];
			st->shot[k] = st->shot[k - 1];
			st->shot[k - 1] = swap;
		}
	if (st->most > 0)
		while (st->nshot > st->most)
			shot_release(&st->shot[--st->nshot]);
}

/* --- printing ------------------------------------------------------------- */

static int print_json(struct status *st, const bool *shown)
{
	struct aur_json_doc doc = {
	    .now = aur_clock_wall(), .team = hosts_team(&st->hosts)};
	struct aur_json_host *host = aur_mem_new(st->nshot + 1, sizeof *host);
	size_t n = 0;
	int rc;

	if (host == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < st->nshot; i++) {
		if (shown != NULL && !shown[i])
			continue;
		host[n] = shot_json(&st->shot[i]);
		n++;
	}
	rc = aur_json_status(&st->cli->out, &doc, host, n);
	aur_mem_free(host);
	return rc;
}

static const struct aur_table_column found_columns[] = {
    {.title = "HOST"},
    {.title = "METRIC"},
    {.title = "VALUE", .right = true},
};

static void on_found(
    void *arg, struct shot *shot, const struct aur_metric *metric, size_t row)
{
	struct status *st = arg;
	struct aur_buf path;

	aur_buf_init(&path, 4096);
	if (st->rc == 0)
		st->rc = status_metric_path(&path, shot, metric, row);
	if (st->rc == 0)
		st->rc = status_add_found(st->found, shot->host->name,
		    aur_buf_peek(&path), shot, metric, row);
	aur_buf_release(&path);
}

/* Offenders only. The exit status, or an aur_err below 0. */
static int print_check(struct status *st)
{
	struct aur_table table;
	struct aur_table_how how = bar_how(st->cli, st->wide);
	bool *bad = aur_mem_new(st->nshot + 1, sizeof *bad);
	bool any = false;

	if (bad == NULL)
		return AUR_ENOMEM;
	aur_table_init(&table, found_columns, AUR_ARRAY_LEN(found_columns));
	st->found = &table;
	st->rc = 0;
	for (size_t i = 0; i < st->nshot; i++) {
		bad[i] = st->shot[i].sampled &&
			 check_run(&st->check, &st->shot[i], on_found, st);
		any = any || bad[i];
	}
	if (st->rc == 0 && st->json)
		st->rc = print_json(st, bad);
	else if (st->rc == 0 && any)
		st->rc = aur_table_write(&table, &st->cli->out, &how);
	aur_table_release(&table);
	aur_mem_free(bad);
	if (st->rc < 0)
		return st->rc;
	return any ? CLI_CHECK : CLI_OK;
}

static int print_rest(struct status *st)
{
	if (st->json)
		return print_json(st, NULL);
	return status_text(st->cli, st->shot, st->nshot, st->wide);
}

/* Says what failed, once a print, and gives the exit status. */
static int tell_errors(struct status *st, int status)
{
	bool all = shots_tell(st->shot, st->nshot, &st->session);

	return all || status != CLI_OK ? status : CLI_UNSAMPLED;
}

static int print(void *arg)
{
	struct status *st = arg;
	int status;

	if (!st->fresh) {
		status = take_shots(st);
		if (status < 0)
			return cli_fail(status);
	}
	st->fresh = false;
	sort_shots(st);
	status = st->checked ? print_check(st) : print_rest(st);
	if (status < 0)
		return cli_fail(status);
	return tell_errors(st, status);
}

/* --- the command ---------------------------------------------------------- */

static int parse_sort(struct status *st, const char *text)
{
	struct aur_slice name;
	int order, status = field_split_sort(text, &name, &order);

	if (status == CLI_OK)
		status = field_parse_metric(name, &st->sort);
	st->sorted = status == CLI_OK;
	st->descending = order <= 0;
	return status;
}

static int parse(struct status *st, const struct opts *o)
{
	int status = past_choose(&st->past, &st->hosts, o);
	struct aur_when_base read;

	st->when = when_base(st->cli);
	read = past_when(&st->past, &st->when);
	st->json = o->seen[OPT_JSON] > 0;
	st->wide = o->seen[OPT_WIDE] > 0;
	st->watching = o->seen[OPT_WATCH] > 0;
	st->checked = o->seen[OPT_CHECK] > 0;
	st->filtered = o->seen[OPT_WHERE] > 0;
	if (status == CLI_OK)
		status = watch_parse(o, &st->watch.interval);
	if (status == CLI_OK)
		status = when_at(o, OPT_AT, &read, &st->at);
	if (status == CLI_OK)
		status = past_refuse(o, &st->past, &st->at);
	if (status == CLI_OK)
		status = opt_number(o, OPT_ROWS, UINT32_MAX, &st->most);
	if (status == CLI_OK && st->checked)
		status = check_parse(&st->check, "check", o->value[OPT_CHECK]);
	if (status == CLI_OK && st->filtered)
		status = check_parse(&st->where, "where", o->value[OPT_WHERE]);
	if (status == CLI_OK && o->seen[OPT_SORT] > 0)
		status = parse_sort(st, o->value[OPT_SORT]);
	return status;
}

static bool is_past(const struct status *st)
{
	return st->at.ns != 0;
}

static int open_session(struct status *st, const struct opts *o)
{
	int status;

	if (!is_past(st))
		return session_open(&st->session, st->cli, o, &st->hosts);
	status = past_open(&st->past, &st->hosts);
	return status == CLI_OK ? past_session(&st->past, &st->session, st->cli)
				: status;
}

static int take(struct status *st, const struct aur_want *want)
{
	int rc, status = is_past(st) ? past_seek(&st->session, want, st->at)
				     : session_take(&st->session, want);

	if (status != CLI_OK)
		return status;
	rc = take_shots(st);
	if (rc < 0)
		return cli_fail(rc);
	st->fresh = true;
	if (!st->json || st->watching || st->checked || is_past(st))
		return CLI_OK;
	return shots_take_close(st->shot, st->nshot, &st->session);
}

/* Of many hosts there is a line each, without a figure of any process. */
static bool shows_processes(const struct status *st)
{
	return st->json || st->checked || st->filtered || st->sorted ||
	       st->hosts.select.n == 1;
}

static int exec_status(struct cli *c, struct opts *o)
{
	struct status st = {.cli = c};
	struct aur_want want =
	    session_want(aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
		aur_want_process_overview());
	int status = parse(&st, o);

	if (!shows_processes(&st))
		want.domains &= ~AUR_WANT_DOMAIN(PROCESS);
	/* A single document has ten processes whole: what is dear to read is
	 * read of these alone. A stream has no time for a second look. */
	if (st.json)
		want.process_fields = st.watching || is_past(&st)
					  ? aur_want_process_all()
					  : aur_want_process_rates();
	if (status == CLI_OK)
		status = open_session(&st, o);
	if (status == CLI_OK)
		status = take(&st, &want);
	if (status == CLI_OK) {
		st.watch.session = &st.session;
		st.watch.json = st.json;
		st.watch.print = print;
		st.watch.arg = &st;
		status = st.watching ? watch_run(&st.watch, &want)
				     : watch_show(&st.watch);
	}
	release_shots(&st);
	session_close(&st.session);
	hosts_release(&st.hosts);
	past_close(&st.past);
	check_release(&st.check);
	check_release(&st.where);
	return status;
}

static const enum opt_id options[] = {OPT_JSON, OPT_CHECK, OPT_AT, OPT_BUNDLE,
    OPT_WATCH, OPT_INTERVAL, OPT_WHERE, OPT_SORT, OPT_ROWS, OPT_WIDE,
    OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_status = {
    .name = "status",
    .alias = "st",
    .summary = "a line for each host, or all of it as JSON",
    .usage = "[OPTION...] [HOST...]",
    .detail =
	"FILTER compares METRICs, as in 'cpu.busy_percent gt 90 or\n"
	"filesystems[/srv].used_percent ge 95'; 'aurora metrics' lists them.\n"
	"With --at it tells of a moment that was recorded, in the same form.",
    .options = options,
    .exec = exec_status,
};
