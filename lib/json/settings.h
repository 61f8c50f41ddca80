/* SPDX-License-Identifier: MIT */
/*
 * A small file of settings: one JSON object, a member for each. The caller
 * has the table of what there may be; what stands in the file beside that is
 * of another version or another program, and stays as it is.
 *
 *	struct aur_setting s[] = {
 *	    {.name = "theme", .kind = AUR_SETTING_WORD, .words = "dark|light"},
 *	};
 *	rc = aur_settings_read(path, s, 1, why, sizeof(why));
 *	if (rc == 0 && s[0].given)
 *		use(s[0].choice);
 *	s[0].given = true;
 *	s[0].choice = 1;
 *	rc = aur_settings_write(path, s, 1, why, sizeof(why));
 *
 * A file that does not parse is an error with FILE:LINE:COL, one that means
 * nothing with FILE: MEMBER; it is never written over. So is one whose
 * "version" is later than ours.
 */
#ifndef AUR_JSON_SETTINGS_H
#define AUR_JSON_SETTINGS_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

enum aur_setting_kind {
	AUR_SETTING_WORD,   /* a string out of `words` */
	AUR_SETTING_SWITCH, /* true or false */
	AUR_SETTING_NUMBER, /* from `least` to `most` */
	AUR_SETTING_TEXT,
};

#define AUR_SETTING_TEXT_MAX 1024

struct aur_setting {
	const char *name; /* borrowed */
	enum aur_setting_kind kind;
	const char *words; /* "one|two", borrowed */
	double least, most;
	bool given; /* it is in the file; to write: it shall be */
	int choice; /* WORD: its number; SWITCH: 0 or 1 */
	double number;
	char text[AUR_SETTING_TEXT_MAX];
};

/* Reads; a file that is not there gives nothing and is no error. 0,
 * AUR_EINVALID, AUR_EVERSION, AUR_ELIMIT, AUR_EIO, AUR_ENOMEM; `why` is then a
 * sentence that begins with the file's name. */
AUR_MUST_CHECK int aur_settings_read(
    const char *path, struct aur_setting *s, size_t n, char *why, size_t size);

/* Puts the given ones into the file as it now is, makes it and its directories
 * where there are none. As aur__json_save writes: it is whole or the old one.
 * Errors as above, and AUR_EDENIED where the file shall not be written. */
AUR_MUST_CHECK int aur_settings_write(const char *path,
    const struct aur_setting *s, size_t n, char *why, size_t size);

#endif
