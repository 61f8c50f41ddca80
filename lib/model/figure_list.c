/* SPDX-License-Identifier: MIT */
/*
 * Figures of disks, filesystems and interfaces that are more than a cell or a
 * rate, and the totals over them. What totals count, so that no byte counts
 * twice, is decided where the host can be asked: the collector marks it.
 */
#include "model/figure_int.h"

#include <math.h>

void aur__total_add(
    struct aur_total *t, bool matched, bool counted, double rate)
{
	t->matched += matched;
	t->counted += counted;
	if (!counted || isnan(rate))
		return;
	t->sum += rate;
	t->known++;
}

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

/* Time of the requests that completed, by their number; iostat's await. */
AUR__MAKE(disk_await)
{
	struct aur_rates *r = &f->rates;
	double reads, writes, read_time, write_time;

	if (aur_rates_delta(r, part, i, AUR_DISK_reads, &reads) &&
	    aur_rates_delta(r, part, i, AUR_DISK_writes, &writes) &&
	    aur_rates_delta(r, part, i, AUR_DISK_read_time, &read_time) &&
	    aur_rates_delta(r, part, i, AUR_DISK_write_time, &write_time) &&
	    reads + writes > 0)
		aur__value_real(
		    ret, 1000 * (read_time + write_time) / (reads + writes));
}

/* a - b of two cells, 0 at least; NaN where either is absent. */
static double minus(const struct aur_part *part, size_t i, size_t a, size_t b)
{
	double v = aur__cell(part, i, a) - aur__cell(part, i, b);

	return v < 0 ? 0 : v;
}

static double used(const struct aur_part *part, size_t i)
{
	return minus(part, i, AUR_FILESYSTEM_size, AUR_FILESYSTEM_free);
}

AUR__MAKE(filesystem_used_bytes)
{
	(void)f;
	aur__value_int(ret, used(part, i));
}

/* df's: what is kept for root is neither used nor available. */
AUR__MAKE(filesystem_used_percent)
{
	double taken = used(part, i);

	(void)f;
	aur__value_share(
	    ret, taken, taken + aur__cell(part, i, AUR_FILESYSTEM_available));
}

static double inodes_used(const struct aur_part *part, size_t i)
{
	return minus(part, i, AUR_FILESYSTEM_files, AUR_FILESYSTEM_files_free);
}

AUR__MAKE(filesystem_inodes_used)
{
	(void)f;
	aur__value_int(ret, inodes_used(part, i));
}

AUR__MAKE(filesystem_inodes_used_percent)
{
	(void)f;
	aur__value_share(ret, inodes_used(part, i),
	    aur__cell(part, i, AUR_FILESYSTEM_files));
}
