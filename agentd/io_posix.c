/* SPDX-License-Identifier: MIT */
/*
 * stdin, stdout and the service's socket by poll(2). The first two may be
 * pipes, a terminal, or the same socket twice. Both are made non-blocking for
 * as long as we run: the flag belongs to the open file, which a shell may
 * share, so it is put back, also when a signal ends us. A signal is a byte in
 * a pipe of our own.
 */
#include "agentd/io.h"

#include "agentd/place.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define IN 0
#define OUT 1
#define WAKE 2
#define UP 3
#define SILENT 4
/* From one look for a service that begins to the next. */
#define LOOK_MS 5000
/* Written at the end, for a reader that still reads. */
#define FAREWELL_MS 500

struct io {
	struct bridge *bridge;
	int up;		      /* the service's socket; -1 */
	int silent;	      /* the same, of one that did not answer; -1 */
	bool looks;	      /* nobody was there: somebody may come */
	struct aur_mono look; /* when, next */
	int flags[2];	      /* as they were; -1: not changed */
	bool broken;	      /* nobody reads any more */
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
		struct aur_slice out = bridge_out(io->bridge);
		ssize_t n;

		if (out.n == 0)
			return;
		n = write(OUT, out.p, out.n);
		if (n > 0)
			bridge_sent(io->bridge, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno == EAGAIN)
			return;
		else
			io->broken = true;
	}
}

/* Reads once. 0; AUR_ECLOSED at the end; what bridge_put says. */
static int take_input(struct io *io)
{
	static uint8_t chunk[16384];
	ssize_t n = read(IN, chunk, sizeof(chunk));

	if (n > 0)
		return bridge_put(
		    io->bridge, aur_slice_of(chunk, (size_t)n), now());
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	return AUR_ECLOSED;
}

static int wait_ms(const struct io *io)
{
	struct aur_span wait = bridge_wait(io->bridge, now());

	if (io->looks) {
		struct aur_span look =
		    aur_mono_since(io->look, aur_clock_mono());

		if (look.ns < 0)
			look.ns = 0;
		if (wait.ns < 0 || look.ns < wait.ns)
			wait = look;
	}
	/* up, not down: early is a turn for nothing */
	return wait.ns < 0 ? -1 : (int)((wait.ns + 999999) / 1000000);
}

/* --- the service ---------------------------------------------------------- */

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void drop_up(struct io *io)
{
	if (!bridge_has_up(io->bridge))
		shut(&io->up);
}

/* One of which the bridge was tired may yet wake up. */
static void keep_up(struct io *io)
{
	if (io->up < 0 || bridge_has_up(io->bridge))
		return;
	io->silent = io->up;
	io->up = -1;
}

/* Writes to the service. Where nobody reads any more there may still be
 * something to read: the reason. */
static void flush_up(struct io *io)
{
	while (io->up >= 0) {
		struct aur_slice out = bridge_up_out(io->bridge);
		ssize_t n;

		if (out.n == 0)
			return;
		n = send(io->up, out.p, out.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		bridge_up_sent(io->bridge, n > 0 ? (size_t)n : out.n);
	}
}

static int take_up(struct io *io)
{
	static uint8_t chunk[65536];
	ssize_t n = recv(io->up, chunk, sizeof(chunk), 0);

	if (n > 0)
		return bridge_put_up(
		    io->bridge, aur_slice_of(chunk, (size_t)n), now());
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	return bridge_lost_up(io->bridge, now());
}

/* It woke up, or has died: then another may begin. */
static int take_silent(struct io *io)
{
	char c;
	bool answers = recv(io->silent, &c, 1, MSG_PEEK) > 0;

	shut(&io->silent);
	io->looks = true;
	return answers ? bridge_found_up(io->bridge, now()) : 0;
}

/* One that was there and would not have us is not looked for again. */
static int look_up(struct io *io)
{
	struct aur_mono mono = aur_clock_mono();
	uint64_t uid;
	int fd;

	if (!io->looks || aur_mono_since(mono, io->look).ns < 0)
		return 0;
	io->look = aur_mono_add(mono, aur_span_ms(LOOK_MS));
	fd = place_find(&uid);
	if (fd < 0)
		return 0;
	close(fd);
	return bridge_found_up(io->bridge, now());
}

/* --- the loop ------------------------------------------------------------- */

static void prepare(const struct io *io, struct pollfd p[5])
{
	bool full = bridge_out(io->bridge).n > 0;
	bool full_up = bridge_up_out(io->bridge).n > 0;

	p[IN] = (struct pollfd){.fd = bridge_is_open(io->bridge) ? IN : -1,
	    .events = bridge_reads(io->bridge) ? POLLIN : 0};
	p[OUT] = (struct pollfd){.fd = OUT, .events = full ? POLLOUT : 0};
	p[WAKE] = (struct pollfd){.fd = wake[0], .events = POLLIN};
	p[UP] = (struct pollfd){
	    .fd = io->up, .events = full_up ? POLLIN | POLLOUT : POLLIN};
	p[SILENT] = (struct pollfd){.fd = io->silent, .events = POLLIN};
}

/* One turn of the loop. 0 goes on. */
static int turn(struct io *io)
{
	struct pollfd p[5];
	int rc = 0;

	prepare(io, p);
	if (poll(p, 5, wait_ms(io)) < 0)
		return errno == EINTR ? 0 : AUR_EIO;
	if (p[WAKE].revents != 0 || (p[OUT].revents & (POLLERR | POLLNVAL)) ||
	    (p[IN].revents & (POLLERR | POLLNVAL)))
		return AUR_ECLOSED;
	if (p[UP].revents & (POLLIN | POLLHUP | POLLERR))
		rc = take_up(io);
	drop_up(io);
	if (rc == 0 && p[SILENT].revents != 0)
		rc = take_silent(io);
	if (rc == 0 && (p[IN].revents & (POLLIN | POLLHUP)))
		rc = take_input(io);
	if (rc == 0)
		rc = bridge_step(io->bridge, now());
	if (rc == 0)
		rc = look_up(io);
	keep_up(io);
	flush_up(io);
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
		if (io->broken || bridge_out(io->bridge).n == 0 || left <= 0)
			return;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return;
		if (p.revents & (POLLERR | POLLNVAL))
			return;
	}
}

/* With the service, where there is one; else alone. */
static int open_bridge(struct io *io, const struct serve_options *options)
{
	uint64_t uid;
	int rc;

	io->up = place_find(&uid);
	io->looks = io->up < 0;
	io->look = aur_mono_add(aur_clock_mono(), aur_span_ms(LOOK_MS));
	if (io->looks)
		return bridge_new(&io->bridge, options, now());
	rc = bridge_join(&io->bridge, uid, options, now());
	if (rc < 0)
		close(io->up);
	return rc;
}

static int restore_flags(const struct io *io)
{
	int rc = 0;

	for (int i = 0; i < 2; i++)
		if (io->flags[i] >= 0 && fcntl(i, F_SETFL, io->flags[i]) < 0)
			rc = AUR_EIO;
	return rc;
}

int io_run(const struct serve_options *options, const char **ret_why)
{
	struct io io = {.flags = {-1, -1}, .up = -1, .silent = -1};
	struct serve_options with = *options;
	int rc = catch_signals();

	if (rc < 0)
		return rc;
	with.uid = (uint64_t)getuid();
	with.team = place_team;
	with.flush = flush;
	with.flush_arg = &io;
	rc = open_bridge(&io, &with);
	if (rc < 0)
		return rc;
	set_flags(IN, &io.flags[0]);
	set_flags(OUT, &io.flags[1]);
	flush_up(&io);
	flush(&io);
	while (rc == 0)
		rc = io.broken ? AUR_ECLOSED : turn(&io);
	if (rc != AUR_ECLOSED)
		farewell(&io);
	if (restore_flags(&io) < 0 && rc != AUR_ECLOSED)
		rc = AUR_EIO;
	shut(&io.up);
	shut(&io.silent);
	*ret_why = bridge_why(io.bridge);
	bridge_free(io.bridge);
	return rc == AUR_ECLOSED ? 0 : rc;
}
