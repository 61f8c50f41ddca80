/* SPDX-License-Identifier: MIT */
/*
 * What a person can have done to a process: a signal, another nice value. The
 * process is named by pid and start, never by pid alone, so that a number
 * that came round again is not hit.
 */
#ifndef AUR_MODEL_ACT_H
#define AUR_MODEL_ACT_H

#include "base/slice.h"

enum aur_act_kind { AUR_ACT_SIGNAL = 1, AUR_ACT_NICE = 2 };

struct aur_act {
	enum aur_act_kind kind;
	uint64_t pid;
	uint64_t start_ticks;
	int32_t value; /* the signal's number, or the nice value */
};

/* How it went: 0 or an aur_err; `text` says so for people, borrowed. */
struct aur_act_reply {
	int err;
	struct aur_slice text;
};

#endif
