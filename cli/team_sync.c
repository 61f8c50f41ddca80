/* SPDX-License-Identifier: MIT */
/*
 * team sync: gives members their lines on hosts and takes those away that are
 * theirs no more. What would be written is shown first; without a terminal
 * and without --yes that is all it does.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/meet.h"
#include "cli/sync.h"
#include "team/copy.h"

/* --- showing -------------------------------------------------------------- */

/* A line of a file that anybody may have written. */
static int show_line(struct cli *c, char sign, const char *line)
{
	int rc = aur_buf_addf(&c->out, "%c ", sign);

	if (rc == 0)
		rc = aur_text_add_safe(&c->out, aur_slice_str(line));
	return rc == 0 ? aur_buf_add_byte(&c->out, '\n') : rc;
}

static void show_refusal(const struct sync *s, const struct sync_host *h,
    const struct aur_keys_change *c)
{
	const char *name = s->hosts.team->member[c->member].name;

	switch (c->kind) {
	case AUR_KEYS_OTHER:
		cli_error(h->name,
		    "member %s gets no line: line %zu of "
		    "~/.ssh/authorized_keys has his key already, and sshd "
		    "takes the first: give %s a key of his own ('aurora team "
		    "key')",
		    name, c->number, name);
		break;
	case AUR_KEYS_SHARED:
		cli_error(h->name,
		    "member %s gets no line: another member has the same key: "
		    "give %s a key of his own",
		    name, name);
		break;
	default:
		cli_error(h->name,
		    "member %s gets no line: his key is none: 'aurora team "
		    "edit member --key ... %s'",
		    name, name);
	}
}

static bool is_new(const struct sync_host *h)
{
	return h->plan.nadd + h->plan.ntake > 0;
}

/* What would be done on a host; an aur_err. */
static int show_host(const struct sync *s, const struct sync_host *h)
{
	struct cli *c = s->cli;
	int rc = 0;

	if (is_new(h))
		rc = aur_buf_addf(
		    &c->out, "%s: ~/.ssh/authorized_keys\n", h->name);
	else if (!h->wrong && !h->lost)
		rc = aur_buf_addf(&c->out, "%s: as it should be\n", h->name);
	for (size_t i = 0; i < h->plan.n && rc == 0; i++) {
		const struct aur_keys_change *one = &h->plan.change[i];

		if (one->kind > AUR_KEYS_TAKE)
			show_refusal(s, h, one);
		else
			rc = show_line(c, one->kind == AUR_KEYS_ADD ? '+' : '-',
			    one->line);
	}
	return rc;
}

/* All of it; `ret_n` is on how many hosts there is something to do. */
static int show(const struct sync *s, size_t *ret_n)
{
	int rc = 0;

	*ret_n = 0;
	for (size_t i = 0; i < s->n && rc == 0; i++) {
		rc = show_host(s, &s->host[i]);
		*ret_n += is_new(&s->host[i]);
	}
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(s->cli) ? CLI_OK : CLI_FAILED;
}

/* --- telling -------------------------------------------------------------- */

static int tell_host(struct cli *c, const struct sync_host *h)
{
	if (!h->done)
		return CLI_OK;
	return team_say(c, "%s: %zu line%s given%s, %zu taken away%s%s",
	    h->name, h->plan.nadd, h->plan.nadd == 1 ? "" : "s",
	    h->plan.nadd > 0 ? " and proven" : "", h->plan.ntake,
	    h->backup[0] != '\0' ? "; before: ~/.ssh/" : "", h->backup);
}

static int tell(const struct sync *s)
{
	int status = CLI_OK;

	for (size_t i = 0; i < s->n && status == CLI_OK; i++)
		status = tell_host(s->cli, &s->host[i]);
	return status;
}

/* What is wrong somewhere counts more than who was not there. */
static int outcome(const struct sync *s)
{
	int status = CLI_OK;

	for (size_t i = 0; i < s->n; i++)
		if (s->host[i].wrong)
			return CLI_FAILED;
		else if (s->host[i].lost)
			status = CLI_UNSAMPLED;
	return status;
}

/* --- the published copy --------------------------------------------------- */

/* Where nothing may be written, that there is something is all to say. */
static int compare(struct meet *m)
{
	struct aur_buf ours;
	int rc, status = meet_fetch(m);

	if (status != CLI_OK)
		return status;
	aur_buf_init(&ours, AUR_MAX_JSON);
	rc = aur_team_text(m->hosts.team, &ours);
	if (rc == 0 &&
	    !aur_slice_eq(aur_buf_peek(&ours), aur_buf_peek(&m->theirs)))
		cli_error(meet_host(m)->name,
		    "its copy of the team is not what is here: --yes brings "
		    "both together");
	aur_buf_release(&ours);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

/* Brings the team and its copy together, so that lines are given by what all
 * owners said. A host that is down keeps nobody from taking a member's lines
 * away: that is said, and what is here holds. */
static int meet_copy(struct cli *c, const struct opts *o, bool *ret_lost)
{
	bool writes = o->seen[OPT_YES] > 0 || team_can_ask();
	struct aur_team *t = NULL;
	size_t host;
	char id[80];
	struct meet m;
	int status = team_load(&t, o, TEAM_NEEDED | TEAM_TRUSTED);

	*ret_lost = false;
	if (status != CLI_OK || !aur_team_published(t, &host)) {
		aur_team_free(t);
		return status;
	}
	snprintf(id, sizeof id, "%s", t->host[host].id);
	status = meet_open(&m, c, o, t, host, NULL);
	if (status == CLI_OK && meet_need(&m) != CLI_OK) {
		cli_error(NULL, "the published copy was not looked at: what "
				"is here holds");
		*ret_lost = true;
	} else if (status == CLI_OK) {
		status =
		    writes ? meet_all(&m, o, MEET_NEITHER, id) : compare(&m);
	}
	meet_close(&m);
	return status;
}

/* --- the command ---------------------------------------------------------- */

static int write_asked(struct sync *s, const struct opts *o, size_t n)
{
	char question[80];
	int status, said;

	snprintf(question, sizeof question, "Write this on %zu host%s?", n,
	    n == 1 ? "" : "s");
	status = team_confirm(o, question);
	if (status != CLI_OK)
		return status;
	status = sync_write(s);
	said = tell(s);
	return status == CLI_OK ? said : status;
}

static int exec_sync(struct cli *c, struct opts *o)
{
	struct sync s;
	size_t n = 0;
	bool lost;
	int status = meet_copy(c, o, &lost);

	if (status != CLI_OK)
		return status;
	status = sync_open(&s, c, o);
	if (status == CLI_OK)
		status = sync_look(&s);
	if (status == CLI_OK)
		status = show(&s, &n);
	if (status == CLI_OK && n > 0)
		status = write_asked(&s, o, n);
	if (status == CLI_OK)
		status = outcome(&s);
	sync_close(&s);
	return status == CLI_OK && lost ? CLI_UNSAMPLED : status;
}

static const enum opt_id options[] = {
    OPT_YES, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_sync = {
    .name = "team sync",
    .summary = "give members their lines on hosts, take old ones away",
    .usage = "[--yes] [HOST...]",
    .detail =
	"Each member with a key gets a line in ~/.ssh/authorized_keys that "
	"runs the agent\nin his role and nothing else. The difference is shown "
	"and asked about; without a\nterminal it needs --yes. What stood there "
	"is kept beside it. New lines are proven\nby a throw-away key first. A "
	"key that has another line there is refused.\nWhere the team is "
	"published, it and its copy are brought together before.",
    .options = options,
    .exec = exec_sync,
};
