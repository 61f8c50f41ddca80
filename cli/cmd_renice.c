/* SPDX-License-Identifier: MIT */
/*
 * renice: another nice value for processes.
 */
#include "cli/cmd.h"
#include "cli/target.h"

#include "base/scan.h"

static int exec_renice(struct cli *c, struct opts *o)
{
	char verb[32], question[48];
	struct target_act what = {
	    .kind = AUR_ACT_NICE, .verb = verb, .question = question};
	struct aur_slice text;
	int64_t nice;

	if (o->noperand == 0) {
		cli_error(NULL, "which nice value? write a number from -20 "
				"to 19 first");
		return CLI_USAGE;
	}
	text = aur_slice_str(o->operand[0]);
	if (aur_slice_starts(text, "+"))
		text = aur_slice_of(text.p + 1, text.n - 1);
	if (aur_scan_i64(text, &nice) < 0 || nice < -20 || nice > 19) {
		cli_error(NULL,
		    "'%s' is no nice value: a number from -20 to 19 comes "
		    "first",
		    o->operand[0]);
		return CLI_USAGE;
	}
	what.value = (int32_t)nice;
	snprintf(verb, sizeof verb, "nice %d", (int)nice);
	snprintf(question, sizeof question, "Give nice %d to", (int)nice);
	return target_run(c, o, 1, &what);
}

static const enum opt_id options[] = {OPT_YES, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_renice = {
    .name = "renice",
    .summary = "give processes another nice value",
    .usage = "[--yes] N HOST:PID[@STARTED]...",
    .detail = "N runs from -20 (gets more) to 19 (gets less). Shows the\n"
	      "processes and asks; without a terminal it needs --yes.",
    .options = options,
    .flags = OPT_NUMBERS,
    .exec = exec_renice,
};
