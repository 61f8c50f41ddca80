/* SPDX-License-Identifier: MIT */
/*
 * The agent's messages (draft-miller-ssh-agent, section 3):
 *
 *	11                                    give me the identities
 *	12 uint32 n (string blob, string comment)*n
 *	13 string blob, string data, uint32 flags      sign
 *	14 string signature = string algorithm, string bytes
 *	 5 failure    6 success
 *
 * An answer is checked whole before any of it is given out.
 */
#include "ssh/agent.h"

#include "base/err.h"
#include "base/limits.h"
#include "ssh/bytes_int.h"

enum {
	FAILURE = 5,
	SUCCESS = 6,
	REQUEST_IDENTITIES = 11,
	IDENTITIES_ANSWER = 12,
	SIGN_REQUEST = 13,
	SIGN_RESPONSE = 14,
	HEAD = 4, /* bytes of the length */
};

int aur_ssh_agent_ask_identities(struct aur_buf *out)
{
	static const uint8_t message[] = {0, 0, 0, 1, REQUEST_IDENTITIES};

	return aur_buf_add(out, message, sizeof message);
}

int aur_ssh_agent_ask_sign(struct aur_buf *out, struct aur_slice blob,
    struct aur_slice data, uint32_t flags)
{
	const size_t before = out->n;
	int rc;

	if (blob.n > AUR_MAX_SSH_AGENT || data.n > AUR_MAX_SSH_AGENT ||
	    1 + 4 + blob.n + 4 + data.n + 4 > AUR_MAX_SSH_AGENT)
		return AUR_ELIMIT;
	rc = aur__ssh_add_u32(out, (uint32_t)(1 + 4 + blob.n + 4 + data.n + 4));
	if (rc == 0)
		rc = aur_buf_add_byte(out, SIGN_REQUEST);
	if (rc == 0)
		rc = aur__ssh_add_string(out, blob);
	if (rc == 0)
		rc = aur__ssh_add_string(out, data);
	if (rc == 0)
		rc = aur__ssh_add_u32(out, flags);
	if (rc < 0)
		aur_buf_cut(out, before);
	return rc;
}

static bool take_identity(
    struct aur_slice *s, struct aur_slice *blob, struct aur_slice *comment)
{
	return aur__ssh_take_string(s, blob) &&
	       aur__ssh_take_string(s, comment);
}

static bool parse_identities(struct aur_slice s, struct aur_ssh_agent_answer *a)
{
	struct aur_slice blob, comment;
	uint32_t n;

	if (!aur__ssh_take_u32(&s, &n) || n > AUR_MAX_SSH_IDENTITIES)
		return false;
	a->kind = AUR_SSH_AGENT_IDENTITIES;
	a->identities = n;
	a->rest = s;
	for (; n > 0; n--)
		if (!take_identity(&s, &blob, &comment))
			return false;
	return s.n == 0;
}

static bool parse_signature(struct aur_slice s, struct aur_ssh_agent_answer *a)
{
	struct aur_slice whole;

	a->kind = AUR_SSH_AGENT_SIGNATURE;
	if (!aur__ssh_take_string(&s, &whole) || s.n > 0 ||
	    !aur__ssh_take_string(&whole, &a->algorithm) ||
	    !aur__ssh_take_string(&whole, &a->signature))
		return false;
	/* a security key's has flags and a counter behind it: not for us */
	return whole.n == 0;
}

static bool parse(struct aur_slice s, struct aur_ssh_agent_answer *a)
{
	const uint8_t type = s.p[0];

	s = aur_slice_of(s.p + 1, s.n - 1);
	switch (type) {
	case FAILURE:
		a->kind = AUR_SSH_AGENT_FAILURE;
		return true;
	case SUCCESS:
		a->kind = AUR_SSH_AGENT_SUCCESS;
		return true;
	case IDENTITIES_ANSWER:
		return parse_identities(s, a);
	case SIGN_RESPONSE:
		return parse_signature(s, a);
	default:
		a->kind = AUR_SSH_AGENT_OTHER;
		return true;
	}
}

int aur_ssh_agent_take(
    const struct aur_buf *in, struct aur_ssh_agent_answer *ret_answer)
{
	struct aur_ssh_agent_answer a = {.bytes = 0};
	struct aur_slice s = aur_buf_peek(in);
	uint32_t n;

	if (!aur__ssh_take_u32(&s, &n))
		return 0;
	if (n == 0)
		return AUR_EPROTOCOL;
	if (n > AUR_MAX_SSH_AGENT)
		return AUR_ELIMIT;
	if (s.n < n)
		return 0;
	a.bytes = HEAD + (size_t)n;
	if (!parse(aur_slice_of(s.p, n), &a))
		return AUR_EPROTOCOL;
	*ret_answer = a;
	return 1;
}

void aur_ssh_agent_drop(
    struct aur_buf *in, const struct aur_ssh_agent_answer *answer)
{
	aur_buf_take(in, answer->bytes);
}

bool aur_ssh_agent_identity(
    struct aur_ssh_agent_answer *answer, struct aur_ssh_identity *ret_id)
{
	struct aur_ssh_identity id;

	if (answer->identities == 0 ||
	    !take_identity(&answer->rest, &id.blob, &id.comment))
		return false;
	answer->identities--;
	id.type = aur_ssh_key_of(id.blob);
	*ret_id = id;
	return true;
}
