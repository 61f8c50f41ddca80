/* SPDX-License-Identifier: MIT */
/*
 * Options, in the GNU way: --name, --name=VALUE, --name VALUE, -n5, -n 5,
 * bundles, "--" ends them, operands may stand between. A long name must be
 * whole: abbreviations break scripts when an option is added.
 *
 *	struct opts o = {0};
 *	status = opt_parse(&o, cmd->options, 0, argc, argv);
 *	if (o.seen[OPT_JSON])
 *
 * A mistake is said on stderr, with the nearest name, and is CLI_USAGE.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "base/clock.h"
#include "base/compiler.h"

enum opt_id {
#define OPT(ID, letter, name, arg, value, help) OPT_##ID,
#include "cli/opt.def"
#undef OPT
	OPT_COUNT
};

/* Ends a list of options. */
#define OPT_END OPT_COUNT

enum opt_arg { OPT_ARG_NONE, OPT_ARG_NEEDED, OPT_ARG_MAYBE };

struct opt {
	const char *name;
	char letter; /* 0: none */
	enum opt_arg arg;
	const char *value; /* what the argument is called */
	const char *help;
};

/* How a command's line differs from the usual. */
enum opt_flag {
	OPT_STOP = 1,	 /* the first operand ends the options */
	OPT_NUMBERS = 2, /* -5 is an operand */
	OPT_SIGNALS = 4, /* -9 and -KILL mean --signal */
};

/* An option that may stand on a line more than once keeps all its values. */
#define OPT_GIVEN_MOST 256

struct opt_given {
	enum opt_id id;
	const char *value;
};

struct opts {
	unsigned seen[OPT_COUNT];     /* how often */
	const char *value[OPT_COUNT]; /* the last one's; NULL: none given */
	struct opt_given given[OPT_GIVEN_MOST]; /* all with a value */
	size_t ngiven;
	char **operand; /* borrowed from argv, reordered */
	int noperand;
	int used; /* with OPT_STOP: arguments that were taken */
};

const struct opt *opt_get(enum opt_id id);

/* The options that every command takes. */
extern const enum opt_id opt_global[];

/* Parses `argv` into `o`, which keeps what it had. `allowed` may be NULL;
 * the global ones are always allowed. CLI_OK or CLI_USAGE. */
int opt_parse(struct opts *o, const enum opt_id *allowed, unsigned flags,
    int argc, char **argv);

/* The next value of an option in the order of the line, NULL at the end. `at`
 * begins as 0. */
const char *opt_each(const struct opts *o, enum opt_id id, size_t *at);

/* Reads a value where it was given, and leaves `ret` alone where not. CLI_OK
 * or CLI_USAGE. */
AUR_MUST_CHECK int opt_seconds(const struct opts *o, enum opt_id id,
    double least, double most, struct aur_span *ret);
AUR_MUST_CHECK int opt_number(
    const struct opts *o, enum opt_id id, uint64_t most, uint64_t *ret);

/* The nearest of `n` names, NULL where none is near. */
const char *opt_nearest(const char *word,
    const char *(*name)(size_t i, void *arg), size_t n, void *arg);

#endif
