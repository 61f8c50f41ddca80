/* SPDX-License-Identifier: MIT */
/*
 * The loop, the feed, the screen and the terminal, joined. A frame is drawn
 * when something happened, at once if the last one is 50 ms past, else then;
 * and not while the terminal has not swallowed an earlier one.
 */
#include "tui/tui.h"

#include "base/err.h"
#include "tui/app.h"
#include "tui/term.h"

#include <signal.h>
#include <unistd.h>

#define FRAME_MS 50

struct run {
	struct aur_loop *loop;
	struct tui_app app;
	struct tui_term *term;
	struct tui_input input;
	struct aur_watch *watch;
	struct aur_timer *frame, *wake, *escape;
	struct aur_mono drawn;
	int theme, ground; /* those of the terminal */
	int ended_by;	   /* a signal, or 0 */
	bool gone;	   /* the terminal */
	bool away;	   /* somebody else has it */
	bool waiting;	   /* the frame timer runs */
};

static void on_frame(void *arg);

static void stop(struct run *r)
{
	aur_loop_stop(r->loop);
}

static void start_wake(struct run *r, struct aur_mono now)
{
	struct aur_mono at = tui_app_next(&r->app);
	struct aur_span left;

	if (at.ns == 0) {
		aur_timer_stop(r->wake);
		return;
	}
	left = aur_mono_since(at, now);
	aur_timer_start(r->wake, left.ns > 0 ? left : aur_span_ms(0));
}

/* What of the settings is the terminal's. */
static void take_settings(struct run *r)
{
	const int *choice = r->app.set.choice;

	tui_term_mouse(r->term, choice[TUI_SET_MOUSE]);
	if (choice[TUI_SET_THEME] == r->theme &&
	    choice[TUI_SET_BACKGROUND] == r->ground)
		return;
	r->theme = choice[TUI_SET_THEME];
	r->ground = choice[TUI_SET_BACKGROUND];
	tui_term_theme(
	    r->term, (enum tui_theme)r->theme, (enum tui_ground)r->ground);
}

static void draw(struct run *r, struct aur_mono now)
{
	bool anew = r->app.anew;

	r->app.anew = false;
	take_settings(r);
	r->app.scene.wall = aur_clock_wall();
	tui_app_draw(&r->app, now);
	tui_term_flush(r->term, &r->app.surface, anew);
	r->drawn = now;
}

/* Draws now or soon, if there is something to draw. */
static void settle(struct run *r)
{
	struct aur_mono now = aur_clock_mono();
	struct aur_span since = aur_mono_since(now, r->drawn);

	if (r->app.quit || r->gone) {
		stop(r);
		return;
	}
	if (r->app.dirty && !r->waiting && !r->away) {
		if (r->drawn.ns != 0 && since.ns < aur_span_ms(FRAME_MS).ns) {
			since.ns = aur_span_ms(FRAME_MS).ns - since.ns;
			aur_timer_start(r->frame, since);
			r->waiting = true;
		} else if (tui_term_is_behind(r->term)) {
			aur_timer_start(r->frame, aur_span_ms(FRAME_MS));
			r->waiting = true;
		} else
			draw(r, now);
	}
	start_wake(r, now);
}

static void on_frame(void *arg)
{
	struct run *r = arg;

	r->waiting = false;
	settle(r);
}

static void on_wake(void *arg)
{
	struct run *r = arg;

	r->app.scene.wall = aur_clock_wall();
	tui_app_wake(&r->app, aur_clock_mono());
	settle(r);
}

/* Takes what the bytes say so far, and sets the clock on a lone Esc. */
static void take_events(struct run *r)
{
	struct aur_mono now = aur_clock_mono();
	struct tui_event event;
	struct aur_span left;

	r->app.scene.wall = aur_clock_wall();
	while (!r->app.quit && tui_input_next(&r->input, now, &event)) {
		if (event.kind == TUI_EVENT_KEY &&
		    event.key == TUI_KEY_CTRL('z')) {
			tui_term_suspend(r->term);
			r->app.anew = r->app.dirty = true;
		} else
			tui_app_event(&r->app, &event, now);
	}
	if (r->app.copy[0] != '\0' && r->app.can_copy)
		tui_term_copy(r->term, r->app.copy);
	r->app.copy[0] = '\0';
	left = tui_input_wait(&r->input, now);
	if (left.ns >= 0)
		aur_timer_start(r->escape, left);
	else
		aur_timer_stop(r->escape);
	settle(r);
}

static void on_escape(void *arg)
{
	take_events(arg);
}

static void on_input(void *arg, unsigned ready)
{
	struct run *r = arg;
	uint8_t bytes[1024];
	int n = tui_term_read(r->term, bytes, sizeof(bytes));

	(void)ready;
	if (n < 0) {
		r->gone = true;
		stop(r);
		return;
	}
	tui_input_add(&r->input, bytes, (size_t)n, aur_clock_mono());
	take_events(r);
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	struct run *r = arg;

	tui_app_change(&r->app, host, changes, aur_clock_mono());
	settle(r);
}

static void take_size(struct run *r)
{
	int w, h;

	if (r->away)
		return;
	tui_term_resize(r->term, &w, &h);
	if (tui_surface_resize(&r->app.surface, w, h) < 0)
		stop(r);
	r->app.dirty = r->app.anew = true;
	tui_app_ask(&r->app); /* other columns may show now */
}

static void on_size(void *arg)
{
	take_size(arg);
	settle(arg);
}

static void on_stop(void *arg)
{
	struct run *r = arg;

	if (r->away) { /* with who has the terminal now */
		raise(SIGSTOP);
		return;
	}
	tui_term_suspend(r->term);
	take_size(r);
	settle(r);
}

static void on_continue(void *arg)
{
	struct run *r = arg;

	if (r->away)
		return;
	tui_term_resume(r->term);
	take_size(r);
	settle(r);
}

static void end_by(struct run *r, int number)
{
	r->ended_by = number;
	stop(r);
}

/* Whether the terminal went with it shows when it is given back: what is
 * written to one that has gone is lost, and does no harm. */
static void on_hangup(void *arg)
{
	end_by(arg, SIGHUP);
}

static void on_term(void *arg)
{
	end_by(arg, SIGTERM);
}

/* Keys that make signals are meant for who has the terminal. */
static void on_interrupt(void *arg)
{
	const struct run *r = arg;

	if (!r->away)
		end_by(arg, SIGINT);
}

static void on_quit(void *arg)
{
	const struct run *r = arg;

	if (!r->away)
		end_by(arg, SIGQUIT);
}

void tui_door_leave(struct tui_door *door)
{
	struct run *r = door->screen;

	if (r == NULL || door->away++ > 0)
		return;
	r->away = true;
	aur_watch_set(r->watch, 0);
	tui_term_leave(r->term);
}

void tui_door_return(struct tui_door *door)
{
	struct run *r = door->screen;

	if (r == NULL || door->away == 0 || --door->away > 0)
		return;
	r->away = false;
	tui_term_resume(r->term);
	aur_watch_set(r->watch, AUR_LOOP_READ);
	take_size(r);
	settle(r);
}

void tui_door_say(struct tui_door *door, const char *text)
{
	struct run *r = door->screen;

	if (r == NULL)
		return;
	tui_app_say(&r->app, aur_clock_mono(), "%s", text);
	settle(r);
}

static const struct {
	int number;
	aur_loop_fn fn;
} handled[] = {
    {SIGWINCH, on_size},
    {SIGTSTP, on_stop},
    {SIGCONT, on_continue},
    {SIGHUP, on_hangup},
    {SIGTERM, on_term},
    {SIGINT, on_interrupt},
    {SIGQUIT, on_quit},
};

static int watch_all(struct run *r)
{
	int rc = aur_timer_new(r->loop, on_frame, r, &r->frame);

	if (rc == 0)
		rc = aur_timer_new(r->loop, on_wake, r, &r->wake);
	if (rc == 0)
		rc = aur_timer_new(r->loop, on_escape, r, &r->escape);
	if (rc == 0)
		rc = aur_watch_new(r->loop, tui_term_fd(r->term), AUR_LOOP_READ,
		    on_input, r, &r->watch);
	return rc;
}

static int run(
    struct run *r, struct aur_feed *feed, const struct tui_options *o)
{
	int rc = watch_all(r);

	if (rc < 0)
		return rc;
	r->app.no_utf8 = tui_term_is_ascii(r->term);
	r->app.no_braille = !tui_term_has_braille(r->term);
	r->app.can_copy = tui_term_can_copy(r->term);
	tui_settings_apply(&r->app);
	if (o->door != NULL)
		*o->door = (struct tui_door){.screen = r};
	feed->class->listen(feed, on_change, r);
	take_size(r);
	settle(r);
	rc = aur_loop_run(r->loop);
	feed->class->listen(feed, NULL, NULL);
	if (o->door != NULL)
		*o->door = (struct tui_door){0};
	return rc;
}

static void release(struct run *r, struct aur_signal *signal[], size_t n)
{
	aur_watch_free(r->watch);
	aur_timer_free(r->frame);
	aur_timer_free(r->wake);
	aur_timer_free(r->escape);
	for (size_t i = 0; i < n; i++)
		aur_signal_free(signal[i]);
	tui_app_release(&r->app);
}

int tui_run(struct aur_loop *loop, struct aur_feed *feed,
    const struct tui_options *options)
{
	struct run r = {.loop = loop};
	struct aur_signal *signal[AUR_ARRAY_LEN(handled)] = {NULL};
	struct tui_term_options term = {options->no_color, options->ascii,
	    options->no_mouse ||
		(options->settings != NULL &&
		    !options->settings->choice[TUI_SET_MOUSE])};
	const char *why = NULL;
	int rc = tui_app_init(&r.app, feed, options);

	if (rc < 0)
		why = aur_err_str(rc);
	for (size_t i = 0; i < AUR_ARRAY_LEN(handled) && rc == 0; i++)
		rc = aur_signal_new(
		    loop, handled[i].number, handled[i].fn, &r, &signal[i]);
	if (rc == 0)
		rc = tui_term_start(&r.term, &term, &why);
	if (rc == 0) {
		rc = run(&r, feed, options);
		tui_term_stop(r.term, r.gone);
	}
	release(&r, signal, AUR_ARRAY_LEN(handled));
	if (rc < 0)
		fprintf(stderr, "aurora: top: %s\n",
		    why != NULL ? why : aur_err_str(rc));
	if (r.ended_by != 0)
		return 128 + r.ended_by;
	return rc < 0 || r.gone ? 1 : 0;
}
