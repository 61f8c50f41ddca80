/* SPDX-License-Identifier: MIT */
/*
 * What parent and child of the helper agree on: one datagram for a job, one
 * for its answer. Both are the same program on the same machine, so the bytes
 * are plain structs, cut after the text.
 */
#ifndef AUR_COLLECT_LINUX_HELPER_INT_H
#define AUR_COLLECT_LINUX_HELPER_INT_H

#include "collect/collect_int.h"

#define AUR__HELPER_PATH 4096u

struct aur__helper_request {
	uint64_t id;
	uint32_t kind;		     /* enum aur_job_kind */
	char path[AUR__HELPER_PATH]; /* with its NUL */
};

struct aur__helper_answer {
	uint64_t id;
	int32_t err; /* 0 or an aur_err */
	uint8_t bytes[AUR_MAX_CMDLINE];
};

/* Does a job in this process, below the folder `dirfd`; `live` asks the name
 * service for users, else etc/passwd below. The bytes written to `out` (room
 * for AUR_MAX_CMDLINE), or an aur_err. May block for ever. */
int aur__helper_do(int dirfd, bool live, enum aur_job_kind kind,
    const char *path, uint8_t *out);

/* Life of the child, from just after fork: never returns. */
_Noreturn void aur__helper_serve(int sock, int dirfd, bool live, int parent);

#endif
