/* SPDX-License-Identifier: MIT */
#include "tui/scene.h"

#include "base/err.h"

/* No memory for it costs the sparklines, and nothing else. */
static void add_past(struct tui_scene *s, struct aur_figures *f)
{
	if (!s->wants_past)
		tui_past_release(&s->past);
	else
		(void)!tui_past_add(&s->past, f);
}

int tui_scene_sample(struct tui_scene *s, const struct aur_feed_host *host)
{
	struct aur_figures f;
	int rc = aur_figures_init(&f, host->before, host->now);

	if (rc < 0)
		return rc;
	tui_tracks_add(&s->tracks, &f);
	tui_busiest_add(&s->busiest, &f);
	tui_growth_add(&s->growth, &f);
	add_past(s, &f);
	if (s->paused && s->whole) {
		aur_figures_release(&f);
		return 0;
	}
	aur_figures_release(&s->figures);
	s->figures = f;
	s->before = host->before;
	s->whole = host->now != NULL;
	return 0;
}

int tui_scene_show(struct tui_scene *s, const struct aur_feed_host *host)
{
	struct aur_figures f;
	int rc = aur_figures_init(&f, host->before, host->now);

	if (rc < 0)
		return rc;
	aur_figures_release(&s->figures);
	s->figures = f;
	s->before = host->before;
	return 0;
}

void tui_scene_release(struct tui_scene *s)
{
	aur_figures_release(&s->figures);
	tui_tracks_release(&s->tracks);
	tui_busiest_release(&s->busiest);
	tui_growth_release(&s->growth);
	tui_past_release(&s->past);
}

int tui_scene_at(struct tui_scene *s, const struct aur_feed_host *host,
    struct aur_wall moment)
{
	int rc = tui_scene_show(s, host);

	if (rc < 0)
		return rc;
	s->moment = moment;
	s->whole = host->now != NULL;
	tui_tracks_rows(&s->tracks, &s->figures);
	tui_busiest_add(&s->busiest, &s->figures);
	return 0;
}

int tui_scene_like(struct tui_scene *s, const struct tui_scene *other)
{
	int rc;

	*s = (struct tui_scene){
	    .wants_past = other->wants_past,
	    .moment = other->moment,
	    .kept = other->kept,
	    .glyphs = other->glyphs,
	    .ascii = other->ascii,
	    .utc = other->utc,
	    .readonly = other->readonly,
	    .interval = other->interval,
	    .now = other->now,
	    .wall = other->wall,
	};
	rc = tui_tracks_init(&s->tracks, s->interval);
	tui_busiest_init(&s->busiest, s->interval);
	if (rc == 0)
		rc = aur_figures_init(&s->figures, NULL, NULL);
	return rc;
}

int tui_scene_restart(struct tui_scene *s)
{
	struct tui_scene old = *s;

	tui_scene_release(s);
	return tui_scene_like(s, &old);
}

/* The right edge of graphs that do not go with the time; 0: they do. */
static int64_t edge(const struct tui_scene *s)
{
	return s->moment.ns != 0 ? s->moment.ns : s->paused ? s->frozen.ns : 0;
}

size_t tui_scene_back(
    const struct tui_scene *s, const struct aur_series *series)
{
	int64_t frozen = series->step.ns > 0 ? edge(s) / series->step.ns : 0;

	if (frozen == 0 || series->newest <= frozen)
		return 0;
	return (size_t)(series->newest - frozen);
}

size_t tui_scene_past_back(const struct tui_scene *s)
{
	return s->paused ? (size_t)(s->past.steps - s->past_frozen) : 0;
}
