/* SPDX-License-Identifier: MIT */
/*
 * ps: processes, once or again and again. The columns are those of the
 * screen (view/column.def); --wide shows them all.
 */
#include "cli/bar.h"
#include "cli/cmd.h"
#include "cli/field.h"
#include "cli/history.h"
#include "cli/shot.h"
#include "cli/watch.h"
#include "cli/when.h"

#include "base/err.h"
#include "base/mem.h"
#include "view/column.h"

struct ps {
	struct cli *cli;
	struct hosts hosts;
	struct past past;
	struct session session;
	struct watch watch;
	struct aur_when_base when;
	struct aur_wall at; /* the moment of the past; 0: live */
	struct shot_order order;
	struct aur_filter *filter;
	bool json, wide, watching;
	enum aur_column_id column[AUR_COLUMN_COUNT];
	size_t ncolumn;
	bool files; /* open files are counted for all, with each sample */
	bool fresh; /* the shots were just taken */
	struct shot *shot;
	size_t nshot;
	struct aur_feed_host *lacking; /* of hosts without a table */
	struct shot_row *row;	       /* of all hosts, in their order */
	size_t nrow;
};

static bool has_column(const struct ps *p, int id)
{
	for (size_t i = 0; i < p->ncolumn; i++)
		if ((int)p->column[i] == id)
			return true;
	return false;
}

/* What is shown only when asked for: rarely looked at, dear, or wide. */
static bool is_extra(enum aur_column_id id)
{
	switch (id) {
	case AUR_COLUMN_PPID:
	case AUR_COLUMN_SHARED:
	case AUR_COLUMN_SWAP:
	case AUR_COLUMN_FILES:
	case AUR_COLUMN_TTY:
	case AUR_COLUMN_UNIT:
	case AUR_COLUMN_CONTAINER:
	case AUR_COLUMN_START:
	case AUR_COLUMN_NAME:
		return true;
	default:
		return false;
	}
}

static void usual_columns(struct ps *p)
{
	for (int i = 0; i < AUR_COLUMN_COUNT; i++)
		if (p->wide || !is_extra((enum aur_column_id)i))
			p->column[p->ncolumn++] = (enum aur_column_id)i;
}

static const char *column_name(size_t i, void *arg)
{
	(void)arg;
	return aur_column_get((enum aur_column_id)i)->name;
}

static int parse_columns(struct ps *p, const char *names)
{
	struct aur_slice rest = aur_slice_str(names), word;

	while (rest.n > 0) {
		char name[32];
		const char *near;
		int id;

		if (!aur_slice_until(&rest, ',', &word)) {
			word = rest;
			rest.n = 0;
		}
		id = aur_column_find(word);
		if (id >= 0 && !has_column(p, id)) {
			p->column[p->ncolumn++] = (enum aur_column_id)id;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)word.n,
		    (const char *)word.p);
		near = id >= 0 ? NULL
			       : opt_nearest(
				     name, column_name, AUR_COLUMN_COUNT, NULL);
		cli_error(NULL, "--columns: %s '%s'%s%s%s",
		    id >= 0 ? "twice" : "there is no column", name,
		    near != NULL ? "; did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?" : "");
		return CLI_USAGE;
	}
	return CLI_OK;
}

static void release_shots(struct ps *p)
{
	for (size_t i = 0; i < p->nshot; i++)
		shot_release(&p->shot[i]);
	aur_mem_free(p->shot);
	aur_mem_free(p->lacking);
	aur_mem_free(p->row);
	p->shot = NULL;
	p->lacking = NULL;
	p->row = NULL;
	p->nshot = p->nrow = 0;
}

/* Of the past there may be a sample without a table near it: then the host is
 * as one that kept nothing. */
static int judge_past(struct ps *p, size_t i)
{
	struct shot *shot = &p->shot[i];
	struct aur_feed_host *h = &p->lacking[i];

	if (!shot->sampled || shot->figures.part[AUR_GROUP_PROCESSES] != NULL)
		return 0;
	*h = *shot->host;
	h->state = AUR_HOST_UNREACHABLE;
	h->error = "no table of processes was kept near this moment";
	h->now = h->before = NULL;
	shot->host = h;
	shot->sampled = false;
	aur_figures_release(&shot->figures);
	return aur_figures_init(&shot->figures, NULL, NULL);
}

static int take_shots(struct ps *p)
{
	struct session *s = &p->session;
	int rc = 0;

	release_shots(p);
	p->shot = aur_mem_new(s->nhost, sizeof *p->shot);
	p->lacking = aur_mem_new(s->nhost, sizeof *p->lacking);
	if (p->shot == NULL || p->lacking == NULL)
		return AUR_ENOMEM;
	for (; p->nshot < s->nhost && rc == 0; p->nshot++) {
		rc = shot_take(&p->shot[p->nshot], s, p->nshot);
		if (rc == 0 && p->at.ns != 0)
			rc = judge_past(p, p->nshot);
	}
	return rc == 0 ? shots_select(
			     p->shot, p->nshot, &p->order, &p->row, &p->nrow)
		       : rc;
}

static int print_json(struct ps *p)
{
	struct aur_json_doc doc = {
	    .now = aur_clock_wall(), .team = hosts_team(&p->hosts)};
	struct aur_json_host *host = aur_mem_new(p->nshot + 1, sizeof *host);
	int rc;

	if (host == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < p->nshot; i++)
		host[i] = shot_json(&p->shot[i]);
	rc = aur_json_ps(&p->cli->out, &doc, host, p->nshot);
	aur_mem_free(host);
	return rc;
}

static int add_row(struct aur_table *t, struct shot *s, uint32_t row,
    const enum aur_column_id *ids, size_t n, bool with_host)
{
	int rc = 0;

	if (with_host)
		rc = bar_cellf(t, AUR_TABLE_BOLD, "%s", s->host->name);
	for (size_t k = 0; k < n && rc == 0; k++) {
		const struct aur_column *c = aur_column_get(ids[k]);

		if (c->figure == AUR_FIG_processes_cmdline)
			rc = bar_command(t, s, row);
		else
			rc = bar_cell(t, s, c->figure, row, 0);
	}
	return rc;
}

static int print_text(struct ps *p)
{
	struct aur_table_column columns[AUR_COLUMN_COUNT + 1];
	struct aur_table_how how = bar_how(p->cli, p->wide);
	bool with_host = p->nshot > 1;
	struct aur_table t;
	size_t nc = 0;
	int rc = 0;

	if (with_host)
		columns[nc++] = (struct aur_table_column){.title = "HOST"};
	for (size_t i = 0; i < p->ncolumn; i++) {
		const struct aur_column *c = aur_column_get(p->column[i]);

		columns[nc++] = (struct aur_table_column){.title = c->title,
		    .right = c->right,
		    .weight = c->weight,
		    .most = c->width,
		    .command = p->column[i] == AUR_COLUMN_COMMAND};
	}
	aur_table_init(&t, columns, nc);
	for (size_t i = 0; i < p->nrow && rc == 0; i++)
		rc = add_row(&t, &p->shot[p->row[i].shot], p->row[i].row,
		    p->column, p->ncolumn, with_host);
	if (rc == 0)
		rc = aur_table_write(&t, &p->cli->out, &how);
	aur_table_release(&t);
	return rc;
}

static int tell_errors(struct ps *p)
{
	return shots_tell(p->shot, p->nshot, &p->session) ? CLI_OK
							  : CLI_UNSAMPLED;
}

static bool anything(const struct ps *p)
{
	for (size_t i = 0; i < p->nshot; i++)
		if (p->shot[i].figures.now != NULL)
			return true;
	return false;
}

static int print(void *arg)
{
	struct ps *p = arg;
	int rc = 0;

	if (!p->fresh)
		rc = take_shots(p);
	p->fresh = false;
	if (rc == 0 && p->json)
		rc = print_json(p);
	else if (rc == 0 && anything(p))
		rc = print_text(p);
	return rc < 0 ? cli_fail(rc) : tell_errors(p);
}

static int parse(struct ps *p, const struct opts *o)
{
	uint64_t most = 0;
	int status = past_choose(&p->past, &p->hosts, o);
	struct aur_when_base read;

	p->when = when_base(p->cli);
	read = past_when(&p->past, &p->when);
	p->json = o->seen[OPT_JSON] > 0;
	p->wide = o->seen[OPT_WIDE] > 0;
	p->watching = o->seen[OPT_WATCH] > 0;
	p->order.no_kernel = o->seen[OPT_NO_KERNEL] > 0;
	if (o->value[OPT_COLUMNS] == NULL)
		usual_columns(p);
	else if (status == CLI_OK)
		status = parse_columns(p, o->value[OPT_COLUMNS]);
	p->order.sort = AUR_FIG_processes_cpu_percent;
	p->order.descending = true;
	if (status == CLI_OK)
		status = watch_parse(o, &p->watch.interval);
	if (status == CLI_OK)
		status = when_at(o, OPT_AT, &read, &p->at);
	if (status == CLI_OK)
		status = past_refuse(o, &p->past, &p->at);
	if (status == CLI_OK)
		status = opt_number(o, OPT_ROWS, UINT32_MAX, &most);
	if (status == CLI_OK && o->seen[OPT_WHERE] > 0)
		status = field_parse_files(
		    "where", o->value[OPT_WHERE], &p->files, &p->filter);
	if (status == CLI_OK && o->seen[OPT_SORT] > 0)
		status = field_parse_sort(
		    o->value[OPT_SORT], &p->order.sort, &p->order.descending);
	if (o->value[OPT_COLUMNS] != NULL)
		p->files = p->files || has_column(p, AUR_COLUMN_FILES);
	p->files = p->files || p->order.sort == AUR_FIG_processes_open_files ||
		   (p->watching && (p->json || p->wide));
	p->order.most = (size_t)most;
	p->order.filter = p->filter;
	return status;
}

static bool is_past(const struct ps *p)
{
	return p->at.ns != 0;
}

static int open_session(struct ps *p, const struct opts *o)
{
	int status;

	if (!is_past(p))
		return session_open(&p->session, p->cli, o, &p->hosts);
	status = past_open(&p->past, &p->hosts);
	return status == CLI_OK ? past_session(&p->past, &p->session, p->cli)
				: status;
}

static int take(struct ps *p, const struct aur_want *want)
{
	int rc, status = is_past(p) ? past_seek(&p->session, want, p->at)
				    : session_take(&p->session, want);

	if (status != CLI_OK)
		return status;
	rc = take_shots(p);
	if (rc < 0)
		return cli_fail(rc);
	p->fresh = true;
	if (p->files || !(p->json || p->wide) || is_past(p))
		return CLI_OK;
	return shots_take_close(p->shot, p->nshot, &p->session);
}

static int exec_ps(struct cli *c, struct opts *o)
{
	struct ps p = {.cli = c};
	struct aur_want want =
	    session_want(AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(TASKS) |
			     AUR_WANT_DOMAIN(MEMORY) | AUR_WANT_DOMAIN(SYSTEM),
		aur_want_process_all());
	int status = parse(&p, o);

	if (p.files)
		want.process_fields |= AUR_WANT_PROCESS(open_files);
	if (status == CLI_OK)
		status = open_session(&p, o);
	if (status == CLI_OK)
		status = take(&p, &want);
	if (status == CLI_OK) {
		p.watch.session = &p.session;
		p.watch.json = p.json;
		p.watch.print = print;
		p.watch.arg = &p;
		status = p.watching ? watch_run(&p.watch, &want)
				    : watch_show(&p.watch);
	}
	release_shots(&p);
	session_close(&p.session);
	hosts_release(&p.hosts);
	past_close(&p.past);
	aur_filter_free(p.filter);
	return status;
}

static const enum opt_id options[] = {OPT_JSON, OPT_AT, OPT_BUNDLE, OPT_WHERE,
    OPT_SORT, OPT_ROWS, OPT_COLUMNS, OPT_NO_KERNEL, OPT_WIDE, OPT_WATCH,
    OPT_INTERVAL, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_ps = {
    .name = "ps",
    .summary = "processes, the busiest first",
    .usage = "[OPTION...] [HOST...]",
    .detail = "FILTER and FIELD speak of the columns and of the names that\n"
	      "--json has: 'cpu gt 5 and user eq root', 'rss ge 1G',\n"
	      "'name ~ ^nginx', or plain text.\n"
	      "With --at it tells of the last table that was recorded before a "
	      "moment.",
    .options = options,
    .exec = exec_ps,
};
