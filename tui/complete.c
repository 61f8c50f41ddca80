/* SPDX-License-Identifier: MIT */
#include "tui/complete.h"

#include "base/text.h"
#include "tui/process_list.h"

#define FOUND_MAX 64

struct found {
	struct aur_slice prefix; /* what is typed of it */
	struct aur_slice word[FOUND_MAX];
	size_t n;
	size_t common; /* bytes in which all agree */
};

static const char *const operators[] = {"eq", "ne", "gt", "ge", "lt", "le"};

static bool starts(struct aur_slice s, struct aur_slice prefix)
{
	return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static void add(struct found *o, struct aur_slice s)
{
	size_t same = 0;

	if (s.n == 0 || !starts(s, o->prefix) || o->n == FOUND_MAX)
		return;
	for (size_t i = 0; i < o->n; i++)
		if (o->word[i].n == s.n && starts(o->word[i], s))
			return;
	if (o->n == 0)
		o->common = s.n;
	else
		while (same < o->common && same < s.n &&
		       o->word[0].p[same] == s.p[same])
			same++;
	if (o->n > 0)
		o->common = same;
	o->word[o->n++] = s;
}

static bool is_symbol(char c)
{
	return strchr("=<>~:!", c) != NULL;
}

static bool is_break(char c)
{
	return is_symbol(c) || strchr(" ()|&'\"", c) != NULL;
}

/* The word that ends at `end`. */
static struct aur_slice word_before(const char *text, size_t end)
{
	size_t from = end;

	while (from > 0 && !is_break(text[from - 1]))
		from--;
	return aur_slice_of(text + from, end - from);
}

static size_t skip_blanks(const char *text, size_t end)
{
	while (end > 0 && text[end - 1] == ' ')
		end--;
	return end;
}

static bool is_operator(struct aur_slice s)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(operators); i++)
		if (aur_slice_is(s, operators[i]))
			return true;
	return false;
}

/* The field whose value is being typed in front of `end`; -1 if none is. */
static int field_before(const char *text, size_t end)
{
	struct aur_slice word;
	bool symbol = false;

	end = skip_blanks(text, end);
	while (end > 0 && is_symbol(text[end - 1])) {
		symbol = true;
		end--;
	}
	if (!symbol) {
		word = word_before(text, end);
		if (!is_operator(word))
			return -1;
		end -= word.n;
	}
	return tui_filter_find(NULL, word_before(text, skip_blanks(text, end)));
}

static void add_values(struct found *o, struct aur_figures *f, int field)
{
	size_t n = aur_figures_rows(f, AUR_GROUP_PROCESSES);

	if (field >= AUR_FIG_COUNT || /* the host, which no sample names */
	    aur_figure_get((enum aur_figure_id)field)->type != AUR_VALUE_TEXT)
		return;
	for (size_t i = 0; i < n; i++) {
		struct aur_value v;

		aur_figures_get(f, (enum aur_figure_id)field, i, &v);
		if (v.type == AUR_VALUE_TEXT)
			add(o, v.s);
	}
}

static void add_fields(struct found *o)
{
	if (o->prefix.n > 0)
		add(o, aur_slice_str("host"));
	for (int i = 0; i < AUR_COLUMN_COUNT; i++)
		add(o,
		    aur_slice_str(aur_column_get((enum aur_column_id)i)->name));
	for (int i = 0; i < AUR_FIG_COUNT; i++) {
		const struct aur_figure *fig =
		    aur_figure_get((enum aur_figure_id)i);

		if (fig->group == AUR_GROUP_PROCESSES && o->prefix.n > 0)
			add(o, aur_slice_str(fig->name));
	}
}

static void find(
    struct found *o, const char *text, size_t end, struct aur_figures *f)
{
	size_t from = end - o->prefix.n, before = skip_blanks(text, from);
	struct aur_slice last = word_before(text, before);
	int field = field_before(text, from);

	if (field >= 0)
		add_values(o, f, field);
	else if (last.n > 0 && before < from &&
		 field_before(text, before - last.n) < 0 &&
		 tui_filter_find(NULL, last) >= 0)
		for (size_t i = 0; i < AUR_ARRAY_LEN(operators); i++)
			add(o, aur_slice_str(operators[i]));
	else
		add_fields(o);
}

static void insert(struct tui_prompt *p, struct aur_slice s)
{
	while (s.n > 0) {
		struct tui_event e = {
		    .kind = TUI_EVENT_PASTE, .key = aur_text_take(&s)};

		(void)tui_prompt_key(p, &e);
	}
}

/* A value with a blank or the like in it stands in quotes. */
static void insert_whole(struct tui_prompt *p, const struct found *o)
{
	struct aur_slice s = o->word[0], typed = o->prefix;
	bool plain = true;

	for (size_t i = 0; i < s.n; i++)
		plain = plain && strchr(" ()|&'\"", (char)s.p[i]) == NULL;
	while (!plain && typed.n > 0) {
		struct tui_event e = {
		    .kind = TUI_EVENT_KEY, .key = TUI_KEY_BACKSPACE};

		aur_text_take(&typed); /* a character, not a byte */
		(void)tui_prompt_key(p, &e);
	}
	insert(p, aur_slice_str(plain ? "" : "'"));
	insert(
	    p, plain ? aur_slice_of(s.p + o->prefix.n, s.n - o->prefix.n) : s);
	insert(p, aur_slice_str(plain ? " " : "' "));
}

bool tui_complete(
    struct tui_prompt *p, struct aur_figures *f, char *hint, size_t size)
{
	struct found o = {.prefix = word_before(p->text, p->at)};
	char typed[TUI_PROMPT_MAX];
	size_t n = 0;

	hint[0] = '\0';
	/* the prompt moves under the prefix while it is written to */
	memcpy(typed, o.prefix.p, o.prefix.n);
	o.prefix.p = (const uint8_t *)typed;
	find(&o, p->text, p->at, f);
	if (o.n == 0)
		return false;
	if (o.n == 1) {
		insert_whole(p, &o);
		return true;
	}
	insert(
	    p, aur_slice_of(o.word[0].p + o.prefix.n, o.common - o.prefix.n));
	for (size_t i = 0; i < o.n && n + 1 < size; i++)
		n += (size_t)snprintf(hint + n, size - n, "%s%.*s",
		    i > 0 ? " " : "",
		    (int)(o.word[i].n < 40 ? o.word[i].n : 40),
		    (const char *)o.word[i].p);
	return true;
}
