/* SPDX-License-Identifier: MIT */
/*
 * Who is there: the numbers in /proc by getdents64 on a descriptor that is
 * kept, with a buffer that takes some 2000 processes at once; and who ran, by
 * the clocks of processes. A clock's id is made from the pid as in the
 * kernel's include/linux/posix-timers_types.h; clock_getcpuclockid would make
 * the same one and then ask the kernel a second time.
 */
#include "collect/linux/process.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TEXT_SIZE (64u << 10)
#define CPUCLOCK_SCHED 2u
/* A little less than five samples a second apart. */
#define LIST_NS (AUR_SECOND_NS * 47 / 10)

/* As getdents64(2) tells; libc's dirent may differ. */
struct entry {
	uint64_t ino;
	int64_t off;
	unsigned short len;
	unsigned char type;
	char name[];
};

#define ENTRY_MIN offsetof(struct entry, name)

bool aur__pid_clock(uint32_t pid, uint64_t *ret_ns)
{
	clockid_t id = (clockid_t)(~pid << 3 | CPUCLOCK_SCHED);
	struct timespec t;

	if (syscall(SYS_clock_gettime, id, &t) != 0)
		return false;
	*ret_ns = (uint64_t)t.tv_sec * AUR_SECOND_NS + (uint64_t)t.tv_nsec;
	return true;
}

static bool add(struct aur__pids *l, uint32_t pid)
{
	size_t cap = l->cap == 0 ? 512 : l->cap + l->cap / 2;
	uint32_t *v;

	if (l->n == AUR_MAX_INSTANCES)
		return true; /* more than any part may hold */
	if (l->n == l->cap) {
		v = aur_mem_grow(l->pid, cap, sizeof(*v));
		if (v == NULL)
			return false;
		l->pid = v;
		l->cap = cap;
	}
	l->pid[l->n++] = pid;
	return true;
}

/* The name as a pid; 0 where it is none. */
static uint32_t pid_of(const char *name)
{
	uint32_t pid = 0;

	if (*name == '0')
		return 0;
	for (; *name >= '0' && *name <= '9'; name++) {
		if (pid > 100000000)
			return 0;
		pid = pid * 10 + (uint32_t)(*name - '0');
	}
	return *name == '\0' ? pid : 0;
}

/* One buffer of entries. The kernel's are trusted to be well formed, within
 * the bytes it says it wrote. */
static int take_entries(struct aur__pids *l, size_t n)
{
	size_t at = 0;

	while (at + ENTRY_MIN < n) {
		const struct entry *e = (const void *)(l->text + at);
		uint32_t pid = pid_of(e->name);

		if (e->len < ENTRY_MIN)
			return AUR_EIO;
		at += e->len;
		if (pid != 0 && !add(l, pid))
			return AUR_ENOMEM;
	}
	return 0;
}

static int pid_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* /proc lists in order; a tree on a disk does not. */
static void sort(struct aur__pids *l)
{
	size_t n = 1;

	for (size_t i = 1; i < l->n; i++)
		if (l->pid[i - 1] >= l->pid[i]) {
			qsort(l->pid, l->n, sizeof(l->pid[0]), pid_cmp);
			break;
		}
	for (size_t i = 1; i < l->n; i++)
		if (l->pid[i] != l->pid[n - 1])
			l->pid[n++] = l->pid[i];
	if (l->n > 0)
		l->n = n;
}

int aur__pids_read(struct aur__pids *l)
{
	int rc = 0;

	if (l->text == NULL)
		l->text = aur_mem_grow(NULL, TEXT_SIZE, 1);
	if (l->text == NULL)
		return AUR_ENOMEM;
	l->n = 0;
	if (lseek(l->fd, 0, SEEK_SET) < 0)
		return aur_err_errno(errno);
	while (rc == 0) {
		long n = syscall(SYS_getdents64, l->fd, l->text, TEXT_SIZE);

		if (n < 0)
			return aur_err_errno(errno);
		if (n == 0)
			break;
		rc = take_entries(l, (size_t)n);
	}
	sort(l);
	return rc;
}

/* The same from what is known, without the list: `known` (n, ascending) and
 * those numbers of `from` < pid <= `to` that a clock answers for. */
static int guess(struct aur__pids *l, struct aur__row *const *known, size_t n,
    uint32_t from, uint32_t to)
{
	size_t i = 0;
	bool good = true;

	l->n = 0;
	for (; good && i < n && known[i]->pid <= from; i++)
		good = add(l, known[i]->pid);
	for (uint32_t pid = from + 1; good && pid <= to; pid++) {
		bool here = i < n && known[i]->pid == pid;
		uint64_t ns;

		i += here;
		if (here || aur__pid_clock(pid, &ns))
			good = add(l, pid);
	}
	for (; good && i < n; i++)
		good = add(l, known[i]->pid);
	return good ? 0 : AUR_ENOMEM;
}

/* The number given last, the end of loadavg; 0: not told. */
static uint64_t newest_pid(struct aur_root *root)
{
	struct aur_slice text, word, last = {0};
	uint64_t pid;

	if (aur__root_read(root, "proc/loadavg", &text) < 0)
		return 0;
	while (aur_slice_word(&text, &word))
		last = word;
	return aur_scan_u64(last, &pid) == 0 && pid <= INT32_MAX ? pid : 0;
}

/*
 * Listing /proc costs as much as all clocks. Numbers are given in order, so
 * who came since the last time is between the number given last then and now;
 * who left has no clock. The stretch before is looked at again: a number is
 * given a moment before its process can be seen. Listed all the same: when
 * numbers begin anew, after a burst, and every 5 s, since a restored process
 * (CRIU) may be given any number.
 */
int aur__procs_list(
    struct aur__procs *t, struct aur_root *root, struct aur_mono now)
{
	uint64_t newest = t->clocks ? newest_pid(root) : 0;
	uint64_t from = t->newest[1];
	bool known = from != 0 && newest >= t->newest[0] &&
		     t->newest[0] >= from && newest - from < 256 + 2 * t->n;
	int64_t age = aur_mono_since(now, t->listed).ns;

	t->newest[1] = t->newest[0];
	t->newest[0] = newest;
	if (known && age >= 0 && age < LIST_NS)
		return guess(
		    &t->pids, t->row, t->n, (uint32_t)from, (uint32_t)newest);
	t->listed = now;
	return aur__pids_read(&t->pids);
}

int64_t aur__count_entries(int fd, char *text)
{
	int64_t count = 0;

	for (;;) {
		long n = syscall(SYS_getdents64, fd, text, TEXT_SIZE);

		if (n < 0)
			return aur_err_errno(errno);
		if (n == 0)
			return count;
		for (size_t at = 0; at + ENTRY_MIN < (size_t)n;) {
			const struct entry *e = (const void *)(text + at);

			if (e->len < ENTRY_MIN)
				return AUR_EIO;
			count += e->name[0] != '.';
			at += e->len;
		}
	}
}

void aur__pids_release(struct aur__pids *l)
{
	if (l->fd >= 0)
		close(l->fd);
	aur_mem_free(l->text);
	aur_mem_free(l->pid);
	*l = (struct aur__pids){.fd = -1};
}
