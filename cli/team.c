/* SPDX-License-Identifier: MIT */
/*
 * Nobody is asked while the lock is held: a person may think for an hour, and
 * another program would wait as long. So a change is tried, and where it
 * turns out that somebody must be asked first, the lock is given back and all
 * of it begins again.
 */
#include "cli/team.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/place.h"
#include "json/settings.h"

#include <time.h>
#include <unistd.h>

/* How often a change is tried again, and the pause between. */
#define TRIES 500
#define PAUSE_NS 20000000

static int fail(int rc, const char *why)
{
	cli_error(NULL, "%s", why);
	return rc == AUR_EINVALID && why[0] == '\'' ? CLI_USAGE : CLI_FAILED;
}

bool team_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool team_dir(char *out, size_t size)
{
	if (place_config("teams", out, size))
		return true;
	cli_error(NULL, "there is no place for teams: neither "
			"XDG_CONFIG_HOME nor HOME is set to a directory");
	return false;
}

/* --- which ---------------------------------------------------------------- */

static const struct aur_setting current_setting = {
    .name = "team", .kind = AUR_SETTING_TEXT};

static bool is_team(const char *name)
{
	return aur_team_is_team_name(aur_slice_str(name));
}

/* Finds the name; CLI_OK, or the exit status and why. */
static int find_current(
    const struct opts *o, char out[TEAM_NAME], char *why, size_t size)
{
	struct aur_setting s = current_setting;
	const char *name = o->value[OPT_TEAM];
	char path[PLACE_SIZE];

	out[0] = '\0';
	if (name == NULL)
		name = getenv("AURORA_TEAM");
	if (name != NULL && (name[0] != '\0' || o->value[OPT_TEAM] != NULL)) {
		snprintf(out, TEAM_NAME, "%s", name);
		snprintf(why, size,
		    "unknown team '%s': 'aurora team list' shows them", name);
		return is_team(name) ? CLI_OK : CLI_USAGE;
	}
	if (!place_config("config.json", path, sizeof(path)))
		return CLI_OK;
	if (aur_settings_read(path, &s, 1, why, size) < 0)
		return CLI_FAILED;
	if (!s.given || s.text[0] == '\0')
		return CLI_OK;
	snprintf(
	    why, size, "%s: team: '%s' is no name of a team", path, s.text);
	if (!is_team(s.text))
		return CLI_FAILED;
	snprintf(out, TEAM_NAME, "%s", s.text);
	return CLI_OK;
}

int team_current(const struct opts *o, char out[TEAM_NAME])
{
	char why[AUR_TEAM_WHY + AUR_SETTING_TEXT_MAX];
	int status = find_current(o, out, why, sizeof(why));

	if (status != CLI_OK)
		cli_error(NULL, "%s", why);
	return status;
}

void team_peek(struct aur_team **ret_team, const struct opts *o)
{
	char dir[PLACE_SIZE], why[AUR_TEAM_WHY + AUR_SETTING_TEXT_MAX];
	char name[TEAM_NAME];
	struct aur_team *t = NULL;

	*ret_team = NULL;
	if (find_current(o, name, why, sizeof(why)) == CLI_OK &&
	    name[0] != '\0' && place_config("teams", dir, sizeof(dir)) &&
	    aur_team_load(&t, dir, name, why, sizeof(why)) == 0)
		*ret_team = t;
}

int team_keep(const char *name)
{
	struct aur_setting s = current_setting;
	char path[PLACE_SIZE], why[AUR_TEAM_WHY];

	if (!place_config("config.json", path, sizeof(path)))
		return CLI_FAILED;
	s.given = true;
	snprintf(s.text, sizeof(s.text), "%s", name);
	if (aur_settings_write(path, &s, 1, why, sizeof(why)) == 0)
		return CLI_OK;
	cli_error(NULL, "%s", why);
	return CLI_FAILED;
}

/* --- reading -------------------------------------------------------------- */

static int no_team(const char *dir, const char *name)
{
	const char *near = NULL;
	size_t best = SIZE_MAX;
	char **list = NULL;

	if (aur_team_list(dir, &list) < 0)
		list = NULL;
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		if (aur_text_is_nearer(name, list[i], &best))
			near = list[i];
	if (near != NULL)
		cli_error(NULL,
		    "unknown team '%s'; did you mean '%s'? 'aurora team list' "
		    "shows them",
		    name, near);
	else
		cli_error(NULL,
		    "unknown team '%s': 'aurora team list' shows them, "
		    "'aurora team create %s' makes it",
		    name, name);
	aur_mem_free(list);
	return CLI_USAGE;
}

static void add_change(void *arg, const struct aur_team_change *change)
{
	struct aur_buf *b = arg;
	int rc;

	if (change->was == NULL && strcmp(change->what, "host") == 0)
		rc = aur_buf_addf(b, "%s: new: %s\n", change->host, change->is);
	else
		rc = aur_buf_addf(b, "%s: %s: was %s, is %s\n", change->host,
		    change->what, change->was != NULL ? change->was : "not set",
		    change->is != NULL ? change->is : "not set");
	if (rc < 0) /* then nothing can be shown, and so nothing trusted */
		aur_buf_release(b);
}

int team_list_changes(const struct aur_team *t, struct aur_buf *out)
{
	size_t n;

	aur_buf_init(out, 16u << 20);
	n = aur_team_changes(t, add_change, out);
	if (n == 0 || out->n > 0)
		return 0;
	return AUR_ENOMEM;
}

void team_say_lines(struct aur_slice text)
{
	struct aur_slice line;

	while (aur_slice_line(&text, &line))
		cli_error(NULL, "%.*s", (int)line.n, (const char *)line.p);
}

static int load(struct aur_team **ret, const char *name)
{
	char dir[PLACE_SIZE], why[AUR_TEAM_WHY];
	int rc;

	if (!team_dir(dir, sizeof(dir)))
		return CLI_FAILED;
	rc = aur_team_load(ret, dir, name, why, sizeof(why));
	if (rc == AUR_EABSENT)
		return no_team(dir, name);
	return rc < 0 ? fail(rc, why) : CLI_OK;
}

/* --- the lock ------------------------------------------------------------- */

static void nap(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};

	(void)nanosleep(&pause, NULL);
}

static int lock(const char *dir, int *ret_lock)
{
	char why[AUR_TEAM_WHY];
	int rc = AUR_EBUSY;

	for (int i = 0; i < TRIES && rc == AUR_EBUSY; i++) {
		rc = aur_team_lock(dir, ret_lock, why, sizeof(why));
		if (rc == AUR_EBUSY)
			nap();
	}
	return rc < 0 ? fail(rc, why) : CLI_OK;
}

int team_hold(team_act_fn act, void *arg)
{
	char dir[PLACE_SIZE];
	int held, status;

	if (!team_dir(dir, sizeof(dir)))
		return CLI_FAILED;
	status = lock(dir, &held);
	if (status != CLI_OK)
		return status;
	status = act(dir, arg);
	aur_team_unlock(held);
	return status;
}

/* --- trust ---------------------------------------------------------------- */

/* What was shown, and whether it is still that. */
struct trusting {
	struct aur_buf text;
	bool differs;
};

struct changing {
	const char *name;
	team_change_fn change;
	void *arg;
	bool untrusted; /* somebody must be asked first */
	bool busy;	/* another program was faster */
};

/* Saving trusts what is there; but only what was shown may be trusted. */
static int trust_shown(struct aur_team *t, void *arg)
{
	struct trusting *shown = arg;
	struct aur_buf now;
	int rc = team_list_changes(t, &now);

	shown->differs = rc == 0 && !aur_slice_eq(aur_buf_peek(&now),
					aur_buf_peek(&shown->text));
	aur_buf_release(&now);
	if (rc < 0)
		return cli_fail(rc);
	if (shown->differs)
		cli_error(NULL,
		    "team %s was changed again just now: look "
		    "at it once more",
		    t->name);
	return shown->differs ? CLI_FAILED : CLI_OK;
}

/* Loads, changes, saves. */
static int change_once(const char *dir, void *arg)
{
	struct changing *c = arg;
	struct aur_team *t = NULL;
	char why[AUR_TEAM_WHY];
	int rc, status = load(&t, c->name);

	(void)dir;
	if (status != CLI_OK)
		return status;
	c->untrusted =
	    c->change != trust_shown && aur_team_changes(t, NULL, NULL) > 0;
	if (!c->untrusted)
		status = c->change(t, c->arg);
	if (!c->untrusted && status == CLI_OK) {
		rc = aur_team_save(t, why, sizeof(why));
		c->busy = rc == AUR_EBUSY;
		if (rc < 0 && !c->busy)
			status = fail(rc, why);
	}
	aur_team_free(t);
	return status;
}

static int change_name(const char *name, team_change_fn change, void *arg);

/* Asks about what was shown. */
static int ask(const struct aur_team *t, bool yes)
{
	char question[160];

	if (yes)
		return CLI_OK;
	if (!team_can_ask()) {
		cli_error(NULL,
		    "team %s was changed by somebody else: 'aurora team "
		    "trust' accepts it",
		    t->name);
		return CLI_FAILED;
	}
	snprintf(question, sizeof(question),
	    "Team %s was changed by somebody else. Trust it?", t->name);
	if (cli_confirm(question))
		return CLI_OK;
	cli_error(NULL, "it is not trusted: nobody was reached, nothing was "
			"changed");
	return CLI_FAILED;
}

int team_trust(const struct aur_team *t, bool yes)
{
	struct trusting shown = {.differs = false};
	int rc = team_list_changes(t, &shown.text), status;

	if (rc < 0)
		return cli_fail(rc);
	team_say_lines(aur_buf_peek(&shown.text));
	status = ask(t, yes);
	if (status == CLI_OK)
		status = change_name(t->name, trust_shown, &shown);
	aur_buf_release(&shown.text);
	return status;
}

/* Reads the team again when no program of ours is between its two files, as
 * one that has the lock may be. */
static int load_settled(struct aur_team **ret, const char *name)
{
	char dir[PLACE_SIZE];
	int status, held = -1;

	if (!team_dir(dir, sizeof(dir)))
		return CLI_FAILED;
	if (access(dir, W_OK) == 0) {
		status = lock(dir, &held);
		if (status != CLI_OK)
			return status;
	}
	status = load(ret, name);
	aur_team_unlock(held);
	return status;
}

/* The team as it is when it is trusted, if the user does. */
static int load_trusted(struct aur_team **ret, const char *name)
{
	struct aur_team *t = NULL;
	int status = load_settled(&t, name);

	if (status == CLI_OK && aur_team_changes(t, NULL, NULL) > 0) {
		status = team_trust(t, false);
		aur_team_free(t);
		t = NULL;
		if (status == CLI_OK)
			status = load(&t, name);
	}
	if (status == CLI_OK)
		*ret = t;
	return status;
}

int team_load_name(struct aur_team **ret_team, const char *name, unsigned flags)
{
	struct aur_team *t = NULL;
	int status = load(&t, name);

	if (status != CLI_OK)
		return status;
	if ((flags & TEAM_TRUSTED) == 0 ||
	    aur_team_changes(t, NULL, NULL) == 0) {
		*ret_team = t;
		return CLI_OK;
	}
	aur_team_free(t);
	return load_trusted(ret_team, name);
}

int team_load(struct aur_team **ret_team, const struct opts *o, unsigned flags)
{
	char name[TEAM_NAME];
	int status = team_current(o, name);

	if (status != CLI_OK)
		return status;
	if (name[0] != '\0')
		return team_load_name(ret_team, name, flags);
	*ret_team = NULL;
	if ((flags & TEAM_NEEDED) == 0)
		return CLI_OK;
	cli_error(NULL, "there is no team: 'aurora team create NAME' makes "
			"one, 'aurora team use NAME' names one that is there");
	return CLI_FAILED;
}

/* --- changing ------------------------------------------------------------- */

static int change_name(const char *name, team_change_fn change, void *arg)
{
	struct changing c = {.name = name, .change = change, .arg = arg};
	struct aur_team *t = NULL;
	int status = CLI_OK;

	for (int i = 0; i < TRIES; i++) {
		c.busy = c.untrusted = false;
		status = team_hold(change_once, &c);
		if (status == CLI_OK && c.untrusted) {
			status = team_load_name(&t, name, TEAM_TRUSTED);
			if (status == CLI_OK)
				aur_team_free(t);
			if (status == CLI_OK)
				continue;
		}
		if (status != CLI_OK || !c.busy)
			return status;
		nap();
	}
	cli_error(NULL, "team %s: other programs change it all the time", name);
	return CLI_FAILED;
}

int team_change(const struct opts *o, team_change_fn change, void *arg)
{
	struct aur_team *t = NULL;
	char name[TEAM_NAME];
	int status = team_load(&t, o, TEAM_NEEDED | TEAM_TRUSTED);

	if (status != CLI_OK)
		return status;
	snprintf(name, sizeof(name), "%s", t->name);
	aur_team_free(t);
	return change_name(name, change, arg);
}
