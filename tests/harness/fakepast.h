/* SPDX-License-Identifier: MIT */
/*
 * A feed of the past by script, beside a fakefeed of as many hosts: a sample
 * each second from FAKEPAST_DAY before the fakefeed begins, with a gap in it,
 * and some events.
 *
 *	struct fakepast p;
 *	fakepast_init(&p, 3);
 *	options.past = &p.f.feed;
 *	fakepast_event(&p, 1, -3600, "oom_kill", "name", "java");
 *	p.seeks, p.points                    asked for so far
 *	fakepast_release(&p);
 *
 * CPU of host i in second t (FAKEPAST_START is 0, the past is below) is
 * fakepast_cpu(i, t) percent: 90 for a minute every hour, else what i says.
 */
#ifndef TESTS_HARNESS_FAKEPAST_H
#define TESTS_HARNESS_FAKEPAST_H

#include "tests/harness/fakefeed.h"

#define FAKEPAST_START 1795357920ll /* 2026-11-22 14:32:00 UTC */
#define FAKEPAST_DAY 86400
#define FAKEPAST_EVENTS 16

struct fakepast_event {
	size_t host;
	int64_t t;
	const char *kind, *key, *value;
};

struct fakepast {
	struct fakefeed f; /* its samples */
	int64_t start;	   /* FAKEPAST_START, or what it is instead */
	struct aur_wall at;
	int64_t to;		  /* the newest that is kept */
	int64_t gap_from, gap_to; /* in between nothing is */
	struct fakepast_event event[FAKEPAST_EVENTS];
	size_t nevent;
	unsigned seeks, points, looked, tables, bounds; /* calls */
	size_t most;	/* points asked for at once */
	bool no_tables; /* no sample has processes */
};

void fakepast_init(struct fakepast *p, size_t hosts);
void fakepast_release(struct fakepast *p);
/* The fakefeed `live`, and the past with it, begin at that second of wall
 * time. */
void fakepast_begin(struct fakepast *p, struct fakefeed *live, int64_t start);
void fakepast_event(struct fakepast *p, size_t host, int64_t t,
    const char *kind, const char *key, const char *value);
unsigned fakepast_cpu(size_t host, int64_t t);

#endif
