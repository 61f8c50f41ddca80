/* SPDX-License-Identifier: MIT */
/*
 * A code is pasted out of mails and chats: blanks around it and quotes of a
 * shell are no part of it, everything else is read to the last bit.
 */
#include "team/code.h"

#include "base/base64.h"
#include "base/err.h"
#include "base/varint.h"
#include "ssh/key.h"
#include "team/team.h"

#define PREFIX "aurora"
#define FORM "aurora1-"
#define KEY_PREFIX "SHA256:"
#define KEY_BYTES 32
#define ID_BYTES 16
#define SUM_BYTES 4
/* Bytes of one that is as long as can be, and of its text. */
#define BYTES_MOST 8192u

/* --- sums ----------------------------------------------------------------- */

static int digit(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static int sum(struct aur_slice bytes, uint8_t out[SUM_BYTES])
{
	char hex[AUR_SSH_SHA256];
	int rc = aur_ssh_sha256(bytes, hex);

	for (size_t i = 0; rc == 0 && i < SUM_BYTES; i++)
		out[i] =
		    (uint8_t)(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
	return rc;
}

/* --- writing -------------------------------------------------------------- */

static int put_text(struct aur_buf *b, const char *text)
{
	int rc = aur_varint_add(b, strlen(text));

	return rc < 0 ? rc : aur_buf_add_str(b, text);
}

/* 32 lower digits are 16 bytes. */
static bool pack_id(const char *id, uint8_t out[ID_BYTES])
{
	if (strlen(id) != 2 * (size_t)ID_BYTES ||
	    id[strspn(id, "0123456789abcdef")] != '\0')
		return false;
	for (size_t i = 0; i < ID_BYTES; i++)
		out[i] =
		    (uint8_t)(digit(id[2 * i]) * 16 + digit(id[2 * i + 1]));
	return true;
}

static int put_head(struct aur_buf *b, const struct aur_code *code)
{
	uint8_t id[ID_BYTES];
	bool packed = pack_id(code->id, id);
	int rc = aur_buf_add_byte(b, packed ? 1 : 0);

	if (rc == 0)
		rc = put_text(b, code->name);
	if (rc == 0)
		rc = packed ? aur_buf_add(b, id, sizeof(id))
			    : put_text(b, code->id);
	return rc == 0 ? aur_varint_add(b, code->nplace) : rc;
}

static int put_key(struct aur_buf *b, const char *key)
{
	const size_t n = sizeof(KEY_PREFIX) - 1;
	char padded[AUR_CODE_KEY + 1];
	uint8_t bytes[KEY_BYTES];
	int rc = aur_buf_add_byte(b, key[0] != '\0');

	if (rc < 0 || key[0] == '\0')
		return rc;
	if (strncmp(key, KEY_PREFIX, n) != 0)
		return AUR_EINVALID;
	snprintf(padded, sizeof(padded), "%s=", key + n);
	rc = aur_base64_decode_exact(
	    aur_slice_str(padded), bytes, sizeof(bytes));
	return rc < 0 ? AUR_EINVALID : aur_buf_add(b, bytes, sizeof(bytes));
}

static int put_place(struct aur_buf *b, const struct aur_code_place *p)
{
	int rc = put_text(b, p->at.user);

	if (rc == 0)
		rc = put_text(b, p->at.host);
	if (rc == 0)
		rc = aur_varint_add(b, p->at.port);
	return rc == 0 ? put_key(b, p->host_key) : rc;
}

static int put_sum(struct aur_buf *b)
{
	uint8_t bytes[SUM_BYTES];
	int rc = sum(aur_buf_peek(b), bytes);

	return rc < 0 ? rc : aur_buf_add(b, bytes, sizeof(bytes));
}

/* The two letters of base64 that are none in a URL, and back. */
static void swap_letters(uint8_t *p, size_t n, const char *from, const char *to)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 2; k++)
			if (p[i] == (uint8_t)from[k]) {
				p[i] = (uint8_t)to[k];
				break;
			}
}

static int put_letters(struct aur_buf *out, struct aur_slice bytes)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, BYTES_MOST * 2);
	rc = aur_base64_add(&b, bytes, false);
	if (rc == 0) {
		swap_letters(b.mem + b.head, b.n, "+/", "-_");
		rc = aur_buf_add_str(out, FORM);
	}
	if (rc == 0)
		rc = aur_buf_add_slice(out, aur_buf_peek(&b));
	aur_buf_release(&b);
	return rc;
}

int aur_code_write(struct aur_buf *out, const struct aur_code *code)
{
	struct aur_buf b;
	int rc;

	if (code->nplace == 0 || code->nplace > AUR_ARRAY_LEN(code->place))
		return AUR_EINVALID;
	aur_buf_init(&b, BYTES_MOST);
	rc = put_head(&b, code);
	for (size_t i = 0; i < code->nplace && rc == 0; i++)
		rc = put_place(&b, &code->place[i]);
	if (rc == 0)
		rc = put_sum(&b);
	if (rc == 0)
		rc = put_letters(out, aur_buf_peek(&b));
	aur_buf_release(&b);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

static bool take_bytes(struct aur_slice *in, uint8_t *out, size_t n)
{
	if (in->n < n)
		return false;
	memcpy(out, in->p, n);
	*in = aur_slice_of(in->p + n, in->n - n);
	return true;
}

static bool take_text(struct aur_slice *in, char *out, size_t size)
{
	uint64_t n;

	if (aur_varint_take(in, &n) < 0 || n >= size || n > in->n ||
	    memchr(in->p, '\0', (size_t)n) != NULL)
		return false;
	memcpy(out, in->p, (size_t)n);
	out[n] = '\0';
	*in = aur_slice_of(in->p + n, in->n - (size_t)n);
	return true;
}

static bool take_id(struct aur_slice *in, bool packed, char out[AUR_CODE_ID])
{
	uint8_t id[ID_BYTES];

	if (!packed) {
		size_t n;

		if (!take_text(in, out, AUR_CODE_ID))
			return false;
		n = strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
				"UVWXYZ0123456789-");
		return n >= 8 && out[n] == '\0';
	}
	if (!take_bytes(in, id, sizeof(id)))
		return false;
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(out + 2 * i, 3, "%02x", id[i]);
	return true;
}

/* `rc` is set where there is no memory. */
static bool take_key(struct aur_slice *in, char out[AUR_CODE_KEY], int *rc)
{
	uint8_t has, bytes[KEY_BYTES];
	struct aur_buf b;
	bool good;

	out[0] = '\0';
	if (!take_bytes(in, &has, 1) || has > 1)
		return false;
	if (has == 0)
		return true;
	if (!take_bytes(in, bytes, sizeof(bytes)))
		return false;
	aur_buf_init(&b, AUR_CODE_KEY);
	good = aur_base64_add(&b, aur_slice_of(bytes, sizeof(bytes)), false) ==
		   0 &&
	       aur_buf_str(&b) != NULL;
	if (good)
		snprintf(out, AUR_CODE_KEY, KEY_PREFIX "%s", aur_buf_str(&b));
	else
		*rc = AUR_ENOMEM;
	aur_buf_release(&b);
	return good;
}

static bool take_place(struct aur_slice *in, struct aur_code_place *p, int *rc)
{
	struct aur_address *a = &p->at;
	uint64_t port;

	if (!take_text(in, a->user, sizeof(a->user)) ||
	    !take_text(in, a->host, sizeof(a->host)) ||
	    aur_varint_take(in, &port) < 0 || port > UINT16_MAX)
		return false;
	a->port = (uint16_t)port;
	return (a->user[0] == '\0' ||
		   aur_address_user_valid(aur_slice_str(a->user))) &&
	       aur_address_host_valid(aur_slice_str(a->host)) &&
	       take_key(in, p->host_key, rc);
}

static bool take_all(struct aur_slice in, struct aur_code *c, int *rc)
{
	uint8_t packed;
	uint64_t n;

	if (!take_bytes(&in, &packed, 1) || packed > 1 ||
	    !take_text(&in, c->name, sizeof(c->name)) ||
	    !aur_team_is_team_name(aur_slice_str(c->name)) ||
	    !take_id(&in, packed == 1, c->id) || aur_varint_take(&in, &n) < 0 ||
	    n == 0 || n > AUR_ARRAY_LEN(c->place))
		return false;
	c->nplace = (size_t)n;
	for (size_t i = 0; i < c->nplace; i++)
		if (!take_place(&in, &c->place[i], rc))
			return false;
	return in.n == 0;
}

/* Takes the sum off the end. 0, AUR_EINVALID (it is another), AUR_ENOMEM. */
static int take_sum(struct aur_slice *in)
{
	uint8_t is[SUM_BYTES];
	int rc;

	if (in->n <= SUM_BYTES)
		return AUR_EINVALID;
	*in = aur_slice_of(in->p, in->n - SUM_BYTES);
	rc = sum(*in, is);
	return rc == 0 && memcmp(in->p + in->n, is, SUM_BYTES) != 0
		   ? AUR_EINVALID
		   : rc;
}

static int fail(char *why, size_t size, int err, const char *what)
{
	snprintf(why, size, "%s", what);
	return err;
}

/* Puts back what base64 has at its end. */
static int decode(struct aur_slice letters, struct aur_buf *ret_bytes)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, BYTES_MOST * 2);
	rc = aur_buf_add_slice(&b, letters);
	if (rc == 0 && b.n > 0) /* an empty one has no memory */
		swap_letters(b.mem + b.head, b.n, "-_", "+/");
	while (rc == 0 && b.n % 4 != 0)
		rc = aur_buf_add_byte(&b, '=');
	if (rc == 0)
		rc = aur_base64_decode(aur_buf_peek(&b), ret_bytes);
	aur_buf_release(&b);
	return rc;
}

static struct aur_slice unquote(struct aur_slice s)
{
	s = aur_slice_trim(s);
	if (s.n >= 2 && (s.p[0] == '\'' || s.p[0] == '"') &&
	    s.p[s.n - 1] == s.p[0])
		s = aur_slice_of(s.p + 1, s.n - 2);
	return s;
}

static int read_letters(
    struct aur_slice letters, struct aur_code *ret_code, char *why, size_t size)
{
	struct aur_code c = {.nplace = 0};
	struct aur_slice in;
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, BYTES_MOST);
	rc = decode(letters, &b);
	in = aur_buf_peek(&b);
	if (rc == 0)
		rc = take_sum(&in);
	if (rc < 0 && rc != AUR_ENOMEM)
		rc = fail(why, size, AUR_EINVALID,
		    "the code is damaged: something of it is missing or was "
		    "mistyped");
	else if (rc == 0 && !take_all(in, &c, &rc) && rc == 0)
		rc = fail(why, size, AUR_EINVALID,
		    "the code does not say which team and where");
	if (rc == AUR_ENOMEM)
		(void)fail(why, size, rc, aur_err_str(rc));
	aur_buf_release(&b);
	if (rc == 0)
		*ret_code = c;
	return rc;
}

int aur_code_read(
    struct aur_slice text, struct aur_code *ret_code, char *why, size_t size)
{
	struct aur_slice s = unquote(text);
	const size_t n = sizeof(FORM) - 1;

	if (s.n > BYTES_MOST || !aur_slice_starts(s, PREFIX))
		return fail(why, size, AUR_EINVALID,
		    "that is no invitation: a code begins with aurora1-");
	if (!aur_slice_starts(s, FORM))
		return fail(why, size, AUR_EVERSION,
		    "the code is of another version of aurora: install the "
		    "newer one of the two");
	return read_letters(
	    aur_slice_of(s.p + n, s.n - n), ret_code, why, size);
}
