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
 * An implementation embeds struct aur_feed first. What is borrowed from a feed
 * is good until the next call of its listener; hold samples to keep them.
 */
#ifndef AUR_MODEL_FEED_H
#define AUR_MODEL_FEED_H

#include "model/act.h"
#include "model/event.h"
#include "model/sample.h"
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
	const char *name;     /* "local", "web1" */
	const char *id;       /* "" where there is none */
	const char *address;  /* "local", "alice@web1:22" */
	const char *behind;   /* jump host, or NULL */
	const char *const *groups; /* names, ngroup; the first is its own */
	size_t ngroup;
	const char *via;      /* "local" "libssh2" "openssh" */
	const char *mode;     /* "daemon" "direct" "pushed" */
	bool recording;
	enum aur_host_state state;
	const char *error;            /* sentence for people, or NULL */
	const char *blamed; /* the jump host whose failure that is, or NULL */
	struct aur_sample *now;       /* latest whole sample, or NULL */
	struct aur_sample *before;    /* the one before it, or NULL */
	struct aur_sample *coming;    /* being received: for the first frame */
	struct aur_mono received;     /* the client's clock: when now came */
	struct aur_span rtt;          /* round trip; < 0 unknown */
	struct aur_span clock_offset; /* host's wall clock - ours */
	const struct aur_event *event;
	unsigned restarts; /* times the link was made anew */
};

typedef void (*aur_feed_listen_fn)(void *arg, size_t host, unsigned changes);
typedef void (*aur_feed_reply_fn)(void *arg, const struct aur_act_reply *reply);

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
	void (*free)(struct aur_feed *f);
};

struct aur_feed {
	const struct aur_feed_class *class;
};

#endif
