/* SPDX-License-Identifier: MIT */
/*
 * team add, edit, remove member: who may reach the hosts, with which key and
 * as what. It is written down here; the hosts learn of it by another command.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "ssh/key.h"

#include <fcntl.h>
#include <unistd.h>

#define KEY_SIZE 4096

struct membering {
	const char *name, *to;
	char key[KEY_SIZE]; /* "": not given */
	const char *role;
	enum aur_team_role role_id;
};

/* --- the key -------------------------------------------------------------- */

/* The first KEY_SIZE bytes of a file; a public key is one line. */
static int read_file(const char *path, char text[KEY_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, text, KEY_SIZE - 1);

	if (fd >= 0)
		close(fd);
	if (n < 0) {
		cli_error(NULL,
		    "option '--key': %s is neither a public key nor a file "
		    "that can be read",
		    path);
		return CLI_USAGE;
	}
	text[n] = '\0';
	return CLI_OK;
}

static int bad_key(const char *text)
{
	if (strstr(text, "PRIVATE KEY") != NULL)
		cli_error(NULL, "that is a private key, which stays where it "
				"is: give the file that ends in .pub");
	else
		cli_error(NULL, "option '--key' wants a public key, as "
				"'ssh-ed25519 AAAA...', or its file");
	return CLI_USAGE;
}

/* Reads --key: type, key and comment, without options in front. */
static int read_key(const char *given, char out[KEY_SIZE])
{
	char text[KEY_SIZE];
	struct aur_slice rest, line;
	struct aur_ssh_line l;
	int n, status = CLI_OK;

	if (strchr(given, ' ') == NULL)
		status = read_file(given, text);
	else if ((size_t)snprintf(text, sizeof(text), "%s", given) >=
		 sizeof(text))
		return bad_key("");
	if (status != CLI_OK)
		return status;
	rest = aur_slice_str(text);
	if (!aur_slice_line(&rest, &line) || aur_ssh_line_parse(line, &l) < 0 ||
	    l.options.n > 0)
		return bad_key(text);
	n = snprintf(out, KEY_SIZE, "%.*s %.*s%s%.*s", (int)l.name.n,
	    (const char *)l.name.p, (int)l.base64.n, (const char *)l.base64.p,
	    l.comment.n > 0 ? " " : "", (int)l.comment.n,
	    l.comment.n > 0 ? (const char *)l.comment.p : "");
	return n > 0 && n < KEY_SIZE ? CLI_OK : bad_key(text);
}

static int read_options(struct membering *m, const struct opts *o)
{
	m->role = o->value[OPT_ROLE];
	m->to = o->value[OPT_NAME];
	if (m->role != NULL &&
	    !aur_team_role_find(aur_slice_str(m->role), &m->role_id)) {
		cli_error(NULL,
		    "option '--role' of a member wants viewer or operator, "
		    "not '%s'",
		    m->role);
		return CLI_USAGE;
	}
	return o->value[OPT_KEY] != NULL ? read_key(o->value[OPT_KEY], m->key)
					 : CLI_OK;
}

/* --- changes -------------------------------------------------------------- */

static const char *nth_member(size_t i, void *arg)
{
	const struct aur_team *t = arg;

	return t->member[i].name;
}

static int no_member(struct aur_team *t, const char *name)
{
	const char *near = opt_nearest(name, nth_member, t->nmember, t);

	cli_error(NULL,
	    "unknown member '%s'%s%s%s: 'aurora team show' lists them", name,
	    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return CLI_USAGE;
}

static int add(struct aur_team *t, void *arg)
{
	struct membering *m = arg;
	const struct aur_team_member member = {
	    .name = m->name, .role = m->role_id, .key = m->key};
	char why[AUR_TEAM_WHY];
	size_t at;
	int rc;

	if (aur_team_find_member(t, aur_slice_str(m->name), &at)) {
		cli_error(NULL,
		    "member %s is in team %s already: 'aurora team edit "
		    "member %s' changes it",
		    m->name, t->name, m->name);
		return CLI_FAILED;
	}
	rc = aur_team_put_member(t, t->nmember, &member, why, sizeof(why));
	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

static int edit(struct aur_team *t, void *arg)
{
	struct membering *m = arg;
	struct aur_team_member member;
	char why[AUR_TEAM_WHY];
	size_t at;
	int rc;

	if (!aur_team_find_member(t, aur_slice_str(m->name), &at))
		return no_member(t, m->name);
	member = t->member[at];
	if (m->to != NULL)
		member.name = m->to;
	if (m->role != NULL)
		member.role = m->role_id;
	if (m->key[0] != '\0')
		member.key = m->key;
	rc = aur_team_put_member(t, at, &member, why, sizeof(why));
	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

static int drop(struct aur_team *t, void *arg)
{
	struct membering *m = arg;
	char why[AUR_TEAM_WHY];
	size_t at;
	int rc;

	if (!aur_team_find_member(t, aur_slice_str(m->name), &at))
		return no_member(t, m->name);
	rc = aur_team_drop_member(t, at, why, sizeof(why));
	return rc < 0 ? team_refused(rc, why) : CLI_OK;
}

/* --- the commands --------------------------------------------------------- */

static int exec_add_member(struct cli *c, struct opts *o)
{
	struct membering m = {.name = o->operand[0]};
	int status = team_operands(&team_add_member, o, 1, 1);

	if (status == CLI_OK)
		status = team_check_name("member", m.name);
	if (status == CLI_OK && o->value[OPT_KEY] == NULL) {
		cli_error(NULL,
		    "which key? --key FILE or --key 'ssh-ed25519 AAAA...': "
		    "'aurora team key' makes one");
		status = CLI_USAGE;
	}
	if (status == CLI_OK)
		status = read_options(&m, o);
	if (status == CLI_OK)
		status = team_change(o, add, &m);
	return status == CLI_OK ? team_say(c,
				      "member %s: added as %s; 'aurora team "
				      "sync' lets hosts know",
				      m.name, aur_team_role_name(m.role_id))
				: status;
}

static int exec_edit_member(struct cli *c, struct opts *o)
{
	struct membering m = {.name = o->operand[0]};
	int status = team_operands(&team_edit_member, o, 1, 1);

	if (status == CLI_OK)
		status = read_options(&m, o);
	if (status == CLI_OK && m.role == NULL && m.to == NULL &&
	    m.key[0] == '\0') {
		cli_error(NULL, "nothing to change: --name, --role or --key");
		status = CLI_USAGE;
	}
	if (status == CLI_OK && m.to != NULL)
		status = team_check_name("member", m.to);
	if (status == CLI_OK)
		status = team_change(o, edit, &m);
	return status == CLI_OK ? team_say(c, "member %s: changed", m.name)
				: status;
}

static int exec_remove_member(struct cli *c, struct opts *o)
{
	struct membering m = {.name = o->operand[0]};
	int status = team_operands(&team_remove_member, o, 1, 1);

	if (status == CLI_OK)
		status = team_change(o, drop, &m);
	return status == CLI_OK
		   ? team_say(c,
			 "member %s: removed from the team; 'aurora team sync' "
			 "takes the lines away that hosts have",
			 m.name)
		   : status;
}

static const enum opt_id add_options[] = {OPT_KEY, OPT_ROLE, OPT_END};
static const enum opt_id edit_options[] = {
    OPT_NAME, OPT_KEY, OPT_ROLE, OPT_END};
static const enum opt_id remove_options[] = {OPT_END};

const struct cmd_entry team_add_member = {
    .name = "team add member",
    .summary = "add a person with a key",
    .usage = "--key KEY [--role ROLE] NAME",
    .detail = "A viewer reads; an operator may also act. Without --role it is "
	      "a viewer.",
    .options = add_options,
    .exec = exec_add_member,
};

const struct cmd_entry team_edit_member = {
    .name = "team edit member",
    .summary = "change a person's name, role or key",
    .usage = "OPTION... NAME",
    .detail = "",
    .options = edit_options,
    .exec = exec_edit_member,
};

const struct cmd_entry team_remove_member = {
    .name = "team remove member",
    .summary = "take a person out of the team",
    .usage = "NAME",
    .detail = "What is on the hosts stays there.",
    .options = remove_options,
    .exec = exec_remove_member,
};
