/* SPDX-License-Identifier: MIT */
/* The usual subscriptions, and the names of a host's states. */
#include "model/feed.h"
#include "tests/harness/tap.h"

static void test_wants(void)
{
	uint64_t sys = aur_want_system(), all = aur_want_process_all();
	uint64_t overview = aur_want_process_overview();
	unsigned bits = 0;

	tap_ok((sys & AUR_WANT_DOMAIN(CPU)) != 0, "cpu is of the system");
	tap_ok((sys & AUR_WANT_DOMAIN(COLLECTOR)) != 0, "so is this one");
	tap_ok((sys & AUR_WANT_DOMAIN(PROCESS)) == 0, "processes are not");
	tap_ok((sys & AUR_WANT_DOMAIN(CGROUP)) == 0, "nor are cgroups");
	tap_eq_u64(sys >> AUR_DOMAIN_COUNT, 0, "no domain that is none");
	for (uint64_t w = sys; w != 0; w &= w - 1)
		bits++;
	tap_ok((sys & AUR_WANT_DOMAIN(THREAD)) == 0, "nor threads");
	tap_eq_u64(bits, AUR_DOMAIN_COUNT - 4, "all but four");

	tap_ok((all & AUR_WANT_PROCESS(open_files)) == 0, "no open files");
	tap_eq_u64(all & aur_want_process_sched(), 0, "nor what one looks at");
	bits = 0;
	for (uint64_t w = all; w != 0; w &= w - 1)
		bits++;
	tap_eq_u64(bits, AUR_PROCESS_COUNT - 3, "but all the rest");
	tap_eq_u64(overview & ~all, 0, "an overview is part of all");
	tap_ok((overview & AUR_WANT_PROCESS(cpu)) != 0, "with CPU");
	tap_ok((overview & AUR_WANT_PROCESS(cmdline)) == 0, "without lines");
	tap_eq_u64(aur_want_process_rates() & aur_want_process_close(), 0,
	    "what is dear is not in what rates need");
	tap_eq_u64(aur_want_process_rates() | aur_want_process_close(),
	    all | AUR_WANT_PROCESS(open_files), "together they are all");
}

static void test_states(void)
{
	tap_eq_str(aur_host_state_name(AUR_HOST_CONNECTING), "connecting", "0");
	tap_eq_str(aur_host_state_name(AUR_HOST_UP), "up", "up");
	tap_eq_str(aur_host_state_name(AUR_HOST_STALE), "stale", "stale");
	tap_eq_str(aur_host_state_name(AUR_HOST_AUTH_FAILED), "auth_failed",
	    "a login refused");
	tap_eq_str(aur_host_state_name(AUR_HOST_KEY_UNKNOWN), "key_unknown",
	    "a new key");
	tap_eq_str(aur_host_state_name(AUR_HOST_KEY_CHANGED), "key_changed",
	    "another key");
	tap_eq_str(
	    aur_host_state_name(AUR_HOST_UNREACHABLE), "unreachable", "no way");
	tap_eq_str(
	    aur_host_state_name(AUR_HOST_NO_AGENT), "no_agent", "no agent");
	tap_eq_str(aur_host_state_name((enum aur_host_state)99), "unknown",
	    "no state");
}

int main(void)
{
	test_wants();
	test_states();
	return tap_done();
}
