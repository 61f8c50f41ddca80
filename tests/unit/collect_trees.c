/* SPDX-License-Identifier: MIT */
/*
 * What the collectors of the system make of each tree: a table of cells. NaN:
 * the cell must be absent. In the trees each counter has a number of its own,
 * so that a mistaken column shows.
 */
#include "tests/unit/collect_tree.h"

#define ABSENT NAN

struct row {
	const char *tree;
	enum aur_domain_id domain;
	const char *name, *field;
	double want;
};

#define D(x) AUR_DOMAIN_##x

static const struct row rows[] = {
    {"laptop", D(CPU), "", "user", 40},
    {"laptop", D(CPU), "", "guest_nice", 0.04},
    {"laptop", D(CPU), "", "count", 4},
    {"laptop", D(CPU), "", "frequency", 1.4e9},
    {"laptop", D(CORE), "3", "idle", 90},
    {"laptop", D(CORE), "3", "steal", 0.03},
    {"laptop", D(CORE), "3", "frequency", 2e9},
    {"laptop", D(CORE), "1", "sched_running", 2},
    {"laptop", D(CORE), "1", "sched_waiting", 0.2},
    {"laptop", D(CORE), "1", "sched_timeslices", 2000},
    {"laptop", D(CORE), "4", "user", ABSENT},
    {"laptop", D(KERNEL), "", "context_switches", 5000},
    {"laptop", D(KERNEL), "", "interrupts", 1000},
    {"laptop", D(KERNEL), "", "forks", 200},
    {"laptop", D(KERNEL), "", "running", 2},
    {"laptop", D(KERNEL), "", "blocked", 1},
    {"laptop", D(KERNEL), "", "files_open", 1024},
    {"laptop", D(KERNEL), "", "files_max", 98765},
    {"laptop", D(KERNEL), "", "entropy", 256},
    {"laptop", D(LOAD), "", "one", 0.52},
    {"laptop", D(LOAD), "", "fifteen", 0.40},
    {"laptop", D(LOAD), "", "threads_running", 3},
    {"laptop", D(LOAD), "", "threads", 678},
    {"laptop", D(MEMORY), "", "total", 16384000.0 * 1024},
    {"laptop", D(MEMORY), "", "available", 8192000.0 * 1024},
    {"laptop", D(MEMORY), "", "active", 5000000.0 * 1024},
    {"laptop", D(MEMORY), "", "zswap", 100 * 1024},
    {"laptop", D(MEMORY), "", "slab_reclaimable", 250000.0 * 1024},
    {"laptop", D(MEMORY), "", "huge_pages_total", 3 * 2048 * 1024},
    {"laptop", D(MEMORY), "", "huge_pages_free", 2048 * 1024},
    {"laptop", D(VMSTAT), "", "pgpgin", 12345},
    {"laptop", D(VMSTAT), "", "pswpout", 22},
    {"laptop", D(VMSTAT), "", "oom_kill", 2},
    {"laptop", D(VMSTAT), "", "page_size", 4096},
    {"laptop", D(PRESSURE), "", "cpu_some", 1},
    {"laptop", D(PRESSURE), "", "io_full", 2.5},
    {"laptop", D(PRESSURE), "", "irq_full", 0.000777},
    {"laptop", D(DISK), "nvme0n1", "reads", 500},
    {"laptop", D(DISK), "nvme0n1", "read_bytes", 80000 * 512},
    {"laptop", D(DISK), "nvme0n1", "written_bytes", 60000 * 512},
    {"laptop", D(DISK), "nvme0n1", "write_time", 0.25},
    {"laptop", D(DISK), "nvme0n1", "io_weighted_time", 1.1},
    {"laptop", D(DISK), "nvme0n1", "size", 1000000 * 512.0},
    {"laptop", D(DISK), "nvme0n1", "whole", 1},
    {"laptop", D(DISK), "nvme0n1", "counted", 1},
    {"laptop", D(DISK), "nvme0n1p1", "whole", 0},
    {"laptop", D(DISK), "nvme0n1p1", "counted", 0},
    {"laptop", D(DISK), "dm-0", "whole", 1},
    {"laptop", D(DISK), "dm-0", "counted", 0},
    {"laptop", D(DISK), "loop0", "counted", 0},
    {"laptop", D(DISK), "loop1", "reads", ABSENT}, /* never used */
    {"laptop", D(FILESYSTEM), "/", "size", 4096000},
    {"laptop", D(FILESYSTEM), "/", "free", 500 * 4096},
    {"laptop", D(FILESYSTEM), "/", "available", 400 * 4096},
    {"laptop", D(FILESYSTEM), "/", "files_free", 320},
    {"laptop", D(FILESYSTEM), "/", "read_only", 0},
    {"laptop", D(FILESYSTEM), "/media/a b", "read_only", 1},
    {"laptop", D(FILESYSTEM), "/media/a b", "size", ABSENT},
    {"laptop", D(FILESYSTEM), "/srv", "size", 2000 * 4096},
    {"laptop", D(FILESYSTEM), "/srv", "files", ABSENT}, /* has no fixed */
    {"laptop", D(FILESYSTEM), "/sys", "read_only", ABSENT},
    {"laptop", D(FILESYSTEM), "/snap/core/1", "read_only", ABSENT},
    {"laptop", D(NETWORK), "wlp3s0", "receive_bytes", 900000},
    {"laptop", D(NETWORK), "wlp3s0", "receive_packets", 900},
    {"laptop", D(NETWORK), "wlp3s0", "receive_errors", 1},
    {"laptop", D(NETWORK), "wlp3s0", "receive_drops", 2},
    {"laptop", D(NETWORK), "wlp3s0", "multicast", 5},
    {"laptop", D(NETWORK), "wlp3s0", "transmit_bytes", 80000},
    {"laptop", D(NETWORK), "wlp3s0", "transmit_drops", 4},
    {"laptop", D(NETWORK), "wlp3s0", "collisions", 6},
    {"laptop", D(NETWORK), "wlp3s0", "counted", 1},
    {"laptop", D(NETWORK), "wlp3s0", "up", 1},
    {"laptop", D(NETWORK), "wlp3s0", "speed", ABSENT},
    {"laptop", D(NETWORK), "lo", "counted", 0},
    {"laptop", D(NETWORK), "lo", "up", 1}, /* unknown, with carrier */
    {"laptop", D(NETWORK), "lo", "mtu", 65536},
    {"laptop", D(NETWORK), "docker0", "counted", 0},
    {"laptop", D(NETWORK), "docker0", "up", 0},
    {"laptop", D(NETWORK), "veth12", "counted", 0},
    {"laptop", D(SOCKET), "", "used", 234},
    {"laptop", D(SOCKET), "", "tcp_time_wait", 34},
    {"laptop", D(SOCKET), "", "tcp_memory", 3 * 4096},
    {"laptop", D(SOCKET), "", "udp_inuse", 6},
    {"laptop", D(SOCKET), "", "udp6_inuse", 4},
    {"laptop", D(SOCKET), "", "tcp_established", 8},
    {"laptop", D(SOCKET), "", "tcp_retransmits", 70},
    {"laptop", D(SOCKET), "", "tcp_listening", ABSENT}, /* not asked */
    {"laptop", D(TEMPERATURE), "coretemp/temp1", "value", 45},
    {"laptop", D(TEMPERATURE), "coretemp/temp2", "critical", 100},
    {"laptop", D(TEMPERATURE), "nvme/temp1", "value", -5.85},
    {"laptop", D(SYSTEM), "", "users", 2},
    {"laptop", D(SYSTEM), "", "boot_time", 1795000000},
    {"laptop", D(SYSTEM), "", "uptime", 12345.67},
    {"laptop", D(AGENT), "", "pid", ABSENT}, /* none of the tree's */
    {"server256", D(CPU), "", "count", 256},
    {"server256", D(CPU), "", "frequency", ABSENT},
    {"server256", D(CORE), "255", "user", 10},
    {"server256", D(CORE), "0", "frequency", ABSENT},
    {"server256", D(NETWORK), "eth0", "counted", 1},
    {"server256", D(NETWORK), "eth1", "counted", 1},
    {"server256", D(NETWORK), "eth1", "speed", 1e10},
    {"server256", D(NETWORK), "bond0", "counted", 0},
    {"server256", D(NETWORK), "bond0", "speed", 2e10},
    {"server256", D(NETWORK), "bond0.7", "counted", 0},
    {"server256", D(NETWORK), "br0", "counted", 0},
    {"server256", D(DISK), "md0", "counted", 0},
    {"server256", D(DISK), "sdb", "counted", 1},
    {"server256", D(PRESSURE), "", "irq_full", ABSENT},
    {"server256", D(SYSTEM), "", "users", ABSENT},
    {"container", D(FILESYSTEM), "/", "size", 5000 * 4096},
    {"container", D(FILESYSTEM), "/dev/shm", "read_only", ABSENT},
    {"container", D(FILESYSTEM), "/etc/hosts", "read_only", 0},
    {"container", D(NETWORK), "eth0", "counted", 1}, /* no device at all */
    {"container", D(NETWORK), "lo", "counted", 0},
    {"container", D(SOCKET), "", "tcp6_inuse", ABSENT},
    {"container", D(SOCKET), "", "tcp_inuse", 12},
    {"container", D(DISK), "sda", "reads", ABSENT},
    {"nopsi", D(PRESSURE), "", "cpu_some", ABSENT},
    {"nopsi", D(LOAD), "", "five", 0.48},
    {"kernel310", D(MEMORY), "", "available", ABSENT},
    {"kernel310", D(MEMORY), "", "free", 2048000.0 * 1024},
    {"kernel310", D(VMSTAT), "", "oom_kill", ABSENT},
    {"kernel310", D(VMSTAT), "", "pgfault", 333333},
    {"kernel310", D(DISK), "sda", "io_time", 0.9},
    {"kernel310", D(DISK), "sda1", "counted", 0},
    {"kernel310", D(NETWORK), "eth0", "speed", 1e9},
    {"kernel310", D(PRESSURE), "", "io_some", ABSENT},
    {"hidepid", D(FILESYSTEM), "/", "size", 100000 * 4096.0},
    {"hidepid", D(CPU), "", "count", 2},
    {"garbage", D(MEMORY), "", "total", ABSENT},
    {"garbage", D(LOAD), "", "one", ABSENT},
    {"garbage", D(CPU), "", "user", ABSENT},
    {"garbage", D(CORE), "1", "user", 0.05},
    {"garbage", D(CORE), "1", "nice", ABSENT},
    {"garbage", D(CORE), "0", "user", ABSENT}, /* out of order */
    {"garbage", D(KERNEL), "", "context_switches", ABSENT},
    {"garbage", D(DISK), "sda", "reads", ABSENT},
    {"garbage", D(DISK), "sdb", "reads", ABSENT}, /* overflows */
    {"garbage", D(DISK), "sdc", "reads", 1},	  /* the first of two */
    {"garbage", D(NETWORK), "a", "receive_bytes", ABSENT},
    {"garbage", D(NETWORK), "../x", "receive_bytes", ABSENT},
    {"garbage", D(FILESYSTEM), "/bad\\999\\0", "read_only", 0},
    {"garbage", D(FILESYSTEM), "relative", "read_only", ABSENT},
    {"garbage", D(SOCKET), "", "used", ABSENT},
    {"garbage", D(SYSTEM), "", "users", ABSENT},
    {"garbage", D(SYSTEM), "", "uptime", ABSENT},
    {"truncated", D(LOAD), "", "five", ABSENT},
    {"truncated", D(DISK), "vda", "reads", 500},
    {"truncated", D(NETWORK), "eth0", "receive_bytes", ABSENT},
    {"truncated", D(PRESSURE), "", "io_some", ABSENT},
    {"truncated", D(PRESSURE), "", "memory_some", 2},
    {"truncated", D(SYSTEM), "", "boot_time", ABSENT},
};

static const struct {
	const char *tree;
	enum aur_domain_id domain;
	const char *name, *field, *want; /* NULL: absent */
} texts[] = {
    {"laptop", D(SYSTEM), "", "hostname", "lap"},
    {"laptop", D(SYSTEM), "", "release", "6.8.0-45-generic"},
    {"laptop", D(SYSTEM), "", "machine", "x86_64"},
    {"laptop", D(SYSTEM), "", "os_id_like", "debian"},
    {"laptop", D(SYSTEM), "", "os_version", "24.04.1 LTS (Noble \"Numbat\")"},
    {"laptop", D(SYSTEM), "", "machine_id", "0123456789abcdef0123456789abcdef"},
    {"laptop", D(CPU), "", "model", "Intel(R) Core(TM) i7-1165G7 @ 2.80GHz"},
    {"laptop", D(FILESYSTEM), "/srv", "device", "/dev/new"},
    {"laptop", D(FILESYSTEM), "/srv", "type", "xfs"},
    {"laptop", D(NETWORK), "wlp3s0", "address", "02:00:00:00:00:01"},
    {"laptop", D(NETWORK), "lo", "operstate", "unknown"},
    {"laptop", D(TEMPERATURE), "coretemp/temp1", "label", "Package id 0"},
    {"laptop", D(TEMPERATURE), "nvme/temp1", "chip_name", "nvme"},
    {"container", D(SYSTEM), "", "machine_id", NULL},
    {"container", D(SYSTEM), "", "os_id", "alpine"},
    {"container", D(CPU), "", "model", NULL},
    {"kernel310", D(SYSTEM), "", "machine", NULL},
    {"kernel310", D(SYSTEM), "", "os_name", "CentOS Linux"},
    {"garbage", D(COLLECTOR), "memory", "message", "not valid"},
    {"nopsi", D(COLLECTOR), "pressure", "message", NULL},
};

static const char *const trees[] = {"laptop", "server256", "container",
    "cgroup1", "cgroup2", "nopsi", "kernel310", "hidepid", "garbage",
    "truncated", "unplug-before", "unplug-after", "wrap-before", "wrap-after",
    "suspend-before", "suspend-after"};

static void check_tree(const char *tree, bool no_helper)
{
	struct aur_collect *c = tree_open(tree_path(tree),
	    aur_want_system() | AUR_WANT_DOMAIN(COLLECTOR), no_helper);
	struct aur_sample *s = tree_sample(c);
	char text[160];

	tap_ok(s != NULL, "%s: a sample", tree);
	for (size_t i = 0; s != NULL && i < AUR_ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];

		if (strcmp(r->tree, tree) != 0)
			continue;
		snprintf(text, sizeof(text), "%s: %s[%s].%s", tree,
		    aur_domain_get(r->domain)->name, r->name, r->field);
		tap_near(tree_number(s, r->domain, r->name, r->field), r->want,
		    fabs(r->want) * 1e-12, text);
	}
	for (size_t i = 0; s != NULL && i < AUR_ARRAY_LEN(texts); i++) {
		const char *got;

		if (strcmp(texts[i].tree, tree) != 0)
			continue;
		snprintf(text, sizeof(text), "%s: %s[%s].%s", tree,
		    aur_domain_get(texts[i].domain)->name, texts[i].name,
		    texts[i].field);
		got = tree_text(
		    s, texts[i].domain, texts[i].name, texts[i].field);
		if (texts[i].want == NULL)
			tap_ok(got == NULL, "%s is absent", text);
		else
			tap_eq_str(got, texts[i].want, text);
	}
	aur_sample_unref(s);
	aur_collect_free(c);
}

static void check_times(void)
{
	struct aur_collect *c = tree_open(tree_path("suspend-after"), 0, true);
	struct aur_sample *s = tree_sample(c);
	static const uint8_t id[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
	    0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};

	if (tap_ok(s != NULL, "a sample of nothing")) {
		tap_eq_int(s->mono.ns, 1001 * AUR_SECOND_NS, "mono");
		tap_eq_int(s->boot.ns, 4601 * AUR_SECOND_NS, "boot");
		tap_eq_int(
		    s->wall.ns, (1795000000 + 4601) * AUR_SECOND_NS, "wall");
		tap_eq_bytes(s->boot_id, 16, id, 16, "boot id");
		tap_eq_u64(s->seq, 1, "seq");
		tap_eq_u64(s->npart, 0, "no parts");
	}
	aur_sample_unref(s);
	aur_collect_free(c);
}

int main(void)
{
	int before = tree_count_fds();

	for (size_t i = 0; i < AUR_ARRAY_LEN(trees); i++)
		check_tree(trees[i], true);
	check_tree("laptop", false); /* by the helper: the same */
	check_times();
	tap_eq_int(tree_count_fds(), before, "no descriptor is left open");
	tap_ok(!tree_has_child(), "no process is left");
	return tap_done();
}
