/* SPDX-License-Identifier: MIT */
/*
 * One after the other, over one connection each: the lines first, so that
 * nobody is let in to an agent that is about to go; the published file, which
 * an agent is not needed for, and the agent last.
 */
#include "cli/clean.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/meet.h"
#include "cli/team_part.h"
#include "team/copy.h"

/* --- lines ---------------------------------------------------------------- */

static int tell_lines(const struct clean *k)
{
	int status = CLI_OK;

	for (size_t i = 0; i < k->n && status == CLI_OK; i++) {
		const struct sync_host *h = &k->sync.host[i];

		if (!h->done)
			continue;
		status = team_say(k->sync.cli, "%s: %zu line%s taken away",
		    h->name, h->plan.ntake, h->plan.ntake == 1 ? "" : "s");
		if (status == CLI_OK && h->backup[0] != '\0')
			status = team_say(k->sync.cli,
			    "%s: remains: ~/.ssh/%s, as it was before: rm it "
			    "when all is well",
			    h->name, h->backup);
	}
	return status;
}

static int clean_lines(struct clean *k)
{
	int said, status = sync_look(&k->sync);

	if (status == CLI_OK)
		status = sync_write(&k->sync);
	for (size_t i = 0; i < k->n; i++) {
		const struct sync_host *h = &k->sync.host[i];

		k->host[i].clean =
		    !h->wrong && !h->lost && (h->done || h->plan.ntake == 0);
	}
	said = tell_lines(k);
	return status == CLI_OK ? said : status;
}

/* --- the published file --------------------------------------------------- */

/* A connection of its own: what runs on a host runs alone. */
static int take_copy(
    struct clean *k, const struct opts *o, size_t host, size_t i)
{
	struct aur_team *t = NULL;
	struct meet m;
	int status = team_load(&t, o, TEAM_NEEDED);

	if (status != CLI_OK || host >= t->nhost) {
		aur_team_free(t);
		return status;
	}
	status = meet_open(&m, k->sync.cli, o, t, host, NULL);
	if (status == CLI_OK && meet_host(&m)->state != AUR_HOST_UP &&
	    meet_host(&m)->state != AUR_HOST_NO_AGENT)
		status = meet_need(&m);
	if (status == CLI_OK)
		status = meet_remove(&m);
	meet_close(&m);
	k->host[i].clean = status == CLI_OK && k->host[i].clean;
	return status == CLI_OK
		   ? team_say(k->sync.cli,
			 "%s: took away the published file: the team is "
			 "published nowhere now",
			 k->host[i].name)
		   : status;
}

static int clean_copy(struct clean *k, const struct opts *o)
{
	size_t host;

	if (!aur_team_published(k->sync.hosts.team, &host))
		return CLI_OK;
	for (size_t i = 0; i < k->n; i++)
		if (k->sync.host[i].host == host && !k->sync.host[i].lost)
			return take_copy(k, o, host, i);
	return CLI_OK;
}

/* --- the agent ------------------------------------------------------------ */

static int clean_agents(struct clean *k)
{
	int status = push_begin(&k->push, &k->sync.session, NULL);

	for (size_t i = 0; i < k->push.n && status == CLI_OK; i++)
		if (k->push.host[i].reached && k->push.host[i].is.nfound > 0)
			k->push.host[i].todo = PUSH_REMOVE;
	if (status == CLI_OK)
		status = push_work(&k->push);
	for (size_t i = 0; i < k->push.n && k->push.host != NULL; i++)
		if (k->push.host[i].failed || !k->push.host[i].reached)
			k->host[i].clean = false;
	return status;
}

/* --- all of it ------------------------------------------------------------ */

static int outcome(const struct clean *k)
{
	int status = CLI_OK;

	for (size_t i = 0; i < k->n; i++)
		if (!k->host[i].clean && !k->sync.host[i].lost)
			return CLI_FAILED;
		else if (!k->host[i].clean)
			status = CLI_UNSAMPLED;
	return status;
}

int clean_run(struct clean *k, struct cli *c, const struct opts *o)
{
	int status;

	*k = (struct clean){.n = 0};
	status = sync_open(&k->sync, c, o);
	if (status != CLI_OK)
		return status;
	k->sync.clean = true;
	k->host = aur_mem_new(k->sync.n + 1, sizeof *k->host);
	if (k->host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (k->n = 0; k->n < k->sync.n; k->n++)
		k->host[k->n].name = k->sync.host[k->n].name;
	status = clean_lines(k);
	if (status == CLI_OK)
		status = clean_copy(k, o);
	if (status == CLI_OK || status == CLI_FAILED)
		status = clean_agents(k);
	return status == CLI_OK ? outcome(k) : status;
}

void clean_release(struct clean *k)
{
	/* the session first: what runs is told */
	sync_close(&k->sync);
	push_release(&k->push);
	aur_mem_free(k->host);
	*k = (struct clean){.n = 0};
}
