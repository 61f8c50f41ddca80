/* SPDX-License-Identifier: MIT */
/*
 * stdin and stdout by poll(2). They may be pipes, a terminal, or the same
 * socket twice. Both are made non-blocking for as long as we run: the flag
 * belongs to the open file, which a shell may share, so it is put back, also
 * when a signal ends us. A signal is a byte in a pipe of our own.
 */
#include "agentd/io.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#define IN 0
#define OUT 1
/* Written at the end, for a reader that still reads. */
#define FAREWELL_MS 500

struct io {
	struct serve *serve;
	int flags[2]; /* as they were; -1: not changed */
	bool broken;  /* nobody reads any more */
};

static int wake[2] = {-1, -1};

static void on_signal(int number)
{
	int saved = errno;
	ssize_t n = write(wake[1], "", 1);

	(void)n; /* full is as good as written */
	(void)number;
	errno = saved;
}

bool io_hold_standard(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

uint64_t io_uid(void)
{
	return (uint64_t)getuid();
}

static struct serve_now now(void)
{
	return (struct serve_now){aur_clock_mono(), aur_clock_wall()};
}

static void set_flags(int fd, int *saved)
{
	*saved = fcntl(fd, F_GETFL);
	if (*saved >= 0 && !(*saved & O_NONBLOCK) &&
	    fcntl(fd, F_SETFL, *saved | O_NONBLOCK) == 0)
		return;
	*saved = -1;
}

static int catch_signals(void)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction sa = {.sa_handler = on_signal};

	if (pipe(wake) < 0)
		return AUR_EIO;
	for (int i = 0; i < 2; i++)
		if (fcntl(wake[i], F_SETFD, FD_CLOEXEC) < 0 ||
		    fcntl(wake[i], F_SETFL, O_NONBLOCK) < 0)
			return AUR_EIO;
	for (size_t i = 0; i < AUR_ARRAY_LEN(numbers); i++)
		if (sigaction(numbers[i], &sa, NULL) < 0)
			return AUR_EIO;
	sa.sa_handler = SIG_IGN;
	return sigaction(SIGPIPE, &sa, NULL) < 0 ? AUR_EIO : 0;
}

/* Writes what can be written without waiting. */
static void flush(void *arg)
{
	struct io *io = arg;

	while (!io->broken) {
		struct aur_slice out = serve_out(io->serve);
		ssize_t n;

		if (out.n == 0)
			return;
		n = write(OUT, out.p, out.n);
		if (n > 0)
			serve_sent(io->serve, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno == EAGAIN)
			return;
		else
			io->broken = true;
	}
}

/* Reads once. 0; AUR_ECLOSED at the end; what serve_put says. */
static int take_input(struct io *io)
{
	static uint8_t chunk[16384];
	ssize_t n = read(IN, chunk, sizeof(chunk));

	if (n > 0)
		return serve_put(
		    io->serve, aur_slice_of(chunk, (size_t)n), now());
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	return AUR_ECLOSED;
}

static int wait_ms(const struct io *io)
{
	struct aur_span wait = serve_wait(io->serve, now());

	/* up, not down: early is a turn for nothing */
	return wait.ns < 0 ? -1 : (int)((wait.ns + 999999) / 1000000);
}

/* One turn of the loop. 0 goes on. */
static int turn(struct io *io)
{
	bool full = serve_out(io->serve).n > 0;
	struct pollfd p[3] = {
	    {.fd = IN, .events = serve_reads(io->serve) ? POLLIN : 0},
	    {.fd = OUT, .events = full ? POLLOUT : 0},
	    {.fd = wake[0], .events = POLLIN},
	};
	int rc = 0;

	if (poll(p, 3, wait_ms(io)) < 0)
		return errno == EINTR ? 0 : AUR_EIO;
	if (p[2].revents != 0 || (p[1].revents & (POLLERR | POLLNVAL)) ||
	    (p[0].revents & (POLLERR | POLLNVAL)))
		return AUR_ECLOSED;
	if (p[0].revents & (POLLIN | POLLHUP))
		rc = take_input(io);
	if (rc == 0)
		rc = serve_step(io->serve, now());
	flush(io);
	return io->broken ? AUR_ECLOSED : rc;
}

/* The reason of an error is worth half a second to a reader. */
static void farewell(struct io *io)
{
	struct aur_mono start = aur_clock_mono();

	for (;;) {
		struct pollfd p = {.fd = OUT, .events = POLLOUT};
		int64_t left =
		    FAREWELL_MS -
		    aur_mono_since(aur_clock_mono(), start).ns / 1000000;

		flush(io);
		if (io->broken || serve_out(io->serve).n == 0 || left <= 0)
			return;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return;
		if (p.revents & (POLLERR | POLLNVAL))
			return;
	}
}

int io_run(
    const struct serve_source *source, const struct serve_options *options)
{
	struct io io = {.flags = {-1, -1}};
	struct serve_options with = *options;
	int rc = catch_signals();

	if (rc < 0)
		return rc;
	with.flush = flush;
	with.flush_arg = &io;
	rc = serve_new(&io.serve, source, &with, now());
	if (rc < 0)
		return rc;
	set_flags(IN, &io.flags[0]);
	set_flags(OUT, &io.flags[1]);
	flush(&io);
	while (rc == 0)
		rc = io.broken ? AUR_ECLOSED : turn(&io);
	if (rc != AUR_ECLOSED)
		farewell(&io);
	for (int i = 0; i < 2; i++)
		if (io.flags[i] >= 0 && fcntl(i, F_SETFL, io.flags[i]) < 0)
			rc = rc == AUR_ECLOSED ? rc : AUR_EIO;
	serve_free(io.serve);
	return rc == AUR_ECLOSED ? 0 : rc;
}
