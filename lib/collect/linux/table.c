/* SPDX-License-Identifier: MIT */
/* What Linux offers, in the order it is read. */
#include "collect/linux/linux.h"

const struct aur_collector *const aur__collectors[] = {
    &aur__collector_system,
    &aur__collector_cpu, /* core and kernel too */
    &aur__collector_load,
    &aur__collector_memory,
    &aur__collector_vmstat,
    &aur__collector_pressure,
    &aur__collector_disk,
    &aur__collector_network,
    &aur__collector_socket,
    &aur__collector_temperature,
    &aur__collector_filesystem,
    &aur__collector_limits,
    &aur__collector_cgroup,
    &aur__collector_process, /* tasks too */
    &aur__collector_agent,
    NULL,
};
