/* SPDX-License-Identifier: MIT */
/*
 * A bad network between a client and a server on loopback:
 *
 *	relay PORT SECONDS <commands >told
 *
 * listens on a port of its own, tells it (`port N`) and then `open` for each
 * connection, which it passes on to 127.0.0.1:PORT as the last command says:
 *
 *	pass		as it comes
 *	delay MS	each piece that much later, both ways
 *	drip US		a byte at a time, one every so many microseconds
 *	swallow		nothing passes; who is connected stays so, and who calls
 *			is let in and hears nothing
 *	garble N	what the server says is no longer what it said, from
 *			its byte N on
 *	cut N		the connection is reset behind byte N of the server
 *	cut		all that are open are reset now; the rest as before
 *
 * It ends with its stdin, and after SECONDS whatever happens. A direction
 * holds one piece and reads the next when that is gone: slow is what it is
 * for, and so order needs no thought.
 */
#include "base/clock.h"
#include "base/scan.h"
#include "base/slice.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CALLS 128
#define PIECE 16384

enum mode { PASS, DELAY, DRIP, SWALLOW, GARBLE, CUT };

static const char *const modes[] = {
    "pass", "delay", "drip", "swallow", "garble", "cut"};

/* One direction of a connection. */
struct way {
	int from, to;
	bool back;     /* what the server says */
	uint64_t seen; /* bytes in all */
	uint8_t piece[PIECE];
	size_t at, n;
	int64_t due; /* ns; when the rest of the piece may go */
	bool over;
};

struct call {
	struct way out, back;
};

struct relay {
	int listener;
	uint16_t server;
	enum mode mode;
	uint64_t number;
	bool ends;
	struct call *call[MAX_CALLS];
	size_t ncall;
	char line[256];
	size_t nline;
};

static int64_t now_ns(void)
{
	return aur_clock_mono().ns;
}

/* --- connections ---------------------------------------------------------- */

static int tcp(void)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		(void)setsockopt(
		    fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

/* Reset, not ended: whoever is at the other side gets ECONNRESET. */
static void reset(int fd)
{
	struct linger at_once = {.l_onoff = 1};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(fd);
}

static void drop(struct relay *r, size_t i, bool hard)
{
	struct call *c = r->call[i];

	if (hard) {
		reset(c->out.from);
		reset(c->out.to);
	} else {
		close(c->out.from);
		close(c->out.to);
	}
	free(c);
	r->call[i] = r->call[--r->ncall];
}

static void accept_one(struct relay *r)
{
	struct sockaddr_in server = loopback(r->server);
	struct call *c = calloc(1, sizeof *c);
	int one = 1, from = accept(r->listener, NULL, NULL), to = tcp();

	if (c == NULL || from < 0 || to < 0 || r->ncall == MAX_CALLS ||
	    connect(to, (struct sockaddr *)&server, sizeof server) < 0) {
		if (from >= 0)
			reset(from);
		if (to >= 0)
			close(to);
		free(c);
		return;
	}
	(void)setsockopt(from, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	(void)fcntl(from, F_SETFL, O_NONBLOCK);
	(void)fcntl(to, F_SETFL, O_NONBLOCK);
	c->out = (struct way){.from = from, .to = to};
	c->back = (struct way){.from = to, .to = from, .back = true};
	r->call[r->ncall++] = c;
	printf("open\n");
	fflush(stdout);
}

/* --- what passes ---------------------------------------------------------- */

static void spoil(const struct relay *r, struct way *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->seen + i >= r->number)
			w->piece[i] ^= 0x5a;
}

/* false: the connection is to be reset */
static bool take(const struct relay *r, struct way *w)
{
	ssize_t n = read(w->from, w->piece, sizeof w->piece);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0) {
		w->over = true;
		(void)shutdown(w->to, SHUT_WR);
		return true;
	}
	w->at = 0;
	w->n = (size_t)n;
	w->due = now_ns();
	if (r->mode == DELAY)
		w->due += (int64_t)r->number * 1000000;
	if (r->mode == GARBLE && w->back)
		spoil(r, w);
	if (r->mode == CUT && w->back && w->seen + w->n > r->number)
		w->n = r->number > w->seen ? r->number - w->seen : 0;
	w->seen += (uint64_t)n;
	return r->mode != CUT || !w->back || w->n > 0;
}

static bool give(const struct relay *r, struct way *w)
{
	size_t most = r->mode == DRIP ? 1 : w->n - w->at;
	ssize_t n = send(w->to, w->piece + w->at, most, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	w->at += (size_t)n;
	if (r->mode == DRIP)
		w->due = now_ns() + (int64_t)r->number * 1000;
	return r->mode != CUT || !w->back || w->at < w->n ||
	       w->seen <= r->number;
}

/* --- the loop ------------------------------------------------------------- */

/* What a direction waits for: an fd, or its due time. */
static void wants(const struct relay *r, const struct way *w, struct pollfd *p,
    int64_t now, int64_t *wake)
{
	bool full = w->at < w->n;

	*p = (struct pollfd){.fd = -1};
	if (r->mode == SWALLOW || (w->over && !full))
		return;
	if (full && w->due > now) {
		if (*wake > w->due)
			*wake = w->due;
		return;
	}
	p->fd = full ? w->to : w->from;
	p->events = full ? POLLOUT : POLLIN;
}

static bool moved(const struct relay *r, struct way *w, const struct pollfd *p)
{
	if (p->fd < 0 || p->revents == 0)
		return true;
	return p->events == POLLOUT ? give(r, w) : take(r, w);
}

static void obey(struct relay *r, struct aur_slice line)
{
	struct aur_slice word, number;
	uint64_t n = 0;
	bool told;

	if (!aur_slice_word(&line, &word))
		return;
	told = aur_slice_word(&line, &number) && aur_scan_u64(number, &n) == 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(modes); i++) {
		if (!aur_slice_is(word, modes[i]))
			continue;
		if (i == CUT && !told) {
			while (r->ncall > 0)
				drop(r, 0, true);
			return;
		}
		r->mode = (enum mode)i;
		r->number = n;
	}
}

static void listen_to(struct relay *r)
{
	ssize_t n =
	    read(STDIN_FILENO, r->line + r->nline, sizeof r->line - r->nline);
	struct aur_slice all, line;

	if (n <= 0) {
		r->ends = n == 0 || errno != EINTR;
		return;
	}
	r->nline += (size_t)n;
	all = aur_slice_of(r->line, r->nline);
	if (r->line[r->nline - 1] != '\n' && r->nline < sizeof r->line)
		return;
	while (aur_slice_line(&all, &line))
		obey(r, line);
	r->nline = 0;
}

static void turn(struct relay *r, int64_t until)
{
	struct pollfd p[2 + 2 * MAX_CALLS];
	size_t n = r->ncall;
	int64_t now = now_ns(), wake = until > now ? until : now;
	struct timespec wait;

	p[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	p[1] = (struct pollfd){.fd = r->listener, .events = POLLIN};
	for (size_t i = 0; i < n; i++) {
		wants(r, &r->call[i]->out, &p[2 + 2 * i], now, &wake);
		wants(r, &r->call[i]->back, &p[3 + 2 * i], now, &wake);
	}
	wait.tv_sec = (wake - now) / AUR_SECOND_NS;
	wait.tv_nsec = (wake - now) % AUR_SECOND_NS;
	if (ppoll(p, 2 + 2 * n, &wait, NULL) <= 0)
		return;
	/* from behind: who is dropped is replaced by the last */
	for (size_t i = n; i-- > 0;) {
		struct call *c = r->call[i];

		if (!moved(r, &c->out, &p[2 + 2 * i]) ||
		    !moved(r, &c->back, &p[3 + 2 * i]))
			drop(r, i, true);
		else if (c->out.over && c->back.over)
			drop(r, i, false);
	}
	if (p[1].revents != 0)
		accept_one(r);
	if (p[0].revents != 0)
		listen_to(r);
}

static bool start(struct relay *r)
{
	struct sockaddr_in any = loopback(0);
	socklen_t n = sizeof any;

	r->listener = tcp();
	if (r->listener < 0 ||
	    bind(r->listener, (struct sockaddr *)&any, sizeof any) < 0 ||
	    listen(r->listener, MAX_CALLS) < 0 ||
	    getsockname(r->listener, (struct sockaddr *)&any, &n) < 0)
		return false;
	printf("port %u\n", (unsigned)ntohs(any.sin_port));
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	struct relay r = {.listener = -1};
	uint64_t port, seconds;
	int64_t until;

	if (argc != 3 || aur_scan_u64(aur_slice_str(argv[1]), &port) < 0 ||
	    port > UINT16_MAX ||
	    aur_scan_u64(aur_slice_str(argv[2]), &seconds) < 0 ||
	    seconds > 3600) {
		fprintf(stderr, "usage: relay PORT SECONDS\n");
		return 2;
	}
	r.server = (uint16_t)port;
	if (!start(&r)) {
		perror("relay");
		return 1;
	}
	until = now_ns() + (int64_t)seconds * AUR_SECOND_NS;
	while (!r.ends && now_ns() < until)
		turn(&r, until);
	while (r.ncall > 0)
		drop(&r, 0, true);
	close(r.listener);
	return 0;
}
