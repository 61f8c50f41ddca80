/* SPDX-License-Identifier: MIT */
/* lib/loop/resolve: numbers, names, names that are not there, giving up. */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "loop/resolve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

struct state {
	struct aur_loop *loop;
	struct aur_timer *guard;
	struct aur_resolver *resolver;
	struct aur_resolve *q;
	int calls;
};

static void on_guard(void *arg)
{
	struct state *s = arg;

	tap_ok(false, "a guard of 60 s was not needed");
	aur_loop_stop(s->loop);
}

static void setup(struct state *s)
{
	*s = (struct state){0};
	if (aur_loop_new(&s->loop) < 0 ||
	    aur_timer_new(s->loop, on_guard, s, &s->guard) < 0 ||
	    aur_resolver_new(&s->resolver, s->loop) < 0)
		_exit(99);
	aur_timer_start(s->guard, aur_span_seconds(60));
}

static void teardown(struct state *s)
{
	aur_resolver_free(s->resolver);
	aur_timer_free(s->guard);
	aur_loop_free(s->loop);
}

static void on_found(void *arg)
{
	struct state *s = arg;

	s->calls++;
	aur_loop_stop(s->loop);
}

static void ask(struct state *s, const char *name, int family)
{
	if (aur_resolve_new(s->resolver, name, 22, family, on_found, s, &s->q) <
	    0)
		_exit(99);
}

static void test_number(void)
{
	const struct addrinfo *a;
	struct state s;

	setup(&s);
	ask(&s, "127.0.0.9", AF_UNSPEC);
	tap_eq_int(s.calls, 0, "a number is not answered from within");
	(void)!aur_loop_run(s.loop);
	tap_eq_int(s.calls, 1, "but from the loop");
	a = aur_resolve_found(s.q);
	tap_ok(a != NULL && a->ai_family == AF_INET &&
		   ((struct sockaddr_in *)(void *)a->ai_addr)->sin_port ==
		       htons(22),
	    "with its port");
	aur_resolve_free(s.q);
	ask(&s, "::1", AF_UNSPEC);
	(void)!aur_loop_run(s.loop);
	a = aur_resolve_found(s.q);
	tap_ok(a != NULL && a->ai_family == AF_INET6, "IPv6");
	aur_resolve_free(s.q);
	teardown(&s);
}

static void test_names(void)
{
	struct state s;

	setup(&s);
	ask(&s, "localhost", AF_INET);
	(void)!aur_loop_run(s.loop);
	tap_ok(aur_resolve_found(s.q) != NULL, "localhost");
	tap_eq_str(aur_resolve_error(s.q), "", "no error");
	aur_resolve_free(s.q);
	ask(&s, "-no such name-", AF_UNSPEC);
	(void)!aur_loop_run(s.loop);
	tap_ok(aur_resolve_found(s.q) == NULL, "nonsense is not found");
	tap_ok(aur_resolve_error(s.q)[0] != '\0', "and why: %s",
	    aur_resolve_error(s.q));
	aur_resolve_free(s.q);
	tap_eq_int(
	    aur_resolve_new(s.resolver, "", 22, AF_UNSPEC, on_found, &s, &s.q),
	    AUR_EINVALID, "no name");
	tap_eq_int(aur_resolve_new(
		       s.resolver, "a", 65536, AF_UNSPEC, on_found, &s, &s.q),
	    AUR_EINVALID, "no port");
	teardown(&s);
}

static void test_giving_up(void)
{
	struct state s;

	setup(&s);
	for (int i = 0; i < 20; i++) {
		ask(&s, i % 2 ? "localhost" : "127.0.0.1", AF_UNSPEC);
		aur_resolve_free(s.q);
	}
	ask(&s, "localhost", AF_INET);
	(void)!aur_loop_run(s.loop);
	tap_eq_int(s.calls, 1, "only the one that was not given up");
	aur_resolve_free(s.q);
	ask(&s, "localhost", AF_INET);
	aur_resolve_free(s.q);
	teardown(&s);
	tap_ok(true, "a resolver may go with questions under way");
}

static void test_memory(void)
{
	struct state s;
	unsigned long nth;
	int rc = 0;

	setup(&s);
	for (nth = 1; fail_begin(nth); nth++) {
		rc = aur_resolve_new(
		    s.resolver, "127.0.0.1", 22, AF_UNSPEC, on_found, &s, &s.q);
		if (!fail_end())
			break;
		if (rc != AUR_ENOMEM)
			break;
	}
	tap_eq_int(rc, 0, "no memory is an error, once there is some it works");
	aur_resolve_free(s.q);
	teardown(&s);
	rc = AUR_ENOMEM;
	if (aur_loop_new(&s.loop) < 0)
		_exit(99);
	for (nth = 1; fail_begin(nth); nth++) {
		rc = aur_resolver_new(&s.resolver, s.loop);
		if (!fail_end() || rc != AUR_ENOMEM)
			break;
	}
	tap_eq_int(rc, 0, "a resolver too");
	aur_resolver_free(s.resolver);
	aur_loop_free(s.loop);
}

int main(void)
{
	test_number();
	test_names();
	test_giving_up();
	test_memory();
	return tap_done();
}
