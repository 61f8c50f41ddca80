/* SPDX-License-Identifier: MIT */
/* cli/opt: lines of words. Messages go to stderr and are not looked at here. */
#include "tests/harness/tap.h"

#include "cli/cli.h"
#include "cli/opt.h"

static const enum opt_id some[] = {
    OPT_JSON, OPT_ROWS, OPT_WIDE, OPT_WATCH, OPT_SIGNAL, OPT_END};

/* Parses the words of `line`, parted by single blanks. */
static int parse(struct opts *o, unsigned flags, const char *line)
{
	static char words[512];
	static char *argv[32];
	int argc = 0;
	char *at = words;

	snprintf(words, sizeof words, "%s", line);
	while (*at != '\0' && argc < 32) {
		size_t n = strcspn(at, " ");

		argv[argc++] = at;
		at += n;
		if (*at == ' ')
			*at++ = '\0';
	}
	*o = (struct opts){.used = 0};
	return opt_parse(o, some, flags, argc, argv);
}

static void rows_are(const char *line, const char *want)
{
	struct opts o;

	tap_eq_int(parse(&o, 0, line), CLI_OK, line);
	tap_eq_str(o.value[OPT_ROWS], want, "its value");
}

static void test_forms(void)
{
	struct opts o;

	rows_are("-n5", "5");
	rows_are("-n 5", "5");
	rows_are("-wn5", "5");
	rows_are("-wn 5 x", "5");
	rows_are("--rows=5", "5");
	rows_are("--rows 5", "5");
	rows_are("--rows=", "");
	rows_are("-n 4 -n 5", "5");
	tap_eq_int(parse(&o, 0, "--watch x"), CLI_OK, "--watch alone");
	tap_ok(o.seen[OPT_WATCH] == 1 && o.value[OPT_WATCH] == NULL &&
		   o.noperand == 1,
	    "takes no word");
	tap_eq_int(parse(&o, 0, "--watch=2"), CLI_OK, "--watch=2");
	tap_eq_str(o.value[OPT_WATCH], "2", "takes its own");
}

static void test_operands(void)
{
	struct opts o;

	tap_eq_int(parse(&o, 0, "a --json b -- --rows -n"), CLI_OK, "between");
	tap_eq_int(o.noperand, 4, "operands");
	tap_eq_str(o.operand[1], "b", "in order");
	tap_eq_str(o.operand[3], "-n", "-- ends options");
	tap_eq_int(parse(&o, 0, "-"), CLI_OK, "a lone dash");
	tap_eq_int(o.noperand, 1, "is an operand");
	tap_eq_int(parse(&o, OPT_STOP, "--utc ps --json"), CLI_OK, "stops");
	tap_eq_int(o.used, 1, "at the command");
	tap_eq_int(parse(&o, OPT_NUMBERS, "-5 x"), CLI_OK, "a number");
	tap_eq_str(o.operand[0], "-5", "is an operand");
	tap_eq_int(parse(&o, OPT_SIGNALS, "-9 x"), CLI_OK, "a signal");
	tap_eq_str(o.value[OPT_SIGNAL], "9", "by number");
	tap_eq_int(parse(&o, OPT_SIGNALS, "-USR1 x"), CLI_OK, "a signal");
	tap_eq_str(o.value[OPT_SIGNAL], "USR1", "by name");
}

static void test_mistakes(void)
{
	static const char *const lines[] = {"--jsn", "--js", "-q", "-wq",
	    "--json=1", "-n", "--rows", "--wide=", "---", "-5"};
	struct opts o;

	for (size_t i = 0; i < AUR_ARRAY_LEN(lines); i++)
		tap_eq_int(parse(&o, 0, lines[i]), CLI_USAGE, lines[i]);
}

static void test_values(void)
{
	static const struct {
		const char *text;
		int status;
	} rows[] = {{"0.1", CLI_OK}, {"3600", CLI_OK}, {"1e2", CLI_OK},
	    {"0.09", CLI_USAGE}, {"3601", CLI_USAGE}, {"-1", CLI_USAGE},
	    {"nan", CLI_USAGE}, {"", CLI_USAGE}, {"1s", CLI_USAGE}};

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++) {
		struct opts o = {.used = 0};
		struct aur_span span = {.ns = 7};

		o.value[OPT_INTERVAL] = rows[i].text;
		tap_eq_int(opt_seconds(&o, OPT_INTERVAL, 0.1, 3600, &span),
		    rows[i].status, rows[i].text);
		tap_ok((span.ns == 7) == (rows[i].status != CLI_OK),
		    "untouched on failure");
	}
}

static const char *nth(size_t i, void *arg)
{
	return ((const char **)arg)[i];
}

static void test_nearest(void)
{
	const char *names[] = {"top", "ps", "status", "metrics"};

	tap_eq_str(opt_nearest("tpo", nth, 4, names), "top", "swapped");
	tap_eq_str(opt_nearest("statu", nth, 4, names), "status", "cut");
	tap_ok(opt_nearest("xyzzy", nth, 4, names) == NULL, "far");
	tap_ok(opt_nearest("", nth, 4, names) == NULL, "nothing");
}

int main(void)
{
	test_forms();
	test_operands();
	test_mistakes();
	test_values();
	test_nearest();
	return tap_done();
}
