/* SPDX-License-Identifier: MIT */
/*
 * The real service, recording, and a system bus that is this test: one that
 * answers well, slowly, nonsense, half, nothing, and one that goes and comes
 * back. Readers are served all the time.
 */
#include "tests/agentd/reader.h"
#include "tests/unit/units_bus.h"

#include <sys/un.h>

enum manner { WELL, SLOWLY, NONSENSE, HALF, NOTHING };

static struct {
	int door, fd;
	enum manner manner;
	struct aur_buf in, out;
	const char *names; /* of units that failed, parted by blanks */
	bool greeted;
	unsigned guests, looks, lists, ended;
} bus = {.door = -1, .fd = -1};

/* --- the bus -------------------------------------------------------------- */

static void bus_hang_up(void)
{
	if (bus.fd >= 0)
		close(bus.fd);
	bus.fd = -1;
	aur_buf_release(&bus.in);
	aur_buf_release(&bus.out);
}

static bool bus_open(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char address[160];

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/bus", folder);
	snprintf(address, sizeof(address), "unix:path=%s,guid=00", a.sun_path);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
	unlink(a.sun_path);
	bus.door =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return bus.door >= 0 &&
	       bind(bus.door, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	       listen(bus.door, 4) == 0;
}

static void bus_close(void)
{
	char path[160];

	bus_hang_up();
	if (bus.door >= 0)
		close(bus.door);
	bus.door = -1;
	snprintf(path, sizeof(path), "%s/bus", folder);
	unlink(path);
}

static unsigned bus_failed(void)
{
	struct aur_slice all = aur_slice_str(bus.names), word;
	unsigned n = 0;

	while (aur_slice_word(&all, &word))
		n++;
	return n;
}

static void bus_answer(const struct dbus_message *m, uint32_t serial)
{
	static const char hello[] = "\4\0\0\0:1.7";

	if (aur_slice_is(m->member, "Hello"))
		bus_message(&bus.out, DBUS_RETURN, serial, "s",
		    aur_slice_of(hello, sizeof(hello)));
	if (aur_slice_is(m->member, "ListUnitsFiltered")) {
		bus.lists++;
		bus_list(&bus.out, serial, bus.names);
	}
	if (!aur_slice_is(m->member, "Get"))
		return;
	bus.looks++;
	bus_count(&bus.out, serial, bus_failed());
	if (bus.manner == NONSENSE) {
		aur_buf_clear(&bus.out);
		bus_add(&bus.out, "GET / HTTP/1.1\r\n\r\n", 18);
	}
	if (bus.manner == HALF)
		aur_buf_cut(&bus.out, bus.out.n - 7);
}

static void bus_think(void)
{
	struct aur_slice s = aur_buf_peek(&bus.in), line;
	struct dbus_message m;

	while (!bus.greeted && aur_slice_until(&s, '\n', &line)) {
		if (line.n == 0 || line.p[line.n - 1] != '\r')
			abort();
		bus.greeted = aur_slice_starts(line, "BEGIN");
		if (!bus.greeted)
			bus_add(&bus.out, BUS_OK, strlen(BUS_OK));
		aur_buf_take(&bus.in, line.n + 1);
		s = aur_buf_peek(&bus.in);
	}
	while (bus.greeted && dbus_take(&bus.in, &m) == 1) {
		bus_answer(&m, aur_buf_peek(&bus.in).p[8]);
		aur_buf_take(&bus.in, m.bytes);
	}
}

static void bus_greet(int fd)
{
	bus_hang_up();
	bus.fd = fd;
	bus.greeted = false;
	bus.guests++;
	aur_buf_init(&bus.in, BUS_MOST);
	aur_buf_init(&bus.out, BUS_MOST);
}

/* What is there to be done. */
static void bus_step(void)
{
	uint8_t chunk[4096];
	ssize_t n = accept4(bus.door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	size_t out;

	if (n >= 0)
		bus_greet((int)n);
	if (bus.fd < 0)
		return;
	n = recv(bus.fd, chunk, sizeof(chunk), 0);
	if (n > 0)
		bus_add(&bus.in, chunk, (size_t)n);
	if (n == 0) {
		bus.ended++;
		bus_hang_up();
	}
	if (n <= 0 && bus.out.n == 0)
		return;
	if (bus.manner != NOTHING)
		bus_think();
	out = bus.manner == SLOWLY && bus.out.n > 7 ? 7 : bus.out.n;
	n = send(bus.fd, aur_buf_peek(&bus.out).p, out, MSG_NOSIGNAL);
	if (n > 0)
		aur_buf_take(&bus.out, (size_t)n);
	if (bus.manner == HALF && bus.looks > 0 && bus.out.n == 0)
		bus_hang_up();
}

/* The bus works and `r` hears, until `condition`. */
#define UNTIL(r, condition)                                                    \
	for (struct aur_mono since_ = aur_clock_mono();                        \
	     !(condition) && !(r)->ended && !late(since_);) {                  \
		bus_step();                                                    \
		hear((r), 10);                                                 \
	}

/* --- a service with a bus of that manner ---------------------------------- */

static pid_t start(struct reader *r, enum manner manner, const char *names)
{
	pid_t pid;

	bus_hang_up();
	bus.manner = manner;
	bus.names = names;
	bus.guests = bus.looks = bus.lists = bus.ended = 0;
	unlink(log_path);
	pid = start_service();
	if (!tap_ok(pid > 0 && join_as(r, 0), "a service and a reader"))
		return -1;
	want(r, SYSTEM, 100);
	return pid;
}

static void stop(struct reader *r, pid_t pid)
{
	leave(r);
	tap_eq_int(end_service(pid, SIGTERM), 0, "it ends well");
}

static bool is_said(const char *text)
{
	static char all[4096];
	FILE *f = fopen(log_path, "r");
	size_t n = f != NULL ? fread(all, 1, sizeof(all) - 1, f) : 0;

	if (f != NULL)
		fclose(f);
	all[n] = '\0';
	return strstr(all, text) != NULL;
}

static bool is_served_on(struct reader *r)
{
	unsigned samples = r->samples;

	UNTIL(r, r->samples >= samples + 5);
	return r->samples >= samples + 5;
}

/* --- tests ---------------------------------------------------------------- */

static void test_well(enum manner manner, const char *text)
{
	struct reader r;
	pid_t pid = start(&r, manner, "old.service");

	if (pid < 0)
		return;
	UNTIL(&r, bus.lists == 1 && bus.out.n == 0);
	bus.names = "old.service new.service";
	bus_signal(&bus.out);
	UNTIL(&r, r.failed[0] != '\0');
	tap_eq_str(r.failed, "new.service", text);
	tap_ok(bus.guests == 1 && bus.ended == 0, "on one connection");
	stop(&r, pid);
}

static void test_away(void)
{
	struct reader r;
	pid_t pid = start(&r, WELL, "");

	if (pid < 0)
		return;
	UNTIL(&r, bus.looks == 1 && bus.out.n == 0);
	tap_ok(is_served_on(&r), "the bus is known");
	bus_hang_up();
	bus.names = "new.service";
	UNTIL(&r, r.failed[0] != '\0');
	tap_eq_str(
	    r.failed, "new.service", "what failed while it was away is told");
	tap_ok(!is_said("bus"), "and nothing else");
	stop(&r, pid);
}

static void test_bad(enum manner manner, bool said, const char *text)
{
	struct reader r;
	pid_t pid = start(&r, manner, "a.service");

	if (pid < 0)
		return;
	UNTIL(&r, bus.ended > 0 || (bus.guests > 0 && bus.fd < 0) ||
		      manner == NOTHING);
	tap_ok(is_served_on(&r), "%s: readers are served", text);
	tap_ok(is_said("the system bus") == said, "%s: %s", text,
	    said ? "it is said" : "it is not said");
	tap_eq_str(r.failed, "", "no unit is told");
	stop(&r, pid);
}

static void test_none(void)
{
	struct reader r;
	pid_t pid;

	bus_close();
	pid = start(&r, WELL, "");
	if (pid < 0)
		return;
	tap_ok(is_served_on(&r), "without a bus readers are served");
	tap_ok(!is_said("bus"), "and it is not said");
	stop(&r, pid);
}

static void test_off(void)
{
	struct reader r;
	pid_t pid;

	settings("{\"record\":false}");
	pid = start(&r, WELL, "");
	if (pid < 0)
		return;
	tap_ok(is_served_on(&r) && bus.guests == 0,
	    "where nothing is recorded no bus is asked");
	settings("{}");
	kill(pid, SIGHUP);
	UNTIL(&r, bus.looks > 0);
	tap_ok(bus.looks > 0, "until it is");
	settings("{\"record\":false}");
	kill(pid, SIGHUP);
	UNTIL(&r, bus.ended > 0);
	tap_ok(bus.ended > 0, "and no longer");
	settings("{}");
	stop(&r, pid);
}

int main(void)
{
	if (service_begin()) {
		setenv("STATE_DIRECTORY", folder, 1);
		if (tap_ok(bus_open(), "a bus")) {
			test_well(WELL, "a unit that fails is told");
			test_well(SLOWLY, "by a slow bus, too");
			test_away();
			test_bad(NONSENSE, true, "nonsense");
			test_bad(HALF, false, "half an answer");
			test_bad(NOTHING, false, "silence");
			test_off();
			test_none();
		}
		bus_close();
		service_remove_spool();
		service_end();
	}
	return tap_done();
}
