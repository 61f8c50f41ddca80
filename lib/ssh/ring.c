/* SPDX-License-Identifier: MIT */
/*
 * Opened private keys, a list by path: a person has few. Reading is done here
 * and at once: key files are small and local to the user, and ssh does the
 * same; only bcrypt costs, once for each typed passphrase.
 *
 *	ABSENT ──find──▶ OPEN
 *	   │               ▲
 *	   ├──find──▶ LOCKED ──unlock──┤
 *	   │               └─ three times wrong, declined ─▶ DECLINED
 *	   └──find──▶ UNFIT
 */
#include "ssh/ring.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Passphrases that may be wrong, as many as ssh allows. */
#define TRIES 3u

struct aur_ssh_ring_key {
	struct aur_ssh_ring_key *next;
	char *path;
	enum aur_ssh_ring_state state;
	const char *why; /* static */
	char why_text[96];
	struct aur_ssh_private *private;
	struct aur_buf blob; /* of the .pub, while it is locked */
	const void *claimed_by;
	unsigned wrong;
};

struct aur_ssh_ring {
	struct aur_ssh_ring_key *keys;
};

int aur_ssh_ring_new(struct aur_ssh_ring **ret_ring)
{
	struct aur_ssh_ring *ring = aur_mem_new(1, sizeof *ring);

	if (ring == NULL)
		return AUR_ENOMEM;
	*ret_ring = ring;
	return 0;
}

static void key_free(struct aur_ssh_ring_key *k)
{
	aur_ssh_private_free(k->private);
	aur_buf_release(&k->blob);
	aur_mem_free(k->path);
	aur_mem_free(k);
}

void aur_ssh_ring_free(struct aur_ssh_ring *ring)
{
	if (ring == NULL)
		return;
	while (ring->keys != NULL) {
		struct aur_ssh_ring_key *k = ring->keys;

		ring->keys = k->next;
		key_free(k);
	}
	aur_mem_free(ring);
}

/* --- reading -------------------------------------------------------------- */

static void set(
    struct aur_ssh_ring_key *k, enum aur_ssh_ring_state state, const char *why)
{
	k->state = state;
	k->why = why;
}

/* All of a small file; one that is odd is simply not there. */
static int read_small(const char *path, struct aur_buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = 0;
	char chunk[4096];
	ssize_t n = 1;

	if (fd < 0)
		return AUR_EABSENT;
	while (rc == 0 && n != 0) {
		n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = AUR_EABSENT;
		else
			rc = aur_buf_add(out, chunk, (size_t)n);
	}
	close(fd);
	return rc;
}

/* The public half beside the file: so the host can be asked whether it wants
 * the key before a person is asked for its passphrase. */
static int read_public(struct aur_ssh_ring_key *k)
{
	struct aur_ssh_line line;
	struct aur_buf path, text;
	int rc;

	aur_buf_init(&path, AUR_MAX_LINE);
	aur_buf_init(&text, AUR_MAX_SSH_KEY_FILE);
	rc = aur_buf_addf(&path, "%s.pub", k->path);
	if (rc == 0 && aur_buf_str(&path) == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = read_small(aur_buf_str(&path), &text);
	if (rc == 0)
		rc = aur_ssh_line_parse(aur_buf_peek(&text), &line);
	if (rc == 0)
		rc = aur_ssh_line_blob(&line, &k->blob);
	aur_buf_release(&path);
	aur_buf_release(&text);
	return rc == AUR_ENOMEM ? rc : 0;
}

static int look(struct aur_ssh_ring_key *k, struct aur_slice text)
{
	struct aur_ssh_private_look l;

	if (aur_ssh_private_look(text, &l) < 0) {
		set(k, AUR_SSH_RING_ABSENT, "is no private key");
		return 0;
	}
	if (!l.supported) {
		snprintf(k->why_text, sizeof k->why_text, "%.*s",
		    (int)(l.why.n < 90 ? l.why.n : 90),
		    l.why.n > 0 ? (const char *)l.why.p : "");
		set(k, AUR_SSH_RING_UNFIT, k->why_text);
		return 0;
	}
	if (l.encrypted) {
		set(k, AUR_SSH_RING_LOCKED, "needs its passphrase");
		return read_public(k);
	}
	switch (aur_ssh_private_open(text, aur_slice_str(""), &k->private)) {
	case 0:
		set(k, AUR_SSH_RING_OPEN, "");
		return 0;
	case AUR_ENOMEM:
		return AUR_ENOMEM;
	case AUR_EDENIED:
		set(k, AUR_SSH_RING_LOCKED, "needs its passphrase");
		return read_public(k);
	default:
		set(k, AUR_SSH_RING_UNFIT, "cannot be read");
		return 0;
	}
}

static int load(struct aur_ssh_ring_key *k)
{
	struct aur_buf text;
	int rc;

	aur_buf_init(&text, AUR_MAX_SSH_KEY_FILE);
	rc = aur_ssh_private_read(k->path, &text);
	if (rc == 0)
		rc = look(k, aur_buf_peek(&text));
	else if (rc == AUR_EABSENT)
		set(k, AUR_SSH_RING_ABSENT, "is not there");
	else if (rc == AUR_EDENIED)
		set(k, AUR_SSH_RING_ABSENT,
		    "may be read by others, or not by you: chmod 600");
	else if (rc != AUR_ENOMEM)
		set(k, AUR_SSH_RING_ABSENT, "cannot be read");
	aur_ssh_wipe(&text);
	return rc == AUR_ENOMEM ? rc : 0;
}

int aur_ssh_ring_find(struct aur_ssh_ring *ring, const char *path,
    struct aur_ssh_ring_key **ret_key)
{
	struct aur_ssh_ring_key *k = ring->keys;
	int rc = 0;

	while (k != NULL && strcmp(k->path, path) != 0)
		k = k->next;
	if (k == NULL) {
		k = aur_mem_new(1, sizeof *k);
		if (k == NULL)
			return AUR_ENOMEM;
		aur_buf_init(&k->blob, AUR_MAX_SSH_BLOB);
		k->why = "";
		k->path = aur_mem_dup(path, strlen(path));
		if (k->path == NULL) {
			key_free(k);
			return AUR_ENOMEM;
		}
		k->next = ring->keys;
		ring->keys = k;
	}
	if (k->state == AUR_SSH_RING_ABSENT)
		rc = load(k);
	if (rc == 0)
		*ret_key = k;
	return rc;
}

/* --- asking it ------------------------------------------------------------ */

enum aur_ssh_ring_state aur_ssh_ring_state(const struct aur_ssh_ring_key *k)
{
	return k->state;
}

const char *aur_ssh_ring_path(const struct aur_ssh_ring_key *k)
{
	return k->path;
}

const char *aur_ssh_ring_why(const struct aur_ssh_ring_key *k)
{
	return k->why;
}

struct aur_slice aur_ssh_ring_blob(const struct aur_ssh_ring_key *k)
{
	if (k->private != NULL)
		return aur_ssh_private_blob(k->private);
	return aur_buf_peek(&k->blob);
}

const struct aur_ssh_private *aur_ssh_ring_private(
    const struct aur_ssh_ring_key *k)
{
	return k->private;
}

/* --- unlocking ------------------------------------------------------------ */

bool aur_ssh_ring_claim(struct aur_ssh_ring_key *k, const void *who)
{
	if (k->claimed_by != NULL && k->claimed_by != who)
		return false;
	k->claimed_by = who;
	return true;
}

void aur_ssh_ring_release(struct aur_ssh_ring_key *k, const void *who)
{
	if (k->claimed_by == who)
		k->claimed_by = NULL;
}

void aur_ssh_ring_decline(struct aur_ssh_ring_key *k)
{
	k->claimed_by = NULL;
	if (k->state == AUR_SSH_RING_LOCKED)
		set(k, AUR_SSH_RING_DECLINED, "was not unlocked");
}

int aur_ssh_ring_unlock(struct aur_ssh_ring_key *k, struct aur_slice phrase)
{
	struct aur_buf text;
	int rc;

	k->claimed_by = NULL;
	if (k->state == AUR_SSH_RING_OPEN)
		return 0;
	aur_buf_init(&text, AUR_MAX_SSH_KEY_FILE);
	rc = aur_ssh_private_read(k->path, &text);
	if (rc == 0)
		rc = aur_ssh_private_open(
		    aur_buf_peek(&text), phrase, &k->private);
	aur_ssh_wipe(&text);
	if (rc == 0)
		set(k, AUR_SSH_RING_OPEN, "");
	else if (rc == AUR_EDENIED && ++k->wrong >= TRIES)
		set(k, AUR_SSH_RING_DECLINED, "was not unlocked");
	else if (rc != AUR_EDENIED && rc != AUR_ENOMEM)
		set(k, AUR_SSH_RING_UNFIT, "cannot be read");
	return rc;
}
