/* SPDX-License-Identifier: MIT */
/*
 * mountinfo: eleven fields and more,
 *
 *	36 35 98:0 /sub /mnt rw,noatime shared:1 - ext3 /dev/root rw,errors=x
 *	id up  dev  root point options   any...  - type device    of the fs
 *
 * and which mounts people mean when they say disk. The lists of those that
 * they do not mean are node_exporter's defaults, so that both show the same.
 */
#include "collect/linux/parse.h"

/* Whether "ro" is among words separated by commas. */
static bool has_ro(struct aur_slice options)
{
	struct aur_slice word;

	while (aur_slice_until(&options, ',', &word))
		if (aur_slice_is(word, "ro"))
			return true;
	return aur_slice_is(options, "ro");
}

static bool parse_line(struct aur_slice line, struct aur__mount *m)
{
	struct aur_slice word, options, super = {NULL, 0};

	for (int i = 0; i < 4; i++)
		if (!aur_slice_word(&line, &word))
			return false;
	if (!aur_slice_word(&line, &m->point) ||
	    !aur_slice_word(&line, &options))
		return false;
	do {
		if (!aur_slice_word(&line, &word))
			return false;
	} while (!aur_slice_is(word, "-"));
	if (!aur_slice_word(&line, &m->type) ||
	    !aur_slice_word(&line, &m->device))
		return false;
	(void)aur_slice_word(&line, &super);
	m->read_only = has_ro(options) || has_ro(super);
	return m->point.p[0] == '/';
}

bool aur__parse_mount(struct aur_slice *text, struct aur__mount *ret_mount)
{
	struct aur_slice line;

	while (aur_slice_line(text, &line)) {
		struct aur__mount m;

		if (!parse_line(line, &m))
			continue;
		*ret_mount = m;
		return true;
	}
	return false;
}

static int octal(struct aur_slice s, size_t at)
{
	int v = 0;

	if (s.n - at < 4 || s.p[at] != '\\')
		return -1;
	for (size_t i = at + 1; i < at + 4; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return -1;
		v = v * 8 + (s.p[i] - '0');
	}
	return v > 0 && v < 256 ? v : -1;
}

ptrdiff_t aur__mount_unescape(struct aur_slice s, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int c = octal(s, i);

		if (n + 1 >= size)
			return -1;
		if (c >= 0)
			i += 3;
		out[n++] = (char)(c >= 0 ? c : s.p[i]);
	}
	if (size == 0)
		return -1;
	out[n] = '\0';
	return (ptrdiff_t)n;
}

/* Whether `s` is `head` or a path below it. */
static bool is_below(struct aur_slice s, const char *head)
{
	size_t n = strlen(head);

	return aur_slice_starts(s, head) && (s.n == n || s.p[n] == '/');
}

/* Something below `head`, itself not. */
static bool is_in(struct aur_slice s, const char *head)
{
	return aur_slice_starts(s, head) && s.n > strlen(head);
}

bool aur__mount_is_pseudo(struct aur_slice point, struct aur_slice type)
{
	static const char *const types[] = {"autofs", "binfmt_misc", "bpf",
	    "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs",
	    "fusectl", "hugetlbfs", "iso9660", "mqueue", "nsfs", "overlay",
	    "proc", "procfs", "pstore", "rpc_pipefs", "securityfs", "selinuxfs",
	    "squashfs", "erofs", "sysfs", "tracefs"};

	if (aur_slice_is(point, "/"))
		return false;
	for (size_t i = 0; i < AUR_ARRAY_LEN(types); i++)
		if (aur_slice_is(type, types[i]))
			return true;
	return is_below(point, "/dev") || is_below(point, "/proc") ||
	       is_below(point, "/sys") || is_in(point, "/run/credentials/") ||
	       is_in(point, "/var/lib/docker/") ||
	       is_in(point, "/var/lib/containers/storage/");
}
