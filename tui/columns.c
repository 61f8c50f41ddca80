/* SPDX-License-Identifier: MIT */
#include "tui/columns.h"

#include "base/err.h"

/* The order at first; what comes after COMMAND is not shown. Open files are
 * counted for a few processes only, so there is no column of them. */
static const uint8_t first[] = {
    AUR_COLUMN_PID,
    AUR_COLUMN_USER,
    AUR_COLUMN_PRIORITY,
    AUR_COLUMN_NICE,
    AUR_COLUMN_THREADS,
    AUR_COLUMN_VIRTUAL,
    AUR_COLUMN_RSS,
    AUR_COLUMN_SHARED,
    AUR_COLUMN_STATE,
    AUR_COLUMN_CPU,
    TUI_COLUMN_SPARK,
    AUR_COLUMN_MEMORY,
    AUR_COLUMN_READ,
    AUR_COLUMN_WRITE,
    AUR_COLUMN_TIME,
    AUR_COLUMN_UNIT,
    AUR_COLUMN_COMMAND,
    AUR_COLUMN_PPID,
    AUR_COLUMN_SWAP,
    AUR_COLUMN_TTY,
    AUR_COLUMN_CONTAINER,
    AUR_COLUMN_NAME,
    AUR_COLUMN_START,
};

const struct aur_column *tui_column_get(unsigned id)
{
	static const struct aur_column spark = {
	    "spark", "CPU~", 10, false, AUR_FIG_processes_cpu_percent, 1};
	static const struct aur_column host = {
	    "host", "HOST", 12, false, AUR_FIG_processes_name, 0};

	if (id == TUI_COLUMN_HOST)
		return &host;
	return id == TUI_COLUMN_SPARK ? &spark
				      : aur_column_get((enum aur_column_id)id);
}

unsigned tui_column_sort(unsigned id)
{
	return id == TUI_COLUMN_SPARK ? AUR_COLUMN_CPU : id;
}

void tui_columns_default(struct tui_columns *c)
{
	bool shown = true;

	memset(c, 0, sizeof(*c));
	for (size_t i = 0; i < AUR_ARRAY_LEN(first); i++) {
		c->column[c->n].id = first[i];
		c->column[c->n++].shown = shown;
		shown = shown && first[i] != AUR_COLUMN_COMMAND;
	}
}

static bool has(const struct tui_columns *c, uint8_t id)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->column[i].id == id)
			return true;
	return false;
}

/* The column of that name among those on offer; -1 if none. */
static int find(struct aur_slice name)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(first); i++)
		if (aur_slice_is(name, tui_column_get(first[i])->name))
			return first[i];
	return -1;
}

static bool parts(uint8_t c)
{
	return c == ' ' || c == ',';
}

/* Takes the next word off `text`; an empty one at the end. */
static struct aur_slice word(struct aur_slice *text)
{
	size_t from = 0, end;
	struct aur_slice w;

	while (from < text->n && parts(text->p[from]))
		from++;
	end = from;
	while (end < text->n && !parts(text->p[end]))
		end++;
	w = aur_slice_of(text->p + from, end - from);
	*text = aur_slice_of(text->p + end, text->n - end);
	return w;
}

int tui_columns_parse(struct tui_columns *c, struct aur_slice text)
{
	struct tui_columns out = {.n = 0};
	bool any = false;

	for (;;) {
		struct aur_slice w = word(&text);
		bool hidden = w.n > 0 && w.p[0] == '-';
		int id;

		if (w.n == 0)
			break;
		if (hidden)
			w = aur_slice_of(w.p + 1, w.n - 1);
		id = find(w);
		if (id < 0 || has(&out, (uint8_t)id))
			return AUR_EINVALID;
		out.column[out.n].id = (uint8_t)id;
		out.column[out.n++].shown = !hidden;
		any = any || !hidden;
	}
	if (!any)
		return AUR_EINVALID;
	for (size_t i = 0; i < AUR_ARRAY_LEN(first); i++)
		if (!has(&out, first[i]))
			out.column[out.n++].id = first[i];
	*c = out;
	return 0;
}

int tui_columns_format(const struct tui_columns *c, struct aur_buf *b)
{
	for (size_t i = 0; i < c->n; i++) {
		int rc = aur_buf_addf(b, "%s%s%s", i > 0 ? " " : "",
		    c->column[i].shown ? "" : "-",
		    tui_column_get(c->column[i].id)->name);

		if (rc < 0)
			return rc;
	}
	return 0;
}

int tui_columns_list(const struct tui_columns *c, struct aur_buf *b)
{
	const char *between = "";
	int rc = 0;

	for (size_t i = 0; i < c->n && rc == 0; i++) {
		if (!c->column[i].shown)
			continue;
		rc = aur_buf_addf(
		    b, "%s%s", between, tui_column_get(c->column[i].id)->name);
		between = ",";
	}
	return rc;
}

bool tui_columns_same(const struct tui_columns *a, const struct tui_columns *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->column[i].id != b->column[i].id ||
		    a->column[i].shown != b->column[i].shown)
			return false;
	return a->n == b->n;
}

bool tui_columns_toggle(struct tui_columns *c, size_t i)
{
	size_t shown = 0;

	for (size_t k = 0; k < c->n; k++)
		shown += c->column[k].shown;
	if (i >= c->n || (c->column[i].shown && shown == 1))
		return false;
	c->column[i].shown = !c->column[i].shown;
	return true;
}

size_t tui_columns_move(struct tui_columns *c, size_t i, int by)
{
	size_t to = by < 0 ? i - 1 : i + 1;
	uint8_t id;
	bool shown;

	if (i >= c->n || to >= c->n) /* -1 is too large as well */
		return i;
	id = c->column[i].id;
	shown = c->column[i].shown;
	c->column[i] = c->column[to];
	c->column[to].id = id;
	c->column[to].shown = shown;
	return to;
}
