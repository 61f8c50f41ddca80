/* SPDX-License-Identifier: MIT */
/*
 * known_hosts files, read once for all hosts that name the same ones and again
 * when one has changed: a hundred hosts share a file of thousands of lines.
 *
 *	rc = aur__sshknown_get(&all, config, &known);   counted
 *	aur__sshknown_known(known)                      for the session
 *	aur__sshknown_put(&all, known);
 */
#ifndef AUR_FLEET_SSHKNOWN_INT_H
#define AUR_FLEET_SSHKNOWN_INT_H

#include "ssh/config.h"
#include "ssh/known.h"

struct aur__sshknown;

struct aur__sshknowns { /* zeroed is empty */
	struct aur__sshknown *first;
};

/* What the files of `config` say now. A file that cannot be read is as good as
 * empty. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__sshknown_get(struct aur__sshknowns *all,
    const struct aur_ssh_config *config, struct aur__sshknown **ret_known);
void aur__sshknown_put(struct aur__sshknowns *all, struct aur__sshknown *k);
const struct aur_ssh_known *aur__sshknown_known(const struct aur__sshknown *k);
void aur__sshknowns_release(struct aur__sshknowns *all);

/* Notes a new key in the first of the user's files, hashed where ssh would.
 * 0; AUR_EABSENT (no file is named), AUR_EDENIED, AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__sshknown_note(const struct aur_ssh_config *config,
    const struct aur_ssh_known_host *host, struct aur_slice blob);

#endif
