/* SPDX-License-Identifier: MIT */
/*
 * Which host keys are asked for, and what is thought of the one that comes.
 *
 * The types that known_hosts has are asked for first: libssh2 by itself takes
 * ECDSA where most files hold ED25519, and a good host would look changed. The
 * other types follow, so that a host that really has lost its key is told as
 * changed and not as one that we have nothing in common with. RSA host keys
 * are out of 1.10's reach: hosts of which only that is known, or only an
 * authority, are the system ssh's.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "ssh/algo.h"

static bool rsa_sha2(void)
{
	return libssh2_version(0x010b00) != NULL;
}

static size_t known_types(
    const struct aur_ssh_session *s, enum aur_ssh_key types[AUR_SSH_KEY_TYPES])
{
	if (s->o.known == NULL)
		return 0;
	return aur_ssh_known_types(s->o.known, &s->o.host, types);
}

static bool only_authority(const struct aur_ssh_session *s, size_t ntypes)
{
	return ntypes == 0 && s->o.known != NULL &&
	       aur_ssh_known_has_ca(s->o.known, &s->o.host);
}

int aur__ssh_host_key_prefer(struct aur_ssh_session *s)
{
	enum aur_ssh_key types[AUR_SSH_KEY_TYPES];
	size_t n = known_types(s, types);
	struct aur_buf names;
	int rc = 0;

	aur_buf_init(&names, AUR_MAX_LINE);
	if (only_authority(s, n)) {
		(void)aur__ssh_fail(s, AUR_SSH_END_UNFIT,
		    "host keys are proved by an authority, which libssh2 "
		    "cannot check");
		return 0;
	}
	if (n > 0)
		rc = aur_ssh_algo_host_key(types, n, true, rsa_sha2(), &names);
	if (rc == AUR_EABSENT) {
		(void)aur__ssh_fail(s, AUR_SSH_END_UNFIT,
		    "only a host key of type %s is known, which libssh2 "
		    "cannot check",
		    aur_ssh_key_label(types[0]));
		rc = 0;
		goto out;
	}
	aur_buf_clear(&names);
	if (rc == 0)
		rc = aur_ssh_algo_host_key(types, n, false, rsa_sha2(), &names);
	if (rc == 0)
		rc = aur__ssh_lib_prefer(
		    s, LIBSSH2_METHOD_HOSTKEY, aur_buf_peek(&names));
out:
	aur_buf_release(&names);
	return rc;
}

/* The key that the handshake has proved the host to hold. */
static int take_key(struct aur_ssh_session *s)
{
	size_t n = 0;
	int type, rc;
	const char *p = libssh2_session_hostkey(s->lib, &n, &type);

	if (p == NULL || n == 0)
		return AUR_EPROTOCOL;
	aur_buf_clear(&s->key_blob);
	rc = aur_buf_add(&s->key_blob, p, n);
	if (rc < 0)
		return rc;
	s->key.blob = aur_buf_peek(&s->key_blob);
	if (!aur_ssh_key_valid(s->key.blob))
		return AUR_EPROTOCOL;
	rc = aur_ssh_fingerprint(s->key.blob, s->key.fingerprint);
	if (rc == 0 && s->o.known != NULL)
		rc = aur_ssh_known_check(
		    s->o.known, &s->o.host, s->key.blob, &s->key.known);
	else if (rc == 0)
		s->key.known.state = AUR_SSH_KNOWN_UNKNOWN;
	return rc;
}

static const char *label(const struct aur_ssh_session *s)
{
	return aur_ssh_key_label(aur_ssh_key_of(s->key.blob));
}

static bool accept_key(struct aur_ssh_session *s, bool new)
{
	s->key.accepted = new;
	aur__ssh_enter(s, AUR_SSH_LOGIN);
	return true;
}

static bool judge_pinned(struct aur_ssh_session *s)
{
	if (strcmp(s->key.fingerprint, s->o.host_key) != 0)
		return aur__ssh_fail(s, AUR_SSH_END_KEY_CHANGED,
		    "the host key is %s, not %s as was asked for",
		    s->key.fingerprint, s->o.host_key);
	return accept_key(s, s->key.known.state == AUR_SSH_KNOWN_UNKNOWN);
}

static bool judge_unknown(struct aur_ssh_session *s)
{
	char text[160];

	if (s->o.unknown == AUR_SSH_UNKNOWN_ACCEPT)
		return accept_key(s, true);
	if (s->o.unknown != AUR_SSH_UNKNOWN_ASK || !s->o.may_ask)
		return aur__ssh_fail(s, AUR_SSH_END_KEY_UNKNOWN,
		    "the host key is not known: %s %s", label(s),
		    s->key.fingerprint);
	aur__ssh_enter(s, AUR_SSH_HOST_KEY);
	snprintf(text, sizeof text, "unknown host key %s %s: trust it?",
	    label(s), s->key.fingerprint);
	aur__ssh_ask(
	    s, AUR_SSH_ASK_HOST_KEY, true, aur_slice_str(text), s->o.host.name);
	return true;
}

/* RSA is known as well, and could not be asked for: nobody can say here
 * whether the host has changed. */
static bool judge_differs(struct aur_ssh_session *s)
{
	const struct aur_ssh_known_answer *a = &s->key.known;
	enum aur_ssh_key types[AUR_SSH_KEY_TYPES];
	size_t n = known_types(s, types);

	for (size_t i = 0; i < n && !a->same_type && !rsa_sha2(); i++)
		if (types[i] == AUR_SSH_KEY_RSA)
			return aur__ssh_fail(s, AUR_SSH_END_UNFIT,
			    "another host key than the known RSA one, which "
			    "libssh2 cannot check");
	return aur__ssh_fail(s, AUR_SSH_END_KEY_CHANGED,
	    "the host key differs from the known one: it is %s %s, "
	    "known is %s %s (%s:%u)",
	    label(s), s->key.fingerprint,
	    a->n > 0 ? aur_ssh_key_label(a->entries[0].type) : "another",
	    a->n > 0 ? a->entries[0].fingerprint : "",
	    a->n > 0 ? a->entries[0].file : "",
	    a->n > 0 ? a->entries[0].line : 0);
}

bool aur__ssh_host_key_judge(struct aur_ssh_session *s)
{
	int rc = take_key(s);

	if (rc == AUR_ENOMEM)
		return aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	if (rc < 0)
		return aur__ssh_fail(
		    s, AUR_SSH_END_GARBAGE, "the host key is malformed");
	switch (s->key.known.state) {
	case AUR_SSH_KNOWN_REVOKED:
		return aur__ssh_fail(s, AUR_SSH_END_KEY_REVOKED,
		    "the host key was revoked: %s %s (%s:%u)", label(s),
		    s->key.fingerprint, s->key.known.entries[0].file,
		    s->key.known.entries[0].line);
	case AUR_SSH_KNOWN_MATCH:
	case AUR_SSH_KNOWN_DIFFERS:
	case AUR_SSH_KNOWN_UNKNOWN:
	case AUR_SSH_KNOWN_CA:
		break;
	}
	if (s->o.host_key != NULL)
		return judge_pinned(s);
	if (s->key.known.state == AUR_SSH_KNOWN_MATCH)
		return accept_key(s, false);
	if (s->key.known.state == AUR_SSH_KNOWN_DIFFERS)
		return judge_differs(s);
	if (s->key.known.state == AUR_SSH_KNOWN_CA)
		return aur__ssh_fail(s, AUR_SSH_END_UNFIT,
		    "host keys are proved by an authority, which libssh2 "
		    "cannot check");
	return judge_unknown(s);
}

void aur__ssh_host_key_answer(struct aur_ssh_session *s, const char *text)
{
	if (text != NULL && strcmp(text, "yes") == 0)
		(void)accept_key(s, true);
	else
		(void)aur__ssh_fail(s, AUR_SSH_END_KEY_UNKNOWN,
		    "the host key was not accepted: %s %s", label(s),
		    s->key.fingerprint);
}
