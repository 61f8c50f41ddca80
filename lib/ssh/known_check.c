/* SPDX-License-Identifier: MIT */
/*
 * What is known of a host's key. For each name of the host, in this order:
 *
 *	@revoked with this key            REVOKED
 *	plain with this key               MATCH
 *	plain with any other key          DIFFERS, of whatever type: we ask for
 *	                                  the types that are listed, so a server
 *	                                  that shows another has lost its key
 *	@cert-authority                   CA
 *
 * Keys are compared as base64, of which each has one form.
 */
#include "ssh/known_int.h"

#include "base/base64.h"
#include "base/err.h"

/* What one name gives. */
struct found {
	bool revoked, match, differs, ca;
};

/* 0, AUR_ENOMEM: then nothing is known, least of all that all is well. */
static int look(const struct aur_ssh_known *k, const char *name,
    struct aur_slice base64, struct found *f)
{
	*f = (struct found){false, false, false, false};
	for (size_t i = 0; i < k->n && name[0] != '\0'; i++) {
		const struct aur__known_entry *e = &k->entries[i];
		bool same = aur_slice_eq(e->base64, base64);
		int rc;

		if (e->marker == AUR__KNOWN_REVOKED && !same)
			continue;
		rc = aur__known_match(k, e->names, name);
		if (rc < 0)
			return rc;
		if (rc == 0)
			continue;
		f->revoked |= e->marker == AUR__KNOWN_REVOKED;
		f->ca |= e->marker == AUR__KNOWN_CA;
		f->match |= e->marker == AUR__KNOWN_PLAIN && same;
		f->differs |= e->marker == AUR__KNOWN_PLAIN && !same;
	}
	return 0;
}

static int show(const struct aur_ssh_known *k, const struct aur__known_entry *e,
    struct aur_ssh_known_answer *a)
{
	struct aur_ssh_known_entry *to = &a->entries[a->n];
	struct aur_buf blob;
	int rc;

	aur_buf_init(&blob, AUR_MAX_SSH_BLOB);
	rc = aur_base64_decode(e->base64, &blob);
	if (rc == 0)
		rc = aur_ssh_fingerprint(aur_buf_peek(&blob), to->fingerprint);
	aur_buf_release(&blob);
	if (rc < 0)
		return rc;
	to->file = k->files[e->file].name;
	to->line = e->line;
	to->type = e->type;
	a->n++;
	return 0;
}

/* Whether `e` is what the answer's state stems from. */
static bool tells(const struct aur__known_entry *e,
    enum aur_ssh_known_state state, struct aur_slice base64)
{
	switch (state) {
	case AUR_SSH_KNOWN_MATCH:
		return e->marker == AUR__KNOWN_PLAIN &&
		       aur_slice_eq(e->base64, base64);
	case AUR_SSH_KNOWN_REVOKED:
		return e->marker == AUR__KNOWN_REVOKED &&
		       aur_slice_eq(e->base64, base64);
	case AUR_SSH_KNOWN_DIFFERS:
		return e->marker == AUR__KNOWN_PLAIN;
	case AUR_SSH_KNOWN_CA:
		return e->marker == AUR__KNOWN_CA;
	default:
		return false;
	}
}

/* Names the lines of the answer: those of `type` first. */
static int show_all(const struct aur_ssh_known *k, const char *name,
    struct aur_slice base64, enum aur_ssh_key type,
    struct aur_ssh_known_answer *a)
{
	int rc = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0;
		     i < k->n && rc == 0 && a->n < AUR_SSH_KNOWN_SHOWN; i++) {
			const struct aur__known_entry *e = &k->entries[i];

			if ((e->type == type) != (pass == 0) ||
			    !tells(e, a->state, base64) ||
			    (rc = aur__known_match(k, e->names, name)) <= 0)
				continue;
			a->same_type |=
			    pass == 0 && a->state == AUR_SSH_KNOWN_DIFFERS;
			rc = show(k, e, a);
		}
	return rc;
}

/* The state, and the name whose lines say so. */
static int judge(const struct aur_ssh_known *k,
    const struct aur__known_names *names, struct aur_slice base64,
    bool certificate, enum aur_ssh_known_state *ret_state,
    const char **ret_name)
{
	struct found full, bare;
	bool whole;
	int rc = look(k, names->full, base64, &full);

	if (rc == 0)
		rc = look(k, names->bare, base64, &bare);
	if (rc < 0)
		return rc;
	if (certificate)
		full.match = full.differs = bare.match = false;
	whole = full.revoked ||
		(!bare.revoked && (full.match || full.differs)) ||
		(!bare.revoked && !bare.match && full.ca);
	*ret_name = whole ? names->full : names->bare;
	*ret_state = full.revoked || bare.revoked ? AUR_SSH_KNOWN_REVOKED
		     : full.match		  ? AUR_SSH_KNOWN_MATCH
		     : full.differs		  ? AUR_SSH_KNOWN_DIFFERS
		     : bare.match		  ? AUR_SSH_KNOWN_MATCH
		     : full.ca || bare.ca	  ? AUR_SSH_KNOWN_CA
						  : AUR_SSH_KNOWN_UNKNOWN;
	return 0;
}

int aur_ssh_known_check(const struct aur_ssh_known *k,
    const struct aur_ssh_known_host *host, struct aur_slice blob,
    struct aur_ssh_known_answer *ret_answer)
{
	const enum aur_ssh_key type = aur_ssh_key_of(blob);
	bool certificate =
	    (aur_ssh_key_flags(type) & AUR_SSH_KEY_CERTIFICATE) != 0;
	struct aur_ssh_known_answer a = {.state = AUR_SSH_KNOWN_UNKNOWN};
	struct aur__known_names names;
	struct aur_buf base64;
	const char *name;
	int rc;

	if (!aur_ssh_key_valid(blob) || !aur__known_names(host, &names))
		return AUR_EINVALID;
	aur_buf_init(&base64, (AUR_MAX_SSH_BLOB + 2) / 3 * 4);
	rc = aur_base64_add(&base64, blob, true);
	if (rc == 0)
		rc = judge(k, &names, aur_buf_peek(&base64), certificate,
		    &a.state, &name);
	if (rc == 0)
		rc = show_all(k, name, aur_buf_peek(&base64), type, &a);
	aur_buf_release(&base64);
	if (rc == 0)
		*ret_answer = a;
	return rc;
}

static void collect_types(const struct aur_ssh_known *k, const char *name,
    bool listed[AUR_SSH_KEY_TYPES])
{
	for (size_t i = 0; i < k->n && name[0] != '\0'; i++) {
		const struct aur__known_entry *e = &k->entries[i];

		struct found f;

		if (e->marker == AUR__KNOWN_PLAIN && !listed[e->type] &&
		    aur__known_match(k, e->names, name) == 1 &&
		    look(k, name, e->base64, &f) == 0 && !f.revoked)
			listed[e->type] = true;
	}
}

size_t aur_ssh_known_types(const struct aur_ssh_known *k,
    const struct aur_ssh_known_host *host,
    enum aur_ssh_key ret_types[AUR_SSH_KEY_TYPES])
{
	struct aur__known_names names;
	size_t n = 0;

	if (!aur__known_names(host, &names))
		return 0;
	for (int pass = 0; pass < 2 && n == 0; pass++) {
		bool listed[AUR_SSH_KEY_TYPES] = {false};

		collect_types(k, pass == 0 ? names.full : names.bare, listed);
		for (int i = 1; i < AUR_SSH_KEY_TYPES; i++)
			if (listed[i])
				ret_types[n++] = (enum aur_ssh_key)i;
	}
	return n;
}

bool aur_ssh_known_has_ca(
    const struct aur_ssh_known *k, const struct aur_ssh_known_host *host)
{
	struct aur__known_names names;
	struct found full, bare;

	return aur__known_names(host, &names) &&
	       look(k, names.full, aur_slice_of(NULL, 0), &full) == 0 &&
	       look(k, names.bare, aur_slice_of(NULL, 0), &bare) == 0 &&
	       (full.ca || bare.ca);
}
