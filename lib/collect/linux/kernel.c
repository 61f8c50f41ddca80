/* SPDX-License-Identifier: MIT */
/*
 * Counters of the kernel that /proc/stat lacks. file-nr adds up a number of
 * each CPU, which takes longer than all of /proc/stat on small machines; it
 * and the entropy move slowly, so they are read every ten seconds.
 */
#include "collect/linux/linux.h"

#include "base/scan.h"

#define PERIOD_MS 10000

/* "open unused max" */
static bool read_files(struct aur__kernel *k, struct aur_root *root)
{
	struct aur_slice text;
	uint64_t unused;

	return aur__root_read(root, "proc/sys/fs/file-nr", &text) == 0 &&
	       aur_scan_next_u64(&text, &k->files_open) &&
	       aur_scan_next_u64(&text, &unused) &&
	       aur_scan_next_u64(&text, &k->files_max);
}

void aur__kernel_fill(
    struct aur__kernel *k, struct aur_run *run, struct aur_part *p)
{
	struct aur_mono now = run->sample->mono;

	if (!run->root->live ||
	    aur__is_due(now, k->at, aur_span_ms(PERIOD_MS))) {
		k->at = now;
		k->have_files = read_files(k, run->root);
		k->have_entropy = aur__root_u64(run->root,
				      "proc/sys/kernel/random/entropy_avail",
				      &k->entropy) == 0;
	}
	if (k->have_files) {
		aur_part_set(p, 0, AUR_KERNEL_files_open, k->files_open);
		aur_part_set(p, 0, AUR_KERNEL_files_max, k->files_max);
	}
	if (k->have_entropy)
		aur_part_set(p, 0, AUR_KERNEL_entropy, k->entropy);
}
