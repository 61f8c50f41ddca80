/* SPDX-License-Identifier: MIT */
/*
 * Acting on processes: HOST:PID@STARTED on the line, what they are on the
 * screen, a question, the deed.
 *
 *	struct target_act t = {.verb = "SIGTERM", .kind = AUR_ACT_SIGNAL, ...};
 *	status = target_run(c, o, first, &t);
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/cli.h"
#include "cli/hosts.h"
#include "cli/opt.h"
#include "model/act.h"

#define TARGET_MOST 256

struct target {
	uint64_t pid;
	uint64_t start; /* ticks since boot; 0: not given */
	size_t host;	/* its place among the chosen */
	char text[512]; /* as it was written */
};

struct target_act {
	enum aur_act_kind kind;
	int32_t value;
	const char *verb;     /* "SIGTERM", "nice 5" */
	const char *question; /* "Send SIGTERM to" */
	bool start_needed;    /* where nobody can be asked */
};

/* Reads one HOST:PID[@STARTED] and adds its host to `h`. CLI_OK or CLI_USAGE.
 */
AUR_MUST_CHECK int target_parse(
    struct hosts *h, const char *text, struct target *ret_target);

/* Shows, asks and acts on the operands from `first` on. An exit status. */
AUR_MUST_CHECK int target_run(struct cli *c, const struct opts *o, int first,
    const struct target_act *what);

#endif
