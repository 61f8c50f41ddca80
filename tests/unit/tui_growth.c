/* SPDX-License-Identifier: MIT */
/* When a filesystem will be full, and when nobody can tell. */
#include "tests/harness/tap.h"

#include "tui/growth.h"

#include <math.h>

#define MIB (1024.0 * 1024)

static struct tui_growth g;

static double full(const char *mount, double available)
{
	return tui_growth_full(&g, aur_slice_str(mount), available);
}

static void point(const char *mount, double t, double used)
{
	tui_growth_point(&g, aur_slice_str(mount), t, used);
}

static void test_steady(void)
{
	for (int i = 0; i < 100; i++)
		point("/srv", i, 1000 * MIB + i * MIB);
	tap_ok(isnan(full("/srv", 3600 * MIB)), "not yet");
	for (int i = 100; i < 200; i++)
		point("/srv", i, 1000 * MIB + i * MIB);
	tap_ok(fabs(full("/srv", 3600 * MIB) - 3600) < 1,
	    "a MiB a second: 3600 MiB are an hour (%g)",
	    full("/srv", 3600 * MIB));
	for (int i = 200; i < 36000; i++)
		point("/srv", i, 1000 * MIB + i * MIB);
	tap_ok(fabs(full("/srv", 3600 * MIB) - 3600) < 1, "ten hours on");
	tap_ok(g.fs[0].n <= TUI_GROWTH_POINTS && g.fs[0].n >= 32 &&
		   g.fs[0].point[0].t == 0,
	    "the points hold the whole run");
	tap_ok(isnan(full("/srv", 1e6 * 86400 * MIB)), "not within a year");
	tap_ok(isnan(full("/other", 3600 * MIB)), "one never seen");
}

static void test_unsteady(void)
{
	for (int i = 0; i < 1000; i++) {
		point("/flat", i, 500 * MIB);
		point("/shrinks", i, 5000 * MIB - i * MIB);
		point("/jumps", i, i < 900 ? 500 * MIB : 900 * MIB);
		point("/stopped", i, (i < 400 ? i : 400) * MIB);
		point("/noise", i, 500 * MIB + i * 37 % 97 * MIB);
	}
	tap_ok(isnan(full("/flat", 100 * MIB)), "it stands");
	tap_ok(isnan(full("/shrinks", 100 * MIB)), "it falls");
	tap_ok(isnan(full("/jumps", 100 * MIB)), "one jump is no trend");
	tap_ok(isnan(full("/stopped", 100 * MIB)), "it has stopped");
	tap_ok(isnan(full("/noise", 100 * MIB)), "up and down");
	for (int i = 1000; i < 1400; i++)
		point("/stopped", i, (i - 1000) * 2 * MIB);
	tap_ok(fabs(full("/stopped", 7200 * MIB) - 3600) < 60,
	    "room was made: it begins anew (%g)", full("/stopped", 7200 * MIB));
}

static void test_many(void)
{
	char name[200];

	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "/m%d", i);
		point(name, i, 1);
	}
	tap_eq_int((int64_t)g.n, TUI_GROWTH_MAX, "no more than that");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	point(name, 1, 1);
	tap_ok(isnan(full(name, 1)), "a name too long is left out");
}

int main(void)
{
	test_steady();
	test_unsteady();
	test_many();
	tui_growth_release(&g);
	return tap_done();
}
