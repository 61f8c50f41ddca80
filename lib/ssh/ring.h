/* SPDX-License-Identifier: MIT */
/*
 * The private keys that a process has opened, by file: read once, unlocked
 * once, used by every session. What was opened stays until the ring is freed,
 * because a link that is made anew must not ask again; secrets are wiped then.
 *
 *	rc = aur_ssh_ring_find(ring, "/home/alice/.ssh/id_ed25519", &key);
 *	if (aur_ssh_ring_state(key) == AUR_SSH_RING_LOCKED &&
 *	    aur_ssh_ring_claim(key, me))
 *		... ask; aur_ssh_ring_unlock(key, passphrase)
 *
 * Of many sessions that need the same locked file, the one that claims it
 * asks; the others wait. Keys live as long as the ring.
 */
#ifndef AUR_SSH_RING_H
#define AUR_SSH_RING_H

#include "ssh/private.h"

struct aur_ssh_ring;
struct aur_ssh_ring_key;

enum aur_ssh_ring_state {
	AUR_SSH_RING_ABSENT, /* no such file, or none that may be read */
	AUR_SSH_RING_OPEN,
	AUR_SSH_RING_LOCKED,   /* it wants a passphrase */
	AUR_SSH_RING_DECLINED, /* nobody gave one that fits: not asked again */
	AUR_SSH_RING_UNFIT,    /* the system's ssh may read it */
};

AUR_MUST_CHECK int aur_ssh_ring_new(struct aur_ssh_ring **ret_ring);
void aur_ssh_ring_free(struct aur_ssh_ring *ring); /* NULL is fine */

/* The key of the file `path`, read when it is first asked for (and again
 * while it is absent). 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_ring_find(struct aur_ssh_ring *ring,
    const char *path, struct aur_ssh_ring_key **ret_key);

enum aur_ssh_ring_state aur_ssh_ring_state(const struct aur_ssh_ring_key *k);
const char *aur_ssh_ring_path(const struct aur_ssh_ring_key *k);
/* Why it is absent or unfit, for people; "" otherwise. */
const char *aur_ssh_ring_why(const struct aur_ssh_ring_key *k);
/* The public half: of the opened key, or of the file's .pub while it is
 * locked; empty where it is not known. */
struct aur_slice aur_ssh_ring_blob(const struct aur_ssh_ring_key *k);
/* NULL unless it is open. */
const struct aur_ssh_private *aur_ssh_ring_private(
    const struct aur_ssh_ring_key *k);

/* Whether `who` is the one to ask for the passphrase: nobody else does now.
 * Given back by unlock, decline and aur_ssh_ring_release. */
bool aur_ssh_ring_claim(struct aur_ssh_ring_key *k, const void *who);
void aur_ssh_ring_release(struct aur_ssh_ring_key *k, const void *who);

/* Tries a passphrase: some 100 ms of bcrypt, once. 0: it is open;
 * AUR_EDENIED: it does not fit (the third time: declined); else the file
 * cannot be read after all, and it is unfit. */
int aur_ssh_ring_unlock(struct aur_ssh_ring_key *k, struct aur_slice phrase);
void aur_ssh_ring_decline(struct aur_ssh_ring_key *k);

#endif
