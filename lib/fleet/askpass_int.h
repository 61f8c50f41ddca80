/* SPDX-License-Identifier: MIT */
/*
 * The side of fleet/askpass.h that gets the questions: one for each ssh that
 * may ask. One question is open at a time, further ones wait in the socket.
 */
#ifndef AUR_FLEET_ASKPASS_INT_H
#define AUR_FLEET_ASKPASS_INT_H

#include "base/slice.h"
#include "fleet/askpass.h"
#include "fleet/fleet.h"

struct aur__askpass;

/* A question, or NULL: the open one is void. It is the last thing done in the
 * loop's callback, so the object may be freed in it. */
typedef void (*aur__askpass_fn)(
    void *arg, const struct aur_fleet_question *question);

/* Listens. 0; AUR_EABSENT: our own program is not to be found any more;
 * AUR_ENOMEM, AUR_EIO, other errors of the system. */
AUR_MUST_CHECK int aur__askpass_new(struct aur__askpass **ret_a,
    struct aur_loop *loop, aur__askpass_fn ask, void *arg);
void aur__askpass_free(struct aur__askpass *a); /* NULL is fine */

/* What ssh has to have in its environment, ended by NULL. */
const char *const *aur__askpass_env(const struct aur__askpass *a);

/* Answers the open question, NULL declines; without one nothing happens. The
 * text is not kept. */
void aur__askpass_answer(struct aur__askpass *a, const char *text);

/* --- askpass_read.c ------------------------------------------------------- */

struct aur__asked {
	struct aur_fleet_question question; /* its texts are these */
	char prompt[512], fingerprint[128];
};

/* Makes a question of a helper's message, without its '\0'. False where it is
 * none. */
bool aur__askpass_read(struct aur_slice message, struct aur__asked *ret_asked);

#endif
