/* SPDX-License-Identifier: MIT */
/*
 * $XDG_CONFIG_HOME/aurora/top.json: what the setup screen of top keeps. Here
 * the screen's table of settings meets the file's; neither knows the other.
 */
#ifndef CLI_TOP_SETTINGS_H
#define CLI_TOP_SETTINGS_H

#include "tui/tui.h"

struct top_settings {
	char path[4096]; /* "": there is no place for it */
	struct tui_settings set;
};

/* Reads the file, where there is one. CLI_OK, or CLI_FAILED and said. */
int top_settings_read(struct top_settings *t);

/* A tui_save_fn; `arg` is a struct top_settings. */
bool top_settings_save(void *arg, const struct tui_settings *s,
    unsigned changed, char *why, size_t size);

#endif
