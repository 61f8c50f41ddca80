/* SPDX-License-Identifier: MIT */
/*
 * Names of hwmon, as node_exporter makes them of the device behind a chip:
 * the last two folders of its path, in lower case, with '_' for what is
 * neither letter nor digit. Unlike the driver's name they are unique.
 */
#include "collect/linux/hwmon.h"

#include "base/scan.h"

/* Takes the last folder off `path`. */
static struct aur_slice take_last(struct aur_slice *path)
{
	size_t end, n;

	while (path->n > 0 && path->p[path->n - 1] == '/')
		path->n--;
	end = n = path->n;
	while (n > 0 && path->p[n - 1] != '/')
		n--;
	path->n = n;
	return aur_slice_of(path->p + n, end - n);
}

static uint8_t clean_char(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':')
		return c;
	return '_';
}

/* Appends `s`, cleaned and without '_' at its ends, to out[0..n). */
static size_t add_clean(char *out, size_t n, size_t size, struct aur_slice s)
{
	while (s.n > 0 && clean_char(s.p[0]) == '_')
		s = aur_slice_of(s.p + 1, s.n - 1);
	while (s.n > 0 && clean_char(s.p[s.n - 1]) == '_')
		s.n--;
	for (size_t i = 0; i < s.n && n + 1 < size; i++)
		out[n++] = (char)clean_char(s.p[i]);
	return n;
}

void aur__chip_of_device(struct aur_slice path, char *out, size_t size)
{
	struct aur_slice device = take_last(&path);
	struct aur_slice type = take_last(&path);
	size_t n = add_clean(out, 0, size, type);

	if (n > 0 && n + 1 < size)
		out[n++] = '_';
	n = add_clean(out, n, size, device);
	out[n] = '\0';
}

unsigned aur__temp_number(struct aur_slice name)
{
	const size_t tail = strlen("_input");
	uint64_t v;

	if (name.n <= 4 + tail || !aur_slice_starts(name, "temp") ||
	    memcmp(name.p + name.n - tail, "_input", tail) != 0)
		return 0;
	name = aur_slice_of(name.p + 4, name.n - 4 - tail);
	if (aur_scan_u64(name, &v) < 0 || v > 9999)
		return 0;
	return (unsigned)v;
}
