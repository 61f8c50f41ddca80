/* SPDX-License-Identifier: MIT */
/*
 * Where the agent program is. What somebody named is taken as it stands and
 * never replaced by another: who sets AURORA_AGENTD wants to know that it is
 * not there.
 */
#include "fleet/fleet_int.h"

#include "base/err.h"

#include <unistd.h>

#define AGENT "aurora-agentd"

static bool runnable(struct aur_buf *path)
{
	const char *text = aur_buf_str(path);

	return text != NULL && access(text, X_OK) == 0;
}

static int add_self(struct aur_buf *path)
{
	char own[4096];
	ssize_t n = readlink("/proc/self/exe", own, sizeof own);

	if (n <= 0 || n == (ssize_t)sizeof own)
		return AUR_EABSENT;
	return aur_buf_add(path, own, (size_t)n);
}

/* One that was replaced since we began is not there any more. */
int aur__fleet_find_self(struct aur_buf *path)
{
	int rc = add_self(path);

	/* its NUL may be what no memory is found for */
	if (rc == 0 && aur_buf_str(path) == NULL)
		rc = AUR_ENOMEM;
	return rc == 0 && !runnable(path) ? AUR_EABSENT : rc;
}

static int beside_us(struct aur_buf *path)
{
	int rc = add_self(path);
	struct aur_slice own = aur_buf_peek(path);

	while (own.n > 0 && own.p[own.n - 1] != '/')
		own.n--;
	aur_buf_cut(path, own.n);
	if (rc == 0)
		rc = aur_buf_add_str(path, AGENT);
	if (rc == 0 && !runnable(path))
		rc = AUR_EABSENT;
	return rc;
}

int aur__fleet_find_in_path(const char *name, struct aur_buf *path)
{
	const char *text = getenv("PATH");
	struct aur_slice rest = aur_slice_str(text != NULL ? text : ""), dir;

	while (rest.n > 0) {
		if (!aur_slice_until(&rest, ':', &dir)) {
			dir = rest;
			rest.n = 0;
		}
		aur_buf_clear(path);
		/* an empty one means here, which nobody means */
		if (dir.n == 0 || aur_buf_add_slice(path, dir) < 0 ||
		    aur_buf_addf(path, "/%s", name) < 0)
			continue;
		if (runnable(path))
			return 0;
	}
	return AUR_EABSENT;
}

int aur__fleet_find_agent(
    const char *given, struct aur_buf *ret_path, struct aur_buf *error)
{
	const char *named = given != NULL ? given : getenv("AURORA_AGENTD");
	int rc;

	aur_buf_clear(ret_path);
	aur_buf_clear(error);
	if (named != NULL && named[0] != '\0') {
		rc = aur_buf_add_str(ret_path, named);
		if (rc < 0 || runnable(ret_path))
			return rc;
		rc = aur_buf_addf(error,
		    "no agent: %s cannot be run: %s names the agent program",
		    named, given != NULL ? "the option" : "AURORA_AGENTD");
		return rc < 0 ? rc : AUR_EABSENT;
	}
	rc = beside_us(ret_path);
	if (rc != AUR_EABSENT)
		return rc;
	rc = aur__fleet_find_in_path(AGENT, ret_path);
	if (rc == 0)
		return 0;
	rc = aur_buf_add_str(error,
	    "no agent: " AGENT " is neither beside aurora nor in PATH: "
	    "install it, or set AURORA_AGENTD to its path");
	return rc < 0 ? rc : AUR_EABSENT;
}
