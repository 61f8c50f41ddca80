/* SPDX-License-Identifier: MIT */
/*
 * The session's phases. Each turn does one thing and says whether anything
 * moved; a step takes turns until nothing does, then sends what has gathered.
 *
 *	  new
 *	   │ step
 *	   ▼            no common method, RSA host key only ──▶ UNFIT
 *	HANDSHAKE ────  not SSH ──▶ GARBAGE   too many ──▶ BUSY
 *	   │ judge (hostkey.c)
 *	   ├─ listed ────────────────────────────┐
 *	   ├─ unknown, accepted ─────────────────┤
 *	   ├─ unknown, ask ──▶ HOST_KEY ── yes ──┤
 *	   │                      │ no           ▼
 *	   │ else                 ▼            LOGIN (login.c) ──▶ REFUSED,
 *	   └──▶ KEY_UNKNOWN, KEY_CHANGED,        │                 UNFIT
 *	        KEY_REVOKED                      ▼
 *	                                       READY  channels (channel.c)
 *	                                         │
 *	any: bytes end ──▶ CLOSED, patience ──▶ LATE
 *
 * Rejected: one function per phase that runs libssh2 in blocking mode on a
 * thread. A thousand hosts are a thousand threads then, and a person's answer
 * still has to come from another one.
 */
#include "ssh/session.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "ssh/session_int.h"

#include <stdarg.h>

/* Bytes that one step takes at most: a host that floods gets its turn, no
 * more. */
#define STEP_SHARE 524288u
/* What an idle session takes in before a channel reads again. */
#define IDLE_MAX 32768u

/* --- saying --------------------------------------------------------------- */

void aur__ssh_clean(char *dst, size_t n, struct aur_slice src)
{
	size_t end = 0;

	src = aur_slice_trim(src);
	for (size_t i = 0; i < src.n && end + 1 < n; i++) {
		uint8_t c = src.p[i];

		if (c == '\r' || c == '\n')
			break;
		dst[end++] = (char)(c < 0x20 || c == 0x7f ? ' ' : c);
	}
	dst[end] = '\0';
}

static int error_of(enum aur_ssh_outcome outcome)
{
	switch (outcome) {
	case AUR_SSH_END_NONE:
		break;
	case AUR_SSH_END_KEY_UNKNOWN:
	case AUR_SSH_END_KEY_CHANGED:
	case AUR_SSH_END_KEY_REVOKED:
	case AUR_SSH_END_REFUSED:
		return AUR_EDENIED;
	case AUR_SSH_END_UNFIT:
		return AUR_EUNSUPPORTED;
	case AUR_SSH_END_CLOSED:
		return AUR_ECLOSED;
	case AUR_SSH_END_BUSY:
		return AUR_EBUSY;
	case AUR_SSH_END_GARBAGE:
		return AUR_EPROTOCOL;
	case AUR_SSH_END_LATE:
		return AUR_ETIMEOUT;
	case AUR_SSH_END_NOMEM:
		return AUR_ENOMEM;
	}
	return 0;
}

bool aur__ssh_fail(struct aur_ssh_session *s, enum aur_ssh_outcome outcome,
    const char *fmt, ...)
{
	char text[sizeof s->failure.what];
	va_list ap;

	if (s->phase == AUR_SSH_OVER)
		return false;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	aur__ssh_clean(
	    s->failure.what, sizeof s->failure.what, aur_slice_str(text));
	s->failure.outcome = outcome;
	s->failure.phase = s->phase;
	s->rc = error_of(outcome);
	s->phase = AUR_SSH_OVER;
	s->asks = false;
	aur__ssh_channels_end(s);
	aur__ssh_login_release(s);
	return false;
}

/* Whether it said something, and not what an SSH server says first. */
static bool is_stranger(const struct aur_ssh_session *s)
{
	return s->phase == AUR_SSH_HANDSHAKE && s->before_banner > 0 &&
	       memcmp(s->first_line, "SSH-", 4) != 0;
}

static bool fail_stranger(struct aur_ssh_session *s)
{
	char line[sizeof s->first_line];

	aur__ssh_clean(line, sizeof line, aur_slice_str(s->first_line));
	/* what sshd says instead of its banner, 8.5 and 9.8 on */
	if (strncmp(line, "Exceeded MaxStartups", 20) == 0 ||
	    strncmp(line, "Not allowed at this time", 24) == 0)
		return aur__ssh_fail(s, AUR_SSH_END_BUSY,
		    "the host takes no more logins now: %s", line);
	return aur__ssh_fail(s, AUR_SSH_END_GARBAGE,
	    "this is no SSH server: it said '%s'", line);
}

static bool fail_closed(struct aur_ssh_session *s)
{
	if (is_stranger(s))
		return fail_stranger(s);
	if (s->goodbye[0] != '\0')
		return aur__ssh_fail(s, AUR_SSH_END_CLOSED,
		    "the host closed the connection: %s", s->goodbye);
	return aur__ssh_fail(
	    s, AUR_SSH_END_CLOSED, "the host closed the connection");
}

/* Codes that say that the two have no method in common, or that ours cannot
 * do what was agreed on; libssh2 also gives -5 where a peer's numbers are
 * wrong, and then ssh will say so. */
static bool unfit(int rc)
{
	return rc == LIBSSH2_ERROR_KEX_FAILURE ||
	       rc == LIBSSH2_ERROR_METHOD_NONE ||
	       rc == LIBSSH2_ERROR_METHOD_NOT_SUPPORTED ||
	       rc == LIBSSH2_ERROR_HOSTKEY_INIT;
}

bool aur__ssh_fail_lib(struct aur_ssh_session *s, int rc, const char *doing)
{
	if (rc == LIBSSH2_ERROR_ALLOC)
		return aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	if (is_stranger(s) || s->gone || s->goodbye[0] != '\0' ||
	    rc == LIBSSH2_ERROR_SOCKET_DISCONNECT)
		return fail_closed(s);
	if (s->phase == AUR_SSH_HANDSHAKE && unfit(rc))
		return aur__ssh_fail(s, AUR_SSH_END_UNFIT,
		    "no key exchange, cipher, MAC or host key in common with "
		    "libssh2");
	return aur__ssh_fail(s, AUR_SSH_END_GARBAGE, "%s: %s (libssh2 %d)",
	    doing, aur__ssh_lib_error(s), rc);
}

void aur__ssh_ask(struct aur_ssh_session *s, enum aur_ssh_ask kind, bool echo,
    struct aur_slice prompt, const char *about)
{
	aur__ssh_clean(s->prompt, sizeof s->prompt, prompt);
	aur__ssh_clean(s->about, sizeof s->about, aur_slice_str(about));
	s->question = (struct aur_ssh_question){
	    .kind = kind, .prompt = s->prompt, .about = s->about, .echo = echo};
	s->asks = true;
}

/* --- phases --------------------------------------------------------------- */

static void give_time(struct aur_ssh_session *s)
{
	s->until.ns = 0;
	if (s->o.patience.ns > 0 && s->phase != AUR_SSH_READY)
		s->until = aur_mono_add(s->now, s->o.patience);
}

void aur__ssh_enter(struct aur_ssh_session *s, enum aur_ssh_phase phase)
{
	s->phase = phase;
	give_time(s);
}

static void note_methods(struct aur_ssh_session *s)
{
	const int rows[] = {LIBSSH2_METHOD_KEX, LIBSSH2_METHOD_HOSTKEY,
	    LIBSSH2_METHOD_CRYPT_SC, LIBSSH2_METHOD_MAC_SC};
	size_t n = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++) {
		const char *name = libssh2_session_methods(s->lib, rows[i]);
		int more = snprintf(s->methods + n, sizeof s->methods - n,
		    "%s%s", i > 0 ? ", " : "", name != NULL ? name : "-");

		if (more < 0 || (size_t)more >= sizeof s->methods - n)
			return;
		n += (size_t)more;
	}
}

static bool shake_hands(struct aur_ssh_session *s)
{
	int rc = libssh2_session_handshake(s->lib, s->io.fd);

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	if (rc != 0)
		return aur__ssh_fail_lib(s, rc, "key exchange");
	note_methods(s);
	return aur__ssh_host_key_judge(s);
}

static bool turn(struct aur_ssh_session *s)
{
	switch (s->phase) {
	case AUR_SSH_HANDSHAKE:
		return shake_hands(s);
	case AUR_SSH_LOGIN:
		if (s->asks && s->question.kind != AUR_SSH_ASK_TOUCH)
			return false;
		return aur__ssh_login_turn(s);
	case AUR_SSH_READY:
		return aur__ssh_channels_turn(s);
	case AUR_SSH_HOST_KEY:
	case AUR_SSH_OVER:
		break;
	}
	return false;
}

int aur_ssh_session_step(struct aur_ssh_session *s, struct aur_mono now)
{
	s->now = now;
	s->share = STEP_SHARE;
	s->more = false;
	if (s->phase == AUR_SSH_HANDSHAKE && s->until.ns == 0)
		give_time(s);
	do {
		while (turn(s))
			;
	} while (s->phase != AUR_SSH_OVER && aur__ssh_listen(s));
	aur__ssh_flush(s);
	if (s->phase == AUR_SSH_OVER)
		return s->rc;
	if (s->gone)
		(void)fail_closed(s);
	else if (s->until.ns != 0 && !s->asks && now.ns >= s->until.ns)
		(void)aur__ssh_fail(s, AUR_SSH_END_LATE,
		    s->phase == AUR_SSH_LOGIN
			? "the host did not answer the login in time"
			: "the host did not answer in time");
	return s->phase == AUR_SSH_OVER ? s->rc : 0;
}

/* --- life ----------------------------------------------------------------- */

int aur_ssh_session_new(struct aur_ssh_session **ret_s,
    const struct aur_ssh_options *options, const struct aur_ssh_io *io)
{
	struct aur_ssh_session *s = aur_mem_new(1, sizeof *s);
	int rc;

	if (s == NULL)
		return AUR_ENOMEM;
	s->o = *options;
	s->io = *io;
	s->login.agent.fd = -1;
	aur_buf_init(&s->out, AUR_MAX_SSH_QUEUE);
	aur_buf_init(&s->idle, IDLE_MAX);
	aur_buf_init(&s->key_blob, AUR_MAX_SSH_BLOB);
	aur_buf_init(&s->login.blob, AUR_MAX_SSH_BLOB);
	aur_buf_init(&s->login.signature, AUR_MAX_SSH_BLOB);
	aur_buf_init(&s->login.secret, AUR_MAX_LINE);
	rc = aur__ssh_lib_new(s);
	if (rc == 0)
		rc = aur__ssh_host_key_prefer(s);
	if (rc < 0) {
		aur_ssh_session_free(s);
		return rc;
	}
	*ret_s = s;
	return 0;
}

void aur_ssh_session_free(struct aur_ssh_session *s)
{
	if (s == NULL)
		return;
	if (s->lib != NULL && s->phase == AUR_SSH_READY && !s->gone) {
		(void)libssh2_session_disconnect(s->lib, "done");
		aur__ssh_flush(s);
	}
	s->gone = true;
	s->phase = AUR_SSH_OVER;
	aur__ssh_login_release(s);
	while (s->channels != NULL)
		aur__ssh_channel_drop(s->channels);
	aur__ssh_lib_free(s);
	aur_buf_release(&s->out);
	aur_buf_release(&s->idle);
	aur_buf_release(&s->key_blob);
	aur_mem_free(s);
}

/* --- asking it ------------------------------------------------------------ */

enum aur_ssh_phase aur_ssh_session_phase(const struct aur_ssh_session *s)
{
	return s->phase;
}

const struct aur_ssh_failure *aur_ssh_session_failure(
    const struct aur_ssh_session *s)
{
	return &s->failure;
}

unsigned aur_ssh_session_wants(const struct aur_ssh_session *s)
{
	unsigned wants = 0;

	if (s->phase == AUR_SSH_OVER || s->gone)
		return s->phase != AUR_SSH_OVER ? AUR_SSH_WANT_STEP : 0;
	if (s->out.n > 0)
		wants |= AUR_SSH_WANT_WRITE;
	if (s->more)
		wants |= AUR_SSH_WANT_STEP;
	if (aur__ssh_channels_listen(s) || s->idle.n + 4096 <= IDLE_MAX)
		wants |= AUR_SSH_WANT_READ;
	return wants;
}

bool aur_ssh_session_wake(
    const struct aur_ssh_session *s, struct aur_mono *ret_when)
{
	struct aur_mono when = s->asks ? (struct aur_mono){0} : s->until;
	struct aur_mono agent = s->login.agent_until;

	if (s->phase == AUR_SSH_OVER)
		return false;
	if (agent.ns != 0 && (when.ns == 0 || agent.ns < when.ns))
		when = agent;
	if (when.ns == 0)
		return false;
	*ret_when = when;
	return true;
}

int aur_ssh_session_agent_fd(
    const struct aur_ssh_session *s, unsigned *ret_wants)
{
	const struct aur__ssh_agent *a = &s->login.agent;

	if (s->phase != AUR_SSH_LOGIN || a->fd < 0)
		return -1;
	*ret_wants = a->connecting || a->out.n > 0
			 ? AUR_SSH_WANT_READ | AUR_SSH_WANT_WRITE
			 : AUR_SSH_WANT_READ;
	return a->fd;
}

bool aur_ssh_session_waits_for_ring(const struct aur_ssh_session *s)
{
	return s->phase == AUR_SSH_LOGIN && s->login.waits_ring;
}

const struct aur_ssh_question *aur_ssh_session_question(
    const struct aur_ssh_session *s)
{
	return s->asks ? &s->question : NULL;
}

void aur_ssh_session_answer(struct aur_ssh_session *s, const char *text)
{
	if (!s->asks || s->question.kind == AUR_SSH_ASK_TOUCH)
		return;
	s->asks = false;
	if (s->phase == AUR_SSH_HOST_KEY)
		aur__ssh_host_key_answer(s, text);
	else
		aur__ssh_login_answer(s, text);
	if (s->phase != AUR_SSH_OVER)
		give_time(s);
}

const struct aur_ssh_host_key *aur_ssh_session_host_key(
    const struct aur_ssh_session *s)
{
	return s->key.blob.n > 0 ? &s->key : NULL;
}

const char *aur_ssh_session_methods(const struct aur_ssh_session *s)
{
	return s->methods;
}

const char *aur_ssh_session_login(const struct aur_ssh_session *s)
{
	return s->phase == AUR_SSH_READY ? s->login.how : "";
}

uint64_t aur_ssh_session_received(const struct aur_ssh_session *s)
{
	return s->received;
}

uint64_t aur_ssh_session_sent(const struct aur_ssh_session *s)
{
	return s->sent;
}
