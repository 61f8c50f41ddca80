/* SPDX-License-Identifier: MIT */
/*
 * Single values. jansson refuses bytes that are no UTF-8 and numbers that are
 * not finite; both are dealt with here, before it sees them.
 */
#include "json/json_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"

#include <math.h>

static json_t *checked(json_t *j, bool *ok)
{
	if (j == NULL)
		*ok = false;
	return j;
}

static bool is_ascii(struct aur_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 0x80)
			return false;
	return true;
}

json_t *aur__json_slice(struct aur_slice text, bool *ok)
{
	json_t *j = NULL;
	struct aur_buf b;
	struct aur_slice s;

	if (text.n == 0)
		return checked(json_stringn_nocheck("", 0), ok);
	if (is_ascii(text))
		return checked(
		    json_stringn_nocheck((const char *)text.p, text.n), ok);
	aur_buf_init(&b, 4 * AUR_MAX_STRING);
	if (aur_text_add_utf8(&b, text) == 0) {
		s = aur_buf_peek(&b);
		j = json_stringn_nocheck((const char *)s.p, s.n);
	}
	aur_buf_release(&b);
	return checked(j, ok);
}

json_t *aur__json_text(const char *text, bool *ok)
{
	return text != NULL ? aur__json_slice(aur_slice_str(text), ok)
			    : json_null();
}

json_t *aur__json_real(double v, bool *ok)
{
	if (!isfinite(v))
		return json_null();
	return checked(json_real(round(v * 1000) / 1000), ok);
}

json_t *aur__json_time(struct aur_wall t, bool *ok)
{
	struct aur_buf b;
	json_t *j = NULL;
	int rc;

	aur_buf_init(&b, 64);
	rc = aur_wall_format(t, &b);
	if (rc == 0)
		j = aur__json_slice(aur_buf_peek(&b), ok);
	else if (rc == AUR_ERANGE) /* a host's clock may say anything */
		j = json_null();
	aur_buf_release(&b);
	return checked(j, ok);
}

/* Texts separated by NUL, as a list. */
static json_t *list_of(struct aur_slice s, bool *ok)
{
	json_t *list = checked(json_array(), ok);
	struct aur_slice part;

	if (s.n == 0)
		return list;
	while (aur_slice_until(&s, '\0', &part))
		aur__json_add(list, aur__json_slice(part, ok), ok);
	aur__json_add(list, aur__json_slice(s, ok), ok);
	return list;
}

json_t *aur__json_value(const struct aur_value *v, bool *ok)
{
	switch (v->type) {
	case AUR_VALUE_BOOL:
		return json_boolean(v->b);
	case AUR_VALUE_INT:
		return checked(json_integer(v->i), ok);
	case AUR_VALUE_REAL:
		return aur__json_real(v->d, ok);
	case AUR_VALUE_TEXT:
		return aur__json_slice(v->s, ok);
	case AUR_VALUE_LIST:
		return list_of(v->s, ok);
	case AUR_VALUE_NULL:
		break;
	}
	return json_null();
}

void aur__json_set(json_t *object, const char *name, json_t *value, bool *ok)
{
	if (object == NULL || value == NULL) {
		json_decref(value);
		*ok = false;
	} else if (json_object_set_new_nocheck(object, name, value) < 0) {
		*ok = false;
	}
}

void aur__json_add(json_t *list, json_t *value, bool *ok)
{
	if (list == NULL || value == NULL) {
		json_decref(value);
		*ok = false;
	} else if (json_array_append_new(list, value) < 0) {
		*ok = false;
	}
}

/* The bytes at the head of `s` that a terminal may have as they are: DEL, C1,
 * bidi controls and line separators are valid JSON, yet a terminal acts on
 * them. They stand in strings alone. */
static size_t safe_head(struct aur_slice s, uint32_t *ret_unsafe)
{
	struct aur_slice rest = s;

	*ret_unsafe = 0;
	while (rest.n > 0) {
		size_t at = s.n - rest.n;
		uint32_t c;

		if (*rest.p < 0x7f) {
			rest = aur_slice_of(rest.p + 1, rest.n - 1);
			continue;
		}
		c = aur_text_take(&rest);
		if (!aur_text_is_safe(c) && c <= 0xffff) {
			*ret_unsafe = c;
			return at;
		}
	}
	return s.n;
}

/* jansson goes on after some failures of a callback (of a member's name, in
 * 2.14), and then says that all went well: the failure is kept here. */
struct sink {
	struct aur_buf *out;
	int rc;
};

/* jansson hands over whole characters. */
static int put(const char *p, size_t n, void *arg)
{
	struct sink *sink = arg;
	struct aur_slice s = aur_slice_of(p, n);

	while (s.n > 0 && sink->rc == 0) {
		uint32_t unsafe;
		size_t head = safe_head(s, &unsafe);

		sink->rc = aur_buf_add(sink->out, s.p, head);
		s = aur_slice_of(s.p + head, s.n - head);
		if (sink->rc < 0 || s.n == 0)
			break;
		(void)aur_text_take(&s);
		sink->rc = aur_buf_addf(sink->out, "\\u%04x", (unsigned)unsafe);
	}
	return sink->rc < 0 ? -1 : 0;
}

int aur__json_dump(struct aur_buf *out, const json_t *v, size_t flags)
{
	struct sink sink = {.out = out};
	size_t before = out->n;

	if (json_dump_callback(v, put, &sink, flags) < 0 && sink.rc == 0)
		sink.rc = AUR_ENOMEM;
	if (sink.rc < 0)
		aur_buf_cut(out, before);
	return sink.rc;
}

int aur__json_write(struct aur_buf *out, json_t *root, bool ok)
{
	size_t before = out->n;
	int rc = AUR_ENOMEM;

	if (ok && root != NULL)
		rc = aur__json_dump(
		    out, root, JSON_COMPACT | JSON_REAL_PRECISION(15));
	if (rc == 0)
		rc = aur_buf_add_byte(out, '\n');
	if (rc < 0)
		aur_buf_cut(out, before);
	json_decref(root);
	return rc;
}
