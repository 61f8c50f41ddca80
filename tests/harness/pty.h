/* SPDX-License-Identifier: MIT */
/*
 * A program in a pseudo-terminal, for tests: keys go in, its screen is read.
 *
 *	const char *argv[] = {"./aurora", "top", NULL};
 *	struct pty *p = pty_start(24, 80, argv, NULL);
 *	pty_wait_text(p, 0, 1, "local", 5000);
 *	pty_send(p, PTY_F1);
 *	pty_wait_any(p, "Help", 5000);
 *	pty_send(p, "q");
 *	pty_wait_exit(p, 5000)			0
 *	pty_unrestored(p)			""
 *	pty_free(p);
 *
 * The program is the leader of its own session and sees TERM=xterm-256color,
 * LC_ALL=C.UTF-8 and no COLUMNS or LINES. Deadlines are in milliseconds and
 * say when to give up: a wait ends as soon as what it waits for is there.
 * Rows and columns count from 0. The cells are those of screen.h.
 */
#ifndef TESTS_HARNESS_PTY_H
#define TESTS_HARNESS_PTY_H

#include "tests/harness/screen.h"

#include <sys/types.h>

/* Keys as xterm sends them after ncurses has switched the keypad on. */
#define PTY_UP "\033OA"
#define PTY_DOWN "\033OB"
#define PTY_RIGHT "\033OC"
#define PTY_LEFT "\033OD"
#define PTY_HOME "\033OH"
#define PTY_END "\033OF"
#define PTY_PGUP "\033[5~"
#define PTY_PGDN "\033[6~"
#define PTY_INSERT "\033[2~"
#define PTY_DELETE "\033[3~"
#define PTY_TAB "\t"
#define PTY_BACKTAB "\033[Z"
#define PTY_ENTER "\r"
#define PTY_ESC "\033"
#define PTY_BACKSPACE "\177"
#define PTY_F1 "\033OP"
#define PTY_F2 "\033OQ"
#define PTY_F3 "\033OR"
#define PTY_F4 "\033OS"
#define PTY_F5 "\033[15~"
#define PTY_F6 "\033[17~"
#define PTY_F7 "\033[18~"
#define PTY_F8 "\033[19~"
#define PTY_F9 "\033[20~"
#define PTY_F10 "\033[21~"
#define PTY_CTRL(letter) ((char[]){(letter)&31, '\0'})

struct pty;

/* Starts `argv` (searched in PATH, ends with NULL). `env` is NULL or a list
 * that ends with NULL: "NAME=value" sets, "NAME" removes. NULL and a message
 * on stderr when that is not possible; an argv[0] that does not exist shows
 * as exit status 127. */
struct pty *pty_start(
    int rows, int cols, const char *const argv[], const char *const env[]);

/* Kills the program if it still runs, waits for it, frees all. */
void pty_free(struct pty *p);

/* The screen as of the last wait. Owned by `p`. */
struct screen *pty_screen(struct pty *p);

/* Writes keys, all at once. */
void pty_send(struct pty *p, const char *keys);
void pty_send_bytes(struct pty *p, const void *bytes, size_t n);

/* Reads until nothing has come for `quiet_ms`; false when the deadline came
 * first. */
bool pty_quiet(struct pty *p, int quiet_ms, int deadline_ms);

/* Reads until `text` stands at this cell; false at the deadline, and then the
 * screen is printed as TAP comments. Text that never comes after the program
 * has ended is not waited for. */
bool pty_wait_text(
    struct pty *p, int row, int col, const char *text, int deadline_ms);

/* The same, anywhere on the screen; screen_find tells where. */
bool pty_wait_any(struct pty *p, const char *text, int deadline_ms);

/* The same, until `text` stands nowhere. */
bool pty_wait_gone(struct pty *p, const char *text, int deadline_ms);

/* New size, and SIGWINCH for the program. */
void pty_resize(struct pty *p, int rows, int cols);

/* Reads until the program has ended: its exit status, 128 + a signal's
 * number, or -1 at the deadline. */
int pty_wait_exit(struct pty *p, int deadline_ms);

/* Reads until the program has stopped (Ctrl-Z) or the deadline is there. */
bool pty_wait_stop(struct pty *p, int deadline_ms);

/* The terminal goes away, as with a lost ssh connection: SIGHUP, then EIO.
 * Only pty_wait_exit and pty_free make sense after this. */
void pty_hangup(struct pty *p);

/* The program, for kill(2). */
pid_t pty_pid(const struct pty *p);

/* What the program left switched on at the terminal (screen_unrestored) and
 * "termios" when the line's settings are not those of the start; "" when all
 * is as it was. Good until the next call. */
const char *pty_unrestored(struct pty *p);

/* All bytes that the program has written so far. */
uint64_t pty_bytes(const struct pty *p);

/* The screen as TAP comments. */
void pty_dump(struct pty *p);

#endif
