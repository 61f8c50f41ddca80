/* SPDX-License-Identifier: MIT */
/*
 * What every command has at hand: how to print, what the terminal can do, the
 * exit statuses. stdout carries the answer and nothing else; it is gathered in
 * a buffer and written at once. Messages go to stderr.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"

enum cli_status {
#define CLI_EXIT(number, NAME, text) CLI_##NAME = number,
#include "cli/exit.def"
#undef CLI_EXIT
};

struct cli {
	struct aur_buf out; /* the answer, until cli_flush */
	int fd;		    /* stdout */
	size_t width;	    /* of the terminal; 0: stdout is none */
	size_t height;
	bool color, utf8, utc, verbose;
	bool broken;  /* nobody reads stdout any more */
	bool redraws; /* stdout is a screen drawn over and over: what is said on
			 stderr would be wiped out, and stands in `note` */
	struct aur_buf note;
};

/* Looks at the terminal and the environment. */
void cli_init(struct cli *c);
void cli_release(struct cli *c);

/* Looks at the terminal's size again. */
void cli_measure(struct cli *c);

/* Writes what was gathered. False when it cannot be written; said on stderr
 * unless the reader simply went away. */
bool cli_flush(struct cli *c);

/* Says "aurora: HOST: ...", or without a host, on stderr. */
void cli_error(const char *host, const char *fmt, ...) AUR_PRINTF(2, 3);

/* The same for an aur_err that a whole command failed of; CLI_FAILED. */
int cli_fail(int err);

/* Asks on the terminal; only "y" and "yes" are a yes. */
bool cli_confirm(const char *question);

#endif
