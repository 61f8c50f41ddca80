/* SPDX-License-Identifier: MIT */
#include "tui/menu.h"

#include <stdarg.h>

void tui_menu_begin(struct tui_menu *m, const char *title)
{
	m->title = title;
	m->n = m->at = m->top = 0;
}

void tui_menu_add(struct tui_menu *m, int value, const char *fmt, ...)
{
	va_list ap;

	if (m->n == TUI_MENU_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(m->item[m->n].text, TUI_MENU_TEXT, fmt, ap);
	va_end(ap);
	m->item[m->n++].value = value;
}

void tui_menu_choose(struct tui_menu *m, int value)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->item[i].value == value)
			m->at = i;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The first letter of an item, past a number or a box in front. */
static char initial(const char *text)
{
	if (text[0] == '[' && text[1] != '\0' && text[2] == ']')
		text += 3;
	while (*text == ' ' || (*text >= '0' && *text <= '9'))
		text++;
	return lower(*text);
}

static bool to_letter(struct tui_menu *m, uint32_t key)
{
	if (key <= ' ' || key > '~')
		return false;
	for (size_t k = 1; k <= m->n; k++) {
		size_t i = (m->at + k) % m->n;

		if (initial(m->item[i].text) == lower((char)key)) {
			m->at = i;
			break;
		}
	}
	return true;
}

bool tui_menu_key(struct tui_menu *m, uint32_t key, int page)
{
	size_t step = page > 1 ? (size_t)page : 1;
	size_t last = m->n > 0 ? m->n - 1 : 0;

	switch (key) {
	case TUI_KEY_UP:
		m->at -= m->at > 0;
		return true;
	case TUI_KEY_DOWN:
		m->at += m->at < last;
		return true;
	case TUI_KEY_PAGE_UP:
		m->at -= m->at < step ? m->at : step;
		return true;
	case TUI_KEY_PAGE_DOWN:
		m->at = last - m->at < step ? last : m->at + step;
		return true;
	case TUI_KEY_HOME:
		m->at = 0;
		return true;
	case TUI_KEY_END:
		m->at = last;
		return true;
	default:
		return to_letter(m, key);
	}
}

bool tui_menu_click(struct tui_menu *m, int x, int y)
{
	size_t i = m->top + (size_t)(y - m->drawn.y - 1);
	bool again = i == m->at;

	if (!tui_rect_has(m->drawn, x, y) || y == m->drawn.y || i >= m->n)
		return false;
	m->at = i;
	return again;
}

void tui_menu_draw(struct tui_menu *m, const struct tui_area *a)
{
	size_t rows = a->r.h > 1 ? (size_t)a->r.h - 1 : 0;

	m->drawn = a->r;
	tui_blank(a, TUI_ROLE_TEXT);
	tui_repeat(a, 0, 0, a->r.w, ' ', TUI_ROLE_HEAD);
	tui_str(a, 1, 0, m->title, TUI_ROLE_HEAD);
	if (rows == 0)
		return;
	if (m->at < m->top)
		m->top = m->at;
	if (m->at >= m->top + rows)
		m->top = m->at - rows + 1;
	for (size_t i = 0; i < rows && m->top + i < m->n; i++) {
		int y = 1 + (int)i;

		tui_str(a, 1, y, m->item[m->top + i].text, TUI_ROLE_TEXT);
		if (m->top + i == m->at)
			tui_paint(a, 0, y, a->r.w, TUI_ROLE_SELECTED);
	}
}
