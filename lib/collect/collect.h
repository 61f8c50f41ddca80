/* SPDX-License-Identifier: MIT */
/*
 * The collector: fills samples with facts of this machine. It knows neither
 * wire nor screen, keeps raw counters only, and reads no more than was asked.
 *
 *	struct aur_collect *c;
 *	rc = aur_collect_new(&c, NULL);              this machine
 *	aur_collect_want(c, &want);
 *	rc = aur_collect_sample(c, on_part, arg, &sample);
 *	...
 *	aur_sample_unref(sample);
 *	aur_collect_free(c);
 *
 * What runs is a table of const collectors, one file each, in the folder of
 * the platform (linux/, none/). One that fails costs its own part, never the
 * sample: the part `collector` says what failed. What can block in the kernel
 * (statvfs of a dead mount, the command line of a stuck process, a slow
 * sensor) is read by a helper process with a deadline; the sample goes out
 * without it, with what was last known or nothing.
 *
 * Processes are sampled adaptively: the process CPU clock tells who ran; who
 * ran is read, the rest in turn so that nothing is older than a few seconds;
 * counters of a process whose clock stood still are known to be unchanged, so
 * its instance carries the sample's own time.
 */
#ifndef AUR_COLLECT_COLLECT_H
#define AUR_COLLECT_COLLECT_H

#include "base/log.h"
#include "model/act.h"
#include "model/sample.h"
#include "model/want.h"

struct aur_collect;

struct aur_collect_options {
	const char *root;	   /* "" is this machine; else a folder that
				      holds proc/, sys/, etc/: a fixture. Then
				      no clock or socket of ours is asked: times
				      come from the tree's files */
	struct aur_strs *strs;	   /* for its samples, held; NULL: its own */
	const struct aur_log *log; /* borrowed; may be NULL */
	bool no_helper;		   /* read in this process: tests, one-shots */
};

/* A collector for this machine (options NULL) or a tree. The caller frees it.
 * 0, AUR_ENOMEM, AUR_EABSENT (no such root). */
AUR_MUST_CHECK int aur_collect_new(
    struct aur_collect **ret_c, const struct aur_collect_options *options);

/* Ends the helper and frees all; NULL is fine. */
void aur_collect_free(struct aur_collect *c);

/* What samples hold from now on; copied. Nothing at first. */
void aur_collect_want(struct aur_collect *c, const struct aur_want *want);

/* Called for each part as soon as it is complete, processes last; the sample
 * is being built and must not be kept. */
typedef void (*aur_collect_part_fn)(
    void *arg, struct aur_sample *s, const struct aur_part *part);

/* Takes one sample now. `part` may be NULL. The caller owns the result. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_collect_sample(struct aur_collect *c,
    aur_collect_part_fn part, void *arg, struct aur_sample **ret_sample);

/* The string table of its samples, borrowed. */
struct aur_strs *aur_collect_strs(struct aur_collect *c);

/* How much of the processes it is shown; and in `ret_hides`, whether this host
 * shows ordinary users only their own (hidepid of proc(5)). */
enum aur_sight aur_collect_sight(struct aur_collect *c, bool *ret_hides);

/* Sends a signal or sets a nice value, after checking (with a pidfd where the
 * kernel has them) that the process is still the one named. 0 and the
 * aur_errs DENIED, CHANGED, ABSENT, INVALID, UNSUPPORTED. `text` gets a
 * sentence for people; may be NULL. */
int aur_collect_act(
    struct aur_collect *c, const struct aur_act *act, struct aur_buf *text);

#endif
