/* SPDX-License-Identifier: MIT */
/*
 * Processes with names that move columns where a program counts bytes or
 * trusts them: wide, combining, emoji, controls, marks of direction, no UTF-8.
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT 20000

static const struct {
	const char *name, *shown;
} names[] = {
    {"plainname", "plainname"},
    {"\xe6\xbc\xa2\xe5\xad\x97\xe3\x83\x97\xe3\x83\xad", "\xe6\xbc\xa2"},
    {"e\xcc\x81"
     "clair",
	"clair"},
    {"\xf0\x9f\x98\x80smile", "smile"},
    {"\033[31mred\033[9;9H", "red"},
    {"new\nline\ttab", "line"},
    {"\xff\xfe\x80nonsense", "nonsense"},
    {"\xe2\x80\xaertl\xe2\x80\xac", "rtl"},
    {"cut\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", "cut"},
    {"z\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "z"},
};
#define N (sizeof(names) / sizeof(names[0]))

static pid_t pid[N];
static char dir[] = "/tmp/aurora-names-XXXXXX";

static void start_one(size_t i, const int ready[2])
{
	pid[i] = fork();
	if (pid[i] != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, names[i].name);
	if (write(ready[1], "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static bool start_all(void)
{
	int ready[2];
	char byte;

	if (pipe(ready) < 0)
		return false;
	for (size_t i = 0; i < N; i++)
		start_one(i, ready);
	for (size_t i = 0; i < N; i++)
		if (read(ready[0], &byte, 1) != 1)
			return false;
	close(ready[0]);
	close(ready[1]);
	return true;
}

static void write_columns(char path[128])
{
	FILE *f;

	snprintf(path, 128, "%s/aurora", dir);
	mkdir(path, 0700);
	snprintf(path, 128, "%s/aurora/top.json", dir);
	f = fopen(path, "w");
	if (f == NULL)
		return;
	fputs("{\"columns\": \"name pid state\", \"layout\": \"one\"}", f);
	fclose(f);
}

int main(void)
{
	char path[128], config[64], list[256] = "--pid=", number[16];
	const char *argv[] = {"./aurora", "top", "--no-history", list, NULL};
	const char *env[] = {config, NULL};
	struct pty *p;
	int row, col, end = -1;

	if (!tap_samples())
		return tap_done();
	if (mkdtemp(dir) == NULL || !start_all())
		return 99;
	write_columns(path);
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s", dir);
	for (size_t i = 0; i < N; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
		    "%s%ld", i > 0 ? "," : "", (long)pid[i]);
	p = pty_start(24, 80, argv, env);
	if (p == NULL)
		return 99;
	tap_ok(pty_wait_any(p, "nonsense", WAIT), "it appears");
	for (size_t i = 0; i < N; i++) {
		const char *line;

		snprintf(number, sizeof(number), " %ld ", (long)pid[i]);
		tap_ok(pty_wait_any(p, number, WAIT), "name %zu is listed", i);
		row = col = -1;
		(void)screen_find(pty_screen(p), number, &row, &col);
		col += (int)strlen(number);
		if (end < 0)
			end = col;
		tap_eq_int(col, end, "its pid is in its column");
		line = row < 0 ? "" : screen_row(pty_screen(p), row);
		tap_ok(strstr(line, names[i].shown) != NULL,
		    "what is harmless of the name is there: %s",
		    names[i].shown);
		tap_ok(strstr(line, " S") != NULL, "and its state");
	}
	tap_ok(screen_unknown(pty_screen(p)) == NULL, "no name is a sequence");
	pty_send(p, "Q");
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "quits");
	pty_free(p);
	for (size_t i = 0; i < N; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	unlink(path);
	snprintf(path, sizeof(path), "%s/aurora", dir);
	rmdir(path);
	tap_ok(rmdir(dir) == 0, "no file is left");
	return tap_done();
}
