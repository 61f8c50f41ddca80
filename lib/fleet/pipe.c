/* SPDX-License-Identifier: MIT */
/*
 * The program's end is told by its wait status, not by the end of its bytes:
 * the status says more and is about to come. Only a program that closes its
 * side and lives on is not waited for.
 */
#include "fleet/pipe_int.h"

#include "base/err.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_KEPT 4096u
#define LAST_MOST 256u
#define READS_A_TURN 16

static struct aur__pipe *of(struct aur__transport *t)
{
	return (struct aur__pipe *)t;
}

static void arm(struct aur__pipe *p)
{
	unsigned events =
	    (p->closed ? 0u : AUR_LOOP_READ) | (p->full ? AUR_LOOP_WRITE : 0u);

	aur_watch_set(p->io, events);
}

/* --- stderr --------------------------------------------------------------- */

/* Gives whole lines to the kind, and forgets those that it took. */
static void look_at_lines(struct aur__pipe *p)
{
	struct aur_buf kept;
	struct aur_slice rest = aur_buf_peek(&p->words), line;

	if (p->kind->line == NULL)
		return;
	aur_buf_init(&kept, p->words.max);
	rest = aur_slice_of(rest.p + p->seen, rest.n - p->seen);
	if (p->seen > 0 &&
	    aur_buf_add(&kept, aur_buf_peek(&p->words).p, p->seen) < 0)
		return;
	while (aur_slice_until(&rest, '\n', &line))
		if (!p->kind->line(p, aur_slice_trim(line)) &&
		    (aur_buf_add_slice(&kept, line) < 0 ||
			aur_buf_add_byte(&kept, '\n') < 0))
			break;
	p->seen = kept.n;
	if (aur_buf_add_slice(&kept, rest) < 0)
		p->seen = 0;
	aur_buf_release(&p->words);
	p->words = kept;
}

static void keep_words(struct aur__pipe *p, const char *chunk, size_t n)
{
	if (p->words.n + n > WORDS_KEPT) {
		size_t most = WORDS_KEPT / 2;
		size_t cut = p->words.n > most ? p->words.n - most : 0;

		aur_buf_take(&p->words, cut);
		p->seen = p->seen > cut ? p->seen - cut : 0;
	}
	if (aur_buf_add(&p->words, chunk, n) == 0)
		look_at_lines(p);
}

static void read_stderr(struct aur__pipe *p)
{
	char chunk[1024];
	ssize_t n;

	for (int i = 0; i < READS_A_TURN; i++) {
		n = read(aur_child_stderr(p->child), chunk, sizeof chunk);
		if (n <= 0)
			break;
		keep_words(p, chunk, (size_t)n);
	}
	if (n == 0)
		aur_watch_set(p->err, 0);
}

static void on_stderr(void *arg, unsigned ready)
{
	(void)ready;
	read_stderr(arg);
}

struct aur_slice aur__pipe_last(const struct aur__pipe *p)
{
	struct aur_slice rest = aur_slice_trim(aur_buf_peek(&p->words));
	struct aur_slice last = {NULL, 0}, line;

	while (aur_slice_line(&rest, &line))
		last = aur_slice_trim(line);
	if (last.n > LAST_MOST)
		last.n = LAST_MOST;
	return last;
}

struct aur_slice aur__pipe_words(const struct aur__transport *t)
{
	return aur_buf_peek(&((const struct aur__pipe *)t)->words);
}

/* --- the end -------------------------------------------------------------- */

static void end(struct aur__pipe *p, int status)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};

	if (p->ended)
		return;
	p->ended = true;
	aur_timer_stop(p->late);
	read_stderr(p);
	p->kind->explain(p, status, &why);
	p->handler->ended(p->arg, &why);
}

static void on_ended(void *arg)
{
	struct aur__pipe *p = arg;

	end(p, aur_child_status(p->child));
}

static void on_late(void *arg)
{
	end(arg, -1);
}

static void await_end(struct aur__pipe *p)
{
	if (p->closed)
		return;
	p->closed = true;
	p->full = false;
	arm(p);
	aur_timer_start(p->late, p->kind->linger);
}

void aur__pipe_abandon(struct aur__pipe *p)
{
	await_end(p);
	aur_timer_start(p->late, aur_span_ms(0));
}

int aur__pipe_status(const struct aur__transport *t)
{
	const struct aur__pipe *p = (const struct aur__pipe *)t;
	int status = aur_child_status(p->child);

	if (status < 0)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* --- bytes ---------------------------------------------------------------- */

static void on_io(void *arg, unsigned ready)
{
	struct aur__pipe *p = arg;

	if (ready & AUR_LOOP_WRITE) {
		p->full = false;
		arm(p);
	}
	p->handler->ready(p->arg);
}

int64_t aur__pipe_read(struct aur__transport *t, uint8_t *p, size_t n)
{
	struct aur__pipe *pipe = of(t);
	ssize_t got;

	do
		got = read(aur_child_fd(pipe->child), p, n);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		return got;
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	await_end(pipe);
	return AUR_ECLOSED;
}

int64_t aur__pipe_write(struct aur__transport *t, struct aur_slice s)
{
	struct aur__pipe *p = of(t);
	ssize_t n;

	if (p->closed)
		return AUR_ECLOSED;
	do
		n = send(aur_child_fd(p->child), s.p, s.n, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
		await_end(p);
		return AUR_ECLOSED;
	}
	if (n < (ssize_t)s.n) {
		p->full = true;
		arm(p);
	}
	return n > 0 ? n : 0;
}

void aur__pipe_shut(struct aur__transport *t)
{
	(void)shutdown(aur_child_fd(of(t)->child), SHUT_WR);
}

/* --- life ----------------------------------------------------------------- */

int aur__pipe_init(struct aur__pipe *p,
    const struct aur__transport_class *class, const struct aur__pipe_kind *kind,
    const struct aur__transport_need *need, const struct aur_program *program)
{
	int rc;

	p->transport.class = class;
	p->kind = kind;
	p->handler = need->handler;
	p->arg = need->arg;
	p->loop = need->loop;
	aur_buf_init(&p->words, WORDS_KEPT * 2);
	rc = aur_child_new(need->loop, program, on_ended, p, &p->child);
	if (rc == 0)
		rc = aur_timer_new(need->loop, on_late, p, &p->late);
	if (rc == 0)
		rc = aur_watch_new(need->loop, aur_child_fd(p->child),
		    AUR_LOOP_READ, on_io, p, &p->io);
	if (rc == 0)
		rc = aur_watch_new(need->loop, aur_child_stderr(p->child),
		    AUR_LOOP_READ, on_stderr, p, &p->err);
	return rc;
}

void aur__pipe_release(struct aur__pipe *p)
{
	aur_watch_free(p->io);
	aur_watch_free(p->err);
	aur_timer_free(p->late);
	aur_child_free(p->child);
	aur_buf_release(&p->words);
}
