/* SPDX-License-Identifier: MIT */
/*
 * Asking the tree about a row. The value decides how it is compared: numbers
 * as numbers, texts by their bytes, a command line as its arguments with
 * blanks between. A value that is unknown makes any comparison false, also
 * "ne": what is not known does not differ.
 */
#include "model/filter_int.h"

#include "base/text.h"

#include <inttypes.h>

/* `v` as text that ends in NUL and has none inside. */
static struct aur_slice as_text(
    const struct aur_value *v, char out[AUR__FILTER_SEEN + 1])
{
	size_t n = 0;

	switch (v->type) {
	case AUR_VALUE_TEXT:
	case AUR_VALUE_LIST:
		n = v->s.n > AUR__FILTER_SEEN ? AUR__FILTER_SEEN : v->s.n;
		for (size_t i = 0; i < n; i++)
			out[i] = v->s.p[i] != 0 ? (char)v->s.p[i] : ' ';
		/* a list's last element ends in NUL too */
		while (v->type == AUR_VALUE_LIST && n > 0 && out[n - 1] == ' ')
			n--;
		break;
	case AUR_VALUE_INT:
		n = (size_t)snprintf(out, AUR__FILTER_SEEN, "%" PRId64, v->i);
		break;
	case AUR_VALUE_BOOL:
		n = (size_t)snprintf(
		    out, AUR__FILTER_SEEN, "%s", v->b ? "true" : "false");
		break;
	case AUR_VALUE_NULL:
	case AUR_VALUE_REAL:
		break;
	}
	out[n] = '\0';
	return aur_slice_of(out, n);
}

static bool is_textual(const struct aur_value *v)
{
	return v->type == AUR_VALUE_TEXT || v->type == AUR_VALUE_LIST;
}

static bool has_text(const struct aur_value *v, struct aur_slice needle)
{
	char text[AUR__FILTER_SEEN + 1];

	return aur_text_has(as_text(v, text), needle);
}

static bool is_like(const struct aur__node *node, const struct aur_value *v)
{
	char text[AUR__FILTER_SEEN + 1];

	as_text(v, text);
	return aur__regex_matches(node->regex, text);
}

/* Whether an order (<0, 0, >0) is what the operator asks for. */
static bool holds(enum aur__op op, int order)
{
	switch (op) {
	case AUR__OP_EQ:
		return order == 0;
	case AUR__OP_NE:
		return order != 0;
	case AUR__OP_GT:
		return order > 0;
	case AUR__OP_GE:
	case AUR__OP_HAS:
		return order >= 0;
	case AUR__OP_LT:
		return order < 0;
	case AUR__OP_LE:
		return order <= 0;
	case AUR__OP_LIKE:
	case AUR__OP_UNLIKE:
		break;
	}
	return false;
}

static bool compare_number(const struct aur__node *node, double v)
{
	/* a number is not the text that was asked for, and no more */
	if (!node->is_number)
		return node->op == AUR__OP_NE;
	return holds(node->op, (v > node->number) - (v < node->number));
}

static bool compare_text(
    const struct aur__node *node, const struct aur_value *v)
{
	char text[AUR__FILTER_SEEN + 1];

	if (node->op == AUR__OP_HAS)
		return has_text(v, node->text);
	return holds(node->op, aur_slice_cmp(as_text(v, text), node->text));
}

static bool compare(const struct aur__node *node, const struct aur_value *v)
{
	double number;

	if (v->type == AUR_VALUE_NULL)
		return false;
	if (node->op == AUR__OP_LIKE || node->op == AUR__OP_UNLIKE)
		return is_like(node, v) == (node->op == AUR__OP_LIKE);
	if (is_textual(v))
		return compare_text(node, v);
	return aur_value_number(v, &number) && compare_number(node, number);
}

static bool search(
    const struct aur__node *node, aur_filter_get_fn get, void *row)
{
	struct aur_value v;

	for (unsigned nth = 0; get(row, -1, nth, &v); nth++)
		if (has_text(&v, node->text))
			return true;
	return false;
}

/* As deep as the tree, which has AUR_MAX_FILTER_NODES at most. */
static bool match(
    const struct aur_filter *f, size_t at, aur_filter_get_fn get, void *row)
{
	const struct aur__node *node = &f->node[at];
	struct aur_value v = {.type = AUR_VALUE_NULL};

	switch (node->kind) {
	case AUR__NODE_AND:
		return match(f, node->a, get, row) &&
		       match(f, node->b, get, row);
	case AUR__NODE_OR:
		return match(f, node->a, get, row) ||
		       match(f, node->b, get, row);
	case AUR__NODE_NOT:
		return !match(f, node->a, get, row);
	case AUR__NODE_COMPARE:
		return get(row, node->field, 0, &v) && compare(node, &v);
	case AUR__NODE_TEXT:
		return search(node, get, row);
	}
	return false;
}

bool aur_filter_match(
    const struct aur_filter *f, aur_filter_get_fn get, void *row)
{
	return f == NULL || f->n == 0 || match(f, f->root, get, row);
}
