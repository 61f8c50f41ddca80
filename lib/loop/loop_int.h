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

#endif
