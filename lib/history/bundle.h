/* SPDX-License-Identifier: MIT */
/*
 * A span of some hosts' history in one file, for a colleague: to be looked at
 * as the history that it is.
 *
 *	rc = aur_bundle_write(h, &what, "night.aurora", why, sizeof(why));
 *
 *	struct aur_bundle b;
 *	rc = aur_bundle_open(&b, "night.aurora", "/tmp", why, sizeof(why));
 *	... b.history ...
 *	aur_bundle_close(&b);
 *
 * The file is an SQLite database with the files of a store, in pieces:
 * bundle.c draws it. Whoever made it may be hostile: nothing but files by the
 * names of a store is unpacked, none beyond a maximum, and the store opens
 * them as it opens any.
 */
#ifndef AUR_HISTORY_BUNDLE_H
#define AUR_HISTORY_BUNDLE_H

#include "history/history.h"

struct aur_bundle_what {
	const size_t *host;	 /* numbers in the history; n of them */
	const char *const *name; /* what they are called in the bundle; NULL: as
				    they were called */
	size_t n;
	struct aur_wall from, to; /* [from, to) */
	bool cmdlines; /* whole ones; else of each the program's name */
};

/* Writes what was kept of the hosts over the span, at the resolution that is
 * still there, with its events: all of the file or none, 0600. While it is
 * made there is a folder beside it. 0; AUR_EABSENT: nothing was kept;
 * AUR_EDENIED, AUR_EIO, AUR_ELIMIT (the disk is full), AUR_ENOMEM; then a
 * sentence for people in `why`. */
AUR_MUST_CHECK int aur_bundle_write(struct aur_history *h,
    const struct aur_bundle_what *what, const char *file, char *why,
    size_t size);

struct aur_bundle {
	struct aur_history *history; /* read-only */
	char folder[4096];	     /* where it was unpacked */
};

/* Unpacks the file into a new folder within `place`, and opens it. 0;
 * AUR_EABSENT: no such file; AUR_EINVALID: it is no bundle, or damaged;
 * AUR_EVERSION: a later form; AUR_EDENIED, AUR_EIO, AUR_ELIMIT, AUR_ENOMEM;
 * then a sentence in `why`, and nothing is left. */
AUR_MUST_CHECK int aur_bundle_open(struct aur_bundle *b, const char *file,
    const char *place, char *why, size_t size);

/* Closes the history and takes its folder away; zeroed is fine. */
void aur_bundle_close(struct aur_bundle *b);

#endif
