/* SPDX-License-Identifier: MIT */
/*
 * Themes: what is where, and that it can be read. Contrast is that of WCAG 2.1
 * ("relative luminance", "contrast ratio"): 4.5 for text, 3 for lines and
 * tracks, 7 for text of high contrast. A theme that leaves the terminal's
 * ground is held against its own, and against black or white.
 */
#include "tests/harness/tap.h"

#include "base/compiler.h"
#include "base/slice.h"
#include "tui/setting.h"
#include "tui/theme.h"

#include <math.h>

#define BLACK 16
#define WHITE 231

static const char *const names[] = {
#define TUI_ROLE(ID, fg, bg, fg8, bg8, attr, mono) #ID,
#include "tui/theme.def"
#undef TUI_ROLE
};

/* A part of one of the colours 16 to 255, which no terminal has otherwise;
 * the first 16 are the user's. */
static int part_of(int color, int part)
{
	static const int cube[] = {0, 95, 135, 175, 215, 255};
	static const int by[] = {36, 6, 1};

	if (color >= 232)
		return 8 + 10 * (color - 232);
	return cube[(color - 16) / by[part] % 6];
}

static double luminance(int color)
{
	static const double weight[] = {0.2126, 0.7152, 0.0722};
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double v = part_of(color, i) / 255.0;

		sum +=
		    weight[i] *
		    (v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(int a, int b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

static bool is_dim(enum tui_role role)
{
	return role == TUI_ROLE_RULE || role == TUI_ROLE_TRACK ||
	       role == TUI_ROLE_TREE;
}

/* `ground` stands where the theme has none; a role without a colour of its own
 * is the terminal's text there. */
static void check(enum tui_theme theme, enum tui_ground own, int ground,
    double text, const char *what)
{
	int bad = 0;

	for (int i = 0; i < TUI_ROLE_COUNT; i++) {
		enum tui_role role = (enum tui_role)i;
		struct tui_look l = tui_theme_look(theme, own, role, 256);
		double least = is_dim(role) ? 3 : text, is = 0;

		if (l.fg < 0)
			continue;
		if (l.fg >= 16 && (l.bg < 0 || l.bg >= 16))
			is = contrast(l.fg, l.bg < 0 ? ground : l.bg);
		if (is >= least)
			continue;
		printf("# %s: %.2f of %.1f\n", names[i], is, least);
		bad++;
	}
	tap_ok(bad == 0, "%s: every role can be read", what);
}

static void test_contrast(void)
{
	tap_ok(fabs(contrast(BLACK, WHITE) - 21) < 0.001, "black on white");
	tap_ok(fabs(contrast(243, WHITE) - 4.54) < 0.01, "#767676 on white");
	check(TUI_THEME_DEFAULT, TUI_GROUND_THEME, -1, 4.5, "default");
	check(TUI_THEME_DEFAULT, TUI_GROUND_TERMINAL, BLACK, 4.5,
	    "default on black");
	check(TUI_THEME_CONTRAST, TUI_GROUND_THEME, -1, 7, "contrast");
	check(TUI_THEME_LIGHT, TUI_GROUND_THEME, -1, 4.5, "light");
	check(
	    TUI_THEME_LIGHT, TUI_GROUND_TERMINAL, WHITE, 4.5, "light on white");
}

static void test_ground(void)
{
	struct tui_look l;

	tap_eq_int(TUI_THEME_COUNT,
	    tui_setting_find(TUI_SET_THEME, aur_slice_str("16")) + 1,
	    "a word for each theme");
	tap_eq_int(TUI_THEME_LIGHT,
	    tui_setting_find(TUI_SET_THEME, aur_slice_str("light")),
	    "and in their order");
	l = tui_theme_look(
	    TUI_THEME_DEFAULT, TUI_GROUND_AUTO, TUI_ROLE_TEXT, 256);
	tap_eq_int(l.bg, -1, "the terminal's ground by default");
	l = tui_theme_look(
	    TUI_THEME_DEFAULT, TUI_GROUND_THEME, TUI_ROLE_TEXT, 256);
	tap_ok(l.bg >= 0 && l.fg >= 0, "the theme's own when asked for");
	l = tui_theme_look(
	    TUI_THEME_CONTRAST, TUI_GROUND_AUTO, TUI_ROLE_TEXT, 256);
	tap_eq_int(l.bg, 16, "high contrast has its own");
	l = tui_theme_look(
	    TUI_THEME_CONTRAST, TUI_GROUND_TERMINAL, TUI_ROLE_TEXT, 256);
	tap_eq_int(l.bg, -1, "unless it is not to");
}

static void test_colors(void)
{
	struct tui_look l;

	for (int i = 0; i < TUI_ROLE_COUNT; i++) {
		enum tui_role role = (enum tui_role)i;

		l = tui_theme_look(TUI_THEME_ANSI, TUI_GROUND_THEME, role, 256);
		if (l.fg > 15 || l.bg > 15)
			tap_ok(false, "role %d keeps to 16 colours", i);
		l = tui_theme_look(TUI_THEME_LIGHT, TUI_GROUND_THEME, role, 8);
		if (l.fg > 7 || l.bg > 7 || l.fg == l.bg)
			tap_ok(false, "role %d is read in light with 8", i);
		l = tui_theme_look(TUI_THEME_MONO, TUI_GROUND_THEME, role, 256);
		if (l.fg != -1 || l.bg != -1)
			tap_ok(false, "role %d has no colour in mono", i);
	}
	tap_ok(true, "every role in 16, in 8, in none");
}

int main(void)
{
	test_contrast();
	test_ground();
	test_colors();
	return tap_done();
}
