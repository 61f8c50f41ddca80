/* SPDX-License-Identifier: MIT */
/* The agent's protocol: its bytes, cut anywhere, lying about lengths. */
#include "ssh/agent.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

/* Two identities, the second of a kind that we do not know, then a
 * signature, then a refusal. */
static const char answers[] = "\0\0\0\66\14\0\0\0\2"
			      "\0\0\0\24\0\0\0\13ssh-ed25519\0\0\0\1x"
			      "\0\0\0\5alice"
			      "\0\0\0\10\0\0\0\3new!\0\0\0\0"
			      "\0\0\0\35\16\0\0\0\30"
			      "\0\0\0\14rsa-sha2-256\0\0\0\4sign"
			      "\0\0\0\1\5";

static void is(struct aur_slice s, const char *want, const char *text)
{
	tap_eq_bytes(s.p, s.n, want, strlen(want), text);
}

static void fill(struct aur_buf *b, const char *bytes, size_t n)
{
	aur_buf_clear(b);
	if (aur_buf_add(b, bytes, n) < 0)
		abort();
}

static void test_questions(void)
{
	struct aur_buf b;

	aur_buf_init(&b, AUR_MAX_SSH_AGENT);
	tap_eq_int(aur_ssh_agent_ask_identities(&b), 0, "identities");
	tap_eq_int(aur_ssh_agent_ask_sign(&b, aur_slice_str("blob"),
		       aur_slice_str("data!"), AUR_SSH_AGENT_RSA_SHA2_512),
	    0, "sign");
	tap_eq_bytes(aur_buf_peek(&b).p, b.n,
	    "\0\0\0\1\13"
	    "\0\0\0\26\15\0\0\0\4blob\0\0\0\5data!\0\0\0\4",
	    31, "as they travel");
	tap_eq_int(aur_ssh_agent_ask_sign(&b, aur_slice_str("blob"),
		       aur_slice_of("", AUR_MAX_SSH_AGENT), 0),
	    AUR_ELIMIT, "more than an agent takes");
	aur_buf_release(&b);
	aur_buf_init(&b, 20);
	tap_eq_int(aur_ssh_agent_ask_sign(
		       &b, aur_slice_str("blob"), aur_slice_str("data!"), 0),
	    AUR_ELIMIT, "no room");
	tap_eq_u64(b.n, 0, "nothing added");
	aur_buf_release(&b);
}

static void test_answers(void)
{
	struct aur_ssh_agent_answer a;
	struct aur_ssh_identity id;
	struct aur_buf b;

	aur_buf_init(&b, AUR_MAX_SSH_AGENT);
	fill(&b, answers, sizeof answers - 1);
	tap_eq_int(aur_ssh_agent_take(&b, &a), 1, "an answer");
	tap_eq_int(a.kind, AUR_SSH_AGENT_IDENTITIES, "identities");
	tap_eq_u64(a.identities, 2, "two");
	tap_ok(aur_ssh_agent_identity(&a, &id), "the first");
	tap_eq_int(id.type, AUR_SSH_KEY_ED25519, "its type");
	tap_eq_u64(id.blob.n, 20, "its blob");
	is(id.comment, "alice", "its comment");
	tap_ok(aur_ssh_agent_identity(&a, &id), "the second");
	tap_eq_int(id.type, AUR_SSH_KEY_UNKNOWN, "of a kind we do not know");
	tap_ok(!aur_ssh_agent_identity(&a, &id), "no third");
	aur_ssh_agent_drop(&b, &a);
	tap_eq_int(aur_ssh_agent_take(&b, &a), 1, "another answer");
	tap_eq_int(a.kind, AUR_SSH_AGENT_SIGNATURE, "a signature");
	is(a.algorithm, "rsa-sha2-256", "its algorithm");
	is(a.signature, "sign", "its bytes");
	aur_ssh_agent_drop(&b, &a);
	tap_ok(
	    aur_ssh_agent_take(&b, &a) == 1 && a.kind == AUR_SSH_AGENT_FAILURE,
	    "a refusal");
	aur_ssh_agent_drop(&b, &a);
	tap_eq_int(aur_ssh_agent_take(&b, &a), 0, "no more");
	tap_eq_u64(b.n, 0, "no byte is left");
	aur_buf_release(&b);
}

static void test_cut(void)
{
	struct aur_ssh_agent_answer a = {.bytes = 7};
	struct aur_buf b;
	size_t bad = 0;

	aur_buf_init(&b, AUR_MAX_SSH_AGENT);
	for (size_t n = 0; n < 58; n++) {
		fill(&b, answers, n);
		bad += aur_ssh_agent_take(&b, &a) != 0 || a.bytes != 7;
	}
	tap_eq_u64(bad, 0, "a part is no answer yet");
	fill(&b, answers, 58);
	tap_eq_int(aur_ssh_agent_take(&b, &a), 1, "the whole is");
	aur_buf_release(&b);
}

static const struct {
	const char *what;
	const char *bytes;
	size_t n;
	int rc;
} bad[] = {
    {"an empty message", "\0\0\0\0", 4, AUR_EPROTOCOL},
    {"one too long", "\0\4\0\1", 4, AUR_ELIMIT},
    {"the longest, not yet here", "\0\4\0\0", 4, 0},
    {"identities without a count", "\0\0\0\1\14", 5, AUR_EPROTOCOL},
    {"fewer than counted", "\0\0\0\5\14\0\0\0\1", 9, AUR_EPROTOCOL},
    {"more than counted", "\0\0\0\6\14\0\0\0\0x", 10, AUR_EPROTOCOL},
    {"more than anybody has", "\0\0\0\5\14\0\0\10\1", 9, AUR_EPROTOCOL},
    {"a blob beyond the end", "\0\0\0\11\14\0\0\0\1\377\377\377\377", 13,
	AUR_EPROTOCOL},
    {"a signature beyond the end", "\0\0\0\5\16\0\0\0\1", 9, AUR_EPROTOCOL},
    {"a signature without bytes", "\0\0\0\12\16\0\0\0\5\0\0\0\1x", 14,
	AUR_EPROTOCOL},
    {"more behind a signature", "\0\0\0\16\16\0\0\0\10\0\0\0\0\0\0\0\0x", 18,
	AUR_EPROTOCOL},
    {"a token's signature", "\0\0\0\16\16\0\0\0\11\0\0\0\0\0\0\0\0\1", 18,
	AUR_EPROTOCOL},
    {"a type of tomorrow", "\0\0\0\2\143x", 6, 1},
};

static void test_bad(void)
{
	struct aur_ssh_agent_answer a;
	struct aur_buf b;

	aur_buf_init(&b, AUR_MAX_SSH_AGENT);
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		fill(&b, bad[i].bytes, bad[i].n);
		tap_eq_int(aur_ssh_agent_take(&b, &a), bad[i].rc, bad[i].what);
	}
	tap_eq_int(a.kind, AUR_SSH_AGENT_OTHER, "is told as such");
	aur_buf_release(&b);
}

int main(void)
{
	test_questions();
	test_answers();
	test_cut();
	test_bad();
	return tap_done();
}
