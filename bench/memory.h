/* SPDX-License-Identifier: MIT */
/* What the process itself holds, for programs that run for simulated hours. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stdint.h>

/* Anonymous memory in KB, as /proc/self/smaps_rollup tells it; 0 unknown. */
uint64_t memory_anonymous_kb(void);

#endif
