/* SPDX-License-Identifier: MIT */
/*
 * CPU time as percentages: what each mode grew by, of what all grew by. So
 * they sum to 100 whatever the interval and however many CPUs there are, and
 * a kernel that counts fewer modes is no special case. Guests' time is also
 * in user and nice (proc_stat(5)) and is not added again.
 *
 * A core's fields are the machine's, so one code does for both.
 */
#include "model/figure_int.h"

#include <math.h>

#define SAME(field)                                                            \
	_Static_assert((int)AUR_CPU_##field == (int)AUR_CORE_##field, #field)
SAME(user);
SAME(nice);
SAME(system);
SAME(idle);
SAME(iowait);
SAME(irq);
SAME(softirq);
SAME(steal);
SAME(guest);
SAME(guest_nice);

#define MODES (AUR_CPU_guest_nice + 1)
#define MODES_SUMMED (AUR_CPU_steal + 1)

struct modes {
	double grew[MODES]; /* 0 where the kernel does not count it */
	bool counted[MODES];
	double total;
};

/* False where it cannot be told: one mode that was reset spoils the sum. */
static bool get_modes(struct aur_figures *f, const struct aur_part *part,
    size_t i, struct modes *m)
{
	struct aur_span over;

	*m = (struct modes){.total = 0};
	if (!aur_rates_span(&f->rates, part, i, &over))
		return false;
	for (size_t k = 0; k < MODES; k++) {
		m->counted[k] = aur_part_has(part, i, k);
		if (m->counted[k] &&
		    !aur_rates_delta(&f->rates, part, i, k, &m->grew[k]))
			return false;
		if (k < MODES_SUMMED)
			m->total += m->grew[k];
	}
	return m->counted[AUR_CPU_user] && m->counted[AUR_CPU_system] &&
	       m->counted[AUR_CPU_idle];
}

static void one_mode(struct aur_figures *f, const struct aur_part *part,
    size_t i, size_t mode, struct aur_value *ret)
{
	struct modes m;

	if (get_modes(f, part, i, &m) && m.counted[mode])
		aur__value_share(ret, m.grew[mode], m.total);
}

AUR__MAKE(cpu_busy)
{
	struct modes m;

	if (get_modes(f, part, i, &m))
		aur__value_share(ret,
		    m.total - m.grew[AUR_CPU_idle] - m.grew[AUR_CPU_iowait],
		    m.total);
}

AUR__MAKE(cpu_user)
{
	one_mode(f, part, i, AUR_CPU_user, ret);
}

AUR__MAKE(cpu_nice)
{
	one_mode(f, part, i, AUR_CPU_nice, ret);
}

AUR__MAKE(cpu_system)
{
	one_mode(f, part, i, AUR_CPU_system, ret);
}

AUR__MAKE(cpu_iowait)
{
	one_mode(f, part, i, AUR_CPU_iowait, ret);
}

AUR__MAKE(cpu_irq)
{
	one_mode(f, part, i, AUR_CPU_irq, ret);
}

AUR__MAKE(cpu_softirq)
{
	one_mode(f, part, i, AUR_CPU_softirq, ret);
}

AUR__MAKE(cpu_steal)
{
	one_mode(f, part, i, AUR_CPU_steal, ret);
}

AUR__MAKE(cpu_idle)
{
	one_mode(f, part, i, AUR_CPU_idle, ret);
}

AUR__MAKE(cpu_guest)
{
	struct modes m;

	if (get_modes(f, part, i, &m) && m.counted[AUR_CPU_guest])
		aur__value_share(ret,
		    m.grew[AUR_CPU_guest] + m.grew[AUR_CPU_guest_nice],
		    m.total);
}

AUR__MAKE(core_id)
{
	(void)f;
	aur__value_u64(ret, part->inst[i].key.v[0]);
}

AUR__MAKE(core_user)
{
	struct modes m;

	if (get_modes(f, part, i, &m))
		aur__value_share(
		    ret, m.grew[AUR_CPU_user] + m.grew[AUR_CPU_nice], m.total);
}

AUR__MAKE(core_system)
{
	struct modes m;

	if (get_modes(f, part, i, &m))
		aur__value_share(ret,
		    m.grew[AUR_CPU_system] + m.grew[AUR_CPU_irq] +
			m.grew[AUR_CPU_softirq],
		    m.total);
}
