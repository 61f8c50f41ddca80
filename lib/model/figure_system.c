/* SPDX-License-Identifier: MIT */
/*
 * Figures of the whole host that are more than a cell or a rate: memory and
 * swap as free(1) tells them, the boot, the agent's own cost.
 */
#include "model/figure_int.h"

#include <math.h>

/* a - b, 0 at least; NaN where either is. */
static double less(double a, double b)
{
	return a < b ? 0 : a - b;
}

AUR__MAKE(agent_cpu_percent)
{
	struct aur_rates *r = &f->rates;
	ptrdiff_t was = aur_rates_match(r, part, i);
	const struct aur_part *earlier;
	double v;

	if (was < 0)
		return;
	/* another agent began to count anew, even where that is more */
	earlier = aur_sample_find(r->before, part->domain);
	if (aur_part_cell(earlier, (size_t)was, AUR_AGENT_pid) !=
	    aur_part_cell(part, i, AUR_AGENT_pid))
		return;
	if (aur_rates_get(r, part, i, AUR_AGENT_cpu, &v))
		aur__value_real(ret, aur__cpu_limit(f, 100 * v));
}

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
static double or_none(const struct aur_part *part, size_t i, size_t field)
{
	double v;

	return aur_part_number(part, i, field, &v) ? v : 0;
}

/* To be had without swapping. */
static double memory_available(const struct aur_part *memory, size_t i)
{
	double v = aur__cell(memory, i, AUR_MEMORY_available);
	double total = aur__cell(memory, i, AUR_MEMORY_total);

	/* MemAvailable came with Linux 3.14 */
	if (isnan(v))
		v = less(aur__cell(memory, i, AUR_MEMORY_free) +
			     or_none(memory, i, AUR_MEMORY_buffers) +
			     or_none(memory, i, AUR_MEMORY_cached) +
			     or_none(memory, i, AUR_MEMORY_slab_reclaimable),
		    or_none(memory, i, AUR_MEMORY_shmem));
	return v > total ? total : v;
}

static double memory_used(const struct aur_part *part, size_t i)
{
	return less(
	    aur__cell(part, i, AUR_MEMORY_total), memory_available(part, i));
}

AUR__MAKE(memory_used_bytes)
{
	(void)f;
	aur__value_int(ret, memory_used(part, i));
}

AUR__MAKE(memory_used_percent)
{
	(void)f;
	aur__value_share(
	    ret, memory_used(part, i), aur__cell(part, i, AUR_MEMORY_total));
}

AUR__MAKE(memory_available_bytes)
{
	(void)f;
	aur__value_int(ret, memory_available(part, i));
}

AUR__MAKE(memory_cached_bytes)
{
	(void)f;
	aur__value_int(ret, aur__cell(part, i, AUR_MEMORY_cached) +
				or_none(part, i, AUR_MEMORY_slab_reclaimable));
}

static double swap_used(const struct aur_part *part, size_t i)
{
	return less(aur__cell(part, i, AUR_MEMORY_swap_total),
	    aur__cell(part, i, AUR_MEMORY_swap_free));
}

AUR__MAKE(swap_used_bytes)
{
	(void)f;
	aur__value_int(ret, swap_used(part, i));
}

AUR__MAKE(swap_used_percent)
{
	(void)f;
	aur__value_share(
	    ret, swap_used(part, i), aur__cell(part, i, AUR_MEMORY_swap_total));
}

/* Pages per second of vmstat as bytes. */
static void paging(struct aur_figures *f, size_t field, struct aur_value *ret)
{
	const struct aur_part *vmstat =
	    aur_sample_get(f->now, AUR_DOMAIN_VMSTAT);
	double pages, size;

	if (vmstat != NULL && vmstat->n > 0 &&
	    aur_part_number(vmstat, 0, AUR_VMSTAT_page_size, &size) &&
	    aur_rates_get(&f->rates, vmstat, 0, field, &pages))
		aur__value_real(ret, pages * size);
}

AUR__MAKE(swap_in)
{
	(void)part;
	(void)i;
	paging(f, AUR_VMSTAT_pswpin, ret);
}

AUR__MAKE(swap_out)
{
	(void)part;
	(void)i;
	paging(f, AUR_VMSTAT_pswpout, ret);
}

/* Hosts without IPv6 tell of one family only. */
AUR__MAKE(sockets_udp)
{
	(void)f;
	if (aur_part_has(part, i, AUR_SOCKET_udp_inuse) ||
	    aur_part_has(part, i, AUR_SOCKET_udp6_inuse))
		aur__value_int(
		    ret, or_none(part, i, AUR_SOCKET_udp_inuse) +
			     or_none(part, i, AUR_SOCKET_udp6_inuse));
}
