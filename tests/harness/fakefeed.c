/* SPDX-License-Identifier: MIT */
#include "tests/harness/fakefeed.h"

#include <stdlib.h>

/* 2026-11-22 14:32:00 UTC. */
#define START 1795357920ll
#define MIB (1024ull * 1024)

static size_t count(const struct aur_feed *feed)
{
	return ((const struct fakefeed *)(const void *)feed)->n;
}

static const struct aur_feed_host *host(const struct aur_feed *feed, size_t i)
{
	const struct fakefeed *f = (const struct fakefeed *)(const void *)feed;

	return i == 0 ? &f->host : &f->hosts[i - 1];
}

struct aur_feed_host *fakefeed_host(struct fakefeed *f, size_t i)
{
	return i == 0 ? &f->host : &f->hosts[i - 1];
}

static void listen(struct aur_feed *feed, aur_feed_listen_fn fn, void *arg)
{
	struct fakefeed *f = (struct fakefeed *)(void *)feed;

	f->fn = fn;
	f->arg = arg;
}

static int want(struct aur_feed *feed, size_t i, const struct aur_want *w)
{
	struct fakefeed *f = (struct fakefeed *)(void *)feed;

	f->want = *w;
	if (f->wanted != NULL)
		f->wanted[i] = *w;
	f->wants++;
	return 0;
}

static void act(struct aur_feed *feed, size_t i, const struct aur_act *a,
    aur_feed_reply_fn done, void *arg)
{
	struct fakefeed *f = (struct fakefeed *)(void *)feed;
	struct aur_act_reply reply = {.err = f->act_err};

	if (f->nact < FAKEFEED_ACTS) {
		f->act_host[f->nact] = i;
		f->act[f->nact++] = *a;
	}
	done(arg, &reply);
}

static void retry(struct aur_feed *feed, size_t i)
{
	struct fakefeed *f = (struct fakefeed *)(void *)feed;

	f->retried = i;
	f->retries++;
}

static void no_free(struct aur_feed *feed)
{
	(void)feed;
}

static const struct aur_feed_class class = {
    .count = count,
    .host = host,
    .listen = listen,
    .want = want,
    .act = act,
    .retry = retry,
    .free = no_free,
};

void fakefeed_init(struct fakefeed *f)
{
	memset(f, 0, sizeof(*f));
	f->feed.class = &class;
	f->strs = aur_strs_new(16u << 20);
	f->n = 1;
	f->host.name = f->host.address = f->host.via = "local";
	f->host.id = "";
	f->host.mode = "direct";
	f->host.state = AUR_HOST_CONNECTING;
	f->host.rtt.ns = -1;
}

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

void fakefeed_init_hosts(struct fakefeed *f, size_t n)
{
	fakefeed_init(f);
	f->n = n;
	f->hosts = zeroed(n, sizeof(*f->hosts));
	f->wanted = zeroed(n, sizeof(*f->wanted));
	f->name = zeroed(n, sizeof(*f->name));
	f->busy = zeroed(n, sizeof(*f->busy));
	for (size_t i = 0; i < n; i++) {
		struct aur_feed_host *h = fakefeed_host(f, i);

		*h = f->host;
		snprintf(f->name[i], sizeof(f->name[i]), "web%zu", i + 1);
		h->name = h->address = f->name[i];
		h->via = "libssh2";
		h->mode = "daemon";
		h->recording = true;
	}
}

void fakefeed_release(struct fakefeed *f)
{
	for (size_t i = 0; i < f->n; i++) {
		aur_sample_unref(fakefeed_host(f, i)->now);
		aur_sample_unref(fakefeed_host(f, i)->before);
	}
	free(f->hosts);
	free(f->wanted);
	free(f->name);
	free(f->busy);
	aur_strs_unref(f->strs);
}

struct aur_sample *fakefeed_sample(struct fakefeed *f)
{
	struct aur_sample *s = aur_sample_new(f->strs);

	f->seconds++;
	s->mono.ns = (1000 + f->seconds) * AUR_SECOND_NS;
	s->boot = s->mono;
	s->wall.ns = (START - f->earlier + f->seconds) * AUR_SECOND_NS;
	s->seq = (uint64_t)f->seconds;
	s->interval.ns = AUR_SECOND_NS;
	return s;
}

static size_t instance(struct aur_part *p, const char *name)
{
	ptrdiff_t i;

	if (name == NULL)
		i = aur_part_one(p);
	else {
		i = aur_part_find_named(p, aur_slice_str(name));
		if (i < 0)
			i = aur_part_add_named(p, aur_slice_str(name));
	}
	return i < 0 ? 0 : (size_t)i;
}

void fakefeed_set(struct aur_sample *s, enum aur_domain_id id, const char *name,
    size_t field, uint64_t v)
{
	struct aur_part *p = aur_sample_part(s, aur_domain_get(id));

	aur_part_set(p, instance(p, name), field, v);
}

void fakefeed_text(struct aur_sample *s, enum aur_domain_id id,
    const char *name, size_t field, const char *text)
{
	struct aur_part *p = aur_sample_part(s, aur_domain_get(id));

	(void)!aur_part_set_text(
	    p, instance(p, name), field, aur_slice_str(text));
}

size_t fakefeed_process(struct aur_sample *s, uint64_t pid, uint64_t parent,
    const char *user, const char *name, const char *cmdline)
{
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
	ptrdiff_t i = aur_part_add(p, (struct aur_key){{pid, pid * 10}});
	size_t n = (size_t)i;
	int rc = 0;

	aur_part_set(p, n, AUR_PROCESS_parent, parent);
	aur_part_set(p, n, AUR_PROCESS_state, 'S');
	aur_part_set(p, n, AUR_PROCESS_nice, 0);
	aur_part_set(p, n, AUR_PROCESS_priority, 20);
	aur_part_set(p, n, AUR_PROCESS_threads, 1);
	aur_part_set(p, n, AUR_PROCESS_kernel_thread, cmdline == NULL);
	rc |= aur_part_set_text(p, n, AUR_PROCESS_user, aur_slice_str(user));
	rc |= aur_part_set_text(p, n, AUR_PROCESS_name, aur_slice_str(name));
	rc |= aur_part_set_text(p, n, AUR_PROCESS_cmdline,
	    aur_slice_str(cmdline != NULL ? cmdline : ""));
	(void)rc;
	return n;
}

void fakefeed_process_set(
    struct aur_sample *s, size_t i, size_t field, uint64_t v)
{
	aur_part_set(aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS)), i,
	    field, v);
}

void fakefeed_thread(struct aur_sample *s, uint64_t tid, uint64_t process,
    const char *name, uint64_t cpu)
{
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_THREAD));
	ptrdiff_t i = aur_part_add(p, (struct aur_key){{tid, tid * 10}});

	if (i < 0 || aur_part_set_text(p, (size_t)i, AUR_THREAD_name,
			 aur_slice_str(name)) < 0)
		return;
	aur_part_set(p, (size_t)i, AUR_THREAD_process, process);
	aur_part_set(p, (size_t)i, AUR_THREAD_state, 'S');
	aur_part_set(p, (size_t)i, AUR_THREAD_cpu, cpu);
}

void fakefeed_push(struct fakefeed *f, struct aur_sample *s)
{
	aur_sample_unref(f->host.before);
	f->host.before = f->host.now;
	f->host.now = s;
	f->host.state = AUR_HOST_UP;
	f->host.received = s->mono;
	if (f->fn != NULL)
		f->fn(f->arg, 0, AUR_FEED_SAMPLE | AUR_FEED_STATE);
}

static void machine_cpu(struct aur_sample *s, uint64_t t, unsigned cpus)
{
	/* hundredths of a second in each mode up to now */
	uint64_t user = t * 40, sys = t * 10, wait = t * 5, idle = t * 45;
	struct aur_part *p;

	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_user, user * cpus);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_nice, 0);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_system, sys * cpus);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_idle, idle * cpus);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_iowait, wait * cpus);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_irq, 0);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_softirq, 0);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_steal, 0);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_count, cpus);
	fakefeed_text(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_model, "Fake CPU 3000");
	p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_CORE));
	for (unsigned i = 0; i < cpus; i++) {
		uint64_t busy = t * (i * 37 % 90);
		ptrdiff_t at = aur_part_add(p, (struct aur_key){{i, 0}});

		if (at < 0)
			return;
		aur_part_set(p, (size_t)at, AUR_CORE_user, busy);
		aur_part_set(p, (size_t)at, AUR_CORE_nice, 0);
		aur_part_set(p, (size_t)at, AUR_CORE_system, t * 5);
		aur_part_set(p, (size_t)at, AUR_CORE_idle, t * 95 - busy);
		aur_part_set(p, (size_t)at, AUR_CORE_iowait, 0);
		aur_part_set(p, (size_t)at, AUR_CORE_irq, 0);
		aur_part_set(p, (size_t)at, AUR_CORE_softirq, 0);
		aur_part_set(p, (size_t)at, AUR_CORE_steal, 0);
	}
}

static void machine_memory(struct aur_sample *s, uint64_t t)
{
	static const struct {
		size_t field;
		uint64_t mib;
	} cell[] = {
	    {AUR_MEMORY_total, 16384},
	    {AUR_MEMORY_free, 4096},
	    {AUR_MEMORY_available, 8192},
	    {AUR_MEMORY_buffers, 256},
	    {AUR_MEMORY_cached, 4096},
	    {AUR_MEMORY_shmem, 512},
	    {AUR_MEMORY_slab_reclaimable, 128},
	    {AUR_MEMORY_dirty, 3},
	    {AUR_MEMORY_swap_total, 2048},
	    {AUR_MEMORY_swap_free, 1536},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(cell); i++)
		fakefeed_set(s, AUR_DOMAIN_MEMORY, NULL, cell[i].field,
		    cell[i].mib * MIB);
	fakefeed_set(s, AUR_DOMAIN_LOAD, NULL, AUR_LOAD_one, 120);
	fakefeed_set(s, AUR_DOMAIN_LOAD, NULL, AUR_LOAD_five, 84);
	fakefeed_set(s, AUR_DOMAIN_LOAD, NULL, AUR_LOAD_fifteen, 61);
	fakefeed_set(
	    s, AUR_DOMAIN_PRESSURE, NULL, AUR_PRESSURE_cpu_some, t * 21000);
	fakefeed_set(s, AUR_DOMAIN_PRESSURE, NULL, AUR_PRESSURE_memory_some, 0);
	fakefeed_set(s, AUR_DOMAIN_PRESSURE, NULL, AUR_PRESSURE_memory_full, 0);
	fakefeed_set(
	    s, AUR_DOMAIN_PRESSURE, NULL, AUR_PRESSURE_io_some, t * 300000);
	fakefeed_set(
	    s, AUR_DOMAIN_PRESSURE, NULL, AUR_PRESSURE_io_full, t * 4000);
}

static void machine_devices(struct aur_sample *s, uint64_t t)
{
	const enum aur_domain_id disk = AUR_DOMAIN_DISK;
	const enum aur_domain_id fs = AUR_DOMAIN_FILESYSTEM;
	const enum aur_domain_id net = AUR_DOMAIN_NETWORK;

	fakefeed_set(s, disk, "vda", AUR_DISK_whole, 1);
	fakefeed_set(s, disk, "vda", AUR_DISK_counted, 1);
	fakefeed_set(s, disk, "vda", AUR_DISK_reads, t * 10);
	fakefeed_set(s, disk, "vda", AUR_DISK_writes, t * 20);
	fakefeed_set(s, disk, "vda", AUR_DISK_read_bytes, t * MIB);
	fakefeed_set(s, disk, "vda", AUR_DISK_written_bytes, t * 4 * MIB);
	fakefeed_set(s, disk, "vda", AUR_DISK_read_time, t * 20);
	fakefeed_set(s, disk, "vda", AUR_DISK_write_time, t * 40);
	fakefeed_set(s, disk, "vda", AUR_DISK_io_time, t * 120);
	fakefeed_set(s, disk, "vda", AUR_DISK_io_weighted_time, t * 500);
	fakefeed_text(s, fs, "/", AUR_FILESYSTEM_device, "/dev/vda1");
	fakefeed_text(s, fs, "/", AUR_FILESYSTEM_type, "ext4");
	fakefeed_set(s, fs, "/", AUR_FILESYSTEM_size, 100 * 1024 * MIB);
	fakefeed_set(s, fs, "/", AUR_FILESYSTEM_free, 40 * 1024 * MIB);
	fakefeed_set(s, fs, "/", AUR_FILESYSTEM_available, 40 * 1024 * MIB);
	fakefeed_text(s, fs, "/srv", AUR_FILESYSTEM_device, "/dev/vdb1");
	fakefeed_text(s, fs, "/srv", AUR_FILESYSTEM_type, "xfs");
	fakefeed_set(s, fs, "/srv", AUR_FILESYSTEM_size, 1024 * 1024 * MIB);
	fakefeed_set(s, fs, "/srv", AUR_FILESYSTEM_free, 64 * 1024 * MIB);
	fakefeed_set(s, fs, "/srv", AUR_FILESYSTEM_available, 64 * 1024 * MIB);
	fakefeed_set(s, net, "eth0", AUR_NETWORK_counted, 1);
	fakefeed_set(s, net, "eth0", AUR_NETWORK_up, 1);
	fakefeed_set(s, net, "eth0", AUR_NETWORK_speed, 1000000000);
	fakefeed_set(s, net, "eth0", AUR_NETWORK_receive_bytes, t * 2 * MIB);
	fakefeed_set(s, net, "eth0", AUR_NETWORK_transmit_bytes, t * MIB);
	fakefeed_set(s, net, "lo", AUR_NETWORK_up, 1);
	fakefeed_set(s, net, "lo", AUR_NETWORK_receive_bytes, t * 1024);
	fakefeed_set(s, net, "lo", AUR_NETWORK_transmit_bytes, t * 1024);
	fakefeed_set(
	    s, AUR_DOMAIN_TEMPERATURE, "core", AUR_TEMPERATURE_value, 54000);
	fakefeed_set(
	    s, AUR_DOMAIN_SOCKET, NULL, AUR_SOCKET_tcp_established, 214);
}

static void machine_system(struct aur_sample *s, uint64_t t, size_t n)
{
	fakefeed_text(
	    s, AUR_DOMAIN_SYSTEM, NULL, AUR_SYSTEM_hostname, "build7");
	fakefeed_text(s, AUR_DOMAIN_SYSTEM, NULL, AUR_SYSTEM_os_pretty_name,
	    "Debian GNU/Linux 12");
	fakefeed_text(
	    s, AUR_DOMAIN_SYSTEM, NULL, AUR_SYSTEM_release, "6.1.0-18");
	fakefeed_set(
	    s, AUR_DOMAIN_SYSTEM, NULL, AUR_SYSTEM_uptime, (1047600 + t) * 100);
	fakefeed_set(s, AUR_DOMAIN_TASKS, NULL, AUR_TASKS_total, n);
	fakefeed_set(s, AUR_DOMAIN_TASKS, NULL, AUR_TASKS_running, 2);
	fakefeed_set(s, AUR_DOMAIN_TASKS, NULL, AUR_TASKS_blocked, 0);
	fakefeed_set(s, AUR_DOMAIN_TASKS, NULL, AUR_TASKS_zombie, 1);
	fakefeed_set(s, AUR_DOMAIN_TASKS, NULL, AUR_TASKS_threads, n * 2);
}

static void machine_processes(struct aur_sample *s, uint64_t t, unsigned extra)
{
	static const struct {
		uint64_t pid, parent;
		const char *user, *name, *cmdline;
		unsigned cpu, rss; /* percent, MiB */
	} proc[] = {
	    {1, 0, "root", "systemd", "/sbin/init", 0, 12},
	    {2, 0, "root", "kthreadd", NULL, 0, 0},
	    {90, 2, "root", "kworker/0:1", NULL, 1, 0},
	    {300, 1, "root", "sshd", "/usr/sbin/sshd -D", 0, 8},
	    {410, 1, "www-data", "nginx", "nginx: worker process", 7, 60},
	    {411, 1, "postgres", "postgres",
		"/usr/lib/postgresql/15/bin/postgres -D /var/lib/data", 23,
		900},
	    {520, 300, "alice", "bash", "-bash", 0, 5},
	    {521, 520, "alice", "cc1",
		"/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet main.c", 98, 210},
	    {600, 520, "alice", "\xe6\x97\xa5\xe6\x9c\xac",
		"/opt/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e --wide", 2, 20},
	    {700, 1, "mallory", "evil",
		"/tmp/\033[31mevil\n\xe2\x80\xae"
		"red",
		3, 30},
	};
	size_t i;

	for (size_t k = 0; k < AUR_ARRAY_LEN(proc); k++) {
		i = fakefeed_process(s, proc[k].pid, proc[k].parent,
		    proc[k].user, proc[k].name, proc[k].cmdline);
		fakefeed_process_set(
		    s, i, AUR_PROCESS_cpu, t * proc[k].cpu * 10000000ull);
		fakefeed_process_set(s, i, AUR_PROCESS_rss, proc[k].rss * MIB);
	}
	for (unsigned k = 0; k < extra; k++) {
		char name[32];

		snprintf(name, sizeof(name), "task%u", k);
		i = fakefeed_process(s, 1000 + k, 1, "batch", name, name);
		fakefeed_process_set(
		    s, i, AUR_PROCESS_cpu, t * (k * 7919 % 100) * 100000ull);
		fakefeed_process_set(s, i, AUR_PROCESS_rss, MIB);
	}
}

struct aur_sample *fakefeed_machine_sample(
    struct fakefeed *f, unsigned cpus, unsigned extra)
{
	struct aur_sample *s = fakefeed_sample(f);
	uint64_t t = (uint64_t)f->seconds;

	machine_system(s, t, 10 + extra);
	machine_cpu(s, t, cpus);
	machine_memory(s, t);
	machine_devices(s, t);
	machine_processes(s, t, extra);
	return s;
}

void fakefeed_machine(struct fakefeed *f, unsigned cpus, unsigned extra)
{
	fakefeed_push(f, fakefeed_machine_sample(f, cpus, extra));
}

void fakefeed_state(
    struct fakefeed *f, enum aur_host_state state, const char *error)
{
	f->host.state = state;
	f->host.error = error;
	if (f->fn != NULL)
		f->fn(f->arg, 0, AUR_FEED_STATE);
}

static void row_cpu(struct aur_sample *s, uint64_t busy, uint64_t all)
{
	static const size_t zero[] = {AUR_CPU_nice, AUR_CPU_system,
	    AUR_CPU_iowait, AUR_CPU_irq, AUR_CPU_softirq, AUR_CPU_steal};

	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_user, busy);
	fakefeed_set(s, AUR_DOMAIN_CPU, NULL, AUR_CPU_idle, all - busy);
	for (size_t k = 0; k < AUR_ARRAY_LEN(zero); k++)
		fakefeed_set(s, AUR_DOMAIN_CPU, NULL, zero[k], 0);
}

void fakefeed_row(
    struct fakefeed *f, size_t i, unsigned cpu, unsigned memory, int extra)
{
	struct aur_feed_host *h = fakefeed_host(f, i);
	struct aur_sample *s;
	uint64_t t = (uint64_t)f->seconds;

	f->seconds--; /* the sample is of this second */
	s = fakefeed_sample(f);
	if (t <= 1)
		f->busy[i] = 0;
	f->busy[i] += cpu;
	row_cpu(s, f->busy[i], t * 100);
	machine_memory(s, t);
	fakefeed_set(s, AUR_DOMAIN_MEMORY, NULL, AUR_MEMORY_available,
	    16384 * MIB / 100 * (100 - memory));
	fakefeed_set(s, AUR_DOMAIN_LOAD, NULL, AUR_LOAD_one, 100 + i * 7 % 300);
	fakefeed_set(s, AUR_DOMAIN_DISK, "vda", AUR_DISK_whole, 1);
	fakefeed_set(s, AUR_DOMAIN_DISK, "vda", AUR_DISK_counted, 1);
	fakefeed_set(s, AUR_DOMAIN_DISK, "vda", AUR_DISK_read_bytes,
	    t * (i % 7) * 300000);
	fakefeed_set(s, AUR_DOMAIN_DISK, "vda", AUR_DISK_written_bytes,
	    t * (i % 5) * 70000);
	fakefeed_set(s, AUR_DOMAIN_NETWORK, "eth0", AUR_NETWORK_counted, 1);
	fakefeed_set(s, AUR_DOMAIN_NETWORK, "eth0", AUR_NETWORK_receive_bytes,
	    t * (i % 11) * MIB);
	fakefeed_set(s, AUR_DOMAIN_NETWORK, "eth0", AUR_NETWORK_transmit_bytes,
	    t * (i % 3) * MIB);
	machine_system(s, t, extra < 0 ? 0 : 10 + (size_t)extra);
	fakefeed_set(s, AUR_DOMAIN_SYSTEM, NULL, AUR_SYSTEM_uptime,
	    (86400 * (i % 400) + t) * 100);
	if (extra >= 0)
		machine_processes(s, t, (unsigned)extra);
	aur_sample_unref(h->before);
	h->before = h->now;
	h->now = s;
	h->state = AUR_HOST_UP;
	h->error = NULL;
	h->received.ns = f->seconds * AUR_SECOND_NS;
	if (f->fn != NULL)
		f->fn(f->arg, i, AUR_FEED_SAMPLE | AUR_FEED_STATE);
}

void fakefeed_host_state(
    struct fakefeed *f, size_t i, enum aur_host_state state, const char *error)
{
	fakefeed_host(f, i)->state = state;
	fakefeed_host(f, i)->error = error;
	if (f->fn != NULL)
		f->fn(f->arg, i, AUR_FEED_STATE);
}
