/* SPDX-License-Identifier: MIT */
/* What stands in for regular expressions where the system has none; it takes
 * the place of the system's in this program. */
#include "model/regex_int.h"

#include "base/err.h"
#include "tests/unit/model_make.h"

static void matches(const char *pattern, const char *text, bool want)
{
	struct aur__regex *r = NULL;
	int rc = aur__regex_new(pattern, &r, NULL);

	tap_ok(rc == 0 && aur__regex_matches(r, text) == want, "'%s' %s '%s'",
	    pattern, want ? "is in" : "is not in", text);
	aur__regex_free(r);
}

static void refused(const char *pattern)
{
	struct aur__regex *r = NULL;
	struct aur_buf error;

	aur_buf_init(&error, 100);
	tap_eq_int(
	    aur__regex_new(pattern, &r, &error), AUR_EUNSUPPORTED, pattern);
	tap_eq_str(aur_buf_str(&error),
	    "regular expressions are not supported here", "and says so");
	aur_buf_release(&error);
}

int main(void)
{
	struct aur__regex *r = NULL;
	unsigned long nth = 0;
	int rc;

	matches("gin", "nginx", true);
	matches("GIN", "nginx", true);
	matches("apache", "nginx", false);
	matches("^ng", "nginx", true);
	matches("^gi", "nginx", false);
	matches("nx$", "nginx", true);
	matches("gi$", "nginx", false);
	matches("^nginx$", "nginx", true);
	matches("^nginx$", "nginx2", false);
	matches("^nginx$", "ngin", false);
	matches("", "nginx", true);
	matches("^", "nginx", true);
	matches("$", "", true);
	refused("a|b");
	refused("n.*x");
	refused("a^b");
	refused("[ab]");
	do {
		nth++;
		aur_mem_set_fail(make_fail, &nth);
		rc = aur__regex_new("^a", &r, NULL);
		aur_mem_set_fail(NULL, NULL);
	} while (rc == AUR_ENOMEM && nth < 9);
	tap_ok(rc == 0 && nth == 3, "each allocation may fail");
	aur__regex_free(r);
	aur__regex_free(NULL);
	return tap_done();
}
