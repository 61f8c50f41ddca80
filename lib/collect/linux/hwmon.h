/* SPDX-License-Identifier: MIT */
/*
 * The inputs of /sys/class/hwmon: found by hwmon.c, read by temperature.c.
 */
#ifndef AUR_COLLECT_LINUX_HWMON_H
#define AUR_COLLECT_LINUX_HWMON_H

#include "collect/linux/linux.h"

#define AUR__SENSORS_MAX 256u

/* Files of one sensor, in the order they are asked for. */
enum aur__sensor_file {
	AUR__SENSOR_INPUT,
	AUR__SENSOR_LABEL,
	AUR__SENSOR_CRIT,
	AUR__SENSOR_FILES,
};

struct aur__sensor {
	char folder[32];    /* hwmon0 */
	char input[16];	    /* temp1 */
	char chip[128];	    /* platform_coretemp_0: never the same twice */
	char chip_name[64]; /* coretemp */
	char label[64];	    /* Package id 0; "" for none */
	bool asked[AUR__SENSOR_FILES];
	bool have_value, have_critical;
	int err;		 /* of the last reading */
	int64_t value, critical; /* thousandths of a degree */
	struct aur_mono at;
};

/* The temperature inputs there are, in the order of their names. Their
 * number, at most AUR__SENSORS_MAX, into `out`, or an aur_err. */
AUR_MUST_CHECK int aur__hwmon_find(
    struct aur_root *root, struct aur__sensor *out);

/* parse_hwmon.c: a device path, "/sys/devices/platform/coretemp.0", as
 * node_exporter names the chip; "" where it cannot. */
void aur__chip_of_device(struct aur_slice path, char *out, size_t size);
/* "temp12_input" as 12; 0 for anything else. */
unsigned aur__temp_number(struct aur_slice name);

#endif
