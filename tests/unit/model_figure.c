/* SPDX-License-Identifier: MIT */
/* Figures of the whole host against values computed by hand. */
#include "model/figure.h"

#include "base/err.h"
#include "tests/unit/model_host.h"

#define SET(p, f, v) aur_part_set(p, 0, f, (uint64_t)(v))

static void nothing_known(void)
{
	struct aur_figures f;
	bool good = true;

	make_sure(aur_figures_init(&f, NULL, NULL) == 0, "no figures");
	for (int i = 0; i < AUR_FIG_COUNT; i++) {
		struct aur_value v = {.type = AUR_VALUE_INT};

		aur_figures_get(&f, i, 0, &v);
		good = good && v.type == AUR_VALUE_NULL;
	}
	tap_ok(good, "without a sample all is null");
	tap_eq_u64(aur_figures_rows(&f, AUR_GROUP_CPU), 1, "one cpu");
	tap_eq_u64(aur_figures_rows(&f, AUR_GROUP_DISKS), 0, "no disk");
	aur_figures_release(&f);
	aur_figures_release(&f);
}

static void empty_sample(void)
{
	struct host h;
	bool good = true;

	host_init(&h);
	for (int d = 0; d < AUR_DOMAIN_COUNT; d++) {
		make_part(h.a, d);
		make_part(h.b, d);
	}
	host_ready(&h, true);
	for (int i = 0; i < AUR_FIG_COUNT; i++)
		good = good && host_get(&h, i, 0).type == AUR_VALUE_NULL;
	tap_ok(good, "parts without instances: all is null");
	for (int d = 0; d < AUR_DOMAIN_COUNT; d++)
		if (aur_domain_get(d)->key == AUR_KEY_ONE)
			make_one(h.b, d);
	h.b->wall.ns = 0;
	host_ready(&h, true);
	good = true;
	for (int i = 0; i < AUR_FIG_COUNT; i++)
		if (i != AUR_FIG_system_boot_id)
			good =
			    good && host_get(&h, i, 0).type == AUR_VALUE_NULL;
	tap_ok(good, "instances without cells: all is null");
	is_null(&h, AUR_FIG_cpu_count, 1);
	host_release(&h);
}

/* user nice system idle iowait irq softirq steal guest guest_nice */
static void set_modes(struct aur_part *p, size_t i, const int v[10])
{
	for (size_t k = 0; k < 10; k++)
		if (v[k] >= 0)
			aur_part_set(p, i, k, (uint64_t)v[k]);
}

static void cpu(void)
{
	static const int was[] = {
	    1000, 100, 500, 9000, 300, 20, 40, 10, 200, 50};
	/* 60 10 20 80 10 4 6 10, in all 200; guest 20 and 4 */
	static const int now[] = {
	    1060, 110, 520, 9080, 310, 24, 46, 20, 220, 54};
	struct host h;
	struct aur_part *p;

	host_init(&h);
	set_modes(make_one(h.a, AUR_DOMAIN_CPU), 0, was);
	p = make_one(h.b, AUR_DOMAIN_CPU);
	set_modes(p, 0, now);
	SET(p, AUR_CPU_count, 2);
	SET(p, AUR_CPU_frequency, 3200000000);
	make_text(p, 0, AUR_CPU_model, "Six Core");
	host_ready(&h, true);
	is_int(&h, AUR_FIG_cpu_count, 0, 2);
	is_text(&h, AUR_FIG_cpu_model, 0, "Six Core");
	is_int(&h, AUR_FIG_cpu_frequency_hertz, 0, 3200000000);
	is_real(&h, AUR_FIG_cpu_busy_percent, 0, 55);
	is_real(&h, AUR_FIG_cpu_user_percent, 0, 30);
	is_real(&h, AUR_FIG_cpu_nice_percent, 0, 5);
	is_real(&h, AUR_FIG_cpu_system_percent, 0, 10);
	is_real(&h, AUR_FIG_cpu_iowait_percent, 0, 5);
	is_real(&h, AUR_FIG_cpu_irq_percent, 0, 2);
	is_real(&h, AUR_FIG_cpu_softirq_percent, 0, 3);
	is_real(&h, AUR_FIG_cpu_steal_percent, 0, 5);
	is_real(&h, AUR_FIG_cpu_guest_percent, 0, 12);
	is_real(&h, AUR_FIG_cpu_idle_percent, 0, 40);
	host_ready(&h, false);
	is_null(&h, AUR_FIG_cpu_busy_percent, 0);
	is_int(&h, AUR_FIG_cpu_count, 0, 2);
	host_release(&h);
}

static void cpu_oddities(void)
{
	static const int was[] = {0, 0, 0, 0, 1000, -1, -1, -1, -1, -1};
	static const int now[] = {50, 0, 0, 150, 990, -1, -1, -1, -1, -1};
	static const int reset[] = {50, 0, 0, 150, 0, -1, -1, -1, -1, -1};
	struct host h;

	host_init(&h);
	set_modes(make_one(h.a, AUR_DOMAIN_CPU), 0, was);
	set_modes(make_one(h.b, AUR_DOMAIN_CPU), 0, now);
	host_ready(&h, true);
	is_real(&h, AUR_FIG_cpu_busy_percent, 0, 25);
	is_real(&h, AUR_FIG_cpu_iowait_percent, 0, 0);
	is_real(&h, AUR_FIG_cpu_idle_percent, 0, 75);
	is_null(&h, AUR_FIG_cpu_steal_percent, 0);
	is_null(&h, AUR_FIG_cpu_guest_percent, 0);
	set_modes(make_one(h.b, AUR_DOMAIN_CPU), 0, reset);
	host_ready(&h, true);
	is_null(&h, AUR_FIG_cpu_busy_percent, 0);
	is_null(&h, AUR_FIG_cpu_user_percent, 0);
	set_modes(make_one(h.b, AUR_DOMAIN_CPU), 0, was);
	host_ready(&h, true);
	is_null(&h, AUR_FIG_cpu_busy_percent, 0);
	host_release(&h);
}

static void memory(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_one(h.b, AUR_DOMAIN_MEMORY);
	SET(p, AUR_MEMORY_total, 1000);
	SET(p, AUR_MEMORY_free, 100);
	SET(p, AUR_MEMORY_available, 400);
	SET(p, AUR_MEMORY_buffers, 30);
	SET(p, AUR_MEMORY_cached, 300);
	SET(p, AUR_MEMORY_slab_reclaimable, 50);
	SET(p, AUR_MEMORY_shmem, 20);
	SET(p, AUR_MEMORY_dirty, 5);
	SET(p, AUR_MEMORY_swap_total, 200);
	SET(p, AUR_MEMORY_swap_free, 150);
	host_ready(&h, true);
	is_int(&h, AUR_FIG_memory_total_bytes, 0, 1000);
	is_int(&h, AUR_FIG_memory_used_bytes, 0, 600);
	is_real(&h, AUR_FIG_memory_used_percent, 0, 60);
	is_int(&h, AUR_FIG_memory_free_bytes, 0, 100);
	is_int(&h, AUR_FIG_memory_available_bytes, 0, 400);
	is_int(&h, AUR_FIG_memory_buffers_bytes, 0, 30);
	is_int(&h, AUR_FIG_memory_cached_bytes, 0, 350);
	is_int(&h, AUR_FIG_memory_shared_bytes, 0, 20);
	is_int(&h, AUR_FIG_memory_slab_reclaimable_bytes, 0, 50);
	is_int(&h, AUR_FIG_memory_dirty_bytes, 0, 5);
	is_int(&h, AUR_FIG_swap_total_bytes, 0, 200);
	is_int(&h, AUR_FIG_swap_used_bytes, 0, 50);
	is_real(&h, AUR_FIG_swap_used_percent, 0, 25);
	is_int(&h, AUR_FIG_swap_free_bytes, 0, 150);
	/* Linux 3.10: 100 + 30 + 300 + 50 - 20 */
	aur_part_unset(p, 0, AUR_MEMORY_available);
	SET(p, AUR_MEMORY_swap_total, 0);
	SET(p, AUR_MEMORY_swap_free, 0);
	is_int(&h, AUR_FIG_memory_available_bytes, 0, 460);
	is_int(&h, AUR_FIG_memory_used_bytes, 0, 540);
	is_int(&h, AUR_FIG_swap_used_bytes, 0, 0);
	is_null(&h, AUR_FIG_swap_used_percent, 0);
	SET(p, AUR_MEMORY_swap_free, 7);
	is_int(&h, AUR_FIG_swap_used_bytes, 0, 0);
	/* a container that shows more available than its total */
	SET(p, AUR_MEMORY_available, 5000);
	is_int(&h, AUR_FIG_memory_available_bytes, 0, 1000);
	is_int(&h, AUR_FIG_memory_used_bytes, 0, 0);
	host_release(&h);
}

static void swapping(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	make_one(h.b, AUR_DOMAIN_MEMORY);
	p = make_one(h.a, AUR_DOMAIN_VMSTAT);
	SET(p, AUR_VMSTAT_pswpin, 10);
	SET(p, AUR_VMSTAT_pswpout, 0);
	p = make_one(h.b, AUR_DOMAIN_VMSTAT);
	SET(p, AUR_VMSTAT_pswpin, 12);
	SET(p, AUR_VMSTAT_pswpout, 0);
	host_ready(&h, true);
	is_null(&h, AUR_FIG_swap_in_bytes_per_second, 0);
	SET(p, AUR_VMSTAT_page_size, 4096);
	is_real(&h, AUR_FIG_swap_in_bytes_per_second, 0, 8192);
	is_real(&h, AUR_FIG_swap_out_bytes_per_second, 0, 0);
	host_release(&h);
}

static void system_facts(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_one(h.b, AUR_DOMAIN_SYSTEM);
	make_text(p, 0, AUR_SYSTEM_hostname, "web1");
	make_text(p, 0, AUR_SYSTEM_machine_id, "");
	make_text(p, 0, AUR_SYSTEM_sysname, "Linux");
	make_text(p, 0, AUR_SYSTEM_release, "6.1.0");
	make_text(p, 0, AUR_SYSTEM_machine, "x86_64");
	make_text(p, 0, AUR_SYSTEM_os_id, "debian");
	SET(p, AUR_SYSTEM_uptime, 12399);
	SET(p, AUR_SYSTEM_users, 3);
	for (size_t i = 0; i < 16; i++)
		h.b->boot_id[i] = (uint8_t)(i * 0x11);
	host_ready(&h, true);
	is_text(&h, AUR_FIG_system_hostname, 0, "web1");
	is_null(&h, AUR_FIG_system_machine_id, 0);
	is_text(&h, AUR_FIG_system_os, 0, "Linux");
	is_text(&h, AUR_FIG_system_kernel, 0, "6.1.0");
	is_text(&h, AUR_FIG_system_arch, 0, "x86_64");
	is_text(&h, AUR_FIG_system_distribution, 0, "debian");
	is_text(&h, AUR_FIG_system_boot_id, 0,
	    "00112233-4455-6677-8899-aabbccddeeff");
	/* wall less boot clock: 1795000000 */
	is_text(&h, AUR_FIG_system_boot_time, 0, "2026-11-18T11:06:40.000Z");
	is_int(&h, AUR_FIG_system_uptime_seconds, 0, 123);
	is_int(&h, AUR_FIG_system_users, 0, 3);
	make_text(p, 0, AUR_SYSTEM_os_pretty_name, "Debian 12");
	SET(p, AUR_SYSTEM_boot_time, 1000000000);
	memset(h.b->boot_id, 0, 16);
	host_ready(&h, true);
	is_text(&h, AUR_FIG_system_distribution, 0, "Debian 12");
	is_text(&h, AUR_FIG_system_boot_time, 0, "2001-09-09T01:46:40.000Z");
	is_null(&h, AUR_FIG_system_boot_id, 0);
	host_release(&h);
}

static void agent(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_one(h.a, AUR_DOMAIN_AGENT);
	SET(p, AUR_AGENT_pid, 77);
	SET(p, AUR_AGENT_cpu, 1000000);
	p = make_one(h.b, AUR_DOMAIN_AGENT);
	make_text(p, 0, AUR_AGENT_version, "1.0");
	SET(p, AUR_AGENT_pid, 77);
	SET(p, AUR_AGENT_cpu, 3500000);
	SET(p, AUR_AGENT_rss, 1 << 20);
	host_ready(&h, true);
	is_text(&h, AUR_FIG_agent_version, 0, "1.0");
	is_int(&h, AUR_FIG_agent_pid, 0, 77);
	is_real(&h, AUR_FIG_agent_cpu_percent, 0, 0.25);
	is_int(&h, AUR_FIG_agent_rss_bytes, 0, 1 << 20);
	SET(p, AUR_AGENT_pid, 78);
	is_null(&h, AUR_FIG_agent_cpu_percent, 0);
	host_release(&h);
}

/* load, limits, pressure, sockets, kernel, process_counts */
static void plain_groups(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_one(h.b, AUR_DOMAIN_LOAD);
	SET(p, AUR_LOAD_one, 123);
	SET(p, AUR_LOAD_fifteen, 0);
	p = make_one(h.b, AUR_DOMAIN_LIMITS);
	SET(p, AUR_LIMITS_cpus, 1500);
	SET(make_one(h.a, AUR_DOMAIN_PRESSURE), AUR_PRESSURE_io_some, 0);
	SET(make_one(h.a, AUR_DOMAIN_PRESSURE), AUR_PRESSURE_cpu_some, 5);
	p = make_one(h.b, AUR_DOMAIN_PRESSURE);
	SET(p, AUR_PRESSURE_io_some, 250000);
	SET(p, AUR_PRESSURE_cpu_some, 1200005);
	p = make_one(h.b, AUR_DOMAIN_SOCKET);
	SET(p, AUR_SOCKET_tcp_listening, 4);
	SET(p, AUR_SOCKET_udp_inuse, 2);
	SET(make_one(h.a, AUR_DOMAIN_KERNEL), AUR_KERNEL_forks, 100);
	p = make_one(h.b, AUR_DOMAIN_KERNEL);
	SET(p, AUR_KERNEL_forks, 130);
	SET(p, AUR_KERNEL_files_open, UINT64_MAX);
	p = make_one(h.b, AUR_DOMAIN_TASKS);
	SET(p, AUR_TASKS_total, 280);
	SET(p, AUR_TASKS_restricted_view, 0);
	host_ready(&h, true);
	is_real(&h, AUR_FIG_load_one, 0, 1.23);
	is_real(&h, AUR_FIG_load_five, 0, NAN);
	is_real(&h, AUR_FIG_load_fifteen, 0, 0);
	is_null(&h, AUR_FIG_limits_memory_bytes, 0);
	is_real(&h, AUR_FIG_limits_cpus, 0, 1.5);
	is_real(&h, AUR_FIG_pressure_io_some_percent, 0, 25);
	is_real(&h, AUR_FIG_pressure_cpu_some_percent, 0, 100);
	is_null(&h, AUR_FIG_pressure_irq_full_percent, 0);
	is_int(&h, AUR_FIG_sockets_tcp_listening, 0, 4);
	is_int(&h, AUR_FIG_sockets_udp, 0, 2);
	is_null(&h, AUR_FIG_sockets_tcp_established, 0);
	is_real(&h, AUR_FIG_kernel_forks_per_second, 0, 30);
	is_int(&h, AUR_FIG_kernel_open_files, 0, INT64_MAX);
	is_int(&h, AUR_FIG_process_counts_total, 0, 280);
	is_bool(&h, AUR_FIG_process_counts_restricted_view, 0, false);
	SET(make_one(h.b, AUR_DOMAIN_SOCKET), AUR_SOCKET_udp6_inuse, 3);
	is_int(&h, AUR_FIG_sockets_udp, 0, 5);
	host_release(&h);
}

int main(void)
{
	nothing_known();
	empty_sample();
	cpu();
	cpu_oddities();
	memory();
	swapping();
	system_facts();
	agent();
	plain_groups();
	return tap_done();
}
