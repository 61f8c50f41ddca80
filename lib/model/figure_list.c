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
static void total(struct aur_figures *f, const struct aur_part *part,
    size_t counted, size_t field, struct aur_value *ret)
{
	size_t ncounted = 0, nknown = 0, nmatched = 0;
	double sum = 0, v;

	for (size_t i = 0; i < part->n; i++) {
		nmatched += aur_rates_match(&f->rates, part, i) >= 0;
		if (aur_part_cell(part, i, counted) == 0)
			continue;
		ncounted++;
		if (aur_rates_get(&f->rates, part, i, field, &v)) {
			sum += v;
			nknown++;
		}
	}
	if (nknown > 0 || (ncounted == 0 && nmatched > 0))
		aur__value_real(ret, sum);
}

AUR__MAKE(disk_total_read)
{
	(void)i;
	total(f, part, AUR_DISK_counted, AUR_DISK_read_bytes, ret);
}

AUR__MAKE(disk_total_write)
{
	(void)i;
	total(f, part, AUR_DISK_counted, AUR_DISK_written_bytes, ret);
}

AUR__MAKE(network_total_receive)
{
	(void)i;
	total(f, part, AUR_NETWORK_counted, AUR_NETWORK_receive_bytes, ret);
}

AUR__MAKE(network_total_transmit)
{
	(void)i;
	total(f, part, AUR_NETWORK_counted, AUR_NETWORK_transmit_bytes, ret);
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
