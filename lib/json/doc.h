/* SPDX-License-Identifier: MIT */
/*
 * A document in a file that people, git and other programs also write: read
 * with a bound, asked by key paths, changed in place, written back.
 *
 *	struct aur_doc *d;
 *	const char *address;
 *	rc = aur_doc_read(&d, path, AUR_MAX_TEAM_FILE, 1);
 *	if (rc < 0) ...                  d is there all the same: aur_doc_why(d)
 *	struct aur_at root = aur_doc_root(d);
 *	struct aur_at hosts = aur_at_get(&root, "hosts");
 *	for (size_t i = 0; i < aur_at_count(&hosts); i++) {
 *		struct aur_at h = aur_at_nth(&hosts, i);
 *		struct aur_at a = aur_at_get(&h, "address");
 *		rc = aur_at_text(&a, &address);
 *		if (rc < 0) ...          "FILE: hosts[3].address: wants ..."
 *	}
 *	rc = aur_at_set_text(&h, "address", "web1.example");
 *	rc = aur_doc_save(d, 0);
 *	aur_doc_free(d);
 *
 * A struct aur_at is a place in a document and knows the way to it by its
 * parents, which must live as long as it does. The value there may be absent;
 * asking an absent one for a member gives an absent one.
 *
 * What nobody asked for stays, in its order. A document is written with an
 * indent of two and short lists of plain values on one line, so that a change
 * of one value is a difference of one line. Numbers are written with as many
 * digits as they need. Nothing that a terminal would act on stands in the
 * file as it is: it is escaped.
 *
 * A document of a "version" later than ours is refused, and so are duplicate
 * members, more than AUR_MAX_DOC_DEPTH levels, and bytes that are no UTF-8.
 */
#ifndef AUR_JSON_DOC_H
#define AUR_JSON_DOC_H

#include "base/compiler.h"
#include "base/slice.h"

struct aur_buf;
struct aur_doc;
struct aur_doc_node; /* a value; not for use outside lib/json */

struct aur_at {
	struct aur_doc *doc;
	struct aur_doc_node *node; /* NULL: absent */
	const struct aur_at *up;   /* NULL: the root */
	const char *name;	   /* member of an object; NULL: of a list */
	size_t index;
};

/* --- documents ------------------------------------------------------------ */

/* Reads the file, of `max` bytes at most and of a version up to `version`.
 * `*ret_doc` is given also on failure, to be asked why and freed; NULL with
 * AUR_ENOMEM. 0, AUR_EABSENT (no file; the document is empty and can be filled
 * and saved), AUR_EINVALID, AUR_EVERSION, AUR_ELIMIT, AUR_EDENIED, AUR_EIO,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_doc_read(
    struct aur_doc **ret_doc, const char *path, size_t max, int version);

/* The same out of memory; `path` is for messages and for saving. */
AUR_MUST_CHECK int aur_doc_parse(struct aur_doc **ret_doc, const char *path,
    struct aur_slice text, int version);

/* An empty one that is no file: to be written to stdout. AUR_ENOMEM. */
AUR_MUST_CHECK int aur_doc_new(struct aur_doc **ret_doc);

/* NULL is fine. */
void aur_doc_free(struct aur_doc *d);

/* The sentence for what failed last, beginning with the file's name; "" when
 * nothing did. */
const char *aur_doc_why(const struct aur_doc *d);

/* The document as it would be written. Appends to `out`. 0, AUR_ELIMIT,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_doc_write(const struct aur_doc *d, struct aur_buf *out);

/* The same on one line, as documents for scripts are. */
AUR_MUST_CHECK int aur_doc_write_line(
    const struct aur_doc *d, struct aur_buf *out);

/* Whether it was changed since it was read or saved. */
bool aur_doc_is_changed(const struct aur_doc *d);

enum aur_doc_save_flag {
	AUR_DOC_PRIVATE = 1, /* the file's mode becomes 0600 */
};

/* Makes the document the file's content: all of it or none, never through a
 * link that another ordinary user made. AUR_EBUSY: the file is not what was
 * read (or is there, and was not); it is left alone. Else 0, AUR_EDENIED,
 * AUR_EIO, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_doc_save(struct aur_doc *d, unsigned flags);

/* --- looking -------------------------------------------------------------- */

/* The object that the document is. */
struct aur_at aur_doc_root(struct aur_doc *d);

/* The member of an object; the element of a list. May be absent. */
struct aur_at aur_at_get(const struct aur_at *up, const char *name);
struct aur_at aur_at_nth(const struct aur_at *up, size_t index);

/* Elements of a list, members of an object, else 0. */
size_t aur_at_count(const struct aur_at *at);

/* The name of member `i` of an object; NULL beyond the last. Its own order. */
const char *aur_at_member(const struct aur_at *at, size_t i);

bool aur_at_is_absent(const struct aur_at *at); /* null counts as absent */

/* What is there. An absent value leaves `ret` alone and is 0; one of another
 * type is AUR_EINVALID and said. Texts are borrowed until the value is set or
 * removed; one with a NUL in it is refused. */
AUR_MUST_CHECK int aur_at_text(const struct aur_at *at, const char **ret);
AUR_MUST_CHECK int aur_at_number(
    const struct aur_at *at, int64_t least, int64_t most, int64_t *ret);
AUR_MUST_CHECK int aur_at_list(const struct aur_at *at);   /* is it one? */
AUR_MUST_CHECK int aur_at_object(const struct aur_at *at); /* is it one? */

/* Says that the value there means nothing: "FILE: hosts[3].port: ..." becomes
 * aur_doc_why. AUR_EINVALID. */
int aur_at_fail(const struct aur_at *at, const char *fmt, ...) AUR_PRINTF(2, 3);

/* Whether the same stands at both, whatever the order of members; absent is
 * the same as absent. */
bool aur_at_equal(const struct aur_at *a, const struct aur_at *b);

/* Appends what stands there, on one line; nothing where it is absent. 0,
 * AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_at_write(const struct aur_at *at, struct aur_buf *out);

/* --- changing ------------------------------------------------------------- */

/* Sets a member of an object; NULL, or no element, removes it. Setting what is
 * there already changes nothing and keeps what was borrowed. 0, AUR_EINVALID
 * (no object here, text that is no UTF-8), AUR_ENOMEM. */
AUR_MUST_CHECK int aur_at_set_text(
    const struct aur_at *at, const char *name, const char *text);
AUR_MUST_CHECK int aur_at_set_number(
    const struct aur_at *at, const char *name, int64_t v);
AUR_MUST_CHECK int aur_at_set_texts(const struct aur_at *at, const char *name,
    const char *const *text, size_t n);
AUR_MUST_CHECK int aur_at_set_bool(
    const struct aur_at *at, const char *name, bool v);
AUR_MUST_CHECK int aur_at_set_null(const struct aur_at *at, const char *name);
void aur_at_remove(const struct aur_at *at, const char *name);

/* Sets a member to a copy of what stands at `from`, maybe in another document;
 * an absent one removes it. Appends a copy to a list. */
AUR_MUST_CHECK int aur_at_set_copy(
    const struct aur_at *at, const char *name, const struct aur_at *from);
AUR_MUST_CHECK int aur_at_append_copy(
    const struct aur_at *list, const struct aur_at *from);

/* The member as an object or a list, made where it is absent. */
AUR_MUST_CHECK int aur_at_make_object(
    const struct aur_at *up, const char *name, struct aur_at *ret);
AUR_MUST_CHECK int aur_at_make_list(
    const struct aur_at *up, const char *name, struct aur_at *ret);

/* Appends an empty object, a text to a list; takes an element out of one. */
AUR_MUST_CHECK int aur_at_append(const struct aur_at *list, struct aur_at *ret);
AUR_MUST_CHECK int aur_at_append_text(
    const struct aur_at *list, const char *text);
void aur_at_drop(const struct aur_at *list, size_t index);

#endif
