/* SPDX-License-Identifier: MIT */
/*
 * The real agent as a child: that it speaks, ends with its stdin or stdout,
 * leaves no process behind, tells a slow reader what it missed, refuses what
 * it should, and leaves the descriptors as they were.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/tap.h"
#include "wire/client.h"
#include "wire/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_S 20

struct agent {
	pid_t pid;
	int in, out; /* what we write to, what we read */
	struct aur_client *client;
	unsigned samples, parts, events, errors, replies;
	uint64_t missed;
	int reply_err;
	unsigned teams;
	int team_err;
	size_t team_size;
	bool ended; /* its output is over */
	int broken; /* what the client made of it */
	uint64_t find_pid, found_start;
	bool agent_part;
};

static void on_part(
    void *arg, struct aur_sample *s, const struct aur_part *part)
{
	struct agent *a = arg;

	(void)s;
	a->parts++;
	if (part->domain->id == AUR_DOMAIN_AGENT && part->n == 1 &&
	    aur_part_has(part, 0, AUR_AGENT_cpu) &&
	    aur_part_has(part, 0, AUR_AGENT_missed))
		a->agent_part = true;
}

static void on_sample(void *arg, struct aur_sample *s)
{
	struct agent *a = arg;
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_PROCESS);

	a->samples++;
	a->missed += s->missed;
	for (size_t i = 0; p != NULL && i < p->n; i++)
		if (p->inst[i].key.v[0] == a->find_pid)
			a->found_start = p->inst[i].key.v[1];
}

static void on_event(void *arg, const struct aur_event *event)
{
	struct agent *a = arg;

	a->events += aur_slice_is(event->kind, "process_signal");
}

static void on_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct agent *a = arg;

	(void)request;
	a->replies++;
	a->reply_err = reply->err;
}

static void on_error(void *arg, int err, struct aur_slice text)
{
	struct agent *a = arg;

	(void)text;
	a->errors += err == AUR_EPROTOCOL;
}

static void on_team(void *arg, const struct aur_team_answer *answer)
{
	struct agent *a = arg;

	a->teams++;
	a->team_err = answer->err;
	a->team_size = answer->file.n;
}

static const struct aur_client_handler handler = {.part = on_part,
    .team = on_team,
    .sample = on_sample,
    .event = on_event,
    .reply = on_reply,
    .error = on_error};

static const char *program(void)
{
	static char path[1024];
	const char *build = getenv("AUR_BUILDDIR");

	if (getenv("AURORA_AGENTD") != NULL)
		return getenv("AURORA_AGENTD");
	snprintf(path, sizeof(path), "%s/aurora-agentd",
	    build != NULL ? build : ".");
	return path;
}

/* Starts it in a process group of its own on two descriptors, which are
 * closed here. */
static pid_t spawn(int in, int out, const char *option, const char *value)
{
	pid_t pid = fork();

	if (pid != 0) {
		if (pid > 0)
			setpgid(pid, pid);
		return pid;
	}
	setpgid(0, 0);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(126);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	execl(
	    program(), "aurora-agentd", "--stdio", option, value, (char *)NULL);
	_exit(127);
}

static bool start(struct agent *a, const char *role, int pipe_size)
{
	int in[2], out[2];

	*a = (struct agent){0};
	if (pipe(in) < 0 || pipe(out) < 0)
		return false;
#if defined(F_SETPIPE_SZ)
	if (pipe_size > 0 && fcntl(out[1], F_SETPIPE_SZ, pipe_size) < 0)
		return false;
#else
	(void)pipe_size;
#endif
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	fcntl(out[0], F_SETFD, FD_CLOEXEC);
	a->pid = spawn(in[0], out[1], role != NULL ? "--role" : NULL, role);
	close(in[0]);
	close(out[1]);
	a->in = in[1];
	a->out = out[0];
	return a->pid > 0 && aur_client_new(&a->client, &handler, a) == 0;
}

static void send_all(struct agent *a)
{
	struct aur_buf *out = aur_client_out(a->client);

	while (aur_buf_peek(out).n > 0) {
		struct aur_slice s = aur_buf_peek(out);
		ssize_t n = write(a->in, s.p, s.n);

		if (n <= 0)
			return;
		aur_buf_take(out, (size_t)n);
	}
}

/* Reads what comes within `ms`. */
static void hear(struct agent *a, int ms)
{
	static uint8_t chunk[65536];
	struct pollfd p = {.fd = a->out, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return;
	n = read(a->out, chunk, sizeof(chunk));
	if (n <= 0)
		a->ended = true;
	else if (a->broken == 0)
		a->broken =
		    aur_client_put(a->client, aur_slice_of(chunk, (size_t)n));
}

static bool late(struct aur_mono since)
{
	return aur_mono_since(aur_clock_mono(), since).ns >
	       PATIENCE_S * AUR_SECOND_NS;
}

static void hear_samples(struct agent *a, unsigned n)
{
	struct aur_mono since = aur_clock_mono();

	while (a->samples < n && !a->ended && !late(since))
		hear(a, 1000);
}

/* The wait status, or -1 when it does not end. */
static int await_end(struct agent *a)
{
	struct aur_mono since = aur_clock_mono();
	int status;

	while (!late(since)) {
		if (waitpid(a->pid, &status, WNOHANG) == a->pid)
			return status;
		poll(NULL, 0, 20);
	}
	return -1;
}

/* Whether nobody of its process group is left. */
static bool is_gone(const struct agent *a)
{
	struct aur_mono since = aur_clock_mono();

	while (!late(since)) {
		if (kill(-a->pid, 0) < 0 && errno == ESRCH)
			return true;
		poll(NULL, 0, 20);
	}
	return false;
}

/* Ends what a test left, unless it did so itself: then its group is no more. */
static void finish(struct agent *a)
{
	kill(-a->pid, SIGKILL);
	waitpid(a->pid, NULL, 0);
	if (a->in >= 0)
		close(a->in);
	if (a->out >= 0)
		close(a->out);
	aur_client_free(a->client);
}

static void want(struct agent *a, int64_t ms)
{
	struct aur_want w = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = aur_want_process_all(),
	    .interval = aur_span_ms(ms)};

	if (aur_client_want(a->client, &w) == 0)
		send_all(a);
}

static void test_stdin(void)
{
	struct agent a;
	int status;

	if (!tap_ok(start(&a, NULL, 0), "an agent on two pipes"))
		return;
	want(&a, 100);
	hear_samples(&a, 3);
	tap_ok(a.samples >= 3 && a.broken == 0, "samples come");
	tap_ok(a.agent_part, "with what the agent costs");
	close(a.in);
	a.in = -1;
	status = await_end(&a);
	tap_ok(status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "it ends well with its stdin");
	tap_ok(is_gone(&a), "and leaves no process behind");
	finish(&a);
}

static void test_reader(void)
{
	struct agent a;
	int status;

	if (!tap_ok(start(&a, NULL, 0), "an agent"))
		return;
	want(&a, 100);
	hear_samples(&a, 1);
	close(a.out);
	a.out = -1;
	status = await_end(&a);
	tap_ok(status >= 0 && WIFEXITED(status),
	    "it ends when nobody reads, whatever stdin does");
	tap_ok(is_gone(&a), "and leaves no process behind");
	finish(&a);
}

static void test_killed(int number, const char *name)
{
	struct agent a;

	if (!tap_ok(start(&a, NULL, 0), "an agent"))
		return;
	want(&a, 100);
	hear_samples(&a, 2);
	kill(a.pid, number);
	tap_ok(await_end(&a) >= 0, "%s ends it", name);
	tap_ok(is_gone(&a), "with its helper");
	finish(&a);
}

static void test_slow(void)
{
	struct aur_mono since = aur_clock_mono();
	struct agent a;
	unsigned before;

	if (!tap_ok(start(&a, NULL, 4096), "an agent on a narrow pipe"))
		return;
	want(&a, 100);
	while (a.missed == 0 && !a.ended && !late(since)) {
		poll(NULL, 0, 400); /* not reading */
		for (int i = 0; i < 30; i++)
			hear(&a, 10);
	}
	tap_ok(a.missed > 0, "a slow reader hears what it missed");
	before = a.samples;
	hear_samples(&a, before + 3);
	tap_ok(a.samples >= before + 3 && a.broken == 0,
	    "and goes on when it reads again");
	close(a.in);
	a.in = -1;
	finish(&a);
}

static void test_garbage(void)
{
	struct aur_mono since = aur_clock_mono();
	struct agent a;
	int status;

	if (!tap_ok(start(&a, NULL, 0), "an agent"))
		return;
	if (write(a.in, "what is this?\n", 14) != 14)
		tap_ok(false, "it can be written to");
	while (!a.ended && !late(since))
		hear(&a, 1000);
	tap_eq_u64(a.errors, 1, "garbage gets an error message");
	status = await_end(&a);
	tap_ok(status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "and it exits with 1");
	finish(&a);
}

/* A process to act on. */
static pid_t victim(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	return pid;
}

static void test_act(const char *role)
{
	struct aur_mono since = aur_clock_mono();
	bool viewer = strcmp(role, "viewer") == 0;
	struct aur_act act = {.kind = AUR_ACT_SIGNAL, .value = SIGTERM};
	struct agent a;
	pid_t pid = victim();
	uint64_t id;
	int status = 0;

	if (!tap_ok(start(&a, role, 0), "an agent, role %s", role))
		return;
	a.find_pid = (uint64_t)pid;
	want(&a, 100);
	while (a.found_start == 0 && !a.ended && !late(since))
		hear(&a, 1000);
	tap_ok(a.found_start > 0, "sees a process of ours");
	act.pid = (uint64_t)pid;
	act.start_ticks = a.found_start + 1;
	for (unsigned i = 0; i < 2; i++, act.start_ticks--) {
		if (aur_client_act(a.client, &act, &id) < 0)
			break;
		send_all(&a);
		while (a.replies == i && !a.ended && !late(since))
			hear(&a, 1000);
		tap_eq_int(a.reply_err,
		    viewer   ? AUR_EDENIED
		    : i == 0 ? AUR_ECHANGED
			     : 0,
		    i == 0 ? "with another start" : "with its start");
	}
	while (!viewer && a.events == 0 && !a.ended && !late(since))
		hear(&a, 1000);
	tap_eq_u64(a.events, viewer ? 0 : 1, "events told of it");
	if (viewer)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	tap_eq_int(
	    WTERMSIG(status), viewer ? SIGKILL : SIGTERM, "what became of it");
	close(a.in);
	a.in = -1;
	finish(&a);
}

/* --- a published team ----------------------------------------------------- */

#define TEAM "0123456789abcdef"

static int ask_team(struct agent *a, const char *id)
{
	struct aur_mono since = aur_clock_mono();
	unsigned had = a->teams;
	uint64_t request;

	a->team_err = 1;
	if (aur_client_team(a->client, aur_slice_str(id), &request) < 0)
		return 2;
	send_all(a);
	while (a->teams == had && !a->ended && !late(since))
		hear(a, 1000);
	return a->team_err;
}

static bool write_team(const char *path, size_t size, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good =
	    fd >= 0 && ftruncate(fd, (off_t)size) == 0 && fchmod(fd, mode) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* What was published to the account, read by a viewer's agent; what is not a
 * file of our own is given to nobody. */
static void test_team(void)
{
	char dir[] = "/tmp/aurora-stdio-XXXXXX", path[256], link[256];
	struct agent a;

	if (mkdtemp(dir) == NULL || setenv("XDG_STATE_HOME", dir, 1) < 0)
		return;
	snprintf(path, sizeof(path), "%s/aurora", dir);
	(void)mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/aurora/teams", dir);
	(void)mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/aurora/teams/" TEAM ".json", dir);
	snprintf(
	    link, sizeof(link), "%s/aurora/teams/fedcba9876543210.json", dir);
	if (!tap_ok(start(&a, "viewer", 0), "an agent for a viewer"))
		return;
	want(&a, 100);
	while (a.samples == 0 && !a.ended)
		hear(&a, 1000);
	tap_eq_int(ask_team(&a, TEAM), AUR_EABSENT, "nothing is published");
	tap_ok(write_team(path, 300000, 0600), "a team is");
	tap_eq_int(ask_team(&a, TEAM), 0, "it is handed out");
	tap_eq_u64(a.team_size, 300000, "whole");
	tap_eq_int(
	    ask_team(&a, "../teams/" TEAM), AUR_EINVALID, "a path is no id");
	tap_eq_int(ask_team(&a, ""), AUR_EINVALID, "nor is nothing");
	tap_eq_int(symlink(path, link), 0, "a link to it");
	tap_eq_int(ask_team(&a, "fedcba9876543210"), AUR_EDENIED, "is refused");
	tap_ok(write_team(path, 10, 0666), "what others may write");
	tap_eq_int(ask_team(&a, TEAM), AUR_EDENIED, "as well");
	tap_ok(write_team(path, AUR_MAX_TEAM_FILE + 1, 0600), "a huge one");
	tap_eq_int(ask_team(&a, TEAM), AUR_ELIMIT, "too");
	close(a.in);
	a.in = -1;
	finish(&a);
	unlink(link);
	unlink(path);
	for (int i = 0; i < 2; i++) {
		*strrchr(path, '/') = '\0';
		rmdir(path);
	}
	rmdir(dir);
	unsetenv("XDG_STATE_HOME");
}

static void test_socket(void)
{
	struct agent a = {0};
	int pair[2], theirs;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return;
	theirs = dup(pair[1]);
	a.pid = spawn(pair[1], pair[1], NULL, NULL);
	close(pair[1]);
	a.in = pair[0];
	a.out = dup(pair[0]);
	if (aur_client_new(&a.client, &handler, &a) < 0)
		return;
	want(&a, 100);
	hear_samples(&a, 2);
	tap_ok(a.samples >= 2, "an agent on one socket");
	shutdown(pair[0], SHUT_WR);
	tap_ok(await_end(&a) >= 0, "ends with it");
	tap_ok((fcntl(theirs, F_GETFL) & O_NONBLOCK) == 0,
	    "and leaves it as it was");
	close(theirs);
	finish(&a);
}

/* Exit status of the program with one argument. */
static int run(const char *word, const char *value)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
			_exit(126);
		execl(program(), "aurora-agentd", word, value, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_options(void)
{
	tap_eq_int(run("--version", NULL), 0, "--version");
	tap_eq_int(run("--help", NULL), 0, "--help");
	tap_eq_int(run("--daemon", NULL), 2, "an unknown option");
	tap_eq_int(run("--role", "viewer"), 2, "a role of a service");
	tap_eq_int(run("--config", NULL), 2, "settings without a file");
	tap_eq_int(run("--config", "/nonexistent"), 1, "settings not there");
	tap_eq_int(run("--role", "owner"), 2, "an unknown role");
	tap_eq_int(run("--role", NULL), 2, "a role without a name");
	tap_eq_int(run("--member", "a\nb"), 2, "a bad member name");
	tap_eq_int(run("--stdio", "--role=viewer"), 0, "stdin at its end");
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (access(program(), X_OK) < 0) {
		tap_skip("aurora-agentd is not built");
		return tap_done();
	}
	test_options();
	if (!tap_samples())
		return tap_done();
	test_stdin();
	test_reader();
	test_killed(SIGTERM, "SIGTERM");
	test_killed(SIGKILL, "SIGKILL");
	test_slow();
	test_garbage();
	test_act("operator");
	test_act("viewer");
	test_team();
	test_socket();
	return tap_done();
}
