/* SPDX-License-Identifier: MIT */
/*
 * The helper seen from the sampler: a queue of jobs, a child that does them
 * one after another, and a deadline for the one at its head.
 *
 *	         ask                 send                answer
 *	(none) ───────▶ queued ──────────────▶ sent ─────────────▶ done
 *	                  ▲                      │
 *	                  │ the others           │ 20 ms at the head, asleep,
 *	                  └──────────────────────┤ and others behind it
 *	                                         ▼
 *	                            answer     aside     over 2 s
 *	                  done ◀───────────── (with its ──────────▶ done with
 *	                                        child)  killed      TIMEOUT
 *
 * So one dead mount keeps nothing else waiting: it goes aside with the child
 * that hangs in it, and a new child goes on, until the old one answers after
 * all. Then that is taken back: it was forked while we were small, and has
 * little of our memory to itself. A child that waits for a CPU does not hang:
 * the machine is busy, and more children would not help. A thread was
 * rejected: one that is stuck in the kernel keeps its process from ending, and
 * cannot be killed alone. A stuck child cannot be reaped either until the
 * kernel lets it go, so only a few are aside or given up before no more are
 * started; a path that hung is left alone for a while.
 */
#include "collect/linux/helper_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "collect/linux/parse_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_MS 2000
/* A child that slept at two looks, so far apart, hangs: the next jobs go
 * elsewhere. The first look is after the same time. */
#define LOOK_MS 10
#define SHUN_MS 60000 /* how long a path that hung is not asked for */
#define SHUNNED 32u   /* so many of them are remembered */
#define STUCK_MAX 3u  /* children aside, or given up and not ended */
#define IN_FLIGHT 32u /* jobs sent and not answered */
#define BACKOFF_MAX_MS 60000

struct job {
	uint64_t id, tag;
	enum aur_job_kind kind;
	char *path; /* owned */
	aur_job_done_fn done;
	void *arg;
};

struct shun {
	uint64_t hash; /* of kind and path */
	struct aur_mono until;
};

struct child {
	int sock; /* -1: none */
	pid_t pid;
};

struct aside {
	struct child child;
	struct job job;
	struct aur_mono since;
};

struct aur_helper {
	const struct aur_root *root;
	bool in_process;
	struct child child;
	struct child spare; /* was aside, and has answered */
	struct aside aside[STUCK_MAX];
	size_t naside;
	pid_t given_up[STUCK_MAX + 1];
	size_t ngiven_up;
	struct job *job; /* a queue, AUR_MAX_HELPER_JOBS; owned */
	size_t first, n; /* its head and length */
	size_t nsent;	 /* of these, from the head on */
	uint64_t last_id;
	struct aur_mono head_since; /* when the head was seen to be head */
	struct aur_mono asleep;	    /* since when its child was; 0: was not */
	bool hangs;		    /* the head does */
	struct aur_mono not_before; /* no child is started before */
	int64_t backoff_ms;
	uint64_t restarts;
	struct aur_span cpu;	  /* of children that ended */
	struct aur_span cpu_now;  /* of the child, when last looked at */
	struct aur_span cpu_told; /* what a child aside has used is told when
				     it ends; till then it must not fall */
	bool cpu_moved;		  /* it has had jobs since */
	struct shun shun[SHUNNED];
};

static struct job *job_at(struct aur_helper *h, size_t i)
{
	return &h->job[(h->first + i) % AUR_MAX_HELPER_JOBS];
}

struct aur_helper *aur__helper_new(const struct aur_root *root, bool in_process)
{
	struct aur_helper *h = aur_mem_new(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->root = root;
	h->in_process = in_process;
	h->child.sock = h->spare.sock = -1;
	return h;
}

/* Adds what an ended child has used. */
static void add_cpu(struct aur_helper *h, const struct rusage *u)
{
	int64_t us =
	    (int64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000 +
	    u->ru_utime.tv_usec + u->ru_stime.tv_usec;

	h->cpu.ns += us * 1000;
}

/* Whether the child `pid` is gone (or never was ours). */
static bool reap(struct aur_helper *h, pid_t pid)
{
	struct rusage used;
	pid_t rc = wait4(pid, NULL, WNOHANG, &used);

	if (rc == 0 || (rc < 0 && errno == EINTR))
		return false;
	if (rc == pid)
		add_cpu(h, &used);
	return true;
}

static void reap_given_up(struct aur_helper *h)
{
	for (size_t i = 0; i < h->ngiven_up;) {
		if (reap(h, h->given_up[i]))
			h->given_up[i] = h->given_up[--h->ngiven_up];
		else
			i++;
	}
}

/* Ends a child; waits for it a moment, for most are merely idle. */
static void end_child(struct aur_helper *h, struct child *c)
{
	if (c->sock < 0)
		return;
	close(c->sock);
	c->sock = -1;
	if (c == &h->child)
		h->cpu_now.ns = 0;
	kill(c->pid, SIGKILL);
	for (int i = 0; i < 20; i++) {
		if (reap(h, c->pid))
			return;
		poll(NULL, 0, 1);
	}
	if (h->ngiven_up < AUR_ARRAY_LEN(h->given_up))
		h->given_up[h->ngiven_up++] = c->pid;
}

void aur__helper_free(struct aur_helper *h)
{
	if (h == NULL)
		return;
	end_child(h, &h->child);
	end_child(h, &h->spare);
	for (size_t i = 0; i < h->naside; i++) {
		end_child(h, &h->aside[i].child);
		aur_mem_free(h->aside[i].job.path);
	}
	reap_given_up(h);
	for (size_t i = 0; i < h->n; i++)
		aur_mem_free(job_at(h, i)->path);
	aur_mem_free(h->job);
	aur_mem_free(h);
}

/* What was sent to it before is answered first; nobody waits for that. */
static void take_back(struct aur_helper *h)
{
	end_child(h, &h->child);
	h->child = h->spare;
	h->spare.sock = -1;
	h->cpu_moved = true;
}

/* 0; AUR_EBUSY: not now; AUR_EUNSUPPORTED: no helper can be had. */
static int start_child(struct aur_helper *h)
{
	int pair[2];
	int parent = (int)getpid();
	pid_t pid;

	if (h->spare.sock >= 0 && h->nsent == 0)
		take_back(h);
	if (h->child.sock >= 0)
		return 0;
	reap_given_up(h);
	if (h->ngiven_up >= STUCK_MAX || aur_clock_mono().ns < h->not_before.ns)
		return AUR_EBUSY;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return AUR_EUNSUPPORTED;
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		aur__helper_serve(
		    pair[1], h->root->dirfd, h->root->live, parent);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return AUR_EUNSUPPORTED;
	}
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
	h->child.sock = pair[0];
	h->child.pid = pid;
	h->nsent = 0;
	h->cpu_now.ns = 0;
	return 0;
}

static uint64_t hash_of(enum aur_job_kind kind, const char *path)
{
	return aur_slice_hash(aur_slice_str(path)) + (uint64_t)kind;
}

/* Remembers a path that hung; the oldest is forgotten for it. */
static void shun(struct aur_helper *h, const struct job *j)
{
	struct shun *oldest = &h->shun[0];

	for (size_t i = 1; i < SHUNNED; i++)
		if (h->shun[i].until.ns < oldest->until.ns)
			oldest = &h->shun[i];
	oldest->hash = hash_of(j->kind, j->path);
	oldest->until = aur_mono_add(aur_clock_mono(), aur_span_ms(SHUN_MS));
}

static bool is_shunned(
    const struct aur_helper *h, enum aur_job_kind kind, const char *path)
{
	uint64_t hash = hash_of(kind, path);

	for (size_t i = 0; i < SHUNNED; i++)
		if (h->shun[i].until.ns != 0 && h->shun[i].hash == hash)
			return aur_clock_mono().ns < h->shun[i].until.ns;
	return false;
}

/* Tells the owner, who may ask again. */
static void finish(struct job *j, int err, struct aur_slice result)
{
	aur_mem_free(j->path);
	j->done(j->arg, j->tag, err, result);
}

static void finish_empty(struct job *j, int err)
{
	finish(j, err, aur_slice_of(NULL, 0));
}

static struct job take_head(struct aur_helper *h)
{
	struct job j = *job_at(h, 0);

	h->first = (h->first + 1) % AUR_MAX_HELPER_JOBS;
	h->n--;
	if (h->nsent > 0)
		h->nsent--;
	h->head_since = aur_clock_mono();
	h->asleep.ns = 0;
	return j;
}

/* The child is stuck with the head, or has died over it. */
static void give_up(struct aur_helper *h, int err)
{
	struct job j;

	end_child(h, &h->child);
	h->restarts++;
	h->backoff_ms = h->backoff_ms == 0 ? 100 : h->backoff_ms * 2;
	if (h->backoff_ms > BACKOFF_MAX_MS)
		h->backoff_ms = BACKOFF_MAX_MS;
	h->not_before =
	    aur_mono_add(aur_clock_mono(), aur_span_ms(h->backoff_ms));
	if (h->nsent > 0) {
		j = take_head(h);
		h->nsent = 0;
		shun(h, &j);
		finish_empty(&j, err);
	}
}

/* Where no child will come soon nobody is kept waiting. */
static void fail_all(struct aur_helper *h, int err)
{
	for (size_t n = h->n; n > 0; n--) {
		struct job j = take_head(h);

		finish_empty(&j, err);
	}
}

static void send_jobs(struct aur_helper *h)
{
	while (h->child.sock >= 0 && h->nsent < h->n && h->nsent < IN_FLIGHT) {
		struct job *j = job_at(h, h->nsent);
		struct aur__helper_request q;
		size_t head = offsetof(struct aur__helper_request, path);
		size_t n = strlen(j->path) + 1;

		q.id = j->id;
		q.kind = (uint32_t)j->kind;
		memcpy(q.path, j->path, n);
		if (send(h->child.sock, &q, head + n, MSG_NOSIGNAL) < 0)
			return; /* full; a dead one is seen by recv */
		h->cpu_moved = true;
		if (h->nsent++ == 0)
			h->head_since = aur_clock_mono();
	}
}

/* The next answer: its bytes behind the head, AUR_EBUSY for none yet,
 * AUR_ECLOSED when the child is gone. */
static int take_answer(int sock, struct aur__helper_answer *a)
{
	const int head = (int)offsetof(struct aur__helper_answer, bytes);
	int got;

	do
		got = (int)recv(sock, a, sizeof(*a), 0);
	while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return AUR_EBUSY;
	return got < head ? AUR_ECLOSED : got - head;
}

/* Takes all that the child has answered. False: it is gone. */
static bool take_answers(struct aur_helper *h)
{
	while (h->child.sock >= 0) {
		struct aur__helper_answer a;
		int n = take_answer(h->child.sock, &a);
		struct job j;

		if (n < 0)
			return n == AUR_EBUSY;
		if (h->nsent == 0 || job_at(h, 0)->id != a.id)
			continue;
		h->backoff_ms = 0;
		j = take_head(h);
		finish(&j, a.err, aur_slice_of(a.bytes, (size_t)n));
		send_jobs(h);
	}
	return true;
}

/* Looks after one that went aside; whether it is settled. What else was sent
 * to its child has been sent to another. */
static bool step_aside(struct aur_helper *h, struct aside *s)
{
	struct aur_span waited = aur_mono_since(aur_clock_mono(), s->since);
	struct aur__helper_answer a;
	int n = take_answer(s->child.sock, &a);

	if (n == AUR_EBUSY && waited.ns < aur_span_ms(DEADLINE_MS).ns)
		return false;
	if (n >= 0 && h->spare.sock < 0)
		h->spare = s->child;
	else
		end_child(h, &s->child);
	if (n >= 0) {
		finish(&s->job, a.err, aur_slice_of(a.bytes, (size_t)n));
		return true;
	}
	h->restarts++;
	shun(h, &s->job);
	finish_empty(&s->job, n == AUR_EBUSY ? AUR_ETIMEOUT : AUR_EIO);
	return true;
}

static void step_asides(struct aur_helper *h)
{
	for (size_t i = 0; i < h->naside;) {
		struct aside s = h->aside[i];

		if (!step_aside(h, &s)) {
			i++;
			continue;
		}
		h->aside[i] = h->aside[--h->naside];
	}
}

static void start_and_send(struct aur_helper *h)
{
	if (h->n > 0 && h->child.sock < 0) {
		int rc = start_child(h);

		if (rc == AUR_EUNSUPPORTED || h->ngiven_up >= STUCK_MAX)
			fail_all(h, rc);
	}
	send_jobs(h);
}

/* The head keeps its child, the others get a new one. */
static void set_aside(struct aur_helper *h)
{
	struct aside *s = &h->aside[h->naside++];

	s->child = h->child;
	s->since = h->head_since;
	s->job = take_head(h);
	h->child.sock = -1;
	h->nsent = 0;
	h->hangs = false;
	start_and_send(h);
}

/* Whether a child of ours waits for something but a CPU, by its stat
 * (proc(5)): "pid (name) state parent ...". True where that cannot be read. */
static bool is_asleep(pid_t pid)
{
	struct aur__stat st;
	char path[32], text[1024];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n <= 0 || aur__parse_stat(aur_slice_of(text, (size_t)n), &st) < 0 ||
	    st.parent != (uint64_t)getpid())
		return true;
	return st.state == 'S' || st.state == 'D';
}

/* Whether the head's child sleeps, and did so a while ago. */
static bool sleeps_on(struct aur_helper *h)
{
	struct aur_mono now = aur_clock_mono();

	if (h->nsent == 0 ||
	    aur_mono_since(now, h->head_since).ns < aur_span_ms(LOOK_MS).ns)
		return false;
	if (!is_asleep(h->child.pid))
		h->asleep.ns = 0;
	else if (h->asleep.ns == 0)
		h->asleep = now;
	return h->asleep.ns != 0 &&
	       aur_mono_since(now, h->asleep).ns >= aur_span_ms(LOOK_MS).ns;
}

/* One round: send, take, and look at the clock. */
static void step(struct aur_helper *h)
{
	struct aur_span waited;
	uint64_t head;
	bool slept;

	reap_given_up(h);
	step_asides(h);
	start_and_send(h);
	/* before the answers: it may sleep because it has answered */
	slept = sleeps_on(h);
	head = slept ? job_at(h, 0)->id : 0;
	h->hangs = false;
	if (!take_answers(h)) {
		give_up(h, AUR_EIO);
		return;
	}
	if (h->nsent == 0)
		return;
	waited = aur_mono_since(aur_clock_mono(), h->head_since);
	h->hangs = slept && job_at(h, 0)->id == head;
	if (waited.ns >= aur_span_ms(DEADLINE_MS).ns)
		give_up(h, AUR_ETIMEOUT);
	else if (h->n > 1 && h->hangs && h->naside + h->ngiven_up < STUCK_MAX)
		set_aside(h);
}

/* Sleeps until an answer, but not beyond what patience wants. */
static void wait_for(struct aur_helper *h, int64_t left_ns)
{
	struct pollfd p[STUCK_MAX + 1];
	int64_t ms = left_ns / 1000000 + 1;
	nfds_t n = 0;

	if (h->n > 0 && ms > LOOK_MS)
		ms = LOOK_MS;
	if (h->child.sock >= 0)
		p[n++] = (struct pollfd){.fd = h->child.sock, .events = POLLIN};
	for (size_t i = 0; i < h->naside; i++)
		p[n++] = (struct pollfd){
		    .fd = h->aside[i].child.sock, .events = POLLIN};
	(void)poll(p, n, (int)ms);
}

/* Until all is answered, `most` is over or, if `but_stuck`, what is left
 * hangs. */
static void wait_until(
    struct aur_helper *h, struct aur_span most, bool but_stuck)
{
	struct aur_mono end = aur_mono_add(aur_clock_mono(), most);

	for (;;) {
		int64_t left;

		step(h);
		left = aur_mono_since(end, aur_clock_mono()).ns;
		if (aur__helper_waiting(h) == 0 || left <= 0 ||
		    (but_stuck && (h->n == 0 || h->hangs)))
			return;
		wait_for(h, left);
	}
}

void aur__helper_poll(struct aur_helper *h, struct aur_span most)
{
	if (h != NULL && (aur__helper_waiting(h) > 0 || h->ngiven_up > 0))
		wait_until(h, most, false);
}

void aur__helper_settle(struct aur_helper *h, struct aur_span most)
{
	if (h != NULL && aur__helper_waiting(h) > 0)
		wait_until(h, most, true);
}

static int queue(struct aur_helper *h, const struct job *j)
{
	if (h->job == NULL)
		h->job = aur_mem_new(AUR_MAX_HELPER_JOBS, sizeof(*h->job));
	if (h->job == NULL)
		return AUR_ENOMEM;
	*job_at(h, h->n) = *j;
	h->n++;
	return 0;
}

static int do_here(struct aur_helper *h, enum aur_job_kind kind,
    const char *path, uint64_t tag, aur_job_done_fn done, void *arg)
{
	uint8_t bytes[AUR_MAX_CMDLINE];
	char whole[AUR__HELPER_PATH + 1] = "/";
	int n;

	/* This process stands elsewhere; statvfs needs the whole path. */
	if (kind == AUR_JOB_STATVFS && h->root->live) {
		memcpy(whole + 1, path, strlen(path) + 1);
		path = whole;
	}
	n = aur__helper_do(h->root->dirfd, h->root->live, kind, path, bytes);
	done(arg, tag, n < 0 ? n : 0,
	    aur_slice_of(bytes, n < 0 ? 0 : (size_t)n));
	return 0;
}

int aur__helper_ask(struct aur_helper *h, enum aur_job_kind kind,
    const char *path, uint64_t tag, aur_job_done_fn done, void *arg)
{
	struct job j = {.kind = kind, .tag = tag, .done = done, .arg = arg};
	int rc;

	if (strlen(path) >= AUR__HELPER_PATH)
		return AUR_ELIMIT;
	if (h->in_process)
		return do_here(h, kind, path, tag, done, arg);
	if (is_shunned(h, kind, path))
		return AUR_ETIMEOUT;
	if (h->n == AUR_MAX_HELPER_JOBS)
		return AUR_EBUSY;
	rc = start_child(h);
	if (rc < 0)
		return rc;
	j.path = aur_mem_dup(path, strlen(path));
	if (j.path == NULL)
		return AUR_ENOMEM;
	j.id = ++h->last_id;
	rc = queue(h, &j);
	if (rc < 0) {
		aur_mem_free(j.path);
		return rc;
	}
	send_jobs(h);
	return 0;
}

size_t aur__helper_waiting(const struct aur_helper *h)
{
	return h == NULL ? 0 : h->n + h->naside;
}

uint64_t aur__helper_restarts(const struct aur_helper *h)
{
	return h == NULL ? 0 : h->restarts;
}

/* An idle child uses nothing, so its clock is read after jobs only. */
struct aur_span aur__helper_cpu(struct aur_helper *h)
{
	struct timespec t;
	clockid_t clock;

	if (h == NULL)
		return (struct aur_span){0};
	if (h->child.sock >= 0 && h->cpu_moved &&
	    clock_getcpuclockid(h->child.pid, &clock) == 0 &&
	    clock_gettime(clock, &t) == 0) {
		h->cpu_now.ns = t.tv_sec * AUR_SECOND_NS + t.tv_nsec;
		h->cpu_moved = h->nsent > 0;
	}
	if (h->cpu_told.ns < h->cpu.ns + h->cpu_now.ns)
		h->cpu_told.ns = h->cpu.ns + h->cpu_now.ns;
	return h->cpu_told;
}
