/* SPDX-License-Identifier: MIT */
/*
 * The merge works in a copy of ours: what theirs changed is put there, and the
 * rest is as it was, order and all. A conflict leaves ours standing and is
 * noted; whoever shows it decides.
 *
 * Objects are gone into, member by member; lists other than hosts and members
 * are values, as nobody can know what the order in them means.
 */
#include "team/merge.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "team/team_int.h"

static const char *const lists[] = {"hosts", "members"};

/* The elements of a list by id. */
struct entry {
	const char *id;
	size_t at;
};

struct index {
	struct aur_at list;
	struct entry *entry;
	size_t n;
};

struct three {
	struct aur_at base, ours, theirs;
};

struct work {
	struct aur_merge *m;
	struct aur_doc *base, *ours, *theirs, *out;
	int rc;
};

/* --- conflicts ------------------------------------------------------------ */

static char *as_text(const struct aur_at *at, int *rc)
{
	struct aur_buf b;
	char *text = NULL;

	if (at->node == NULL)
		return NULL;
	aur_buf_init(&b, AUR_MAX_JSON);
	*rc = aur_at_write(at, &b);
	if (*rc == 0) {
		text = aur_mem_dup(aur_buf_peek(&b).p, b.n);
		*rc = text == NULL ? AUR_ENOMEM : 0;
	}
	aur_buf_release(&b);
	return text;
}

static void conflict(struct work *w, const char *where, const struct three *v)
{
	struct aur_merge *m = w->m;
	struct aur_merge_conflict *more, *c;

	more = aur_mem_grow(m->conflict, m->nconflict + 1, sizeof(*more));
	if (more == NULL) {
		w->rc = AUR_ENOMEM;
		return;
	}
	m->conflict = more;
	c = &more[m->nconflict++];
	*c = (struct aur_merge_conflict){
	    .where = aur_mem_dup(where, strlen(where))};
	if (c->where == NULL)
		w->rc = AUR_ENOMEM;
	if (w->rc == 0)
		c->ours = as_text(&v->ours, &w->rc);
	if (w->rc == 0)
		c->theirs = as_text(&v->theirs, &w->rc);
}

void aur_merge_release(struct aur_merge *m)
{
	for (size_t i = 0; i < m->nconflict; i++) {
		aur_mem_free(m->conflict[i].where);
		aur_mem_free(m->conflict[i].ours);
		aur_mem_free(m->conflict[i].theirs);
	}
	aur_mem_free(m->conflict);
	aur_buf_release(&m->text);
	*m = (struct aur_merge){.nconflict = 0};
}

/* --- values --------------------------------------------------------------- */

static bool is_object(const struct aur_at *at)
{
	return at->node != NULL && aur_at_member(at, 0) != NULL;
}

static void merge_members(struct work *w, const struct three *v,
    const struct aur_at *out, const char *where);

/* Member `name` of three objects into that of `out`. */
static void merge_member(struct work *w, const struct three *up,
    const char *name, const struct aur_at *out, const char *where)
{
	struct three v = {
	    .base = aur_at_get(&up->base, name),
	    .ours = aur_at_get(&up->ours, name),
	    .theirs = aur_at_get(&up->theirs, name),
	};
	struct aur_at at = aur_at_get(out, name);
	char place[512];

	if (w->rc < 0 || aur_at_equal(&v.ours, &v.theirs) ||
	    aur_at_equal(&v.theirs, &v.base))
		return;
	if (aur_at_equal(&v.ours, &v.base)) {
		w->rc = aur_at_set_copy(out, name, &v.theirs);
		return;
	}
	snprintf(place, sizeof(place), "%s%s%s", where,
	    where[0] != '\0' ? ": " : "", name);
	if (is_object(&v.ours) && is_object(&v.theirs))
		merge_members(w, &v, &at, place);
	else
		conflict(w, place, &v);
}

static bool is_list_of_ids(const char *name, bool root)
{
	return root &&
	       (strcmp(name, lists[0]) == 0 || strcmp(name, lists[1]) == 0);
}

/* All members of ours, then those that theirs alone has. */
static void merge_members(struct work *w, const struct three *v,
    const struct aur_at *out, const char *where)
{
	bool root = v->ours.up == NULL;
	const char *name;

	for (size_t i = 0; (name = aur_at_member(&v->ours, i)) != NULL; i++)
		if (!is_list_of_ids(name, root))
			merge_member(w, v, name, out, where);
	for (size_t i = 0; (name = aur_at_member(&v->theirs, i)) != NULL; i++) {
		struct aur_at ours = aur_at_get(&v->ours, name);

		if (ours.node == NULL && !is_list_of_ids(name, root))
			merge_member(w, v, name, out, where);
	}
}

/* --- hosts and members ---------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static int make_index(struct index *x, const struct aur_at *list)
{
	size_t n = aur_at_count(list);

	x->list = *list;
	x->n = 0;
	x->entry = aur_mem_new(n + 1, sizeof(*x->entry));
	if (x->entry == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct aur_at one = aur_at_nth(list, i);
		struct aur_at at = aur_at_get(&one, "id");
		const char *id = NULL;

		if (aur_at_text(&at, &id) == 0 && id != NULL)
			x->entry[x->n++] = (struct entry){id, i};
	}
	qsort(x->entry, x->n, sizeof(*x->entry), by_id);
	return 0;
}

static struct aur_at find(const struct index *x, const char *id)
{
	const struct entry key = {.id = id}, *e = NULL;

	if (x->n > 0)
		e = bsearch(&key, x->entry, x->n, sizeof(key), by_id);
	return e != NULL ? aur_at_nth(&x->list, e->at)
			 : (struct aur_at){.doc = x->list.doc, .up = &x->list};
}

/* Texts of an element that lib/team has checked, or of a base that nobody
 * has. */
static const char *text_of(const struct aur_at *one, const char *name)
{
	struct aur_at at = aur_at_get(one, name);
	const char *text = NULL;

	return aur_at_text(&at, &text) == 0 && text != NULL ? text : "";
}

static bool has_name(const struct aur_at *list, const char *name)
{
	for (size_t i = 0; i < aur_at_count(list); i++) {
		struct aur_at one = aur_at_nth(list, i);

		if (strcmp(text_of(&one, "name"), name) == 0)
			return true;
	}
	return false;
}

/* One of ours; true: it goes. */
static bool merge_ours(
    struct work *w, const char *list, struct three *v, const struct aur_at *out)
{
	char where[256];

	snprintf(
	    where, sizeof(where), "%s %s", list, text_of(&v->ours, "name"));
	if (v->theirs.node != NULL) {
		merge_members(w, v, out, where);
		return false;
	}
	if (v->base.node == NULL)
		return false; /* new, and ours alone */
	if (aur_at_equal(&v->ours, &v->base))
		return true;
	conflict(w, where, v);
	return false;
}

/* One of theirs that ours has not. */
static void merge_theirs(
    struct work *w, const char *list, struct three *v, const struct aur_at *out)
{
	const char *name = text_of(&v->theirs, "name");
	char where[256];

	snprintf(where, sizeof(where), "%s %s", list, name);
	if (v->base.node != NULL) { /* we took it out */
		if (!aur_at_equal(&v->theirs, &v->base))
			conflict(w, where, v);
		return;
	}
	if (has_name(out, name)) /* two of one name, made apart */
		conflict(w, where, v);
	else
		w->rc = aur_at_append_copy(out, &v->theirs);
}

static void merge_indexed(struct work *w, const char *name,
    const struct index *base, const struct index *ours,
    const struct index *theirs, const struct aur_at *out)
{
	size_t gone = 0;

	for (size_t i = 0; i < aur_at_count(&ours->list) && w->rc == 0; i++) {
		struct three v = {.ours = aur_at_nth(&ours->list, i)};
		struct aur_at at = aur_at_nth(out, i - gone);

		v.base = find(base, text_of(&v.ours, "id"));
		v.theirs = find(theirs, text_of(&v.ours, "id"));
		if (!merge_ours(w, name, &v, &at))
			continue;
		aur_at_drop(out, i - gone);
		gone++;
	}
	for (size_t i = 0; i < aur_at_count(&theirs->list) && w->rc == 0; i++) {
		struct three v = {.theirs = aur_at_nth(&theirs->list, i)};

		v.base = find(base, text_of(&v.theirs, "id"));
		v.ours = find(ours, text_of(&v.theirs, "id"));
		if (v.ours.node == NULL)
			merge_theirs(w, name, &v, out);
	}
}

static void merge_list(struct work *w, const char *name, const struct three *up,
    const struct aur_at *out)
{
	struct aur_at list[3] = {
	    aur_at_get(&up->base, name),
	    aur_at_get(&up->ours, name),
	    aur_at_get(&up->theirs, name),
	};
	struct index x[3] = {{.n = 0}, {.n = 0}, {.n = 0}};
	struct aur_at to;

	w->rc = aur_at_make_list(out, name, &to);
	for (size_t i = 0; i < 3 && w->rc == 0; i++)
		w->rc = make_index(&x[i], &list[i]);
	if (w->rc == 0)
		merge_indexed(w, name, &x[0], &x[1], &x[2], &to);
	for (size_t i = 0; i < 3; i++)
		aur_mem_free(x[i].entry);
}

/* --- all of it ------------------------------------------------------------ */

/* Reads one of the three; those that are in use must be teams. */
static int read_one(struct aur_doc **ret, const char *what,
    struct aur_slice text, bool team, char *why, size_t size)
{
	struct aur_slice none = aur_slice_of(NULL, 0);
	struct aur_team *t = NULL;
	int rc = 0;

	if (team)
		rc = aur_team_parse(&t, what, text, none, why, size);
	aur_team_free(t);
	if (rc < 0)
		return rc;
	rc = aur_doc_parse(ret, what, text, AUR__TEAM_VERSION);
	return rc < 0 ? aur__team_why(*ret, rc, why, size) : 0;
}

/* What comes out must be a team as well: two names may have met. */
static int finish(struct work *w, char *why, size_t size)
{
	struct aur_slice none = aur_slice_of(NULL, 0);
	struct aur_at out = aur_doc_root(w->out), ours = aur_doc_root(w->ours),
		      theirs = aur_doc_root(w->theirs);
	struct aur_team *t = NULL;
	int rc = aur_doc_write(w->out, &w->m->text);

	if (rc < 0)
		return aur__team_why(NULL, rc, why, size);
	w->m->differs_from_ours = !aur_at_equal(&out, &ours);
	w->m->differs_from_theirs = !aur_at_equal(&out, &theirs);
	rc = aur_team_parse(
	    &t, "merged", aur_buf_peek(&w->m->text), none, why, size);
	aur_team_free(t);
	return rc;
}

static int merge(struct work *w, char *why, size_t size)
{
	struct three root = {
	    .base = aur_doc_root(w->base),
	    .ours = aur_doc_root(w->ours),
	    .theirs = aur_doc_root(w->theirs),
	};
	struct aur_at out = aur_doc_root(w->out);

	merge_members(w, &root, &out, "");
	for (size_t i = 0; i < AUR_ARRAY_LEN(lists) && w->rc == 0; i++)
		merge_list(w, lists[i], &root, &out);
	return w->rc < 0 ? aur__team_why(NULL, w->rc, why, size)
			 : finish(w, why, size);
}

int aur_merge(struct aur_merge *m, struct aur_slice base, struct aur_slice ours,
    struct aur_slice theirs, char *why, size_t size)
{
	struct work w = {.m = m};
	int rc;

	*m = (struct aur_merge){.nconflict = 0};
	aur_buf_init(&m->text, AUR_MAX_JSON);
	if (base.n == 0)
		base = aur_slice_str("{}");
	rc = read_one(&w.base, "the copy last seen", base, false, why, size);
	if (rc == 0)
		rc = read_one(&w.ours, "ours", ours, true, why, size);
	if (rc == 0)
		rc = read_one(&w.theirs, "theirs", theirs, true, why, size);
	if (rc == 0)
		rc = read_one(&w.out, "merged", ours, false, why, size);
	if (rc == 0)
		rc = merge(&w, why, size);
	aur_doc_free(w.base);
	aur_doc_free(w.ours);
	aur_doc_free(w.theirs);
	aur_doc_free(w.out);
	return rc;
}
