/* SPDX-License-Identifier: MIT */
/* What samples tell to have happened, and what they do not. */
#include "agentd/daemon_notice.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

static struct aur_strs *strs;
static char told[1024]; /* "kind key=value ...; " */

static void add(const char *text, size_t n)
{
	size_t k = strlen(told);

	snprintf(told + k, sizeof(told) - k, "%.*s", (int)n, text);
}

static void on_event(void *arg, struct aur_event *e)
{
	(void)arg;
	add((const char *)e->kind.p, e->kind.n);
	for (size_t i = 0; i < e->npair; i++) {
		add(" ", 1);
		add((const char *)e->pair[i].key.p, e->pair[i].key.n);
		add("=", 1);
		add((const char *)e->pair[i].value.p, e->pair[i].value.n);
	}
	add(";", 1);
}

/* --- samples -------------------------------------------------------------- */

struct moment {
	double mono, boot, wall; /* seconds */
	uint64_t kills, room;	 /* of 1000 */
	bool no_vmstat;
};

static struct aur_sample *sample(const struct moment *m)
{
	struct aur_sample *s = aur_sample_new(strs);
	struct aur_part *p;
	ptrdiff_t i;

	s->mono.ns = aur_span_seconds(m->mono).ns;
	s->boot.ns = aur_span_seconds(m->boot).ns;
	s->wall.ns = aur_span_seconds(m->wall).ns;
	s->interval.ns = AUR_SECOND_NS;
	s->seq = (uint64_t)m->mono;
	if (!m->no_vmstat) {
		p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_VMSTAT));
		i = aur_part_one(p);
		aur_part_set(p, (size_t)i, AUR_VMSTAT_oom_kill, m->kills);
	}
	p = aur_sample_part(s, aur_domain_get(AUR_DOMAIN_FILESYSTEM));
	i = aur_part_add_named(p, aur_slice_str("/srv"));
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_size, 1100);
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_free, m->room + 100);
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_available, m->room);
	i = aur_part_add_named(p, aur_slice_str("/snap"));
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_size, 1000);
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_free, 0);
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_available, 0);
	aur_part_set(p, (size_t)i, AUR_FILESYSTEM_read_only, 1);
	return s;
}

/* One moment after the others; what is told of it. */
static const char *look(struct notice *n, struct moment m)
{
	struct aur_sample *s = sample(&m);
	int rc;

	told[0] = '\0';
	rc = notice_system(n, s);
	aur_sample_unref(s);
	return rc == 0 ? told : aur_err_name(rc);
}

static struct moment at(double t)
{
	return (struct moment){
	    .mono = t, .boot = t, .wall = 1795356000 + t, .room = 500};
}

static void test_times(void)
{
	struct notice n;
	struct moment m = at(10);

	notice_init(&n, on_event, NULL);
	tap_eq_str(look(&n, m), "", "a first sample tells nothing");
	tap_eq_str(look(&n, at(11)), "", "nor does the next second");
	tap_eq_str(look(&n, at(14)), "", "nor one that is late");
	tap_eq_str(look(&n, at(34)),
	    "gap seconds=20.0 cause=the service was held up;", "a gap");
	m = at(35);
	m.boot += 600;
	m.wall += 600;
	tap_eq_str(look(&n, m), "suspend seconds=600.0;", "a suspend");
	m.mono++, m.boot++;
	m.wall += 1 - 3600;
	tap_eq_str(
	    look(&n, m), "clock_step seconds=-3600.0;", "a clock set back");
	m.mono++, m.boot++;
	m.wall += 1.2;
	tap_eq_str(look(&n, m), "", "a clock that drifts");
	notice_release(&n);
}

static void test_kills(void)
{
	struct notice n;
	struct moment m = at(10);

	notice_init(&n, on_event, NULL);
	m.kills = 4;
	tap_eq_str(look(&n, m), "", "kills of before");
	m = at(11);
	m.kills = 6;
	tap_eq_str(look(&n, m), "oom_kill count=2;", "two are killed");
	m = at(12);
	m.no_vmstat = true;
	tap_eq_str(look(&n, m), "", "a kernel that does not tell");
	m = at(13);
	m.kills = 9;
	tap_eq_str(look(&n, m), "", "nothing to compare with");
	notice_release(&n);
}

static const char *with_room(struct notice *n, double t, uint64_t room)
{
	struct moment m = at(t);

	m.room = room;
	return look(n, m);
}

static void test_mounts(void)
{
	struct notice n;

	notice_init(&n, on_event, NULL);
	tap_eq_str(with_room(&n, 1, 51), "", "94.9 %");
	tap_eq_str(with_room(&n, 2, 50),
	    "filesystem_full mount=/srv used_percent=95.0;", "95 %");
	tap_eq_str(with_room(&n, 3, 20), "", "told once");
	tap_eq_str(with_room(&n, 4, 100), "", "a little less");
	tap_eq_str(with_room(&n, 5, 120),
	    "filesystem_room mount=/srv used_percent=88.0;", "below 90 %");
	tap_eq_str(with_room(&n, 6, 10),
	    "filesystem_full mount=/srv used_percent=99.0;", "and again");
	notice_release(&n);
}

/* --- units ---------------------------------------------------------------- */

struct row {
	uint64_t pid, start;
	const char *unit, *cgroup, *name;
};

static const char *table(struct notice *n, const struct row *row, size_t count)
{
	struct aur_sample *s = aur_sample_new(strs);
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < count; k++) {
		struct aur_key key = {{row[k].pid, row[k].start}};
		ptrdiff_t i = aur_part_add(p, key);

		rc = aur_part_set_text(
		    p, (size_t)i, AUR_PROCESS_unit, aur_slice_str(row[k].unit));
		if (rc == 0)
			rc = aur_part_set_text(p, (size_t)i, AUR_PROCESS_cgroup,
			    aur_slice_str(row[k].cgroup));
		if (rc == 0 && row[k].name != NULL)
			rc = aur_part_set_text(p, (size_t)i, AUR_PROCESS_name,
			    aur_slice_str(row[k].name));
	}
	told[0] = '\0';
	if (rc == 0)
		rc = notice_processes(n, s);
	aur_sample_unref(s);
	return rc == 0 ? told : aur_err_name(rc);
}

#define AS(name) "web.service", "/system.slice/web.service", name
#define WEB AS("web")
#define TABLE(n, ...)                                                          \
	table(n, (const struct row[]){__VA_ARGS__},                            \
	    AUR_ARRAY_LEN(((const struct row[]){__VA_ARGS__})))

static void test_units(void)
{
	struct notice n;

	notice_init(&n, on_event, NULL);
	tap_eq_str(TABLE(&n, {1, 1, "", "/init.scope", NULL}, {20, 5, WEB},
		       {21, 6, WEB}),
	    "", "a first table");
	tap_eq_str(TABLE(&n, {1, 1, "", "/init.scope", NULL}, {20, 5, WEB},
		       {22, 9, WEB}),
	    "", "a new worker");
	tap_eq_str(TABLE(&n, {1, 1, "", "/init.scope", NULL}, {30, 11, WEB},
		       {31, 12, WEB}),
	    "unit_restarted unit=web.service pid=30;", "all of it anew");
	tap_eq_str(
	    TABLE(&n, {1, 1, "", "/init.scope", NULL}), "", "it is gone");
	tap_eq_str(TABLE(&n, {1, 1, "", "/init.scope", NULL}, {40, 20, WEB}),
	    "", "and there: it was started, not restarted");
	tap_eq_str(TABLE(&n, {40, 30, WEB}),
	    "unit_restarted unit=web.service pid=40;", "a pid used again");
	tap_eq_str(
	    TABLE(&n, {50, 3, "a.service", "/user.slice/a.service", NULL}), "",
	    "a user's own");
	tap_eq_str(
	    TABLE(&n, {51, 4, "a.service", "/user.slice/a.service", NULL}), "",
	    "is not told");
	notice_release(&n);
}

static void test_programs(void)
{
	struct notice n;

	notice_init(&n, on_event, NULL);
	tap_eq_str(
	    TABLE(&n, {10, 1, AS("check")}), "", "what runs before the start");
	tap_eq_str(TABLE(&n, {20, 2, AS("web")}, {21, 3, AS("cgi")}), "",
	    "is followed by it");
	tap_eq_str(TABLE(&n, {30, 4, AS("web")}),
	    "unit_restarted unit=web.service pid=30;", "it is restarted");
	tap_eq_str(TABLE(&n, {40, 5, AS("cleanup")}), "",
	    "what runs behind its end is no restart");
	tap_eq_str(TABLE(&n, {50, 6, AS("cleanup")}, {51, 7, AS(NULL)}),
	    "unit_restarted unit=web.service pid=50;", "whatever its name");
	tap_eq_str(TABLE(&n, {60, 8, AS("web")}),
	    "unit_restarted unit=web.service pid=60;",
	    "one without a name may be any");
	notice_release(&n);
}

static void test_memory(void)
{
	unsigned failed = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct notice n;
		const char *said;

		fail_end();
		notice_init(&n, on_event, NULL);
		{
			struct moment m = at(1);
			struct aur_sample *a = sample(&m), *b;
			int rc;

			m = at(2);
			m.room = 1;
			b = sample(&m);
			told[0] = '\0';
			fail_begin(nth);
			rc = notice_system(&n, a);
			if (rc == 0)
				rc = notice_system(&n, b);
			said = rc == 0 ? told : aur_err_name(rc);
			aur_sample_unref(a);
			aur_sample_unref(b);
		}
		notice_release(&n);
		if (!fail_end())
			break;
		failed += strcmp(said, "nomem") == 0;
	}
	tap_ok(failed > 3, "no memory: said, %u times", failed);
}

int main(void)
{
	strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	test_times();
	test_kills();
	test_mounts();
	test_units();
	test_programs();

	test_memory();
	aur_strs_unref(strs);
	return tap_done();
}
