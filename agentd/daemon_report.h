/* SPDX-License-Identifier: MIT */
/*
 * Reports: what a client says it has done, made into an event that others may
 * believe: its kind and keys are known ones, its numbers are numbers, and who
 * did it is what the kernel says of the socket. Pure.
 */
#ifndef AGENTD_DAEMON_REPORT_H
#define AGENTD_DAEMON_REPORT_H

#include "model/event.h"

#define REPORT_DIGITS 24

/* Copies what of `said` may be told into `ret_event`, which borrows from it,
 * and the uid into `digits`. Boot id, number and time are left to the caller.
 * 0, AUR_EINVALID (a kind or process that is none of ours). */
AUR_MUST_CHECK int report_check(const struct aur_event *said, uint64_t uid,
    char digits[REPORT_DIGITS], struct aur_event *ret_event);

#endif
