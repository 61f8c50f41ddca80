/* SPDX-License-Identifier: MIT */
/*
 * team show: hosts and members of the team that is meant, as they stand in
 * the files. It reaches nobody, so it asks nothing about trust; what others
 * changed it tells.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "cli/bar.h"
#include "cli/team_json.h"
#include "team/copy.h"

static const struct aur_table_column host_columns[] = {
    {.title = "HOST"},
    {.title = "ADDRESS"},
    {.title = "JUMP", .optional = true},
    {.title = "GROUPS", .optional = true},
    {.title = "TAGS", .optional = true},
    {.title = "ROLE", .optional = true},
    {.title = "VIA", .optional = true},
    {.title = "ALIAS", .optional = true},
    {.title = "IDENTITY", .optional = true},
    {.title = "AGENT", .optional = true},
    {.title = "HOST KEY", .optional = true},
};

static const struct aur_table_column member_columns[] = {
    {.title = "MEMBER"},
    {.title = "ROLE"},
    {.title = "KEY", .optional = true},
};

static int add_address(struct aur_table *t, const struct aur_team_host *h)
{
	const char *user = h->my_user != NULL ? h->my_user : h->user;
	bool v6 = strchr(h->address, ':') != NULL && h->port > 0;
	char port[16] = "";

	if (h->port > 0)
		snprintf(port, sizeof(port), ":%u", h->port);
	return bar_cellf(t, AUR_TABLE_PLAIN, "%s%s%s%s%s%s",
	    user != NULL ? user : "", user != NULL ? "@" : "", v6 ? "[" : "",
	    h->address, v6 ? "]" : "", port);
}

static int add_groups(struct aur_table *t, const struct aur_team_host *h)
{
	struct aur_buf b;
	int rc = 0;

	aur_buf_init(&b, 1u << 20);
	for (size_t i = 0; i < h->ngroup && rc == 0; i++)
		rc = aur_buf_addf(&b, "%s%s", i > 0 ? "," : "", h->group[i]);
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b), AUR_TABLE_PLAIN);
	aur_buf_clear(&b);
	for (size_t i = 0; i < h->ntag && rc == 0; i++)
		rc = aur_buf_addf(&b, "%s%s=%s", i > 0 ? " " : "",
		    h->tag[i].key, h->tag[i].value);
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b), AUR_TABLE_DIM);
	aur_buf_release(&b);
	return rc;
}

static int add_text(struct aur_table *t, const char *text)
{
	return aur_table_add(t, aur_slice_str(text != NULL ? text : ""),
	    text != NULL ? AUR_TABLE_PLAIN : AUR_TABLE_DIM);
}

static int add_host(struct aur_table *t, const struct aur_team_host *h)
{
	int rc = aur_table_add(t, aur_slice_str(h->name), AUR_TABLE_BOLD);

	if (rc == 0)
		rc = add_address(t, h);
	if (rc == 0)
		rc = add_text(t, h->jump);
	if (rc == 0)
		rc = add_groups(t, h);
	if (rc == 0)
		rc = add_text(t, h->is_jump ? "jump" : NULL);
	if (rc == 0)
		rc = add_text(t,
		    h->via != AUR_VIA_AUTO ? aur_team_via_name(h->via) : NULL);
	if (rc == 0)
		rc = add_text(t, h->alias);
	if (rc == 0)
		rc = add_text(t, h->identity);
	if (rc == 0)
		rc = add_text(t, h->agent);
	return rc < 0 ? rc : add_text(t, h->host_key);
}

static int print_hosts(struct cli *c, const struct aur_team *team,
    const struct aur_select *s, const struct aur_table_how *how)
{
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, host_columns, AUR_ARRAY_LEN(host_columns));
	for (size_t i = 0; i < s->n && rc == 0; i++)
		if (s->pick[i].kind == AUR_PICK_HOST)
			rc = add_host(&t, &team->host[s->pick[i].host]);
	if (rc == 0 && aur_table_rows(&t) > 0)
		rc = aur_table_write(&t, &c->out, how);
	aur_table_release(&t);
	return rc;
}

static int print_members(
    struct cli *c, const struct aur_team *team, const struct aur_table_how *how)
{
	struct aur_table t;
	int rc = 0;

	aur_table_init(&t, member_columns, AUR_ARRAY_LEN(member_columns));
	for (size_t i = 0; i < team->nmember && rc == 0; i++) {
		const struct aur_team_member *m = &team->member[i];

		rc = aur_table_add(&t, aur_slice_str(m->name), AUR_TABLE_BOLD);
		if (rc == 0)
			rc = add_text(&t, aur_team_role_name(m->role));
		if (rc == 0)
			rc = add_text(&t, m->key);
	}
	if (rc == 0 && team->nmember > 0)
		rc = aur_buf_add_byte(&c->out, '\n');
	if (rc == 0 && team->nmember > 0)
		rc = aur_table_write(&t, &c->out, how);
	aur_table_release(&t);
	return rc;
}

static int print_place(struct cli *c, const struct aur_team *t)
{
	size_t host;

	return aur_team_published(t, &host)
		   ? aur_buf_addf(
			 &c->out, "\npublished on %s\n", t->host[host].name)
		   : 0;
}

static int print(struct cli *c, const struct opts *o, const struct aur_team *t,
    const struct aur_select *s)
{
	struct aur_table_how how = bar_how(c, o->seen[OPT_WIDE] > 0);
	int rc = print_hosts(c, t, s, &how);

	if (rc == 0 && o->noperand == 0)
		rc = print_members(c, t, &how);
	return rc < 0 || o->noperand > 0 ? rc : print_place(c, t);
}

/* Which hosts to show. */
static int pick(struct aur_select *s, const struct opts *o)
{
	const char *words;
	size_t at = 0;
	int rc = 0;

	if (o->noperand == 0 && s->team->nhost > 0)
		rc = aur_select_rest(s);
	for (int i = 0; i < o->noperand && rc == 0; i++)
		rc = aur_select_add(s, aur_slice_str(o->operand[i]));
	while (rc == 0 && (words = opt_each(o, OPT_EXCLUDE, &at)) != NULL)
		rc = aur_select_less(s, aur_slice_str(words));
	return rc < 0 ? team_refused(rc == AUR_EABSENT ? AUR_EINVALID : rc,
			    s->why[0] != '\0' ? s->why : aur_err_str(rc))
		      : CLI_OK;
}

static int show(struct cli *c, const struct opts *o, const struct aur_team *t)
{
	char current[TEAM_NAME];
	struct aur_select s;
	int rc, status = team_current(o, current);

	aur_select_init(&s, t);
	if (status == CLI_OK)
		status = pick(&s, o);
	if (status != CLI_OK) {
		aur_select_release(&s);
		return status;
	}
	rc = o->seen[OPT_JSON] > 0 ? team_json_write(&c->out, t, &s,
					 strcmp(current, t->name) == 0)
				   : print(c, o, t, &s);
	aur_select_release(&s);
	if (rc < 0)
		return cli_fail(rc);
	if (t->nhost == 0 && o->seen[OPT_JSON] == 0)
		cli_error(NULL,
		    "team %s has no hosts yet: 'aurora team add host NAME' "
		    "adds one",
		    t->name);
	if (aur_team_changes(t, NULL, NULL) > 0)
		cli_error(NULL,
		    "team %s was changed by somebody else: 'aurora team "
		    "trust' shows what",
		    t->name);
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

static int exec_show(struct cli *c, struct opts *o)
{
	struct aur_team *t = NULL;
	int status = team_load(&t, o, TEAM_NEEDED);

	if (status == CLI_OK)
		status = show(c, o, t);
	aur_team_free(t);
	return status;
}

static const enum opt_id options[] = {OPT_JSON, OPT_WIDE, OPT_EXCLUDE, OPT_END};

const struct cmd_entry team_show = {
    .name = "team show",
    .summary = "hosts and members of the team",
    .usage = "[--json] [HOST...]",
    .detail = "It reaches nobody: what it shows stands in the team's files.",
    .options = options,
    .exec = exec_show,
};
