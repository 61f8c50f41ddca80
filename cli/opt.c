/* SPDX-License-Identifier: MIT */
/*
 * Our own parser instead of getopt_long: that one abbreviates, prints its own
 * messages, and cannot tell the nearest name.
 */
#include "cli/opt.h"

#include "base/scan.h"
#include "base/text.h"
#include "cli/cli.h"

static const struct opt table[OPT_COUNT] = {
#define OPT(ID, letter, name, arg, value, help)                                \
	{name, letter, OPT_ARG_##arg, value, help},
#include "cli/opt.def"
#undef OPT
};

const enum opt_id opt_global[] = {
    OPT_HELP, OPT_VERSION, OPT_TEAM, OPT_COLOR, OPT_UTC, OPT_VERBOSE, OPT_END};

struct parse {
	struct opts *o;
	const enum opt_id *allowed;
	unsigned flags;
	int argc, at;
	char **argv;
};

const struct opt *opt_get(enum opt_id id)
{
	return &table[id];
}

/* The ids of a line: the command's own, then the global ones. */
static enum opt_id nth_allowed(const enum opt_id *allowed, size_t i)
{
	for (; allowed != NULL && *allowed != OPT_END; allowed++, i--)
		if (i == 0)
			return *allowed;
	for (allowed = opt_global; *allowed != OPT_END; allowed++, i--)
		if (i == 0)
			return *allowed;
	return OPT_END;
}

static enum opt_id find_name(const enum opt_id *allowed, struct aur_slice name)
{
	enum opt_id id;

	for (size_t i = 0; (id = nth_allowed(allowed, i)) != OPT_END; i++)
		if (aur_slice_is(name, table[id].name))
			return id;
	return OPT_END;
}

static enum opt_id find_letter(const enum opt_id *allowed, char letter)
{
	enum opt_id id;

	for (size_t i = 0; (id = nth_allowed(allowed, i)) != OPT_END; i++)
		if (table[id].letter == letter)
			return id;
	return OPT_END;
}

const char *opt_nearest(const char *word,
    const char *(*name)(size_t i, void *arg), size_t n, void *arg)
{
	const char *found = NULL;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < n; i++)
		if (aur_text_is_nearer(word, name(i, arg), &best))
			found = name(i, arg);
	return found;
}

static const char *allowed_name(size_t i, void *arg)
{
	return table[nth_allowed(arg, i)].name;
}

static int unknown(const struct parse *p, const char *word)
{
	const char *name = word + 2, *near = NULL;
	size_t n = 0;

	while (nth_allowed(p->allowed, n) != OPT_END)
		n++;
	if (word[1] == '-')
		near = opt_nearest(
		    name, allowed_name, n, (void *)(uintptr_t)p->allowed);
	if (near != NULL)
		cli_error(NULL, "unknown option '%s'; did you mean '--%s'?",
		    word, near);
	else
		cli_error(NULL, "unknown option '%s': see --help", word);
	return CLI_USAGE;
}

static int take(struct opts *o, enum opt_id id, const char *value)
{
	o->seen[id]++;
	if (value == NULL)
		return CLI_OK;
	o->value[id] = value;
	if (o->ngiven >= OPT_GIVEN_MOST) {
		cli_error(NULL, "more than %d options", OPT_GIVEN_MOST);
		return CLI_USAGE;
	}
	o->given[o->ngiven++] = (struct opt_given){id, value};
	return CLI_OK;
}

const char *opt_each(const struct opts *o, enum opt_id id, size_t *at)
{
	while (*at < o->ngiven) {
		const struct opt_given *g = &o->given[(*at)++];

		if (g->id == id)
			return g->value;
	}
	return NULL;
}

static int missing(const struct opt *opt)
{
	cli_error(
	    NULL, "option '--%s' needs a value: %s", opt->name, opt->value);
	return CLI_USAGE;
}

static int parse_long(struct parse *p, char *word)
{
	char *equal = strchr(word, '=');
	size_t n = equal != NULL ? (size_t)(equal - word) : strlen(word);
	enum opt_id id = find_name(p->allowed, aur_slice_of(word + 2, n - 2));
	const char *value = equal != NULL ? equal + 1 : NULL;

	if (id == OPT_END) {
		if (equal != NULL)
			*equal = '\0';
		return unknown(p, word);
	}
	if (table[id].arg == OPT_ARG_NONE && value != NULL) {
		cli_error(NULL, "option '--%s' takes no value", table[id].name);
		return CLI_USAGE;
	}
	if (table[id].arg == OPT_ARG_NEEDED && value == NULL) {
		if (p->at + 1 >= p->argc)
			return missing(&table[id]);
		value = p->argv[++p->at];
	}
	return take(p->o, id, value);
}

static int parse_short(struct parse *p, char *word)
{
	for (char *c = word + 1; *c != '\0'; c++) {
		enum opt_id id = find_letter(p->allowed, *c);
		const char *value = NULL;

		if (id == OPT_END) {
			char bad[] = {'-', *c, '\0'};

			return unknown(p, c == word + 1 ? word : bad);
		}
		if (table[id].arg == OPT_ARG_NEEDED) {
			if (c[1] != '\0')
				value = c + 1;
			else if (p->at + 1 < p->argc)
				value = p->argv[++p->at];
			else
				return missing(&table[id]);
			return take(p->o, id, value);
		}
		(void)take(p->o, id, NULL);
	}
	return CLI_OK;
}

static bool all_digits(const char *s)
{
	return s[0] != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Whether "-KILL", "-9" can be nothing but a signal. */
static bool looks_like_signal(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+");

	return all_digits(s) || (n >= 2 && s[n] == '\0');
}

static int parse_word(struct parse *p, char *word)
{
	if (word[0] != '-' || word[1] == '\0' ||
	    ((p->flags & OPT_NUMBERS) && all_digits(word + 1))) {
		p->o->operand[p->o->noperand++] = word;
		return CLI_OK;
	}
	if (word[1] == '-')
		return parse_long(p, word);
	if ((p->flags & OPT_SIGNALS) && looks_like_signal(word + 1)) {
		return take(p->o, OPT_SIGNAL, word + 1);
	}
	return parse_short(p, word);
}

int opt_parse(struct opts *o, const enum opt_id *allowed, unsigned flags,
    int argc, char **argv)
{
	struct parse p = {o, allowed, flags, argc, 0, argv};
	int status = CLI_OK;

	o->operand = argv;
	o->noperand = 0;
	for (; p.at < argc && status == CLI_OK; p.at++) {
		char *word = argv[p.at];

		if (strcmp(word, "--") == 0) {
			for (p.at++; p.at < argc; p.at++)
				o->operand[o->noperand++] = argv[p.at];
			break;
		}
		if ((flags & OPT_STOP) && word[0] != '-')
			break;
		status = parse_word(&p, word);
	}
	o->used = p.at;
	return status;
}

int opt_seconds(const struct opts *o, enum opt_id id, double least, double most,
    struct aur_span *ret)
{
	double v;

	if (o->value[id] == NULL)
		return CLI_OK;
	if (aur_scan_f64(aur_slice_str(o->value[id]), &v) < 0 ||
	    !(v >= least && v <= most)) {
		cli_error(NULL,
		    "option '--%s' wants %g to %g seconds, not '%s'",
		    table[id].name, least, most, o->value[id]);
		return CLI_USAGE;
	}
	*ret = aur_span_seconds(v);
	return CLI_OK;
}

int opt_number(
    const struct opts *o, enum opt_id id, uint64_t most, uint64_t *ret)
{
	uint64_t v;

	if (o->value[id] == NULL)
		return CLI_OK;
	if (aur_scan_u64(aur_slice_str(o->value[id]), &v) < 0 || v > most) {
		cli_error(NULL, "option '--%s' wants a number, not '%s'",
		    table[id].name, o->value[id]);
		return CLI_USAGE;
	}
	*ret = v;
	return CLI_OK;
}
