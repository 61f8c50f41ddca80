/* SPDX-License-Identifier: MIT */
/*
 * A link: one host of a fleet, and the connection to its agent. link.c has its
 * states, link_talk.c what is said over it. What it needs of the world it is
 * given, so that a test can give it another one.
 */
#ifndef AUR_FLEET_LINK_INT_H
#define AUR_FLEET_LINK_INT_H

#include "fleet/pace_int.h"
#include "fleet/transport_int.h"
#include "wire/client.h"

#define AUR__READ_CHUNK 65536u

struct aur__link;

/* The world of all links of one fleet. */
struct aur__world {
	struct aur_loop *loop;
	const struct aur_fleet_options *options;
	const struct aur__pace *pace;
	uint8_t *chunk; /* AUR__READ_CHUNK bytes, for whoever reads just now */

	const struct aur__transport_class *(*transport)(
	    enum aur_fleet_via via, size_t n);
	void *(*pool)(void *arg, const struct aur__transport_class *class);
	/* A handshake may begin: at once or later by aur__link_open. */
	void (*enter)(void *arg, struct aur__link *l);
	void (*leave)(void *arg, struct aur__link *l);
	void (*changed)(void *arg, size_t host, unsigned changes);
	/* A question of this link's; NULL: it is void. */
	void (*ask)(void *arg, struct aur__link *l,
	    const struct aur_fleet_question *question);
	/* The login was refused; what was noted of that earlier. */
	void (*refused)(void *arg, struct aur__link *l, const char *why);
	bool (*was_refused)(
	    void *arg, struct aur__link *l, struct aur_buf *ret_why);
	void (*accepted)(void *arg, struct aur__link *l);
	/* A jump host failed under this link. */
	void (*jump_failed)(
	    void *arg, struct aur__link *l, const struct aur__failure *why);
	void *arg;
};

struct aur__request {
	struct aur__request *next;
	uint64_t id;
	aur_feed_reply_fn done; /* one of the two */
	aur_fleet_team_fn team;
	aur_feed_block_fn block; /* of a backfill */
	void *arg;
};

enum aur__link_phase {
	AUR__LINK_REST,	   /* nothing is done: final, or backing off */
	AUR__LINK_QUEUE,   /* for its turn to make a handshake */
	AUR__LINK_OPENING, /* until the agent's hello */
	AUR__LINK_OPEN,
};

struct aur__link {
	const struct aur__world *world;
	size_t index; /* in the feed */
	struct aur__route route;
	struct aur_feed_host host; /* what the feed shows */

	enum aur__link_phase phase;
	const struct aur__transport_class *class;
	struct aur__transport *transport;
	struct aur_client *client;
	struct aur_timer *backoff, *watchdog, *ping;
	struct aur__backoff wait;
	size_t nth; /* transport of those that may be tried */

	struct aur__request *requests;
	struct aur_want want;
	bool wanted;
	uint64_t got; /* samples of this subscription */

	enum aur_fleet_step step; /* the one that is being made */
	struct aur_mono step_began;
	bool stepping, asking;
	bool woke;    /* this machine slept: it has to speak soon */
	bool refused; /* its login was, and that is noted somewhere */

	struct aur_span hello_offset;
	struct aur_buf error;	/* host.error points here */
	char jump[64];		/* host.blamed too */
	struct aur_buf address; /* host.address points here */
	/* the queue of handshakes, kept by the fleet */
	struct aur__link *next;
	bool inside;
	/* its question, kept by the fleet until its turn */
	struct aur_fleet_question question;
	char prompt[512], fingerprint[128];
	bool queued;
};

/* Makes `l` (zeroed) a link that is connecting but does nothing yet; all is
 * borrowed. 0, AUR_ENOMEM. Release it in any case. */
AUR_MUST_CHECK int aur__link_init(struct aur__link *l,
    const struct aur__world *world, size_t index,
    const struct aur__route *route);
void aur__link_release(struct aur__link *l);

/* Begins, or does nothing where something has begun. */
void aur__link_start(struct aur__link *l);
/* Its turn has come. */
void aur__link_open(struct aur__link *l);
/* A person wants another try now. */
void aur__link_retry(struct aur__link *l);
/* This machine slept. */
void aur__link_woke(struct aur__link *l);
/* It failed before or while it connected, by no fault of its own. */
void aur__link_fail(struct aur__link *l, const struct aur__failure *why);
/* The open question's answer. */
void aur__link_answer(struct aur__link *l, const char *text);

/* Ends the connection for a reason and decides what comes next. */
void aur__link_lose(struct aur__link *l, const struct aur__failure *why);
/* A step: told to who wants to know, and its deadline set. */
void aur__link_step(struct aur__link *l, enum aur_fleet_step step,
    enum aur_fleet_how how, const char *text);
/* A sample has come, or another subscription: the patience starts anew. */
void aur__link_watch(struct aur__link *l);
void aur__link_tell(struct aur__link *l, unsigned changes);

/* --- link_talk.c ---------------------------------------------------------- */

/* A client on the transport that has just been opened. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur__link_talk(struct aur__link *l);
/* Reads and writes until it would block. What breaks loses the link: then the
 * link has no client any more. */
void aur__link_move(struct aur__link *l);
/* Reads what is left at the end, for its samples and for the reason. NULL, or
 * how the protocol was broken. */
const char *aur__link_drain(struct aur__link *l);
AUR_MUST_CHECK int aur__link_want(
    struct aur__link *l, const struct aur_want *want);
void aur__link_act(struct aur__link *l, const struct aur_act *act,
    aur_feed_reply_fn done, void *arg);
void aur__link_backfill(struct aur__link *l, const struct aur_backfill *what,
    aur_feed_block_fn block, aur_feed_reply_fn done, void *arg);
void aur__link_team(
    struct aur__link *l, const char *id, aur_fleet_team_fn done, void *arg);
/* Answers all who still wait. */
void aur__link_fail_requests(struct aur__link *l, const char *text);
void aur__link_ping(struct aur__link *l);
void aur__link_forget(struct aur__link *l);

#endif
