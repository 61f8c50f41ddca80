/* SPDX-License-Identifier: MIT */
/*
 * What is dear and rarely changes. Command lines are read by the helper:
 * reading one takes a lock of the process's memory, which a process stuck in
 * the kernel may hold for ever. Groups and open files are not behind it.
 */
#include "collect/linux/process.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/linux/parse_process.h"

/* A tag is the pid and enough of the serial to know the row again. */
#define TAG_PID_BITS 30

static uint64_t tag_of(const struct aur__row *r)
{
	return r->serial << TAG_PID_BITS | r->pid;
}

/* The helper's answer. */
static void cmdline_done(
    void *arg, uint64_t tag, int err, struct aur_slice text)
{
	struct aur__procs *t = arg;
	uint32_t pid = (uint32_t)(tag & ((1u << TAG_PID_BITS) - 1));
	struct aur__row *r = aur__procs_find(t, pid);

	if (r == NULL || tag_of(r) != tag || err < 0)
		return;
	while (text.n > 0 && text.p[text.n - 1] == '\0')
		text.n--;
	aur__row_text(t, r, AUR_PROCESS_cmdline, text);
}

bool aur__row_ask_cmdline(
    struct aur__procs *t, struct aur_run *run, struct aur__row *r)
{
	char path[40];
	int rc;

	r->got |= AUR__FILE_CMDLINE;
	r->moved = false;
	if (r->cell[AUR_PROCESS_kernel_thread] != 0 ||
	    r->cell[AUR_PROCESS_state] == 'Z') {
		if ((r->have >> AUR_PROCESS_cmdline & 1) == 0)
			aur__row_id(t, r, AUR_PROCESS_cmdline, 0);
		return true;
	}
	snprintf(path, sizeof(path), "proc/%u/cmdline", (unsigned)r->pid);
	rc = aur__helper_ask(
	    run->helper, AUR_JOB_READ, path, tag_of(r), cmdline_done, t);
	if (rc < 0)
		r->got &= (uint8_t)~AUR__FILE_CMDLINE;
	return rc == 0;
}

static void set_group(
    struct aur__procs *t, struct aur__row *r, const struct aur__group *g)
{
	const struct {
		unsigned field;
		uint32_t id;
	} told[] = {
	    {AUR_PROCESS_unit, g->unit},
	    {AUR_PROCESS_container_id, g->container},
	    {AUR_PROCESS_container_name, g->name},
	};

	const uint32_t path = g->path; /* g ends with the last unset */

	/* The old path's user goes after the new one's came: it is often the
	 * same, and must not leave the cache in between. */
	aur_strs_hold(t->strs, path);
	for (size_t i = 0; i < AUR_ARRAY_LEN(told); i++) {
		if (told[i].id != 0)
			aur__row_id(t, r, told[i].field, told[i].id);
		else
			aur__row_unset(t, r, told[i].field);
	}
	aur__row_unset(t, r, AUR_PROCESS_cgroup);
	aur__row_set(r, AUR_PROCESS_cgroup, path);
}

void aur__row_group(
    struct aur__procs *t, struct aur_run *run, struct aur__row *r)
{
	const struct aur__group *g;
	struct aur_slice path;
	char name[40];
	ssize_t n;
	int fd;

	r->got |= AUR__FILE_CGROUP;
	snprintf(name, sizeof(name), "%u/cgroup", (unsigned)r->pid);
	fd = openat(t->pids.fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	n = read(fd, t->text, sizeof(t->text));
	close(fd);
	if (n <= 0 ||
	    aur__parse_cgroup(aur_slice_of(t->text, (size_t)n), &path) < 0)
		return;
	g = aur__groups_get(&t->groups, run->root, path);
	if (g != NULL)
		set_group(t, r, g);
}

/* Since Linux 6.2 the size of a live /proc/PID/fd is the number of its
 * entries; before it is 0, and they are counted. */
static int64_t open_files(
    struct aur__procs *t, const struct aur_run *run, uint32_t pid)
{
	char path[40];
	struct stat st;
	int64_t n;
	int fd;

	snprintf(path, sizeof(path), "%u/fd", (unsigned)pid);
	fd = openat(t->pids.fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return aur_err_errno(errno);
	if (run->root->live && fstat(fd, &st) == 0 && st.st_size > 0)
		n = st.st_size;
	else
		n = aur__count_entries(fd, t->pids.text);
	close(fd);
	return n;
}

void aur__procs_count_files(struct aur__procs *t, const struct aur_run *run)
{
	const struct aur_want *want = run->want;
	uint64_t field = (uint64_t)1 << AUR_PROCESS_open_files;
	bool all = (want->process_fields & field) != 0;

	for (size_t i = 0; i < t->n; i++) {
		struct aur__row *r = t->row[i];
		int64_t n;

		aur__row_unset(t, r, AUR_PROCESS_open_files);
		if (r->denied ||
		    !(all || (r->close && (want->close_fields & field) != 0)))
			continue;
		n = open_files(t, run, r->pid);
		if (n >= 0)
			aur__row_set(r, AUR_PROCESS_open_files, (uint64_t)n);
	}
}
