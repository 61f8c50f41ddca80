/* SPDX-License-Identifier: MIT */
/*
 * What is read of one process in a pass. Reading stat of everybody costs 6 to
 * 8 us each at a sample a second, because nothing is in the caches by then;
 * asking everybody's CPU clock costs 1 us. So the clock says who ran, and of a
 * process that did not run only what others do to it can have changed. Who is
 * read, and what:
 *
 *	new                     stat and owner: it may be gone by the next time;
 *				command line, if it has run for 1 ms already:
 *				compilers live for a second and stand on top
 *	seen before, not whole  all that is wanted: second sight
 *	clock moved, or R or D  stat, io; who moved by less than 0.2 % of a
 *	                        CPU and has no counter wanted but that
 *	                        clock: every 2 to 4 s
 *	rss changed much        status (statm) too
 *	its turn, every 5 s     stat, owner, status (statm)
 *	its far turn, every 60 s   group; command line, if it ran
 *	exec (name or image)    command line and group again
 *
 * Where there are no clocks (a tree, another pid namespace's /proc) all stats
 * are read each time. Rejected: taskstats (needs CAP_NET_ADMIN and lacks
 * state and memory), process events by netlink (the same), descriptors kept
 * for every stat (4 KiB of kernel memory each).
 */
#include "collect/linux/process.h"

#include "base/err.h"

#define SMALL_NS 2000000u
/* What a newcomer has run for whose command line is wanted at once. */
#define BUSY_NS 1000000u

/* What the helper and the later sights are for. */
#define LATER_FILES                                                            \
	(AUR__FILE_STATM | AUR__FILE_STATUS | AUR__FILE_IO |                   \
	    AUR__FILE_CMDLINE | AUR__FILE_CGROUP | AUR__FILE_SCHED)
#define ROW_FILES                                                              \
	(AUR__FILE_STAT | AUR__FILE_OWNER | AUR__FILE_STATM |                  \
	    AUR__FILE_STATUS | AUR__FILE_IO | AUR__FILE_SCHED)

/* Asks the clock; whether the process ran since, or may have. */
static bool has_moved(const struct aur__procs *t, struct aur__row *r)
{
	uint64_t ns;

	if (!t->clocks || !aur__pid_clock(r->pid, &ns))
		return true;
	r->has_clock = true;
	aur__row_set(r, AUR_PROCESS_cpu, ns);
	if (ns == r->clock)
		return r->cell[AUR_PROCESS_state] == 'R' ||
		       r->cell[AUR_PROCESS_state] == 'D';
	r->clock = ns;
	r->moved = true;
	return true;
}

/* A shell that waits for its children runs for a fraction of a millisecond
 * each time, and reading it tells nothing new. By pid, so that not all are
 * due together. */
static bool may_wait(const struct aur__pass *p, const struct aur__row *r)
{
	int64_t age = aur_mono_since(p->run->sample->mono, r->read_at).ns;

	return p->may_wait && r->has_clock && r->sight > 2 &&
	       r->clock - r->clock_then < SMALL_NS && age >= 0 &&
	       age < AUR_SECOND_NS * 2 + (int64_t)(r->pid & 7) * 250000000;
}

static uint8_t wanted(const struct aur__pass *p, const struct aur__row *r)
{
	return r->close ? p->close_files : p->files;
}

/* The files that tell gauges, if the process grew or shrank a lot. */
static uint8_t after_growth(const struct aur__pass *p, const struct aur__row *r)
{
	uint64_t rss = r->cell[AUR_PROCESS_rss], then = r->rss_then;
	uint64_t diff = rss > then ? rss - then : then - rss;

	return diff / 8 > then / 64 + 65536
		   ? wanted(p, r) & (AUR__FILE_STATM | AUR__FILE_STATUS)
		   : 0;
}

/* What is to be read of a row now; 0: nothing. */
static uint8_t files_now(struct aur__pass *p, struct aur__row *r, bool turn)
{
	bool moved = !r->denied && has_moved(p->t, r);
	uint8_t files = 0;

	if (r->sight == 0)
		return wanted(p, r) &
		       (p->at_once ? ROW_FILES
				   : AUR__FILE_STAT | AUR__FILE_OWNER);
	if (r->denied)
		return turn ? AUR__FILE_STAT : 0;
	if (moved && !may_wait(p, r))
		files = AUR__FILE_STAT | AUR__FILE_IO;
	if (turn)
		files |= AUR__FILE_STAT | AUR__FILE_OWNER | AUR__FILE_STATM |
			 AUR__FILE_STATUS | AUR__FILE_SCHED;
	if (r->close) /* somebody may just have changed it */
		files |= AUR__FILE_SCHED;
	if (r->no_io && !turn)
		files &= (uint8_t)~AUR__FILE_IO;
	files |= wanted(p, r) & ROW_FILES & (uint8_t)~r->got;
	files &= wanted(p, r);
	return files == 0 ? 0 : files | AUR__FILE_STAT;
}

/* Reads what is due. False: the process is gone. */
static bool refresh(struct aur__pass *p, struct aur__row *r, uint8_t files)
{
	struct aur__procs *t = p->t;
	int rc = aur__row_read(t, r, files);

	if (rc == AUR_ECHANGED) {
		aur__row_reset(t, r);
		(void)has_moved(t, r);
		rc = aur__row_read(
		    t, r, wanted(p, r) & (AUR__FILE_STAT | AUR__FILE_OWNER));
	}
	if (rc == AUR_EABSENT)
		return false;
	r->denied = rc < 0;
	t->denied |= rc == AUR_EDENIED;
	if (rc == 0) {
		r->read_at = p->run->sample->mono;
		r->clock_then = r->clock;
	}
	if (rc == 0 && r->sight > 0 && (files & LATER_FILES) == 0) {
		files = after_growth(p, r);
		if (files != 0)
			return aur__row_read(t, r, files) != AUR_EABSENT;
	}
	return true;
}

/* Waits for room among the helper's jobs, if time is left. */
static bool make_room(struct aur__pass *p)
{
	struct aur_span left = aur_mono_since(p->until, aur_clock_mono());
	size_t waiting = aur__helper_waiting(p->run->helper);

	if (!p->at_once || left.ns <= 0)
		return false;
	if (p->few)
		aur__helper_settle(p->run->helper, left);
	else
		aur__helper_poll(p->run->helper, left);
	return aur__helper_waiting(p->run->helper) < waiting;
}

/* What may be read of a row beside its own files. */
static uint8_t more_of(const struct aur__pass *p, const struct aur__row *r)
{
	if (r->denied)
		return 0;
	if (r->sight > 0 || p->at_once)
		return AUR__FILE_CMDLINE | AUR__FILE_CGROUP;
	return r->has_clock && r->clock >= BUSY_NS ? AUR__FILE_CMDLINE : 0;
}

static void read_more(struct aur__pass *p, struct aur__row *r, bool far)
{
	uint8_t due, more = more_of(p, r);

	if (more == 0)
		return;
	if (far) {
		r->got &= (uint8_t)~AUR__FILE_CGROUP;
		if (r->moved)
			r->got &= (uint8_t)~AUR__FILE_CMDLINE;
	}
	due = wanted(p, r) & more & (uint8_t)~r->got;
	if ((due & AUR__FILE_CGROUP) != 0)
		aur__row_group(p->t, p->run, r);
	if ((due & AUR__FILE_CMDLINE) == 0)
		return;
	p->asked = true;
	if (!aur__row_ask_cmdline(p->t, p->run, r) && make_room(p))
		(void)aur__row_ask_cmdline(p->t, p->run, r);
}

bool aur__procs_visit(
    struct aur__pass *p, struct aur__row *r, bool turn, bool far)
{
	uint8_t files = files_now(p, r, turn);

	if (files != 0 && !refresh(p, r, files))
		return false;
	read_more(p, r, far);
	if (r->sight < UINT32_MAX)
		r->sight++;
	return true;
}
