/* SPDX-License-Identifier: MIT */
/* What daemon.c, daemon_client.c and daemon_sample.c share. */
#ifndef AGENTD_DAEMON_INT_H
#define AGENTD_DAEMON_INT_H

#include "agentd/daemon_door.h"
#include "agentd/daemon_kept.h"
#include "agentd/daemon_plan.h"
#include "agentd/daemon_record.h"
#include "agentd/daemon_settings.h"
#include "agentd/daemon_view.h"
#include "agentd/serve.h"
#include "loop/loop.h"

struct daemon;

struct client {
	struct client *next;
	struct daemon *daemon;
	int fd;
	struct aur_watch *watch;
	struct serve *serve;
	struct view_peer peer;
	uint64_t pid;
	struct aur_mono since;
	bool ended;		  /* freed when nobody walks the list */
	bool turn;		  /* is given a sample now */
	struct aur_sample *given; /* that sample, for others alike; held */
	unsigned reports;	  /* in the stretch that began at: */
	struct aur_mono reports_since;
	struct kept kept; /* the backfill that it is answered */
};

struct daemon {
	const char *config; /* as the command line names it, or NULL */
	struct daemon_settings settings;
	struct door door;
	struct aur_loop *loop;
	struct aur_watch *door_watch;
	struct aur_timer *due;	 /* the next sampling */
	struct aur_timer *fill;	 /* blocks that are being made */
	struct aur_timer *sweep; /* who never says hello; a door that waits */
	struct aur_signal *signal[3];
	struct client *clients;
	unsigned nclient;
	bool door_shut; /* out of descriptors for a moment */

	struct aur_strs *strs;
	struct aur_collect *probe; /* never samples: sight, boot id */
	struct aur_collect *host;  /* while somebody wants something */
	struct aur_mono sampled;
	bool has_sampled;
	uint8_t boot_id[16];
	uint64_t event;	     /* number of the last one */
	struct spool *spool; /* NULL: nothing is kept */
	struct recorder recorder;
	struct aur_mono refused_at;
	unsigned refused; /* since it was last said */
};

/* daemon_client.c: guests let in or refused; bytes. */
void daemon__enter(struct daemon *d, int fd, const struct guest *guest);
/* Writes what can be written; marks it ended where nobody reads. */
void daemon__flush(struct client *c);
/* Frees those that have ended; all of them. */
void daemon__reap(struct daemon *d);
void daemon__clear(struct daemon *d);
/* Ends those that have not said hello in time. Whether some may still. */
bool daemon__expire(struct daemon *d);

/* daemon_sample.c */
/* Sets the timer for who is due next, or rests. */
void daemon__plan(struct daemon *d);
/* The timer: one sample for all who are due. */
void daemon__sample(void *arg);

/* daemon_backfill.c: of a client; the timer. */
extern const struct serve_kept daemon__kept;
void daemon__fill(void *arg);

/* daemon.c: tells all clients but those who are shown only their own. */
void daemon__tell(struct daemon *d, struct aur_event *event);
void daemon__start_sweep(struct daemon *d);
struct serve_now daemon__now(void);

#endif
