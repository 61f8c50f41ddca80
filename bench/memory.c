/* SPDX-License-Identifier: MIT */
#include "bench/memory.h"

#include "base/scan.h"

#include <stdio.h>

uint64_t memory_anonymous_kb(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	uint64_t kb = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		struct aur_slice s = aur_slice_str(line);

		if (aur_slice_starts(s, "Anonymous:")) {
			s.p += 10;
			s.n -= 10;
			aur_scan_next_u64(&s, &kb);
		}
	}
	if (f != NULL)
		fclose(f);
	return kb;
}
