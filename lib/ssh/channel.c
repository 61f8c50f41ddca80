/* SPDX-License-Identifier: MIT */
/*
 * Channels of a session: commands and ways to other hosts.
 *
 *	WAITING ─▶ OPENING ─▶ STARTING ─▶ RUNNING ─▶ CLOSING ─▶ ENDED
 *	   one at a time in     exec       read,      eof: the     status
 *	   libssh2                         write      status is
 *	      └── refused ──▶ ENDED                   to come
 *
 * A channel that its user has freed is *dropped*: it goes on through these
 * steps as far as libssh2 needs it, to LEAVING, where it is closed; then it is
 * gone. Another command waits for that, as the host counts it until then
 * (MaxSessions).
 *
 * Reading goes until nothing more is there: what libssh2 has decrypted for one
 * channel while it read for another causes no event on the socket. stdout and
 * stderr share a window, so stderr is always taken, and its end kept.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#define READ_CHUNK 16384u
#define WORDS_KEPT 4096u
/* Above this, what libssh2 has sent waits for the socket and not for us. */
#define QUEUE_FULL 65536u
#define COMMANDS_MAX 2u

enum step { WAITING, OPENING, STARTING, RUNNING, CLOSING, LEAVING, ENDED };

struct aur_ssh_channel {
	struct aur_ssh_channel *next;
	struct aur_ssh_session *session;
	LIBSSH2_CHANNEL *lib;
	enum step step;
	enum aur_ssh_channel_state state;
	char *target;  /* a command, or a host */
	unsigned port; /* 0: a command */
	bool dropped, shut, shut_sent;
	bool eof; /* nothing more will be read */
	struct aur_buf in, out, words;
	int status;
	char error[160];
};

/* --- life ----------------------------------------------------------------- */

void aur__ssh_channel_drop(struct aur_ssh_channel *ch)
{
	struct aur_ssh_session *s = ch->session;
	struct aur_ssh_channel **p = &s->channels;

	while (*p != ch)
		p = &(*p)->next;
	*p = ch->next;
	if (s->opening == ch)
		s->opening = NULL;
	aur_buf_release(&ch->in);
	aur_buf_release(&ch->out);
	aur_buf_release(&ch->words);
	aur_mem_free(ch->target);
	aur_mem_free(ch);
}

static int begin(struct aur_ssh_session *s, const char *target, unsigned port,
    struct aur_ssh_channel **ret_ch)
{
	struct aur_ssh_channel **p = &s->channels, *ch;

	if (s->phase != AUR_SSH_READY)
		return AUR_EINVALID;
	ch = aur_mem_new(1, sizeof *ch);
	if (ch == NULL)
		return AUR_ENOMEM;
	ch->target = aur_mem_dup(target, strlen(target));
	if (ch->target == NULL) {
		aur_mem_free(ch);
		return AUR_ENOMEM;
	}
	ch->session = s;
	ch->port = port;
	ch->status = -1;
	aur_buf_init(&ch->in, AUR_MAX_SSH_CHANNEL);
	aur_buf_init(&ch->out, AUR_SSH_CHANNEL_QUEUE);
	aur_buf_init(&ch->words, 2 * WORDS_KEPT);
	while (*p != NULL)
		p = &(*p)->next;
	*p = ch;
	s->more = true;
	*ret_ch = ch;
	return 0;
}

/* Commands that the host counts; `live`: only those not dropped. */
static unsigned commands(const struct aur_ssh_session *s, bool live)
{
	unsigned n = 0;

	for (const struct aur_ssh_channel *c = s->channels; c != NULL;
	     c = c->next)
		if (c->port == 0 && c->step != ENDED &&
		    (live ? !c->dropped : c->step != WAITING))
			n++;
	return n;
}

int aur_ssh_session_exec(struct aur_ssh_session *s, const char *command,
    struct aur_ssh_channel **ret_ch)
{
	if (commands(s, true) >= COMMANDS_MAX)
		return AUR_EBUSY;
	return begin(s, command, 0, ret_ch);
}

int aur_ssh_session_connect(struct aur_ssh_session *s, const char *host,
    unsigned port, struct aur_ssh_channel **ret_ch)
{
	if (port == 0 || port > 65535)
		return AUR_EINVALID;
	return begin(s, host, port, ret_ch);
}

void aur_ssh_channel_free(struct aur_ssh_channel *ch)
{
	if (ch == NULL)
		return;
	if (ch->session->phase == AUR_SSH_OVER || ch->step == WAITING ||
	    (ch->step == ENDED && ch->lib == NULL)) {
		aur__ssh_channel_drop(ch);
		return;
	}
	ch->dropped = true;
	ch->session->more = true;
}

void aur__ssh_channels_end(struct aur_ssh_session *s)
{
	struct aur_ssh_channel *next;

	for (struct aur_ssh_channel *ch = s->channels; ch != NULL; ch = next) {
		next = ch->next;
		if (ch->dropped) {
			aur__ssh_channel_drop(ch);
			continue;
		}
		if (ch->state == AUR_SSH_CHANNEL_OPENING ||
		    ch->state == AUR_SSH_CHANNEL_OPEN)
			ch->state = AUR_SSH_CHANNEL_DEAD;
		ch->eof = true;
	}
}

/* --- opening -------------------------------------------------------------- */

static bool refuse(struct aur_ssh_channel *ch)
{
	aur__ssh_clean(ch->error, sizeof ch->error,
	    aur_slice_str(aur__ssh_lib_error(ch->session)));
	ch->state = AUR_SSH_CHANNEL_REFUSED;
	ch->eof = true;
	ch->step = ch->lib != NULL ? LEAVING : ENDED;
	return true;
}

static bool refused(int rc)
{
	return rc == LIBSSH2_ERROR_CHANNEL_FAILURE ||
	       rc == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED ||
	       rc == LIBSSH2_ERROR_CHANNEL_CLOSED;
}

static bool open_one(struct aur_ssh_channel *ch)
{
	struct aur_ssh_session *s = ch->session;
	int rc;

	s->opening = ch;
	ch->step = OPENING;
	if (ch->port == 0)
		ch->lib = libssh2_channel_open_session(s->lib);
	else
		ch->lib = libssh2_channel_direct_tcpip_ex(
		    s->lib, ch->target, (int)ch->port, "127.0.0.1", 22);
	rc = ch->lib != NULL ? 0 : libssh2_session_last_errno(s->lib);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	s->opening = NULL;
	if (rc != 0 && refused(rc))
		return refuse(ch);
	if (rc != 0)
		return aur__ssh_fail_lib(s, rc, "opening a channel");
	ch->step = STARTING;
	return true;
}

static bool start(struct aur_ssh_channel *ch)
{
	int rc = 0;

	if (ch->port == 0)
		rc = libssh2_channel_process_startup(ch->lib, "exec", 4,
		    ch->target, (unsigned)strlen(ch->target));
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	if (rc != 0 && refused(rc))
		return refuse(ch);
	if (rc != 0)
		return aur__ssh_fail_lib(ch->session, rc, "starting a command");
	ch->state = AUR_SSH_CHANNEL_OPEN;
	ch->step = RUNNING;
	return true;
}

/* --- running -------------------------------------------------------------- */

static bool write_out(struct aur_ssh_channel *ch)
{
	struct aur_ssh_session *s = ch->session;
	bool moved = false;
	ssize_t n;

	while (ch->out.n > 0 && s->out.n < QUEUE_FULL) {
		struct aur_slice bytes = aur_buf_peek(&ch->out);

		n = libssh2_channel_write_ex(
		    ch->lib, 0, (const char *)bytes.p, bytes.n);
		if (n == LIBSSH2_ERROR_EAGAIN || n == 0)
			return moved;
		if (n == LIBSSH2_ERROR_CHANNEL_CLOSED ||
		    n == LIBSSH2_ERROR_CHANNEL_EOF_SENT) {
			aur_buf_clear(&ch->out);
			return true;
		}
		if (n < 0)
			return aur__ssh_fail_lib(s, (int)n, "writing");
		aur_buf_take(&ch->out, (size_t)n);
		moved = true;
	}
	if (ch->out.n == 0 && ch->shut && !ch->shut_sent &&
	    libssh2_channel_send_eof(ch->lib) != LIBSSH2_ERROR_EAGAIN)
		ch->shut_sent = moved = true;
	return moved;
}

static bool keep_words(struct aur_ssh_channel *ch, const char *p, size_t n)
{
	if (ch->dropped)
		return true;
	if (aur_buf_add(&ch->words, p, n) < 0)
		return aur__ssh_fail(
		    ch->session, AUR_SSH_END_NOMEM, "out of memory");
	if (ch->words.n > WORDS_KEPT)
		aur_buf_take(&ch->words, ch->words.n - WORDS_KEPT);
	return true;
}

static bool read_words(struct aur_ssh_channel *ch)
{
	char chunk[WORDS_KEPT];
	bool moved = false;
	ssize_t n;

	for (;;) {
		n = libssh2_channel_read_ex(
		    ch->lib, SSH_EXTENDED_DATA_STDERR, chunk, sizeof chunk);
		if (n == LIBSSH2_ERROR_EAGAIN || n == 0)
			return moved;
		if (n < 0)
			return aur__ssh_fail_lib(
			    ch->session, (int)n, "reading");
		if (!keep_words(ch, chunk, (size_t)n))
			return false;
		moved = true;
	}
}

static bool full(const struct aur_ssh_channel *ch)
{
	return ch->in.n + READ_CHUNK > ch->in.max;
}

/* Storage is given back in between: a thousand idle hosts wait here. */
static void tidy(struct aur_buf *b)
{
	size_t max = b->max;

	if (b->n > 0 || b->cap <= 4096)
		return;
	aur_buf_release(b);
	aur_buf_init(b, max);
}

static bool read_in(struct aur_ssh_channel *ch)
{
	char chunk[READ_CHUNK];
	bool moved = false;
	ssize_t n;

	while (!full(ch)) {
		n = libssh2_channel_read_ex(ch->lib, 0, chunk, sizeof chunk);
		if (n == LIBSSH2_ERROR_EAGAIN || n == 0)
			break;
		if (n < 0)
			return aur__ssh_fail_lib(
			    ch->session, (int)n, "reading");
		if (aur_buf_add(&ch->in, chunk, (size_t)n) < 0)
			return aur__ssh_fail(
			    ch->session, AUR_SSH_END_NOMEM, "out of memory");
		if (ch->dropped)
			aur_buf_clear(&ch->in);
		moved = true;
	}
	return moved;
}

static bool run(struct aur_ssh_channel *ch)
{
	bool moved = write_out(ch);

	if (ch->session->phase != AUR_SSH_OVER)
		moved |= read_words(ch);
	if (ch->session->phase != AUR_SSH_OVER)
		moved |= read_in(ch);
	if (ch->session->phase == AUR_SSH_OVER)
		return false;
	if (ch->dropped)
		ch->step = LEAVING;
	else if (libssh2_channel_eof(ch->lib) == 1)
		ch->step = CLOSING;
	/* of a way to another host the end is all that there is to know */
	ch->eof = ch->step == CLOSING && ch->port != 0;
	tidy(&ch->out);
	return moved || ch->step != RUNNING;
}

/* --- closing -------------------------------------------------------------- */

/* Numbers as POSIX has them; those of RFC 4254, section 6.10. */
static int signal_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} rows[] = {{"HUP", 1}, {"INT", 2}, {"QUIT", 3}, {"ILL", 4},
	    {"ABRT", 6}, {"FPE", 8}, {"KILL", 9}, {"USR1", 10}, {"SEGV", 11},
	    {"USR2", 12}, {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15}};

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++)
		if (strcmp(name, rows[i].name) == 0)
			return rows[i].number;
	return 0;
}

static void note_status(struct aur_ssh_channel *ch)
{
	char *name = NULL;

	if (libssh2_channel_get_exit_signal(
		ch->lib, &name, NULL, NULL, NULL, NULL, NULL) == 0 &&
	    name != NULL) {
		ch->status = 128 + signal_number(name);
		libssh2_free(ch->session->lib, name);
		return;
	}
	ch->status = libssh2_channel_get_exit_status(ch->lib);
}

/* The end of its output has come; the status comes before the close. */
static bool close_one(struct aur_ssh_channel *ch)
{
	bool moved = write_out(ch);
	int rc;

	if (ch->session->phase == AUR_SSH_OVER)
		return false;
	rc = libssh2_channel_wait_closed(ch->lib);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return moved;
	ch->eof = true;
	if (rc == 0 && ch->port == 0)
		note_status(ch);
	ch->state = AUR_SSH_CHANNEL_DONE;
	ch->step = LEAVING;
	return true;
}

static bool leave(struct aur_ssh_channel *ch)
{
	if (libssh2_channel_free(ch->lib) == LIBSSH2_ERROR_EAGAIN)
		return false;
	ch->lib = NULL;
	ch->step = ENDED;
	return true;
}

static bool turn(struct aur_ssh_channel *ch)
{
	struct aur_ssh_session *s = ch->session;

	switch (ch->step) {
	case WAITING:
		if (s->opening != NULL ||
		    (ch->port == 0 && commands(s, false) >= COMMANDS_MAX))
			return false;
		return open_one(ch);
	case OPENING:
		return open_one(ch);
	case STARTING:
		if (ch->dropped)
			ch->step = LEAVING;
		return ch->dropped ? true : start(ch);
	case RUNNING:
		return run(ch);
	case CLOSING:
		if (ch->dropped)
			ch->step = LEAVING;
		return ch->dropped ? true : close_one(ch);
	case LEAVING:
		return leave(ch);
	case ENDED:
		break;
	}
	return false;
}

bool aur__ssh_channels_turn(struct aur_ssh_session *s)
{
	struct aur_ssh_channel *next;
	bool moved = false;

	for (struct aur_ssh_channel *ch = s->channels; ch != NULL; ch = next) {
		moved |= turn(ch);
		if (s->phase == AUR_SSH_OVER)
			return false;
		next = ch->next;
		if (ch->dropped && ch->step == ENDED)
			aur__ssh_channel_drop(ch);
	}
	return moved;
}

bool aur__ssh_channels_listen(const struct aur_ssh_session *s)
{
	for (const struct aur_ssh_channel *ch = s->channels; ch != NULL;
	     ch = ch->next)
		if (ch->step != WAITING && ch->step != ENDED &&
		    (ch->step != RUNNING || !full(ch)))
			return true;
	return false;
}

/* --- the user's side ------------------------------------------------------ */

enum aur_ssh_channel_state aur_ssh_channel_state(
    const struct aur_ssh_channel *ch)
{
	return ch->state;
}

const char *aur_ssh_channel_error(const struct aur_ssh_channel *ch)
{
	return ch->error;
}

int64_t aur_ssh_channel_read(struct aur_ssh_channel *ch, uint8_t *p, size_t n)
{
	struct aur_slice bytes = aur_buf_peek(&ch->in);

	if (bytes.n == 0)
		return ch->eof ? AUR_ECLOSED : 0;
	if (full(ch))
		ch->session->more = true;
	if (n > bytes.n)
		n = bytes.n;
	memcpy(p, bytes.p, n);
	aur_buf_take(&ch->in, n);
	tidy(&ch->in);
	return (int64_t)n;
}

bool aur_ssh_channel_pending(const struct aur_ssh_channel *ch)
{
	return ch->in.n > 0;
}

bool aur_ssh_channel_readable(const struct aur_ssh_channel *ch)
{
	return ch->in.n > 0 || ch->eof;
}

int64_t aur_ssh_channel_write(
    struct aur_ssh_channel *ch, struct aur_slice bytes)
{
	size_t room = ch->out.max - ch->out.n;

	if (ch->eof || ch->shut)
		return AUR_ECLOSED;
	if (bytes.n > room)
		bytes.n = room;
	if (bytes.n == 0)
		return 0;
	if (aur_buf_add_slice(&ch->out, bytes) < 0)
		return AUR_ENOMEM;
	ch->session->more = true;
	return (int64_t)bytes.n;
}

size_t aur_ssh_channel_room(const struct aur_ssh_channel *ch)
{
	return ch->eof || ch->shut ? 0 : ch->out.max - ch->out.n;
}

void aur_ssh_channel_shut(struct aur_ssh_channel *ch)
{
	ch->shut = true;
	ch->session->more = true;
}

struct aur_slice aur_ssh_channel_words(const struct aur_ssh_channel *ch)
{
	return aur_buf_peek(&ch->words);
}

int aur_ssh_channel_status(const struct aur_ssh_channel *ch)
{
	return ch->status;
}

static int64_t io_send(void *arg, struct aur_slice bytes)
{
	return aur_ssh_channel_write(arg, bytes);
}

static int64_t io_recv(void *arg, uint8_t *p, size_t n)
{
	return aur_ssh_channel_read(arg, p, n);
}

void aur_ssh_channel_io(struct aur_ssh_channel *ch, struct aur_ssh_io *ret_io)
{
	*ret_io = (struct aur_ssh_io){.send = io_send,
	    .recv = io_recv,
	    .arg = ch,
	    .fd = ch->session->io.fd};
}
