/* SPDX-License-Identifier: MIT */
/*
 * Figures of processes that are more than a cell or a rate.
 */
#include "model/figure_int.h"

#include <math.h>

AUR__MAKE(process_pid)
{
	(void)f;
	aur__value_u64(ret, part->inst[i].key.v[0]);
}

AUR__MAKE(process_start_ticks)
{
	(void)f;
	aur__value_u64(ret, part->inst[i].key.v[1]);
}

/* Ticks are hundredths of a second since boot (proc_pid_stat(5)). */
AUR__MAKE(process_started_at)
{
	uint64_t ticks = part->inst[i].key.v[1];

	if (f->booted.ns <= 0 || ticks > INT64_MAX / 10000000)
		return;
	aur__value_time(f,
	    aur_wall_add(
		f->booted, (struct aur_span){(int64_t)ticks * 10000000}),
	    ret);
}

void aur__value_letter(
    const struct aur_part *part, size_t i, size_t field, struct aur_value *ret)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint64_t c = aur_part_cell(part, i, field);
	const char *p = NULL;

	if (c > 0 && c < 128)
		p = strchr(letters, (int)c);
	if (p != NULL)
		aur__value_text(ret, aur_slice_of(p, 1));
}

AUR__MAKE(process_state)
{
	(void)f;
	aur__value_letter(part, i, AUR_PROCESS_state, ret);
}

/* The process's CPU clock; where it was not read, user and system time. */
AUR__MAKE(process_cpu_percent)
{
	struct aur_rates *r = &f->rates;
	double v, system;

	if (!aur_rates_get(r, part, i, AUR_PROCESS_cpu, &v)) {
		if (aur_part_has(part, i, AUR_PROCESS_cpu) ||
		    !aur_rates_get(r, part, i, AUR_PROCESS_user_time, &v) ||
		    !aur_rates_get(
			r, part, i, AUR_PROCESS_system_time, &system))
			return;
		v += system;
	}
	aur__value_real(ret, aur__cpu_limit(f->cpu_count, 100 * v));
}

AUR__MAKE(process_cpu_seconds)
{
	double v = aur__cell(part, i, AUR_PROCESS_cpu);

	(void)f;
	if (isnan(v))
		v = aur__cell(part, i, AUR_PROCESS_user_time) +
		    aur__cell(part, i, AUR_PROCESS_system_time);
	aur__value_real(ret, v);
}

AUR__MAKE(process_memory_percent)
{
	aur__value_share(
	    ret, aur__cell(part, i, AUR_PROCESS_rss), f->memory_total);
}
