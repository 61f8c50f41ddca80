/* SPDX-License-Identifier: MIT */
/*
 * kill: a signal to processes.
 */
#include "cli/cmd.h"
#include "cli/target.h"

#include "base/scan.h"
#include "base/text.h"

#include <signal.h>

struct name {
	const char *name;
	int number;
};

static const struct name names[] = {
#define SIGNAL(name) {#name, SIG##name},
#include "cli/signals.def"
#undef SIGNAL
};

static bool same(const char *a, const char *b)
{
	struct aur_slice x = aur_slice_str(a), y = aur_slice_str(b);

	return x.n == y.n && aur_text_has(x, y);
}

static int number_of(const char *name)
{
	if (aur_text_has(
		aur_slice_of(name, strnlen(name, 3)), aur_slice_str("SIG")))
		name += 3;
	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++)
		if (same(names[i].name, name))
			return names[i].number;
	return -1;
}

static const char *name_of(int number)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

static const char *nth_name(size_t i, void *arg)
{
	(void)arg;
	return names[i].name;
}

static int parse_signal(const char *text, int *ret_number)
{
	const char *near;
	uint64_t n;

	if (aur_scan_u64(aur_slice_str(text), &n) == 0 && n >= 1 && n <= 64) {
		*ret_number = (int)n;
		return CLI_OK;
	}
	*ret_number = number_of(text);
	if (*ret_number > 0)
		return CLI_OK;
	near = opt_nearest(text, nth_name, AUR_ARRAY_LEN(names), NULL);
	if (near != NULL)
		cli_error(NULL, "unknown signal '%s'; did you mean '%s'?", text,
		    near);
	else
		cli_error(NULL,
		    "unknown signal '%s': a name as TERM or a number from 1 "
		    "to 64",
		    text);
	return CLI_USAGE;
}

static int exec_kill(struct cli *c, struct opts *o)
{
	char verb[32], question[48], plain[16];
	struct target_act what = {.kind = AUR_ACT_SIGNAL,
	    .value = SIGTERM,
	    .verb = verb,
	    .question = question,
	    .start_needed = true};
	const char *name;

	if (o->value[OPT_SIGNAL] != NULL) {
		int number;
		int status = parse_signal(o->value[OPT_SIGNAL], &number);

		if (status != CLI_OK)
			return status;
		what.value = number;
	}
	name = name_of(what.value);
	snprintf(plain, sizeof plain, "%d", (int)what.value);
	snprintf(verb, sizeof verb, "%s%s sent",
	    name != NULL ? "SIG" : "signal ", name != NULL ? name : plain);
	snprintf(question, sizeof question, "Send %s%s to",
	    name != NULL ? "SIG" : "signal ", name != NULL ? name : plain);
	return target_run(c, o, 0, &what);
}

static const enum opt_id options[] = {
    OPT_SIGNAL, OPT_YES, OPT_TIMEOUT, OPT_END};

const struct cmd_entry cmd_kill = {
    .name = "kill",
    .summary = "send a signal to processes",
    .usage = "[-s SIGNAL|-SIGNAL] [--yes] HOST:PID[@STARTED]...",
    .detail =
	"Shows the processes and asks. Without a terminal it needs --yes and\n"
	"the start of each (start_ticks in JSON, STARTED@ of 'ps --wide').",
    .options = options,
    .flags = OPT_SIGNALS,
    .exec = exec_kill,
};
