/* SPDX-License-Identifier: MIT */
/*
 * What differs between two shots: of one host at two moments, or of two hosts.
 *
 *	struct differ d = {.hosts = two hosts};
 *	rc = differ_run(&d, &shot_a, &shot_b);
 *	d.diff.value, d.diff.process
 *	differ_release(&d);                     before the shots
 *
 * Of one host within a boot a process is told apart by pid and start; after a
 * reboot, and of two hosts, processes of a name are taken together. Values are
 * told that moved enough to mean something, by what their unit is of; kernel
 * threads and what always differs (an id, the uptime) are not.
 */
#ifndef CLI_DIFFER_H
#define CLI_DIFFER_H

#include "cli/shot.h"
#include "json/diff.h"

struct differ {
	bool hosts; /* of two hosts: names and ids differ anyway */
	bool all;   /* whatever moved at all */
	struct aur_json_diff diff; /* without its sides */

	/* private */
	struct aur_json_moved *value;
	struct aur_json_changed *process;
	size_t value_cap, process_cap;
	char **path; /* of each value */
};

/* Compares; the result borrows from the shots. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int differ_run(struct differ *d, struct shot *a, struct shot *b);
void differ_release(struct differ *d); /* zeroed is fine */

#endif
