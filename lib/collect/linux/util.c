/* SPDX-License-Identifier: MIT */
/* What several collectors do alike. */
#include "collect/linux/linux.h"

#include "base/err.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

int aur__kept_open(struct aur_root *root, void **ret_state)
{
	struct aur__kept *k = aur_mem_new(1, sizeof(*k));

	(void)root;
	if (k == NULL)
		return AUR_ENOMEM;
	k->fd = -1;
	*ret_state = k;
	return 0;
}

void aur__kept_close(void *state)
{
	struct aur__kept *k = state;

	if (k != NULL)
		aur__root_close(&k->fd);
	aur_mem_free(k);
}

int aur__root_list(
    struct aur_root *root, const char *path, aur__name_fn name, void *arg)
{
	int fd = openat(root->dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *e;
	DIR *dir;

	if (fd < 0)
		return aur_err_errno(errno);
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return AUR_ENOMEM;
	}
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (!name(arg, e->d_name))
			break;
	}
	closedir(dir);
	return 0;
}

bool aur__root_has(struct aur_root *root, const char *path)
{
	return faccessat(root->dirfd, path, F_OK, 0) == 0;
}

static bool stop_at_first(void *arg, const char *name)
{
	(void)name;
	*(bool *)arg = true;
	return false;
}

bool aur__root_has_entry(struct aur_root *root, const char *path)
{
	bool any = false;
	int rc = aur__root_list(root, path, stop_at_first, &any);

	return rc == 0 && any;
}

int aur__set_text(struct aur_part *p, size_t i, size_t f, struct aur_slice text)
{
	int rc = aur_part_set_text(p, i, f, text);

	return rc == AUR_ENOMEM ? rc : 0;
}

void aur__complain(struct aur_run *run, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rc = aur_buf_addf(
	    run->message, "%s%s", run->message->n == 0 ? "" : "; ", text);
	(void)rc; /* full: enough has been said */
}

bool aur__is_due(
    struct aur_mono now, struct aur_mono then, struct aur_span period)
{
	int64_t age;

	if (then.ns == INT64_MIN)
		return true;
	age = aur_mono_since(now, then).ns;
	return age < 0 || age >= period.ns - period.ns / 16;
}
