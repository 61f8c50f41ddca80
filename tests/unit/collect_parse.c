/* SPDX-License-Identifier: MIT */
/* Parsers of the system's files, where a tree does not tell enough. */
#include "tests/unit/collect_tree.h"

#include "collect/linux/hwmon.h"
#include "collect/linux/parse.h"

static void check_words(void)
{
	static const struct aur__word t[] = {{"a", 1}, {"bb", 2}, {"b", 3}};
	size_t hint = 0;

	tap_eq_int(
	    aur__word_find(t, 3, aur_slice_str("bb"), &hint), 1, "a word");
	tap_eq_u64(hint, 2, "the next is looked for behind it");
	tap_eq_int(aur__word_find(t, 3, aur_slice_str("a"), &hint), 0,
	    "and then from the start");
	tap_eq_int(aur__word_find(t, 3, aur_slice_str("c"), &hint), -1,
	    "one that is not there");
	tap_eq_int(aur__word_find(t, 3, aur_slice_str(""), &hint), -1,
	    "nor is nothing");
}

static void check_unescape(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {{"/a\\040b", "/a b"}, {"\\134\\011", "\\\t"},
	    {"\\04", "\\04"}, {"\\999", "\\999"}, {"\\000", "\\000"},
	    {"\\777", "\\777"}, {"", ""}, {"\\", "\\"}};
	char out[16];

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++) {
		ptrdiff_t n = aur__mount_unescape(
		    aur_slice_str(rows[i].in), out, sizeof(out));

		tap_eq_int(n, (int64_t)strlen(rows[i].out), rows[i].in);
		tap_eq_str(out, rows[i].out, "its bytes");
	}
	tap_eq_int(aur__mount_unescape(aur_slice_str("123"), out, 3), -1,
	    "no room for the end");
	tap_eq_int(
	    aur__mount_unescape(aur_slice_str("12"), out, 3), 2, "just room");
}

static void check_mounts(void)
{
	static const struct {
		const char *point, *type;
		bool pseudo;
	} rows[] = {
	    {"/", "overlay", false},
	    {"/", "ext4", false},
	    {"/proc", "proc", true},
	    {"/procfoo", "ext4", false},
	    {"/dev/shm", "tmpfs", true},
	    {"/run/credentials", "ramfs", false},
	    {"/run/credentials/x.service", "ramfs", true},
	    {"/var/lib/docker", "ext4", false},
	    {"/var/lib/docker/overlay2/x", "ext4", true},
	    {"/var/lib/containers/storage/x", "xfs", true},
	    {"/srv", "nfs4", false},
	    {"/srv", "cgroup2", true},
	    {"/snap/x", "squashfs", true},
	    {"/tmp", "tmpfs", false},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++)
		tap_ok(aur__mount_is_pseudo(aur_slice_str(rows[i].point),
			   aur_slice_str(rows[i].type)) == rows[i].pseudo,
		    "%s of type %s is %s", rows[i].point, rows[i].type,
		    rows[i].pseudo ? "left out" : "shown");
}

static void check_mount_line(void)
{
	struct aur_slice text = aur_slice_str(
	    "36 35 98:0 /m /mnt rw,noatime master:1 shared:2 - ext3 /dev/x "
	    "rw,errors=continue\n"
	    "37 35 98:0 / /a rw - nfs s:/x ro,vers=4\n"
	    "38 35 98:0 / /b ro,proto - nfs s:/x rw\n");
	struct aur__mount m;

	tap_ok(aur__parse_mount(&text, &m) && aur_slice_is(m.point, "/mnt") &&
		   aur_slice_is(m.type, "ext3") &&
		   aur_slice_is(m.device, "/dev/x") && !m.read_only,
	    "a mount with optional fields");
	tap_ok(aur__parse_mount(&text, &m) && m.read_only,
	    "read-only for its server");
	tap_ok(aur__parse_mount(&text, &m) && m.read_only,
	    "read-only where it is mounted");
	tap_ok(!aur__parse_mount(&text, &m), "and no more");
}

static void check_disks(void)
{
	static const char *const parts[] = {
	    "sda1", "vdb12", "xvda2", "nvme0n1p1", "mmcblk0p2", "hda3"};
	static const char *const wholes[] = {
	    "sda", "vdb", "nvme0n1", "mmcblk0", "md0", "dm-3", "sr0"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(parts); i++)
		tap_ok(aur__disk_is_partition(aur_slice_str(parts[i])),
		    "%s is a partition", parts[i]);
	for (size_t i = 0; i < AUR_ARRAY_LEN(wholes); i++)
		tap_ok(!aur__disk_is_partition(aur_slice_str(wholes[i])),
		    "%s is none", wholes[i]);
	tap_ok(aur__disk_is_virtual(aur_slice_str("zram0")), "zram0");
	tap_ok(!aur__disk_is_virtual(aur_slice_str("sda")), "sda");
}

static void check_chips(void)
{
	static const struct {
		const char *path, *name;
	} rows[] = {
	    {"/sys/devices/platform/coretemp.0", "platform_coretemp_0"},
	    {"../../devices/pci0000:00/0000:00:1d.0/nvme/nvme0", "nvme_nvme0"},
	    {"../../devices/virtual/thermal/thermal_zone0",
		"thermal_thermal_zone0"},
	    {"Acpi-TZ", "acpi_tz"},
	    {"", ""},
	    {"///", ""},
	};
	char out[64], tiny[4];

	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++) {
		aur__chip_of_device(
		    aur_slice_str(rows[i].path), out, sizeof(out));
		tap_eq_str(out, rows[i].name, rows[i].path);
	}
	aur__chip_of_device(aur_slice_str("/a/bcdef"), tiny, sizeof(tiny));
	tap_eq_str(tiny, "a_b", "cut where there is no room");
	tap_eq_u64(
	    aur__temp_number(aur_slice_str("temp12_input")), 12, "an input");
	tap_eq_u64(aur__temp_number(aur_slice_str("temp1_crit")), 0,
	    "a limit is none");
	tap_eq_u64(
	    aur__temp_number(aur_slice_str("temp_input")), 0, "nor is this");
}

static void check_small(void)
{
	uint8_t bytes[800] = {0}, id[16];
	struct aur_slice name;

	bytes[0] = 7;
	bytes[44] = 'x';
	bytes[384] = 7; /* without a user */
	tap_eq_u64(aur__parse_utmp(aur_slice_of(bytes, 768)), 1, "a session");
	bytes[400] = 7;
	bytes[444] = 'y';
	tap_eq_u64(aur__parse_utmp(aur_slice_of(bytes, 800)), 2,
	    "records of 64-bit machines");
	tap_eq_u64(aur__parse_utmp(aur_slice_of(bytes, 10)), 0, "none");
	tap_eq_int(
	    aur__parse_uptime(aur_slice_str("1.50 2\n")), 1500000000, "uptime");
	tap_eq_int(aur__parse_uptime(aur_slice_str("-1 2")), 0, "none");
	tap_eq_int(aur__parse_uptime(aur_slice_str("99999999999999999 1")), 0,
	    "one that no clock has");
	aur__parse_uuid(aur_slice_str("0123"), id);
	tap_eq_u64(id[0], 0, "half an id is none");
	tap_ok(
	    aur__parse_passwd(
		aur_slice_str("bad\nroot:x:0:0\n:x:5:\nx:x:5:5\n"), 5, &name) &&
		aur_slice_is(name, "x"),
	    "a user with a name");
	tap_ok(aur_slice_is(aur__parse_cpu_model(aur_slice_str(
				"cpu : POWER9\nHardware : board\n")),
		   "POWER9"),
	    "the better word for a CPU");
}

int main(void)
{
	check_words();
	check_unescape();
	check_mounts();
	check_mount_line();
	check_disks();
	check_chips();
	check_small();
	return tap_done();
}
