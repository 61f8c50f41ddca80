/* SPDX-License-Identifier: MIT */
/*
 * The copy that was last seen is kept as a document inside the local one, not
 * as a file of its own: so it is written with it at once, and goes with it
 * when the team does.
 */
#include "team/copy.h"

#include "base/err.h"
#include "team/team_int.h"

bool aur_team_published(const struct aur_team *t, size_t *ret_host)
{
	struct aur_at root = aur_doc_root(t->doc),
		      at = aur_at_get(&root, "published");
	const char *id = NULL;

	return aur_at_text(&at, &id) == 0 && id != NULL &&
	       aur_team_find_id(t, aur_slice_str(id), ret_host);
}

int aur_team_set_published(struct aur_team *t, const char *id)
{
	struct aur_at root = aur_doc_root(t->doc);

	return aur_at_set_text(&root, "published", id);
}

int aur_team_text(const struct aur_team *t, struct aur_buf *out)
{
	return aur_doc_write(t->doc, out);
}

int aur_team_seen(const struct aur_team *t, struct aur_buf *out)
{
	struct aur_at root = aur_doc_root(t->local),
		      at = aur_at_get(&root, "seen");

	return aur_at_is_absent(&at) ? 0 : aur_at_write(&at, out);
}

/* Makes all members of `to` those of `from`, and no others. */
static int copy_members(const struct aur_at *to, const struct aur_at *from)
{
	const char *name;
	int rc = 0;

	for (size_t i = 0; (name = aur_at_member(to, i)) != NULL;) {
		struct aur_at at = aur_at_get(from, name);

		if (at.node == NULL)
			aur_at_remove(to, name);
		else
			i++;
	}
	for (size_t i = 0; rc == 0 && (name = aur_at_member(from, i)) != NULL;
	     i++) {
		struct aur_at at = aur_at_get(from, name);

		rc = aur_at_set_copy(to, name, &at);
	}
	return rc;
}

static int parse(
    struct aur_doc **ret, struct aur_slice text, char *why, size_t size)
{
	int rc =
	    aur_doc_parse(ret, "the published copy", text, AUR__TEAM_VERSION);

	return rc < 0 ? aur__team_why(*ret, rc, why, size) : 0;
}

int aur_team_take(
    struct aur_team *t, struct aur_slice text, char *why, size_t size)
{
	struct aur_doc *d = NULL;
	int rc = parse(&d, text, why, size);

	if (rc == 0) {
		struct aur_at to = aur_doc_root(t->doc), from = aur_doc_root(d);

		rc = copy_members(&to, &from);
		if (rc < 0)
			rc = aur__team_why(NULL, rc, why, size);
	}
	aur_doc_free(d);
	return rc < 0 ? rc : aur__team_view(t, why, size);
}

int aur_team_set_seen(
    struct aur_team *t, struct aur_slice text, char *why, size_t size)
{
	struct aur_doc *d = NULL;
	int rc = parse(&d, text, why, size);

	if (rc == 0) {
		struct aur_at to = aur_doc_root(t->local),
			      from = aur_doc_root(d);

		rc = aur_at_set_copy(&to, "seen", &from);
		if (rc < 0)
			rc = aur__team_why(NULL, rc, why, size);
	}
	aur_doc_free(d);
	return rc;
}

int aur_team_set_identity(
    struct aur_team *t, const char *path, char *why, size_t size)
{
	struct aur_at root = aur_doc_root(t->local);
	int rc = aur_at_set_text(&root, "identity", path);

	return rc < 0 ? aur__team_why(NULL, rc, why, size)
		      : aur__team_view(t, why, size);
}
