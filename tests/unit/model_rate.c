/* SPDX-License-Identifier: MIT */
/* Rates: what is told, and what is absent rather than wrong. */
#include "model/rate.h"

#include "base/err.h"
#include "tests/unit/model_make.h"

#define RATES_INIT(r, a, b) make_sure(aur_rates_init(r, a, b) == 0, "no rates")

/* Two samples with one disk, whose reads go from `was` to `now`. */
struct pair {
	struct aur_strs *strs;
	struct aur_sample *a, *b;
	struct aur_rates r;
};

static void pair_init(
    struct pair *p, double from, double to, uint64_t was, uint64_t now)
{
	struct aur_part *part;

	p->strs = make_strs();
	p->a = make_sample(p->strs, from);
	p->b = make_sample(p->strs, to);
	part = make_part(p->a, AUR_DOMAIN_DISK);
	aur_part_set(part, make_named(part, "sda"), AUR_DISK_reads, was);
	part = make_part(p->b, AUR_DOMAIN_DISK);
	aur_part_set(part, make_named(part, "sda"), AUR_DISK_reads, now);
}

static void pair_release(struct pair *p)
{
	aur_rates_release(&p->r);
	aur_sample_unref(p->a);
	aur_sample_unref(p->b);
	tap_ok(aur_strs_count(p->strs) == 0, "nothing is held on to");
	aur_strs_unref(p->strs);
}

/* The rate of the disk's reads; NaN where absent. */
static double reads(struct pair *p)
{
	double v = NAN;
	bool good;

	RATES_INIT(&p->r, p->a, p->b);
	good = aur_rates_get(&p->r, aur_sample_get(p->b, AUR_DOMAIN_DISK), 0,
	    AUR_DISK_reads, &v);
	return good ? v : NAN;
}

static void plain(void)
{
	struct pair p;
	const struct aur_part *part;
	struct aur_span over;
	double v;

	pair_init(&p, 10, 12, 100, 300);
	p.b->seq = p.a->seq + 1;
	tap_near(reads(&p), 100, 1e-9, "growth by time");
	tap_eq_int(p.r.flaws, 0, "no flaw");
	part = aur_sample_get(p.b, AUR_DOMAIN_DISK);
	tap_ok(aur_rates_delta(&p.r, part, 0, AUR_DISK_reads, &v) && v == 200,
	    "growth");
	tap_ok(aur_rates_span(&p.r, part, 0, &over) &&
		   over.ns == 2 * AUR_SECOND_NS && p.r.over.ns == over.ns,
	    "time");
	tap_eq_int(aur_rates_match(&p.r, part, 0), 0, "the same disk");
	tap_ok(!aur_rates_get(&p.r, part, 0, AUR_DISK_writes, &v),
	    "an absent cell has no rate");
	pair_release(&p);
}

static void first(void)
{
	struct pair p;
	double v;

	pair_init(&p, 10, 11, 1, 2);
	RATES_INIT(&p.r, NULL, p.b);
	tap_eq_int(p.r.flaws, AUR_FLAW_FIRST, "the first sample says so");
	tap_ok(!aur_rates_get(&p.r, aur_sample_get(p.b, AUR_DOMAIN_DISK), 0,
		   AUR_DISK_reads, &v),
	    "and has no rate");
	pair_release(&p);
}

static void reboot(void)
{
	struct pair p;

	pair_init(&p, 1000, 2000, 100, 300);
	p.b->boot_id[15] ^= 1;
	tap_near(reads(&p), NAN, 0, "another boot: no rate, though it grew");
	tap_eq_int(p.r.flaws, AUR_FLAW_REBOOT, "and that is why");
	pair_release(&p);
}

static void gaps(void)
{
	struct pair p;

	pair_init(&p, 10, 13, 0, 300);
	p.b->seq = p.a->seq + 1;
	tap_near(reads(&p), 100, 1e-9, "over a gap: the mean");
	tap_eq_int(p.r.flaws, AUR_FLAW_GAP, "3 intervals are a gap");
	pair_release(&p);
	pair_init(&p, 10, 12.4, 0, 240);
	p.b->seq = p.a->seq + 1;
	tap_near(reads(&p), 100, 1e-6, "2.4 intervals");
	tap_eq_int(p.r.flaws, 0, "are none");
	pair_release(&p);
	pair_init(&p, 10, 11, 0, 100);
	p.b->seq = p.a->seq + 5;
	tap_near(reads(&p), 100, 1e-9, "samples were lost");
	tap_eq_int(p.r.flaws, AUR_FLAW_GAP, "a jump of seq is a gap");
	pair_release(&p);
	pair_init(&p, 10, 4000, 0, 3990);
	p.b->seq = p.a->seq + 1;
	p.b->interval.ns = 0;
	tap_near(reads(&p), 1, 1e-9, "single samples");
	tap_eq_int(p.r.flaws, 0, "have no interval to miss");
	pair_release(&p);
}

static void clocks(void)
{
	struct pair p;

	pair_init(&p, 10, 11, 0, 100);
	p.b->boot.ns += 8 * 3600 * AUR_SECOND_NS;
	p.b->wall.ns += 8 * 3600 * AUR_SECOND_NS;
	tap_near(reads(&p), 100, 1e-9, "a night's sleep does not count");
	tap_eq_int(p.r.flaws, AUR_FLAW_SUSPEND, "a suspend is told");
	pair_release(&p);
	pair_init(&p, 10, 11, 0, 100);
	p.b->wall.ns -= 3600 * AUR_SECOND_NS;
	tap_near(reads(&p), 100, 1e-9, "the wall clock does not matter");
	tap_eq_int(p.r.flaws, AUR_FLAW_STEP, "its step is told");
	pair_release(&p);
	pair_init(&p, 10, 10, 0, 100);
	tap_near(reads(&p), NAN, 0, "no time, no rate");
	tap_ok(p.r.flaws & AUR_FLAW_CLOCK, "the clock stood");
	pair_release(&p);
	pair_init(&p, 10, 9, 0, 100);
	tap_near(reads(&p), NAN, 0, "time ran backwards");
	tap_ok(p.r.flaws & AUR_FLAW_CLOCK, "which is a flaw");
	pair_release(&p);
	pair_init(&p, 10, 11, 0, 100);
	p.a->mono.ns = INT64_MIN;
	p.b->mono.ns = INT64_MAX;
	tap_ok(reads(&p) >= 0, "hostile times saturate");
	pair_release(&p);
}

static void falling(void)
{
	struct pair p;

	pair_init(&p, 10, 11, 5000, 10);
	tap_near(reads(&p), NAN, 0, "a counter that fell has no rate");
	tap_eq_int(p.r.flaws, AUR_FLAW_RESET, "it was reset");
	pair_release(&p);
	pair_init(&p, 10, 11, UINT32_MAX - 9, 90);
	tap_near(reads(&p), NAN, 0, "32 bits that ran over look the same");
	tap_eq_int(p.r.flaws, AUR_FLAW_RESET, "and are told as one");
	pair_release(&p);
}

static double cpu_delta(
    uint64_t was, uint64_t now, size_t field, unsigned *flaws)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *a = make_sample(strs, 1), *b = make_sample(strs, 2);
	struct aur_part *p;
	struct aur_rates r;
	double v = NAN;

	aur_part_set(make_one(a, AUR_DOMAIN_CPU), 0, field, was);
	p = make_one(b, AUR_DOMAIN_CPU);
	aur_part_set(p, 0, field, now);
	RATES_INIT(&r, a, b);
	if (!aur_rates_delta(&r, p, 0, field, &v))
		v = NAN;
	*flaws = r.flaws;
	aur_rates_release(&r);
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_strs_unref(strs);
	return v;
}

static void backwards(void)
{
	unsigned flaws;

	tap_near(cpu_delta(5000, 4990, AUR_CPU_iowait, &flaws), 0, 0,
	    "iowait steps back a little: no growth");
	tap_eq_int(flaws, 0, "and no reset");
	tap_near(
	    cpu_delta(5000, 4999, AUR_CPU_idle, &flaws), 0, 0, "so does idle");
	tap_near(cpu_delta(5000, 4000, AUR_CPU_idle, &flaws), NAN, 0,
	    "far back is a reset");
	tap_eq_int(flaws, AUR_FLAW_RESET, "and told");
	tap_near(cpu_delta(5000, 4999, AUR_CPU_user, &flaws), NAN, 0,
	    "user never does");
}

/* The CPU rate of a process in the later of two samples, 10 s and 11 s after
 * boot, the earlier of which has another one. Their tables were read as much
 * before them as is told. */
static double newborn_of(uint64_t start_ticks, int64_t was_s, int64_t now_s)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *a = make_sample(strs, 10);
	struct aur_sample *b = make_sample(strs, 11);
	struct aur_part *p = make_part(a, AUR_DOMAIN_PROCESS);
	struct aur_rates r;
	double v = NAN;

	a->boot.ns = 10 * AUR_SECOND_NS;
	b->boot.ns = 11 * AUR_SECOND_NS;
	make_sure(aur_part_add(p, (struct aur_key){{1, 5}}) == 0, "no row");
	p->at_ns = -was_s * AUR_SECOND_NS;
	p = make_part(b, AUR_DOMAIN_PROCESS);
	make_sure(
	    aur_part_add(p, (struct aur_key){{7, start_ticks}}) == 0, "no row");
	p->at_ns = -now_s * AUR_SECOND_NS;
	aur_part_set(p, 0, AUR_PROCESS_cpu, AUR_SECOND_NS / 4);
	RATES_INIT(&r, a, b);
	if (!aur_rates_get(&r, p, 0, AUR_PROCESS_cpu, &v))
		v = NAN;
	aur_rates_release(&r);
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_strs_unref(strs);
	return v;
}

static double newborn_cpu(uint64_t start_ticks)
{
	return newborn_of(start_ticks, 0, 0);
}

static void newborn(void)
{
	tap_near(newborn_cpu(1050), 0.25, 1e-9, "born since: all is growth");
	tap_near(newborn_cpu(1000), 0.25, 1e-9, "born in that very tick: too");
	tap_near(newborn_cpu(999), NAN, 0, "older, and new to us: unknown");
	tap_near(newborn_cpu(UINT64_MAX), NAN, 0, "a start that cannot be");
	/* of tables that were read at 3 s and at 8 s */
	tap_near(newborn_of(500, 7, 3), 0.05, 1e-9,
	    "born between two tables: over what is between them");
	tap_near(newborn_of(250, 7, 3), NAN, 0, "older than both: unknown");
}

/* Instances read at other times than the sample. */
static void instance_times(void)
{
	struct pair p;
	struct aur_part *part;

	pair_init(&p, 10, 12, 100, 300);
	part = make_part(p.b, AUR_DOMAIN_DISK);
	part->at_ns = -AUR_SECOND_NS / 2;
	part->inst[0].at_ns = -AUR_SECOND_NS / 2;
	tap_near(reads(&p), 200, 1e-9, "read 1 s before: 1 s of growth");
	pair_release(&p);
	pair_init(&p, 10, 12, 100, 300);
	part = make_part(p.a, AUR_DOMAIN_DISK);
	part->inst[0].at_ns = -2 * AUR_SECOND_NS;
	tap_near(reads(&p), 50, 1e-9, "last read 2 s before: 4 s of growth");
	pair_release(&p);
	pair_init(&p, 10, 12, 100, 100);
	part = make_part(p.b, AUR_DOMAIN_DISK);
	part->at_ns = -2 * AUR_SECOND_NS;
	tap_near(reads(&p), NAN, 0, "the very same reading: no time passed");
	pair_release(&p);
	pair_init(&p, 10, 12, 100, 300);
	part = make_part(p.b, AUR_DOMAIN_DISK);
	part->at_ns = INT64_MIN;
	part->inst[0].at_ns = INT64_MIN;
	tap_near(reads(&p), NAN, 0, "hostile offsets give none");
	pair_release(&p);
}

/* A cell that was absent before did not grow from 0. */
static void appearing(void)
{
	struct pair p;

	pair_init(&p, 10, 11, 0, 500);
	aur_part_unset(make_part(p.a, AUR_DOMAIN_DISK), 0, AUR_DISK_reads);
	tap_near(reads(&p), NAN, 0, "a cell that appears has no rate yet");
	tap_eq_int(p.r.flaws, 0, "which is no flaw");
	pair_release(&p);
}

/* sdb goes, sdc comes, the rest changes places. */
static void hotplug(void)
{
	static const char *const was[] = {"sda", "sdb", "vda", "vdb"};
	static const char *const now[] = {"vdb", "sdc", "sda", "vda"};
	static const double want[] = {103 - 3, NAN, 100 - 0, 102 - 2};
	struct aur_strs *strs = make_strs();
	struct aur_sample *a = make_sample(strs, 1), *b = make_sample(strs, 2);
	struct aur_part *p = make_part(a, AUR_DOMAIN_DISK);
	static const uint64_t value[] = {103, 7, 100, 102};
	struct aur_rates r;

	for (size_t i = 0; i < 4; i++)
		aur_part_set(p, make_named(p, was[i]), AUR_DISK_reads, i);
	p = make_part(b, AUR_DOMAIN_DISK);
	for (size_t i = 0; i < 4; i++)
		aur_part_set(
		    p, make_named(p, now[i]), AUR_DISK_reads, value[i]);
	RATES_INIT(&r, a, b);
	for (size_t i = 0; i < 4; i++) {
		double v = NAN;

		if (!aur_rates_get(&r, p, i, AUR_DISK_reads, &v))
			v = NAN;
		tap_near(v, want[i], 1e-9, now[i]);
	}
	aur_rates_release(&r);
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_strs_unref(strs);
}

/* Process `i` of `n`: every 10th is gone, every 10th number came again. */
static struct aur_sample *many(
    struct aur_strs *strs, double seconds, uint64_t n, unsigned turn)
{
	struct aur_sample *s = make_sample(strs, seconds);
	struct aur_part *p = make_part(s, AUR_DOMAIN_PROCESS);

	for (uint64_t k = 0; k < n; k++) {
		size_t i;

		if (k % 10 == 3 + turn)
			continue;
		i = make_key(p, k, k % 10 == 7 ? turn : 0);
		aur_part_set(p, i, AUR_PROCESS_cpu, k + 1000000 * turn);
	}
	return s;
}

static void matches_many(
    struct aur_sample *a, struct aur_sample *b, const char *what)
{
	const struct aur_part *p = aur_sample_get(b, AUR_DOMAIN_PROCESS);
	struct aur_rates r;
	bool good = true;

	RATES_INIT(&r, a, b);
	for (size_t i = 0; i < p->n; i++) {
		uint64_t k = p->inst[i].key.v[0];
		double v;
		bool told = aur_rates_delta(&r, p, i, AUR_PROCESS_cpu, &v);

		/* 3 came back, 7 is another process of the same number */
		if (k % 10 == 3 || k % 10 == 7)
			good = good && !told;
		else
			good = good && told && fabs(v - 0.001) < 1e-12;
	}
	tap_ok(good && p->n > 0, "%s", what);
	aur_rates_release(&r);
}

static void processes(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *a = many(strs, 1, 100000, 0);
	struct aur_sample *b = many(strs, 2, 100000, 1);
	struct aur_part *p = make_part(b, AUR_DOMAIN_PROCESS);

	matches_many(a, b, "100,000 processes");
	for (size_t i = 0; i < p->n / 2; i++) {
		struct aur_inst inst = p->inst[i];
		size_t j = p->n - 1 - i, nf = p->domain->nfield;
		uint64_t cell = p->cell[i * nf + AUR_PROCESS_cpu];

		p->inst[i] = p->inst[j];
		p->inst[j] = inst;
		p->cell[i * nf + AUR_PROCESS_cpu] =
		    p->cell[j * nf + AUR_PROCESS_cpu];
		p->cell[j * nf + AUR_PROCESS_cpu] = cell;
	}
	matches_many(a, b, "in an order that they should not have");
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_strs_unref(strs);
}

/* Names of two tables are not compared, numbers are. */
static void two_tables(void)
{
	struct aur_strs *x = make_strs(), *y = make_strs();
	struct aur_sample *a = make_sample(x, 1), *b = make_sample(y, 2);
	struct aur_part *p = make_part(a, AUR_DOMAIN_DISK);
	struct aur_rates r;
	double v;

	aur_part_set(p, make_named(p, "sda"), AUR_DISK_reads, 1);
	p = make_part(b, AUR_DOMAIN_DISK);
	aur_part_set(p, make_named(p, "sdb"), AUR_DISK_reads, 2);
	aur_part_set(make_one(a, AUR_DOMAIN_KERNEL), 0, AUR_KERNEL_forks, 1);
	aur_part_set(make_one(b, AUR_DOMAIN_KERNEL), 0, AUR_KERNEL_forks, 3);
	RATES_INIT(&r, a, b);
	tap_ok(!aur_rates_get(&r, aur_sample_get(b, AUR_DOMAIN_DISK), 0,
		   AUR_DISK_reads, &v),
	    "an id of another table is another name");
	tap_ok(aur_rates_get(&r, aur_sample_get(b, AUR_DOMAIN_KERNEL), 0,
		   AUR_KERNEL_forks, &v) &&
		   v == 2,
	    "the rest has its rates");
	aur_rates_release(&r);
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_strs_unref(x);
	aur_strs_unref(y);
}

static void failing(void)
{
	struct aur_strs *strs = make_strs();
	struct aur_sample *a = many(strs, 1, 50, 0);
	struct aur_sample *b = many(strs, 2, 50, 1);
	struct aur_part *p = make_part(a, AUR_DOMAIN_DISK);
	struct aur_rates r = {0};
	unsigned long nth = 0;
	bool good = true;
	int rc;

	make_named(p, "x");
	make_named(p, "y");
	p = make_part(b, AUR_DOMAIN_DISK);
	make_named(p, "y");
	make_named(p, "x");
	do {
		nth++;
		aur_mem_set_fail(make_fail, &nth);
		rc = aur_rates_init(&r, a, b);
		aur_mem_set_fail(NULL, NULL);
		good = good && (rc == 0 || rc == AUR_ENOMEM) &&
		       (rc == 0 || (r.now == NULL && a->refs == 1));
	} while (rc < 0 && nth < 50);
	tap_ok(good && rc == 0 && nth > 4, "each allocation may fail");
	aur_rates_release(&r);
	aur_rates_release(&r);
	aur_sample_unref(a);
	aur_sample_unref(b);
	aur_strs_unref(strs);
}

int main(void)
{
	plain();
	first();
	reboot();
	gaps();
	clocks();
	falling();
	backwards();
	newborn();
	instance_times();
	appearing();
	hotplug();
	processes();
	two_tables();
	failing();
	return tap_done();
}
