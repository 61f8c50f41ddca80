/* SPDX-License-Identifier: MIT */
#include "tui/trace.h"

#include "base/human.h"

#include <math.h>

/* Quantities of the host itself. */
static const struct {
	enum tui_panel_id panel;
	enum tui_track track;
	const char *label;
	enum tui_trace_unit unit;
	double least;
	enum tui_role role;
} one[] = {
    {TUI_PANEL_CPU, TUI_TRACK_CPU, "CPU busy", TUI_TRACE_PERCENT, 100,
	TUI_ROLE_CPU_USER},
    {TUI_PANEL_CPU, TUI_TRACK_LOAD, "load, one minute", TUI_TRACE_LOAD, 1,
	TUI_ROLE_CPU_NICE},
    {TUI_PANEL_MEMORY, TUI_TRACK_MEMORY, "memory used", TUI_TRACE_PERCENT, 100,
	TUI_ROLE_MEM_USED},
    {TUI_PANEL_MEMORY, TUI_TRACK_SWAP, "swap used", TUI_TRACE_PERCENT, 100,
	TUI_ROLE_SWAP},
    {TUI_PANEL_PRESSURE, TUI_TRACK_LOAD, "load, one minute", TUI_TRACE_LOAD, 1,
	TUI_ROLE_CPU_USER},
    {TUI_PANEL_PRESSURE, TUI_TRACK_PSI_CPU, "pressure on CPU, some",
	TUI_TRACE_PERCENT, 5, TUI_ROLE_CPU_SYSTEM},
    {TUI_PANEL_PRESSURE, TUI_TRACK_PSI_MEMORY, "pressure on memory, some",
	TUI_TRACE_PERCENT, 5, TUI_ROLE_MEM_USED},
    {TUI_PANEL_PRESSURE, TUI_TRACK_PSI_IO, "pressure on I/O, some",
	TUI_TRACE_PERCENT, 5, TUI_ROLE_CPU_IOWAIT},
    {TUI_PANEL_DISK, TUI_TRACK_READ, "all disks, read",
	TUI_TRACE_BYTES_PER_SECOND, 65536, TUI_ROLE_IN},
    {TUI_PANEL_DISK, TUI_TRACK_WRITE, "all disks, written",
	TUI_TRACE_BYTES_PER_SECOND, 65536, TUI_ROLE_OUT},
    {TUI_PANEL_NETWORK, TUI_TRACK_RECEIVE, "all interfaces, received",
	TUI_TRACE_BYTES_PER_SECOND, 65536, TUI_ROLE_IN},
    {TUI_PANEL_NETWORK, TUI_TRACK_TRANSMIT, "all interfaces, sent",
	TUI_TRACE_BYTES_PER_SECOND, 65536, TUI_ROLE_OUT},
    {TUI_PANEL_SENSOR, TUI_TRACK_TCP, "TCP established", TUI_TRACE_COUNT, 10,
	TUI_ROLE_IN},
    {TUI_PANEL_SENSOR, TUI_TRACK_TIME_WAIT, "TCP time-wait", TUI_TRACE_COUNT,
	10, TUI_ROLE_IN},
    {TUI_PANEL_SENSOR, TUI_TRACK_UDP, "UDP sockets", TUI_TRACE_COUNT, 10,
	TUI_ROLE_IN},
    {TUI_PANEL_SENSOR, TUI_TRACK_SWITCHES, "context switches",
	TUI_TRACE_PER_SECOND, 1000, TUI_ROLE_CPU_SYSTEM},
    {TUI_PANEL_SENSOR, TUI_TRACK_FORKS, "forks", TUI_TRACE_PER_SECOND, 10,
	TUI_ROLE_CPU_SYSTEM},
};

/* Quantities of a row of the panel's list, behind those. */
struct rows {
	enum aur_group_id group;
	const struct tui_pair *(*find)(
	    const struct tui_tracks *t, struct aur_slice name);
	const char *name[2]; /* [1] NULL: only one */
	enum aur_figure_id figure[2];
	enum tui_trace_unit unit;
	double least;
};

static const struct rows disks = {AUR_GROUP_DISKS, tui_tracks_disk,
    {"read", "written"},
    {AUR_FIG_disks_read_bytes_per_second, AUR_FIG_disks_write_bytes_per_second},
    TUI_TRACE_BYTES_PER_SECOND, 65536};
static const struct rows nets = {AUR_GROUP_NETWORK, tui_tracks_net,
    {"received", "sent"},
    {AUR_FIG_network_receive_bytes_per_second,
	AUR_FIG_network_transmit_bytes_per_second},
    TUI_TRACE_BYTES_PER_SECOND, 65536};
static const struct rows sensors = {AUR_GROUP_TEMPERATURES, tui_tracks_sensor,
    {"temperature", NULL},
    {AUR_FIG_temperatures_celsius, AUR_FIG_temperatures_celsius},
    TUI_TRACE_CELSIUS, 100};

static const struct rows *rows_of(enum tui_panel_id panel)
{
	return panel == TUI_PANEL_DISK	    ? &disks
	       : panel == TUI_PANEL_NETWORK ? &nets
	       : panel == TUI_PANEL_SENSOR  ? &sensors
					    : NULL;
}

size_t tui_trace_count(const struct tui_scene *s, enum tui_panel_id panel)
{
	const struct rows *r = rows_of(panel);
	size_t n = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(one); i++)
		n += one[i].panel == panel;
	if (r != NULL)
		n += aur_figures_rows(&s->figures, r->group) *
		     (r->name[1] != NULL ? 2 : 1);
	return n;
}

static bool get_row(const struct tui_scene *s, const struct rows *r, size_t i,
    struct tui_trace *t)
{
	struct aur_figures *f =
	    (struct aur_figures *)(uintptr_t)&s->figures; /* computed late */
	size_t each = r->name[1] != NULL ? 2 : 1;
	struct aur_slice name;
	const struct tui_pair *pair;

	if (i / each >= aur_figures_rows(f, r->group))
		return false;
	name = tui_string(f, aur_group_get(r->group)->first, i / each);
	pair = r->find(&s->tracks, name);
	snprintf(t->label, sizeof(t->label), "%.*s, %s",
	    (int)(name.n < 64 ? name.n : 64), (const char *)name.p,
	    r->name[i % each]);
	t->unit = r->unit;
	t->least = r->least;
	t->role = i % each == 0 ? TUI_ROLE_IN : TUI_ROLE_OUT;
	t->row = i / each;
	t->figure = r->figure[i % each];
	if (name.n < sizeof(t->name))
		memcpy(t->name, name.p, name.n);
	t->history = pair == NULL    ? NULL
		     : i % each == 0 ? &pair->in
				     : &pair->out;
	return pair != NULL;
}

bool tui_trace_get(const struct tui_scene *s, enum tui_panel_id panel, size_t i,
    struct tui_trace *ret)
{
	const struct rows *r = rows_of(panel);

	memset(ret, 0, sizeof(*ret));
	for (size_t k = 0; k < AUR_ARRAY_LEN(one); k++) {
		if (one[k].panel != panel || i-- > 0)
			continue;
		snprintf(ret->label, sizeof(ret->label), "%s", one[k].label);
		ret->history = &s->tracks.one[one[k].track];
		ret->figure = tui_track_figure(one[k].track);
		ret->unit = one[k].unit;
		ret->least = one[k].least;
		ret->fixed = one[k].least == 100;
		ret->role = one[k].role;
		return true;
	}
	return r != NULL && get_row(s, r, i, ret);
}

void tui_trace_text(enum tui_trace_unit unit, double v, char out[TUI_SMALL])
{
	char number[AUR_HUMAN_MAX];

	snprintf(out, TUI_SMALL, "-");
	if (isnan(v))
		return;
	switch (unit) {
	case TUI_TRACE_PERCENT:
		aur_human_percent(v, number);
		snprintf(out, TUI_SMALL, "%s%%", number);
		break;
	case TUI_TRACE_LOAD:
		snprintf(out, TUI_SMALL, "%.2f", v);
		break;
	case TUI_TRACE_BYTES_PER_SECOND:
		tui_rate(v, out);
		break;
	case TUI_TRACE_COUNT:
	case TUI_TRACE_PER_SECOND:
		aur_human_count(v, number);
		snprintf(out, TUI_SMALL, "%s%s", number,
		    unit == TUI_TRACE_COUNT ? "" : "/s");
		break;
	case TUI_TRACE_CELSIUS:
		snprintf(out, TUI_SMALL, "%.0fC", v);
		break;
	}
}

double tui_trace_top(const struct tui_trace *t, double v)
{
	double top = t->least;

	if (t->fixed || !(v > top) || !isfinite(v))
		return top;
	if (t->unit == TUI_TRACE_BYTES_PER_SECOND)
		return exp2(ceil(log2(v)));
	top = pow(10, floor(log10(v)));
	return v <= top	      ? top
	       : v <= 2 * top ? 2 * top
	       : v <= 5 * top ? 5 * top
			      : 10 * top;
}
