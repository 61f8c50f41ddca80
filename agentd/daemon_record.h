/* SPDX-License-Identifier: MIT */
/*
 * The recorder: a reader of the service's one sampling that is always there.
 * It wants all system domains each second and, every few, processes as `ps`
 * lists them, puts them into the spool, and tells what happened.
 *
 *	record_begin(d);
 *	wait = record_wait(d, now);                        < 0: nothing is due
 *	if (record_turn(d, now, early)) record_join(d, &plan);
 *	record_give(d, all, wanted, now);
 *	record_farewell(d); record_end(d);
 *
 * Where the disk does not let it, the service serves all the same, and it is
 * tried again every minute.
 */
#ifndef AGENTD_DAEMON_RECORD_H
#define AGENTD_DAEMON_RECORD_H

#include "agentd/daemon_bus.h"
#include "agentd/daemon_notice.h"
#include "agentd/daemon_plan.h"
#include "agentd/daemon_spool.h"
#include "loop/loop.h"

struct daemon;

struct recorder {
	struct aur_timer *retry;
	struct notice notice;
	struct bus bus;	     /* units that fail */
	struct aur_mono due; /* the next sample */
	bool turn;	     /* it is given one now, */
	bool processes;	     /* with processes */
	bool fresh;	     /* no such one has come yet */
	int64_t slot;	     /* of process_interval, since 1970: done */
	uint64_t seq;	     /* of the last sample; 0: there is none */
	/* processes by state, as they were counted with the last table */
	uint64_t count[AUR_TASKS_COUNT];
	struct aur_mono counted;
	bool has_count;
	bool said;    /* that it does not record */
	bool greeted; /* that the service has started is told */
};

/* Opens the spool, if the settings say so, and tells that the service has
 * started. 0, AUR_ENOMEM. What else fails is said and tried again. */
AUR_MUST_CHECK int record_begin(struct daemon *d);
/* Tells that the service ends, while there are clients; then seals. */
void record_farewell(struct daemon *d);
void record_end(struct daemon *d);
/* The settings were read again. */
void record_reload(struct daemon *d);

/* Whether it records now. */
bool record_is_on(const struct daemon *d);

/* How long until a sample is due; negative: none will be. */
struct aur_span record_wait(const struct daemon *d, struct serve_now now);
/* Whether it is due within `early`; plans the next then. */
bool record_turn(struct daemon *d, struct serve_now now, struct aur_span early);
/* Adds what it wants now. */
void record_join(struct daemon *d, struct plan *p);
/* A sample that was taken for `wanted`, which nobody writes to any more. */
void record_give(struct daemon *d, struct aur_sample *all,
    const struct aur_want *wanted, struct serve_now now);

/* Keeps an event that was told. */
void record_event(struct daemon *d, const struct aur_event *event);

#endif
