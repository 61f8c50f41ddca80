/* SPDX-License-Identifier: MIT */
/*
 * How a document looks in its file. jansson's own indenting puts each word of
 * ["web", "prod"] on a line and writes 0.1 with 17 digits: neither is what a
 * person would write or wants to see in a difference.
 */
#include "json/doc_int.h"

#include "base/err.h"
#include "base/scan.h"

#define INDENT 2
#define LINE 80 /* a list that would end beyond it has a line for each */

static int write_value(struct aur_buf *out, json_t *v, size_t depth);

static int write_plain(struct aur_buf *out, const json_t *v, size_t precision)
{
	return aur__json_dump(
	    out, v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(precision));
}

/* As many digits as give the same number again, 17 at most. */
static int write_real(struct aur_buf *out, const json_t *v)
{
	size_t before = out->n;

	for (size_t precision = 15;; precision++) {
		int rc = write_plain(out, v, precision);
		struct aur_slice s = aur_buf_peek(out);
		double again, is = json_real_value(v);

		s = aur_slice_of(s.p + before, s.n - before);
		if (rc < 0 || precision == 17 ||
		    (aur_scan_f64(s, &again) == 0 && again <= is &&
			again >= is))
			return rc;
		aur_buf_cut(out, before);
	}
}

static int new_line(struct aur_buf *out, size_t depth)
{
	return aur_buf_addf(out, "\n%*s", (int)(depth * INDENT), "");
}

static bool is_plain(const json_t *v)
{
	return !json_is_object(v) && !json_is_array(v);
}

static bool all_plain(const json_t *list)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		if (!is_plain(v))
			return false;
	}
	return true;
}

static int write_list(struct aur_buf *out, json_t *list, size_t depth, bool one)
{
	json_t *v;
	size_t i;
	int rc = aur_buf_add_byte(out, '[');

	json_array_foreach(list, i, v)
	{
		if (rc == 0 && i > 0)
			rc = aur_buf_add_str(out, one ? ", " : ",");
		if (rc == 0 && !one)
			rc = new_line(out, depth + 1);
		if (rc == 0)
			rc = write_value(out, v, depth + 1);
	}
	if (rc == 0 && !one && json_array_size(list) > 0)
		rc = new_line(out, depth);
	return rc < 0 ? rc : aur_buf_add_byte(out, ']');
}

/* Bytes since the last newline. */
static size_t column(const struct aur_buf *out)
{
	struct aur_slice s = aur_buf_peek(out);
	size_t n = 0;

	while (n < s.n && s.p[s.n - n - 1] != '\n')
		n++;
	return n;
}

static int write_any_list(struct aur_buf *out, json_t *list, size_t depth)
{
	size_t before = out->n;
	int rc;

	if (!all_plain(list))
		return write_list(out, list, depth, false);
	rc = write_list(out, list, depth, true);
	if (rc < 0 || column(out) <= LINE || json_array_size(list) < 2)
		return rc;
	aur_buf_cut(out, before);
	return write_list(out, list, depth, false);
}

static int write_name(struct aur_buf *out, const char *name)
{
	json_t *v = json_stringn_nocheck(name, strlen(name));
	int rc = v == NULL ? AUR_ENOMEM : write_plain(out, v, 17);

	json_decref(v);
	return rc < 0 ? rc : aur_buf_add_str(out, ": ");
}

static int write_object(struct aur_buf *out, json_t *object, size_t depth)
{
	const char *name;
	json_t *v;
	bool first = true;
	int rc = aur_buf_add_byte(out, '{');

	json_object_foreach(object, name, v)
	{
		if (rc == 0 && !first)
			rc = aur_buf_add_byte(out, ',');
		if (rc == 0)
			rc = new_line(out, depth + 1);
		if (rc == 0)
			rc = write_name(out, name);
		if (rc == 0)
			rc = write_value(out, v, depth + 1);
		first = false;
	}
	if (rc == 0 && !first)
		rc = new_line(out, depth);
	return rc < 0 ? rc : aur_buf_add_byte(out, '}');
}

static int write_value(struct aur_buf *out, json_t *v, size_t depth)
{
	if (json_is_object(v))
		return write_object(out, v, depth);
	if (json_is_array(v))
		return write_any_list(out, v, depth);
	return json_is_real(v) ? write_real(out, v) : write_plain(out, v, 17);
}

int aur_doc_write(const struct aur_doc *d, struct aur_buf *out)
{
	size_t before = out->n;
	int rc = write_value(out, d->root, 0);

	if (rc == 0)
		rc = aur_buf_add_byte(out, '\n');
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}

int aur_doc_write_line(const struct aur_doc *d, struct aur_buf *out)
{
	return aur__json_write(out, json_incref(d->root), true);
}

int aur_at_write(const struct aur_at *at, struct aur_buf *out)
{
	return at->node == NULL
		   ? 0
		   : aur__json_dump(out, (json_t *)(void *)at->node,
			 JSON_COMPACT | JSON_ENCODE_ANY |
			     JSON_REAL_PRECISION(17));
}
