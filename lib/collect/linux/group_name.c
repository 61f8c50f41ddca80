/* SPDX-License-Identifier: MIT */
/*
 * The name of a container, from the files of its runtime: docker's and
 * podman's state folders, which root may read. Asking the daemons by their
 * sockets was rejected: it can block, and access to docker's socket is root.
 *
 * The files are JSON. A parser has no place in the agent, so this walks over
 * quotes and braces, which is enough to know at what depth a key stands.
 */
#include "collect/linux/group.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Bytes of a state file that are looked at. */
#define STATE_MAX (1u << 20)

/* A walk over JSON text: `depth` of braces and brackets. */
struct walk {
	struct aur_slice s;
	int depth;
};

/* Takes a string whose opening quote has been taken, as it is written. */
static bool take_string(struct aur_slice *s, struct aur_slice *ret)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->p[i] == '\\') {
			i++;
			continue;
		}
		if (s->p[i] != '"')
			continue;
		*ret = aur_slice_of(s->p, i);
		*s = aur_slice_of(s->p + i + 1, s->n - i - 1);
		return true;
	}
	return false;
}

static void skip_blanks(struct aur_slice *s)
{
	while (
	    s->n > 0 && strchr(" \t\r\n", s->p[0]) != NULL && s->p[0] != '\0')
		*s = aur_slice_of(s->p + 1, s->n - 1);
}

static bool take_char(struct aur_slice *s, char c)
{
	skip_blanks(s);
	if (s->n == 0 || s->p[0] != (uint8_t)c)
		return false;
	*s = aur_slice_of(s->p + 1, s->n - 1);
	return true;
}

/* The next key of any object, with the walk behind its colon. */
static bool next_key(struct walk *w, struct aur_slice *ret_key)
{
	struct aur_slice text;

	while (w->s.n > 0) {
		uint8_t c = w->s.p[0];

		w->s = aur_slice_of(w->s.p + 1, w->s.n - 1);
		if (c == '{' || c == '[')
			w->depth++;
		else if (c == '}' || c == ']')
			w->depth--;
		if (c != '"')
			continue;
		if (!take_string(&w->s, &text))
			return false;
		if (take_char(&w->s, ':')) {
			*ret_key = text;
			return true;
		}
	}
	return false;
}

/* A string without escapes, next in `s`. */
static bool plain_string(struct aur_slice *s, struct aur_slice *ret)
{
	struct aur_slice text;

	if (!take_char(s, '"') || !take_string(s, &text) ||
	    memchr(text.p, '\\', text.n) != NULL)
		return false;
	*ret = text;
	return true;
}

bool aur__json_member(
    struct aur_slice text, const char *key, struct aur_slice *ret_value)
{
	struct walk w = {text, 0};
	struct aur_slice k;

	while (next_key(&w, &k))
		if (w.depth == 1 && aur_slice_is(k, key))
			return plain_string(&w.s, ret_value);
	return false;
}

bool aur__json_podman(
    struct aur_slice text, const char *id, struct aur_slice *ret_name)
{
	struct walk w = {text, 0};
	struct aur_slice k, v;
	bool here = false;

	while (next_key(&w, &k)) {
		if (w.depth != 2)
			continue;
		if (aur_slice_is(k, "id")) {
			here = plain_string(&w.s, &v) && aur_slice_is(v, id);
		} else if (here && aur_slice_is(k, "names")) {
			return take_char(&w.s, '[') &&
			       plain_string(&w.s, ret_name);
		}
	}
	return false;
}

/* At most STATE_MAX bytes of a regular file into `text`. */
static int read_state(
    const struct aur_root *root, const char *path, struct aur_buf *text)
{
	int fd = openat(root->dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc = 0;

	if (fd < 0)
		return aur_err_errno(errno);
	for (;;) {
		uint8_t *p = aur_buf_reserve(text, 16384);
		ssize_t got;

		if (p == NULL)
			break; /* what is there may do */
		got = read(fd, p, 16384);
		if (got < 0)
			rc = aur_err_errno(errno);
		if (got <= 0)
			break;
		aur_buf_commit(text, (size_t)got);
	}
	close(fd);
	return rc;
}

static bool docker_name(struct aur_slice text, struct aur_slice *ret_name)
{
	if (!aur__json_member(text, "Name", ret_name))
		return false;
	if (ret_name->n > 0 && ret_name->p[0] == '/')
		*ret_name = aur_slice_of(ret_name->p + 1, ret_name->n - 1);
	return true;
}

/* By the file of docker or podman. */
static bool name_by_file(struct aur_root *root, const struct aur__container *c,
    struct aur_buf *text, struct aur_slice *ret_name)
{
	char path[256] =
	    "var/lib/containers/storage/overlay-containers/containers.json";

	if (c->runtime == AUR__RUNTIME_DOCKER)
		snprintf(path, sizeof(path),
		    "var/lib/docker/containers/%s/config.v2.json", c->id);
	if (read_state(root, path, text) < 0)
		return false;
	if (c->runtime == AUR__RUNTIME_DOCKER)
		return docker_name(aur_buf_peek(text), ret_name);
	return aur__json_podman(aur_buf_peek(text), c->id, ret_name);
}

bool aur__container_name(
    struct aur_root *root, const struct aur__container *c, char name[128])
{
	struct aur_slice found = {0};
	struct aur_buf text;
	bool good;

	if (c->runtime == AUR__RUNTIME_OTHER)
		return false;
	aur_buf_init(&text, STATE_MAX);
	if (c->runtime == AUR__RUNTIME_NAMED) {
		found = aur_slice_str(c->id);
		good = true;
	} else {
		good = name_by_file(root, c, &text, &found);
	}
	good = good && found.n > 0 && found.n < 128;
	if (good) {
		memcpy(name, found.p, found.n);
		name[found.n] = '\0';
	}
	aur_buf_release(&text);
	return good;
}
