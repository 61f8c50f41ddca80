/* SPDX-License-Identifier: MIT */
/*
 * The limits of a process as rows: "1024, hard 1048576". Only for open files
 * is it known how much is in use: the others count what all processes of a
 * user have, or are hit at once and not filled up.
 */
#include "tui/details.h"

#include "base/human.h"
#include "tui/meter.h"

#include <math.h>

#define UNLIMITED UINT64_MAX
#define NEAR_PERCENT 80
#define LIMIT_TEXT 24 /* a number of 64 bits, AUR_HUMAN_MAX */

/* In the order of the domain, where each has its hard limit behind it. */
static const char *const labels[TUI_LIMITS] = {
    "max files",
    "max tasks",
    "max memory",
    "max data",
    "max stack",
    "max core",
    "max locked",
    "max written",
    "max CPU time",
};

static void value(unsigned field, uint64_t v, char out[LIMIT_TEXT])
{
	const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_PROCESS_LIMIT);

	if (v == UNLIMITED)
		snprintf(out, LIMIT_TEXT, "none");
	else if (d->field[field].unit == AUR_UNIT_BYTES)
		aur_human_bytes((double)v, out);
	else if (d->field[field].unit == AUR_UNIT_SECONDS)
		aur_human_span(aur_span_seconds((double)v), out);
	else
		snprintf(out, LIMIT_TEXT, "%llu", (unsigned long long)v);
}

/* The cell of limit `field` of the process; false where it is not known. */
static bool limit_of(
    const struct tui_details *d, unsigned field, uint64_t *ret_v)
{
	const struct aur_part *part =
	    aur_sample_get(d->f.now, AUR_DOMAIN_PROCESS_LIMIT);
	ptrdiff_t at = part == NULL ? -1 : aur_part_find(part, d->key, 0);

	if (at < 0 || !aur_part_has(part, (size_t)at, field))
		return false;
	*ret_v = aur_part_cell(part, (size_t)at, field);
	return true;
}

bool tui_details_open_files(struct tui_details *d, char text[48])
{
	struct aur_value v;
	double used, share;
	uint64_t limit;

	aur_figures_process(&d->f, AUR_FIG_processes_open_files, d->inst, &v);
	snprintf(text, 48, "-");
	if (!aur_value_number(&v, &used))
		return false;
	snprintf(text, 48, "%.0f", used);
	if (!limit_of(d, AUR_PROCESS_LIMIT_open_files, &limit) ||
	    limit == UNLIMITED || limit == 0)
		return false;
	share = 100 * used / (double)limit;
	snprintf(text, 48, "%.0f of %llu (%.0f%%)%s", used,
	    (unsigned long long)limit, floor(share),
	    share >= NEAR_PERCENT ? " !" : "");
	return share >= NEAR_PERCENT;
}

bool tui_details_limit(const struct tui_details *d, unsigned nth,
    const char **ret_label, char text[96])
{
	char soft[LIMIT_TEXT], hard[LIMIT_TEXT];
	unsigned field = 2 * nth;
	uint64_t v;

	if (nth >= TUI_LIMITS || !limit_of(d, field, &v))
		return false;
	*ret_label = labels[nth];
	value(field, v, soft);
	snprintf(text, 96, "%s", soft);
	if (!limit_of(d, field + 1, &v))
		return true;
	value(field, v, hard);
	if (strcmp(soft, hard) != 0)
		snprintf(text, 96, "%s, hard %s", soft, hard);
	return true;
}
