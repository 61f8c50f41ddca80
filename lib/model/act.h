/* SPDX-License-Identifier: MIT */
/*
 * What a person can have done to a process: a signal, another nice value,
 * other CPUs, another priority of its I/O. The process is named by pid and
 * start, never by pid alone, so that a number that came round again is not
 * hit.
 */
#ifndef AUR_MODEL_ACT_H
#define AUR_MODEL_ACT_H

#include "base/compiler.h"
#include "base/slice.h"

enum aur_act_kind {
	AUR_ACT_SIGNAL = 1,
	AUR_ACT_NICE = 2,
	AUR_ACT_AFFINITY = 3,
	AUR_ACT_IO_PRIORITY = 4,
};

/* A set of CPUs: cpu n is bit n % 64 of word n / 64. The text of the worst set
 * would take thirty times the room of the bits. */
#define AUR_CPUS_MAX 1024u
#define AUR_CPUS_WORDS (AUR_CPUS_MAX / 64)
#define AUR_CPUS_TEXT 256 /* room for the text of a usual set */
struct aur_cpus {
	uint64_t word[AUR_CPUS_WORDS];
};

static inline bool aur_cpus_has(const struct aur_cpus *c, unsigned n)
{
	return n < AUR_CPUS_MAX && (c->word[n / 64] >> (n % 64) & 1) != 0;
}

static inline void aur_cpus_flip(struct aur_cpus *c, unsigned n)
{
	if (n < AUR_CPUS_MAX)
		c->word[n / 64] ^= (uint64_t)1 << (n % 64);
}

unsigned aur_cpus_count(const struct aur_cpus *c);

/* As /proc has it and taskset(1) takes it: "0-3,8"; "" is the empty set. What
 * does not fit into `size` ends in "..". */
void aur_cpus_text(const struct aur_cpus *c, char *out, size_t size);
/* 0, AUR_EINVALID, AUR_ERANGE (a CPU from AUR_CPUS_MAX on). */
AUR_MUST_CHECK int aur_cpus_parse(struct aur_slice text, struct aur_cpus *ret);

/* Priorities of I/O, as ioprio_set(2) has them: a class, and in the first two
 * a level of 0 (first) to 7. */
enum aur_io_class {
	AUR_IO_NONE, /* by the nice value */
	AUR_IO_REALTIME,
	AUR_IO_BEST_EFFORT,
	AUR_IO_IDLE,
};
#define AUR_IO_LEVELS 8
#define AUR_IO_PRIORITY(class, level) ((int32_t)((class) << 13 | (level)))

bool aur_io_priority_valid(int32_t value);
/* "best-effort 4", "realtime 0", "idle", "none"; into 24 bytes. */
#define AUR_IO_PRIORITY_TEXT 24
void aur_io_priority_text(int32_t value, char out[AUR_IO_PRIORITY_TEXT]);

struct aur_act {
	enum aur_act_kind kind;
	uint64_t pid;
	uint64_t start_ticks;
	int32_t value;	      /* the signal's number, the nice value, the I/O
				 priority */
	struct aur_cpus cpus; /* for AUR_ACT_AFFINITY */
};

/* How it went: 0 or an aur_err; `text` says so for people, borrowed. */
struct aur_act_reply {
	int err;
	struct aur_slice text;
};

#endif
