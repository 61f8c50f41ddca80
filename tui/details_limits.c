/* SPDX-License-Identifier: MIT */
/*
 * The limits of a process as rows: "12 of 1024 (1%), hard 1048576". Only for
 * open files is it known how much is in use: the others count what all
 * processes of a user have, or are hit at once and not filled up.
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

/* "12 of 1024 (1%)" */
static void open_files(struct tui_details *d, uint64_t limit, const char *soft,
    char text[48], bool *ret_near)
{
	struct aur_value v;
	double used = NAN, share;

	aur_figures_process(&d->f, AUR_FIG_processes_open_files, d->inst, &v);
	if (!aur_value_number(&v, &used) || limit == UNLIMITED || limit == 0) {
		snprintf(text, 48, "%s", soft);
		return;
	}
	share = 100 * used / (double)limit;
	*ret_near = share >= NEAR_PERCENT;
	snprintf(text, 48, "%.0f of %s (%.0f%%)%s", used, soft, floor(share),
	    *ret_near ? " !" : "");
}

bool tui_details_limit(struct tui_details *d, unsigned nth,
    const char **ret_label, char text[96], bool *ret_near)
{
	const struct aur_part *part =
	    aur_sample_get(d->f.now, AUR_DOMAIN_PROCESS_LIMIT);
	ptrdiff_t at = part == NULL ? -1 : aur_part_find(part, d->key, 0);
	char soft[LIMIT_TEXT], hard[LIMIT_TEXT], now[48];
	unsigned field = 2 * nth;
	uint64_t v;

	if (nth >= TUI_LIMITS || at < 0 ||
	    !aur_part_has(part, (size_t)at, field))
		return false;
	*ret_near = false;
	v = aur_part_cell(part, (size_t)at, field);
	value(field, v, soft);
	value(field, aur_part_cell(part, (size_t)at, field + 1), hard);
	snprintf(now, sizeof(now), "%s", soft);
	if (field == AUR_PROCESS_LIMIT_open_files)
		open_files(d, v, soft, now, ret_near);
	*ret_label = labels[nth];
	if (!aur_part_has(part, (size_t)at, field + 1) ||
	    strcmp(soft, hard) == 0)
		snprintf(text, 96, "%s", now);
	else
		snprintf(text, 96, "%s, hard %s", now, hard);
	return true;
}
