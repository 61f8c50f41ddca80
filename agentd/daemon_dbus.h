/* SPDX-License-Identifier: MIT */
/*
 * Messages of D-Bus, as far as it takes to ask for a property and a list.
 * From the D-Bus Specification 0.43, "Marshaling (Wire Format)" and "Message
 * Format" (dbus.freedesktop.org/doc/dbus-specification.html). Pure: bytes in,
 * bytes out.
 *
 *	byte 'l' or 'B'   byte type   byte flags   byte 1
 *	uint32 bytes of the body      uint32 serial
 *	uint32 bytes of the fields, (byte code, byte 1, type, NUL, value) ...
 *	up to 7 bytes, to a multiple of 8
 *	body: values as the field `signature` says
 *
 * Values stand at multiples of their size, counted from the message's first
 * byte; a string is its length, its bytes and a NUL.
 *
 *	rc = dbus_add_call(&out, &call, aur_buf_peek(&body));
 *	while ((rc = dbus_take(&in, &m)) == 1) {
 *		... dbus_read_string(&m.body, &s) ...
 *		aur_buf_take(&in, m.bytes);
 *	}
 *
 * libdbus and sd-bus do this too, and would be the largest thing that the
 * service links, for two calls.
 */
#ifndef AGENTD_DAEMON_DBUS_H
#define AGENTD_DAEMON_DBUS_H

#include "base/buf.h"
#include "base/compiler.h"

enum dbus_type { DBUS_CALL = 1, DBUS_RETURN, DBUS_ERROR, DBUS_SIGNAL };

/* A call; texts are borrowed. It starts no service that does not run. */
struct dbus_call {
	uint32_t serial; /* not 0; a reply names it */
	bool no_reply;
	const char *destination, *path, *interface, *member;
	const char *signature; /* of the body; "" without one */
};

/* Values one after the other; a message's body, or the rest of it. */
struct dbus_reader {
	const uint8_t *p; /* the message */
	size_t at, n;	  /* of it: the next value, the end */
	bool big;	  /* the sender's byte order */
};

/* A message that came; slices point into the buffer. */
struct dbus_message {
	uint8_t type; /* enum dbus_type; others are to be ignored */
	uint32_t reply_to;
	struct aur_slice interface, member, signature; /* empty: without */
	struct dbus_reader body;
	size_t bytes; /* all of it, to be taken off the buffer */
};

/* Appends a string to a body, which began empty. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int dbus_add_string(struct aur_buf *body, const char *s);
/* Appends an array of one string, likewise. */
AUR_MUST_CHECK int dbus_add_strings(struct aur_buf *body, const char *s);
/* Appends a call, whole or not at all. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int dbus_add_call(
    struct aur_buf *out, const struct dbus_call *c, struct aur_slice body);

/* The message at the front of `in`: 1; 0, it is not all there yet;
 * AUR_EPROTOCOL; AUR_ELIMIT, it is longer than `in` may get, which is said as
 * soon as its first 16 bytes are there. Its header is checked, its body not. */
AUR_MUST_CHECK int dbus_take(
    const struct aur_buf *in, struct dbus_message *ret_m);

/* The next value; false: it is not there or is broken, and nothing behind it
 * can be read. A string (s, o) has no NUL in it; it need not be UTF-8. */
AUR_MUST_CHECK bool dbus_read_u32(struct dbus_reader *r, uint32_t *ret_v);
AUR_MUST_CHECK bool dbus_read_string(
    struct dbus_reader *r, struct aur_slice *ret_s);
/* A signature (g), which is what stands in front of a variant's value. */
AUR_MUST_CHECK bool dbus_read_signature(
    struct dbus_reader *r, struct aur_slice *ret_s);
/* An array of structs: `ret_items` reads until its n. */
AUR_MUST_CHECK bool dbus_read_array(
    struct dbus_reader *r, struct dbus_reader *ret_items);
/* To the next struct; false at the end. */
AUR_MUST_CHECK bool dbus_read_struct(struct dbus_reader *r);

#endif
