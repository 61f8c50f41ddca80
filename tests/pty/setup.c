/* SPDX-License-Identifier: MIT */
/*
 * Settings of `aurora top` in a pseudo-terminal: changed on the setup screen,
 * kept in the file, there again at the next start.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT 20000

static char dir[] = "/tmp/aurora-setup-XXXXXX";
static char config[64], home[64], path[128];

static struct pty *start(const char *option)
{
	const char *const argv[] = {
	    "./aurora", "top", "--no-history", option, NULL};
	const char *const env[] = {config, home, NULL};
	struct pty *p = pty_start(24, 80, argv, env);

	if (p == NULL)
		exit(1);
	return p;
}

static void quits(struct pty *p)
{
	pty_send(p, "Q");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "quits");
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

static bool file_has(const char *text)
{
	char content[4096];
	FILE *f = fopen(path, "r");
	size_t n = f == NULL ? 0 : fread(content, 1, sizeof(content) - 1, f);

	content[n] = '\0';
	if (f != NULL)
		fclose(f);
	return strstr(content, text) != NULL;
}

/* What `y` says is what makes the same view. */
static void test_pasted(void)
{
	const char *const argv[] = {"./aurora", "top", "--no-history", "local",
	    "--screen", "processes", "--layout", "one", "--tree", "--threads",
	    "--no-kernel-threads", "--columns", "pid,cpu,command", "-s",
	    "pid:asc", "-i", "2", NULL};
	const char *const env[] = {config, home, NULL};
	struct pty *p = pty_start(24, 120, argv, env);

	if (p == NULL)
		exit(1);
	tap_ok(pty_wait_any(p, "PID", WAIT) && pty_wait_gone(p, "LOAD", WAIT),
	    "the list alone");
	tap_ok(pty_wait_any(p, " threads", WAIT), "with threads");
	pty_send(p, "y");
	tap_ok(pty_wait_any(p,
		   "aurora top local --screen processes --layout one --tree "
		   "--threads",
		   WAIT) &&
		   pty_wait_any(p,
		       "--no-kernel-threads --columns pid,cpu,command -s "
		       "pid:asc -i 2",
		       WAIT),
	    "y: as it was started");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_gone(p, "This view:", WAIT), "Esc");
	quits(p);
	tap_ok(access(path, F_OK) < 0, "nothing of it is kept");
}

static void test_kept(void)
{
	struct pty *p = start(NULL);

	tap_ok(pty_wait_any(p, "LOAD", WAIT), "it starts without a file");
	pty_send(p, PTY_F2);
	tap_ok(pty_wait_any(p, "Background", WAIT), "F2: setup");
	pty_send(p, PTY_DOWN PTY_DOWN PTY_DOWN PTY_RIGHT PTY_RIGHT);
	tap_ok(pty_wait_gone(p, "LOAD", WAIT), "one pane, at once");
	tap_ok(access(path, F_OK) < 0, "nothing is written yet");
	pty_send(p, PTY_ESC);
	tap_ok(pty_wait_any(p, "kept", WAIT), "kept");
	tap_ok(file_has("\"layout\": \"one\""), "in the file");
	tap_ok(!file_has("theme"), "and nothing else");
	quits(p);
	p = start(NULL);
	tap_ok(pty_wait_text(p, 1, 4, "PID", WAIT), "there again");
	quits(p);
	p = start("--layout=full");
	tap_ok(pty_wait_any(p, "LOAD", WAIT), "an option comes first");
	quits(p);
}

/* The terminal says what ground it has; what was set comes first. */
static void test_light(const char *ground, int label)
{
	const char *const argv[] = {"./aurora", "top", "--no-history", NULL};
	const char *const env[] = {config, home, ground, NULL};
	struct pty *p = pty_start(24, 80, argv, env);

	if (p == NULL)
		exit(1);
	tap_ok(pty_wait_text(p, 0, 1, "aurora", WAIT), "%s", ground);
	tap_eq_int(screen_cell(pty_screen(p), 0, 1)->fg, label, "its theme");
	quits(p);
}

static void test_lights(void)
{
	FILE *f;

	test_light("COLORFGBG=0;default;15", 25);
	test_light("COLORFGBG=15;0", 38);
	test_light("COLORFGBG=0;x", 38);
	f = fopen(path, "w");
	if (f != NULL) {
		fputs("{\"theme\": \"default\"}", f);
		fclose(f);
	}
	test_light("COLORFGBG=0;15", 38);
}

static void test_broken(void)
{
	FILE *f = fopen(path, "w");
	struct pty *p;

	if (f != NULL) {
		fputs("{\n\"theme\": light\n}\n", f);
		fclose(f);
	}
	p = start(NULL);
	tap_ok(pty_wait_any(p, "top.json:2:", WAIT), "a broken file is named");
	tap_eq_int(pty_wait_exit(p, WAIT), 1, "and is an error");
	pty_free(p);
	tap_ok(file_has("\"theme\": light\n"), "and untouched");
}

static void test_columns(void)
{
	FILE *f = fopen(path, "w");
	struct pty *p;

	if (f != NULL) {
		fputs("{\"columns\": \"pid pidd\"}", f);
		fclose(f);
	}
	p = start(NULL);
	tap_ok(pty_wait_any(p, "top.json: columns:", WAIT),
	    "columns that are none are named");
	tap_eq_int(pty_wait_exit(p, WAIT), 1, "and are an error");
	pty_free(p);
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s", dir);
	snprintf(home, sizeof(home), "HOME=%s", dir);
	snprintf(path, sizeof(path), "%s/aurora/top.json", dir);
	test_pasted();
	test_kept();
	test_lights();
	test_broken();
	test_columns();
	unlink(path);
	snprintf(path, sizeof(path), "%s/aurora", dir);
	rmdir(path);
	tap_ok(rmdir(dir) == 0, "no other file is left");
	return tap_done();
}
