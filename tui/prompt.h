/* SPDX-License-Identifier: MIT */
/*
 * A line of text being typed. It takes every key that edits or is a
 * character; what it does not take (Enter, Esc, Up ...) is the caller's.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "model/filter.h"
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

/* Makes `text`, TUI_PROMPT_MAX bytes at the most and "" for all, the filter and
 * keeps it in `kept` as it was typed. False, and `error` says why and where,
 * when it does not parse; both are as they were then. */
bool tui_prompt_filter(const char *text, aur_filter_find_fn find,
    struct aur_filter **filter, char kept[TUI_PROMPT_MAX], char *error,
    size_t size);

/* Draws "label: text" in row `y`, and places the cursor. */
void tui_prompt_draw(const struct tui_prompt *p, const struct tui_area *a,
    int y, const char *label);

#endif
