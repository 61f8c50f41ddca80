/* SPDX-License-Identifier: MIT */
/*
 * The real service on a real socket, in a folder of its own: readers with
 * different wants, of different users, slow, hostile and too many; bridges
 * to it; its death, in each way; and a second one.
 */
#include "agentd/place.h"
#include "base/clock.h"
#include "base/err.h"
#include "tests/harness/tap.h"
#include "wire/client.h"
#include "wire/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_S 30
#define NOBODY 65534

static char folder[64]; /* of the service's socket */
static char config[96]; /* agentd.json */
static char program[1024];
static char log_path[96];

static bool late(struct aur_mono since)
{
	return aur_mono_since(aur_clock_mono(), since).ns >
	       PATIENCE_S * AUR_SECOND_NS;
}

static void nap(void)
{
	poll(NULL, 0, 20);
}

/* --- the service ---------------------------------------------------------- */

static void settings(const char *text)
{
	FILE *f = fopen(config, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		tap_ok(false, "settings can be written");
}

/* Starts it; stderr goes to the log. */
static pid_t spawn_service(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);

		/* a test that is killed leaves nobody behind */
		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
		    dup2(fd, STDERR_FILENO) < 0 ||
		    prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
			_exit(126);
		execl(
		    program, "aurora-agentd", "--config", config, (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* Waits until somebody answers on the socket. */
static bool is_served(void)
{
	struct aur_mono since = aur_clock_mono();

	while (!late(since)) {
		int fd = place_connect(folder);

		if (fd >= 0) {
			close(fd);
			return true;
		}
		nap();
	}
	return false;
}

static pid_t start_service(void)
{
	pid_t pid = spawn_service();

	return is_served() ? pid : -1;
}

/* Its exit status, -N for signal N; -1000 when it does not end. */
static int await_end(pid_t pid)
{
	struct aur_mono since = aur_clock_mono();
	int status;

	while (!late(since)) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : -WTERMSIG(status);
		nap();
	}
	return -1000;
}

static int end_service(pid_t pid, int number)
{
	if (pid <= 0)
		return -1000;
	kill(pid, number);
	return await_end(pid);
}

static bool is_there(const char *name)
{
	char path[160];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return lstat(path, &st) == 0;
}

/* Whether the log has it, now or soon. */
static bool says(const char *text)
{
	struct aur_mono since = aur_clock_mono();
	static char all[65536];

	while (!late(since)) {
		FILE *f = fopen(log_path, "r");
		size_t n = f != NULL ? fread(all, 1, sizeof(all) - 1, f) : 0;

		if (f != NULL)
			fclose(f);
		all[n] = '\0';
		if (strstr(all, text) != NULL)
			return true;
		nap();
	}
	return false;
}

/* --- readers -------------------------------------------------------------- */

struct reader {
	int in, out; /* what is written to and read from; often one */
	pid_t pid;   /* of a bridge */
	struct aur_client *client;
	unsigned samples, events, replies, errors;
	int error, reply_err;
	bool ended;
	char mode[16], role[16], source[16], member[32], uid[32];
	enum aur_sight sight;
	uint64_t missed, domains, fields;
	int64_t wall[16]; /* of samples */
	uint64_t find_pid, found_start, pids;
	bool find_io; /* the one to find shows its I/O */
	uint64_t agent_pid;
};

static void copy(char *out, size_t size, struct aur_slice s)
{
	snprintf(out, size, "%.*s", (int)s.n, (const char *)s.p);
}

static void on_hello(void *arg, const struct aur_hello *h)
{
	struct reader *r = arg;

	copy(r->mode, sizeof(r->mode), h->mode);
	copy(r->role, sizeof(r->role), h->role);
	r->sight = h->sight;
}

static void look_at_processes(struct reader *r, const struct aur_part *p)
{
	r->pids = p->n;
	for (size_t i = 0; i < p->n; i++) {
		uint64_t pid = p->inst[i].key.v[0];

		r->fields |= p->have[i];
		if (pid != r->find_pid)
			continue;
		r->found_start = p->inst[i].key.v[1];
		r->find_io = aur_part_has(p, i, AUR_PROCESS_read_bytes);
	}
}

static void on_sample(void *arg, struct aur_sample *s)
{
	struct reader *r = arg;
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_TASKS);
	struct aur_slice text;

	if (r->samples < AUR_ARRAY_LEN(r->wall))
		r->wall[r->samples] = s->wall.ns;
	r->samples++;
	r->missed += s->missed;
	r->domains = 0;
	for (size_t i = 0; i < s->npart; i++)
		r->domains |= (uint64_t)1 << s->part[i].domain->id;
	if (p != NULL && p->n == 1 &&
	    aur_part_text(p, 0, AUR_TASKS_source, &text))
		copy(r->source, sizeof(r->source), text);
	p = aur_sample_get(s, AUR_DOMAIN_AGENT);
	if (p != NULL && p->n == 1)
		r->agent_pid = aur_part_cell(p, 0, AUR_AGENT_pid);
	p = aur_sample_get(s, AUR_DOMAIN_PROCESS);
	if (p != NULL)
		look_at_processes(r, p);
}

static void on_event(void *arg, const struct aur_event *e)
{
	struct reader *r = arg;

	r->events += aur_slice_is(e->kind, "process_signal") && e->number > 0;
	for (size_t i = 0; i < e->npair; i++) {
		if (aur_slice_is(e->pair[i].key, "member"))
			copy(r->member, sizeof(r->member), e->pair[i].value);
		if (aur_slice_is(e->pair[i].key, "uid"))
			copy(r->uid, sizeof(r->uid), e->pair[i].value);
	}
}

static void on_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct reader *r = arg;

	(void)request;
	r->replies++;
	r->reply_err = reply->err;
}

static void on_error(void *arg, int err, struct aur_slice text)
{
	struct reader *r = arg;

	r->errors += text.n > 0;
	r->error = err;
}

static const struct aur_client_handler handler = {.hello = on_hello,
    .sample = on_sample,
    .event = on_event,
    .reply = on_reply,
    .error = on_error};

/* A reader of the service itself, connected as user `uid`. */
static bool join_as(struct reader *r, unsigned uid)
{
	struct aur_mono since = aur_clock_mono();
	int fd = -1;

	*r = (struct reader){.in = -1, .out = -1};
	if (uid != 0 && seteuid(uid) < 0)
		return false;
	while (fd < 0 && !late(since)) {
		fd = place_connect(folder);
		if (fd < 0)
			nap();
	}
	if (uid != 0 && seteuid(0) < 0)
		return false;
	r->in = r->out = fd;
	return fd >= 0 && aur_client_new(&r->client, &handler, r) == 0;
}

/* A reader of a bridge, which runs as `uid` (0: as we do). */
static bool bridge_as(
    struct reader *r, unsigned uid, const char *role, const char *member)
{
	int pair[2];

	*r = (struct reader){.in = -1, .out = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	r->pid = fork();
	if (r->pid == 0) {
		if (dup2(pair[1], 0) < 0 || dup2(pair[1], 1) < 0 ||
		    (uid != 0 && setuid(uid) < 0))
			_exit(126);
		execl(program, "aurora-agentd", "--stdio", "--role", role,
		    "--member", member, (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	r->in = r->out = pair[0];
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	return r->pid > 0 && aur_client_new(&r->client, &handler, r) == 0;
}

static void leave(struct reader *r)
{
	if (r->in >= 0)
		close(r->in);
	r->in = r->out = -1;
	if (r->pid > 0 && await_end(r->pid) == -1000)
		kill(r->pid, SIGKILL);
	aur_client_free(r->client);
	r->client = NULL;
}

static void send_all(struct reader *r)
{
	struct aur_buf *out = aur_client_out(r->client);

	while (aur_buf_peek(out).n > 0) {
		struct aur_slice s = aur_buf_peek(out);
		ssize_t n = send(r->in, s.p, s.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			nap();
			continue;
		}
		if (n <= 0)
			return;
		aur_buf_take(out, (size_t)n);
	}
}

/* Reads what comes within `ms`. */
static void hear(struct reader *r, int ms)
{
	static uint8_t chunk[65536];
	struct pollfd p = {.fd = r->out, .events = POLLIN};
	ssize_t n;

	send_all(r);
	if (r->ended || poll(&p, 1, ms) <= 0)
		return;
	n = recv(r->out, chunk, sizeof(chunk), 0);
	if (n <= 0 && !(n < 0 && errno == EAGAIN))
		r->ended = true;
	else if (n > 0 &&
		 aur_client_put(r->client, aur_slice_of(chunk, (size_t)n)) < 0)
		r->ended = true;
}

#define HEAR_UNTIL(r, condition)                                               \
	for (struct aur_mono since_ = aur_clock_mono();                        \
	     !(condition) && !(r)->ended && !late(since_);)                    \
	hear((r), 200)

static struct aur_want want_of(uint64_t domains, int64_t ms)
{
	return (struct aur_want){.domains = domains,
	    .process_fields = (domains & AUR_WANT_DOMAIN(PROCESS)) != 0
				  ? aur_want_process_all()
				  : 0,
	    .interval = aur_span_ms(ms),
	    .aligned = true};
}

static void want(struct reader *r, uint64_t domains, int64_t ms)
{
	struct aur_want w = want_of(domains, ms);

	if (aur_client_want(r->client, &w) == 0)
		send_all(r);
}

#define SYSTEM (AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(AGENT))
#define PROCESSES (AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(TASKS) | SYSTEM)

/* Until the service knows it: its own hello comes before ours is read. */
static void settle(struct reader *r)
{
	want(r, SYSTEM, 3600000);
	HEAR_UNTIL(r, r->samples > 0);
}

/* --- tests ---------------------------------------------------------------- */

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

static pid_t victim(unsigned uid)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (uid != 0 && setuid(uid) < 0)
			_exit(126);
		for (;;)
			pause();
	}
	return pid;
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

/* --- bridges -------------------------------------------------------------- */

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
	leave(&a);
	service = start_service();
	tap_ok(service > 0, "a new service takes the place");
	return service;
}

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
	leave(&a);
	kill(service, SIGCONT);
	tap_ok(is_served(), "it may wake up");
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

/* --- the frame ------------------------------------------------------------ */

/* A folder whose path is short enough for a socket, for everybody. */
static bool make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/aurora-service-XXXXXX");
	if (mkdtemp(folder) == NULL || chmod(folder, 0755) < 0)
		return false;
	snprintf(config, sizeof(config), "%s/agentd.json", folder);
	snprintf(log_path, sizeof(log_path), "%s/log", folder);
	setenv("RUNTIME_DIRECTORY", folder, 1);
	/* what is recorded has a test of its own */
	setenv("STATE_DIRECTORY", "/dev/null/none", 1);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("JOURNAL_STREAM");
	settings("{}");
	return true;
}

static void remove_folder(void)
{
	static const char *const names[] = {
	    "agentd.json", "log", PLACE_SOCKET, PLACE_LOCK};
	char path[160];

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
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
	test_bridge();
	test_event("operator");
	test_event("viewer");
	test_claims();
	test_frozen(service);
	test_second();
	service = test_death(service, SIGKILL, "killed");
	service = test_death(service, SIGTERM, "told to end");
	test_lockless();
	tap_eq_int(end_service(service, SIGINT), 0, "the end");
}

int main(void)
{
	const char *build = getenv("AUR_BUILDDIR");

	signal(SIGPIPE, SIG_IGN);
	snprintf(program, sizeof(program), "%s/aurora-agentd",
	    build != NULL ? build : ".");
	if (access(program, X_OK) < 0) {
		tap_skip("aurora-agentd is not built");
		return tap_done();
	}
	if (!tap_samples())
		return tap_done();
	if (make_folder())
		test_all();
	else
		tap_ok(false, "a folder for the socket");
	remove_folder();
	return tap_done();
}
