/* SPDX-License-Identifier: MIT */
/*
 * Who reads the real service: on its socket, as this user or that, or through
 * a bridge; what it heard is in struct reader.
 */
#ifndef TESTS_AGENTD_READER_H
#define TESTS_AGENTD_READER_H

#include "base/err.h"
#include "tests/harness/service.h"
#include "wire/client.h"

#include <errno.h>
#include <sys/socket.h>

#define NOBODY 65534

/* Waits until somebody answers on the socket. */
static inline bool is_served(void)
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

static inline pid_t start_service(void)
{
	pid_t pid = spawn_service();

	return is_served() ? pid : -1;
}

/* Whether the log has it, now or soon. */
static inline bool says(const char *text)
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

struct reader {
	int in, out; /* what is written to and read from; often one */
	pid_t pid;   /* of a bridge */
	struct aur_client *client;
	unsigned samples, events, replies, errors;
	char failed[256]; /* units: "a.service;" */
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

static inline void copy(char *out, size_t size, struct aur_slice s)
{
	snprintf(out, size, "%.*s", (int)s.n, (const char *)s.p);
}

static inline void on_hello(void *arg, const struct aur_hello *h)
{
	struct reader *r = arg;

	copy(r->mode, sizeof(r->mode), h->mode);
	copy(r->role, sizeof(r->role), h->role);
	r->sight = h->sight;
}

static inline void look_at_processes(struct reader *r, const struct aur_part *p)
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

static inline void on_sample(void *arg, struct aur_sample *s)
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

static inline void on_event(void *arg, const struct aur_event *e)
{
	struct reader *r = arg;

	r->events += aur_slice_is(e->kind, "process_signal") && e->number > 0;
	for (size_t i = 0; i < e->npair; i++) {
		if (aur_slice_is(e->pair[i].key, "member"))
			copy(r->member, sizeof(r->member), e->pair[i].value);
		if (aur_slice_is(e->pair[i].key, "uid"))
			copy(r->uid, sizeof(r->uid), e->pair[i].value);
		if (aur_slice_is(e->kind, "unit_failed"))
			copy(r->failed + strlen(r->failed),
			    sizeof(r->failed) - strlen(r->failed),
			    e->pair[i].value);
	}
}

static inline void on_reply(
    void *arg, uint64_t request, const struct aur_act_reply *reply)
{
	struct reader *r = arg;

	(void)request;
	r->replies++;
	r->reply_err = reply->err;
}

static inline void on_error(void *arg, int err, struct aur_slice text)
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
static inline bool join_as(struct reader *r, unsigned uid)
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
static inline bool bridge_as(
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

static inline void leave(struct reader *r)
{
	if (r->in >= 0)
		close(r->in);
	r->in = r->out = -1;
	if (r->pid > 0 && await_end(r->pid) == -1000)
		kill(r->pid, SIGKILL);
	aur_client_free(r->client);
	r->client = NULL;
}

static inline void send_all(struct reader *r)
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
static inline void hear(struct reader *r, int ms)
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

static inline struct aur_want want_of(uint64_t domains, int64_t ms)
{
	return (struct aur_want){.domains = domains,
	    .process_fields = (domains & AUR_WANT_DOMAIN(PROCESS)) != 0
				  ? aur_want_process_all()
				  : 0,
	    .interval = aur_span_ms(ms),
	    .aligned = true};
}

static inline void want(struct reader *r, uint64_t domains, int64_t ms)
{
	struct aur_want w = want_of(domains, ms);

	if (aur_client_want(r->client, &w) == 0)
		send_all(r);
}

#define SYSTEM (AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(AGENT))
#define PROCESSES (AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(TASKS) | SYSTEM)

/* Until the service knows it: its own hello comes before ours is read. */
static inline void settle(struct reader *r)
{
	want(r, SYSTEM, 3600000);
	HEAR_UNTIL(r, r->samples > 0);
}

/* Somebody to look at, or to end. */
static inline pid_t victim(unsigned uid)
{
	pid_t pid = fork();

	if (pid == 0) {
		/* in this order: another user forgets whose child it is */
		if ((uid != 0 && setuid(uid) < 0) ||
		    prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
			_exit(126);
		for (;;)
			pause();
	}
	return pid;
}

#endif
