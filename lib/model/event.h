/* SPDX-License-Identifier: MIT */
/*
 * An event: something that happened on a host, by name, with keys and values.
 * Recorded, sent and shown like samples.
 */
#ifndef AUR_MODEL_EVENT_H
#define AUR_MODEL_EVENT_H

#include "base/clock.h"
#include "base/slice.h"

#include <stdbool.h>
#include <string.h>

#define AUR_EVENT_PAIRS 16u

/* The boot of events that the client tells of a host itself: text, and so no
 * random UUID, as the boots of hosts are. */
#define AUR_EVENT_CLIENT "aurora: a client"

struct aur_event_pair {
	struct aur_slice key, value; /* borrowed */
};

struct aur_event {
	uint8_t boot_id[16];
	uint64_t number; /* counts up within a boot: its id */
	struct aur_wall when;
	struct aur_slice kind; /* "process_signal", "oom_kill"; borrowed */
	size_t npair;
	struct aur_event_pair pair[AUR_EVENT_PAIRS];
};

static inline bool aur_event_is_client(const struct aur_event *e)
{
	return memcmp(e->boot_id, AUR_EVENT_CLIENT, sizeof(e->boot_id)) == 0;
}

#endif
