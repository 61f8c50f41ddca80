/* SPDX-License-Identifier: MIT */
/*
 * team invite: the code for somebody who is to join. The host is reached for
 * it: so its key is the one that was met, and the file is there.
 */
#include "cli/team_part.h"

#include "base/address.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/meet.h"
#include "team/code.h"
#include "team/copy.h"

struct inviting {
	struct cli *cli;
	const struct opts *opts;
	struct aur_code code;
	size_t jump[AUR_MAX_HOST_JUMPS]; /* hosts of the team; else nhost */
	size_t nhost;
};

/* As others see the host: what is mine alone does not count. */
static void set_place(struct aur_code_place *p, const struct aur_team_host *h)
{
	snprintf(p->at.user, sizeof(p->at.user), "%s",
	    h->user != NULL ? h->user : "");
	snprintf(p->at.host, sizeof(p->at.host), "%s", h->address);
	p->at.port = (uint16_t)h->port;
	snprintf(p->host_key, sizeof(p->host_key), "%s",
	    h->host_key != NULL ? h->host_key : "");
}

/* The hosts to pass: those of the team, or addresses. */
static int add_jumps(
    struct inviting *v, const struct aur_team *t, const struct aur_team_host *h)
{
	struct aur_address list[AUR_MAX_HOST_JUMPS];
	size_t at;
	int n;

	if (h->jump == NULL || strcmp(h->jump, "none") == 0)
		return CLI_OK;
	n = aur_address_parse_list(
	    aur_slice_str(h->jump), list, AUR_MAX_HOST_JUMPS, NULL);
	if (n < 0)
		return cli_fail(n);
	for (int i = 0; i < n; i++) {
		struct aur_code_place *p = &v->code.place[v->code.nplace++];

		v->jump[i] = t->nhost;
		if (aur_team_find(t, aur_slice_str(list[i].host), &at)) {
			set_place(p, &t->host[at]);
			v->jump[i] = at;
		} else {
			p->at = list[i];
		}
	}
	return CLI_OK;
}

static int make_code(struct inviting *v, const struct meet *m, size_t host)
{
	struct aur_code *code = &v->code;
	const struct aur_team *t = m->hosts.team;
	const struct aur_team_host *h = &t->host[host];
	struct aur_code_place *p;
	int status;

	v->nhost = t->nhost;
	snprintf(code->name, sizeof(code->name), "%s", t->name);
	snprintf(code->id, sizeof(code->id), "%s", t->id);
	status = add_jumps(v, t, h);
	p = &code->place[code->nplace++];
	set_place(p, h);
	if (p->host_key[0] == '\0')
		snprintf(p->host_key, sizeof(p->host_key), "%s", m->host_key);
	if (status == CLI_OK && p->host_key[0] == '\0') {
		cli_error(h->name,
		    "its host key was not told on this way: give it, as "
		    "'ssh-keygen -lf' shows it there, with 'aurora team edit "
		    "host --host-key SHA256:... %s'",
		    h->name);
		status = CLI_FAILED;
	}
	return status;
}

static int print_code(struct cli *c, const struct aur_code *code)
{
	struct aur_buf text;
	int rc, status;

	aur_buf_init(&text, AUR_MAX_JSON);
	rc = aur_code_write(&text, code);
	if (rc == 0 && aur_buf_str(&text) == NULL)
		rc = AUR_ENOMEM;
	status = rc < 0 ? cli_fail(rc) : team_say(c, "%s", aur_buf_str(&text));
	aur_buf_release(&text);
	if (status == CLI_OK)
		fprintf(stderr,
		    "aurora: whom you give it runs 'aurora team join CODE', "
		    "and gives you a line to run\n");
	return status;
}

/* The keys of the hosts on the way, where they are the team's: who joins has
 * nobody to ask. One that cannot be met now is left for him to look at. */
static int meet_jumps(struct inviting *v)
{
	int status = CLI_OK;

	for (size_t i = 0; i + 1 < v->code.nplace && status == CLI_OK; i++) {
		struct aur_code_place *p = &v->code.place[i];
		struct aur_team *t = NULL;
		struct meet m;

		if (p->host_key[0] != '\0' || v->jump[i] >= v->nhost)
			continue;
		status = team_load(&t, v->opts, TEAM_NEEDED | TEAM_TRUSTED);
		if (status != CLI_OK || t->nhost != v->nhost) {
			aur_team_free(t);
			return status;
		}
		status = meet_open(&m, v->cli, v->opts, t, v->jump[i], NULL);
		snprintf(p->host_key, sizeof(p->host_key), "%s", m.host_key);
		meet_close(&m);
	}
	return status;
}

/* That it is there, and not out of date. */
static int look(struct meet *m)
{
	const char *name;
	struct aur_buf ours;
	int rc, status = meet_need(m);

	if (status == CLI_OK)
		status = meet_fetch(m);
	if (status != CLI_OK)
		return status;
	name = meet_host(m)->name;
	if (m->theirs.n == 0) {
		cli_error(name,
		    "the team's file is not there (any more): 'aurora team "
		    "publish %s'",
		    name);
		return CLI_FAILED;
	}
	aur_buf_init(&ours, AUR_MAX_JSON);
	rc = aur_team_text(m->hosts.team, &ours);
	if (rc == 0 &&
	    !aur_slice_eq(aur_buf_peek(&ours), aur_buf_peek(&m->theirs)))
		cli_error(name,
		    "its copy of the team is not what is here: 'aurora team "
		    "publish' brings both together");
	aur_buf_release(&ours);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}

static int invite(struct inviting *v, struct aur_team *t)
{
	struct meet m;
	size_t host = 0;
	int status;

	if (!aur_team_published(t, &host)) {
		cli_error(NULL,
		    "team %s is not published, so there is no place to join "
		    "at: 'aurora team publish HOST'",
		    t->name);
		aur_team_free(t);
		return CLI_FAILED;
	}
	status = meet_open(&m, v->cli, v->opts, t, host, NULL);
	if (status == CLI_OK)
		status = look(&m);
	if (status == CLI_OK)
		status = make_code(v, &m, host);
	meet_close(&m);
	if (status == CLI_OK)
		status = meet_jumps(v);
	return status == CLI_OK ? print_code(v->cli, &v->code) : status;
}

static int exec_invite(struct cli *c, struct opts *o)
{
	struct inviting *v;
	struct aur_team *t = NULL;
	int status = team_operands(&team_invite, o, 0, 0);

	if (status == CLI_OK)
		status = team_load(&t, o, TEAM_NEEDED | TEAM_TRUSTED);
	if (status != CLI_OK)
		return status;
	v = aur_mem_new(1, sizeof(*v));
	if (v == NULL) {
		aur_team_free(t);
		return cli_fail(AUR_ENOMEM);
	}
	v->cli = c;
	v->opts = o;
	status = invite(v, t);
	aur_mem_free(v);
	return status;
}

static const enum opt_id options[] = {OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_invite = {
    .name = "team invite",
    .summary = "print the code with which others join",
    .usage = "",
    .detail = "It names the team, the host that has its file, and that host's "
	      "key; no secret is\nin it. Who joins with it is let in when you "
	      "give his key a line.",
    .options = options,
    .exec = exec_invite,
};
