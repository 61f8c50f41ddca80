/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into an sshd of a test (sshd.sh, sshd_ask): its PAM reads the
 * services from $AUR_PAM_DIR instead of /etc/pam.d, so that a password of the
 * test is asked for and no account of the machine is touched.
 *
 * Compiled by the test itself, without sanitizers: sshd has none.
 */
#include <dlfcn.h>
#include <stdlib.h>

typedef int (*start_fn)(const char *service, const char *user, const void *conv,
    const char *dir, void **ret_handle);

int pam_start(
    const char *service, const char *user, const void *conv, void **ret_handle);

int pam_start(
    const char *service, const char *user, const void *conv, void **ret_handle)
{
	start_fn start = (start_fn)dlsym(RTLD_NEXT, "pam_start_confdir");
	const char *dir = getenv("AUR_PAM_DIR");

	if (start == NULL || dir == NULL)
		return 4; /* PAM_SYSTEM_ERR */
	(void)service;
	return start("sshd", user, conv, dir, ret_handle);
}
