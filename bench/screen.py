# SPDX-License-Identifier: MIT
"""The screen beside htop's and btop's: CPU, bytes, times, memory.

All programs run at the same time on terminals of 200x50, so that they meet
the same load; for times each is started alone, in turns. A time is what a
model of the screen says: the first text, and the first moment at which 60 %
of the rows have a digit.
"""
import fcntl, os, pty, re, select, shutil, signal, statistics, struct
import tempfile, termios, time

ROWS, COLUMNS = 50, 200
SEQUENCE = re.compile(rb"\x1b\[([0-9;?]*)[ -/]*([@-~])|\x1b[()].|\x1b.|"
                      rb"[\r\n\b]|[ -~]|[\xc0-\xff][\x80-\xbf]*")


class Rows:
    """Which rows have text, and which a digit: as much of a terminal as the
    times need."""

    def __init__(self):
        self.y = self.x = 0
        self.text, self.digit = set(), set()

    def feed(self, data):
        for found in SEQUENCE.finditer(data):
            one = found.group(0)
            if found.group(2):
                self.control(found.group(1), found.group(2))
            elif one == b"\n":
                self.y += 1
            elif one[0] > 32 and one[0] != 0x7f:
                self.text.add(self.y)
                if one.isdigit():
                    self.digit.add(self.y)

    def control(self, arguments, final):
        numbers = [int(n) if n.isdigit() else 1
                   for n in arguments.decode().split(";")]
        if final in b"Hf" or final == b"d":
            self.y = numbers[0] - 1
        elif final in b"BE":
            self.y += numbers[0]
        elif final in b"AF":
            self.y -= numbers[0]


class Screen:
    """A program on a terminal of its own, read when asked."""

    def __init__(self, argv, files, env=None):
        self.home = tempfile.mkdtemp(prefix="aurora-bench-")
        for name, text in files.items():
            path = os.path.join(self.home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
        env = env or dict(os.environ, HOME=self.home,
                          XDG_CONFIG_HOME=self.home)
        env = dict(env, TERM="xterm-256color", LANG="C.UTF-8",
                   LC_ALL="C.UTF-8")
        main, line = pty.openpty()
        fcntl.ioctl(line, termios.TIOCSWINSZ,
                    struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.began = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(line, termios.TIOCSCTTY, 0)
                for fd in range(3):
                    os.dup2(line, fd)
                os.closerange(3, 64)
                os.execve(argv[0], argv, env)
            finally:
                os._exit(127)
        os.close(line)
        self.fd = main

    def read(self, seconds):
        """What comes within that time, or b""."""
        if not select.select([self.fd], [], [], max(0, seconds))[0]:
            return b""
        try:
            return os.read(self.fd, 1 << 16)
        except OSError:
            return b""

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + 2
        while time.monotonic() < until:
            self.read(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
        shutil.rmtree(self.home, ignore_errors=True)


def starts(argv, files, dwell=0.4):
    """ms from exec to the first text, and to digits in 60 % of the rows."""
    screen, rows, text, digits = Screen(argv, files), Rows(), None, None
    try:
        while time.monotonic() - screen.began < 5 and digits is None:
            rows.feed(screen.read(0.05))
            now = (time.monotonic() - screen.began) * 1000
            text = now if text is None and rows.text else text
            if len(rows.digit) >= ROWS * 0.6:
                digits = now
        until = time.monotonic() + dwell
        while time.monotonic() < until:
            screen.read(0.05)
        return text, digits
    finally:
        screen.stop()


def key_ms(screen, key, times=15):
    """ms from a key to the last byte that it causes, between two samples; NaN
    where none came within 300 ms."""
    waits = []
    for _ in range(times):
        while screen.read(2):       # a sample ends the silence
            if not screen.read(0.25):
                break
        began = last = time.monotonic()
        os.write(screen.fd, key)
        while screen.read(0.03 if last > began else 0.3):
            last = time.monotonic()
        if last > began:
            waits.append((last - began) * 1000)
    return statistics.median(waits) if waits else float("nan")


def together(programs, seconds, cpu_ms, pss_kb, settle):
    """{name: (CPU ms a second, bytes a second, PSS kB)}, all at once; the
    median of three windows."""
    running = {name: Screen(*p) for name, p in programs.items()}
    try:
        def drain(until):
            sums = dict.fromkeys(running, 0)
            fds = {s.fd: name for name, s in running.items()}
            while time.monotonic() < until:
                left = until - time.monotonic()
                for fd in select.select(list(fds), [], [], max(0, left))[0]:
                    sums[fds[fd]] += len(os.read(fd, 1 << 16))
            return sums

        drain(time.monotonic() + settle)
        windows = {name: [] for name in running}
        for _ in range(3):
            before = {n: cpu_ms(s.pid) for n, s in running.items()}
            sums = drain(time.monotonic() + seconds)
            for name, s in running.items():
                windows[name].append(
                    ((cpu_ms(s.pid) - before[name]) / seconds,
                     sums[name] / seconds))
        return {name: tuple(statistics.median(column)
                            for column in zip(*windows[name]))
                + (pss_kb(s.pid),) for name, s in running.items()}
    finally:
        for s in running.values():
            s.stop()


# Down, as each asked the terminal to send it.
DOWN = {"btop": b"\x1b[B"}


def press_all(programs):
    """{name: ms from key to paint}, one after the other."""
    waits = {}
    for name, p in programs.items():
        screen = Screen(*p)
        try:
            until = time.monotonic() + 3
            while time.monotonic() < until:
                screen.read(0.05)
            waits[name] = key_ms(screen, DOWN.get(name, b"\x1bOB"))
        finally:
            screen.stop()
    return waits


def start_all(programs, times=7):
    """{name: (ms to text, ms to digits)}, medians, in turns."""
    found = {name: [] for name in programs}
    for _ in range(times):
        for name, p in programs.items():
            found[name].append(starts(*p))
    return {name: tuple(statistics.median([v for v in column if v is not None]
                                          or [float("nan")])
                        for column in zip(*rows))
            for name, rows in found.items()}
