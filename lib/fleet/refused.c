/* SPDX-License-Identifier: MIT */
/*
 * Servers count refused logins and lock out those who repeat them, a person's
 * own ssh too. So a refusal outlives the program: a line "SECONDS KEY" in a
 * small file, forgotten after an hour. It is a courtesy, not a lock: where it
 * cannot be read or written we do without, and of two programs that write at
 * once one may win.
 */
#include "fleet/fleet_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MOST 65536u

struct aur__refused {
	char path[1024]; /* "" where there is no place for it */
	struct aur_span kept;
	struct aur_buf text;
	bool loaded;
};

static void find_place(struct aur__refused *r)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = 0;

	if (state != NULL && state[0] == '/')
		n = snprintf(
		    r->path, sizeof r->path, "%s/aurora/refused", state);
	else if (home != NULL && home[0] == '/')
		n = snprintf(r->path, sizeof r->path,
		    "%s/.local/state/aurora/refused", home);
	if (n >= (int)sizeof r->path)
		r->path[0] = '\0';
}

int aur__refused_new(struct aur__refused **ret_r, struct aur_span kept)
{
	struct aur__refused *r = aur_mem_new(1, sizeof *r);

	if (r == NULL)
		return AUR_ENOMEM;
	r->kept = kept;
	aur_buf_init(&r->text, FILE_MOST);
	find_place(r);
	*ret_r = r;
	return 0;
}

void aur__refused_free(struct aur__refused *r)
{
	if (r == NULL)
		return;
	aur_buf_release(&r->text);
	aur_mem_free(r);
}

static void load(struct aur__refused *r)
{
	int fd;

	aur_buf_clear(&r->text);
	r->loaded = true;
	if (r->path[0] == '\0')
		return;
	fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	while (fd >= 0) {
		uint8_t *p = aur_buf_reserve(&r->text, 4096);
		ssize_t n = p != NULL ? read(fd, p, 4096) : 0;

		if (n <= 0)
			break;
		aur_buf_commit(&r->text, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
}

/* One line; false where it says nothing, or nothing that still counts. */
static bool parse_line(const struct aur__refused *r, struct aur_slice line,
    struct aur_wall now, struct aur_slice *ret_key, struct aur_wall *ret_when)
{
	struct aur_slice word;
	struct aur_wall when;
	struct aur_span age;
	uint64_t seconds;

	if (!aur_slice_word(&line, &word) || aur_scan_u64(word, &seconds) < 0 ||
	    seconds > INT64_MAX / AUR_SECOND_NS)
		return false;
	when.ns = (int64_t)seconds * AUR_SECOND_NS;
	age = aur_wall_since(now, when);
	/* a clock that was set back must not lock anybody out */
	if (age.ns >= r->kept.ns || age.ns < -r->kept.ns)
		return false;
	*ret_key = aur_slice_trim(line);
	*ret_when = when;
	return ret_key->n > 0;
}

bool aur__refused_find(struct aur__refused *r, const char *key,
    struct aur_wall now, struct aur_wall *ret_when)
{
	struct aur_slice rest, line, found;
	struct aur_wall when;

	if (!r->loaded)
		load(r);
	rest = aur_buf_peek(&r->text);
	while (aur_slice_line(&rest, &line))
		if (parse_line(r, line, now, &found, &when) &&
		    aur_slice_is(found, key)) {
			*ret_when = when;
			return true;
		}
	return false;
}

/* --- writing -------------------------------------------------------------- */

/* The folders above the file. */
static void make_folders(char *path)
{
	for (char *p = path + 1; *p != '\0'; p++)
		if (*p == '/') {
			*p = '\0';
			(void)mkdir(path, 0700);
			*p = '/';
		}
}

static bool write_all(int fd, struct aur_slice s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n <= 0)
			return false;
		s = aur_slice_of(s.p + n, s.n - (size_t)n);
	}
	return true;
}

static void save(struct aur__refused *r)
{
	char other[sizeof r->path + 16];
	bool good;
	int fd;

	make_folders(r->path);
	snprintf(other, sizeof other, "%s.%ld", r->path, (long)getpid());
	fd = open(
	    other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	good = write_all(fd, aur_buf_peek(&r->text));
	if (close(fd) < 0 || !good || rename(other, r->path) < 0)
		(void)unlink(other);
}

/* Everything but `key` and what is too old, and `line` behind it. */
static void rewrite(struct aur__refused *r, const char *key,
    struct aur_wall now, const char *add)
{
	struct aur_slice rest, line, found;
	struct aur_wall when;
	struct aur_buf text;
	bool changed = add[0] != '\0';
	int rc = 0;

	if (r->path[0] == '\0')
		return;
	load(r);
	aur_buf_init(&text, FILE_MOST);
	rest = aur_buf_peek(&r->text);
	while (rc == 0 && aur_slice_line(&rest, &line)) {
		if (!parse_line(r, line, now, &found, &when) ||
		    aur_slice_is(found, key)) {
			changed = true;
			continue;
		}
		rc = aur_buf_addf(
		    &text, "%.*s\n", (int)line.n, (const char *)line.p);
	}
	if (rc == 0)
		rc = aur_buf_add_str(&text, add);
	aur_buf_release(&r->text);
	r->text = text;
	if (rc == 0 && changed)
		save(r);
}

void aur__refused_add(
    struct aur__refused *r, const char *key, struct aur_wall now)
{
	char line[1024];
	int n = snprintf(line, sizeof line, "%lld %s\n",
	    (long long)(now.ns / AUR_SECOND_NS), key);

	if (n < (int)sizeof line)
		rewrite(r, key, now, line);
}

void aur__refused_drop(
    struct aur__refused *r, const char *key, struct aur_wall now)
{
	rewrite(r, key, now, "");
}
