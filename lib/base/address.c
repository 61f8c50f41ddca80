/* SPDX-License-Identifier: MIT */
/*
 * Addresses. The bytes that OpenSSH refuses in hosts and users (ssh.c,
 * valid_hostname and valid_ruser) are refused here as well, and some more
 * that no name has. Percent escapes of ssh:// are not decoded: '%' is left to
 * the zone of an IPv6 address, and a login that needs one can be given to ssh
 * by its configuration.
 */
#include "base/address.h"

#include "base/err.h"
#include "base/scan.h"

#define SCHEME "ssh://"

static bool has_byte(const char *set, uint8_t c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool is_ctrl_or_blank(uint8_t c)
{
	return c <= ' ' || c == 0x7f;
}

static size_t count(struct aur_slice s, uint8_t c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

bool aur_address_host_valid(struct aur_slice s)
{
	if (s.n == 0 || s.n > AUR_MAX_HOSTNAME || s.p[0] == '-' ||
	    count(s, ':') == 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (is_ctrl_or_blank(s.p[i]) || s.p[i] >= 0x80 ||
		    has_byte("'`\"$\\;&<>|(){}[]@,/*?!#=", s.p[i]))
			return false;
	return true;
}

bool aur_address_user_valid(struct aur_slice s)
{
	/* with a scheme, what is written out would be read as another */
	if (s.n == 0 || s.n > AUR_MAX_USER || s.p[0] == '-' ||
	    s.p[s.n - 1] == '\\' || aur_slice_starts(s, SCHEME))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (is_ctrl_or_blank(s.p[i]) ||
		    has_byte("'`\";&<>|(){}$,", s.p[i]))
			return false;
	return true;
}

static int refuse(struct aur_buf *why, int rc, const char *text)
{
	int added;

	if (why == NULL)
		return rc;
	aur_buf_clear(why);
	added = aur_buf_add_str(why, text);
	return added == AUR_ENOMEM ? added : rc;
}

static int refuse_host(struct aur_buf *why, struct aur_slice s)
{
	if (s.n == 0)
		return refuse(why, AUR_EINVALID, "the host name is missing");
	if (s.n > AUR_MAX_HOSTNAME)
		return refuse(why, AUR_ELIMIT, "the host name is too long");
	if (s.p[0] == '-')
		return refuse(
		    why, AUR_EINVALID, "a host name cannot start with '-'");
	/* "[a:b]" among them: an address has two colons, a name none */
	return refuse(why, AUR_EINVALID,
	    "the host name has a character that no host name has");
}

static int refuse_user(struct aur_buf *why, struct aur_slice s)
{
	if (s.n == 0)
		return refuse(
		    why, AUR_EINVALID, "the user before '@' is missing");
	if (s.n > AUR_MAX_USER)
		return refuse(why, AUR_ELIMIT, "the user is too long");
	if (s.p[0] == '-')
		return refuse(
		    why, AUR_EINVALID, "a user cannot start with '-'");
	return refuse(why, AUR_EINVALID,
	    "the user has a character that ssh does not take");
}

/* Where the last `c` stands; false for none. */
static bool find_last(struct aur_slice s, uint8_t c, size_t *ret_at)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == c) {
			*ret_at = i - 1;
			return true;
		}
	return false;
}

/* "host", "host:port", "[host]", "[host]:port", "v6" into host and port. */
static bool split_port(
    struct aur_slice s, struct aur_slice *host, struct aur_slice *port)
{
	size_t at;

	*port = aur_slice_of(NULL, 0);
	*host = s;
	if (s.n > 0 && s.p[0] == '[') {
		if (!find_last(s, ']', &at))
			return false;
		*host = aur_slice_of(s.p + 1, at - 1);
		s = aur_slice_of(s.p + at + 1, s.n - at - 1);
		if (s.n > 0 && s.p[0] != ':')
			return false;
		if (s.n > 0)
			*port = aur_slice_of(s.p + 1, s.n - 1);
		return true;
	}
	if (count(s, ':') == 1 && find_last(s, ':', &at)) {
		*host = aur_slice_of(s.p, at);
		*port = aur_slice_of(s.p + at + 1, s.n - at - 1);
	}
	return true;
}

static void copy(char *to, struct aur_slice s)
{
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
}

static int parse_port(
    struct aur_slice s, uint16_t *ret_port, struct aur_buf *why)
{
	uint64_t v = 0;

	if (aur_scan_u64(s, &v) < 0 || v == 0 || v > UINT16_MAX)
		return refuse(why, AUR_EINVALID, "the port must be 1 to 65535");
	*ret_port = (uint16_t)v;
	return 0;
}

/* ssh:// and the slash at its end are taken off. */
static struct aur_slice strip_scheme(struct aur_slice s)
{
	const size_t n = sizeof(SCHEME) - 1;

	if (!aur_slice_starts(s, SCHEME))
		return s;
	s = aur_slice_of(s.p + n, s.n - n);
	if (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

int aur_address_parse(
    struct aur_slice text, struct aur_address *ret_address, struct aur_buf *why)
{
	struct aur_address a = {"", "", 0};
	struct aur_slice s = strip_scheme(text), user, host, port;
	size_t at;

	if (find_last(s, '@', &at)) {
		user = aur_slice_of(s.p, at);
		if (!aur_address_user_valid(user))
			return refuse_user(why, user);
		copy(a.user, user);
		s = aur_slice_of(s.p + at + 1, s.n - at - 1);
	}
	if (!split_port(s, &host, &port))
		return refuse(
		    why, AUR_EINVALID, "'[' without a ']' that ends the host");
	if (!aur_address_host_valid(host))
		return refuse_host(why, host);
	copy(a.host, host);
	if (port.p != NULL) {
		int rc = parse_port(port, &a.port, why);

		if (rc < 0)
			return rc;
	}
	*ret_address = a;
	return 0;
}

int aur_address_parse_list(struct aur_slice text, struct aur_address *ret_list,
    size_t max, struct aur_buf *why)
{
	size_t n = 0;
	bool more;

	if (count(text, ',') >= max)
		return refuse(why, AUR_ELIMIT, "too many hosts in one list");
	do {
		struct aur_slice part;
		int rc;

		more = aur_slice_until(&text, ',', &part);
		rc = aur_address_parse(more ? part : text, &ret_list[n], why);
		if (rc < 0)
			return rc;
		n++;
	} while (more);
	return (int)n;
}

int aur_address_add(struct aur_buf *out, const struct aur_address *a)
{
	bool brackets = a->port != 0 && strchr(a->host, ':') != NULL;
	char port[8] = "";

	if (a->port != 0)
		snprintf(port, sizeof port, ":%u", (unsigned)a->port);
	return aur_buf_addf(out, "%s%s%s%s%s%s", a->user,
	    a->user[0] != '\0' ? "@" : "", brackets ? "[" : "", a->host,
	    brackets ? "]" : "", port);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
	for (; *a != '\0' && lower(*a) == lower(*b); a++)
		b++;
	return *a == *b;
}

bool aur_address_eq(const struct aur_address *a, const struct aur_address *b)
{
	return strcmp(a->user, b->user) == 0 && same_name(a->host, b->host) &&
	       a->port == b->port;
}
