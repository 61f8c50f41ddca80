/* SPDX-License-Identifier: MIT */
#include "tui/track.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>

static const enum aur_figure_id sources[TUI_TRACK_COUNT] = {
    AUR_FIG_cpu_busy_percent,
    AUR_FIG_memory_used_percent,
    AUR_FIG_swap_used_percent,
    AUR_FIG_load_one,
    AUR_FIG_pressure_cpu_some_percent,
    AUR_FIG_pressure_memory_some_percent,
    AUR_FIG_pressure_io_some_percent,
    AUR_FIG_disk_totals_read_bytes_per_second,
    AUR_FIG_disk_totals_write_bytes_per_second,
    AUR_FIG_network_totals_receive_bytes_per_second,
    AUR_FIG_network_totals_transmit_bytes_per_second,
};

double tui_number(struct aur_figures *f, enum aur_figure_id id, size_t row)
{
	struct aur_value v;
	double d;

	if (row >= aur_figures_rows(f, aur_figure_get(id)->group))
		return NAN;
	aur_figures_get(f, id, row, &v);
	return aur_value_number(&v, &d) ? d : NAN;
}

struct aur_slice tui_string(
    struct aur_figures *f, enum aur_figure_id id, size_t row)
{
	struct aur_value v;

	if (row >= aur_figures_rows(f, aur_figure_get(id)->group))
		return aur_slice_str("");
	aur_figures_get(f, id, row, &v);
	return v.type == AUR_VALUE_TEXT ? v.s : aur_slice_str("");
}

int tui_tracks_init(struct tui_tracks *t, struct aur_span step)
{
	int rc = 0;

	memset(t, 0, sizeof(*t));
	t->disk = aur_mem_new(TUI_PAIRS_MAX, sizeof(*t->disk));
	t->net = aur_mem_new(TUI_PAIRS_MAX, sizeof(*t->net));
	if (t->disk == NULL || t->net == NULL)
		rc = AUR_ENOMEM;
	for (int i = 0; i < TUI_TRACK_COUNT && rc == 0; i++)
		rc = aur_series_init(&t->one[i], TUI_TRACK_STEPS, step);
	if (rc < 0)
		tui_tracks_release(t);
	return rc;
}

static void release_pairs(struct tui_pair *pair, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		aur_series_release(&pair[i].in);
		aur_series_release(&pair[i].out);
	}
	aur_mem_free(pair);
}

void tui_tracks_release(struct tui_tracks *t)
{
	for (int i = 0; i < TUI_TRACK_COUNT; i++)
		aur_series_release(&t->one[i]);
	release_pairs(t->disk, t->ndisk);
	release_pairs(t->net, t->nnet);
	memset(t, 0, sizeof(*t));
}

static struct tui_pair *find(
    struct tui_pair *pair, size_t n, struct aur_slice name)
{
	for (size_t i = 0; i < n; i++)
		if (aur_slice_is(name, pair[i].name))
			return &pair[i];
	return NULL;
}

/* A free place for `name`: a new one, or that of one long gone. */
static struct tui_pair *place(struct tui_tracks *t, struct tui_pair *pair,
    size_t *n, struct aur_slice name)
{
	struct tui_pair *p = NULL;
	struct aur_span step = t->one[0].step;

	if (name.n == 0 || name.n >= sizeof(p->name))
		return NULL;
	if (*n < TUI_PAIRS_MAX) {
		p = &pair[*n];
		if (aur_series_init(&p->in, TUI_TRACK_STEPS, step) < 0)
			return NULL;
		if (aur_series_init(&p->out, TUI_TRACK_STEPS, step) < 0) {
			aur_series_release(&p->in);
			return NULL;
		}
		++*n;
	} else {
		for (size_t i = 0; i < *n && p == NULL; i++)
			if (pair[i].seen + 1 < t->samples)
				p = &pair[i];
		if (p == NULL)
			return NULL;
		aur_series_clear(&p->in);
		aur_series_clear(&p->out);
	}
	memcpy(p->name, name.p, name.n);
	p->name[name.n] = '\0';
	return p;
}

static void add_pairs(struct tui_tracks *t, struct aur_figures *f,
    enum aur_group_id group, enum aur_figure_id in, enum aur_figure_id out,
    struct tui_pair *pair, size_t *n)
{
	enum aur_figure_id name = aur_group_get(group)->first;

	for (size_t i = 0; i < aur_figures_rows(f, group); i++) {
		struct aur_slice s = tui_string(f, name, i);
		struct tui_pair *p = find(pair, *n, s);

		if (p == NULL)
			p = place(t, pair, n, s);
		if (p == NULL)
			continue;
		p->seen = t->samples;
		aur_series_add(&p->in, f->now->wall, tui_number(f, in, i));
		aur_series_add(&p->out, f->now->wall, tui_number(f, out, i));
	}
}

void tui_tracks_add(struct tui_tracks *t, struct aur_figures *f)
{
	if (f->now == NULL || t->disk == NULL)
		return;
	t->samples++;
	for (int i = 0; i < TUI_TRACK_COUNT; i++)
		aur_series_add(
		    &t->one[i], f->now->wall, tui_number(f, sources[i], 0));
	add_pairs(t, f, AUR_GROUP_DISKS, AUR_FIG_disks_read_bytes_per_second,
	    AUR_FIG_disks_write_bytes_per_second, t->disk, &t->ndisk);
	add_pairs(t, f, AUR_GROUP_NETWORK,
	    AUR_FIG_network_receive_bytes_per_second,
	    AUR_FIG_network_transmit_bytes_per_second, t->net, &t->nnet);
}

const struct tui_pair *tui_tracks_disk(
    const struct tui_tracks *t, struct aur_slice name)
{
	return find(t->disk, t->ndisk, name);
}

const struct tui_pair *tui_tracks_net(
    const struct tui_tracks *t, struct aur_slice name)
{
	return find(t->net, t->nnet, name);
}
