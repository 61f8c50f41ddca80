/* SPDX-License-Identifier: MIT */
/*
 * A TCP connection to a name, without waiting: resolved by a helper, then its
 * addresses are tried in order, the next one when one fails or has not
 * answered for 250 ms, while the earlier ones go on (RFC 8305). The first that
 * connects is the one.
 *
 *	rc = aur__dial_new(&d, &need);
 *	... need.done(arg) from the loop, once: aur__dial_take(d) or
 *	    aur__dial_errno(d)
 *	aur__dial_free(d);
 */
#ifndef AUR_FLEET_DIAL_INT_H
#define AUR_FLEET_DIAL_INT_H

#include "loop/resolve.h"

struct aur__dial;

struct aur__dial_need {
	struct aur_loop *loop;
	struct aur_resolver *resolver;
	const char *name; /* copied */
	unsigned port;
	int family;	      /* AF_UNSPEC, AF_INET, AF_INET6 */
	aur_loop_fn resolved; /* its addresses are known; may not free it */
	aur_loop_fn done;     /* may free it */
	void *arg;
};

/* 0, AUR_ENOMEM, AUR_EINVALID, AUR_EIO. */
AUR_MUST_CHECK int aur__dial_new(
    struct aur__dial **ret_d, const struct aur__dial_need *need);
void aur__dial_free(struct aur__dial *d); /* NULL is fine */

/* The connected socket, non-blocking, without delay, now the caller's; -1
 * where it failed. */
int aur__dial_take(struct aur__dial *d);
/* Why it failed: what the resolver says of a name that has no address, and
 * then errno is 0; else the errno of the last attempt, and "". */
const char *aur__dial_unresolved(const struct aur__dial *d);
int aur__dial_errno(const struct aur__dial *d);
/* The address at hand, "192.0.2.1" or "2001:db8::1"; "" before. */
const char *aur__dial_address(const struct aur__dial *d);

#endif
