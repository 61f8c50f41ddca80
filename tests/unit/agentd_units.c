/* SPDX-License-Identifier: MIT */
/* What a manager says of its failed units, and what is told of it. */
#include "agentd/daemon_units.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/units_bus.h"

#define LONG (64u << 10)

static struct units u;
static char told[1024]; /* "unit=a.service;count=7;" */
static struct aur_mono now;

static void on_event(void *arg, struct aur_event *e)
{
	size_t n = strlen(told);

	(void)arg;
	if (!aur_slice_is(e->kind, "unit_failed") || e->npair != 1)
		abort();
	snprintf(told + n, sizeof(told) - n, "%.*s=%.*s;",
	    (int)e->pair[0].key.n, (const char *)e->pair[0].key.p,
	    (int)e->pair[0].value.n, (const char *)e->pair[0].value.p);
}

static void pass(double seconds)
{
	now = aur_mono_add(now, aur_span_seconds(seconds));
}

/* --- the manager ---------------------------------------------------------- */

/* The serial of the last call that was sent, its member into `member`; all
 * that was sent is taken. 0: none was. */
static uint32_t heard(char member[64])
{
	struct aur_slice s = units_out(&u);
	struct dbus_message m;
	struct aur_buf b;
	uint32_t serial = 0;

	member[0] = '\0';
	aur_buf_init(&b, LONG);
	bus_add(&b, s.p, s.n);
	units_sent(&u, s.n);
	if (aur_slice_starts(aur_buf_peek(&b), "BEGIN\r\n"))
		aur_buf_take(&b, 7);
	while (dbus_take(&b, &m) == 1) {
		const uint8_t *p = aur_buf_peek(&b).p;

		serial = p[8] | (uint32_t)p[9] << 8 | (uint32_t)p[10] << 16;
		snprintf(member, 64, "%.*s", (int)m.member.n,
		    (const char *)m.member.p);
		aur_buf_take(&b, m.bytes);
	}
	if (b.n != 0)
		abort();
	aur_buf_release(&b);
	return serial;
}

static int say_all(struct aur_buf *b)
{
	int rc = units_put(&u, aur_buf_peek(b), now);

	aur_buf_release(b);
	return rc;
}

/* Answers what was asked as a manager does whose failed units are `names`. */
static int answer(unsigned count, const char *names)
{
	char member[64];
	struct aur_buf b;
	uint32_t serial;
	int rc = 0;

	while (rc == 0 && (serial = heard(member)) != 0) {
		aur_buf_init(&b, BUS_MOST);
		if (strcmp(member, "Get") == 0)
			bus_count(&b, serial, count);
		else if (strcmp(member, "ListUnitsFiltered") == 0)
			bus_list(&b, serial, names);
		else
			abort();
		rc = say_all(&b);
	}
	return rc;
}

static int greet(void)
{
	int rc = units_open(&u, 998, now);

	if (rc < 0)
		return rc;
	units_sent(&u, units_out(&u).n);
	return units_put(&u, aur_slice_str(BUS_OK), now);
}

/* Greeted, with those failed; nothing is told of it. */
static bool begin(unsigned count, const char *names)
{
	told[0] = '\0';
	return tap_ok(units_init(&u, on_event, NULL) == 0 && greet() == 0 &&
			  answer(count, names) == 0 && u.state == UNITS_REST,
	    "asked first: %s", names);
}

/* What is told when a look later those have failed. */
static const char *later(unsigned count, const char *names)
{
	int rc;

	told[0] = '\0';
	pass(60);
	rc = units_turn(&u, now);
	if (rc == 0)
		rc = answer(count, names);
	if (rc == 0 && u.state != UNITS_REST)
		return "it does not rest";
	return rc == 0 ? told : aur_err_name(rc);
}

/* --- tests ---------------------------------------------------------------- */

static void test_greeting(void)
{
	static const char hello[] = "\0AUTH EXTERNAL 393938\r\n";
	char member[64];

	tap_ok(units_init(&u, on_event, NULL) == 0 &&
		   units_open(&u, 998, now) == 0,
	    "a connection begins");
	tap_ok(aur_slice_eq(units_out(&u), aur_slice_of(hello, 23)),
	    "with who we are, in hex of decimal digits");
	units_sent(&u, 23);
	tap_eq_int(
	    units_put(&u, aur_slice_str("OK 01"), now), 0, "half an answer");
	tap_eq_u64(units_out(&u).n, 0, "is waited for");
	tap_eq_int(units_put(&u, aur_slice_str("23\r\n"), now), 0, "all of it");
	tap_ok(aur_slice_starts(units_out(&u), "BEGIN\r\nl\1\2\1"),
	    "messages begin with a Hello");
	tap_eq_u64(heard(member), SERIAL_COUNT,
	    "a rule, a subscription and a question follow");
	tap_eq_str(member, "Get", "the question");
	units_release(&u);
}

static int greeted_by(const char *text)
{
	int rc = units_init(&u, on_event, NULL);

	if (rc == 0)
		rc = units_open(&u, 0, now);
	if (rc == 0)
		rc = units_put(&u, aur_slice_str(text), now);
	units_release(&u);
	return rc;
}

static void test_refusals(void)
{
	static char flood[1024];

	memset(flood, 'x', sizeof(flood) - 1);
	tap_eq_int(
	    greeted_by("REJECTED EXTERNAL\r\n"), AUR_EDENIED, "not let in");
	tap_eq_int(greeted_by("ERROR\r\n"), AUR_EDENIED, "not understood");
	tap_eq_int(greeted_by("OK 1\n"), AUR_EPROTOCOL, "half a line's end");
	tap_eq_int(greeted_by("\n"), AUR_EPROTOCOL, "a line of nothing");
	tap_eq_int(greeted_by(flood), AUR_EPROTOCOL, "no line at all");
	memcpy(flood, "OK ", 3);
	memcpy(flood + sizeof(flood) - 3, "\r\n", 2);
	tap_eq_int(greeted_by(flood), AUR_EPROTOCOL, "one that is too long");
	tap_eq_int(greeted_by("OK 1\r\nHTTP/1.1 200 OK\r\n"), AUR_EPROTOCOL,
	    "what is no message");
}

static void test_failures(void)
{
	if (!begin(1, "old.service"))
		return;
	tap_eq_str(told, "", "what failed before is no news");
	tap_eq_str(later(1, "old.service"), "", "nor a minute later");
	tap_eq_str(later(3, "b.mount old.service a.service"),
	    "unit=b.mount;unit=a.service;", "what is new is");
	tap_eq_str(later(2, "a.service b.mount"), "", "one is well again");
	tap_eq_str(later(3, "a.service old.service b.mount"),
	    "unit=old.service;", "and fails again");
	tap_eq_str(later(0, ""), "", "all are well");
	tap_eq_str(later(1, "a.service"), "unit=a.service;", "one is not");
	tap_eq_str(later(2, "a.service -c.service"), "",
	    "one that only has the word among its states");
	tap_eq_str(later(1, ""), "", "the last one went between the answers");
	tap_eq_str(
	    later(1, "a.service"), "unit=a.service;", "and is no longer known");
	units_close(&u);
	told[0] = '\0';
	tap_ok(greet() == 0 && answer(2, "a.service d.service") == 0,
	    "another connection");
	tap_eq_str(told, "unit=d.service;", "tells what it finds new");
	units_release(&u);
}

static void test_none_before(void)
{
	if (!begin(0, ""))
		return;
	tap_eq_str(later(1, "a.service"), "unit=a.service;", "the first one");
	units_release(&u);
}

/* Names n0.service to n(count - 1).service. */
static const char *many(unsigned count)
{
	static char text[LONG];
	size_t n = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < count; i++)
		n += (size_t)snprintf(
		    text + n, sizeof(text) - n, "n%u.service ", i);
	return text;
}

static void test_many(void)
{
	if (!begin(UNITS_MOST, many(UNITS_MOST)))
		return;
	tap_eq_str(later(UNITS_MOST + 50, "?"), "count=50;",
	    "more than can be named are counted");
	tap_eq_str(later(UNITS_MOST + 40, "?"), "", "some are well");
	tap_eq_str(later(UNITS_MOST + 41, "?"), "count=1;", "another one");
	tap_eq_str(later(2, "a.service b.service"), "",
	    "who was there all the time is not known");
	tap_eq_str(later(3, "a.service b.service c.service"), "unit=c.service;",
	    "but from now on");
	units_release(&u);
	if (!begin(UNITS_MOST + 9, "?"))
		return;
	tap_eq_str(told, "", "nor are many news that failed before");
	units_release(&u);
	if (!begin(0, ""))
		return;
	(void)later(1, many(UNITS_MOST + 3));
	tap_ok(strstr(told, "unit=n0.service;unit=n1.service;") == told,
	    "a list that grew after the count");
	units_release(&u);
}

static void test_signal(void)
{
	char member[64];
	struct aur_buf b;

	if (!begin(0, ""))
		return;
	tap_eq_int(units_wait(&u, now).ns, 60 * AUR_SECOND_NS,
	    "the next look is a minute away");
	aur_buf_init(&b, BUS_MOST);
	bus_signal(&b);
	tap_eq_int(say_all(&b), 0, "a signal");
	tap_eq_int(units_wait(&u, now).ns, AUR_SECOND_NS,
	    "a second after the one before");
	pass(10);
	tap_eq_int(units_wait(&u, now).ns, 0, "and at once after ten");
	tap_eq_int(units_turn(&u, now), 0, "it is looked");
	aur_buf_init(&b, BUS_MOST);
	bus_signal(&b);
	tap_eq_int(say_all(&b), 0, "a signal meanwhile");
	told[0] = '\0';
	tap_ok(answer(1, "a.service") == 0 && u.state == UNITS_REST, "answers");
	tap_eq_int(units_wait(&u, now).ns, AUR_SECOND_NS, "is not forgotten");
	pass(1);
	tap_ok(units_turn(&u, now) == 0 && heard(member) != 0,
	    "it is looked again");
	units_release(&u);
}

/* An answer to something else, and one that was not asked for. */
static void test_unasked(void)
{
	char member[64];
	struct aur_buf b;
	uint32_t serial;

	if (units_init(&u, on_event, NULL) < 0 || greet() < 0)
		abort();
	serial = heard(member);
	aur_buf_init(&b, BUS_MOST);
	bus_count(&b, serial - 1, 7);
	bus_message(&b, DBUS_CALL, 0, "", aur_slice_str(""));
	tap_ok(say_all(&b) == 0 && u.state == UNITS_COUNT,
	    "an answer to another question is none");
	aur_buf_init(&b, BUS_MOST);
	bus_count(&b, serial, 0);
	bus_count(&b, serial, 7);
	tap_ok(say_all(&b) == 0 && u.state == UNITS_REST && u.count == 0,
	    "nor is a second one");
	units_release(&u);
}

static void test_silence(void)
{

	if (!tap_ok(units_init(&u, on_event, NULL) == 0 &&
			units_open(&u, 0, now) == 0,
		"nobody answers"))
		return;
	tap_eq_int(units_turn(&u, now), 0, "yet");
	pass(60);
	tap_eq_int(units_turn(&u, now), AUR_ETIMEOUT, "nor to the greeting");
	tap_eq_int(greet(), 0, "again");
	pass(59);
	tap_eq_int(units_turn(&u, now), 0, "the manager is busy");
	pass(1);
	tap_eq_int(units_turn(&u, now), AUR_ETIMEOUT, "for too long");
	units_release(&u);
}

/* What is said to that in place of the count, or of the list. */
static int broken(bool list, enum dbus_type type, const char *signature,
    const void *body, size_t n)
{
	char member[64];
	struct aur_buf b;
	uint32_t serial;
	int rc;

	if (units_init(&u, on_event, NULL) < 0 || greet() < 0)
		abort();
	serial = heard(member);
	aur_buf_init(&b, BUS_MOST);
	if (list) {
		bus_count(&b, serial++, 1);
		if (say_all(&b) < 0)
			abort();
		aur_buf_init(&b, BUS_MOST);
	}
	bus_message(&b, type, serial, signature, aur_slice_of(body, n));
	rc = say_all(&b);
	units_release(&u);
	return rc;
}

#define LIST "a(ssssssouso)"

static void test_broken(void)
{
	tap_eq_int(broken(false, DBUS_ERROR, "s", "\1\0\0\0x", 6), AUR_EDENIED,
	    "no such manager");
	tap_eq_int(
	    broken(true, DBUS_ERROR, "", "", 0), AUR_EDENIED, "no such list");
	tap_eq_int(broken(false, DBUS_RETURN, "u", "\1\0\0\0", 4),
	    AUR_EPROTOCOL, "a count without a variant");
	tap_eq_int(broken(false, DBUS_RETURN, "v", "\1s\0\0\1\0\0\0x", 10),
	    AUR_EPROTOCOL, "a count that is text");
	tap_eq_int(broken(false, DBUS_RETURN, "v", "\1u\0\0\1\0\0", 7),
	    AUR_EPROTOCOL, "a count that is cut");
	tap_eq_int(broken(true, DBUS_RETURN, "as", "\0\0\0\0\0\0\0\0", 8),
	    AUR_EPROTOCOL, "another list");
	tap_eq_int(broken(true, DBUS_RETURN, LIST, "\0\0\0\0", 4),
	    AUR_EPROTOCOL, "a list that is cut");
	tap_eq_int(broken(true, DBUS_RETURN, LIST, "\1\0\0\0\0\0\0\0x", 9),
	    AUR_EPROTOCOL, "a unit that is");
	tap_eq_int(broken(true, DBUS_RETURN, LIST,
		       "\10\0\0\0\0\0\0\0\377\377\377\377xxxx", 16),
	    AUR_EPROTOCOL, "a name of four gigabytes");
	tap_eq_int(broken(true, DBUS_RETURN, LIST, "\0\0\0\0\0\0\0\0", 8), 0,
	    "a list of none is one");
}

static void test_names(void)
{
	char name[300];

	if (!begin(0, ""))
		return;
	memset(name, 'x', sizeof(name));
	name[256] = '\0';
	tap_eq_str(later(1, name), "", "a name longer than names are");
	tap_eq_str(later(1, "\033[31m.service"), "unit=\033[31m.service;",
	    "one that means harm is drawn harmless by those who draw it");
	units_release(&u);
}

/* A list longer than is read. */
static void test_long(void)
{
	static char body[AUR_MAX_BUS_MESSAGE];
	char member[64];
	struct aur_buf b;

	if (!begin(0, ""))
		return;
	pass(60);
	told[0] = '\0';
	aur_buf_init(&b, BUS_MOST);
	if (units_turn(&u, now) == 0)
		bus_count(&b, heard(member), 9);
	tap_eq_int(say_all(&b), 0, "nine failed");
	aur_buf_init(&b, BUS_MOST);
	bus_message(&b, DBUS_RETURN, heard(member), LIST,
	    aur_slice_of(body, sizeof(body)));
	tap_eq_int(say_all(&b), AUR_ELIMIT, "in too many words");
	units_close(&u);
	tap_ok(greet() == 0 && answer(9, "?") == 0, "the next time");
	tap_eq_str(told, "count=9;", "they are counted");
	tap_eq_str(later(1, "a.service"), "", "later one is left");
	tap_eq_str(
	    later(2, "a.service b.service"), "unit=b.service;", "and named");
	tap_eq_str(later(0, ""), "", "all are well");
	tap_eq_str(later(6, "a b c d e f"),
	    "unit=a;unit=b;unit=c;unit=d;unit=e;unit=f;",
	    "then as many are named as before");
	units_release(&u);
}

/* Pieces of all sizes make the same of it. */
static void test_pieces(void)
{
	struct aur_buf b;
	char member[64];

	for (size_t piece = 1; piece < 40; piece++) {
		if (units_init(&u, on_event, NULL) < 0 || greet() < 0)
			abort();
		aur_buf_init(&b, BUS_MOST);
		bus_signal(&b);
		bus_count(&b, heard(member), 0);
		bus_signal(&b);
		while (b.n > 0) {
			size_t n = b.n < piece ? b.n : piece;

			if (units_put(&u, aur_slice_of(aur_buf_peek(&b).p, n),
				now) < 0)
				break;
			aur_buf_take(&b, n);
		}
		if (b.n != 0 || u.state != UNITS_REST ||
		    units_wait(&u, now).ns != AUR_SECOND_NS)
			tap_ok(false, "in pieces of %zu", piece);
		aur_buf_release(&b);
		units_release(&u);
	}
	tap_ok(true, "pieces of any size");
}

static void test_memory(void)
{
	struct aur_buf b;
	int rc = AUR_ENOMEM;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		rc = units_init(&u, on_event, NULL);
		if (rc == 0)
			rc = greet();
		if (!fail_end())
			break;
		if (rc != AUR_ENOMEM)
			tap_ok(false, "allocation %lu of the greeting", nth);
		units_release(&u);
	}
	tap_eq_int(rc, 0, "a greeting without memory");
	units_release(&u);
	aur_buf_init(&b, BUS_MOST);
	bus_count(&b, SERIAL_COUNT, 1);
	bus_list(&b, SERIAL_COUNT + 1, "a.service");
	for (unsigned long nth = 1;; nth++) {
		if (units_init(&u, on_event, NULL) < 0 || greet() < 0)
			abort();
		if (!fail_begin(nth))
			break;
		rc = units_put(&u, aur_buf_peek(&b), now);
		if (!fail_end())
			break;
		if (rc != AUR_ENOMEM)
			tap_ok(false, "allocation %lu of an answer", nth);
		units_release(&u);
	}
	tap_ok(rc == 0 && u.nseen == 1, "an answer without memory");
	units_release(&u);
	aur_buf_release(&b);
}

int main(void)
{
	now.ns = 1000 * AUR_SECOND_NS;
	test_greeting();
	test_refusals();
	test_failures();
	test_none_before();
	test_many();
	test_signal();
	test_unasked();
	test_silence();
	test_broken();
	test_names();
	test_long();
	test_pieces();
	test_memory();
	return tap_done();
}
