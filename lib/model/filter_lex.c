/* SPDX-License-Identifier: MIT */
/*
 * The filter's words. What a character means depends on what may stand there:
 * a | parts two conditions, but inside the parentheses of a value it belongs
 * to a regular expression. So the parser says what it waits for, and there is
 * a function for each; a table of states was not taken for three of them.
 *
 * Nothing is copied: tokens are slices of the text. Quotes have no escapes
 * inside; a text that has one kind of quote is put into the other kind.
 */
#include "model/filter_int.h"

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The byte `ahead` of here; 0 behind the end. */
static uint8_t look(const struct aur__lexer *l, size_t ahead)
{
	return l->all.n - l->at > ahead ? l->all.p[l->at + ahead] : 0;
}

static bool at_end(const struct aur__lexer *l)
{
	return l->at >= l->all.n;
}

static void skip_blanks(struct aur__lexer *l)
{
	while (!at_end(l) && is_blank(look(l, 0)))
		l->at++;
}

/* Makes a token of the next `n` bytes. */
static void take(struct aur__lexer *l, size_t n, enum aur__token_kind kind,
    struct aur__token *ret)
{
	*ret = (struct aur__token){.kind = kind,
	    .text = aur_slice_of(l->all.p + l->at, n),
	    .at = l->at};
	l->at += n;
}

static void take_op(
    struct aur__lexer *l, size_t n, enum aur__op op, struct aur__token *ret)
{
	take(l, n, AUR__TOKEN_OP, ret);
	ret->op = op;
}

/* An operator made of signs, if one stands here. */
static bool lex_sign(struct aur__lexer *l, struct aur__token *ret)
{
	bool equal = look(l, 1) == '=';

	switch (look(l, 0)) {
	case '=':
		take_op(l, equal ? 2 : 1, AUR__OP_EQ, ret);
		return true;
	case '>':
		take_op(l, equal ? 2 : 1, equal ? AUR__OP_GE : AUR__OP_GT, ret);
		return true;
	case '<':
		take_op(l, equal ? 2 : 1, equal ? AUR__OP_LE : AUR__OP_LT, ret);
		return true;
	case '~':
		take_op(l, 1, AUR__OP_LIKE, ret);
		return true;
	case ':':
		take_op(l, 1, AUR__OP_HAS, ret);
		return true;
	case '!':
		if (equal)
			take_op(l, 2, AUR__OP_NE, ret);
		else if (look(l, 1) == '~')
			take_op(l, 2, AUR__OP_UNLIKE, ret);
		else
			return false;
		return true;
	}
	return false;
}

/* What parts conditions, if it stands here. */
static bool lex_mark(struct aur__lexer *l, struct aur__token *ret)
{
	switch (look(l, 0)) {
	case '(':
		take(l, 1, AUR__TOKEN_OPEN, ret);
		return true;
	case ')':
		take(l, 1, AUR__TOKEN_CLOSE, ret);
		return true;
	case '!':
		take(l, 1, AUR__TOKEN_NOT, ret);
		return true;
	case '|':
		take(l, look(l, 1) == '|' ? 2 : 1, AUR__TOKEN_OR, ret);
		return true;
	case '&':
		if (look(l, 1) != '&')
			return false;
		take(l, 2, AUR__TOKEN_AND, ret);
		return true;
	}
	return false;
}

static bool lex_quoted(struct aur__lexer *l, struct aur__token *ret)
{
	uint8_t quote = look(l, 0);
	size_t n = 1;

	if (at_end(l) || (quote != '\'' && quote != '"'))
		return false;
	while (l->at + n < l->all.n && look(l, n) != quote)
		n++;
	if (l->at + n >= l->all.n) {
		take(l, n, AUR__TOKEN_UNCLOSED, ret);
		return true;
	}
	take(l, n + 1, AUR__TOKEN_QUOTED, ret);
	ret->text = aur_slice_of(ret->text.p + 1, n - 1);
	return true;
}

/* Length of a [bracket] that begins `n` ahead; 1 where it has no end. */
static size_t bracket(const struct aur__lexer *l, size_t n)
{
	size_t depth = 0;

	for (size_t i = n; l->at + i < l->all.n; i++) {
		if (look(l, i) == '[')
			depth++;
		else if (look(l, i) == ']' && --depth == 0)
			return i - n + 1;
	}
	return 1;
}

static bool ends_word(const struct aur__lexer *l, size_t n)
{
	uint8_t c = look(l, n), next = look(l, n + 1);

	if (is_blank(c))
		return true;
	if (c == '!')
		return next == '=' || next == '~';
	if (c == '&')
		return next == '&';
	return c != 0 && strchr("=<>~:|()", c) != NULL;
}

/* A word; brackets (an instance, a kernel thread) hold anything. */
static void lex_word(struct aur__lexer *l, struct aur__token *ret)
{
	size_t n = 0;

	while (l->at + n < l->all.n && !ends_word(l, n))
		n += look(l, n) == '[' ? bracket(l, n) : 1;
	take(l, n, AUR__TOKEN_WORD, ret);
}

static bool is_word(struct aur_slice s, const char *word)
{
	size_t i = 0;

	while (i < s.n && word[i] != '\0' && lower(s.p[i]) == (uint8_t)word[i])
		i++;
	return i == s.n && word[i] == '\0';
}

static void lex_any(struct aur__lexer *l, struct aur__token *ret)
{
	skip_blanks(l);
	if (at_end(l))
		take(l, 0, AUR__TOKEN_END, ret);
	else if (!lex_sign(l, ret) && !lex_mark(l, ret) && !lex_quoted(l, ret))
		lex_word(l, ret);
}

void aur__lex_operand(struct aur__lexer *l, struct aur__token *ret)
{
	lex_any(l, ret);
	if (ret->kind != AUR__TOKEN_WORD)
		return;
	if (is_word(ret->text, "and"))
		ret->kind = AUR__TOKEN_AND;
	else if (is_word(ret->text, "or"))
		ret->kind = AUR__TOKEN_OR;
	else if (is_word(ret->text, "not"))
		ret->kind = AUR__TOKEN_NOT;
}

void aur__lex_operator(struct aur__lexer *l, struct aur__token *ret)
{
	static const char word[][3] = {
	    [AUR__OP_EQ] = "eq",
	    [AUR__OP_NE] = "ne",
	    [AUR__OP_GT] = "gt",
	    [AUR__OP_GE] = "ge",
	    [AUR__OP_LT] = "lt",
	    [AUR__OP_LE] = "le",
	};

	lex_any(l, ret);
	if (ret->kind != AUR__TOKEN_WORD)
		return;
	for (size_t i = 0; i < AUR_ARRAY_LEN(word); i++)
		if (is_word(ret->text, word[i])) {
			ret->kind = AUR__TOKEN_OP;
			ret->op = (enum aur__op)i;
		}
}

/* Length of the value that begins here. */
static size_t value_length(const struct aur__lexer *l)
{
	size_t n = 0, depth = 0;

	while (l->at + n < l->all.n && !is_blank(look(l, n))) {
		uint8_t c = look(l, n), next = look(l, n + 1);

		if (depth == 0 &&
		    (c == ')' || c == '|' || (c == '&' && next == '&')))
			break;
		if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
		if (c == '[')
			n += bracket(l, n);
		else
			n += c == '\\' && l->at + n + 1 < l->all.n ? 2 : 1;
	}
	return n;
}

void aur__lex_value(struct aur__lexer *l, struct aur__token *ret)
{
	size_t n;

	skip_blanks(l);
	if (lex_quoted(l, ret))
		return;
	n = value_length(l);
	take(l, n, n > 0 ? AUR__TOKEN_WORD : AUR__TOKEN_END, ret);
}
