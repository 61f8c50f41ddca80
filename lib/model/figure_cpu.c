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

#define MODES AUR_FIGURE_MODES
_Static_assert(MODES == AUR_CPU_guest_nice + 1, "all of them");
#define MODES_SUMMED (AUR_CPU_steal + 1)

/* Whose growth a figure is, and which of them the kernel must count. */
struct share {
	uint16_t modes, needs;
};

#define BIT(mode) (1u << AUR_CPU_##mode)
#define NEEDED (BIT(user) | BIT(system) | BIT(idle))
#define BUSY                                                                   \
	{                                                                      \
		BIT(user) | BIT(nice) | BIT(system) | BIT(irq) |               \
		    BIT(softirq) | BIT(steal),                                 \
		    NEEDED                                                     \
	}
#define ONE(mode)                                                              \
	{                                                                      \
		BIT(mode), BIT(mode) | NEEDED                                  \
	}

static const struct share shares[AUR_FIG_COUNT] = {
    [AUR_FIG_cpu_busy_percent] = BUSY,
    [AUR_FIG_cpu_user_percent] = ONE(user),
    [AUR_FIG_cpu_nice_percent] = ONE(nice),
    [AUR_FIG_cpu_system_percent] = ONE(system),
    [AUR_FIG_cpu_iowait_percent] = ONE(iowait),
    [AUR_FIG_cpu_irq_percent] = ONE(irq),
    [AUR_FIG_cpu_softirq_percent] = ONE(softirq),
    [AUR_FIG_cpu_steal_percent] = ONE(steal),
    [AUR_FIG_cpu_guest_percent] = {BIT(guest) | BIT(guest_nice),
	BIT(guest) | NEEDED},
    [AUR_FIG_cpu_idle_percent] = ONE(idle),
    [AUR_FIG_cores_busy_percent] = BUSY,
    [AUR_FIG_cores_user_percent] = {BIT(user) | BIT(nice), NEEDED},
    [AUR_FIG_cores_system_percent] = {BIT(system) | BIT(irq) | BIT(softirq),
	NEEDED},
    [AUR_FIG_cores_iowait_percent] = ONE(iowait),
};

double aur__modes_percent(enum aur_figure_id id, const struct aur_modes *m)
{
	const struct share *s = &shares[id];
	double part = 0;

	if ((s->needs & ~m->counted) != 0 || !(m->total > 0))
		return NAN;
	for (unsigned k = 0; s->modes >> k != 0; k++)
		if ((s->modes >> k) & 1)
			part += m->grew[k];
	part = 100 * part / m->total;
	return part > 100 ? 100 : part;
}

/* All rows of them, whatever those behind the last are: for so many the
 * compiler takes several at once. */
static void add_up(uint64_t *restrict to, const uint64_t *restrict by)
{
	for (size_t i = 0; i < AUR__GREW_ROWS; i++)
		to[i] += by[i];
}

static void sum_up(
    const struct aur__grown *g, unsigned modes, uint64_t ret[AUR__GREW_ROWS])
{
	memset(ret, 0, AUR__GREW_ROWS * sizeof(*ret));
	for (unsigned k = 0; k < MODES; k++)
		if ((g->moved & modes) >> k & 1)
			add_up(ret, g->by[k]);
}

void aur__modes_sum(struct aur__grown *g)
{
	sum_up(g, (1u << MODES_SUMMED) - 1, g->total);
}

void aur__modes_percents(enum aur_figure_id id, const struct aur__grown *g,
    const double *over, size_t n, double *ret)
{
	const struct share *s = &shares[id];
	const uint64_t *total = g->total;
	uint64_t part[AUR__GREW_ROWS];
	bool counted = (s->needs & ~g->counted) == 0;

	sum_up(g, s->modes, part);
	for (size_t i = 0; i < n; i++) {
		double v =
		    100 * (double)(int64_t)part[i] / (double)(int64_t)total[i];

		v = v > 100 ? 100 : v;
		ret[i] = counted && total[i] > 0 && !isnan(over[i]) ? v : NAN;
	}
}

void aur__modes_spoil(struct aur_modes *m)
{
	m->total = NAN;
}

void aur__modes_add(struct aur_modes *m, const struct aur_domain *d, unsigned k,
    uint64_t was, uint64_t now)
{
	double v;

	m->counted |= 1u << k;
	if (now >= was)
		v = (double)(now - was);
	else if (!aur_rate_growth(d, k, was, now, &v))
		v = NAN;
	m->grew[k] = v;
	if (k < MODES_SUMMED || isnan(v))
		m->total += v;
}

static void get_modes(struct aur_figures *f, const struct aur_part *part,
    size_t i, struct aur_modes *m)
{
	const struct aur_part *was;
	struct aur_span over;
	size_t at;

	*m = (struct aur_modes){.part = part, .inst = i};
	if (!aur_rates_span(&f->rates, part, i, &over))
		return;
	was = aur_sample_find(f->rates.before, part->domain);
	at = (size_t)aur_rates_match(&f->rates, part, i);
	for (unsigned k = 0; k < MODES; k++)
		if (aur_part_has(part, i, k) && aur_part_has(was, at, k))
			aur__modes_add(m, part->domain, k,
			    aur_part_cell(was, at, k),
			    aur_part_cell(part, i, k));
		else if (aur_part_has(part, i, k))
			aur__modes_spoil(m);
}

void aur__figure_modes(struct aur_figures *f, enum aur_figure_id id,
    const struct aur_part *part, size_t i, struct aur_value *ret)
{
	/* who asks for one figure of a core asks for the others next */
	if (f->modes.part != part || f->modes.inst != i)
		get_modes(f, part, i, &f->modes);
	aur__value_real(ret, aur__modes_percent(id, &f->modes));
}

AUR__MAKE(core_id)
{
	(void)f;
	aur__value_u64(ret, part->inst[i].key.v[0]);
}
