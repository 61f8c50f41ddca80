/* SPDX-License-Identifier: MIT */
/*
 * A word that means no host is never silently nothing: a script that watches
 * nobody is worse than one that fails.
 */
#include "cli/hosts.h"

#include "base/text.h"
#include "cli/cli.h"

#include <unistd.h>

#define MAX_WORD 256

static bool is_glob(const char *s)
{
	return strpbrk(s, "*?[") != NULL;
}

static int no_such(const char *word)
{
	if (is_glob(word))
		cli_error(NULL,
		    "no host matches '%s': only 'local' (this machine) is "
		    "known",
		    word);
	else if (strchr(word, '.') != NULL && access(word, F_OK) == 0)
		cli_error(NULL,
		    "%s is a file here: quote the glob, as in 'web*'", word);
	else
		cli_error(NULL,
		    "unknown host '%s': only 'local' (this machine) is "
		    "known; leave the host out to mean it",
		    word);
	return CLI_USAGE;
}

int hosts_match(struct aur_slice word, bool *ret_local)
{
	char text[MAX_WORD];

	if (word.n >= sizeof text || memchr(word.p, '\0', word.n) != NULL) {
		cli_error(NULL, "a host name of %zu bytes is too long", word.n);
		return CLI_USAGE;
	}
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	if (strcmp(text, "all") != 0 &&
	    !aur_text_glob(text, aur_slice_str("local")))
		return no_such(text);
	*ret_local = true;
	return CLI_OK;
}

/* One operand: words between commas. */
static int match_list(const char *text, bool *ret_local)
{
	struct aur_slice rest = aur_slice_str(text), word;
	int status = CLI_OK;

	do {
		if (!aur_slice_until(&rest, ',', &word)) {
			word = rest;
			rest.n = 0;
		}
		if (word.n == 0) {
			cli_error(NULL, "an empty host name in '%s'", text);
			return CLI_USAGE;
		}
		status = hosts_match(word, ret_local);
	} while (status == CLI_OK && rest.n > 0);
	return status;
}

int hosts_choose(struct hosts *h, const struct opts *o)
{
	bool without = false;
	int status = CLI_OK;

	h->local = o->noperand == 0;
	for (int i = 0; i < o->noperand && status == CLI_OK; i++)
		status = match_list(o->operand[i], &h->local);
	if (status == CLI_OK && o->value[OPT_EXCLUDE] != NULL)
		status = match_list(o->value[OPT_EXCLUDE], &without);
	if (status != CLI_OK || !without)
		return status;
	cli_error(NULL, "no host is left: -x %s leaves out all there are",
	    o->value[OPT_EXCLUDE]);
	return CLI_USAGE;
}
