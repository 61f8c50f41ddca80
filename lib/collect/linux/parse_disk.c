/* SPDX-License-Identifier: MIT */
/*
 * /proc/diskstats (Documentation/admin-guide/iostats.rst): major, minor, name
 * and eleven numbers; later kernels append discards and flushes, which are
 * passed over.
 */
#include "collect/linux/parse.h"

#include "base/scan.h"

_Static_assert(AUR_DISK_reads == 0 && AUR_DISK_io_weighted_time == 10, "order");

#define SECTOR 512u

static bool to_bytes(uint64_t *v)
{
	if (*v > UINT64_MAX / SECTOR)
		return false;
	*v *= SECTOR;
	return true;
}

static bool parse_line(struct aur_slice line, struct aur__diskstat *d)
{
	if (!aur_scan_next_u64(&line, &d->major) ||
	    !aur_scan_next_u64(&line, &d->minor) ||
	    !aur_slice_word(&line, &d->name))
		return false;
	for (d->n = 0; d->n < AUR_ARRAY_LEN(d->v); d->n++)
		if (!aur_scan_next_u64(&line, &d->v[d->n]))
			break;
	return d->n == AUR_ARRAY_LEN(d->v) &&
	       to_bytes(&d->v[AUR_DISK_read_bytes]) &&
	       to_bytes(&d->v[AUR_DISK_written_bytes]);
}

bool aur__parse_diskstat(struct aur_slice *text, struct aur__diskstat *ret_disk)
{
	struct aur_slice line;

	while (aur_slice_line(text, &line)) {
		struct aur__diskstat d;

		if (!parse_line(line, &d))
			continue;
		*ret_disk = d;
		return true;
	}
	return false;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* `s` without the digits at its end. */
static struct aur_slice stem(struct aur_slice s)
{
	while (s.n > 0 && is_digit(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* sda1, vdb2, xvda1; nvme0n1p1, mmcblk0p2. */
bool aur__disk_is_partition(struct aur_slice name)
{
	static const char *const letters[] = {"sd", "hd", "vd", "xvd"};
	struct aur_slice s = stem(name);

	if (s.n == name.n || s.n == 0)
		return false;
	for (size_t i = 0; i < AUR_ARRAY_LEN(letters); i++)
		if (aur_slice_starts(s, letters[i]))
			return true;
	return s.n >= 2 && s.p[s.n - 1] == 'p' && is_digit(s.p[s.n - 2]);
}

bool aur__disk_is_virtual(struct aur_slice name)
{
	static const char *const heads[] = {
	    "loop", "ram", "zram", "dm-", "md", "fd"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(heads); i++)
		if (aur_slice_starts(name, heads[i]))
			return true;
	return false;
}
