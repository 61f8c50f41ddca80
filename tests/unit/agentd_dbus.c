/* SPDX-License-Identifier: MIT */
/*
 * Messages of D-Bus against bytes that were written by hand from its
 * specification, in both byte orders; and every way in which they lie.
 */
#include "agentd/daemon_dbus.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#define MOST 4096

/* The string literal without its NUL, at the end of `b`. */
#define PUT(b, text)                                                           \
	do {                                                                   \
		if (aur_buf_add((b), text, sizeof(text) - 1) < 0)              \
			abort();                                               \
	} while (0)

/* --- writing -------------------------------------------------------------- */

static const struct dbus_call get = {.serial = 7,
    .destination = "a.b",
    .path = "/a",
    .interface = "a.C",
    .member = "Get",
    .signature = "ss"};

static int add_get(struct aur_buf *out)
{
	struct aur_buf body;
	int rc;

	aur_buf_init(&body, MOST);
	rc = dbus_add_string(&body, "x");
	if (rc == 0)
		rc = dbus_add_string(&body, "yz");
	if (rc == 0)
		rc = dbus_add_call(out, &get, aur_buf_peek(&body));
	aur_buf_release(&body);
	return rc;
}

static void expect_get(struct aur_buf *b)
{
	PUT(b, "l\1\2\1"    /* a call that starts nobody */
	       "\17\0\0\0"  /* bytes of the body */
	       "\7\0\0\0"   /* serial */
	       "\110\0\0\0" /* bytes of the fields */
	       "\1\1o\0\2\0\0\0/a\0\0\0\0\0\0"
	       "\6\1s\0\3\0\0\0a.b\0\0\0\0\0"
	       "\2\1s\0\3\0\0\0a.C\0\0\0\0\0"
	       "\3\1s\0\3\0\0\0Get\0\0\0\0\0"
	       "\10\1g\0\2ss\0"
	       "\1\0\0\0x\0\0\0"
	       "\2\0\0\0yz\0");
}

static void test_call(void)
{
	struct aur_buf out, want;

	aur_buf_init(&out, MOST);
	aur_buf_init(&want, MOST);
	PUT(&out, "abc");
	PUT(&want, "abc");
	expect_get(&want);
	tap_eq_int(add_get(&out), 0, "a call can be written");
	tap_ok(aur_slice_eq(aur_buf_peek(&out), aur_buf_peek(&want)),
	    "as the specification has it, wherever it begins");
	for (size_t i = 0; i < out.n || i < want.n; i++)
		if (i >= out.n || i >= want.n ||
		    aur_buf_peek(&out).p[i] != aur_buf_peek(&want).p[i]) {
			printf("# byte %zu of %zu and %zu\n", i, out.n, want.n);
			break;
		}
	aur_buf_release(&out);
	aur_buf_init(&out, 40);
	tap_eq_int(add_get(&out), AUR_ELIMIT, "not into too small a buffer");
	tap_eq_u64(out.n, 0, "and then nothing of it");
	aur_buf_release(&out);
	aur_buf_release(&want);
}

static void test_list_argument(void)
{
	struct aur_buf body;

	aur_buf_init(&body, MOST);
	tap_ok(dbus_add_strings(&body, "failed") == 0 &&
		   aur_slice_eq(aur_buf_peek(&body),
		       aur_slice_of("\13\0\0\0\6\0\0\0failed", 15)),
	    "a list of one string");
	aur_buf_release(&body);
}

static void test_memory(void)
{
	struct aur_buf out;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		aur_buf_init(&out, MOST);
		rc = add_get(&out);
		if (!fail_end())
			break;
		tap_ok(rc == AUR_ENOMEM && out.n == 0, "without memory");
		aur_buf_release(&out);
	}
	tap_eq_int(rc, 0, "with it");
	aur_buf_release(&out);
}

/* --- reading -------------------------------------------------------------- */

/* An answer to 7 with a variant, from :1.0. */
#define HEAD_LITTLE                                                            \
	"l\2\1\1\10\0\0\0\3\0\0\0\37\0\0\0"                                    \
	"\5\1u\0\7\0\0\0"                                                      \
	"\7\1s\0\4\0\0\0:1.0\0\0\0\0"                                          \
	"\10\1g\0\1v\0\0"
#define LITTLE HEAD_LITTLE "\1u\0\0\52\1\0\0"
#define BIG                                                                    \
	"B\2\1\1\0\0\0\10\0\0\0\3\0\0\0\37"                                    \
	"\5\1u\0\0\0\0\7"                                                      \
	"\7\1s\0\0\0\0\4:1.0\0\0\0\0"                                          \
	"\10\1g\0\1v\0\0"                                                      \
	"\1u\0\0\0\0\1\52"

static void look(const char *bytes, size_t n, const char *text)
{
	struct dbus_message m;
	struct aur_buf in;
	struct aur_slice type;
	uint32_t v = 0;

	aur_buf_init(&in, MOST);
	for (size_t i = 0; i < n; i++) {
		if (dbus_take(&in, &m) != 0)
			tap_ok(false, "%s: whole after %zu bytes", text, i);
		if (aur_buf_add_byte(&in, (uint8_t)bytes[i]) < 0)
			abort();
	}
	PUT(&in, "l"); /* of the next one */
	tap_ok(dbus_take(&in, &m) == 1 && m.bytes == n &&
		   m.type == DBUS_RETURN && m.reply_to == 7 &&
		   aur_slice_is(m.signature, "v") && m.member.n == 0,
	    "%s: whole", text);
	tap_ok(dbus_read_signature(&m.body, &type) && aur_slice_is(type, "u") &&
		   dbus_read_u32(&m.body, &v) && v == 298,
	    "%s: its value", text);
	tap_ok(!dbus_read_u32(&m.body, &v), "%s: and no other", text);
	aur_buf_release(&in);
}

/* What is said of bytes that came. */
static int take(const char *bytes, size_t n)
{
	struct dbus_message m;
	struct aur_buf in;
	int rc;

	aur_buf_init(&in, MOST);
	if (aur_buf_add(&in, bytes, n) < 0)
		abort();
	rc = dbus_take(&in, &m);
	aur_buf_release(&in);
	return rc;
}

#define TAKE(text) take(text, sizeof(text) - 1)
#define FIELDS(n, text) "l\4\1\1\0\0\0\0\3\0\0\0" n "\0\0\0" text

static void test_broken(void)
{
	tap_eq_int(TAKE("x\2\1\1\0\0\0\0\3\0\0\0\0\0\0\0"), AUR_EPROTOCOL,
	    "no byte order");
	tap_eq_int(
	    TAKE("l\0\1\1\0\0\0\0\3\0\0\0\0\0\0\0"), AUR_EPROTOCOL, "no type");
	tap_eq_int(TAKE("l\11\1\1\0\0\0\0\3\0\0\0\0\0\0\0"), 1,
	    "a type of later is taken");
	tap_eq_int(TAKE("l\2\1\2\0\0\0\0\3\0\0\0\0\0\0\0"), AUR_EPROTOCOL,
	    "another version");
	tap_eq_int(TAKE("l\2\1\1\0\20\0\0\3\0\0\0\0\0\0\0"), AUR_ELIMIT,
	    "a body that is too long");
	tap_eq_int(TAKE("l\2\1\1\0\0\0\0\3\0\0\0\377\377\377\377"), AUR_ELIMIT,
	    "fields that are");
	tap_eq_int(TAKE("l\2\1\1\370\17\0\0\3\0\0\0\10\0\0\0"), AUR_ELIMIT,
	    "both together");
	tap_eq_int(TAKE(FIELDS("\10", "\0\1u\0\0\0\0\0")), AUR_EPROTOCOL,
	    "a field without a code");
	tap_eq_int(TAKE(FIELDS("\10", "\5\1s\0\0\0\0\0")), AUR_EPROTOCOL,
	    "a serial that is text");
	tap_eq_int(TAKE(FIELDS("\10", "\3\1u\0\0\0\0\0")), AUR_EPROTOCOL,
	    "a member that is a number");
	tap_eq_int(TAKE(FIELDS("\10", "\10\1s\0\0\0\0\0")), AUR_EPROTOCOL,
	    "a signature that is text");
	tap_eq_int(TAKE(FIELDS("\10", "\3\1s\0\0\0\0\0")), AUR_EPROTOCOL,
	    "a text without its end");
	tap_eq_int(TAKE(FIELDS("\14", "\3\1s\0\4\0\0\0abc\0\0\0\0\0")),
	    AUR_EPROTOCOL, "a text that runs out of the fields");
	tap_eq_int(TAKE(FIELDS("\15", "\3\1s\0\4\0\0\0a\0bc\0\0\0\0")),
	    AUR_EPROTOCOL, "a text with a NUL in it");
	tap_eq_int(TAKE(FIELDS("\14", "\3\1s\0\377\377\377\377abc\0\0\0\0\0")),
	    AUR_EPROTOCOL, "a text of four gigabytes");
	tap_eq_int(TAKE(FIELDS("\14", "\3\1s\0\3\0\0\0abcxxxxx")),
	    AUR_EPROTOCOL, "a text without its NUL");
	tap_eq_int(TAKE(FIELDS("\14", "\11\2us\0\0\0\0\0\0\0\0\0\0\0\0")),
	    AUR_EPROTOCOL, "a field of two values");
	tap_eq_int(TAKE(FIELDS("\10", "\11\2as\0\0\0\0")), AUR_EPROTOCOL,
	    "a field with a container");
	tap_eq_int(TAKE(FIELDS("\6", "\11\1q\0\0\0\0\0")), 1,
	    "an unknown field is stepped over");
	tap_eq_int(TAKE(FIELDS("\20", "\11\1t\0\0\0\0\0\0\0\0\0\0\0\0\0")), 1,
	    "a long one");
	tap_eq_int(TAKE(FIELDS("\17", "\11\1t\0\0\0\0\0\0\0\0\0\0\0\0\0")),
	    AUR_EPROTOCOL, "not one that is cut");
	tap_eq_int(TAKE(FIELDS("\3", "\11\1y\0\0\0\0\0")), AUR_EPROTOCOL,
	    "nor one that ends in its type");
}

/* The reader over a body that begins at 8. */
static struct dbus_reader body(const char *bytes, size_t n)
{
	return (struct dbus_reader){(const uint8_t *)bytes, 8, n, false};
}

#define BODY(text) body("--------" text, sizeof(text) - 1 + 8)

static void test_array(void)
{
	struct dbus_reader r = BODY("\25\0\0\0\0\0\0\0"
				    "\1\0\0\0a\0\0\0\1\0\0\0b\0\0\0"
				    "\0\0\0\0\0");
	struct dbus_reader items;
	struct aur_slice s;
	unsigned n = 0;

	tap_ok(dbus_read_array(&r, &items) && r.at == items.n, "an array");
	while (items.at < items.n && dbus_read_struct(&items) &&
	       dbus_read_string(&items, &s))
		n++;
	tap_ok(n == 3 && items.at == items.n, "its structs");
	r = BODY("\0\0\0\0\0\0\0\0");
	tap_ok(dbus_read_array(&r, &items) && items.at == items.n,
	    "one of none is padded, too");
	r = BODY("\0\0\0\0");
	tap_ok(!dbus_read_array(&r, &items), "and has to be");
	r = BODY("\11\0\0\0\0\0\0\0\1\0\0\0a\0\0\0");
	tap_ok(!dbus_read_array(&r, &items), "none that is longer than all");
	r = BODY("\377\377\377\377\0\0\0\0");
	tap_ok(!dbus_read_array(&r, &items), "by far");
}

int main(void)
{
	test_call();
	test_list_argument();
	test_memory();
	look(LITTLE, sizeof(LITTLE) - 1, "little");
	look(BIG, sizeof(BIG) - 1, "big");
	test_broken();
	test_array();
	return tap_done();
}
