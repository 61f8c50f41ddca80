/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/limits: a line for each limit, in columns of blanks.
 *
 *	Limit                     Soft Limit           Hard Limit      Units
 *	Max open files            1024                 1048576         files
 *	Max core file size        0                    unlimited       bytes
 */
#include "collect/linux/parse_process.h"

#include "base/err.h"
#include "base/scan.h"

/* The hard limit is the field behind. */
static const struct {
	const char *name;
	unsigned field;
} known[] = {
    {"Max open files ", AUR_PROCESS_LIMIT_open_files},
    {"Max processes ", AUR_PROCESS_LIMIT_processes},
    {"Max address space ", AUR_PROCESS_LIMIT_address_space},
    {"Max data size ", AUR_PROCESS_LIMIT_data},
    {"Max stack size ", AUR_PROCESS_LIMIT_stack},
    {"Max core file size ", AUR_PROCESS_LIMIT_core},
    {"Max locked memory ", AUR_PROCESS_LIMIT_locked},
    {"Max file size ", AUR_PROCESS_LIMIT_file_size},
    {"Max cpu time ", AUR_PROCESS_LIMIT_cpu_time},
};

_Static_assert(AUR_PROCESS_LIMIT_COUNT <= 32, "aur__limits.have is one word");

static void take(
    struct aur_slice *rest, struct aur__limits *limits, unsigned field)
{
	struct aur_slice word;
	uint64_t v = UINT64_MAX;

	if (!aur_slice_word(rest, &word) ||
	    (!aur_slice_is(word, "unlimited") && aur_scan_u64(word, &v) < 0))
		return;
	limits->cell[field] = v;
	limits->have |= 1u << field;
}

int aur__parse_limits(struct aur_slice text, struct aur__limits *ret_limits)
{
	struct aur__limits limits = {0};
	struct aur_slice line;

	while (aur_slice_line(&text, &line))
		for (size_t i = 0; i < AUR_ARRAY_LEN(known); i++) {
			size_t n = strlen(known[i].name);

			if (!aur_slice_starts(line, known[i].name))
				continue;
			line = aur_slice_of(line.p + n, line.n - n);
			take(&line, &limits, known[i].field);
			take(&line, &limits, known[i].field + 1);
			break;
		}
	if (limits.have == 0)
		return AUR_EINVALID;
	*ret_limits = limits;
	return 0;
}
