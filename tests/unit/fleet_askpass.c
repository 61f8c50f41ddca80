/* SPDX-License-Identifier: MIT */
/*
 * lib/fleet: where the helpers of an ssh come to with their questions. The
 * helpers are this test's own ends of sockets.
 */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/limits.h"
#include "fleet/askpass_int.h"

#include <errno.h>
#include <unistd.h>

#define PATIENCE_S 20

static struct {
	struct aur_loop *loop;
	struct aur_timer *late;
	struct aur__askpass *askpass;
	enum aur_fleet_ask kind;
	char prompt[512];
	int asked, voided;
} me;

static void on_late(void *arg)
{
	(void)arg;
	tap_ok(false, "something was to happen");
	aur_loop_stop(me.loop);
}

static void on_ask(void *arg, const struct aur_fleet_question *q)
{
	(void)arg;
	if (q == NULL) {
		me.voided++;
	} else {
		me.asked++;
		me.kind = q->kind;
		snprintf(me.prompt, sizeof me.prompt, "%s", q->prompt);
	}
	aur_loop_stop(me.loop);
}

static void turn(void)
{
	aur_timer_start(me.late, aur_span_seconds(PATIENCE_S));
	if (aur_loop_run(me.loop) < 0)
		tap_ok(false, "the loop runs");
	aur_timer_stop(me.late);
}

/* What ssh's environment says, given to its helper. */
static int dial(void)
{
	const char *const *env = aur__askpass_env(me.askpass);
	struct sockaddr_un address;
	socklen_t n;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	while (strncmp(*env, AUR_ASKPASS_ENV "=", sizeof AUR_ASKPASS_ENV) != 0)
		env++;
	if (!aur_askpass_address(*env + sizeof AUR_ASKPASS_ENV, &address, &n) ||
	    connect(fd, (struct sockaddr *)&address, n) < 0 ||
	    !aur_askpass_same_user(fd))
		tap_ok(false, "a helper comes in: %s", strerror(errno));
	return fd;
}

static void say(int fd, const char *text, size_t n)
{
	if (send(fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
		tap_ok(false, "a helper speaks");
}

/* All that comes to its end, and that is the end of it. */
static const char *hear(int fd)
{
	static char text[64];
	ssize_t n = recv(fd, text, sizeof text - 1, MSG_WAITALL);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

static void test_answers(void)
{
	int fd = dial(), other;

	aur__askpass_answer(me.askpass, "too early");
	say(fd, "sPass", 5);
	other = dial();
	say(other, "nTouch it", 10);
	say(fd, "word: ", 7);
	turn();
	tap_eq_int(me.asked, 1, "a question, in two parts");
	tap_eq_int(me.kind, AUR_FLEET_ASK_SECRET, "its kind");
	tap_eq_str(me.prompt, "Password:", "its prompt");
	aur__askpass_answer(me.askpass, "sesame");
	tap_eq_str(hear(fd), "ysesame", "its answer");
	aur__askpass_answer(me.askpass, "once more");
	turn();
	tap_eq_int(me.asked, 2, "the next one had to wait");
	tap_eq_int(me.kind, AUR_FLEET_ASK_TOUCH, "its kind");
	close(other);
	turn();
	tap_eq_int(me.voided, 1, "its helper goes: it is void");
	fd = dial();
	say(fd, "cSure?", 7);
	turn();
	aur__askpass_answer(me.askpass, NULL);
	tap_eq_str(hear(fd), "", "declined: no answer");
	fd = dial();
	say(fd, "sEmpty?", 8);
	turn();
	aur__askpass_answer(me.askpass, "");
	tap_eq_str(hear(fd), "y", "an empty answer is one");
}

/* Each is sent away; the next good one is heard. */
static void test_nonsense(void)
{
	static char longer[AUR_MAX_PROMPT + 1024];
	int none = dial(), odd = dial(), endless = dial(), gone = dial(), fd;
	int before = me.asked;

	memset(longer, 's', sizeof longer);
	say(none, "", 1);
	say(odd, "?what", 6);
	say(endless, longer, sizeof longer);
	say(gone, "sHalf", 5);
	close(gone);
	fd = dial();
	say(fd, "sWhole", 7);
	turn();
	tap_eq_int(me.asked, before + 1, "one question of five helpers");
	tap_eq_str(me.prompt, "Whole", "the whole one");
	tap_eq_str(hear(none), "", "no kind");
	tap_eq_str(hear(odd), "", "another kind");
	tap_eq_str(hear(endless), "", "too long");
	aur__askpass_free(me.askpass);
	me.askpass = NULL;
	tap_eq_str(hear(fd), "", "freed with an open question: declined");
}

static void test_no_memory(void)
{
	unsigned long nth = 1;
	bool good = true;
	int rc = 0;

	for (; fail_begin(nth); nth++) {
		struct aur__askpass *a = NULL;

		rc = aur__askpass_new(&a, me.loop, on_ask, NULL);
		aur__askpass_free(a);
		if (!fail_end())
			break;
		good = good && rc == AUR_ENOMEM && a == NULL;
	}
	tap_ok(good, "without memory it says so");
	tap_eq_int(rc, 0, "and with all of it, it works");
	tap_ok(nth > 2, "each of %lu times", nth);
}

int main(void)
{
	if (aur_loop_new(&me.loop) < 0 ||
	    aur_timer_new(me.loop, on_late, NULL, &me.late) < 0 ||
	    aur__askpass_new(&me.askpass, me.loop, on_ask, NULL) < 0)
		return 99;
	test_answers();
	test_nonsense();
	test_no_memory();
	aur_timer_free(me.late);
	aur_loop_free(me.loop);
	return tap_done();
}
