/* SPDX-License-Identifier: MIT */
/*
 * The usual subscriptions, as bits. Both words hold 64: a domain or a process
 * field beyond that needs another form on the wire, and does not compile.
 */
#include "model/want.h"

_Static_assert(AUR_DOMAIN_COUNT <= 64, "aur_want.domains is one word");
_Static_assert(AUR_PROCESS_COUNT <= 64, "aur_want.process_fields is one word");

static const char *const sight_name[] = {
    [AUR_SIGHT_UNKNOWN] = "",
    [AUR_SIGHT_OWN] = "own",
    [AUR_SIGHT_ALL] = "all",
    [AUR_SIGHT_WHOLE] = "whole",
};

const char *aur_sight_name(enum aur_sight sight)
{
	return sight_name[sight];
}

enum aur_sight aur_sight_find(struct aur_slice name)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(sight_name); i++)
		if (aur_slice_is(name, sight_name[i]))
			return (enum aur_sight)i;
	return AUR_SIGHT_UNKNOWN;
}

/* The lowest `n` bits; 1 <= n <= 64. */
static uint64_t first_bits(unsigned n)
{
	return UINT64_MAX >> (64 - n);
}

uint64_t aur_want_system(void)
{
	return first_bits(AUR_DOMAIN_COUNT) &
	       ~(AUR_WANT_DOMAIN(CGROUP) | aur_want_processes());
}

uint64_t aur_want_processes(void)
{
	return AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(THREAD) |
	       AUR_WANT_DOMAIN(PROCESS_LIMIT);
}

uint64_t aur_want_process_all(void)
{
	return first_bits(AUR_PROCESS_COUNT) &
	       ~(AUR_WANT_PROCESS(open_files) | aur_want_process_sched());
}

uint64_t aur_want_process_close(void)
{
	return AUR_WANT_PROCESS(cmdline) | AUR_WANT_PROCESS(cgroup) |
	       AUR_WANT_PROCESS(unit) | AUR_WANT_PROCESS(container_id) |
	       AUR_WANT_PROCESS(container_name) | AUR_WANT_PROCESS(shared) |
	       AUR_WANT_PROCESS(swap) | AUR_WANT_PROCESS(open_files) |
	       AUR_WANT_PROCESS(uid) | AUR_WANT_PROCESS(user);
}

uint64_t aur_want_process_kept(void)
{
	return aur_want_process_all() &
	       ~(AUR_WANT_PROCESS(minor_faults) |
		   AUR_WANT_PROCESS(major_faults) |
		   AUR_WANT_PROCESS(processor) | AUR_WANT_PROCESS(session));
}

uint64_t aur_want_process_sched(void)
{
	return AUR_WANT_PROCESS(cpus_allowed) | AUR_WANT_PROCESS(io_priority);
}

uint64_t aur_want_process_rates(void)
{
	return aur_want_process_all() & ~aur_want_process_close();
}

uint64_t aur_want_process_overview(void)
{
	return AUR_WANT_PROCESS(parent) | AUR_WANT_PROCESS(uid) |
	       AUR_WANT_PROCESS(user) | AUR_WANT_PROCESS(name) |
	       AUR_WANT_PROCESS(state) | AUR_WANT_PROCESS(nice) |
	       AUR_WANT_PROCESS(threads) | AUR_WANT_PROCESS(cpu) |
	       AUR_WANT_PROCESS(rss) | AUR_WANT_PROCESS(kernel_thread);
}
