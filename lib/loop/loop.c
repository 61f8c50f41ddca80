/* SPDX-License-Identifier: MIT */
/*
 * libevent, thinly: one event for each object. We use libevent_core alone
 * (no bufferevents, no evhttp): reading and writing are the callers' own few
 * lines, with their own bounds.
 *
 * A stop that comes before the loop runs must hold: libevent forgets it, so
 * the flag is ours and the loop is stepped once at a time.
 */
#include "loop/loop_int.h"

#include "base/err.h"
#include "base/mem.h"

struct aur_watch {
	struct event *event;
	int fd;
	unsigned events;
	aur_watch_fn fn;
	void *arg;
};

struct aur_timer {
	struct event *event;
	aur_loop_fn fn;
	void *arg;
};

struct aur_signal {
	struct event *event;
	aur_loop_fn fn;
	void *arg;
};

/* A result says what is wrong; the terminal is not libevent's. */
static void drop(int severity, const char *message)
{
	(void)severity;
	(void)message;
}

enum aur_log_level aur_loop_level(int severity)
{
	switch (severity) {
	case EVENT_LOG_ERR:
		return AUR_LOG_ERROR;
	case EVENT_LOG_WARN:
		return AUR_LOG_WARN;
	case EVENT_LOG_MSG:
		return AUR_LOG_INFO;
	default:
		return AUR_LOG_DEBUG;
	}
}

int aur_loop_new(struct aur_loop **ret_l)
{
	return aur_loop_new_saying(drop, ret_l);
}

int aur_loop_new_saying(aur_loop_say_fn say, struct aur_loop **ret_l)
{
	struct aur_loop *l = aur_mem_new(1, sizeof *l);
	struct event_config *config = NULL;
	int rc = AUR_ENOMEM;

	if (l == NULL)
		goto out;
	event_set_log_callback(say);
	config = event_config_new();
	if (config == NULL)
		goto out;
	/* 0.1 s intervals deserve better than the coarse clock's ticks */
	(void)event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	/* else a timer counts from when the callback that starts it began */
	(void)event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME);
	l->base = event_base_new_with_config(config);
	if (l->base == NULL) {
		rc = AUR_EIO;
		goto out;
	}
	*ret_l = l;
	l = NULL;
	rc = 0;
out:
	if (config != NULL)
		event_config_free(config);
	aur_loop_free(l);
	return rc;
}

void aur_loop_free(struct aur_loop *l)
{
	if (l == NULL)
		return;
	if (l->base != NULL)
		event_base_free(l->base);
	aur_mem_free(l);
}

int aur_loop_run(struct aur_loop *l)
{
	while (!l->stopped) {
		int rc = event_base_loop(l->base, EVLOOP_ONCE);

		if (rc < 0)
			return AUR_EIO;
		if (rc > 0) /* nothing left that could ever happen */
			break;
	}
	l->stopped = false;
	return 0;
}

void aur_loop_stop(struct aur_loop *l)
{
	l->stopped = true;
	(void)event_base_loopbreak(l->base);
}

static short to_libevent(unsigned events)
{
	unsigned what = EV_PERSIST;

	if (events & AUR_LOOP_READ)
		what |= EV_READ;
	if (events & AUR_LOOP_WRITE)
		what |= EV_WRITE;
	return (short)what;
}

static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct aur_watch *w = arg;
	unsigned ready = 0;

	(void)fd;
	if (what & EV_READ)
		ready |= AUR_LOOP_READ;
	if (what & EV_WRITE)
		ready |= AUR_LOOP_WRITE;
	w->fn(w->arg, ready);
}

int aur_watch_new(struct aur_loop *l, int fd, unsigned events, aur_watch_fn fn,
    void *arg, struct aur_watch **ret_w)
{
	struct aur_watch *w = aur_mem_new(1, sizeof *w);
	int rc = AUR_ENOMEM;

	if (w == NULL)
		return rc;
	*w = (struct aur_watch){.fd = fd, .fn = fn, .arg = arg};
	w->event = event_new(l->base, fd, to_libevent(events), on_watch, w);
	if (w->event == NULL)
		goto out;
	rc = aur_watch_set(w, events);
	if (rc < 0)
		goto out;
	*ret_w = w;
	w = NULL;
out:
	aur_watch_free(w);
	return rc;
}

int aur_watch_set(struct aur_watch *w, unsigned events)
{
	struct event_base *base = event_get_base(w->event);

	if (events == w->events)
		return 0;
	(void)event_del(w->event);
	w->events = events;
	if (events == 0)
		return 0;
	if (event_assign(
		w->event, base, w->fd, to_libevent(events), on_watch, w) < 0)
		return AUR_EIO;
	return event_add(w->event, NULL) < 0 ? AUR_EIO : 0;
}

void aur_watch_free(struct aur_watch *w)
{
	if (w == NULL)
		return;
	if (w->event != NULL)
		event_free(w->event);
	aur_mem_free(w);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct aur_timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg);
}

int aur_timer_new(
    struct aur_loop *l, aur_loop_fn fn, void *arg, struct aur_timer **ret_t)
{
	struct aur_timer *t = aur_mem_new(1, sizeof *t);

	if (t == NULL)
		return AUR_ENOMEM;
	*t = (struct aur_timer){.fn = fn, .arg = arg};
	t->event = evtimer_new(l->base, on_timer, t);
	if (t->event == NULL) {
		aur_mem_free(t);
		return AUR_ENOMEM;
	}
	*ret_t = t;
	return 0;
}

void aur_timer_start(struct aur_timer *t, struct aur_span after)
{
	int64_t ns = after.ns > 0 ? after.ns : 0;
	struct timeval tv = {
	    .tv_sec = (time_t)(ns / AUR_SECOND_NS),
	    .tv_usec = (suseconds_t)((ns % AUR_SECOND_NS + 999) / 1000),
	};

	if (tv.tv_usec == 1000000) {
		tv.tv_sec++;
		tv.tv_usec = 0;
	}
	(void)evtimer_add(t->event, &tv);
}

void aur_timer_stop(struct aur_timer *t)
{
	(void)evtimer_del(t->event);
}

void aur_timer_free(struct aur_timer *t)
{
	if (t == NULL)
		return;
	event_free(t->event);
	aur_mem_free(t);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	struct aur_signal *s = arg;

	(void)number;
	(void)what;
	s->fn(s->arg);
}

int aur_signal_new(struct aur_loop *l, int number, aur_loop_fn fn, void *arg,
    struct aur_signal **ret_s)
{
	struct aur_signal *s = aur_mem_new(1, sizeof *s);
	int rc = AUR_ENOMEM;

	if (s == NULL)
		return rc;
	*s = (struct aur_signal){.fn = fn, .arg = arg};
	s->event = evsignal_new(l->base, number, on_signal, s);
	if (s->event == NULL)
		goto out;
	rc = AUR_EIO;
	if (evsignal_add(s->event, NULL) < 0)
		goto out;
	*ret_s = s;
	s = NULL;
	rc = 0;
out:
	aur_signal_free(s);
	return rc;
}

void aur_signal_free(struct aur_signal *s)
{
	if (s == NULL)
		return;
	if (s->event != NULL)
		event_free(s->event);
	aur_mem_free(s);
}
