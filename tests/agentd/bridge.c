/* SPDX-License-Identifier: MIT */
/*
 * Bridges to the real service: whose processes they show, what is done through
 * them and told of it, and what becomes of them when the service hangs or dies.
 */
#include "tests/agentd/reader.h"

static void test_bridge(void)
{
	struct reader a;

	if (!tap_ok(bridge_as(&a, 0, "operator", "bob"), "a bridge"))
		return;
	want(&a, PROCESSES, 200);
	HEAR_UNTIL(&a, a.samples >= 3);
	tap_ok(a.samples >= 3 && a.domains == PROCESSES, "serves all");
	tap_eq_str(a.mode, "daemon", "with the service");
	tap_eq_str(a.role, "operator", "in its own role");
	tap_eq_str(a.source, "service",
	    "which reads processes too, as it sees no less");
	want(&a, SYSTEM, 100);
	HEAR_UNTIL(&a, a.samples >= 12);
	tap_ok(a.domains == SYSTEM, "and what is asked for next");
	leave(&a);
	if (geteuid() != 0) {
		tap_skip("a bridge of another user");
		return;
	}
	if (!tap_ok(bridge_as(&a, NOBODY, "operator", "bob"),
		"a bridge of another user"))
		return;
	want(&a, PROCESSES, 200);
	HEAR_UNTIL(&a, a.samples >= 3);
	tap_eq_str(a.mode, "daemon", "takes what the service has");
	tap_eq_str(a.source, "login", "but his processes it sees better");
	tap_ok(a.samples >= 3 && a.domains == PROCESSES && a.pids > 1,
	    "and makes one sample of both");
	want(&a, AUR_WANT_DOMAIN(PROCESS), 200);
	a.samples = 0;
	HEAR_UNTIL(&a, a.samples >= 3);
	tap_ok(a.samples >= 3 && a.domains == AUR_WANT_DOMAIN(PROCESS),
	    "or of its own alone");
	leave(&a);
}

/* A signal by one bridge is an event at all. */
static void test_event(const char *role)
{
	bool viewer = strcmp(role, "viewer") == 0;
	unsigned uid = geteuid() == 0 ? NOBODY : 0;
	struct aur_act act = {.kind = AUR_ACT_SIGNAL, .value = SIGTERM};
	struct reader a, b;
	pid_t pid = victim(uid);
	char digits[16];
	uint64_t id;
	int status = 0;

	if (!tap_ok(bridge_as(&a, uid, role, "bob") && join_as(&b, 0),
		"a bridge that acts, role %s, and somebody else", role))
		return;
	a.find_pid = (uint64_t)pid;
	want(&a, PROCESSES, 200);
	settle(&b);
	HEAR_UNTIL(&a, a.found_start > 0);
	act.pid = (uint64_t)pid;
	act.start_ticks = a.found_start;
	if (aur_client_act(a.client, &act, &id) < 0)
		return;
	HEAR_UNTIL(&a, a.replies > 0 && (viewer || a.events > 0));
	tap_eq_int(a.reply_err, viewer ? AUR_EDENIED : 0, "how it went");
	if (!viewer) {
		snprintf(digits, sizeof(digits), "%u", uid);
		HEAR_UNTIL(&b, b.events > 0);
		tap_ok(a.events == 1 && b.events == 1, "both are told, once");
		tap_eq_str(b.member, "bob", "of the member");
		tap_eq_str(b.uid, digits, "and of the user, as it is");
		tap_ok(says("member bob"), "and the log has it");
	} else {
		tap_ok(a.events == 0 && b.events == 0, "nobody is told");
		kill(pid, SIGKILL);
	}
	waitpid(pid, &status, 0);
	tap_eq_int(
	    WTERMSIG(status), viewer ? SIGKILL : SIGTERM, "what became of it");
	leave(&a);
	leave(&b);
}

/* Somebody says what he did not do: it is told as his, and not for ever. */
static void test_claims(void)
{
	struct aur_event e = {.kind = aur_slice_str("process_signal"),
	    .npair = 3,
	    .pair = {{aur_slice_str("pid"), aur_slice_str("1")},
		{aur_slice_str("start_ticks"), aur_slice_str("1")},
		{aur_slice_str("uid"), aur_slice_str("0")}}};
	struct reader a, b;
	unsigned uid = geteuid() == 0 ? NOBODY : 0;

	if (!tap_ok(join_as(&a, uid) && join_as(&b, 0), "one who claims"))
		return;
	settle(&a);
	settle(&b);
	for (int i = 0; i < 200; i++)
		if (aur_client_report(a.client, &e) < 0)
			break;
	HEAR_UNTIL(&a, false);
	tap_ok(a.ended && a.error == AUR_ELIMIT, "is stopped");
	for (int i = 0; i < 20; i++)
		hear(&b, 20);
	tap_ok(b.events > 0 && b.events <= 64, "after %u events", b.events);
	if (uid != 0)
		tap_eq_str(b.uid, "65534", "which name him");
	leave(&a);
	leave(&b);
}

/* --- ends ----------------------------------------------------------------- */

static bool is_there(const char *name)
{
	char path[160];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return lstat(path, &st) == 0;
}

/* `number` ends the service; what its bridge then does. */
static pid_t test_death(pid_t service, int number, const char *name)
{
	struct reader a;

	if (!tap_ok(bridge_as(&a, 0, "operator", "bob"), "a bridge"))
		return service;
	want(&a, SYSTEM, 200);
	HEAR_UNTIL(&a, a.samples >= 2);
	tap_eq_int(end_service(service, number),
	    number == SIGKILL ? -SIGKILL : 0, name);
	tap_ok(is_there(PLACE_SOCKET) == (number == SIGKILL),
	    "its socket stays only when it was killed");
	HEAR_UNTIL(&a, false);
	tap_ok(a.ended && a.errors == 1, "its bridge ends, with a reason");
	leave(&a);
	if (!tap_ok(bridge_as(&a, 0, "operator", "bob"), "the next one"))
		return service;
	want(&a, PROCESSES, 200);
	HEAR_UNTIL(&a, a.samples >= 2);
	tap_ok(a.samples >= 2 && strcmp(a.mode, "direct") == 0 &&
		   strcmp(a.source, "login") == 0,
	    "is alone");
	service = start_service();
	tap_ok(service > 0, "a new service takes the place");
	HEAR_UNTIL(&a, false);
	tap_ok(a.ended && a.errors == 1,
	    "and who is alone ends, so that the next one has it");
	leave(&a);
	return service;
}

/* One that hangs is as none: a bridge does not wait for it for ever. */
static void test_frozen(pid_t service)
{
	struct reader a;

	kill(service, SIGSTOP);
	if (!tap_ok(bridge_as(&a, 0, "operator", "bob"), "a frozen service"))
		return;
	want(&a, SYSTEM, 200);
	HEAR_UNTIL(&a, a.samples >= 2);
	tap_ok(a.samples >= 2 && strcmp(a.mode, "direct") == 0,
	    "its bridge goes alone");
	kill(service, SIGCONT);
	tap_ok(is_served(), "it may wake up");
	HEAR_UNTIL(&a, false);
	tap_ok(a.ended && a.errors == 1,
	    "then its bridge ends, so that the next one has it");
	leave(&a);
}

static void test_all(void)
{
	pid_t service = start_service();

	if (!tap_ok(service > 0, "a service"))
		return;
	test_bridge();
	test_event("operator");
	test_event("viewer");
	test_claims();
	test_frozen(service);
	service = test_death(service, SIGKILL, "killed");
	service = test_death(service, SIGTERM, "told to end");
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
