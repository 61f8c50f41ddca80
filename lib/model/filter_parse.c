/* SPDX-License-Identifier: MIT */
/*
 * The filter's tree, by recursive descent: one function for each line of the
 * grammar in filter.h. Nodes stand in one array and know each other by index,
 * so that the whole is freed in a loop, however it is nested; how deep that
 * may be is counted, for the text comes from whoever holds the keyboard.
 */
#include "model/filter_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"

#define MAX_DEPTH 64u
#define MAX_QUOTED 40

struct parser {
	struct aur__lexer lexer;
	struct aur__token token; /* not yet used */
	struct aur_filter *filter;
	aur_filter_find_fn find;
	void *ctx;
	struct aur_buf *error;
	size_t at; /* of the mistake */
	unsigned depth;
};

/* Notes the mistake at `at`; the caller returns `err`. */
static int fail(struct parser *p, int err, size_t at, const char *fmt,
    struct aur_slice what)
{
	int n = what.n > MAX_QUOTED ? MAX_QUOTED : (int)what.n;

	p->at = at;
	if (p->error == NULL)
		return err;
	aur_buf_clear(p->error);
	if (aur_buf_addf(p->error, fmt, n, (const char *)what.p) < 0)
		aur_buf_clear(p->error);
	return err;
}

static void advance(struct parser *p)
{
	aur__lex_operand(&p->lexer, &p->token);
}

/* A new node's index, or an error. */
static int add_node(struct parser *p, struct aur__node node)
{
	struct aur_filter *f = p->filter;
	struct aur__node *mem;

	if (f->n >= AUR_MAX_FILTER_NODES)
		return fail(p, AUR_ELIMIT, p->lexer.at,
		    "too many conditions%.*s", aur_slice_of("", 0));
	mem = aur_mem_grow(f->node, f->n + 1, sizeof(node));
	if (mem == NULL)
		return AUR_ENOMEM;
	f->node = mem;
	f->node[f->n] = node;
	return (int)f->n++;
}

static int add_pair(struct parser *p, enum aur__node_kind kind, int a, int b)
{
	return add_node(
	    p, (struct aur__node){
		   .kind = kind, .a = (uint16_t)a, .b = (uint16_t)b});
}

/* 90, 1.5, -5, 90%, 1G, true. */
static bool read_number(struct aur_slice s, double *ret)
{
	if (aur_slice_is(s, "true") || aur_slice_is(s, "yes") ||
	    aur_slice_is(s, "false") || aur_slice_is(s, "no")) {
		*ret = s.p[0] == 't' || s.p[0] == 'y';
		return true;
	}
	if (s.n > 0 && s.p[s.n - 1] == '%')
		s.n--;
	return aur_scan_f64(s, ret) == 0 || aur_scan_size(s, ret) == 0;
}

static int add_regex(struct parser *p, struct aur__node *node, size_t at)
{
	struct aur_slice s = node->text;
	char *pattern;
	int rc;

	if (s.n > 0 && memchr(s.p, '\0', s.n) != NULL)
		return fail(p, AUR_EINVALID, at,
		    "a regular expression has no NUL%.*s", aur_slice_of("", 0));
	if (!aur__regex_is_bounded(s))
		return fail(p, AUR_ELIMIT, at,
		    "'%.*s' is too large a regular expression", s);
	pattern = aur_mem_dup(s.p, s.n);
	if (pattern == NULL)
		return AUR_ENOMEM;
	if (p->error != NULL)
		aur_buf_clear(p->error);
	rc = aur__regex_new(pattern, &node->regex, p->error);
	aur_mem_free(pattern);
	p->at = at;
	return rc;
}

static int parse_compare(
    struct parser *p, struct aur__token word, struct aur__token op)
{
	struct aur__node node = {.kind = AUR__NODE_COMPARE, .op = op.op};
	struct aur__token value;
	int rc;

	node.field =
	    word.kind == AUR__TOKEN_WORD ? p->find(p->ctx, word.text) : -1;
	if (node.field < 0)
		return fail(
		    p, AUR_EINVALID, word.at, "'%.*s' is no field", word.text);
	aur__lex_value(&p->lexer, &value);
	if (value.kind == AUR__TOKEN_END)
		return fail(p, AUR_EINVALID, value.at,
		    "a value is missing after '%.*s'", op.text);
	if (value.kind == AUR__TOKEN_UNCLOSED)
		return fail(p, AUR_EINVALID, value.at,
		    "%.*s: this quote is not closed", value.text);
	node.text = value.text;
	node.is_number = read_number(value.text, &node.number);
	if (op.op == AUR__OP_LIKE || op.op == AUR__OP_UNLIKE) {
		rc = add_regex(p, &node, value.at);
		if (rc < 0)
			return rc;
	}
	rc = add_node(p, node);
	if (rc < 0)
		aur__regex_free(node.regex);
	else
		advance(p);
	return rc;
}

/* compare | text: which, the token behind tells. */
static int parse_word(struct parser *p)
{
	struct aur__token word = p->token, op;
	size_t back = p->lexer.at;

	aur__lex_operator(&p->lexer, &op);
	if (op.kind == AUR__TOKEN_OP)
		return parse_compare(p, word, op);
	p->lexer.at = back;
	advance(p);
	return add_node(
	    p, (struct aur__node){.kind = AUR__NODE_TEXT, .text = word.text});
}

static int parse_or(struct parser *p);

static int parse_group(struct parser *p)
{
	size_t at = p->token.at;
	int rc;

	if (++p->depth > MAX_DEPTH)
		return fail(p, AUR_ELIMIT, at, "nested too deeply%.*s",
		    aur_slice_of("", 0));
	advance(p);
	rc = parse_or(p);
	p->depth--;
	if (rc < 0)
		return rc;
	if (p->token.kind != AUR__TOKEN_CLOSE)
		return fail(p, AUR_EINVALID, p->token.at,
		    "a ')' is missing%.*s", aur_slice_of("", 0));
	advance(p);
	return rc;
}

static int parse_operand(struct parser *p)
{
	switch (p->token.kind) {
	case AUR__TOKEN_OPEN:
		return parse_group(p);
	case AUR__TOKEN_WORD:
	case AUR__TOKEN_QUOTED:
		return parse_word(p);
	case AUR__TOKEN_OP:
		return fail(p, AUR_EINVALID, p->token.at,
		    "'%.*s' needs a field before it", p->token.text);
	case AUR__TOKEN_UNCLOSED:
		return fail(p, AUR_EINVALID, p->token.at,
		    "%.*s: this quote is not closed", p->token.text);
	case AUR__TOKEN_END:
		return fail(p, AUR_EINVALID, p->token.at,
		    "a condition is missing at the end%.*s", p->token.text);
	default:
		return fail(p, AUR_EINVALID, p->token.at,
		    "a condition is missing before '%.*s'", p->token.text);
	}
}

static int parse_not(struct parser *p)
{
	bool negated = false;
	int rc;

	while (p->token.kind == AUR__TOKEN_NOT) {
		negated = !negated;
		advance(p);
	}
	rc = parse_operand(p);
	if (rc < 0 || !negated)
		return rc;
	return add_pair(p, AUR__NODE_NOT, rc, 0);
}

static bool begins_operand(enum aur__token_kind kind)
{
	return kind != AUR__TOKEN_END && kind != AUR__TOKEN_CLOSE &&
	       kind != AUR__TOKEN_OR && kind != AUR__TOKEN_AND;
}

static int parse_and(struct parser *p)
{
	int rc = parse_not(p);

	while (rc >= 0 && (p->token.kind == AUR__TOKEN_AND ||
			      begins_operand(p->token.kind))) {
		int left = rc;

		if (p->token.kind == AUR__TOKEN_AND)
			advance(p);
		rc = parse_not(p);
		if (rc >= 0)
			rc = add_pair(p, AUR__NODE_AND, left, rc);
	}
	return rc;
}

static int parse_or(struct parser *p)
{
	int rc = parse_and(p);

	while (rc >= 0 && p->token.kind == AUR__TOKEN_OR) {
		int left = rc;

		advance(p);
		rc = parse_and(p);
		if (rc >= 0)
			rc = add_pair(p, AUR__NODE_OR, left, rc);
	}
	return rc;
}

/* All of the text; the root's index, or an error. */
static int parse_all(struct parser *p)
{
	int rc;

	advance(p);
	if (p->token.kind == AUR__TOKEN_END)
		return 0;
	rc = parse_or(p);
	if (rc >= 0 && p->token.kind != AUR__TOKEN_END)
		return fail(p, AUR_EINVALID, p->token.at,
		    "'%.*s' without its '('", p->token.text);
	return rc;
}

int aur_filter_parse(struct aur_slice text, aur_filter_find_fn find, void *ctx,
    struct aur_filter **ret_filter, struct aur_buf *error, size_t *ret_at)
{
	struct parser p = {.find = find, .ctx = ctx, .error = error};
	int rc;

	if (text.n > AUR_MAX_FILTER_TEXT) {
		rc = fail(&p, AUR_ELIMIT, AUR_MAX_FILTER_TEXT,
		    "the filter is too long%.*s", aur_slice_of("", 0));
		goto out;
	}
	rc = AUR_ENOMEM;
	p.filter = aur_mem_new(1, sizeof(*p.filter));
	if (p.filter == NULL)
		goto out;
	p.filter->text = aur_mem_dup(text.p, text.n);
	if (p.filter->text == NULL)
		goto out;
	p.lexer.all = aur_slice_of(p.filter->text, text.n);
	rc = parse_all(&p);
out:
	if (rc < 0) {
		aur_filter_free(p.filter);
		if (ret_at != NULL)
			*ret_at = p.at;
		return rc;
	}
	p.filter->root = (size_t)rc;
	*ret_filter = p.filter;
	return 0;
}

void aur_filter_free(struct aur_filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		aur__regex_free(f->node[i].regex);
	aur_mem_free(f->node);
	aur_mem_free(f->text);
	aur_mem_free(f);
}
