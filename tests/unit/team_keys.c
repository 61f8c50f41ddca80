/* SPDX-License-Identifier: MIT */
/* Members' lines: what is planned, and what hosts answer. */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/limits.h"
#include "team/keys.h"
#include "team/keys_host.h"

#define ID "0123456789"
#define BOB                                                                    \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIBukwO63WZeWGHAgyMAttWRXbEFjPOGLxGnqEbJ0E5l2"
#define EVE                                                                    \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIEMECJlrYwE+HUzPFB2uFsEMa+Z/4LnSgjmjXJEqXNLy"
#define M(n, i, role, key)                                                     \
	"{\"name\":\"" n "\",\"id\":\"" i "\",\"role\":\"" role                \
	"\",\"key\":\"" key "\"}"
#define T(hosts, members)                                                      \
	"{\"name\":\"t\",\"id\":\"" ID "\",\"hosts\":[" hosts                  \
	"],\"members\":[" members "]}"
#define WEB "{\"name\":\"web\",\"id\":\"00000001\"}"
#define MBOB M("bob", "10000001", "viewer", BOB)
#define MEVE M("eve", "10000002", "operator", EVE)
#define AGENT "/usr/bin/aurora-agentd"
#define FORCED(role, member)                                                   \
	"restrict,command=\"" AGENT " --stdio --role " role                    \
	" --member " member "\""
#define LBOB FORCED("viewer", "bob") " " BOB " aurora:t:bob:" ID
#define LEVE FORCED("operator", "eve") " " EVE " aurora:t:eve:" ID

static char why[AUR_TEAM_WHY];

static struct aur_team *team(const char *text)
{
	struct aur_team *t = NULL;

	if (aur_team_parse(&t, "t", aur_slice_str(text), aur_slice_str(""), why,
		sizeof(why)) < 0) {
		printf("Bail out! %s\n", why);
		exit(99);
	}
	return t;
}

/* The signs of what is planned: + - ! */
static const char *signs(const struct aur_keys_plan *p)
{
	static char text[64];
	size_t n = 0;

	for (; n < p->n && n + 1 < sizeof(text); n++)
		text[n] = "+-osi"[p->change[n].kind];
	text[n] = '\0';
	return text;
}

static void plans_with(const char *doc, const char *agent, const char *file,
    const char *want, const char *sign, const char *text)
{
	struct aur_team *t = team(doc);
	struct aur_keys_plan p;

	tap_eq_int(
	    aur_keys_plan(&p, aur_slice_str(file), t, 0, agent), 0, text);
	tap_eq_str(aur_buf_str(&p.text), want, "the file");
	tap_eq_str(signs(&p), sign, "what is shown");
	aur_keys_plan_release(&p);
	aur_team_free(t);
}

static void plans(const char *members, const char *file, const char *want,
    const char *sign, const char *text)
{
	char doc[4096];

	snprintf(doc, sizeof(doc), T(WEB, "%s"), members);
	plans_with(doc, AGENT, file, want, sign, text);
}

static void test_plan(void)
{
	plans("", "", "", "", "nobody, nothing");
	plans(MBOB, "", LBOB "\n", "+", "the first line");
	plans(MBOB "," MEVE, "# x\n\nssh-dss nonsense",
	    "# x\n\nssh-dss "
	    "nonsense\n" LBOB "\n" LEVE "\n",
	    "++", "a newline in between");
	plans(MBOB, LBOB, LBOB, "", "it stands, without its newline");
	plans(MBOB, "# a\r\n" LBOB "\n\t\n", "# a\r\n" LBOB "\n\t\n", "",
	    "others stay byte by byte");
	plans(MBOB, LBOB "\n" LBOB "\n", LBOB "\n", "-", "twice is once");
	plans(
	    MBOB, LBOB "\n" LEVE "\n# z\n", LBOB "\n# z\n", "-", "one is gone");
	plans(MBOB,
	    FORCED("operator", "bob") " " BOB " aurora:old:bob:" ID "\n",
	    LBOB "\n", "-+", "another role, another name");
	plans(MBOB, EVE " aurora:t:eve:other" ID "\n",
	    EVE " aurora:t:eve:other" ID "\n" LBOB "\n", "+",
	    "another team's stays");
	plans(MBOB, EVE " " ID "\n", EVE " " ID "\n" LBOB "\n", "+",
	    "an id alone is no mark");
	plans("{\"name\":\"bob\",\"id\":\"10000001\",\"role\":\"viewer\"}", "",
	    "", "", "no key, no line");
}

static void test_refused(void)
{
	plans(MBOB, BOB "\n", BOB "\n", "o", "a plain line has the key");
	plans(MBOB, BOB "\n" LBOB "\n", BOB "\n" LBOB "\n", "o",
	    "the plain one first");
	plans(MBOB, LBOB "\n" BOB "\n", LBOB "\n" BOB "\n", "o",
	    "the restricted one first");
	plans(MBOB, "odd=\"\\\" " BOB "\n", "odd=\"\\\" " BOB "\n", "o",
	    "a line that we cannot read");
	plans(MBOB, "# " BOB "\n", "# " BOB "\n" LBOB "\n", "+",
	    "a comment is none");
	plans(MBOB,
	    FORCED("operator", "bob") " " BOB " aurora:t:bob:" ID "\n" BOB "\n",
	    BOB "\n", "-o", "an old right goes all the same");
	plans(MBOB "," M("eve", "10000002", "operator", BOB), "", LBOB "\n",
	    "s+", "two with one key");
	plans(M("bob", "10000001", "viewer", "ssh-ed25519 AAAA"), "", "", "i",
	    "no key at all");
}

static void test_less(void)
{
	const char *doc = T(WEB, MBOB);

	plans_with(doc, NULL, "x\n", "x\n", "", "without an agent: nothing");
	plans_with(doc, NULL, LEVE "\n" LBOB "\n", LBOB "\n", "-",
	    "but who is gone goes");
	plans_with(doc, NULL,
	    FORCED("operator", "bob") " " BOB " aurora:t:bob:" ID "\n",
	    FORCED("operator", "bob") " " BOB " aurora:t:bob:" ID "\n", "",
	    "and a member stays as he is");
}

#define JUMP(more)                                                             \
	"{\"name\":\"door\",\"id\":\"00000001\"" more "}"                      \
	",{\"name\":\"db\",\"id\":\"00000002\",\"address\":\"10.0.0.2\","      \
	"\"port\":2222,\"jump\":\"door\"}"                                     \
	",{\"name\":\"far\",\"id\":\"00000003\",\"address\":\"fd00::1\","      \
	"\"jump\":\"door,me@mid:23,db\"}"                                      \
	",{\"name\":\"db2\",\"id\":\"00000004\",\"address\":\"10.0.0.2\","     \
	"\"port\":2222,\"jump\":\"door\"}"

static void test_jump(void)
{
	plans_with(T(JUMP(""), MBOB), AGENT, "", LBOB "\n", "+",
	    "no role: nothing is passed on");
	plans_with(T(JUMP(",\"role\":\"jump\""), MBOB), AGENT, "",
	    FORCED("viewer", "bob") ",port-forwarding,permitopen=\"10.0.0.2:"
				    "2222\",permitopen=\"mid:23\" " BOB
				    " aurora:t:bob:" ID "\n",
	    "+", "to the next on each way, once");
	plans_with(T("{\"name\":\"door\",\"id\":\"00000001\","
		     "\"role\":\"jump\"}",
		       MBOB),
	    AGENT, "", LBOB "\n", "+",
	    "nothing behind it: nothing is passed on");
}

static void test_limits(void)
{
	struct aur_team *t = team(T(WEB, MBOB));
	struct aur_keys_plan p;

	tap_eq_int(aur_keys_plan(&p, aur_slice_str(""), t, 0, "/x\n"),
	    AUR_EINVALID, "a command with a newline");
	aur_keys_plan_release(&p);
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		int rc =
		    aur_keys_plan(&p, aur_slice_str(LEVE "\nx"), t, 0, AGENT);

		if (!fail_end()) {
			tap_eq_int(rc, 0, "with memory it works");
			aur_keys_plan_release(&p);
			break;
		}
		if (rc != AUR_ENOMEM)
			tap_eq_int(rc, AUR_ENOMEM, "without it fails");
		aur_keys_plan_release(&p);
	}
	aur_team_free(t);
}

static void looks(const char *out, int rc, const char *agent, const char *sum,
    const char *file, const char *text)
{
	struct aur_keys_answer a = {.word = AUR_KEYS_FAILED};

	tap_eq_int(aur_keys_look_parse(aur_slice_str(out), &a), rc, text);
	if (rc < 0)
		return;
	tap_eq_str(a.agent, agent, "agent");
	tap_eq_str(a.sum, sum, "sum");
	tap_eq_bytes(
	    a.file.p, a.file.n, file, strlen(file), "the file as it is");
}

static void test_look(void)
{
	struct aur_keys_answer a;

	looks("rc noise\n\naurora-keys\nagent /x/a\nsum 12 4\nabc\n\n", 0,
	    "/x/a", "12 4", "abc\n", "with noise before");
	looks("\naurora-keys\nagent \nsum none\n\n", 0, "", "none", "",
	    "neither agent nor file");
	looks("\naurora-keys\nagent /a b;c\nsum 1 3\nabc\n", 0, "", "1 3",
	    "abc", "a path that is none");
	looks("", AUR_EPROTOCOL, "", "", "", "nothing");
	looks("aurora-keys\n", AUR_EPROTOCOL, "", "", "", "cut");
	looks("aurora-keys\nagent x\nsum 1 3\nab", AUR_EPROTOCOL, "", "", "",
	    "cut in the file");
	looks("aurora-keys\nagent /x\nsum '; rm\n\n", AUR_EPROTOCOL, "", "", "",
	    "a sum that is none");
	tap_eq_int(aur_keys_look_parse(
		       aur_slice_str("aurora-keys\nagent \nlink\n\n"), &a),
	    0, "a link");
	tap_eq_int(a.word, AUR_KEYS_LINK, "is one");
}

static void writes(const char *out, int rc, enum aur_keys_word word,
    const char *backup, const char *text)
{
	struct aur_keys_answer a = {.word = AUR_KEYS_READ};

	tap_eq_int(aur_keys_write_parse(aur_slice_str(out), &a), rc, text);
	if (rc < 0)
		return;
	tap_eq_int(a.word, word, "the word");
	tap_eq_str(a.backup, backup, "the backup");
}

static void test_write(void)
{
	writes("x\naurora-keys\nwritten 1 2\n", 0, AUR_KEYS_WRITTEN, "",
	    "written");
	writes("aurora-keys\nbackup a.b-1\nwritten 1 2\n", 0, AUR_KEYS_WRITTEN,
	    "a.b-1", "with a backup");
	writes("aurora-keys\nchanged\n", 0, AUR_KEYS_CHANGED, "", "changed");
	writes("aurora-keys\nfailed\n", 0, AUR_KEYS_FAILED, "", "failed");
	writes("aurora-keys\nbackup \033[2J\nwritten 1 2\n", AUR_EPROTOCOL, 0,
	    "", "a name that no shell of ours made");
	writes("written 1 2\n", AUR_EPROTOCOL, 0, "", "no mark");
	writes("aurora-keys\n", AUR_EPROTOCOL, 0, "", "cut");
}

static void test_scripts(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 8192);
	tap_eq_int(aur_keys_look_script(&b, "aurora-agentd"), 0, "a name");
	tap_ok(strstr(aur_buf_str(&b), "command -v 'aurora-agentd'") != NULL,
	    "is looked for");
	aur_buf_clear(&b);
	tap_eq_int(aur_keys_look_script(&b, "/x/a --y z"), 0, "words");
	tap_ok(strstr(aur_buf_str(&b), "command -v '/x/a'") != NULL,
	    "the first one is");
	tap_eq_int(aur_keys_look_script(&b, "a;b"), AUR_EINVALID, "not plain");
	tap_eq_int(aur_keys_look_script(&b, "a'"), AUR_EINVALID, "a quote");
	tap_eq_int(aur_keys_look_script(&b, "-a"), AUR_EINVALID, "an option");
	tap_eq_int(aur_keys_look_script(&b, ""), AUR_EINVALID, "nothing");
	aur_buf_release(&b);
	aur_buf_init(&b, 16);
	tap_eq_int(
	    aur_keys_write_script(&b, "none", 1, true), AUR_ELIMIT, "no room");
	aur_buf_release(&b);
}

int main(void)
{
	test_plan();
	test_refused();
	test_less();
	test_jump();
	test_limits();
	test_look();
	test_write();
	test_scripts();
	return tap_done();
}
