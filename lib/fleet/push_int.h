/* SPDX-License-Identifier: MIT */
/*
 * Texts that make writes into push_text.c: push.sh without its comments, the
 * units that the project installs, and where agents are installed.
 */
#ifndef AUR_FLEET_PUSH_INT_H
#define AUR_FLEET_PUSH_INT_H

extern const char aur__push_script[];
extern const char aur__push_unit_system[];
extern const char aur__push_unit_user[];
extern const char aur__push_openrc[];
extern const char aur__push_folder[];

#endif
