/* SPDX-License-Identifier: MIT */
/*
 * Figures of the whole host that are more than a cell or a rate: memory and
 * swap as free(1) tells them, the boot, the agent's own cost.
 */
#include "model/figure_int.h"

#include <math.h>

AUR__MAKE(system_distribution)
{
	static const uint8_t better[] = {
	    AUR_SYSTEM_os_pretty_name, AUR_SYSTEM_os_name, AUR_SYSTEM_os_id};
	struct aur_slice s;

	(void)f;
	for (size_t k = 0; k < AUR_ARRAY_LEN(better); k++)
		if (aur_part_text(part, i, better[k], &s) && s.n > 0) {
			aur__value_text(ret, s);
			return;
		}
}

/* RFC 9562's text form, as /proc/sys/kernel/random/boot_id has it. */
AUR__MAKE(system_boot_id)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *id = f->now->boot_id;
	char *text, *p;
	unsigned any = 0;

	(void)part;
	(void)i;
	for (size_t k = 0; k < 16; k++)
		any |= id[k];
	if (any == 0)
		return;
	p = text = aur__figure_text(f);
	for (size_t k = 0; k < 16; k++) {
		if (k == 4 || k == 6 || k == 8 || k == 10)
			*p++ = '-';
		*p++ = digit[id[k] >> 4];
		*p++ = digit[id[k] & 15];
	}
	aur__value_text(ret, aur_slice_of(text, (size_t)(p - text)));
}

/* The kernel's own word where it is there: wall less uptime wanders by what
 * the clock is corrected. */
struct aur_wall aur__booted(const struct aur_sample *now)
{
	const struct aur_part *part = aur_sample_get(now, AUR_DOMAIN_SYSTEM);
	double seconds;

	if (part != NULL && part->n > 0 &&
	    aur_part_number(part, 0, AUR_SYSTEM_boot_time, &seconds))
		return aur_wall_add(
		    (struct aur_wall){0}, aur_span_seconds(seconds));
	if (now->wall.ns <= 0 || now->boot.ns <= 0)
		return (struct aur_wall){0};
	return aur_wall_add(now->wall, (struct aur_span){-now->boot.ns});
}

AUR__MAKE(system_boot_time)
{
	(void)part;
	(void)i;
	if (f->booted.ns > 0)
		aur__value_time(f, f->booted, ret);
}

/* 0 where the kernel does not tell it. */
static double or_none(double v)
{
	return isnan(v) ? 0 : v;
}

#define CELL(field) AUR__IN(CELL, field)
#define RATE(field) AUR__IN(RATE, field)

/* --- the agent ------------------------------------------------------------ */

/* Another agent began to count anew, even where that is more. */
static double agent_cpu(const double *in)
{
	if (or_none(in[0]) != or_none(in[1]) || isnan(in[2]))
		return NAN;
	return aur__cpu_limit(in[3], 100 * in[2]);
}

const struct aur__formula aur__formula_agent_cpu_percent = {
    .domain = AUR_DOMAIN_AGENT,
    .n = 4,
    .input = {CELL(AGENT_pid), AUR__IN(WAS, AGENT_pid), RATE(AGENT_cpu),
	AUR__IN(CPUS, CPU_count)},
    .fn = agent_cpu};

/* --- memory --------------------------------------------------------------- */

enum { TOTAL, AVAILABLE, FREE, BUFFERS, CACHED, RECLAIMABLE, SHMEM };
#define OF_MEMORY                                                              \
	.domain = AUR_DOMAIN_MEMORY, .n = 7,                                   \
	.input = {CELL(MEMORY_total), CELL(MEMORY_available),                  \
	    CELL(MEMORY_free), CELL(MEMORY_buffers), CELL(MEMORY_cached),      \
	    CELL(MEMORY_slab_reclaimable), CELL(MEMORY_shmem)}

/* To be had without swapping. */
static double memory_available(const double *in)
{
	double v = in[AVAILABLE];

	/* MemAvailable came with Linux 3.14 */
	if (isnan(v))
		v = aur__less(in[FREE] + or_none(in[BUFFERS]) +
				  or_none(in[CACHED]) +
				  or_none(in[RECLAIMABLE]),
		    or_none(in[SHMEM]));
	return v > in[TOTAL] ? in[TOTAL] : v;
}

static double memory_used(const double *in)
{
	return aur__less(in[TOTAL], memory_available(in));
}

static double memory_used_percent(const double *in)
{
	return aur__share(memory_used(in), in[TOTAL]);
}

static double memory_cached(const double *in)
{
	return in[0] + or_none(in[1]);
}

const struct aur__formula aur__formula_memory_available_bytes = {
    OF_MEMORY, .fn = memory_available};
const struct aur__formula aur__formula_memory_used_bytes = {
    OF_MEMORY, .fn = memory_used};
const struct aur__formula aur__formula_memory_used_percent = {
    OF_MEMORY, .fn = memory_used_percent};
const struct aur__formula aur__formula_memory_cached_bytes = {
    .domain = AUR_DOMAIN_MEMORY,
    .n = 2,
    .input = {CELL(MEMORY_cached), CELL(MEMORY_slab_reclaimable)},
    .fn = memory_cached};

/* --- swap ----------------------------------------------------------------- */

#define OF_SWAP                                                                \
	.domain = AUR_DOMAIN_MEMORY, .n = 2,                                   \
	.input = {CELL(MEMORY_swap_total), CELL(MEMORY_swap_free)}

static double swap_used(const double *in)
{
	return aur__less(in[0], in[1]);
}

static double swap_used_percent(const double *in)
{
	return aur__share(swap_used(in), in[0]);
}

/* Pages as bytes. */
static double paging(const double *in)
{
	return in[0] * in[1];
}

const struct aur__formula aur__formula_swap_used_bytes = {
    OF_SWAP, .fn = swap_used};
const struct aur__formula aur__formula_swap_used_percent = {
    OF_SWAP, .fn = swap_used_percent};
const struct aur__formula aur__formula_swap_in = {.domain = AUR_DOMAIN_VMSTAT,
    .n = 2,
    .input = {RATE(VMSTAT_pswpin), CELL(VMSTAT_page_size)},
    .fn = paging};
const struct aur__formula aur__formula_swap_out = {.domain = AUR_DOMAIN_VMSTAT,
    .n = 2,
    .input = {RATE(VMSTAT_pswpout), CELL(VMSTAT_page_size)},
    .fn = paging};

/* --- sockets -------------------------------------------------------------- */

/* Hosts without IPv6 tell of one family only. */
static double sockets_udp(const double *in)
{
	if (isnan(in[0]) && isnan(in[1]))
		return NAN;
	return or_none(in[0]) + or_none(in[1]);
}

const struct aur__formula aur__formula_sockets_udp = {
    .domain = AUR_DOMAIN_SOCKET,
    .n = 2,
    .input = {CELL(SOCKET_udp_inuse), CELL(SOCKET_udp6_inuse)},
    .fn = sockets_udp};
