/* SPDX-License-Identifier: MIT */
/* Where files of ours are, as the XDG base directory specification has it. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#define PLACE_SIZE 4096

/* $XDG_CONFIG_HOME/aurora/NAME, or of ~/.config. False, and "": there is no
 * such place, or its name does not fit. */
bool place_config(const char *name, char *out, size_t size);

/* $XDG_DATA_HOME/aurora/NAME, or of ~/.local/share. */
bool place_data(const char *name, char *out, size_t size);

/* $HOME/NAME. */
bool place_home(const char *name, char *out, size_t size);

#endif
