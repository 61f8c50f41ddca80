/* SPDX-License-Identifier: MIT */
/*
 * What is trusted is a copy of everything in the shared file that decides
 * whom we reach and what runs there. A digest would do to see that something
 * is different; only a copy can show what.
 *
 * The name is in it: who can make web1 another's id sends `restart web1` to
 * the other host. Groups and tags are not: a selection shows whom it means.
 */
#include "team/team_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

struct field {
	const char *name;
	size_t at; /* of a const char * in struct aur_team_host */
};

#define FIELD(name)                                                            \
	{                                                                      \
#name, offsetof(struct aur_team_host, name)                    \
	}

/* The texts; the port is the one number. */
static const struct field fields[] = {FIELD(name), FIELD(address), FIELD(user),
    FIELD(jump), FIELD(agent), FIELD(host_key)};

static const char *text_of(const struct aur_team_host *h, const struct field *f)
{
	const char *text;

	memcpy(&text, (const char *)h + f->at, sizeof(text));
	return text;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

struct compare {
	aur_team_change_fn tell;
	void *arg;
	size_t n;
};

static void change(struct compare *c, const struct aur_team_host *h,
    const char *what, const char *was, const char *is)
{
	const struct aur_team_change one = {h->name, what, was, is};

	c->n++;
	if (c->tell != NULL)
		c->tell(c->arg, &one);
}

/* A value of the copy that is no text or number means nothing, and so is a
 * difference. */
static void compare_port(
    struct compare *c, const struct aur_team_host *h, const struct aur_at *copy)
{
	struct aur_at at = aur_at_get(copy, "port");
	char was[16], is[16];
	int64_t v = 0;

	if (aur_at_number(&at, 0, 65535, &v) < 0)
		v = -1;
	if (v == (int64_t)h->port)
		return;
	snprintf(was, sizeof(was), "%d", (int)v);
	snprintf(is, sizeof(is), "%u", h->port);
	change(c, h, "port", v > 0 ? was : NULL, h->port > 0 ? is : NULL);
}

static void compare_host(
    struct compare *c, const struct aur_team_host *h, const struct aur_at *copy)
{
	if (aur_at_is_absent(copy)) {
		change(c, h, "host", NULL, h->address);
		return;
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(fields); i++) {
		struct aur_at at = aur_at_get(copy, fields[i].name);
		const char *was = NULL, *is = text_of(h, &fields[i]);

		if (aur_at_text(&at, &was) < 0)
			was = "?";
		if (!is_same(was, is))
			change(c, h, fields[i].name, was, is);
	}
	compare_port(c, h, copy);
}

/* For each host the number of its copy, plus one. */
static void find_copies(
    const struct aur_team *t, const struct aur_at *list, size_t *of)
{
	for (size_t i = 0; i < aur_at_count(list); i++) {
		struct aur_at one = aur_at_nth(list, i);
		struct aur_at at = aur_at_get(&one, "id");
		const char *id = NULL;
		size_t host;

		if (aur_at_text(&at, &id) == 0 && id != NULL &&
		    aur_team_find_id(t, aur_slice_str(id), &host))
			of[host] = i + 1;
	}
}

size_t aur_team_changes(
    const struct aur_team *t, aur_team_change_fn tell, void *arg)
{
	struct compare c = {tell, arg, 0};
	struct aur_at root = aur_doc_root(t->local),
		      list = aur_at_get(&root, "trusted");
	size_t *of = aur_mem_new(t->nhost + 1, sizeof(*of));

	if (of == NULL) /* nothing can be told, and nothing be trusted */
		return 1;
	find_copies(t, &list, of);
	for (size_t i = 0; i < t->nhost; i++) {
		struct aur_at none = {.doc = t->local};
		struct aur_at copy =
		    of[i] > 0 ? aur_at_nth(&list, of[i] - 1) : none;

		compare_host(&c, &t->host[i], &copy);
	}
	aur_mem_free(of);
	return c.n;
}

static int copy_host(const struct aur_at *list, const struct aur_team_host *h)
{
	struct aur_at one;
	int rc = aur_at_append(list, &one);

	if (rc == 0)
		rc = aur_at_set_text(&one, "id", h->id);
	for (size_t i = 0; i < AUR_ARRAY_LEN(fields) && rc == 0; i++)
		rc = aur_at_set_text(
		    &one, fields[i].name, text_of(h, &fields[i]));
	if (rc == 0 && h->port > 0)
		rc = aur_at_set_number(&one, "port", h->port);
	return rc;
}

int aur_team_trust(struct aur_team *t)
{
	struct aur_at root = aur_doc_root(t->local), list;
	int rc;

	if (t->nhost > 0 && aur_team_changes(t, NULL, NULL) == 0)
		return 0;
	aur_at_remove(&root, "trusted");
	rc = aur_at_make_list(&root, "trusted", &list);
	for (size_t i = 0; i < t->nhost && rc == 0; i++)
		rc = copy_host(&list, &t->host[i]);
	return rc;
}
