/* SPDX-License-Identifier: MIT */
/*
 * What we ask a server for, best first: lists of names with commas between,
 * as libssh2_session_method_pref wants them. Names that the library does not
 * have are skipped by it, so newer ones stand in front: libssh2 1.10 has no
 * AEAD cipher and no -etm MAC, 1.11 has. Left out on purpose: CBC, arcfour,
 * 3des, SHA-1, MD5, DSA, and group16 and group18, whose 27 ms and more would
 * hold up the loop. A server that has none of these goes to the system's ssh.
 */
#ifndef AUR_SSH_ALGO_H
#define AUR_SSH_ALGO_H

#include "ssh/key.h"

/* Key exchanges, ciphers (both ways), MACs (both ways). Static. */
const char *aur_ssh_algo_kex(void);
const char *aur_ssh_algo_cipher(void);
const char *aur_ssh_algo_mac(void);

/* Appends the host key algorithms to ask for: those of the `n` types in
 * `known` first (aur_ssh_known_types), then the others. Where `only_known`,
 * not the others: a server that has lost the known key is then told apart
 * from one that has another besides. `rsa_sha2` says whether the library
 * has rsa-sha2 (1.11); without, RSA is left out. 0; AUR_EABSENT where nothing
 * is left to ask for: the system's ssh; AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_algo_host_key(const enum aur_ssh_key *known,
    size_t n, bool only_known, bool rsa_sha2, struct aur_buf *out);

#endif
