/* SPDX-License-Identifier: MIT */
#include "tui/details.h"

#include "base/err.h"
#include "base/limits.h"

#include <math.h>

#define STEPS 900 /* of the graphs */

static const struct aur_part *part_of(const struct aur_sample *s)
{
	return s == NULL ? NULL : aur_sample_get(s, AUR_DOMAIN_PROCESS);
}

/* The chain of parents, at most so many: a host may send a ring. */
static void find_family(struct tui_details *d, const struct aur_part *part)
{
	ptrdiff_t at = (ptrdiff_t)d->inst;

	d->parents = d->children = 0;
	while (d->parents < TUI_PARENTS_MAX) {
		at = aur_part_find_pid(
		    part, aur_part_cell(part, (size_t)at, AUR_PROCESS_parent));
		if (at < 0 || (size_t)at == d->inst)
			break;
		d->parent[d->parents++] = (uint32_t)at;
	}
	for (size_t i = 0; i < part->n; i++)
		d->children +=
		    i != d->inst &&
		    aur_part_cell(part, i, AUR_PROCESS_parent) == d->key.v[0];
}

/* Holds the samples when the process is in the newer. */
static int take(
    struct tui_details *d, struct aur_sample *before, struct aur_sample *now)
{
	const struct aur_part *part = part_of(now);
	struct aur_figures f;
	ptrdiff_t at = part == NULL ? -1 : aur_part_find(part, d->key, d->inst);
	int rc;

	if (at < 0)
		return AUR_EABSENT;
	rc = aur_figures_init(&f, before, now);
	if (rc < 0)
		return rc;
	aur_figures_release(&d->f);
	d->f = f;
	d->inst = (size_t)at;
	find_family(d, part);
	return 0;
}

static double number(struct aur_figures *f, enum aur_figure_id id, size_t inst)
{
	struct aur_value v;
	double d = NAN;

	aur_figures_process(f, id, inst, &v);
	return aur_value_number(&v, &d) ? d : NAN;
}

static void add_point(struct tui_details *d, struct aur_figures *f, size_t inst)
{
	aur_series_add(&d->cpu, f->now->wall,
	    number(f, AUR_FIG_processes_cpu_percent, inst));
	aur_series_add(&d->memory, f->now->wall,
	    number(f, AUR_FIG_processes_rss_bytes, inst));
}

/* The steps before this one that the list knows of. */
static void add_past(struct tui_details *d, const struct tui_scene *s)
{
	const struct tui_past_row *row = tui_past_find(&s->past, d->key);

	for (size_t back = TUI_PAST_STEPS; row != NULL && back-- > 1;) {
		double v = tui_past_at(&s->past, row, back);
		int64_t ago = (int64_t)back * s->interval.ns;

		if (!isnan(v))
			aur_series_add(&d->cpu,
			    aur_wall_add(
				d->f.now->wall, (struct aur_span){-ago}),
			    v);
	}
}

int tui_details_open(
    struct tui_details *d, const struct tui_scene *s, struct aur_key key)
{
	int rc;

	tui_details_close(d);
	d->key = key;
	aur_buf_init(&d->text, AUR_MAX_STRING * 3);
	rc = aur_series_init(&d->cpu, STEPS, s->interval);
	if (rc == 0)
		rc = aur_series_init(&d->memory, STEPS, s->interval);
	if (rc == 0)
		rc = take(d, s->before, s->figures.now);
	if (rc < 0) {
		tui_details_close(d);
		return rc;
	}
	d->open = true;
	d->seen = s->now;
	add_past(d, s);
	add_point(d, &d->f, d->inst);
	return 0;
}

void tui_details_close(struct tui_details *d)
{
	aur_figures_release(&d->f);
	aur_series_release(&d->cpu);
	aur_series_release(&d->memory);
	aur_buf_release(&d->text);
	memset(d, 0, sizeof(*d));
}

/* While the screen is paused its values stay, but the graphs go on. */
static void sample_paused(
    struct tui_details *d, const struct aur_feed_host *host)
{
	const struct aur_part *part = part_of(host->now);
	ptrdiff_t at = part == NULL ? -1 : aur_part_find(part, d->key, d->inst);
	struct aur_figures f;

	if (at < 0 || aur_figures_init(&f, host->before, host->now) < 0)
		return;
	add_point(d, &f, (size_t)at);
	aur_figures_release(&f);
}

void tui_details_sample(struct tui_details *d, const struct tui_scene *s,
    const struct aur_feed_host *host)
{
	int rc;

	if (!d->open || d->ended)
		return;
	if (s->paused) {
		sample_paused(d, host);
		return;
	}
	rc = take(d, host->before, host->now);
	if (rc == 0) {
		d->seen = s->now;
		add_point(d, &d->f, d->inst);
	} else
		d->ended = rc == AUR_EABSENT;
}

static void put_since(
    struct aur_series *s, struct aur_wall from, struct aur_wall to, double v)
{
	struct aur_point p = {(float)v, (float)v, (float)v, 1};
	int64_t i = from.ns / s->step.ns + 1, last = to.ns / s->step.ns;

	if (isnan(v))
		return;
	for (i = last - i > STEPS ? last - STEPS : i; i <= last; i++)
		aur_series_put(s, i, p);
}

void tui_details_table(struct tui_details *d, struct aur_figures *f,
    const struct aur_sample *before)
{
	const struct aur_part *part = part_of(f->now);
	ptrdiff_t at = part == NULL ? -1 : aur_part_find(part, d->key, d->inst);
	struct aur_wall from;

	if (!d->open || at < 0)
		return;
	from = before != NULL ? before->wall
			      : aur_wall_add(f->now->wall,
				    (struct aur_span){-d->cpu.step.ns});
	put_since(&d->cpu, from, d->f.now->wall,
	    number(f, AUR_FIG_processes_cpu_percent, (size_t)at));
	put_since(&d->memory, from, d->f.now->wall,
	    number(f, AUR_FIG_processes_rss_bytes, (size_t)at));
}

void tui_details_interval(struct tui_details *d, struct aur_span step)
{
	if (!d->open || d->cpu.step.ns == step.ns)
		return;
	d->cpu.step = d->memory.step = step;
	aur_series_clear(&d->cpu);
	aur_series_clear(&d->memory);
}

bool tui_details_move(struct tui_details *d, enum tui_action action)
{
	switch (action) {
	case TUI_DO_UP:
		d->scroll--;
		break;
	case TUI_DO_DOWN:
		d->scroll++;
		break;
	case TUI_DO_PAGE_UP:
		d->scroll -= d->page;
		break;
	case TUI_DO_PAGE_DOWN:
		d->scroll += d->page;
		break;
	case TUI_DO_TOP:
		d->scroll = 0;
		break;
	case TUI_DO_BOTTOM:
		d->scroll = d->height;
		break;
	default:
		return false;
	}
	if (d->scroll > d->height - d->page)
		d->scroll = d->height - d->page;
	if (d->scroll < 0)
		d->scroll = 0;
	return true;
}
