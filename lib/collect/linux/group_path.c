/* SPDX-License-Identifier: MIT */
/*
 * Paths of control groups, read from the left as systemd reads them, and for
 * containers from the right: the innermost id is the one that `docker ps`
 * shows of a nested one. Only ids of 32 or 64 hexadecimal digits are taken
 * for containers; a folder that merely looks like one is not.
 */
#include "collect/linux/group.h"

#include "base/scan.h"

static bool ends(struct aur_slice s, const char *tail)
{
	size_t n = strlen(tail);

	return s.n > n && memcmp(s.p + s.n - n, tail, n) == 0;
}

static bool is_unit(struct aur_slice s)
{
	static const char *const kinds[] = {
	    ".service",
	    ".scope",
	    ".socket",
	    ".mount",
	    ".swap",
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(kinds); i++)
		if (ends(s, kinds[i]))
			return true;
	return false;
}

/* Takes the next segment of a path. */
static bool segment(struct aur_slice *path, struct aur_slice *ret)
{
	while (path->n > 0 && path->p[0] == '/')
		*path = aur_slice_of(path->p + 1, path->n - 1);
	if (path->n == 0)
		return false;
	if (!aur_slice_until(path, '/', ret)) {
		*ret = *path;
		*path = aur_slice_of(path->p + path->n, 0);
	}
	return true;
}

/* systemd puts '_' before names that would clash with the kernel's files. */
static struct aur_slice unescape(struct aur_slice s)
{
	if (s.n > 1 && s.p[0] == '_')
		return aur_slice_of(s.p + 1, s.n - 1);
	return s;
}

bool aur__path_unit(struct aur_slice path, struct aur_slice *ret_unit)
{
	struct aur_slice s;

	while (segment(&path, &s)) {
		s = unescape(s);
		if (ends(s, ".slice"))
			continue;
		if (!is_unit(s))
			return false;
		*ret_unit = s;
		return true;
	}
	return false;
}

static size_t hex_digits(struct aur_slice s)
{
	size_t n = 0;

	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') ||
			      (s.p[n] >= 'a' && s.p[n] <= 'f')))
		n++;
	return n;
}

/* An id as runtimes make them: 64 digits, or 32 of some older ones. */
static bool is_id(struct aur_slice s)
{
	return hex_digits(s) == s.n && (s.n == 64 || s.n == 32);
}

static bool take(
    struct aur__container *c, enum aur__runtime runtime, struct aur_slice id)
{
	if (id.n == 0 || id.n >= sizeof(c->id) || memchr(id.p, 0, id.n) != NULL)
		return false;
	c->runtime = runtime;
	memcpy(c->id, id.p, id.n);
	c->id[id.n] = '\0';
	return true;
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* A machine's name out of a unit's: "\x2d" is "-" (systemd.unit(5)). */
static bool take_escaped(struct aur__container *c, struct aur_slice s)
{
	char out[sizeof(c->id)];
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < sizeof(out); i++) {
		uint8_t ch = s.p[i];

		if (ch == '\\' && i + 3 < s.n && s.p[i + 1] == 'x' &&
		    hex(s.p[i + 2]) >= 0 && hex(s.p[i + 3]) >= 0) {
			ch = (uint8_t)(hex(s.p[i + 2]) << 4 | hex(s.p[i + 3]));
			i += 3;
		}
		out[n++] = (char)ch;
	}
	return take(c, AUR__RUNTIME_NAMED, aur_slice_of(out, n));
}

/* What stands between `head` and `tail`; false where they do not match. */
static bool between(struct aur_slice s, const char *head, const char *tail,
    struct aur_slice *ret)
{
	size_t h = strlen(head), t = strlen(tail);

	if (!aur_slice_starts(s, head) || s.n <= h + t)
		return false;
	if (t > 0 && !ends(s, tail))
		return false;
	*ret = aur_slice_of(s.p + h, s.n - h - t);
	return true;
}

/* Segments that name container and runtime by themselves. */
static bool by_prefix(struct aur_slice s, struct aur__container *c)
{
	static const struct {
		const char *head, *tail;
		enum aur__runtime runtime;
	} forms[] = {
	    {"docker-", ".scope", AUR__RUNTIME_DOCKER},
	    {"libpod-", ".scope", AUR__RUNTIME_PODMAN},
	    {"libpod-", "", AUR__RUNTIME_PODMAN},
	    {"cri-containerd-", ".scope", AUR__RUNTIME_OTHER},
	    {"crio-", ".scope", AUR__RUNTIME_OTHER},
	    {"crio-", "", AUR__RUNTIME_OTHER},
	    {"containerd-", ".scope", AUR__RUNTIME_OTHER},
	    {"nerdctl-", ".scope", AUR__RUNTIME_OTHER},
	};
	struct aur_slice id;

	for (size_t i = 0; i < AUR_ARRAY_LEN(forms); i++)
		if (between(s, forms[i].head, forms[i].tail, &id) && is_id(id))
			return take(c, forms[i].runtime, id);
	return false;
}

static bool by_name(
    struct aur_slice parent, struct aur_slice s, struct aur__container *c)
{
	struct aur_slice id;

	if (between(s, "lxc.payload.", "", &id) ||
	    between(s, "systemd-nspawn@", ".service", &id) ||
	    (aur_slice_is(parent, "lxc") && (id = s).n > 0) ||
	    (aur_slice_is(parent, "machine.slice") &&
		between(s, "machine-", ".scope", &id)))
		return take_escaped(c, id);
	return false;
}

/* Below these folders a bare id is a container's. `kept` are the folders seen
 * above it. */
enum { ABOVE_DOCKER = 1, ABOVE_KUBE = 2, ABOVE_ECS = 4 };

static unsigned above(struct aur_slice s)
{
	if (aur_slice_is(s, "docker") || aur_slice_is(s, "actions_job"))
		return ABOVE_DOCKER;
	if (aur_slice_starts(s, "kubepods"))
		return ABOVE_KUBE;
	return aur_slice_is(s, "ecs") ? ABOVE_ECS : 0;
}

static bool by_folder(
    unsigned seen, struct aur_slice s, struct aur__container *c)
{
	if (seen == 0 || !is_id(s))
		return false;
	return take(c,
	    (seen & ABOVE_KUBE) != 0 ? AUR__RUNTIME_OTHER : AUR__RUNTIME_DOCKER,
	    s);
}

bool aur__path_container(
    struct aur_slice path, struct aur__container *ret_container)
{
	struct aur__container c;
	struct aur_slice s, parent = {0};
	bool found = false;
	unsigned seen = 0;

	while (segment(&path, &s)) {
		if (by_prefix(s, &c) || by_name(parent, s, &c) ||
		    by_folder(seen, s, &c))
			found = true;
		seen |= above(s);
		parent = s;
	}
	if (found)
		*ret_container = c;
	return found;
}
