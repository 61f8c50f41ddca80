/* SPDX-License-Identifier: MIT */
/*
 * Agents as files, for the machines that this build has them for. What an ELF
 * file says of its machine is compared with its name: sh would read a program
 * of another machine as a script, line by line.
 */
#include "fleet/push.h"

#include "base/err.h"
#include "base/limits.h"
#include "fleet/push_int.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct machine {
	const char *name; /* of uname -m; "*" at its end: any end */
	const char *file; /* what the agents are called */
	uint16_t elf;	  /* e_machine, elf(5) */
};

/* What there is but x86_64 comes from elf(5) and the kernel's uname. */
static const struct machine machines[] = {
    {"x86_64", "x86_64", 62},
    {"aarch64", "aarch64", 183},
    {"armv*", "arm", 40},
    {"i?86", "i686", 3},
    {"riscv64", "riscv64", 243},
    {"ppc64le", "ppc64le", 21},
    {"s390x", "s390x", 22},
};

static bool is_like(struct aur_slice name, const char *like)
{
	size_t i = 0;

	for (; like[i] != '\0'; i++) {
		if (like[i] == '*')
			return true;
		if (i == name.n || (like[i] != '?' && like[i] != name.p[i]))
			return false;
	}
	return i == name.n;
}

static bool is_word(struct aur_slice s)
{
	static const char good[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(good, s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.n < 20;
}

bool aur_push_name(struct aur_slice uname, char *ret_name, size_t size)
{
	struct aur_slice system, machine, more;
	size_t n = 0;

	if (!aur_slice_word(&uname, &system) ||
	    !aur_slice_word(&uname, &machine) ||
	    aur_slice_word(&uname, &more) || !is_word(system) ||
	    !is_word(machine) || size < system.n + machine.n + 2)
		return false;
	for (size_t i = 0; i < AUR_ARRAY_LEN(machines); i++)
		if (is_like(machine, machines[i].name))
			machine = aur_slice_str(machines[i].file);
	for (; n < system.n; n++)
		ret_name[n] = (char)(system.p[n] >= 'A' && system.p[n] <= 'Z'
					 ? system.p[n] - 'A' + 'a'
					 : system.p[n]);
	ret_name[n++] = '-';
	memcpy(ret_name + n, machine.p, machine.n);
	ret_name[n + machine.n] = '\0';
	return true;
}

bool aur_push_fits(struct aur_slice bytes, const char *name)
{
	const char *machine = strchr(name, '-');
	uint16_t is;

	if (bytes.n < 20 || memcmp(bytes.p, "\177ELF", 4) != 0)
		return false;
	/* EI_DATA: 2 is big-endian */
	is = bytes.p[5] == 2 ? (uint16_t)(bytes.p[18] << 8 | bytes.p[19])
			     : (uint16_t)(bytes.p[19] << 8 | bytes.p[18]);
	for (size_t i = 0; machine != NULL && i < AUR_ARRAY_LEN(machines); i++)
		if (strcmp(machines[i].file, machine + 1) == 0)
			return machines[i].elf == is;
	return true;
}

/* --- finding -------------------------------------------------------------- */

static int read_all(int fd, struct aur_buf *bytes)
{
	for (;;) {
		uint8_t *at = aur_buf_reserve(bytes, 65536);
		ssize_t n;

		if (at == NULL)
			return bytes->n > 0 ? AUR_ELIMIT : AUR_ENOMEM;
		n = read(fd, at, 65536);
		if (n < 0 && errno != EINTR)
			return AUR_EIO;
		if (n == 0)
			return 0;
		if (n > 0)
			aur_buf_commit(bytes, (size_t)n);
	}
}

static int read_file(const char *path, struct aur_buf *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? AUR_EABSENT
							   : AUR_EIO;
	rc = read_all(fd, bytes);
	close(fd);
	return rc;
}

/* Appends agents/ beside our own program. */
static int add_beside(struct aur_buf *path)
{
	char own[4096];
	ssize_t n = readlink("/proc/self/exe", own, sizeof own);

	if (n <= 0 || n == (ssize_t)sizeof own)
		return AUR_EABSENT;
	while (n > 0 && own[n - 1] != '/')
		n--;
	return n > 0 ? aur_buf_addf(path, "%.*sagents", (int)n, own)
		     : AUR_EABSENT;
}

static int look_in(struct aur_buf *path, const char *folder, const char *name,
    bool service, struct aur_buf *bytes)
{
	int rc = 0;

	aur_buf_clear(path);
	aur_buf_clear(bytes);
	if (folder != NULL)
		rc = aur_buf_add_str(path, folder);
	else
		rc = add_beside(path);
	if (rc == 0)
		rc = aur_buf_addf(
		    path, "/%s%s", name, service ? "-service" : "");
	if (rc == 0 && aur_buf_str(path) == NULL)
		rc = AUR_ENOMEM;
	return rc == 0 ? read_file(aur_buf_str(path), bytes) : rc;
}

static int find(
    struct aur_buf *path, const char *name, bool service, struct aur_buf *bytes)
{
	const char *named = getenv("AURORA_AGENTS");
	int rc;

	if (named != NULL && named[0] != '\0')
		return look_in(path, named, name, service, bytes);
	rc = look_in(path, NULL, name, service, bytes);
	return rc == AUR_EABSENT
		   ? look_in(path, aur__push_folder, name, service, bytes)
		   : rc;
}

int aur_push_file(struct aur_buf *ret_bytes, const char *name, bool service,
    char *why, size_t size)
{
	struct aur_buf path;
	int rc;

	aur_buf_init(&path, AUR_MAX_LINE);
	rc = find(&path, name, service, ret_bytes);
	if (rc == 0 && !aur_push_fits(aur_buf_peek(ret_bytes), name))
		rc = AUR_EINVALID;
	if (rc == AUR_EABSENT)
		snprintf(why, size,
		    "there is no %s for %s here: build one with configure "
		    "--with-agents=%s, or install aurora there by hand",
		    service ? "service" : "agent", name,
		    strchr(name, '-') != NULL ? strchr(name, '-') + 1 : name);
	else if (rc == AUR_EINVALID)
		snprintf(why, size, "%s is no program for %s",
		    aur_buf_str(&path), name);
	else if (rc < 0)
		snprintf(why, size, "%s: %s",
		    aur_buf_str(&path) != NULL ? aur_buf_str(&path) : name,
		    aur_err_str(rc));
	aur_buf_release(&path);
	return rc;
}
