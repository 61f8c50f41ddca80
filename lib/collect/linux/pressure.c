/* SPDX-License-Identifier: MIT */
/*
 * Pressure stall information: the totals of /proc/pressure. Their averages
 * are not taken: a rate over our own interval says more. Kernels before 4.20,
 * and those booted without it, have none; irq came with 6.1.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

static const struct {
	const char *path;
	int some, full;
} files[] = {
    {"proc/pressure/cpu", AUR_PRESSURE_cpu_some, AUR_PRESSURE_cpu_full},
    {"proc/pressure/memory", AUR_PRESSURE_memory_some,
	AUR_PRESSURE_memory_full},
    {"proc/pressure/io", AUR_PRESSURE_io_some, AUR_PRESSURE_io_full},
    {"proc/pressure/irq", -1, AUR_PRESSURE_irq_full},
};
#define NFILE AUR_ARRAY_LEN(files)

static int pressure_open(struct aur_root *root, void **ret_state)
{
	struct aur__kept *k = aur_mem_new(NFILE, sizeof(*k));

	(void)root;
	if (k == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < NFILE; i++)
		k[i].fd = -1;
	*ret_state = k;
	return 0;
}

static void pressure_close(void *state)
{
	struct aur__kept *k = state;

	for (size_t i = 0; k != NULL && i < NFILE; i++)
		aur__root_close(&k[i].fd);
	aur_mem_free(k);
}

static int pressure_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur__kept *k = state;
	ptrdiff_t one = aur_part_one(part);
	bool any = false;

	if (one < 0)
		return (int)one;
	for (size_t i = 0; i < NFILE; i++) {
		struct aur_slice text;

		if (k[i].absent)
			continue;
		if (aur__root_reread(
			run->root, &k[i].fd, files[i].path, &text) < 0)
			k[i].absent = run->root->live;
		else if (aur__parse_pressure(
			     text, part, 0, files[i].some, files[i].full))
			any = true;
	}
	if (any)
		return 0;
	aur_part_clear(part);
	return AUR_EUNSUPPORTED;
}

const struct aur_collector aur__collector_pressure = {
    .name = "pressure",
    .domain = AUR_DOMAIN_PRESSURE,
    .open = pressure_open,
    .run = pressure_run,
    .close = pressure_close,
};
