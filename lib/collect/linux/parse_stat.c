/* SPDX-License-Identifier: MIT */
/*
 * /proc/stat in one walk for three domains, and what else is told per CPU.
 * Ticks are hundredths of a second on every machine that has glibc or musl,
 * whatever the kernel's own clock (USER_HZ).
 */
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/scan.h"

/* The numbers of a cpu line are in the order of both domains' fields. */
_Static_assert(AUR_CPU_user == 0 && AUR_CPU_guest_nice == 9, "order");
_Static_assert(AUR_CORE_user == 0 && AUR_CORE_guest_nice == 9, "order");

#define MODES 10u

static bool set_modes(struct aur_slice line, struct aur_part *p, size_t i)
{
	uint64_t v;
	size_t f = 0;

	while (f < MODES && aur_scan_next_u64(&line, &v))
		aur_part_set(p, i, f++, v);
	return f > 0;
}

static int add_cpu(struct aur_slice line, struct aur_part *cpu)
{
	ptrdiff_t i = aur_part_one(cpu);

	if (i < 0)
		return (int)i;
	set_modes(line, cpu, (size_t)i);
	return 0;
}

/* "N user nice ..."; what is no number is no core. */
static int add_core(struct aur_slice line, struct aur_part *core)
{
	struct aur_key key = {{0, 0}};
	ptrdiff_t i;

	if (!aur_scan_next_u64(&line, &key.v[0]))
		return 0;
	if (core->n > 0 && core->inst[core->n - 1].key.v[0] >= key.v[0])
		return 0; /* keys are distinct and ascend */
	i = aur_part_add(core, key);
	if (i < 0)
		return (int)i;
	set_modes(line, core, (size_t)i);
	return 0;
}

static void set_kernel(struct aur_slice line, struct aur_part *kernel)
{
	static const struct aur__word names[] = {
	    {"intr", AUR_KERNEL_interrupts},
	    {"ctxt", AUR_KERNEL_context_switches},
	    {"processes", AUR_KERNEL_forks},
	    {"procs_running", AUR_KERNEL_running},
	    {"procs_blocked", AUR_KERNEL_blocked},
	};
	struct aur_slice word;
	size_t hint = 0;
	uint64_t v;
	int row;

	if (!aur_slice_until(&line, ' ', &word))
		return;
	row = aur__word_find(names, AUR_ARRAY_LEN(names), word, &hint);
	if (row >= 0 && aur_scan_next_u64(&line, &v))
		aur_part_set(kernel, 0, names[row].field, v);
}

int aur__parse_cpus(struct aur_slice text, struct aur_part *cpu,
    struct aur_part *core, struct aur_part *kernel)
{
	struct aur_slice line;
	uint64_t count = 0, number;
	int rc = 0;

	if (kernel != NULL)
		rc = (int)aur_part_one(kernel);
	while (rc >= 0 && aur_slice_line(&text, &line)) {
		if (aur_slice_starts(line, "cpu")) {
			line = aur_slice_of(line.p + 3, line.n - 3);
			if (line.n > 0 && line.p[0] == ' ') {
				if (cpu != NULL)
					rc = add_cpu(line, cpu);
				continue;
			}
			count += aur_scan_next_u64(
			    &(struct aur_slice){line.p, line.n}, &number);
			if (core != NULL)
				rc = add_core(line, core);
		} else if (kernel != NULL) {
			set_kernel(line, kernel);
		}
	}
	if (rc < 0)
		return rc;
	if (cpu != NULL && cpu->n > 0 && count > 0)
		aur_part_set(cpu, 0, AUR_CPU_count, count);
	if (kernel != NULL && kernel->have[0] == 0)
		aur_part_clear(kernel);
	return count == 0 ? AUR_EINVALID : 0;
}

void aur__parse_schedstat(struct aur_slice text, struct aur_part *core)
{
	struct aur_slice line;
	size_t next = 0;

	while (aur_slice_line(&text, &line)) {
		struct aur_key key = {{0, 0}};
		uint64_t v[9];
		ptrdiff_t i;
		size_t n = 0;

		if (!aur_slice_starts(line, "cpu"))
			continue;
		line = aur_slice_of(line.p + 3, line.n - 3);
		if (!aur_scan_next_u64(&line, &key.v[0]))
			continue;
		while (n < 9 && aur_scan_next_u64(&line, &v[n]))
			n++;
		i = n == 9 ? aur_part_find(core, key, next) : -1;
		if (i < 0)
			continue;
		next = (size_t)i + 1;
		aur_part_set(core, (size_t)i, AUR_CORE_sched_running, v[6]);
		aur_part_set(core, (size_t)i, AUR_CORE_sched_waiting, v[7]);
		aur_part_set(core, (size_t)i, AUR_CORE_sched_timeslices, v[8]);
	}
}

/* "name   : value" */
static bool cpuinfo_line(
    struct aur_slice line, struct aur_slice *name, struct aur_slice *value)
{
	if (!aur_slice_until(&line, ':', name))
		return false;
	*name = aur_slice_trim(*name);
	*value = aur_slice_trim(line);
	return true;
}

/* Each architecture has its own word for it. */
struct aur_slice aur__parse_cpu_model(struct aur_slice text)
{
	static const char *const names[] = {"model name", "cpu model",
	    "Model Name", "Processor", "uarch", "cpu", "Hardware"};
	struct aur_slice best = {NULL, 0}, line, name, value;
	size_t rank = AUR_ARRAY_LEN(names);

	while (rank > 0 && aur_slice_line(&text, &line)) {
		if (!cpuinfo_line(line, &name, &value) || value.n == 0)
			continue;
		for (size_t i = 0; i < rank; i++) {
			if (!aur_slice_is(name, names[i]))
				continue;
			rank = i;
			best = value;
		}
	}
	return best;
}

bool aur__parse_cpu_hertz(
    struct aur_slice *text, uint64_t *ret_cpu, uint64_t *ret_hertz)
{
	struct aur_slice line, name, value;
	bool known = false;
	uint64_t v;

	while (aur_slice_line(text, &line)) {
		if (!cpuinfo_line(line, &name, &value))
			continue;
		if (aur_slice_is(name, "processor") &&
		    aur_scan_u64(value, &v) == 0) {
			*ret_cpu = v;
			known = true;
		} else if (known && aur_slice_is(name, "cpu MHz") &&
			   aur_scan_fixed(value, 6, &v) == 0) {
			*ret_hertz = v;
			return true;
		}
	}
	return false;
}
