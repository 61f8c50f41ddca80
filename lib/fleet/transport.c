/* SPDX-License-Identifier: MIT */
/*
 * The transports there are, and which are tried for what.
 */
#include "fleet/fleet_int.h"

const struct aur__transport_class *const aur__transports[] = {
    &aur__transport_local,
    &aur__transport_libssh2,
    &aur__transport_openssh,
    NULL,
};

const char *aur_fleet_via_name(enum aur_fleet_via via)
{
	static const char *const names[] = {
	    [AUR_FLEET_AUTO] = "auto",
	    [AUR_FLEET_LIBSSH2] = "libssh2",
	    [AUR_FLEET_OPENSSH] = "openssh",
	    [AUR_FLEET_LOCAL] = "local",
	};

	return (size_t)via < AUR_ARRAY_LEN(names) ? names[via] : "auto";
}

const char *aur_fleet_step_name(enum aur_fleet_step step)
{
	static const char *const names[AUR_FLEET_STEPS] = {
	    [AUR_FLEET_RESOLVE] = "resolve",
	    [AUR_FLEET_CONNECT] = "connect",
	    [AUR_FLEET_HOST_KEY] = "host key",
	    [AUR_FLEET_LOGIN] = "authenticate",
	    [AUR_FLEET_AGENT] = "agent",
	    [AUR_FLEET_SAMPLE] = "first sample",
	};

	return (size_t)step < AUR_FLEET_STEPS ? names[step] : "";
}

const struct aur__transport_class *aur__transport_get(
    enum aur_fleet_via via, size_t n)
{
	const char *name = aur_fleet_via_name(via);

	for (size_t i = 0; aur__transports[i] != NULL; i++) {
		const struct aur__transport_class *class = aur__transports[i];
		bool fits = via == AUR_FLEET_AUTO
				? class->remote
				: strcmp(class->name, name) == 0;

		if (fits && n-- == 0)
			return class;
	}
	return NULL;
}
