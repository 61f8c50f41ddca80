/* SPDX-License-Identifier: MIT */
/*
 * Every parser of the system's files; the first byte picks one. Cells must
 * stay within their part, strings in their table.
 */
#include "base/mem.h"
#include "base/strs.h"
#include "collect/linux/hwmon.h"
#include "collect/linux/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_lines(unsigned which, struct aur_slice text)
{
	struct aur__diskstat disk;
	struct aur__mount mount;
	struct aur__netdev dev;
	uint64_t cpu, hertz;
	char out[64];

	switch (which) {
	case 0:
		while (aur__parse_diskstat(&text, &disk))
			(void)(aur__disk_is_partition(disk.name) ||
			       aur__disk_is_virtual(disk.name));
		break;
	case 1:
		while (aur__parse_mount(&text, &mount)) {
			(void)aur__mount_unescape(
			    mount.point, out, sizeof(out));
			(void)aur__mount_is_pseudo(mount.point, mount.type);
		}
		break;
	case 2:
		while (aur__parse_netdev(&text, &dev))
			;
		break;
	case 3:
		(void)aur__parse_cpu_model(text);
		while (aur__parse_cpu_hertz(&text, &cpu, &hertz))
			;
		break;
	default:
		aur__chip_of_device(text, out, sizeof(out));
		(void)aur__temp_number(text);
	}
}

static void take_small(unsigned which, struct aur_slice text)
{
	struct aur_slice name;
	uint8_t id[16];

	switch (which) {
	case 0:
		aur__parse_uuid(text, id);
		break;
	case 1:
		(void)aur__parse_uptime(text);
		break;
	case 2:
		(void)aur__parse_btime(text);
		break;
	case 3:
		(void)aur__parse_passwd(text, 1000, &name);
		break;
	default:
		(void)aur__parse_utmp(text);
	}
}

/* Parsers that fill parts; a sample is made for each input. */
static void take_part(
    unsigned which, struct aur_slice text, struct aur_sample *s)
{
	static const enum aur_domain_id ids[] = {AUR_DOMAIN_CPU,
	    AUR_DOMAIN_LOAD, AUR_DOMAIN_MEMORY, AUR_DOMAIN_VMSTAT,
	    AUR_DOMAIN_PRESSURE, AUR_DOMAIN_SOCKET, AUR_DOMAIN_SOCKET,
	    AUR_DOMAIN_SYSTEM};
	struct aur_part *core, *p;
	int rc = 0;

	core = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_CORE));
	if (core == NULL)
		return;
	p = aur_sample_part(s, aur_domain_get(ids[which]));
	core = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_CORE));
	if (p == NULL || core == NULL)
		return;
	switch (which) {
	case 0:
		rc = aur__parse_cpus(text, p, core, NULL);
		aur__parse_schedstat(text, core);
		break;
	case 1:
		rc = aur__parse_loadavg(text, p);
		break;
	case 2:
		rc = aur__parse_meminfo(text, p);
		break;
	case 3:
		rc = aur__parse_vmstat(text, p);
		break;
	case 4:
		if (aur_part_one(p) == 0)
			(void)aur__parse_pressure(text, p, 0,
			    AUR_PRESSURE_cpu_some, AUR_PRESSURE_cpu_full);
		break;
	case 5:
		rc = aur__parse_sockstat(text, 4096, p);
		break;
	case 6:
		rc = aur__parse_snmp(text, p);
		break;
	default:
		if (aur_part_one(p) == 0)
			rc = aur__parse_os_release(text, p, 0);
	}
	(void)rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice text;
	struct aur_strs *strs;
	struct aur_sample *s;
	unsigned which;

	if (size == 0)
		return 0;
	which = data[0] % 18;
	text = aur_slice_of(data + 1, size - 1);
	if (which < 5) {
		take_lines(which, text);
		return 0;
	}
	if (which < 10) {
		take_small(which - 5, text);
		return 0;
	}
	strs = aur_strs_new(1u << 20);
	s = strs != NULL ? aur_sample_new(strs) : NULL;
	if (s != NULL)
		take_part(which - 10, text, s);
	aur_sample_unref(s);
	aur_strs_unref(strs);
	return 0;
}
