/* SPDX-License-Identifier: MIT */
/*
 * Whom a fleet reaches, and over whom. A jump is another host of the fleet by
 * its name, with all that is known of it, or an address as `ssh -J` takes one;
 * the way to a host is the way to its first jump, and so on.
 *
 * A name that begins with '-' would be an option of ssh's, so there is none;
 * the transports put "--" before it all the same.
 */
#include "fleet/fleet_int.h"

#include "base/address.h"
#include "base/err.h"
#include "base/mem.h"

/* --- copies --------------------------------------------------------------- */

static int copy_text(const char **ret, const char *text)
{
	*ret = NULL;
	if (text == NULL)
		return 0;
	*ret = aur_mem_dup(text, strlen(text));
	return *ret != NULL ? 0 : AUR_ENOMEM;
}

static int copy_groups(
    struct aur_fleet_host *to, const struct aur_fleet_host *h)
{
	const char **groups;
	int rc = 0;

	to->groups = NULL;
	to->ngroup = 0;
	if (h->ngroup == 0)
		return 0;
	groups = aur_mem_new(h->ngroup, sizeof *groups);
	if (groups == NULL)
		return AUR_ENOMEM;
	to->groups = groups;
	for (; to->ngroup < h->ngroup && rc == 0; to->ngroup++)
		rc = copy_text(&groups[to->ngroup], h->groups[to->ngroup]);
	return rc;
}

static int copy_host(struct aur_fleet_host *to, const struct aur_fleet_host *h)
{
	int rc;

	*to = (struct aur_fleet_host){
	    .port = h->port, .via = h->via, .alone = h->alone};
	rc = copy_text(&to->name, h->name);
	if (rc == 0)
		rc = copy_text(&to->id, h->id);
	if (rc == 0)
		rc = copy_text(&to->user, h->user);
	if (rc == 0)
		rc = copy_text(
		    &to->address, h->address != NULL ? h->address : h->name);
	if (rc == 0)
		rc = copy_text(&to->jump, h->jump);
	if (rc == 0)
		rc = copy_text(&to->identity, h->identity);
	if (rc == 0)
		rc = copy_text(&to->agent, h->agent);
	if (rc == 0)
		rc = copy_text(&to->host_key, h->host_key);
	return rc == 0 ? copy_groups(to, h) : rc;
}

static void drop_text(const char *text)
{
	aur_mem_free((void *)(uintptr_t)text);
}

static void release_host(struct aur_fleet_host *h)
{
	drop_text(h->name);
	drop_text(h->id);
	drop_text(h->user);
	drop_text(h->address);
	drop_text(h->jump);
	drop_text(h->identity);
	drop_text(h->agent);
	drop_text(h->host_key);
	for (size_t i = 0; i < h->ngroup; i++)
		drop_text(h->groups[i]);
	aur_mem_free((void *)(uintptr_t)h->groups);
}

/* --- what is allowed ------------------------------------------------------ */

static bool valid(const struct aur_fleet_host *h)
{
	const char *address;

	if (h->name == NULL || h->name[0] == '\0' || h->port > 65535)
		return false;
	address = h->address != NULL ? h->address : h->name;
	return aur_address_host_valid(aur_slice_str(address)) &&
	       (h->user == NULL ||
		   aur_address_user_valid(aur_slice_str(h->user))) &&
	       (h->host_key == NULL ||
		   aur_slice_starts(aur_slice_str(h->host_key), "SHA256:"));
}

static const struct aur_fleet_host *find_host(
    const struct aur__hosts *h, struct aur_slice name)
{
	for (size_t i = 0; i < h->nhost; i++)
		if (aur_slice_is(name, h->host[i].name))
			return &h->host[i];
	return NULL;
}

/* --- the way -------------------------------------------------------------- */

static int keep_text(const char **ret, const char *text)
{
	*ret = aur_mem_dup(text, strlen(text));
	return *ret != NULL ? 0 : AUR_ENOMEM;
}

/* A jump that is written as an address. */
static int parse_jump(struct aur_fleet_host *to, struct aur_slice text)
{
	struct aur_address a;
	int rc = aur_address_parse(text, &a, NULL);

	if (rc < 0)
		return AUR_EINVALID;
	to->port = a.port;
	to->name = aur_mem_dup(text.p, text.n);
	if (to->name == NULL)
		return AUR_ENOMEM;
	rc = keep_text(&to->address, a.host);
	if (rc == 0 && a.user[0] != '\0')
		rc = keep_text(&to->user, a.user);
	return rc;
}

static int add_other(struct aur__hosts *h, struct aur_slice text,
    const struct aur_fleet_host **ret_host)
{
	struct aur_fleet_host **other, *to;
	int rc;

	for (size_t i = 0; i < h->nother; i++)
		if (aur_slice_is(text, h->other[i]->name)) {
			*ret_host = h->other[i];
			return 0;
		}
	other = aur_mem_grow(h->other, h->nother + 1, sizeof *h->other);
	if (other == NULL)
		return AUR_ENOMEM;
	h->other = other;
	to = aur_mem_new(1, sizeof *to);
	if (to == NULL)
		return AUR_ENOMEM;
	rc = parse_jump(to, text);
	if (rc < 0) {
		release_host(to);
		aur_mem_free(to);
		return rc;
	}
	h->other[h->nother++] = to;
	*ret_host = to;
	return 0;
}

bool aur__host_straight(const struct aur_fleet_host *h)
{
	return h->jump != NULL && strcmp(h->jump, "none") == 0;
}

/* Puts the jumps of `of` in front of what the way will have next. */
static int add_jumps(struct aur__hosts *h, const struct aur_fleet_host *of,
    struct aur__route *r, unsigned depth)
{
	struct aur_slice rest, word;
	int rc = 0;

	if (of->jump == NULL || of->jump[0] == '\0' || aur__host_straight(of))
		return 0;
	if (depth > AUR__HOPS_MAX)
		return AUR_EINVALID;
	rest = aur_slice_str(of->jump);
	while (rc == 0 && rest.n > 0) {
		const struct aur_fleet_host *hop;

		if (!aur_slice_until(&rest, ',', &word)) {
			word = rest;
			rest.n = 0;
		}
		word = aur_slice_trim(word);
		hop = find_host(h, word);
		if (hop == NULL)
			rc = add_other(h, word, &hop);
		/* only the first is reached over its own jumps: the others
		 * are reached over those before them */
		if (rc == 0 && (r->nhop == 0 || hop->jump == NULL))
			rc = add_jumps(h, hop, r, depth + 1);
		if (rc == 0 && r->nhop == AUR__HOPS_MAX)
			rc = AUR_EINVALID;
		if (rc == 0)
			r->hop[r->nhop++] = hop;
	}
	return rc;
}

int aur__hosts_route(
    struct aur__hosts *h, size_t i, struct aur__route *ret_route)
{
	struct aur__route r = {.host = &h->host[i]};
	int rc = add_jumps(h, r.host, &r, 1);

	if (rc == 0)
		*ret_route = r;
	return rc;
}

/* --- all ------------------------------------------------------------------ */

static int add_host(struct aur__hosts *h, const struct aur_fleet_host *host)
{
	if (!valid(host) || find_host(h, aur_slice_str(host->name)) != NULL)
		return AUR_EINVALID;
	return copy_host(&h->host[h->nhost++], host);
}

int aur__hosts_init(struct aur__hosts *h, const struct aur_fleet_host *hosts,
    size_t n, const struct aur_fleet_host *jumps, size_t njump)
{
	int rc = 0;

	*h = (struct aur__hosts){.nfeed = n};
	if (n == 0 || njump > SIZE_MAX - n)
		return AUR_EINVALID;
	h->host = aur_mem_new(n + njump, sizeof *h->host);
	if (h->host == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = add_host(h, &hosts[i]);
	for (size_t i = 0; i < njump && rc == 0; i++)
		rc = add_host(h, &jumps[i]);
	return rc;
}

void aur__hosts_release(struct aur__hosts *h)
{
	for (size_t i = 0; i < h->nhost; i++)
		release_host(&h->host[i]);
	for (size_t i = 0; i < h->nother; i++) {
		release_host(h->other[i]);
		aur_mem_free(h->other[i]);
	}
	aur_mem_free(h->host);
	aur_mem_free(h->other);
	*h = (struct aur__hosts){0};
}

int aur__host_address(struct aur_buf *b, const struct aur_fleet_host *h)
{
	const char *address = h->address != NULL ? h->address : h->name;
	bool colons = strchr(address, ':') != NULL;
	int rc = 0;

	if (h->via == AUR_FLEET_LOCAL)
		return aur_buf_add_str(b, "local");
	if (h->user != NULL)
		rc = aur_buf_addf(b, "%s@", h->user);
	if (rc == 0)
		rc = aur_buf_addf(b, colons ? "[%s]" : "%s", address);
	if (rc == 0 && h->port != 0)
		rc = aur_buf_addf(b, ":%u", h->port);
	return rc;
}
