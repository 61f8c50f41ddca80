/* SPDX-License-Identifier: MIT */
/*
 * METRIC paths: domain, instance, field. `cpu.busy_percent`,
 * `disks[vda].busy_percent`, `filesystems[/srv/a.b].used_percent`,
 * `disks.vda.busy_percent` where that is unambiguous; globs in instances; no
 * instance at all means any (`filesystems.used_percent`).
 */
#ifndef AUR_MODEL_METRIC_H
#define AUR_MODEL_METRIC_H

#include "base/compiler.h"
#include "base/limits.h"
#include "model/figure.h"

struct aur_metric {
	enum aur_group_id group;
	enum aur_figure_id figure;
	char instance[256]; /* glob; "" for any, and for groups of one */
};

/* Parses all of `text`. 0; AUR_EABSENT where no such group or figure exists
 * (then `ret_nearest`, if not NULL, is the nearest path, static); else
 * AUR_EINVALID. Cores are `cores[0].busy_percent` or
 * `cpu.cores[0].busy_percent`. */
AUR_MUST_CHECK int aur_metric_parse(struct aur_slice text,
    struct aur_metric *ret_metric, const char **ret_nearest);

/* Whether row `row` of the metric's group is meant. */
bool aur_metric_matches(
    const struct aur_metric *m, struct aur_figures *f, size_t row);

#endif
