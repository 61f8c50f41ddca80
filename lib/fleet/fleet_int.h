/* SPDX-License-Identifier: MIT */
/*
 * What the files of lib/fleet share beside links and transports.
 */
#ifndef AUR_FLEET_FLEET_INT_H
#define AUR_FLEET_FLEET_INT_H

#include "base/buf.h"
#include "fleet/transport_int.h"

/* Where the agent program of this machine is: `given`, AURORA_AGENTD in the
 * environment, beside our own program, in PATH; the path is put into
 * `ret_path`. 0; AUR_EABSENT, and then `error` says for people what was looked
 * for; AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__fleet_find_agent(
    const char *given, struct aur_buf *ret_path, struct aur_buf *error);
/* Our own program's file. 0, AUR_EABSENT, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur__fleet_find_self(struct aur_buf *ret_path);
/* The first file in PATH that can be run: 0, AUR_EABSENT. */
AUR_MUST_CHECK int aur__fleet_find_in_path(
    const char *name, struct aur_buf *ret_path);

/* --- hosts.c -------------------------------------------------------------- */

/* Copies of hosts, and what stands in their jumps besides. */
struct aur__hosts {
	struct aur_fleet_host *host; /* those of the feed, then jumps */
	size_t nhost, nfeed;
	struct aur_fleet_host **other; /* named by a jump alone */
	size_t nother;
};

/* 0, AUR_ENOMEM, AUR_EINVALID as aur_fleet_new has it. Release in any case. */
AUR_MUST_CHECK int aur__hosts_init(struct aur__hosts *h,
    const struct aur_fleet_host *hosts, size_t n,
    const struct aur_fleet_host *jumps, size_t njump);
void aur__hosts_release(struct aur__hosts *h);
/* The way to host `i`. 0, AUR_ENOMEM, AUR_EINVALID (a ring, a jump that is no
 * address). */
AUR_MUST_CHECK int aur__hosts_route(
    struct aur__hosts *h, size_t i, struct aur__route *ret_route);

/* Whether its way is to be without jumps even where ssh_config has some. */
bool aur__host_straight(const struct aur_fleet_host *h);

/* As JSON has it: "alice@web1.example:22", as much as is known; "local". */
AUR_MUST_CHECK int aur__host_address(
    struct aur_buf *b, const struct aur_fleet_host *h);

/* --- fleet.c, of a feed it made ------------------------------------------- */

const struct aur__route *aur__fleet_route(struct aur_feed *feed, size_t i);
const char *aur__fleet_ssh(struct aur_feed *feed); /* NULL: the usual */

/* --- command.c ------------------------------------------------------------ */

#define AUR__COMMAND_MAX 65536u

/* `script` for sh as one line that any login shell hands on to sh: sh itself,
 * csh, fish, busybox. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__shell_command(
    struct aur_buf *b, struct aur_slice script);
/* The same that runs `agent` (NULL: the usual) as an agent. */
AUR_MUST_CHECK int aur__agent_command(struct aur_buf *b, const char *agent);

/* --- refused.c ------------------------------------------------------------ */

/* What the logins are that were refused, in a file for the next program. `key`
 * names the login: no blanks. */
struct aur__refused;

/* Nothing is read yet; the file's place is taken from the environment. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur__refused_new(
    struct aur__refused **ret_r, struct aur_span kept);
void aur__refused_free(struct aur__refused *r); /* NULL is fine */
/* When `key` was refused, if that is not too long ago. */
bool aur__refused_find(struct aur__refused *r, const char *key,
    struct aur_wall now, struct aur_wall *ret_when);
/* Notes it, or strikes it out. What cannot be written is not noted. */
void aur__refused_add(
    struct aur__refused *r, const char *key, struct aur_wall now);
void aur__refused_drop(
    struct aur__refused *r, const char *key, struct aur_wall now);

/* --- transports ----------------------------------------------------------- */

extern const struct aur__transport_class aur__transport_local;
extern const struct aur__transport_class aur__transport_libssh2;
extern const struct aur__transport_class aur__transport_openssh;

#endif
