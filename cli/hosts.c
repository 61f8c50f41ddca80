/* SPDX-License-Identifier: MIT */
/*
 * A word that means no host is never silently nothing: a script that watches
 * nobody is worse than one that fails.
 *
 * A team is read when the first word needs it, and no sooner: `aurora status
 * local` works on the day on which the team's file is damaged.
 */
#include "cli/hosts.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/team.h"

#include <unistd.h>

/* A glob that the shell has replaced by a file's name. */
static bool is_file(const char *word)
{
	return strchr(word, '.') != NULL && strchr(word, '@') == NULL &&
	       access(word, F_OK) == 0;
}

static int say(const struct aur_select *s, int rc)
{
	if (rc == AUR_EABSENT && is_file(s->word))
		cli_error(NULL,
		    "%s is a file here: quote the glob, as in 'web*'", s->word);
	else if (rc == AUR_EABSENT || rc == AUR_EINVALID)
		cli_error(NULL, "%s", s->why);
	else
		return cli_fail(rc);
	return CLI_USAGE;
}

void hosts_begin(struct hosts *h, const struct opts *o)
{
	*h = (struct hosts){.opts = o};
	aur_select_init(&h->select, NULL);
}

void hosts_begin_team(
    struct hosts *h, const struct opts *o, struct aur_team *team)
{
	hosts_begin(h, o);
	h->team = team;
	h->select.team = team;
	h->looked = true;
}

static int need_team(struct hosts *h)
{
	int status = CLI_OK;

	if (!h->looked)
		status = team_load(&h->team, h->opts, TEAM_TRUSTED);
	h->looked = true;
	h->select.team = h->team;
	return status;
}

/* Reads the team where the words speak of it. */
static int prepare(struct hosts *h, struct aur_slice words)
{
	return aur_select_needs_team(words) ? need_team(h) : CLI_OK;
}

static bool same_pick(const struct aur_pick *a, const struct aur_pick *b)
{
	return a->kind == b->kind && strcmp(a->name, b->name) == 0;
}

int hosts_one(struct hosts *h, struct aur_slice word, size_t *ret_index)
{
	struct aur_select one;
	size_t i = 0;
	int rc, status = prepare(h, word);

	if (status != CLI_OK)
		return status;
	aur_select_init(&one, h->team);
	rc = aur_select_add(&one, word);
	if (rc < 0) {
		status = say(&one, rc);
	} else if (one.n != 1) {
		cli_error(NULL, "'%.*s' means %zu hosts: name one", (int)word.n,
		    (const char *)word.p, one.n);
		status = CLI_USAGE;
	}
	while (status == CLI_OK && i < h->select.n &&
	       !same_pick(&h->select.pick[i], &one.pick[0]))
		i++;
	if (status == CLI_OK && i == h->select.n) {
		rc = aur_select_add(&h->select, word);
		status = rc < 0 ? say(&h->select, rc) : CLI_OK;
	}
	if (status == CLI_OK)
		*ret_index = i;
	aur_select_release(&one);
	return status;
}

/* Adds the words, or with `less` takes them away. */
static int take_words(struct hosts *h, const char *text, bool less)
{
	struct aur_slice words = aur_slice_str(text);
	int rc, status = prepare(h, words);

	if (status != CLI_OK)
		return status;
	rc = less ? aur_select_less(&h->select, words)
		  : aur_select_add(&h->select, words);
	return rc < 0 ? say(&h->select, rc) : CLI_OK;
}

static int take_rest(struct hosts *h)
{
	int rc, status = need_team(h);

	if (status != CLI_OK)
		return status;
	rc = aur_select_rest(&h->select);
	return rc < 0 ? say(&h->select, rc) : CLI_OK;
}

static int choose(struct hosts *h, const struct opts *o)
{
	const char *less;
	size_t at = 0;
	int status = CLI_OK;

	h->named = o->noperand > 0;
	for (int i = 0; i < o->noperand && status == CLI_OK; i++)
		status = take_words(h, o->operand[i], false);
	if (!h->named)
		status = take_rest(h);
	while (status == CLI_OK &&
	       (less = opt_each(o, OPT_EXCLUDE, &at)) != NULL) {
		status = take_words(h, less, true);
		if (status != CLI_OK || h->select.n > 0)
			continue;
		cli_error(NULL,
		    "no host is left: -x %s leaves out all there are", less);
		status = CLI_USAGE;
	}
	return status;
}

int hosts_choose(struct hosts *h, const struct opts *o)
{
	hosts_begin(h, o);
	return choose(h, o);
}

int hosts_choose_in(
    struct hosts *h, const struct opts *o, struct aur_team *team)
{
	hosts_begin_team(h, o, team);
	h->lent = true;
	h->select.listed = "'aurora status --bundle FILE' lists those in it";
	return choose(h, o);
}

/* --- reaching ------------------------------------------------------------- */

static struct aur_fleet_host of_team(const struct aur_team_host *t)
{
	static const enum aur_fleet_via via[] = {
	    [AUR_VIA_AUTO] = AUR_FLEET_AUTO,
	    [AUR_VIA_LIBSSH2] = AUR_FLEET_LIBSSH2,
	    [AUR_VIA_OPENSSH] = AUR_FLEET_OPENSSH,
	};

	return (struct aur_fleet_host){
	    .name = t->name,
	    .id = t->id,
	    .user = t->my_user != NULL ? t->my_user : t->user,
	    .address = t->alias != NULL ? t->alias : t->address,
	    .port = t->port,
	    .jump = t->jump,
	    .via = via[t->via],
	    .identity = t->identity,
	    .agent = t->agent,
	    .host_key = t->host_key,
	    .groups = t->group,
	    .ngroup = t->ngroup,
	};
}

static struct aur_fleet_host of_pick(
    const struct hosts *h, const struct aur_pick *p)
{
	const struct aur_address *a = p->address;

	if (p->kind == AUR_PICK_HOST)
		return of_team(&h->team->host[p->host]);
	if (p->kind == AUR_PICK_LOCAL)
		return (struct aur_fleet_host){
		    .name = p->name, .via = AUR_FLEET_LOCAL};
	return (struct aur_fleet_host){
	    .name = p->name,
	    .user = a->user[0] != '\0' ? a->user : NULL,
	    .address = a->host,
	    .port = a->port,
	};
}

static bool is_chosen(const struct hosts *h, size_t host)
{
	for (size_t i = 0; i < h->select.n; i++)
		if (h->select.pick[i].kind == AUR_PICK_HOST &&
		    h->select.pick[i].host == host)
			return true;
	return false;
}

/* All others of the team may stand on the way to those chosen. */
static int add_jumps(struct hosts *h)
{
	size_t n = h->team != NULL ? h->team->nhost : 0;

	h->jump = aur_mem_new(n + 1, sizeof *h->jump);
	if (h->jump == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < n; i++)
		if (!is_chosen(h, i))
			h->jump[h->njump++] = of_team(&h->team->host[i]);
	return CLI_OK;
}

int hosts_reach(struct hosts *h)
{
	if (h->reach != NULL)
		return CLI_OK;
	h->reach = aur_mem_new(h->select.n + 1, sizeof *h->reach);
	if (h->reach == NULL)
		return cli_fail(AUR_ENOMEM);
	for (h->n = 0; h->n < h->select.n; h->n++) {
		h->reach[h->n] = of_pick(h, &h->select.pick[h->n]);
		h->reach[h->n].alone = h->alone;
	}
	return add_jumps(h);
}

const char *hosts_team(const struct hosts *h)
{
	return h->team != NULL && !h->lent ? h->team->name : NULL;
}

void hosts_release(struct hosts *h)
{
	aur_select_release(&h->select);
	if (!h->lent)
		aur_team_free(h->team);
	aur_mem_free(h->reach);
	aur_mem_free(h->jump);
	*h = (struct hosts){.team = NULL};
}
