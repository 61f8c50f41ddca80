/* SPDX-License-Identifier: MIT */
/*
 * team add host: one host or many, each with its address behind it where that
 * is not the name itself. Candidates are read off the line, put into a copy of
 * the team and reached there, so that groups, jumps and what is mine hold, and
 * those that gave a sample are saved in one change.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "cli/team_spec.h"
#include "cli/walk.h"

#define DEFAULT_TEAM "main"

struct candidate {
	const char *name; /* of argv, or of its address */
	bool has_address;
	struct aur_address address;
	bool out;   /* not to be saved, as has been said */
	bool added; /* it is in the team now */
	bool recording;
};

struct adding {
	struct cli *cli;
	const struct opts *opts;
	struct team_spec spec;
	struct candidate *candidate;
	size_t n;
	int status;
};

/* --- the line ------------------------------------------------------------- */

/* Four numbers with dots: nobody calls a second host that right behind the
 * name of the first. */
static bool is_ipv4(const char *word)
{
	struct aur_slice rest = aur_slice_str(word), part;
	uint64_t v;
	int n = 1;

	while (aur_slice_until(&rest, '.', &part)) {
		if (aur_scan_u64(part, &v) < 0 || v > 255)
			return false;
		n++;
	}
	return n == 4 && aur_scan_u64(rest, &v) == 0 && v <= 255;
}

/* Whether `word` is the address of the host `name` and not another name. */
static bool is_address_of(const char *word, const char *name)
{
	size_t n = strlen(name);

	return strpbrk(word, "@:[") != NULL || is_ipv4(word) ||
	       (strncmp(word, name, n) == 0 && word[n] == '.');
}

/* A word that is an address alone names its host as well. */
static int add_word(struct adding *a, const char *word)
{
	struct candidate *last = a->n > 0 ? &a->candidate[a->n - 1] : NULL;
	struct candidate *next = &a->candidate[a->n];

	if (last != NULL && !last->has_address &&
	    is_address_of(word, last->name)) {
		last->has_address = true;
		return team_spec_parse_address(word, &last->address);
	}
	a->n++;
	next->name = word;
	if (strpbrk(word, "@:[") != NULL) {
		next->has_address = true;
		if (team_spec_parse_address(word, &next->address) != CLI_OK)
			return CLI_USAGE;
		next->name = next->address.host;
	}
	return team_check_name("host", next->name);
}

static int read_line(struct adding *a, const struct opts *o)
{
	int status = team_spec_read(&a->spec, o);

	if (status != CLI_OK)
		return status;
	a->candidate = aur_mem_new((size_t)o->noperand, sizeof(*a->candidate));
	if (a->candidate == NULL)
		return cli_fail(AUR_ENOMEM);
	for (int i = 0; i < o->noperand && status == CLI_OK; i++)
		status = add_word(a, o->operand[i]);
	if (status == CLI_OK && a->n > 1 && a->spec.has_address) {
		cli_error(
		    NULL, "option '--address' is for one host, not %zu", a->n);
		status = CLI_USAGE;
	}
	return status;
}

/* --- saving --------------------------------------------------------------- */

static struct aur_team_host host_of(const struct candidate *c)
{
	struct aur_team_host h = {.name = c->name, .address = c->name};

	if (c->has_address)
		team_spec_address(&h, &c->address);
	return h;
}

static int save_one(
    struct aur_team *t, const struct team_spec *spec, struct candidate *c)
{
	struct aur_team_host h = host_of(c);
	struct team_lists lists;
	char why[AUR_TEAM_WHY];
	size_t at;
	int rc;

	if (aur_team_find(t, aur_slice_str(c->name), &at)) {
		c->out = true;
		cli_error(c->name,
		    "it is in team %s already: 'aurora team edit host %s' "
		    "changes it",
		    t->name, c->name);
		return CLI_FAILED;
	}
	team_spec_apply(spec, &h, &lists);
	rc = aur_team_put_host(t, t->nhost, &h, why, sizeof(why));
	if (rc < 0)
		return team_refused(rc, why);
	c->added = true;
	return CLI_OK;
}

/* A host that is there already does not keep the others out; what lib/team
 * refuses does, as nothing may be saved then. */
static int save(struct aur_team *t, void *arg)
{
	struct adding *a = arg;
	size_t added = 0;

	for (size_t i = 0; i < a->n; i++) {
		struct candidate *c = &a->candidate[i];
		int status;

		c->added = false;
		if (c->out)
			continue;
		status = save_one(t, &a->spec, c);
		if (status == CLI_USAGE)
			return status;
		if (status != CLI_OK)
			a->status = status;
		added += c->added ? 1 : 0;
	}
	return added > 0 ? CLI_OK : a->status;
}

/* --- reaching ------------------------------------------------------------- */

/* The one who is `name`; those of the walk are all among them. */
static struct candidate *find(struct adding *a, const char *name)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->candidate[i].name, name) == 0)
			return &a->candidate[i];
	return NULL;
}

static void take_outcome(struct adding *a, const struct walk *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct candidate *c = find(a, w->host[i].name);

		if (c == NULL)
			continue;
		c->recording = w->host[i].recording;
		c->out = !w->host[i].reached;
		if (c->out)
			cli_error(c->name, "not saved; --no-check saves it "
					   "as it is");
	}
}

static int choose(struct hosts *h, const struct adding *a)
{
	size_t at;
	int status = CLI_OK;

	for (size_t i = 0; i < a->n && status == CLI_OK; i++)
		if (a->candidate[i].added)
			status = hosts_one(
			    h, aur_slice_str(a->candidate[i].name), &at);
	return status;
}

/* Those that are not reached are out. */
static int reach(struct adding *a)
{
	struct aur_team *t = NULL;
	struct hosts hosts;
	struct walk w = {.cli = NULL};
	struct walk_how how = {
	    .accept_new = a->opts->seen[OPT_ACCEPT_NEW] > 0,
	    .install = a->opts->seen[OPT_INSTALL] > 0,
	    .ask = ask_can(),
	};
	int status;

	status = team_load(&t, a->opts, TEAM_NEEDED | TEAM_TRUSTED);
	if (status == CLI_OK)
		status = save(t, a); /* in memory alone */
	hosts_begin_team(&hosts, a->opts, t);
	if (status == CLI_OK)
		status = choose(&hosts, a);
	if (status == CLI_OK)
		status = walk_run(&w, a->cli, a->opts, &hosts, &how);
	if (status == CLI_OK || status == CLI_UNSAMPLED) {
		take_outcome(a, &w);
		if (status != CLI_OK)
			a->status = status;
		status = CLI_OK;
	}
	walk_release(&w);
	hosts_release(&hosts);
	return status;
}

/* --- the command ---------------------------------------------------------- */

/* Where there is no team, one is made. */
static int find_team(struct cli *c, const struct opts *o)
{
	char name[TEAM_NAME];
	int status = team_current(o, name);

	if (status != CLI_OK || name[0] != '\0')
		return status;
	status = team_make(DEFAULT_TEAM);
	return status == CLI_OK
		   ? team_say(c, "team " DEFAULT_TEAM ": made, and in use")
		   : status;
}

/* What became of it; and how a host begins to keep its nights. */
static int say_saved(const struct adding *a, const struct candidate *c)
{
	if (a->opts->seen[OPT_NO_CHECK] > 0)
		return team_say(a->cli, "%s: saved, and not reached", c->name);
	if (c->recording)
		return team_say(
		    a->cli, "%s: saved; it keeps a record", c->name);
	return team_say(a->cli,
	    "%s: saved; it keeps no record of what nobody looks at: aurora "
	    "agent install %s",
	    c->name, c->name);
}

static int tell(const struct adding *a)
{
	int status = a->status;

	for (size_t i = 0; i < a->n; i++) {
		const struct candidate *c = &a->candidate[i];

		if (c->added && say_saved(a, c) != CLI_OK)
			status = CLI_FAILED;
	}
	return status;
}

static bool any_left(const struct adding *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (!a->candidate[i].out)
			return true;
	return false;
}

static int add_hosts(struct adding *a)
{
	int status = read_line(a, a->opts);

	if (status == CLI_OK)
		status = find_team(a->cli, a->opts);
	if (status == CLI_OK && a->opts->seen[OPT_NO_CHECK] == 0)
		status = reach(a);
	if (status == CLI_OK && !any_left(a))
		return a->status;
	if (status == CLI_OK)
		status = team_change(a->opts, save, a);
	return status == CLI_OK ? tell(a) : status;
}

static int exec_add_host(struct cli *c, struct opts *o)
{
	struct adding *a;
	int status = team_operands(&team_add_host, o, 1, 0);

	if (status != CLI_OK)
		return status;
	a = aur_mem_new(1, sizeof(*a));
	if (a == NULL)
		return cli_fail(AUR_ENOMEM);
	a->cli = c;
	a->opts = o;
	status = add_hosts(a);
	aur_mem_free(a->candidate);
	aur_mem_free(a);
	return status;
}

static const enum opt_id options[] = {OPT_NO_CHECK, OPT_ADDRESS, OPT_GROUP,
    OPT_TAG, OPT_IDENTITY, OPT_ALIAS, OPT_JUMP, OPT_VIA, OPT_ROLE, OPT_AGENT,
    OPT_HOST_KEY, OPT_ACCEPT_NEW, OPT_INSTALL, OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_add_host = {
    .name = "team add host",
    .summary = "reach hosts, and add them",
    .usage = "[OPTION...] NAME [[USER@]ADDRESS[:PORT]]...",
    .detail =
	"The address defaults to the name, and the name to the address:\n"
	"web1, alice@web1 and 'web1 alice@192.0.2.1:2222' are all right.\n"
	"What is not said is as ~/.ssh/config has it.\n"
	"Each is reached first, a line for each step; one that cannot be is\n"
	"not saved, and keeps no other out.\n"
	"Without a team it makes main.",
    .options = options,
    .exec = exec_add_host,
};
