/* SPDX-License-Identifier: MIT */
/*
 * lib/fleet: what needs no loop: patience, commands for any shell, words,
 * ways over jump hosts, refusals, what ssh is told and what it says.
 */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/askpass_int.h"
#include "fleet/fleet_int.h"
#include "fleet/openssh_int.h"
#include "fleet/pace_int.h"
#include "fleet/words_int.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/aurora-fleet-XXXXXX";

static double wait_s(struct aur__backoff *b, double now, uint32_t random)
{
	struct aur_mono t = {.ns = (int64_t)(now * 1e9)};

	return aur_span_in_seconds(
	    aur__backoff_next(aur__pace_usual(), b, t, random));
}

static void test_backoff(void)
{
	struct aur__backoff b = {.remote = true};
	double sum = 0;

	tap_near(wait_s(&b, 100, 0), 1, 1e-6, "the first wait is a second");
	tap_near(wait_s(&b, 101, 0), 2, 1e-6, "it doubles");
	for (int i = 0; i < 4; i++)
		sum = wait_s(&b, 110, 0);
	tap_near(sum, 32, 1e-6, "and again");
	tap_near(wait_s(&b, 200, 0), 60, 1e-6, "up to a minute");
	tap_near(wait_s(&b, 300, 0), 60, 1e-6, "and no more");
	b.up_since.ns = 400 * AUR_SECOND_NS;
	tap_near(wait_s(&b, 401, 0), 15, 1e-6, "15 s for one that was up");
	b.up_since.ns = 500 * AUR_SECOND_NS;
	tap_near(wait_s(&b, 531, 0), 1, 1e-6, "from the start after a while");
	tap_near(wait_s(&b, 532, 99), 2 + 2 * 99 / 400., 1e-6, "jitter adds");
	for (int i = 0; i < 40; i++)
		sum = wait_s(&b, 600, 7);
	tap_ok(sum >= 15 && sum < 19, "15 s and jitter: %g", sum);
	b = (struct aur__backoff){.remote = false};
	tap_near(wait_s(&b, 1, 99), 0.5, 1e-6, "this machine: half, exactly");
}

static void test_patience(void)
{
	const struct aur__pace *p = aur__pace_usual();
	struct aur_span s = {.ns = AUR_SECOND_NS}, gap = {.ns = 0};
	struct aur_mono t = {.ns = 1000 * AUR_SECOND_NS}, b = t;

	tap_near(aur_span_in_seconds(aur__pace_stale(p, s)), 5, 0, "5 s");
	tap_near(aur_span_in_seconds(aur__pace_lost(p, s)), 15, 0, "15 s");
	s.ns *= 10;
	tap_near(aur_span_in_seconds(aur__pace_stale(p, s)), 30, 0, "3 times");
	tap_near(aur_span_in_seconds(aur__pace_lost(p, s)), 40, 0, "10 more");
	b.ns += 7 * AUR_SECOND_NS;
	tap_ok(!aur__pace_slept(p, t, b, &gap), "the first look knows nothing");
	t.ns += 2 * AUR_SECOND_NS;
	b.ns += 4 * AUR_SECOND_NS;
	tap_ok(!aur__pace_slept(p, t, b, &gap), "two seconds are no sleep");
	b.ns += 60 * AUR_SECOND_NS;
	tap_ok(aur__pace_slept(p, t, b, &gap), "a minute is");
	tap_ok(!aur__pace_slept(p, t, b, &gap), "once");
}

/* What sh -c of the shell makes of a command that was wrapped for it. */
static void through(const char *shell, const char *script, const char *want)
{
	struct aur_buf b, line;
	char got[256] = "";
	FILE *f;

	aur_buf_init(&b, AUR__COMMAND_MAX);
	aur_buf_init(&line, AUR__COMMAND_MAX);
	tap_eq_int(
	    aur__shell_command(&b, aur_slice_str(script)), 0, "a command");
	setenv("AUR_LINE", aur_buf_str(&b), 1);
	tap_eq_int(aur_buf_addf(&line, "%s -c \"$AUR_LINE\"", shell), 0, "run");
	f = popen(aur_buf_str(&line), "r");
	if (f != NULL) {
		size_t n = fread(got, 1, sizeof got - 1, f);

		got[n] = '\0';
		pclose(f);
	}
	tap_eq_str(got, want, shell);
	aur_buf_release(&b);
	aur_buf_release(&line);
}

static void test_command(void)
{
	static const char *const shells[] = {"/bin/sh", "/bin/bash", "/bin/csh",
	    "/bin/tcsh", "/usr/bin/fish", "/bin/busybox sh", "/usr/bin/zsh"};
	struct aur_buf b;

	for (size_t i = 0; i < AUR_ARRAY_LEN(shells); i++) {
		char path[64];

		snprintf(path, sizeof path, "%s", shells[i]);
		path[strcspn(path, " ")] = '\0';
		if (access(path, X_OK) < 0)
			continue;
		through(shells[i], "echo \"$((1 + 2))\"; echo $0", "3\nsh\n");
		through(shells[i],
		    "printf '%s|' 'it'\\''s !x %d \\' '*'\necho `echo b`",
		    "it's !x %d \\|*|b\n");
	}
	aur_buf_init(&b, AUR__COMMAND_MAX);
	tap_eq_int(aur__agent_command(&b, NULL), 0, "the usual agent");
	tap_ok(strncmp(aur_buf_str(&b),
		   "exec sh -c 'PATH=\"$PATH:/usr/local/bin:"
		   "$HOME/.local/bin\"; export PATH; command -v",
		   80) == 0,
	    "is looked for beside sshd's PATH too");
	tap_ok(strstr(aur_buf_str(&b),
		   "done; }; exec aurora-agentd --stdio'") != NULL,
	    "and is what is missed where there is none");
	aur_buf_clear(&b);
	tap_eq_int(aur__agent_command(&b, "x -y"), 0, "one that is named");
	tap_eq_str(aur_buf_str(&b),
	    "exec sh -c 'PATH=\"$PATH:/usr/local/bin:$HOME/.local/bin\"; "
	    "export PATH; exec x -y --stdio'",
	    "and no other");
	aur_buf_release(&b);
}

/* --- ways ----------------------------------------------------------------- */

static void check_way(struct aur__hosts *h, size_t i, const char *want)
{
	struct aur__route r;
	char got[256] = "";
	size_t n = 0;
	int rc = aur__hosts_route(h, i, &r);

	for (size_t k = 0; rc == 0 && k < r.nhop; k++)
		n += (size_t)snprintf(got + n, sizeof got - n, "%s%s",
		    k > 0 ? " " : "", r.hop[k]->name);
	tap_eq_str(rc == 0 ? got : aur_err_name(rc), want, h->host[i].name);
}

static void test_ways(void)
{
	static const struct aur_fleet_host hosts[] = {
	    {.name = "a"},
	    {.name = "b", .jump = "a"},
	    {.name = "c", .jump = "b"},
	    {.name = "d", .jump = "b,x@y.example:7"},
	    {.name = "e", .jump = "none"},
	    {.name = "r1", .jump = "r2"},
	    {.name = "r2", .jump = "r1"},
	    {.name = "f", .jump = "gate"},
	    {.name = "g", .jump = "-oProxyCommand=x"},
	};
	static const struct aur_fleet_host jumps[] = {{.name = "gate"}};
	struct aur__hosts h;

	tap_eq_int(aur__hosts_init(&h, hosts, AUR_ARRAY_LEN(hosts), jumps, 1),
	    0, "hosts");
	check_way(&h, 0, "");
	check_way(&h, 1, "a");
	check_way(&h, 2, "a b");
	check_way(&h, 3, "a b x@y.example:7");
	check_way(&h, 4, "");
	check_way(&h, 5, "invalid");
	check_way(&h, 7, "gate");
	check_way(&h, 8, "invalid");
	tap_eq_int(h.other[0]->port, 7, "a jump's port");
	tap_eq_str(h.other[0]->user, "x", "and user");
	tap_eq_str(h.other[0]->address, "y.example", "and address");
	aur__hosts_release(&h);
}

static void test_refused_hosts(void)
{
	static const struct aur_fleet_host bad[] = {
	    {.name = "-oProxyCommand=x"},
	    {.name = "a", .address = "-oProxyCommand=x"},
	    {.name = "a", .user = "-l"},
	    {.name = "a", .address = "a b"},
	    {.name = "a", .address = "a\nb"},
	    {.name = "a", .port = 70000},
	    {.name = ""},
	    {.name = "a", .host_key = "MD5:00"},
	};
	static const struct aur_fleet_host twice[] = {
	    {.name = "a"}, {.name = "a"}};
	struct aur__hosts h;

	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		tap_eq_int(aur__hosts_init(&h, &bad[i], 1, NULL, 0),
		    AUR_EINVALID, "no such host");
		aur__hosts_release(&h);
	}
	tap_eq_int(
	    aur__hosts_init(&h, twice, 2, NULL, 0), AUR_EINVALID, "twice");
	aur__hosts_release(&h);
}

/* --- ssh ------------------------------------------------------------------ */

static bool has_word(const struct aur__words *w, const char *text)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->word[i], text) == 0)
			return true;
	return false;
}

static const char *starts(const struct aur__words *w, const char *text)
{
	for (size_t i = 0; i < w->n; i++)
		if (strncmp(w->word[i], text, strlen(text)) == 0)
			return w->word[i] + strlen(text);
	return NULL;
}

static void test_ssh_words(void)
{
	static const struct aur_fleet_host jump = {.name = "gate",
	    .address = "gate.example",
	    .identity = "/k/it's 100%",
	    .port = 7};
	static const struct aur_fleet_host two = {
	    .name = "two", .address = "two.example"};
	static const struct aur_fleet_host host = {.name = "web",
	    .address = "web.example",
	    .user = "alice",
	    .host_key = "SHA256:abc"};
	struct aur__route route = {
	    .host = &host, .hop = {&jump, &two}, .nhop = 2};
	struct aur__openssh_line line = {
	    .program = "/usr/bin/ssh", .route = &route, .command = "exec x"};
	struct aur__words w = {.n = 0};
	const char *proxy;

	aur__openssh_words(&w, &line);
	tap_eq_int(w.rc, 0, "a command line");
	tap_ok(w.word[w.n] == NULL, "ended as an argv");
	tap_eq_str(w.word[w.n - 3], "--", "options end");
	tap_eq_str(w.word[w.n - 2], "web.example", "before the address");
	tap_eq_str(w.word[w.n - 1], "exec x", "the command is one word");
	tap_ok(has_word(&w, "BatchMode=yes") &&
		   has_word(&w, "ControlMaster=no") &&
		   has_word(&w, "ClearAllForwardings=yes"),
	    "nothing is asked, mastered, forwarded");
	tap_ok(has_word(&w, "StrictHostKeyChecking=yes") &&
		   starts(&w, "KnownHostsCommand=") != NULL,
	    "a pinned key");
	proxy = starts(&w, "ProxyCommand=");
	tap_ok(proxy != NULL &&
		   strstr(proxy, " -W '[%h]:%p' -- 'two.example'") != NULL,
	    "over the last hop");
	tap_ok(proxy != NULL &&
		   strstr(proxy, "-W '\"'\"'[%%h]:%%p'\"'\"' -- ") != NULL,
	    "that goes over the first, one level deeper");
	tap_ok(proxy != NULL && strstr(proxy, "100%%%%%%%%") != NULL,
	    "a percent sign survives three readings: %s", proxy);
	aur__words_release(&w);
}

static void test_ssh_alone(void)
{
	static const struct aur_fleet_host host = {.name = "web",
	    .address = "web.example",
	    .identity = "/k/one",
	    .alone = true};
	struct aur__route route = {.host = &host};
	struct aur__openssh_line line = {
	    .program = "/usr/bin/ssh", .route = &route, .command = "exec x"};
	struct aur__words w = {.n = 0};

	aur__openssh_words(&w, &line);
	tap_ok(has_word(&w, "IdentityFile=\"/k/one\"") &&
		   has_word(&w, "IdentitiesOnly=yes") &&
		   has_word(&w, "IdentityAgent=none") &&
		   has_word(&w, "ControlPath=none"),
	    "one key: neither an agent nor a master lets in by another");
	aur__words_release(&w);
}

static void test_asking(void)
{
	static const struct aur_fleet_host hop = {.name = "hop",
					       .address = "hop.example"},
					   host = {.name = "web",
					       .address = "web.example"};
	struct aur__route route = {.host = &host, .hop = {&hop}, .nhop = 1};
	struct aur__openssh_line line = {
	    .program = "ssh", .route = &route, .command = "x", .asking = true};
	struct aur__words w = {.n = 0};

	aur__openssh_words(&w, &line);
	tap_eq_int(w.rc, 0, "a command line of one that may ask");
	tap_ok(!has_word(&w, "BatchMode=yes") &&
		   has_word(&w, "NumberOfPasswordPrompts=2"),
	    "it asks, and twice at most");
	tap_ok(strstr(starts(&w, "ProxyCommand="), "BatchMode") == NULL,
	    "so does what it jumps over");
	aur__words_release(&w);
}

static void check_asked(const char *message, enum aur_fleet_ask kind,
    const char *prompt, const char *fingerprint)
{
	struct aur__asked a;

	tap_ok(aur__askpass_read(aur_slice_str(message), &a), "read");
	tap_eq_int(a.question.kind, kind, "its kind");
	tap_eq_str(a.question.prompt, prompt, "its prompt");
	tap_eq_str(a.question.fingerprint != NULL ? a.question.fingerprint : "",
	    fingerprint, "its fingerprint");
	tap_ok(a.question.echo == (kind != AUR_FLEET_ASK_SECRET),
	    "a secret alone is not seen");
}

static void test_asked(void)
{
	static char longer[2000];
	struct aur__asked a;

	check_asked("salice@web's password: ", AUR_FLEET_ASK_SECRET,
	    "alice@web's password:", "");
	check_asked("s(alice@web) Duo:\n\n 1. Push\n 2. Call\n\nCode: ",
	    AUR_FLEET_ASK_SECRET, "(alice@web) Duo: 1. Push 2. Call Code:", "");
	check_asked("nConfirm user presence for key ED25519-SK SHA256:a",
	    AUR_FLEET_ASK_TOUCH,
	    "Confirm user presence for key ED25519-SK SHA256:a", "");
	check_asked("cAdd key /k (me) to agent?", AUR_FLEET_ASK_HOST_KEY,
	    "Add key /k (me) to agent?", "");
	check_asked("sThe authenticity of host 'web (10.0.0.1)' can't be "
		    "established.\nED25519 key fingerprint is SHA256:abc.\n"
		    "This key is not known by any other names.\n"
		    "Are you sure you want to continue connecting "
		    "(yes/no/[fingerprint])? ",
	    AUR_FLEET_ASK_HOST_KEY,
	    "unknown host key of web (10.0.0.1): ED25519 SHA256:abc: trust it?",
	    "SHA256:abc");
	check_asked("sThe authenticity of host 'x", AUR_FLEET_ASK_SECRET,
	    "The authenticity of host 'x", "");
	check_asked("s", AUR_FLEET_ASK_SECRET, "", "");
	tap_ok(!aur__askpass_read(aur_slice_of(NULL, 0), &a), "nothing");
	tap_ok(!aur__askpass_read(aur_slice_str("xy"), &a), "no kind");
	memset(longer, 's', sizeof longer - 1);
	tap_ok(aur__askpass_read(aur_slice_str(longer), &a) &&
		   strlen(a.question.prompt) == sizeof a.prompt - 1,
	    "a long one is cut");
}

static void check_end(const struct aur__route *r, int status, const char *words,
    enum aur_host_state state, bool final, const char *what)
{
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};

	aur__openssh_explain(r, status, aur_slice_str(words), &why);
	tap_eq_int(why.state, state, what);
	tap_eq_int(why.final, final, "final or not");
	tap_ok(strstr(why.what, what) != NULL, "%s", why.what);
}

static void test_ssh_end(void)
{
	static const struct aur_fleet_host gate = {
	    .name = "gate", .address = "gate.example"};
	static const struct aur_fleet_host host = {
	    .name = "web", .address = "web.example"};
	static const struct aur_fleet_host own = {
	    .name = "web", .address = "web.example", .agent = "/opt/agent"};
	struct aur__route r = {.host = &host};
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};

	check_end(&r, 255,
	    "alice@web.example: Permission denied (publickey).\r\n",
	    AUR_HOST_AUTH_FAILED, true, "login was refused");
	check_end(&r, 255,
	    "@@@\r\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\n"
	    "Host key verification failed.\r\n",
	    AUR_HOST_KEY_CHANGED, true, "differs");
	check_end(&r, 255,
	    "No ED25519 host key is known for web.example and you have "
	    "requested strict checking.\r\nHost key verification failed.\r\n",
	    AUR_HOST_KEY_UNKNOWN, true, "not known");
	check_end(&r, 255,
	    "ssh: connect to host web.example port 22: Connection refused\r\n",
	    AUR_HOST_UNREACHABLE, false, "connection refused");
	check_end(&r, 255, "", AUR_HOST_UNREACHABLE, false, "ended");
	check_end(&r, 127, "sh: 1: exec: aurora-agentd: not found\n",
	    AUR_HOST_NO_AGENT, false, "not installed");
	aur__openssh_explain(&r, 127, aur_slice_str(""), &why);
	tap_ok(strstr(why.remedy, "aurora agent install web;") != NULL, "%s",
	    why.remedy);
	r.host = &own;
	aur__openssh_explain(&r, 127, aur_slice_str(""), &why);
	tap_ok(strstr(why.remedy, "--agent COMMAND web") != NULL, "%s",
	    why.remedy);
	r.host = &host;
	check_end(&r, 126, "", AUR_HOST_NO_AGENT, false, "cannot be run");
	check_end(&r, 3, "no licence\n", AUR_HOST_UNREACHABLE, false,
	    "exit 3: no licence");
	r.hop[r.nhop++] = &gate;
	aur__openssh_explain(&r, 255,
	    aur_slice_str("ssh: connect to host gate.example port 22: "
			  "Connection refused\r\n"
			  "Connection closed by UNKNOWN port 65535\r\n"),
	    &why);
	tap_ok(why.by_jump, "it was the jump host");
	tap_eq_str(why.jump, "gate", "by its name");
	why = (struct aur__failure){.state = AUR_HOST_UNREACHABLE};
	aur__openssh_explain(&r, 255,
	    aur_slice_str(
		"channel 0: open failed: connect failed: Connection refused\r\n"
		"stdio forwarding failed\r\n"
		"Connection closed by UNKNOWN port 65535\r\n"),
	    &why);
	tap_ok(!why.by_jump, "the jump host was well, the host was not");
	tap_eq_str(why.what, "connection refused", "and did what");
	r.hop[r.nhop++] = &host;
	aur__openssh_explain(&r, 255,
	    aur_slice_str("Connection refused\n"
			  "Connection closed by UNKNOWN port 65535\n"
			  "Connection closed by UNKNOWN port 65535\n"),
	    &why);
	tap_eq_str(why.jump, "gate", "the first of two");
	aur__openssh_explain(&r, 255,
	    aur_slice_str("stdio forwarding failed\n"
			  "Connection closed by UNKNOWN port 65535\n"
			  "Connection closed by UNKNOWN port 65535\n"),
	    &why);
	tap_eq_str(why.jump, "web", "that could not reach the second");
}

static void test_ssh_told(void)
{
	enum aur_fleet_step step = AUR_FLEET_STEPS;
	enum aur_fleet_how how = AUR_FLEET_FAILED;
	struct aur_slice text = {NULL, 0};
	bool is_step;

	tap_ok(aur__openssh_told(aur_slice_str("debug1: Server host key: "
					       "ssh-ed25519 SHA256:abc"),
		   &is_step, &step, &how, &text),
	    "a step is told");
	tap_ok(is_step && step == AUR_FLEET_HOST_KEY && how == AUR_FLEET_BEGUN,
	    "which one");
	tap_ok(aur_slice_is(text, "ssh-ed25519 SHA256:abc"), "and what of it");
	tap_ok(aur__openssh_told(aur_slice_str("debug1: anything"), &is_step,
		   &step, &how, &text) &&
		   !is_step,
	    "chatter is no step");
	tap_ok(!aur__openssh_told(aur_slice_str("Permission denied"), &is_step,
		   &step, &how, &text),
	    "news are kept");
}

/* --- refusals ------------------------------------------------------------- */

static void test_refused(void)
{
	struct aur_wall now = {.ns = 5000 * AUR_SECOND_NS}, when;
	struct aur_wall later = {.ns = 9000 * AUR_SECOND_NS};
	struct aur__refused *r, *again;
	struct aur_span hour = {.ns = 3600 * AUR_SECOND_NS};
	char path[128];
	struct stat st;
	FILE *f;

	setenv("XDG_STATE_HOME", folder, 1);
	tap_eq_int(aur__refused_new(&r, hour), 0, "refusals");
	tap_ok(!aur__refused_find(r, "a@b/1", now, &when), "none");
	aur__refused_add(r, "a@b/1", now);
	aur__refused_add(r, "c@d/1", now);
	tap_ok(aur__refused_find(r, "a@b/1", now, &when), "one is known");
	tap_eq_int(aur__refused_new(&again, hour), 0, "another program");
	tap_ok(aur__refused_find(again, "a@b/1", now, &when), "knows it too");
	tap_eq_int(when.ns, now.ns, "and when");
	tap_ok(!aur__refused_find(again, "a@b/1", later, &when), "an hour on");
	aur__refused_drop(again, "a@b/1", now);
	tap_ok(!aur__refused_find(again, "a@b/1", now, &when), "struck out");
	tap_ok(aur__refused_find(again, "c@d/1", now, &when), "alone");
	snprintf(path, sizeof path, "%s/aurora/refused", folder);
	tap_ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "private");
	f = fopen(path, "w");
	if (f != NULL) {
		fputs("rubbish\n99999999999999999999 x\n\n-1 y\n5000 z\n", f);
		fclose(f);
	}
	aur__refused_free(r);
	tap_eq_int(aur__refused_new(&r, hour), 0, "a damaged file");
	tap_ok(aur__refused_find(r, "z", now, &when), "gives what it has");
	tap_ok(!aur__refused_find(r, "x", now, &when), "and no more");
	aur__refused_free(r);
	aur__refused_free(again);
}

/* All of it, once. */
static int make_all(void)
{
	static const char *const groups[] = {"g", "h"};
	static const struct aur_fleet_host hosts[] = {
	    {.name = "a", .jump = "x@y:7,b", .groups = groups, .ngroup = 2},
	    {.name = "b", .identity = "/k"}};
	struct aur__route route;
	struct aur__openssh_line line = {
	    .program = "ssh", .route = &route, .command = "x"};
	struct aur__words w = {.n = 0};
	struct aur__hosts h;
	int rc = aur__hosts_init(&h, hosts, 2, NULL, 0);

	if (rc == 0)
		rc = aur__hosts_route(&h, 0, &route);
	if (rc == 0) {
		aur__openssh_words(&w, &line);
		rc = w.rc;
	}
	aur__words_release(&w);
	aur__hosts_release(&h);
	return rc;
}

static void test_no_memory(void)
{
	unsigned long nth = 1;
	bool good = true;
	int rc = 0;

	for (; fail_begin(nth); nth++) {
		rc = make_all();
		if (!fail_end())
			break;
		good = good && rc == AUR_ENOMEM;
	}
	tap_ok(good, "without memory it says so");
	tap_eq_int(rc, 0, "and with all of it, it works");
	tap_ok(nth > 20, "each of %lu times", nth);
}

int main(void)
{
	char command[64];

	if (mkdtemp(folder) == NULL)
		return 99;
	test_backoff();
	test_patience();
	test_command();
	test_ways();
	test_refused_hosts();
	test_ssh_words();
	test_ssh_alone();
	test_ssh_end();
	test_ssh_told();
	test_asked();
	test_asking();
	test_refused();
	test_no_memory();
	snprintf(command, sizeof command, "rm -rf %s", folder);
	tap_eq_int(system(command), 0, "tidy");
	return tap_done();
}
