/* SPDX-License-Identifier: MIT */
/* The list of errors: names, sentences, and what errno becomes. */
#include "base/err.h"
#include "tests/harness/tap.h"

#include <ctype.h>
#include <errno.h>

/* The name that travels is the enumerator's in lower case. */
static void row(int code, const char *NAME, const char *name)
{
	char lower[32] = "";

	for (size_t i = 0; NAME[i] != '\0' && i + 1 < sizeof(lower); i++)
		lower[i] = (char)tolower((unsigned char)NAME[i]);
	tap_eq_str(name, lower, "name is the enumerator's in lower case");
	tap_eq_str(aur_err_name(code), name, "aur_err_name");
	tap_eq_int(aur_err_find(name), code, "aur_err_find");
	tap_ok(strlen(aur_err_str(code)) > 0, "%s has a sentence", name);
}

int main(void)
{
#define AUR_ERR(number, NAME, name, text) row(number, #NAME, name);
#include "base/err.def"
#undef AUR_ERR
	tap_eq_str(aur_err_str(AUR_OK), "no error", "no error");
	tap_eq_str(aur_err_str(AUR_ENOMEM), "out of memory", "a sentence");
	tap_eq_str(aur_err_str(-9999), "unknown error", "unknown code");
	tap_eq_str(aur_err_str(7), "unknown error", "a count is no error");
	tap_eq_str(aur_err_name(-9999), "unknown", "unknown name");
	tap_eq_int(aur_err_find("NOMEM"), AUR_EINVALID, "names are lower case");
	tap_eq_int(aur_err_find(""), AUR_EINVALID, "no name");

	tap_eq_int(aur_err_errno(0), AUR_OK, "errno 0");
	tap_eq_int(aur_err_errno(ENOENT), AUR_EABSENT, "ENOENT");
	tap_eq_int(aur_err_errno(ESRCH), AUR_EABSENT, "ESRCH");
	tap_eq_int(aur_err_errno(EACCES), AUR_EDENIED, "EACCES");
	tap_eq_int(aur_err_errno(ENOMEM), AUR_ENOMEM, "ENOMEM");
	tap_eq_int(aur_err_errno(EPIPE), AUR_ECLOSED, "EPIPE");
	tap_eq_int(aur_err_errno(ECONNREFUSED), AUR_EABSENT, "ECONNREFUSED");
	tap_eq_int(aur_err_errno(123456), AUR_EIO, "an unknown errno");
	return tap_done();
}
