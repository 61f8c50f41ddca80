/* SPDX-License-Identifier: MIT */
/*
 * Figures of disks, filesystems and interfaces that are more than a cell or a
 * rate, and the totals over them. What totals count, so that no byte counts
 * twice, is decided where the host can be asked: the collector marks it.
 */
#include "model/figure_int.h"

#include <math.h>

/* The sum over the instances that are counted. One whose rate cannot be told
 * (just plugged in) adds nothing; where that is so of all, so is the sum. A
 * host whose list has none that counts (loopback alone) moves nothing. */
double aur_total_value(const struct aur_total *t)
{
	if (t->known > 0 || (t->counted == 0 && t->matched > 0))
		return t->sum;
	return NAN;
}

void aur__figure_total(struct aur_figures *f, const struct aur__source *src,
    const struct aur_part *part, struct aur_value *ret)
{
	struct aur_total t = {0};

	for (size_t i = 0; i < part->n; i++) {
		bool counted = aur_part_cell(part, i, src->counted) != 0;
		double v = NAN;

		if (counted &&
		    !aur_rates_get(&f->rates, part, i, src->field, &v))
			v = NAN;
		aur__total_add(
		    &t, aur_rates_match(&f->rates, part, i) >= 0, counted, v);
	}
	aur__value_real(ret, aur_total_value(&t));
}

#define CELL(field) AUR__IN(CELL, field)
#define GROWTH(field) AUR__IN(GROWTH, field)

/* Time of the requests that completed, by their number; iostat's await. */
static double disk_await(const double *in)
{
	double requests = in[0] + in[1];

	return requests > 0 ? 1000 * (in[2] + in[3]) / requests : NAN;
}

const struct aur__formula aur__formula_disk_await = {.domain = AUR_DOMAIN_DISK,
    .n = 4,
    .input = {GROWTH(DISK_reads), GROWTH(DISK_writes), GROWTH(DISK_read_time),
	GROWTH(DISK_write_time)},
    .fn = disk_await};

static double used(const double *in)
{
	return aur__less(in[0], in[1]);
}

/* df's: what is kept for root is neither used nor available. */
static double used_percent(const double *in)
{
	return aur__share(used(in), used(in) + in[2]);
}

static double inodes_used_percent(const double *in)
{
	return aur__share(used(in), in[0]);
}

const struct aur__formula aur__formula_filesystem_used_bytes = {
    .domain = AUR_DOMAIN_FILESYSTEM,
    .n = 2,
    .input = {CELL(FILESYSTEM_size), CELL(FILESYSTEM_free)},
    .fn = used};
const struct aur__formula aur__formula_filesystem_used_percent = {
    .domain = AUR_DOMAIN_FILESYSTEM,
    .n = 3,
    .input = {CELL(FILESYSTEM_size), CELL(FILESYSTEM_free),
	CELL(FILESYSTEM_available)},
    .fn = used_percent};
const struct aur__formula aur__formula_filesystem_inodes_used = {
    .domain = AUR_DOMAIN_FILESYSTEM,
    .n = 2,
    .input = {CELL(FILESYSTEM_files), CELL(FILESYSTEM_files_free)},
    .fn = used};
const struct aur__formula aur__formula_filesystem_inodes_used_percent = {
    .domain = AUR_DOMAIN_FILESYSTEM,
    .n = 2,
    .input = {CELL(FILESYSTEM_files), CELL(FILESYSTEM_files_free)},
    .fn = inodes_used_percent};
