/* SPDX-License-Identifier: MIT */
/*
 * What sample.c, part.c and rate.c share. Nobody outside lib/model includes
 * it.
 */
#ifndef AUR_MODEL_SAMPLE_INT_H
#define AUR_MODEL_SAMPLE_INT_H

#include "model/sample.h"

/* An empty part of `d`; the sample that owns it lends `strs`. Releasing gives
 * back its strings and storage. */
void aur__part_init(
    struct aur_part *p, const struct aur_domain *d, struct aur_strs *strs);
void aur__part_release(struct aur_part *p);

/* The order of keys: first number, then second. */
int aur__key_cmp(const struct aur_key *a, const struct aur_key *b);

/* v * 10^scale, by a division where scale < 0. */
double aur__scale(double v, int scale);

/* A cell in its field's unit; false: it is no number, or not finite. */
bool aur__number(const struct aur_field *field, uint64_t cell, double *ret_v);

#endif
