/* SPDX-License-Identifier: MIT */
/* Addresses as people write them, and what must never reach ssh. */
#include "base/address.h"
#include "base/err.h"
#include "tests/harness/tap.h"

static const struct {
	const char *text, *user, *host;
	unsigned port;
	const char *back; /* as it is written again; NULL: as `text` */
} good[] = {
    {"web1", "", "web1", 0, NULL},
    {"alice@web1", "alice", "web1", 0, NULL},
    {"alice@web1.example:2222", "alice", "web1.example", 2222, NULL},
    {"10.0.0.1:22", "", "10.0.0.1", 22, NULL},
    {"::1", "", "::1", 0, NULL},
    {"[::1]", "", "::1", 0, "::1"},
    {"[::1]:22", "", "::1", 22, NULL},
    {"bob@[2001:db8::1]:65535", "bob", "2001:db8::1", 65535, NULL},
    {"fe80::1%eth0", "", "fe80::1%eth0", 0, NULL},
    {"a@b@web1", "a@b", "web1", 0, NULL},
    {"DOM\\alice@web1", "DOM\\alice", "web1", 0, NULL},
    {"ssh://web1", "", "web1", 0, "web1"},
    {"ssh://alice@web1:77", "alice", "web1", 77, "alice@web1:77"},
    {"ssh://alice@[::1]:77/", "alice", "::1", 77, "alice@[::1]:77"},
    {"web_1-a.b~c+d", "", "web_1-a.b~c+d", 0, NULL},
};

static const struct {
	const char *text, *why;
} bad[] = {
    {"", "the host name is missing"},
    {"alice@", "the host name is missing"},
    {"@web1", "the user before '@' is missing"},
    {"-oProxyCommand=x", "a host name cannot start with '-'"},
    {"alice@-x", "a host name cannot start with '-'"},
    {"-l@web1", "a user cannot start with '-'"},
    {"web 1", "the host name has a character that no host name has"},
    {"web1\n", "the host name has a character that no host name has"},
    {"web1;id", "the host name has a character that no host name has"},
    {"web$(id)", "the host name has a character that no host name has"},
    {"w\xc3\xa9", "the host name has a character that no host name has"},
    {"a`b@web1", "the user has a character that ssh does not take"},
    {"a b@web1", "the user has a character that ssh does not take"},
    {"a\\@web1", "the user has a character that ssh does not take"},
    {"ssh://ssh://bob@web1", "the user has a character that ssh does not take"},
    {"web1:", "the port must be 1 to 65535"},
    {"web1:0", "the port must be 1 to 65535"},
    {"web1:65536", "the port must be 1 to 65535"},
    {"web1:ssh", "the port must be 1 to 65535"},
    {"[::1]:", "the port must be 1 to 65535"},
    {"[::1", "'[' without a ']' that ends the host"},
    {"[::1]22", "'[' without a ']' that ends the host"},
    {"[a:1]", "the host name has a character that no host name has"},
    {"[]:22", "the host name is missing"},
    {"ssh://", "the host name is missing"},
    {"ssh://web1/path", "the host name has a character that no host name has"},
};

static void test_good(void)
{
	struct aur_address a, again;
	struct aur_buf b;

	aur_buf_init(&b, 1024);
	for (size_t i = 0; i < AUR_ARRAY_LEN(good); i++) {
		const char *back = good[i].back ? good[i].back : good[i].text;

		aur_buf_clear(&b);
		if (!tap_ok(aur_address_parse(
				aur_slice_str(good[i].text), &a, NULL) == 0,
			"%s", good[i].text))
			continue;
		tap_eq_str(a.user, good[i].user, "user");
		tap_eq_str(a.host, good[i].host, "host");
		tap_eq_u64(a.port, good[i].port, "port");
		tap_eq_int(aur_address_add(&b, &a), 0, "written");
		tap_eq_str(aur_buf_str(&b), back, "as it was read");
		tap_ok(aur_address_parse(aur_buf_peek(&b), &again, NULL) == 0 &&
			   aur_address_eq(&a, &again),
		    "and read again is the same");
	}
	aur_buf_release(&b);
}

static void test_bad(void)
{
	struct aur_address a = {"u", "h", 7};
	struct aur_buf why;

	aur_buf_init(&why, 256);
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		tap_eq_int(
		    aur_address_parse(aur_slice_str(bad[i].text), &a, &why),
		    AUR_EINVALID, bad[i].text);
		tap_eq_str(aur_buf_str(&why), bad[i].why, "why");
	}
	tap_ok(a.port == 7 && a.host[0] == 'h', "the result is untouched");
	aur_buf_release(&why);
}

static void test_lengths(void)
{
	char text[AUR_MAX_USER + AUR_MAX_HOSTNAME + 3];
	struct aur_address a;

	memset(text, 'a', sizeof text);
	text[AUR_MAX_USER] = '@';
	tap_eq_int(aur_address_parse(
		       aur_slice_of(text, AUR_MAX_USER + 1 + AUR_MAX_HOSTNAME),
		       &a, NULL),
	    0, "the longest user and host");
	tap_eq_u64(strlen(a.user), AUR_MAX_USER, "user");
	tap_eq_u64(strlen(a.host), AUR_MAX_HOSTNAME, "host");
	tap_eq_int(aur_address_parse(
		       aur_slice_of(text, AUR_MAX_USER + 2 + AUR_MAX_HOSTNAME),
		       &a, NULL),
	    AUR_ELIMIT, "one more in the host");
	text[AUR_MAX_USER] = 'a';
	text[AUR_MAX_USER + 1] = '@';
	tap_eq_int(
	    aur_address_parse(aur_slice_of(text, AUR_MAX_USER + 3), &a, NULL),
	    AUR_ELIMIT, "one more in the user");
	tap_eq_int(aur_address_parse(aur_slice_of("we\0b", 4), &a, NULL),
	    AUR_EINVALID, "a NUL");
}

static int list(const char *text, struct aur_address *l, size_t max)
{
	return aur_address_parse_list(aur_slice_str(text), l, max, NULL);
}

static void test_list(void)
{
	struct aur_address l[3];

	tap_eq_int(list("j1", l, 3), 1, "one");
	tap_eq_int(list("a@j1:22,[::1]:33,j3", l, 3), 3, "three");
	tap_eq_str(l[0].user, "a", "in their order");
	tap_eq_str(l[1].host, "::1", "with brackets");
	tap_eq_u64(l[1].port, 33, "and ports");
	tap_eq_str(l[2].host, "j3", "to the last");
	tap_eq_int(list("a,b,c,d", l, 3), AUR_ELIMIT, "too many");
	tap_eq_int(list("", l, 3), AUR_EINVALID, "none");
	tap_eq_int(list("a,", l, 3), AUR_EINVALID, "an empty one");
	tap_eq_int(list("a,-b", l, 3), AUR_EINVALID, "a bad one");
}

static void test_equal(void)
{
	struct aur_address a = {"u", "Web1", 22}, b = {"u", "web1", 22};

	tap_ok(aur_address_eq(&a, &b), "case does not count in hosts");
	b.user[0] = 'U';
	tap_ok(!aur_address_eq(&a, &b), "but in users");
	b.user[0] = 'u';
	b.port = 0;
	tap_ok(!aur_address_eq(&a, &b), "no port is not 22");
	b.port = 22;
	b.host[4] = 'x';
	b.host[5] = '\0';
	tap_ok(!aur_address_eq(&a, &b), "a longer name");
}

int main(void)
{
	test_good();
	test_bad();
	test_lengths();
	test_list();
	test_equal();
	return tap_done();
}
