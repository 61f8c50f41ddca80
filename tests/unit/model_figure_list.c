/* SPDX-License-Identifier: MIT */
/* Figures of lists, their totals and of processes, computed by hand. */
#include "model/figure.h"

#include "base/err.h"
#include "tests/unit/model_host.h"

static size_t disk(struct aur_sample *s, const char *name, uint64_t bytes,
    bool whole, bool counted)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_DISK);
	size_t i = make_named(p, name);

	aur_part_set(p, i, AUR_DISK_read_bytes, bytes);
	aur_part_set(p, i, AUR_DISK_written_bytes, bytes * 2);
	aur_part_set(p, i, AUR_DISK_whole, whole);
	aur_part_set(p, i, AUR_DISK_counted, counted);
	return i;
}

/* Requests: reads, writes, their milliseconds, io_time, io_weighted_time. */
static void requests(struct aur_sample *s, size_t i, const unsigned v[6])
{
	static const uint8_t field[] = {AUR_DISK_reads, AUR_DISK_writes,
	    AUR_DISK_read_time, AUR_DISK_write_time, AUR_DISK_io_time,
	    AUR_DISK_io_weighted_time};
	struct aur_part *p = make_part(s, AUR_DOMAIN_DISK);

	for (size_t k = 0; k < 6; k++)
		aur_part_set(p, i, field[k], v[k]);
}

static void disks(void)
{
	struct host h;

	host_init(&h);
	requests(h.a, disk(h.a, "sda", 1000, true, true),
	    (const unsigned[]){10, 20, 100, 200, 500, 1000});
	disk(h.a, "sda1", 1000, false, false);
	requests(h.a, disk(h.a, "dm-0", 500, true, false),
	    (const unsigned[]){1, 1, 1, 1, 1, 1});
	disk(h.a, "sdb", 9000, true, true);
	requests(h.b, disk(h.b, "sda", 3000, true, true),
	    (const unsigned[]){20, 50, 150, 350, 750, 3000});
	disk(h.b, "sda1", 3000, false, false);
	requests(h.b, disk(h.b, "dm-0", 700, true, false),
	    (const unsigned[]){1, 1, 1, 1, 5000, 1});
	disk(h.b, "sdb", 100, true, true); /* another in its slot: reset */
	disk(h.b, "sdc", 5000, true, true);
	host_ready(&h, true);
	tap_eq_u64(aur_figures_rows(&h.f, AUR_GROUP_DISKS), 4,
	    "whole devices are rows");
	is_text(&h, AUR_FIG_disks_device, 0, "sda");
	is_text(&h, AUR_FIG_disks_device, 1, "dm-0");
	is_real(&h, AUR_FIG_disks_read_bytes_per_second, 0, 2000);
	is_real(&h, AUR_FIG_disks_write_bytes_per_second, 0, 4000);
	is_real(&h, AUR_FIG_disks_reads_per_second, 0, 10);
	is_real(&h, AUR_FIG_disks_writes_per_second, 0, 30);
	is_real(&h, AUR_FIG_disks_busy_percent, 0, 25);
	is_real(&h, AUR_FIG_disks_queue_length, 0, 2);
	is_real(&h, AUR_FIG_disks_await_ms, 0, 5); /* 200 ms, 40 requests */
	is_null(&h, AUR_FIG_disks_await_ms, 1);
	is_real(&h, AUR_FIG_disks_busy_percent, 1, 100);
	is_null(&h, AUR_FIG_disks_read_bytes_per_second, 2);
	is_null(&h, AUR_FIG_disks_read_bytes_per_second, 3);
	is_null(&h, AUR_FIG_disks_device, 4);
	is_real(&h, AUR_FIG_disk_totals_read_bytes_per_second, 0, 2000);
	is_real(&h, AUR_FIG_disk_totals_write_bytes_per_second, 0, 4000);
	host_ready(&h, false);
	is_null(&h, AUR_FIG_disk_totals_read_bytes_per_second, 0);
	is_text(&h, AUR_FIG_disks_device, 3, "sdc");
	host_release(&h);
}

static void filesystems(void)
{
	struct host h;
	struct aur_part *p;
	size_t i;

	host_init(&h);
	p = make_part(h.b, AUR_DOMAIN_FILESYSTEM);
	i = make_named(p, "/");
	make_text(p, i, AUR_FILESYSTEM_device, "/dev/sda1");
	make_text(p, i, AUR_FILESYSTEM_type, "ext4");
	aur_part_set(p, i, AUR_FILESYSTEM_size, 1000);
	aur_part_set(p, i, AUR_FILESYSTEM_free, 400);
	aur_part_set(p, i, AUR_FILESYSTEM_available, 300);
	aur_part_set(p, i, AUR_FILESYSTEM_files, 50);
	aur_part_set(p, i, AUR_FILESYSTEM_files_free, 40);
	aur_part_set(p, i, AUR_FILESYSTEM_read_only, 1);
	i = make_named(p, "/btrfs");
	aur_part_set(p, i, AUR_FILESYSTEM_size, 0);
	aur_part_set(p, i, AUR_FILESYSTEM_free, 0);
	aur_part_set(p, i, AUR_FILESYSTEM_available, 0);
	aur_part_set(p, i, AUR_FILESYSTEM_files, 0);
	aur_part_set(p, i, AUR_FILESYSTEM_files_free, 0);
	i = make_named(p, "/stuck");
	aur_part_set(p, i, AUR_FILESYSTEM_device_error, 1);
	host_ready(&h, true);
	tap_eq_u64(aur_figures_rows(&h.f, AUR_GROUP_FILESYSTEMS), 3, "rows");
	is_text(&h, AUR_FIG_filesystems_mount, 0, "/");
	is_text(&h, AUR_FIG_filesystems_device, 0, "/dev/sda1");
	is_text(&h, AUR_FIG_filesystems_type, 0, "ext4");
	is_int(&h, AUR_FIG_filesystems_total_bytes, 0, 1000);
	is_int(&h, AUR_FIG_filesystems_used_bytes, 0, 600);
	is_int(&h, AUR_FIG_filesystems_available_bytes, 0, 300);
	is_real(&h, AUR_FIG_filesystems_used_percent, 0, 600.0 / 9);
	is_int(&h, AUR_FIG_filesystems_inodes_total, 0, 50);
	is_int(&h, AUR_FIG_filesystems_inodes_used, 0, 10);
	is_real(&h, AUR_FIG_filesystems_inodes_used_percent, 0, 20);
	is_bool(&h, AUR_FIG_filesystems_read_only, 0, true);
	is_int(&h, AUR_FIG_filesystems_used_bytes, 1, 0);
	is_null(&h, AUR_FIG_filesystems_used_percent, 1);
	is_null(&h, AUR_FIG_filesystems_inodes_used_percent, 1);
	is_null(&h, AUR_FIG_filesystems_read_only, 1);
	is_text(&h, AUR_FIG_filesystems_mount, 2, "/stuck");
	is_null(&h, AUR_FIG_filesystems_total_bytes, 2);
	is_null(&h, AUR_FIG_filesystems_used_percent, 2);
	host_release(&h);
}

static void interface(
    struct aur_sample *s, const char *name, uint64_t bytes, bool counted)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_NETWORK);
	size_t i = make_named(p, name);

	aur_part_set(p, i, AUR_NETWORK_receive_bytes, bytes);
	aur_part_set(p, i, AUR_NETWORK_transmit_bytes, bytes / 2);
	aur_part_set(p, i, AUR_NETWORK_receive_drops, bytes / 100);
	aur_part_set(p, i, AUR_NETWORK_counted, counted);
	aur_part_set(p, i, AUR_NETWORK_up, counted);
}

static void network(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	interface(h.a, "lo", 1000, false);
	interface(h.b, "lo", 5000, false);
	host_ready(&h, true);
	is_real(&h, AUR_FIG_network_totals_receive_bytes_per_second, 0, 0);
	interface(h.a, "eth0", 10000, true);
	interface(h.b, "eth0", 40000, true);
	p = make_part(h.b, AUR_DOMAIN_NETWORK);
	aur_part_set(p, 1, AUR_NETWORK_speed, 1000000000);
	host_ready(&h, true);
	tap_eq_u64(aur_figures_rows(&h.f, AUR_GROUP_NETWORK), 2, "rows");
	is_text(&h, AUR_FIG_network_interface, 0, "lo");
	is_bool(&h, AUR_FIG_network_up, 0, false);
	is_bool(&h, AUR_FIG_network_up, 1, true);
	is_null(&h, AUR_FIG_network_speed_bits_per_second, 0);
	is_int(&h, AUR_FIG_network_speed_bits_per_second, 1, 1000000000);
	is_real(&h, AUR_FIG_network_receive_bytes_per_second, 0, 4000);
	is_real(&h, AUR_FIG_network_receive_bytes_per_second, 1, 30000);
	is_real(&h, AUR_FIG_network_transmit_bytes_per_second, 1, 15000);
	is_real(&h, AUR_FIG_network_receive_drops_per_second, 1, 300);
	is_null(&h, AUR_FIG_network_receive_packets_per_second, 1);
	is_real(&h, AUR_FIG_network_totals_receive_bytes_per_second, 0, 30000);
	is_real(&h, AUR_FIG_network_totals_transmit_bytes_per_second, 0, 15000);
	host_release(&h);
}

static void cores(void)
{
	static const unsigned now[] = {20, 5, 10, 45, 10, 2, 3, 5};
	struct host h;
	struct aur_part *a, *b;

	host_init(&h);
	a = make_part(h.a, AUR_DOMAIN_CORE);
	b = make_part(h.b, AUR_DOMAIN_CORE);
	make_key(a, 3, 0);
	make_key(b, 1, 0); /* came online */
	make_key(b, 3, 0);
	for (size_t k = 0; k < 8; k++) {
		aur_part_set(a, 0, k, 1000);
		aur_part_set(b, 1, k, 1000 + now[k]);
		aur_part_set(b, 0, k, 1);
	}
	host_ready(&h, true);
	is_int(&h, AUR_FIG_cores_id, 0, 1);
	is_null(&h, AUR_FIG_cores_busy_percent, 0);
	is_int(&h, AUR_FIG_cores_id, 1, 3);
	is_real(&h, AUR_FIG_cores_busy_percent, 1, 45);
	is_real(&h, AUR_FIG_cores_user_percent, 1, 25);
	is_real(&h, AUR_FIG_cores_system_percent, 1, 15);
	is_real(&h, AUR_FIG_cores_iowait_percent, 1, 10);
	host_release(&h);
}

static void temperatures(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_part(h.b, AUR_DOMAIN_TEMPERATURE);
	aur_part_set(p, make_named(p, "coretemp/temp1"), AUR_TEMPERATURE_value,
	    (uint64_t)(int64_t)-4500);
	host_ready(&h, false);
	is_text(&h, AUR_FIG_temperatures_sensor, 0, "coretemp/temp1");
	is_real(&h, AUR_FIG_temperatures_celsius, 0, -4.5);
	host_release(&h);
}

static struct aur_part *process_at(
    struct aur_sample *s, uint64_t cpu_ns, uint64_t read)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_PROCESS);
	size_t i = make_key(p, 42, 5025);

	aur_part_set(p, i, AUR_PROCESS_cpu, cpu_ns);
	aur_part_set(p, i, AUR_PROCESS_read_bytes, read);
	return p;
}

static void describe(struct aur_part *p)
{
	make_text(p, 0, AUR_PROCESS_name, "");
	make_text(p, 0, AUR_PROCESS_user, "alice");
	make_text(p, 0, AUR_PROCESS_tty, "");
	make_text(p, 0, AUR_PROCESS_container_name, "web");
	make_sure(aur_part_set_text(p, 0, AUR_PROCESS_cmdline,
		      aur_slice_of("sh\0-c\0x", 7)) == 0,
	    "no cmdline");
	aur_part_set(p, 0, AUR_PROCESS_parent, 1);
	aur_part_set(p, 0, AUR_PROCESS_state, 'S');
	aur_part_set(p, 0, AUR_PROCESS_nice, (uint64_t)(int64_t)-5);
	aur_part_set(p, 0, AUR_PROCESS_rss, 250);
	aur_part_set(p, 0, AUR_PROCESS_user_time, 150);
}

static void processes(void)
{
	struct host h;
	struct aur_part *p;
	struct aur_value v;

	host_init(&h);
	process_at(h.a, 1000000000, 100);
	p = process_at(h.b, 1750000000, 1100);
	describe(p);
	p = make_one(h.b, AUR_DOMAIN_MEMORY);
	aur_part_set(p, 0, AUR_MEMORY_total, 1000);
	aur_part_set(make_one(h.b, AUR_DOMAIN_CPU), 0, AUR_CPU_count, 2);
	host_ready(&h, true);
	is_int(&h, AUR_FIG_processes_pid, 0, 42);
	is_int(&h, AUR_FIG_processes_ppid, 0, 1);
	is_int(&h, AUR_FIG_processes_start_ticks, 0, 5025);
	is_text(
	    &h, AUR_FIG_processes_started_at, 0, "2026-11-18T11:07:30.250Z");
	is_text(&h, AUR_FIG_processes_user, 0, "alice");
	is_null(&h, AUR_FIG_processes_uid, 0);
	is_text(&h, AUR_FIG_processes_state, 0, "S");
	is_int(&h, AUR_FIG_processes_nice, 0, -5);
	is_null(&h, AUR_FIG_processes_tty, 0);
	is_text(&h, AUR_FIG_processes_name, 0, "");
	is_null(&h, AUR_FIG_processes_container_id, 0);
	is_text(&h, AUR_FIG_processes_container_name, 0, "web");
	is_real(&h, AUR_FIG_processes_cpu_percent, 0, 75);
	is_real(&h, AUR_FIG_processes_cpu_seconds, 0, 1.75);
	is_real(&h, AUR_FIG_processes_user_seconds, 0, 1.5);
	is_real(&h, AUR_FIG_processes_memory_percent, 0, 25);
	is_int(&h, AUR_FIG_processes_rss_bytes, 0, 250);
	is_real(&h, AUR_FIG_processes_read_bytes_per_second, 0, 1000);
	is_null(&h, AUR_FIG_processes_open_files, 0);
	v = host_get(&h, AUR_FIG_processes_cmdline, 0);
	tap_ok(v.type == AUR_VALUE_LIST && v.s.n == 7, "cmdline is a list");
	aur_figures_process(&h.f, AUR_FIG_processes_pid, 0, &v);
	tap_eq_int(v.i, 42, "by its index in the part");
	is_null(&h, AUR_FIG_processes_pid, 1);
	host_release(&h);
}

/* A process read late and early cannot have more CPU than there is. */
static void process_limits(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = process_at(h.a, 0, 0);
	p = process_at(h.b, 900000000000, 0);
	aur_part_set(p, 0, AUR_PROCESS_state, 0x1b);
	host_ready(&h, true);
	is_real(&h, AUR_FIG_processes_cpu_percent, 0, 90000);
	aur_part_set(make_one(h.b, AUR_DOMAIN_CPU), 0, AUR_CPU_count, 4);
	host_ready(&h, true);
	is_real(&h, AUR_FIG_processes_cpu_percent, 0, 400);
	is_null(&h, AUR_FIG_processes_state, 0);
	is_null(&h, AUR_FIG_processes_memory_percent, 0);
	host_release(&h);
}

/* Where the CPU clock was not read, user and system time are. */
static void process_by_stat(void)
{
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_part(h.a, AUR_DOMAIN_PROCESS);
	make_key(p, 5, 5);
	aur_part_set(p, 0, AUR_PROCESS_user_time, 100);
	aur_part_set(p, 0, AUR_PROCESS_system_time, 10);
	p = make_part(h.b, AUR_DOMAIN_PROCESS);
	make_key(p, 5, 5);
	aur_part_set(p, 0, AUR_PROCESS_user_time, 120);
	aur_part_set(p, 0, AUR_PROCESS_system_time, 15);
	host_ready(&h, true);
	is_real(&h, AUR_FIG_processes_cpu_percent, 0, 25);
	is_real(&h, AUR_FIG_processes_cpu_seconds, 0, 1.35);
	host_release(&h);
}

/* Made texts stand beside each other for a while. */
static void made_texts(void)
{
	struct aur_value v[AUR_FIGURE_TEXTS];
	struct host h;
	bool good = true;

	host_init(&h);
	for (uint64_t k = 0; k < AUR_FIGURE_TEXTS; k++)
		make_key(make_part(h.b, AUR_DOMAIN_PROCESS), 1, k * 100);
	host_ready(&h, true);
	for (size_t k = 0; k < AUR_FIGURE_TEXTS; k++)
		v[k] = host_get(&h, AUR_FIG_processes_started_at, k);
	for (size_t k = 1; k < AUR_FIGURE_TEXTS; k++)
		good = good && v[k].type == AUR_VALUE_TEXT &&
		       aur_slice_cmp(v[k - 1].s, v[k].s) < 0;
	tap_ok(good, "times do not overwrite each other at once");
	host_release(&h);
}

static void failing(void)
{
	struct aur_figures f = {0};
	struct host h;
	unsigned long nth = 0;
	bool good = true;
	int rc;

	host_init(&h);
	disk(h.a, "sda", 1, true, true);
	disk(h.b, "sda", 2, true, true);
	do {
		nth++;
		aur_mem_set_fail(make_fail, &nth);
		rc = aur_figures_init(&f, h.a, h.b);
		aur_mem_set_fail(NULL, NULL);
		good = good && (rc == 0 || (rc == AUR_ENOMEM && !f.now)) &&
		       (rc == 0 || h.b->refs == 1);
	} while (rc < 0 && nth < 50);
	tap_ok(good && rc == 0 && nth > 3, "each allocation may fail");
	aur_figures_release(&f);
	host_release(&h);
}

int main(void)
{
	disks();
	filesystems();
	network();
	cores();
	temperatures();
	processes();
	process_limits();
	process_by_stat();
	made_texts();
	failing();
	return tap_done();
}
