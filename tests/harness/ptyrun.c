/* SPDX-License-Identifier: MIT */
/*
 * A program's screen for shell tests:
 *
 *	ptyrun ROWSxCOLS [-u TEXT | -k KEYS]... [-e] [-t MS] [-w MS]
 *	    [-s FILE] -- COMMAND [ARG...]
 *
 * starts COMMAND in a pseudo-terminal, waits until it is quiet, sends each
 * KEYS (in which \e is ESC) and waits again, then prints the screen, its rows
 * without trailing blanks; -s draws it into an SVG file as well, -w lets the
 * program go on so long before, -e waits for its end. What is behind a TEXT
 * waits until it is there: for the nth time, if it is given n times. MS (5000)
 * is the most that each wait may take. The exit status is the command's if it
 * has ended by then; else the command is killed and the status is 0. What it
 * left switched on goes to stderr.
 */
#include "tests/harness/pty.h"
#include "tests/harness/svg.h"

#include <errno.h>
#include <unistd.h>

enum { MAX_STEPS = 64, QUIET_MS = 300, LOOK_MS = 100 };

struct step {
	const char *text;
	bool await; /* it; else it is typed */
};

static int usage(void)
{
	fputs("usage: ptyrun ROWSxCOLS [-u TEXT | -k KEYS]... [-e] [-t MS] "
	      "[-w MS] [-s FILE] -- COMMAND...\n",
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

static int count(struct screen *s, const char *text)
{
	int n = 0;

	for (int r = 0; r < screen_rows(s); r++)
		for (const char *at = screen_row(s, r);
		     (at = strstr(at, text)) != NULL; at += strlen(text))
			n++;
	return n;
}

static void print(struct screen *s)
{
	for (int r = 0; r < screen_rows(s); r++)
		puts(screen_row(s, r));
}

struct wish {
	struct step step[MAX_STEPS];
	const char *svg;
	int nstep, ms, wait;
	bool to_end;
};

static bool draw(const struct screen *s, const char *path)
{
	FILE *f = fopen(path, "w");
	bool good = f != NULL && svg_write(s, f);

	if (f != NULL)
		good = fclose(f) == 0 && good;
	if (!good)
		perror(path);
	return good;
}

/* Until the text of step `i` is there as often as it was waited for. */
static void await(struct pty *p, const struct wish *w, int i)
{
	const char *text = w->step[i].text;
	int times = 0;

	for (int k = 0; k <= i; k++)
		times += w->step[k].await && strcmp(w->step[k].text, text) == 0;
	for (int spent = 0; spent < w->ms; spent += LOOK_MS) {
		if (count(pty_screen(p), text) >= times)
			return;
		pty_quiet(p, LOOK_MS, LOOK_MS);
	}
}

static int show(struct pty *p, const struct wish *w)
{
	int status;

	pty_quiet(p, QUIET_MS, w->ms);
	for (int i = 0; i < w->nstep; i++) {
		if (w->step[i].await) {
			await(p, w, i);
			continue;
		}
		send_keys(p, w->step[i].text);
		pty_quiet(p, QUIET_MS, w->ms);
	}
	if (w->wait > 0) {
		pty_quiet(p, w->wait, w->wait); /* whatever comes */
		pty_quiet(p, QUIET_MS, w->ms);
	}
	status = pty_wait_exit(p, w->to_end ? w->ms : 0);
	print(pty_screen(p));
	if (w->svg != NULL && !draw(pty_screen(p), w->svg))
		return 1;
	if (status < 0)
		return 0;
	if (*pty_unrestored(p) != '\0')
		fprintf(stderr, "left on: %s\n", pty_unrestored(p));
	return status;
}

int main(int argc, char **argv)
{
	const char *at = argc > 1 ? argv[1] : "";
	int rows = number(&at), cols, opt, status;
	struct wish w = {.ms = 5000};
	struct pty *p;

	if (*at++ != 'x')
		return usage();
	cols = number(&at);
	optind = 2;
	while ((opt = getopt(argc, argv, "+ek:t:u:w:s:")) != -1) {
		if ((opt == 'k' || opt == 'u') && w.nstep < MAX_STEPS)
			w.step[w.nstep++] = (struct step){optarg, opt == 'u'};
		else if (opt == 'e')
			w.to_end = true;
		else if (opt == 't')
			w.ms = number(&(const char *){optarg});
		else if (opt == 'w')
			w.wait = number(&(const char *){optarg});
		else if (opt == 's')
			w.svg = optarg;
		else
			return usage();
	}
	if (optind >= argc)
		return usage();
	p = pty_start(rows, cols, (const char *const *)(argv + optind), NULL);
	if (p == NULL)
		return 1;
	status = show(p, &w);
	pty_free(p);
	return status;
}
