/* SPDX-License-Identifier: MIT */
/*
 * Quoting for sh needs no list of what is dangerous: everything stands between
 * single quotes, a single quote between double ones, a backslash alone and
 * doubled. The usual '\'' would do for sh; but ssh reads the line of a
 * ProxyCommand too, to see whether its quotes are closed, and takes a
 * backslash before a quote for an escape even between quotes.
 */
#include "fleet/words_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

#define WORD_MOST 65536

void aur__words_add(struct aur__words *w, const char *text)
{
	char *copy;

	if (w->rc < 0)
		return;
	if (w->n == AUR__WORDS_MAX) {
		w->rc = AUR_ELIMIT;
		return;
	}
	copy = aur_mem_dup(text, strlen(text));
	if (copy == NULL)
		w->rc = AUR_ENOMEM;
	else
		w->word[w->n++] = copy;
}

void aur__words_addf(struct aur__words *w, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	if (w->rc < 0)
		return;
	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || n > WORD_MOST || w->n == AUR__WORDS_MAX) {
		w->rc = AUR_ELIMIT;
		return;
	}
	text = aur_mem_new((size_t)n + 1, 1);
	if (text == NULL) {
		w->rc = AUR_ENOMEM;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	w->word[w->n++] = text;
}

void aur__words_release(struct aur__words *w)
{
	for (size_t i = 0; i < w->n; i++)
		aur_mem_free(w->word[i]);
	*w = (struct aur__words){.n = 0};
}

static int quote(struct aur_buf *b, const char *text)
{
	int rc = aur_buf_add_byte(b, '\'');

	for (; *text != '\0' && rc == 0; text++)
		if (*text == '\'')
			rc = aur_buf_add_str(b, "'\"'\"'");
		else if (*text == '\\')
			rc = aur_buf_add_str(b, "'\\\\'");
		else
			rc = aur_buf_add_byte(b, (uint8_t)*text);
	return rc == 0 ? aur_buf_add_byte(b, '\'') : rc;
}

int aur__words_quote(const struct aur__words *w, struct aur_buf *b)
{
	int rc = w->rc;

	for (size_t i = 0; i < w->n && rc == 0; i++) {
		if (i > 0)
			rc = aur_buf_add_byte(b, ' ');
		if (rc == 0)
			rc = quote(b, w->word[i]);
	}
	return rc;
}
