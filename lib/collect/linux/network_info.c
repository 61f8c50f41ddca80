/* SPDX-License-Identifier: MIT */
/*
 * What /sys/class/net tells of an interface
 * (Documentation/ABI/testing/sysfs-class-net): its state, and what it is made
 * of, so that totals count a byte once.
 */
#include "collect/linux/linux.h"

#include "base/scan.h"

#define ARPHRD_LOOPBACK_TYPE 772u /* linux/if_arp.h */

static void path_of(
    const struct aur__link *l, const char *what, char *out, size_t size)
{
	snprintf(out, size, "sys/class/net/%s/%s", l->name, what);
}

static bool has(
    struct aur_root *root, const struct aur__link *l, const char *what)
{
	char path[128];

	path_of(l, what, path, sizeof(path));
	return aur__root_has(root, path);
}

static bool number(struct aur_root *root, const struct aur__link *l,
    const char *what, uint64_t *ret_v)
{
	char path[128];

	path_of(l, what, path, sizeof(path));
	return aur__root_u64(root, path, ret_v) == 0;
}

static bool starts_lower(void *arg, const char *name)
{
	if (strncmp(name, "lower_", 6) == 0)
		*(bool *)arg = true;
	return !*(bool *)arg;
}

/* What it is does not change: looked at once. */
static void read_kind(struct aur_root *root, struct aur__link *l)
{
	uint64_t type = 0;
	char path[128];
	int rc;

	l->physical = has(root, l, "device");
	l->loopback = number(root, l, "type", &type)
			  ? type == ARPHRD_LOOPBACK_TYPE
			  : strcmp(l->name, "lo") == 0;
	if (l->physical || l->loopback)
		return;
	l->made_of = has(root, l, "bridge") || has(root, l, "bonding") ||
		     has(root, l, "tun_flags");
	if (l->made_of)
		return;
	path_of(l, "", path, sizeof(path));
	rc = aur__root_list(root, path, starts_lower, &l->made_of);
	(void)rc; /* no /sys: the name has to do, in network.c */
}

/* A link without carrier has no speed, and says so with an error or -1. */
static void read_carrier(struct aur_root *root, struct aur__link *l)
{
	uint64_t v;

	if (number(root, l, "carrier", &v)) {
		l->have |= AUR__LINK_CARRIER;
		l->carrier = v != 0;
	}
	if (l->carrier && !l->loopback && number(root, l, "speed", &v) &&
	    v > 0 && v < UINT32_MAX / 2) {
		l->have |= AUR__LINK_SPEED;
		l->speed = v * 1000000;
	}
}

static void read_state(struct aur_root *root, struct aur__link *l)
{
	char path[128];

	path_of(l, "operstate", path, sizeof(path));
	if (aur__root_word(root, path, l->state, sizeof(l->state)) < 0) {
		l->state[0] = '\0';
		return;
	}
	l->have |= AUR__LINK_STATE;
	l->up = strcmp(l->state, "up") == 0 ||
		(strcmp(l->state, "unknown") == 0 && l->carrier);
}

void aur__link_read(struct aur_root *root, struct aur__link *l)
{
	char path[128];
	bool first = l->at.ns == INT64_MIN;

	l->have = 0;
	l->carrier = false;
	if (first)
		read_kind(root, l);
	l->enslaved = !l->loopback && has(root, l, "master");
	read_carrier(root, l);
	read_state(root, l);
	if (number(root, l, "mtu", &l->mtu))
		l->have |= AUR__LINK_MTU;
	path_of(l, "address", path, sizeof(path));
	if (aur__root_word(root, path, l->address, sizeof(l->address)) > 0)
		l->have |= AUR__LINK_ADDRESS;
}

void aur__link_look(struct aur_root *root, struct aur__link *l)
{
	char path[128], state[sizeof(l->state)];

	path_of(l, "operstate", path, sizeof(path));
	if (aur__root_word(root, path, state, sizeof(state)) >= 0 &&
	    strcmp(state, l->state) == 0 &&
	    (l->loopback || strcmp(state, "unknown") != 0))
		return;
	aur__link_read(root, l);
}
