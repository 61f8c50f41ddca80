/* SPDX-License-Identifier: MIT */
/*
 * Of the sample before only the times and one part are kept, in a sample of
 * their own that borrows them: so that rate.c, which alone subtracts, has
 * little to match each second.
 *
 * A unit runs anew where all of its processes are gone that were there in the
 * table before, and others are there: one that forks, or ends a worker, is not
 * mistaken for that. Nor is a unit between two of its commands (what runs
 * before its start, behind its end, or one of a timer's after the other):
 * somebody of the same name has to be there again.
 */
#include "agentd/daemon_notice.h"

#include "base/err.h"
#include "base/mem.h"
#include "model/rate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS 32

void notice_init(struct notice *n, notice_fn fn, void *arg)
{
	*n = (struct notice){.fn = fn, .arg = arg};
}

void notice_release(struct notice *n)
{
	aur_sample_unref(n->before);
	aur_sample_unref(n->processes);
	for (size_t i = 0; i < n->nfull; i++)
		aur_mem_free(n->full[i]);
	memset(n, 0, sizeof(*n));
}

static void add(struct aur_event *e, const char *key, struct aur_slice value)
{
	e->pair[e->npair++] =
	    (struct aur_event_pair){aur_slice_str(key), value};
}

/* --- times ---------------------------------------------------------------- */

static void tell_seconds(
    struct notice *n, const char *kind, double seconds, const char *cause)
{
	struct aur_event e = {.kind = aur_slice_str(kind)};
	char text[DIGITS];

	snprintf(text, sizeof(text), "%.1f", seconds);
	add(&e, "seconds", aur_slice_str(text));
	if (cause != NULL)
		add(&e, "cause", aur_slice_str(cause));
	n->fn(n->arg, &e);
}

static void look_at_times(struct notice *n, const struct aur_rates *r)
{
	double over = aur_span_in_seconds(r->over);
	double boot =
	    aur_span_in_seconds(aur_mono_since(r->now->boot, r->before->boot));
	double wall =
	    aur_span_in_seconds(aur_wall_since(r->now->wall, r->before->wall));

	if (r->flaws & AUR_FLAW_SUSPEND)
		tell_seconds(n, "suspend", boot - over, NULL);
	if (r->flaws & AUR_FLAW_STEP)
		tell_seconds(n, "clock_step", wall - boot, NULL);
	if (r->over.ns > NOTICE_GAP_NS)
		tell_seconds(n, "gap", over, "the service was held up");
}

/* --- memory --------------------------------------------------------------- */

static void look_at_kills(struct notice *n, struct aur_rates *r)
{
	const struct aur_part *p = aur_sample_get(r->now, AUR_DOMAIN_VMSTAT);
	struct aur_event e = {.kind = aur_slice_str("oom_kill")};
	char text[DIGITS];
	double killed;

	if (p == NULL || p->n == 0 ||
	    !aur_rates_delta(r, p, 0, AUR_VMSTAT_oom_kill, &killed) ||
	    killed < 1)
		return;
	snprintf(text, sizeof(text), "%.0f", killed);
	add(&e, "count", aur_slice_str(text));
	n->fn(n->arg, &e);
}

/* --- filesystems ---------------------------------------------------------- */

/* As df: of what ordinary users can have. Tenths of a percent; false: not
 * told. */
static bool used_part(const struct aur_part *p, size_t i, uint64_t *ret)
{
	uint64_t size = aur_part_cell(p, i, AUR_FILESYSTEM_size);
	uint64_t spare = aur_part_cell(p, i, AUR_FILESYSTEM_free);
	uint64_t room = aur_part_cell(p, i, AUR_FILESYSTEM_available);
	uint64_t used = size - spare;

	if (!aur_part_has(p, i, AUR_FILESYSTEM_size) ||
	    !aur_part_has(p, i, AUR_FILESYSTEM_free) ||
	    !aur_part_has(p, i, AUR_FILESYSTEM_available) || size < spare ||
	    size == 0 || used > UINT64_MAX / 1000 || used + room < used ||
	    used + room == 0)
		return false;
	*ret = used * 1000 / (used + room);
	return true;
}

static ptrdiff_t find_mount(const struct notice *n, struct aur_slice mount)
{
	for (size_t i = 0; i < n->nfull; i++)
		if (aur_slice_is(mount, n->full[i]))
			return (ptrdiff_t)i;
	return -1;
}

static void tell_mount(
    struct notice *n, const char *kind, struct aur_slice mount, uint64_t tenths)
{
	struct aur_event e = {.kind = aur_slice_str(kind)};
	char text[DIGITS];

	snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu64, tenths / 10,
	    tenths % 10);
	add(&e, "mount", mount);
	add(&e, "used_percent", aur_slice_str(text));
	n->fn(n->arg, &e);
}

static bool is_written(const struct aur_part *p, size_t i)
{
	return !aur_part_has(p, i, AUR_FILESYSTEM_read_only) ||
	       aur_part_cell(p, i, AUR_FILESYSTEM_read_only) == 0;
}

static int look_at_mount(struct notice *n, const struct aur_part *p, size_t i)
{
	struct aur_slice mount = aur_part_name(p, i);
	ptrdiff_t at = find_mount(n, mount);
	uint64_t tenths;
	char *name;

	/* an image that is always full is not an event */
	if (!used_part(p, i, &tenths) || !is_written(p, i))
		return 0;
	if (at >= 0 && tenths < NOTICE_ROOM * 10) {
		aur_mem_free(n->full[at]);
		n->full[at] = n->full[--n->nfull];
		tell_mount(n, "filesystem_room", mount, tenths);
	}
	if (at >= 0 || tenths < NOTICE_FULL * 10 || n->nfull == NOTICE_MOUNTS)
		return 0;
	name = aur_mem_dup(mount.p, mount.n);
	if (name == NULL)
		return AUR_ENOMEM;
	n->full[n->nfull++] = name;
	tell_mount(n, "filesystem_full", mount, tenths);
	return 0;
}

static int look_at_mounts(struct notice *n, const struct aur_sample *now)
{
	const struct aur_part *p = aur_sample_get(now, AUR_DOMAIN_FILESYSTEM);
	int rc = 0;

	for (size_t i = 0; rc == 0 && p != NULL && i < p->n; i++)
		rc = look_at_mount(n, p, i);
	return rc;
}

/* --- a sample ------------------------------------------------------------- */

/* What is needed of a sample beside the next one. */
static struct aur_sample *reduce(struct aur_sample *s)
{
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_VMSTAT);
	struct aur_sample *one = aur_sample_new(s->strs);

	if (one == NULL)
		return NULL;
	aur_sample_copy_times(one, s);
	if (p != NULL) {
		struct aur_part *copy = aur_sample_part(one, p->domain);

		if (copy == NULL || aur_part_copy(copy, p) < 0) {
			aur_sample_unref(one);
			return NULL;
		}
	}
	return one;
}

int notice_system(struct notice *n, struct aur_sample *now)
{
	struct aur_sample *one = reduce(now);
	struct aur_rates r;
	int rc = one == NULL ? AUR_ENOMEM : 0;

	if (rc == 0 && n->before != NULL) {
		rc = aur_rates_init(&r, n->before, one);
		if (rc == 0) {
			look_at_times(n, &r);
			look_at_kills(n, &r);
			aur_rates_release(&r);
		}
	}
	if (rc == 0)
		rc = look_at_mounts(n, now);
	if (one != NULL) {
		aur_sample_unref(n->before);
		n->before = one;
	}
	return rc;
}

/* --- units ---------------------------------------------------------------- */

/* A process of a unit, as it is sorted: by unit, then by start. */
struct member {
	uint64_t unit, pid, start;
	uint64_t name; /* of the program; 0: not told */
	bool old;      /* it was in the table before */
};

static bool is_service(struct aur_slice unit)
{
	static const char tail[] = ".service";
	size_t n = sizeof(tail) - 1;

	/* of users' own managers, and their sessions, there is too much to
	 * tell */
	return unit.n > n && memcmp(unit.p + unit.n - n, tail, n) == 0 &&
	       !aur_slice_starts(unit, "user@");
}

static bool is_of_system(const struct aur_part *p, size_t i)
{
	struct aur_slice cgroup;

	return aur_part_text(p, i, AUR_PROCESS_cgroup, &cgroup) &&
	       aur_slice_starts(cgroup, "/system.slice/");
}

static int compare(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return (x->start > y->start) - (x->start < y->start);
}

/* A number of the string table, in which 0 is "". */
static uint64_t name_of(const struct aur_part *p, size_t i)
{
	return aur_part_has(p, i, AUR_PROCESS_name)
		   ? aur_part_cell(p, i, AUR_PROCESS_name)
		   : 0;
}

static size_t members(
    const struct aur_part *p, const struct aur_part *was, struct member *m)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct aur_slice unit;

		if (!aur_part_text(p, i, AUR_PROCESS_unit, &unit) ||
		    !is_service(unit) || !is_of_system(p, i))
			continue;
		m[n++] = (struct member){
		    .unit = aur_part_cell(p, i, AUR_PROCESS_unit),
		    .pid = p->inst[i].key.v[0],
		    .start = p->inst[i].key.v[1],
		    .name = name_of(p, i),
		    .old = was != NULL &&
			   aur_part_find(was, p->inst[i].key, i) >= 0};
	}
	qsort(m, n, sizeof(*m), compare);
	return n;
}

/* The first of a unit's run of members. */
static const struct member *find_unit(
    const struct member *m, size_t n, uint64_t unit)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m[mid].unit < unit)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && m[low].unit == unit ? &m[low] : NULL;
}

/* Whether one of the runs of a unit's members, which end with another unit or
 * with the tables, has a program of the other. */
static bool is_same_program(const struct member *a, const struct member *enda,
    const struct member *b, const struct member *endb)
{
	const uint64_t unit = a->unit;

	for (; a < enda && a->unit == unit; a++)
		for (const struct member *o = b; o < endb && o->unit == unit;
		     o++)
			if (a->name == o->name || a->name == 0 || o->name == 0)
				return true;
	return false;
}

static void tell_unit(
    struct notice *n, const struct aur_part *p, const struct member *m)
{
	struct aur_event e = {.kind = aur_slice_str("unit_restarted")};
	ptrdiff_t i = aur_part_find_pid(p, m->pid);
	struct aur_slice unit;
	char pid[DIGITS];

	if (i < 0 || !aur_part_text(p, (size_t)i, AUR_PROCESS_unit, &unit))
		return;
	snprintf(pid, sizeof(pid), "%" PRIu64, m->pid);
	add(&e, "unit", unit);
	add(&e, "pid", aur_slice_str(pid));
	n->fn(n->arg, &e);
}

static int look_at_units(
    struct notice *n, const struct aur_part *was, const struct aur_part *p)
{
	struct member *before = aur_mem_new(was->n + 1, sizeof(*before));
	struct member *now = aur_mem_new(p->n + 1, sizeof(*now));
	size_t nbefore, nnow;
	int rc = before != NULL && now != NULL ? 0 : AUR_ENOMEM;

	if (rc < 0)
		goto out;
	nbefore = members(was, NULL, before);
	nnow = members(p, was, now);
	for (size_t i = 0; i < nnow;) {
		const struct member *was_there =
		    find_unit(before, nbefore, now[i].unit);
		bool same = was_there == NULL;
		size_t first = i;

		for (; i < nnow && now[i].unit == now[first].unit; i++)
			same = same || now[i].old;
		if (!same && is_same_program(&now[first], now + nnow, was_there,
				 before + nbefore))
			tell_unit(n, p, &now[first]);
	}
out:
	aur_mem_free(before);
	aur_mem_free(now);
	return rc;
}

int notice_processes(struct notice *n, struct aur_sample *now)
{
	const struct aur_part *p = aur_sample_get(now, AUR_DOMAIN_PROCESS);
	const struct aur_part *was = NULL;
	int rc = 0;

	if (n->processes != NULL &&
	    memcmp(n->processes->boot_id, now->boot_id, 16) == 0)
		was = aur_sample_get(n->processes, AUR_DOMAIN_PROCESS);
	if (p != NULL && was != NULL)
		rc = look_at_units(n, was, p);
	aur_sample_ref(now);
	aur_sample_unref(n->processes);
	n->processes = now;
	return rc;
}
