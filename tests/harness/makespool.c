/* SPDX-License-Identifier: MIT */
/*
 * A spool as a host would have it that ran for some hours, made in seconds:
 *
 *	makespool FOLDER HOURS [PROCESSES]
 *
 * A machine by script: of 4 CPUs, disks, mounts and interfaces, a sample a
 * second; PROCESSES (100), some of which work and some of which come and go, a
 * table every five. It ends now. Says what the same samples would have been
 * on the wire, live:
 *
 *	samples N tables N live N spool N from SECONDS to SECONDS
 */
#include "agentd/daemon_spool.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"
#include "wire/encode.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CPUS 4
#define TABLE_S 5
#define COMMIT_S 60
#define UP_S 864000 /* of the machine, when it begins */

struct machine {
	struct aur_strs *strs;
	uint64_t chance;
	unsigned processes;
	int64_t began, now; /* wall, s */
	uint64_t cpu[CPUS][3], disk[2][4], net[2][4];
	uint64_t memory, load;
	uint64_t *work; /* CPU time of each process, ns */
	uint64_t *rss;
};

static uint64_t dice(struct machine *m, uint64_t n)
{
	m->chance ^= m->chance << 13;
	m->chance ^= m->chance >> 7;
	m->chance ^= m->chance << 17;
	return m->chance % n;
}

static void sure(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "makespool: %s\n", what);
		exit(99);
	}
}

static struct aur_part *part(struct aur_sample *s, enum aur_domain_id id)
{
	struct aur_part *p = aur_sample_part(s, aur_domain_get(id));

	sure(p != NULL, "no memory");
	return p;
}

static struct aur_part *one(struct aur_sample *s, enum aur_domain_id id)
{
	struct aur_part *p = part(s, id);

	sure(aur_part_one(p) == 0, "no memory");
	return p;
}

static size_t named(struct aur_part *p, const char *fmt, unsigned i)
{
	char name[32];
	ptrdiff_t at;

	snprintf(name, sizeof(name), fmt, i);
	at = aur_part_add_named(p, aur_slice_str(name));
	sure(at >= 0, "no memory");
	return (size_t)at;
}

static struct aur_sample *begin(struct machine *m)
{
	struct aur_sample *s = aur_sample_new(m->strs);
	int64_t up = UP_S + m->now - m->began;

	sure(s != NULL, "no memory");
	s->wall.ns = m->now * AUR_SECOND_NS + 3000000;
	s->mono.ns = up * AUR_SECOND_NS + (int64_t)dice(m, 300) * 1000;
	s->boot.ns = s->mono.ns;
	s->interval.ns = AUR_SECOND_NS;
	s->seq = (uint64_t)(m->now - m->began) + 1;
	memset(s->boot_id, 0x5a, sizeof(s->boot_id));
	return s;
}

static void cpus(struct machine *m, struct aur_sample *s)
{
	struct aur_part *all = one(s, AUR_DOMAIN_CPU);
	struct aur_part *p = part(s, AUR_DOMAIN_CORE);
	uint64_t sum[3] = {0};

	for (unsigned i = 0; i < CPUS; i++) {
		uint64_t user = dice(m, 40), system = dice(m, 12);
		ptrdiff_t at = aur_part_add(p, (struct aur_key){{i, 0}});

		sure(at >= 0, "no memory");
		m->cpu[i][0] += user;
		m->cpu[i][1] += system;
		m->cpu[i][2] += 100 - user - system;
		aur_part_set(p, (size_t)at, AUR_CORE_user, m->cpu[i][0]);
		aur_part_set(p, (size_t)at, AUR_CORE_system, m->cpu[i][1]);
		aur_part_set(p, (size_t)at, AUR_CORE_idle, m->cpu[i][2]);
		for (unsigned k = 0; k < 3; k++)
			sum[k] += m->cpu[i][k];
	}
	aur_part_set(all, 0, AUR_CPU_user, sum[0]);
	aur_part_set(all, 0, AUR_CPU_system, sum[1]);
	aur_part_set(all, 0, AUR_CPU_idle, sum[2]);
}

static void memory(struct machine *m, struct aur_sample *s)
{
	struct aur_part *p = one(s, AUR_DOMAIN_MEMORY);

	m->memory += (dice(m, 400) - 200) * 4096;
	aur_part_set(p, 0, AUR_MEMORY_total, 16ull << 30);
	aur_part_set(p, 0, AUR_MEMORY_free, m->memory);
	aur_part_set(p, 0, AUR_MEMORY_available, m->memory + (2ull << 30));
	p = one(s, AUR_DOMAIN_LOAD);
	if (m->now % TABLE_S == 0)
		m->load = 100 + dice(m, 60);
	aur_part_set(p, 0, AUR_LOAD_one, m->load);
}

static void disks(struct machine *m, struct aur_sample *s)
{
	struct aur_part *p = part(s, AUR_DOMAIN_DISK);

	for (unsigned i = 0; i < 2; i++) {
		size_t at = named(p, "sd%c", 'a' + i);

		if (dice(m, 3) == 0) {
			m->disk[i][0] += dice(m, 20);
			m->disk[i][1] += dice(m, 20) * 4096;
			m->disk[i][2] += dice(m, 50);
			m->disk[i][3] += dice(m, 50) * 4096;
		}
		aur_part_set(p, at, AUR_DISK_reads, m->disk[i][0]);
		aur_part_set(p, at, AUR_DISK_read_bytes, m->disk[i][1]);
		aur_part_set(p, at, AUR_DISK_writes, m->disk[i][2]);
		aur_part_set(p, at, AUR_DISK_written_bytes, m->disk[i][3]);
	}
}

static struct aur_sample *system_sample(struct machine *m)
{
	struct aur_sample *s = begin(m);

	cpus(m, s);
	memory(m, s);
	disks(m, s);
	return s;
}

static void process(struct machine *m, struct aur_part *p, unsigned i)
{
	static const char working[] = "/usr/lib/app/worker\0--queue\0orders";
	/* every fifth comes and goes: another pid each minute or so */
	uint64_t pid = 1000 + i;
	ptrdiff_t at;

	if (i % 5 == 4)
		pid = 20000 + i * 1000 + (uint64_t)(m->now / 60 + i) % 1000;
	at = aur_part_add(p, (struct aur_key){{pid, pid * 7}});
	sure(at >= 0, "no memory");
	if (i % 7 == 0)
		m->work[i] += dice(m, 100) * 10000000;
	if (i % 11 == 0)
		m->rss[i] += dice(m, 16) * 4096;
	aur_part_set(p, (size_t)at, AUR_PROCESS_uid, i % 3 == 0 ? 1000 : 0);
	aur_part_set(p, (size_t)at, AUR_PROCESS_cpu, m->work[i]);
	aur_part_set(p, (size_t)at, AUR_PROCESS_rss, m->rss[i]);
	aur_part_set(p, (size_t)at, AUR_PROCESS_threads, 1 + i % 4);
	sure(aur_part_set_text(p, (size_t)at, AUR_PROCESS_name,
		 aur_slice_str(i % 2 == 0 ? "worker" : "sh")) == 0,
	    "no memory");
	sure(aur_part_set_text(p, (size_t)at, AUR_PROCESS_cmdline,
		 i % 2 == 0 ? aur_slice_of(working, sizeof(working) - 1)
			    : aur_slice_str("/bin/sh")) == 0,
	    "no memory");
}

static struct aur_sample *table(struct machine *m, const struct aur_sample *of)
{
	struct aur_sample *s = aur_sample_new(m->strs);
	struct aur_part *p;

	sure(s != NULL, "no memory");
	aur_sample_copy_times(s, of);
	p = part(s, AUR_DOMAIN_PROCESS);
	for (unsigned i = 0; i < m->processes; i++)
		if (i % 5 != 4)
			process(m, p, i);
	for (unsigned i = 4; i < m->processes; i += 5)
		process(m, p, i);
	return s;
}

/* --- the live stream of the same ------------------------------------------ */

struct live {
	struct aur_encoder *encoder;
	struct aur_buf out;
	uint64_t bytes;
};

static void open_live(struct live *l)
{
	static const enum aur_domain_id ids[] = {AUR_DOMAIN_CPU,
	    AUR_DOMAIN_CORE, AUR_DOMAIN_MEMORY, AUR_DOMAIN_LOAD,
	    AUR_DOMAIN_DISK, AUR_DOMAIN_PROCESS};
	const struct aur_domain *d[AUR_ARRAY_LEN(ids)];

	for (size_t i = 0; i < AUR_ARRAY_LEN(ids); i++)
		d[i] = aur_domain_get(ids[i]);
	aur_buf_init(&l->out, AUR_MAX_FRAME);
	sure(aur_encoder_new(&l->encoder, 1) == 0 &&
		 aur_encoder_open(
		     l->encoder, "live", d, AUR_ARRAY_LEN(ids), &l->out) == 0,
	    "no memory");
}

static void send_live(struct live *l, struct aur_sample *s)
{
	sure(aur_encoder_sample(l->encoder, s, &l->out) == 0, "no memory");
	l->bytes += l->out.n;
	aur_buf_clear(&l->out);
}

/* One sample as a reader of both has it. */
static struct aur_sample *both(
    struct machine *m, struct aur_sample *system, struct aur_sample *processes)
{
	struct aur_sample *s = aur_sample_new(m->strs);
	int rc = s != NULL ? 0 : AUR_ENOMEM;

	if (rc == 0)
		aur_sample_copy_times(s, system);
	for (size_t i = 0; rc == 0 && i < system->npart; i++)
		rc = aur_sample_lend(s, system, &system->part[i]);
	if (rc == 0 && processes != NULL)
		rc = aur_sample_lend(s, processes, &processes->part[0]);
	sure(rc == 0, "no memory");
	return s;
}

/* --- the spool ------------------------------------------------------------ */

static struct serve_now now_of(const struct machine *m)
{
	return (struct serve_now){{(UP_S + m->now - m->began) * AUR_SECOND_NS},
	    {m->now * AUR_SECOND_NS}};
}

static struct spool *open_spool(const struct machine *m, const char *folder)
{
	struct spool_options o = {.folder = folder,
	    .most_bytes = 1ull << 30,
	    .most_age = {1000ll * 3600 * AUR_SECOND_NS},
	    .strs = m->strs};
	struct spool *s = NULL;
	char why[512] = "";

	memset(o.boot_id, 0x5a, sizeof(o.boot_id));
	if (spool_open(&s, &o, now_of(m), why, sizeof(why)) < 0 ||
	    spool_trouble(s) != NULL)
		sure(false, s != NULL ? spool_trouble(s) : why);
	return s;
}

static unsigned second(struct machine *m, struct spool *spool,
    struct live *live, struct aur_sample **table_now)
{
	struct aur_sample *s = system_sample(m), *t = NULL, *all;

	if (m->now % TABLE_S == 0) {
		t = table(m, s);
		sure(spool_put(spool, AUR_KEPT_PROCESSES, t) == 0, "no room");
		aur_sample_unref(*table_now);
		*table_now = aur_sample_ref(t);
	}
	sure(spool_put(spool, AUR_KEPT_SYSTEM, s) == 0, "no room");
	if (m->now % COMMIT_S == 0)
		sure(spool_commit(spool, now_of(m)) == 0, "no room");
	all = both(m, s, *table_now);
	send_live(live, all);
	aur_sample_unref(all);
	aur_sample_unref(s);
	aur_sample_unref(t);
	return t != NULL;
}

static uint64_t size_of(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	uint64_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		struct stat st;

		if (fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
		    S_ISREG(st.st_mode))
			n += (uint64_t)st.st_size;
	}
	if (d != NULL)
		closedir(d);
	return n;
}

int main(int argc, char **argv)
{
	struct machine m = {.chance = 88172645463325252ull, .processes = 100};
	struct aur_sample *last = NULL;
	struct live live = {.encoder = NULL};
	struct spool *spool;
	double hours = 0;
	uint64_t n = 100;
	unsigned samples = 0, tables = 0;
	int64_t end = aur_clock_wall().ns / AUR_SECOND_NS;

	if (argc < 3 || aur_scan_f64(aur_slice_str(argv[2]), &hours) < 0 ||
	    (argc > 3 && aur_scan_u64(aur_slice_str(argv[3]), &n) < 0))
		return 2;
	m.processes = (unsigned)n;
	m.began = m.now = end - (int64_t)(hours * 3600);
	m.memory = 8ull << 30;
	m.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	m.work = aur_mem_new(n + 1, sizeof(*m.work));
	m.rss = aur_mem_new(n + 1, sizeof(*m.rss));
	sure(m.strs != NULL && m.work != NULL && m.rss != NULL, "no memory");
	open_live(&live);
	spool = open_spool(&m, argv[1]);
	for (; m.now < end; m.now++, samples++)
		tables += second(&m, spool, &live, &last);
	spool_close(spool, now_of(&m));
	printf("samples %u tables %u live %llu spool %llu from %lld to %lld\n",
	    samples, tables, (unsigned long long)live.bytes,
	    (unsigned long long)size_of(argv[1]), (long long)m.began,
	    (long long)end - 1);
	aur_encoder_free(live.encoder);
	aur_buf_release(&live.out);
	aur_sample_unref(last);
	aur_strs_unref(m.strs);
	aur_mem_free(m.work);
	aur_mem_free(m.rss);
	return 0;
}
