/* SPDX-License-Identifier: MIT */
/* The columns of the fleet, and what stands in them. */
#include "tui/fleet.h"

#include "base/err.h"

#include <math.h>

static const struct tui_fleet_column_row columns[] = {
#define TUI_FLEET_COLUMN(                                                      \
    ID, name, title, ascii, width, right, weight, shown, path, help)           \
	{name, title, ascii, width, right, weight, shown, path, help},
#include "tui/fleet_column.def"
#undef TUI_FLEET_COLUMN
};

const struct tui_fleet_column_row *tui_fleet_column(unsigned id)
{
	return &columns[id];
}

int tui_fleet_column_find(struct aur_slice name)
{
	for (int i = 0; i < TUI_FLEET_COLUMNS; i++)
		if (name.n > 0 && (aur_slice_is(name, columns[i].name) ||
				      aur_slice_is(name, columns[i].path)))
			return i;
	return -1;
}

int tui_fleet_find(void *ctx, struct aur_slice name)
{
	(void)ctx;
	return tui_fleet_column_find(name);
}

bool tui_fleet_descends(unsigned column)
{
	return columns[column].right || column == TUI_FLEET_STATE ||
	       column == TUI_FLEET_PAST || column == TUI_FLEET_BAR;
}

int tui_fleet_sort_parse(
    struct aur_slice text, unsigned *ret_column, bool *ret_descending)
{
	struct aur_slice name;
	bool turned = aur_slice_until(&text, ':', &name);
	int id;

	if (!turned)
		name = text;
	id = tui_fleet_column_find(name);
	if (id < 0 || (turned && !aur_slice_is(text, "asc") &&
			  !aur_slice_is(text, "desc")))
		return AUR_EINVALID;
	*ret_column = (unsigned)id;
	*ret_descending = turned ? aur_slice_is(text, "desc")
				 : tui_fleet_descends((unsigned)id);
	return 0;
}

const char *tui_fleet_word(enum aur_host_state state)
{
	switch (state) {
	case AUR_HOST_AUTH_FAILED:
		return "login refused";
	case AUR_HOST_KEY_UNKNOWN:
		return "key unknown";
	case AUR_HOST_KEY_CHANGED:
		return "key changed";
	case AUR_HOST_NO_AGENT:
		return "no agent";
	default:
		return aur_host_state_name(state);
	}
}

unsigned tui_fleet_badness(enum aur_host_state state)
{
	static const uint8_t bad[TUI_FLEET_STATES] = {
	    [AUR_HOST_UP] = 0,
	    [AUR_HOST_CONNECTING] = 1,
	    [AUR_HOST_STALE] = 2,
	    [AUR_HOST_NO_AGENT] = 3,
	    [AUR_HOST_UNREACHABLE] = 4,
	    [AUR_HOST_KEY_UNKNOWN] = 5,
	    [AUR_HOST_AUTH_FAILED] = 6,
	    [AUR_HOST_KEY_CHANGED] = 7,
	};

	return bad[state];
}

int tui_fleet_track(unsigned column)
{
	switch (column) {
	case TUI_FLEET_CPU:
	case TUI_FLEET_PAST:
		return TUI_TRACK_CPU;
	case TUI_FLEET_MEMORY:
	case TUI_FLEET_BAR:
		return TUI_TRACK_MEMORY;
	case TUI_FLEET_SWAP:
		return TUI_TRACK_SWAP;
	case TUI_FLEET_LOAD:
		return TUI_TRACK_LOAD;
	case TUI_FLEET_READ:
		return TUI_TRACK_READ;
	case TUI_FLEET_WRITE:
		return TUI_TRACK_WRITE;
	case TUI_FLEET_RECEIVE:
		return TUI_TRACK_RECEIVE;
	case TUI_FLEET_TRANSMIT:
		return TUI_TRACK_TRANSMIT;
	case TUI_FLEET_PSI_CPU:
		return TUI_TRACK_PSI_CPU;
	case TUI_FLEET_PSI_MEMORY:
		return TUI_TRACK_PSI_MEMORY;
	case TUI_FLEET_PSI_IO:
		return TUI_TRACK_PSI_IO;
	default:
		return -1;
	}
}

void tui_fleet_set_text(struct aur_value *v, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	v->type = AUR_VALUE_TEXT;
	v->s = aur_slice_str(text);
}

static void set_number(struct aur_value *v, double d)
{
	if (isnan(d))
		return;
	v->type = AUR_VALUE_REAL;
	v->d = d;
}

/* Seconds since the last sample. */
static double age_of(const struct tui_fleet *fl, size_t host)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);
	struct aur_mono received = h->received;

	if (h->now == NULL)
		return NAN;
	if (fl->past != NULL)
		return fmax(0, aur_span_in_seconds(
				   aur_wall_since(fl->moment, h->now->wall)));
	if (fl->held && fl->record[host].held)
		received = fl->record[host].held_received;
	return fmax(0, aur_span_in_seconds(aur_mono_since(fl->now, received)));
}

void tui_fleet_value(const struct tui_fleet *fl, size_t host, unsigned column,
    struct aur_value *ret)
{
	const struct aur_feed_host *h = tui_fleet_host(fl, host);
	const struct tui_record *r = &fl->record[host];
	int track = tui_fleet_track(column);

	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	if (track >= 0) {
		set_number(ret, tui_record_now(r, (enum tui_track)track));
		return;
	}
	switch (column) {
	case TUI_FLEET_HOST:
		tui_fleet_set_text(ret, h->name);
		break;
	case TUI_FLEET_STATE:
		tui_fleet_set_text(ret, aur_host_state_name(h->state));
		break;
	case TUI_FLEET_GROUP:
		tui_fleet_set_text(ret, h->ngroup > 0 ? h->groups[0] : NULL);
		break;
	case TUI_FLEET_ADDRESS:
		tui_fleet_set_text(ret, h->address);
		break;
	case TUI_FLEET_BEHIND:
		tui_fleet_set_text(ret, h->behind);
		break;
	case TUI_FLEET_VIA:
		tui_fleet_set_text(ret, h->via);
		break;
	case TUI_FLEET_MODE:
		tui_fleet_set_text(ret, h->mode);
		break;
	case TUI_FLEET_UPTIME:
		set_number(ret, tui_record_uptime(r));
		break;
	case TUI_FLEET_RTT:
		if (h->rtt.ns >= 0)
			set_number(ret, aur_span_in_seconds(h->rtt) * 1000);
		break;
	case TUI_FLEET_RESTARTS:
		set_number(ret, h->restarts);
		break;
	case TUI_FLEET_AGE:
		set_number(ret, age_of(fl, host));
		break;
	default:
		break;
	}
}

/* What adds up over hosts; of the rest a mean tells more. */
static bool adds_up(unsigned column)
{
	return column == TUI_FLEET_READ || column == TUI_FLEET_WRITE ||
	       column == TUI_FLEET_RECEIVE || column == TUI_FLEET_TRANSMIT;
}

void tui_fleet_group_value(
    const struct tui_fleet_group *g, unsigned column, struct aur_value *ret)
{
	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	if (tui_fleet_track(column) < 0 || g->known[column] == 0)
		return;
	set_number(ret, adds_up(column) ? g->sum[column]
					: g->sum[column] / g->known[column]);
}
