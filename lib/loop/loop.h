/* SPDX-License-Identifier: MIT */
/*
 * The event loop: descriptors, timers, signals and child processes, each a
 * callback. The only room that knows libevent; no name of it is in here.
 *
 *	struct aur_loop *l;
 *	rc = aur_loop_new(&l);
 *	rc = aur_timer_new(l, on_tick, me, &t);
 *	aur_timer_start(t, aur_span_ms(100));
 *	aur_loop_run(l);            until aur_loop_stop
 *	aur_timer_free(t);
 *	aur_loop_free(l);
 *
 * Every object must be freed before its loop. An object may be freed inside
 * its own callback.
 */
#ifndef AUR_LOOP_LOOP_H
#define AUR_LOOP_LOOP_H

#include "base/clock.h"
#include "base/compiler.h"
#include "base/log.h"

struct aur_loop;
struct aur_watch;
struct aur_timer;
struct aur_signal;
struct aur_child;
struct aur_foreground;

#define AUR_LOOP_READ 1u
#define AUR_LOOP_WRITE 2u

typedef void (*aur_watch_fn)(void *arg, unsigned ready);
typedef void (*aur_loop_fn)(void *arg);

/* 0, AUR_ENOMEM, AUR_EIO. */
AUR_MUST_CHECK int aur_loop_new(struct aur_loop **ret_l);

/* What the machinery below has to say of a failure: a line without newline.
 * How grave it is, aur_loop_level tells. Without an argument: there is one such
 * function in a process. */
typedef void (*aur_loop_say_fn)(int severity, const char *line);
enum aur_log_level aur_loop_level(int severity);

/* As aur_loop_new, which drops such lines; `say` gets them from now on, those
 * of other loops too, until another loop is made. */
AUR_MUST_CHECK int aur_loop_new_saying(
    aur_loop_say_fn say, struct aur_loop **ret_l);
void aur_loop_free(struct aur_loop *l); /* NULL is fine */

/* Runs until aur_loop_stop. 0, AUR_EIO. */
AUR_MUST_CHECK int aur_loop_run(struct aur_loop *l);
void aur_loop_stop(struct aur_loop *l);

/* Watches `fd` (non-blocking, the caller's) for `events`, an or of the two
 * bits. 0, AUR_ENOMEM, AUR_EIO. */
AUR_MUST_CHECK int aur_watch_new(struct aur_loop *l, int fd, unsigned events,
    aur_watch_fn fn, void *arg, struct aur_watch **ret_w);
/* Changes what is watched for; 0 for nothing. 0, AUR_EIO. */
int aur_watch_set(struct aur_watch *w, unsigned events);
void aur_watch_free(struct aur_watch *w); /* NULL is fine; fd stays open */

/* A timer, not running. It fires once per start. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_timer_new(
    struct aur_loop *l, aur_loop_fn fn, void *arg, struct aur_timer **ret_t);
void aur_timer_start(struct aur_timer *t, struct aur_span after);
void aur_timer_stop(struct aur_timer *t);
void aur_timer_free(struct aur_timer *t); /* NULL is fine */

/* Calls `fn` from the loop for each signal `number`. 0, AUR_ENOMEM, AUR_EIO.
 */
AUR_MUST_CHECK int aur_signal_new(struct aur_loop *l, int number,
    aur_loop_fn fn, void *arg, struct aur_signal **ret_s);
void aur_signal_free(struct aur_signal *s); /* NULL is fine */

/* What is started. */
struct aur_program {
	const char *path;
	char *const *argv;
	/* "NAME=VALUE", put over our own environment; ended by NULL. Or NULL */
	const char *const *env;
};

/* Starts a program, one end of a socket pair as its stdin and stdout, stderr a
 * pipe of ours, all other descriptors closed, in a session of its own: it has
 * no terminal. `ended` gets no argument but `arg`; the wait status is in
 * aur_child_status. 0, AUR_ENOMEM, AUR_EIO, AUR_EABSENT (no such program). */
AUR_MUST_CHECK int aur_child_new(struct aur_loop *l,
    const struct aur_program *program, aur_loop_fn ended, void *arg,
    struct aur_child **ret_c);
/* Our non-blocking ends; they stay the child object's. */
int aur_child_fd(const struct aur_child *c);
int aur_child_stderr(const struct aur_child *c);
/* Wait status as waitpid gives it; -1 while it runs. */
int aur_child_status(const struct aur_child *c);
/* Its pid; for messages. */
int64_t aur_child_pid(const struct aur_child *c);
/* Closes the descriptors, ends the child if it has not ended (SIGTERM, then
 * SIGKILL after 200 ms) and waits for it. NULL is fine. */
void aur_child_free(struct aur_child *c);

/* Starts the program `path` on our own terminal: stdin, stdout, stderr and
 * the process group are ours, so that keys that make signals reach both. The
 * loop goes on meanwhile; whoever reads the terminal must not. 0, AUR_ENOMEM,
 * AUR_EIO, AUR_EABSENT (no such program). */
AUR_MUST_CHECK int aur_foreground_new(struct aur_loop *l, const char *path,
    char *const argv[], aur_loop_fn ended, void *arg,
    struct aur_foreground **ret_f);
/* Wait status as waitpid gives it; -1 while it runs. */
int aur_foreground_status(const struct aur_foreground *f);
/* Ends it if it has not ended (SIGHUP, as when a terminal goes). NULL is
 * fine. */
void aur_foreground_free(struct aur_foreground *f);

#endif
