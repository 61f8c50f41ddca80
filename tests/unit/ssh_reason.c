/* SPDX-License-Identifier: MIT */
/* What OpenSSH 9.2 wrote when it failed, against real servers, as reasons. */
#include "ssh/reason.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/unit/ssh_fixture.h"

#define IS(NAME) AUR_SSH_REASON_##NAME

static const struct {
	const char *file;
	enum aur_ssh_reason want;
	const char *line; /* of aur_ssh_reason_line; NULL: not looked at */
} runs[] = {
    {"denied", IS(DENIED), "alice@127.0.0.1: Permission denied (publickey)."},
    {"unknown", IS(UNKNOWN), "Host key verification failed."},
    {"changed", IS(CHANGED), "Host key verification failed."},
    {"revoked", IS(REVOKED), NULL},
    {"hostkeyalg", IS(OLD_HOST_KEY), NULL},
    {"cipher", IS(NEGOTIATE), NULL},
    {"kex", IS(NEGOTIATE), NULL},
    {"mac", IS(NEGOTIATE), NULL},
    {"resolve", IS(RESOLVE),
	"ssh: Could not resolve hostname no-such-host.invalid: Name or service "
	"not known"},
    {"refused", IS(REFUSED),
	"ssh: connect to host 127.0.0.1 port 1: Connection refused"},
    {"noroute6", IS(NO_ROUTE), NULL},
    {"banner_timeout", IS(SILENT), NULL},
    {"closed", IS(TURNED_AWAY), NULL},
    {"startups", IS(TURNED_AWAY), NULL},
    {"ssh1", IS(NOT_SSH), NULL},
    {"zeros", IS(NOT_SSH), NULL},
    {"toomany", IS(TOO_MANY), NULL},
    {"openkey", IS(KEY_OPEN), NULL},
    {"badconfig", IS(CONFIG), NULL},
    {"badhost", IS(NAME), NULL},
    {"jumprefused", IS(REFUSED), NULL},
    {"jumpunknown", IS(RESOLVE), NULL},
    {"jumpprohibited", IS(PROHIBITED), NULL},
    {"jumptargetrefused", IS(REFUSED), NULL},
};

static const struct {
	const char *text;
	enum aur_ssh_reason want;
} lines[] = {
    {"", IS(NONE)},
    {"bash: line 1: exec: aurora-agentd: not found\n", IS(NONE)},
    {"bash: line 1: /x/aurora-agentd: Permission denied\n", IS(NONE)},
    {"ssh: connect to host h port 22: Connection timed out\r\n", IS(TIMED_OUT)},
    {"ssh: connect to host h port 22: Network is unreachable\r\n",
	IS(NO_ROUTE)},
    {"Timeout, server h not responding.\r\n", IS(LOST)},
    {"client_loop: send disconnect: Broken pipe\r\n", IS(LOST)},
    {"Connection to h closed by remote host.\r\n", IS(LOST)},
    {"sign_and_send_pubkey: signing failed for RSA \"k\" from agent: agent "
     "refused operation\r\nu@h: Permission denied (publickey).\r\n",
	IS(AGENT_REFUSED)},
    {"No ED25519 host key is known for h and you have requested strict "
     "checking.\r\nHost key verification failed.\r\n",
	IS(UNKNOWN)},
    {"This account is currently not available.\n", IS(EXPIRED)},
};

static void test_runs(void)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(runs); i++) {
		char path[64];
		struct aur_buf b;
		struct aur_slice l;

		snprintf(path, sizeof path, "stderr/%s", runs[i].file);
		b = fixture(path);
		tap_eq_int(aur_ssh_reason_of(aur_buf_peek(&b)), runs[i].want,
		    runs[i].file);
		l = aur_ssh_reason_line(aur_buf_peek(&b));
		if (runs[i].line != NULL)
			tap_eq_bytes(l.p, l.n, runs[i].line,
			    strlen(runs[i].line), "its last line");
		aur_buf_release(&b);
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(lines); i++) {
		char name[32];

		snprintf(name, sizeof name, "text %zu", i);
		tap_eq_int(aur_ssh_reason_of(aur_slice_str(lines[i].text)),
		    lines[i].want, name);
	}
}

static void test_states(void)
{
	tap_eq_int(aur_ssh_reason_state(IS(DENIED)), AUR_SSH_AUTH_FAILED,
	    "a refused login");
	tap_ok(!aur_ssh_reason_retry(IS(DENIED)), "is final");
	tap_eq_int(aur_ssh_reason_state(IS(REVOKED)), AUR_SSH_KEY_CHANGED,
	    "a revoked key");
	tap_eq_int(aur_ssh_reason_state(IS(UNKNOWN)), AUR_SSH_KEY_UNKNOWN,
	    "an unknown one");
	tap_ok(aur_ssh_reason_retry(IS(REFUSED)), "a host may come back");
	tap_ok(aur_ssh_reason_retry(IS(NONE)), "who knows");
	tap_eq_int(
	    aur_ssh_reason_state(IS(NO_AGENT)), AUR_SSH_NO_AGENT, "no agent");
}

static const char *what(
    enum aur_ssh_reason r, const struct aur_ssh_about *a, struct aur_buf *b)
{
	aur_buf_clear(b);
	tap_eq_int(aur_ssh_reason_what(r, a, b), 0, "said");
	return aur_buf_str(b);
}

static const char *remedy(
    enum aur_ssh_reason r, const struct aur_ssh_about *a, struct aur_buf *b)
{
	aur_buf_clear(b);
	tap_eq_int(aur_ssh_reason_remedy(r, a, b), 0, "said");
	return aur_buf_str(b);
}

static void test_words(void)
{
	const struct aur_ssh_about all = {
	    "web1", "alice", "[web1.example]:22", "/h/kh", 22, 7};
	const struct aur_ssh_about nothing = {.host = NULL};
	struct aur_buf b;
	size_t bad = 0;

	aur_buf_init(&b, 500);
	tap_eq_str(what(IS(CHANGED), &all, &b),
	    "the host key differs from the known one (/h/kh:7)", "all known");
	tap_eq_str(remedy(IS(CHANGED), &all, &b),
	    "if the host was set up anew: ssh-keygen -R '[web1.example]:22', "
	    "then ssh web1",
	    "with the command");
	tap_eq_str(what(IS(CHANGED), &nothing, &b),
	    "the host key differs from the known one", "nothing known");
	tap_eq_str(what(IS(DENIED), &all, &b), "the login as alice was refused",
	    "a name inside");
	tap_eq_str(what(IS(REFUSED), &all, &b),
	    "connection refused by [web1.example]:22 port 22", "a number");
	for (int i = 0; i < AUR_SSH_REASONS; i++) {
		const enum aur_ssh_reason r = (enum aur_ssh_reason)i;
		const struct aur_ssh_about *abouts[] = {&all, &nothing};

		for (size_t n = 0; n < 2; n++) {
			aur_buf_clear(&b);
			bad += aur_ssh_reason_what(r, abouts[n], &b) != 0;
			bad += b.n == 0;
			bad += strpbrk(aur_buf_str(&b), "{}|") != NULL;
			aur_buf_clear(&b);
			bad += aur_ssh_reason_remedy(r, abouts[n], &b) != 0;
			bad += b.n == 0;
			bad += strpbrk(aur_buf_str(&b), "{}|") != NULL;
		}
	}
	tap_eq_u64(bad, 0, "every reason has words, whatever is known");
	aur_buf_release(&b);
	aur_buf_init(&b, 10);
	tap_eq_int(
	    aur_ssh_reason_what(IS(CHANGED), &all, &b), AUR_ELIMIT, "too long");
	tap_eq_u64(b.n, 0, "nothing added");
	aur_buf_release(&b);
}

static void test_line(void)
{
	struct aur_slice l = aur_ssh_reason_line(
	    aur_slice_str("\n  one \r\nWarning: two\r\n\r\n"));

	tap_eq_bytes(l.p, l.n, "one", 3, "no warning, no blank line");
	tap_eq_u64(aur_ssh_reason_line(aur_slice_str("")).n, 0, "nothing");
}

int main(void)
{
	test_runs();
	test_states();
	test_words();
	test_line();
	return tap_done();
}
