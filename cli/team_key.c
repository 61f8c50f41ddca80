/* SPDX-License-Identifier: MIT */
/*
 * team key: a key for this team and nothing else, made by ssh-keygen, which
 * asks for the passphrase itself. One that is there is only shown.
 */
#include "cli/team_part.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Room for ".pub". */
#define PATH_ROOM 8

static int find_path(const char *team, char path[PLACE_SIZE])
{
	char name[32 + TEAM_NAME];

	snprintf(name, sizeof(name), ".ssh/id_aurora_%s", team);
	if (place_home(name, path, PLACE_SIZE))
		return CLI_OK;
	cli_error(NULL, "there is no place for a key: HOME is not set to a "
			"directory");
	return CLI_FAILED;
}

static int make_folder(void)
{
	char path[PLACE_SIZE];

	if (place_home(".ssh", path, sizeof(path)) &&
	    (mkdir(path, 0700) == 0 || errno == EEXIST))
		return CLI_OK;
	cli_error(NULL, "%s cannot be made: %s", path, strerror(errno));
	return CLI_FAILED;
}

/* Runs ssh-keygen on our terminal. Without one there is no passphrase to be
 * had, and none is set: the key file's rights are then all that guards it. */
static int generate(const char *path, const char *comment)
{
	const char *with[] = {"ssh-keygen", "-q", "-t", "ed25519", "-C",
	    comment, "-f", path, NULL, NULL, NULL};
	int code = 0;
	pid_t pid;

	if (!team_can_ask()) {
		with[8] = "-N";
		with[9] = "";
	}
	pid = fork();
	if (pid == 0) {
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(with[0], (char *const *)(uintptr_t)with);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &code, 0) < 0)
		if (errno != EINTR)
			return CLI_FAILED;
	if (pid > 0 && WIFEXITED(code) && WEXITSTATUS(code) == 0)
		return CLI_OK;
	cli_error(NULL, pid > 0 && WIFEXITED(code) && WEXITSTATUS(code) == 127
			    ? "ssh-keygen is not there: install OpenSSH's "
			      "client"
			    : "ssh-keygen made no key");
	return CLI_FAILED;
}

int team_read_key(const char *path, char line[TEAM_KEY_LINE])
{
	char name[PLACE_SIZE + PATH_ROOM];
	FILE *f;
	bool good;

	snprintf(name, sizeof(name), "%s.pub", path);
	f = fopen(name, "re");
	good = f != NULL && fgets(line, TEAM_KEY_LINE, f) != NULL;
	if (f != NULL)
		fclose(f);
	if (!good) {
		cli_error(NULL,
		    "%s cannot be read: 'ssh-keygen -y -f %s >%s' makes it "
		    "again",
		    name, path, name);
		return CLI_FAILED;
	}
	line[strcspn(line, "\n")] = '\0';
	return CLI_OK;
}

int team_make_key(const char *team, char path[PLACE_SIZE], bool *ret_made)
{
	char comment[16 + TEAM_NAME];
	int status = find_path(team, path);

	*ret_made = false;
	if (status != CLI_OK || access(path, F_OK) == 0)
		return status;
	snprintf(comment, sizeof(comment), "aurora %s", team);
	status = make_folder();
	if (status == CLI_OK)
		status = generate(path, comment);
	if (status == CLI_OK)
		fprintf(stderr, "aurora: made %s\n", path);
	*ret_made = status == CLI_OK;
	return status;
}

static int exec_key(struct cli *c, struct opts *o)
{
	struct aur_team *t = NULL;
	char path[PLACE_SIZE], line[TEAM_KEY_LINE];
	bool made;
	int status = cmd_no_operands(&team_key, o);

	if (status == CLI_OK)
		status = team_load(&t, o, TEAM_NEEDED);
	if (status != CLI_OK)
		return status;
	status = team_make_key(t->name, path, &made);
	aur_team_free(t);
	if (status == CLI_OK)
		status = team_read_key(path, line);
	return status == CLI_OK ? team_say(c, "%s", line) : status;
}

static const enum opt_id options[] = {OPT_END};

const struct cmd_entry team_key = {
    .name = "team key",
    .summary = "make a key for this team and nothing else",
    .usage = "",
    .detail = "It is ~/.ssh/id_aurora_TEAM; the public half is printed, also "
	      "when the key\nis there already.",
    .options = options,
    .exec = exec_key,
};
