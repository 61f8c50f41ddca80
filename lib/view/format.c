/* SPDX-License-Identifier: MIT */
/*
 * Values as people read them. What is unknown is "-", so that a column of a
 * table is never without a word.
 */
#include "view/format.h"

#include "base/human.h"
#include "base/text.h"

#include <math.h>

static int add_list(struct aur_buf *b, struct aur_slice s)
{
	struct aur_slice part;
	int rc = 0;

	while (rc == 0 && aur_slice_until(&s, '\0', &part)) {
		rc = aur_text_add_safe(b, part);
		if (rc == 0)
			rc = aur_buf_add_byte(b, ' ');
	}
	return rc < 0 ? rc : aur_text_add_safe(b, s);
}

static int add_rate(struct aur_buf *b, double v)
{
	char text[AUR_HUMAN_MAX];

	aur_human_bytes(v, text);
	return aur_buf_add_str(b, text);
}

static int add_number(
    struct aur_buf *b, enum aur_unit unit, double v, bool real)
{
	char text[AUR_HUMAN_MAX];

	if (!isfinite(v))
		return aur_buf_add_str(b, "-");
	switch (unit) {
	case AUR_UNIT_BYTES:
		aur_human_bytes(v, text);
		break;
	case AUR_UNIT_BYTES_PER_SECOND:
		return add_rate(b, v);
	case AUR_UNIT_PERCENT:
		aur_human_percent(v, text);
		break;
	case AUR_UNIT_BITS_PER_SECOND:
		aur_human_bits(v, text);
		break;
	case AUR_UNIT_SECONDS:
		aur_human_span(aur_span_seconds(v), text);
		break;
	case AUR_UNIT_HERTZ:
		aur_human_count(v, text);
		break;
	case AUR_UNIT_CELSIUS:
		return aur_buf_addf(b, "%.1f", v);
	case AUR_UNIT_MILLISECONDS:
	case AUR_UNIT_PER_SECOND:
		return aur_buf_addf(b, v < 10 ? "%.2f" : "%.0f", v);
	case AUR_UNIT_COUNT:
	case AUR_UNIT_NONE:
	default:
		if (!real)
			return aur_buf_addf(b, "%.0f", v);
		return aur_buf_addf(b, "%.2f", v);
	}
	return aur_buf_add_str(b, text);
}

int aur_format_value(
    struct aur_buf *b, enum aur_unit unit, const struct aur_value *v)
{
	switch (v->type) {
	case AUR_VALUE_BOOL:
		return aur_buf_add_str(b, v->b ? "yes" : "no");
	case AUR_VALUE_INT:
		/* identities and priorities to the last digit */
		if (unit == AUR_UNIT_NONE || unit == AUR_UNIT_COUNT)
			return aur_buf_addf(b, "%lld", (long long)v->i);
		return add_number(b, unit, (double)v->i, false);
	case AUR_VALUE_REAL:
		return add_number(b, unit, v->d, true);
	case AUR_VALUE_TEXT:
		return aur_text_add_safe(b, v->s);
	case AUR_VALUE_LIST:
		return add_list(b, v->s);
	case AUR_VALUE_NULL:
		break;
	}
	return aur_buf_add_str(b, "-");
}

int aur_format_figure(
    struct aur_buf *b, enum aur_figure_id id, const struct aur_value *v)
{
	char text[AUR_HUMAN_MAX];
	double n;

	if (id == AUR_FIG_processes_cpu_seconds && aur_value_number(v, &n)) {
		aur_human_cpu_time(n, text);
		return aur_buf_add_str(b, text);
	}
	return aur_format_value(b, aur_figure_get(id)->unit, v);
}

struct aur_slice aur_format_program(struct aur_slice cmd)
{
	size_t from = 0, i = 0;

	if (cmd.n == 0)
		return cmd;
	/* strchr finds NUL as well, which ends a word in a command line */
	for (; i < cmd.n && strchr(" :", cmd.p[i]) == NULL; i++)
		if (cmd.p[i] == '/')
			from = i + 1;
	return aur_slice_of(cmd.p + from, i - from);
}
