/* SPDX-License-Identifier: MIT */
/*
 * Teams for scripts. What the file does not say is null: ssh's own settings
 * hold there, and only ssh knows them.
 */
#include "cli/team_json.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "team/copy.h"

int team_json_text(const struct aur_at *at, const char *name, const char *text)
{
	struct aur_buf b;
	int rc;

	if (text == NULL)
		return aur_at_set_null(at, name);
	aur_buf_init(&b, AUR_MAX_JSON);
	rc = aur_text_add_utf8(&b, aur_slice_str(text));
	if (rc == 0)
		rc = aur_buf_str(&b) == NULL
			 ? AUR_ENOMEM
			 : aur_at_set_text(at, name, aur_buf_str(&b));
	aur_buf_release(&b);
	return rc;
}

int team_json_count(
    const struct aur_at *at, const char *name, const void *known, size_t n)
{
	return known == NULL ? aur_at_set_null(at, name)
			     : aur_at_set_number(at, name, (int64_t)n);
}

int team_json_begin(struct team_doc *d, const char *schema, const char *team)
{
	struct aur_buf time;
	int rc = aur_doc_new(&d->doc);

	if (rc < 0)
		return rc;
	d->root = aur_doc_root(d->doc);
	aur_buf_init(&time, 64);
	rc = aur_wall_format(aur_clock_wall(), &time);
	if (rc == 0)
		rc = aur_at_set_text(&d->root, "schema", schema);
	if (rc == 0)
		rc = team_json_text(&d->root, "time", aur_buf_str(&time));
	if (rc == 0)
		rc = team_json_text(
		    &d->root, "team", team[0] != '\0' ? team : NULL);
	aur_buf_release(&time);
	return rc;
}

int team_json_end(struct team_doc *d, struct aur_buf *out)
{
	return aur_doc_write_line(d->doc, out);
}

void team_json_free(struct team_doc *d)
{
	aur_doc_free(d->doc);
	d->doc = NULL;
}

/* --- a team --------------------------------------------------------------- */

static int add_lists(const struct aur_at *row, const struct aur_team_host *h)
{
	struct aur_at at;
	int rc = aur_at_make_list(row, "groups", &at);

	for (size_t i = 0; i < h->ngroup && rc == 0; i++)
		rc = aur_at_append_text(&at, h->group[i]);
	if (rc == 0)
		rc = aur_at_make_object(row, "tags", &at);
	for (size_t i = 0; i < h->ntag && rc == 0; i++)
		rc = team_json_text(&at, h->tag[i].key, h->tag[i].value);
	return rc;
}

static int add_host(const struct aur_at *list, const struct aur_team_host *h)
{
	const struct {
		const char *name, *text;
	} texts[] = {
	    {"jump", h->jump},
	    {"role", h->is_jump ? "jump" : NULL},
	    {"agent", h->agent},
	    {"host_key", h->host_key},
	    {"alias", h->alias},
	    {"identity", h->identity},
	    {"via", aur_team_via_name(h->via)},
	};
	struct aur_at row;
	int rc = aur_at_append(list, &row);

	if (rc == 0)
		rc = team_json_text(&row, "name", h->name);
	if (rc == 0)
		rc = team_json_text(&row, "id", h->id);
	if (rc == 0)
		rc = team_json_text(&row, "address", h->address);
	if (rc == 0)
		rc = team_json_text(
		    &row, "user", h->my_user != NULL ? h->my_user : h->user);
	if (rc == 0)
		rc = team_json_count(
		    &row, "port", h->port > 0 ? h : NULL, h->port);
	if (rc == 0)
		rc = add_lists(&row, h);
	for (size_t i = 0; i < AUR_ARRAY_LEN(texts) && rc == 0; i++)
		rc = team_json_text(&row, texts[i].name, texts[i].text);
	return rc;
}

static int add_members(const struct aur_at *root, const struct aur_team *t)
{
	struct aur_at list, row;
	int rc = aur_at_make_list(root, "members", &list);

	for (size_t i = 0; i < t->nmember && rc == 0; i++) {
		const struct aur_team_member *m = &t->member[i];

		rc = aur_at_append(&list, &row);
		if (rc == 0)
			rc = team_json_text(&row, "name", m->name);
		if (rc == 0)
			rc = team_json_text(&row, "id", m->id);
		if (rc == 0)
			rc = team_json_text(
			    &row, "role", aur_team_role_name(m->role));
		if (rc == 0)
			rc = team_json_text(&row, "key", m->key);
	}
	return rc;
}

struct changes {
	struct aur_at list;
	int rc;
};

static void add_change(void *arg, const struct aur_team_change *change)
{
	struct changes *c = arg;
	struct aur_at row;

	if (c->rc == 0)
		c->rc = aur_at_append(&c->list, &row);
	if (c->rc == 0)
		c->rc = team_json_text(&row, "host", change->host);
	if (c->rc == 0)
		c->rc = team_json_text(&row, "what", change->what);
	if (c->rc == 0)
		c->rc = team_json_text(&row, "was", change->was);
	if (c->rc == 0)
		c->rc = team_json_text(&row, "is", change->is);
}

static int fill(struct team_doc *d, const struct aur_team *t,
    const struct aur_select *picked, bool is_current)
{
	struct changes c = {.rc = 0};
	struct aur_at hosts;
	size_t place;
	bool published = aur_team_published(t, &place);
	int rc = team_json_text(&d->root, "id", t->id);

	if (rc == 0)
		rc = team_json_text(&d->root, "published",
		    published ? t->host[place].name : NULL);

	if (rc == 0)
		rc = aur_at_set_bool(&d->root, "current", is_current);
	if (rc == 0)
		rc = aur_at_make_list(&d->root, "hosts", &hosts);
	for (size_t i = 0; i < picked->n && rc == 0; i++)
		if (picked->pick[i].kind == AUR_PICK_HOST)
			rc = add_host(&hosts, &t->host[picked->pick[i].host]);
	if (rc == 0)
		rc = add_members(&d->root, t);
	if (rc == 0)
		rc = aur_at_make_list(&d->root, "changes", &c.list);
	if (rc == 0)
		(void)aur_team_changes(t, add_change, &c);
	return rc < 0 ? rc : c.rc;
}

int team_json_write(struct aur_buf *out, const struct aur_team *t,
    const struct aur_select *picked, bool is_current)
{
	struct team_doc d = {0};
	int rc = team_json_begin(&d, "aurora.team/1", t->name);

	if (rc == 0)
		rc = fill(&d, t, picked, is_current);
	if (rc == 0)
		rc = team_json_end(&d, out);
	team_json_free(&d);
	return rc;
}
