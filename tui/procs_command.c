/* SPDX-License-Identifier: MIT */
/*
 * The column that says what runs. It is the last and what is too long for it
 * is the rule: folders in front of a program's name and the outer guides of a
 * tree give way, so that the name is seen.
 *
 *	│  ├─ cc1 -quiet -I . ma…
 *	…5    └─ as -o main.o
 */
#include "tui/procs.h"

#include "base/text.h"
#include "view/format.h"

/* Columns that guides leave. */
#define NAME_LEAST 10

/* Guides in front of a command, which has `w` columns: where it begins. What
 * is deep loses its outer guides rather than its name, and says how deep it
 * is. */
static int draw_guides(const struct tui_procs *p, const struct tui_area *a,
    int x, int y, int w, const struct tui_row *r)
{
	bool ascii = p->scene->ascii;
	int depth = r->depth < TUI_TREE_MAX ? r->depth : TUI_TREE_MAX;
	int most = w > NAME_LEAST + 3 ? (w - NAME_LEAST) / 3 : 1, first = x;
	int skip = depth > most ? depth - most : 0;

	for (int i = skip; i + 1 < depth; i++) {
		tui_str(a, x, y,
		    !(r->guides >> i & 1) ? "   "
		    : ascii		  ? "|  "
					  : "\xe2\x94\x82  ",
		    TUI_ROLE_TREE);
		x += 3;
	}
	if (depth > 0) {
		tui_str(a, x, y,
		    ascii     ? (r->last ? "`- " : "|- ")
		    : r->last ? "\xe2\x94\x94\xe2\x94\x80 "
			      : "\xe2\x94\x9c\xe2\x94\x80 ",
		    TUI_ROLE_TREE);
		x += 3;
	}
	if (skip > 0)
		tui_printf(a, first, y, TUI_ROLE_TREE, "%s%d",
		    ascii ? "<" : "\xe2\x80\xa6", (int)r->depth);
	if (r->children)
		tui_str(a, x - (depth > 0), y, r->folded ? "+" : "",
		    TUI_ROLE_STRONG);
	return x + (r->folded && depth == 0 ? 1 : 0);
}

/* `s` without its first `n` columns. */
static struct aur_slice shifted(struct aur_slice s, int n)
{
	while (s.n > 0 && n > 0)
		n -= aur_text_char_width(aur_text_take(&s));
	return s;
}

static bool fits(struct aur_slice s, int w)
{
	while (s.n > 0 && w >= 0)
		w -= aur_text_char_width(aur_text_take(&s));
	return w >= 0;
}

/* A command line as it is shown: the folders before the program's name go
 * before the name would. */
static struct aur_slice without_path(const struct tui_procs *p,
    struct aur_slice text, struct aur_slice program, int w)
{
	size_t before = (size_t)(program.p - text.p);

	if (program.n == 0 || p->paths == TUI_PATHS_ALWAYS ||
	    (p->paths == TUI_PATHS_FIT && fits(text, w)))
		return text;
	return aur_slice_of(program.p, text.n - before);
}

/* A thread by its own name, in braces as pstree has it. */
static void draw_thread(struct tui_procs *p, const struct tui_area *a, int x,
    int y, int w, size_t i)
{
	struct aur_value v;
	struct aur_slice name;
	char text[80];

	tui_procs_value(p, AUR_FIG_processes_name, i, &v);
	name = tui_procs_text(p, AUR_FIG_processes_name, &v);
	snprintf(text, sizeof(text), "{%.*s}", (int)(name.n < 64 ? name.n : 64),
	    (const char *)name.p);
	tui_text(a, x, y, w, shifted(aur_slice_str(text), p->shift),
	    TUI_ROLE_KERNEL);
}

void tui_procs_command(struct tui_procs *p, const struct tui_area *a, int x,
    int y, int w, size_t i)
{
	struct aur_value v;
	struct aur_slice text, program;
	enum tui_role role = TUI_ROLE_TEXT;

	w += x;
	if (p->list.tree)
		x = draw_guides(p, a, x, y, w - x, &p->list.row[i]);
	w -= x;
	if (p->list.row[i].thread) {
		draw_thread(p, a, x, y, w, i);
		return;
	}
	tui_procs_value(p, AUR_FIG_processes_cmdline, i, &v);
	if (v.type != AUR_VALUE_LIST || v.s.n == 0) {
		tui_procs_value(p, AUR_FIG_processes_name, i, &v);
		text = tui_procs_text(p, AUR_FIG_processes_name, &v);
		tui_text(a, x, y, w, shifted(text, p->shift), TUI_ROLE_KERNEL);
		return;
	}
	text = tui_procs_text(p, AUR_FIG_processes_cmdline, &v);
	program = aur_format_program(
	    aur_slice_of(text.p, v.s.n < text.n ? v.s.n : text.n));
	text = without_path(p, text, program, w);
	tui_text(a, x, y, w, shifted(text, p->shift), role);
	if (p->shift == 0 && program.n > 0) {
		size_t before = aur_text_width(
		    aur_slice_of(text.p, (size_t)(program.p - text.p)));
		int room = w - (int)before;
		int n = (int)aur_text_width(program);

		if (room > 0)
			tui_paint(a, x + (int)before, y, n < room ? n : room,
			    TUI_ROLE_PROGRAM);
	}
}
