/* SPDX-License-Identifier: MIT */
/*
 * Domain `process_limit`, of the few that somebody looks at; anew each time,
 * since prlimit(1) may change them. Reading this file takes no lock that a
 * stuck process may hold (proc_pid_limits() in the kernel's fs/proc/base.c),
 * unlike its command line: no helper is needed.
 */
#include "collect/linux/process.h"

#include "base/err.h"
#include "collect/linux/parse_process.h"

static int emit(struct aur_part *part, const struct aur__row *r,
    const struct aur__limits *limits)
{
	ptrdiff_t i = aur_part_add(part, (struct aur_key){{r->pid, r->start}});

	if (i < 0)
		return (int)i;
	for (unsigned f = 0; f < AUR_PROCESS_LIMIT_COUNT; f++)
		if ((limits->have >> f & 1) != 0)
			aur_part_set(part, (size_t)i, f, limits->cell[f]);
	return 0;
}

int aur__procs_limits(struct aur__procs *t, struct aur_part *part)
{
	int rc = 0;

	for (size_t i = 0; i < t->n && rc == 0; i++) {
		const struct aur__row *r = t->row[i];
		struct aur__limits limits;
		struct aur_slice text;

		if (r->denied || !r->close)
			continue;
		if (aur__row_file(t, r->pid, "limits", &text) == 0 &&
		    aur__parse_limits(text, &limits) == 0)
			rc = emit(part, r, &limits);
	}
	return rc;
}
