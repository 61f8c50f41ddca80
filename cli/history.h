/* SPDX-License-Identifier: MIT */
/*
 * What was kept, for commands that look back: the history of the chosen hosts,
 * and a session whose feed is a past moment of them.
 *
 *	struct past p;
 *	status = past_choose(&p, &hosts, o);     as hosts_choose
 *	if (status == CLI_OK)
 *		status = past_open(&p, &hosts);
 *	if (status == CLI_OK)
 *		status = past_session(&p, &session, c);
 *	if (status == CLI_OK)
 *		status = past_seek(&session, &want, at);
 *	...                              as with a live session
 *	session_close(&session);
 *	past_close(&p);
 *
 * With --bundle the history is what somebody exported, the hosts are its, and
 * times count from its end: 03:12 is the last one that is in it.
 *
 * A team's history is a folder of its own, by the team's id; without a team,
 * or for hosts that need none, it is called "local".
 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "cli/hosts.h"
#include "cli/session.h"
#include "history/bundle.h"
#include "view/when.h"

struct past {
	struct aur_history *history;
	struct aur_bundle bundle;  /* which is that history, or none */
	struct aur_team *team;	   /* of the bundle's hosts, or NULL */
	struct aur_wall end;	   /* of the bundle */
	bool mine;		   /* the history is to be closed */
	bool absent;		   /* nothing was ever recorded */
	const struct hosts *hosts; /* borrowed; they have been reached for */
	size_t *host; /* of each, in the history; SIZE_MAX: never kept */
	size_t n;
	char why[1024];
};

/* The folder of these hosts' history, for who reads and who records. False:
 * there is no such place; past_folder says so. */
bool past_place(const struct hosts *h, char *out, size_t size);
bool past_folder(const struct hosts *h, char *out, size_t size);

/* The id by which a host is known there; "" for one that is not kept. */
const char *past_id(const struct hosts *h, size_t i);

/* Chooses the hosts of the line; those of the bundle where it names one, which
 * is opened. As hosts_choose; close the past in any case, behind the hosts. */
AUR_MUST_CHECK int past_choose(
    struct past *p, struct hosts *hosts, const struct opts *o);

/* `when`, for reading times: of a bundle its end is now. */
struct aur_when_base past_when(
    const struct past *p, const struct aur_when_base *when);

/* As when_span; of a bundle all of it is usual. */
AUR_MUST_CHECK int past_span(const struct past *p, const struct opts *o,
    const struct aur_when_base *when, struct aur_span usual,
    struct aur_wall *ret_from, struct aur_wall *ret_to);

/* Opens it to read. CLI_OK; CLI_FAILED after saying why, also where nothing
 * was ever recorded. Close it in any case. */
AUR_MUST_CHECK int past_open(struct past *p, struct hosts *hosts);
/* The same; with `fine`, nothing recorded is CLI_OK and p->history NULL. */
AUR_MUST_CHECK int past_open_if(struct past *p, struct hosts *hosts, bool fine);
/* The same for who is going to record: where nothing is there yet, it is open,
 * and finds what will be. */
AUR_MUST_CHECK int past_open_early(struct past *p, struct hosts *hosts);
void past_close(struct past *p); /* zeroed is fine */

/* Says that host `i` has nothing between two moments, and what it has. */
void past_tell_lacking(const struct past *p, size_t i,
    const struct aur_when_base *when, struct aur_wall from, struct aur_wall to);

/* A feed of the past of these hosts, for who has a loop of his own; freed
 * before the past is closed. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int past_feed(struct past *p, struct aur_feed **ret_feed);

/* A session whose feed is of the past, not yet at any moment. It is closed
 * before the past is. CLI_OK, CLI_FAILED. */
AUR_MUST_CHECK int past_session(
    struct past *p, struct session *s, struct cli *c);

/* Whether the line may look at the past: CLI_USAGE, and said, where it also
 * says --watch; `at` 0 is no past. Of a bundle it becomes its end. */
AUR_MUST_CHECK int past_refuse(
    const struct opts *o, const struct past *p, struct aur_wall *at);

/* Shows what is wanted of all hosts as it was at `at`. CLI_OK, also where
 * hosts have nothing of it; CLI_FAILED. */
AUR_MUST_CHECK int past_seek(
    struct session *s, const struct aur_want *want, struct aur_wall at);

#endif
