/* SPDX-License-Identifier: MIT */
/*
 * Every key of tui/key.def, pressed in a pseudo-terminal: what it does stands
 * at a row and a column, and did not stand there before. The test walks the
 * table, so that a key without a row here fails it. Keys for many hosts are
 * pressed over hosts that are scripted (tests/harness/topfake).
 *
 * The list is three processes of our own, the second a child of the first, by
 * their command lines; its layout is the list alone.
 *
 *	row 1     PID  NI S  CPU%  MEM%    TIME+ COMMAND
 *	row 2    4711   0 S   0.0   0.0  0:00.00 sleep 1001
 *	row 3    4712   0 S   0.0   0.0  0:00.00 sleep 1002
 *	row 4    4713   0 S   0.0   0.0  0:00.00 sleep 1003
 */
#include "tests/harness/pty.h"
#include "tests/harness/tap.h"

#include "tui/key.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT 20000
#define COMMAND 35  /* the column */
#define ANYWHERE -1 /* by pids, or by how deep this test runs */
#define NOWHERE -2
#define BRANCH "\xe2\x94\x94\xe2\x94\x80 sleep 1002"
#define NOTHING_KEPT "nothing is kept to look back at" /* past.c has some */
#define N 3

static char dir[] = "/tmp/aurora-keys-XXXXXX";
static char config[64], path[128], list[80] = "--pid=";
static pid_t pid[N];

struct expected {
	enum tui_action action;
	const char *before; /* keys that lead there; | is a pause */
	const char *then;   /* keys behind it that make it seen */
	int row, col;
	const char *text; /* there after it */
	int selected;	  /* the row that is; 0: any */
	const char *after;
	int run; /* 1: another run follows; more: one of its own, over as many
		  * scripted hosts */
};

/* clang-format off */
static const struct expected expected[] = {
    {TUI_DO_HELP, "", "", 4, 18, "this help", 0, PTY_ESC, 0},
    {TUI_DO_SETUP, "", "", 4, 23, "Theme", 0, PTY_ESC, 0},
    {TUI_DO_THEME, "", "", 23, 1, "Theme: contrast", 0, "", 1},
    {TUI_DO_LAYOUT, "", "", 1, 0, "CPU", 0, "", 1},
    {TUI_DO_FLEET, "3", "", 1, 2, "HOST", 0, "", 12},
    {TUI_DO_HOST, "", "", 1, 2, "CPU", 0, PTY_ESC, 0},
    {TUI_DO_PROCESSES, "2", "", 1, 4, "PID", 0, PTY_ESC, 0},
    {TUI_DO_EVENTS, "", "", 1, 1, "TIME", 0, PTY_ESC, false},
    {TUI_DO_PICK, "", "", 1, 1, "Go to:", 0, PTY_ESC, 12},
    {TUI_DO_SHELL, "", "", 0, 0, "aurora: /bin/sh on local", 0, "exit\r", 1},
    {TUI_DO_NEXT_PANE, "2", PTY_ENTER, 1, 2, "Memory", 0, "", 1},
    {TUI_DO_PREVIOUS_PANE, "2|" PTY_TAB, PTY_ENTER, 1, 2, "CPU", 0, "", 1},
    {TUI_DO_ENTER, "", "", ANYWHERE, 0, "parents", 0, PTY_ESC, 0},
    {TUI_DO_BACK, "2", "", 1, 4, "PID", 0, "", 0},
    {TUI_DO_PAUSE, "", "", 0, 93, "PAUSED", 0, "Z", 0},
    {TUI_DO_COPY, "", "", ANYWHERE, 14, "aurora top", 0, PTY_ESC, 0},
    {TUI_DO_INTERVAL, "", "", 23, 0, "Seconds", 0, PTY_ESC, 0},
    {TUI_DO_RETRY, PTY_END, "", 23, 1, "web3: trying again", 0, "", 3},
    {TUI_DO_REDRAW, "", "", 0, 1, "aurora", 0, "", 0},
    {TUI_DO_UP, PTY_END, "", 2, COMMAND, "sleep 1001", 3, PTY_HOME, 0},
    {TUI_DO_DOWN, "", "", 2, COMMAND, "sleep 1001", 3, PTY_HOME, 0},
    {TUI_DO_PAGE_UP, PTY_END, "", 2, COMMAND, "sleep 1001", 2, PTY_HOME, 0},
    {TUI_DO_PAGE_DOWN, "", "", 2, COMMAND, "sleep 1001", 4, PTY_HOME, 0},
    {TUI_DO_TOP, PTY_END, "", 2, COMMAND, "sleep 1001", 2, PTY_HOME, 0},
    {TUI_DO_BOTTOM, "", "", 2, COMMAND, "sleep 1001", 4, PTY_HOME, 0},
    {TUI_DO_LEFT, PTY_RIGHT, "", 2, COMMAND, "sleep 1001", 0, "", 0},
    {TUI_DO_RIGHT, "", "", 4, COMMAND, "03", 0, PTY_LEFT, 0},
    {TUI_DO_WHEN, "", "", 23, 1, NOTHING_KEPT, 0, "", false},
    {TUI_DO_STEP_BACK, "", "", 23, 1, NOTHING_KEPT, 0, "", false},
    {TUI_DO_STEP_ON, "", "", 23, 1, NOTHING_KEPT, 0, "", false},
    {TUI_DO_EVENT_BACK, "", "", 23, 1, NOTHING_KEPT, 0, "", false},
    {TUI_DO_EVENT_ON, "", "", 23, 1, NOTHING_KEPT, 0, "", false},
    {TUI_DO_SEARCH, "", "1003" PTY_ENTER, 4, COMMAND, "sleep 1003", 4, PTY_ESC "|" PTY_HOME, 0},
    {TUI_DO_SEARCH_NEXT, "/sleep" PTY_ENTER, "", 2, COMMAND, "sleep 1001", 3, PTY_ESC "|" PTY_HOME, 0},
    {TUI_DO_SEARCH_PREVIOUS, "/sleep" PTY_ENTER, "", 2, COMMAND, "sleep 1001", 4, PTY_ESC "|" PTY_HOME, 0},
    {TUI_DO_FILTER, "", "1002" PTY_ENTER, 2, COMMAND, "sleep 1002", 2, "\\\025\r", 0},
    {TUI_DO_TREE, "", "", ANYWHERE, 0, BRANCH, 0, "t", 0},
    {TUI_DO_FOLD, "t", "", NOWHERE, 0, BRANCH, 0, "+t", 0},
    {TUI_DO_UNFOLD, "t-", "", ANYWHERE, 0, BRANCH, 0, "t", 0},
    {TUI_DO_FOLD_ALL, "t", "", NOWHERE, 0, BRANCH, 0, "*t", 0},
    {TUI_DO_SORT, "", "", 1, 1, "Sort by:", 0, PTY_ESC, 0},
    {TUI_DO_COLUMNS, "", "", 1, 73, "Columns:", 0, PTY_ESC, 0},
    {TUI_DO_INVERT, "", "", 2, COMMAND, "sleep 1003", 0, "I", 0},
    {TUI_DO_SORT_CPU, "", "", 1, 14, "\xe2\x96\xbd" "CPU%", 0, "", 1},
    {TUI_DO_SORT_MEMORY, "", "", 1, 20, "\xe2\x96\xbd" "MEM%", 0, "", 1},
    {TUI_DO_SORT_TIME, "", "", 1, 28, "\xe2\x96\xbd" "TIME+", 0, "", 1},
    {TUI_DO_USER, "", "", 1, 1, "Processes of:", 0, PTY_ESC, 0},
    {TUI_DO_KERNEL, "", "S", 11, 23, "Kernel threads    off", 0, PTY_ESC "|K", 0},
    {TUI_DO_THREADS, "", "S", 12, 23, "Threads           on", 0, PTY_ESC "|H", 0},
    {TUI_DO_PATHS, "", "", 23, 1, "Program paths: always", 0, "", 1},
    {TUI_DO_FOLLOW, "", "", ANYWHERE, 0, " follow", 2, "F", 0},
    {TUI_DO_TAG, "", "", 2, 0, "*", 3, "U" PTY_HOME, 0},
    {TUI_DO_TAG_TREE, "", "", 3, 0, "*", 0, "U" PTY_HOME, 0},
    {TUI_DO_UNTAG, "c", "", 3, 0, " ", 2, PTY_HOME, 0},
    {TUI_DO_NICE_MORE, "", "", 23, 1, "nice ", 2, "", 1},
    {TUI_DO_NICE_LESS, "", "", 23, 1, "nice ", 2, "", 1},
    {TUI_DO_SIGNAL, "", "", 1, 1, "Send signal", 0, PTY_ESC, 0},
    {TUI_DO_CPUS, "", "", 2, 5, "CPU 0", 0, PTY_ESC, 0},
    {TUI_DO_IO_PRIORITY, "", "", 11, 1, "best-effort", 0, PTY_ESC, 0},
};
/* clang-format on */

static const struct {
	enum tui_action action;
	uint32_t key;
} bind[] = {
#define TUI_ACTION(ID, section, acts, label, help)
#define TUI_BIND(ID, key) {TUI_DO_##ID, key},
#include "tui/key.def"
#undef TUI_ACTION
#undef TUI_BIND
};

static const char *bytes_of(uint32_t key)
{
	static const struct {
		uint32_t key;
		const char *bytes;
	} special[] = {
	    {TUI_KEY_UP, PTY_UP},
	    {TUI_KEY_DOWN, PTY_DOWN},
	    {TUI_KEY_LEFT, PTY_LEFT},
	    {TUI_KEY_RIGHT, PTY_RIGHT},
	    {TUI_KEY_HOME, PTY_HOME},
	    {TUI_KEY_END, PTY_END},
	    {TUI_KEY_PAGE_UP, PTY_PGUP},
	    {TUI_KEY_PAGE_DOWN, PTY_PGDN},
	    {TUI_KEY_BACKTAB, PTY_BACKTAB},
	    {TUI_KEY_F(1), PTY_F1},
	    {TUI_KEY_F(2), PTY_F2},
	    {TUI_KEY_F(3), PTY_F3},
	    {TUI_KEY_F(4), PTY_F4},
	    {TUI_KEY_F(5), PTY_F5},
	    {TUI_KEY_F(6), PTY_F6},
	    {TUI_KEY_F(7), PTY_F7},
	    {TUI_KEY_F(8), PTY_F8},
	    {TUI_KEY_F(9), PTY_F9},
	    {TUI_KEY_F(10), PTY_F10},
	};
	static char one[2];

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].key == key)
			return special[i].bytes;
	one[0] = (char)key;
	return one;
}

/* The second is a child of the first, which tells its pid. */
static pid_t start_one(const char *seconds, const char *child, pid_t *ret_child)
{
	int line[2];
	char byte;
	pid_t one;

	if (pipe2(line, O_CLOEXEC) < 0)
		exit(99);
	one = fork();
	if (one == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (child != NULL) {
			pid_t other = start_one(child, NULL, NULL);

			if (write(line[1], &other, sizeof(other)) < 0)
				_exit(1);
		}
		execlp("sleep", "sleep", seconds, (char *)NULL);
		_exit(127);
	}
	close(line[1]);
	if (child != NULL && read(line[0], ret_child, sizeof(*ret_child)) !=
				 (ssize_t)sizeof(*ret_child))
		exit(99);
	if (read(line[0], &byte, 1) != 0) /* it, too, is `sleep` by now */
		exit(99);
	close(line[0]);
	return one;
}

static struct pty *start(void)
{
	const char *const argv[] = {
	    "./aurora", "top", "--no-history", list, "--sort=command", NULL};
	const char *const env[] = {config, "SHELL=/bin/sh", NULL};
	struct pty *p = pty_start(24, 100, argv, env);

	if (p == NULL)
		exit(99);
	tap_ok(pty_wait_text(p, 4, COMMAND, "sleep 1003", WAIT), "it appears");
	return p;
}

static struct pty *start_hosts(int n)
{
	char hosts[12];
	const char *const argv[] = {
	    "./tests/harness/topfake", hosts, "0", NULL};
	static const char *const env[] = {
	    "XDG_CONFIG_HOME=/dev/null/none", NULL};
	struct pty *p;

	snprintf(hosts, sizeof(hosts), "%d", n);
	p = pty_start(24, 100, argv, env);
	if (p == NULL)
		exit(99);
	tap_ok(pty_wait_any(p, "web3", WAIT), "%d hosts appear", n);
	return p;
}

static bool appears(struct pty *p, const struct expected *e)
{
	if (e->row == ANYWHERE)
		return pty_wait_any(p, e->text, WAIT);
	if (e->row == NOWHERE)
		return pty_wait_gone(p, e->text, WAIT);
	return pty_wait_text(p, e->row, e->col, e->text, WAIT);
}

static bool is_selected(struct pty *p, int row)
{
	return row == 0 || screen_cell(pty_screen(p), row, 60)->bg == 74;
}

/* Sends keys, and waits after each part: an Esc at once before a letter would
 * be an Alt-key. */
static void type(struct pty *p, const char *keys)
{
	while (*keys != '\0') {
		size_t n = strcspn(keys, "|");

		pty_send_bytes(p, keys, n);
		pty_quiet(p, 60, WAIT);
		keys += n + (keys[n] == '|');
	}
}

/* Whether it is to be seen before its key is pressed. */
static bool is_there(struct pty *p, const struct expected *e)
{
	struct screen *s = pty_screen(p);
	bool found = e->row < 0 ? screen_find(s, e->text, NULL, NULL)
				: screen_at(s, e->row, e->col, e->text);

	return found != (e->row == NOWHERE) &&
	       (e->selected == 0 || is_selected(p, e->selected));
}

/* Waits for the change of the first process; to more CPU only root may. */
static void check_nice(enum tui_action action, int before)
{
	int wish = action == TUI_DO_NICE_MORE ? before + 1 : before - 1, is = 0;

	if (wish < before && geteuid() != 0)
		return;
	for (int i = 0; i < 100 && is != wish; i++) {
		usleep(20000);
		is = getpriority(PRIO_PROCESS, (id_t)pid[0]);
	}
	tap_eq_int(is, wish, "its nice value");
}

/* Presses one key, and looks. */
static void press(
    struct pty *p, const struct expected *e, const char *key, const char *name)
{
	int row = -1, col = -1, nice;

	type(p, e->before);
	nice = getpriority(PRIO_PROCESS, (id_t)pid[0]);
	if (e->action == TUI_DO_REDRAW) /* what it draws over */
		screen_feed(pty_screen(p), "\0337\033[1;2Hxxxxxx\0338", 16);
	for (int i = 0; i < 100 && is_there(p, e); i++)
		pty_quiet(p, 50, 100); /* what the last key left still goes */
	tap_ok(!is_there(p, e), "not before %s", name);
	pty_send(p, key);
	if (e->then[0] != '\0') {
		pty_quiet(p, 60, WAIT);
		pty_send(p, e->then);
	}
	if (!tap_ok(appears(p, e), "%s: '%s' at %d,%d", name, e->text, e->row,
		e->col) &&
	    screen_find(pty_screen(p), e->text, &row, &col))
		printf("# it stands at %d,%d\n", row, col);
	for (int i = 0; i < 100 && !is_selected(p, e->selected); i++)
		pty_quiet(p, 50, 100);
	if (e->selected > 0)
		tap_ok(is_selected(p, e->selected), "row %d is selected",
		    e->selected);
	if (e->action == TUI_DO_NICE_LESS || e->action == TUI_DO_NICE_MORE)
		check_nice(e->action, nice);
	type(p, e->after);
	/* or the next key would come with the Esc, as one of Alt */
	for (int i = 0;
	     i < 100 && strcmp(e->after, PTY_ESC) == 0 && is_there(p, e); i++)
		pty_quiet(p, 50, 100);
}

static const struct expected *find(enum tui_action action)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (expected[i].action == action)
			return &expected[i];
	return NULL;
}

static void quits(struct pty *p, const char *keys)
{
	pty_send(p, keys);
	tap_eq_int(pty_wait_exit(p, WAIT), 0, "it ends");
	tap_eq_str(pty_unrestored(p), "", "the terminal is as it was");
	pty_free(p);
}

/* All keys of the table, each in a place where it does something. */
static void test_all(void)
{
	struct pty *p = start();

	for (size_t i = 0; i < sizeof(bind) / sizeof(bind[0]); i++) {
		const struct expected *e = find(bind[i].action);
		const char *key = bytes_of(bind[i].key);
		char name[TUI_KEYS_NAME_MAX] = "";

		tui_key_name(bind[i].key, name);
		if (bind[i].action == TUI_DO_QUIT ||
		    bind[i].action == TUI_DO_LEAVE) {
			quits(p, key);
			p = start();
			continue;
		}
		if (!tap_ok(e != NULL, "%s has a row in this test", name))
			continue;
		if (e->run > 1) {
			struct pty *other = start_hosts(e->run);

			press(other, e, key, name);
			quits(other, "Q");
			continue;
		}
		press(p, e, key, name);
		if (e->run == 0)
			continue;
		quits(p, PTY_CTRL('c'));
		p = start();
	}
	quits(p, "Q");
}

static bool begin(void)
{
	FILE *f;

	if (mkdtemp(dir) == NULL)
		return false;
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s", dir);
	snprintf(path, sizeof(path), "%s/aurora", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/aurora/top.json", dir);
	f = fopen(path, "w");
	if (f == NULL)
		return false;
	fputs("{\"columns\": \"pid nice state cpu memory time command\","
	      " \"layout\": \"one\"}",
	    f);
	fclose(f);
	pid[0] = start_one("1001", "1002", &pid[1]);
	pid[2] = start_one("1003", NULL, NULL);
	for (int i = 0; i < N; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
		    "%s%ld", i > 0 ? "," : "", (long)pid[i]);
	return true;
}

static bool end(void)
{
	for (int i = 0; i < N; i++) {
		kill(pid[i], SIGKILL); /* the second is init's to wait for */
		waitpid(pid[i], NULL, 0);
	}
	unlink(path);
	snprintf(path, sizeof(path), "%s/aurora", dir);
	rmdir(path);
	return rmdir(dir) == 0;
}

int main(void)
{
	if (!tap_samples())
		return tap_done();
	if (!begin())
		return 99;
	test_all();
	tap_ok(end(), "no file is left");
	return tap_done();
}
