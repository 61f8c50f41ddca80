/* SPDX-License-Identifier: MIT */
/*
 * What panels draw from: the figures of the host as last told, the tracks
 * behind the graphs, and what the terminal can show. Panels never see the
 * feed itself.
 */
#ifndef TUI_SCENE_H
#define TUI_SCENE_H

#include "model/feed.h"
#include "tui/kept.h"
#include "tui/past.h"
#include "tui/busiest.h"
#include "tui/growth.h"
#include "tui/track.h"
#include "view/draw.h"

struct tui_scene {
	const struct aur_feed_host *host; /* borrowed for this frame */
	struct aur_sample *before;	  /* what they compare with; theirs */
	struct aur_figures figures;	  /* of the last whole sample, or of
					     what has come of the first */
	bool whole;			  /* a whole sample is there */
	bool stale;			  /* its values are of the past */
	bool paused; /* the figures are held; the tracks go on */
	struct tui_tracks tracks;
	struct tui_busiest busiest;
	struct tui_growth growth;
	struct aur_wall frozen; /* of the last sample when paused */
	struct aur_wall moment; /* of the past, that is shown; 0: it is live */
	struct tui_kept kept;	/* what was before what came here */
	struct tui_past past;	/* of processes, while `wants_past` */
	bool wants_past;
	uint64_t past_frozen; /* its steps when paused */
	enum aur_glyphs glyphs;
	bool ascii, utc, readonly;
	struct aur_span interval;
	struct aur_mono now;  /* the client's clock */
	struct aur_wall wall; /* the client's time of day; 0 unknown */
};

/* Takes up a whole sample of the host. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_scene_sample(
    struct tui_scene *s, const struct aur_feed_host *host);
/* Shows the latest sample after a pause; the tracks have had it. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int tui_scene_show(
    struct tui_scene *s, const struct aur_feed_host *host);
/* Shows the host as it was at a moment; the tracks have places for its rows,
 * and values from elsewhere. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_scene_at(struct tui_scene *s,
    const struct aur_feed_host *host, struct aur_wall moment);
void tui_scene_release(struct tui_scene *s);
/* Makes `s`, which holds nothing, one that looks like `other`. 0, AUR_ENOMEM.
 */
AUR_MUST_CHECK int tui_scene_like(
    struct tui_scene *s, const struct tui_scene *other);
/* Makes it the scene of a host that nothing is known of; how things look
 * stays. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int tui_scene_restart(struct tui_scene *s);

/* Steps between the newest of a track and the right edge of its graph. */
size_t tui_scene_back(
    const struct tui_scene *s, const struct aur_series *series);
/* The same for the past of processes. */
size_t tui_scene_past_back(const struct tui_scene *s);

#endif
