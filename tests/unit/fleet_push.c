/* SPDX-License-Identifier: MIT */
/* Scripts that sh reads, and answers that a host may have made up. */
#include "base/err.h"
#include "base/mem.h"
#include "fleet/push.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include <signal.h>
#include <stdlib.h>

static void check_names(void)
{
	static const char *const good[][2] = {
	    {"Linux x86_64", "linux-x86_64"},
	    {"Linux aarch64", "linux-aarch64"},
	    {"Linux armv7l", "linux-arm"},
	    {"Linux i586", "linux-i686"},
	    {"FreeBSD amd64", "freebsd-amd64"},
	};
	static const char *const bad[] = {"", "Linux", "Linux x86_64 more",
	    "Linux ../../x", "Li-nux x86_64",
	    "Linux xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
	char name[48];

	for (size_t i = 0; i < AUR_ARRAY_LEN(good); i++) {
		tap_ok(
		    aur_push_name(aur_slice_str(good[i][0]), name, sizeof name),
		    "%s has a name", good[i][0]);
		tap_eq_str(name, good[i][1], "the one of its agents");
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		tap_ok(!aur_push_name(aur_slice_str(bad[i]), name, sizeof name),
		    "'%s' has none", bad[i]);
}

static void check_machines(void)
{
	uint8_t elf[20] = {0x7f, 'E', 'L', 'F', 2, 1};
	struct aur_slice s = aur_slice_of(elf, sizeof elf);

	elf[18] = 183;
	tap_ok(aur_push_fits(s, "linux-aarch64"), "aarch64 fits itself");
	tap_ok(!aur_push_fits(s, "linux-x86_64"), "and not x86_64");
	tap_ok(aur_push_fits(s, "linux-later"), "who knows the others");
	elf[5] = 2;
	elf[18] = 0;
	elf[19] = 22;
	tap_ok(aur_push_fits(s, "linux-s390x"), "the other byte order");
	elf[0] = '#';
	tap_ok(!aur_push_fits(s, "linux-later"), "a script fits nowhere");
	s.n = 19;
	tap_ok(!aur_push_fits(s, "linux-s390x"), "nor does half a header");
}

static void check_scripts(void)
{
	static const char *const shells[] = {"sh", "dash", "busybox sh"};
	struct aur_push_order order = {.agent = aur_slice_str("abc")};
	struct aur_buf b;

	aur_buf_init(&b, 65536);
	for (unsigned verb = 0; verb <= AUR_PUSH_REMOVE; verb++) {
		char head[64];

		order.verb = (enum aur_push_verb)verb;
		order.place = 3;
		aur_buf_clear(&b);
		snprintf(head, sizeof head, "\nplace=3\nsum=ba7816bf8f01cfea");
		tap_ok(aur_push_script(&b, &order) == 0, "script %u", verb);
		tap_ok(strstr(aur_buf_str(&b), head) != NULL,
		    "knows where, and the sum of abc");
		tap_ok(strstr(aur_buf_str(&b), "@bindir@") == NULL,
		    "no place is open in it");
		for (size_t i = 0; i < AUR_ARRAY_LEN(shells); i++) {
			char line[64];
			FILE *f;

			snprintf(
			    line, sizeof line, "%s -n 2>/dev/null", shells[i]);
			f = popen(line, "w");
			if (f == NULL)
				continue;
			fputs(aur_buf_str(&b), f);
			/* 127: it is not here */
			tap_ok((pclose(f) & 0xff00) % 0x7f00 == 0,
			    "%s reads it", shells[i]);
		}
	}
	aur_buf_release(&b);
}

static const char answer[] =
    "Welcome to web1\n"
    "@aurora system Linux x86_64\n"
    "@aurora place 0 noexec /home/al ice/.cache/aurora\n"
    "@aurora place 2 good /var/tmp/aurora-7\n"
    "@aurora place 5 good /nowhere\n"
    "@aurora found path 0.1.0 /usr/bin/aurora-agentd\n"
    "@aurora found pushed - /var/tmp/aurora-7/aurora-agentd\n"
    "@aurora found elsewhere 1 /x\n"
    "@aurora runs user\n"
    "@aurora has root\n@aurora has linger\n"
    "@aurora did put /x\n"
    "@aurora remains /usr/bin/aurora-agentd: not from here\n"
    "@aurora done\n"
    "@aurora failed noexec /x";

static void check_answer(void)
{
	struct aur_push_answer a;

	tap_eq_int(aur_push_parse(&a, aur_slice_str(answer)), 0, "an answer");
	tap_eq_str(a.system, "linux-x86_64", "of a machine");
	tap_ok(a.done, "that is whole");
	tap_ok(!a.good[0] && a.good[2], "what places are like");
	tap_ok(aur_slice_is(a.place[0], "/home/al ice/.cache/aurora"),
	    "with blanks in their names");
	tap_eq_u64(aur_push_place(&a, 0), 2, "the first of use");
	tap_eq_u64(aur_push_place(&a, 3), AUR_PUSH_PLACES, "and no other");
	tap_eq_u64(a.nfound, 2, "two agents");
	tap_ok(aur_slice_is(a.found[0].version, "0.1.0"), "a version");
	tap_ok(a.found[1].where == AUR_PUSH_PUSHED && a.found[1].version.n == 0,
	    "one that does not run");
	tap_ok(a.root && a.linger && !a.user && !a.systemd, "what it has");
	tap_ok(a.runs_user && !a.runs_system, "what runs");
	tap_ok(a.noexec, "nothing runs there");
	tap_eq_u64(a.nline, 3, "three lines to tell");
	tap_ok(a.line[2].tell == AUR_PUSH_FAILED, "the last is a failure");
	aur_push_release(&a);
	tap_eq_int(aur_push_parse(&a, aur_slice_str("")), 0, "no answer");
	tap_ok(!a.done && a.system[0] == '\0', "tells nothing");
	aur_push_release(&a);
}

static int everything(void)
{
	struct aur_push_order order = {
	    .verb = AUR_PUSH_SYSTEM, .agent = aur_slice_str("abc")};
	struct aur_push_answer a = {.done = false};
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, 65536);
	rc = aur_push_script(&b, &order);
	if (rc == 0)
		rc = aur_push_parse(&a, aur_slice_str(answer));
	aur_push_release(&a);
	aur_buf_release(&b);
	return rc;
}

static void check_memory(void)
{
	unsigned long nth;
	int rc = AUR_ENOMEM;

	for (nth = 1; fail_begin(nth); nth++) {
		rc = everything();
		if (!fail_end() || rc != AUR_ENOMEM)
			break;
	}
	tap_ok(rc == 0 && nth > 2, "every allocation failed once");
}

static void check_files(void)
{
	char why[AUR_PUSH_WHY];
	struct aur_buf b;

	aur_buf_init(&b, 64u << 20);
	setenv("AURORA_AGENTS", "/nonexistent", 1);
	tap_eq_int(aur_push_file(&b, "linux-vax", false, why, sizeof why),
	    AUR_EABSENT, "no agent");
	tap_ok(strstr(why, "there is no agent for linux-vax") != NULL,
	    "is named: %s", why);
	aur_buf_release(&b);
}

int main(void)
{
	/* a shell that is not here reads nothing */
	(void)signal(SIGPIPE, SIG_IGN);
	check_names();
	check_machines();
	check_scripts();
	check_answer();
	check_files();
	check_memory();
	return tap_done();
}
