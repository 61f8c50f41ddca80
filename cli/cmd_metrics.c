/* SPDX-License-Identifier: MIT */
/*
 * metrics: the catalogue. With a host, what is there: a field that some
 * instance has, a figure that some row knows.
 */
#include "cli/bar.h"
#include "cli/cmd.h"
#include "cli/hosts.h"
#include "cli/shot.h"

#include "base/err.h"

struct metrics {
	struct cli *cli;
	bool json, of_host;
	struct session session;
	struct shot shot;
	bool figure[AUR_FIG_COUNT];
};

static bool has_field(
    const struct metrics *m, const struct aur_domain *d, size_t field)
{
	const struct aur_part *part =
	    m->shot.figures.now != NULL
		? aur_sample_find(m->shot.figures.now, d)
		: NULL;

	for (size_t i = 0; part != NULL && i < part->n; i++)
		if (aur_part_has(part, i, field))
			return true;
	return false;
}

static bool has(void *arg, const struct aur_domain *domain, size_t index)
{
	struct metrics *m = arg;

	if (!m->of_host)
		return true;
	return domain != NULL ? has_field(m, domain, index) : m->figure[index];
}

static void find_figures(struct metrics *m)
{
	for (size_t id = 0; id < AUR_FIG_COUNT; id++) {
		enum aur_figure_id fig = (enum aur_figure_id)id;
		size_t n = aur_figures_rows(
		    &m->shot.figures, aur_figure_get(fig)->group);

		for (size_t i = 0; i < n && !m->figure[id]; i++) {
			struct aur_value v;

			aur_figures_get(&m->shot.figures, fig, i, &v);
			m->figure[id] = v.type != AUR_VALUE_NULL;
		}
	}
}

/* --- text ----------------------------------------------------------------- */

static const struct aur_table_column columns[] = {
    {.title = "NAME"},
    {.title = "TYPE"},
    {.title = "UNIT"},
    {.title = "MEANING"},
};

static int heading(struct cli *c, const char *name, const char *help,
    const char *before, const char *label, const char *after)
{
	int rc = 0;

	if (c->out.n > 0)
		rc = aur_buf_add_byte(&c->out, '\n');
	if (rc == 0)
		rc = aur_table_styled(
		    &c->out, aur_slice_str(name), AUR_TABLE_BOLD, c->color);
	return rc < 0 ? rc
		      : aur_buf_addf(&c->out, "%s%s%s  %s\n", before, label,
			    after, help);
}

static int add_row(struct aur_table *t, const char *name, const char *type,
    enum aur_unit unit, const char *help)
{
	int rc = bar_cellf(t, AUR_TABLE_PLAIN, "  %s", name);

	if (rc == 0)
		rc = bar_cellf(t, AUR_TABLE_DIM, "%s", type);
	if (rc == 0)
		rc = bar_cellf(t, AUR_TABLE_DIM, "%s", aur_unit_name(unit));
	return rc < 0 ? rc
		      : aur_table_add(t, aur_slice_str(help), AUR_TABLE_PLAIN);
}

static int print_domain(struct metrics *m, const struct aur_domain *d,
    const struct aur_table_how *how)
{
	bool keyed = d->label[0] != '\0';
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = 0; i < d->nfield && rc == 0; i++)
		if (has(m, d, i))
			rc = add_row(&t, d->field[i].name,
			    aur_sem_name((enum aur_sem)d->field[i].sem),
			    (enum aur_unit)d->field[i].unit, d->field[i].help);
	if (rc == 0 && aur_table_rows(&t) > 0) {
		rc = heading(m->cli, d->name, d->help, keyed ? "[" : "",
		    d->label, keyed ? "]" : "");
		if (rc == 0)
			rc = aur_table_write(&t, &m->cli->out, how);
	}
	aur_table_release(&t);
	return rc;
}

static int print_group(
    struct metrics *m, enum aur_group_id id, const struct aur_table_how *how)
{
	const struct aur_group *g = aur_group_get(id);
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = 0; i < g->n && rc == 0; i++) {
		size_t at = (size_t)g->first + i;
		const struct aur_figure *f =
		    aur_figure_get((enum aur_figure_id)at);

		if (has(m, NULL, at))
			rc = add_row(&t, f->name, "figure", f->unit, f->help);
	}
	if (rc == 0 && aur_table_rows(&t) > 0) {
		rc = heading(m->cli, g->name, g->help, g->many ? "[" : "",
		    g->many ? aur_figure_get(g->first)->name : "",
		    g->many ? "]" : "");
		if (rc == 0)
			rc = aur_table_write(&t, &m->cli->out, how);
	}
	aur_table_release(&t);
	return rc;
}

static int print_text(struct metrics *m, bool wide)
{
	struct aur_table_how how = bar_how(m->cli, wide);
	int rc;

	how.no_head = true;
	rc = aur_buf_add_str(&m->cli->out,
	    "FIGURES, what JSON, --where, --sort and --check speak of\n");
	for (int i = 0; i < AUR_GROUP_COUNT && rc == 0; i++)
		rc = print_group(m, (enum aur_group_id)i, &how);
	if (rc == 0)
		rc = aur_buf_add_str(&m->cli->out,
		    "\nDOMAINS, what agents read: raw counters and values\n");
	for (int i = 0; i < AUR_DOMAIN_COUNT && rc == 0; i++)
		rc = print_domain(
		    m, aur_domain_get((enum aur_domain_id)i), &how);
	return rc;
}

/* --- the command ---------------------------------------------------------- */

static int look(struct metrics *m, const struct opts *o, struct hosts *h)
{
	struct aur_want want =
	    session_want(aur_want_system() | AUR_WANT_DOMAIN(PROCESS) |
			     AUR_WANT_DOMAIN(CGROUP),
		aur_want_process_all());
	int rc, status = session_open(&m->session, m->cli, o, h);

	if (status == CLI_OK)
		status = session_take(&m->session, &want);
	if (status != CLI_OK)
		return status;
	rc = shot_take(&m->shot, &m->session, 0);
	if (rc < 0)
		return cli_fail(rc);
	find_figures(m);
	if (m->shot.sampled)
		return CLI_OK;
	cli_error(m->shot.host->name, "%s",
	    shot_error(&m->shot) != NULL ? shot_error(&m->shot) : "no sample");
	return CLI_UNSAMPLED;
}

static int exec_metrics(struct cli *c, struct opts *o)
{
	struct metrics m = {.cli = c};
	struct hosts hosts;
	int rc, status = hosts_choose(&hosts, o);

	m.json = o->seen[OPT_JSON] > 0;
	m.of_host = o->noperand > 0;
	if (status == CLI_OK && m.of_host && hosts.select.n > 1) {
		cli_error(NULL, "metrics looks at one host, not at %zu",
		    hosts.select.n);
		status = CLI_USAGE;
	}
	if (status != CLI_OK)
		goto out;
	if (m.of_host)
		status = look(&m, o, &hosts);
	if (status == CLI_OK || (status == CLI_UNSAMPLED && m.json)) {
		rc = m.json ? aur_json_metrics(&c->out, has, &m)
			    : print_text(&m, o->seen[OPT_WIDE] > 0);
		if (rc < 0)
			status = cli_fail(rc);
		else if (!cli_flush(c))
			status = CLI_FAILED;
	}
out:
	shot_release(&m.shot);
	session_close(&m.session);
	hosts_release(&hosts);
	return status;
}

static const enum opt_id options[] = {
    OPT_JSON, OPT_WIDE, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_metrics = {
    .name = "metrics",
    .summary = "the catalogue; with a host, what is there",
    .usage = "[OPTION...] [HOST]",
    .detail = "",
    .options = options,
    .exec = exec_metrics,
};
