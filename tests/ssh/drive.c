/* SPDX-License-Identifier: MIT */
/*
 * A session of lib/ssh from the shell, for tests/ssh:
 *
 *	drive [OPTION...] [COMMAND]
 *	  -p PORT        on 127.0.0.1; -p twice or more: the first are jumps
 *	  -u USER        -i FILE (many)   -I  identities only
 *	  -a SOCKET      the ssh-agent
 *	  -k FILE        known_hosts (many); -H FINGERPRINT; -n NAME (alias)
 *	  -A             accept unknown keys;  -y  ask about them
 *	  -q ANSWER      to the next question (many; without one: declined)
 *	  -s             stdin is sent to the command, else it reads an end
 *	  -e MB          echo: so much goes to the command and must come back,
 *	                 over -c N channels at once (2)
 *	  -t MS          patience
 *	  -f             forget: free the session when the command's first
 *	                 output has come
 *
 * stdout has what the command wrote. stderr has lines "name: text": the host
 * key, questions, how the login went, the failure, the exit status. The exit
 * status is 0 when the session ended well, 1 when it failed.
 */
#include "base/err.h"
#include "base/scan.h"
#include "ssh/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MANY = 16, ECHO_CHANNELS = 2 };

struct hop {
	struct aur_ssh_session *session;
	struct aur_ssh_channel *way; /* in the session before */
	bool told_key, told_ready;
};

struct drive {
	/* options */
	unsigned ports[MANY];
	size_t nport;
	struct aur_ssh_options o;
	const char *files[MANY], *answers[MANY];
	const char *known_files[MANY];
	size_t nknown, nanswer, answered;
	const char *command;
	bool stdin_too, forget;
	uint64_t echo_bytes;
	unsigned channels;
	/* the run */
	int fd;
	struct hop hops[MANY];
	struct aur_ssh_channel *ch[ECHO_CHANNELS];
	uint64_t sent[ECHO_CHANNELS], got[ECHO_CHANNELS];
	bool stdin_done, touched, done;
	int rc;
};

/* --- the socket ----------------------------------------------------------- */

static int64_t sock_send(void *arg, struct aur_slice s)
{
	ssize_t n = send(*(int *)arg, s.p, s.n, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN ? 0 : AUR_ECLOSED;
	return n;
}

static int64_t sock_recv(void *arg, uint8_t *p, size_t n)
{
	ssize_t got = recv(*(int *)arg, p, n, 0);

	if (got < 0)
		return errno == EAGAIN ? 0 : AUR_ECLOSED;
	return got == 0 ? AUR_ECLOSED : got;
}

static int dial(unsigned port)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) < 0) {
		perror("connect");
		_exit(99);
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		_exit(99);
	return fd;
}

/* --- telling -------------------------------------------------------------- */

static void tell_key(struct hop *h)
{
	const struct aur_ssh_host_key *k = aur_ssh_session_host_key(h->session);

	if (h->told_key || k == NULL)
		return;
	h->told_key = true;
	fprintf(stderr, "host key: %s %s%s\n",
	    aur_ssh_key_label(aur_ssh_key_of(k->blob)), k->fingerprint,
	    k->accepted ? " accepted" : "");
	fprintf(stderr, "methods: %s\n", aur_ssh_session_methods(h->session));
}

static void tell_failure(const struct aur_ssh_session *s)
{
	static const char *const names[] = {"none", "key unknown",
	    "key changed", "key revoked", "refused", "unfit", "closed", "busy",
	    "garbage", "late", "nomem"};
	static const char *const phases[] = {
	    "handshake", "host key", "login", "ready", "over"};
	const struct aur_ssh_failure *f = aur_ssh_session_failure(s);

	fprintf(stderr, "failed: %s: %s: %s\n", names[f->outcome],
	    phases[f->phase], f->what);
}

static void answer(struct drive *d, struct aur_ssh_session *s)
{
	const struct aur_ssh_question *q = aur_ssh_session_question(s);
	const char *text = NULL;

	if (q == NULL)
		return;
	if (q->kind == AUR_SSH_ASK_TOUCH) {
		if (!d->touched)
			fprintf(stderr, "touch: %s\n", q->prompt);
		d->touched = true;
		return;
	}
	if (d->answered < d->nanswer)
		text = d->answers[d->answered++];
	fprintf(stderr, "question: %s\n", q->prompt);
	aur_ssh_session_answer(s, text);
}

/* --- the command ---------------------------------------------------------- */

static uint8_t pattern(unsigned channel, uint64_t at)
{
	return (uint8_t)(at * 31 + at / 251 + channel);
}

static void echo_out(struct drive *d, unsigned i)
{
	uint8_t chunk[8192];
	uint64_t left = d->echo_bytes - d->sent[i];
	size_t n = left < sizeof chunk ? (size_t)left : sizeof chunk;
	int64_t took;

	for (size_t k = 0; k < n; k++)
		chunk[k] = pattern(i, d->sent[i] + k);
	if (n == 0)
		return;
	took = aur_ssh_channel_write(d->ch[i], aur_slice_of(chunk, n));
	if (took > 0)
		d->sent[i] += (uint64_t)took;
	if (d->sent[i] == d->echo_bytes)
		aur_ssh_channel_shut(d->ch[i]);
}

static void take_output(struct drive *d, unsigned i)
{
	uint8_t chunk[16384];
	int64_t n;

	while ((n = aur_ssh_channel_read(d->ch[i], chunk, sizeof chunk)) > 0) {
		for (int64_t k = 0; d->echo_bytes > 0 && k < n; k++)
			if (chunk[k] != pattern(i, d->got[i] + (uint64_t)k)) {
				fprintf(stderr, "echo: wrong at %llu\n",
				    (unsigned long long)d->got[i]);
				d->rc = 1, d->done = true;
				return;
			}
		d->got[i] += (uint64_t)n;
		if (d->echo_bytes == 0)
			(void)!write(1, chunk, (size_t)n);
		if (d->forget)
			d->done = true;
	}
}

static void tell_end(struct drive *d, unsigned i)
{
	struct aur_slice words = aur_ssh_channel_words(d->ch[i]);

	if (words.n > 0)
		fprintf(stderr, "words: %zu bytes: %.*s\n", words.n,
		    (int)(words.n < 60 ? words.n : 60), words.p);
	if (aur_ssh_channel_state(d->ch[i]) == AUR_SSH_CHANNEL_REFUSED)
		fprintf(stderr, "channel refused: %s\n",
		    aur_ssh_channel_error(d->ch[i]));
	else
		fprintf(
		    stderr, "status: %d\n", aur_ssh_channel_status(d->ch[i]));
	if (d->echo_bytes > 0 && d->got[i] == d->echo_bytes)
		fprintf(stderr, "echo: all came back\n");
	aur_ssh_channel_free(d->ch[i]);
	d->ch[i] = NULL;
}

static void run_channels(struct drive *d, struct hop *last)
{
	bool any = false;

	if (!last->told_ready) {
		last->told_ready = true;
		for (unsigned i = 0; i < d->channels; i++)
			d->rc = aur_ssh_session_exec(
			    last->session, d->command, &d->ch[i]);
		if (d->rc < 0)
			d->done = true;
		if (!d->stdin_too && d->echo_bytes == 0 && d->rc == 0)
			for (unsigned i = 0; i < d->channels; i++)
				aur_ssh_channel_shut(d->ch[i]);
	}
	for (unsigned i = 0; i < d->channels && !d->done; i++) {
		if (d->ch[i] == NULL)
			continue;
		any = true;
		if (d->echo_bytes > 0)
			echo_out(d, i);
		take_output(d, i);
		if (aur_ssh_channel_state(d->ch[i]) >= AUR_SSH_CHANNEL_DONE &&
		    aur_ssh_channel_read(d->ch[i], (uint8_t[1]){0}, 1) < 0)
			tell_end(d, i);
	}
	if (!any)
		d->done = true;
}

/* --- steps ---------------------------------------------------------------- */

/* The session of hop `i`, made when the one before it has a way. */
static bool prepare(struct drive *d, size_t i)
{
	struct hop *h = &d->hops[i];
	struct aur_ssh_io io = {sock_send, sock_recv, &d->fd, d->fd};
	struct aur_ssh_options o = d->o;

	if (h->session != NULL)
		return true;
	if (i > 0) {
		struct aur_ssh_session *outer = d->hops[i - 1].session;

		if (outer == NULL ||
		    aur_ssh_session_phase(outer) != AUR_SSH_READY)
			return false;
		d->rc = aur_ssh_session_connect(
		    outer, "127.0.0.1", d->ports[i], &h->way);
		if (d->rc == 0)
			aur_ssh_channel_io(h->way, &io);
	}
	o.host.port = (uint16_t)d->ports[i];
	if (d->rc == 0)
		d->rc = aur_ssh_session_new(&h->session, &o, &io);
	if (d->rc < 0)
		d->done = true;
	return d->rc == 0;
}

static void step_hop(struct drive *d, size_t i)
{
	struct hop *h = &d->hops[i];
	int rc;

	if (!prepare(d, i))
		return;
	rc = aur_ssh_session_step(h->session, aur_clock_mono());
	tell_key(h);
	if (rc < 0 && h->way != NULL &&
	    aur_ssh_channel_state(h->way) == AUR_SSH_CHANNEL_REFUSED)
		fprintf(stderr, "jump: %s\n", aur_ssh_channel_error(h->way));
	if (rc < 0) {
		tell_failure(h->session);
		d->rc = rc;
		d->done = true;
		return;
	}
	answer(d, h->session);
	if (aur_ssh_session_phase(h->session) != AUR_SSH_READY)
		return;
	if (i + 1 == d->nport) {
		if (!h->told_ready)
			fprintf(stderr, "login: %s\n",
			    aur_ssh_session_login(h->session));
		run_channels(d, h);
	}
}

static void send_stdin(struct drive *d)
{
	uint8_t chunk[4096];
	ssize_t n;

	if (!d->stdin_too || d->stdin_done || d->ch[0] == NULL)
		return;
	n = read(0, chunk, sizeof chunk);
	if (n <= 0) {
		d->stdin_done = true;
		aur_ssh_channel_shut(d->ch[0]);
		return;
	}
	(void)!aur_ssh_channel_write(d->ch[0], aur_slice_of(chunk, (size_t)n));
}

/* How long to wait, in ms: until the soonest wake, a second at most. */
static int patience(const struct drive *d)
{
	int64_t ms = 1000;

	for (size_t i = 0; i < d->nport; i++) {
		struct aur_mono when;
		int64_t left;

		if (d->hops[i].session == NULL)
			continue;
		if (aur_ssh_session_wants(d->hops[i].session) &
		    AUR_SSH_WANT_STEP)
			return 0;
		if (aur_ssh_session_question(d->hops[i].session) != NULL &&
		    !d->touched)
			return 0;
		if (!aur_ssh_session_wake(d->hops[i].session, &when))
			continue;
		left = aur_mono_since(when, aur_clock_mono()).ns / 1000000 + 1;
		if (left < ms)
			ms = left > 0 ? left : 0;
	}
	return (int)ms;
}

static void wait(struct drive *d)
{
	struct pollfd fds[MANY + 1] = {{.fd = d->fd, .events = 0}};
	nfds_t n = 1;
	unsigned wants = aur_ssh_session_wants(d->hops[0].session);

	if (wants & AUR_SSH_WANT_READ)
		fds[0].events |= POLLIN;
	if (wants & AUR_SSH_WANT_WRITE)
		fds[0].events |= POLLOUT;
	for (size_t i = 0; i < d->nport; i++) {
		int fd =
		    d->hops[i].session == NULL
			? -1
			: aur_ssh_session_agent_fd(d->hops[i].session, &wants);

		if (fd < 0)
			continue;
		fds[n].fd = fd;
		fds[n++].events =
		    (short)(POLLIN |
			    (wants & AUR_SSH_WANT_WRITE ? POLLOUT : 0));
	}
	(void)poll(fds, n, patience(d));
}

static int run(struct drive *d, struct aur_ssh_known *known)
{
	d->fd = dial(d->ports[0]);
	d->o.known = known;
	while (!d->done) {
		send_stdin(d);
		for (size_t i = 0; i < d->nport && !d->done; i++)
			step_hop(d, i);
		/* what the inner ones have sent goes out by the outer ones */
		for (size_t i = d->nport; i-- > 0 && !d->done;)
			if (d->hops[i].session != NULL && i + 1 < d->nport)
				step_hop(d, i);
		if (!d->done)
			wait(d);
	}
	for (size_t i = d->nport; i-- > 0;)
		aur_ssh_session_free(d->hops[i].session);
	close(d->fd);
	return d->rc;
}

/* --- options -------------------------------------------------------------- */

static uint64_t number(const char *text)
{
	uint64_t v;

	if (aur_scan_u64(aur_slice_str(text), &v) < 0) {
		fprintf(stderr, "drive: no number: %s\n", text);
		_exit(2);
	}
	return v;
}

static void take_option(struct drive *d, int c, const char *arg)
{
	switch (c) {
	case 'p':
		if (d->nport < MANY)
			d->ports[d->nport++] = (unsigned)number(arg);
		break;
	case 'i':
		if (d->o.nidentity < MANY)
			d->files[d->o.nidentity++] = arg;
		break;
	case 'k':
		if (d->nknown < MANY)
			d->known_files[d->nknown++] = arg;
		break;
	case 'q':
		if (d->nanswer < MANY)
			d->answers[d->nanswer++] = arg;
		d->o.may_ask = true;
		break;
	case 'u':
		d->o.user = arg;
		break;
	case 'I':
		d->o.identities_only = true;
		break;
	case 'a':
		d->o.agent = arg;
		break;
	case 'H':
		d->o.host_key = arg;
		break;
	case 'n':
		d->o.host.alias = arg;
		break;
	case 'A':
		d->o.unknown = AUR_SSH_UNKNOWN_ACCEPT;
		break;
	case 'y':
		d->o.unknown = AUR_SSH_UNKNOWN_ASK;
		d->o.may_ask = true;
		break;
	case 's':
		d->stdin_too = true;
		break;
	case 'e':
		d->echo_bytes = number(arg) << 20;
		break;
	case 'c':
		d->channels = (unsigned)number(arg);
		break;
	case 't':
		d->o.patience = aur_span_ms((int64_t)number(arg));
		break;
	case 'f':
		d->forget = true;
		break;
	default:
		_exit(2);
	}
}

int main(int argc, char **argv)
{
	struct drive d = {.fd = -1, .channels = 1};
	struct aur_ssh_known *known = NULL;
	int c;

	d.o.identities = d.files;
	d.o.password = d.o.keyboard = true;
	d.o.host.name = "127.0.0.1";
	d.o.user = "root";
	d.o.patience = aur_span_seconds(60);
	while ((c = getopt(argc, argv, "p:u:i:Ia:k:H:n:Ayq:se:c:t:f")) != -1)
		take_option(&d, c, optarg);
	d.command = optind < argc ? argv[optind] : "true";
	if (d.nport == 0 || d.channels > ECHO_CHANNELS)
		return 2;
	if (aur_ssh_ring_new(&d.o.ring) < 0 || aur_ssh_known_new(&known) < 0)
		return 99;
	for (size_t i = 0; i < d.nknown; i++)
		if (aur_ssh_known_read(known, d.known_files[i]) < 0)
			return 99;
	d.rc = run(&d, known);
	aur_ssh_known_free(known);
	aur_ssh_ring_free(d.o.ring);
	return d.rc < 0;
}
