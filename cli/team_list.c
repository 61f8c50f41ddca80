/* SPDX-License-Identifier: MIT */
/*
 * team list: the teams there are. One with a damaged file is a row as well,
 * that says so, and the others are shown.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/bar.h"
#include "cli/team_json.h"

struct listing {
	struct cli *cli;
	struct aur_table table;
	struct team_doc doc;
	struct aur_at rows;
	const char *current;
	bool json;
	int status;
};

static const struct aur_table_column columns[] = {
    {.title = " "},
    {.title = "TEAM"},
    {.title = "HOSTS", .right = true},
    {.title = "MEMBERS", .right = true},
};

static int text_row(
    struct listing *l, const char *name, const struct aur_team *t)
{
	bool is = strcmp(name, l->current) == 0;
	int rc = bar_cellf(&l->table, AUR_TABLE_PLAIN, "%s", is ? "*" : "");

	if (rc == 0)
		rc = aur_table_add(&l->table, aur_slice_str(name),
		    is ? AUR_TABLE_BOLD : AUR_TABLE_PLAIN);
	if (rc == 0)
		rc = t != NULL ? bar_cellf(&l->table, AUR_TABLE_PLAIN, "%zu",
				     t->nhost)
			       : bar_cellf(&l->table, AUR_TABLE_BAD, "-");
	if (rc == 0)
		rc = t != NULL ? bar_cellf(&l->table, AUR_TABLE_PLAIN, "%zu",
				     t->nmember)
			       : bar_cellf(&l->table, AUR_TABLE_BAD, "-");
	return rc;
}

static int json_row(struct listing *l, const char *name,
    const struct aur_team *t, const char *why)
{
	struct aur_at row;
	int rc = aur_at_append(&l->rows, &row);

	if (rc == 0)
		rc = team_json_text(&row, "name", name);
	if (rc == 0)
		rc = team_json_text(&row, "id", t != NULL ? t->id : NULL);
	if (rc == 0)
		rc = aur_at_set_bool(
		    &row, "current", strcmp(name, l->current) == 0);
	if (rc == 0)
		rc = team_json_count(&row, "hosts", t, t ? t->nhost : 0);
	if (rc == 0)
		rc = team_json_count(&row, "members", t, t ? t->nmember : 0);
	return rc < 0 ? rc : team_json_text(&row, "error", why);
}

static int row(struct listing *l, const char *dir, const char *name)
{
	char why[AUR_TEAM_WHY];
	struct aur_team *t = NULL;
	int rc = aur_team_load(&t, dir, name, why, sizeof(why));

	if (rc < 0) {
		cli_error(NULL, "%s", why);
		l->status = CLI_FAILED;
	}
	rc = l->json ? json_row(l, name, t, rc < 0 ? why : NULL)
		     : text_row(l, name, t);
	aur_team_free(t);
	return rc;
}

static int rows(struct listing *l, const char *dir, char **names)
{
	struct aur_table_how how;
	int rc = 0;

	for (size_t i = 0; names[i] != NULL && rc == 0; i++)
		rc = row(l, dir, names[i]);
	if (rc < 0)
		return rc;
	if (l->json)
		return team_json_end(&l->doc, &l->cli->out);
	if (names[0] == NULL)
		cli_error(NULL, "there is no team: 'aurora team create NAME' "
				"makes one");
	how = bar_how(l->cli, true);
	return names[0] != NULL ? aur_table_write(&l->table, &l->cli->out, &how)
				: 0;
}

static int begin(struct listing *l)
{
	int rc;

	aur_table_init(&l->table, columns, AUR_ARRAY_LEN(columns));
	if (!l->json)
		return 0;
	rc = team_json_begin(&l->doc, "aurora.teams/1", l->current);
	return rc < 0 ? rc : aur_at_make_list(&l->doc.root, "teams", &l->rows);
}

static int exec_list(struct cli *c, struct opts *o)
{
	struct listing l = {.cli = c, .json = o->seen[OPT_JSON] > 0};
	char dir[4096], current[TEAM_NAME], **names = NULL;
	int rc, status = cmd_no_operands(&team_list, o);

	if (status == CLI_OK)
		status = team_current(o, current);
	if (status != CLI_OK || !team_dir(dir, sizeof(dir)))
		return status != CLI_OK ? status : CLI_FAILED;
	l.current = current;
	rc = aur_team_list(dir, &names);
	if (rc == 0)
		rc = begin(&l);
	if (rc == 0)
		rc = rows(&l, dir, names);
	if (rc < 0)
		l.status = cli_fail(rc);
	else if (!cli_flush(c))
		l.status = CLI_FAILED;
	aur_mem_free(names);
	aur_table_release(&l.table);
	team_json_free(&l.doc);
	return l.status;
}

static const enum opt_id options[] = {OPT_JSON, OPT_END};

const struct cmd_entry team_list = {
    .name = "team list",
    .summary = "the teams there are",
    .usage = "[--json]",
    .detail = "The one in use is marked.",
    .options = options,
    .exec = exec_list,
};
