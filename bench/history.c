/* SPDX-License-Identifier: MIT */
/*
 * history - what the client's store costs: hours of the data set, as they come
 * live, as the host kept them, and both; then what reading costs.
 *
 *	gzip -dc bench/series.csv.gz | bench/history FOLDER [HOURS [PART]]
 *
 * All parts, or one of live, blocks, both, hosts, day, month: what perf is to
 * look at.
 * Prints lines of name, tab, value. CPU is this process's, of all threads; what
 * is read is the median of some rounds.
 */
#include "bench/keeping.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#include <stdio.h>
#include <stdlib.h>

#define ROWS 3600
#define COLUMNS 128u
#define ROUNDS 9
#define PROCESSES 300u

/* --- the data set --------------------------------------------------------- */

/* Where a column of it goes; those that are not here stay away. */
static const struct column {
	const char *name;
	enum aur_domain_id domain;
	const char *inst;
	unsigned field;
	uint64_t factor;
} columns[] = {
#define CPU(csv, f)                                                            \
	{                                                                      \
		"cpu." csv, AUR_DOMAIN_CPU, NULL, AUR_CPU_##f, 1               \
	}
#define CORE(n, csv, f)                                                        \
	{                                                                      \
		"cpu" n "." csv, AUR_DOMAIN_CORE, n, AUR_CORE_##f, 1           \
	}
#define CORES(n)                                                               \
	CORE(n, "user", user), CORE(n, "nice", nice),                          \
	    CORE(n, "system", system), CORE(n, "idle", idle),                  \
	    CORE(n, "iowait", iowait), CORE(n, "irq", irq),                    \
	    CORE(n, "softirq", softirq), CORE(n, "steal", steal)
#define MEM(csv, f)                                                            \
	{                                                                      \
		"mem." csv, AUR_DOMAIN_MEMORY, NULL, AUR_MEMORY_##f, 1024      \
	}
#define DISK(csv, f, k)                                                        \
	{                                                                      \
		"disk.vda." csv, AUR_DOMAIN_DISK, "vda", AUR_DISK_##f, k       \
	}
#define NET(i, csv, f)                                                         \
	{                                                                      \
		"net." i "." csv, AUR_DOMAIN_NETWORK, i, AUR_NETWORK_##f, 1    \
	}
#define NETS(i)                                                                \
	NET(i, "rx_bytes", receive_bytes),                                     \
	    NET(i, "rx_packets", receive_packets),                             \
	    NET(i, "tx_bytes", transmit_bytes),                                \
	    NET(i, "tx_packets", transmit_packets)
#define ONE(csv, D, f, k)                                                      \
	{                                                                      \
		csv, AUR_DOMAIN_##D, NULL, AUR_##D##_##f, k                    \
	}
    CPU("user", user), CPU("nice", nice), CPU("system", system),
    CPU("idle", idle), CPU("iowait", iowait), CPU("irq", irq),
    CPU("softirq", softirq), CPU("steal", steal), CORES("0"), CORES("1"),
    ONE("kernel.intr", KERNEL, interrupts, 1),
    ONE("kernel.ctxt", KERNEL, context_switches, 1),
    ONE("kernel.processes", KERNEL, forks, 1),
    ONE("kernel.procs_running", KERNEL, running, 1),
    ONE("kernel.procs_blocked", KERNEL, blocked, 1), MEM("MemFree", free),
    MEM("MemAvailable", available), MEM("Buffers", buffers),
    MEM("Cached", cached), MEM("Active", active), MEM("Inactive", inactive),
    MEM("SwapFree", swap_free), MEM("Dirty", dirty),
    MEM("Writeback", writeback), MEM("AnonPages", anon_pages),
    MEM("Mapped", mapped), MEM("Shmem", shmem), MEM("Slab", slab),
    MEM("SReclaimable", slab_reclaimable), MEM("PageTables", page_tables),
    MEM("Committed_AS", committed), ONE("kernel.load1", LOAD, one, 1),
    ONE("kernel.load5", LOAD, five, 1), ONE("kernel.load15", LOAD, fifteen, 1),
    ONE("kernel.nprocs", TASKS, total, 1), DISK("reads", reads, 1),
    DISK("rmerge", reads_merged, 1), DISK("rsect", read_bytes, 512),
    DISK("rms", read_time, 1), DISK("writes", writes, 1),
    DISK("wmerge", writes_merged, 1), DISK("wsect", written_bytes, 512),
    DISK("wms", write_time, 1), DISK("inflight", io_now, 1),
    DISK("ioms", io_time, 1), DISK("wioms", io_weighted_time, 1), NETS("lo"),
    NETS("eth0"), ONE("vm.pgpgin", VMSTAT, pgpgin, 1),
    ONE("vm.pgpgout", VMSTAT, pgpgout, 1),
    ONE("vm.pgfault", VMSTAT, pgfault, 1),
    ONE("vm.pgmajfault", VMSTAT, pgmajfault, 1),
    ONE("psi.cpu.total", PRESSURE, cpu_some, 1),
    ONE("psi.io.total", PRESSURE, io_some, 1),
    ONE("psi.memory.total", PRESSURE, memory_some, 1),
    ONE("tcp.CurrEstab", SOCKET, tcp_established, 1),
    ONE("tcp.InSegs", SOCKET, tcp_in_segments, 1),
    ONE("tcp.OutSegs", SOCKET, tcp_out_segments, 1),
    ONE("tcp.RetransSegs", SOCKET, tcp_retransmits, 1)};

struct set {
	struct aur_buf text;
	const struct column *column[COLUMNS];
	bool decimals[COLUMNS];
	size_t n, rows;
	uint64_t v[ROWS][COLUMNS];
	uint64_t sum[COLUMNS]; /* of counters so far */
};

static void read_text(struct aur_buf *b)
{
	size_t n = 1;

	aur_buf_init(b, 16u << 20);
	while (n > 0) {
		uint8_t *mem = got(aur_buf_reserve(b, 1 << 16));

		n = fread(mem, 1, 1 << 16, stdin);
		aur_buf_commit(b, n);
	}
}

static bool next_word(struct aur_slice *line, struct aur_slice *word)
{
	if (line->n == 0)
		return false;
	if (!aur_slice_until(line, ',', word)) {
		*word = *line;
		line->n = 0;
	}
	return true;
}

static void read_set(struct set *set)
{
	struct aur_slice text, rest, line, word;

	read_text(&set->text);
	text = aur_buf_peek(&set->text);
	sure(aur_slice_line(&text, &line) ? 0 : AUR_EINVALID, "no data set");
	sure(next_word(&line, &word) ? 0 : AUR_EINVALID, "no data set");
	for (; set->n < COLUMNS && next_word(&line, &word); set->n++)
		for (size_t i = 0; i < AUR_ARRAY_LEN(columns); i++)
			if (aur_slice_is(word, columns[i].name))
				set->column[set->n] = &columns[i];
	for (rest = text; aur_slice_line(&rest, &line);)
		for (size_t i = 0; next_word(&line, &word) && i <= set->n; i++)
			if (i > 0 && memchr(word.p, '.', word.n) != NULL)
				set->decimals[i - 1] = true;
	while (set->rows < ROWS && aur_slice_line(&text, &line)) {
		for (size_t i = 0; next_word(&line, &word) && i <= set->n; i++)
			if (i > 0)
				sure(aur_scan_fixed(word,
					 set->decimals[i - 1] ? 2 : 0,
					 &set->v[set->rows][i - 1]),
				    "a value");
		set->rows++;
	}
}

/* --- samples -------------------------------------------------------------- */

static void put(struct aur_sample *s, const struct column *c, uint64_t v)
{
	struct aur_part *p = got(aur_sample_part(s, aur_domain_get(c->domain)));
	ptrdiff_t i;
	uint64_t core = 0;

	if (c->inst == NULL) {
		i = aur_part_one(p);
	} else if (c->domain == AUR_DOMAIN_CORE) {
		core = (uint64_t)(c->inst[0] - '0');
		i = aur_part_find(p, (struct aur_key){{core, 0}}, 0);
		if (i < 0)
			i = aur_part_add(p, (struct aur_key){{core, 0}});
	} else {
		i = aur_part_find_named(p, aur_slice_str(c->inst));
		if (i < 0)
			i = aur_part_add_named(p, aur_slice_str(c->inst));
	}
	sure((int)i, "an instance");
	aur_part_set(p, (size_t)i, c->field, v * c->factor);
	if (c->domain == AUR_DOMAIN_DISK) {
		aur_part_set(p, (size_t)i, AUR_DISK_whole, 1);
		aur_part_set(p, (size_t)i, AUR_DISK_counted, 1);
	}
}

/* What a counter has grown by up to second `t`: the growth of a row of the set,
 * three quarters to five quarters of it, so that no two rounds are alike. */
static uint64_t grown(const struct set *set, size_t i, int64_t t, uint64_t *sum)
{
	size_t row = (size_t)t % set->rows;
	uint64_t by = row > 0 && set->v[row][i] > set->v[row - 1][i]
			  ? set->v[row][i] - set->v[row - 1][i]
			  : 0;
	uint64_t chance = (uint64_t)t * 0x9e3779b97f4a7c15u + i;

	chance ^= chance >> 29;
	chance *= 0xbf58476d1ce4e5b9u;
	if ((uint64_t)t >= set->rows && by > 7)
		by = by * (96 + (chance >> 32) % 64) / 128;
	sum[i] += by;
	return sum[i];
}

/* Second `t` of the set, which goes on from its end; in order. */
static struct aur_sample *make(
    struct set *set, struct aur_strs *strs, int64_t begin, int64_t t)
{
	struct aur_sample *s = got(aur_sample_new(strs));
	size_t row = (size_t)t % set->rows;

	if (t == 0)
		memcpy(set->sum, set->v[0], sizeof(set->sum));
	s->wall.ns = (begin + t) * AUR_SECOND_NS;
	s->mono.ns = (100000 + t) * AUR_SECOND_NS;
	s->boot = s->mono;
	s->interval.ns = AUR_SECOND_NS;
	s->seq = (uint64_t)t + 1;
	memset(s->boot_id, 7, sizeof(s->boot_id));
	for (size_t i = 0; i < set->n; i++) {
		const struct column *c = set->column[i];
		uint64_t v = set->v[row][i];

		if (c == NULL)
			continue;
		if (aur_domain_get(c->domain)->field[c->field].sem ==
		    AUR_SEM_COUNTER)
			v = grown(set, i, t, set->sum);
		put(s, c, v);
	}
	return s;
}

static void add_processes(struct aur_sample *s, uint64_t t)
{
	struct aur_part *p =
	    got(aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS)));

	for (uint64_t k = 0; k < PROCESSES; k++) {
		uint64_t pid = 100 + k * 3 + (k % 10 == 0 ? t / 600 : 0);
		ptrdiff_t i = aur_part_add(p, (struct aur_key){{pid, pid}});
		char name[24];

		sure((int)i, "a process");
		snprintf(name, sizeof(name), "program%u", (unsigned)(k % 40));
		aur_part_set(p, (size_t)i, AUR_PROCESS_parent, 1);
		aur_part_set(p, (size_t)i, AUR_PROCESS_state, 'S');
		aur_part_set(
		    p, (size_t)i, AUR_PROCESS_cpu, t * (k % 17) * 1000003 + k);
		aur_part_set(p, (size_t)i, AUR_PROCESS_rss,
		    (k * 7919 % 1000 + t * k % 13) * 4096);
		sure(aur_part_set_text(
			 p, (size_t)i, AUR_PROCESS_name, aur_slice_str(name)),
		    "a name");
		sure(aur_part_set_text(p, (size_t)i, AUR_PROCESS_cmdline,
			 aur_slice_str(name)),
		    "a line");
	}
	sure(aur_part_sort(p), "sorted");
}

/* --- the store ------------------------------------------------------------ */

static void path_of(char path[512], const char *folder, const char *name)
{
	snprintf(path, 512, "%s/%s", folder, name);
}

static void measure_write(const char *folder, struct set *set,
    enum keeping_way way, int64_t begin, int64_t hours)
{
	struct aur_strs *strs = got(aur_strs_new(AUR_MAX_STRING_BYTES));
	struct keeping k;
	char path[512];

	path_of(path, folder, keeping_name[way]);
	keeping_begin(&k, path, way);
	for (int64_t t = 0; t < hours * 3600; t++) {
		struct aur_sample *s = make(set, strs, begin, t);

		keeping_put(&k, s);
		aur_sample_unref(s);
	}
	keeping_end(&k, keeping_name[way]);
	aur_history_close(k.history);
	aur_strs_unref(strs);
}

/* Half an hour of many hosts at once, committed every three seconds, which is
 * how samples come: rows of the log are short then, and those of a host stand
 * between those of all others. */
#define HOSTS 50
#define COMMIT_S 3

static void put_host(struct aur_history *h, size_t host, struct set *set,
    struct aur_strs *strs, int64_t begin, int64_t t, double *us, size_t *cells)
{
	struct aur_sample *s[COMMIT_S];
	double at;

	memcpy(set->sum, set->v[t], sizeof(set->sum));
	for (int64_t i = 0; i < COMMIT_S; i++) {
		s[i] = make(set, strs, begin, t + i);
		*cells += count_cells(s[i]);
	}
	at = cpu_us();
	for (size_t i = 0; i < COMMIT_S; i++)
		aur_history_put(h, host, s[i]);
	*us += cpu_us() - at;
	for (size_t i = 0; i < COMMIT_S; i++)
		aur_sample_unref(s[i]);
}

static void measure_hosts(const char *folder, struct set *set, int64_t begin)
{
	struct aur_strs *strs[HOSTS];
	size_t host[HOSTS], cells = 0;
	struct keeping k;
	double us = 0, at;
	char name[32], path[512];

	path_of(path, folder, "hosts");
	keeping_begin(&k, path, KEEPING_LIVE);
	for (size_t i = 0; i < HOSTS; i++) {
		strs[i] = got(aur_strs_new(AUR_MAX_STRING_BYTES));
		snprintf(name, sizeof(name), "host%zu", i);
		sure(aur_history_host(k.history, name, name, &host[i]), "host");
	}
	for (int64_t t = 0; t < 1800; t += COMMIT_S) {
		for (size_t i = 0; i < HOSTS; i++)
			put_host(
			    k.history, host[i], set, strs[i], begin, t, &us, &cells);
		at = cpu_us();
		sure(aur_history_flush(k.history, aur_span_ms(60000)), "flush");
		us += cpu_us() - at;
	}
	at = cpu_us();
	keeping_settle(
	    &k, (struct aur_wall){(begin + 1800) * AUR_SECOND_NS});
	say("hosts: tidying, CPU us per sample",
	    (cpu_us() - at) / (double)cells);
	say("hosts: putting, CPU us per sample", us / (double)cells);
	aur_history_close(k.history);
	for (size_t i = 0; i < HOSTS; i++)
		aur_strs_unref(strs[i]);
}

/* --- reading -------------------------------------------------------------- */

static int cmp_double(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void measure_points(struct aur_history *h, size_t host, const char *name,
    int64_t from, int64_t to, size_t n, const char *what)
{
	struct aur_point *points = got(aur_mem_new(n, sizeof(*points)));
	struct aur_metric m;
	double us[ROUNDS];
	size_t full = 0;
	char text[128];

	sure(aur_metric_parse(aur_slice_str(name), &m, NULL), name);
	for (int i = 0; i < ROUNDS; i++) {
		double at = cpu_us();

		sure(aur_history_points(h, host, &m,
			 (struct aur_wall){from * AUR_SECOND_NS},
			 (struct aur_wall){to * AUR_SECOND_NS}, points, n),
		    "points");
		us[i] = cpu_us() - at;
	}
	for (size_t i = 0; i < n; i++)
		full += points[i].n > 0;
	qsort(us, ROUNDS, sizeof(*us), cmp_double);
	snprintf(text, sizeof(text), "%s: %s, CPU ms", what, name);
	say(text, us[ROUNDS / 2] / 1e3);
	if (full < n * 9 / 10)
		fprintf(stderr, "history: %s: %zu of %zu\n", text, full, n);
	aur_mem_free(points);
}

static void measure_day(const char *folder, struct set *set, int64_t begin)
{
	struct aur_strs *strs = got(aur_strs_new(AUR_MAX_STRING_BYTES));
	struct keeping k;
	int64_t end = begin + 86400;
	char path[512];

	path_of(path, folder, "day");
	keeping_begin(&k, path, KEEPING_BLOCKS);
	for (int64_t t = 0; t < 86400; t++) {
		struct aur_sample *s = make(set, strs, begin, t);

		keeping_put(&k, s);
		aur_sample_unref(s);
	}
	keeping_settle(&k, k.last);
	measure_points(
	    k.history, k.host, "load.one", begin, end, 86400, "24 h by the second");
	measure_points(k.history, k.host, "disks[vda].read_bytes_per_second", begin, end,
	    86400, "24 h by the second");
	measure_points(k.history, k.host, "cpu.busy_percent", begin, end, 86400,
	    "24 h by the second");
	measure_points(k.history, k.host, "cores[0].busy_percent", begin, end, 86400,
	    "24 h by the second");
	measure_points(k.history, k.host, "network_totals.receive_bytes_per_second",
	    begin, end, 86400, "24 h by the second");
	measure_points(
	    k.history, k.host, "cpu.busy_percent", begin, end, 200, "24 h in 200");
	aur_history_close(k.history);
	aur_strs_unref(strs);
}

static void measure_tables(
    struct aur_history *h, size_t host, int64_t begin, int64_t days)
{
	struct aur_want want = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = aur_want_process_all()};
	double us[ROUNDS];
	uint64_t state = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct aur_sample *before, *now;
		double at = cpu_us();
		int rc;

		state = state * 6364136223846793005u + 1442695040888963407u;
		rc = aur_history_at(h, host,
		    (struct aur_wall){(begin + 3600 +
					  (int64_t)((state >> 33) %
						    (uint64_t)(days * 80000))) *
				      AUR_SECOND_NS},
		    &want, &before, &now);
		sure(rc, "a moment");
		us[i] = cpu_us() - at;
		if (aur_sample_get(now, AUR_DOMAIN_PROCESS) == NULL)
			fprintf(stderr, "history: no processes\n");
		aur_sample_unref(before);
		aur_sample_unref(now);
	}
	qsort(us, ROUNDS, sizeof(*us), cmp_double);
	say("a table of 300 at a moment last week, CPU ms, median",
	    us[ROUNDS / 2] / 1e3);
	say("a table of 300 at a moment last week, CPU ms, most",
	    us[ROUNDS - 1] / 1e3);
}

/* A sample a minute, as what is old is kept. */
static void measure_month(const char *folder, struct set *set, int64_t begin)
{
	struct aur_strs *strs = got(aur_strs_new(AUR_MAX_STRING_BYTES));
	struct keeping k;
	int64_t end = begin + 30 * 86400;
	char path[512];

	path_of(path, folder, "month");
	keeping_begin(&k, path, KEEPING_LIVE);

	for (int64_t t = 0; t < 30 * 86400; t += 60) {
		struct aur_sample *s = make(set, strs, begin, t);

		s->interval.ns = 60 * AUR_SECOND_NS;
		if (t >= 23 * 86400)
			add_processes(s, (uint64_t)t);
		keeping_put(&k, s);
		aur_sample_unref(s);
	}
	keeping_settle(&k, k.last);
	measure_points(
	    k.history, k.host, "cpu.busy_percent", begin, end, 200, "30 days in 200");
	measure_points(k.history, k.host, "disks[vda].read_bytes_per_second", begin, end,
	    200, "30 days in 200");
	measure_tables(k.history, k.host, begin + 24 * 86400, 5);
	aur_history_close(k.history);
	aur_strs_unref(strs);
}

/* Whether a part is to be measured: all are, or the one that was named. */
static bool wants(int argc, char **argv, const char *part)
{
	return argc < 4 || strcmp(argv[3], part) == 0;
}

int main(int argc, char **argv)
{
	struct set *set = got(calloc(1, sizeof(*set)));
	uint64_t hours = 6;
	int64_t now = aur_clock_wall().ns / AUR_SECOND_NS / 86400 * 86400;

	if (argc < 2 ||
	    (argc > 2 && aur_scan_u64(aur_slice_str(argv[2]), &hours) < 0)) {
		fprintf(stderr, "usage: history FOLDER [HOURS [PART]]\n");
		return 2;
	}
	read_set(set);
	for (int way = 0; way < KEEPING_WAYS; way++)
		if (wants(argc, argv, keeping_name[way]))
			measure_write(argv[1], set, (enum keeping_way)way,
			    now - 86400, (int64_t)hours);
	if (wants(argc, argv, "hosts"))
		measure_hosts(argv[1], set, now - 86400);
	if (wants(argc, argv, "day"))
		measure_day(argv[1], set, now - 86400);
	if (wants(argc, argv, "month"))
		measure_month(argv[1], set, now - 31 * 86400);
	aur_buf_release(&set->text);
	free(set);
	return 0;
}
