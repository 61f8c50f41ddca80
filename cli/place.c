/* SPDX-License-Identifier: MIT */
/*
 * A relative path in one of these variables does not count: it would be
 * another file in every directory.
 */
#include "cli/place.h"

static bool join(const char *base, const char *more, const char *name,
    char *out, size_t size)
{
	int n;

	out[0] = '\0';
	if (base == NULL || base[0] != '/')
		return false;
	n = snprintf(out, size, "%s%s/%s", base, more, name);
	if (n > 0 && (size_t)n < size)
		return true;
	out[0] = '\0';
	return false;
}

/* Of the folder that a variable names, or of one in the home. */
static bool join_base(const char *variable, const char *home, const char *name,
    char *out, size_t size)
{
	const char *base = getenv(variable);

	return base != NULL && base[0] == '/'
		   ? join(base, "/aurora", name, out, size)
		   : join(getenv("HOME"), home, name, out, size);
}

bool place_config(const char *name, char *out, size_t size)
{
	return join_base("XDG_CONFIG_HOME", "/.config/aurora", name, out, size);
}

bool place_data(const char *name, char *out, size_t size)
{
	return join_base(
	    "XDG_DATA_HOME", "/.local/share/aurora", name, out, size);
}

bool place_home(const char *name, char *out, size_t size)
{
	return join(getenv("HOME"), "", name, out, size);
}
