/* SPDX-License-Identifier: MIT */
/*
 * aurora: finds the command, parses its line, runs it.
 */
#include "cli/askpass.h"
#include "cli/cmd.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* What holds for every command. CLI_OK, or the exit status. */
static int apply_global(struct cli *c, const struct opts *o)
{
	const char *when = o->value[OPT_COLOR];

	c->utc = o->seen[OPT_UTC] > 0;
	c->verbose = o->seen[OPT_VERBOSE] > 0;
	if (when == NULL || strcmp(when, "auto") == 0)
		return CLI_OK;
	if (strcmp(when, "always") != 0 && strcmp(when, "never") != 0) {
		cli_error(NULL,
		    "option '--color' wants auto, always or never, not '%s'",
		    when);
		return CLI_USAGE;
	}
	c->color = strcmp(when, "always") == 0;
	return CLI_OK;
}

/* A command of commands: `team create`, `team add host`. */
static int run_part(struct cli *c, struct opts *o, const struct cmd_entry *cmd,
    int argc, char **argv);

static int run(struct cli *c, struct opts *o, const struct cmd_entry *cmd,
    int argc, char **argv)
{
	int status;

	if (cmd->part != NULL)
		return run_part(c, o, cmd, argc, argv);
	status = opt_parse(o, cmd->options, cmd->flags, argc, argv);

	if (status != CLI_OK)
		return status;
	if (o->seen[OPT_HELP] > 0)
		return cmd_usage(c, cmd);
	if (o->seen[OPT_VERSION] > 0) {
		o->noperand = 0;
		return cmd_find("version")->exec(c, o);
	}
	status = apply_global(c, o);
	return status != CLI_OK ? status : cmd->exec(c, o);
}

static int run_part(struct cli *c, struct opts *o, const struct cmd_entry *cmd,
    int argc, char **argv)
{
	const struct cmd_entry *part = NULL;
	int status = opt_parse(o, NULL, OPT_STOP, argc, argv), used = o->used;
	size_t words = 0;

	if (status != CLI_OK)
		return status;
	if (used < argc)
		part = cmd_find_part(cmd, argv + used, argc - used, &words);
	if (part != NULL)
		return run(
		    c, o, part, argc - used - (int)words, argv + used + words);
	if (o->seen[OPT_HELP] > 0)
		return cmd_usage(c, cmd);
	return cmd_unknown_part(c, cmd, argv + used, argc - used);
}

/* Neither a command nor anything else was asked for. */
static int bare(struct cli *c, struct opts *o)
{
	int status;

	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return run(c, o, cmd_find("top"), 0, NULL);
	c->fd = STDERR_FILENO;
	status = cmd_overview(c);
	return status == CLI_OK ? CLI_USAGE : status;
}

static int start(struct cli *c, int argc, char **argv)
{
	struct opts o = {0};
	const struct cmd_entry *cmd;
	int status = opt_parse(&o, NULL, OPT_STOP, argc - 1, argv + 1);
	int at = 1 + o.used;

	if (status != CLI_OK)
		return status;
	if (at >= argc) {
		if (o.seen[OPT_HELP] > 0)
			return cmd_overview(c);
		if (o.seen[OPT_VERSION] > 0)
			return run(c, &o, cmd_find("version"), 0, NULL);
		return bare(c, &o);
	}
	cmd = cmd_find(argv[at]);
	if (cmd == NULL)
		return cmd_unknown(argv[at]);
	return run(c, &o, cmd, argc - at - 1, argv + at + 1);
}

/* A standard descriptor that is closed would be given to our next socket, and
 * a message then written into it. Reading gives the end, writing stdout still
 * fails as it should. */
static bool hold_standard(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct cli c;
	int status;

	if (!hold_standard())
		return CLI_FAILED;
	/* EPIPE is told by write; a signal would end us without a word */
	signal(SIGPIPE, SIG_IGN);
	if (askpass_called(argc, argv))
		return askpass_run(argv[1]);
	cli_init(&c);
	status = start(&c, argc, argv);
	cli_release(&c);
	return status;
}
