/* SPDX-License-Identifier: MIT */
/*
 * What collect.c promises, seen on this machine and on trees: only what is
 * wanted, parts as they are done, ages of what is put in again, and no loss
 * beyond a part when memory runs out.
 */
#include "tests/unit/collect_tree.h"

struct seen {
	enum aur_domain_id id[AUR_DOMAIN_COUNT];
	size_t n;
};

static void on_part(
    void *arg, struct aur_sample *s, const struct aur_part *part)
{
	struct seen *seen = arg;

	(void)s;
	if (seen->n < AUR_DOMAIN_COUNT)
		seen->id[seen->n++] = (enum aur_domain_id)part->domain->id;
}

static ptrdiff_t place(const struct seen *seen, enum aur_domain_id id)
{
	for (size_t i = 0; i < seen->n; i++)
		if (seen->id[i] == id)
			return (ptrdiff_t)i;
	return -1;
}

static void check_order(void)
{
	struct aur_collect *c = tree_open(tree_path("laptop"),
	    aur_want_system() | AUR_WANT_DOMAIN(PROCESS), true);
	struct aur_sample *s = NULL;
	struct seen seen = {.n = 0};

	if (!tap_ok(c != NULL && aur_collect_sample(c, on_part, &seen, &s) == 0,
		"a sample with a callback"))
		return;
	tap_eq_u64(seen.n, s->npart, "each part is told of once");
	tap_ok(place(&seen, AUR_DOMAIN_PROCESS) >
		   place(&seen, AUR_DOMAIN_FILESYSTEM),
	    "processes come after the system");
	tap_eq_int(place(&seen, AUR_DOMAIN_COLLECTOR), (int64_t)seen.n - 1,
	    "how it went comes at the end");
	aur_sample_unref(s);
	aur_collect_free(c);
}

static void check_want(void)
{
	struct aur_collect *c =
	    tree_open(tree_path("nopsi"), AUR_WANT_DOMAIN(LOAD), true);
	struct aur_want want = {.domains = AUR_WANT_DOMAIN(KERNEL) |
					   AUR_WANT_DOMAIN(PRESSURE) |
					   AUR_WANT_DOMAIN(COLLECTOR)};
	struct aur_sample *s = tree_sample(c);

	if (!tap_ok(s != NULL, "a sample"))
		return;
	tap_eq_u64(s->npart, 1, "one part is wanted, one is there");
	tap_ok(aur_sample_get(s, AUR_DOMAIN_LOAD) != NULL, "and it is load");
	aur_sample_unref(s);
	aur_collect_want(c, &want);
	s = tree_sample(c);
	tap_eq_u64(s->npart, 2, "another want: kernel and collector");
	tap_eq_u64(s->seq, 2, "samples are numbered");
	tap_ok(aur_sample_get(s, AUR_DOMAIN_CPU) == NULL,
	    "a collector of three domains fills the one that is wanted");
	tap_near(tree_number(s, AUR_DOMAIN_COLLECTOR, "pressure", "ok"), 1, 0,
	    "what the kernel lacks is no error");
	tap_ok(isnan(tree_number(s, AUR_DOMAIN_COLLECTOR, "load", "ok")),
	    "who did not run is not told of");
	aur_sample_unref(s);
	aur_collect_free(c);
}

static void check_missing_root(void)
{
	struct aur_collect_options o = {.root = "/nonexistent/tree"};
	struct aur_collect *c = NULL;

	tap_eq_int(aur_collect_new(&c, &o), AUR_EABSENT, "no such tree");
	tap_ok(c == NULL, "and nothing is made");
	aur_collect_free(NULL);
}

static bool has_string(const struct aur_part *p)
{
	return p != NULL && p->n > 0 && p->domain->nfield > 0;
}

/* This machine, twice: what has a period is put in again, and older. */
static void check_live(void)
{
	struct aur_collect *c = tree_open("", aur_want_system(), true);
	struct aur_sample *a = tree_sample(c), *b = tree_sample(c);
	const struct aur_part *pa, *pb;

	if (!tap_ok(a != NULL && b != NULL, "two samples of this machine"))
		return;
	pa = aur_sample_get(a, AUR_DOMAIN_SYSTEM);
	pb = aur_sample_get(b, AUR_DOMAIN_SYSTEM);
	tap_ok(has_string(pa) && has_string(pb), "both have the system");
	tap_eq_int(pa->at_ns, 0, "first read just now");
	tap_eq_int(pb->at_ns, a->mono.ns - b->mono.ns,
	    "then as old as the first sample");
	tap_eq_int(b->mono.ns % AUR_TICK_NS + b->boot.ns % AUR_TICK_NS +
		       b->wall.ns % AUR_TICK_NS,
	    0, "times are whole ticks");
	tap_eq_str(tree_text(b, AUR_DOMAIN_SYSTEM, "", "sysname"), "Linux",
	    "with its text");
	tap_ok(tree_number(b, AUR_DOMAIN_SYSTEM, "", "uptime") >=
		   tree_number(a, AUR_DOMAIN_SYSTEM, "", "uptime"),
	    "the uptime is renewed");
	tap_ok(tree_number(a, AUR_DOMAIN_CPU, "", "user") > 0, "cpu time");
	tap_near(tree_number(a, AUR_DOMAIN_AGENT, "", "pid"), getpid(), 0,
	    "the agent is this process");
	tap_ok(tree_number(a, AUR_DOMAIN_AGENT, "", "collect") > 0,
	    "it tells what the sample took");
	tap_ok(!isnan(tree_number(a, AUR_DOMAIN_FILESYSTEM, "/", "size")),
	    "/ is there in the first sample");
	tap_ok(!isnan(tree_number(a, AUR_DOMAIN_MEMORY, "", "total")),
	    "so is memory");
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_collect_free(c);
}

static int fail_nth(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

static int try_all(const char *root, unsigned long nth)
{
	struct aur_collect_options o = {.root = root, .no_helper = true};
	struct aur_want want = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = aur_want_process_all()};
	struct aur_collect *c = NULL;
	int rc;

	aur_mem_set_fail(fail_nth, &nth);
	rc = aur_collect_new(&c, &o);
	if (rc == 0)
		aur_collect_want(c, &want);
	for (int i = 0; rc == 0 && i < 2; i++) {
		struct aur_sample *s = NULL;

		rc = aur_collect_sample(c, NULL, NULL, &s);
		aur_sample_unref(s);
	}
	aur_mem_set_fail(NULL, NULL);
	aur_collect_free(c);
	return rc;
}

/* Each allocation fails once: a part is lost, or the sample, nothing else. */
static void check_memory(void)
{
	char root[1024];
	int bad = 0, lost = 0;

	snprintf(root, sizeof(root), "%s", tree_path("laptop"));
	for (unsigned long nth = 1; nth <= 600; nth++) {
		int rc = try_all(root, nth);

		lost += rc == AUR_ENOMEM;
		bad += rc != 0 && rc != AUR_ENOMEM;
	}
	tap_ok(lost > 0, "without memory there is no sample");
	tap_eq_int(bad, 0, "and no other trouble");
	tap_eq_int(try_all(root, 0), 0, "with memory there is");
}

int main(void)
{
	int before = tree_count_fds();

	check_order();
	check_want();
	check_missing_root();
	check_live();
	check_memory();
	tap_eq_int(tree_count_fds(), before, "no descriptor is left open");
	return tap_done();
}
