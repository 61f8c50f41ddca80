/* SPDX-License-Identifier: MIT */
/*
 * Commands on hosts, beside their agents: a transport of its own for each, so
 * that a link needs to know nothing of them.
 */
#ifndef AUR_FLEET_EXEC_INT_H
#define AUR_FLEET_EXEC_INT_H

#include "fleet/fleet_int.h"
#include "fleet/link_int.h"

struct aur__exec;

struct aur__execs {
	const struct aur__world *world;
	struct aur__exec *first;
};

struct aur__exec_order {
	const struct aur__route *route;
	const struct aur__transport_class
	    *class; /* NULL: the first that fits */
	const char *command;
	struct aur_slice input;
	struct aur_span most;
	aur_fleet_result_fn done;
	void *arg;
};

void aur__execs_init(struct aur__execs *e, const struct aur__world *world);
/* Ends those that run: their done is called with AUR_ECLOSED. */
void aur__execs_release(struct aur__execs *e);
void aur__exec_run(struct aur__execs *e, const struct aur__exec_order *order);

#endif
