/* SPDX-License-Identifier: MIT */
/*
 * A line of text being typed. It takes every key that edits or is a
 * character; what it does not take (Enter, Esc, Up ...) is the caller's.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "tui/cell.h"
#include "tui/input.h"

#define TUI_PROMPT_MAX 1024

struct tui_prompt {
	char text[TUI_PROMPT_MAX]; /* UTF-8, with a NUL */
	size_t n, at;		   /* bytes; where the cursor stands */
};

void tui_prompt_set(struct tui_prompt *p, const char *text);

/* Takes a key or a pasted character; false when it is neither. */
bool tui_prompt_key(struct tui_prompt *p, const struct tui_event *event);

/* Draws "label: text" in row `y`, and places the cursor. */
void tui_prompt_draw(const struct tui_prompt *p, const struct tui_area *a,
    int y, const char *label);

#endif
