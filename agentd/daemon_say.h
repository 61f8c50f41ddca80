/* SPDX-License-Identifier: MIT */
/*
 * What the service says to its log and to its manager. On stderr, a line for
 * each: with systemd's "<N>" before it where that is the journal, so that it
 * knows what is urgent; else with the program's name.
 */
#ifndef AGENTD_DAEMON_SAY_H
#define AGENTD_DAEMON_SAY_H

#include "base/log.h"

void say(enum aur_log_level level, const char *fmt, ...) AUR_PRINTF(2, 3);

/* Tells the manager that started us, if it wants to hear (NOTIFY_SOCKET of
 * sd_notify(3)): "READY=1". What cannot be told is not: it is a courtesy. */
void say_state(const char *state);

#endif
