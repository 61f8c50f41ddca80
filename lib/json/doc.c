/* SPDX-License-Identifier: MIT */
/*
 * Documents and the places in them. The text that was read is kept whole: it
 * is what the file is compared with before it is replaced, and a hash of it
 * would save nothing that matters.
 *
 * A place keeps no path, only its parents: the words are wanted once, when
 * something is wrong, and a loop over a thousand hosts should not write a
 * thousand strings.
 */
#include "json/doc_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <limits.h>
#include <stdarg.h>

static json_t *value_of(const struct aur_at *at)
{
	return (json_t *)(void *)at->node;
}

static struct aur_doc_node *node_of(json_t *v)
{
	return (struct aur_doc_node *)(void *)v;
}

/* --- documents ------------------------------------------------------------ */

static int say(struct aur_doc *d, int rc)
{
	snprintf(d->why, sizeof(d->why), "%s: %s", d->path, aur_err_str(rc));
	return rc;
}

static struct aur_doc *new_doc(const char *path, size_t max)
{
	struct aur_doc *d = aur_mem_new(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	aur_buf_init(&d->text, max);
	d->path = aur_mem_dup(path, strlen(path));
	if (d->path == NULL) {
		aur_doc_free(d);
		return NULL;
	}
	return d;
}

void aur_doc_free(struct aur_doc *d)
{
	if (d == NULL)
		return;
	json_decref(d->root);
	aur_buf_release(&d->text);
	aur_mem_free(d->path);
	aur_mem_free(d);
}

const char *aur_doc_why(const struct aur_doc *d)
{
	return d->why;
}

bool aur_doc_is_changed(const struct aur_doc *d)
{
	return d->changed;
}

static bool is_deep(const json_t *v, unsigned left)
{
	const char *name;
	json_t *part, *object = (json_t *)(uintptr_t)v;
	size_t i;

	if (!json_is_object(v) && !json_is_array(v))
		return false;
	if (left == 0)
		return true;
	json_object_foreach(object, name, part)
	{
		if (is_deep(part, left - 1))
			return true;
	}
	json_array_foreach(v, i, part)
	{
		if (is_deep(part, left - 1))
			return true;
	}
	return false;
}

static int check_version(struct aur_doc *d, int version)
{
	struct aur_at root = aur_doc_root(d), at = aur_at_get(&root, "version");
	int64_t v = version;
	int rc = aur_at_number(&at, 0, INT64_MAX, &v);

	if (rc < 0 || v <= version)
		return rc;
	snprintf(d->why, sizeof(d->why),
	    "%s: of a later aurora (version %lld); this one knows %d: it is "
	    "left as it is",
	    d->path, (long long)v, version);
	return AUR_EVERSION;
}

/* Makes the document of its text. */
static int parse(struct aur_doc *d, int version)
{
	struct aur_slice s = aur_buf_peek(&d->text);
	json_error_t e;

	d->root = json_loadb(
	    s.n > 0 ? (const char *)s.p : "", s.n, JSON_REJECT_DUPLICATES, &e);
	/* without a place it is not the text that is wrong */
	if (d->root == NULL &&
	    (e.line < 0 || json_error_code(&e) == json_error_out_of_memory))
		return say(d, AUR_ENOMEM);
	if (d->root == NULL) {
		snprintf(d->why, sizeof(d->why), "%s:%d:%d: %s", d->path,
		    e.line, e.column, e.text);
		return AUR_EINVALID;
	}
	if (!json_is_object(d->root)) {
		snprintf(
		    d->why, sizeof(d->why), "%s:1:1: not an object", d->path);
		return AUR_EINVALID;
	}
	if (is_deep(d->root, AUR_MAX_DOC_DEPTH)) {
		snprintf(d->why, sizeof(d->why),
		    "%s: more than %u levels of brackets", d->path,
		    AUR_MAX_DOC_DEPTH);
		return AUR_ELIMIT;
	}
	return check_version(d, version);
}

int aur_doc_read(
    struct aur_doc **ret_doc, const char *path, size_t max, int version)
{
	struct aur_doc *d = new_doc(path, max);
	int rc;

	*ret_doc = d;
	if (d == NULL)
		return AUR_ENOMEM;
	rc = aur__json_load(path, &d->text);
	if (rc == 0) {
		d->existed = true;
		return parse(d, version);
	}
	say(d, rc);
	aur_buf_clear(&d->text);
	d->root = json_object();
	return d->root == NULL ? say(d, AUR_ENOMEM) : rc;
}

int aur_doc_new(struct aur_doc **ret_doc)
{
	return aur_doc_parse(ret_doc, "", aur_slice_str("{}"), INT_MAX);
}

int aur_doc_parse(struct aur_doc **ret_doc, const char *path,
    struct aur_slice text, int version)
{
	struct aur_doc *d = new_doc(path, text.n);

	*ret_doc = d;
	if (d == NULL)
		return AUR_ENOMEM;
	d->existed = true;
	if (aur_buf_add_slice(&d->text, text) < 0)
		return say(d, AUR_ENOMEM);
	return parse(d, version);
}

int aur_doc_save(struct aur_doc *d, unsigned flags)
{
	struct aur__json_save_how how = {
	    .before = d->existed ? &d->text : NULL,
	    .compare = true,
	    .mode = flags & AUR_DOC_PRIVATE ? 0600 : 0,
	};
	struct aur_buf now;
	int rc;

	d->why[0] = '\0';
	aur_buf_init(&now, AUR_MAX_JSON);
	rc = aur_doc_write(d, &now);
	if (rc < 0)
		say(d, rc);
	else
		rc = aur__json_save_as(
		    d->path, aur_buf_peek(&now), &how, d->why, sizeof(d->why));
	if (rc < 0) {
		if (d->why[0] == '\0')
			say(d, rc);
		aur_buf_release(&now);
		return rc;
	}
	aur_buf_release(&d->text);
	d->text = now;
	d->existed = true;
	d->changed = false;
	return 0;
}

/* --- looking -------------------------------------------------------------- */

struct aur_at aur_doc_root(struct aur_doc *d)
{
	return (struct aur_at){.doc = d, .node = node_of(d->root)};
}

struct aur_at aur_at_get(const struct aur_at *up, const char *name)
{
	json_t *v = json_object_get(value_of(up), name);

	return (struct aur_at){
	    .doc = up->doc, .node = node_of(v), .up = up, .name = name};
}

struct aur_at aur_at_nth(const struct aur_at *up, size_t index)
{
	json_t *v = json_array_get(value_of(up), index);

	return (struct aur_at){
	    .doc = up->doc, .node = node_of(v), .up = up, .index = index};
}

size_t aur_at_count(const struct aur_at *at)
{
	const json_t *v = value_of(at);

	return json_is_array(v) ? json_array_size(v) : json_object_size(v);
}

const char *aur_at_member(const struct aur_at *at, size_t i)
{
	json_t *v = value_of(at);
	void *iter = json_object_iter(v);

	while (iter != NULL && i-- > 0)
		iter = json_object_iter_next(v, iter);
	return iter != NULL ? json_object_iter_key(iter) : NULL;
}

bool aur_at_is_absent(const struct aur_at *at)
{
	return at->node == NULL || json_is_null(value_of(at));
}

int aur_at_text(const struct aur_at *at, const char **ret)
{
	if (aur_at_is_absent(at))
		return 0;
	if (!json_is_string(value_of(at)))
		return aur_at_fail(at, "wants a string");
	*ret = json_string_value(value_of(at));
	return 0;
}

int aur_at_number(
    const struct aur_at *at, int64_t least, int64_t most, int64_t *ret)
{
	int64_t v;

	if (aur_at_is_absent(at))
		return 0;
	v = json_integer_value(value_of(at));
	if (!json_is_integer(value_of(at)) || v < least || v > most)
		return aur_at_fail(at, "wants a whole number from %lld to %lld",
		    (long long)least, (long long)most);
	*ret = v;
	return 0;
}

int aur_at_list(const struct aur_at *at)
{
	return aur_at_is_absent(at) || json_is_array(value_of(at))
		   ? 0
		   : aur_at_fail(at, "wants a list");
}

int aur_at_object(const struct aur_at *at)
{
	return aur_at_is_absent(at) || json_is_object(value_of(at))
		   ? 0
		   : aur_at_fail(at, "wants an object");
}

/* The way to a place, as in hosts[3].port. */
static int add_path(struct aur_buf *b, const struct aur_at *at)
{
	int rc = at->up != NULL ? add_path(b, at->up) : 0;

	if (rc < 0 || at->up == NULL)
		return rc;
	if (at->name == NULL)
		return aur_buf_addf(b, "[%zu]", at->index);
	return aur_buf_addf(b, "%s%s", b->n > 0 ? "." : "", at->name);
}

int aur_at_fail(const struct aur_at *at, const char *fmt, ...)
{
	struct aur_doc *d = at->doc;
	struct aur_buf path;
	const char *text = "";
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	aur_buf_init(&path, AUR_MAX_LINE);
	if (add_path(&path, at) == 0 && aur_buf_str(&path) != NULL)
		text = aur_buf_str(&path);
	snprintf(d->why, sizeof(d->why), "%s: %s%s%s", d->path, text,
	    text[0] != '\0' ? ": " : "", what);
	aur_buf_release(&path);
	return AUR_EINVALID;
}

/* --- changing ------------------------------------------------------------- */

static bool is_utf8(struct aur_slice s)
{
	while (s.n > 0) {
		size_t before = s.n;

		if (aur_text_take(&s) == 0xfffd && before - s.n == 1)
			return false;
	}
	return true;
}

/* A string, or NULL with the error in `rc`. */
static json_t *new_text(const struct aur_at *at, const char *text, int *rc)
{
	json_t *v;

	if (!is_utf8(aur_slice_str(text))) {
		*rc = aur_at_fail(at, "not UTF-8: '%.64s'", text);
		return NULL;
	}
	v = json_stringn_nocheck(text, strlen(text));
	if (v == NULL)
		*rc = say(at->doc, AUR_ENOMEM);
	return v;
}

/* Moves `v` into the object. */
static int put(const struct aur_at *at, const char *name, json_t *v)
{
	if (!json_is_object(value_of(at))) {
		json_decref(v);
		return aur_at_fail(at, "wants an object");
	}
	if (v == NULL || json_object_set_new_nocheck(value_of(at), name, v) < 0)
		return say(at->doc, AUR_ENOMEM);
	at->doc->changed = true;
	return 0;
}

void aur_at_remove(const struct aur_at *at, const char *name)
{
	if (json_object_del(value_of(at), name) == 0)
		at->doc->changed = true;
}

int aur_at_set_text(const struct aur_at *at, const char *name, const char *text)
{
	const json_t *old = json_object_get(value_of(at), name);
	struct aur_at to = aur_at_get(at, name);
	json_t *v;
	int rc = 0;

	if (text == NULL) {
		aur_at_remove(at, name);
		return 0;
	}
	if (json_is_string(old) && strcmp(json_string_value(old), text) == 0)
		return 0;
	v = new_text(&to, text, &rc);
	return v != NULL ? put(at, name, v) : rc;
}

int aur_at_set_number(const struct aur_at *at, const char *name, int64_t v)
{
	const json_t *old = json_object_get(value_of(at), name);

	if (json_is_integer(old) && json_integer_value(old) == v)
		return 0;
	return put(at, name, json_integer(v));
}

int aur_at_set_bool(const struct aur_at *at, const char *name, bool v)
{
	return put(at, name, json_boolean(v));
}

int aur_at_set_null(const struct aur_at *at, const char *name)
{
	return put(at, name, json_null());
}

static bool are_same(const json_t *list, const char *const *text, size_t n)
{
	if (!json_is_array(list) || json_array_size(list) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *old = json_string_value(json_array_get(list, i));

		if (old == NULL || strcmp(old, text[i]) != 0)
			return false;
	}
	return true;
}

int aur_at_set_texts(const struct aur_at *at, const char *name,
    const char *const *text, size_t n)
{
	struct aur_at to = aur_at_get(at, name);
	json_t *list;
	int rc = 0;

	if (n == 0) {
		aur_at_remove(at, name);
		return 0;
	}
	if (are_same(value_of(&to), text, n))
		return 0;
	list = json_array();
	if (list == NULL)
		return say(at->doc, AUR_ENOMEM);
	for (size_t i = 0; i < n && rc == 0; i++) {
		json_t *v = new_text(&to, text[i], &rc);

		if (v != NULL && json_array_append_new(list, v) < 0)
			rc = say(at->doc, AUR_ENOMEM);
	}
	if (rc < 0) {
		json_decref(list);
		return rc;
	}
	return put(at, name, list);
}

bool aur_at_equal(const struct aur_at *a, const struct aur_at *b)
{
	if (aur_at_is_absent(a) || aur_at_is_absent(b))
		return aur_at_is_absent(a) && aur_at_is_absent(b);
	return json_equal(value_of(a), value_of(b)) != 0;
}

int aur_at_set_copy(
    const struct aur_at *at, const char *name, const struct aur_at *from)
{
	if (from->node != NULL)
		return put(at, name, json_deep_copy(value_of(from)));
	aur_at_remove(at, name);
	return 0;
}

int aur_at_append_copy(const struct aur_at *list, const struct aur_at *from)
{
	json_t *v = json_deep_copy(value_of(from));

	if (v == NULL || json_array_append_new(value_of(list), v) < 0)
		return say(list->doc, AUR_ENOMEM);
	list->doc->changed = true;
	return 0;
}

int aur_at_make_object(
    const struct aur_at *up, const char *name, struct aur_at *ret)
{
	struct aur_at at = aur_at_get(up, name);
	int rc = aur_at_object(&at);

	if (rc == 0 && aur_at_is_absent(&at))
		rc = put(up, name, json_object());
	if (rc == 0)
		*ret = aur_at_get(up, name);
	return rc;
}

int aur_at_make_list(
    const struct aur_at *up, const char *name, struct aur_at *ret)
{
	struct aur_at at = aur_at_get(up, name);
	int rc = aur_at_list(&at);

	if (rc == 0 && aur_at_is_absent(&at))
		rc = put(up, name, json_array());
	if (rc == 0)
		*ret = aur_at_get(up, name);
	return rc;
}

int aur_at_append(const struct aur_at *list, struct aur_at *ret)
{
	json_t *v = json_object();

	if (!json_is_array(value_of(list))) {
		json_decref(v);
		return aur_at_fail(list, "wants a list");
	}
	if (v == NULL || json_array_append_new(value_of(list), v) < 0)
		return say(list->doc, AUR_ENOMEM);
	list->doc->changed = true;
	*ret = aur_at_nth(list, json_array_size(value_of(list)) - 1);
	return 0;
}

int aur_at_append_text(const struct aur_at *list, const char *text)
{
	int rc = 0;
	json_t *v = new_text(list, text, &rc);

	if (rc < 0)
		return rc;
	if (!json_is_array(value_of(list))) {
		json_decref(v);
		return aur_at_fail(list, "wants a list");
	}
	if (json_array_append_new(value_of(list), v) < 0)
		return say(list->doc, AUR_ENOMEM);
	list->doc->changed = true;
	return 0;
}

void aur_at_drop(const struct aur_at *list, size_t index)
{
	if (json_array_remove(value_of(list), index) == 0)
		list->doc->changed = true;
}
