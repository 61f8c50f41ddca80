/* SPDX-License-Identifier: MIT */
/*
 * Processes: one pass over /proc for each sample. Who is there comes from a
 * list (process_list.c); of each, what may have changed is read
 * (process_visit.c); everybody has a turn now and then, whatever it does.
 *
 * A subscription for a few samples cannot wait for a second sight: then, and
 * at the very first sample, all is read at first sight, and the helper is
 * waited for a little; where no more samples will come up to a second, unless
 * it hangs.
 */
#include "collect/linux/process.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "collect/linux/linux.h"

#include <fcntl.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define NEAR_NS (5 * AUR_SECOND_NS)
#define FAR_NS (60 * AUR_SECOND_NS)
#define WAIT_NS 30000000ll
#define FEW_WAIT_NS AUR_SECOND_NS /* a subscription for a few samples */
/* How long command lines of newcomers are waited for: they take 0.1 ms. */
#define ANSWER_NS 4000000ll
/* Samples between two looks at how /proc is mounted. */
#define LOOK_EVERY 64u

#define FIELD(name) ((uint64_t)1 << AUR_PROCESS_##name)
#define FILE_COUNTERS                                                          \
	(FIELD(user_time) | FIELD(system_time) | FIELD(minor_faults) |         \
	    FIELD(major_faults) | FIELD(read_bytes) | FIELD(written_bytes))

/* Whether our process clocks are of the pids that this /proc shows. */
static bool has_clocks(const struct aur_root *root)
{
	char self[24];
	ssize_t n;
	uint64_t pid, ns;

	if (!root->live)
		return false;
	n = readlinkat(root->dirfd, "proc/self", self, sizeof(self));
	if (n <= 0)
		return false;
	return aur_scan_u64(aur_slice_of(self, (size_t)n), &pid) == 0 &&
	       pid == (uint64_t)getpid() && aur__pid_clock((uint32_t)pid, &ns);
}

static uint64_t system_value(const struct aur_root *root, int name, long other)
{
	long v = root->live ? sysconf(name) : other;

	return (uint64_t)(v > 0 ? v : other);
}

static void process_close(void *state)
{
	struct aur__procs *t = state;

	if (t == NULL)
		return;
	aur__threads_clear(t);
	while (t->n > 0) {
		aur__row_reset(t, t->row[t->n - 1]);
		aur_mem_free(t->row[--t->n]);
	}
	while (t->nspare > 0)
		aur_mem_free(t->spare[--t->nspare]);
	aur_mem_free(t->row);
	aur_mem_free(t->spare);
	aur__pids_release(&t->pids);
	aur__users_release(&t->users);
	aur__groups_release(&t->groups);
	aur_strs_unref(t->strs);
	aur_mem_free(t);
}

static int process_open(struct aur_root *root, void **ret_state)
{
	struct aur__procs *t = aur_mem_new(1, sizeof(*t));

	if (t == NULL)
		return AUR_ENOMEM;
	t->pids.fd =
	    openat(root->dirfd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t->clocks = has_clocks(root);
	t->page_size = system_value(root, _SC_PAGESIZE, 4096);
	t->tick_ns = AUR_SECOND_NS / system_value(root, _SC_CLK_TCK, 100);
	*ret_state = t;
	return 0;
}

/* --- whose turn it is ---------------------------------------------------- */

/* The place of the first row from `pid` on; 0 past the end. */
static size_t place_of(const struct aur__procs *t, uint32_t pid)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->row[mid]->pid < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo == t->n ? 0 : lo;
}

/* How many rows have their turn when each has it once in `round`. */
static size_t share(size_t n, int64_t passed, int64_t round)
{
	double rows;

	if (passed <= 0)
		return 0;
	rows = (double)n * (double)passed / (double)round + 1;
	return rows >= (double)n ? n : (size_t)rows;
}

static bool in_turn(
    const struct aur__pass *p, size_t i, size_t from, size_t many)
{
	return (i >= from ? i - from : i + p->n - from) < many;
}

/* The pid that is next, after `many` from `from`. */
static uint32_t pid_after(const struct aur__pass *p, size_t from, size_t many)
{
	return p->n == 0 ? 0 : p->t->row[(from + many) % p->n]->pid;
}

static void plan_turns(struct aur__pass *p)
{
	struct aur__procs *t = p->t;
	int64_t passed = aur_mono_since(p->run->sample->mono, t->last).ns;

	p->n = t->n;
	if (t->passes == 0)
		passed = 0;
	p->turn = place_of(t, t->turn);
	p->nturn = share(p->n, passed, NEAR_NS);
	p->far = place_of(t, t->far_turn);
	p->nfar = share(p->n, passed, FAR_NS);
	t->turn = pid_after(p, p->turn, p->nturn);
	t->far_turn = pid_after(p, p->far, p->nfar);
	t->last = p->run->sample->mono;
}

/* --- the pass ------------------------------------------------------------ */

/* Files that nobody wanted until now may have been read long ago. */
static void widen(struct aur__procs *t, uint8_t files)
{
	uint8_t newly =
	    files & (uint8_t)~t->files &
	    (uint8_t) ~(AUR__FILE_STAT | AUR__FILE_CMDLINE | AUR__FILE_CGROUP);

	for (size_t i = 0; newly != 0 && i < t->n; i++)
		t->row[i]->got &= (uint8_t)~newly;
	t->files = files;
}

/* Marks the rows that are looked at from close; what one has of the files
 * that only such rows want may be old by the time it becomes one. */
static void look_close(struct aur__pass *p)
{
	const struct aur_want *want = p->run->want;
	uint8_t only = p->close_files & (uint8_t)~p->files;

	for (size_t i = 0; i < p->t->n; i++) {
		p->t->row[i]->was_close = p->t->row[i]->close;
		p->t->row[i]->close = false;
	}
	for (uint32_t i = 0; i < want->nclose && i < AUR_WANT_CLOSE_MAX; i++) {
		struct aur__row *r =
		    want->close[i] > UINT32_MAX
			? NULL
			: aur__procs_find(p->t, (uint32_t)want->close[i]);

		if (r == NULL)
			continue;
		r->close = true;
		if (!r->was_close)
			r->got &= (uint8_t)~only;
	}
}

/* Whether all that are looked at from close have a row. */
static bool knows_close(const struct aur__pass *p)
{
	const struct aur_want *want = p->run->want;

	for (uint32_t i = 0; i < want->nclose && i < AUR_WANT_CLOSE_MAX; i++)
		if (want->close[i] > UINT32_MAX ||
		    aur__procs_find(p->t, (uint32_t)want->close[i]) == NULL)
			return false;
	return true;
}

/* Nothing is wanted but a close look at processes that are known: nobody else
 * is asked anything. */
static void walk_close(struct aur__pass *p)
{
	struct aur__procs *t = p->t;
	size_t i = 0;

	look_close(p);
	while (i < t->n) {
		if (!t->row[i]->close ||
		    aur__procs_visit(p, t->row[i], false, false))
			i++;
		else
			aur__procs_remove(t, i);
	}
}

static int walk(struct aur__pass *p)
{
	struct aur__procs *t = p->t;
	size_t i = 0;
	int rc;

	if (p->only_close && knows_close(p)) {
		walk_close(p);
		return 0;
	}
	rc = aur__procs_list(t, p->run->root, p->run->sample->mono);
	if (rc < 0)
		return rc;
	/* we are one: a /proc without any is not mounted */
	if (p->run->root->live && t->pids.n == 0)
		return AUR_EABSENT;
	rc = aur__procs_merge(t);
	if (rc < 0)
		return rc;
	look_close(p);
	plan_turns(p);
	t->denied = false;
	for (size_t k = 0; k < p->n; k++) {
		bool turn = in_turn(p, k, p->turn, p->nturn);
		bool far = in_turn(p, k, p->far, p->nfar);

		if (aur__procs_visit(p, t->row[i], turn, far))
			i++;
		else
			aur__procs_remove(t, i);
	}
	t->passes++;
	return 0;
}

/* Whether anything may be in swap; a tree tells by its processes. */
static bool is_swapping(const struct aur_root *root)
{
	struct sysinfo info;

	return !root->live || sysinfo(&info) != 0 ||
	       info.freeswap != info.totalswap;
}

static void begin(struct aur__pass *p, struct aur_strs *strs)
{
	struct aur__procs *t = p->t;
	uint64_t count = p->run->want->count;

	if (t->strs == NULL) {
		t->strs = aur_strs_ref(strs);
		t->users.strs = strs;
		t->groups.strs = strs;
	}
	p->few = count >= 1 && count <= 3;
	p->at_once = p->run->first || p->run->want->at_once || p->few;
	t->swapping = t->swapping || is_swapping(p->run->root);
	p->files = aur__files_of(p->run->want->process_fields, t->swapping);
	p->only_close = aur__wants_only_close(p->run->want) &&
			p->run->part[AUR_DOMAIN_TASKS] == NULL &&
			p->run->part[AUR_DOMAIN_THREAD] == NULL;
	p->close_files = aur__files_of(
	    p->run->want->process_fields | p->run->want->close_fields,
	    t->swapping);
	p->may_wait = (p->run->want->process_fields & FILE_COUNTERS) == 0 &&
		      p->run->part[AUR_DOMAIN_THREAD] == NULL;
	widen(t, p->files);
	p->until = aur_mono_add(aur_clock_mono(),
	    (struct aur_span){p->few ? FEW_WAIT_NS : WAIT_NS});
	if (t->looks++ % LOOK_EVERY == 0)
		aur__procs_look_hidden(t, p->run->root);
	if ((p->close_files & AUR__FILE_OWNER) != 0)
		aur__users_renew(&t->users, p->run->root);
}

static void take_answers(struct aur__pass *p)
{
	struct aur_helper *helper = p->run->helper;
	struct aur_span most = {0};

	if (p->at_once)
		most = aur_mono_since(p->until, aur_clock_mono());
	if (p->asked && most.ns < ANSWER_NS)
		most.ns = ANSWER_NS;
	if (most.ns < 0)
		most.ns = 0;
	if (p->few)
		aur__helper_settle(helper, most);
	else if (aur__helper_waiting(helper) > 0)
		aur__helper_poll(helper, most);
}

/* Brings the rows up to date. */
static int renew(struct aur__pass *p)
{
	int rc = walk(p);

	if (rc < 0)
		return rc;
	aur__procs_name_users(p->t, p->run);
	take_answers(p);
	aur__procs_name_users(p->t, p->run);
	aur__procs_count_files(p->t, p->run);
	return 0;
}

static int process_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct aur__pass p = {.t = state, .run = run};
	struct aur_part *tasks = run->part[AUR_DOMAIN_TASKS];
	struct aur_part *threads = run->part[AUR_DOMAIN_THREAD];
	struct aur_part *limits = run->part[AUR_DOMAIN_PROCESS_LIMIT];
	bool walked = part != NULL || threads != NULL || limits != NULL;
	int rc = 0;

	if (p.t->pids.fd < 0)
		return AUR_EABSENT;
	begin(&p, run->sample->strs);
	if (walked)
		rc = renew(&p);
	if (rc < 0)
		return rc;
	if (part != NULL)
		rc = aur__procs_emit(p.t, run, part);
	if (threads == NULL)
		aur__threads_clear(p.t);
	else if (rc == 0)
		rc = aur__procs_threads(p.t, run, threads);
	if (limits != NULL && rc == 0)
		rc = aur__procs_limits(p.t, limits);
	if (tasks != NULL && rc == 0)
		rc = aur__procs_tasks(p.t, run->root, tasks, walked);
	return rc;
}

const struct aur_collector aur__collector_process = {
    .name = "process",
    .domain = AUR_DOMAIN_PROCESS,
    .also = AUR_WANT_DOMAIN(TASKS) | AUR_WANT_DOMAIN(THREAD) |
	    AUR_WANT_DOMAIN(PROCESS_LIMIT),
    .open = process_open,
    .run = process_run,
    .close = process_close,
};
