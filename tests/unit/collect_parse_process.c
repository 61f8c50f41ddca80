/* SPDX-License-Identifier: MIT */
/* The files of /proc/PID and of control groups as text. */
#include "base/err.h"
#include "collect/linux/parse_cgroup.h"
#include "collect/linux/parse_process.h"
#include "tests/harness/tap.h"

#define TAIL                                                                   \
	" S 1 3 4 34816 5 4194304 10 0 12 0 14 15 0 0 20 -5 2 0 22 2300 24 "   \
	"18446744073709551615 1 1 28 0 0 0 0 0 0 0 0 0 17 7 0 0\n"

static void eq_slice(struct aur_slice s, const char *want, const char *text)
{
	tap_eq_bytes(s.p, s.n, want, strlen(want), text);
}

static void test_stat(void)
{
	struct aur__stat st;

	tap_eq_int(aur__parse_stat(aur_slice_str("9 (cat)" TAIL), &st), 0,
	    "stat parses");
	eq_slice(st.comm, "cat", "name");
	tap_eq_int(st.state, 'S', "state");
	tap_eq_u64(st.parent, 1, "parent");
	tap_eq_u64(st.session, 4, "session");
	tap_eq_u64(st.tty, 34816, "terminal");
	tap_eq_u64(st.minor_faults, 10, "minor faults");
	tap_eq_u64(st.major_faults, 12, "major faults");
	tap_eq_u64(st.user_ticks, 14, "user time");
	tap_eq_u64(st.system_ticks, 15, "system time");
	tap_eq_int(st.priority, 20, "priority");
	tap_eq_int(st.nice, -5, "nice, negative");
	tap_eq_u64(st.threads, 2, "threads");
	tap_eq_u64(st.start_ticks, 22, "start");
	tap_eq_u64(st.virtual_bytes, 2300, "address space");
	tap_eq_u64(st.rss_pages, 24, "resident");
	tap_eq_u64(st.processor, 7, "processor");
	tap_ok(aur__parse_stat(aur_slice_str("9 (a) S 1 (b))" TAIL), &st) == 0,
	    "a name may hold what looks like the rest");
	eq_slice(st.comm, "a) S 1 (b)", "it ends with the last bracket");
	tap_ok(aur__parse_stat(aur_slice_str("9 (a\nb\x80)" TAIL), &st) == 0,
	    "newlines and bytes that are no UTF-8");
	eq_slice(st.comm, "a\nb\x80", "are kept");
	tap_ok(aur__parse_stat(aur_slice_str("9 ()" TAIL), &st) == 0 &&
		   st.comm.n == 0,
	    "an empty name");
}

static void test_stat_broken(void)
{
	static const char *const broken[] = {
	    "",
	    "9",
	    "9 (cat",
	    "9 (cat)",
	    "9 (cat) S",
	    "x (cat)" TAIL,
	    "9 cat S 1 2 3",
	    "9 (cat) S 1 2 3 4",
	    "9 (cat) S 1 x 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4",
	    "9 (cat) S 1 99999999999999999999999 3 4 5 6 7 8 9 1 2 3 4 5 6 7",
	};
	struct aur__stat st;

	for (size_t i = 0; i < AUR_ARRAY_LEN(broken); i++)
		tap_ok(aur__parse_stat(aur_slice_str(broken[i]), &st) < 0,
		    "refused: '%s'", broken[i]);
}

static void test_status(void)
{
	struct aur__status st;
	uint64_t a, b;

	tap_ok(
	    aur__parse_status(
		aur_slice_str("Name:\tx\nUid:\t0\t33\t0\t33\nGroups:\t4 24 \n"
			      "VmSwap:\t      12 kB\nRssFile:\t 8 kB\n"
			      "RssShmem:\t 4 kB\nCapEff:\t0000000000080000\n"),
		&st) == 0,
	    "status parses");
	tap_eq_u64(st.uid, 33, "the effective user");
	tap_eq_u64(st.swap, 12288, "swap");
	tap_eq_u64(st.shared, 12288, "shared: files and shared memory");
	tap_eq_u64(st.caps, 1u << 19, "capabilities");
	tap_eq_u64(st.have, 15, "all there");
	tap_ok(aur__parse_status(
		   aur_slice_str("Name:\tx\nVmSwap:\t x kB\n"), &st) == 0 &&
		   st.have == 0,
	    "what is not there, or no number, is absent");
	tap_ok(aur__parse_status(aur_slice_str("junk"), &st) < 0, "no status");
	tap_ok(aur__parse_statm(aur_slice_str("10 5 3 1 0 2 0\n"), &a) == 0 &&
		   a == 3,
	    "statm's shared");
	tap_ok(aur__parse_statm(aur_slice_str("10 5"), &a) < 0, "cut statm");
	tap_ok(aur__parse_io(aur_slice_str("rchar: 1\nread_bytes: 4096\n"
					   "write_bytes: 8192\n"
					   "cancelled_write_bytes: 1\n"),
		   &a, &b) == 0 &&
		   a == 4096 && b == 8192,
	    "io");
	tap_ok(aur__parse_io(aur_slice_str("read_bytes: 4096\n"), &a, &b) < 0,
	    "half of io is none");
}

static void test_cgroup(void)
{
	struct aur_slice s;

	tap_ok(aur__parse_cgroup(
		   aur_slice_str("0::/a.slice/b.service\n"), &s) == 0,
	    "v2");
	eq_slice(s, "/a.slice/b.service", "its path");
	tap_ok(aur__parse_cgroup(aur_slice_str("2:cpu:/c\n1:name=systemd:/s\n"
					       "0::/u\n"),
		   &s) == 0,
	    "both");
	eq_slice(s, "/u", "the unified one first");
	tap_ok(aur__parse_cgroup(aur_slice_str("2:cpu:/c\n1:name=systemd:/s:t\n"
					       "0::/\n"),
		   &s) == 0,
	    "unified but empty");
	eq_slice(s, "/s:t", "then systemd's; a path may hold a colon");
	tap_ok(aur__parse_cgroup(aur_slice_str("3:memory:/m\n"
					       "1:name=systemd:/\n0::/\n"),
		   &s) == 0,
	    "no systemd");
	eq_slice(s, "/m", "then a controller's");
	tap_ok(aur__parse_cgroup(aur_slice_str("1:cpu:/\n"), &s) == 0, "root");
	eq_slice(s, "/", "is /");
	tap_ok(aur__parse_cgroup(aur_slice_str("x"), &s) < 0, "none");
	tap_ok(aur__parse_cgroup_of(
		   aur_slice_str("4:cpu,cpuacct:/a\n"), "cpuacct", &s),
	    "a controller by name");
	eq_slice(s, "/a", "and its path");
	tap_ok(!aur__parse_cgroup_of(aur_slice_str("4:cpuset:/a\n"), "cpu", &s),
	    "not by the half of its name");
}

static void test_cgroup_files(void)
{
	uint64_t v = 7;
	struct aur__cg_mount m;
	struct aur_slice text;

	tap_ok(aur__parse_limit(aur_slice_str("4096\n"), &v) && v == 4096,
	    "a limit");
	tap_ok(!aur__parse_limit(aur_slice_str("max\n"), &v), "none in v2");
	tap_ok(!aur__parse_limit(aur_slice_str("9223372036854771712\n"), &v),
	    "none in v1");
	tap_ok(!aur__parse_limit(aur_slice_str("-1\n"), &v), "-1 is none");
	tap_ok(aur__parse_limit(aur_slice_str("0\n"), &v) && v == 0,
	    "0 is a limit");
	tap_ok(aur__parse_cpu_max(aur_slice_str("150000 100000\n"), &v) &&
		   v == 1500,
	    "cpu.max");
	tap_ok(!aur__parse_cpu_max(aur_slice_str("max 100000\n"), &v),
	    "no cpu.max");
	tap_ok(!aur__parse_cpu_max(aur_slice_str("5 0\n"), &v), "no period");
	tap_ok(aur__parse_cfs(
		   aur_slice_str("50000\n"), aur_slice_str("100000\n"), &v) &&
		   v == 500,
	    "cfs quota");
	tap_ok(!aur__parse_cfs(
		   aur_slice_str("-1\n"), aur_slice_str("100000\n"), &v),
	    "no cfs quota");
	tap_ok(aur__parse_keyed(
		   aur_slice_str("oom 1\noom_kill 3\n"), "oom_kill", &v) &&
		   v == 3,
	    "a key");
	tap_ok(!aur__parse_keyed(aur_slice_str("oom_kill x\n"), "oom_kill", &v),
	    "no number");
	text = aur_slice_str(
	    "1 2 0:1 / / rw - ext4 /dev/a rw\n"
	    "3 2 0:2 /docker/x /sys/fs/cgroup/cpu rw,x shared:4 - cgroup "
	    "cgroup rw,cpu,cpuacct\n"
	    "4 2 0:3 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
	tap_ok(aur__parse_cg_mount(&text, &m) &&
		   m.kinds == (AUR__CG_CPU | AUR__CG_CPUACCT),
	    "a v1 mount");
	eq_slice(m.root, "/docker/x", "its root");
	tap_ok(aur__parse_cg_mount(&text, &m) && m.kinds == AUR__CG_V2,
	    "the unified mount");
	eq_slice(m.point, "/sys/fs/cgroup/unified", "its point");
	tap_ok(!aur__parse_cg_mount(&text, &m), "no more");
}

static void test_others(void)
{
	char name[24];
	unsigned level;
	uint64_t gid;

	aur__tty_name(0, name);
	tap_eq_str(name, "", "no terminal");
	aur__tty_name(34816, name);
	tap_eq_str(name, "pts/0", "the first of pts");
	aur__tty_name(136 << 8 | 0x2c | (1u << 20), name);
	tap_eq_str(name, "pts/300", "a high one");
	aur__tty_name(4 << 8 | 1, name);
	tap_eq_str(name, "tty1", "a console");
	aur__tty_name(4 << 8 | 64, name);
	tap_eq_str(name, "ttyS0", "a serial line");
	aur__tty_name(0xfff << 8, name);
	tap_eq_str(name, "4095:0", "an unknown one");
	tap_ok(
	    aur__parse_hidepid(aur_slice_str("1 2 0:4 / /proc rw - proc proc "
					     "rw,gid=4,hidepid=invisible\n"),
		&level, &gid) &&
		level == 2 && gid == 4,
	    "hidepid by word");
	tap_ok(aur__parse_hidepid(aur_slice_str("1 2 0:4 / /proc rw shared:1 - "
						"proc proc rw,hidepid=1\n"),
		   &level, &gid) &&
		   level == 1 && gid == UINT64_MAX,
	    "hidepid by number");
	tap_ok(aur__parse_hidepid(
		   aur_slice_str("1 2 0:4 / /proc rw - proc proc rw\n"), &level,
		   &gid) &&
		   level == 0,
	    "no hidepid");
	tap_ok(!aur__parse_hidepid(
		   aur_slice_str("1 2 0:4 / /sys rw - sysfs sysfs rw\n"),
		   &level, &gid),
	    "no /proc");
}

static void test_limits(void)
{
	struct aur__limits l;
	const uint64_t *v = l.cell;

	tap_ok(aur__parse_limits(
		   aur_slice_str(
		       "Limit       Soft Limit  Hard Limit  Units     \n"
		       "Max cpu time              60        unlimited seconds\n"
		       "Max open files            1024      1048576   files\n"
		       "Max core file size        0         unlimited bytes\n"
		       "Max stack size            8388608   junk      bytes\n"
		       "Max open filesystems      1         2         none\n"
		       "Max processes             99999999999999999999 7 x\n"
		       "Max locked memory"),
		   &l) == 0,
	    "limits parse");
	tap_ok(v[AUR_PROCESS_LIMIT_open_files] == 1024 &&
		   v[AUR_PROCESS_LIMIT_open_files_hard] == 1048576,
	    "open files");
	tap_ok(v[AUR_PROCESS_LIMIT_cpu_time] == 60 &&
		   v[AUR_PROCESS_LIMIT_cpu_time_hard] == UINT64_MAX,
	    "without a limit: the largest number");
	tap_eq_u64(v[AUR_PROCESS_LIMIT_core], 0, "0 is a limit");
	tap_eq_u64(l.have,
	    3u << AUR_PROCESS_LIMIT_open_files | 3u << AUR_PROCESS_LIMIT_core |
		3u << AUR_PROCESS_LIMIT_cpu_time |
		1u << AUR_PROCESS_LIMIT_stack |
		1u << AUR_PROCESS_LIMIT_processes_hard,
	    "what is no number is absent");
	tap_ok(aur__parse_limits(aur_slice_str("junk\n"), &l) < 0, "none");
}

int main(void)
{
	test_limits();
	test_stat();
	test_stat_broken();
	test_status();
	test_cgroup();
	test_cgroup_files();
	test_others();
	return tap_done();
}
