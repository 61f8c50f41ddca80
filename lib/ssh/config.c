/* SPDX-License-Identifier: MIT */
/*
 * The output of `ssh -G`: a keyword and its value on each line. A table says
 * where a keyword's value goes. Files are expanded at the end, as their tokens
 * speak of values that may come later.
 *
 * Lists of known_hosts files stand on one line without quotes, even where a
 * name has blanks. All of them begin with / or ~, so a word that does not
 * belongs to the one in front of it.
 */
#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "ssh/bytes_int.h"
#include "ssh/config_int.h"

#include <stddef.h>

enum kind {
	NAME,	 /* char * */
	TEXT,	 /* char *; "none" is none */
	YES,	 /* bool */
	FILES,	 /* list, one for each line */
	SEVERAL, /* list, several in a line */
	NUMBER,	 /* unsigned; "none" is 0 */
	PORT,
	STRICT,
	FAMILY,
	JUMP,
	METHODS,
};

static const struct keyword {
	const char *name;
	enum kind kind;
	size_t at;
} keywords[] = {
#define AT(member) offsetof(struct aur_ssh_config, member)
    {"addressfamily", FAMILY, AT(family)},
    {"batchmode", YES, AT(batch_mode)},
    {"bindaddress", TEXT, AT(bind_address)},
    {"bindinterface", TEXT, AT(bind_interface)},
    {"canonicalizehostname", YES, AT(canonicalize)},
    {"certificatefile", FILES, AT(certificate_files)},
    {"connecttimeout", NUMBER, AT(connect_timeout_seconds)},
    {"controlpath", TEXT, AT(control_path)},
    {"globalknownhostsfile", SEVERAL, AT(global_known_files)},
    {"gssapiauthentication", YES, AT(gssapi)},
    {"hashknownhosts", YES, AT(hash_known_hosts)},
    {"hostbasedauthentication", YES, AT(hostbased)},
    {"hostkeyalgorithms", TEXT, AT(host_key_algorithms)},
    {"hostkeyalias", NAME, AT(alias)},
    {"hostname", NAME, AT(hostname)},
    {"identitiesonly", YES, AT(identities_only)},
    {"identityagent", TEXT, AT(agent)},
    {"identityfile", FILES, AT(identity_files)},
    {"kbdinteractiveauthentication", YES, AT(keyboard)},
    {"knownhostscommand", TEXT, AT(known_hosts_command)},
    {"passwordauthentication", YES, AT(password)},
    {"pkcs11provider", TEXT, AT(pkcs11_provider)},
    {"port", PORT, AT(port)},
    {"preferredauthentications", METHODS, 0},
    {"proxycommand", TEXT, AT(proxy_command)},
    {"proxyjump", JUMP, AT(proxy_jump)},
    {"pubkeyauthentication", YES, AT(pubkey)},
    {"revokedhostkeys", TEXT, AT(revoked_host_keys)},
    {"securitykeyprovider", TEXT, AT(security_key_provider)},
    {"stricthostkeychecking", STRICT, AT(strict)},
    {"user", NAME, AT(user)},
    {"userknownhostsfile", SEVERAL, AT(known_files)},
    {"verifyhostkeydns", YES, AT(host_key_dns)},
#undef AT
};

static int set_name(char **to, struct aur_slice value)
{
	char *text = aur_mem_dup(value.p, value.n);

	if (text == NULL)
		return AUR_ENOMEM;
	aur_mem_free(*to);
	*to = text;
	return 0;
}

static int set_text(char **to, struct aur_slice value)
{
	if (!aur_slice_is(value, "none") && value.n > 0)
		return set_name(to, value);
	aur_mem_free(*to);
	*to = NULL;
	return 0;
}

static int add_file(struct aur_ssh_list *list, struct aur_slice value)
{
	char *text;

	if (aur_slice_is(value, "none") || value.n == 0)
		return 0;
	if (list->n == AUR_MAX_SSH_FILES)
		return AUR_ELIMIT;
	text = aur_mem_dup(value.p, value.n);
	if (text == NULL)
		return AUR_ENOMEM;
	list->at[list->n++] = text;
	return 0;
}

/* Where the next file of the line begins: behind a blank, with / or ~. */
static size_t next_file(struct aur_slice s)
{
	for (size_t i = 1; i + 1 < s.n; i++)
		if (s.p[i] == ' ' && (s.p[i + 1] == '/' || s.p[i + 1] == '~'))
			return i;
	return s.n;
}

static int add_files(struct aur_ssh_list *list, struct aur_slice value)
{
	int rc = 0;

	while (value.n > 0 && rc == 0) {
		size_t n = next_file(value);

		rc = add_file(list, aur_slice_of(value.p, n));
		value = aur_slice_of(value.p + n, value.n - n);
		value = aur_slice_trim(value);
	}
	return rc;
}

/* Words for true: "ask" and "always" are more than no. */
static bool is_yes(struct aur_slice v)
{
	return !aur_slice_is(v, "no") && !aur_slice_is(v, "false") &&
	       !aur_slice_is(v, "none");
}

static int set_number(unsigned *to, struct aur_slice value)
{
	uint64_t v;

	if (aur_slice_is(value, "none"))
		return 0;
	if (aur_scan_u64(value, &v) < 0 || v > 1u << 30)
		return AUR_EINVALID;
	*to = (unsigned)v;
	return 0;
}

static int set_port(uint16_t *to, struct aur_slice value)
{
	uint64_t v;

	if (aur_scan_u64(value, &v) < 0 || v == 0 || v > UINT16_MAX)
		return AUR_EINVALID;
	*to = (uint16_t)v;
	return 0;
}

static enum aur_ssh_strict strict_of(struct aur_slice v)
{
	if (aur_slice_is(v, "accept-new"))
		return AUR_SSH_STRICT_ACCEPT_NEW;
	if (aur_slice_is(v, "no") || aur_slice_is(v, "off") ||
	    aur_slice_is(v, "false"))
		return AUR_SSH_STRICT_NO;
	return aur_slice_is(v, "ask") ? AUR_SSH_STRICT_ASK : AUR_SSH_STRICT_YES;
}

static enum aur_ssh_family family_of(struct aur_slice v)
{
	return aur_slice_is(v, "inet")	  ? AUR_SSH_FAMILY_INET
	       : aur_slice_is(v, "inet6") ? AUR_SSH_FAMILY_INET6
					  : AUR_SSH_FAMILY_ANY;
}

static int set_jump(struct aur_ssh_config *c, struct aur_slice value)
{
	int rc = set_text(&c->proxy_jump, value);

	if (rc == 0 && c->proxy_jump != NULL) {
		int n = aur_address_parse_list(
		    value, c->hops, AUR_MAX_SSH_HOPS, NULL);

		c->n_hops = n > 0 ? (size_t)n : 0;
	}
	return rc;
}

/* Methods that are not preferred are not tried. */
static void set_methods(struct aur_ssh_config *c, struct aur_slice value)
{
	c->pubkey &= aur_text_has(value, aur_slice_str("publickey"));
	c->password &= aur_text_has(value, aur_slice_str("password"));
	c->keyboard &=
	    aur_text_has(value, aur_slice_str("keyboard-interactive"));
}

static int set(struct aur_ssh_config *c, const struct keyword *k,
    struct aur_slice value, struct aur_slice *methods)
{
	void *to = (char *)c + k->at;

	switch (k->kind) {
	case NAME:
		return set_name(to, value);
	case TEXT:
		return set_text(to, value);
	case YES:
		*(bool *)to = is_yes(value);
		return 0;
	case FILES:
		return add_file(to, value);
	case SEVERAL:
		return add_files(to, value);
	case NUMBER:
		return set_number(to, value);
	case PORT:
		return set_port(to, value);
	case STRICT:
		c->strict = strict_of(value);
		return 0;
	case FAMILY:
		c->family = family_of(value);
		return 0;
	case JUMP:
		return set_jump(c, value);
	case METHODS:
		*methods = value;
		return 0;
	}
	return 0;
}

static int parse_line(
    struct aur_ssh_config *c, struct aur_slice line, struct aur_slice *methods)
{
	struct aur_slice word;

	if (memchr(line.p, '\0', line.n) != NULL)
		return AUR_EINVALID;
	if (!aur__ssh_take_word(&line, &word))
		return 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(keywords); i++)
		if (aur__ssh_same_word(word, keywords[i].name))
			return set(
			    c, &keywords[i], aur_slice_trim(line), methods);
	return 0;
}

static int parse_lines(struct aur_ssh_config *c, struct aur_slice text)
{
	struct aur_slice line, methods = {NULL, 0};
	int rc = 0;

	while (rc == 0 && aur_slice_line(&text, &line))
		if (line.n > 0)
			rc = parse_line(c, line, &methods);
	if (rc == 0 && methods.n > 0)
		set_methods(c, methods);
	return rc;
}

/* Puts the tokens into one file; one that cannot be had becomes NULL. */
static int expand_file(
    struct aur_ssh_config *c, const struct aur_ssh_place *place, char **file)
{
	struct aur_buf b;
	char *text = NULL;
	int rc;

	aur_buf_init(&b, AUR__CONFIG_PATH);
	rc = aur__config_expand(c, place, aur_slice_str(*file), &b);
	if (rc == 0) {
		text = aur_mem_dup(aur_buf_peek(&b).p, b.n);
		rc = text == NULL ? AUR_ENOMEM : 0;
	} else if (rc == AUR_EUNSUPPORTED || rc == AUR_ELIMIT) {
		aur_mem_free(c->odd_file);
		c->odd_file = *file;
		*file = NULL;
		rc = 0;
	}
	if (text != NULL) {
		aur_mem_free(*file);
		*file = text;
	}
	aur_buf_release(&b);
	return rc;
}

static int expand_list(struct aur_ssh_config *c,
    const struct aur_ssh_place *place, struct aur_ssh_list *list)
{
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < list->n; i++) {
		char *file = list->at[i];

		if (rc == 0)
			rc = expand_file(c, place, &file);
		if (file != NULL)
			list->at[n++] = file;
	}
	list->n = n;
	return rc;
}

/* A socket's path; "SSH_AUTH_SOCK" and "$NAME" have no token in them. */
static int expand_agent(
    struct aur_ssh_config *c, const struct aur_ssh_place *place)
{
	if (c->agent[0] == '$')
		return 0;
	return expand_file(c, place, &c->agent);
}

static int expand_all(
    struct aur_ssh_config *c, const struct aur_ssh_place *place)
{
	int rc = expand_list(c, place, &c->identity_files);

	if (rc == 0)
		rc = expand_list(c, place, &c->certificate_files);
	if (rc == 0)
		rc = expand_list(c, place, &c->known_files);
	if (rc == 0)
		rc = expand_list(c, place, &c->global_known_files);
	if (rc == 0 && c->agent != NULL)
		rc = expand_agent(c, place);
	return rc;
}

static bool usable(const struct aur_ssh_config *c)
{
	return c->port != 0 && c->hostname != NULL && c->user != NULL &&
	       aur_address_host_valid(aur_slice_str(c->hostname)) &&
	       aur_address_user_valid(aur_slice_str(c->user));
}

/* What holds where ssh says nothing of it. */
static int set_defaults(struct aur_ssh_config *c)
{
	c->pubkey = c->password = c->keyboard = true;
	return set_text(&c->agent, aur_slice_str("SSH_AUTH_SOCK"));
}

int aur_ssh_config_parse(struct aur_slice text,
    const struct aur_ssh_place *place, struct aur_ssh_config **ret_config)
{
	struct aur_ssh_config *c;
	int rc;

	if (text.n > AUR_MAX_SSH_CONFIG)
		return AUR_ELIMIT;
	c = aur_mem_new(1, sizeof *c);
	if (c == NULL)
		return AUR_ENOMEM;
	rc = set_defaults(c);
	if (rc == 0)
		rc = parse_lines(c, text);
	if (rc == 0 && !usable(c))
		rc = AUR_EINVALID;
	if (rc == 0)
		rc = expand_all(c, place);
	if (rc == 0)
		*ret_config = c;
	else
		aur_ssh_config_free(c);
	return rc;
}

static void free_list(struct aur_ssh_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		aur_mem_free(list->at[i]);
}

void aur_ssh_config_free(struct aur_ssh_config *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < AUR_ARRAY_LEN(keywords); i++) {
		void *at = (char *)c + keywords[i].at;

		if (keywords[i].kind == NAME || keywords[i].kind == TEXT ||
		    keywords[i].kind == JUMP)
			aur_mem_free(*(char **)at);
		else if (keywords[i].kind == FILES ||
			 keywords[i].kind == SEVERAL)
			free_list(at);
	}
	aur_mem_free(c->odd_file);
	aur_mem_free(c);
}
