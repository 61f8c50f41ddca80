/* SPDX-License-Identifier: MIT */
/*
 * known_hosts, read as OpenSSH reads it (sshd(8), SSH_KNOWN_HOSTS FILE
 * FORMAT): plain, hashed and [host]:port names, lists, * and ?, ! negation,
 * @revoked, @cert-authority. libssh2's own reader knows neither markers nor
 * patterns and gives a whole file up for one bad line; here a bad line is
 * counted and named, and spoils nothing.
 *
 *	struct aur_ssh_known *known;
 *	rc = aur_ssh_known_new(&known);
 *	rc = aur_ssh_known_read(known, "/home/alice/.ssh/known_hosts");
 *	n = aur_ssh_known_types(known, &host, types);     what to ask for
 *	...handshake...
 *	rc = aur_ssh_known_check(known, &host, blob, &answer);
 *	aur_ssh_known_free(known);
 *
 * A host is looked up as OpenSSH does: by HostKeyAlias as it stands, else by
 * its name in lower case, as [name]:port where the port is not 22. Where that
 * is not found, the bare name is tried, but only a match counts then.
 *
 * Answers point into the object: valid until it is changed or freed.
 */
#ifndef AUR_SSH_KNOWN_H
#define AUR_SSH_KNOWN_H

#include "ssh/key.h"

struct aur_ssh_known;

struct aur_ssh_known_host {
	const char *name;  /* as connected to: hostname of `ssh -G` */
	const char *alias; /* HostKeyAlias, NULL for none */
	uint16_t port;	   /* 0 is 22 */
};

enum aur_ssh_known_state {
	AUR_SSH_KNOWN_MATCH,   /* listed, and not revoked */
	AUR_SSH_KNOWN_DIFFERS, /* other keys are listed, this one is not */
	AUR_SSH_KNOWN_REVOKED, /* listed as @revoked */
	AUR_SSH_KNOWN_UNKNOWN, /* nothing is known of the host */
	AUR_SSH_KNOWN_CA,      /* only an authority is: the system's ssh */
};

/* A line that speaks of the host. */
struct aur_ssh_known_entry {
	const char *file;
	unsigned line;
	enum aur_ssh_key type;
	char fingerprint[AUR_SSH_FINGERPRINT];
};

#define AUR_SSH_KNOWN_SHOWN 8 /* entries that an answer names */

struct aur_ssh_known_answer {
	enum aur_ssh_known_state state;
	/* MATCH, REVOKED: the line; DIFFERS: those of the same type first;
	 * CA: the authorities; UNKNOWN: none */
	struct aur_ssh_known_entry entries[AUR_SSH_KNOWN_SHOWN];
	size_t n;
	bool same_type; /* DIFFERS: a key of this type is listed */
};

/* Empty. 0, AUR_ENOMEM. The caller frees it; NULL is fine. */
AUR_MUST_CHECK int aur_ssh_known_new(struct aur_ssh_known **ret_known);
void aur_ssh_known_free(struct aur_ssh_known *k);

/* Adds the lines of `text`, called `file` in answers (copied). 0; AUR_ELIMIT
 * where there are more than AUR_MAX_KNOWN_ENTRIES, AUR_ENOMEM: what was read
 * until then stays. */
AUR_MUST_CHECK int aur_ssh_known_add(
    struct aur_ssh_known *k, const char *file, struct aur_slice text);

/* Adds a file. One that is not there is 0, as for OpenSSH; AUR_EDENIED,
 * AUR_EIO, AUR_ELIMIT (above AUR_MAX_KNOWN_HOSTS), AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_known_read(
    struct aur_ssh_known *k, const char *path);

/* Lines that mean nothing, in all; the first of them in `ret_file` and
 * `ret_line` (untouched at 0). */
size_t aur_ssh_known_bad(
    const struct aur_ssh_known *k, const char **ret_file, unsigned *ret_line);

/* What is known of `blob` as the key of `host`. 0; AUR_EINVALID where it is
 * no key blob, AUR_ENOMEM. A certificate is always CA or UNKNOWN. */
AUR_MUST_CHECK int aur_ssh_known_check(const struct aur_ssh_known *k,
    const struct aur_ssh_known_host *host, struct aur_slice blob,
    struct aur_ssh_known_answer *ret_answer);

/* The types of keys listed for `host`, in the order of keytype.def; keys
 * that are revoked and authorities do not count: ssh then asks for the others.
 * Returns their number. */
size_t aur_ssh_known_types(const struct aur_ssh_known *k,
    const struct aur_ssh_known_host *host,
    enum aur_ssh_key ret_types[AUR_SSH_KEY_TYPES]);

/* Whether an authority is listed for `host`. */
bool aur_ssh_known_has_ca(
    const struct aur_ssh_known *k, const struct aur_ssh_known_host *host);

/* Appends the line (with its newline) that makes `blob` known as the key of
 * `host`; `hash` as HashKnownHosts says. 0, AUR_EINVALID (no key blob, or a
 * name that cannot stand in the file), AUR_ELIMIT, AUR_ENOMEM, AUR_EIO (no
 * random numbers). */
AUR_MUST_CHECK int aur_ssh_known_line(const struct aur_ssh_known_host *host,
    struct aur_slice blob, bool hash, struct aur_buf *out);

/* Appends `line` to the file in one O_APPEND write, after a newline where the
 * last line lacks it. File (0600) and its folder (0700) are made where they
 * are missing. 0; AUR_EDENIED also where the file, or its folder, is a link
 * that another user than root or ourselves made; AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_ssh_known_append(
    const char *path, struct aur_slice line);

#endif
