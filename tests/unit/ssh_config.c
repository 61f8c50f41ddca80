/* SPDX-License-Identifier: MIT */
/* What `ssh -G` of OpenSSH 9.2 printed, and what it could print. */
#include "ssh/config.h"
#include "base/err.h"
#include "tests/harness/fail.h"
#include "tests/unit/ssh_fixture.h"

static const struct aur_ssh_place place = {
    "/home/alice", 1000, "alice", "desk.example", "typed"};

static struct aur_ssh_config *config_of(const char *name)
{
	struct aur_buf text = fixture(name);
	struct aur_ssh_config *c = NULL;

	tap_eq_int(
	    aur_ssh_config_parse(aur_buf_peek(&text), &place, &c), 0, name);
	aur_buf_release(&text);
	if (c == NULL)
		abort();
	return c;
}

static void via(
    const struct aur_ssh_config *c, struct aur_ssh_seen seen, const char *want)
{
	struct aur_buf why;
	bool is;

	aur_buf_init(&why, 200);
	is = aur_ssh_config_wants_openssh(c, &seen, &why);
	tap_eq_str(is ? aur_buf_str(&why) : "", want, "via");
	tap_ok(aur_ssh_config_wants_openssh(c, &seen, NULL) == is,
	    "the same without words");
	aur_buf_release(&why);
}

static void test_plain(void)
{
	struct aur_ssh_config *c = config_of("G/plain");

	tap_eq_str(c->hostname, "plain", "hostname");
	tap_eq_str(c->user, "alice", "user");
	tap_eq_u64(c->port, 22, "port");
	tap_ok(c->alias == NULL && c->proxy_command == NULL &&
		   c->proxy_jump == NULL && c->control_path == NULL &&
		   c->bind_address == NULL && c->odd_file == NULL,
	    "nothing is said");
	tap_eq_u64(c->identity_files.n, 7, "the usual identities");
	tap_eq_str(c->identity_files.at[3], "/home/alice/.ssh/id_ed25519",
	    "with their path");
	tap_eq_u64(c->known_files.n, 2, "known hosts");
	tap_eq_str(c->known_files.at[1], "/home/alice/.ssh/known_hosts2",
	    "the second");
	tap_eq_u64(c->global_known_files.n, 2, "of everybody");
	tap_eq_str(c->agent, "SSH_AUTH_SOCK", "the usual agent");
	tap_ok(c->pubkey && c->password && c->keyboard, "all that we can do");
	tap_eq_int(c->strict, AUR_SSH_STRICT_ASK, "unknown keys are asked");
	tap_ok(strncmp(c->host_key_algorithms, "ssh-ed25519-cert", 16) == 0,
	    "algorithms");
	via(c, (struct aur_ssh_seen){false, false}, "");
	via(c, (struct aur_ssh_seen){true, true},
	    "a ControlMaster connection is open");
	aur_ssh_config_free(c);
}

static void test_bastioned(void)
{
	struct aur_ssh_config *c = config_of("G/bastioned");

	tap_eq_str(c->user, "bob", "user");
	tap_eq_u64(c->port, 2200, "port");
	tap_eq_str(c->alias, "al", "alias");
	tap_eq_u64(c->n_hops, 3, "three hops");
	tap_eq_str(c->hops[0].user, "alice", "the first's user");
	tap_eq_str(c->hops[1].host, "2001:db8::2", "the second's address");
	tap_eq_u64(c->hops[1].port, 33, "and port");
	tap_eq_str(c->hops[2].host, "j3", "the third");
	tap_eq_u64(c->identity_files.n, 2, "two identities");
	tap_eq_str(c->identity_files.at[0], "/home/alice/.ssh/bob@bastioned",
	    "~ %r %h");
	tap_eq_str(c->identity_files.at[1], "/a b/typed%x", "%n, %%, a blank");
	tap_ok(c->identities_only, "only these");
	tap_eq_u64(c->known_files.n, 3, "three files on one line");
	tap_eq_str(c->known_files.at[1], "/my files/kh2", "one has a blank");
	tap_eq_str(c->known_files.at[2], "/home/alice/x-bastioned", "the last");
	tap_eq_u64(c->global_known_files.n, 0, "none is none");
	tap_eq_int(c->strict, AUR_SSH_STRICT_ACCEPT_NEW, "new ones are taken");
	tap_ok(!c->hash_known_hosts, "in clear");
	tap_eq_u64(c->connect_timeout_seconds, 7, "timeout");
	tap_eq_str(c->bind_address, "10.0.0.1", "from here");
	tap_eq_int(c->family, AUR_SSH_FAMILY_INET6, "family");
	tap_eq_str(c->agent, "/home/alice/agent-alice.sock", "agent");
	tap_ok(c->control_path != NULL, "a control path");
	tap_ok(!c->password && c->keyboard, "no password");
	via(c, (struct aur_ssh_seen){false, true}, "");
	aur_ssh_config_free(c);
}

static void test_odd(void)
{
	struct aur_ssh_config *c = config_of("G/odd");

	tap_eq_str(c->proxy_command, "nc -X connect %h %p", "as it stands");
	tap_ok(c->agent == NULL, "no agent");
	tap_ok(c->canonicalize && c->host_key_dns && c->hostbased && !c->gssapi,
	    "words for yes");
	tap_eq_str(c->bind_interface, "lo", "interface");
	tap_eq_str(c->revoked_host_keys, "/etc/revoked", "revoked");
	tap_eq_u64(c->certificate_files.n, 1, "certificate");
	tap_eq_u64(c->identity_files.n, 0, "no identity");
	tap_eq_u64(c->known_files.n, 0, "no known hosts");
	via(c, (struct aur_ssh_seen){false, false}, "ProxyCommand is set");
	aur_ssh_config_free(c);
	c = config_of("G/agentenv");
	tap_eq_str(c->agent, "$MY_AGENT", "a variable is left to the caller");
	tap_ok(c->proxy_jump == NULL && c->n_hops == 0, "no jump is none");
	aur_ssh_config_free(c);
}

#define HEAD "hostname h\nuser u\nport 22\n"

static const struct {
	const char *text, *why;
	bool ticket;
} ways[] = {
    {HEAD, "", false},
    {HEAD "gssapiauthentication yes\n", "", false},
    {HEAD "gssapiauthentication yes\n",
	"GSSAPI is allowed, and there is a ticket", true},
    {HEAD "gssapiauthentication no\n", "", true},
    {HEAD "proxycommand none\n", "", false},
    {HEAD "proxyjump a,b,c,d,e,f,g,h,i\n", "ProxyJump is more than we can read",
	false},
    {HEAD "proxyjump -x\n", "ProxyJump is more than we can read", false},
    {HEAD "proxyjump a,b,c,d,e,f,g,h\n", "", false},
    {HEAD "certificatefile /x\n", "CertificateFile is set", false},
    {HEAD "pkcs11provider /x.so\n", "PKCS11Provider is set", false},
    {HEAD "securitykeyprovider internal\n", "", false},
    {HEAD "securitykeyprovider /x.so\n", "SecurityKeyProvider is set", false},
    {HEAD "hostbasedauthentication true\n", "HostbasedAuthentication is set",
	false},
    {HEAD "knownhostscommand /x\n", "KnownHostsCommand is set", false},
    {HEAD "revokedhostkeys /x\n", "RevokedHostKeys is set", false},
    {HEAD "revokedhostkeys none\n", "", false},
    {HEAD "verifyhostkeydns ask\n", "VerifyHostKeyDNS is set", false},
    {HEAD "canonicalizehostname always\n", "CanonicalizeHostname is set",
	false},
    {HEAD "bindinterface eth0\n", "BindInterface is set", false},
    {HEAD "identityfile ~/%C\n", "a file's name has tokens that only ssh knows",
	false},
    {HEAD "identityfile ${HOME}/x\n",
	"a file's name has tokens that only ssh knows", false},
    {HEAD "identityfile ~bob/x\n",
	"a file's name has tokens that only ssh knows", false},
    {HEAD "identityfile x%\n", "a file's name has tokens that only ssh knows",
	false},
};

static void test_ways(void)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(ways); i++) {
		struct aur_ssh_config *c = NULL;

		if (!tap_ok(aur_ssh_config_parse(
				aur_slice_str(ways[i].text), &place, &c) == 0,
			"case %zu", i))
			continue;
		via(c, (struct aur_ssh_seen){false, ways[i].ticket},
		    ways[i].why);
		aur_ssh_config_free(c);
	}
}

static const struct {
	const char *what, *text;
	int rc;
} refused[] = {
    {"nothing", "", AUR_EINVALID},
    {"no user", "hostname h\nport 22\n", AUR_EINVALID},
    {"no host", "user u\nport 22\n", AUR_EINVALID},
    {"no port", "hostname h\nuser u\n", AUR_EINVALID},
    {"port 0", "hostname h\nuser u\nport 0\n", AUR_EINVALID},
    {"a port too high", "hostname h\nuser u\nport 65536\n", AUR_EINVALID},
    {"a host that is an option", "hostname -x\nuser u\nport 22\n",
	AUR_EINVALID},
    {"a user that is a command", "hostname h\nuser `id`\nport 22\n",
	AUR_EINVALID},
    {"a timeout that is none", HEAD "connecttimeout soon\n", AUR_EINVALID},
};

static void test_refused(void)
{
	struct aur_ssh_config *c = NULL;
	struct aur_buf b;
	int rc;

	for (size_t i = 0; i < AUR_ARRAY_LEN(refused); i++)
		tap_eq_int(aur_ssh_config_parse(
			       aur_slice_str(refused[i].text), &place, &c),
		    refused[i].rc, refused[i].what);
	aur_buf_init(&b, AUR_MAX_SSH_CONFIG + 100);
	rc = aur_buf_add_str(&b, HEAD);
	for (unsigned i = 0; rc == 0 && i <= AUR_MAX_SSH_FILES; i++)
		rc = aur_buf_addf(&b, "identityfile /%u\n", i);
	tap_eq_int(aur_ssh_config_parse(aur_buf_peek(&b), &place, &c),
	    AUR_ELIMIT, "too many files");
	while (rc == 0 && b.n <= AUR_MAX_SSH_CONFIG)
		rc = aur_buf_add_byte(&b, '\n');
	tap_eq_int(rc, 0, "long");
	tap_eq_int(aur_ssh_config_parse(aur_buf_peek(&b), &place, &c),
	    AUR_ELIMIT, "too long");
	tap_ok(c == NULL, "never a config");
	aur_buf_release(&b);
	aur_ssh_config_free(NULL);
}

static void test_words(void)
{
	struct aur_ssh_config *c = NULL;

	tap_eq_int(
	    aur_ssh_config_parse(
		aur_slice_str(HEAD "preferredauthentications "
				   "publickey,keyboard-interactive\n"
				   "stricthostkeychecking false\n"
				   "identityfile %d/%u-%i-%l-%L-%k-%j\n"
				   "proxyjump j\nmadeup x\nHOSTKEYALIAS a"),
		&place, &c),
	    0, "in any order");
	tap_ok(c->pubkey && c->keyboard && !c->password, "preferred methods");
	tap_eq_int(c->strict, AUR_SSH_STRICT_NO, "no checking");
	tap_eq_str(c->identity_files.at[0],
	    "/home/alice/alice-1000-desk.example-desk-a-j",
	    "tokens know what comes later");
	aur_ssh_config_free(c);
}

static void test_no_memory(void)
{
	struct aur_buf text = fixture("G/bastioned");
	struct aur_ssh_config *c = NULL;
	size_t bad = 0;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		rc = aur_ssh_config_parse(aur_buf_peek(&text), &place, &c);
		if (!fail_end())
			break;
		bad += rc != AUR_ENOMEM || c != NULL;
	}
	tap_eq_int(rc, 0, "got through");
	tap_eq_u64(bad, 0, "every failure was said");
	aur_ssh_config_free(c);
	aur_buf_release(&text);
}

int main(void)
{
	test_plain();
	test_bastioned();
	test_odd();
	test_ways();
	test_refused();
	test_words();
	test_no_memory();
	return tap_done();
}
