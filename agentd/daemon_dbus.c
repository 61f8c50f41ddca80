/* SPDX-License-Identifier: MIT */
/*
 * Everything is read byte by byte, so a message may stand anywhere in memory,
 * and whatever is read goes through `room`. Of the fields of a header all
 * basic types are understood; one that has a container in it is refused, as
 * none of the specification has.
 */
#include "agentd/daemon_dbus.h"

#include "base/err.h"

enum {
	FIXED = 16, /* bytes of a header before its fields */
	VERSION = 1,
	NO_REPLY = 1,
	NO_AUTO_START = 2,
};

enum field {
	FIELD_INVALID,
	FIELD_PATH,
	FIELD_INTERFACE,
	FIELD_MEMBER,
	FIELD_ERROR_NAME,
	FIELD_REPLY_SERIAL,
	FIELD_DESTINATION,
	FIELD_SENDER,
	FIELD_SIGNATURE,
};

/* --- writing -------------------------------------------------------------- */

/* Fields begin at a multiple of 8 as bodies do, so each is written as if it
 * were all there is. */
static int add_padding(struct aur_buf *b, size_t to)
{
	int rc = 0;

	while (rc == 0 && b->n % to != 0)
		rc = aur_buf_add_byte(b, 0);
	return rc;
}

static int add_u32(struct aur_buf *b, size_t v)
{
	uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 24)};
	int rc = add_padding(b, sizeof(bytes));

	return rc < 0 ? rc : aur_buf_add(b, bytes, sizeof(bytes));
}

int dbus_add_string(struct aur_buf *body, const char *s)
{
	size_t n = strlen(s);
	int rc = add_u32(body, n);

	return rc < 0 ? rc : aur_buf_add(body, s, n + 1);
}

int dbus_add_strings(struct aur_buf *body, const char *s)
{
	int rc = add_u32(body, 4 + strlen(s) + 1);

	return rc < 0 ? rc : dbus_add_string(body, s);
}

static int add_field(
    struct aur_buf *b, enum field code, char type, const char *value)
{
	uint8_t head[] = {(uint8_t)code, 1, (uint8_t)type, 0};
	size_t n = strlen(value);
	int rc = add_padding(b, 8);

	if (rc == 0)
		rc = aur_buf_add(b, head, sizeof(head));
	if (rc == 0 && type != 'g')
		return dbus_add_string(b, value);
	if (rc == 0)
		rc = aur_buf_add_byte(b, (uint8_t)n);
	if (rc == 0)
		rc = aur_buf_add(b, value, n + 1);
	return rc;
}

static int add_fields(struct aur_buf *b, const struct dbus_call *c)
{
	int rc = add_field(b, FIELD_PATH, 'o', c->path);

	if (rc == 0)
		rc = add_field(b, FIELD_DESTINATION, 's', c->destination);
	if (rc == 0)
		rc = add_field(b, FIELD_INTERFACE, 's', c->interface);
	if (rc == 0)
		rc = add_field(b, FIELD_MEMBER, 's', c->member);
	if (rc == 0 && c->signature[0] != '\0')
		rc = add_field(b, FIELD_SIGNATURE, 'g', c->signature);
	return rc;
}

static int add_head(struct aur_buf *b, const struct dbus_call *c, size_t body)
{
	uint8_t head[] = {'l', DBUS_CALL,
	    (uint8_t)(NO_AUTO_START | (c->no_reply ? NO_REPLY : 0)), VERSION};
	int rc = aur_buf_add(b, head, sizeof(head));

	if (rc == 0)
		rc = add_u32(b, body);
	if (rc == 0)
		rc = add_u32(b, c->serial);
	return rc;
}

int dbus_add_call(
    struct aur_buf *out, const struct dbus_call *c, struct aur_slice body)
{
	struct aur_buf head, fields;
	int rc;

	aur_buf_init(&head, out->max);
	aur_buf_init(&fields, out->max);
	rc = add_fields(&fields, c);
	if (rc == 0)
		rc = add_head(&head, c, body.n);
	if (rc == 0)
		rc = add_u32(&head, fields.n);
	if (rc == 0)
		rc = aur_buf_add_slice(&head, aur_buf_peek(&fields));
	if (rc == 0)
		rc = add_padding(&head, 8);
	if (rc == 0)
		rc = aur_buf_add_slice(&head, body);
	if (rc == 0)
		rc = aur_buf_add_slice(out, aur_buf_peek(&head));
	aur_buf_release(&head);
	aur_buf_release(&fields);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

static size_t to_multiple(size_t n, size_t of)
{
	return (n + of - 1) / of * of;
}

/* Whether `n` bytes stand at the next multiple of `of`; goes there. */
static bool room(struct dbus_reader *r, size_t of, size_t n)
{
	size_t at = to_multiple(r->at, of);

	if (at > r->n || r->n - at < n)
		return false;
	r->at = at;
	return true;
}

static uint32_t u32_at(const struct dbus_reader *r, size_t at)
{
	const uint8_t *p = r->p + at;
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++)
		v = v << 8 | p[r->big ? i : 3 - i];
	return v;
}

bool dbus_read_u32(struct dbus_reader *r, uint32_t *ret_v)
{
	if (!room(r, 4, 4))
		return false;
	*ret_v = u32_at(r, r->at);
	r->at += 4;
	return true;
}

/* `n` bytes and a NUL at `from`. */
static bool read_text(
    struct dbus_reader *r, size_t from, size_t n, struct aur_slice *ret_s)
{
	if (r->n - from <= n || r->p[from + n] != '\0' ||
	    (n > 0 && memchr(r->p + from, '\0', n) != NULL))
		return false;
	*ret_s = aur_slice_of(r->p + from, n);
	r->at = from + n + 1;
	return true;
}

bool dbus_read_string(struct dbus_reader *r, struct aur_slice *ret_s)
{
	return room(r, 4, 4) &&
	       read_text(r, r->at + 4, u32_at(r, r->at), ret_s);
}

bool dbus_read_signature(struct dbus_reader *r, struct aur_slice *ret_s)
{
	return room(r, 1, 1) && read_text(r, r->at + 1, r->p[r->at], ret_s);
}

bool dbus_read_array(struct dbus_reader *r, struct dbus_reader *ret_items)
{
	struct dbus_reader items = *r;
	uint32_t n;

	/* the padding is no part of its bytes */
	if (!dbus_read_u32(&items, &n) || !room(&items, 8, n))
		return false;
	items.n = items.at + n;
	r->at = items.n;
	*ret_items = items;
	return true;
}

bool dbus_read_struct(struct dbus_reader *r)
{
	return room(r, 8, 1);
}

static bool skip(struct dbus_reader *r, size_t size)
{
	if (!room(r, size, size))
		return false;
	r->at += size;
	return true;
}

static bool skip_basic(struct dbus_reader *r, uint8_t type)
{
	struct aur_slice s;

	switch (type) {
	case 'y':
		return skip(r, 1);
	case 'n':
	case 'q':
		return skip(r, 2);
	case 'b':
	case 'i':
	case 'u':
	case 'h':
		return skip(r, 4);
	case 'x':
	case 't':
	case 'd':
		return skip(r, 8);
	case 's':
	case 'o':
		return dbus_read_string(r, &s);
	case 'g':
		return dbus_read_signature(r, &s);
	default:
		return false;
	}
}

static bool read_field(struct dbus_reader *r, struct dbus_message *m)
{
	struct aur_slice type;
	uint8_t code;

	if (!room(r, 8, 1))
		return false;
	code = r->p[r->at++];
	if (code == FIELD_INVALID || !dbus_read_signature(r, &type) ||
	    type.n != 1)
		return false;
	if (code == FIELD_REPLY_SERIAL)
		return type.p[0] == 'u' && dbus_read_u32(r, &m->reply_to);
	if (code == FIELD_INTERFACE)
		return type.p[0] == 's' && dbus_read_string(r, &m->interface);
	if (code == FIELD_MEMBER)
		return type.p[0] == 's' && dbus_read_string(r, &m->member);
	if (code == FIELD_SIGNATURE)
		return type.p[0] == 'g' &&
		       dbus_read_signature(r, &m->signature);
	return skip_basic(r, type.p[0]);
}

int dbus_take(const struct aur_buf *in, struct dbus_message *ret_m)
{
	struct aur_slice s = aur_buf_peek(in);
	struct dbus_reader head = {.p = s.p, .at = FIXED};
	struct dbus_message m = {.bytes = 0};
	size_t body, fields;

	if (s.n < FIXED)
		return 0;
	head.big = s.p[0] == 'B';
	if ((s.p[0] != 'l' && !head.big) || s.p[1] == 0 || s.p[3] != VERSION)
		return AUR_EPROTOCOL;
	body = u32_at(&head, 4);
	fields = u32_at(&head, FIXED - 4);
	if (body > in->max || fields > in->max)
		return AUR_ELIMIT;
	m.bytes = to_multiple(FIXED + fields, 8) + body;
	if (m.bytes > in->max)
		return AUR_ELIMIT;
	if (s.n < m.bytes)
		return 0;
	head.n = FIXED + fields;
	while (head.at < head.n)
		if (!read_field(&head, &m))
			return AUR_EPROTOCOL;
	m.type = s.p[1];
	m.body = (struct dbus_reader){
	    .p = s.p, .at = m.bytes - body, .n = m.bytes, .big = head.big};
	*ret_m = m;
	return 1;
}
