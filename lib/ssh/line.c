/* SPDX-License-Identifier: MIT */
/*
 * Lines with a key. As sshd does, a line is tried as a key first; what stands
 * in front where that fails is options, which end at a blank outside of
 * quotes. \" is the only escape there is, and a backslash before anything else
 * is itself. Names of options are not judged: sshd knows its own best.
 */
#include "ssh/key.h"

#include "base/base64.h"
#include "base/err.h"
#include "base/limits.h"
#include "ssh/bytes_int.h"

static struct aur_slice from(struct aur_slice s, size_t at)
{
	return aur_slice_of(s.p + at, s.n - at);
}

/* 0, AUR_EINVALID, AUR_ELIMIT. */
static int blob_of(struct aur_slice base64, struct aur_buf *blob)
{
	int rc;

	aur_buf_clear(blob);
	if (base64.n > (AUR_MAX_SSH_BLOB + 2) / 3 * 4)
		return AUR_ELIMIT;
	rc = aur_base64_decode(base64, blob);
	if (rc < 0)
		return rc;
	return aur_ssh_key_valid(aur_buf_peek(blob)) ? 0 : AUR_EINVALID;
}

/* "ssh-ed25519 AAAA... comment" */
static int parse_key(struct aur_slice s, struct aur_ssh_line *l)
{
	struct aur_buf blob;
	int rc;

	if (!aur__ssh_take_word(&s, &l->name) ||
	    !aur__ssh_take_word(&s, &l->base64))
		return AUR_EINVALID;
	l->comment = aur_slice_trim(s);
	l->type = aur_ssh_key_find(l->name);
	aur_buf_init(&blob, AUR_MAX_SSH_BLOB);
	rc = blob_of(l->base64, &blob);
	if (rc == 0 &&
	    !aur_slice_eq(aur_ssh_key_blob_name(aur_buf_peek(&blob)), l->name))
		rc = AUR_EINVALID;
	aur_buf_release(&blob);
	return rc;
}

/* The end of a quoted text whose first byte is at `at`: its closing quote. */
static bool find_quote(struct aur_slice s, size_t at, size_t *ret_end)
{
	for (size_t i = at; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '"')
			i++;
		else if (s.p[i] == '"') {
			*ret_end = i;
			return true;
		}
	}
	return false;
}

static bool name_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '@' ||
	       c == '.';
}

bool aur_ssh_option_next(struct aur_slice *options, struct aur_slice *ret_name,
    struct aur_slice *ret_value)
{
	struct aur_slice s = *options, value = {NULL, 0};
	size_t n = 0, end;

	while (n < s.n && name_byte(s.p[n]))
		n++;
	if (n == 0)
		return false;
	end = n;
	if (n < s.n && s.p[n] == '=') {
		if (n + 1 >= s.n || s.p[n + 1] != '"' ||
		    !find_quote(s, n + 2, &end))
			return false;
		value = aur_slice_of(s.p + n + 2, end - n - 2);
		end++;
	}
	if (end < s.n && (s.p[end] != ',' || end + 1 == s.n))
		return false;
	*ret_name = aur_slice_of(s.p, n);
	*ret_value = value;
	*options = from(s, end < s.n ? end + 1 : end);
	return true;
}

static bool options_valid(struct aur_slice options)
{
	struct aur_slice name, value;

	while (options.n > 0)
		if (!aur_ssh_option_next(&options, &name, &value))
			return false;
	return true;
}

/* Takes the options off the front: to the first blank outside of quotes. */
static bool take_options(struct aur_slice *s, struct aur_slice *ret_options)
{
	size_t i;

	for (i = 0; i < s->n && s->p[i] != ' ' && s->p[i] != '\t'; i++)
		if (s->p[i] == '"' && !find_quote(*s, i + 1, &i))
			return false;
	*ret_options = aur_slice_of(s->p, i);
	*s = from(*s, i);
	return options_valid(*ret_options);
}

int aur_ssh_line_parse(struct aur_slice line, struct aur_ssh_line *ret_line)
{
	struct aur_slice s = aur_slice_trim(line);
	struct aur_ssh_line l = {.options = {NULL, 0}};
	int rc;

	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s = aur_slice_trim(aur_slice_of(s.p, s.n - 1));
	if (s.n == 0 || s.p[0] == '#')
		return AUR_EABSENT;
	if (s.n > AUR_MAX_SSH_LINE)
		return AUR_ELIMIT;
	if (memchr(s.p, '\0', s.n) != NULL || memchr(s.p, '\n', s.n) != NULL)
		return AUR_EINVALID;
	rc = parse_key(s, &l);
	if (rc == AUR_EINVALID && take_options(&s, &l.options))
		rc = parse_key(s, &l);
	if (rc == 0)
		*ret_line = l;
	return rc;
}

int aur_ssh_line_blob(const struct aur_ssh_line *l, struct aur_buf *ret_blob)
{
	return blob_of(l->base64, ret_blob);
}

bool aur_ssh_line_same_key(
    const struct aur_ssh_line *a, const struct aur_ssh_line *b)
{
	return aur_slice_eq(a->base64, b->base64);
}

int aur_ssh_option_value(struct aur_slice value, struct aur_buf *out)
{
	const size_t before = out->n;
	int rc = 0;

	for (size_t i = 0; i < value.n && rc == 0; i++) {
		if (value.p[i] == '\\' && i + 1 < value.n &&
		    value.p[i + 1] == '"')
			i++;
		rc = aur_buf_add_byte(out, value.p[i]);
	}
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}

bool aur_ssh_option_find(
    struct aur_slice options, const char *name, struct aur_slice *ret_value)
{
	struct aur_slice here, value;

	while (aur_ssh_option_next(&options, &here, &value)) {
		if (!aur__ssh_same_word(here, name))
			continue;
		*ret_value = value;
		return true;
	}
	return false;
}

static bool value_writable(struct aur_slice v)
{
	if (v.n > 0 && v.p[v.n - 1] == '\\')
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < ' ' || v.p[i] == 0x7f)
			return false;
	return true;
}

static int add_quoted(struct aur_buf *out, struct aur_slice v)
{
	int rc = aur_buf_add_str(out, "=\"");

	for (size_t i = 0; i < v.n && rc == 0; i++) {
		if (v.p[i] == '"')
			rc = aur_buf_add_byte(out, '\\');
		if (rc == 0)
			rc = aur_buf_add_byte(out, v.p[i]);
	}
	return rc < 0 ? rc : aur_buf_add_byte(out, '"');
}

int aur_ssh_option_add(struct aur_buf *out, const char *name, const char *value)
{
	const size_t before = out->n;
	int rc = 0;

	if (value != NULL && !value_writable(aur_slice_str(value)))
		return AUR_EINVALID;
	if (before > 0)
		rc = aur_buf_add_byte(out, ',');
	if (rc == 0)
		rc = aur_buf_add_str(out, name);
	if (rc == 0 && value != NULL)
		rc = add_quoted(out, aur_slice_str(value));
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}
