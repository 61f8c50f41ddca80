/* SPDX-License-Identifier: MIT */
/*
 * The real service on a real socket, in a folder of its own: readers with
 * different wants, of different users, slow, hostile and too many; what it is
 * started with; and a second one.
 */
#include "tests/agentd/reader.h"
#include "wire/frame.h"

#include <sys/un.h>

static void test_readers(pid_t service)
{
	struct reader a, b;

	if (!tap_ok(join_as(&a, 0) && join_as(&b, 0), "two readers"))
		return;
	want(&a, SYSTEM, 200);
	want(&b, PROCESSES, 400);
	for (struct aur_mono since = aur_clock_mono();
	     (a.samples < 8 || b.samples < 4) && !late(since);) {
		hear(&a, 20);
		hear(&b, 20);
	}
	tap_ok(a.samples >= 8 && b.samples >= 4, "both are served");
	tap_ok(strcmp(a.mode, "daemon") == 0 && strcmp(a.role, "viewer") == 0,
	    "by a service that reads");
	tap_ok(a.domains == SYSTEM && b.domains == PROCESSES,
	    "each with what it asked for");
	tap_ok(b.pids > 1 && (b.fields & AUR_WANT_PROCESS(cmdline)) != 0,
	    "processes whole");
	tap_eq_str(b.source, "service", "and the sample says who read them");
	tap_eq_u64(a.agent_pid, (uint64_t)service, "and whose cost it is");
	/* who is due at nearly the same time may have it 10 ms early */
	tap_ok((a.wall[3] + 20000000) / 200000000 !=
		   (a.wall[2] + 20000000) / 200000000,
	    "samples are a part of the wall clock apart");
	leave(&a);
	leave(&b);
}

static void test_one_shot(void)
{
	struct reader a;
	struct aur_want w = want_of(SYSTEM, 200);

	if (!tap_ok(join_as(&a, 0), "a reader of two samples"))
		return;
	w.count = 2;
	if (aur_client_want(a.client, &w) < 0)
		return;
	HEAR_UNTIL(&a, a.samples >= 2);
	for (int i = 0; i < 4; i++)
		hear(&a, 200);
	tap_ok(a.samples == 2 && !a.ended, "gets two");
	want(&a, SYSTEM, 200);
	HEAR_UNTIL(&a, a.samples >= 4);
	tap_ok(a.samples >= 4, "and can ask again");
	leave(&a);
}

static void test_acts_here(void)
{
	struct aur_act act = {.kind = AUR_ACT_SIGNAL,
	    .pid = (uint64_t)getpid(),
	    .start_ticks = 1,
	    .value = SIGKILL};
	struct reader a;
	uint64_t id;

	if (!tap_ok(join_as(&a, 0), "a reader that wants to act"))
		return;
	HEAR_UNTIL(&a, a.mode[0] != '\0');
	if (aur_client_act(a.client, &act, &id) < 0)
		return;
	HEAR_UNTIL(&a, a.replies > 0);
	tap_eq_int(a.reply_err, AUR_EDENIED, "is denied, root or not");
	leave(&a);
}

static void test_slow(void)
{
	struct aur_mono since = aur_clock_mono();
	struct reader slow, quick;
	unsigned before;

	if (!tap_ok(join_as(&slow, 0) && join_as(&quick, 0),
		"a slow reader and a quick one"))
		return;
	want(&slow, PROCESSES | aur_want_system(), 100);
	want(&quick, SYSTEM, 100);
	/* what it does not read fills the socket before samples are missed */
	while (slow.missed == 0 && !late(since)) {
		for (int i = 0; i < 100; i++)
			hear(&quick, 50);
		for (int i = 0; i < 200 && slow.missed == 0; i++)
			hear(&slow, 10);
	}
	tap_ok(slow.missed > 0, "the slow one hears what it missed");
	before = slow.samples;
	HEAR_UNTIL(&slow, slow.samples >= before + 3);
	tap_ok(!slow.ended && slow.samples >= before + 3,
	    "and goes on with the newest");
	tap_ok(quick.samples > 20 && quick.missed == 0,
	    "the quick one was not held up");
	leave(&slow);
	leave(&quick);
}

static void test_hostile(void)
{
	static const char *const bytes[] = {"GET / HTTP/1.1\r\n\r\n",
	    AUR_WIRE_PREAMBLE "\xff\xff\xff\x7f", AUR_WIRE_PREAMBLE "\3\1\3\1",
	    AUR_WIRE_MAGIC "9\n"};
	unsigned told = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(bytes); i++) {
		struct reader r;

		if (!join_as(&r, 0))
			continue;
		aur_buf_clear(aur_client_out(r.client));
		if (send(r.in, bytes[i], strlen(bytes[i]), MSG_NOSIGNAL) < 0)
			r.ended = true;
		HEAR_UNTIL(&r, false);
		told += r.ended && r.errors == 1;
		leave(&r);
	}
	tap_eq_u64(told, AUR_ARRAY_LEN(bytes),
	    "garbage ends its connection, with a reason");
	tap_ok(is_served(), "and nobody else's");
}

static void test_users(void)
{
	struct reader root, user;
	pid_t pid;

	if (geteuid() != 0) {
		tap_skip("users are told apart where we are root");
		return;
	}
	pid = victim(NOBODY - 1);
	if (!tap_ok(join_as(&root, 0) && join_as(&user, NOBODY),
		"root and another user"))
		return;
	root.find_pid = user.find_pid = (uint64_t)pid;
	want(&root, PROCESSES, 200);
	want(&user, PROCESSES, 200);
	HEAR_UNTIL(&root, root.find_io);
	HEAR_UNTIL(&user, user.samples >= 3);
	tap_ok(root.sight == AUR_SIGHT_WHOLE && root.find_io,
	    "root is shown the I/O of all");
	tap_ok(user.sight == AUR_SIGHT_ALL && user.found_start > 0 &&
		   user.pids > 1 && !user.find_io,
	    "the other one the processes of all, and not that");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	leave(&root);
	leave(&user);
}

/* How one is let in: 0, or the error it is told. */
static int knock(unsigned uid)
{
	struct reader r;
	int err;

	if (!join_as(&r, uid))
		return AUR_EABSENT;
	HEAR_UNTIL(&r, r.mode[0] != '\0' || r.errors > 0);
	err = r.error;
	leave(&r);
	return err;
}

static void test_limits(pid_t service)
{
	struct reader r[4];
	unsigned in = 0;

	settings("{\"max_clients\": 2, \"max_clients_per_user\": 1, "
		 "\"command_lines\": \"name\"}");
	kill(service, SIGHUP);
	tap_ok(says("settings read"), "SIGHUP reads the settings");
	if (geteuid() != 0) {
		tap_skip("limits are of others than the service's user");
		return;
	}
	for (size_t i = 0; i < 4; i++)
		if (join_as(&r[i], i < 2 ? NOBODY - 1 : NOBODY)) {
			HEAR_UNTIL(
			    &r[i], r[i].mode[0] != '\0' || r[i].errors > 0);
			in += r[i].mode[0] != '\0';
		}
	tap_ok(in == 2 && r[0].mode[0] != '\0' && r[1].error == AUR_ELIMIT &&
		   r[2].mode[0] != '\0' && r[3].error == AUR_ELIMIT,
	    "one for each user");
	tap_eq_int(knock(NOBODY - 2), AUR_ELIMIT, "two in all");
	tap_eq_int(knock(0), 0, "but root finds a place");
	tap_ok(says("refused uid"), "the log has it");
	for (size_t i = 0; i < 4; i++)
		leave(&r[i]);
	settings("{\"readers\": \"group\"}");
	kill(service, SIGHUP);
	for (struct aur_mono since = aur_clock_mono();
	     knock(NOBODY) != AUR_EDENIED && !late(since);)
		nap();
	tap_eq_int(knock(NOBODY), AUR_EDENIED, "a group of readers");
	tap_eq_int(knock(0), 0, "has root in it");
	settings("{\"readers\": \"everybody\"}");
	kill(service, SIGHUP);
	tap_ok(says("readers: wants one of"), "bad settings are named");
	tap_eq_int(knock(NOBODY), AUR_EDENIED, "and change nothing");
	settings("{}");
	kill(service, SIGHUP);
	for (struct aur_mono since = aur_clock_mono();
	     knock(NOBODY) != 0 && !late(since);)
		nap();
	tap_eq_int(knock(NOBODY), 0, "good ones do");
}

/* --- starts and ends ------------------------------------------------------ */

static void test_second(void)
{
	pid_t other = spawn_service();

	tap_eq_int(await_end(other), 1, "a second service does not start");
	tap_ok(says("a service is running already"), "and says why");
	tap_ok(is_served(), "the first is not disturbed");
}

/* A service whose lock somebody has removed is still there. */
static void test_lockless(void)
{
	char path[160];
	pid_t other;

	snprintf(path, sizeof(path), "%s/%s", folder, PLACE_LOCK);
	unlink(path);
	other = spawn_service();
	tap_eq_int(await_end(other), 1, "nor where the lock was removed");
	tap_ok(is_served(), "the first is not disturbed");
}

/* The next datagram of a service to its manager. */
static bool is_told(int fd, const char *want)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char text[64];
	ssize_t n;

	if (poll(&p, 1, PATIENCE_S * 1000) <= 0)
		return false;
	n = recv(fd, text, sizeof(text), 0);
	return n == (ssize_t)strlen(want) && memcmp(text, want, (size_t)n) == 0;
}

static void test_manager(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/notify", folder);
	if (!tap_ok(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0,
		"a manager that wants to hear"))
		return;
	setenv("NOTIFY_SOCKET", a.sun_path, 1);
	setenv("JOURNAL_STREAM", "8:1", 1);
	pid = spawn_service();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("JOURNAL_STREAM");
	tap_ok(is_told(fd, "READY=1") && is_served(),
	    "hears that the service is ready");
	kill(pid, SIGTERM);
	tap_ok(is_told(fd, "STOPPING=1"), "and that it stops");
	tap_eq_int(await_end(pid), 0, "which it does");
	tap_ok(says("<6>serving on "), "a journal hears how grave a line is");
	close(fd);
	unlink(a.sun_path);
}

static void test_unsafe(void)
{
	pid_t pid;

	chmod(folder, 0777);
	pid = spawn_service();
	tap_eq_int(await_end(pid), 1, "no socket where others may write");
	tap_ok(says("others may write there"), "and it says so");
	chmod(folder, 0755);
	settings("{\"readers\": }");
	pid = spawn_service();
	tap_eq_int(await_end(pid), 1, "no service with broken settings");
	tap_ok(says("agentd.json:1:13: "), "with the line and column");
	settings("{}");
}

static void test_all(void)
{
	pid_t service;

	test_unsafe();
	test_manager();
	service = start_service();
	if (!tap_ok(service > 0, "a service"))
		return;
	test_readers(service);
	test_one_shot();
	test_acts_here();
	test_slow();
	test_hostile();
	test_users();
	test_limits(service);
	test_second();
	test_lockless();
	tap_eq_int(end_service(service, SIGINT), 0, "the end");
}

int main(void)
{
	if (service_begin()) {
		test_all();
		service_end();
	}
	return tap_done();
}
