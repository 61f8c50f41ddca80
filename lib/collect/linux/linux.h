/* SPDX-License-Identifier: MIT */
/*
 * The collectors of Linux, one const object in a file of its own each; table.c
 * lists them.
 */
#ifndef AUR_COLLECT_LINUX_LINUX_H
#define AUR_COLLECT_LINUX_LINUX_H

#include "collect/collect_int.h"

extern const struct aur_collector aur__collector_agent;
extern const struct aur_collector aur__collector_cgroup;
extern const struct aur_collector aur__collector_cpu;
extern const struct aur_collector aur__collector_disk;
extern const struct aur_collector aur__collector_filesystem;
extern const struct aur_collector aur__collector_limits;
extern const struct aur_collector aur__collector_load;
extern const struct aur_collector aur__collector_memory;
extern const struct aur_collector aur__collector_network;
extern const struct aur_collector aur__collector_pressure;
extern const struct aur_collector aur__collector_process;
extern const struct aur_collector aur__collector_socket;
extern const struct aur_collector aur__collector_system;
extern const struct aur_collector aur__collector_temperature;
extern const struct aur_collector aur__collector_vmstat;

#endif
