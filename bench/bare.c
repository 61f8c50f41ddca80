/* SPDX-License-Identifier: MIT */
/*
 * bare ROUNDS FILE... : what the kernel itself takes for a sample: each round
 * reads every FILE once (kept descriptor, pread) and sleeps the rest of a
 * second, so that caches are as cold as a sampler finds them. With "--stats"
 * in place of files: lists /proc and opens, reads and closes every PID's stat.
 * Prints the median CPU time of a round in milliseconds.
 */
#include "base/clock.h"
#include "base/scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 20];

static void read_files(int *fd, int n)
{
	for (int i = 0; i < n; i++)
		if (fd[i] >= 0)
			while (pread(fd[i], buffer, sizeof(buffer), 0) < 0)
				break;
}

static void read_stats(int proc)
{
	DIR *dir = fdopendir(dup(proc));
	struct dirent *e;
	char path[300];

	if (dir == NULL)
		return;
	rewinddir(dir);
	while ((e = readdir(dir)) != NULL) {
		int fd;

		if (e->d_name[0] < '0' || e->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "%s/stat", e->d_name);
		fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, buffer, sizeof(buffer)) < 0)
			buffer[0] = 0;
		close(fd);
	}
	closedir(dir);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	uint64_t rounds = 0;
	int64_t *took;
	int *fd, n = argc - 2, proc;
	bool stats;

	if (argc < 3 || aur_scan_u64(aur_slice_str(argv[1]), &rounds) < 0 ||
	    rounds < 1 || rounds > 1000) {
		fprintf(stderr, "usage: bare ROUNDS --stats|FILE...\n");
		return 2;
	}
	stats = aur_slice_is(aur_slice_str(argv[2]), "--stats");
	took = calloc(rounds, sizeof(*took));
	fd = calloc((size_t)n, sizeof(*fd));
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (took == NULL || fd == NULL || proc < 0)
		return 1;
	for (int i = 0; i < n && !stats; i++)
		fd[i] = open(argv[i + 2], O_RDONLY | O_CLOEXEC);
	for (uint64_t r = 0; r < rounds; r++) {
		struct timespec rest = {0, 995000000};
		int64_t t0;

		nanosleep(&rest, NULL);
		t0 = aur_clock_cpu().ns;
		if (stats)
			read_stats(proc);
		else
			read_files(fd, n);
		took[r] = aur_clock_cpu().ns - t0;
	}
	qsort(took, rounds, sizeof(*took), by_size);
	printf("%.4f\n", (double)took[rounds / 2] / 1e6);
	free(took);
	free(fd);
	return 0;
}
