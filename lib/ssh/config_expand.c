/* SPDX-License-Identifier: MIT */
/*
 * Tokens in names of files. %C, a hash whose recipe has changed between
 * versions of ssh, ${VARIABLES} and ~name are left to ssh itself.
 */
#include "base/err.h"
#include "ssh/config_int.h"

static const char *or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* Up to the first dot. */
static int add_short(struct aur_buf *out, const char *hostname)
{
	return aur_buf_add(out, hostname, strcspn(hostname, "."));
}

static int add_token(const struct aur_ssh_config *c,
    const struct aur_ssh_place *place, uint8_t token, struct aur_buf *out)
{
	switch (token) {
	case '%':
		return aur_buf_add_byte(out, '%');
	case 'd':
		return aur_buf_add_str(out, place->home);
	case 'h':
		return aur_buf_add_str(out, c->hostname);
	case 'i':
		return aur_buf_addf(out, "%lu", (unsigned long)place->uid);
	case 'j':
		return aur_buf_add_str(out, or_empty(c->proxy_jump));
	case 'k':
		return aur_buf_add_str(
		    out, c->alias != NULL ? c->alias : place->original);
	case 'L':
		return add_short(out, place->hostname);
	case 'l':
		return aur_buf_add_str(out, place->hostname);
	case 'n':
		return aur_buf_add_str(out, place->original);
	case 'p':
		return aur_buf_addf(out, "%u", (unsigned)c->port);
	case 'r':
		return aur_buf_add_str(out, c->user);
	case 'u':
		return aur_buf_add_str(out, place->user);
	default:
		return AUR_EUNSUPPORTED;
	}
}

int aur__config_expand(const struct aur_ssh_config *c,
    const struct aur_ssh_place *place, struct aur_slice text,
    struct aur_buf *out)
{
	size_t i = 0;
	int rc = 0;

	if (text.n > 0 && text.p[0] == '~') {
		if (text.n > 1 && text.p[1] != '/')
			return AUR_EUNSUPPORTED;
		rc = aur_buf_add_str(out, place->home);
		i = 1;
	}
	for (; i < text.n && rc == 0; i++) {
		bool more = i + 1 < text.n;

		if (text.p[i] == '$' && more && text.p[i + 1] == '{')
			return AUR_EUNSUPPORTED;
		if (text.p[i] != '%')
			rc = aur_buf_add_byte(out, text.p[i]);
		else if (more)
			rc = add_token(c, place, text.p[++i], out);
		else
			return AUR_EUNSUPPORTED;
	}
	return rc;
}
