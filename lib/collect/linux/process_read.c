/* SPDX-License-Identifier: MIT */
/*
 * The files of one process, read into its row. stat comes first: it tells
 * whether this is still the process that the row is of. Descriptors are not
 * kept: each costs 4 KiB in the kernel, and at a reading a second saves a
 * third of its price.
 */
#include "collect/linux/process.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/linux/parse_process.h"

#define FIELD(name) ((uint64_t)1 << AUR_PROCESS_##name)

uint8_t aur__files_of(uint64_t fields, bool swapping)
{
	uint8_t files = AUR__FILE_STAT;

	if ((fields & (FIELD(uid) | FIELD(user))) != 0)
		files |= AUR__FILE_OWNER;
	if ((fields & FIELD(swap)) != 0 && swapping)
		files |= AUR__FILE_STATUS; /* tells shared too */
	else if ((fields & (FIELD(shared) | FIELD(swap))) != 0)
		files |= AUR__FILE_STATM;
	if ((fields & (FIELD(read_bytes) | FIELD(written_bytes))) != 0)
		files |= AUR__FILE_IO;
	if ((fields & FIELD(cmdline)) != 0)
		files |= AUR__FILE_CMDLINE;
	if ((fields & (FIELD(cgroup) | FIELD(unit) | FIELD(container_id) |
			  FIELD(container_name))) != 0)
		files |= AUR__FILE_CGROUP;
	if ((fields & aur_want_process_sched()) != 0)
		files |= AUR__FILE_SCHED;
	return files;
}

void aur__pid_path(char out[AUR__PID_PATH], uint32_t pid, const char *name)
{
	char digits[10];
	size_t n = 0, at = 0;

	do
		digits[n++] = (char)('0' + pid % 10);
	while ((pid /= 10) != 0);
	while (n > 0)
		out[at++] = digits[--n];
	if (*name != '\0')
		out[at++] = '/';
	while (*name != '\0' && at < AUR__PID_PATH - 1)
		out[at++] = *name++;
	out[at] = '\0';
}

/* One file into t->text: those of /proc come whole in one read. O_NONBLOCK
 * does nothing there, but keeps a pipe in a tree from stalling us. */
int aur__procs_file(
    struct aur__procs *t, int dir, const char *path, struct aur_slice *ret_text)
{
	ssize_t n;
	int fd, err;

	fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return aur_err_errno(errno);
	n = read(fd, t->text, sizeof(t->text));
	err = errno;
	close(fd);
	if (n < 0)
		return err == ESRCH ? AUR_EABSENT : aur_err_errno(err);
	if (n == 0)
		return AUR_EABSENT;
	*ret_text = aur_slice_of(t->text, (size_t)n);
	return 0;
}

int aur__row_file(struct aur__procs *t, uint32_t pid, const char *name,
    struct aur_slice *ret_text)
{
	char path[AUR__PID_PATH];

	aur__pid_path(path, pid, name);
	return aur__procs_file(t, t->pids.fd, path, ret_text);
}

static void take_times(
    struct aur__procs *t, struct aur__row *r, const struct aur__stat *st)
{
	uint64_t hundredths = t->tick_ns / 10000000; /* of a tick, usually 1 */

	if (hundredths == 0)
		hundredths = 1;
	aur__row_set(r, AUR_PROCESS_user_time, st->user_ticks * hundredths);
	aur__row_set(r, AUR_PROCESS_system_time, st->system_ticks * hundredths);
	if (!r->has_clock)
		aur__row_set(r, AUR_PROCESS_cpu,
		    (st->user_ticks + st->system_ticks) * t->tick_ns);
}

static void take_name(
    struct aur__procs *t, struct aur__row *r, const struct aur__stat *st)
{
	uint64_t before = r->cell[AUR_PROCESS_name];

	aur__row_text(t, r, AUR_PROCESS_name, st->comm);
	if (before != r->cell[AUR_PROCESS_name] || r->image != st->image)
		r->got &= (uint8_t) ~(AUR__FILE_CMDLINE | AUR__FILE_CGROUP);
	r->image = st->image;
}

static void take_tty(struct aur__procs *t, struct aur__row *r, uint64_t tty)
{
	char name[24];

	aur__tty_name(tty, name);
	aur__row_text(t, r, AUR_PROCESS_tty, aur_slice_str(name));
}

static void take_stat(
    struct aur__procs *t, struct aur__row *r, const struct aur__stat *st)
{
	take_name(t, r, st);
	take_times(t, r, st);
	take_tty(t, r, st->tty);
	aur__row_set(r, AUR_PROCESS_parent, st->parent);
	aur__row_set(r, AUR_PROCESS_state, (uint8_t)st->state);
	aur__row_set(r, AUR_PROCESS_priority, (uint64_t)st->priority);
	aur__row_set(r, AUR_PROCESS_nice, (uint64_t)st->nice);
	aur__row_set(r, AUR_PROCESS_threads, st->threads);
	aur__row_set(r, AUR_PROCESS_rss,
	    st->rss_pages > UINT64_MAX / t->page_size
		? UINT64_MAX
		: st->rss_pages * t->page_size);
	aur__row_set(r, AUR_PROCESS_virtual, st->virtual_bytes);
	aur__row_set(r, AUR_PROCESS_minor_faults, st->minor_faults);
	aur__row_set(r, AUR_PROCESS_major_faults, st->major_faults);
	aur__row_set(r, AUR_PROCESS_processor, st->processor);
	aur__row_set(r, AUR_PROCESS_session, st->session);
	aur__row_set(
	    r, AUR_PROCESS_kernel_thread, (st->flags & AUR__PF_KTHREAD) != 0);
}

/* The folder's owner is the effective user, of processes that do not dump
 * core too (task_dump_owner() in the kernel's fs/proc/base.c makes that
 * exception for this folder alone). */
static void read_owner(struct aur__procs *t, struct aur__row *r)
{
	struct stat st;
	char path[AUR__PID_PATH];

	aur__pid_path(path, r->pid, "");
	if (fstatat(t->pids.fd, path, &st, 0) != 0)
		return;
	if (r->uid != st.st_uid || (r->have >> AUR_PROCESS_uid & 1) == 0)
		r->users = 0;
	r->uid = st.st_uid;
	aur__row_set(r, AUR_PROCESS_uid, st.st_uid);
	r->got |= AUR__FILE_OWNER;
}

static void read_statm(struct aur__procs *t, struct aur__row *r)
{
	struct aur_slice text;
	uint64_t pages;

	r->got |= AUR__FILE_STATM;
	r->rss_then = r->cell[AUR_PROCESS_rss];
	if (aur__row_file(t, r->pid, "statm", &text) == 0 &&
	    aur__parse_statm(text, &pages) == 0 &&
	    pages <= UINT64_MAX / t->page_size)
		aur__row_set(r, AUR_PROCESS_shared, pages * t->page_size);
	if (!t->swapping)
		aur__row_set(r, AUR_PROCESS_swap, 0);
}

static void read_status(struct aur__procs *t, struct aur__row *r)
{
	struct aur_slice text;
	struct aur__status st;

	r->got |= AUR__FILE_STATUS;
	r->rss_then = r->cell[AUR_PROCESS_rss];
	if (aur__row_file(t, r->pid, "status", &text) < 0 ||
	    aur__parse_status(text, &st) < 0)
		return;
	/* Who has no memory of his own (kernel threads, zombies) has none
	 * swapped or shared. */
	if ((st.have & AUR__STATUS_SWAP) != 0 ||
	    r->cell[AUR_PROCESS_virtual] == 0)
		aur__row_set(r, AUR_PROCESS_swap, st.swap);
	if ((st.have & AUR__STATUS_SHARED) != 0 ||
	    r->cell[AUR_PROCESS_virtual] == 0)
		aur__row_set(r, AUR_PROCESS_shared, st.shared);
	else
		read_statm(t, r);
}

static void read_io(struct aur__procs *t, struct aur__row *r)
{
	struct aur_slice text;
	uint64_t got, put;
	int rc = aur__row_file(t, r->pid, "io", &text);

	r->got |= AUR__FILE_IO;
	r->no_io = rc == AUR_EDENIED;
	if (rc == 0 && aur__parse_io(text, &got, &put) == 0) {
		aur__row_set(r, AUR_PROCESS_read_bytes, got);
		aur__row_set(r, AUR_PROCESS_written_bytes, put);
	} else if (r->no_io) {
		aur__row_unset(t, r, AUR_PROCESS_read_bytes);
		aur__row_unset(t, r, AUR_PROCESS_written_bytes);
	}
}

static int read_stat(struct aur__procs *t, struct aur__row *r)
{
	struct aur_slice text;
	struct aur__stat st;
	int rc = aur__row_file(t, r->pid, "stat", &text);

	if (rc < 0)
		return rc;
	rc = aur__parse_stat(text, &st);
	if (rc < 0)
		return rc;
	if ((r->got & AUR__FILE_STAT) != 0 && r->start != st.start_ticks)
		return AUR_ECHANGED;
	r->start = st.start_ticks;
	r->got |= AUR__FILE_STAT;
	take_stat(t, r, &st);
	return 0;
}

int aur__row_read(struct aur__procs *t, struct aur__row *r, uint8_t files)
{
	if ((files & AUR__FILE_STAT) != 0) {
		int rc = read_stat(t, r);

		if (rc < 0)
			return rc;
	}
	if ((files & AUR__FILE_OWNER) != 0)
		read_owner(t, r);
	if ((files & AUR__FILE_STATM) != 0)
		read_statm(t, r);
	if ((files & AUR__FILE_STATUS) != 0)
		read_status(t, r);
	if ((files & AUR__FILE_IO) != 0)
		read_io(t, r);
	if ((files & AUR__FILE_SCHED) != 0)
		aur__row_sched(t, r);
	return 0;
}
