/* SPDX-License-Identifier: MIT */
/*
 * doctor: each step of reaching hosts, timed, and what to do where one fails.
 *
 * --cron walks as a job of cron would: most often it is an agent for keys that
 * is there for people and not for jobs, and the key that was used by hand has
 * a passphrase. Whom the command line means is read before, since a job is
 * given that by its author.
 */
#include "cli/cmd.h"
#include "cli/walk.h"

#include "base/err.h"
#include "base/mem.h"

#include <fcntl.h>
#include <unistd.h>

extern char **environ;

/* Of the environment a job of cron has these (crontab(5)), and we keep what is
 * for this program alone. */
static bool stays(const char *variable)
{
	static const char *const names[] = {
	    "HOME=", "LOGNAME=", "USER=", "AURORA_"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool drop_environment(void)
{
	size_t n = 0;

	for (char **e = environ; *e != NULL; e++)
		if (stays(*e))
			environ[n++] = *e;
	environ[n] = NULL;
	return setenv("SHELL", "/bin/sh", 1) == 0 &&
	       setenv("PATH", "/usr/bin:/bin", 1) == 0;
}

/* No terminal to be asked on, either. */
static int be_cron(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool good =
	    fd >= 0 && dup2(fd, STDIN_FILENO) >= 0 && drop_environment();

	if (fd > STDIN_FILENO)
		close(fd);
	return good ? CLI_OK : cli_fail(AUR_EIO);
}

static int tell(struct cli *c, const struct walk_host *h)
{
	return aur_buf_addf(&c->out, "%s: well, over %s; %s\n", h->name, h->via,
	    h->recording ? "it keeps a record"
			 : "it keeps no record of what nobody looks at");
}

static int tell_all(struct cli *c, const struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->host[i].reached && tell(c, &w->host[i]) < 0)
			return cli_fail(AUR_ENOMEM);
	return cli_flush(c) ? CLI_OK : CLI_FAILED;
}

static int exec_doctor(struct cli *c, struct opts *o)
{
	struct hosts hosts;
	struct walk w = {.cli = NULL};
	int status = hosts_choose(&hosts, o), said;

	if (status == CLI_OK && o->seen[OPT_CRON] > 0)
		status = be_cron();
	if (status == CLI_OK)
		status = walk_run(&w, c, o, &hosts, NULL);
	if (status == CLI_OK || status == CLI_UNSAMPLED) {
		said = tell_all(c, &w);
		status = said == CLI_OK ? status : said;
	}
	walk_release(&w);
	hosts_release(&hosts);
	return status;
}

static const enum opt_id options[] = {
    OPT_EXCLUDE, OPT_CRON, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_doctor = {
    .name = "doctor",
    .summary = "each step of reaching a host, timed, with the remedy",
    .usage = "[OPTION...] [HOST...]",
    .detail = "Resolves, connects, checks the host key, logs in, starts\n"
	      "the agent and takes a sample; a line for each step when it is\n"
	      "done. What fails is said with what to do. With --cron it goes\n"
	      "the way of a job of cron, and says which key that cannot use.",
    .options = options,
    .exec = exec_doctor,
};
