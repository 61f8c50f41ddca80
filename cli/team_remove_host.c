/* SPDX-License-Identifier: MIT */
/*
 * team remove host: takes hosts out of the files. On the hosts themselves
 * something is done only with --clean; else what may be there is listed.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/clean.h"
#include "cli/resolve.h"
#include "team/copy.h"

struct removing {
	const struct opts *o;
	struct cli *cli;
	const struct clean *clean; /* NULL: nothing was done there */
	size_t n;
	struct aur_buf stays;
};

static int by_number(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* Those behind go first: the numbers of the others stay. A host and the jump
 * to it may go together, so what refuses to go is tried again after the rest.
 */
static int drop_all(
    struct aur_team *t, size_t *host, size_t n, char *why, size_t size)
{
	bool moved = true;
	int rc = 0;

	qsort(host, n, sizeof(*host), by_number);
	while (n > 0 && moved) {
		size_t left = 0;

		moved = false;
		for (size_t i = 0; i < n; i++) {
			rc = aur_team_drop_host(t, host[i], why, size);
			if (rc == AUR_EINVALID) {
				host[left++] = host[i];
				continue;
			}
			if (rc < 0)
				return rc;
			moved = true;
			for (size_t k = 0; k < left; k++)
				host[k]--;
		}
		n = left;
	}
	return n > 0 ? AUR_EINVALID : 0;
}

/* Those that the line means, or of them those that are clean. */
static int pick(const struct aur_team *t, struct removing *r, size_t **ret_host)
{
	size_t *host;

	if (r->clean == NULL)
		return team_pick(t, r->o, 0, ret_host, &r->n);
	host = aur_mem_new(r->clean->n + 1, sizeof(*host));
	if (host == NULL)
		return cli_fail(AUR_ENOMEM);
	r->n = 0;
	for (size_t i = 0; i < r->clean->n; i++)
		if (r->clean->host[i].clean &&
		    aur_team_find(
			t, aur_slice_str(r->clean->host[i].name), &host[r->n]))
			r->n++;
	*ret_host = host;
	return CLI_OK;
}

/* --- what remains --------------------------------------------------------- */

/* How ssh and aurora reach it when the team does not name it any more. */
static int add_address(struct aur_buf *b, const struct aur_team_host *h)
{
	const char *user = h->my_user != NULL ? h->my_user : h->user;
	struct aur_ssh_config *c = NULL;
	int rc = 0;

	if (user == NULL && resolve_host(h, &c) == 0)
		user = c->user;
	rc = aur_buf_addf(b, "%s@%s", user != NULL ? user : "USER",
	    h->alias != NULL ? h->alias : h->address);
	if (rc == 0 && h->port > 0)
		rc = aur_buf_addf(b, ":%u", h->port);
	aur_ssh_config_free(c);
	return rc;
}

/* Nobody looks there, so it is said as what may be. */
static int add_host(struct aur_buf *b, const struct aur_team *t, size_t i)
{
	const struct aur_team_host *h = &t->host[i];
	size_t published;
	int rc = aur_buf_addf(b,
	    "%s: stays, if one was put there: an agent: aurora agent remove ",
	    h->name);

	if (rc == 0)
		rc = add_address(b, h);
	if (rc == 0)
		rc = aur_buf_add_str(b, "\n");
	if (rc == 0 && t->nmember > 0)
		rc = aur_buf_addf(b,
		    "%s: stay, if sync gave them: members' lines: there, sed "
		    "-i '/:%s$/d' ~/.ssh/authorized_keys\n",
		    h->name, t->id);
	if (rc == 0 && aur_team_published(t, &published) && published == i)
		rc = aur_buf_addf(b,
		    "%s: stays: the published file: there, rm "
		    "~/.local/state/aurora/teams/%s.json; the team is "
		    "published nowhere now\n",
		    h->name, t->id);
	return rc;
}

static int note_all(
    struct removing *r, const struct aur_team *t, const size_t *host)
{
	int rc = 0;

	aur_buf_clear(&r->stays);
	for (size_t i = 0; i < r->n && rc == 0; i++)
		rc = add_host(&r->stays, t, host[i]);
	return rc;
}

/* --- the change ----------------------------------------------------------- */

/* A place that is not the team's any more is none. */
static int forget_place(struct aur_team *t, const size_t *host, size_t n)
{
	size_t published;

	if (!aur_team_published(t, &published))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (host[i] == published)
			return aur_team_set_published(t, NULL);
	return 0;
}

static int drop(struct aur_team *t, void *arg)
{
	struct removing *r = arg;
	char why[AUR_TEAM_WHY] = "";
	size_t *host = NULL;
	int rc = 0, status = pick(t, r, &host);

	if (status == CLI_OK && r->clean == NULL)
		rc = note_all(r, t, host);
	if (status == CLI_OK && rc == 0)
		rc = forget_place(t, host, r->n);
	if (rc < 0) {
		status = cli_fail(rc);
	} else if (status == CLI_OK) {
		rc = drop_all(t, host, r->n, why, sizeof(why));
		if (rc < 0)
			status = team_refused(rc, why);
	}
	aur_mem_free(host);
	return status;
}

/* Whether they may go at all, before anything is done on them. */
static int may_go(struct removing *r)
{
	struct aur_team *t = NULL;
	int status = team_load(&t, r->o, TEAM_NEEDED | TEAM_TRUSTED);

	if (status == CLI_OK)
		status = drop(t, r); /* in memory alone */
	aur_team_free(t);
	return status;
}

static int clean(struct removing *r, struct clean *k, int *ret_outcome)
{
	int status = may_go(r);

	*ret_outcome = status;
	if (status != CLI_OK)
		return status;
	status = *ret_outcome = clean_run(k, r->cli, r->o);
	r->clean = k;
	for (size_t i = 0; i < k->n; i++)
		if (!k->host[i].clean)
			cli_error(k->host[i].name,
			    "it stays in the team, as not all was taken away; "
			    "without --clean it goes all the same");
	return status == CLI_UNSAMPLED || status == CLI_FAILED ? CLI_OK
							       : status;
}

static int tell(struct removing *r)
{
	int rc, status = CLI_OK;

	if (r->n == 0)
		return CLI_OK;
	status = team_say(r->cli, "%zu host%s removed from the team", r->n,
	    r->n == 1 ? "" : "s");
	if (status != CLI_OK || r->clean != NULL)
		return status;
	rc = aur_buf_add_slice(&r->cli->out, aur_buf_peek(&r->stays));
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(r->cli) ? CLI_OK : CLI_FAILED;
}

static int exec_remove_host(struct cli *c, struct opts *o)
{
	struct removing r = {.o = o, .cli = c};
	struct clean k = {.n = 0};
	int outcome = CLI_OK;
	int status = team_operands(&team_remove_host, o, 1, 0);

	aur_buf_init(&r.stays, AUR_MAX_JSON);
	if (status == CLI_OK && o->seen[OPT_CLEAN] > 0)
		status = clean(&r, &k, &outcome);
	if (status == CLI_OK)
		status = team_change(o, drop, &r);
	if (status == CLI_OK)
		status = tell(&r);
	clean_release(&k);
	aur_buf_release(&r.stays);
	return status == CLI_OK ? outcome : status;
}

static const enum opt_id options[] = {
    OPT_CLEAN, OPT_EXCLUDE, OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_remove_host = {
    .name = "team remove host",
    .summary = "take hosts out of the team",
    .usage = "[--clean] HOST...",
    .detail =
	"What stays on the hosts is listed, with the command that takes it "
	"away. --clean does\nso first: the lines of all members of the team, "
	"an agent that was put there and its\nservice, the published file; a "
	"host where that fails stays in the team.",
    .options = options,
    .exec = exec_remove_host,
};
