/* SPDX-License-Identifier: MIT */
/* What the files of the ssh_config reader share. */
#ifndef AUR_SSH_CONFIG_INT_H
#define AUR_SSH_CONFIG_INT_H

#include "ssh/config.h"

/* Bytes of a path with everything put in. */
#define AUR__CONFIG_PATH 4096u

/* Appends `text` with ~ and %-tokens put in (ssh_config(5), TOKENS). 0;
 * AUR_EUNSUPPORTED for a token, variable or ~name that we do not put in;
 * AUR_ELIMIT, AUR_ENOMEM. On failure `out` is undefined. */
AUR_MUST_CHECK int aur__config_expand(const struct aur_ssh_config *c,
    const struct aur_ssh_place *place, struct aur_slice text,
    struct aur_buf *out);

#endif
