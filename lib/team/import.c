/* SPDX-License-Identifier: MIT */
/*
 * ssh_config becomes a list of blocks and a list of values, each of a block.
 * A block knows the one around it: what is included under a Host line holds
 * only where that line matches as well.
 *
 * Asking `ssh -G` for each host would be exact and needs no reader, but says
 * nothing of which hosts there are.
 */
#include "team/import.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <ctype.h>
#include <strings.h>

enum keyword { HOSTNAME, USER, PORT, PROXYJUMP, KEYWORDS };

static const char *const keywords[KEYWORDS] = {
    "hostname", "user", "port", "proxyjump"};

#define NO_BLOCK SIZE_MAX

struct block {
	char *patterns; /* words with blanks between; NULL: everybody */
	bool never;	/* a Match that we do not judge */
	size_t around;	/* NO_BLOCK: none */
};

struct value {
	enum keyword keyword;
	size_t block; /* NO_BLOCK: before all of them */
	char *text;
};

struct aur_import {
	struct block *block;
	size_t nblock;
	struct value *value;
	size_t nvalue;
	char **name;
	size_t nname;
	char **made; /* hostnames with %h put in; by name */
	size_t current, depth;
};

int aur_import_new(struct aur_import **ret_import)
{
	struct aur_import *im = aur_mem_new(1, sizeof(*im));

	if (im == NULL)
		return AUR_ENOMEM;
	im->current = NO_BLOCK;
	*ret_import = im;
	return 0;
}

void aur_import_free(struct aur_import *im)
{
	if (im == NULL)
		return;
	for (size_t i = 0; i < im->nblock; i++)
		aur_mem_free(im->block[i].patterns);
	for (size_t i = 0; i < im->nvalue; i++)
		aur_mem_free(im->value[i].text);
	for (size_t i = 0; i < im->nname; i++) {
		aur_mem_free(im->name[i]);
		if (im->made != NULL)
			aur_mem_free(im->made[i]);
	}
	aur_mem_free(im->block);
	aur_mem_free(im->value);
	aur_mem_free(im->name);
	aur_mem_free(im->made);
	aur_mem_free(im);
}

size_t aur_import_count(const struct aur_import *im)
{
	return im->nname;
}

/* --- reading -------------------------------------------------------------- */

/* Room for one more element behind `n`; NULL. */
static void *room(void *list, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return list;
	return aur_mem_grow(list, n > 0 ? 2 * n : 1, size);
}

static char *dup_slice(struct aur_slice s)
{
	return aur_mem_dup(s.n > 0 ? (const char *)s.p : "", s.n);
}

static int add_block(struct aur_import *im, const struct aur_slice *patterns,
    bool never, size_t around)
{
	struct block *list, *b;

	if (im->nblock >= AUR_MAX_IMPORT_LINES)
		return AUR_ELIMIT;
	list = room(im->block, im->nblock, sizeof(*list));
	if (list == NULL)
		return AUR_ENOMEM;
	im->block = list;
	b = &list[im->nblock];
	*b = (struct block){.never = never, .around = around};
	if (patterns != NULL) {
		b->patterns = dup_slice(*patterns);
		if (b->patterns == NULL)
			return AUR_ENOMEM;
	}
	im->current = im->nblock++;
	return 0;
}

static int add_value(
    struct aur_import *im, enum keyword keyword, struct aur_slice text)
{
	struct value *list;
	char *copy;

	if (im->nvalue >= AUR_MAX_IMPORT_LINES)
		return AUR_ELIMIT;
	list = room(im->value, im->nvalue, sizeof(*list));
	if (list == NULL)
		return AUR_ENOMEM;
	im->value = list;
	copy = dup_slice(text);
	if (copy == NULL)
		return AUR_ENOMEM;
	list[im->nvalue++] = (struct value){keyword, im->current, copy};
	return 0;
}

static int add_name(struct aur_import *im, struct aur_slice name)
{
	char **list, *copy;

	for (size_t i = 0; i < im->nname; i++)
		if (aur_slice_is(name, im->name[i]))
			return 0;
	if (im->nname >= AUR_MAX_TEAM_HOSTS)
		return AUR_ELIMIT;
	list = room(im->name, im->nname, sizeof(*list));
	if (list == NULL)
		return AUR_ENOMEM;
	im->name = list;
	copy = dup_slice(name);
	if (copy == NULL)
		return AUR_ENOMEM;
	list[im->nname++] = copy;
	return 0;
}

static bool is_pattern(struct aur_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (strchr("*?!", word.p[i]) != NULL) /* a NUL too */
			return true;
	return false;
}

/* Takes the next word of a line, quotes around it taken off. A quote that is
 * not closed ends with the line. */
static bool take_word(struct aur_slice *s, struct aur_slice *ret_word)
{
	*s = aur_slice_trim(*s);
	if (s->n == 0)
		return false;
	if (s->p[0] != '"')
		return aur_slice_word(s, ret_word);
	*s = aur_slice_of(s->p + 1, s->n - 1);
	if (!aur_slice_until(s, '"', ret_word)) {
		*ret_word = *s;
		*s = aur_slice_of(s->p + s->n, 0);
	}
	return true;
}

/* Takes "keyword value", "keyword=value", "keyword = value". */
static bool take_keyword(struct aur_slice *line, struct aur_slice *ret_word)
{
	size_t n = 0;

	*line = aur_slice_trim(*line);
	if (line->n == 0 || line->p[0] == '#')
		return false;
	while (n < line->n && line->p[n] != '=' && line->p[n] != ' ' &&
	       line->p[n] != '\t')
		n++;
	*ret_word = aur_slice_of(line->p, n);
	*line = aur_slice_trim(aur_slice_of(line->p + n, line->n - n));
	if (line->n > 0 && line->p[0] == '=')
		*line = aur_slice_trim(aur_slice_of(line->p + 1, line->n - 1));
	return true;
}

static bool is_word(struct aur_slice word, const char *name)
{
	return word.n == strlen(name) &&
	       strncasecmp((const char *)word.p, name, word.n) == 0;
}

static int read_host(
    struct aur_import *im, struct aur_slice rest, size_t around)
{
	struct aur_slice all = rest, word;
	int rc = add_block(im, &all, false, around);

	while (rc == 0 && take_word(&rest, &word))
		if (word.n > 0 && !is_pattern(word))
			rc = add_name(im, word);
	return rc;
}

static int read_include(struct aur_import *im, struct aur_slice rest,
    aur_import_include_fn include, void *arg)
{
	size_t current = im->current;
	struct aur_slice word;
	int rc = 0;

	if (include == NULL)
		return 0;
	if (++im->depth > AUR_MAX_IMPORT_DEPTH)
		rc = AUR_ELIMIT;
	while (rc == 0 && take_word(&rest, &word))
		if (word.n > 0) {
			rc = include(arg, word);
			im->current = current;
		}
	im->depth--;
	return rc;
}

static int read_line(struct aur_import *im, struct aur_slice line,
    size_t around, aur_import_include_fn include, void *arg)
{
	struct aur_slice word, value;

	if (!take_keyword(&line, &word))
		return 0;
	if (is_word(word, "host"))
		return read_host(im, line, around);
	if (is_word(word, "match"))
		return add_block(im, NULL, !is_word(line, "all"), around);
	if (is_word(word, "include"))
		return read_include(im, line, include, arg);
	for (int i = 0; i < KEYWORDS; i++)
		if (is_word(word, keywords[i]) && take_word(&line, &value))
			return add_value(im, (enum keyword)i, value);
	return 0;
}

int aur_import_read(struct aur_import *im, struct aur_slice text,
    aur_import_include_fn include, void *arg)
{
	size_t around = im->current;
	struct aur_slice line;
	int rc = 0;

	while (rc == 0 && aur_slice_line(&text, &line))
		rc = read_line(im, line, around, include, arg);
	return rc;
}

/* --- what holds for one --------------------------------------------------- */

/* ssh's patterns: '*' and '?', and case does not count. */
static bool matches(struct aur_slice pattern, const char *name)
{
	const char *star_name = NULL;
	size_t p = 0, star = 0;

	while (*name != '\0') {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = ++p;
			star_name = name;
		} else if (p < pattern.n &&
			   (pattern.p[p] == '?' ||
			       tolower(pattern.p[p]) ==
				   tolower((unsigned char)*name))) {
			p++;
			name++;
		} else if (star_name != NULL) {
			p = star;
			name = ++star_name;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

/* A list matches where one pattern does and none with a '!' does. */
static bool list_matches(const char *patterns, const char *name)
{
	struct aur_slice rest = aur_slice_str(patterns), word;
	bool found = false;

	while (take_word(&rest, &word)) {
		bool negated = word.n > 0 && word.p[0] == '!';

		if (negated)
			word = aur_slice_of(word.p + 1, word.n - 1);
		if (!matches(word, name))
			continue;
		if (negated)
			return false;
		found = true;
	}
	return found;
}

static bool holds(const struct aur_import *im, size_t block, const char *name)
{
	for (; block != NO_BLOCK; block = im->block[block].around) {
		const struct block *b = &im->block[block];

		if (b->never ||
		    (b->patterns != NULL && !list_matches(b->patterns, name)))
			return false;
	}
	return true;
}

/* A hostname with %h and %% put in; NULL where only ssh knows the rest. */
static int expand(const char *text, const char *name, char **ret)
{
	struct aur_buf b;
	int rc = 0;

	aur_buf_init(&b, AUR_MAX_TEAM_TEXT);
	for (; *text != '\0' && rc == 0; text++) {
		if (*text != '%') {
			rc = aur_buf_add_byte(&b, (uint8_t)*text);
			continue;
		}
		/* a lone one at the end stays where it is: it is the last */
		if (text[1] == 'h')
			rc = aur_buf_add_str(&b, name);
		else if (text[1] == '%')
			rc = aur_buf_add_byte(&b, '%');
		else
			rc = AUR_EUNSUPPORTED;
		if (rc == 0)
			text++;
	}
	if (rc == 0) {
		*ret = dup_slice(aur_buf_peek(&b));
		rc = *ret == NULL ? AUR_ENOMEM : 0;
	}
	aur_buf_release(&b);
	return rc == AUR_ENOMEM ? rc : 0;
}

int aur_import_get(
    struct aur_import *im, size_t i, struct aur_import_host *ret_host)
{
	const char *found[KEYWORDS] = {NULL}, *name = im->name[i];

	for (size_t v = 0; v < im->nvalue; v++)
		if (found[im->value[v].keyword] == NULL &&
		    holds(im, im->value[v].block, name))
			found[im->value[v].keyword] = im->value[v].text;
	if (im->made == NULL)
		im->made = aur_mem_new(im->nname, sizeof(*im->made));
	if (im->made == NULL)
		return AUR_ENOMEM;
	if (found[HOSTNAME] != NULL && im->made[i] == NULL) {
		int rc = expand(found[HOSTNAME], name, &im->made[i]);

		if (rc < 0)
			return rc;
	}
	*ret_host = (struct aur_import_host){
	    .name = name,
	    .hostname = im->made[i],
	    .user = found[USER],
	    .port = found[PORT],
	    .jump = found[PROXYJUMP],
	};
	return 0;
}
