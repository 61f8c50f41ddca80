/* SPDX-License-Identifier: MIT */
/*
 * aurora as the helper that ssh starts for a question: see fleet/askpass.h.
 *
 *	if (askpass_called(argc, argv))
 *		return askpass_run(argv[1]);
 */
#ifndef CLI_ASKPASS_H
#define CLI_ASKPASS_H

#include <stdbool.h>

/* Whether it is ssh that started us, by the name it was given and for one
 * question; not something else that happens to run below it. */
bool askpass_called(int argc, char **argv);

/* Asks, waits, writes the answer to stdout. The exit status. */
int askpass_run(const char *prompt);

#endif
