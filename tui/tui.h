/* SPDX-License-Identifier: MIT */
/*
 * The screen: `aurora top`. It sees a feed and the loop, and nothing of where
 * samples come from; what it needs it asks of the feed.
 *
 *	struct tui_options o = {.interval = aur_span_ms(1000), .sort = -1};
 *	status = tui_run(loop, feed, &o);
 *
 * It owns the terminal from the call to the return, and leaves it as it was,
 * whatever ends it.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "loop/loop.h"
#include "model/feed.h"
#include "tui/setting.h"

/* Order of the sorted column. */
enum tui_order {
	TUI_ORDER_OWN, /* numbers that tell of load descend, the rest ascend */
	TUI_ORDER_ASCENDING,
	TUI_ORDER_DESCENDING,
};

/* What shows first. */
enum tui_screen {
	TUI_SCREEN_USUAL, /* the fleet, or the overview of the one host */
	TUI_SCREEN_FLEET,
	TUI_SCREEN_OVERVIEW,
	TUI_SCREEN_HOST,
	TUI_SCREEN_PROCESSES, /* of all hosts */
	TUI_SCREEN_EVENTS,
};

/* Keeps for good what the user has set: of `s` the settings whose bits are in
 * `changed`, and nothing else. False, and a sentence in `why`, when that could
 * not be done. */
typedef bool (*tui_save_fn)(void *arg, const struct tui_settings *s,
    unsigned changed, char *why, size_t size);

/* Somebody else's turn on the terminal. The one who made it (a program, for
 * its questions and its ssh) leaves and comes back through it:
 *
 *	struct tui_door door = {0};
 *	options.door = &door;
 *	... in a callback of the loop:
 *	tui_door_leave(&door);		the screen has given the terminal back
 *	... ask, or run a program in the foreground; the loop may go on ...
 *	tui_door_return(&door);		the screen comes back and draws anew
 *
 * Calls may be nested; the last return counts. Where no screen holds the
 * terminal they do nothing. */
struct tui_door {
	void *screen; /* the screen's own; NULL: there is none */
	unsigned away;
};
void tui_door_leave(struct tui_door *door);
void tui_door_return(struct tui_door *door);
/* Says a line in the status line, for as long as any. */
void tui_door_say(struct tui_door *door, const char *text);

/* Opens a shell on a host of the feed, in the foreground: leaves by the door,
 * and comes back when it has ended. False, and a sentence in `why`, when that
 * cannot be. */
typedef bool (*tui_shell_fn)(void *arg, size_t host, char *why, size_t size);

/* All is borrowed for the length of the call. A zeroed one is fine but for
 * `sort`, where 0 is a column. */
struct tui_options {
	struct aur_span interval; /* 0: that of the settings */
	const char *user;	  /* only this user's processes; NULL: all */
	const uint64_t *pids;	  /* only these processes; NULL: all */
	size_t npid;
	const char *filter; /* in the filter language, checked by the
			       caller; NULL: none */
	int sort;	    /* enum aur_column_id; -1: by CPU */
	enum tui_order order;
	enum tui_screen screen;
	bool tree;
	bool no_color;
	bool ascii;
	bool no_mouse;
	bool readonly;	  /* signals and nice values are not offered */
	bool utc;	  /* times in UTC, not the local zone */
	const char *team; /* its name, for the title; NULL: none */
	/* the hosts as a command line names them, options included: "web*",
	 * "-x", "web3"; for copying */
	const char *const *words;
	size_t nword;
	const char *bundle; /* the file all is of, or NULL; for copying */
	const struct tui_settings *settings; /* NULL: those of nobody */
	const struct tui_settings *kept;     /* as a start without options has
						them; NULL: as above */
	tui_save_fn save;		     /* NULL: nothing is kept */
	void *save_arg;
	struct tui_door *door; /* NULL: nobody else wants the terminal */
	tui_shell_fn shell;    /* NULL: it is not offered */
	void *shell_arg;
	/* of the past, of the same hosts in the same order; NULL: nothing is
	 * kept, and keys that look back say so */
	struct aur_feed *past;
	struct aur_wall at; /* the moment it begins with; 0: live */
	bool ended;	    /* nothing is live: nothing leads out of the past */
	struct aur_wall looked; /* when somebody looked last; 0: unknown */
};

/* Runs the screen for the hosts of `feed` until the user leaves. Needs stdin
 * and stdout to be a terminal; takes over the feed's listener and its wants.
 * The program's exit status: 0 left by the user; 1 could not start or the
 * terminal went away, said on stderr where that can be read; 128 + the
 * signal that ended it. */
int tui_run(struct aur_loop *loop, struct aur_feed *feed,
    const struct tui_options *options);

/* The same as lines of text (plain.h); stdin and stdout may be anything. 0
 * left by the user, or stdin ended; 1 a failure; 128 + signal. */
int tui_run_plain(struct aur_loop *loop, struct aur_feed *feed,
    const struct tui_options *options);

#endif
