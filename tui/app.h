/* SPDX-License-Identifier: MIT */
/*
 * The program behind the screen: views, focus, modes, and what keys do. It
 * draws on a surface and is told events and changes of the feed; it knows no
 * terminal, so tests drive it by hand.
 *
 *	rc = tui_app_init(&app, feed, &options);
 *	tui_app_change(&app, host, AUR_FEED_SAMPLE, now);
 *	tui_app_event(&app, &event, now);
 *	tui_app_draw(&app, now);      app.surface
 *	tui_app_release(&app);
 *
 * Views: the overview (meters above the list), the host (every meter, large),
 * the processes (the list alone), one pane enlarged, and one process.
 *
 *	overview --2--> host --Enter--> pane
 *	   |  \--3--> processes --Enter--> details
 *	   Esc, q come back from each; q in the overview quits
 *
 * With several hosts there is the fleet in front of it (fleet_app.c).
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "tui/details.h"
#include "tui/events.h"
#include "tui/fleet_table.h"
#include "tui/menu.h"
#include "tui/moment.h"
#include "tui/morning.h"
#include "tui/plot.h"
#include "tui/procs.h"
#include "tui/tui.h"

enum tui_view {
	TUI_VIEW_OVERVIEW,
	TUI_VIEW_HOST,
	TUI_VIEW_PROCESSES,
	TUI_VIEW_PANE,
	TUI_VIEW_DETAILS,
	TUI_VIEW_FLEET,
	TUI_VIEW_EVENTS,
};

enum tui_mode {
	TUI_MODE_NORMAL,
	TUI_MODE_HELP,
	TUI_MODE_SEARCH,
	TUI_MODE_FILTER,
	TUI_MODE_INTERVAL,
	TUI_MODE_SORT,
	TUI_MODE_USER,
	TUI_MODE_SIGNAL,  /* which signal */
	TUI_MODE_CPUS,	  /* which CPUs */
	TUI_MODE_IO,	  /* which priority of I/O */
	TUI_MODE_COUNT,	  /* how many processes, typed */
	TUI_MODE_CONFIRM, /* y or not */
	TUI_MODE_SETUP,
	TUI_MODE_COPY,
	TUI_MODE_COLUMNS, /* which, in which order */
	TUI_MODE_FLEET_COLUMNS,
	TUI_MODE_PICK,	  /* a host */
	TUI_MODE_TROUBLE, /* why a host is not up, whole */
	TUI_MODE_WHEN,	  /* a time to go to */
};

#define TUI_COPY_MAX 4096
#define TUI_MIN_W 40
#define TUI_MIN_H 12

struct tui_target {
	struct aur_key key; /* pid, start */
	size_t host;	    /* of the feed */
	uint64_t thread;    /* it was chosen by this one of it; 0: itself */
	int nice;
	bool nice_known;
	char name[48], user[32], unit[64];
};

struct tui_pending; /* a request on its way */

struct tui_asked {
	uint64_t domains, process_fields, close_fields, close;
	struct aur_span interval; /* 0: nothing */
};

struct tui_app_morning { /* events_app.c */
	struct tui_morning list;
	struct aur_wall looked;
	struct aur_mono at; /* when it is made anew; 0: not */
	unsigned left;	    /* times that it is */
	bool told;	    /* it stands in the last row */
	char text[256];
};

struct tui_app {
	struct aur_feed *feed; /* that is shown; borrowed */
	size_t nhost;
	size_t host; /* whom the scene shows */
	/* with several hosts; fleet_app.c */
	struct tui_fleet fleet;
	struct tui_fleet_table table;
	char team[64];		  /* "": none */
	const char *const *words; /* borrowed; nword; of the command line */
	size_t nword;
	const char *bundle;	   /* borrowed */
	struct aur_figures *crowd; /* nhost, while the list has all */
	const char **names;	   /* nhost, and whether it is not up: */
	bool *stale;
	struct aur_wall held_wall; /* when it was paused */
	struct aur_mono tick_at;   /* when samples are put in order */
	enum tui_view below;	   /* where HOST and PROCESSES go back to */
	struct tui_scene scene;
	struct tui_moment moment;
	struct tui_events events;
	struct tui_app_morning morning;
	bool spike; /* the processes are those of a graph's cursor */
	struct tui_procs procs;
	struct tui_panel panel[TUI_PANEL_COUNT];
	struct tui_rect panel_at[TUI_PANEL_COUNT]; /* drawn there; h 0: not */
	struct tui_surface surface;
	enum tui_view view, before; /* before: where a pane or details
					came from */
	enum tui_mode mode;
	int focus; /* a panel, or -1: the list */
	struct tui_details details;
	struct tui_plot plot; /* of the pane enlarged */
	struct tui_prompt prompt;
	struct tui_menu menu;
	char old[TUI_PROMPT_MAX]; /* the filter to come back to */
	char error[256];	  /* of what is being typed */
	char hint[256]; /* what Tab may complete to, or what could be typed */
	char message[256];
	struct aur_mono message_until, hold_until, age_at;
	size_t help_top;
	struct tui_settings set;  /* in force now */
	struct tui_settings kept; /* as a start without options has them */
	unsigned set_changed;	  /* bits: by the user, to be kept */
	char help_find[40];	  /* rows that have it; "": all */
	bool help_typing;
	int set_at, set_top;	  /* rows of the setup screen */
	struct tui_rect setup_at; /* drawn there */
	bool no_utf8, no_braille; /* the terminal lacks it */
	tui_save_fn save;	  /* may be NULL */
	void *save_arg;
	tui_shell_fn shell; /* may be NULL */
	void *shell_arg;
	char copy[TUI_COPY_MAX];   /* for the clipboard; "": nothing */
	bool can_copy;		   /* the terminal is known to take it */
	bool after_g;		   /* with vim's keys */
	struct tui_target *target; /* ntarget, owned: whom a signal is for */
	size_t ntarget;
	enum aur_act_kind act_kind; /* what `y` does to them: */
	int signal;		    /* or the I/O priority */
	struct aur_cpus cpus;
	bool sched_known;	     /* menus show what the process has: */
	char had[AUR_CPUS_TEXT];     /* that, as text */
	struct tui_pending *pending; /* list */
	struct tui_asked *asked;     /* nhost, owned: for what, last */
	bool dirty, anew, quit;
};

/* 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int tui_app_init(struct tui_app *app, struct aur_feed *feed,
    const struct tui_options *options);
void tui_app_release(struct tui_app *app);

/* The feed's listener says that a host changed. */
void tui_app_change(
    struct tui_app *app, size_t host, unsigned changes, struct aur_mono now);

/* A key, paste or click. */
void tui_app_event(
    struct tui_app *app, const struct tui_event *event, struct aur_mono now);

/* Draws all on app->surface, which has the size of the screen. */
void tui_app_draw(struct tui_app *app, struct aur_mono now);

/* When to call tui_app_wake next; ns 0: never. */
struct aur_mono tui_app_next(const struct tui_app *app);
void tui_app_wake(struct tui_app *app, struct aur_mono now);

/* For tui/ alone: the pieces of app.c in other files. */

/* Asks the feed for what is shown now, if that is something new. */
void tui_app_ask(struct tui_app *app);
/* The same, and nothing of the past is taken up; whether it was new. */
bool tui_app_ask_all(struct tui_app *app);
bool tui_app_has_list(const struct tui_app *app);
/* What the feed knows of a host. */
const struct aur_feed_host *tui_app_host(
    const struct tui_app *app, size_t host);
/* Whether the list has the processes of all hosts. */
bool tui_app_has_all(const struct tui_app *app);
/* Does what a key of the table means. */
void tui_app_act(
    struct tui_app *app, enum tui_action action, struct aur_mono now);
void tui_app_say(struct tui_app *app, struct aur_mono now, const char *fmt, ...)
    AUR_PRINTF(3, 4);
/* Goes to a view. */
void tui_app_go(struct tui_app *app, enum tui_view view, struct aur_mono now);
/* fleet_app.c, fleet_key.c: several hosts. */
AUR_MUST_CHECK int tui_fleet_app_init(struct tui_app *app);
void tui_fleet_app_release(struct tui_app *app);
void tui_fleet_app_change(
    struct tui_app *app, size_t host, unsigned changes, struct aur_mono now);
/* Puts in order what has come. */
void tui_fleet_app_tick(struct tui_app *app, struct aur_mono now);
void tui_fleet_app_pause(struct tui_app *app, struct aur_mono now);
/* Puts the rows in order; `anew`: though somebody aims or has paused. */
void tui_fleet_app_update(struct tui_app *app, struct aur_mono now, bool anew);
/* Whether what is on the screen is of all hosts. */
bool tui_app_shows_fleet(const struct tui_app *app);
/* Gives the list the processes of all hosts, or those of the scene's. */
void tui_fleet_app_all(struct tui_app *app, bool on);
/* The figures of all hosts anew; the rows point into the older ones until
 * they are updated. */
void tui_fleet_app_crowd(struct tui_app *app);
/* Makes the scene that of a host. */
void tui_fleet_app_show(struct tui_app *app, size_t host, struct aur_mono now);
/* Goes to a view; into the overview of a host. */
void tui_fleet_app_go(
    struct tui_app *app, enum tui_view view, struct aur_mono now);
void tui_fleet_app_into(struct tui_app *app, size_t host, struct aur_mono now);
/* The host that a key means; TUI_FLEET_NONE: none. */
uint32_t tui_fleet_app_aim(const struct tui_app *app);
/* On the fleet screen: an action, a click, text that is typed. */
void tui_fleet_app_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now);
bool tui_fleet_app_mouse(
    struct tui_app *app, const struct tui_event *event, struct aur_mono now);
bool tui_fleet_app_search(struct tui_app *app, const char *text);
void tui_fleet_app_filter(struct tui_app *app, const char *text);
void tui_fleet_app_draw(struct tui_app *app, struct tui_rect body);
void tui_fleet_app_title(const struct tui_app *app, const struct tui_area *a);
/* moment.c: looking back. */
AUR_MUST_CHECK int tui_moment_init(
    struct tui_app *app, const struct tui_options *o);
void tui_moment_release(struct tui_app *app);
/* Whether anything is kept; it has said so where nothing is. */
bool tui_moment_can(struct tui_app *app, struct aur_mono now);
/* Shows that moment; false, and it has said why, where that cannot be. */
bool tui_moment_go(
    struct tui_app *app, struct aur_wall at, struct aur_mono now);
void tui_moment_leave(struct tui_app *app, struct aur_mono now);
/* Takes up the moment with what is wanted now. */
void tui_moment_again(struct tui_app *app);
/* The live feed has something while the past is shown. */
void tui_moment_change(
    struct tui_app *app, size_t host, unsigned changes, struct aur_mono now);
/* moment_key.c: its keys; false when it is none. */
bool tui_moment_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now);
/* Whether the past has no such action; it has said so then. */
bool tui_moment_refuses(
    struct tui_app *app, enum tui_action action, struct aur_mono now);
/* Enter, behind a time that was typed. */
void tui_moment_ask(struct tui_app *app);
void tui_moment_typed(struct tui_app *app, struct aur_mono now);
/* The cursor of a graph may have moved: who was busy then is asked soon. */
void tui_moment_cursor(struct tui_app *app, struct aur_mono now);
void tui_moment_who(struct tui_app *app);
/* Enter on it: to the processes of that moment. False: there is none. */
bool tui_moment_spike(struct tui_app *app, struct aur_mono now);
/* "PAST 03:12:07, 6 h ago", as much of it as has `room`. */
void tui_moment_title(
    const struct tui_app *app, int room, char *out, size_t size);
/* moment_fill.c: asks for what graphs of this view lack, at most so many of
 * them; false when some are left. */
bool tui_moment_fill(struct tui_app *app, size_t most);
/* What processes did before the moment, for sparklines and details: asks for it
 * where it is due; when that is, where it is not yet, else 0. */
struct aur_mono tui_moment_tables(struct tui_app *app, struct aur_mono now);
/* events_app.c: the screen of events, and the line of the morning. */
void tui_events_change(struct tui_app *app, const struct aur_feed *feed,
    size_t host, unsigned changes, struct aur_mono now);
void tui_events_anew(struct tui_app *app);
void tui_events_go(struct tui_app *app);
bool tui_events_do(
    struct tui_app *app, enum tui_action action, struct aur_mono now);
void tui_events_mouse(
    struct tui_app *app, const struct tui_event *event, struct aur_mono now);
void tui_events_show(struct tui_app *app, const struct tui_area *a);
void tui_morning_begin(struct tui_app *app, struct aur_wall looked);
void tui_morning_shown(struct tui_app *app, struct aur_mono now);
void tui_morning_wake(struct tui_app *app, struct aur_mono now);
void tui_morning_end(struct tui_app *app);
/* fleet_menu.c: its menus and boxes. */
void tui_fleet_menu_sort(struct tui_app *app);
void tui_fleet_menu_sorted(struct tui_app *app);
void tui_fleet_menu_begin(struct tui_app *app);
void tui_fleet_menu_event(
    struct tui_app *app, const struct tui_event *event, struct aur_mono now);
void tui_fleet_menu_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom);
/* layout.c: title, panels, bottom line. */
void tui_layout_draw(struct tui_app *app);
void tui_title_draw(const struct tui_app *app, const struct tui_area *a);
void tui_bar_draw(const struct tui_app *app, const struct tui_area *a);
/* The action of the function bar at column x; TUI_DO_NOTHING if none. */
enum tui_action tui_bar_at(const struct tui_app *app, int x);
/* help.c */
void tui_help_draw(struct tui_app *app, const struct tui_area *a);
void tui_help_key(struct tui_app *app, uint32_t key);
void tui_help_mouse(struct tui_app *app, enum tui_mouse mouse);
void tui_help_begin(struct tui_app *app);
/* act.c: signals and nice values. */
void tui_act_nice(struct tui_app *app, int by, struct aur_mono now);
void tui_act_signal_menu(struct tui_app *app);
void tui_act_signal_chosen(struct tui_app *app);
void tui_act_counted(struct tui_app *app, struct aur_mono now);
void tui_act_confirm(struct tui_app *app, uint32_t key, struct aur_mono now);
void tui_act_draw(const struct tui_app *app, const struct tui_area *a);
void tui_act_forget(struct tui_app *app);
/* Fills app->target with whom a key means; false: nobody. */
bool tui_act_aim(struct tui_app *app);
/* The choice is made: how many, or y. */
void tui_act_ask(struct tui_app *app, enum aur_act_kind kind);
/* sched.c: CPUs and I/O priority. */
void tui_sched_begin(struct tui_app *app, enum tui_mode mode);
void tui_sched_key(struct tui_app *app, const struct tui_event *event);
/* A sample came, maybe with what the process has now. */
void tui_sched_sample(struct tui_app *app);
void tui_sched_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom);
/* setup.c: settings in force, and the screen for them. */
void tui_settings_apply(struct tui_app *app);
/* A key that changes one for now; the setup screen changes it for good. */
void tui_settings_key(struct tui_app *app, enum tui_action action);
/* What a key does with the keys that are set. */
enum tui_action tui_settings_action(struct tui_app *app, uint32_t key);
bool tui_settings_vim(const struct tui_app *app);
/* The fleet's order or columns have been chosen in a menu: kept for good. */
void tui_settings_fleet_sort(struct tui_app *app);
void tui_settings_fleet_columns(struct tui_app *app);
/* Takes up those that were kept. */
void tui_settings_fleet(struct tui_app *app);
/* The columns have been chosen: kept for good when they are others. */
void tui_settings_columns(struct tui_app *app);
void tui_setup_begin(struct tui_app *app);
void tui_setup_event(
    struct tui_app *app, const struct tui_event *event, struct aur_mono now);
void tui_setup_draw(struct tui_app *app, const struct tui_area *a);
/* copy.c: this view as a command line, for the screen and for one print. */
void tui_copy_top(const struct tui_app *app, struct aur_buf *b);
void tui_copy_ps(const struct tui_app *app, struct aur_buf *b);
void tui_copy_begin(struct tui_app *app);
void tui_copy_key(struct tui_app *app, uint32_t key);
void tui_copy_draw(const struct tui_app *app, const struct tui_area *a);
/* Other steps for the tracks. */
void tui_app_interval(struct tui_app *app, struct aur_span interval);
/* columns_menu.c: the columns of the list. */
void tui_columns_begin(struct tui_app *app);
void tui_columns_key(struct tui_app *app, uint32_t key);
void tui_columns_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom);
/* mode.c: what is typed in prompts and chosen in menus. */
void tui_mode_begin(struct tui_app *app, enum tui_mode mode);
void tui_mode_event(
    struct tui_app *app, const struct tui_event *event, struct aur_mono now);
void tui_mode_draw(
    struct tui_app *app, struct tui_rect body, const struct tui_area *bottom);

#endif
