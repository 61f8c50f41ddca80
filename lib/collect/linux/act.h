/* SPDX-License-Identifier: MIT */
/* The pieces of acting: act.c, act_sched.c. */
#ifndef AUR_COLLECT_LINUX_ACT_H
#define AUR_COLLECT_LINUX_ACT_H

#include "collect/linux/linux.h"

/* Says it, where somebody listens. */
AUR_PRINTF(2, 3)
void aur__act_say(struct aur_buf *text, const char *fmt, ...);

/* Sets CPUs or I/O priority of all threads. 0, AUR_EABSENT, AUR_EDENIED,
 * AUR_EINVALID. */
int aur__act_sched(struct aur_root *root, const struct aur_act *act);
/* The sentence for its success, and for a refusal. */
void aur__act_tell_sched(struct aur_buf *text, const struct aur_act *act);
void aur__act_tell_denied(struct aur_buf *text, const struct aur_act *act);

#endif
