/* SPDX-License-Identifier: MIT */
/*
 *	 wait ── timer ──▶ connect ──▶ talk ── rests ──▶ pause is short again
 *	  ▲                  │          │
 *	  └── pause, doubled ┴──────────┘
 *
 * A manager that is not there, or that does not want to speak to us, has the
 * longest pause at once: that seldom changes.
 */
#include "agentd/daemon_bus.h"

#include "agentd/daemon_say.h"
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET "/run/dbus/system_bus_socket"
#define PAUSE_LEAST_S 5
#define PAUSE_MOST_S 600
#define CHUNK 16384

bool bus_path(char *out, size_t size)
{
	static const char kind[] = "unix:path=";
	const char *address = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	size_t n;

	if (address == NULL)
		address = "unix:path=" SOCKET;
	address = strstr(address, kind);
	if (address == NULL)
		return false;
	address += sizeof(kind) - 1;
	n = strcspn(address, ",;");
	if (n == 0 || n >= size || memchr(address, '%', n) != NULL)
		return false;
	memcpy(out, address, n);
	out[n] = '\0';
	return true;
}

static void hang_up(struct bus *b)
{
	aur_watch_free(b->watch);
	b->watch = NULL;
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
	units_close(&b->units);
}

/* Ends the connection, for the reason `rc`, and plans the next. */
static void retry(struct bus *b, int rc)
{
	if ((rc == AUR_EPROTOCOL || rc == AUR_ELIMIT) && !b->said) {
		b->said = true;
		say(AUR_LOG_WARN,
		    "the system bus: %s; units that fail are not told for now",
		    aur_err_str(rc));
	}
	if (rc == AUR_EDENIED)
		b->pause_s = PAUSE_MOST_S;
	hang_up(b);
	aur_timer_start(b->timer, aur_span_seconds((double)b->pause_s));
	b->pause_s *= 2;
	if (b->pause_s > PAUSE_MOST_S)
		b->pause_s = PAUSE_MOST_S;
}

static int send_out(struct bus *b)
{
	struct aur_slice out;

	while ((out = units_out(&b->units)).n > 0) {
		ssize_t n = send(b->fd, out.p, out.n, MSG_NOSIGNAL);

		if (n > 0)
			units_sent(&b->units, (size_t)n);
		else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		else if (n == 0 || errno != EINTR)
			return AUR_ECLOSED;
	}
	return aur_watch_set(
	    b->watch, AUR_LOOP_READ | (out.n > 0 ? AUR_LOOP_WRITE : 0));
}

static int read_once(struct bus *b)
{
	uint8_t chunk[CHUNK];
	ssize_t n = recv(b->fd, chunk, sizeof(chunk), 0);

	if (n > 0)
		return units_put(&b->units, aur_slice_of(chunk, (size_t)n),
		    aur_clock_mono());
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	return AUR_ECLOSED;
}

/* After anything happened on a connection. */
static void go_on(struct bus *b, int rc)
{
	if (rc == 0)
		rc = send_out(b);
	if (rc < 0) {
		retry(b, rc);
		return;
	}
	if (b->units.state == UNITS_REST)
		b->pause_s = PAUSE_LEAST_S;
	aur_timer_start(b->timer, units_wait(&b->units, aur_clock_mono()));
}

static void on_ready(void *arg, unsigned ready)
{
	struct bus *b = arg;

	go_on(b, ready & AUR_LOOP_READ ? read_once(b) : 0);
}

static int connect_there(struct bus *b)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	if (!bus_path(a.sun_path, sizeof(a.sun_path)))
		return AUR_EABSENT;
	b->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* a full queue is as good as nobody */
	if (b->fd < 0 || connect(b->fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		return AUR_EABSENT;
	return aur_watch_new(
	    b->loop, b->fd, AUR_LOOP_READ, on_ready, b, &b->watch);
}

static void on_timer(void *arg)
{
	struct bus *b = arg;
	int rc;

	if (b->fd >= 0) {
		go_on(b, units_turn(&b->units, aur_clock_mono()));
		return;
	}
	rc = connect_there(b);
	if (rc == 0)
		rc = units_open(
		    &b->units, (uint64_t)geteuid(), aur_clock_mono());
	if (rc < 0)
		retry(b, rc);
	else
		go_on(b, 0);
}

int bus_begin(struct bus *b, struct aur_loop *loop, units_fn fn, void *arg)
{
	int rc;

	if (b->timer != NULL)
		return 0;
	*b = (struct bus){.loop = loop, .fd = -1, .pause_s = PAUSE_LEAST_S};
	rc = units_init(&b->units, fn, arg);
	if (rc == 0)
		rc = aur_timer_new(loop, on_timer, b, &b->timer);
	if (rc < 0)
		units_release(&b->units);
	else
		aur_timer_start(b->timer, aur_span_ms(0));
	return rc;
}

void bus_end(struct bus *b)
{
	if (b->timer == NULL)
		return;
	hang_up(b);
	aur_timer_free(b->timer);
	b->timer = NULL;
	units_release(&b->units);
}
