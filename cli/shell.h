/* SPDX-License-Identifier: MIT */
/*
 * `!` on the screen: a shell on a host, in the foreground. The screen leaves
 * the terminal, the links go on, and when the shell has ended the screen is
 * back. Where ssh failed, its words stay until Enter.
 *
 *	struct shell sh = {.loop = loop, .feed = feed};
 *	options.door = &sh.door;
 *	options.shell = shell_open;
 *	options.shell_arg = &sh;
 *	... tui_run ...
 *	shell_release(&sh);
 */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "fleet/fleet.h"
#include "tui/tui.h"

struct shell {
	struct aur_loop *loop; /* borrowed */
	struct aur_feed *feed; /* borrowed; of lib/fleet */
	struct tui_door door;
	struct aur_foreground *program;
	struct aur_watch *enter;
};

/* A tui_shell_fn; `arg` is a struct shell. */
bool shell_open(void *arg, size_t host, char *why, size_t size);
void shell_release(struct shell *sh);

#endif
