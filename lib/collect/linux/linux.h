/* SPDX-License-Identifier: MIT */
/*
 * The collectors of Linux, one const object in a file of its own each; table.c
 * lists them. And what several of them use.
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

/* The state of a collector that reads one file again and again. */
struct aur__kept {
	int fd;
	bool absent; /* this machine's kernel has no such file */
};
int aur__kept_open(struct aur_root *root, void **ret_state);
void aur__kept_close(void *state);

/* Calls `name` for each entry of a folder but "." and ".."; it returns false
 * to stop. 0 or an aur_err. */
typedef bool (*aur__name_fn)(void *arg, const char *name);
AUR_MUST_CHECK int aur__root_list(
    struct aur_root *root, const char *path, aur__name_fn name, void *arg);

/* Whether there is such a file or folder; a folder with something in it. */
bool aur__root_has(struct aur_root *root, const char *path);
bool aur__root_has_entry(struct aur_root *root, const char *path);

/* Sets a string cell; text that is too long leaves it absent. 0, AUR_ENOMEM.
 */
AUR_MUST_CHECK int aur__set_text(
    struct aur_part *p, size_t i, size_t f, struct aur_slice text);

/* Appends to what failed, parted by "; ". */
AUR_PRINTF(2, 3)
void aur__complain(struct aur_run *run, const char *fmt, ...);

/* Whether `span` has passed at `now` since `then`, or never yet (then.ns is
 * INT64_MIN). */
bool aur__is_due(
    struct aur_mono now, struct aur_mono then, struct aur_span period);
#define AUR__NEVER ((struct aur_mono){INT64_MIN})

/* kernel.c: the cells of the kernel's part that are not in /proc/stat. */
struct aur__kernel {
	struct aur_mono at;
	bool have_files, have_entropy;
	uint64_t files_open, files_max, entropy;
};
void aur__kernel_fill(
    struct aur__kernel *k, struct aur_run *run, struct aur_part *p);

/* cpu_freq.c: frequencies and the model. */
struct aur__freq;
AUR_MUST_CHECK struct aur__freq *aur__freq_new(void);
void aur__freq_free(struct aur__freq *f);
/* Sets frequencies of the cores (NULL: of none) and their mean and the model
 * in `cpu`, which may be NULL too. */
AUR_MUST_CHECK int aur__freq_fill(struct aur__freq *f, struct aur_run *run,
    struct aur_part *cpu, struct aur_part *core);

/* network_info.c: what /sys tells of an interface. */
struct aur__link {
	char name[32];
	struct aur_mono at;	 /* when its state was looked at */
	struct aur_mono read_at; /* when all of it was read */
	char state[16];		 /* operstate */
	unsigned have;		 /* bits below */
	bool up, carrier;
	bool physical, loopback, made_of, enslaved;
	uint64_t speed, mtu;
	char address[64];
};
enum {
	AUR__LINK_STATE = 1,
	AUR__LINK_CARRIER = 2,
	AUR__LINK_SPEED = 4,
	AUR__LINK_MTU = 8,
	AUR__LINK_ADDRESS = 16,
};
/* Reads all; or only the state, and the rest where that has changed. */
void aur__link_read(struct aur_root *root, struct aur__link *l);
void aur__link_look(struct aur_root *root, struct aur__link *l);

/* socket_diag.c: TCP sockets that listen, counted by netlink; `fd` is kept, -1
 * at first. 0 or an aur_err. */
AUR_MUST_CHECK int aur__count_listening(int *fd, uint64_t *ret_n);

#endif
