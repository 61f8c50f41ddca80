/* SPDX-License-Identifier: MIT */
/*
 * CPU time and counters of the kernel: one reading of /proc/stat is the parts
 * cpu, core and kernel. It is the dearest file of the system ones, for its
 * line of interrupts; nobody else reads it.
 *
 * /proc/schedstat also lists scheduling domains, which on large machines are
 * hundreds of kilobytes that nobody wants: there it is left alone, and the
 * cells are absent. Reading it less often was rejected: counters that are
 * older than their instance make rates that are wrong.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

#define SCHEDSTAT_MAX 32768u

struct cpu_state {
	int stat, schedstat; /* kept descriptors */
	bool no_schedstat;
	struct aur__freq *freq;
	struct aur__kernel kernel;
};

static void cpu_close(void *state)
{
	struct cpu_state *s = state;

	if (s == NULL)
		return;
	aur__root_close(&s->stat);
	aur__root_close(&s->schedstat);
	aur__freq_free(s->freq);
	aur_mem_free(s);
}

static int cpu_open(struct aur_root *root, void **ret_state)
{
	struct cpu_state *s = aur_mem_new(1, sizeof(*s));

	(void)root;
	if (s == NULL)
		return AUR_ENOMEM;
	s->stat = s->schedstat = -1;
	s->kernel.at = AUR__NEVER;
	s->freq = aur__freq_new();
	if (s->freq == NULL) {
		cpu_close(s);
		return AUR_ENOMEM;
	}
	*ret_state = s;
	return 0;
}

static void add_schedstat(
    struct cpu_state *s, struct aur_run *run, struct aur_part *core)
{
	struct aur_slice text;

	if (s->no_schedstat)
		return;
	if (aur__root_reread(
		run->root, &s->schedstat, "proc/schedstat", &text) == 0) {
		aur__parse_schedstat(text, core);
		s->no_schedstat = text.n > SCHEDSTAT_MAX;
	} else {
		s->no_schedstat = run->root->live;
	}
	if (s->no_schedstat)
		aur__root_close(&s->schedstat);
}

static int cpu_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur_part *core = run->part[AUR_DOMAIN_CORE];
	struct aur_part *kernel = run->part[AUR_DOMAIN_KERNEL];
	struct cpu_state *s = state;
	struct aur_slice text;
	int rc = aur__root_reread(run->root, &s->stat, "proc/stat", &text);

	if (rc < 0)
		return rc;
	rc = aur__parse_cpus(text, part, core, kernel);
	if (kernel != NULL && kernel->n > 0)
		aur__kernel_fill(&s->kernel, run, kernel);
	if (core != NULL && core->n > 0)
		add_schedstat(s, run, core);
	if (rc < 0)
		return rc;
	return aur__freq_fill(s->freq, run, part, core);
}

const struct aur_collector aur__collector_cpu = {
    .name = "cpu",
    .domain = AUR_DOMAIN_CPU,
    .also = AUR_WANT_DOMAIN(CORE) | AUR_WANT_DOMAIN(KERNEL),
    .open = cpu_open,
    .run = cpu_run,
    .close = cpu_close,
};
