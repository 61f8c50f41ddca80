/* SPDX-License-Identifier: MIT */
/*
 * Options of hosts. lib/team would refuse what is wrong as well, but names a
 * place in a file; who typed an option wants to hear of the option.
 */
#include "cli/team_spec.h"

#include "base/err.h"
#include "cli/cli.h"
#include "cli/team_part.h"
#include "ssh/key.h"

int team_spec_names(const char *what, const char *list, char *text, size_t size,
    const char **name, size_t most, size_t *n)
{
	int status = CLI_OK;
	char *at = text;

	if ((size_t)snprintf(text, size, "%s", list) >= size) {
		cli_error(NULL, "a list of more than %zu bytes", size);
		return CLI_USAGE;
	}
	while (*at != '\0' && status == CLI_OK) {
		char *comma = strchr(at, ',');

		if (comma != NULL)
			*comma = '\0';
		status = team_check_name(what, at);
		for (size_t i = 0; i < *n && status == CLI_OK; i++)
			if (strcmp(name[i], at) == 0) {
				cli_error(
				    NULL, "%s '%s' is there twice", what, at);
				return CLI_USAGE;
			}
		if (status == CLI_OK && *n == most) {
			cli_error(
			    NULL, "more than %zu of them: %s", most, list);
			return CLI_USAGE;
		}
		name[(*n)++] = at;
		at = comma != NULL ? comma + 1 : at + strlen(at);
	}
	return status;
}

static int read_groups(struct team_spec *s, const struct opts *o)
{
	size_t at = 0, used = 0;
	const char *list;
	int status = CLI_OK;

	while (
	    status == CLI_OK && (list = opt_each(o, OPT_GROUP, &at)) != NULL) {
		s->has_groups = true;
		status = team_spec_names("group", list, s->text + used,
		    sizeof(s->text) - used, s->group, AUR_MAX_HOST_GROUPS,
		    &s->ngroup);
		used += strlen(list) + 1;
	}
	return status;
}

/* KEY=VALUE: the key is cut off in place, as argv may be. */
static int read_tags(struct team_spec *s, const struct opts *o)
{
	size_t at = 0;
	const char *word;

	while ((word = opt_each(o, OPT_TAG, &at)) != NULL) {
		char *equal = strchr(word, '=');

		if (equal == NULL) {
			cli_error(NULL,
			    "option '--tag' wants KEY=VALUE, not '%s'", word);
			return CLI_USAGE;
		}
		if (s->ntag == AUR_MAX_HOST_TAGS) {
			cli_error(NULL, "more than %u tags", AUR_MAX_HOST_TAGS);
			return CLI_USAGE;
		}
		*equal = '\0';
		if (team_check_name("tag", word) != CLI_OK)
			return CLI_USAGE;
		s->tag[s->ntag++] =
		    (struct aur_team_tag){.key = word, .value = equal + 1};
	}
	return CLI_OK;
}

int team_spec_parse_address(const char *text, struct aur_address *ret)
{
	struct aur_buf why;
	int rc;

	aur_buf_init(&why, 256);
	rc = aur_address_parse(aur_slice_str(text), ret, &why);
	if (rc < 0)
		cli_error(NULL, "'%s': %s", text,
		    aur_buf_str(&why) != NULL ? aur_buf_str(&why) : "");
	aur_buf_release(&why);
	return rc < 0 ? CLI_USAGE : CLI_OK;
}

static int check_jump(const char *jump)
{
	struct aur_address list[AUR_MAX_HOST_JUMPS];
	struct aur_buf why;
	int rc;

	if (jump == NULL || jump[0] == '\0')
		return CLI_OK;
	aur_buf_init(&why, 256);
	rc = aur_address_parse_list(
	    aur_slice_str(jump), list, AUR_MAX_HOST_JUMPS, &why);
	if (rc < 0)
		cli_error(NULL, "option '--jump': '%s': %s", jump,
		    aur_buf_str(&why) != NULL ? aur_buf_str(&why) : "");
	aur_buf_release(&why);
	return rc < 0 ? CLI_USAGE : CLI_OK;
}

static int check_words(const struct opts *o)
{
	const char *role = o->value[OPT_ROLE], *key = o->value[OPT_HOST_KEY];

	if (role != NULL && role[0] != '\0' && strcmp(role, "jump") != 0) {
		cli_error(NULL,
		    "option '--role' of a host wants jump or '', not '%s'",
		    role);
		return CLI_USAGE;
	}
	if (key != NULL && key[0] != '\0' &&
	    !aur_ssh_fingerprint_valid(aur_slice_str(key))) {
		cli_error(NULL,
		    "option '--host-key' wants SHA256:... as 'ssh-keygen -l' "
		    "shows it, not '%s'",
		    key);
		return CLI_USAGE;
	}
	return check_jump(o->value[OPT_JUMP]);
}

int team_spec_read(struct team_spec *s, const struct opts *o)
{
	const char *via = o->value[OPT_VIA], *address = o->value[OPT_ADDRESS];
	int status;

	*s = (struct team_spec){.opts = o};
	status = read_groups(s, o);
	if (status == CLI_OK)
		status = read_tags(s, o);
	if (status == CLI_OK)
		status = check_words(o);
	if (status == CLI_OK && address != NULL) {
		s->has_address = true;
		status = team_spec_parse_address(address, &s->address);
	}
	if (status == CLI_OK && via != NULL &&
	    !aur_team_via_find(aur_slice_str(via), &s->via)) {
		cli_error(NULL,
		    "option '--via' wants auto, libssh2 or openssh, not '%s'",
		    via);
		status = CLI_USAGE;
	}
	return status;
}

void team_spec_address(struct aur_team_host *h, const struct aur_address *a)
{
	h->address = a->host;
	h->port = a->port;
	if (a->user[0] != '\0')
		h->my_user = a->user;
}

/* What was given; '' takes away. */
static void set(const struct opts *o, enum opt_id id, const char **text)
{
	const char *v = o->value[id];

	if (v != NULL)
		*text = v[0] != '\0' ? v : NULL;
}

static void set_tags(const struct team_spec *s, struct aur_team_host *h,
    struct team_lists *lists)
{
	size_t n = 0;

	for (size_t i = 0; i < h->ntag; i++)
		lists->tag[n++] = h->tag[i];
	for (size_t i = 0; i < s->ntag; i++) {
		size_t k = 0;

		while (k < n && strcmp(lists->tag[k].key, s->tag[i].key) != 0)
			k++;
		if (s->tag[i].value[0] != '\0') {
			lists->tag[k] = s->tag[i];
			n = k == n ? n + 1 : n;
		} else if (k < n) {
			memmove(&lists->tag[k], &lists->tag[k + 1],
			    (n - k - 1) * sizeof(lists->tag[0]));
			n--;
		}
	}
	h->tag = lists->tag;
	h->ntag = n;
}

void team_spec_apply(const struct team_spec *s, struct aur_team_host *h,
    struct team_lists *lists)
{
	const struct opts *o = s->opts;

	if (s->has_address)
		team_spec_address(h, &s->address);
	if (s->has_groups) {
		h->group = s->group;
		h->ngroup = s->ngroup;
	}
	set_tags(s, h, lists);
	if (o->value[OPT_VIA] != NULL)
		h->via = s->via;
	if (o->value[OPT_ROLE] != NULL)
		h->is_jump = o->value[OPT_ROLE][0] != '\0';
	set(o, OPT_JUMP, &h->jump);
	set(o, OPT_AGENT, &h->agent);
	set(o, OPT_HOST_KEY, &h->host_key);
	set(o, OPT_IDENTITY, &h->identity);
	set(o, OPT_ALIAS, &h->alias);
}
