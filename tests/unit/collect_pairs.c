/* SPDX-License-Identifier: MIT */
/*
 * A tree before and after something happened, seen by one collector through
 * links that are turned over: hot unplug, counters that wrap or start anew,
 * a suspend.
 */
#include "tests/unit/collect_tree.h"

#include "model/rate.h"

static const char *const entries[] = {"proc", "sys", "etc", "statvfs", "mono"};

static void turn(const char *dir, const char *tree)
{
	char from[1200], to[1200];

	for (size_t i = 0; i < AUR_ARRAY_LEN(entries); i++) {
		snprintf(to, sizeof(to), "%s/%s", dir, entries[i]);
		unlink(to);
		if (tree == NULL)
			continue;
		snprintf(
		    from, sizeof(from), "%s/%s", tree_path(tree), entries[i]);
		if (access(from, F_OK) == 0 && symlink(from, to) < 0)
			tap_ok(false, "link %s", to);
	}
}

struct pair {
	char dir[64];
	struct aur_collect *c;
	struct aur_sample *before, *after;
	struct aur_rates rates;
};

static bool open_pair(struct pair *p, const char *before, const char *after)
{
	char src[1024], *abs;

	memset(p, 0, sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/aurora-pair-XXXXXX");
	snprintf(src, sizeof(src), "%s", tree_path(""));
	abs = realpath(src, NULL); /* links stand elsewhere */
	free(abs);
	if (!tap_ok(abs != NULL && mkdtemp(p->dir) != NULL, "a folder"))
		return false;
	turn(p->dir, before);
	p->c = tree_open(p->dir, aur_want_system(), true);
	p->before = tree_sample(p->c);
	turn(p->dir, after);
	p->after = tree_sample(p->c);
	return tap_ok(p->before != NULL && p->after != NULL &&
			  aur_rates_init(&p->rates, p->before, p->after) == 0,
	    "%s: two samples", before);
}

static void close_pair(struct pair *p)
{
	aur_rates_release(&p->rates);
	aur_sample_unref(p->before);
	aur_sample_unref(p->after);
	aur_collect_free(p->c);
	turn(p->dir, NULL);
	rmdir(p->dir);
}

/* The rate of a cell of the second sample; NaN where there is none. */
static double rate(
    struct pair *p, enum aur_domain_id id, const char *name, const char *field)
{
	const struct aur_part *part = aur_sample_get(p->after, id);
	ptrdiff_t i = tree_find(part, name);
	int f = aur_domain_field(aur_domain_get(id), aur_slice_str(field));
	double v;

	if (i < 0 || f < 0 ||
	    !aur_rates_get(&p->rates, part, (size_t)i, (size_t)f, &v))
		return NAN;
	return v;
}

static void check_unplug(void)
{
	struct pair p;

	if (!open_pair(&p, "unplug-before", "unplug-after"))
		return;
	tap_near(tree_number(p.before, AUR_DOMAIN_CPU, "", "count"), 4, 0,
	    "four CPUs");
	tap_near(tree_number(p.after, AUR_DOMAIN_CPU, "", "count"), 3, 0,
	    "then three");
	tap_ok(isnan(tree_number(p.after, AUR_DOMAIN_CORE, "1", "user")),
	    "CPU 1 is gone");
	tap_near(rate(&p, AUR_DOMAIN_CORE, "2", "user"), 0, 0,
	    "CPU 2 is told from it");
	tap_near(tree_number(p.before, AUR_DOMAIN_DISK, "sda", "whole"), 1, 0,
	    "a disk");
	tap_ok(isnan(tree_number(p.after, AUR_DOMAIN_DISK, "sda", "reads")),
	    "pulled");
	tap_near(tree_number(p.after, AUR_DOMAIN_DISK, "vda1", "whole"), 0, 0,
	    "what takes its place in the file is not taken for it");
	tap_near(tree_number(p.before, AUR_DOMAIN_FILESYSTEM, "/mnt", "size"),
	    100 * 4096, 0, "a filesystem on it");
	tap_ok(isnan(tree_number(
		   p.after, AUR_DOMAIN_FILESYSTEM, "/mnt", "read_only")),
	    "is gone with it");
	tap_near(rate(&p, AUR_DOMAIN_NETWORK, "eth0", "receive_bytes"), 0, 0,
	    "eth0 is still itself");
	tap_near(tree_number(p.after, AUR_DOMAIN_NETWORK, "eth0", "counted"), 1,
	    0, "and counted");
	close_pair(&p);
}

static void check_wrap(void)
{
	struct pair p;

	if (!open_pair(&p, "wrap-before", "wrap-after"))
		return;
	tap_ok(isnan(rate(&p, AUR_DOMAIN_NETWORK, "eth0", "receive_bytes")),
	    "one of 32 bits that went round has no rate for once");
	tap_ok(isnan(rate(&p, AUR_DOMAIN_KERNEL, "", "context_switches")),
	    "one that started anew has no rate");
	tap_ok((p.rates.flaws & AUR_FLAW_RESET) != 0, "which is noted");
	close_pair(&p);
}

static void check_suspend(void)
{
	struct pair p;

	if (!open_pair(&p, "suspend-before", "suspend-after"))
		return;
	tap_eq_int(p.rates.over.ns, AUR_SECOND_NS, "one second awake");
	tap_ok((p.rates.flaws & AUR_FLAW_SUSPEND) != 0, "a suspend is seen");
	tap_near(rate(&p, AUR_DOMAIN_CPU, "", "user"), 0, 0,
	    "rates are of the time awake");
	tap_near(tree_number(p.after, AUR_DOMAIN_SYSTEM, "", "uptime"), 4601,
	    1e-6, "uptime runs on");
	tap_near(tree_number(p.after, AUR_DOMAIN_SYSTEM, "", "boot_time"),
	    1795000000, 0, "the boot stays where it was");
	close_pair(&p);
}

int main(void)
{
	check_unplug();
	check_wrap();
	check_suspend();
	return tap_done();
}
