/* SPDX-License-Identifier: MIT */
/*
 * The filter language, one for --where, --check and the F4 key:
 *
 *	filter  = and { ("or" | "|" | "||") and }
 *	and     = not { ["and" | "&&"] not }
 *	not     = ["not" | "!"] ( "(" filter ")" | compare | text )
 *	compare = FIELD op VALUE
 *	op      = eq ne gt ge lt le = == != > >= < <= ~ !~ :
 *
 * `cpu gt 5 and user eq root`, `cpu>5`, `cpu:5` (: is at least for numbers,
 * contains for text), `rss ge 1G`, `name ~ ^nginx` (a POSIX extended regular
 * expression, case ignored), `a|b`, or plain text, which is looked for in the
 * texts that the caller names. FIELD is a JSON name whose unit suffix may be
 * left out; a word before an operator that is no field is an error with the
 * nearest name. A comparison with something unknown is false.
 *
 * A VALUE is a number (12.5, -5, 90%, 1G in powers of 1024), true or false, or
 * text; it ends at a blank, "|", "&&" or a ")" that it did not open, so that
 * `name ~ ^(a|b)$` is one. What holds more stands in '...' or "...". Case
 * counts in fields and for = and its like; not in `and` or `gt`, nor for : and
 * ~. Parentheses go 64 deep; an expression that would become large when its
 * repetitions are written out is refused.
 *
 *	rc = aur_filter_parse(text, field_find, ctx, &filter, &error);
 *	if (aur_filter_match(filter, field_get, row))
 *		...
 *	aur_filter_free(filter);
 */
#ifndef AUR_MODEL_FILTER_H
#define AUR_MODEL_FILTER_H

#include "base/buf.h"
#include "model/value.h"

struct aur_filter;

/* Field number for a name, -1 for none. */
typedef int (*aur_filter_find_fn)(void *ctx, struct aur_slice name);

/* Value of field `field` of the row `row`. Field -1 asks for plain text:
 * `*ret` is set to each text to be searched, `nth` counting from 0; false
 * when there are no more. */
typedef bool (*aur_filter_get_fn)(
    void *row, int field, unsigned nth, struct aur_value *ret);

/* Parses `text` (at most AUR_MAX_FILTER_TEXT bytes). An empty one matches
 * all. 0 and a filter for the caller to free; AUR_EINVALID, AUR_ELIMIT,
 * AUR_ENOMEM, and then `error`, if not NULL, gets a sentence for people
 * with what to do ("no field 'cpuu'; did you mean 'cpu'?" is the caller's
 * part: here "'cpuu' is no field"). `ret_at` is the offset of the mistake. */
AUR_MUST_CHECK int aur_filter_parse(struct aur_slice text,
    aur_filter_find_fn find, void *ctx, struct aur_filter **ret_filter,
    struct aur_buf *error, size_t *ret_at);

/* Whether the row passes; NULL passes everything. */
bool aur_filter_match(
    const struct aur_filter *f, aur_filter_get_fn get, void *row);

void aur_filter_free(struct aur_filter *f); /* NULL is fine */

#endif
