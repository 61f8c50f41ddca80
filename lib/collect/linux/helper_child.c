/* SPDX-License-Identifier: MIT */
/*
 * The helper's child: takes a job, does it, answers, and ends when the socket
 * does. It may hang in any of the calls here; that is what it is for.
 *
 * It is forked without exec, so that the static agent stays one file and its
 * pages are shared. Between fork and the first job only what is safe in a
 * signal handler is called; the library has no threads, and name service is
 * asked later, when whoever forked has long gone on.
 */
#include "collect/linux/helper_int.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !defined(SYS_close_range)
#define SYS_close_range 436 /* asm-generic/unistd.h, Linux 5.9 */
#endif

#define PASSWD_MAX 65536u

static int read_some(int dirfd, const char *path, uint8_t *out, size_t size)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t n = 0;
	ssize_t got;

	if (fd < 0)
		return aur_err_errno(errno);
	for (;;) {
		got = n < size ? read(fd, out + n, size - n) : 0;
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	if (got < 0 && n == 0) {
		int rc = aur_err_errno(errno);

		close(fd);
		return rc;
	}
	close(fd);
	return (int)n;
}

/* statvfs(3) has no form that starts at a folder: the caller stands in it. */
static int do_statvfs(const char *path, uint8_t *out)
{
	struct statvfs v;
	struct aur_job_statvfs r;
	int rc;

	do
		rc = statvfs(path[0] == '\0' ? "." : path, &v);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return aur_err_errno(errno);
	r.block_size = v.f_frsize != 0 ? v.f_frsize : v.f_bsize;
	r.blocks = v.f_blocks;
	r.blocks_free = v.f_bfree;
	r.blocks_available = v.f_bavail;
	r.files = v.f_files;
	r.files_free = v.f_ffree;
	r.read_only = (v.f_flag & ST_RDONLY) != 0;
	memcpy(out, &r, sizeof(r));
	return (int)sizeof(r);
}

static int copy_out(struct aur_slice s, uint8_t *out)
{
	if (s.n == 0)
		return AUR_EABSENT;
	if (s.n > AUR_MAX_CMDLINE)
		return AUR_ELIMIT;
	memcpy(out, s.p, s.n);
	return (int)s.n;
}

static int user_of_tree(int dirfd, uint64_t uid, uint8_t *out)
{
	uint8_t text[PASSWD_MAX];
	struct aur_slice name;
	int n = read_some(dirfd, "etc/passwd", text, sizeof(text));

	if (n < 0)
		return n;
	if (!aur__parse_passwd(aur_slice_of(text, (size_t)n), uid, &name))
		return AUR_EABSENT;
	return copy_out(name, out);
}

static int do_user(int dirfd, bool live, const char *path, uint8_t *out)
{
	char text[16384];
	struct passwd pw, *found = NULL;
	uint64_t uid;
	int rc = aur_scan_u64(aur_slice_str(path), &uid);

	if (rc < 0)
		return rc;
	if (uid > UINT32_MAX)
		return AUR_ERANGE;
	if (!live)
		return user_of_tree(dirfd, uid, out);
	do
		rc = getpwuid_r((uid_t)uid, &pw, text, sizeof(text), &found);
	while (rc == EINTR);
	if (found == NULL)
		return rc == 0 ? AUR_EABSENT : aur_err_errno(rc);
	return copy_out(aur_slice_str(found->pw_name), out);
}

int aur__helper_do(int dirfd, bool live, enum aur_job_kind kind,
    const char *path, uint8_t *out)
{
	switch (kind) {
	case AUR_JOB_READ:
		return read_some(dirfd, path, out, AUR_MAX_CMDLINE);
	case AUR_JOB_STATVFS:
		return do_statvfs(path, out);
	case AUR_JOB_USER:
		return do_user(dirfd, live, path, out);
	}
	return AUR_EINVALID;
}

/* Linux before 5.9, or a sandbox: one by one. */
static void close_from(unsigned first)
{
	if (syscall(SYS_close_range, first, ~0u, 0u) == 0)
		return;
	for (unsigned fd = first; fd < 65536; fd++)
		close((int)fd);
}

/* Leaves the socket as descriptor 3, /dev/null below it, nothing above: a
 * pipe of the parent's must not stay open because of us. */
static void keep_only(int sock)
{
	int null;

	if (sock < 3)
		sock = fcntl(sock, F_DUPFD, 3);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		if (null < 0)
			close(fd);
		else
			dup2(null, fd);
	if (sock != 3)
		dup2(sock, 3);
	close_from(4);
}

/* What the parent had in mind for signals does not concern us: interrupts
 * from the terminal are its to handle, and we follow when the socket ends. */
static void forget_signals(void)
{
	static const int ignored[] = {
	    SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGPIPE, SIGTTOU, SIGTTIN};
	struct sigaction act = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int sig = 1; sig < 32; sig++)
		(void)sigaction(sig, &act, NULL);
	act.sa_handler = SIG_IGN;
	for (size_t i = 0; i < AUR_ARRAY_LEN(ignored); i++)
		(void)sigaction(ignored[i], &act, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* One job; false when the parent is gone. */
static bool serve_one(int sock, int dirfd, bool live)
{
	struct aur__helper_request q;
	struct aur__helper_answer a;
	size_t head = offsetof(struct aur__helper_answer, bytes);
	ssize_t got = recv(sock, &q, sizeof(q), 0);
	int rc;

	if (got < 0 && errno == EINTR)
		return true;
	if (got <= (ssize_t)offsetof(struct aur__helper_request, path))
		return false;
	((char *)&q)[got - 1] = '\0';
	a.id = q.id;
	rc = aur__helper_do(
	    dirfd, live, (enum aur_job_kind)q.kind, q.path, a.bytes);
	a.err = rc < 0 ? rc : 0;
	if (rc > 0)
		head += (size_t)rc;
	do
		got = send(sock, &a, head, MSG_NOSIGNAL);
	while (got < 0 && errno == EINTR);
	return got >= 0;
}

_Noreturn void aur__helper_serve(int sock, int dirfd, bool live, int parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(0);
	forget_signals();
	if (fchdir(dirfd) < 0)
		_exit(1);
	keep_only(sock);
	(void)prctl(PR_SET_NAME, "aurora-helper", 0, 0, 0);
	while (serve_one(3, AT_FDCWD, live))
		;
	_exit(0);
}
