/* SPDX-License-Identifier: MIT */
/*
 * team join: makes the key, tells the owner's line, and tries to log in with
 * that key until it is let in; then the file is fetched and kept.
 *
 *	key --> knock --refused--> wait, 10 s and more --+
 *	          ^                                      |
 *	          +--------------------------------------+
 *	          `--in--> fetch --> save
 *
 * A refused login is seen by who counts them, so the pauses grow to a minute;
 * whoever sits at the terminal may say when. A host key that is not the
 * code's ends it: then the host is not the one that the code is of.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/meet.h"
#include "json/doc.h"
#include "team/code.h"
#include "team/copy.h"

#include <poll.h>
#include <pwd.h>
#include <unistd.h>

#define FIRST_PAUSE_S 10
#define LONGEST_PAUSE_S 60
#define WAIT_S 3600
#define PLACE "place"

struct joining {
	struct cli *cli;
	const struct opts *opts;
	struct aur_code code;
	char local[TEAM_NAME]; /* what the team is called here */
	char member[TEAM_NAME];
	char key[PLACE_SIZE];
	bool there;	/* it is: joined before */
	bool waited;	/* the owner's line was told */
	char said[256]; /* why not, when last told */
	struct aur_buf file;
};

/* --- who ------------------------------------------------------------------ */

/* --name, or the name of the login where that is one. */
static int find_member(struct joining *j)
{
	const char *name = j->opts->value[OPT_NAME];
	const struct passwd *me;

	if (name == NULL) {
		me = getpwuid(getuid());
		name = me != NULL ? me->pw_name : "";
		if (!aur_team_is_name(aur_slice_str(name))) {
			cli_error(NULL, "as whom? --name NAME says it");
			return CLI_USAGE;
		}
	}
	snprintf(j->member, sizeof(j->member), "%s", name);
	return team_check_name("member", name);
}

/* A team of that name may be here: then it must be the same. */
static int find_local(struct joining *j)
{
	const char *given = j->opts->value[OPT_TEAM];
	char dir[PLACE_SIZE], why[AUR_TEAM_WHY];
	struct aur_team *t = NULL;
	int rc, status = CLI_OK;

	snprintf(j->local, sizeof(j->local), "%s",
	    given != NULL ? given : j->code.name);
	if (!aur_team_is_team_name(aur_slice_str(j->local)))
		return team_check_name("team", j->local);
	if (!team_dir(dir, sizeof(dir)))
		return CLI_FAILED;
	rc = aur_team_load(&t, dir, j->local, why, sizeof(why));
	if (rc == AUR_EABSENT)
		return CLI_OK;
	if (rc < 0) {
		cli_error(NULL, "%s", why);
		return CLI_FAILED;
	}
	j->there = strcmp(t->id, j->code.id) == 0;
	if (!j->there) {
		cli_error(NULL,
		    "another team is called %s here: 'aurora --team NAME team "
		    "join ...' gives this one another name",
		    j->local);
		status = CLI_FAILED;
	}
	aur_team_free(t);
	return status;
}

/* --- the place, as a team of its own -------------------------------------- */

static int add_place(const struct aur_at *hosts, const struct aur_code_place *p,
    size_t i, const char *jump, bool last)
{
	char name[32], id[32];
	struct aur_at at;
	int rc = aur_at_append(hosts, &at);

	snprintf(name, sizeof(name), "jump%zu", i + 1);
	snprintf(id, sizeof(id), "place-%04zu", i);
	if (rc == 0)
		rc = aur_at_set_text(&at, "name",
		    !last					  ? name
		    : aur_team_is_name(aur_slice_str(p->at.host)) ? p->at.host
								  : PLACE);
	if (rc == 0)
		rc = aur_at_set_text(&at, "id", id);
	if (rc == 0)
		rc = aur_at_set_text(&at, "address", p->at.host);
	if (rc == 0 && p->at.user[0] != '\0')
		rc = aur_at_set_text(&at, "user", p->at.user);
	if (rc == 0 && p->at.port > 0)
		rc = aur_at_set_number(&at, "port", p->at.port);
	if (rc == 0 && p->host_key[0] != '\0')
		rc = aur_at_set_text(&at, "host_key", p->host_key);
	if (rc == 0 && last && jump[0] != '\0')
		rc = aur_at_set_text(&at, "jump", jump);
	return rc;
}

static int fill(struct aur_doc *d, const struct aur_code *code)
{
	struct aur_at root = aur_doc_root(d), hosts;
	char jump[32 * (AUR_MAX_HOST_JUMPS + 1)] = "";
	size_t n = 0;
	int rc = aur_at_set_text(&root, "name", code->name);

	if (rc == 0)
		rc = aur_at_set_text(&root, "id", code->id);
	if (rc == 0)
		rc = aur_at_make_list(&root, "hosts", &hosts);
	for (size_t i = 0; i < code->nplace && rc == 0; i++) {
		bool last = i + 1 == code->nplace;

		rc = add_place(&hosts, &code->place[i], i, jump, last);
		if (!last)
			n += (size_t)snprintf(jump + n, sizeof(jump) - n,
			    "%sjump%zu", n > 0 ? "," : "", i + 1);
	}
	return rc;
}

/* The host that the code names, reached with our key, as any host of a team
 * is. */
static int make_team(const struct joining *j, struct aur_team **ret_team)
{
	char why[AUR_TEAM_WHY];
	struct aur_doc *d = NULL;
	struct aur_buf text;
	int rc = aur_doc_new(&d);

	aur_buf_init(&text, AUR_MAX_JSON);
	if (rc == 0)
		rc = fill(d, &j->code);
	if (rc == 0)
		rc = aur_doc_write(d, &text);
	aur_doc_free(d);
	if (rc < 0) {
		aur_buf_release(&text);
		return cli_fail(rc);
	}
	rc = aur_team_parse(ret_team, j->code.name, aur_buf_peek(&text),
	    aur_slice_str(""), why, sizeof(why));
	aur_buf_release(&text);
	if (rc == 0)
		rc = aur_team_set_identity(*ret_team, j->key, why, sizeof(why));
	if (rc < 0)
		cli_error(NULL, "%s", why);
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

/* --- waiting -------------------------------------------------------------- */

/* A comment says nothing to the owner, and a shell may read it its own way. */
static void cut_comment(char *key)
{
	char *end = strchr(key, ' ');

	if (end != NULL)
		end = strchr(end + 1, ' ');
	if (end != NULL)
		*end = '\0';
}

/* The line for the owner is the answer, as it is to be copied. */
static int tell_line(struct joining *j)
{
	char key[TEAM_KEY_LINE];
	int status = CLI_OK;

	if (j->waited)
		return CLI_OK;
	j->waited = true;
	status = team_read_key(j->key, key);
	if (status == CLI_OK) {
		cut_comment(key);
		status = team_say(j->cli,
		    "aurora --team %s team add member %s --key '%s' && aurora "
		    "--team %s team sync",
		    j->code.name, j->member, key, j->code.name);
	}
	if (status == CLI_OK)
		fprintf(stderr,
		    "aurora: that line is for the owner of team %s to run; "
		    "waiting for it. Ctrl-C does no harm: the same command "
		    "goes on\n",
		    j->code.name);
	return status;
}

/* A pause, or the Enter of who knows that it is done. */
static void pause_for(int seconds)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	char c;

	if (!team_can_ask()) {
		(void)poll(NULL, 0, seconds * 1000);
		return;
	}
	fprintf(stderr,
	    "aurora: not let in yet; again in %d s, or with Enter\n", seconds);
	if (poll(&p, 1, seconds * 1000) > 0)
		while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
			;
}

/* The reason, when it is another than before. */
static void tell_why(struct joining *j, const struct aur_feed_host *h)
{
	const char *why = h->error != NULL ? h->error : "it does not answer";

	if (strncmp(why, j->said, sizeof(j->said) - 1) == 0)
		return;
	snprintf(j->said, sizeof(j->said), "%s", why);
	cli_error(h->name, "%s", why);
}

/* What a failure means. CLI_OK: it may be another in a while. */
static int judge(struct joining *j, const struct meet *m)
{
	const struct aur_feed_host *h = meet_host(m);

	switch (h->state) {
	case AUR_HOST_KEY_CHANGED:
		cli_error(h->name,
		    "%s: this is not the host that the code is of: ask who "
		    "gave it to you, and do not log in",
		    h->error != NULL ? h->error : "another host key");
		return CLI_FAILED;
	case AUR_HOST_AUTH_FAILED:
	case AUR_HOST_UNREACHABLE:
	case AUR_HOST_STALE:
	case AUR_HOST_CONNECTING:
		tell_why(j, h);
		return tell_line(j);
	default:
		return meet_need(m);
	}
}

/* One try. `ret_in`: the file is there. */
static int knock(struct joining *j, bool *ret_in)
{
	static const struct meet_how how = {.alone = true};
	struct aur_team *t = NULL;
	struct meet m;
	int rc, status = make_team(j, &t);

	*ret_in = false;
	if (status != CLI_OK) {
		aur_team_free(t);
		return status;
	}
	status = meet_open(&m, j->cli, j->opts, t, j->code.nplace - 1, &how);
	if (status == CLI_OK && meet_host(&m)->state != AUR_HOST_UP) {
		status = judge(j, &m);
	} else if (status == CLI_OK) {
		status = meet_fetch(&m);
		*ret_in = status == CLI_OK && m.theirs.n > 0;
		if (status == CLI_OK && !*ret_in) {
			cli_error(meet_host(&m)->name,
			    "the team is not published there (any more): ask "
			    "its owner for a new code");
			status = CLI_FAILED;
		}
		rc = *ret_in
			 ? aur_buf_add_slice(&j->file, aur_buf_peek(&m.theirs))
			 : 0;
		if (rc < 0)
			status = cli_fail(rc);
	}
	meet_close(&m);
	return status;
}

static int wait_in(struct joining *j, bool made)
{
	struct aur_span most = aur_span_seconds(WAIT_S);
	struct aur_mono end;
	int pause = FIRST_PAUSE_S;
	bool in = false;
	int status = opt_seconds(j->opts, OPT_WAIT, 0, 86400, &most);

	end = aur_mono_add(aur_clock_mono(), most);
	if (status == CLI_OK && made) /* nobody can know it yet */
		status = tell_line(j);
	while (status == CLI_OK && !in) {
		status = knock(j, &in);
		if (status != CLI_OK || in)
			break;
		if (aur_mono_since(end, aur_clock_mono()).ns <= 0) {
			cli_error(NULL,
			    "not let in: the same command goes on when the "
			    "owner has run the line");
			return CLI_FAILED;
		}
		pause_for(pause);
		if (pause < LONGEST_PAUSE_S)
			pause += 10;
	}
	return status;
}

/* --- saving --------------------------------------------------------------- */

static int save(const char *dir, void *arg)
{
	struct joining *j = arg;
	struct aur_slice file = aur_buf_peek(&j->file);
	char why[AUR_TEAM_WHY];
	struct aur_team *t = NULL;
	int rc = aur_team_new(&t, dir, j->local, why, sizeof(why));

	if (rc == 0)
		rc = aur_team_take(t, file, why, sizeof(why));
	if (rc == 0 && strcmp(t->id, j->code.id) != 0) {
		snprintf(why, sizeof(why),
		    "what was published there is another team");
		rc = AUR_EINVALID;
	}
	if (rc == 0)
		rc = aur_team_set_seen(t, file, why, sizeof(why));
	if (rc == 0)
		rc = aur_team_set_identity(t, j->key, why, sizeof(why));
	if (rc == 0)
		rc = aur_team_save(t, why, sizeof(why));
	aur_team_free(t);
	if (rc < 0)
		cli_error(NULL, "%s", why);
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

/* Joined before: what is new comes as with pull. */
static int merge(struct joining *j)
{
	struct opts o = *j->opts;
	struct meet_merge g = {.opts = &o, .theirs = aur_buf_peek(&j->file)};
	int status;

	o.value[OPT_TEAM] = j->local;
	status = meet_merge(&g, j->cli);
	meet_merge_release(&g);
	return status;
}

static int tell(struct joining *j)
{
	char current[TEAM_NAME];
	struct aur_team *t = NULL;
	int status = team_load_name(&t, j->local, 0);

	if (status == CLI_OK)
		status = team_say(j->cli,
		    "team %s: joined; %zu host%s, %zu "
		    "member%s: 'aurora --team %s status' "
		    "shows them",
		    j->local, t->nhost, t->nhost == 1 ? "" : "s", t->nmember,
		    t->nmember == 1 ? "" : "s", j->local);
	aur_team_free(t);
	if (status == CLI_OK)
		status = team_current(&(struct opts){.noperand = 0}, current);
	if (status == CLI_OK && current[0] == '\0')
		status = team_keep(j->local);
	else if (status == CLI_OK && strcmp(current, j->local) != 0)
		status = team_say(j->cli,
		    "team %s stays the one in use: 'aurora team use %s'",
		    current, j->local);
	return status;
}

static int join(struct joining *j)
{
	bool made = false;
	int status = find_member(j);

	if (status == CLI_OK)
		status = find_local(j);
	if (status == CLI_OK)
		status = team_make_key(j->code.name, j->key, &made);
	if (status == CLI_OK)
		status = wait_in(j, made);
	if (status == CLI_OK)
		status = j->there ? merge(j) : team_hold(save, j);
	return status == CLI_OK ? tell(j) : status;
}

static int exec_join(struct cli *c, struct opts *o)
{
	char why[160];
	struct joining *j;
	int rc, status = team_operands(&team_join, o, 1, 1);

	if (status != CLI_OK)
		return status;
	j = aur_mem_new(1, sizeof(*j));
	if (j == NULL)
		return cli_fail(AUR_ENOMEM);
	j->cli = c;
	j->opts = o;
	aur_buf_init(&j->file, AUR_MAX_TEAM_FILE);
	rc = aur_code_read(
	    aur_slice_str(o->operand[0]), &j->code, why, sizeof(why));
	if (rc < 0) {
		cli_error(NULL, "%s", why);
		status = CLI_USAGE;
	} else {
		status = join(j);
	}
	aur_buf_release(&j->file);
	aur_mem_free(j);
	return status;
}

static const enum opt_id options[] = {
    OPT_NAME, OPT_WAIT, OPT_YES, OPT_TIMEOUT, OPT_END};

const struct cmd_entry team_join = {
    .name = "team join",
    .summary = "join a team with the code of its owner",
    .usage = "[--name NAME] [--wait SEC] CODE",
    .detail =
	"Makes ~/.ssh/id_aurora_TEAM, prints the line that the owner is to "
	"run, waits until\nthat key is let in, and fetches the team. The name "
	"is that of the login here, if\n--name gives no other. Only the host "
	"whose key is in the code is logged in to.",
    .options = options,
    .exec = exec_join,
};
