/* SPDX-License-Identifier: MIT */
/*
 * The lines of known_hosts:
 *
 *	[@marker] NAMES TYPE BASE64 [comment]
 *
 * A line with a key of a type that we do not know is skipped and is no fault;
 * ssh may be newer than we are. Old "bits exponent modulus" lines of SSH 1
 * name nothing that could be asked for, and are bad.
 */
#include "ssh/known_int.h"

#include "base/base64.h"
#include "base/err.h"
#include "base/mem.h"
#include "ssh/bytes_int.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int aur_ssh_known_new(struct aur_ssh_known **ret_known)
{
	struct aur_ssh_known *k = aur_mem_new(1, sizeof *k);

	if (k == NULL)
		return AUR_ENOMEM;
	if (aur__known_hmac_init(&k->hmac) < 0) {
		aur_ssh_known_free(k);
		return AUR_ENOMEM;
	}
	*ret_known = k;
	return 0;
}

void aur_ssh_known_free(struct aur_ssh_known *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->nfiles; i++) {
		aur_mem_free(k->files[i].name);
		aur_mem_free(k->files[i].text);
	}
	aur__known_hmac_release(&k->hmac);
	aur_mem_free(k->files);
	aur_mem_free(k->entries);
	aur_mem_free(k);
}

static bool take_marker(struct aur_slice *s, struct aur__known_entry *e)
{
	struct aur_slice word;

	e->marker = AUR__KNOWN_PLAIN;
	if (s->n == 0 || s->p[0] != '@')
		return true;
	if (!aur__ssh_take_word(s, &word))
		return false;
	if (aur_slice_is(word, "@revoked"))
		e->marker = AUR__KNOWN_REVOKED;
	else if (aur_slice_is(word, "@cert-authority"))
		e->marker = AUR__KNOWN_CA;
	else
		return false;
	return true;
}

/* 1: an entry; 0: nothing to note; AUR_EINVALID; AUR_ENOMEM. */
static int parse_line(struct aur_slice line, struct aur__known_entry *e)
{
	struct aur_slice s = aur_slice_trim(line), rest;
	struct aur_ssh_line l;
	int rc;

	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s = aur_slice_trim(aur_slice_of(s.p, s.n - 1));
	if (s.n == 0 || s.p[0] == '#')
		return 0;
	if (!take_marker(&s, e) || !aur__ssh_take_word(&s, &e->names))
		return AUR_EINVALID;
	rest = s;
	rc = aur_ssh_line_parse(s, &l);
	if (rc < 0)
		return rc == AUR_ENOMEM ? rc : AUR_EINVALID;
	/* options have no place here */
	if (l.options.n > 0 || l.name.p != rest.p)
		return AUR_EINVALID;
	e->type = l.type;
	e->base64 = l.base64;
	return l.type != AUR_SSH_KEY_UNKNOWN;
}

static int add_entry(struct aur_ssh_known *k, const struct aur__known_entry *e)
{
	if (k->n == AUR_MAX_KNOWN_ENTRIES)
		return AUR_ELIMIT;
	if (k->n == k->cap) {
		size_t cap = k->cap > 0 ? 2 * k->cap : 16;
		void *grown = aur_mem_grow(k->entries, cap, sizeof *k->entries);

		if (grown == NULL)
			return AUR_ENOMEM;
		k->entries = grown;
		k->cap = cap;
	}
	k->entries[k->n++] = *e;
	return 0;
}

static int add_lines(struct aur_ssh_known *k, struct aur_slice text)
{
	struct aur__known_entry e = {.file = (uint32_t)k->nfiles - 1};
	struct aur_slice line;
	int rc = 0;

	while (rc == 0 && aur_slice_line(&text, &line)) {
		e.line++;
		rc = parse_line(line, &e);
		if (rc == 1) {
			rc = add_entry(k, &e);
		} else if (rc == AUR_EINVALID) {
			if (k->bad++ == 0) {
				k->bad_file = e.file;
				k->bad_line = e.line;
			}
			rc = 0;
		}
	}
	return rc;
}

int aur_ssh_known_add(
    struct aur_ssh_known *k, const char *file, struct aur_slice text)
{
	struct aur__known_file f = {NULL, NULL};
	void *grown;

	if (text.n > AUR_MAX_KNOWN_HOSTS)
		return AUR_ELIMIT;
	grown = aur_mem_grow(k->files, k->nfiles + 1, sizeof *k->files);
	if (grown == NULL)
		return AUR_ENOMEM;
	k->files = grown;
	f.name = aur_mem_dup(file, strlen(file));
	f.text = aur_mem_dup(text.p, text.n);
	if (f.name == NULL || f.text == NULL) {
		aur_mem_free(f.name);
		aur_mem_free(f.text);
		return AUR_ENOMEM;
	}
	k->files[k->nfiles++] = f;
	return add_lines(k, aur_slice_of(f.text, text.n));
}

static int read_all(int fd, struct aur_buf *out)
{
	for (;;) {
		uint8_t *p = aur_buf_reserve(out, 4096);
		ssize_t n;

		if (p == NULL)
			return out->max - out->n < 4096 ? AUR_ELIMIT
							: AUR_ENOMEM;
		n = read(fd, p, 4096);
		if (n < 0 && errno != EINTR)
			return aur_err_errno(errno);
		if (n == 0)
			return 0;
		if (n > 0)
			aur_buf_commit(out, (size_t)n);
	}
}

int aur_ssh_known_read(struct aur_ssh_known *k, const char *path)
{
	/* a fifo in its place would hold us up */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
	struct aur_buf b;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : aur_err_errno(errno);
	aur_buf_init(&b, AUR_MAX_KNOWN_HOSTS + 4096);
	rc = read_all(fd, &b);
	close(fd);
	if (rc == 0)
		rc = aur_ssh_known_add(k, path, aur_buf_peek(&b));
	aur_buf_release(&b);
	return rc;
}

size_t aur_ssh_known_bad(
    const struct aur_ssh_known *k, const char **ret_file, unsigned *ret_line)
{
	if (k->bad > 0) {
		*ret_file = k->files[k->bad_file].name;
		*ret_line = k->bad_line;
	}
	return k->bad;
}
