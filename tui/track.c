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
    AUR_FIG_sockets_tcp_established,
    AUR_FIG_sockets_tcp_time_wait,
    AUR_FIG_sockets_udp,
    AUR_FIG_kernel_context_switches_per_second,
    AUR_FIG_kernel_forks_per_second,
};

enum aur_figure_id tui_track_figure(enum tui_track track)
{
	return sources[track];
}

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
	for (int i = 0; i < TUI_TRACK_COUNT && rc == 0; i++)
		rc = tui_history_init(&t->one[i], step);
	if (rc < 0)
		tui_tracks_release(t);
	return rc;
}

static void release_pairs(struct tui_pairs *p)
{
	for (size_t i = 0; i < p->n; i++) {
		tui_history_release(&p->pair[i].in);
		tui_history_release(&p->pair[i].out);
	}
	aur_mem_free(p->pair);
}

void tui_tracks_release(struct tui_tracks *t)
{
	for (int i = 0; i < TUI_TRACK_COUNT; i++)
		tui_history_release(&t->one[i]);
	release_pairs(&t->disk);
	release_pairs(&t->net);
	release_pairs(&t->sensor);
	memset(t, 0, sizeof(*t));
}

static struct tui_pair *find(const struct tui_pairs *p, struct aur_slice name)
{
	for (size_t i = 0; i < p->n; i++)
		if (aur_slice_is(name, p->pair[i].name))
			return &p->pair[i];
	return NULL;
}

/* Changes the steps of one; the first failure stays in *rc. */
static void restep(struct tui_history *h, struct aur_span step, int *rc)
{
	int err = h->tier[0].ring == NULL ? 0 : tui_history_step(h, step);

	if (*rc == 0)
		*rc = err;
}

static void restep_pairs(struct tui_pairs *p, struct aur_span step, int *rc)
{
	for (size_t i = 0; i < p->n; i++) {
		restep(&p->pair[i].in, step, rc);
		restep(&p->pair[i].out, step, rc);
	}
}

int tui_tracks_step(struct tui_tracks *t, struct aur_span step)
{
	int rc = 0;

	for (int i = 0; i < TUI_TRACK_COUNT; i++)
		restep(&t->one[i], step, &rc);
	restep_pairs(&t->disk, step, &rc);
	restep_pairs(&t->net, step, &rc);
	restep_pairs(&t->sensor, step, &rc);
	return rc;
}

const struct aur_series *tui_tracks_recent(
    const struct tui_tracks *t, enum tui_track track)
{
	return &t->one[track].tier[0];
}

/* A group whose rows have histories by name. */
struct source {
	enum aur_group_id group;
	enum aur_figure_id in;
	int out; /* a figure, or -1 */
};

/* A place never used, made ready. */
static struct tui_pair *fresh_place(
    struct tui_tracks *t, struct tui_pairs *pairs, const struct source *from)
{
	struct aur_span step = t->one[0].tier[0].step;
	struct tui_pair *p;

	if (pairs->n == pairs->cap) {
		size_t cap = pairs->cap == 0 ? 4 : pairs->cap * 2;

		p = aur_mem_grow(pairs->pair, cap, sizeof(*p));
		if (p == NULL)
			return NULL;
		pairs->pair = p;
		pairs->cap = cap;
	}
	p = &pairs->pair[pairs->n];
	memset(p, 0, sizeof(*p));
	if (tui_history_init(&p->in, step) < 0)
		return NULL;
	if (from->out >= 0 && tui_history_init(&p->out, step) < 0) {
		tui_history_release(&p->in);
		return NULL;
	}
	pairs->n++;
	return p;
}

/* A place for `name`: a new one, or that of one that has gone. */
static struct tui_pair *place(struct tui_tracks *t, const struct source *from,
    struct tui_pairs *pairs, struct aur_slice name)
{
	struct tui_pair *p = NULL;

	if (name.n == 0 || name.n >= sizeof(p->name))
		return NULL;
	if (pairs->n < TUI_PAIRS_MAX)
		p = fresh_place(t, pairs, from);
	for (size_t i = 0; i < pairs->n && p == NULL; i++)
		if (pairs->pair[i].seen + 1 < t->samples) {
			p = &pairs->pair[i];
			tui_history_clear(&p->in);
			tui_history_clear(&p->out);
		}
	if (p == NULL)
		return NULL;
	memcpy(p->name, name.p, name.n);
	p->name[name.n] = '\0';
	return p;
}

static void add_pairs(struct tui_tracks *t, struct aur_figures *f,
    const struct source *from, struct tui_pairs *pairs, bool values)
{
	enum aur_figure_id name = aur_group_get(from->group)->first;

	for (size_t i = 0; i < aur_figures_rows(f, from->group); i++) {
		struct aur_slice s = tui_string(f, name, i);
		struct tui_pair *p = find(pairs, s);

		if (p == NULL)
			p = place(t, from, pairs, s);
		if (p == NULL)
			continue;
		p->seen = t->samples;
		if (!values)
			continue;
		tui_history_add(
		    &p->in, f->now->wall, tui_number(f, from->in, i));
		if (from->out >= 0)
			tui_history_add(&p->out, f->now->wall,
			    tui_number(f, (enum aur_figure_id)from->out, i));
	}
}

static const struct source disks = {AUR_GROUP_DISKS,
    AUR_FIG_disks_read_bytes_per_second, AUR_FIG_disks_write_bytes_per_second};
static const struct source nets = {AUR_GROUP_NETWORK,
    AUR_FIG_network_receive_bytes_per_second,
    AUR_FIG_network_transmit_bytes_per_second};
static const struct source sensors = {
    AUR_GROUP_TEMPERATURES, AUR_FIG_temperatures_celsius, -1};

static void add_all(struct tui_tracks *t, struct aur_figures *f, bool values)
{
	add_pairs(t, f, &disks, &t->disk, values);
	add_pairs(t, f, &nets, &t->net, values);
	add_pairs(t, f, &sensors, &t->sensor, values);
}

void tui_tracks_add(struct tui_tracks *t, struct aur_figures *f)
{
	if (f->now == NULL || t->one[0].tier[0].ring == NULL)
		return;
	t->samples++;
	for (int i = 0; i < TUI_TRACK_COUNT; i++)
		tui_history_add(
		    &t->one[i], f->now->wall, tui_number(f, sources[i], 0));
	add_all(t, f, true);
}

void tui_tracks_rows(struct tui_tracks *t, struct aur_figures *f)
{
	if (f->now == NULL || t->one[0].tier[0].ring == NULL)
		return;
	t->samples++;
	add_all(t, f, false);
}

const struct tui_pair *tui_tracks_disk(
    const struct tui_tracks *t, struct aur_slice name)
{
	return find(&t->disk, name);
}

const struct tui_pair *tui_tracks_net(
    const struct tui_tracks *t, struct aur_slice name)
{
	return find(&t->net, name);
}

const struct tui_pair *tui_tracks_sensor(
    const struct tui_tracks *t, struct aur_slice name)
{
	return find(&t->sensor, name);
}
