/* SPDX-License-Identifier: MIT */
/*
 * One key against the host. libssh2 asks whether the host takes the public
 * half; if it does, libssh2 calls back for a signature. The callback may say
 * EAGAIN: libssh2 then returns, and calls back again at its next turn, with
 * the same bytes. So an agent has all the time it wants, and a passphrase is
 * asked for only when it is of use:
 *
 *	NONE ── file, open ─────────────────────────────▶ DONE
 *	  ├──── file, locked ─▶ WANTED ── unlocked ─────▶ DONE
 *	  │                       └────── declined ─────▶ FAILED
 *	  └──── agent ────────▶ ASKED ─── it signs ─────▶ DONE
 *	                          └────── it refuses ───▶ NONE, if there is a
 *	                                                  file; else FAILED
 *
 * The algorithm is taken out of the bytes to be signed, where libssh2 has put
 * what it will announce: 1.10 the name in front of the blob (which for RSA we
 * have changed), 1.11 what the server likes best.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "ssh/bytes_int.h"

/* An agent that takes longer waits for a person. */
#define TOUCH_MS 1500
/* And a person has so long. */
#define TOUCH_MAX_MS 60000

/* RFC 4252, section 7: session id, 50, user, service, "publickey", true,
 * algorithm, blob. */
static bool algorithm_of(struct aur_slice data, char *name, size_t n)
{
	struct aur_slice skip, algorithm;

	if (!aur__ssh_take_string(&data, &skip) || data.n == 0)
		return false;
	data.p++, data.n--;
	if (!aur__ssh_take_string(&data, &skip) ||
	    !aur__ssh_take_string(&data, &skip) ||
	    !aur__ssh_take_string(&data, &skip) || data.n == 0)
		return false;
	data.p++, data.n--;
	if (!aur__ssh_take_string(&data, &algorithm) || algorithm.n >= n)
		return false;
	memcpy(name, algorithm.p, algorithm.n);
	name[algorithm.n] = '\0';
	return true;
}

static uint32_t agent_flags(const char *algorithm)
{
	if (strcmp(algorithm, "rsa-sha2-256") == 0)
		return AUR_SSH_AGENT_RSA_SHA2_256;
	if (strcmp(algorithm, "rsa-sha2-512") == 0)
		return AUR_SSH_AGENT_RSA_SHA2_512;
	return 0;
}

static enum aur__sign begin(
    struct aur_ssh_session *s, const char *algorithm, struct aur_slice data)
{
	struct aur__login *l = &s->login;
	struct aur__candidate *c = &l->list[l->at];
	const struct aur_ssh_private *key;

	if (c->in_agent) {
		if (l->agent.fd < 0 || aur_ssh_agent_ask_sign(&l->agent.out,
					   aur_slice_of(c->blob, c->n), data,
					   agent_flags(algorithm)) < 0)
			return SIGN_FAILED;
		l->agent_until = aur_mono_add(s->now, aur_span_ms(TOUCH_MS));
		return SIGN_ASKED;
	}
	key = aur_ssh_ring_private(c->file);
	if (key == NULL)
		return SIGN_WANTED;
	if (aur_ssh_private_sign(key, algorithm, data, &l->signature) < 0)
		return SIGN_FAILED;
	return SIGN_DONE;
}

static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(on_sign)
{
	struct aur_ssh_session *s = *abstract;
	struct aur__login *l = &s->login;
	struct aur_slice signature;
	char algorithm[64];

	(void)session;
	if (!algorithm_of(
		aur_slice_of(data, data_len), algorithm, sizeof algorithm))
		return -1;
	if (l->sign == SIGN_NONE)
		l->sign = begin(s, algorithm, aur_slice_of(data, data_len));
	if (l->sign == SIGN_WANTED || l->sign == SIGN_ASKED)
		return LIBSSH2_ERROR_EAGAIN;
	if (l->sign != SIGN_DONE)
		return -1;
	signature = aur_buf_peek(&l->signature);
	*sig = aur__ssh_lib_alloc(s, signature.n);
	if (*sig == NULL)
		return -1;
	memcpy(*sig, signature.p, signature.n);
	*sig_len = signature.n;
	return 0;
}

/* The agent did not sign. */
static bool agent_failed(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	struct aur__candidate *c = &l->list[l->at];

	l->sign = SIGN_FAILED;
	if (c->file != NULL) {
		c->in_agent = false;
		l->sign = SIGN_NONE;
		return true;
	}
	return aur__ssh_login_hint(s, "the ssh-agent", "did not sign");
}

static void end_touch(struct aur_ssh_session *s)
{
	s->login.agent_until.ns = 0;
	if (s->asks && s->question.kind == AUR_SSH_ASK_TOUCH) {
		s->asks = false;
		aur__ssh_enter(s, AUR_SSH_LOGIN);
	}
}

static bool agent_late(struct aur_ssh_session *s)
{
	if (s->now.ns < s->login.agent_until.ns)
		return false;
	if (s->asks) {
		end_touch(s);
		aur__ssh_agent_close(&s->login.agent);
		return agent_failed(s);
	}
	aur__ssh_ask(s, AUR_SSH_ASK_TOUCH, false,
	    aur_slice_str("the ssh-agent waits for you: touch the key, or "
			  "confirm"),
	    s->o.host.name);
	s->login.agent_until = aur_mono_add(s->now, aur_span_ms(TOUCH_MAX_MS));
	return false;
}

static bool hear_signature(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	struct aur_ssh_agent_answer a;
	int rc;

	if (!aur__ssh_agent_move(&l->agent)) {
		end_touch(s);
		return agent_failed(s);
	}
	rc = aur_ssh_agent_take(&l->agent.in, &a);
	if (rc == 0)
		return agent_late(s);
	end_touch(s);
	if (rc < 0) {
		aur__ssh_agent_close(&l->agent);
		return agent_failed(s);
	}
	if (a.kind == AUR_SSH_AGENT_SIGNATURE &&
	    aur_buf_add_slice(&l->signature, a.signature) == 0)
		l->sign = SIGN_DONE;
	aur_ssh_agent_drop(&l->agent.in, &a);
	return l->sign == SIGN_DONE || agent_failed(s);
}

/* libssh2 has said EAGAIN: is it the network, or do we owe a signature? */
static bool wait(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	struct aur_ssh_ring_key *file = l->list[l->at].file;

	if (l->sign == SIGN_ASKED)
		return hear_signature(s);
	if (l->sign != SIGN_WANTED)
		return false;
	switch (aur_ssh_ring_state(file)) {
	case AUR_SSH_RING_OPEN:
		l->sign = SIGN_NONE;
		return true;
	case AUR_SSH_RING_LOCKED:
		return aur__ssh_login_unlock(s);
	default:
		l->sign = SIGN_FAILED;
		return aur__ssh_login_hint(
		    s, aur_ssh_ring_path(file), aur_ssh_ring_why(file));
	}
}

static bool proved(struct aur_ssh_session *s)
{
	const struct aur__candidate *c = &s->login.list[s->login.at];
	char how[sizeof s->login.how];

	if (c->in_agent)
		snprintf(how, sizeof how, "%s key of the agent",
		    aur_ssh_key_label(c->type));
	else
		snprintf(how, sizeof how, "%s key %s",
		    aur_ssh_key_label(c->type), aur_ssh_ring_path(c->file));
	return aur__ssh_login_done(s, how);
}

bool aur__ssh_login_try(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	struct aur_slice blob = aur_buf_peek(&l->blob);
	void *self = s;
	int rc = libssh2_userauth_publickey(
	    s->lib, s->o.user, blob.p, blob.n, on_sign, &self);

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return wait(s);
	if (rc == 0)
		return proved(s);
	if (s->goodbye[0] != '\0')
		return aur__ssh_fail(s, AUR_SSH_END_REFUSED,
		    "the login was refused for %s: %s", s->o.user, s->goodbye);
	if (rc != LIBSSH2_ERROR_AUTHENTICATION_FAILED &&
	    rc != LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
		return aur__ssh_fail_lib(s, rc, "login");
	if (l->sign == SIGN_DONE)
		l->refused_signed = true;
	l->at++;
	l->step = LOGIN_PICK;
	return true;
}
