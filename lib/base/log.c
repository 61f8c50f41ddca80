/* SPDX-License-Identifier: MIT */
/*
 * The line is made on the stack: a message about missing memory must not
 * need any. What breaks a line (and so would forge another one) is blanked.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_BYTES 1024

/* Takes the last character off a line that was cut: it may be half of one. */
static void drop_half(char *line, size_t n)
{
	while (n > 0 && ((unsigned char)line[n - 1] & 0xc0) == 0x80)
		n--;
	if (n > 0 && ((unsigned char)line[n - 1] & 0x80) != 0)
		n--;
	line[n] = '\0';
}

void aur_log_write(
    const struct aur_log *log, enum aur_log_level level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;
	int n;

	if (log == NULL || log->write == NULL || level > log->most)
		return;
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= sizeof(line))
		drop_half(line, sizeof(line) - 1);
	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	log->write(log->arg, level, line);
}
