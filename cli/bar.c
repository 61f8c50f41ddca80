/* SPDX-License-Identifier: MIT */
/*
 * A bar is eight steps a column where the terminal has UTF-8, else '|' and
 * '.'; colour only repeats what the number beside it says.
 */
#include "cli/bar.h"

#include "base/limits.h"
#include "view/format.h"

#include <stdarg.h>

enum aur_table_style bar_style(
    const struct aur_value *v, double warn, double bad)
{
	double n;

	if (!aur_value_number(v, &n))
		return AUR_TABLE_DIM;
	if (n >= bad)
		return AUR_TABLE_BAD;
	return n >= warn ? AUR_TABLE_WARN : AUR_TABLE_PLAIN;
}

int bar_add(
    struct aur_buf *b, const struct aur_value *v, size_t width, bool utf8)
{
	static const char *const part[] = {
	    "\u00b7", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	double n;
	int rc = 0;

	if (!aur_value_number(v, &n))
		return 0;
	n = n < 0 ? 0 : n > 100 ? 100 : n;
	for (size_t i = 0; i < width && rc == 0; i++) {
		double left = n / 100 * (double)width - (double)i;
		int step = left >= 1 ? 8 : left <= 0 ? 0 : (int)(left * 8);

		if (utf8)
			rc = aur_buf_add_str(b, part[step]);
		else
			rc = aur_buf_add_byte(b, step >= 4 ? '|' : '.');
	}
	return rc;
}

int bar_cell(struct aur_table *t, struct shot *shot, enum aur_figure_id id,
    size_t row, enum aur_table_style style)
{
	struct aur_value v;
	struct aur_buf b;
	int rc;

	if (aur_figure_get(id)->group == AUR_GROUP_PROCESSES)
		shot_process(shot, id, (uint32_t)row, &v);
	else
		aur_figures_get(&shot->figures, id, row, &v);
	aur_buf_init(&b, 4 * AUR_MAX_STRING);
	rc = aur_format_figure(&b, id, &v);
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b), style);
	aur_buf_release(&b);
	return rc;
}

int bar_command(struct aur_table *t, struct shot *s, uint32_t row)
{
	struct aur_value v, name;
	struct aur_buf b;
	int rc;

	shot_process(s, AUR_FIG_processes_cmdline, row, &v);
	if (v.type == AUR_VALUE_LIST && v.s.n > 0)
		return bar_cell(t, s, AUR_FIG_processes_cmdline, row, 0);
	shot_process(s, AUR_FIG_processes_name, row, &name);
	aur_buf_init(&b, 4096);
	rc = aur_buf_add_byte(&b, '[');
	if (rc == 0 && name.type == AUR_VALUE_TEXT)
		rc = aur_buf_add_slice(&b, name.s);
	if (rc == 0)
		rc = aur_buf_add_byte(&b, ']');
	if (rc == 0)
		rc = aur_table_add(t, aur_buf_peek(&b), AUR_TABLE_DIM);
	aur_buf_release(&b);
	return rc;
}

int bar_cellf(
    struct aur_table *t, enum aur_table_style style, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return aur_table_add(t, aur_slice_str(text), style);
}

struct aur_table_how bar_how(const struct cli *c, bool wide)
{
	return (struct aur_table_how){
	    .width = wide ? 0 : c->width,
	    .color = c->color,
	    .ascii = !c->utf8,
	};
}
