/* SPDX-License-Identifier: MIT */
/*
 * What the documents say, as structs. Everything is checked here, once, and
 * each error names its place; so nobody else looks at a document, and a
 * change is checked by the same lines as a file that came from elsewhere.
 *
 * The texts stay where jansson has them: they live as long as the value is
 * not set, and after each change the view is made anew.
 */
#include "team/team_int.h"

#include "base/address.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

void aur__team_view_clear(struct aur_team *t)
{
	struct aur__team_view *v = t->view;

	aur_mem_free(v->host);
	aur_mem_free(v->member);
	aur_mem_free(v->group);
	aur_mem_free(v->tag);
	aur_mem_free(v->by_name);
	aur_mem_free(v->by_id);
	*v = (struct aur__team_view){.name = v->name};
	t->host = NULL;
	t->member = NULL;
	t->nhost = t->nmember = 0;
	t->identity = NULL;
}

int aur__team_why(const struct aur_doc *d, int rc, char *why, size_t size)
{
	const char *text = d != NULL ? aur_doc_why(d) : "";

	snprintf(why, size, "%s", text[0] != '\0' ? text : aur_err_str(rc));
	return rc;
}

/* --- single values -------------------------------------------------------- */

static bool is_safe(const char *text)
{
	struct aur_slice s = aur_slice_str(text);

	while (s.n > 0)
		if (!aur_text_is_safe(aur_text_take(&s)))
			return false;
	return true;
}

/* A member that is a text; NULL where it is absent. */
static int text(const struct aur_at *object, const char *name, const char **ret)
{
	struct aur_at at = aur_at_get(object, name);
	const char *v = NULL;
	int rc = aur_at_text(&at, &v);

	if (rc < 0)
		return rc;
	if (v != NULL && (v[0] == '\0' || !is_safe(v)))
		return aur_at_fail(
		    &at, v[0] == '\0' ? "empty" : "has a control character");
	if (v != NULL && strlen(v) > AUR_MAX_TEAM_TEXT)
		return aur_at_fail(
		    &at, "more than %u bytes", AUR_MAX_TEAM_TEXT);
	*ret = v;
	return 0;
}

static int not_a_name(const struct aur_at *at, const char *v)
{
	if (strcmp(v, "local") == 0 || strcmp(v, "all") == 0)
		return aur_at_fail(at, "'%s' is taken", v);
	return aur_at_fail(at,
	    "'%s' is no name: letters, digits, '.', '_' and '-', 63 at most, "
	    "beginning with a letter or digit",
	    v);
}

static int name(
    const struct aur_at *object, const char *member, const char **ret)
{
	struct aur_at at = aur_at_get(object, member);
	int rc = text(object, member, ret);

	if (rc < 0)
		return rc;
	if (*ret == NULL)
		return aur_at_fail(&at, "missing");
	return aur_team_is_name(aur_slice_str(*ret)) ? 0
						     : not_a_name(&at, *ret);
}

static bool is_id(const char *s)
{
	size_t n = strspn(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n >= 8 && n <= 64 && s[n] == '\0';
}

static int id(const struct aur_at *object, const char **ret)
{
	struct aur_at at = aur_at_get(object, "id");
	int rc = text(object, "id", ret);

	if (rc < 0)
		return rc;
	if (*ret == NULL)
		return aur_at_fail(&at, "missing");
	return is_id(*ret)
		   ? 0
		   : aur_at_fail(&at, "wants 8 to 64 letters, digits and '-'");
}

static int address(const struct aur_at *object, const char *member,
    const char *otherwise, const char **ret)
{
	struct aur_at at = aur_at_get(object, member);
	const char *v = NULL;
	int rc = text(object, member, &v);

	if (rc < 0)
		return rc;
	if (v != NULL && !aur_address_host_valid(aur_slice_str(v)))
		return aur_at_fail(&at, "'%s' is no address", v);
	*ret = v != NULL ? v : otherwise;
	return 0;
}

static int user(const struct aur_at *object, const char **ret)
{
	struct aur_at at = aur_at_get(object, "user");
	int rc = text(object, "user", ret);

	if (rc < 0 || *ret == NULL)
		return rc;
	return aur_address_user_valid(aur_slice_str(*ret))
		   ? 0
		   : aur_at_fail(&at, "'%s' is no user", *ret);
}

/* "SHA256:" and the base64 of 32 bytes, as ssh-keygen -l has it. */
static int host_key(const struct aur_at *object, const char **ret)
{
	struct aur_at at = aur_at_get(object, "host_key");
	int rc = text(object, "host_key", ret);
	const char *v = *ret;

	if (rc < 0 || v == NULL)
		return rc;
	if (strncmp(v, "SHA256:", 7) != 0 || strlen(v) != 7 + 43 ||
	    strspn(v + 7, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			  "0123456789+/") != 43)
		return aur_at_fail(&at,
		    "wants SHA256: and 43 characters, as 'ssh-keygen -l' "
		    "shows them");
	return 0;
}

static int jump(const struct aur_at *object, const char **ret)
{
	struct aur_at at = aur_at_get(object, "jump");
	struct aur_address list[AUR_MAX_HOST_JUMPS];
	struct aur_buf why;
	int rc = text(object, "jump", ret);

	if (rc < 0 || *ret == NULL)
		return rc;
	aur_buf_init(&why, 256);
	rc = aur_address_parse_list(
	    aur_slice_str(*ret), list, AUR_MAX_HOST_JUMPS, &why);
	if (rc == AUR_EINVALID || rc == AUR_ELIMIT)
		rc = aur_at_fail(&at, "'%s': %s", *ret,
		    aur_buf_str(&why) != NULL ? aur_buf_str(&why) : "");
	aur_buf_release(&why);
	return rc < 0 ? rc : 0;
}

/* --- hosts ---------------------------------------------------------------- */

static int groups(struct aur__team_view *v, const struct aur_at *object,
    struct aur_team_host *h)
{
	struct aur_at at = aur_at_get(object, "groups");
	size_t n = aur_at_count(&at);
	int rc = aur_at_list(&at);

	if (rc == 0 && n > AUR_MAX_HOST_GROUPS)
		rc = aur_at_fail(&at, "more than %u", AUR_MAX_HOST_GROUPS);
	h->group = v->group + v->ngroup;
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct aur_at one = aur_at_nth(&at, i);
		const char *s = NULL;

		rc = aur_at_text(&one, &s);
		if (rc == 0 && s == NULL)
			rc = aur_at_fail(&one, "wants a string");
		if (rc == 0 && !aur_team_is_name(aur_slice_str(s)))
			rc = not_a_name(&one, s);
		if (rc == 0 && aur_team_in_group(h, aur_slice_str(s)))
			rc = aur_at_fail(&one, "'%s' is there twice", s);
		if (rc < 0)
			break;
		v->group[v->ngroup++] = s;
		h->ngroup++;
	}
	return rc;
}

static int tags(struct aur__team_view *v, const struct aur_at *object,
    struct aur_team_host *h)
{
	struct aur_at at = aur_at_get(object, "tags");
	size_t n = aur_at_count(&at);
	int rc = aur_at_object(&at);

	if (rc == 0 && n > AUR_MAX_HOST_TAGS)
		rc = aur_at_fail(&at, "more than %u", AUR_MAX_HOST_TAGS);
	h->tag = v->tag + v->ntag;
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *key = aur_at_member(&at, i), *value = NULL;
		struct aur_at one = aur_at_get(&at, key);

		if (!aur_team_is_name(aur_slice_str(key)))
			return not_a_name(&one, key);
		rc = text(&at, key, &value);
		if (rc == 0 && value == NULL)
			rc = aur_at_fail(&one, "wants a string");
		if (rc < 0)
			break;
		v->tag[v->ntag++] =
		    (struct aur_team_tag){.key = key, .value = value};
		h->ntag++;
	}
	return rc;
}

static int role_of_host(const struct aur_at *object, bool *ret_jump)
{
	struct aur_at at = aur_at_get(object, "role");
	const char *v = NULL;
	int rc = text(object, "role", &v);

	if (rc == 0 && v != NULL && strcmp(v, "jump") != 0)
		rc =
		    aur_at_fail(&at, "'%s' is no role of a host: only jump", v);
	if (rc == 0)
		*ret_jump = v != NULL;
	return rc;
}

static int port(const struct aur_at *object, unsigned *ret)
{
	struct aur_at at = aur_at_get(object, "port");
	int64_t v = 0;
	int rc = aur_at_number(&at, 1, 65535, &v);

	if (rc == 0)
		*ret = (unsigned)v;
	return rc;
}

static int mine(const struct aur_at *at, struct aur_team_host *h)
{
	struct aur_at via = aur_at_get(at, "via");
	const char *word = NULL;
	int rc = user(at, &h->my_user);

	if (rc == 0)
		rc = text(at, "identity", &h->identity);
	if (rc == 0)
		rc = address(at, "alias", NULL, &h->alias);
	if (rc == 0)
		rc = text(at, "via", &word);
	if (rc == 0 && word != NULL &&
	    !aur_team_via_find(aur_slice_str(word), &h->via))
		rc = aur_at_fail(&via,
		    "'%s' is no transport: auto, libssh2 or openssh", word);
	return rc;
}

static int host(
    struct aur_team *t, const struct aur_at *at, struct aur_team_host *h)
{
	struct aur__team_view *v = t->view;
	int rc = aur_at_is_absent(at) ? aur_at_fail(at, "wants an object")
				      : aur_at_object(at);

	if (rc == 0)
		rc = name(at, "name", &h->name);
	if (rc == 0)
		rc = id(at, &h->id);
	if (rc == 0)
		rc = address(at, "address", h->name, &h->address);
	if (rc == 0)
		rc = user(at, &h->user);
	if (rc == 0)
		rc = port(at, &h->port);
	if (rc == 0)
		rc = jump(at, &h->jump);
	if (rc == 0)
		rc = text(at, "agent", &h->agent);
	if (rc == 0)
		rc = host_key(at, &h->host_key);
	if (rc == 0)
		rc = role_of_host(at, &h->is_jump);
	if (rc == 0)
		rc = groups(v, at, h);
	return rc < 0 ? rc : tags(v, at, h);
}

/* How many elements member `what` has in all elements of the list. */
static size_t count_all(const struct aur_at *list, const char *what)
{
	size_t sum = 0;

	for (size_t i = 0; i < aur_at_count(list); i++) {
		struct aur_at one = aur_at_nth(list, i);
		struct aur_at at = aur_at_get(&one, what);

		sum += aur_at_count(&at);
	}
	return sum;
}

static int by_name(const void *a, const void *b)
{
	const struct aur_team_host *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int by_id(const void *a, const void *b)
{
	const struct aur_team_host *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

/* Sorts one index; two neighbours that are the same are told of. */
static int sort_index(const struct aur_team *t, const struct aur_at *list,
    const struct aur_team_host **index,
    int (*compare)(const void *, const void *), const char *member)
{
	size_t n = t->nhost;

	for (size_t i = 0; i < n; i++)
		index[i] = &t->host[i];
	if (n > 0)
		qsort(index, n, sizeof(*index), compare);
	for (size_t i = 1; i < n; i++) {
		const struct aur_team_host *a = index[i - 1], *b = index[i];
		struct aur_at one, at;

		if (compare(&index[i - 1], &index[i]) != 0)
			continue;
		one = aur_at_nth(list, (size_t)((a > b ? a : b) - t->host));
		at = aur_at_get(&one, member);
		return aur_at_fail(&at, "the same as that of hosts[%zu], '%s'",
		    (size_t)((a > b ? b : a) - t->host), (a > b ? b : a)->name);
	}
	return 0;
}

static int hosts(struct aur_team *t, const struct aur_at *root)
{
	struct aur__team_view *v = t->view;
	struct aur_at list = aur_at_get(root, "hosts");
	size_t n = aur_at_count(&list);
	int rc = aur_at_list(&list);

	if (rc == 0 && n > AUR_MAX_TEAM_HOSTS)
		rc = aur_at_fail(&list, "more than %u", AUR_MAX_TEAM_HOSTS);
	if (rc < 0)
		return rc;
	v->host = aur_mem_new(n + 1, sizeof(*v->host));
	v->group = aur_mem_new(count_all(&list, "groups") + 1, sizeof(char *));
	v->tag = aur_mem_new(count_all(&list, "tags") + 1, sizeof(*v->tag));
	v->by_name = aur_mem_new(n + 1, sizeof(*v->by_name));
	v->by_id = aur_mem_new(n + 1, sizeof(*v->by_id));
	if (v->host == NULL || v->group == NULL || v->tag == NULL ||
	    v->by_name == NULL || v->by_id == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct aur_at one = aur_at_nth(&list, i);

		rc = host(t, &one, &v->host[i]);
	}
	if (rc < 0)
		return rc;
	t->host = v->host;
	t->nhost = n;
	rc = sort_index(t, &list, v->by_name, by_name, "name");
	return rc < 0 ? rc : sort_index(t, &list, v->by_id, by_id, "id");
}

/* --- members -------------------------------------------------------------- */

static int key(const struct aur_at *object, const char **ret)
{
	struct aur_at at = aur_at_get(object, "key");
	int rc = text(object, "key", ret);

	if (rc == 0 && *ret != NULL && strchr(*ret, ' ') == NULL)
		rc = aur_at_fail(&at,
		    "wants a line as in a .pub file: its type, then the key");
	return rc;
}

static int member(const struct aur_at *at, struct aur_team_member *m)
{
	struct aur_at role = aur_at_get(at, "role");
	const char *word = NULL;
	int rc = aur_at_is_absent(at) ? aur_at_fail(at, "wants an object")
				      : aur_at_object(at);

	if (rc == 0)
		rc = name(at, "name", &m->name);
	if (rc == 0)
		rc = id(at, &m->id);
	if (rc == 0)
		rc = key(at, &m->key);
	if (rc == 0)
		rc = text(at, "role", &word);
	if (rc == 0 && word != NULL &&
	    !aur_team_role_find(aur_slice_str(word), &m->role))
		rc = aur_at_fail(
		    &role, "'%s' is no role: viewer or operator", word);
	return rc;
}

static int members(struct aur_team *t, const struct aur_at *root)
{
	struct aur_at list = aur_at_get(root, "members");
	size_t n = aur_at_count(&list);
	struct aur_team_member *m;
	int rc = aur_at_list(&list);

	if (rc == 0 && n > AUR_MAX_TEAM_MEMBERS)
		rc = aur_at_fail(&list, "more than %u", AUR_MAX_TEAM_MEMBERS);
	if (rc < 0)
		return rc;
	t->member = m = t->view->member = aur_mem_new(n + 1, sizeof(*m));
	if (m == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct aur_at one = aur_at_nth(&list, i), at;

		rc = member(&one, &m[i]);
		for (size_t k = 0; k < i && rc == 0; k++) {
			bool same = strcmp(m[k].name, m[i].name) == 0;

			if (!same && strcmp(m[k].id, m[i].id) != 0)
				continue;
			at = aur_at_get(&one, same ? "name" : "id");
			rc = aur_at_fail(
			    &at, "the same as that of members[%zu]", k);
		}
		t->nmember = i + 1;
	}
	return rc;
}

/* --- all of it ------------------------------------------------------------ */

/* The key for all that are given no other. */
static int my_key(struct aur_team *t, const struct aur_at *root)
{
	const char *path = NULL;
	int rc = text(root, "identity", &path);

	for (size_t i = 0; rc == 0 && i < t->nhost; i++)
		if (t->host[i].identity == NULL)
			t->view->host[i].identity = path;
	t->identity = path;
	return rc;
}

/* What is mine. Entries of hosts that are not there (any more) are no harm. */
static int all_mine(struct aur_team *t)
{
	struct aur_at root = aur_doc_root(t->local),
		      list = aur_at_get(&root, "hosts"),
		      trusted = aur_at_get(&root, "trusted");
	size_t n = aur_at_count(&list), at;
	int rc = aur_at_list(&list);

	if (rc == 0)
		rc = aur_at_list(&trusted);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct aur_at one = aur_at_nth(&list, i);
		const char *word = NULL;

		rc = aur_at_object(&one);
		if (rc == 0)
			rc = id(&one, &word);
		if (rc == 0 && aur_team_find_id(t, aur_slice_str(word), &at))
			rc = mine(&one, &t->view->host[at]);
	}
	return rc < 0 ? rc : my_key(t, &root);
}

int aur__team_view(struct aur_team *t, char *why, size_t size)
{
	struct aur_at root = aur_doc_root(t->doc);
	const char *word = NULL;
	int rc;

	aur__team_view_clear(t);
	rc = name(&root, "name", &word);
	if (rc == 0)
		rc = id(&root, &t->id);
	if (rc == 0)
		rc = hosts(t, &root);
	if (rc == 0)
		rc = members(t, &root);
	if (rc == 0)
		rc = aur__team_check_jumps(t);
	if (rc == AUR_ENOMEM)
		return aur__team_why(NULL, rc, why, size);
	if (rc < 0)
		return aur__team_why(t->doc, rc, why, size);
	rc = all_mine(t);
	return rc < 0 ? aur__team_why(t->local, rc, why, size) : 0;
}
