/* SPDX-License-Identifier: MIT */
/*
 * What the files of lib/loop share. libevent's types stay in here.
 */
#ifndef AUR_LOOP_LOOP_INT_H
#define AUR_LOOP_LOOP_INT_H

#include "loop/loop.h"

#include <event2/event.h>

struct aur_loop {
	struct event_base *base;
	bool stopped; /* asked to stop, perhaps before it ran */
};

/* child.c; between fork and exec, so nothing is allocated. */

/* Closes descriptors from `from` up. */
void aur__close_from(int from);
/* Signals as a fresh program expects them: ignored ones survive an exec. */
void aur__reset_signals(void);
/* Reads the exec's errno from the pipe of a child: 0 when it went well. */
int aur__exec_result(int fd);

#endif
