/* SPDX-License-Identifier: MIT */
/* The words of a system bus, and of the manager behind it. */
#ifndef TESTS_UNIT_UNITS_BUS_H
#define TESTS_UNIT_UNITS_BUS_H

#include "agentd/daemon_dbus.h"

#include <stdlib.h>

#define BUS_MOST (2u << 20)
#define BUS_OK "OK 0123456789abcdef0123456789abcdef\r\n"

/* Serials of what is asked: of Hello, and of the first question. */
enum { SERIAL_HELLO = 1, SERIAL_COUNT = 4 };

__attribute__((unused)) static void bus_add(
    struct aur_buf *b, const void *p, size_t n)
{
	if (aur_buf_add(b, p, n) < 0)
		abort();
}

static void bus_add_u32(struct aur_buf *b, size_t v)
{
	uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 24)};

	bus_add(b, bytes, 4);
}

static void bus_pad(struct aur_buf *b, size_t to)
{
	while (b->n % to != 0)
		bus_add(b, "", 1);
}

/* A message of `type`; an answer to `serial`, where that is not 0. */
static void bus_message(struct aur_buf *out, enum dbus_type type,
    uint32_t serial, const char *signature, struct aur_slice body)
{
	size_t n = strlen(signature), fields = 0;
	uint8_t head[] = {'l', (uint8_t)type, 1, 1};
	struct aur_buf b;

	aur_buf_init(&b, BUS_MOST);
	bus_add(&b, head, 4);
	bus_add_u32(&b, body.n);
	bus_add_u32(&b, 77);
	bus_add_u32(&b, 0);
	if (serial != 0) {
		bus_add(&b, "\5\1u", 4);
		bus_add_u32(&b, serial);
	} else {
		bus_add(&b, "\2\1s\0\37\0\0\0org.freedesktop.DBus.Properties",
		    8 + 32);
	}
	if (n > 0) {
		uint8_t size = (uint8_t)n;

		bus_add(&b, "\10\1g", 4);
		bus_add(&b, &size, 1);
		bus_add(&b, signature, n + 1);
	}
	fields = b.n - 16;
	for (size_t i = 0; i < 4; i++)
		b.mem[b.head + 12 + i] = (uint8_t)(fields >> (8 * i));
	bus_pad(&b, 8);
	bus_add(&b, body.p, body.n);
	bus_add(out, aur_buf_peek(&b).p, b.n);
	aur_buf_release(&b);
}

__attribute__((unused)) static void bus_signal(struct aur_buf *out)
{
	bus_message(out, DBUS_SIGNAL, 0, "", aur_slice_str(""));
}

__attribute__((unused)) static void bus_count(
    struct aur_buf *out, uint32_t serial, uint32_t count)
{
	struct aur_buf body;

	aur_buf_init(&body, BUS_MOST);
	bus_add(&body, "\1u\0", 4);
	bus_add_u32(&body, count);
	bus_message(out, DBUS_RETURN, serial, "v", aur_buf_peek(&body));
	aur_buf_release(&body);
}

static void bus_unit(struct aur_buf *items, const char *name, const char *state)
{
	const char *text[] = {
	    name, "A unit", "loaded", state, "failed", "", "/x", "", "/"};

	bus_pad(items, 8);
	for (size_t i = 0; i < 9; i++) {
		size_t n = strlen(text[i]);

		bus_pad(items, 4);
		if (i == 7)
			bus_add_u32(items, 0);
		bus_add_u32(items, n);
		bus_add(items, text[i], n + 1);
	}
}

/* Units by name, parted by blanks. One whose name begins with '-' has another
 * state than the others. */
__attribute__((unused)) static void bus_list(
    struct aur_buf *out, uint32_t serial, const char *names)
{
	struct aur_slice all = aur_slice_str(names), word;
	struct aur_buf items, body;
	char name[1024];

	aur_buf_init(&items, BUS_MOST);
	aur_buf_init(&body, BUS_MOST);
	while (aur_slice_word(&all, &word)) {
		bool other = word.p[0] == '-';

		snprintf(name, sizeof(name), "%.*s", (int)(word.n - other),
		    (const char *)word.p + other);
		bus_unit(&items, name, other ? "active" : "failed");
	}
	bus_add_u32(&body, items.n);
	bus_add_u32(&body, 0);
	if (items.n > 0)
		bus_add(&body, aur_buf_peek(&items).p, items.n);
	bus_message(
	    out, DBUS_RETURN, serial, "a(ssssssouso)", aur_buf_peek(&body));
	aur_buf_release(&items);
	aur_buf_release(&body);
}

#endif
