/* SPDX-License-Identifier: MIT */
/*
 * The recorder beside the service's clients:
 *
 *	       settings: record          no room, no folder
 *	 off ───────────────────▶ on ───────────────────────▶ stopped
 *	  ▲                       │ ▲                            │
 *	  └───────────────────────┘ └──────── every minute ──────┘
 *
 * It is no client of its own socket: one more copy of each sample through a
 * socket, to be decoded again, would cost more than all that it does.
 */
#include "agentd/daemon_record.h"

#include "agentd/daemon_int.h"
#include "agentd/daemon_say.h"
#include "base/err.h"

#include <stdio.h>
#include <unistd.h>

#define SPOOL_FOLDER "/spool"
#define RETRY_S 60
#define WHY 512

static const struct aur_span step = {AUR_SECOND_NS};

bool record_is_on(const struct daemon *d)
{
	return d->spool != NULL && spool_trouble(d->spool) == NULL;
}

/* --- events --------------------------------------------------------------- */

void record_event(struct daemon *d, const struct aur_event *event)
{
	if (d->spool != NULL)
		(void)spool_put_event(d->spool, event);
}

static void add(struct aur_event *e, const char *key, const char *value)
{
	e->pair[e->npair++] =
	    (struct aur_event_pair){aur_slice_str(key), aur_slice_str(value)};
}

static void on_notice(void *arg, struct aur_event *event)
{
	daemon__tell(arg, event);
}

/* When the host's boot began, by the clock as it is now. */
static struct aur_wall boot_time(struct serve_now now)
{
	struct aur_span up = {-aur_clock_boot().ns};

	return aur_wall_add(now.wall, up);
}

static void tell_reboot(
    struct daemon *d, const struct spool_past *past, struct serve_now now)
{
	struct aur_event e = {.kind = aur_slice_str("reboot")};
	double down =
	    aur_span_in_seconds(aur_wall_since(boot_time(now), past->at));
	char seconds[32];

	if (past->at.ns > 0 && down >= 0) {
		snprintf(seconds, sizeof(seconds), "%.0f", down);
		add(&e, "seconds", seconds);
	}
	daemon__tell(d, &e);
}

/* How the service before ended, and for how long there was none. */
static void tell_start(
    struct daemon *d, const struct spool_past *past, struct serve_now now)
{
	struct aur_event e = {.kind = aur_slice_str("agent_start")};
	double away = aur_span_in_seconds(aur_wall_since(now.wall, past->at));
	char seconds[32];

	add(&e, "version", AUR_VERSION);
	if (past->known)
		add(&e, "before", past->clean ? "stopped" : "killed");
	if (past->known && past->at.ns > 0 && away >= 0) {
		snprintf(seconds, sizeof(seconds), "%.0f", away);
		add(&e, "seconds", seconds);
	}
	daemon__tell(d, &e);
}

/* --- the spool ------------------------------------------------------------ */

static void on_log(void *arg, enum aur_log_level level, const char *line)
{
	(void)arg;
	say(level, "%s", line);
}

static const struct aur_log spool_log = {on_log, NULL, AUR_LOG_INFO};

static struct aur_span most_age(const struct daemon *d)
{
	return (struct aur_span){
	    (int64_t)d->settings.record_hours * 3600 * AUR_SECOND_NS};
}

/* Says once why nothing is recorded, and that it is tried again. */
static void say_stopped(struct daemon *d, const char *why)
{
	struct aur_event e = {.kind = aur_slice_str("record_stopped")};

	aur_timer_start(d->recorder.retry, aur_span_seconds(RETRY_S));
	if (d->recorder.said)
		return;
	d->recorder.said = true;
	say(AUR_LOG_ERROR, "recording stopped: %s; tried again every minute",
	    why);
	add(&e, "cause", why);
	daemon__tell(d, &e);
}

static void say_resumed(struct daemon *d)
{
	struct aur_event e = {.kind = aur_slice_str("record_resumed")};

	if (!d->recorder.said)
		return;
	d->recorder.said = false;
	say(AUR_LOG_INFO, "recording again");
	daemon__tell(d, &e);
}

/* Recording begins, or goes on after a stop. */
static void restart(struct daemon *d)
{
	struct recorder *r = &d->recorder;

	r->fresh = true;
	r->seq = 0;
	r->has_count = false;
	r->slot = INT64_MIN;
	r->due = aur_clock_mono();
	notice_release(&r->notice);
	notice_init(&r->notice, on_notice, d);
}

static int open_spool(struct daemon *d, char *why, size_t size)
{
	struct spool_options o = {.most_bytes = d->settings.record_bytes,
	    .most_age = most_age(d),
	    .strs = d->strs,
	    .log = &spool_log};
	char folder[PLACE_MAX + sizeof(SPOOL_FOLDER)];
	char state[PLACE_MAX];
	int rc;

	if (!place_state(state)) {
		snprintf(
		    why, size, "no folder for it: set XDG_STATE_HOME or HOME");
		return AUR_EABSENT;
	}
	snprintf(folder, sizeof(folder), "%s" SPOOL_FOLDER, state);
	if (strlen(folder) >= PLACE_MAX) {
		snprintf(why, size, "%s: the path is too long", folder);
		return AUR_ELIMIT;
	}
	o.folder = folder;
	memcpy(o.boot_id, d->boot_id, sizeof(o.boot_id));
	rc = spool_open(&d->spool, &o, daemon__now(), why, size);
	if (rc == 0)
		say(AUR_LOG_INFO, "recording in %s", folder);
	if (rc == 0 && spool_trouble(d->spool) != NULL) {
		snprintf(why, size, "%s", spool_trouble(d->spool));
		rc = AUR_EIO;
	}
	return rc;
}

/* Numbers go on where the service before ended. What one that was killed told
 * in its last second was not written: then none of its numbers are used. */
static void take_number(struct daemon *d, const struct spool_past *past)
{
	if (past->known && memcmp(past->boot_id, d->boot_id, 16) == 0 &&
	    (past->clean || past->event > d->event))
		d->event = past->event;
}

static void first_words(struct daemon *d, struct serve_now now)
{
	const struct spool_past *past = spool_past(d->spool);

	take_number(d, past);
	if (past->known && memcmp(past->boot_id, d->boot_id, 16) != 0)
		tell_reboot(d, past, now);
	tell_start(d, past, now);
}

static void begin(struct daemon *d)
{
	char why[WHY];
	int rc = open_spool(d, why, sizeof(why));

	/* without memory for it no unit is told, and all else goes on */
	(void)!bus_begin(&d->recorder.bus, d->loop, on_notice, d);
	restart(d);
	if (d->spool != NULL && !d->recorder.greeted) {
		d->recorder.greeted = true;
		first_words(d, daemon__now());
	}
	if (rc < 0)
		say_stopped(d, why);
	else
		say_resumed(d);
}

static void on_retry(void *arg)
{
	struct daemon *d = arg;

	if (!d->settings.record || record_is_on(d))
		return;
	if (d->spool == NULL) {
		begin(d);
	} else if (spool_resume(d->spool, daemon__now()) == 0) {
		restart(d);
		say_resumed(d);
	} else {
		say_stopped(d, spool_trouble(d->spool));
	}
	daemon__plan(d);
}

int record_begin(struct daemon *d)
{
	int rc = aur_timer_new(d->loop, on_retry, d, &d->recorder.retry);

	if (rc < 0)
		return rc;
	notice_init(&d->recorder.notice, on_notice, d);
	if (d->settings.record)
		begin(d);
	return 0;
}

static void stop(struct daemon *d)
{
	if (d->spool != NULL)
		spool_close(d->spool, daemon__now());
	d->spool = NULL;
	notice_release(&d->recorder.notice);
	bus_end(&d->recorder.bus);
}

void record_farewell(struct daemon *d)
{
	struct aur_event e = {.kind = aur_slice_str("agent_stop")};

	if (d->spool != NULL)
		daemon__tell(d, &e);
}

void record_end(struct daemon *d)
{
	stop(d);
	if (d->recorder.retry != NULL)
		aur_timer_free(d->recorder.retry);
}

static void turn_off(struct daemon *d)
{
	struct aur_event e = {.kind = aur_slice_str("record_stopped")};

	if (d->spool == NULL)
		return;
	add(&e, "cause", "the settings say so");
	daemon__tell(d, &e);
	d->recorder.said = true;
	say(AUR_LOG_INFO, "recording stopped, as the settings say");
	stop(d);
}

void record_reload(struct daemon *d)
{
	if (!d->settings.record) {
		turn_off(d);
		return;
	}
	if (d->spool == NULL)
		begin(d);
	else
		spool_limit(d->spool, d->settings.record_bytes, most_age(d));
}

/* --- samples -------------------------------------------------------------- */

struct aur_span record_wait(const struct daemon *d, struct serve_now now)
{
	struct aur_span wait = aur_mono_since(d->recorder.due, now.mono);

	if (!record_is_on(d))
		return (struct aur_span){-1};
	if (wait.ns < 0)
		wait.ns = 0;
	return wait.ns > step.ns ? step : wait;
}

/* The stretch of process_interval that the nearest second is in. */
static int64_t slot_of(const struct daemon *d, struct aur_wall wall)
{
	int64_t s = (wall.ns + AUR_SECOND_NS / 2) / AUR_SECOND_NS;

	return s / (int64_t)d->settings.process_interval;
}

bool record_turn(struct daemon *d, struct serve_now now, struct aur_span early)
{
	static const struct aur_span least = {AUR_SECOND_NS / 2};
	struct recorder *r = &d->recorder;

	r->turn =
	    record_is_on(d) && aur_mono_since(r->due, now.mono).ns <= early.ns;
	if (!r->turn)
		return false;
	r->due =
	    aur_mono_add(now.mono, aur_wall_to_multiple(now.wall, step, least));
	r->processes = slot_of(d, now.wall) != r->slot;
	if (r->processes)
		r->slot = slot_of(d, now.wall);
	return true;
}

static struct aur_want want_of(const struct daemon *d, bool processes)
{
	struct aur_want want = {.interval = step, .aligned = true};

	if (processes) {
		want.domains = AUR_WANT_DOMAIN(PROCESS);
		want.process_fields = aur_want_process_kept();
		if (d->settings.cmdline == VIEW_NONE)
			want.process_fields &= ~AUR_WANT_PROCESS(cmdline);
		want.interval.ns *= d->settings.process_interval;
	} else {
		want.domains = aur_want_system();
	}
	return want;
}

void record_join(struct daemon *d, struct plan *p)
{
	struct recorder *r = &d->recorder;
	struct aur_want want = want_of(d, false);

	plan_join(p, &want, r->fresh, false);
	if (r->processes) {
		want = want_of(d, true);
		plan_join(p, &want, r->fresh, false);
		r->fresh = false;
	}
}

/* Numbers are seconds of the boot's clock, so that they go on over restarts,
 * and a second that nobody sampled shows. */
static void number(struct recorder *r, struct aur_sample *s)
{
	uint64_t seq =
	    ((uint64_t)s->mono.ns + (uint64_t)step.ns / 2) / (uint64_t)step.ns;

	if (r->seq != 0 && seq <= r->seq)
		seq = r->seq + 1;
	s->missed = r->seq != 0 ? seq - r->seq - 1 : 0;
	s->seq = r->seq = seq;
}

/* Processes are counted when they are read. Between two tables the count holds,
 * as what other collectors read now and then does. */
static int hold_count(
    struct daemon *d, const struct aur_sample *all, struct aur_sample *view)
{
	static const unsigned held[] = {AUR_TASKS_total, AUR_TASKS_running,
	    AUR_TASKS_sleeping, AUR_TASKS_blocked, AUR_TASKS_stopped,
	    AUR_TASKS_zombie, AUR_TASKS_kernel_threads};
	const struct aur_part *p = aur_sample_get(all, AUR_DOMAIN_TASKS);
	struct recorder *r = &d->recorder;
	int64_t most = (d->settings.process_interval + 1ll) * step.ns;
	bool counted;
	struct aur_part *own;
	int rc;

	if (p == NULL || p->n == 0)
		return 0;
	own = aur_sample_part(view, p->domain);
	rc = own != NULL ? aur_part_copy(own, p) : AUR_ENOMEM;
	if (rc < 0)
		return rc;
	own->at_ns = p->at_ns;
	counted = aur_part_has(p, 0, AUR_TASKS_total);
	if (counted) {
		r->counted = view->mono;
		r->has_count = true;
	} else if (!r->has_count ||
		   aur_mono_since(view->mono, r->counted).ns > most) {
		return 0;
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(held); i++) {
		if (counted)
			r->count[held[i]] = aur_part_cell(p, 0, held[i]);
		else
			aur_part_set(own, 0, held[i], r->count[held[i]]);
	}
	return 0;
}

static int keep(struct daemon *d, struct aur_sample *all,
    const struct aur_want *wanted, bool processes)
{
	struct view_peer peer = {
	    .whole = true, .recorded = true, .cmdline = d->settings.cmdline};
	struct aur_want want = want_of(d, processes);
	struct recorder *r = &d->recorder;
	struct aur_sample *view = NULL;
	int rc;

	want.domains &= ~AUR_WANT_DOMAIN(TASKS);
	rc = view_make(all, wanted, &want, &peer, &view);
	if (rc == 0 && !processes)
		rc = hold_count(d, all, view);
	if (rc < 0) {
		aur_sample_unref(view);
		return rc;
	}
	view->interval = want.interval;
	if (processes) {
		view->seq = r->seq;
		rc = spool_put(d->spool, AUR_KEPT_PROCESSES, view);
		if (rc == 0)
			rc = notice_processes(&r->notice, view);
	} else {
		number(r, view);
		rc = spool_put(d->spool, AUR_KEPT_SYSTEM, view);
		if (rc == 0)
			rc = notice_system(&r->notice, view);
	}
	aur_sample_unref(view);
	return rc;
}

void record_give(struct daemon *d, struct aur_sample *all,
    const struct aur_want *wanted, struct serve_now now)
{
	struct recorder *r = &d->recorder;
	int rc;

	if (!r->turn || !record_is_on(d))
		return;
	rc = keep(d, all, wanted, false);
	if (rc == 0 && r->processes)
		rc = keep(d, all, wanted, true);
	if (record_is_on(d))
		(void)spool_commit(d->spool, now);
	if (!record_is_on(d))
		say_stopped(d, spool_trouble(d->spool));
	else if (rc < 0)
		say(AUR_LOG_ERROR, "a second is not recorded: %s",
		    aur_err_str(rc));
}
