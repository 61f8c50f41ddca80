/* SPDX-License-Identifier: MIT */
/*
 * drive AGENT WHAT WARM SAMPLES: runs an agent as aurora does, a subscription
 * at one second, and tells what it costs per sample from outside: CPU of the
 * agent and its helper by the process clock, bytes that came, PSS at the end.
 *
 *	drive ./aurora-agentd overview 3 10
 *	cpu_ms 0.92 bytes 812 pss_kb 1421 samples 10
 *
 * WHAT: system (no processes), overview (processes only, few fields), all
 * (processes only, all fields but open files), everything (all domains).
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"
#include "wire/client.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct drive {
	pid_t pid;
	uint64_t samples, bytes;
};

static void on_sample(void *arg, struct aur_sample *s)
{
	struct drive *d = arg;

	(void)s;
	d->samples++;
}

/* CPU of a process, all threads, in ns; CPUCLOCK_SCHED of its pid
 * (linux/posix-timers.h). */
static int64_t cpu_of(pid_t pid)
{
	struct timespec t;
	clockid_t id = (clockid_t)((~(unsigned)pid << 3) | 2);

	if (clock_gettime(id, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * AUR_SECOND_NS + t.tv_nsec;
}

static int children(pid_t parent, pid_t *out, int most)
{
	char path[64], text[4096];
	struct aur_slice s, w;
	ssize_t got;
	FILE *f;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent,
	    (int)parent);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	got = (ssize_t)fread(text, 1, sizeof(text), f);
	fclose(f);
	s = aur_slice_of(text, (size_t)got);
	while (n < most && aur_slice_word(&s, &w)) {
		uint64_t v;

		if (aur_scan_u64(w, &v) == 0)
			out[n++] = (pid_t)v;
	}
	return n;
}

static int64_t cpu_tree(pid_t pid)
{
	pid_t child[16];
	int n = children(pid, child, 16);
	int64_t sum = cpu_of(pid);

	for (int i = 0; i < n; i++)
		sum += cpu_of(child[i]);
	return sum;
}

static uint64_t pss_kb(pid_t pid)
{
	char path[64], line[256];
	uint64_t kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		struct aur_slice s = aur_slice_str(line);

		if (aur_slice_starts(s, "Pss:")) {
			s.p += 4;
			s.n -= 4;
			aur_scan_next_u64(&s, &kb);
		}
	}
	if (f != NULL)
		fclose(f);
	return kb;
}

static uint64_t pss_tree(pid_t pid)
{
	pid_t child[16];
	int n = children(pid, child, 16);
	uint64_t sum = pss_kb(pid);

	for (int i = 0; i < n; i++)
		sum += pss_kb(child[i]);
	return sum;
}

static bool choose(struct aur_want *w, const char *what)
{
	struct aur_slice s = aur_slice_str(what);

	w->interval = aur_span_ms(1000);
	w->aligned = true;
	if (aur_slice_is(s, "system")) {
		w->domains = aur_want_system();
		w->domains &= ~AUR_WANT_DOMAIN(TASKS);
	} else if (aur_slice_is(s, "overview")) {
		w->domains = AUR_WANT_DOMAIN(PROCESS);
		w->process_fields = aur_want_process_overview();
	} else if (aur_slice_is(s, "all")) {
		w->domains = AUR_WANT_DOMAIN(PROCESS);
		w->process_fields = aur_want_process_all();
	} else if (aur_slice_is(s, "everything")) {
		w->domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS);
		w->process_fields = aur_want_process_all();
	} else {
		return false;
	}
	return true;
}

static pid_t start(const char *agent, int *ret_fd)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(pair[1], 0);
		dup2(pair[1], 1);
		execl(agent, agent, "--stdio", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	*ret_fd = pair[0];
	return pid;
}

/* Runs the connection until `until` samples have come; false when it ends. */
static bool run(struct drive *d, struct aur_client *c, int fd, uint64_t until)
{
	static uint8_t bytes[65536];

	while (d->samples < until) {
		struct aur_buf *out = aur_client_out(c);
		struct aur_slice s = aur_buf_peek(out);
		ssize_t n;

		if (s.n > 0) {
			n = write(fd, s.p, s.n);
			if (n < 0)
				return false;
			aur_buf_take(out, (size_t)n);
			continue;
		}
		n = read(fd, bytes, sizeof(bytes));
		if (n <= 0)
			return false;
		d->bytes += (uint64_t)n;
		if (aur_client_put(c, aur_slice_of(bytes, (size_t)n)) < 0) {
			fprintf(stderr, "drive: %s\n", aur_client_error(c));
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	const struct aur_client_handler handler = {.sample = on_sample};
	struct drive d = {0};
	struct aur_client *c = NULL;
	struct aur_want want = {0};
	uint64_t warm, samples, b0;
	int64_t t0;
	int fd = -1;

	if (argc != 5 || !choose(&want, argv[2]) ||
	    aur_scan_u64(aur_slice_str(argv[3]), &warm) < 0 ||
	    aur_scan_u64(aur_slice_str(argv[4]), &samples) < 0 || warm < 1 ||
	    samples < 1 || samples > 100000) {
		fprintf(stderr,
		    "usage: drive AGENT "
		    "system|overview|all|everything WARM SAMPLES\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	d.pid = start(argv[1], &fd);
	if (d.pid < 0 || aur_client_new(&c, &handler, &d) < 0 ||
	    aur_client_want(c, &want) < 0)
		return 1;
	if (!run(&d, c, fd, warm))
		return 1;
	t0 = cpu_tree(d.pid);
	b0 = d.bytes;
	if (!run(&d, c, fd, warm + samples))
		return 1;
	printf("cpu_ms %.4f bytes %.0f pss_kb %llu samples %llu\n",
	    (double)(cpu_tree(d.pid) - t0) / 1e6 / (double)samples,
	    (double)(d.bytes - b0) / (double)samples,
	    (unsigned long long)pss_tree(d.pid), (unsigned long long)samples);
	close(fd);
	waitpid(d.pid, NULL, 0);
	aur_client_free(c);
	return 0;
}
