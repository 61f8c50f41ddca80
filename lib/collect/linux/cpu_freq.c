/* SPDX-License-Identifier: MIT */
/*
 * How fast the CPUs run, and what they are called. cpufreq tells it per CPU,
 * by asking the CPU: some at a time, in turn, so that 256 of them cost no
 * more than 16. Where there is no cpufreq (most guests) /proc/cpuinfo has it,
 * in a long text that is read rarely.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

#define AT_ONCE 16u
#define CPUFREQ_MS 2000
#define CPUINFO_MS 20000
#define CPUINFO_LARGE 32 /* CPUs from which on it is read every minute */

struct aur__freq {
	struct aur_mono at;
	bool cpufreq, known;
	uint64_t *hertz; /* by place in the core part; 0: unknown */
	size_t n, next;
	char model[128];
};

struct aur__freq *aur__freq_new(void)
{
	struct aur__freq *f = aur_mem_new(1, sizeof(*f));

	if (f != NULL)
		f->at = AUR__NEVER;
	return f;
}

void aur__freq_free(struct aur__freq *f)
{
	if (f != NULL)
		aur_mem_free(f->hertz);
	aur_mem_free(f);
}

/* The cores' part may not be wanted: then CPUs are taken to be 0, 1, ... */
static uint64_t number_of(const struct aur_part *core, size_t i)
{
	return core != NULL ? core->inst[i].key.v[0] : i;
}

static ptrdiff_t place_of(
    const struct aur_part *core, uint64_t cpu, size_t hint)
{
	return core != NULL
		   ? aur_part_find(core, (struct aur_key){{cpu, 0}}, hint)
	       : cpu > INT32_MAX ? -1
				 : (ptrdiff_t)cpu;
}

/* CPU `cpu` in hertz; 0 where it is not told. */
static uint64_t read_cpufreq(struct aur_root *root, uint64_t cpu)
{
	char path[96];
	uint64_t khz;

	snprintf(path, sizeof(path),
	    "sys/devices/system/cpu/cpu%llu/cpufreq/scaling_cur_freq",
	    (unsigned long long)cpu);
	if (aur__root_u64(root, path, &khz) < 0 || khz > UINT64_MAX / 1000)
		return 0;
	return khz * 1000;
}

static void read_cpuinfo(
    struct aur__freq *f, struct aur_root *root, const struct aur_part *core)
{
	struct aur_slice text, model;
	uint64_t cpu, hertz;
	size_t next = 0;

	if (aur__root_read(root, "proc/cpuinfo", &text) < 0)
		return;
	model = aur__parse_cpu_model(text);
	if (model.n >= sizeof(f->model))
		model.n = sizeof(f->model) - 1;
	if (model.n > 0)
		memcpy(f->model, model.p, model.n);
	f->model[model.n] = '\0';
	while (!f->cpufreq && aur__parse_cpu_hertz(&text, &cpu, &hertz)) {
		ptrdiff_t i = place_of(core, cpu, next);

		if (i < 0 || (size_t)i >= f->n)
			continue;
		f->hertz[i] = hertz;
		next = (size_t)i + 1;
	}
}

/* Some of the cores, where the last round ended. */
static void read_some(struct aur__freq *f, struct aur_root *root,
    const struct aur_part *core, size_t most)
{
	for (size_t k = 0; k < f->n && k < most; k++) {
		size_t i = f->next++ % f->n;

		f->hertz[i] = read_cpufreq(root, number_of(core, i));
	}
	f->next %= f->n;
}

/* Room for the cores there are now; true where they changed. */
static int fit(struct aur__freq *f, size_t n)
{
	uint64_t *mem;

	if (n == f->n)
		return 0;
	mem = aur_mem_new(n, sizeof(*mem));
	if (mem == NULL)
		return AUR_ENOMEM;
	aur_mem_free(f->hertz);
	f->hertz = mem;
	f->n = n;
	f->next = 0;
	f->known = false;
	return 0;
}

static int renew(struct aur__freq *f, struct aur_run *run, size_t n,
    const struct aur_part *core)
{
	struct aur_mono now = run->sample->mono;
	int64_t ms = f->cpufreq		     ? CPUFREQ_MS
		     : f->n >= CPUINFO_LARGE ? 3 * CPUINFO_MS
					     : CPUINFO_MS;
	int rc = fit(f, n);

	if (rc < 0)
		return rc;
	if (run->root->live && f->known &&
	    !aur__is_due(now, f->at, aur_span_ms(ms)))
		return 0;
	f->at = now;
	if (f->known && f->cpufreq && run->root->live) {
		read_some(f, run->root, core, AT_ONCE);
		return 0;
	}
	read_some(f, run->root, core, f->n);
	f->cpufreq = false;
	for (size_t i = 0; i < f->n; i++)
		f->cpufreq = f->cpufreq || f->hertz[i] != 0;
	read_cpuinfo(f, run->root, core);
	f->known = true;
	return 0;
}

int aur__freq_fill(struct aur__freq *f, struct aur_run *run,
    struct aur_part *cpu, struct aur_part *core)
{
	uint64_t sum = 0, n = 0;
	int rc;
	uint64_t count = cpu != NULL && cpu->n > 0
			     ? aur_part_cell(cpu, 0, AUR_CPU_count)
			     : 0;

	if (core != NULL)
		count = core->n;
	if (count == 0)
		return 0;
	rc = renew(f, run, count, core);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < f->n; i++) {
		if (f->hertz[i] == 0)
			continue;
		if (core != NULL)
			aur_part_set(core, i, AUR_CORE_frequency, f->hertz[i]);
		sum += f->hertz[i];
		n++;
	}
	if (cpu == NULL || cpu->n == 0)
		return 0;
	if (n > 0)
		aur_part_set(cpu, 0, AUR_CPU_frequency, sum / n);
	if (f->model[0] == '\0')
		return 0;
	return aur__set_text(cpu, 0, AUR_CPU_model, aur_slice_str(f->model));
}
