/* SPDX-License-Identifier: MIT */
/*
 * The helper: what it does, and what a file that never answers (a FIFO that
 * nobody writes to) does to it, to other jobs and to a sample.
 */
#include "tests/unit/collect_tree.h"

#include "collect/collect_int.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

struct answer {
	int n, err;
	uint64_t tag;
	char text[256];
	struct aur_job_statvfs v;
};

static void on_done(void *arg, uint64_t tag, int err, struct aur_slice r)
{
	struct answer *a = arg;

	a->n++;
	a->err = err;
	a->tag = tag;
	snprintf(a->text, sizeof(a->text), "%.*s", (int)r.n,
	    r.n > 0 ? (const char *)r.p : "");
	if (r.n == sizeof(a->v))
		memcpy(&a->v, r.p, sizeof(a->v));
}

/* Waits until there are `n` answers, at most about 10 s. */
static void wait_for(struct aur_helper *h, const struct answer *a, int n)
{
	for (int i = 0; i < 100 && a->n < n; i++)
		aur__helper_poll(h, aur_span_ms(100));
}

static void make_file(int dirfd, const char *path, const char *text)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_ok(false, "cannot make %s", path);
	if (fd >= 0)
		close(fd);
}

static int count_fds_of(int pid)
{
	char path[64];
	int n = -2; /* "." and ".." */
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	d = opendir(path);
	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n;
}

static void check_jobs(struct aur_helper *h, const char *how)
{
	struct answer a = {.n = 0};
	char path[5000];

	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "file", 7, on_done, &a), 0,
	    "a file is asked for");
	wait_for(h, &a, 1);
	tap_eq_int(a.n, 1, how);
	tap_eq_str(a.text, "hello", "it is read");
	tap_eq_u64(a.tag, 7, "with its tag");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "none", 0, on_done, &a), 0,
	    "a file that is not there");
	wait_for(h, &a, 2);
	tap_eq_int(a.err, AUR_EABSENT, "is said not to be");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_STATVFS, "", 0, on_done, &a), 0,
	    "a filesystem");
	wait_for(h, &a, 3);
	tap_ok(
	    a.err == 0 && a.v.blocks > 0 && a.v.block_size > 0, "has a size");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_USER, "1000", 0, on_done, &a), 0,
	    "a user");
	wait_for(h, &a, 4);
	tap_eq_str(a.text, "alice", "has the tree's name");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_USER, "77", 0, on_done, &a), 0,
	    "another");
	wait_for(h, &a, 5);
	tap_eq_int(a.err, AUR_EABSENT, "has none");
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, path, 0, on_done, &a),
	    AUR_ELIMIT, "a path that is too long");
	tap_eq_u64(aur__helper_waiting(h), 0, "nothing is left over");
}

/* Behind a job that hangs the others go on. */
static void check_hang(struct aur_helper *h)
{
	struct answer stuck = {.n = 0}, good = {.n = 0};

	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "fifo", 1, on_done, &stuck),
	    0, "a file that never answers is asked for");
	for (int i = 0; i < 40; i++)
		if (aur__helper_ask(
			h, AUR_JOB_READ, "file", 2, on_done, &good) < 0)
			tap_ok(false, "cannot ask");
	wait_for(h, &good, 40);
	tap_eq_int(good.n, 40, "all others are answered");
	tap_eq_int(stuck.n, 0, "before it is given up");
	tap_eq_u64(aur__helper_waiting(h), 1, "it is waited for");
	wait_for(h, &stuck, 1);
	tap_eq_int(stuck.n, 1, "in the end it is");
	tap_eq_int(stuck.err, AUR_ETIMEOUT, "as having taken too long");
	tap_eq_u64(aur__helper_restarts(h), 1, "one helper was given up");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "fifo", 1, on_done, &stuck),
	    AUR_ETIMEOUT, "it is not asked again soon");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "file", 2, on_done, &good),
	    0, "others are");
	wait_for(h, &good, 41);
	tap_eq_int(good.n, 41, "and answer");
}

/* Who hung for a moment goes on when it has answered: the same child. */
static void check_back(const struct aur_root *root)
{
	struct aur_helper *h = aur__helper_new(root, false);
	struct answer slow = {.n = 0}, good = {.n = 0};
	int first, fd;

	if (!tap_ok(h != NULL, "a helper"))
		return;
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "fifo", 1, on_done, &slow),
	    0, "a file that is slow");
	first = tree_child_pid();
	for (int i = 0; i < 3; i++)
		if (aur__helper_ask(
			h, AUR_JOB_READ, "file", 2, on_done, &good) < 0)
			tap_ok(false, "cannot ask");
	wait_for(h, &good, 3);
	tap_ok(good.n == 3 && slow.n == 0, "others are answered by another");
	fd = openat(root->dirfd, "fifo", O_WRONLY | O_CLOEXEC);
	tap_ok(write(fd, "late", 4) == 4 && close(fd) == 0, "it has something");
	wait_for(h, &slow, 1);
	tap_eq_str(slow.text, "late", "so it answers after all");
	for (int i = 0; i < 5; i++) {
		tap_eq_int(
		    aur__helper_ask(h, AUR_JOB_READ, "file", 2, on_done, &good),
		    0, "one more");
		wait_for(h, &good, 4 + i);
	}
	tap_eq_int(good.n, 8, "each is answered once");
	tap_eq_int(tree_child_pid(), first, "by the first child");
	tap_eq_u64(aur__helper_restarts(h), 0, "and nobody was given up");
	aur__helper_free(h);
	tap_ok(!tree_has_child(), "the other one has ended");
}

/* Alone, without others behind it: the same end. */
static void check_hang_alone(const struct aur_root *root)
{
	struct aur_helper *h = aur__helper_new(root, false);
	struct answer stuck = {.n = 0};

	if (!tap_ok(h != NULL, "a helper"))
		return;
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "fifo", 1, on_done, &stuck),
	    0, "it alone");
	wait_for(h, &stuck, 1);
	tap_eq_int(stuck.err, AUR_ETIMEOUT, "takes too long");
	aur__helper_free(h);
}

static int64_t ms_since(struct aur_mono then)
{
	return aur_mono_since(aur_clock_mono(), then).ns / 1000000;
}

/* Who is asked once waits for a child that gets no CPU (here: is stopped), and
 * not for one that hangs, with others behind it or without. */
static void check_settle(const struct aur_root *root)
{
	struct aur_helper *h = aur__helper_new(root, false);
	struct answer stuck = {.n = 0}, good = {.n = 0};
	struct aur_mono then;
	pid_t child, pid;

	if (!tap_ok(h != NULL, "a helper"))
		return;
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "file", 2, on_done, &good),
	    0, "a child");
	wait_for(h, &good, 1);
	child = tree_child_pid();
	(void)kill(child, SIGSTOP);
	for (int i = 0; i < 3; i++)
		if (aur__helper_ask(
			h, AUR_JOB_READ, "file", 2, on_done, &good) < 0)
			tap_ok(false, "cannot ask");
	aur__helper_poll(h, aur_span_ms(60));
	tap_eq_int(good.n, 1, "that gets no CPU");
	pid = fork();
	if (pid == 0) {
		poll(NULL, 0, 200);
		_exit(kill(child, SIGCONT) == 0 ? 0 : 1);
	}
	aur__helper_settle(h, aur_span_ms(60000));
	tap_eq_int(good.n, 4, "is waited for");
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 3; i++)
		if (aur__helper_ask(h, AUR_JOB_READ, i == 1 ? "fifo" : "file",
			2, on_done, i == 1 ? &stuck : &good) < 0)
			tap_ok(false, "cannot ask");
	then = aur_clock_mono();
	aur__helper_settle(h, aur_span_ms(60000));
	tap_ok(good.n == 6 && stuck.n == 0, "one that hangs is not");
	tap_ok(ms_since(then) < 1500, "(it took %d ms)", (int)ms_since(then));
	aur__helper_free(h);
}

/* Nobody is behind it. */
static void check_settle_alone(const struct aur_root *root)
{
	struct aur_helper *h = aur__helper_new(root, false);
	struct answer stuck = {.n = 0};
	struct aur_mono then = aur_clock_mono();

	if (!tap_ok(h != NULL, "a helper"))
		return;
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "fifo", 1, on_done, &stuck),
	    0, "it alone");
	aur__helper_settle(h, aur_span_ms(60000));
	tap_eq_int(stuck.n, 0, "is not waited for either");
	tap_ok(ms_since(then) < 1500, "(it took %d ms)", (int)ms_since(then));
	aur__helper_free(h);
}

static void check_death(const struct aur_root *root)
{
	struct aur_helper *h = aur__helper_new(root, false);
	struct answer a = {.n = 0};
	int pid;

	if (!tap_ok(h != NULL, "a helper"))
		return;
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "file", 1, on_done, &a), 0,
	    "a job starts it");
	wait_for(h, &a, 1);
	pid = tree_child_pid();
	tap_ok(pid > 0, "it is a child");
	tap_eq_int(count_fds_of(pid), 4, "with the descriptors 0 to 3 only");
	tap_ok(aur__helper_cpu(h).ns > 0, "that has used some CPU");
	tap_eq_int(kill(pid, SIGSTOP), 0, "it is stopped");
	tap_eq_int(aur__helper_ask(h, AUR_JOB_READ, "file", 1, on_done, &a), 0,
	    "a job");
	tap_eq_int(kill(pid, SIGKILL), 0, "it is killed");
	wait_for(h, &a, 2);
	tap_eq_int(a.err, AUR_EIO, "the job it died over is lost");
	for (int i = 0; i < 100 && a.n < 3; i++) {
		int rc =
		    aur__helper_ask(h, AUR_JOB_USER, "1000", 1, on_done, &a);

		if (rc == AUR_EBUSY) /* not at once */
			poll(NULL, 0, 20);
		else
			wait_for(h, &a, 3);
	}
	tap_eq_str(a.text, "alice", "the next is done by another");
	aur__helper_free(h);
	tap_ok(!tree_has_child(), "none is left");
}

static bool is_gone(int pid)
{
	char path[64], text[256];
	const char *state;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return true;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	state = strrchr(text, ')');
	return state == NULL || (state[1] != '\0' && state[2] == 'Z');
}

/* Whoever started it is killed: it ends as well, even when it hangs. */
static void check_orphan(const struct aur_root *root)
{
	int fds[2], helper = 0;
	pid_t pid;

	if (pipe(fds) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		struct aur_helper *h = aur__helper_new(root, false);
		struct answer a = {.n = 0};

		if (aur__helper_ask(h, AUR_JOB_READ, "fifo", 1, on_done, &a) ==
		    0)
			helper = tree_child_pid();
		if (write(fds[1], &helper, sizeof(helper)) < 0)
			_exit(1);
		_exit(0);
	}
	close(fds[1]);
	if (read(fds[0], &helper, sizeof(helper)) < 0)
		helper = 0;
	close(fds[0]);
	waitpid(pid, NULL, 0);
	tap_ok(helper > 0, "a helper hangs");
	for (int i = 0; i < 500 && !is_gone(helper); i++)
		poll(NULL, 0, 10);
	tap_ok(is_gone(helper), "and ends with its parent");
}

/* A whole sample, with a sensor that hangs. */
static void check_sample(const char *dir)
{
	struct aur_collect *c = tree_open(dir, aur_want_system(), false);
	struct aur_sample *s = tree_sample(c);
	const char *text;

	if (!tap_ok(s != NULL, "a sample, with a sensor that hangs"))
		return;
	tap_near(tree_number(s, AUR_DOMAIN_LOAD, "", "one"), 0.52, 1e-9,
	    "what needs no helper is there");
	tap_near(tree_number(s, AUR_DOMAIN_TEMPERATURE, "chip/temp2", "value"),
	    42, 1e-9, "so is the other sensor");
	tap_ok(isnan(tree_number(
		   s, AUR_DOMAIN_TEMPERATURE, "chip/temp1", "value")),
	    "the one that hangs is absent");
	tap_near(tree_number(s, AUR_DOMAIN_COLLECTOR, "temperature", "ok"), 0,
	    0, "its collector says that not all is well");
	text = tree_text(s, AUR_DOMAIN_COLLECTOR, "temperature", "message");
	tap_eq_str(text, "chip temp1: no answer yet", "and what is not");
	aur_sample_unref(s);
	aur_collect_free(c);
	tap_ok(!tree_has_child(), "no process is left");
}

static void make_tree(int dirfd, const char *dir)
{
	char link[1200];
	char *laptop = realpath(tree_path("laptop/proc"), NULL);

	make_file(dirfd, "file", "hello");
	mkdirat(dirfd, "etc", 0700);
	make_file(dirfd, "etc/passwd", "root:x:0:0\nalice:x:1000:1000\n");
	mkfifoat(dirfd, "fifo", 0600);
	snprintf(link, sizeof(link), "%s/proc", dir);
	if (laptop == NULL || symlink(laptop, link) < 0)
		tap_ok(false, "cannot link proc");
	free(laptop);
	mkdirat(dirfd, "sys", 0700);
	mkdirat(dirfd, "sys/class", 0700);
	mkdirat(dirfd, "sys/class/hwmon", 0700);
	mkdirat(dirfd, "sys/class/hwmon/hwmon0", 0700);
	make_file(dirfd, "sys/class/hwmon/hwmon0/name", "chip\n");
	make_file(dirfd, "sys/class/hwmon/hwmon0/temp2_input", "42000\n");
	mkfifoat(dirfd, "sys/class/hwmon/hwmon0/temp1_input", 0600);
}

static void drop_tree(int dirfd, const char *dir)
{
	static const char *const files[] = {"file", "etc/passwd", "fifo",
	    "proc", "sys/class/hwmon/hwmon0/name",
	    "sys/class/hwmon/hwmon0/temp2_input",
	    "sys/class/hwmon/hwmon0/temp1_input"};
	static const char *const dirs[] = {"etc", "sys/class/hwmon/hwmon0",
	    "sys/class/hwmon", "sys/class", "sys"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(files); i++)
		unlinkat(dirfd, files[i], 0);
	for (size_t i = 0; i < AUR_ARRAY_LEN(dirs); i++)
		unlinkat(dirfd, dirs[i], AT_REMOVEDIR);
	close(dirfd);
	rmdir(dir);
}

int main(void)
{
	char dir[] = "/tmp/aurora-helper-XXXXXX";
	struct aur_root root = {.dirfd = -1};
	int before = tree_count_fds();
	struct aur_helper *h;

	if (mkdtemp(dir) == NULL)
		return 1;
	root.dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	make_tree(root.dirfd, dir);
	h = aur__helper_new(&root, false);
	if (tap_ok(h != NULL, "a helper")) {
		check_jobs(h, "the child answers");
		check_hang(h);
	}
	aur__helper_free(h);
	tap_ok(!tree_has_child(), "no child is left");
	check_back(&root);
	check_hang_alone(&root);
	check_settle(&root);
	check_settle_alone(&root);
	check_death(&root);
	check_orphan(&root);
	check_sample(dir);
	drop_tree(root.dirfd, dir);
	aur__helper_free(NULL);
	tap_eq_int(tree_count_fds(), before, "no descriptor is left open");
	return tap_done();
}
