/* SPDX-License-Identifier: MIT */
/*
 * Rows into a part: the wanted cells are copied, each string with one more
 * reference.
 */
#include "collect/linux/process.h"

#include "base/err.h"

#define FIELD(name) ((uint64_t)1 << AUR_PROCESS_##name)
#define STRINGS                                                                \
	(FIELD(user) | FIELD(name) | FIELD(tty) | FIELD(cmdline) |             \
	    FIELD(cgroup) | FIELD(unit) | FIELD(container_id) |                \
	    FIELD(container_name) | FIELD(cpus_allowed) | FIELD(io_priority))

void aur__procs_name_users(struct aur__procs *t, const struct aur_run *run)
{
	if (((run->want->process_fields | run->want->close_fields) &
		FIELD(user)) == 0)
		return;
	for (size_t i = 0; i < t->n; i++) {
		struct aur__row *r = t->row[i];
		uint32_t name;

		if (r->users == t->users.generation ||
		    (r->have & FIELD(uid)) == 0)
			continue;
		name = aur__users_name(&t->users, run, r->uid);
		if (name != 0)
			aur__row_id(t, r, AUR_PROCESS_user, name);
		else
			aur__row_unset(t, r, AUR_PROCESS_user);
		r->users = t->users.generation;
	}
}

static int emit(
    const struct aur__row *r, uint64_t fields, struct aur_part *part)
{
	uint64_t have = r->have & fields;
	ptrdiff_t i = aur_part_add(part, (struct aur_key){{r->pid, r->start}});

	if (i < 0)
		return (int)i;
	for (unsigned f = 0; f < AUR_PROCESS_COUNT; f++) {
		if ((have >> f & 1) == 0)
			continue;
		if ((STRINGS >> f & 1) != 0)
			aur_part_set_id(
			    part, (size_t)i, f, (uint32_t)r->cell[f]);
		else
			aur_part_set(part, (size_t)i, f, r->cell[f]);
	}
	return 0;
}

static uint64_t fields_of(const struct aur_run *run, const struct aur__row *r)
{
	uint64_t fields = run->want->process_fields;

	return r->close ? fields | run->want->close_fields : fields;
}

int aur__procs_emit(const struct aur__procs *t, const struct aur_run *run,
    struct aur_part *part)
{
	bool all = !aur__wants_only_close(run->want);
	int rc = 0;

	for (size_t i = 0; i < t->n && rc == 0; i++)
		if (!t->row[i]->denied && (all || t->row[i]->close))
			rc = emit(t->row[i], fields_of(run, t->row[i]), part);
	return rc;
}
