/* SPDX-License-Identifier: MIT */
/*
 * A feed: where screens, commands, exporters and rules get samples from. This
 * machine, machines over SSH, a recorded hour, a test script are all feeds,
 * and nobody downstream can tell which.
 *
 *	feed->class->listen(feed, on_change, me);
 *	feed->class->want(feed, 0, &want);
 *	... the loop runs; on_change(me, 0, AUR_FEED_SAMPLE) ...
 *	const struct aur_feed_host *h = feed->class->host(feed, 0);
 *	aur_figures_init(&f, h->before, h->now);
 *
 * A feed of the past has a moment; seeking another one is told as samples are,
 * and a host that kept nothing of it is AUR_HOST_UNREACHABLE with the reason:
 *
 *	if (feed->past)
 *		rc = feed->past->seek(feed, at);
 *
 * An implementation embeds struct aur_feed first. What is borrowed from a feed
 * is good until the next call of its listener; hold samples to keep them.
 */
#ifndef AUR_MODEL_FEED_H
#define AUR_MODEL_FEED_H

#include "model/act.h"
#include "model/event.h"
#include "model/metric.h"
#include "model/sample.h"
#include "model/series.h"
#include "model/want.h"

/* The states of a host, by the names that JSON has. */
enum aur_host_state {
	AUR_HOST_CONNECTING,
	AUR_HOST_UP,
	AUR_HOST_STALE,
	AUR_HOST_AUTH_FAILED,
	AUR_HOST_KEY_UNKNOWN,
	AUR_HOST_KEY_CHANGED,
	AUR_HOST_UNREACHABLE,
	AUR_HOST_NO_AGENT,
};
/* "up", "auth_failed", ...; static. */
const char *aur_host_state_name(enum aur_host_state state);

enum aur_feed_change {
	AUR_FEED_STATE = 1,  /* state, error or facts of the host */
	AUR_FEED_PART = 2,   /* a part of the coming sample (host->coming) */
	AUR_FEED_SAMPLE = 4, /* host->now is new */
	AUR_FEED_EVENT = 8,  /* host->event */
};

struct aur_feed_host {
	const char *name;	   /* "local", "web1" */
	const char *id;		   /* "" where there is none */
	const char *address;	   /* "local", "alice@web1:22" */
	const char *behind;	   /* jump host, or NULL */
	const char *const *groups; /* names, ngroup; the first is its own */
	size_t ngroup;
	const char *via;  /* "local" "libssh2" "openssh" */
	const char *mode; /* "daemon" "direct" "pushed" */
	bool recording;
	enum aur_host_state state;
	const char *error;  /* sentence for people, or NULL */
	const char *blamed; /* the jump host whose failure that is, or NULL */
	struct aur_sample *now;	      /* latest whole sample, or NULL */
	struct aur_sample *before;    /* the one before it, or NULL */
	struct aur_sample *coming;    /* being received: for the first frame */
	struct aur_mono received;     /* the client's clock: when now came */
	struct aur_span rtt;	      /* round trip; < 0 unknown */
	struct aur_span clock_offset; /* host's wall clock - ours */
	const struct aur_event *event;
	unsigned restarts; /* times the link was made anew */
};

typedef void (*aur_feed_listen_fn)(void *arg, size_t host, unsigned changes);
typedef void (*aur_feed_reply_fn)(void *arg, const struct aur_act_reply *reply);

/* What a host kept by itself, asked for in blocks (pack/pack.h). */
enum aur_kept {
	AUR_KEPT_SYSTEM = 1,	/* all domains but those of processes */
	AUR_KEPT_PROCESSES = 2, /* tables of processes */
	AUR_KEPT_EVENTS = 4,
};
struct aur_backfill {
	unsigned kinds;		  /* of enum aur_kept */
	struct aur_wall from, to; /* by the host's clock; blocks that touch
				     it come whole, newest first */
};
/* A block as it is kept, not checked yet; borrowed. */
typedef void (*aur_feed_block_fn)(void *arg, struct aur_slice block);

struct aur_feed;
struct aur_feed_class {
	/* Hosts, fixed while a listener runs. */
	size_t (*count)(const struct aur_feed *f);
	const struct aur_feed_host *(*host)(const struct aur_feed *f, size_t i);
	/* Whom to tell; NULL for nobody. */
	void (*listen)(struct aur_feed *f, aur_feed_listen_fn fn, void *arg);
	/* What is wanted of host `i` from now on. 0, AUR_ENOMEM. */
	int (*want)(struct aur_feed *f, size_t i, const struct aur_want *want);
	/* Acts; `done` is called exactly once, also on failure, maybe before
	 * this returns. */
	void (*act)(struct aur_feed *f, size_t i, const struct aur_act *act,
	    aur_feed_reply_fn done, void *arg);
	/* Tries again at once what waits. */
	void (*retry)(struct aur_feed *f, size_t i);
	/* Asks host `i` for what it kept; its live samples come first. `done`
	 * is called exactly once, AUR_EUNSUPPORTED where it keeps nothing,
	 * AUR_EBUSY while it answers another one, AUR_ECLOSED when the link
	 * ended: what has come by then is good. NULL: no host can be asked. */
	void (*backfill)(struct aur_feed *f, size_t i,
	    const struct aur_backfill *ask, aur_feed_block_fn block,
	    aur_feed_reply_fn done, void *arg);
	void (*free)(struct aur_feed *f);
};

/* --- the past ------------------------------------------------------------- */

/* An event as it was kept; borrowed. */
typedef void (*aur_feed_event_fn)(
    void *arg, size_t host, const struct aur_event *event);

/* A table of processes and the one before it, or NULL; borrowed. */
typedef void (*aur_feed_table_fn)(
    void *arg, struct aur_sample *before, struct aur_sample *now);

enum aur_moment {
	AUR_MOMENT_SAMPLE, /* the next sample of any host */
	AUR_MOMENT_EVENT,  /* something that happened, or a spike */
};

struct aur_feed_past {
	/* Shows the hosts as they were: host->now is the last sample at or
	 * before `at`, with the processes that were read last, or the first
	 * of what begins a few seconds behind it; wants are obeyed. 0;
	 * AUR_EABSENT: nobody kept anything near; AUR_EIO, AUR_ENOMEM. */
	int (*seek)(struct aur_feed *f, struct aur_wall at);
	/* The moment that is shown; 0 before the first seek. */
	struct aur_wall (*at)(const struct aur_feed *f);
	/* First and last sample kept of host `i`, SIZE_MAX of any. False:
	 * nothing is. */
	bool (*bounds)(struct aur_feed *f, size_t i, struct aur_wall *ret_from,
	    struct aur_wall *ret_to);
	/* The moment before (dir < 0) or after `at` that mattered; `why`, a
	 * line for people, is cut to its size. 0, AUR_EABSENT, AUR_EIO. */
	int (*moment)(struct aur_feed *f, struct aur_wall at, int dir,
	    enum aur_moment what, struct aur_wall *ret_at, char *why,
	    size_t size);
	/* `n` points over [from, to), from whatever resolution suits; n = 0
	 * where nothing is known of a step. 0, AUR_ENOMEM, AUR_EIO. */
	int (*points)(struct aur_feed *f, size_t i,
	    const struct aur_metric *metric, struct aur_wall from,
	    struct aur_wall to, struct aur_point *points, size_t n);
	/* What happened in [from, to), of host `i` or, SIZE_MAX, of all, in
	 * order of time; the last `most` of them (0: all). 0, AUR_EIO,
	 * AUR_ENOMEM. */
	int (*events)(struct aur_feed *f, size_t i, struct aur_wall from,
	    struct aur_wall to, size_t most, aur_feed_event_fn fn, void *arg);
	/* The last `most` tables of processes of host `i` up to the one that is
	 * shown, oldest first, as far as there is no gap between them. 0,
	 * AUR_ENOMEM, AUR_EIO. NULL: they cannot be had. */
	int (*tables)(struct aur_feed *f, size_t i, size_t most,
	    aur_feed_table_fn fn, void *arg);
};

struct aur_feed {
	const struct aur_feed_class *class;
	const struct aur_feed_past *past; /* NULL: it is live */
};

#endif
