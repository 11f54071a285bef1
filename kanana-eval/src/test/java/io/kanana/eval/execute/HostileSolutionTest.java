package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.eval.execute.Verdict.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions that want to do harm, or to pass without being right. */
class HostileSolutionTest {
  @TempDir Path directory;

  private static Verdict run(String solution, String tests) {
    return SolutionTestsTest.run(solution, tests);
  }

  /** The outcome of a solution whose function {@code f} has this body. */
  private static Outcome outcome(String body) {
    return run("def f():\n" + body.indent(4), "assert f() == 1").outcome();
  }

  /** Names its processes, so that they can be looked for. */
  private static String named(String name, String body) {
    return "import ctypes, os, time\nctypes.CDLL(None).prctl(15, b'"
        + name
        + "', 0, 0, 0)\n"
        + body;
  }

  private static long processes(String name) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(process -> hasName(process, name)).count();
    }
  }

  private static boolean hasName(Path process, String name) {
    try {
      return Files.readString(process.resolve("comm")).strip().equals(name);
    } catch (IOException _) {
      return false; // gone, or no process
    }
  }

  private static void assertNoneIsLeft(String name) throws Exception {
    for (int i = 0; i < 500 && processes(name) > 0; i++) {
      Thread.sleep(20);
    }
    assertThat(processes(name)).isZero();
  }

  private static String unique() {
    return "k" + Long.toString(System.nanoTime() & 0xFFFFFFFFFFL, 36);
  }

  @Test
  void aForkBomb() throws Exception {
    String name = unique();
    String bomb = "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass";
    assertThat(outcome(named(name, bomb))).isEqualTo(Outcome.TIMED_OUT);
    assertNoneIsLeft(name);
  }

  @Test
  void threadsWithoutEnd() {
    Verdict verdict =
        run(
            """
            import threading, time
            def f():
                started = 0
                try:
                    while True:
                        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
                        started += 1
                except RuntimeError:
                    return started
            """,
            "assert 0 < f() <= 8");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void aDaemonThatStaysBehind() throws Exception {
    String name = unique();
    String daemon =
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(1000)
            os._exit(0)
        return 1
        """;
    assertThat(outcome(named(name, daemon))).isEqualTo(Outcome.PASSED);
    assertNoneIsLeft(name);
  }

  @Test
  void endlessLoopAndEndlessSleep() throws Exception {
    String name = unique();
    assertThat(outcome(named(name, "while True: pass"))).isEqualTo(Outcome.TIMED_OUT);
    assertThat(
            outcome(
                named(
                    name,
                    """
                    import signal
                    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
                    while True: pass
                    """)))
        .isEqualTo(Outcome.TIMED_OUT);
    assertNoneIsLeft(name);
  }

  @Test
  void memory() {
    assertThat(outcome("return len(bytearray(1 << 31))")).isEqualTo(Outcome.FAILED);
    assertThat(outcome("x = []\nwhile True: x.append(bytearray(b'x' * (1 << 22)))"))
        .isEqualTo(Outcome.OUT_OF_MEMORY);
    assertThat(
            outcome(
                """
                import os, time
                for _ in range(4):
                    if os.fork() == 0:
                        x = bytearray(b'x' * (100 << 20))
                        time.sleep(100)
                time.sleep(100)
                """))
        .isEqualTo(Outcome.OUT_OF_MEMORY);
  }

  @Test
  void memoryThatBelongsToNoProcess() {
    Verdict verdict =
        run(
            """
            import ctypes, os
            libc = ctypes.CDLL(None)
            def f():
                seen = []
                try:
                    seen.append(os.memfd_create("x"))
                except OSError:
                    pass
                if libc.shmget(0, 1 << 20, 0o1600) >= 0: seen.append("shm")
                if libc.msgget(0, 0o1600) >= 0: seen.append("msg")
                if libc.unshare(0x10000000) == 0: seen.append("namespace")
                return seen
            """,
            "assert f() == []");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void output() {
    assertThat(outcome("while True: print('x' * 10000)")).isEqualTo(Outcome.TIMED_OUT);
    assertThat(outcome("return 'x' * (20 << 20)")).isEqualTo(Outcome.TOO_MUCH_OUTPUT);
    assertThat(outcome("import sys\nsys.stderr.write('x' * 1000000)\nreturn 1"))
        .isEqualTo(Outcome.PASSED);
  }

  @Test
  void whatIsSaidOfAFailureIsShortAndPrintable() {
    String shout =
        """
        import os, struct
        for fd in range(3, 64):
            try: os.write(fd, struct.pack('>cI', b'F', 5000) + b'\\x1b[2J' * 1250)
            except OSError: pass
        """;
    Verdict verdict = run(shout, "");
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(verdict.detail()).hasSize(1000).startsWith("?[2J?[2J");
  }

  @Test
  void filesOfThisMachine() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret.txt"), "secret");
    Path home = Path.of(System.getProperty("user.home"));
    for (String path :
        List.of(
            "/etc/passwd",
            "/etc/shadow",
            "/proc/self/environ",
            "/proc/1/environ",
            "/sys/kernel",
            "/dev/sda",
            "/dev/mem",
            home.toString(),
            secret.toString(),
            Path.of("pom.xml").toAbsolutePath().toString())) {
      assertThat(
              run(
                  "import os\ndef f(p): return os.path.lexists(p)",
                  "assert f('" + path + "') is False"))
          .as(path)
          .returns(true, Verdict::passed);
    }
  }

  @Test
  void writingOutside() throws IOException {
    Path victim = Files.writeString(directory.resolve("victim.txt"), "whole");
    Verdict verdict =
        run(
            """
            import os
            def f(paths):
                written = []
                for path in paths:
                    for act in (lambda: open(path, "w").write("x"), lambda: os.remove(path), lambda: os.chmod(path, 0o777)):
                        try:
                            act()
                            written.append(path)
                        except OSError:
                            pass
                return written
            """,
            "assert f(['/x', '/usr/x', '/usr/bin/env', '/bin/sh', '/dev/x', '/etc/ld.so.cache', '"
                + victim
                + "']) == []");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
    assertThat(victim).hasContent("whole");
  }

  @Test
  void theThrowawayDirectoryIsSmallAndThrownAway() {
    String fill =
        """
        import os
        def f():
            written = 0
            for name in range(3000):
                try:
                    with open(f"f{name}", "wb", buffering=0) as file:
                        while True: written += file.write(bytes(1 << 16))
                except OSError:
                    pass
            return written, len(os.listdir("."))
        """;
    Verdict verdict =
        run(fill, "n, files = f()\nassert 1 << 20 < n <= 4 << 20, n\nassert files <= 1024, files");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
    assertThat(run("import os\ndef f(): return os.listdir('.')", "assert f() == []").passed())
        .isTrue();
  }

  @Test
  void theNetwork() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(200);
      Verdict verdict =
          run(
              """
              import socket
              def f(port):
                  try:
                      socket.create_connection(("127.0.0.1", port), 2)
                      return "connected"
                  except OSError:
                      return "refused"
              """,
              "assert f(" + server.getLocalPort() + ") == 'refused'");
      assertThat(verdict.passed()).as("%s", verdict).isTrue();
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void processesOfThisMachine() {
    long ours = ProcessHandle.current().pid();
    Verdict verdict =
        run(
            """
            import os, signal
            def f(pid):
                for victim in (pid, os.getppid(), -1):
                    try:
                        os.kill(victim, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
                return os.getpid()
            """,
            "assert f(" + ours + ") == 2");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  /** Whatever is done to what watches it, the verdict is the solution's own. */
  @Test
  void theWatchOfTheSandbox() {
    Verdict verdict =
        run(
            """
            import ctypes, os, signal, time
            def f():
                ctypes.CDLL(None).prctl(15, b"\\xff) 1 \\xfe", 0, 0, 0)
                for number in range(1, signal.NSIG):
                    try:
                        os.kill(1, number)
                    except OSError:
                        pass
                for child in range(3):
                    if os.fork() == 0:
                        signal.pause()
                time.sleep(0.3)
                return 1
            """,
            "assert f() == 1");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
    assertThat(outcome("import os\nos.closerange(0, 64)\nwhile True: pass"))
        .isEqualTo(Outcome.TIMED_OUT);
  }

  @Test
  void theEnvironment() {
    assertThat(System.getenv()).containsKey("PATH");
    assertThat(
            run("import os\ndef f(): return set(os.environ)", "assert f() <= {'LC_CTYPE'}")
                .passed())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import os\nos._exit(0)",
        "import sys\nsys.exit(0)",
        // what the tests would say, to everybody who may listen
        """
        import os, struct
        for fd in range(64):
            for kind in b'PRL':
                try: os.write(fd, struct.pack('>BI', kind, 0))
                except OSError: pass
        return 0
        """,
        """
        import sys
        sys.modules['__main__'].channel = None
        frame = sys._getframe()
        while frame:
            c = frame.f_locals.get('channel')
            if c: c.write('P')
            frame = frame.f_back
        return 0
        """,
        "class Equal:\n    def __eq__(self, other): return True\nreturn Equal()",
        "class Equal(int):\n    def __eq__(self, other): return True\nreturn Equal(0)",
        """
        import builtins
        builtins.AssertionError = type('Quiet', (BaseException,), {})
        raise KeyboardInterrupt
        """,
        """
        import gc
        for o in gc.get_objects():
            if isinstance(o, dict) and 'check' in o: o['check'] = lambda *a: None
        return 0
        """,
        "raise StopIteration",
        "raise GeneratorExit",
      })
  void forgedVerdicts(String body) {
    Verdict verdict =
        run(
            "def f():\n" + body.indent(4),
            """
            def check(candidate):
                assert candidate() == 1
                assert candidate() == 1
            check(f)
            """);
    assertThat(verdict.passed()).as("%s", verdict).isFalse();
  }

  @Test
  void theTestsCannotBeRead() {
    Verdict verdict =
        run(
            """
            import gc, sys
            def f():
                frame, seen = sys._getframe(), []
                while frame:
                    seen += [repr(frame.f_locals), repr(frame.f_code.co_consts), repr(frame.f_globals)]
                    frame = frame.f_back
                seen += [repr(o) for o in gc.get_objects() if isinstance(o, (dict, tuple, list))]
                return "-".join(["expected", "7c1f"]) in "".join(seen)
            """,
            "assert f() is False, 'expected-7c1f'");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void othersKeepTheirVerdicts() {
    Program honest =
        new Program(
            "def f(n): return sum(i * i for i in range(n))", "assert f(100000) == 333328333350000");
    List<Program> programs = new ArrayList<>(Collections.nCopies(6, honest));
    for (String body :
        List.of(
            "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
            "x = []\nwhile True: x.append(bytearray(b'x' * (1 << 22)))",
            "while True: print('x' * 10000)",
            "import os, signal\nos.kill(-1, signal.SIGKILL)")) {
      programs.add(2, new Program("def f(n):\n" + body.indent(4), "f(1)\nassert False"));
    }
    List<Verdict> verdicts = new SolutionTests(Sandboxes.sandbox()).run(programs, 5);
    for (int i = 0; i < programs.size(); i++) {
      assertThat(verdicts.get(i).passed())
          .as("%d: %s", i, verdicts.get(i))
          .isEqualTo(programs.get(i).equals(honest));
    }
  }
}
