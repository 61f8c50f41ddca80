/* SPDX-License-Identifier: MIT */
/*
 * A team and the host that has its published copy: reached, read, merged with,
 * written.
 *
 *	struct meet m;
 *	status = meet_open(&m, c, o, team, host, NULL);
 *	if (status == CLI_OK)
 *		status = meet_need(&m);         it is up
 *	if (status == CLI_OK)
 *		status = meet_fetch(&m);        m.theirs, m.sum
 *	if (status == CLI_OK)
 *		status = meet_write(&m, text);
 *	meet_close(&m);                         in any case
 *
 * What fails is said.
 */
#ifndef CLI_MEET_H
#define CLI_MEET_H

#include "cli/resolve.h"
#include "cli/session.h"
#include "team/publish.h"
#include "team/team.h"

/* "SHA256:" and 43 characters, with the NUL. */
#define MEET_KEY 51

struct meet {
	struct cli *cli;
	struct hosts hosts; /* has the team */
	struct session session;
	struct aur_buf theirs;	   /* the copy; empty where there is none */
	char sum[AUR_PUBLISH_SUM]; /* of it; "none" */
	char host_key[MEET_KEY];   /* that was met; "": it was not told */
	/* of the request that is under way */
	bool done;
	int err;
	char why[512];
};

struct meet_how {
	bool alone; /* with the team's key and nothing else, and once more
		       after a refusal */
};

/* Reaches host number `host` of the team, whose owner `m` becomes. CLI_OK also
 * where it could not be reached: see meet_need. */
AUR_MUST_CHECK int meet_open(struct meet *m, struct cli *c,
    const struct opts *o, struct aur_team *team, size_t host,
    const struct meet_how *how);
void meet_close(struct meet *m);

/* The host, as it is now. */
const struct aur_feed_host *meet_host(const struct meet *m);

/* CLI_OK where it is up; else says why it is not: CLI_UNSAMPLED. */
AUR_MUST_CHECK int meet_need(const struct meet *m);

/* Asks for the copy. CLI_OK, also where there is none; CLI_FAILED. */
AUR_MUST_CHECK int meet_fetch(struct meet *m);

/* Makes the copy what `text` says, if it still is what was fetched; takes it
 * away. Both take a login that may run commands. CLI_OK, CLI_FAILED. */
AUR_MUST_CHECK int meet_write(struct meet *m, struct aur_slice text);
AUR_MUST_CHECK int meet_remove(struct meet *m);

/* --- merging (meet_merge.c) ----------------------------------------------- */

/* Whose values are taken where both sides changed the same one. */
enum meet_side { MEET_NEITHER, MEET_OURS, MEET_THEIRS };

/* The one that --ours or --theirs means. CLI_OK, CLI_USAGE (both). */
AUR_MUST_CHECK int meet_side_of(const struct opts *o, enum meet_side *ret_side);

struct meet_merge {
	const struct opts *opts;
	struct aur_slice theirs; /* empty: there is no copy */
	enum meet_side side;
	const char *publish;	/* the id of the host where it will be; NULL: it
				   is not to be written */
	struct aur_buf text;	/* what came out, as a file holds it */
	bool writes;		/* the copy differs from it */
	struct resolve resolve; /* for others, where it is to be written */
	/* what the person has seen of addresses, and taken */
	struct aur_buf shown;
	bool asks;
};

/* Merges the team that is meant with its copy, and saves it; what is new about
 * whom we reach is shown and asked about, what both sides changed is shown and
 * nothing done. Says what came and went. Release it in any case. An exit
 * status. */
AUR_MUST_CHECK int meet_merge(struct meet_merge *g, struct cli *c);
void meet_merge_release(struct meet_merge *g);

/* Remembers that the copy now is what came out. */
AUR_MUST_CHECK int meet_seen(struct meet_merge *g);

/* Fetches and merges; where `publish`, writes what the copy lacks. */
AUR_MUST_CHECK int meet_all(struct meet *m, const struct opts *o,
    enum meet_side side, const char *publish);

#endif
