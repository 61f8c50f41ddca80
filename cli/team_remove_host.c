/* SPDX-License-Identifier: MIT */
/*
 * team remove host: takes hosts out of the files. Nothing is done on the hosts
 * themselves, and that is said: an agent may still run there.
 */
#include "cli/team_part.h"

#include "base/err.h"
#include "base/mem.h"

struct removing {
	const struct opts *o;
	struct cli *cli;
	size_t n;
};

static int by_number(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* Those behind go first: the numbers of the others stay. A host and the jump
 * to it may go together, so what refuses to go is tried again after the rest.
 */
static int drop_all(
    struct aur_team *t, size_t *host, size_t n, char *why, size_t size)
{
	bool moved = true;
	int rc = 0;

	qsort(host, n, sizeof(*host), by_number);
	while (n > 0 && moved) {
		size_t left = 0;

		moved = false;
		for (size_t i = 0; i < n; i++) {
			rc = aur_team_drop_host(t, host[i], why, size);
			if (rc == AUR_EINVALID) {
				host[left++] = host[i];
				continue;
			}
			if (rc < 0)
				return rc;
			moved = true;
			for (size_t k = 0; k < left; k++)
				host[k]--;
		}
		n = left;
	}
	return n > 0 ? AUR_EINVALID : 0;
}

static int drop(struct aur_team *t, void *arg)
{
	struct removing *r = arg;
	char why[AUR_TEAM_WHY] = "";
	size_t *host = NULL;
	int rc, status = team_pick(t, r->o, 0, &host, &r->n);

	if (status == CLI_OK) {
		rc = drop_all(t, host, r->n, why, sizeof(why));
		if (rc < 0)
			status = team_refused(rc, why);
	}
	aur_mem_free(host);
	return status;
}

static int exec_remove_host(struct cli *c, struct opts *o)
{
	struct removing r = {.o = o, .cli = c};
	int status = team_operands(&team_remove_host, o, 1, 0);

	if (status == CLI_OK)
		status = team_change(o, drop, &r);
	return status == CLI_OK
		   ? team_say(c,
			 "%zu host%s removed from the team; what is on %s "
			 "stays there",
			 r.n, r.n == 1 ? "" : "s", r.n == 1 ? "it" : "them")
		   : status;
}

static const enum opt_id options[] = {OPT_EXCLUDE, OPT_END};

const struct cmd_entry team_remove_host = {
    .name = "team remove host",
    .summary = "take hosts out of the team",
    .usage = "HOST...",
    .detail = "What is on the hosts stays there.",
    .options = options,
    .exec = exec_remove_host,
};
