/* SPDX-License-Identifier: MIT */
/*
 * Finds temperature inputs: /sys/class/hwmon/hwmonN/tempM_input
 * (Documentation/hwmon/sysfs-interface.rst), on old kernels in
 * hwmonN/device/. Only names are read here, which never blocks.
 */
#include "collect/linux/hwmon.h"

#include "base/err.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define CHIPS_MAX 64u

struct chips {
	char folder[CHIPS_MAX][24];
	size_t n;
};

struct inputs {
	unsigned number[AUR__SENSORS_MAX];
	size_t n;
};

static bool take_chip(void *arg, const char *name)
{
	struct chips *c = arg;
	size_t n = strlen(name);

	if (n < sizeof(c->folder[0])) {
		memcpy(c->folder[c->n], name, n + 1);
		c->n++;
	}
	return c->n < CHIPS_MAX;
}

static bool take_input(void *arg, const char *name)
{
	struct inputs *in = arg;
	unsigned number = aur__temp_number(aur_slice_str(name));

	if (number != 0)
		in->number[in->n++] = number;
	return in->n < AUR__SENSORS_MAX;
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return x < y ? -1 : x > y;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Where the chip's device is: the target of the link
 *	hwmon0 -> ../../devices/platform/coretemp.0/hwmon/hwmon0
 *	hwmon1 -> ../../devices/.../nvme/nvme0/hwmon1
 * without its last folders. Empty for a chip without device. */
static struct aur_slice device_of(
    struct aur_root *root, const char *folder, char *link, size_t size)
{
	static const char last[] = "/hwmon";
	struct aur_slice s;
	char path[128];
	ssize_t n;

	snprintf(path, sizeof(path), "sys/class/hwmon/%s/device", folder);
	if (!aur__root_has(root, path))
		return aur_slice_of(NULL, 0);
	snprintf(path, sizeof(path), "sys/class/hwmon/%s", folder);
	n = readlinkat(root->dirfd, path, link, size);
	s = aur_slice_of(link, n > 0 ? (size_t)n : 0);
	while (s.n > 0 && s.p[s.n - 1] != '/')
		s.n--;
	if (s.n > 0)
		s.n--;
	if (s.n >= sizeof(last) - 1 &&
	    memcmp(s.p + s.n - (sizeof(last) - 1), last, sizeof(last) - 1) == 0)
		s.n -= sizeof(last) - 1;
	return s;
}

static void name_chip(
    struct aur_root *root, const char *folder, struct aur__sensor *s)
{
	char path[128], link[512];

	snprintf(path, sizeof(path), "sys/class/hwmon/%s/name", folder);
	if (aur__root_word(root, path, s->chip_name, sizeof(s->chip_name)) < 0)
		s->chip_name[0] = '\0';
	aur__chip_of_device(device_of(root, folder, link, sizeof(link)),
	    s->chip, sizeof(s->chip));
	if (s->chip[0] == '\0')
		aur__chip_of_device(
		    aur_slice_str(s->chip_name), s->chip, sizeof(s->chip));
	if (s->chip[0] == '\0')
		snprintf(s->chip, sizeof(s->chip), "%s", folder);
}

static size_t add_chip(struct aur_root *root, const char *folder,
    struct aur__sensor *out, size_t room)
{
	struct aur__sensor common = {.err = 0};
	struct inputs in = {.n = 0};
	char path[96];
	size_t n;

	snprintf(path, sizeof(path), "sys/class/hwmon/%s", folder);
	if (aur__root_list(root, path, take_input, &in) < 0 || in.n == 0)
		return 0;
	snprintf(common.folder, sizeof(common.folder), "%s", folder);
	name_chip(root, folder, &common);
	qsort(in.number, in.n, sizeof(in.number[0]), by_number);
	for (n = 0; n < in.n && n < room; n++) {
		out[n] = common;
		snprintf(
		    out[n].input, sizeof(out[n].input), "temp%u", in.number[n]);
	}
	return n;
}

int aur__hwmon_find(struct aur_root *root, struct aur__sensor *out)
{
	struct chips chips = {.n = 0};
	size_t n = 0;
	int rc = aur__root_list(root, "sys/class/hwmon", take_chip, &chips);

	if (rc < 0)
		return rc;
	qsort(chips.folder, chips.n, sizeof(chips.folder[0]), by_name);
	for (size_t i = 0; i < chips.n; i++)
		n += add_chip(
		    root, chips.folder[i], out + n, AUR__SENSORS_MAX - n);
	return (int)n;
}
