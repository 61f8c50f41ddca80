/* SPDX-License-Identifier: MIT */
/*
 * The screen for the captured trees of /proc and /sys: what collectors read of
 * each, drawn at four sizes, the overview and the host. One file for each tree
 * is kept; what a kernel lacks shows there as "-" and never as 0.
 */
#include "tests/unit/collect_tree.h"

#include "tests/harness/fakefeed.h"
#include "tests/harness/golden.h"

#include "tui/app.h"

static const char *const trees[] = {"cgroup1", "cgroup2", "container",
    "garbage", "hidepid", "kernel310", "laptop", "nopsi", "server256",
    "truncated"};

static const struct {
	int w, h;
	bool ascii;
} size[] = {
    {40, 12, true}, {80, 24, false}, {120, 40, false}, {200, 50, false}};

static struct tui_app app;

static void on_change(void *arg, size_t host, unsigned changes)
{
	(void)arg;
	tui_app_change(&app, host, changes, (struct aur_mono){AUR_SECOND_NS});
}

static void press(uint32_t k)
{
	struct tui_event e = {.kind = TUI_EVENT_KEY, .key = k};

	tui_app_event(&app, &e, (struct aur_mono){AUR_SECOND_NS});
	tui_app_draw(&app, (struct aur_mono){AUR_SECOND_NS});
}

static void draw(struct aur_buf *b, struct aur_sample *s, size_t i)
{
	struct tui_options o = {
	    .sort = -1, .utc = true, .ascii = size[i].ascii};
	struct fakefeed feed;

	fakefeed_init(&feed);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0 &&
		   tui_surface_resize(&app.surface, size[i].w, size[i].h) == 0,
	    "init");
	feed.feed.class->listen(&feed.feed, on_change, NULL);
	tui_app_ask(&app);
	aur_sample_ref(s);
	fakefeed_push(&feed, s);
	press('3');
	golden_add(b, &app.surface);
	press('2');
	golden_add(b, &app.surface);
	press(TUI_KEY_ESC);
	golden_add(b, &app.surface);
	tui_app_release(&app);
	fakefeed_release(&feed);
}

int main(void)
{
	if (!tap_samples())
		return tap_done();
	for (size_t t = 0; t < AUR_ARRAY_LEN(trees); t++) {
		struct aur_collect *c = tree_open(tree_path(trees[t]),
		    aur_want_system() | AUR_WANT_DOMAIN(PROCESS), true);
		struct aur_sample *s = tree_sample(c);
		char name[64];
		struct aur_buf b;

		if (!tap_ok(s != NULL, "%s is sampled", trees[t])) {
			aur_collect_free(c);
			continue;
		}
		aur_buf_init(&b, 1u << 20);
		for (size_t i = 0; i < AUR_ARRAY_LEN(size); i++)
			draw(&b, s, i);
		snprintf(name, sizeof(name), "trees-%s", trees[t]);
		golden_check(name, aur_buf_str(&b));
		aur_buf_release(&b);
		aur_sample_unref(s);
		aur_collect_free(c);
	}
	return tap_done();
}
