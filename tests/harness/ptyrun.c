/* SPDX-License-Identifier: MIT */
/*
 * A program's screen for shell tests:
 *
 *	ptyrun ROWSxCOLS [-k KEYS]... [-t MS] -- COMMAND [ARG...]
 *
 * starts COMMAND in a pseudo-terminal, waits until it is quiet, sends each
 * KEYS (in which \e is ESC) and waits again, then prints the screen, its rows
 * without trailing blanks. MS (5000) is the most that each wait may take. The
 * exit status is the command's if it has ended by then; else the command is
 * killed and the status is 0. What it left switched on goes to stderr.
 */
#include "tests/harness/pty.h"

#include <errno.h>
#include <unistd.h>

enum { MAX_KEYS = 64, QUIET_MS = 300 };

static int usage(void)
{
	fputs("usage: ptyrun ROWSxCOLS [-k KEYS]... [-t MS] -- COMMAND...\n",
	    stderr);
	return 2;
}

/* A number from 1 to 100000 at `*at`, which moves behind it; 0 if none. */
static int number(const char **at)
{
	int n = 0;

	for (; **at >= '0' && **at <= '9' && n < 10000; (*at)++)
		n = n * 10 + (**at - '0');
	return n;
}

static void send_keys(struct pty *p, const char *keys)
{
	for (; *keys != '\0'; keys++) {
		bool escape = keys[0] == '\\' && keys[1] == 'e';

		pty_send_bytes(p, escape ? "\033" : keys, 1);
		keys += escape;
	}
}

static void print(struct screen *s)
{
	for (int r = 0; r < screen_rows(s); r++)
		puts(screen_row(s, r));
}

static int show(struct pty *p, const char *const keys[], int nkeys, int ms)
{
	int status;

	pty_quiet(p, QUIET_MS, ms);
	for (int i = 0; i < nkeys; i++) {
		send_keys(p, keys[i]);
		pty_quiet(p, QUIET_MS, ms);
	}
	print(pty_screen(p));
	status = pty_wait_exit(p, 0);
	if (status < 0)
		return 0;
	if (*pty_unrestored(p) != '\0')
		fprintf(stderr, "left on: %s\n", pty_unrestored(p));
	return status;
}

int main(int argc, char **argv)
{
	const char *keys[MAX_KEYS], *at = argc > 1 ? argv[1] : "";
	int rows = number(&at), cols, nkeys = 0, ms = 5000, opt, status;
	struct pty *p;

	if (*at++ != 'x')
		return usage();
	cols = number(&at);
	optind = 2;
	while ((opt = getopt(argc, argv, "+k:t:")) != -1) {
		if (opt == 'k' && nkeys < MAX_KEYS)
			keys[nkeys++] = optarg;
		else if (opt == 't')
			ms = number(&(const char *){optarg});
		else
			return usage();
	}
	if (optind >= argc)
		return usage();
	p = pty_start(rows, cols, (const char *const *)(argv + optind), NULL);
	if (p == NULL)
		return 1;
	status = show(p, keys, nkeys, ms);
	pty_free(p);
	return status;
}
