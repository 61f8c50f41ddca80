/* SPDX-License-Identifier: MIT */
/*
 * Proving who we are, in ssh's order.
 *
 *	METHODS ── what the host takes ("none" is asked, which counts nowhere)
 *	   │ publickey
 *	   ▼
 *	AGENT ──── what the agent holds; 5 s, then without it
 *	   │ gather (login_keys.c)
 *	   ▼                  refused
 *	PICK ◀───────────────────────────────────┐
 *	 │ │ └─ a file without .pub ─▶ UNLOCK ─▶ TRY (login_sign.c) ──▶ done
 *	 │ └──── any other ──────────────────────▶┘
 *	 │ no more keys
 *	 ├─▶ KEYBOARD ─▶ done        both only where somebody may be asked
 *	 ├─▶ PASSWORD ─▶ done
 *	 └─▶ REFUSED; or UNFIT, where a key was left out that ssh could use
 *
 * Each refused key is one of the server's MaxAuthTries (6), so keys that
 * cannot work are not offered at all.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#define AGENT_LIST_MS 5000
#define PASSWORDS 3u

bool aur__ssh_login_done(struct aur_ssh_session *s, const char *how)
{
	snprintf(s->login.how, sizeof s->login.how, "%s", how);
	aur__ssh_login_release(s);
	aur__ssh_enter(s, AUR_SSH_READY);
	return true;
}

void aur__ssh_login_release(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;

	for (size_t i = 0; i < l->n; i++) {
		if (l->list[i].file != NULL)
			aur_ssh_ring_release(l->list[i].file, s);
		aur_mem_free(l->list[i].blob);
	}
	aur_mem_free(l->list);
	l->list = NULL;
	l->n = 0;
	l->waits_ring = false;
	l->agent_until.ns = 0;
	aur__ssh_agent_close(&l->agent);
	aur_ssh_wipe(&l->secret);
	aur_buf_release(&l->blob);
	aur_buf_release(&l->signature);
}

/* --- methods -------------------------------------------------------------- */

static void note_methods(struct aur__login *l, struct aur_slice list)
{
	struct aur_slice name;

	while (list.n > 0) {
		if (!aur_slice_until(&list, ',', &name)) {
			name = list;
			list.n = 0;
		}
		if (aur_slice_is(name, "publickey"))
			l->methods_pubkey = true;
		else if (aur_slice_is(name, "password"))
			l->methods_password = true;
		else if (aur_slice_is(name, "keyboard-interactive"))
			l->methods_keyboard = true;
	}
}

static bool gather(struct aur_ssh_session *s, struct aur_ssh_agent_answer *held)
{
	s->login.agent_until.ns = 0;
	if (aur__ssh_login_gather(s, held) < 0)
		return aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	s->login.step = LOGIN_PICK;
	return true;
}

static bool methods(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	char *list = libssh2_userauth_list(
	    s->lib, s->o.user, (unsigned)strlen(s->o.user));

	if (list == NULL && libssh2_userauth_authenticated(s->lib))
		return aur__ssh_login_done(
		    s, "nothing: the host asks for none");
	if (list == NULL) {
		int rc = libssh2_session_last_errno(s->lib);

		return rc == LIBSSH2_ERROR_EAGAIN
			   ? false
			   : aur__ssh_fail_lib(s, rc, "login");
	}
	note_methods(l, aur_slice_str(list));
	l->step = LOGIN_PICK;
	if (!l->methods_pubkey || s->o.no_pubkey)
		return true;
	if (s->o.agent != NULL)
		aur__ssh_agent_open(&l->agent, s->o.agent);
	if (l->agent.fd < 0)
		return gather(s, NULL);
	if (aur_ssh_agent_ask_identities(&l->agent.out) < 0)
		return aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	l->agent_until = aur_mono_add(s->now, aur_span_ms(AGENT_LIST_MS));
	l->step = LOGIN_AGENT;
	return true;
}

static bool hear_agent(struct aur_ssh_session *s)
{
	struct aur__ssh_agent *a = &s->login.agent;
	struct aur_ssh_agent_answer answer;
	bool gathered;
	int rc;

	if (!aur__ssh_agent_move(a)) {
		(void)aur__ssh_login_hint(s, "the ssh-agent", "has gone");
		return gather(s, NULL);
	}
	rc = aur_ssh_agent_take(&a->in, &answer);
	if (rc == 0 && s->now.ns < s->login.agent_until.ns)
		return false;
	if (rc <= 0) {
		(void)aur__ssh_login_hint(s, "the ssh-agent",
		    rc == 0 ? "does not answer" : "answers nonsense");
		aur__ssh_agent_close(a);
		return gather(s, NULL);
	}
	gathered =
	    gather(s, answer.kind == AUR_SSH_AGENT_IDENTITIES ? &answer : NULL);
	if (gathered)
		aur_ssh_agent_drop(&a->in, &answer);
	return gathered;
}

/* --- the end of the keys -------------------------------------------------- */

/* Other servers may not take an RSA key under its new name, as private.h
 * says: OpenSSH does. */
static bool rsa_may_differ(const struct aur_ssh_session *s)
{
	const char *banner = libssh2_session_banner_get(s->lib);

	if (libssh2_version(0x010b00) != NULL ||
	    (banner != NULL && strstr(banner, "OpenSSH") != NULL))
		return false;
	for (size_t i = 0; i < s->login.n; i++)
		if (s->login.list[i].type == AUR_SSH_KEY_RSA)
			return true;
	return false;
}

static bool give_up(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	bool none =
	    !l->methods_pubkey && !l->methods_password && !l->methods_keyboard;
	bool unfit = none || l->skipped > 0 || l->refused_signed ||
		     rsa_may_differ(s) ||
		     (l->methods_keyboard && s->o.keyboard && s->o.may_ask);
	char keys[64];

	if (l->tried == 0)
		snprintf(keys, sizeof keys, "no key to offer");
	else
		snprintf(keys, sizeof keys, "%u key%s tried", l->tried,
		    l->tried == 1 ? "" : "s");
	return aur__ssh_fail(s, unfit ? AUR_SSH_END_UNFIT : AUR_SSH_END_REFUSED,
	    "the login was refused for %s: %s%s%s; the host takes%s%s%s%s",
	    s->o.user, keys, l->hint[0] != '\0' ? "; " : "", l->hint,
	    l->methods_pubkey ? " publickey" : "",
	    l->methods_password ? " password" : "",
	    l->methods_keyboard ? " keyboard-interactive" : "",
	    none ? " nothing that we know" : "");
}

static bool no_more_keys(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;

	if (s->o.may_ask && s->o.password && l->methods_password &&
	    l->passwords < PASSWORDS) {
		l->step = LOGIN_PASSWORD;
		return true;
	}
	return give_up(s);
}

static void wipe_secret(struct aur__login *l)
{
	aur_ssh_wipe(&l->secret);
	aur_buf_init(&l->secret, AUR_MAX_LINE);
}

static bool ask_password(struct aur_ssh_session *s)
{
	char prompt[192], about[128];

	snprintf(about, sizeof about, "%s@%s", s->o.user,
	    s->o.host.name != NULL ? s->o.host.name : "");
	snprintf(prompt, sizeof prompt,
	    "%sPassword of %s:", s->login.passwords > 0 ? "Wrong. " : "",
	    about);
	aur__ssh_ask(
	    s, AUR_SSH_ASK_PASSWORD, false, aur_slice_str(prompt), about);
	return false;
}

static bool password(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	struct aur_slice word = aur_buf_peek(&l->secret);
	int rc;

	if (word.n == 0)
		return ask_password(s);
	rc = libssh2_userauth_password_ex(s->lib, s->o.user,
	    (unsigned)strlen(s->o.user), (const char *)word.p, (unsigned)word.n,
	    NULL);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	wipe_secret(l);
	if (rc == 0)
		return aur__ssh_login_done(s, "a password");
	if (rc == LIBSSH2_ERROR_PASSWORD_EXPIRED)
		return aur__ssh_fail(s, AUR_SSH_END_UNFIT,
		    "the password of %s has expired", s->o.user);
	if (rc != LIBSSH2_ERROR_AUTHENTICATION_FAILED)
		return aur__ssh_fail_lib(s, rc, "login");
	l->passwords++;
	return no_more_keys(s);
}

/* --- keys, one by one ----------------------------------------------------- */

static bool pick(struct aur_ssh_session *s)
{
	struct aur__login *l = &s->login;
	struct aur__candidate *c;

	if (l->at >= l->n)
		return no_more_keys(s);
	c = &l->list[l->at];
	if (c->blob == NULL) {
		l->step = LOGIN_UNLOCK;
		return true;
	}
	aur_buf_clear(&l->blob);
	aur_buf_clear(&l->signature);
	l->sign = SIGN_NONE;
	l->tried++;
	l->step = LOGIN_TRY;
	if ((c->type == AUR_SSH_KEY_RSA && libssh2_version(0x010b00) == NULL
		    ? aur_ssh_key_rename(
			  aur_slice_of(c->blob, c->n), "rsa-sha2-256", &l->blob)
		    : aur_buf_add(&l->blob, c->blob, c->n)) < 0)
		return aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	return true;
}

static bool next(struct aur_ssh_session *s)
{
	s->login.at++;
	s->login.step = LOGIN_PICK;
	return true;
}

static bool unlock(struct aur_ssh_session *s)
{
	struct aur__candidate *c = &s->login.list[s->login.at];
	struct aur_slice blob;

	if (aur_ssh_ring_state(c->file) == AUR_SSH_RING_LOCKED)
		return aur__ssh_login_unlock(s);
	if (aur_ssh_ring_state(c->file) != AUR_SSH_RING_OPEN)
		return aur__ssh_login_hint(s, aur_ssh_ring_path(c->file),
			   aur_ssh_ring_why(c->file)) &&
		       next(s);
	blob = aur_ssh_ring_blob(c->file);
	c->blob = (uint8_t *)aur_mem_dup(blob.p, blob.n);
	c->n = blob.n;
	c->type = aur_ssh_key_of(blob);
	if (c->blob == NULL)
		return aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	s->login.step = LOGIN_PICK;
	return true;
}

bool aur__ssh_login_unlock(struct aur_ssh_session *s)
{
	struct aur_ssh_ring_key *k = s->login.list[s->login.at].file;
	char prompt[sizeof s->prompt];

	if (!aur_ssh_ring_claim(k, s)) {
		s->login.waits_ring = true;
		return false;
	}
	snprintf(
	    prompt, sizeof prompt, "Passphrase of %s:", aur_ssh_ring_path(k));
	aur__ssh_ask(s, AUR_SSH_ASK_PASSPHRASE, false, aur_slice_str(prompt),
	    aur_ssh_ring_path(k));
	return false;
}

static void answer_passphrase(struct aur_ssh_session *s, const char *text)
{
	struct aur_ssh_ring_key *k = s->login.list[s->login.at].file;

	if (text == NULL)
		aur_ssh_ring_decline(k);
	else if (aur_ssh_ring_unlock(k, aur_slice_str(text)) == AUR_ENOMEM)
		(void)aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
}

void aur__ssh_login_answer(struct aur_ssh_session *s, const char *text)
{
	struct aur__login *l = &s->login;

	if (s->question.kind == AUR_SSH_ASK_PASSPHRASE) {
		answer_passphrase(s, text);
	} else if (text == NULL || text[0] == '\0') {
		l->passwords = PASSWORDS;
		(void)give_up(s);
	} else if (aur_buf_add_str(&l->secret, text) < 0) {
		(void)aur__ssh_fail(s, AUR_SSH_END_NOMEM, "out of memory");
	}
}

bool aur__ssh_login_turn(struct aur_ssh_session *s)
{
	s->login.waits_ring = false;
	switch (s->login.step) {
	case LOGIN_METHODS:
		return methods(s);
	case LOGIN_AGENT:
		return hear_agent(s);
	case LOGIN_PICK:
		return pick(s);
	case LOGIN_UNLOCK:
		return unlock(s);
	case LOGIN_TRY:
		return aur__ssh_login_try(s);
	case LOGIN_PASSWORD:
		return password(s);
	}
	return false;
}
