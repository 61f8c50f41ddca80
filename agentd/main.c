/* SPDX-License-Identifier: MIT */
/*
 * aurora-agentd: samples this machine for one client on stdin and stdout.
 * What SSH_ORIGINAL_COMMAND asks for is not looked at: the key's line on the
 * host says what is run and in which role.
 */
#include "agentd/io.h"
#include "base/err.h"

static const char help[] =
    "usage: aurora-agentd --stdio [--role viewer|operator] [--member NAME]\n"
    "       aurora-agentd --help | --version\n"
    "\n"
    "Samples this machine and speaks the Aurora protocol.\n"
    "\n"
    "  --stdio          on standard input and output, and ends with them\n"
    "  --role ROLE      viewer: reads only; operator: may also signal and\n"
    "                   renice processes (the default; the login is the "
    "limit)\n"
    "  --member NAME    who acts, as told in events\n"
    "  --help           this\n"
    "  --version        the version\n";

struct args {
	bool stdio;
	bool done; /* help or version was printed */
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
		} else if ((value = value_of("--role", argc, argv, &i))) {
			a->options.viewer = strcmp(value, "viewer") == 0;
			if (!a->options.viewer &&
			    strcmp(value, "operator") != 0)
				return usage("unknown role", value);
		} else if ((value = value_of("--member", argc, argv, &i))) {
			if (!is_member(value))
				return usage("bad member name", value);
			a->options.member = value;
		} else {
			return usage("unknown option", word);
		}
		if (a->done)
			return 0;
	}
	if (a->stdio)
		return 0;
	fputs("aurora-agentd: nothing to serve on; give --stdio\n", stderr);
	return 2;
}

static bool on_want(void *arg, const struct aur_want *want)
{
	aur_collect_want(arg, want);
	return false;
}

static int on_sample(void *arg, aur_collect_part_fn part, void *part_arg,
    struct aur_sample **ret_sample)
{
	return aur_collect_sample(arg, part, part_arg, ret_sample);
}

static int on_act(void *arg, const struct aur_act *act, struct aur_buf *text)
{
	return aur_collect_act(arg, act, text);
}

static int serve_stdio(struct args *a)
{
	struct serve_source source = {
	    .want = on_want, .sample = on_sample, .act = on_act};
	struct aur_collect *c;
	int rc = aur_collect_new(&c, NULL);

	if (rc == 0) {
		source.arg = c;
		a->options.uid = io_uid();
		rc = io_run(&source, &a->options);
		aur_collect_free(c);
	}
	if (rc == 0)
		return 0;
	fprintf(stderr, "aurora-agentd: %s\n", aur_err_str(rc));
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
	return serve_stdio(&a);
}
