/* SPDX-License-Identifier: MIT */
/*
 * The agent's side of one connection, without any I/O: bytes of a client go
 * in, bytes for it gather in a buffer, and time is told by the caller. What
 * is sampled comes from a source, so that a test can be one.
 *
 *	rc = serve_new(&s, &source, &options, now);
 *	loop:
 *		write what serve_out has, tell serve_sent
 *		wait for input, room, or serve_wait
 *		rc = serve_put(s, bytes, now);
 *		rc = serve_step(s, now);
 *	serve_free(s);
 *
 * There are two ways to samples. A source that is asked takes one when it is
 * due, and its parts go out as they are made. A source that gives has its own
 * clock, or many readers: it hands each a sample by serve_give, and asks
 * serve_turn who is due.
 *
 * A reader that is slow gets the newest sample once it has taken the one
 * before: what falls due while that one waits is not taken, but counted.
 */
#ifndef AGENTD_SERVE_H
#define AGENTD_SERVE_H

#include "base/clock.h"
#include "collect/collect.h"
#include "model/event.h"
#include "model/feed.h"
#include "wire/msg.h"

/* Where samples come from and acts go. */
struct serve_source {
	void *arg;
	/* What is wanted from now on, copied. True: samples come by
	 * serve_give; false: `sample` is called when they are due. */
	bool (*want)(void *arg, const struct aur_want *want);
	/* as aur_collect_sample; may be NULL where want is always true */
	int (*sample)(void *arg, aur_collect_part_fn part, void *part_arg,
	    struct aur_sample **ret_sample);
	/* as aur_collect_act; NULL: this agent only reads */
	int (*act)(void *arg, const struct aur_act *act, struct aur_buf *text);
	/* An act was done. True: its event will come by serve_event; false,
	 * or NULL: the client is told at once. */
	bool (*done)(void *arg, const struct aur_event *event);
	/* A client tells what it has done; NULL: reports are not taken. */
	void (*report)(void *arg, const struct aur_event *event);
	/* What was kept; NULL: nothing is, and all four are. */
	const struct serve_kept *kept;
};

/* Where the blocks of a backfill come from, one backfill at a time, with the
 * source's arg. Pieces are asked for when there is little else to send. */
struct serve_kept {
	/* Begins. 0, or an error that is the answer. */
	int (*begin)(void *arg, const struct aur_backfill *what);
	/* The next piece of at most `most` bytes, borrowed until the next call;
	 * its request is set here. 1; 0: not yet, serve_blocks will be called;
	 * AUR_EABSENT: that was all; other errors end it. */
	int (*piece)(void *arg, size_t most, struct aur_piece *ret_piece);
	/* The reader gives leave for so many bytes more; may be NULL. */
	void (*more)(void *arg, uint64_t bytes);
	/* It is over before its end. */
	void (*stop)(void *arg);
};

struct serve_options {
	bool viewer;	      /* may not act */
	bool recording;	      /* what hello says of it */
	const char *member;   /* who the key says it is; NULL: not said */
	const char *mode;     /* of hello; NULL: "direct" */
	uint64_t uid;	      /* whose rights the agent has */
	enum aur_sight sight; /* what hello says; UNKNOWN: nothing */
	/* Appends the file of a team that was published here, of the id that
	 * was asked for, whatever that holds. 0, or an aur_err and a sentence.
	 * NULL: teams are not asked for here. */
	int (*team)(struct aur_slice id, struct aur_buf *ret_file,
	    struct aur_buf *text);
	/* called for each part of a subscription's first sample, once it is in
	 * the output: the rest may take longer; may be NULL */
	void (*flush)(void *arg);
	void *flush_arg;
};

struct serve_now {
	struct aur_mono mono;
	struct aur_wall wall;
};

struct serve;

/* A connection that has put its greeting into the output. Both structs are
 * copied. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int serve_new(struct serve **ret_s,
    const struct serve_source *source, const struct serve_options *options,
    struct serve_now now);
void serve_free(struct serve *s); /* NULL is fine */

/* Bytes from the client. 0, or the error that ends the connection; the output
 * then ends with an error message that should still be written. */
AUR_MUST_CHECK int serve_put(
    struct serve *s, struct aur_slice bytes, struct serve_now now);

/* Takes a sample if one is due and the source is asked. 0, or an error as
 * above. */
AUR_MUST_CHECK int serve_step(struct serve *s, struct serve_now now);

/* How long until a sample is due, at most the interval; negative: nothing
 * until there is input. */
struct aur_span serve_wait(const struct serve *s, struct serve_now now);

/* Whether input should be read: not while too much output waits. */
bool serve_reads(const struct serve *s);

/* Whether it has said hello. */
bool serve_is_open(const struct serve *s);

/* Bytes to write, and that `n` of them have been. */
struct aur_slice serve_out(const struct serve *s);
void serve_sent(struct serve *s, size_t n);

/* --- for sources that give ------------------------------------------------ */

/* What the client wants; NULL: nothing, or no more. */
const struct aur_want *serve_want(const struct serve *s);

/* Whether no sample of this subscription has gone yet. */
bool serve_is_fresh(const struct serve *s);

/* Whether a sample is due within `early`; the next is then planned. A slow
 * reader is not given its turn: the miss is counted. */
bool serve_turn(struct serve *s, struct serve_now now, struct aur_span early);

/* Whether the reader takes a sample now, where who gives has its own clock. A
 * slow one does not: the miss is counted, and none need be made. */
bool serve_takes(struct serve *s);

/* A sample for the client, which is held; its seq, missed and interval and
 * the words of its agent part are set here, so nobody else may hold it yet.
 * All must share one string table. A slow reader does not get it. 0, or an
 * error as of serve_put. */
AUR_MUST_CHECK int serve_give(
    struct serve *s, struct aur_sample *sample, struct serve_now now);

/* A sample that was due could not be taken: `err` says why. 0, or an error. */
AUR_MUST_CHECK int serve_gap(struct serve *s, struct serve_now now, int err);

/* Something has happened. Not told to a reader that lags far behind: the
 * event's number shows the loss. 0, or an error. */
AUR_MUST_CHECK int serve_event(struct serve *s, const struct aur_event *event);

/* Puts pieces of blocks into the output, if one is asked for and there is
 * room; done without this call too, but when the source had none yet. */
void serve_blocks(struct serve *s);

/* Ends the connection with an error message; gives `err` back. */
int serve_end(struct serve *s, int err, const char *why);

/* Says who reads the processes in the sample's part `tasks`, if it has one:
 * "login", "service". 0, AUR_ENOMEM. */
AUR_MUST_CHECK int serve_sign(struct aur_sample *sample, const char *source);

#endif
