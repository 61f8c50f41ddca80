/* SPDX-License-Identifier: MIT */
/*
 * What the user's ssh would do for a host: the output of `ssh -G -- ADDRESS`
 * (ssh_config(5)), so that ~/.ssh/config means what it means there. Pure: the
 * caller runs ssh and hands its stdout over. Files come with their ~ and
 * %-tokens put in; a listed file may not exist, as defaults are listed too.
 *
 *	struct aur_ssh_place place = {home, uid, login, hostname, address};
 *	rc = aur_ssh_config_parse(text, &place, &config);
 *	if (aur_ssh_config_wants_openssh(config, &seen, &why))
 *		... run the system's ssh; `why` says it in words
 *	aur_ssh_config_free(config);
 *
 * Keywords that nobody here needs are skipped, unknown ones too.
 */
#ifndef AUR_SSH_CONFIG_H
#define AUR_SSH_CONFIG_H

#include "base/address.h"
#include "base/buf.h"

#include <sys/types.h>

/* Where the tokens come from; strings are borrowed. */
struct aur_ssh_place {
	const char *home;     /* %d ~ */
	uid_t uid;	      /* %i */
	const char *user;     /* %u, the local login */
	const char *hostname; /* %l %L, this machine */
	const char *original; /* %n, the host as it was typed */
};

enum aur_ssh_strict {
	AUR_SSH_STRICT_ASK,
	AUR_SSH_STRICT_YES,
	AUR_SSH_STRICT_ACCEPT_NEW,
	AUR_SSH_STRICT_NO,
};

enum aur_ssh_family {
	AUR_SSH_FAMILY_ANY,
	AUR_SSH_FAMILY_INET,
	AUR_SSH_FAMILY_INET6,
};

/* A list of texts, owned by the config. */
struct aur_ssh_list {
	char *at[AUR_MAX_SSH_FILES];
	size_t n;
};

/* Texts are owned; NULL where ssh says none, or nothing. */
struct aur_ssh_config {
	char *hostname; /* never NULL: what is connected to */
	char *user;	/* never NULL */
	uint16_t port;	/* never 0 */
	char *alias;	/* hostkeyalias */
	struct aur_ssh_list identity_files;
	struct aur_ssh_list certificate_files;
	struct aur_ssh_list known_files;	/* userknownhostsfile */
	struct aur_ssh_list global_known_files; /* globalknownhostsfile */
	char *agent; /* socket of identityagent; NULL: no agent is asked. The
			text "SSH_AUTH_SOCK" stands for that variable, "$NAME"
			for another */
	bool identities_only;
	bool batch_mode; /* batchmode: never ask */
	enum aur_ssh_strict strict;
	bool hash_known_hosts;
	enum aur_ssh_family family;
	char *bind_address;
	unsigned connect_timeout_seconds;	   /* 0: not said */
	struct aur_address hops[AUR_MAX_SSH_HOPS]; /* proxyjump, first first */
	size_t n_hops;
	char *proxy_jump; /* the same as text; set also where it is too long
			     or odd to be hops */
	char *proxy_command;
	char *control_path;		 /* tokens put in; NULL: none */
	char *host_key_algorithms;	 /* as listed */
	bool pubkey, password, keyboard; /* authentication that is allowed */
	/* What only the system's ssh can do: what is said, NULL where nothing
	 */
	char *pkcs11_provider;
	char *security_key_provider;
	char *odd_file; /* a file with a token or variable that is not put in:
			   left out of its list */
	char *known_hosts_command;
	char *revoked_host_keys;
	char *bind_interface;
	bool gssapi, hostbased, canonicalize, host_key_dns;
};

/* Parses all of `text`. 0 and a config that the caller frees; AUR_EINVALID
 * where hostname, user or port is missing or not fit to be used (a user or
 * host that aur_address refuses); AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_config_parse(struct aur_slice text,
    const struct aur_ssh_place *place, struct aur_ssh_config **ret_config);
void aur_ssh_config_free(struct aur_ssh_config *c); /* NULL is fine */

/* What the caller has looked at. */
struct aur_ssh_seen {
	bool control_open; /* a connection listens on control_path */
	bool ticket;	   /* there is a Kerberos ticket: GSSAPI, which Debian
			      allows everywhere, would be of use */
};

/* Whether libssh2 cannot serve this host; then `why`, if not NULL, gets the
 * reason ("ProxyCommand is set"). A file of an identity that needs a token or
 * is of a kind that we cannot read is the caller's to notice (private.h). */
bool aur_ssh_config_wants_openssh(const struct aur_ssh_config *c,
    const struct aur_ssh_seen *seen, struct aur_buf *why);

#endif
