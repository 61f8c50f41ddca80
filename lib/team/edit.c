/* SPDX-License-Identifier: MIT */
/*
 * Changes. They are made in the documents, member by member, so that what is
 * not meant stays; then the view is made anew, and with it everything is
 * checked as if the file had come from elsewhere.
 *
 * The wanted values may be borrowed from the very documents that are changed.
 * That is safe in one order only: a value that stays is not touched, and one
 * that is new does not come from the member that it replaces.
 */
#include "team/team_int.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

/* The element of that id in a list of the document; made with `make`. */
static int find_entry(
    const struct aur_at *list, const char *id, bool make, struct aur_at *ret)
{
	int rc;

	for (size_t i = 0; i < aur_at_count(list); i++) {
		struct aur_at one = aur_at_nth(list, i);
		struct aur_at at = aur_at_get(&one, "id");
		const char *have = NULL;

		if (aur_at_text(&at, &have) == 0 && have != NULL &&
		    strcmp(have, id) == 0) {
			*ret = one;
			return 0;
		}
	}
	if (!make)
		return AUR_EABSENT;
	rc = aur_at_append(list, ret);
	return rc < 0 ? rc : aur_at_set_text(ret, "id", id);
}

static int put_tags(const struct aur_at *at, const struct aur_team_host *h)
{
	struct aur_at tags;
	const char *key;
	int rc;

	if (h->ntag == 0) {
		aur_at_remove(at, "tags");
		return 0;
	}
	rc = aur_at_make_object(at, "tags", &tags);
	for (size_t i = 0; rc == 0 && i < h->ntag; i++)
		rc = aur_at_set_text(&tags, h->tag[i].key, h->tag[i].value);
	for (size_t i = 0;
	     rc == 0 && (key = aur_at_member(&tags, i)) != NULL;) {
		bool wanted = false;

		for (size_t k = 0; k < h->ntag && !wanted; k++)
			wanted = strcmp(h->tag[k].key, key) == 0;
		if (wanted)
			i++;
		else
			aur_at_remove(&tags, key);
	}
	return rc;
}

static int put_shared(const struct aur_at *at, const struct aur_team_host *h)
{
	struct aur_at old = aur_at_get(at, "name");
	bool is_new = aur_at_is_absent(&old);
	int rc = 0;

	/* one that has no address borrows it from its name, which goes */
	if (!is_new)
		rc = aur_at_set_text(at, "address", h->address);
	if (rc == 0)
		rc = aur_at_set_text(at, "name", h->name);
	if (rc == 0)
		rc = aur_at_set_text(at, "id", h->id);
	if (rc == 0 && is_new)
		rc = aur_at_set_text(at, "address", h->address);
	if (rc == 0)
		rc = aur_at_set_text(at, "user", h->user);
	if (rc == 0 && h->port > 0)
		rc = aur_at_set_number(at, "port", h->port);
	else if (rc == 0)
		aur_at_remove(at, "port");
	if (rc == 0)
		rc = aur_at_set_text(at, "jump", h->jump);
	if (rc == 0)
		rc = aur_at_set_text(at, "role", h->is_jump ? "jump" : NULL);
	if (rc == 0)
		rc = aur_at_set_texts(at, "groups", h->group, h->ngroup);
	if (rc == 0)
		rc = put_tags(at, h);
	if (rc == 0)
		rc = aur_at_set_text(at, "host_key", h->host_key);
	return rc < 0 ? rc : aur_at_set_text(at, "agent", h->agent);
}

/* The key that is all hosts' is not written down for each. */
static const char *own_key(
    const struct aur_team *t, const struct aur_team_host *h)
{
	return h->identity != NULL && t->identity != NULL &&
		       strcmp(h->identity, t->identity) == 0
		   ? NULL
		   : h->identity;
}

static bool has_mine(const struct aur_team *t, const struct aur_team_host *h)
{
	return h->my_user != NULL || own_key(t, h) != NULL ||
	       h->alias != NULL || h->via != AUR_VIA_AUTO;
}

static int put_mine(
    struct aur_team *t, const char *id, const struct aur_team_host *h)
{
	struct aur_at root = aur_doc_root(t->local), list, at;
	const char *via =
	    h->via != AUR_VIA_AUTO ? aur_team_via_name(h->via) : NULL;
	int rc = aur_at_make_list(&root, "hosts", &list);

	if (rc == 0)
		rc = find_entry(&list, id, has_mine(t, h), &at);
	if (rc == AUR_EABSENT)
		return 0;
	if (rc == 0)
		rc = aur_at_set_text(&at, "name", h->name);
	if (rc == 0)
		rc = aur_at_set_text(&at, "user", h->my_user);
	if (rc == 0)
		rc = aur_at_set_text(&at, "identity", own_key(t, h));
	if (rc == 0)
		rc = aur_at_set_text(&at, "alias", h->alias);
	return rc < 0 ? rc : aur_at_set_text(&at, "via", via);
}

/* The list of hosts or members, and element `i` or a new one. */
static int reach(struct aur_team *t, const char *list, size_t i,
    struct aur_at parents[2], struct aur_at *ret)
{
	int rc;

	parents[0] = aur_doc_root(t->doc);
	rc = aur_at_make_list(&parents[0], list, &parents[1]);
	if (rc < 0)
		return rc;
	if (i >= aur_at_count(&parents[1]))
		return aur_at_append(&parents[1], ret);
	*ret = aur_at_nth(&parents[1], i);
	return 0;
}

/* The jumps with one name for another. False: nothing to replace. */
static bool rename_in(struct aur_buf *out, const char *jump, const char *from,
    const char *to, int *rc)
{
	struct aur_slice rest = aur_slice_str(jump), word;
	bool found = false;

	aur_buf_clear(out);
	while (*rc == 0 && aur__team_word(&rest, &word)) {
		bool is = aur_slice_is(word, from);

		if (out->n > 0)
			*rc = aur_buf_add_byte(out, ',');
		if (*rc == 0)
			*rc = is ? aur_buf_add_str(out, to)
				 : aur_buf_add_slice(out, word);
		found = found || is;
	}
	return *rc == 0 && found;
}

/* Who is reached through the host goes on to be. */
static int rename_jumps(struct aur_team *t, size_t host, const char *to)
{
	struct aur_at root = aur_doc_root(t->doc),
		      list = aur_at_get(&root, "hosts");
	struct aur_buf b;
	int rc = 0;

	aur_buf_init(&b, 2 * AUR_MAX_TEAM_TEXT);
	for (size_t i = 0; i < t->nhost && rc == 0; i++) {
		struct aur_at one = aur_at_nth(&list, i);
		const char *jump = t->host[i].jump;

		if (jump == NULL || i == host ||
		    !rename_in(&b, jump, t->host[host].name, to, &rc))
			continue;
		rc = AUR_ENOMEM;
		if (aur_buf_str(&b) != NULL)
			rc = aur_at_set_text(&one, "jump", aur_buf_str(&b));
	}
	aur_buf_release(&b);
	return rc;
}

/* A failure of either document. */
static int failed(struct aur_team *t, int rc, char *why, size_t size)
{
	const struct aur_doc *d =
	    aur_doc_why(t->doc)[0] != '\0' ? t->doc : t->local;

	return aur__team_why(rc == AUR_ENOMEM ? NULL : d, rc, why, size);
}

static int put_host(
    struct aur_team *t, size_t i, const struct aur_team_host *wanted)
{
	struct aur_at parents[2], at;
	int rc = 0;

	if (i < t->nhost && strcmp(t->host[i].name, wanted->name) != 0)
		rc = rename_jumps(t, i, wanted->name);
	if (rc == 0)
		rc = put_mine(t, wanted->id, wanted);
	if (rc == 0)
		rc = reach(t, "hosts", i, parents, &at);
	return rc == 0 ? put_shared(&at, wanted) : rc;
}

int aur_team_put_host(struct aur_team *t, size_t i,
    const struct aur_team_host *h, char *why, size_t size)
{
	char id[AUR__TEAM_ID + 1] = "";
	struct aur_team_host wanted = *h;
	int rc;

	if (h->id == NULL && !aur__team_new_id(id))
		return aur__team_why(NULL, AUR_EIO, why, size);
	if (h->id == NULL)
		wanted.id = id;
	rc = put_host(t, i, &wanted);
	return rc < 0 ? failed(t, rc, why, size) : aur__team_view(t, why, size);
}

int aur_team_put_hosts(struct aur_team *t, const struct aur_team_host *h,
    size_t n, char *why, size_t size)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		size_t at;

		rc = aur_team_find_id(t, aur_slice_str(h[i].id), &at)
			 ? put_host(t, at, &h[i])
			 : AUR_EABSENT;
	}
	return rc < 0 ? failed(t, rc, why, size) : aur__team_view(t, why, size);
}

int aur_team_put_member(struct aur_team *t, size_t i,
    const struct aur_team_member *m, char *why, size_t size)
{
	struct aur_at parents[2], at;
	char id[AUR__TEAM_ID + 1] = "";
	int rc;

	if (m->id == NULL && !aur__team_new_id(id))
		return aur__team_why(NULL, AUR_EIO, why, size);
	rc = reach(t, "members", i, parents, &at);
	if (rc == 0)
		rc = aur_at_set_text(&at, "name", m->name);
	if (rc == 0)
		rc = aur_at_set_text(&at, "id", m->id != NULL ? m->id : id);
	if (rc == 0)
		rc = aur_at_set_text(&at, "role", aur_team_role_name(m->role));
	if (rc == 0)
		rc = aur_at_set_text(&at, "key", m->key);
	return rc < 0 ? failed(t, rc, why, size) : aur__team_view(t, why, size);
}

/* Whether `word` is one of the jumps. */
static bool jumps_over(const struct aur_team_host *h, const char *word)
{
	struct aur_slice rest, one;

	if (h->jump == NULL)
		return false;
	rest = aur_slice_str(h->jump);
	while (aur__team_word(&rest, &one))
		if (aur_slice_is(one, word))
			return true;
	return false;
}

static void drop_mine(struct aur_team *t, const char *id)
{
	static const char *const lists[] = {"hosts", "trusted"};
	struct aur_at root = aur_doc_root(t->local), entry;

	for (size_t i = 0; i < AUR_ARRAY_LEN(lists); i++) {
		struct aur_at list = aur_at_get(&root, lists[i]);

		if (find_entry(&list, id, false, &entry) == 0)
			aur_at_drop(&list, entry.index);
	}
}

int aur_team_drop_host(struct aur_team *t, size_t i, char *why, size_t size)
{
	struct aur_at root = aur_doc_root(t->doc),
		      list = aur_at_get(&root, "hosts");

	for (size_t k = 0; k < t->nhost; k++)
		if (k != i && jumps_over(&t->host[k], t->host[i].name)) {
			snprintf(why, size,
			    "%s is reached through %s: give it another --jump "
			    "first",
			    t->host[k].name, t->host[i].name);
			return AUR_EINVALID;
		}
	drop_mine(t, t->host[i].id);
	aur_at_drop(&list, i);
	return aur__team_view(t, why, size);
}

int aur_team_drop_member(struct aur_team *t, size_t i, char *why, size_t size)
{
	struct aur_at root = aur_doc_root(t->doc),
		      list = aur_at_get(&root, "members");

	aur_at_drop(&list, i);
	return aur__team_view(t, why, size);
}
