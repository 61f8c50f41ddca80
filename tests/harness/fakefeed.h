/* SPDX-License-Identifier: MIT */
/*
 * A feed by script, for tests of the screen: hosts whose samples a test makes
 * by hand or takes from a small machine that always counts the same. Most
 * tests have one host, which is also `f.host[0]`.
 *
 *	struct fakefeed f;
 *	fakefeed_init(&f);
 *	fakefeed_machine(&f, 2, 5);          sample: 2 CPUs, 5 more processes
 *	f.feed.class->want(...) ...          noted in f.want
 *	f.act[0].pid                         whom a signal was for
 *	fakefeed_release(&f);
 *
 *	fakefeed_init_hosts(&f, 12);         several: web1, web2, ...
 *	fakefeed_row(&f, 3, 34, 62);         sample of one: CPU, memory percent
 */
#ifndef TESTS_HARNESS_FAKEFEED_H
#define TESTS_HARNESS_FAKEFEED_H

#include "model/feed.h"

#define FAKEFEED_ACTS 16

struct fakefeed {
	struct aur_feed feed;
	struct aur_feed_host host;   /* the first */
	struct aur_feed_host *hosts; /* the rest; n - 1 */
	size_t n;
	struct aur_want *wanted; /* of each */
	char (*name)[24];
	uint64_t *busy; /* of each, ticks up to now */
	size_t act_host[FAKEFEED_ACTS], retried;
	struct aur_strs *strs;
	aur_feed_listen_fn fn;
	void *arg;
	struct aur_want want;
	unsigned wants, retries;
	struct aur_act act[FAKEFEED_ACTS];
	size_t nact;
	int act_err;	 /* what acts are answered with */
	int64_t seconds; /* of the machine, since its start */
	int64_t earlier; /* that start, seconds before that of others */
};

void fakefeed_init(struct fakefeed *f);
void fakefeed_release(struct fakefeed *f);

/* `n` hosts web1, web2, ..., connecting. */
void fakefeed_init_hosts(struct fakefeed *f, size_t n);
struct aur_feed_host *fakefeed_host(struct fakefeed *f, size_t i);
/* A sample of what a row of the fleet needs: `cpu` and `memory` percent, other
 * values by the host's number. It is of second f->seconds; add to that first.
 * `extra` processes beside its ten, and none with -1. */
void fakefeed_row(
    struct fakefeed *f, size_t i, unsigned cpu, unsigned memory, int extra);
void fakefeed_host_state(
    struct fakefeed *f, size_t i, enum aur_host_state state, const char *error);

/* An empty sample of the next second. */
struct aur_sample *fakefeed_sample(struct fakefeed *f);

/* One cell of a part, by number or text. `name` NULL: the single instance. */
void fakefeed_set(struct aur_sample *s, enum aur_domain_id id, const char *name,
    size_t field, uint64_t v);
void fakefeed_text(struct aur_sample *s, enum aur_domain_id id,
    const char *name, size_t field, const char *text);

/* A process. Its cells are of s's process part at the index returned. */
size_t fakefeed_process(struct aur_sample *s, uint64_t pid, uint64_t parent,
    const char *user, const char *name, const char *cmdline);
void fakefeed_process_set(
    struct aur_sample *s, size_t i, size_t field, uint64_t v);

/* A thread of a process, which has used so many nanoseconds of CPU. */
void fakefeed_thread(struct aur_sample *s, uint64_t tid, uint64_t process,
    const char *name, uint64_t cpu);

/* Makes it the newest and tells the listener. Takes the reference. */
void fakefeed_push(struct fakefeed *f, struct aur_sample *s);

/* A sample of the machine: `cpus`, and `extra` processes beside its ten. */
struct aur_sample *fakefeed_machine_sample(
    struct fakefeed *f, unsigned cpus, unsigned extra);
void fakefeed_machine(struct fakefeed *f, unsigned cpus, unsigned extra);

/* Another state, with its sentence or NULL, told to the listener. */
void fakefeed_state(
    struct fakefeed *f, enum aur_host_state state, const char *error);

#endif
