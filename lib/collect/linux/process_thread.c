/* SPDX-License-Identifier: MIT */
/*
 * Domain `thread`: the threads of each process but its first. A process that
 * has not run has no thread that ran, came or went; so a process's threads
 * are looked at when its own stat was, and are as they were when not. Of
 * those, schedstat (the scheduler's own nanoseconds) says who ran, at half
 * the price of stat; a thread's own CPU clock answers only within its
 * process. A nice value may be changed from outside: stat of all now and
 * then.
 *
 * Nothing is kept while nobody wants threads. A host with very many gets them
 * over several samples, so that the first is not late.
 */
#include "collect/linux/process.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "collect/linux/parse_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Threads seen for the first time in one sample; with two files of some 4 us
 * each that is 70 ms. */
#define NEW_MAX 8192u
#define AGAIN_NS (5 * AUR_SECOND_NS)

/* One pass. */
struct look {
	struct aur__procs *t;
	struct aur__threads *th;
	struct aur_mono now;
	size_t old;    /* first of those before that is not behind */
	size_t unseen; /* that may still be read */
	bool cut;      /* this process has more than that */
	int dir;       /* /proc/PID/task, while it is read */
};

static void forget(struct aur__procs *t, struct aur__thread *d)
{
	if ((d->have >> AUR_THREAD_name & 1) != 0)
		aur_strs_drop(t->strs, (uint32_t)d->cell[AUR_THREAD_name]);
}

void aur__threads_clear(struct aur__procs *t)
{
	struct aur__threads *th = &t->threads;

	if (!th->on)
		return;
	for (size_t i = 0; i < th->n; i++)
		forget(t, &th->v[i]);
	for (size_t i = 0; i < t->n; i++)
		t->row[i]->threaded = false;
	aur_mem_free(th->v);
	aur_mem_free(th->next);
	th->tids.fd = -1;
	aur__pids_release(&th->tids);
	*th = (struct aur__threads){.tids = {.fd = -1}};
}

static void set(struct aur__thread *d, unsigned f, uint64_t v)
{
	d->cell[f] = v;
	d->have |= (uint64_t)1 << f;
}

static void set_name(
    struct aur__procs *t, struct aur__thread *d, struct aur_slice name)
{
	uint32_t id;

	if ((d->have >> AUR_THREAD_name & 1) != 0 &&
	    aur_slice_eq(
		aur_strs_get(t->strs, (uint32_t)d->cell[AUR_THREAD_name]),
		name))
		return;
	forget(t, d);
	d->have &= ~((uint64_t)1 << AUR_THREAD_name);
	if (aur_strs_put(t->strs, name, &id) == 0)
		set(d, AUR_THREAD_name, id);
}

/* "TID/name" of the folder that is open. */
static int read_file(
    struct look *k, uint32_t tid, const char *name, struct aur_slice *ret_text)
{
	char path[AUR__PID_PATH];

	aur__pid_path(path, tid, name);
	return aur__procs_file(k->t, k->dir, path, ret_text);
}

/* The scheduler's nanoseconds; 0 where the kernel does not count them. */
static uint64_t clock_of(struct look *k, uint32_t tid)
{
	struct aur_slice text;
	uint64_t ns;

	if (read_file(k, tid, "schedstat", &text) < 0 ||
	    !aur_scan_next_u64(&text, &ns))
		return 0;
	return ns;
}

/* Takes stat. False: there is no such thread any more. */
static bool read_stat(struct look *k, struct aur__thread *d)
{
	uint64_t hundredths = k->t->tick_ns / 10000000;
	struct aur_slice text;
	struct aur__stat st;

	if (read_file(k, d->tid, "stat", &text) < 0 ||
	    aur__parse_stat(text, &st) < 0)
		return false;
	if (hundredths == 0)
		hundredths = 1;
	d->start = st.start_ticks;
	d->read_at = k->now;
	set_name(k->t, d, st.comm);
	set(d, AUR_THREAD_process, d->pid);
	set(d, AUR_THREAD_state, (uint8_t)st.state);
	set(d, AUR_THREAD_priority, (uint64_t)st.priority);
	set(d, AUR_THREAD_nice, (uint64_t)st.nice);
	set(d, AUR_THREAD_user_time, st.user_ticks * hundredths);
	set(d, AUR_THREAD_system_time, st.system_ticks * hundredths);
	set(d, AUR_THREAD_cpu,
	    d->clock != 0 ? d->clock
			  : (st.user_ticks + st.system_ticks) * k->t->tick_ns);
	return true;
}

/* Whether it ran since its stat was read, or may have changed all the same. */
static bool is_due(
    const struct look *k, const struct aur__thread *d, uint64_t clock)
{
	uint64_t state = d->cell[AUR_THREAD_state];

	return clock == 0 || clock != d->clock || state == 'R' ||
	       state == 'D' ||
	       aur_mono_since(k->now, d->read_at).ns >= AGAIN_NS;
}

static bool reserve(struct aur__threads *th)
{
	size_t cap = th->cap_next == 0 ? 256 : th->cap_next * 2;
	struct aur__thread *v;

	if (th->nnext < th->cap_next)
		return true;
	v = aur_mem_grow(th->next, cap, sizeof(*v));
	if (v == NULL)
		return false;
	th->next = v;
	th->cap_next = cap;
	return true;
}

/* Looks at thread `tid` of `r`; `was` is what is known of it, or NULL, and
 * belongs to the new list from here on. 0, AUR_ENOMEM. */
static int visit(struct look *k, const struct aur__row *r, uint32_t tid,
    struct aur__thread *was)
{
	struct aur__thread d = {.tid = tid, .pid = r->pid};
	bool is_new = was == NULL;
	uint64_t clock;

	k->cut |= is_new && k->unseen == 0;
	if (is_new && k->unseen == 0)
		return 0;
	k->unseen -= is_new;
	if (was != NULL)
		d = *was;
	if (!reserve(k->th)) {
		forget(k->t, &d);
		return AUR_ENOMEM;
	}
	clock = clock_of(k, tid);
	if (is_new || is_due(k, &d, clock)) {
		d.clock = clock;
		if (!read_stat(k, &d)) {
			forget(k->t, &d);
			return 0;
		}
	}
	k->th->next[k->th->nnext++] = d;
	return 0;
}

/* The threads in the folder, against those that are known up to `end`. */
static int visit_all(struct look *k, const struct aur__row *r, size_t end)
{
	const struct aur__pids *l = &k->th->tids;
	struct aur__thread *v = k->th->v;
	int rc = 0;

	for (size_t i = 0; i < l->n && rc == 0; i++) {
		struct aur__thread *was = NULL;

		if (l->pid[i] == r->pid)
			continue;
		while (k->old < end && v[k->old].tid < l->pid[i])
			forget(k->t, &v[k->old++]);
		/* older than its process: of another that had the number */
		if (k->old < end && v[k->old].tid == l->pid[i]) {
			if (v[k->old].start >= r->start)
				was = &v[k->old];
			else
				forget(k->t, &v[k->old]);
			k->old++;
		}
		rc = visit(k, r, l->pid[i], was);
	}
	return rc;
}

static int read_folder(struct look *k, struct aur__row *r, size_t end)
{
	char path[AUR__PID_PATH];
	int rc;

	aur__pid_path(path, r->pid, "task");
	k->dir =
	    openat(k->t->pids.fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (k->dir < 0)
		return aur_err_errno(errno);
	k->th->tids.fd = k->dir;
	rc = aur__pids_read(&k->th->tids);
	k->th->tids.fd = -1;
	if (rc == 0)
		rc = visit_all(k, r, end);
	close(k->dir);
	return rc;
}

/* They are as they were. */
static int keep(struct look *k, size_t end)
{
	for (; k->old < end; k->old++) {
		if (!reserve(k->th))
			return AUR_ENOMEM;
		k->th->next[k->th->nnext++] = k->th->v[k->old];
	}
	return 0;
}

static int look_at(struct look *k, struct aur__row *r)
{
	const struct aur__threads *th = k->th;
	bool has_read = r->read_at.ns == k->now.ns;
	size_t end;
	int rc = 0;

	while (k->old < th->n && th->v[k->old].pid < r->pid)
		forget(k->t, &th->v[k->old++]);
	for (end = k->old; end < th->n && th->v[end].pid == r->pid; end++)
		;
	if (r->threaded && !has_read)
		return keep(k, end);
	k->cut = false;
	if (!r->denied && r->cell[AUR_PROCESS_threads] > 1)
		rc = read_folder(k, r, end);
	r->threaded = !k->cut; /* the rest comes with the next sample */
	while (k->old < end)   /* what is left has ended */
		forget(k->t, &th->v[k->old++]);
	return rc == AUR_ENOMEM ? rc : 0;
}

static void swap_lists(struct aur__threads *th)
{
	struct aur__thread *v = th->v;
	size_t cap = th->cap;

	th->v = th->next;
	th->n = th->nnext;
	th->cap = th->cap_next;
	th->next = v;
	th->nnext = 0;
	th->cap_next = cap;
}

static int emit(const struct aur__thread *d, struct aur_part *part)
{
	ptrdiff_t i = aur_part_add(part, (struct aur_key){{d->tid, d->start}});

	if (i < 0)
		return (int)i;
	for (unsigned f = 0; f < AUR_THREAD_COUNT; f++) {
		if ((d->have >> f & 1) == 0)
			continue;
		if (f == AUR_THREAD_name)
			aur_part_set_id(
			    part, (size_t)i, f, (uint32_t)d->cell[f]);
		else
			aur_part_set(part, (size_t)i, f, d->cell[f]);
	}
	return 0;
}

static int cmp(const void *a, const void *b)
{
	const struct aur__thread *x = *(const struct aur__thread *const *)a;
	const struct aur__thread *y = *(const struct aur__thread *const *)b;

	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* By number and start, as a part has to be. Two processes that name the same
 * thread are none that a kernel has, but a part must not have it twice. */
static int emit_all(const struct aur__procs *t, struct aur_part *part)
{
	const struct aur__threads *th = &t->threads;
	const struct aur__thread **at = aur_mem_new(th->n + 1, sizeof(*at));
	int rc = 0;

	if (at == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < th->n; i++)
		at[i] = &th->v[i];
	qsort(at, th->n, sizeof(*at), cmp);
	for (size_t i = 0; i < th->n && rc == 0; i++)
		if (i == 0 || cmp(&at[i - 1], &at[i]) != 0)
			rc = emit(at[i], part);
	aur_mem_free(at);
	return rc;
}

int aur__procs_threads(
    struct aur__procs *t, const struct aur_run *run, struct aur_part *part)
{
	struct look k = {.t = t,
	    .th = &t->threads,
	    .now = run->sample->mono,
	    .unseen = NEW_MAX};
	int rc = 0;

	t->threads.on = true;
	for (size_t i = 0; i < t->n && rc == 0; i++)
		rc = look_at(&k, t->row[i]);
	while (k.old < t->threads.n)
		forget(t, &t->threads.v[k.old++]);
	swap_lists(&t->threads);
	return rc < 0 ? rc : emit_all(t, part);
}
