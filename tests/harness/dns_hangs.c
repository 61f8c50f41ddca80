/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: a name server that does not answer. Names that begin with
 * "hangs" are looked for during AUR_DNS_SECONDS, all others as ever.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int lookup_fn(
    const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **found)
{
	void *p = dlsym(RTLD_NEXT, "getaddrinfo");
	const char *text = getenv("AUR_DNS_SECONDS");
	lookup_fn *real;

	if (name != NULL && strncmp(name, "hangs", 5) == 0 &&
	    (hints == NULL || !(hints->ai_flags & AI_NUMERICHOST))) {
		sleep(text != NULL ? (unsigned)strtoul(text, NULL, 10) : 5);
		return EAI_AGAIN;
	}
	memcpy(&real, &p, sizeof real);
	return real != NULL ? real(name, service, hints, found) : EAI_SYSTEM;
}
