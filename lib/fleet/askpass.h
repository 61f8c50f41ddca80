/* SPDX-License-Identifier: MIT */
/*
 * How the system's ssh asks through us. ssh starts a program for each of its
 * questions (SSH_ASKPASS) and reads the answer from its stdout; that program
 * is our own one again, which hands the question to the one that started ssh
 * and waits for the answer:
 *
 *	aurora ──starts──▶ ssh ──starts──▶ aurora PROMPT
 *	   ▲                ▲                 │   │
 *	   │                └──── stdout ─────┘   │
 *	   └─────────── socket: question ─────────┘
 *	                        answer ──▶
 *
 *	helper:	KIND PROMPT '\0'	and then it waits
 *	feed:	'y' ANSWER		and closes; only closes: declined
 *
 * ssh closes what it inherits above 2, so the socket has a name: an abstract
 * one of 128 random bits, in the environment of ssh alone. Both sides look at
 * the other's uid. One in a private folder would stay there when a program is
 * killed. No secret is ever in an argument or in the environment.
 *
 * A program that sets `askpass` in aur_fleet_options begins its main() with
 * a look at whether it is that helper: cli/askpass.c.
 */
#ifndef AUR_FLEET_ASKPASS_H
#define AUR_FLEET_ASKPASS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#define AUR_ASKPASS_ENV "AURORA_ASKPASS"

#define AUR_ASKPASS_SECRET 's'
#define AUR_ASKPASS_CONFIRM 'c' /* yes or no */
#define AUR_ASKPASS_NOTICE 'n'	/* nothing to answer: touch the key */
#define AUR_ASKPASS_ANSWERED 'y'

/* The address of the socket `name`; false where it is too long for one. */
bool aur_askpass_address(
    const char *name, struct sockaddr_un *ret_address, socklen_t *ret_n);
/* Whether who is at the other end is the user that we are. */
bool aur_askpass_same_user(int fd);

#endif
