/* SPDX-License-Identifier: MIT */
/*
 * libssh2, held so that its traps are out of reach.
 *
 * Sending: what libssh2 sends always goes whole into a queue of ours. After a
 * send that took a part, 1.10 fails every other write with -39, reads with -7
 * and may stall for ever in a key exchange; so it never sees one. Writers look
 * at the queue's length instead (channel.c).
 *
 * Receiving: an end of the bytes is told to it as "nothing yet" and kept in
 * `gone`, because a read error makes it forget the data that it has already
 * decrypted. The session ends when all of that is drained. Each step has a
 * share of bytes: libssh2 reads on while there is anything to read, and a
 * host that floods must not hold up the others.
 *
 * Memory: through base/mem, so that tests make it fail, and kept in a list:
 * 1.10 forgets the host's key at each new key exchange, and more where
 * something fails. What it has forgotten is freed with the session.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "ssh/algo.h"

#include <errno.h>
#include <stddef.h>

/* A server may say lines before its "SSH-2.0-..." (RFC 4253 4.2); so much. */
#define BEFORE_BANNER_MAX 8192u

static struct aur_ssh_session *of(void **abstract)
{
	return *abstract;
}

/* In front of each piece of memory that libssh2 has. */
struct aur__ssh_block {
	struct aur__ssh_block *next, **at;
	max_align_t bytes[];
};

static struct aur__ssh_block *block_of(void *p)
{
	return (
	    struct aur__ssh_block *)((char *)p -
				     offsetof(struct aur__ssh_block, bytes));
}

static void *enlist(struct aur_ssh_session *s, struct aur__ssh_block *b)
{
	b->next = s->blocks;
	b->at = &s->blocks;
	if (b->next != NULL)
		b->next->at = &b->next;
	s->blocks = b;
	return b->bytes;
}

static struct aur__ssh_block *delist(void *p)
{
	struct aur__ssh_block *b = block_of(p);

	*b->at = b->next;
	if (b->next != NULL)
		b->next->at = b->at;
	return b;
}

void *aur__ssh_lib_alloc(struct aur_ssh_session *s, size_t n)
{
	struct aur__ssh_block *b = NULL;

	if (n < SIZE_MAX / 2)
		b = aur_mem_new(1, sizeof *b + n);
	return b != NULL ? enlist(s, b) : NULL;
}

static LIBSSH2_ALLOC_FUNC(on_alloc)
{
	return aur__ssh_lib_alloc(of(abstract), count);
}

static LIBSSH2_REALLOC_FUNC(on_realloc)
{
	struct aur__ssh_block *b, *grown;

	if (ptr == NULL)
		return on_alloc(count, abstract);
	if (count >= SIZE_MAX / 2)
		return NULL;
	b = delist(ptr);
	grown = aur_mem_grow(b, 1, sizeof *b + count);
	if (grown != NULL)
		return enlist(of(abstract), grown);
	(void)enlist(of(abstract), b);
	return NULL;
}

static LIBSSH2_FREE_FUNC(on_free)
{
	(void)abstract;
	if (ptr != NULL)
		aur_mem_free(delist(ptr));
}

static LIBSSH2_SEND_FUNC(on_send)
{
	struct aur_ssh_session *s = of(abstract);

	(void)socket;
	(void)flags;
	if (s->gone)
		return s->leaving ? -EPIPE : (ssize_t)length;
	if (aur_buf_add(&s->out, buffer, length) < 0)
		return -ENOBUFS;
	return (ssize_t)length;
}

/* Until the banner has come: what it is instead, for the message. */
static void look_for_banner(
    struct aur_ssh_session *s, const uint8_t *p, size_t n)
{
	size_t at = s->before_banner, room = sizeof s->first_line - 1;

	if (s->phase != AUR_SSH_HANDSHAKE)
		return;
	if (at < room)
		memcpy(s->first_line + at, p, n < room - at ? n : room - at);
	s->before_banner += n;
	if (memcmp(s->first_line, "SSH-", 4) != 0 &&
	    s->before_banner > BEFORE_BANNER_MAX)
		s->gone = true;
}

static int64_t receive(struct aur_ssh_session *s, uint8_t *p, size_t n)
{
	int64_t got;

	if (s->gone)
		return 0;
	if (s->share == 0) {
		s->more = true;
		return 0;
	}
	got = s->io.recv(s->io.arg, p, n < s->share ? n : s->share);
	if (got < 0)
		s->gone = true;
	if (got <= 0)
		return 0;
	s->received += (uint64_t)got;
	s->share -= (size_t)got;
	look_for_banner(s, p, (size_t)got);
	return got;
}

static LIBSSH2_RECV_FUNC(on_recv)
{
	struct aur_ssh_session *s = of(abstract);
	struct aur_slice idle = aur_buf_peek(&s->idle);
	int64_t n;

	(void)socket;
	(void)flags;
	if (idle.n > 0) {
		n = (int64_t)(idle.n < length ? idle.n : length);
		memcpy(buffer, idle.p, (size_t)n);
		aur_buf_take(&s->idle, (size_t)n);
		return (ssize_t)n;
	}
	if (s->leaving)
		return -ECONNRESET;
	n = receive(s, buffer, length);
	return n > 0 ? (ssize_t)n : -EAGAIN;
}

static LIBSSH2_DISCONNECT_FUNC(on_disconnect)
{
	struct aur_ssh_session *s = of(abstract);

	(void)session;
	(void)reason;
	(void)language;
	(void)language_len;
	if (message_len > 0)
		aur__ssh_clean(s->goodbye, sizeof s->goodbye,
		    aur_slice_of(message, (size_t)message_len));
}

/* ISO C has no void pointer to a function; libssh2's setter wants one. */
union callback {
	LIBSSH2_SEND_FUNC((*send));
	LIBSSH2_RECV_FUNC((*recv));
	LIBSSH2_DISCONNECT_FUNC((*disconnect));
	void *pointer;
};

static bool supported(const char **have, int n, struct aur_slice name)
{
	for (int i = 0; i < n; i++)
		if (aur_slice_is(name, have[i]))
			return true;
	return false;
}

/* Names that the library lacks are left out here: 1.10 does so by a memcpy
 * of overlapping bytes. None left: its own list stands, and the handshake
 * will say. */
int aur__ssh_lib_prefer(
    struct aur_ssh_session *s, int method, struct aur_slice names)
{
	const char **have = NULL;
	int n = libssh2_session_supported_algs(s->lib, method, &have);
	struct aur_slice name;
	struct aur_buf out;
	int rc = 0;

	if (n < 0)
		return AUR_ENOMEM;
	aur_buf_init(&out, AUR_MAX_LINE);
	while (rc == 0 && names.n > 0) {
		if (!aur_slice_until(&names, ',', &name)) {
			name = names;
			names.n = 0;
		}
		if (supported(have, n, name))
			rc = aur_buf_addf(&out, "%s%.*s", out.n > 0 ? "," : "",
			    (int)name.n, (const char *)name.p);
	}
	if (have != NULL)
		libssh2_free(s->lib, have);
	if (rc == 0 && out.n > 0 &&
	    (aur_buf_str(&out) == NULL || libssh2_session_method_pref(s->lib,
					      method, aur_buf_str(&out)) < 0))
		rc = AUR_ENOMEM;
	aur_buf_release(&out);
	return rc;
}

static int prefer(struct aur_ssh_session *s)
{
	const struct {
		int method;
		const char *names;
	} rows[] = {
	    {LIBSSH2_METHOD_KEX, aur_ssh_algo_kex()},
	    {LIBSSH2_METHOD_CRYPT_CS, aur_ssh_algo_cipher()},
	    {LIBSSH2_METHOD_CRYPT_SC, aur_ssh_algo_cipher()},
	    {LIBSSH2_METHOD_MAC_CS, aur_ssh_algo_mac()},
	    {LIBSSH2_METHOD_MAC_SC, aur_ssh_algo_mac()},
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AUR_ARRAY_LEN(rows); i++)
		rc = aur__ssh_lib_prefer(
		    s, rows[i].method, aur_slice_str(rows[i].names));
	return rc;
}

int aur__ssh_lib_new(struct aur_ssh_session *s)
{
	union callback send = {.send = on_send}, recv = {.recv = on_recv},
		       disconnect = {.disconnect = on_disconnect};

	if (libssh2_init(0) != 0)
		return AUR_EIO;
	s->lib = libssh2_session_init_ex(on_alloc, on_free, on_realloc, s);
	if (s->lib == NULL) {
		libssh2_exit();
		return AUR_ENOMEM;
	}
	libssh2_session_set_blocking(s->lib, 0);
	libssh2_session_callback_set(
	    s->lib, LIBSSH2_CALLBACK_SEND, send.pointer);
	libssh2_session_callback_set(
	    s->lib, LIBSSH2_CALLBACK_RECV, recv.pointer);
	libssh2_session_callback_set(
	    s->lib, LIBSSH2_CALLBACK_DISCONNECT, disconnect.pointer);
	return prefer(s);
}

/* Reads and sends fail now, so that libssh2 waits for no answer of the host;
 * what it says to that is of no use any more. */
void aur__ssh_lib_free(struct aur_ssh_session *s)
{
	if (s->lib == NULL)
		return;
	s->gone = s->leaving = true;
	for (int i = 0; i < 8; i++)
		if (libssh2_session_free(s->lib) != LIBSSH2_ERROR_EAGAIN)
			break;
	s->lib = NULL;
	while (s->blocks != NULL)
		aur_mem_free(delist(s->blocks->bytes));
	libssh2_exit();
}

void aur__ssh_flush(struct aur_ssh_session *s)
{
	while (!s->gone && s->out.n > 0) {
		int64_t n = s->io.send(s->io.arg, aur_buf_peek(&s->out));

		if (n < 0)
			s->gone = true;
		if (n <= 0)
			return;
		s->sent += (uint64_t)n;
		aur_buf_take(&s->out, (size_t)n);
	}
}

bool aur__ssh_listen(struct aur_ssh_session *s)
{
	uint8_t chunk[4096];
	bool some = false;
	int64_t n;

	if (aur__ssh_channels_listen(s))
		return false;
	while (s->idle.n + sizeof chunk <= s->idle.max) {
		n = receive(s, chunk, sizeof chunk);
		if (n <= 0 || aur_buf_add(&s->idle, chunk, (size_t)n) < 0)
			break;
		some = true;
	}
	return some;
}

const char *aur__ssh_lib_error(struct aur_ssh_session *s)
{
	char *text = NULL;

	if (libssh2_session_last_error(s->lib, &text, NULL, 0) == 0 ||
	    text == NULL)
		return "";
	return text;
}
