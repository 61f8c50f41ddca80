/* SPDX-License-Identifier: MIT */
/* Which processes, in which order; selection, tags, tree. */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "base/mem.h"
#include "tui/process_list.h"

static struct fakefeed feed;
static struct aur_figures f;
static struct tui_list l;

static void take(void)
{
	aur_figures_release(&f);
	tap_ok(aur_figures_init(&f, feed.host.before, feed.host.now) == 0,
	    "figures");
}

static void update(bool hold)
{
	tap_ok(tui_list_update(&l, &f, hold) == 0, "update");
}

/* The pids in order, with depth marks. */
static const char *pids(void)
{
	static char out[1024];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < l.n && n < sizeof(out) - 32; i++) {
		n += (size_t)snprintf(
		    out + n, sizeof(out) - n, "%s", i > 0 ? " " : "");
		for (int d = 0; d < l.row[i].depth; d++)
			out[n++] = '-';
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%llu",
		    (unsigned long long)l.row[i].who.key.v[0]);
	}
	return out;
}

static void test_sort(void)
{
	update(false);
	tap_eq_str(pids(), "521 411 410 700 600 90 1 300 520 2",
	    "by CPU, equals by pid, of the kernel last");
	tui_list_sort(&l, AUR_COLUMN_PID);
	update(false);
	tap_eq_str(pids(), "1 2 90 300 410 411 520 521 600 700", "by pid");
	tui_list_sort(&l, AUR_COLUMN_PID);
	update(false);
	tap_eq_str(pids(), "700 600 521 520 411 410 300 90 2 1",
	    "again: turned round");
	tui_list_sort(&l, AUR_COLUMN_RSS);
	update(false);
	tap_eq_str(pids(), "411 521 410 700 600 1 300 520 2 90", "by memory");
	tui_list_sort(&l, AUR_COLUMN_USER);
	update(false);
	tap_eq_str(
	    pids(), "520 521 600 700 411 1 300 2 90 410", "text ascends");
	tui_list_sort(&l, AUR_COLUMN_COMMAND);
	update(false);
	tap_eq_str(pids(), "700 520 521 1 2 90 410 411 300 600",
	    "commands by the names of their programs");
	tui_list_sort(&l, AUR_COLUMN_CPU);
}

static void set_filter(const char *text)
{
	aur_filter_free(l.filter);
	l.filter = NULL;
	tap_ok(aur_filter_parse(aur_slice_str(text), tui_filter_find, NULL,
		   &l.filter, NULL, NULL) == 0,
	    "filter %s", text);
	update(false);
}

static void test_filter(void)
{
	static const uint64_t some[] = {90, 300};

	set_filter("cpu>5");
	tap_eq_str(pids(), "521 411 410", "by a field");
	set_filter("user eq alice");
	tap_eq_str(pids(), "521 600 520", "by text");
	set_filter("postgres");
	tap_eq_str(pids(), "411", "by plain text");
	aur_filter_free(l.filter);
	l.filter = NULL;
	l.kernel = false;
	update(false);
	tap_eq_int((int64_t)l.n, 8, "no kernel threads");
	l.kernel = true;
	snprintf(l.user, sizeof(l.user), "www-data");
	update(false);
	tap_eq_str(pids(), "410", "of a user");
	l.user[0] = '\0';
	l.pids = some;
	l.npid = 2;
	update(false);
	tap_eq_str(pids(), "90 300", "of pids");
	l.pids = NULL;
	update(false);
	tap_eq_int((int64_t)l.total, 10, "all are counted");
}

static void test_tree(void)
{
	l.tree = true;
	update(false);
	tap_eq_str(pids(), "1 -411 -410 -700 -300 --520 ---521 ---600 2 -90",
	    "siblings by CPU");
	tap_ok(l.row[0].children && !l.row[1].children, "a branch");
	tap_ok(l.row[4].last && l.row[3].depth == 1, "the last sibling");
	tap_eq_int(l.row[6].guides, 0, "no guide below a last one");
	tui_list_go(&l, 5);
	tap_eq_int(tui_keys_toggle(&l.folds, l.selected), 0, "fold");
	update(false);
	tap_eq_str(pids(), "1 -411 -410 -700 -300 --520 2 -90", "folded");
	tap_ok(l.row[5].folded, "and it shows");
	tap_ok(l.row[5].hidden == 2 && (int)(l.row[5].cpu + 0.5f) == 100 &&
		   (int64_t)l.row[5].rss == 235ll << 20,
	    "with the sums of the branch: %u, %g, %g", l.row[5].hidden,
	    (double)l.row[5].cpu, l.row[5].rss);
	tap_eq_int(tui_list_fold_all(&l), 0, "unfold all");
	update(false);
	tap_eq_int((int64_t)l.n, 10, "all are back");
	tap_eq_int(tui_list_fold_all(&l), 0, "fold all");
	update(false);
	tap_eq_str(pids(), "1 2", "roots");
	tui_keys_clear(&l.folds);
	l.tree = false;
	update(false);
}

/* The pids of context alone. */
static int64_t context(void)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l.n; i++)
		if (l.row[i].context)
			sum = sum * 1000 + (int64_t)l.row[i].who.key.v[0];
	return sum;
}

static void test_tree_filter(void)
{
	static const uint64_t some[] = {600};

	l.tree = true;
	set_filter("cpu>50");
	tap_eq_str(pids(), "1 -300 --520 ---521", "with its ancestors");
	tap_eq_int(context(), 1300520, "which are marked");
	set_filter("name eq nosuch");
	tap_eq_int((int64_t)l.n, 0, "nothing passes: no context");
	aur_filter_free(l.filter);
	l.filter = NULL;
	l.pids = some;
	l.npid = 1;
	update(false);
	tap_eq_str(pids(), "1 -300 --520 ---600", "the same of a pid");
	l.pids = NULL;
	l.tree = false;
	set_filter("cpu>50");
	tap_eq_str(pids(), "521", "a list has no context");
	aur_filter_free(l.filter);
	l.filter = NULL;
	update(false);
}

static void test_selection(void)
{
	struct aur_sample *s;

	l.chosen = false;
	update(false);
	tap_eq_int((int64_t)l.cursor, 0, "first row");
	l.sort = AUR_COLUMN_PID;
	l.descending = true;
	update(false);
	tap_eq_int((int64_t)l.cursor, 0, "until it is moved");
	tui_list_move(&l, TUI_DO_DOWN, 5);
	tap_eq_int((int64_t)l.selected.key.v[0], 600, "down");
	tui_list_sort(&l, AUR_COLUMN_PID);
	update(false);
	tap_eq_int((int64_t)l.row[l.cursor].who.key.v[0], 600,
	    "the process, not the row");
	tui_list_move(&l, TUI_DO_BOTTOM, 5);
	tui_list_move(&l, TUI_DO_DOWN, 5);
	tap_eq_int((int64_t)l.cursor, 9, "no further than the end");
	tui_list_move(&l, TUI_DO_PAGE_UP, 5);
	tap_eq_int((int64_t)l.cursor, 4, "a page");
	tui_list_move(&l, TUI_DO_PAGE_UP, 5);
	tap_eq_int((int64_t)l.cursor, 0, "no further than the top");
	tui_list_go(&l, 3);
	tap_eq_int((int64_t)l.selected.key.v[0], 300, "selected");
	s = fakefeed_sample(&feed);
	fakefeed_process(s, 1, 0, "root", "systemd", "/sbin/init");
	fakefeed_process(s, 250, 1, "root", "new", "new");
	fakefeed_process(s, 410, 1, "www-data", "nginx", "nginx");
	fakefeed_process(s, 411, 1, "www-data", "nginx", "nginx");
	fakefeed_process(s, 520, 1, "alice", "bash", "-bash");
	fakefeed_push(&feed, s);
	take();
	update(true);
	tap_eq_str(pids(), "1 410 411 520", "on hold nothing moves in");
	tap_eq_int((int64_t)l.selected.key.v[0], 520, "the row of the ended");
	update(false);
	tap_eq_str(pids(), "1 250 410 411 520", "later it does");
	fakefeed_machine(&feed, 2, 0);
	fakefeed_machine(&feed, 2, 0);
	take();
	update(false);
}

static void test_search(void)
{
	tap_ok(
	    tui_list_search(&l, &f, aur_slice_str("410"), 0, false), "a pid");
	tap_eq_int((int64_t)l.selected.key.v[0], 410, "is found");
	tap_ok(tui_list_search(&l, &f, aur_slice_str("NGINX"), 0, false),
	    "text, whatever its case");
	tap_ok(!tui_list_search(&l, &f, aur_slice_str("nowhere"), 0, false),
	    "not there");
	tap_eq_int((int64_t)l.selected.key.v[0], 410, "stays");
	tap_ok(tui_list_search(&l, &f, aur_slice_str("sbin"), 9, true),
	    "backward");
	tap_eq_int((int64_t)l.selected.key.v[0], 300, "the last one");
}

static void test_tags(void)
{
	tui_list_search(&l, &f, aur_slice_str("520"), 0, false);
	tap_eq_int(tui_list_tag_tree(&l, &f), 0, "tag a tree");
	tap_eq_int((int64_t)l.tags.n, 3, "with its children");
	tap_ok(tui_keys_has(&l.tags, (struct tui_who){.key = {{521, 5210}}}),
	    "one");
	tap_ok(!tui_keys_has(&l.tags, (struct tui_who){.key = {{521, 1}}}),
	    "not another of that pid");
	tap_eq_int(tui_keys_toggle(&l.tags, l.selected), 0, "untag one");
	tap_eq_int((int64_t)l.tags.n, 2, "two are left");
	tui_keys_clear(&l.tags);
}

static void test_hostile(void)
{
	struct aur_sample *s = fakefeed_sample(&feed);

	fakefeed_process(s, 10, 11, "a", "ring", "ring");
	fakefeed_process(s, 11, 10, "a", "ring", "ring");
	fakefeed_process(s, 12, 12, "a", "self", "self");
	for (uint64_t i = 100; i < 5000; i++)
		fakefeed_process(s, i, i - 1, "a", "chain", "chain");
	fakefeed_push(&feed, s);
	take();
	l.tree = true;
	update(false);
	tap_eq_int((int64_t)l.n, 4903, "rings and chains: all are told once");
	tap_eq_int(tui_list_fold_all(&l), 0, "fold all");
	update(false);
	tap_ok(l.n >= 3 && l.n < 10, "folded (%zu)", l.n);
	tui_keys_clear(&l.folds);
	l.tree = false;
	update(false);
}

static unsigned long fail_at;

static int fail_nth(unsigned long nth, void *arg)
{
	(void)arg;
	return nth == fail_at;
}

static void test_memory(void)
{
	int rc = -1;

	l.tree = true;
	for (fail_at = 1; rc < 0 && fail_at < 100; fail_at++) {
		struct tui_list other;

		tui_list_init(&other);
		other.tree = true;
		aur_mem_set_fail(fail_nth, NULL);
		rc = tui_list_update(&other, &f, false);
		aur_mem_set_fail(NULL, NULL);
		tui_list_release(&other);
	}
	tap_ok(rc == 0 && fail_at > 3, "each allocation failed once");
}

int main(void)
{
	fakefeed_init(&feed);
	fakefeed_machine(&feed, 2, 0);
	fakefeed_machine(&feed, 2, 0);
	tui_list_init(&l);
	take();
	test_sort();
	test_filter();
	test_tree();
	test_tree_filter();
	test_selection();
	test_search();
	test_tags();
	test_memory();
	test_hostile();
	tui_list_release(&l);
	aur_figures_release(&f);
	fakefeed_release(&feed);
	return tap_done();
}
