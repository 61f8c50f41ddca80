/* SPDX-License-Identifier: MIT */
/*
 * Interfaces: the counters of /proc/net/dev in every sample; what /sys tells
 * of each when it is first seen and then every few seconds, some at a time.
 *
 * Totals count the lowest layer: interfaces with a device behind them, even
 * as members of a bridge or bond, and nothing that is made of them (bridge,
 * bond, vlan, tunnel, veth). Where there is no device at all (a container),
 * what is neither loopback nor made of another here counts.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

#define PERIOD_MS 5000
#define ANEW_MS 60000 /* what changes only with a change of state, or never */
#define AT_ONCE 16u
#define LINKS_MAX 16384u

struct net_state {
	int fd;
	struct aur__link *link; /* in the order of the file */
	size_t n, cap;
};

static int net_open(struct aur_root *root, void **ret_state)
{
	struct net_state *s = aur_mem_new(1, sizeof(*s));

	(void)root;
	if (s == NULL)
		return AUR_ENOMEM;
	s->fd = -1;
	*ret_state = s;
	return 0;
}

static void net_close(void *state)
{
	struct net_state *s = state;

	if (s == NULL)
		return;
	aur__root_close(&s->fd);
	aur_mem_free(s->link);
	aur_mem_free(s);
}

static int make_room(struct net_state *s, size_t i)
{
	size_t cap = s->cap == 0 ? 8 : s->cap * 2;
	void *mem;

	if (i < s->cap)
		return 0;
	mem = aur_mem_grow(s->link, cap, sizeof(*s->link));
	if (mem == NULL)
		return AUR_ENOMEM;
	s->link = mem;
	s->cap = cap;
	return 0;
}

/* What is known of the interface `name`, which stands at place `i` of the
 * file: mostly the same as the last time; else looked for, and brought there.
 * NULL: out of memory. */
static struct aur__link *find(
    struct net_state *s, size_t i, struct aur_slice name)
{
	struct aur__link *l, swap;

	if (make_room(s, i) < 0)
		return NULL;
	for (size_t k = i; k < s->n; k++) {
		if (!aur_slice_is(name, s->link[k].name))
			continue;
		swap = s->link[i];
		s->link[i] = s->link[k];
		s->link[k] = swap;
		return &s->link[i];
	}
	/* New: the one that stood here goes to the end, it may come later. */
	if (make_room(s, s->n) < 0)
		return NULL;
	if (i < s->n)
		s->link[s->n] = s->link[i];
	s->n++;
	l = &s->link[i];
	memset(l, 0, sizeof(*l));
	memcpy(l->name, name.p, name.n);
	l->at = l->read_at = AUR__NEVER;
	return l;
}

/* What the name tells, where there is no /sys. */
static bool looks_made(const char *name)
{
	static const char *const heads[] = {"veth", "br-", "docker", "virbr",
	    "bond", "tun", "tap", "wg", "dummy", "ifb", "vlan", "lo"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(heads); i++)
		if (strncmp(name, heads[i], strlen(heads[i])) == 0)
			return true;
	return strchr(name, '.') != NULL;
}

static bool is_counted(const struct aur__link *l, bool any_physical)
{
	if (l->have == 0)
		return !looks_made(l->name);
	if (l->physical)
		return true;
	return !any_physical && !l->loopback && !l->made_of && !l->enslaved;
}

static int put(struct aur_part *p, size_t i, const struct aur__link *l)
{
	int rc = 0;

	if (l->have & AUR__LINK_STATE)
		rc = aur__set_text(
		    p, i, AUR_NETWORK_operstate, aur_slice_str(l->state));
	if (l->have & AUR__LINK_STATE)
		aur_part_set(p, i, AUR_NETWORK_up, l->up);
	if (l->have & AUR__LINK_CARRIER)
		aur_part_set(p, i, AUR_NETWORK_carrier, l->carrier);
	if (l->have & AUR__LINK_SPEED)
		aur_part_set(p, i, AUR_NETWORK_speed, l->speed);
	if (l->have & AUR__LINK_MTU)
		aur_part_set(p, i, AUR_NETWORK_mtu, l->mtu);
	if (rc == 0 && (l->have & AUR__LINK_ADDRESS))
		rc = aur__set_text(
		    p, i, AUR_NETWORK_address, aur_slice_str(l->address));
	return rc;
}

static int add(struct aur_part *part, const struct aur__netdev *d)
{
	ptrdiff_t i = aur_part_add_named(part, d->name);

	if (i < 0)
		return (int)i;
	for (size_t f = 0; f < AUR_ARRAY_LEN(d->v); f++)
		aur_part_set(part, (size_t)i, f, d->v[f]);
	return 0;
}

/* New ones at once, the others in turn. */
static void look(struct net_state *s, struct aur_run *run)
{
	struct aur_mono now = run->sample->mono;
	size_t left = AT_ONCE;

	for (size_t i = 0; i < s->n; i++) {
		struct aur__link *l = &s->link[i];
		bool is_new = l->at.ns == INT64_MIN;

		if (run->root->live && !is_new &&
		    (left == 0 ||
			!aur__is_due(now, l->at, aur_span_ms(PERIOD_MS))))
			continue;
		if (!run->root->live)
			l->at = l->read_at = AUR__NEVER;
		if (aur__is_due(now, l->read_at, aur_span_ms(ANEW_MS))) {
			aur__link_read(run->root, l);
			l->read_at = now;
		} else {
			aur__link_look(run->root, l);
		}
		l->at = now;
		left -= !is_new && left > 0;
	}
}

static int net_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct net_state *s = state;
	struct aur__netdev d;
	struct aur_slice text;
	bool physical = false;
	int rc = aur__root_reread(run->root, &s->fd, "proc/net/dev", &text);

	if (rc < 0)
		return rc;
	while (part->n < LINKS_MAX && aur__parse_netdev(&text, &d)) {
		if (d.name.n >= sizeof(s->link->name) || d.name.p[0] == '.' ||
		    memchr(d.name.p, '/', d.name.n) != NULL ||
		    aur_part_find_named(part, d.name) >= 0)
			continue;
		if (find(s, part->n, d.name) == NULL)
			return AUR_ENOMEM;
		rc = add(part, &d);
		if (rc < 0)
			return rc;
	}
	s->n = part->n; /* the rest is gone */
	look(s, run);
	for (size_t i = 0; i < s->n; i++)
		physical = physical || s->link[i].physical;
	for (size_t i = 0; rc == 0 && i < s->n; i++) {
		aur_part_set(part, i, AUR_NETWORK_counted,
		    is_counted(&s->link[i], physical));
		rc = put(part, i, &s->link[i]);
	}
	return rc;
}

const struct aur_collector aur__collector_network = {
    .name = "network",
    .domain = AUR_DOMAIN_NETWORK,
    .open = net_open,
    .run = net_run,
    .close = net_close,
};
