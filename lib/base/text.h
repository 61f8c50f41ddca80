/* SPDX-License-Identifier: MIT */
/*
 * Text from elsewhere is hostile: escapes, newlines, right-to-left marks,
 * bytes that are no UTF-8. Here it is decoded, measured and made harmless;
 * nothing else in the program looks at single characters.
 *
 * Widths are columns of a terminal cell: 0 for combining marks, 2 for East
 * Asian wide and emoji, 1 for the rest (Unicode TR 11, and wcwidth as
 * terminals have it). The tables stand in text_width.c; no locale is asked.
 */
#ifndef AUR_BASE_TEXT_H
#define AUR_BASE_TEXT_H

#include "base/buf.h"

/* Takes one code point off `s`, which must not be empty. A byte that is not
 * the start of a valid sequence (RFC 3629) is taken alone and gives U+FFFD. */
uint32_t aur_text_take(struct aur_slice *s);

/* Writes `c` as UTF-8 to `out` (room for 4); the bytes written, 1 to 4. */
size_t aur_text_put(uint32_t c, uint8_t out[4]);

/* Columns of one code point: 0, 1 or 2; 1 for what is not printable. */
int aur_text_char_width(uint32_t c);

/* Whether `c` may reach a terminal: no C0/C1 control, no bidi control, no
 * line or paragraph separator, no surrogate, no noncharacter. */
bool aur_text_is_safe(uint32_t c);

/* Columns that `s` takes when drawn by aur_text_add_safe. */
size_t aur_text_width(struct aur_slice s);

/* Appends `s` as valid UTF-8 whose bad bytes are U+FFFD; controls stay. For
 * JSON. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_text_add_utf8(struct aur_buf *b, struct aur_slice s);

/* Appends `s` fit for a terminal: what is not safe becomes one U+FFFD (tabs
 * and newlines a blank). 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_text_add_safe(struct aur_buf *b, struct aur_slice s);

/* Appends `s` as above, cut or padded with blanks to exactly `width` columns;
 * a cut is marked by "…" ("+" where `ascii`) in the last column. `right`
 * pads in front. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_text_add_cell(struct aur_buf *b, struct aur_slice s,
    size_t width, bool right, bool ascii);

/* Case-insensitive (ASCII) search; whether `needle` is in `hay`. An empty
 * needle is in everything. */
bool aur_text_has(struct aur_slice hay, struct aur_slice needle);

/* Damerau-Levenshtein distance of two short words (at most 64 bytes; longer
 * ones give SIZE_MAX), for "did you mean". */
size_t aur_text_distance(const char *a, const char *b);

/* Whether `candidate` may have been meant by `word`, and is nearer than those
 * before it: `best` begins as SIZE_MAX and holds the distance of the nearest
 * so far. */
bool aur_text_is_nearer(const char *word, const char *candidate, size_t *best);

/* Shell-like glob: * ? [set]; whole of `s`. */
bool aur_text_glob(const char *pattern, struct aur_slice s);

#endif
