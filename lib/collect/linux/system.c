/* SPDX-License-Identifier: MIT */
/*
 * What the operating system says of itself. Hardly ever changes, so it is
 * read rarely, and between two readings only the uptime moves on. For a tree
 * the answers of uname(2) come from proc/sys/kernel.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

#include <sys/utsname.h>

struct system_state {
	bool have_boot;
	int64_t boot_seconds;
};

static int system_open(struct aur_root *root, void **ret_state)
{
	(void)root;
	*ret_state = aur_mem_new(1, sizeof(struct system_state));
	return *ret_state == NULL ? AUR_ENOMEM : 0;
}

/* Both follow from the sample's times. The clocks are read one after another,
 * so the second of the boot is kept unless it moves by more than one: then
 * the clock was set. */
static void set_times(
    struct system_state *s, struct aur_run *run, struct aur_part *part)
{
	int64_t uptime = run->sample->boot.ns;
	int64_t boot = (run->sample->wall.ns - uptime) / AUR_SECOND_NS;

	if (uptime <= 0)
		return;
	aur_part_set(part, 0, AUR_SYSTEM_uptime, (uint64_t)uptime / 10000000);
	if (run->sample->wall.ns <= uptime)
		return;
	if (!s->have_boot || boot < s->boot_seconds - 1 ||
	    boot > s->boot_seconds + 1)
		s->boot_seconds = boot;
	s->have_boot = true;
	aur_part_set(part, 0, AUR_SYSTEM_boot_time, (uint64_t)s->boot_seconds);
}

static int set_uname(struct aur_part *part)
{
	struct utsname u;
	const struct {
		uint16_t field;
		const char *text;
	} rows[] = {
	    {AUR_SYSTEM_hostname, u.nodename},
	    {AUR_SYSTEM_domainname, u.domainname},
	    {AUR_SYSTEM_sysname, u.sysname},
	    {AUR_SYSTEM_release, u.release},
	    {AUR_SYSTEM_version, u.version},
	    {AUR_SYSTEM_machine, u.machine},
	};
	int rc = 0;

	if (uname(&u) < 0)
		return 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(rows) && rc == 0; i++)
		rc = aur__set_text(
		    part, 0, rows[i].field, aur_slice_str(rows[i].text));
	return rc;
}

static int set_word(struct aur_run *run, struct aur_part *part, uint16_t field,
    const char *path)
{
	char word[256];
	int n = aur__root_word(run->root, path, word, sizeof(word));

	if (n <= 0)
		return 0;
	return aur__set_text(part, 0, field, aur_slice_of(word, (size_t)n));
}

static int set_tree_uname(struct aur_run *run, struct aur_part *part)
{
	static const struct {
		uint16_t field;
		const char *path;
	} rows[] = {
	    {AUR_SYSTEM_hostname, "proc/sys/kernel/hostname"},
	    {AUR_SYSTEM_domainname, "proc/sys/kernel/domainname"},
	    {AUR_SYSTEM_sysname, "proc/sys/kernel/ostype"},
	    {AUR_SYSTEM_release, "proc/sys/kernel/osrelease"},
	    {AUR_SYSTEM_version, "proc/sys/kernel/version"},
	    {AUR_SYSTEM_machine, "proc/sys/kernel/arch"}, /* Linux 6.1 */
	};
	int rc = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows) && rc == 0; i++)
		rc = set_word(run, part, rows[i].field, rows[i].path);
	return rc;
}

static int set_files(struct aur_run *run, struct aur_part *part)
{
	struct aur_slice text;
	int rc = set_word(run, part, AUR_SYSTEM_machine_id, "etc/machine-id");

	if (rc < 0)
		return rc;
	if (aur__root_read(run->root, "etc/os-release", &text) == 0 ||
	    aur__root_read(run->root, "usr/lib/os-release", &text) == 0)
		rc = aur__parse_os_release(text, part, 0);
	if (rc < 0)
		return rc;
	if ((aur__root_read(run->root, "run/utmp", &text) == 0 ||
		aur__root_read(run->root, "var/run/utmp", &text) == 0) &&
	    (text.n % 384 == 0 || text.n % 400 == 0))
		aur_part_set(part, 0, AUR_SYSTEM_users, aur__parse_utmp(text));
	return 0;
}

static int system_run(void *state, struct aur_run *run, struct aur_part *part)
{
	ptrdiff_t i = aur_part_one(part);
	int rc;

	if (i < 0)
		return (int)i;
	set_times(state, run, part);
	rc = run->root->live ? set_uname(part) : set_tree_uname(run, part);
	return rc < 0 ? rc : set_files(run, part);
}

static void system_renew(
    void *state, struct aur_run *run, struct aur_part *part)
{
	if (part->n > 0)
		set_times(state, run, part);
}

const struct aur_collector aur__collector_system = {
    .name = "system",
    .domain = AUR_DOMAIN_SYSTEM,
    .period = {10 * AUR_SECOND_NS},
    .open = system_open,
    .run = system_run,
    .renew = system_renew,
    .close = aur_mem_free,
};
