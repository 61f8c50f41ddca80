/* SPDX-License-Identifier: MIT */
/*
 * What hosts ask a person, on the terminal: whether a host key is the right
 * one, a passphrase, a code, a touch. The loop goes on while somebody thinks.
 *
 *	struct ask a;
 *	ask_init(&a, loop, door);
 *	options.ask = ask_on_question;
 *	options.arg = &a;
 *	rc = aur_fleet_new(&a.feed, ...);
 *	...
 *	ask_release(&a);		before the feed and the loop
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/limits.h"
#include "fleet/fleet.h"
#include "tui/tui.h"

#include <termios.h>

struct ask {
	struct aur_loop *loop;
	struct aur_feed *feed; /* whose questions they are */
	struct tui_door *door; /* of the screen, or NULL */
	/* Told when a question opens and when none is open any more; for
	 * deadlines. May be NULL. */
	void (*busy)(void *arg, bool open);
	void *arg;

	/* private */
	struct aur_watch *watch;
	struct aur_signal *sigint;
	struct termios before;
	int fd; /* of the terminal; -1 */
	bool hidden, away;
	enum aur_fleet_ask kind;
	char line[AUR_MAX_LINE];
	size_t n;
};

/* Whether there is somebody to ask: stdin and stderr are a terminal. */
bool ask_can(void);

void ask_init(struct ask *a, struct aur_loop *loop, struct tui_door *door);
void ask_release(struct ask *a);

/* The callback of aur_fleet_options. */
void ask_on_question(void *arg, const struct aur_fleet_question *question);

#endif
