/* SPDX-License-Identifier: MIT */
/*
 * Bytes from a terminal become keys. Ours and not curses': an Alt-key, a
 * paste, a sequence nobody knows or one that a slow line tore apart must
 * never act as the keys whose letters it is made of.
 *
 *	tui_input_add(&in, bytes, n, now);
 *	while (tui_input_next(&in, now, &event))
 *		...
 *	tui_input_wait(&in, now)    call next again after this long
 *
 * ESC alone counts as the key after 25 ms. A `[` or `O` that follows such an
 * Esc within half a second is taken for the rest of a torn sequence, which is
 * then dropped whole. Pure: time is an argument, no descriptor is touched.
 */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include "base/clock.h"
#include "tui/key.h"

enum tui_event_kind { TUI_EVENT_KEY, TUI_EVENT_PASTE, TUI_EVENT_MOUSE };
enum tui_mouse {
	TUI_MOUSE_LEFT,
	TUI_MOUSE_WHEEL_UP,
	TUI_MOUSE_WHEEL_DOWN,
};

struct tui_event {
	enum tui_event_kind kind;
	uint32_t key; /* KEY: the key; PASTE: one code point */
	enum tui_mouse mouse;
	int x, y; /* MOUSE: cell, from 0 */
};

#define TUI_INPUT_MAX 4096
struct tui_input {
	uint8_t buf[TUI_INPUT_MAX];
	size_t n;
	struct aur_mono came; /* the last bytes */
	struct aur_mono esc;  /* a lone Esc was told; 0: none of late */
	bool pasting;
};

/* Adds bytes; what does not fit is dropped. */
void tui_input_add(
    struct tui_input *in, const uint8_t *bytes, size_t n, struct aur_mono now);

/* The next event; false when there is none yet. */
bool tui_input_next(
    struct tui_input *in, struct aur_mono now, struct tui_event *ret_event);

/* How long until what is pending is decided by time; negative: it is not. */
struct aur_span tui_input_wait(const struct tui_input *in, struct aur_mono now);

#endif
