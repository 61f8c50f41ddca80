/* SPDX-License-Identifier: MIT */
/*
 * Text for the clipboard of the terminal: OSC 52, which terminfo does not
 * know, so those that take it are known by their names.
 */
#include "tui/term.h"

#include "base/mem.h"

#include <stdlib.h>

static bool env_is(const char *name, const char *value)
{
	const char *is = getenv(name);

	return is != NULL && (value == NULL || strcmp(is, value) == 0);
}

bool tui_term_can_copy(const struct tui_term *t)
{
	static const char *const heads[] = {"xterm-kitty", "foot", "wezterm",
	    "alacritty", "ghostty", "xterm-ghostty", "contour", "rio"};
	const char *term = getenv("TERM");

	(void)t;
	for (size_t i = 0; i < AUR_ARRAY_LEN(heads) && term != NULL; i++)
		if (strncmp(term, heads[i], strlen(heads[i])) == 0)
			return true;
	return env_is("TERM_PROGRAM", "iTerm.app") ||
	       env_is("TERM_PROGRAM", "WezTerm") || env_is("WT_SESSION", NULL);
}

/* RFC 4648, without line breaks. */
void tui_term_copy(struct tui_term *t, const char *text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *p = (const uint8_t *)text;
	size_t n = strlen(text), at = 0;
	char *out = aur_mem_new(n / 3 * 4 + 16, 1);

	if (out == NULL)
		return;
	at = (size_t)snprintf(out, 8, "\033]52;c;");
	for (size_t i = 0; i < n; i += 3) {
		size_t have = n - i < 3 ? n - i : 3;
		unsigned bits = (unsigned)p[i] << 16;

		bits |= have > 1 ? (unsigned)p[i + 1] << 8 : 0;
		bits |= have > 2 ? (unsigned)p[i + 2] : 0;
		for (size_t k = 0; k < 4; k++)
			out[at++] =
			    k <= have ? digit[bits >> (18 - 6 * k) & 63] : '=';
	}
	out[at++] = '\a';
	tui_term_write(t, out, at);
	aur_mem_free(out);
}
