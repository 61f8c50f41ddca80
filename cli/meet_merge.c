/* SPDX-License-Identifier: MIT */
/*
 * The merge is made in one change of the team, under its lock, so nothing that
 * another program writes is lost. Nobody is asked there: where the person has
 * to see something first, the change is given up, and made again when he has.
 *
 *	merge --conflict--> shown, nothing is done
 *	  |  `--new addresses--> shown, asked about --yes--> merge again
 *	  `--> saved
 */
#include "cli/meet.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/team_part.h"
#include "team/copy.h"
#include "team/merge.h"

/* A person may change his mind, not for ever. */
#define ROUNDS 5

int meet_side_of(const struct opts *o, enum meet_side *ret_side)
{
	bool ours = o->seen[OPT_OURS] > 0, theirs = o->seen[OPT_THEIRS] > 0;

	if (ours && theirs) {
		cli_error(NULL, "--ours or --theirs, not both");
		return CLI_USAGE;
	}
	*ret_side = ours ? MEET_OURS : theirs ? MEET_THEIRS : MEET_NEITHER;
	return CLI_OK;
}

/* --- conflicts ------------------------------------------------------------ */

/* A value that another has written. */
static int add_value(struct aur_buf *b, const char *who, const char *json)
{
	int rc = aur_buf_addf(b, "; %s ", who);

	if (rc == 0)
		rc = json != NULL ? aur_text_add_safe(b, aur_slice_str(json))
				  : aur_buf_add_str(b, "not there");
	return rc;
}

/* "members bob: role; here it is "viewer"; in the published copy ..." */
static int add_conflict(
    struct aur_buf *line, const struct aur_merge_conflict *c)
{
	int rc = aur_text_add_safe(line, aur_slice_str(c->where));

	if (rc == 0)
		rc = add_value(line, "here it is", c->ours);
	if (rc == 0)
		rc = add_value(line, "in the published copy", c->theirs);
	return rc < 0 || aur_buf_str(line) == NULL ? AUR_ELIMIT : 0;
}

static void show_conflicts(const struct aur_team *t, const struct aur_merge *m)
{
	struct aur_buf line;

	aur_buf_init(&line, AUR_MAX_LINE);
	for (size_t i = 0; i < m->nconflict; i++) {
		const char *text = NULL;

		aur_buf_clear(&line);
		if (add_conflict(&line, &m->conflict[i]) == 0)
			text = aur_buf_str(&line);
		cli_error(t->name, "both changed %s",
		    text != NULL ? text : "what is too long to be shown");
	}
	aur_buf_release(&line);
	cli_error(NULL,
	    "nothing was changed: 'aurora team pull --ours' keeps what is "
	    "here, '--theirs' takes what the copy says, where both changed it");
}

/* --- the change ----------------------------------------------------------- */

struct three {
	struct aur_buf base, ours;
};

static int read_two(const struct aur_team *t, struct three *v)
{
	int rc;

	aur_buf_init(&v->base, AUR_MAX_JSON);
	aur_buf_init(&v->ours, AUR_MAX_JSON);
	rc = aur_team_seen(t, &v->base);
	return rc < 0 ? rc : aur_team_text(t, &v->ours);
}

/* Ours stand in what comes out where there is a conflict; so theirs do when
 * the two change places. */
static int merge(struct meet_merge *g, const struct aur_team *t,
    struct three *v, char *why, size_t size)
{
	struct aur_slice base = aur_buf_peek(&v->base),
			 ours = aur_buf_peek(&v->ours);
	bool swap = g->side == MEET_THEIRS;
	struct aur_merge m;
	int rc = aur_merge(&m, base, swap ? g->theirs : ours,
	    swap ? ours : g->theirs, why, size);

	if (rc == 0 && m.nconflict > 0 && g->side == MEET_NEITHER) {
		show_conflicts(t, &m);
		rc = AUR_ECHANGED;
	}
	if (rc == 0) {
		g->writes = swap ? m.differs_from_ours : m.differs_from_theirs;
		rc = aur_buf_add_slice(&g->text, aur_buf_peek(&m.text));
		if (rc < 0)
			snprintf(why, size, "%s", aur_err_str(rc));
	}
	aur_merge_release(&m);
	return rc;
}

/* Without a copy there is nothing to merge with. */
static int come_out(
    struct meet_merge *g, const struct aur_team *t, char *why, size_t size)
{
	struct three v;
	int rc = read_two(t, &v);

	aur_buf_clear(&g->text);
	if (rc < 0)
		snprintf(why, size, "%s", aur_err_str(rc));
	else if (g->theirs.n > 0)
		rc = merge(g, t, &v, why, size);
	else
		rc = aur_buf_add_slice(&g->text, aur_buf_peek(&v.ours));
	if (g->theirs.n == 0)
		g->writes = true;
	aur_buf_release(&v.base);
	aur_buf_release(&v.ours);
	return rc;
}

/* Whether the person has seen what is new of addresses; else it is kept to be
 * shown. */
static int check_seen(struct meet_merge *g, const struct aur_team *t)
{
	struct aur_buf now;
	int rc = team_list_changes(t, &now);

	if (rc == 0 &&
	    aur_slice_eq(aur_buf_peek(&now), aur_buf_peek(&g->shown))) {
		aur_buf_release(&now);
		return CLI_OK;
	}
	if (rc < 0) {
		aur_buf_release(&now);
		return cli_fail(rc);
	}
	aur_buf_release(&g->shown);
	g->shown = now;
	g->asks = now.n > 0;
	return g->asks ? CLI_FAILED : CLI_OK;
}

static int change(struct aur_team *t, void *arg)
{
	struct meet_merge *g = arg;
	char why[AUR_TEAM_WHY];
	int rc = 0, status = CLI_OK;

	g->asks = false;
	if (g->publish != NULL) {
		status = resolve_apply(&g->resolve, t);
		if (status != CLI_OK)
			return status;
		rc = aur_team_set_published(t, g->publish);
		if (rc < 0)
			return cli_fail(rc);
		rc = aur_team_trust(t); /* so far it is all ours */
		if (rc < 0)
			return cli_fail(rc);
	}
	rc = come_out(g, t, why, sizeof(why));
	if (rc == AUR_ECHANGED)
		return CLI_FAILED;
	if (rc == 0)
		rc = aur_team_take(t, aur_buf_peek(&g->text), why, sizeof(why));
	if (rc < 0) {
		cli_error(NULL, "%s", why);
		return CLI_FAILED;
	}
	status = check_seen(g, t);
	if (status != CLI_OK || g->theirs.n == 0)
		return status;
	rc = aur_team_set_seen(t, g->theirs, why, sizeof(why));
	if (rc < 0)
		cli_error(NULL, "%s", why);
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

/* --- what came and went --------------------------------------------------- */

static int say_hosts(struct cli *c, const struct aur_team *from,
    const struct aur_team *to, const char *word)
{
	int status = CLI_OK;
	size_t at;

	for (size_t i = 0; i < from->nhost && status == CLI_OK; i++)
		if (!aur_team_find_id(to, aur_slice_str(from->host[i].id), &at))
			status = team_say(
			    c, "host %s: %s", from->host[i].name, word);
	return status;
}

static int say_members(struct cli *c, const struct aur_team *from,
    const struct aur_team *to, const char *word)
{
	int status = CLI_OK;
	size_t at;

	for (size_t i = 0; i < from->nmember && status == CLI_OK; i++)
		if (!aur_team_find_member(
			to, aur_slice_str(from->member[i].name), &at))
			status = team_say(
			    c, "member %s: %s", from->member[i].name, word);
	return status;
}

static int tell(
    struct cli *c, const struct aur_team *before, const struct meet_merge *g)
{
	struct aur_team *after = NULL;
	char why[AUR_TEAM_WHY];
	int status = CLI_OK;

	if (aur_team_parse(&after, before->name, aur_buf_peek(&g->text),
		aur_slice_str(""), why, sizeof(why)) < 0)
		return CLI_OK; /* it was read a moment ago */
	status = say_hosts(c, after, before, "new");
	if (status == CLI_OK)
		status = say_hosts(c, before, after, "gone");
	if (status == CLI_OK)
		status = say_members(c, after, before, "new");
	if (status == CLI_OK)
		status = say_members(c, before, after, "gone");
	aur_team_free(after);
	return status;
}

/* --- from outside --------------------------------------------------------- */

int meet_merge(struct meet_merge *g, struct cli *c)
{
	struct aur_team *before = NULL;
	int status = team_load(&before, g->opts, TEAM_NEEDED | TEAM_TRUSTED);

	aur_buf_init(&g->text, AUR_MAX_JSON);
	if (status == CLI_OK && g->publish != NULL)
		status = resolve_ask(&g->resolve, before);
	for (int i = 0; i < ROUNDS && status == CLI_OK; i++) {
		status = team_change(g->opts, change, g);
		if (status != CLI_FAILED || !g->asks)
			break;
		team_say_lines(aur_buf_peek(&g->shown));
		status = team_confirm(g->opts,
		    "The published copy says this of whom to reach. Take it?");
	}
	if (status == CLI_OK)
		status = tell(c, before, g);
	aur_team_free(before);
	return status;
}

void meet_merge_release(struct meet_merge *g)
{
	aur_buf_release(&g->text);
	aur_buf_release(&g->shown);
	resolve_release(&g->resolve);
}

static int see(struct aur_team *t, void *arg)
{
	struct meet_merge *g = arg;
	char why[AUR_TEAM_WHY];
	int rc = aur_team_set_seen(t, aur_buf_peek(&g->text), why, sizeof(why));

	if (rc < 0)
		cli_error(NULL, "%s", why);
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

int meet_seen(struct meet_merge *g)
{
	return team_change(g->opts, see, g);
}

int meet_all(struct meet *m, const struct opts *o, enum meet_side side,
    const char *publish)
{
	struct meet_merge g = {.opts = o, .side = side, .publish = publish};
	int status = meet_need(m);

	if (status == CLI_OK)
		status = meet_fetch(m);
	if (status != CLI_OK)
		return status;
	g.theirs = aur_buf_peek(&m->theirs);
	if (g.theirs.n == 0 && publish == NULL) {
		cli_error(meet_host(m)->name,
		    "the team is not published there (any more): ask its "
		    "owner for a new code");
		return CLI_FAILED;
	}
	status = meet_merge(&g, m->cli);
	if (status == CLI_OK && publish != NULL && g.writes) {
		status = meet_write(m, aur_buf_peek(&g.text));
		if (status == CLI_OK)
			status = meet_seen(&g);
	}
	if (status == CLI_OK && publish != NULL)
		status = team_say(m->cli, "%s: %s", meet_host(m)->name,
		    g.writes ? "published" : "published already, as it is");
	meet_merge_release(&g);
	return status;
}
