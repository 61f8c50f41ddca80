/* SPDX-License-Identifier: MIT */
/* Paths and files of control groups, and the JSON of container runtimes. */
#include "collect/linux/group.h"
#include "collect/linux/parse_cgroup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice text = aur_slice_of(data, size), s = {0};
	struct aur__container c;
	struct aur__cg_mount m;
	uint64_t v;

	if (aur__path_unit(text, &s) && (s.n == 0 || s.n > size))
		__builtin_trap();
	if (aur__path_container(text, &c) &&
	    (c.id[0] == '\0' || memchr(c.id, 0, sizeof(c.id)) == NULL))
		__builtin_trap();
	if (aur__json_member(text, "Name", &s) && s.n > size)
		__builtin_trap();
	(void)aur__json_podman(text, "0123", &s);
	(void)aur__parse_keyed(text, "usage_usec", &v);
	(void)aur__parse_limit(text, &v);
	(void)aur__parse_cpu_max(text, &v);
	(void)aur__parse_cfs(text, text, &v);
	while (aur__parse_cg_mount(&text, &m))
		if (m.point.n == 0 || m.point.n > size)
			__builtin_trap();
	return 0;
}
