/* SPDX-License-Identifier: MIT */
/*
 * The names of a host's states: they are part of the JSON contract, so they
 * stand here and not where a state is shown.
 */
#include "model/feed.h"

#include "base/compiler.h"

const char *aur_host_state_name(enum aur_host_state state)
{
	static const char *const names[] = {
	    [AUR_HOST_CONNECTING] = "connecting",
	    [AUR_HOST_UP] = "up",
	    [AUR_HOST_STALE] = "stale",
	    [AUR_HOST_AUTH_FAILED] = "auth_failed",
	    [AUR_HOST_KEY_UNKNOWN] = "key_unknown",
	    [AUR_HOST_KEY_CHANGED] = "key_changed",
	    [AUR_HOST_UNREACHABLE] = "unreachable",
	    [AUR_HOST_NO_AGENT] = "no_agent",
	};

	if ((size_t)state >= AUR_ARRAY_LEN(names))
		return "unknown";
	return names[state];
}
