/* SPDX-License-Identifier: MIT */
/*
 * Where a host is reached, as people write it:
 *
 *	[user@]host[:port]     web1, alice@web1.example:2222
 *	[user@][v6][:port]     [2001:db8::1]:22
 *	[user@]v6              fe80::1%eth0 (two colons or more: no port)
 *	ssh://[user@]host[:port][/]
 *
 * The text goes into arguments of the system's ssh, into files and onto
 * screens, so it is judged here, once: what OpenSSH refuses is refused (a
 * leading dash, quotes, shell characters), and so are blanks and controls. A
 * host may be a name, an address, or an alias of ssh_config; nothing is
 * looked up. There is no SSH library in this, hence it stands in base.
 *
 *	struct aur_address a;
 *	if (aur_address_parse(aur_slice_str(word), &a, &why) < 0)
 *		... "alice@-x: a host name cannot start with '-'"
 */
#ifndef AUR_BASE_ADDRESS_H
#define AUR_BASE_ADDRESS_H

#include "base/buf.h"
#include "base/limits.h"

struct aur_address {
	char user[AUR_MAX_USER + 1];	 /* empty: not said */
	char host[AUR_MAX_HOSTNAME + 1]; /* without brackets */
	uint16_t port;			 /* 0: not said */
};

/* All of `text`. 0; AUR_EINVALID, AUR_ELIMIT (a part too long), and then
 * `why`, if not NULL, is a sentence without the text itself: "the port must
 * be 1 to 65535". */
AUR_MUST_CHECK int aur_address_parse(struct aur_slice text,
    struct aur_address *ret_address, struct aur_buf *why);

/* A list with commas between, as ProxyJump has it: at most `max` addresses.
 * The count, at least 1; AUR_EINVALID, AUR_ELIMIT as above. */
AUR_MUST_CHECK int aur_address_parse_list(struct aur_slice text,
    struct aur_address *ret_list, size_t max, struct aur_buf *why);

/* Appends [user@]host[:port]; a host with colons stands in brackets where a
 * port follows. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_address_add(
    struct aur_buf *out, const struct aur_address *a);

/* Whether all of `s` may be a host, a user: neither empty nor too long, and
 * no byte that is refused above. */
bool aur_address_host_valid(struct aur_slice s);
bool aur_address_user_valid(struct aur_slice s);

/* Same user, host (case is ignored) and port; nothing is filled in. */
bool aur_address_eq(const struct aur_address *a, const struct aur_address *b);

#endif
