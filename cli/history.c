/* SPDX-License-Identifier: MIT */
/*
 * Hosts of the line become hosts of the history by their ids: a host that was
 * renamed keeps its past, and another one under its old name does not get it.
 */
#include "cli/history.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/place.h"
#include "cli/when.h"

#include <unistd.h>

#define LOCAL "local"

bool past_place(const struct hosts *h, char *out, size_t size)
{
	char name[128];

	snprintf(name, sizeof name, "history/%s",
	    h->team != NULL ? h->team->id : LOCAL);
	return place_data(name, out, size);
}

bool past_folder(const struct hosts *h, char *out, size_t size)
{
	if (past_place(h, out, size))
		return true;
	cli_error(NULL, "there is no place for a history: set HOME or "
			"XDG_DATA_HOME to an absolute path");
	return false;
}

const char *past_id(const struct hosts *h, size_t i)
{
	const struct aur_pick *pick = &h->select.pick[i];

	switch (pick->kind) {
	case AUR_PICK_LOCAL:
		return LOCAL;
	case AUR_PICK_HOST:
		return h->team->host[pick->host].id;
	case AUR_PICK_ADDRESS:
		break;
	}
	return "";
}

static size_t find(const struct aur_history *h, const char *id)
{
	size_t n = aur_history_count(h);

	for (size_t i = 0; i < n && id[0] != '\0'; i++)
		if (strcmp(aur_history_id(h, i), id) == 0)
			return i;
	return SIZE_MAX;
}

static int map_hosts(struct past *p)
{
	p->host = aur_mem_new(p->hosts->select.n + 1, sizeof *p->host);
	if (p->host == NULL)
		return cli_fail(AUR_ENOMEM);
	for (; p->n < p->hosts->select.n; p->n++)
		p->host[p->n] = find(p->history, past_id(p->hosts, p->n));
	return CLI_OK;
}

static int say_absent(void)
{
	cli_error(NULL, "nothing has been recorded yet: aurora top records "
			"while it runs, and fetches what hosts with a service "
			"(aurora agent install HOST) recorded by themselves");
	return CLI_FAILED;
}

/* `early`: what is not there yet is found when it is. */
static int open_it(struct past *p, struct hosts *hosts, bool early)
{
	char folder[PLACE_SIZE];
	struct aur_history_options options = {.folder = folder, .early = early};
	int rc, status;

	p->hosts = hosts;
	if (p->bundle.history != NULL) {
		p->history = p->bundle.history;
		status = hosts_reach(hosts);
		return status == CLI_OK ? map_hosts(p) : status;
	}
	p->mine = true;
	if (!past_folder(hosts, folder, sizeof folder))
		return CLI_FAILED;
	rc = aur_history_open(&p->history, &options, p->why, sizeof p->why);
	p->absent = rc == AUR_EABSENT;
	if (rc < 0) {
		if (!p->absent)
			cli_error(NULL, "%s", p->why);
		return CLI_FAILED;
	}
	status = hosts_reach(hosts);
	return status == CLI_OK ? map_hosts(p) : status;
}

int past_open(struct past *p, struct hosts *hosts)
{
	return past_open_if(p, hosts, false);
}

int past_open_if(struct past *p, struct hosts *hosts, bool fine)
{
	int status = open_it(p, hosts, false);

	return p->absent ? (fine ? CLI_OK : say_absent()) : status;
}

int past_open_early(struct past *p, struct hosts *hosts)
{
	return open_it(p, hosts, true);
}

void past_close(struct past *p)
{
	if (p->mine)
		aur_history_close(p->history);
	aur_bundle_close(&p->bundle);
	aur_team_free(p->team);
	aur_mem_free(p->host);
	*p = (struct past){.history = NULL};
}

/* --- a bundle ------------------------------------------------------------- */

/* A host of the bundle as one of a team; a name that none may have, or that
 * another one has, becomes one that is. */
static int add_host(struct past *p, const char *id, const char *name)
{
	struct aur_team_host host = {.name = name, .address = name, .id = id};
	char why[AUR_TEAM_WHY], other[32];
	size_t i, n = p->team->nhost;

	if (strcmp(id, LOCAL) == 0)
		return CLI_OK;
	if (!aur_team_is_name(aur_slice_str(name)) ||
	    aur_team_find(p->team, aur_slice_str(name), &i)) {
		snprintf(other, sizeof other, "host-%zu", n + 1);
		host.name = host.address = other;
	}
	if (aur_team_put_host(p->team, n, &host, why, sizeof why) < 0) {
		cli_error(NULL, "a host of the bundle: %s", why);
		return CLI_FAILED;
	}
	return CLI_OK;
}

static int make_team(struct past *p)
{
	const struct aur_history *h = p->bundle.history;
	char why[AUR_TEAM_WHY];
	int rc, status = CLI_OK;

	rc = aur_team_new(&p->team, "/nonexistent", "bundle", why, sizeof why);
	if (rc < 0)
		return cli_fail(rc);
	for (size_t i = 0; i < aur_history_count(h) && status == CLI_OK; i++)
		status =
		    add_host(p, aur_history_id(h, i), aur_history_name(h, i));
	if (status == CLI_OK && p->team->nhost == 0) {
		aur_team_free(p->team);
		p->team = NULL;
	}
	return status;
}

static int open_bundle(struct past *p, const char *file)
{
	const char *place = getenv("XDG_RUNTIME_DIR");
	struct aur_wall from;
	int rc;

	if (place == NULL || place[0] != '/' || access(place, W_OK) < 0)
		place = getenv("TMPDIR");
	if (place == NULL || place[0] != '/')
		place = "/tmp";
	rc = aur_bundle_open(&p->bundle, file, place, p->why, sizeof p->why);
	if (rc < 0) {
		cli_error(NULL, "%s", p->why);
		return CLI_FAILED;
	}
	if (!aur_history_bounds(p->bundle.history, SIZE_MAX, &from, &p->end))
		p->end = (struct aur_wall){1};
	return make_team(p);
}

int past_choose(struct past *p, struct hosts *hosts, const struct opts *o)
{
	const char *file = o->value[OPT_BUNDLE];
	int status;

	*p = (struct past){.history = NULL};
	*hosts = (struct hosts){.team = NULL};
	if (file == NULL)
		return hosts_choose(hosts, o);
	status = open_bundle(p, file);
	return status == CLI_OK ? hosts_choose_in(hosts, o, p->team) : status;
}

struct aur_when_base past_when(
    const struct past *p, const struct aur_when_base *when)
{
	struct aur_when_base base = *when;

	if (p->end.ns != 0)
		base.now = p->end;
	return base;
}

int past_span(const struct past *p, const struct opts *o,
    const struct aur_when_base *when, struct aur_span usual,
    struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	struct aur_when_base base = *when;
	struct aur_wall from, to;

	if (p->bundle.history != NULL &&
	    aur_history_bounds(p->bundle.history, SIZE_MAX, &from, &to)) {
		/* with the last sample */
		base.now = aur_wall_add(to, aur_span_seconds(1));
		usual = aur_wall_since(base.now, from);
	}
	return when_span(o, &base, usual, ret_from, ret_to);
}

static int add_kept(struct aur_buf *b, const struct past *p, size_t i,
    const struct aur_when_base *when)
{
	struct aur_wall first, last;
	int rc;

	if (p->host[i] == SIZE_MAX ||
	    !aur_history_bounds(p->history, p->host[i], &first, &last))
		return aur_buf_add_str(b, ": nothing ever was");
	rc = aur_buf_add_str(b, "; there is something from ");
	if (rc == 0)
		rc = when_add(b, first, when);
	if (rc == 0)
		rc = aur_buf_add_str(b, " to ");
	return rc < 0 ? rc : when_add(b, last, when);
}

void past_tell_lacking(const struct past *p, size_t i,
    const struct aur_when_base *when, struct aur_wall from, struct aur_wall to)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, AUR_MAX_LINE);
	rc = aur_buf_add_str(&b, "nothing of it was recorded from ");
	if (rc == 0)
		rc = when_add(&b, from, when);
	if (rc == 0)
		rc = aur_buf_add_str(&b, " to ");
	if (rc == 0)
		rc = when_add(&b, to, when);
	if (rc == 0)
		rc = add_kept(&b, p, i, when);
	if (rc == 0 && aur_buf_str(&b) != NULL)
		cli_error(p->hosts->select.pick[i].name, "%s", aur_buf_str(&b));
	aur_buf_release(&b);
}

/* --- as a session --------------------------------------------------------- */

/* As it was written: what ssh makes of it now says nothing of then. */
static void address_of(const struct aur_fleet_host *h, char *out, size_t size)
{
	char port[16] = "";

	if (h->port != 0)
		snprintf(port, sizeof port, ":%u", h->port);
	if (h->address == NULL)
		snprintf(out, size, "%s", LOCAL);
	else
		snprintf(out, size, "%s%s%s%s", h->user != NULL ? h->user : "",
		    h->user != NULL ? "@" : "", h->address, port);
}

#define ADDRESS 600

int past_feed(struct past *p, struct aur_feed **ret_feed)
{
	size_t n = p->hosts->n;
	struct aur_replay_host *host = aur_mem_new(n + 1, sizeof *host);
	char(*address)[ADDRESS] = aur_mem_new(n + 1, sizeof *address);
	int rc = host != NULL && address != NULL ? 0 : AUR_ENOMEM;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct aur_fleet_host *h = &p->hosts->reach[i];

		address_of(h, address[i], sizeof address[i]);
		host[i] = (struct aur_replay_host){
		    .id = past_id(p->hosts, i),
		    .name = h->name,
		    .address = address[i],
		    .groups = h->groups,
		    .ngroup = h->ngroup,
		};
	}
	if (rc == 0)
		rc = aur_replay_new(ret_feed, p->history, host, n);
	aur_mem_free(host);
	aur_mem_free(address);
	return rc;
}

int past_session(struct past *p, struct session *s, struct cli *c)
{
	struct aur_feed *feed = NULL;
	int rc = past_feed(p, &feed);

	return rc < 0 ? cli_fail(rc) : session_open_feed(s, c, feed);
}

int past_refuse(const struct opts *o, const struct past *p, struct aur_wall *at)
{
	static const enum opt_id live[] = {OPT_WATCH, OPT_INTERVAL};

	if (at->ns == 0)
		*at = p->end;
	for (size_t i = 0; i < AUR_ARRAY_LEN(live) && at->ns != 0; i++)
		if (o->seen[live[i]] > 0) {
			cli_error(NULL,
			    "the past and --%s do not go together: what was "
			    "does not change",
			    opt_get(live[i])->name);
			return CLI_USAGE;
		}
	return CLI_OK;
}

int past_seek(
    struct session *s, const struct aur_want *want, struct aur_wall at)
{
	int rc = 0;

	for (size_t i = 0; i < s->nhost && rc == 0; i++)
		rc = s->feed->class->want(s->feed, i, want);
	if (rc == 0)
		rc = s->feed->past->seek(s->feed, at);
	return rc < 0 && rc != AUR_EABSENT ? cli_fail(rc) : CLI_OK;
}
