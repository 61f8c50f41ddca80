/* SPDX-License-Identifier: MIT */
/*
 * Which keys are tried, in ssh's order: those that the agent holds and a file
 * names, the agent's others, then files. Hardware keys, certificates and DSA
 * are left out: libssh2 signs for none of them, and each would cost one of the
 * server's tries. That they were there is remembered, because then the
 * system's ssh may get in where we do not.
 */
#include "ssh/session_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#define UNFIT_FLAGS                                                            \
	(AUR_SSH_KEY_HARDWARE | AUR_SSH_KEY_CERTIFICATE | AUR_SSH_KEY_OBSOLETE)

/* Only the first reasons: a sentence has an end. */
bool aur__ssh_login_hint(
    struct aur_ssh_session *s, const char *name, const char *why)
{
	char *hint = s->login.hint;
	size_t n = strlen(hint), room = sizeof s->login.hint - n;

	if (strlen(name) + strlen(why) + 4 < room)
		snprintf(
		    hint + n, room, "%s%s %s", n > 0 ? ", " : "", name, why);
	return true;
}

static int add(struct aur_ssh_session *s, struct aur_slice blob, bool in_agent,
    struct aur_ssh_ring_key *file)
{
	struct aur__login *l = &s->login;
	struct aur__candidate *grown, *c;

	for (size_t i = 0; i < l->n; i++)
		if (blob.n > 0 &&
		    aur_slice_eq(
			aur_slice_of(l->list[i].blob, l->list[i].n), blob))
			return 0;
	grown = aur_mem_grow(l->list, l->n + 1, sizeof *grown);
	if (grown == NULL)
		return AUR_ENOMEM;
	l->list = grown;
	c = &l->list[l->n];
	*c = (struct aur__candidate){.in_agent = in_agent, .file = file};
	if (blob.n > 0) {
		c->blob = (uint8_t *)aur_mem_dup(blob.p, blob.n);
		if (c->blob == NULL)
			return AUR_ENOMEM;
		c->n = blob.n;
		c->type = aur_ssh_key_of(blob);
	}
	l->n++;
	return 0;
}

static bool fits(struct aur_ssh_session *s, enum aur_ssh_key type)
{
	if (type != AUR_SSH_KEY_UNKNOWN &&
	    (aur_ssh_key_flags(type) & UNFIT_FLAGS) == 0)
		return true;
	s->login.skipped++;
	return false;
}

/* Files that the agent holds too: it signs, and no passphrase is asked. */
static int add_held_file(struct aur_ssh_session *s,
    const struct aur_ssh_agent_answer *held, struct aur_ssh_ring_key *k)
{
	struct aur_ssh_agent_answer left;
	struct aur_ssh_identity id;
	struct aur_slice blob = aur_ssh_ring_blob(k);

	if (held == NULL || blob.n == 0)
		return 0;
	left = *held;
	while (aur_ssh_agent_identity(&left, &id))
		if (aur_slice_eq(id.blob, blob))
			return add(s, blob, true, k);
	return 0;
}

static int add_others(
    struct aur_ssh_session *s, const struct aur_ssh_agent_answer *held)
{
	struct aur_ssh_agent_answer left;
	struct aur_ssh_identity id;
	int rc = 0;

	if (held == NULL || s->o.identities_only)
		return 0;
	left = *held;
	while (rc == 0 && aur_ssh_agent_identity(&left, &id)) {
		if (fits(s, id.type))
			rc = add(s, id.blob, true, NULL);
		else
			(void)aur__ssh_login_hint(s, aur_ssh_key_label(id.type),
			    "of the agent is the system ssh's");
	}
	return rc;
}

static int add_file(struct aur_ssh_session *s, struct aur_ssh_ring_key *k)
{
	const char *path = aur_ssh_ring_path(k), *why = aur_ssh_ring_why(k);

	switch (aur_ssh_ring_state(k)) {
	case AUR_SSH_RING_OPEN:
		break;
	case AUR_SSH_RING_LOCKED:
		if (s->o.may_ask)
			break;
		(void)aur__ssh_login_hint(s, path, why);
		return 0;
	case AUR_SSH_RING_UNFIT:
		s->login.skipped++;
		(void)aur__ssh_login_hint(s, path, why);
		return 0;
	case AUR_SSH_RING_DECLINED:
		(void)aur__ssh_login_hint(s, path, why);
		return 0;
	case AUR_SSH_RING_ABSENT:
		/* defaults are listed too; only what is odd is told */
		if (strcmp(why, "is not there") != 0)
			(void)aur__ssh_login_hint(s, path, why);
		return 0;
	}
	if (aur_ssh_ring_blob(k).n > 0 &&
	    !fits(s, aur_ssh_key_of(aur_ssh_ring_blob(k))))
		return 0;
	return add(s, aur_ssh_ring_blob(k), false, k);
}

int aur__ssh_login_gather(
    struct aur_ssh_session *s, struct aur_ssh_agent_answer *held)
{
	struct aur_ssh_ring_key *k;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->o.nidentity; i++) {
		rc = aur_ssh_ring_find(s->o.ring, s->o.identities[i], &k);
		if (rc == 0)
			rc = add_held_file(s, held, k);
	}
	if (rc == 0)
		rc = add_others(s, held);
	for (size_t i = 0; rc == 0 && i < s->o.nidentity; i++) {
		rc = aur_ssh_ring_find(s->o.ring, s->o.identities[i], &k);
		if (rc == 0)
			rc = add_file(s, k);
	}
	return rc;
}
