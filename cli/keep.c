/* SPDX-License-Identifier: MIT */
/*
 * Recording is a gift beside the screen: what is wrong with it is said once, in
 * the status line, and changes nothing else.
 */
#include "cli/keep.h"

#include "cli/history.h"
#include "cli/place.h"
#include "json/settings.h"

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Less is not a day of a host, more is a mistake. */
#define LEAST_BYTES 67108864.0
#define MOST_BYTES 1099511627776.0
#define FIRST_MS 300  /* the screen is there by then */
#define LOOK_MS 10000 /* whether there is trouble; memory is given back */

static void say(struct keep *k, const char *text)
{
	if (k->said || text == NULL || text[0] == '\0')
		return;
	k->said = true;
	tui_door_say(k->door, text);
}

/* What the user lets a team's history take; where that cannot be read the
 * usual, and why is said. */
static uint64_t most_bytes(struct keep *k)
{
	struct aur_setting s = {.name = "history_bytes",
	    .kind = AUR_SETTING_NUMBER,
	    .least = LEAST_BYTES,
	    .most = MOST_BYTES};
	char path[PLACE_SIZE], why[PLACE_SIZE + 256];

	if (!place_config("config.json", path, sizeof path))
		return AUR_HISTORY_BYTES;
	if (aur_settings_read(path, &s, 1, why, sizeof why) < 0)
		say(k, why);
	return s.given ? (uint64_t)s.number : AUR_HISTORY_BYTES;
}

/* Filling in and making coarser tiers take some megabytes, now and then, and
 * leave them in pieces; the C library keeps those if nobody asks. The thread
 * that writes shares the heap of this one, for it does little. */
static void share_heap(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_ARENA_MAX, 1);
#endif
}

static void open_it(struct keep *k)
{
	struct aur_history_options options = {
	    .folder = k->folder, .record = true, .most_bytes = most_bytes(k)};
	char why[512] = "";

	k->tried = true;
	share_heap();
	if (aur_history_open(&k->history, &options, why, sizeof why) < 0) {
		k->history = NULL;
		say(k, why);
		return;
	}
	aur_record_keep(k->feed, k->history);
}

static void give_back(struct keep *k)
{
	aur_history_rest(k->history);
	if (k->past != NULL)
		aur_history_rest(k->past);
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}

static void on_timer(void *arg)
{
	struct keep *k = arg;

	if (!k->tried)
		open_it(k);
	if (k->history == NULL)
		return;
	say(k, aur_history_trouble(k->history));
	give_back(k);
	aur_timer_start(k->timer, aur_span_ms(LOOK_MS));
}

struct aur_feed *keep_begin(struct keep *k, struct aur_loop *loop,
    struct aur_feed *feed, const struct hosts *hosts, struct aur_history *past,
    struct tui_door *door)
{
	*k = (struct keep){.past = past, .door = door};
	if (!past_place(hosts, k->folder, sizeof k->folder) ||
	    aur_timer_new(loop, on_timer, k, &k->timer) < 0)
		return feed;
	if (aur_record_new(&k->feed, feed, NULL, NULL) < 0) {
		aur_timer_free(k->timer);
		k->timer = NULL;
		return feed;
	}
	aur_timer_start(k->timer, aur_span_ms(FIRST_MS));
	return k->feed;
}

void keep_end(struct keep *k)
{
	aur_timer_free(k->timer);
	if (k->history != NULL) /* what happened until now is no news */
		aur_history_look(k->history, aur_clock_wall());
	/* nobody reads any more: who records can leave files without a log */
	for (int i = 0; i < 2 && k->past != NULL; i++)
		aur_history_rest(k->past);
	aur_history_close(k->history);
	*k = (struct keep){.history = NULL};
}
