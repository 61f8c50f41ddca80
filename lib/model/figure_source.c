/* SPDX-License-Identifier: MIT */
/*
 * Where each figure comes from, one row each, in the order of the documents:
 * a cell, a rate, a formula or a function. A switch in each group's file was
 * not taken: here one sees at a glance what is a plain cell and what is
 * computed, and reaching a figure costs an index.
 */
#include "model/figure_int.h"

#define OF(fig, how_, field_)                                                  \
	[AUR_FIG_##fig] = {.how = AUR__HOW_##how_, .field = AUR_##field_}
#define CELL(fig, field) OF(fig, CELL, field)
#define WORD(fig, field) OF(fig, WORD, field)
#define RATE(fig, field) OF(fig, RATE, field)
#define SHARE(fig, field) OF(fig, SHARE, field)
#define NAME(fig) [AUR_FIG_##fig] = {.how = AUR__HOW_NAME}
#define MODES(fig) [AUR_FIG_##fig] = {.how = AUR__HOW_MODES}
#define MADE(fig, fn)                                                          \
	[AUR_FIG_##fig] = {.how = AUR__HOW_MADE, .make = aur__make_##fn}
#define FORMULA(fig, name)                                                     \
	[AUR_FIG_##fig] = {                                                    \
	    .how = AUR__HOW_FORMULA, .formula = &aur__formula_##name}
#define TOTAL(fig, D, f)                                                       \
	[AUR_FIG_##fig] = {.how = AUR__HOW_TOTAL,                              \
	    .field = AUR_##D##_##f,                                            \
	    .counted = AUR_##D##_counted}

/* clang-format off */
const struct aur__source aur__source[AUR_FIG_COUNT] = {
	WORD(agent_version, AGENT_version),
	CELL(agent_pid, AGENT_pid),
	FORMULA(agent_cpu_percent, agent_cpu_percent),
	CELL(agent_rss_bytes, AGENT_rss),

	WORD(system_hostname, SYSTEM_hostname),
	WORD(system_machine_id, SYSTEM_machine_id),
	WORD(system_os, SYSTEM_sysname),
	WORD(system_kernel, SYSTEM_release),
	WORD(system_arch, SYSTEM_machine),
	MADE(system_distribution, system_distribution),
	MADE(system_boot_id, system_boot_id),
	MADE(system_boot_time, system_boot_time),
	CELL(system_uptime_seconds, SYSTEM_uptime),
	CELL(system_users, SYSTEM_users),

	CELL(cpu_count, CPU_count),
	WORD(cpu_model, CPU_model),
	CELL(cpu_frequency_hertz, CPU_frequency),
	MODES(cpu_busy_percent),
	MODES(cpu_user_percent),
	MODES(cpu_nice_percent),
	MODES(cpu_system_percent),
	MODES(cpu_iowait_percent),
	MODES(cpu_irq_percent),
	MODES(cpu_softirq_percent),
	MODES(cpu_steal_percent),
	MODES(cpu_guest_percent),
	MODES(cpu_idle_percent),

	MADE(cores_id, core_id),
	MODES(cores_busy_percent),
	MODES(cores_user_percent),
	MODES(cores_system_percent),
	MODES(cores_iowait_percent),

	CELL(load_one, LOAD_one),
	CELL(load_five, LOAD_five),
	CELL(load_fifteen, LOAD_fifteen),

	CELL(memory_total_bytes, MEMORY_total),
	FORMULA(memory_used_bytes, memory_used_bytes),
	FORMULA(memory_used_percent, memory_used_percent),
	CELL(memory_free_bytes, MEMORY_free),
	FORMULA(memory_available_bytes, memory_available_bytes),
	CELL(memory_buffers_bytes, MEMORY_buffers),
	FORMULA(memory_cached_bytes, memory_cached_bytes),
	CELL(memory_shared_bytes, MEMORY_shmem),
	CELL(memory_slab_reclaimable_bytes, MEMORY_slab_reclaimable),
	CELL(memory_dirty_bytes, MEMORY_dirty),

	CELL(swap_total_bytes, MEMORY_swap_total),
	FORMULA(swap_used_bytes, swap_used_bytes),
	FORMULA(swap_used_percent, swap_used_percent),
	CELL(swap_free_bytes, MEMORY_swap_free),
	FORMULA(swap_in_bytes_per_second, swap_in),
	FORMULA(swap_out_bytes_per_second, swap_out),

	CELL(limits_memory_bytes, LIMITS_memory),
	CELL(limits_cpus, LIMITS_cpus),

	SHARE(pressure_cpu_some_percent, PRESSURE_cpu_some),
	SHARE(pressure_memory_some_percent, PRESSURE_memory_some),
	SHARE(pressure_memory_full_percent, PRESSURE_memory_full),
	SHARE(pressure_io_some_percent, PRESSURE_io_some),
	SHARE(pressure_io_full_percent, PRESSURE_io_full),
	SHARE(pressure_irq_full_percent, PRESSURE_irq_full),

	TOTAL(disk_totals_read_bytes_per_second, DISK, read_bytes),
	TOTAL(disk_totals_write_bytes_per_second, DISK, written_bytes),

	NAME(disks_device),
	RATE(disks_read_bytes_per_second, DISK_read_bytes),
	RATE(disks_write_bytes_per_second, DISK_written_bytes),
	RATE(disks_reads_per_second, DISK_reads),
	RATE(disks_writes_per_second, DISK_writes),
	SHARE(disks_busy_percent, DISK_io_time),
	RATE(disks_queue_length, DISK_io_weighted_time),
	FORMULA(disks_await_ms, disk_await),

	NAME(filesystems_mount),
	WORD(filesystems_device, FILESYSTEM_device),
	WORD(filesystems_type, FILESYSTEM_type),
	CELL(filesystems_total_bytes, FILESYSTEM_size),
	FORMULA(filesystems_used_bytes, filesystem_used_bytes),
	CELL(filesystems_available_bytes, FILESYSTEM_available),
	FORMULA(filesystems_used_percent, filesystem_used_percent),
	CELL(filesystems_inodes_total, FILESYSTEM_files),
	FORMULA(filesystems_inodes_used, filesystem_inodes_used),
	FORMULA(filesystems_inodes_used_percent, filesystem_inodes_used_percent),
	CELL(filesystems_read_only, FILESYSTEM_read_only),

	TOTAL(network_totals_receive_bytes_per_second, NETWORK, receive_bytes),
	TOTAL(network_totals_transmit_bytes_per_second, NETWORK,
	    transmit_bytes),

	NAME(network_interface),
	CELL(network_up, NETWORK_up),
	CELL(network_speed_bits_per_second, NETWORK_speed),
	RATE(network_receive_bytes_per_second, NETWORK_receive_bytes),
	RATE(network_transmit_bytes_per_second, NETWORK_transmit_bytes),
	RATE(network_receive_packets_per_second, NETWORK_receive_packets),
	RATE(network_transmit_packets_per_second, NETWORK_transmit_packets),
	RATE(network_receive_errors_per_second, NETWORK_receive_errors),
	RATE(network_transmit_errors_per_second, NETWORK_transmit_errors),
	RATE(network_receive_drops_per_second, NETWORK_receive_drops),
	RATE(network_transmit_drops_per_second, NETWORK_transmit_drops),

	CELL(sockets_tcp_established, SOCKET_tcp_established),
	CELL(sockets_tcp_listening, SOCKET_tcp_listening),
	CELL(sockets_tcp_time_wait, SOCKET_tcp_time_wait),
	FORMULA(sockets_udp, sockets_udp),

	NAME(temperatures_sensor),
	CELL(temperatures_celsius, TEMPERATURE_value),

	RATE(kernel_context_switches_per_second, KERNEL_context_switches),
	RATE(kernel_interrupts_per_second, KERNEL_interrupts),
	RATE(kernel_forks_per_second, KERNEL_forks),
	CELL(kernel_open_files, KERNEL_files_open),
	CELL(kernel_entropy_bits, KERNEL_entropy),

	CELL(process_counts_total, TASKS_total),
	CELL(process_counts_running, TASKS_running),
	CELL(process_counts_sleeping, TASKS_sleeping),
	CELL(process_counts_blocked, TASKS_blocked),
	CELL(process_counts_stopped, TASKS_stopped),
	CELL(process_counts_zombie, TASKS_zombie),
	CELL(process_counts_threads, TASKS_threads),
	CELL(process_counts_restricted_view, TASKS_restricted_view),
	WORD(process_counts_source, TASKS_source),

	MADE(processes_pid, process_pid),
	CELL(processes_ppid, PROCESS_parent),
	MADE(processes_start_ticks, process_start_ticks),
	MADE(processes_started_at, process_started_at),
	CELL(processes_uid, PROCESS_uid),
	WORD(processes_user, PROCESS_user),
	MADE(processes_state, process_state),
	CELL(processes_priority, PROCESS_priority),
	CELL(processes_nice, PROCESS_nice),
	CELL(processes_threads, PROCESS_threads),
	WORD(processes_tty, PROCESS_tty),
	CELL(processes_name, PROCESS_name),
	CELL(processes_cmdline, PROCESS_cmdline),
	WORD(processes_cgroup, PROCESS_cgroup),
	WORD(processes_unit, PROCESS_unit),
	WORD(processes_container_id, PROCESS_container_id),
	WORD(processes_container_name, PROCESS_container_name),
	MADE(processes_cpu_percent, process_cpu_percent),
	MADE(processes_cpu_seconds, process_cpu_seconds),
	CELL(processes_user_seconds, PROCESS_user_time),
	CELL(processes_system_seconds, PROCESS_system_time),
	MADE(processes_memory_percent, process_memory_percent),
	CELL(processes_rss_bytes, PROCESS_rss),
	CELL(processes_shared_bytes, PROCESS_shared),
	CELL(processes_swap_bytes, PROCESS_swap),
	CELL(processes_virtual_bytes, PROCESS_virtual),
	RATE(processes_read_bytes_per_second, PROCESS_read_bytes),
	RATE(processes_write_bytes_per_second, PROCESS_written_bytes),
	CELL(processes_open_files, PROCESS_open_files),
};
/* clang-format on */
