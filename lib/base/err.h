/* SPDX-License-Identifier: MIT */
/*
 * Errors: one negative enum, one list (err.def) that makes code, name and
 * sentence. A function that can fail returns int: 0 or a count on success,
 * an aur_err on failure, and leaves its outputs untouched then.
 *
 *	int rc = aur_buf_add(&b, p, n);
 *	if (rc < 0)
 *		fprintf(stderr, "%s\n", aur_err_str(rc));
 */
#ifndef AUR_BASE_ERR_H
#define AUR_BASE_ERR_H

enum aur_err {
	AUR_OK = 0,
#define AUR_ERR(number, NAME, name, text) AUR_E##NAME = number,
#include "base/err.def"
#undef AUR_ERR
};

/* The sentence for `err`, never NULL; static. Unknown codes get "unknown
 * error". */
const char *aur_err_str(int err);

/* The lower-case name for `err` as it travels ("nomem"), never NULL; static.
 */
const char *aur_err_name(int err);

/* The code whose lower-case name is `name`; AUR_EINVALID for an unknown one.
 */
int aur_err_find(const char *name);

/* The nearest aur_err for an errno value (ENOENT: AUR_EABSENT, ...);
 * AUR_EIO where none fits. */
int aur_err_errno(int number);

#endif
