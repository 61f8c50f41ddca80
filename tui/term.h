/* SPDX-License-Identifier: MIT */
/*
 * The terminal: taken over, drawn on, given back. Only term.c knows curses.
 *
 *	rc = tui_term_start(&t, &options, &why);
 *	tui_term_flush(t, &surface);
 *	n = tui_term_read(t, bytes, sizeof(bytes));
 *	tui_term_stop(t);
 *
 * While it runs, a crash (SIGSEGV, SIGABRT, ...) gives the terminal back
 * before the program dies. One at a time.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include "tui/cell.h"

struct tui_term;

struct tui_term_options {
	bool no_color, ascii, no_mouse;
};

/* Takes the terminal over. 0; else an error, and `ret_why` is a sentence
 * about what to do. */
AUR_MUST_CHECK int tui_term_start(struct tui_term **ret_t,
    const struct tui_term_options *options, const char **ret_why);

/* Gives it back. NULL is fine. `gone`: it is no more; nothing is written. */
void tui_term_stop(struct tui_term *t, bool gone);

/* Whether only ASCII can be shown, and whether braille too. */
bool tui_term_is_ascii(const struct tui_term *t);
bool tui_term_has_braille(const struct tui_term *t);

/* How it looks from the next frame on; at first TUI_THEME_DEFAULT. */
void tui_term_theme(
    struct tui_term *t, enum tui_theme theme, enum tui_ground ground);
/* Takes the mouse, or leaves it to the terminal. */
void tui_term_mouse(struct tui_term *t, bool on);

/* Whether the terminal is known to take text for the clipboard (OSC 52), and
 * giving it some. */
bool tui_term_can_copy(const struct tui_term *t);
void tui_term_copy(struct tui_term *t, const char *text);

/* Takes up the size that the terminal has now. */
void tui_term_resize(struct tui_term *t, int *ret_w, int *ret_h);

/* Shows the surface: writes what differs from what was shown. `anew` writes
 * everything. */
void tui_term_flush(struct tui_term *t, const struct tui_surface *s, bool anew);

/* Writes bytes that are no frame and show nothing. */
void tui_term_write(struct tui_term *t, const char *p, size_t n);

/* Whether earlier output still waits for a slow line: skip this frame. */
bool tui_term_is_behind(const struct tui_term *t);

/* Takes what was typed: the bytes; 0 none yet; -1 the terminal is gone. */
int tui_term_read(struct tui_term *t, uint8_t *bytes, size_t n);
int tui_term_fd(const struct tui_term *t);

/* Gives the terminal back for a stop (Ctrl-Z), stops the whole job, and takes
 * it again when that goes on. */
void tui_term_suspend(struct tui_term *t);
/* Gives it back for somebody else to use, until it is resumed. */
void tui_term_leave(struct tui_term *t);
/* Takes it again after that, or after a stop that we did not make. */
void tui_term_resume(struct tui_term *t);

#endif
