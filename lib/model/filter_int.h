/* SPDX-License-Identifier: MIT */
/*
 * What the filter's files share: words (filter_lex.c), the tree and its
 * making (filter_parse.c), asking it (filter_match.c). Nobody outside
 * lib/model includes it.
 */
#ifndef AUR_MODEL_FILTER_INT_H
#define AUR_MODEL_FILTER_INT_H

#include "model/filter.h"
#include "model/regex_int.h"

enum aur__op {
	AUR__OP_EQ,
	AUR__OP_NE,
	AUR__OP_GT,
	AUR__OP_GE,
	AUR__OP_LT,
	AUR__OP_LE,
	AUR__OP_LIKE,	/* ~ */
	AUR__OP_UNLIKE, /* !~ */
	AUR__OP_HAS,	/* : */
};

enum aur__token_kind {
	AUR__TOKEN_END,
	AUR__TOKEN_WORD,
	AUR__TOKEN_QUOTED, /* text is what stands between the quotes */
	AUR__TOKEN_OP,
	AUR__TOKEN_OPEN,
	AUR__TOKEN_CLOSE,
	AUR__TOKEN_AND,
	AUR__TOKEN_OR,
	AUR__TOKEN_NOT,
	AUR__TOKEN_UNCLOSED, /* a quote without its end */
};

struct aur__token {
	enum aur__token_kind kind;
	enum aur__op op;
	struct aur_slice text;
	size_t at;
};

struct aur__lexer {
	struct aur_slice all;
	size_t at;
};

/* The next token where an operand may stand; `and`, `or` and `not` are told
 * from words, `gt` and its like are not: they mean it only behind a word. */
void aur__lex_operand(struct aur__lexer *l, struct aur__token *ret);

/* The next token where an operator may stand: words like `gt` are OP. */
void aur__lex_operator(struct aur__lexer *l, struct aur__token *ret);

/* What is compared with: up to a blank, "|", "&&" or ")" that stands in no
 * group or set of a regular expression. WORD, QUOTED, UNCLOSED or END. */
void aur__lex_value(struct aur__lexer *l, struct aur__token *ret);

enum aur__node_kind {
	AUR__NODE_AND,
	AUR__NODE_OR,
	AUR__NODE_NOT,
	AUR__NODE_COMPARE,
	AUR__NODE_TEXT,
};

struct aur__node {
	enum aur__node_kind kind;
	enum aur__op op;
	uint16_t a, b; /* children */
	int field;
	struct aur_slice text; /* in the filter's text */
	bool is_number;
	double number;
	struct aur__regex *regex; /* owned */
};

struct aur_filter {
	char *text; /* owned copy of what was parsed */
	struct aur__node *node;
	size_t n;
	size_t root; /* index, unless n is 0: everything passes */
};

/* What a value is searched in: longer texts are cut. */
#define AUR__FILTER_SEEN 4096u

#endif
