/* SPDX-License-Identifier: MIT */
#include "tui/ansi.h"

#include <string.h>

/* The end of what was written. */
static char *put_digits(char *out, unsigned n)
{
	char digit[10];
	size_t i = sizeof(digit);

	do
		digit[--i] = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	memcpy(out, digit + i, sizeof(digit) - i);
	return out + sizeof(digit) - i;
}

void tui_ansi_move(int x, int y, char *out)
{
	memcpy(out, "\033[", 2);
	out = put_digits(out + 2, (unsigned)y + 1);
	*out++ = ';';
	out = put_digits(out, (unsigned)x + 1);
	memcpy(out, "H", 2);
}

void tui_ansi_column(int x, char *out)
{
	memcpy(out, "\033[", 2);
	out = put_digits(out + 2, (unsigned)x + 1);
	memcpy(out, "G", 2);
}

void tui_ansi_right(int n, char *out)
{
	memcpy(out, "\033[", 2);
	out += 2;
	if (n != 1)
		out = put_digits(out, (unsigned)n);
	memcpy(out, "C", 2);
}
