/* SPDX-License-Identifier: MIT */
/* METRIC paths: parsing, the nearest one, and which rows they mean. */
#include "model/metric.h"

#include "base/err.h"
#include "tests/unit/model_host.h"

static void parses(const char *text, int figure, const char *instance)
{
	struct aur_metric m = {.figure = AUR_FIG_COUNT, .instance = "?"};
	int rc = aur_metric_parse(aur_slice_str(text), &m, NULL);

	tap_eq_int(rc, 0, text);
	tap_eq_int(m.figure, figure, "its figure");
	tap_eq_str(m.instance, instance, "its instance");
	tap_ok(
	    rc < 0 || m.group == aur_figure_get(m.figure)->group, "its group");
}

static void refused(const char *text, int want, const char *want_nearest)
{
	struct aur_metric m = {.figure = AUR_FIG_COUNT};
	const char *nearest = "(none)";
	int rc = aur_metric_parse(aur_slice_str(text), &m, &nearest);

	tap_eq_int(rc, want, text);
	tap_eq_str(nearest, want_nearest, "the nearest");
	tap_eq_int(m.figure, AUR_FIG_COUNT, "nothing is touched");
}

static void paths(void)
{
	parses("cpu.busy_percent", AUR_FIG_cpu_busy_percent, "");
	parses("cpu.busy", AUR_FIG_cpu_busy_percent, "");
	parses("memory.used_bytes", AUR_FIG_memory_used_bytes, "");
	parses("load.one", AUR_FIG_load_one, "");
	parses("disks[vda].busy_percent", AUR_FIG_disks_busy_percent, "vda");
	parses("disks.vda.busy_percent", AUR_FIG_disks_busy_percent, "vda");
	parses("disks.busy_percent", AUR_FIG_disks_busy_percent, "");
	parses("disks[sd[ab]].await", AUR_FIG_disks_await_ms, "sd[ab]");
	parses("filesystems[/srv/a.b].used_percent",
	    AUR_FIG_filesystems_used_percent, "/srv/a.b");
	parses("filesystems./srv/a.b.used_percent",
	    AUR_FIG_filesystems_used_percent, "/srv/a.b");
	parses("filesystems[/a]b].type", AUR_FIG_filesystems_type, "/a]b");
	parses("filesystems[/].used_percent", AUR_FIG_filesystems_used_percent,
	    "/");
	parses(
	    "filesystems.used_percent", AUR_FIG_filesystems_used_percent, "");
	parses("network[eth*].receive",
	    AUR_FIG_network_receive_bytes_per_second, "eth*");
	parses("cores[0].busy_percent", AUR_FIG_cores_busy_percent, "0");
	parses("cpu.cores[0].busy_percent", AUR_FIG_cores_busy_percent, "0");
	parses("cpu.cores.0.busy_percent", AUR_FIG_cores_busy_percent, "0");
	parses("cpu.cores.busy", AUR_FIG_cores_busy_percent, "");
}

static void mistakes(void)
{
	char text[400];

	refused("cpu.buzy_percent", AUR_EABSENT, "cpu.busy_percent");
	refused("cpus.busy_percent", AUR_EABSENT, "cpu.busy_percent");
	refused("disk[sda].busy_percent", AUR_EABSENT, "disks.busy_percent");
	refused("disks[sda].busi", AUR_EABSENT, "disks.busy_percent");
	refused("memory.used", AUR_EABSENT, "memory.used_bytes");
	refused("cpu.cores[0].sistem", AUR_EABSENT, "cores.system_percent");
	refused("cpu", AUR_EINVALID, "(none)");
	refused("", AUR_EINVALID, "(none)");
	refused(".", AUR_EINVALID, "(none)");
	refused("cpu.", AUR_EINVALID, "(none)");
	refused("disks[].busy_percent", AUR_EINVALID, "(none)");
	refused("disks..busy_percent", AUR_EINVALID, "(none)");
	refused("disks[sda.busy_percent", AUR_EINVALID, "(none)");
	refused("disks[", AUR_EINVALID, "(none)");
	refused("cpu[0].busy_percent", AUR_EINVALID, "(none)");
	refused("load.x.one", AUR_EINVALID, "(none)");
	snprintf(text, sizeof(text), "disks[%0300d].busy_percent", 0);
	refused(text, AUR_EINVALID, "(none)");
	snprintf(text, sizeof(text), "disks.%0300d", 0);
	refused(text, AUR_EABSENT, "disks.device");
	tap_eq_int(aur_metric_parse(aur_slice_of("disks[a\0b].await_ms", 19),
		       &(struct aur_metric){.instance = ""}, NULL),
	    AUR_EINVALID, "a NUL in a name");
}

static void means(struct host *h, const char *text, const char *want)
{
	struct aur_metric m;
	char got[16] = "";
	size_t n = 0;

	make_sure(aur_metric_parse(aur_slice_str(text), &m, NULL) == 0, text);
	for (size_t row = 0; row < 5; row++)
		if (aur_metric_matches(&m, &h->f, row))
			got[n++] = (char)('0' + row);
	tap_eq_str(got, want, text);
}

static void rows(void)
{
	static const char *const mount[] = {"/", "/srv/a.b", "/srv/a[1]"};
	struct host h;
	struct aur_part *p;

	host_init(&h);
	p = make_part(h.b, AUR_DOMAIN_FILESYSTEM);
	for (size_t i = 0; i < 3; i++)
		make_named(p, mount[i]);
	p = make_part(h.b, AUR_DOMAIN_CORE);
	for (uint64_t k = 9; k < 12; k++)
		make_key(p, k, 0);
	host_ready(&h, false);
	means(&h, "filesystems.used_percent", "012");
	means(&h, "filesystems[/].used_percent", "0");
	means(&h, "filesystems[/srv/*].used_percent", "12");
	means(&h, "filesystems[/srv/a.b].used_percent", "1");
	means(&h, "filesystems[/srv/a[1]].used_percent", "2");
	means(&h, "filesystems[/none].used_percent", "");
	means(&h, "cores[10].busy", "1");
	means(&h, "cpu.cores.1*.busy", "12");
	means(&h, "cpu.busy", "0");
	means(&h, "disks.busy", "");
	host_release(&h);
}

/* Every figure is reached by its full path. */
static void all(void)
{
	bool good = true;

	for (int i = 0; i < AUR_FIG_COUNT; i++) {
		const struct aur_figure *f = aur_figure_get(i);
		struct aur_metric m;
		char text[128];

		snprintf(text, sizeof(text), "%s.%s",
		    aur_group_get(f->group)->name, f->name);
		good = good &&
		       aur_metric_parse(aur_slice_str(text), &m, NULL) == 0 &&
		       m.figure == (enum aur_figure_id)i;
	}
	tap_ok(good, "each figure has a path");
}

int main(void)
{
	paths();
	mistakes();
	rows();
	all();
	return tap_done();
}
