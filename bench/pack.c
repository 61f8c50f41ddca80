/* SPDX-License-Identifier: MIT */
/*
 * pack - what kept time costs: a data set in its blocks, a day of one series
 * to points, and this host as it is.
 *
 *	gzip -dc bench/series.csv.gz | bench/pack [SAMPLES]
 *
 * Prints lines of name, tab, value. CPU is this process's, the median of some
 * rounds. SAMPLES of this host are taken as fast as they come.
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"
#include "collect/collect.h"
#include "pack/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 9
#define COLUMNS_MAX 128u
#define DOMAINS_MAX 32u
#define ROWS_MAX 3600u
#define NAME_MAX_BYTES 64u
#define DAY_FIELDS 30u
#define HOURS 24u

static void sure(int rc, const char *what)
{
	if (rc < 0) {
		fprintf(stderr, "pack: %s: %s\n", what, aur_err_str(rc));
		exit(1);
	}
}

static void *got(void *p)
{
	sure(p != NULL ? 0 : AUR_ENOMEM, "memory");
	return p;
}

static int cmp_double(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double median(double v[ROUNDS])
{
	qsort(v, ROUNDS, sizeof(*v), cmp_double);
	return v[ROUNDS / 2];
}

static double cpu_us(void)
{
	return (double)aur_clock_cpu().ns / 1e3;
}

static void say(const char *name, double value)
{
	printf("%s\t%.4g\n", name, value);
}

/* --- samples -------------------------------------------------------------- */

struct samples {
	struct aur_strs *strs;
	struct aur_sample *s[ROWS_MAX];
	size_t n;
};

static struct aur_sample *add_sample(struct samples *all, int64_t wall)
{
	struct aur_sample *s = got(aur_sample_new(all->strs));

	s->wall.ns = wall;
	s->mono.ns = s->boot.ns = wall - 1795000000 * AUR_SECOND_NS;
	s->interval.ns = AUR_SECOND_NS;
	s->seq = all->n + 1;
	all->s[all->n++] = s;
	return s;
}

static size_t count_cells(const struct samples *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < all->s[i]->npart; k++) {
			const struct aur_part *p = &all->s[i]->part[k];

			if (p->domain->key == AUR_KEY_PROCESS)
				continue;
			for (size_t at = 0; at < p->n; at++)
				for (unsigned f = 0; f < p->domain->nfield; f++)
					n += aur_part_has(p, at, f);
		}
	return n;
}

static void release(struct samples *all)
{
	for (size_t i = 0; i < all->n; i++)
		aur_sample_unref(all->s[i]);
	aur_strs_unref(all->strs);
	*all = (struct samples){0};
}

/* --- the data set --------------------------------------------------------- */

/* A column of it: a cell of a sample. */
struct series {
	struct aur_slice domain, inst, field;
	bool decimals; /* two of them */
	struct aur_domain *d;
	size_t f;
};

struct set {
	struct aur_buf text;
	struct series series[COLUMNS_MAX];
	size_t n;
	struct aur_domain domain[DOMAINS_MAX];
	struct aur_field field[DOMAINS_MAX][COLUMNS_MAX];
	char label[DOMAINS_MAX][NAME_MAX_BYTES];
	char name[COLUMNS_MAX][NAME_MAX_BYTES];
	size_t ndomain;
};

/* "disk.vda.reads", "mem.MemFree"; "cpu0.user" is of the cores. */
static void name_series(struct series *s, struct aur_slice name)
{
	struct aur_slice first = name, second;

	sure(aur_slice_until(&name, '.', &first) ? 0 : AUR_EINVALID, "a name");
	s->domain = first;
	s->field = name;
	if (aur_slice_starts(first, "cpu") && first.n > 3) {
		s->inst = aur_slice_of(first.p + 3, first.n - 3);
		s->domain = aur_slice_str("core");
	} else if (aur_slice_until(&name, '.', &second)) {
		s->inst = second;
		s->field = name;
	}
}

static const char *copy_name(char *to, struct aur_slice s)
{
	snprintf(to, NAME_MAX_BYTES, "%.*s", (int)s.n, (const char *)s.p);
	return to;
}

static struct aur_domain *domain_of(struct set *set, const struct series *s)
{
	struct aur_domain *d;

	for (size_t i = 0; i < set->ndomain; i++)
		if (aur_slice_is(s->domain, set->domain[i].name))
			return &set->domain[i];
	sure(set->ndomain < DOMAINS_MAX ? 0 : AUR_ELIMIT, "domains");
	d = &set->domain[set->ndomain];
	d->name = copy_name(set->label[set->ndomain], s->domain);
	d->help = d->label = "";
	d->id = (uint16_t)(AUR_DOMAIN_COUNT + set->ndomain);
	d->key = s->inst.n > 0 ? AUR_KEY_STRING : AUR_KEY_ONE;
	d->field = set->field[set->ndomain++];
	return d;
}

static void add_series(struct set *set, struct series *s)
{
	struct aur_field *field;
	int f;

	s->d = domain_of(set, s);
	f = aur_domain_field(s->d, s->field);
	if (f < 0) {
		f = s->d->nfield++;
		field = &set->field[s->d - set->domain][f];
		*field = (struct aur_field){
		    copy_name(set->name[s - set->series], s->field), "",
		    AUR_KIND_I64, AUR_SEM_COUNTER, AUR_UNIT_COUNT, 0};
	}
	s->f = (size_t)f;
}

static void read_text(struct aur_buf *b)
{
	uint8_t *mem;
	size_t n = 1;

	aur_buf_init(b, 16u << 20);
	while (n > 0) {
		mem = got(aur_buf_reserve(b, 1 << 16));
		n = fread(mem, 1, 1 << 16, stdin);
		aur_buf_commit(b, n);
	}
}

/* Columns whose values have a point anywhere. */
static void find_decimals(struct set *set, struct aur_slice text)
{
	struct aur_slice line, word;

	while (aur_slice_line(&text, &line))
		for (size_t i = 0; line.n > 0 && i <= set->n; i++) {
			if (!aur_slice_until(&line, ',', &word)) {
				word = line;
				line.n = 0;
			}
			if (i > 0 && memchr(word.p, '.', word.n) != NULL)
				set->series[i - 1].decimals = true;
		}
}

static void put_value(
    const struct series *s, struct aur_sample *sample, uint64_t v)
{
	struct aur_part *p = got(aur_sample_part(sample, s->d));
	ptrdiff_t i;

	if (s->inst.n == 0) {
		i = aur_part_one(p);
	} else {
		i = aur_part_find_named(p, s->inst);
		if (i < 0)
			i = aur_part_add_named(p, s->inst);
	}
	sure((int)i, "an instance");
	aur_part_set(p, (size_t)i, s->f, v);
}

static void add_line(
    struct set *set, struct samples *all, struct aur_slice line)
{
	struct aur_sample *s = NULL;
	struct aur_slice word;
	uint64_t v;

	for (size_t i = 0; line.n > 0 && i <= set->n; i++) {
		bool decimals = i > 0 && set->series[i - 1].decimals;

		if (!aur_slice_until(&line, ',', &word)) {
			word = line;
			line.n = 0;
		}
		sure(aur_scan_fixed(word, decimals ? 2 : 0, &v), "a value");
		if (i == 0)
			s = add_sample(all, (int64_t)v * 1000000);
		else
			put_value(&set->series[i - 1], s, v);
	}
}

static void read_set(struct set *set, struct samples *all)
{
	struct aur_slice text, line, word;

	read_text(&set->text);
	text = aur_buf_peek(&set->text);
	sure(aur_slice_line(&text, &line) ? 0 : AUR_EINVALID, "no data set");
	sure(aur_slice_until(&line, ',', &word) ? 0 : AUR_EINVALID, "head");
	while (line.n > 0 && set->n < COLUMNS_MAX) {
		if (!aur_slice_until(&line, ',', &word)) {
			word = line;
			line.n = 0;
		}
		name_series(&set->series[set->n], word);
		add_series(set, &set->series[set->n]);
		set->n++;
	}
	find_decimals(set, text);
	all->strs = got(aur_strs_new(AUR_MAX_STRING_BYTES));
	while (all->n < ROWS_MAX && aur_slice_line(&text, &line))
		add_line(set, all, line);
}

/* --- packing -------------------------------------------------------------- */

struct packed {
	struct aur_buf bytes; /* blocks, one behind the other */
	size_t at[DOMAINS_MAX + 1];
	size_t n;
};

static int on_block(void *arg, const struct aur_block *b)
{
	struct packed *p = arg;
	int rc = aur_buf_add_slice(&p->bytes, b->bytes);

	if (p->n < DOMAINS_MAX)
		p->at[++p->n] = p->bytes.n;
	return rc;
}

static struct aur_slice block(const struct packed *p, size_t i)
{
	return aur_slice_of(
	    aur_buf_peek(&p->bytes).p + p->at[i], p->at[i + 1] - p->at[i]);
}

struct cost {
	double add[ROUNDS], finish[ROUNDS]; /* microseconds */
	size_t memory;
};

static void pack(
    const struct samples *all, struct packed *out, struct cost *cost, int round)
{
	struct aur_packer *p;
	double at = cpu_us();

	sure(aur_packer_new(&p), "packer");
	aur_buf_init(&out->bytes, 64u << 20);
	out->n = 0;
	for (size_t i = 0; i < all->n; i++)
		sure(aur_packer_add(p, all->s[i]), "add");
	cost->add[round] = cpu_us() - at;
	cost->memory = aur_packer_bytes(p);
	at = cpu_us();
	sure(aur_packer_finish(p, AUR_PACK_EFFORT, on_block, out), "finish");
	cost->finish[round] = cpu_us() - at;
	aur_packer_free(p);
}

static void measure(const struct samples *all, const char *what)
{
	struct packed out = {.n = 0};
	struct cost cost;
	double cells = (double)count_cells(all);
	char name[96];

	for (int i = 0; i < ROUNDS; i++) {
		aur_buf_release(&out.bytes);
		pack(all, &out, &cost, i);
	}
	snprintf(name, sizeof(name), "%s: cells", what);
	say(name, cells);
	snprintf(name, sizeof(name), "%s: bytes per cell", what);
	say(name, (double)out.bytes.n / cells);
	snprintf(name, sizeof(name), "%s: times, bytes", what);
	say(name, (double)out.at[1]);
	snprintf(name, sizeof(name), "%s: adding, CPU us per cell", what);
	say(name, median(cost.add) / cells);
	snprintf(name, sizeof(name), "%s: finishing, CPU us per cell", what);
	say(name, median(cost.finish) / cells);
	snprintf(name, sizeof(name), "%s: packer's memory, KB", what);
	say(name, (double)cost.memory / 1024);
	aur_buf_release(&out.bytes);
}

/* --- a day to read -------------------------------------------------------- */

/* Counters that move by chance, as busy ones do. */
static void make_hour(
    struct samples *all, const struct aur_domain *d, uint64_t *state)
{
	uint64_t counter[DAY_FIELDS] = {0};

	all->strs = got(aur_strs_new(AUR_MAX_STRING_BYTES));
	for (size_t row = 0; row < ROWS_MAX; row++) {
		struct aur_sample *s = add_sample(all,
		    1795100000 * AUR_SECOND_NS + (int64_t)row * AUR_SECOND_NS);
		struct aur_part *p = got(aur_sample_part(s, d));

		sure((int)aur_part_one(p), "instance");
		for (size_t f = 0; f < DAY_FIELDS; f++) {
			*state = *state * 6364136223846793005u +
				 1442695040888963407u;
			counter[f] += (*state >> 33) % (10u << f % 10);
			aur_part_set(p, 0, f, counter[f]);
		}
	}
}

/* One series of a day to points: times and values. */
static uint64_t read_day(const struct packed *hour, bool checks)
{
	static uint64_t cells[ROWS_MAX], have[ROWS_MAX / 64 + 1];
	uint64_t sum = 0;

	for (unsigned h = 0; h < HOURS; h++) {
		struct aur_columns *c;
		struct aur_times t;
		struct aur_block b;

		if (checks)
			sure(aur_block_head(block(hour, 1), &b), "head");
		sure(aur_times_open(&t, block(hour, 0), NULL), "times");
		sure(aur_columns_open(&c, block(hour, 1), &t), "columns");
		sure(aur_columns_cells(c, 0, 17, cells, have), "cells");
		sum += cells[h] + (uint64_t)t.wall[h].ns;
		aur_columns_free(c);
		aur_times_release(&t);
	}
	return sum;
}

static void measure_day(void)
{
	struct aur_field field[DAY_FIELDS];
	struct aur_domain d = {.name = "day",
	    .help = "",
	    .label = "",
	    .id = AUR_DOMAIN_COUNT,
	    .nfield = DAY_FIELDS,
	    .field = field};
	static char name[DAY_FIELDS][NAME_MAX_BYTES];
	struct samples all = {0};
	struct packed hour = {.n = 0};
	struct cost cost;
	double plain[ROUNDS], checked[ROUNDS];
	uint64_t state = 1, sum = 0;

	for (size_t f = 0; f < DAY_FIELDS; f++) {
		snprintf(name[f], NAME_MAX_BYTES, "field%zu", f);
		field[f] = (struct aur_field){name[f], "", AUR_KIND_U64,
		    AUR_SEM_COUNTER, AUR_UNIT_COUNT, 0};
	}
	make_hour(&all, &d, &state);
	pack(&all, &hour, &cost, 0);
	for (int i = 0; i < ROUNDS; i++) {
		double at = cpu_us();

		sum += read_day(&hour, false);
		plain[i] = cpu_us() - at;
		at = cpu_us();
		sum += read_day(&hour, true);
		checked[i] = cpu_us() - at;
	}
	sure(sum > 0 ? 0 : AUR_EINVALID, "nothing read");
	say("day: bytes per cell",
	    (double)hour.bytes.n / (double)count_cells(&all));
	say("day: one series of 30 to points, CPU ms", median(plain) / 1e3);
	say("day: likewise, whole blocks checked, CPU ms",
	    median(checked) / 1e3);
	aur_buf_release(&hour.bytes);
	release(&all);
}

/* --- this host ------------------------------------------------------------ */

static void measure_host(size_t n)
{
	struct aur_want want = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(CGROUP),
	    .interval = {AUR_SECOND_NS}};
	struct samples all = {0};
	struct aur_collect *c;

	sure(aur_collect_new(&c, NULL), "collector");
	aur_collect_want(c, &want);
	for (; all.n < n && all.n < ROWS_MAX; all.n++)
		sure(aur_collect_sample(c, NULL, NULL, &all.s[all.n]), "host");
	measure(&all, "this host");
	release(&all);
	aur_collect_free(c);
}

int main(int argc, char **argv)
{
	static struct set set;
	static struct samples all;
	uint64_t n = 0;

	if (argc > 2 ||
	    (argc == 2 && aur_scan_u64(aur_slice_str(argv[1]), &n) < 0)) {
		fprintf(stderr, "usage: pack [SAMPLES] <CSV\n");
		return 2;
	}
	read_set(&set, &all);
	measure(&all, "data set");
	release(&all);
	aur_buf_release(&set.text);
	measure_day();
	if (n > 0)
		measure_host((size_t)n);
	return 0;
}
