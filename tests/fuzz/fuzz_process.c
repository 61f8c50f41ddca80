/* SPDX-License-Identifier: MIT */
/* The files of /proc/PID. The first byte says which one the rest is. */
#include "collect/linux/parse_process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice text, path;
	struct aur__stat stat;
	struct aur__status status;
	struct aur__limits limits;
	uint64_t a, b;
	unsigned level;
	int rc = 0;

	if (size == 0)
		return 0;
	text = aur_slice_of(data + 1, size - 1);
	switch (data[0]) {
	case 's':
		rc = aur__parse_stat(text, &stat);
		if (rc == 0) {
			char tty[24];

			aur__tty_name(stat.tty, tty);
			/* the name lies within the input */
			if (stat.comm.n > text.n)
				__builtin_trap();
		}
		break;
	case 'u':
		rc = aur__parse_status(text, &status);
		break;
	case 'm':
		rc = aur__parse_statm(text, &a);
		break;
	case 'i':
		rc = aur__parse_io(text, &a, &b);
		break;
	case 'l':
		rc = aur__parse_limits(text, &limits);
		if (rc == 0 && limits.have == 0)
			__builtin_trap();
		break;
	case 'c':
		rc = aur__parse_cgroup(text, &path);
		if (rc == 0 && (path.n == 0 || path.p[0] != '/'))
			__builtin_trap();
		(void)aur__parse_cgroup_of(text, "memory", &path);
		break;
	default:
		(void)aur__parse_hidepid(text, &level, &a);
		break;
	}
	(void)rc;
	return 0;
}
