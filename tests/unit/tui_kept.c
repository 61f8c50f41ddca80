/* SPDX-License-Identifier: MIT */
/* Points of what is kept: coarse ones hold for their time, gaps stay gaps, and
 * a graph asks no more often than it has to. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "tui/far.h"

#include <math.h>

static int coarse;     /* a point each so many steps */
static size_t missing; /* that one of them lacks; 0: none */
static int err;
static unsigned calls;
static char row[300];

static int points(struct aur_feed *f, size_t i, const struct aur_metric *m,
    struct aur_wall from, struct aur_wall to, struct aur_point *points,
    size_t n)
{
	(void)f;
	(void)i;
	(void)from;
	(void)to;
	calls++;
	snprintf(row, sizeof(row), "%s", m->instance);
	for (size_t k = 0; k < n; k++) {
		bool known = (int)(k % (size_t)coarse) == coarse - 1 &&
			     (missing == 0 || k != missing);
		float v = (float)k;

		points[k] = known ? (struct aur_point){v, v, v, 1}
				  : (struct aur_point){NAN, NAN, NAN, 0};
	}
	return err;
}

static const struct aur_feed_past past = {.points = points};
static struct aur_feed feed = {.past = &past};
static struct tui_kept kept = {.feed = &feed};

static struct aur_point point[60];

static bool ask(const char *name)
{
	return tui_kept_points(&kept, AUR_FIG_disks_busy_percent, name,
	    (struct aur_wall){0}, (struct aur_wall){60 * AUR_SECOND_NS}, point,
	    60);
}

static size_t known(void)
{
	size_t n = 0;

	for (size_t i = 0; i < 60; i++)
		n += point[i].n > 0;
	return n;
}

static void test_fine(void)
{
	coarse = 1;
	missing = 20;
	tap_ok(ask("vda"), "fine points");
	tap_eq_str(row, "vda", "of that row");
	tap_eq_u64(known(), 59, "a gap among them stays one");
	coarse = 2;
	missing = 21;
	ask("vda");
	tap_eq_u64(known(), 58, "also where every other is known");
	tap_near(point[40].mean, 41, 0, "the others hold until they are told");
}

static void test_coarse(void)
{
	coarse = 10;
	missing = 0;
	ask("vda");
	tap_eq_u64(known(), 60, "every tenth is all of them");
	tap_near(point[13].mean, 19, 0, "held backwards");
	missing = 29;
	ask("vda");
	tap_ok(known() < 52 && known() > 48, "one of ten lacks: %zu", known());
	tap_ok(point[25].n == 0, "in the middle of it nothing is known");
	coarse = 60;
	ask("vda");
	tap_eq_u64(known(), 1, "one alone tells nothing of the others");
}

static void test_errors(void)
{
	char name[400];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	coarse = 1;
	tap_ok(!ask(name) && known() == 0, "a name too long is not kept");
	err = AUR_EIO;
	tap_ok(!ask("vda") && known() == 0, "nor what cannot be read");
	err = 0;
	kept.feed = NULL;
	tap_ok(!ask("vda") && known() == 0, "nor anything where nothing is");
	kept.feed = &feed;
}

static void test_far(void)
{
	struct tui_far far = {0};
	struct tui_far_want w = {&kept, AUR_FIG_disks_busy_percent, "vda",
	    2 * AUR_SECOND_NS, 100, 139, 20, 0};
	const struct aur_series *s = tui_far_reach(&far, &w);

	calls = 0;
	tap_ok(s != NULL && s->step.ns == AUR_SECOND_NS, "half columns");
	tap_eq_int(s->newest, 2 * 159 + 1, "and some more than show");
	w.left += 15;
	w.right += 15;
	tap_ok(
	    tui_far_reach(&far, &w) == s && calls == 0, "moving asks nothing");
	w.left += 15;
	w.right += 15;
	tap_ok(
	    tui_far_reach(&far, &w) != NULL && calls == 1, "too far it does");
	w.name = "vdb";
	tui_far_reach(&far, &w);
	tap_eq_u64(calls, 2, "another row");
	w.now = 1000 * AUR_SECOND_NS;
	tui_far_reach(&far, &w);
	w.now += 5 * AUR_SECOND_NS;
	calls = 0;
	tui_far_reach(&far, &w);
	tap_eq_u64(calls, 0, "live, it is known for some seconds");
	w.now += 6 * AUR_SECOND_NS;
	tui_far_reach(&far, &w);
	tap_eq_u64(calls, 1, "and then asked again");
	w.column = 60 * AUR_SECOND_NS;
	coarse = 1;
	missing = 59;
	tap_eq_int(tui_far_highest(&w, 0), 59 * AUR_SECOND_NS - 1,
	    "the highest moment of a column");
	err = AUR_EIO;
	tap_eq_int(tui_far_highest(&w, 0), 60 * AUR_SECOND_NS - 1,
	    "its end where that is not known");
	err = 0;
	tui_far_release(&far);
}

int main(void)
{
	test_fine();
	test_coarse();
	test_errors();
	test_far();
	return tap_done();
}
