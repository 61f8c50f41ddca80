/* SPDX-License-Identifier: MIT */
/*
 * Names to addresses without waiting. getaddrinfo blocks, and nothing else
 * knows what the user's machine knows of names (/etc/hosts, mDNS, LDAP), so it
 * runs on a few helper threads, the only threads of the client besides the
 * store's; numbers need none and are answered at once, but still from the
 * loop. A name server that hangs holds up a helper and nothing else.
 *
 *	rc = aur_resolver_new(&r, loop);
 *	rc = aur_resolve_new(r, "web1.example", 22, AF_UNSPEC, fn, me, &q);
 *	... fn(me) from the loop, once: aur_resolve_found(q)
 *	aur_resolve_free(q);        before that: it is not called any more
 *	aur_resolver_free(r);
 */
#ifndef AUR_LOOP_RESOLVE_H
#define AUR_LOOP_RESOLVE_H

#include "loop/loop.h"

#include <netdb.h>

struct aur_resolver;
struct aur_resolve;

/* No thread runs before the first name. 0, AUR_ENOMEM, AUR_EIO. */
AUR_MUST_CHECK int aur_resolver_new(
    struct aur_resolver **ret_r, struct aur_loop *l);
/* Waits for no helper: one that hangs goes when it comes back. All questions
 * have been freed before. NULL is fine. */
void aur_resolver_free(struct aur_resolver *r);

/* Asks for stream addresses of `name` (copied; at most 255 bytes) with `port`;
 * `family` is AF_UNSPEC, AF_INET or AF_INET6. 0, AUR_EINVALID, AUR_ENOMEM,
 * AUR_EIO (no thread can be had). */
AUR_MUST_CHECK int aur_resolve_new(struct aur_resolver *r, const char *name,
    unsigned port, int family, aur_loop_fn fn, void *arg,
    struct aur_resolve **ret_q);
void aur_resolve_free(struct aur_resolve *q); /* NULL is fine */

/* What was found, in the order to be tried (RFC 6724); NULL for nothing. Good
 * until the question is freed. */
const struct addrinfo *aur_resolve_found(const struct aur_resolve *q);
/* Why nothing was found, for people: "Name or service not known"; static. */
const char *aur_resolve_error(const struct aur_resolve *q);

#endif
