/* SPDX-License-Identifier: MIT */
/*
 * lib/fleet: a link's states, told by fake agents that are shell scripts. What
 * a good agent does is tested with the real one, in tests/cli.
 */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "fleet/fleet.h"

#include <sys/stat.h>
#include <unistd.h>

struct state {
	struct aur_loop *loop;
	struct aur_timer *guard;
	struct aur_feed *feed;
	enum aur_host_state until;
	unsigned states, replies;
	int reply_err;
	bool late;
};

static char folder[] = "/tmp/aurora-fleet-XXXXXX";

static const struct aur_feed_host *host_of(const struct state *s)
{
	return s->feed->class->host(s->feed, 0);
}

static void on_guard(void *arg)
{
	struct state *s = arg;

	s->late = true;
	aur_loop_stop(s->loop);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct state *s = arg;

	tap_eq_int((int64_t)host, 0, "there is one host");
	if (changes & AUR_FEED_STATE)
		s->states++;
	if (host_of(s)->state == s->until)
		aur_loop_stop(s->loop);
}

static void script(const char *name, const char *text, char *path, size_t n)
{
	FILE *f;

	snprintf(path, n, "%s/%s", folder, name);
	f = fopen(path, "w");
	if (f == NULL)
		_exit(99);
	fprintf(f, "#!/bin/sh\n%s\n", text);
	fclose(f);
	chmod(path, 0700);
}

static void setup(struct state *s, const char *agent)
{
	static const struct aur_fleet_host local = {
	    .name = "local", .via = AUR_FLEET_LOCAL};
	struct aur_fleet_options o = {.agent = agent};

	*s = (struct state){.until = AUR_HOST_UNREACHABLE};
	if (aur_loop_new(&s->loop) < 0 ||
	    aur_timer_new(s->loop, on_guard, s, &s->guard) < 0)
		_exit(99);
	tap_eq_int(
	    aur_fleet_new(&s->feed, s->loop, &local, 1, &o), 0, "a feed");
	s->feed->class->listen(s->feed, on_change, s);
	aur_timer_start(s->guard, aur_span_seconds(20));
}

static void run(struct state *s)
{
	tap_eq_int(aur_loop_run(s->loop), 0, "the loop ends well");
	tap_ok(!s->late, "in time");
}

static void teardown(struct state *s)
{
	s->feed->class->free(s->feed);
	aur_timer_free(s->guard);
	aur_loop_free(s->loop);
}

static void test_absent(void)
{
	struct state s;

	setup(&s, "/nonexistent/agent");
	s.until = AUR_HOST_NO_AGENT;
	tap_eq_int(host_of(&s)->state, AUR_HOST_CONNECTING, "it begins so");
	run(&s);
	tap_eq_int((int64_t)s.feed->class->count(s.feed), 1, "one host");
	tap_eq_str(host_of(&s)->name, "local", "this machine");
	tap_eq_int(host_of(&s)->state, AUR_HOST_NO_AGENT, "has no agent");
	tap_ok(strstr(host_of(&s)->error, "/nonexistent/agent") != NULL,
	    "and says where it looked: %s", host_of(&s)->error);
	teardown(&s);
}

static void test_dies(void)
{
	char path[128];
	struct state s;

	script("dies", "echo first >&2; echo no licence >&2; exit 3", path,
	    sizeof path);
	setup(&s, path);
	run(&s);
	tap_eq_str(host_of(&s)->error,
	    "agent ended: exit 3: no licence; started again in 0.5 s",
	    "its last words are in the error");
	tap_eq_int((int64_t)host_of(&s)->restarts, 1, "a restart is due");
	s.feed->class->retry(s.feed, 0);
	run(&s);
	tap_eq_int((int64_t)host_of(&s)->restarts, 2, "it was tried again");
	tap_ok(strstr(host_of(&s)->error, "in 1.") != NULL,
	    "the wait doubled: %s", host_of(&s)->error);
	teardown(&s);
}

static void test_killed(void)
{
	char path[128];
	struct state s;

	script("killed", "kill -9 $$", path, sizeof path);
	setup(&s, path);
	run(&s);
	tap_eq_str(host_of(&s)->error,
	    "agent ended: signal 9; started again in 0.5 s", "a signal");
	teardown(&s);
}

static void test_garbage(void)
{
	char path[128];
	struct state s;

	script(
	    "garbage", "cat /dev/zero | tr '\\0' '\\377'", path, sizeof path);
	setup(&s, path);
	run(&s);
	tap_ok(host_of(&s)->error != NULL &&
		   strstr(host_of(&s)->error, "started again") != NULL,
	    "a broken frame ends the link: %s", host_of(&s)->error);
	teardown(&s);
}

static void on_reply(void *arg, const struct aur_act_reply *reply)
{
	struct state *s = arg;

	s->replies++;
	s->reply_err = reply->err;
}

static void test_act(void)
{
	struct aur_act act = {
	    .kind = AUR_ACT_SIGNAL, .pid = 1, .start_ticks = 1, .value = 0};
	char path[128];
	struct state s;

	script("deaf", "sleep 0.2; exit 0", path, sizeof path);
	setup(&s, path);
	s.feed->class->act(s.feed, 0, &act, on_reply, &s);
	run(&s);
	tap_eq_int(s.replies, 1, "an act without an answer gets one");
	tap_eq_int(s.reply_err, AUR_ECLOSED, "that the link is closed");
	s.feed->class->act(s.feed, 0, &act, on_reply, &s);
	tap_eq_int(s.replies, 2, "and at once where there is no link");
	teardown(&s);
}

/* The words with blanks between, "ssh -p 2222 -- web1". */
static const char *line(struct aur_feed *f, size_t i, char *out, size_t size)
{
	struct aur_fleet_login login = {NULL, NULL};
	size_t n = 0;

	out[0] = '\0';
	tap_eq_int(aur_fleet_login(f, i, &login), 0, "a login");
	for (char **w = login.argv; w != NULL && *w != NULL; w++)
		n += (size_t)snprintf(
		    out + n, size - n, "%s%s", n > 0 ? " " : "", *w);
	aur_fleet_login_free(&login);
	return out;
}

static void test_login(void)
{
	static const struct aur_fleet_host hosts[] = {
	    {.name = "local", .via = AUR_FLEET_LOCAL},
	    {.name = "web1",
		.user = "alice",
		.address = "web1.invalid",
		.port = 2222},
	    {.name = "db1", .address = "db1.invalid", .jump = "web1"},
	};
	struct aur_fleet_options o = {.ssh = "/bin/true", .agent = "/bin/true"};
	struct aur_feed *feed;
	struct aur_loop *loop;
	char text[4096];

	setenv("SHELL", "/bin/sh", 1);
	if (aur_loop_new(&loop) < 0 ||
	    aur_fleet_new(&feed, loop, hosts, 3, &o) < 0)
		_exit(99);
	tap_eq_str(line(feed, 0, text, sizeof text), "/bin/sh",
	    "this machine: the user's shell");
	tap_eq_str(line(feed, 1, text, sizeof text),
	    "ssh -l alice -p 2222 -- web1.invalid",
	    "nothing is forced on a person's ssh");
	(void)line(feed, 2, text, sizeof text);
	tap_ok(strstr(text, "ProxyCommand=") != NULL &&
		   strstr(text, "web1.invalid") != NULL &&
		   strstr(text, "BatchMode") == NULL,
	    "the way is the feed's: %s", text);
	feed->class->free(feed);
	aur_loop_free(loop);
}

int main(void)
{
	char command[64];

	if (mkdtemp(folder) == NULL)
		return 99;
	test_absent();
	test_dies();
	test_killed();
	test_garbage();
	test_act();
	test_login();
	snprintf(command, sizeof command, "rm -rf %s", folder);
	tap_eq_int(system(command), 0, "tidy");
	return tap_done();
}
