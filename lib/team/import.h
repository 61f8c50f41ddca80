/* SPDX-License-Identifier: MIT */
/*
 * The hosts that an ssh_config names (ssh_config(5)), for a list to choose
 * from. Pure: the caller reads files and hands their text over, in the order
 * in which ssh would.
 *
 *	struct aur_import *im;
 *	rc = aur_import_new(&im);
 *	rc = aur_import_read(im, text, include, me);
 *	for (size_t i = 0; i < aur_import_count(im); i++) {
 *		rc = aur_import_get(im, i, &host);
 *		...
 *	}
 *	aur_import_free(im);
 *
 * Named is what stands as a plain word behind Host; patterns name nobody, but
 * what is said under them holds for whom they match, and the first value
 * wins, as with ssh. What stands under Match is left out, but for `Match
 * all`: its conditions may run programs. So this is a proposal and not the
 * truth, which `ssh -G` has when the host is reached.
 */
#ifndef AUR_TEAM_IMPORT_H
#define AUR_TEAM_IMPORT_H

#include "base/compiler.h"
#include "base/slice.h"

struct aur_import;

/* All is borrowed from the import until it is freed; NULL: not said, or not to
 * be understood without ssh. */
struct aur_import_host {
	const char *name;     /* the word behind Host */
	const char *hostname; /* %h is put in */
	const char *user;
	const char *port; /* as it stands there */
	const char *jump; /* ProxyJump */
};

AUR_MUST_CHECK int aur_import_new(struct aur_import **ret_import);
void aur_import_free(struct aur_import *im); /* NULL is fine */

/* Told of each file or pattern of an Include; reads them and calls
 * aur_import_read for each. What it returns but 0 ends the reading. */
typedef int (*aur_import_include_fn)(void *arg, struct aur_slice pattern);

/* Reads one file's text. Lines that mean nothing are skipped. 0, AUR_ELIMIT
 * (too many lines, names, or files within files), AUR_ENOMEM, or what
 * `include` gave; `include` may be NULL. */
AUR_MUST_CHECK int aur_import_read(struct aur_import *im, struct aur_slice text,
    aur_import_include_fn include, void *arg);

/* The hosts that are named, each once, in the order of the files. */
size_t aur_import_count(const struct aur_import *im);

/* What holds for number `i`. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_import_get(
    struct aur_import *im, size_t i, struct aur_import_host *ret_host);

#endif
