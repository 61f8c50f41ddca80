/* SPDX-License-Identifier: MIT */
/*
 * aurora-agentd: samples this machine, for one client on stdin and stdout or
 * as the host's service. What SSH_ORIGINAL_COMMAND asks for is not looked at:
 * the key's line on the host says what is run and in which role.
 */
#include "agentd/daemon.h"
#include "agentd/io.h"
#include "base/err.h"

static const char help[] =
    "usage: aurora-agentd [--config FILE]\n"
    "       aurora-agentd --stdio [--role viewer|operator] [--member NAME]\n"
    "       aurora-agentd --help | --version\n"
    "\n"
    "Samples this machine and speaks the Aurora protocol: as the service of\n"
    "the host, in the foreground, on a socket; or for one client.\n"
    "\n"
    "  --config FILE    settings of the service (agentd.json)\n"
    "  --stdio          for one client, on standard input and output; ends "
    "with\n"
    "                   them; takes from the service what that sees as well\n"
    "  --role ROLE      viewer: reads only; operator: may also signal and\n"
    "                   renice processes (the default; the login is the "
    "limit)\n"
    "  --member NAME    who acts, as told in events\n"
    "  --pushed         says that aurora brought it; it does so itself\n"
    "  --help           this\n"
    "  --version        the version\n";

struct args {
	bool stdio;
	bool done;	    /* help or version was printed */
	const char *alone;  /* an option that only goes with --stdio */
	const char *config; /* of the service; NULL: not given */
	struct serve_options options;
};

static int usage(const char *what, const char *word)
{
	fprintf(stderr, "aurora-agentd: %s '%s'; see aurora-agentd --help\n",
	    what, word);
	return 2;
}

static bool is_member(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > 63 || *s == '.' || *s == '_' || *s == '-')
		return false;
	return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789._-") == n;
}

/* The value of option `name` at argv[*i]: "--name=V" or "--name V"; NULL
 * where it is another option. An absent value is "". */
static const char *value_of(
    const char *name, int argc, char *const *argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(argv[*i], name, n) != 0)
		return NULL;
	if (argv[*i][n] == '=')
		return argv[*i] + n + 1;
	if (argv[*i][n] != '\0')
		return NULL;
	return *i + 1 < argc ? argv[++*i] : "";
}

/* Whether the options go together. 0, or the exit status. */
static int check(const struct args *a)
{
	if (a->stdio && a->config != NULL) {
		fputs("aurora-agentd: --config is for the service, not for "
		      "--stdio\n",
		    stderr);
		return 2;
	}
	if (a->stdio || a->alone == NULL)
		return 0;
	fprintf(stderr,
	    "aurora-agentd: %s goes with --stdio alone: the "
	    "service only reads\n",
	    a->alone);
	return 2;
}

static int parse(int argc, char *const *argv, struct args *a)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *value;

		if (strcmp(word, "--stdio") == 0) {
			a->stdio = true;
		} else if (strcmp(word, "--help") == 0 ||
			   strcmp(word, "-h") == 0) {
			fputs(help, stdout);
			a->done = true;
		} else if (strcmp(word, "--version") == 0) {
			fputs("aurora-agentd " AUR_VERSION "\n", stdout);
			a->done = true;
		} else if (strcmp(word, "--pushed") == 0) {
			a->alone = word;
			a->options.mode = "pushed";
		} else if ((value = value_of("--role", argc, argv, &i))) {
			a->alone = "--role";
			a->options.viewer = strcmp(value, "viewer") == 0;
			if (!a->options.viewer &&
			    strcmp(value, "operator") != 0)
				return usage("unknown role", value);
		} else if ((value = value_of("--member", argc, argv, &i))) {
			if (!is_member(value))
				return usage("bad member name", value);
			a->alone = "--member";
			a->options.member = value;
		} else if ((value = value_of("--config", argc, argv, &i))) {
			if (*value == '\0')
				return usage("no file for", "--config");
			a->config = value;
		} else {
			return usage("unknown option", word);
		}
		if (a->done)
			return 0;
	}
	return check(a);
}

static int serve_stdio(const struct args *a)
{
	const char *why = NULL;
	int rc = io_run(&a->options, &why);

	if (rc == 0)
		return 0;
	fprintf(
	    stderr, "aurora-agentd: %s\n", why != NULL ? why : aur_err_str(rc));
	return 1;
}

int main(int argc, char **argv)
{
	struct args a = {0};
	int status;

	if (!io_hold_standard())
		return 1;
	status = parse(argc, argv, &a);
	if (status != 0)
		return status;
	if (a.done)
		return fflush(stdout) == 0 ? 0 : 1;
	return a.stdio ? serve_stdio(&a) : daemon_run(a.config);
}
