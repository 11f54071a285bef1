package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.eval.execute.Verdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SolutionTestsTest {
  static Verdict run(String solution, String tests) {
    return new SolutionTests(Sandboxes.sandbox()).run(new Program(solution, tests));
  }

  @Test
  void aRightSolutionPasses() {
    assertThat(run("def f(x):\n    print(x)\n    return x + 1", "assert f(1) == 2"))
        .isEqualTo(new Verdict(Outcome.PASSED, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return x | FAILED | AssertionError:  in: assert f(1) == 2",
        "raise ValueError('x is bad') | FAILED | ValueError: x is bad in: assert f(1) == 2",
        "raise Own('mine') | FAILED | Exception: mine in",
        "return x + | FAILED | SyntaxError",
        "return input() | FAILED | EOFError",
        "import sys; sys.exit(0) | FAILED | SystemExit: 0",
        "import os; os._exit(0) | LEFT | left with status 0",
        "import os; os._exit(71) | LEFT | left with status 71",
        "import os; os.kill(os.getpid(), 11) | LEFT | killed by signal 11",
      })
  void aWrongOneSaysWhy(String body, Outcome outcome, String detail) {
    Verdict verdict =
        run(
            "class Own(Exception):\n    def __init__(self, a): self.a = a\ndef f(x):\n    " + body,
            "assert f(1) == 2");
    assertThat(verdict.outcome()).as("%s", verdict).isEqualTo(outcome);
    assertThat(verdict.detail()).contains(detail);
  }

  @Test
  void valuesArriveAsTheyWere() {
    Verdict verdict =
        run(
            """
            import collections, enum, itertools, math
            Point = collections.namedtuple("Point", "x y")
            class Colour(enum.IntEnum):
                RED = 3
            class Text(str):
                pass
            VALUES = {
                "none": None, "truth": True, "int": -7, "huge": 3 ** 20000, "float": 0.1, "infinity": math.inf,
                "text": "가\\U0001f600\\ud800", "list": [1, [2.5, "x"]], "tuple": (1, (2,)), "set": {1, 2}, "frozen": frozenset("ab"),
                "dict": {(1, 2): "a", None: [3]}, "bytes": b"\\xff", "complex": 1 - 2j, "range": range(2, 9, 3),
                "named": Point(1, 2), "counter": collections.Counter("aab"), "enum": Colour.RED, "text of its own": Text("t"),
            }
            def value(name): return VALUES[name]
            def nan(): return math.nan
            def generator(n): yield from range(n)
            def endless(): return itertools.count()
            def keys(): return {"b": 1, "a": 2}.keys()
            def values(): return {"b": 1, "a": 2}.values()
            def items(): return {"b": 1, "a": 2}.items()
            def ordered(): return {"b": 1, "a": 2}
            def same(x): return x
            """,
            """
            import math
            assert value("none") is None and value("truth") is True
            assert value("int") == -7 and value("huge") == 3 ** 20000
            assert value("float") == 0.1 and value("infinity") == math.inf
            assert value("text") == "가\\U0001f600\\ud800" and value("text of its own") == "t"
            assert value("list") == [1, [2.5, "x"]] and value("tuple") == (1, (2,)) and value("tuple") != [1, (2,)]
            assert value("set") == {1, 2} and value("frozen") == frozenset("ab")
            assert value("dict") == {(1, 2): "a", None: [3]}
            assert value("bytes") == b"\\xff" and value("complex") == 1 - 2j and value("range") == range(2, 9, 3)
            assert value("named") == (1, 2) and value("counter") == {"a": 2, "b": 1} and value("enum") == 3
            assert math.isnan(nan())
            assert list(generator(3)) == [0, 1, 2] and next(generator(1)) == 0
            assert keys() == {"a", "b"} and list(keys()) == ["b", "a"]
            assert list(values()) == [1, 2] and list(items()) == [("b", 1), ("a", 2)]
            assert list(ordered()) == ["b", "a"]
            for x in (bytearray(b"x"), {1: {2: (3, {4})}}, "", 1e308, -0.0):
                assert same(x) == x and type(same(x)) is type(x)
            try:
                endless()
                assert False
            except ValueError as e:
                assert "iterator" in str(e)
            """);
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void whatIsNoValueStaysWithTheSolution() {
    Verdict verdict =
        run(
            """
            import math
            class Pair:
                def __init__(self, a, b): self.a, self.b = a, b
            def total(pairs, times=1): return times * sum(p.a + p.b for p in pairs)
            def adder(n): return lambda x: x + n
            LIMIT = 12
            """,
            """
            assert total([Pair(1, 2), Pair(b=3, a=4)], times=2) == 20
            add = adder(3)
            assert add(4) == 7 and add == add
            assert LIMIT == 12 and math.floor(2.5) == 2
            assert Pair(1, 2) != Pair(1, 2)
            """);
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void whatTheSolutionDoesToItsArgumentsIsSeen() {
    Verdict verdict =
        run(
            """
            def change(items, table, some):
                items.sort(); items.append(9)
                table["new"] = 1
                some.discard(1)
            """,
            """
            items, table, some = [3, 1], {"old": 0}, {1, 2}
            other = items
            change(items, table, some)
            assert other == [1, 3, 9] and table == {"old": 0, "new": 1} and some == {2}
            """);
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void exceptionsOfTheSolutionCanBeExpected() {
    Verdict verdict =
        run(
            """
            class Mine(KeyError): pass
            def f(x):
                raise {0: ValueError('no'), 1: Mine('k')}[x]
            """,
            """
            for x, kind in ((0, ValueError), (1, KeyError)):
                try:
                    f(x)
                    assert False
                except kind:
                    pass
            """);
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void builtInNamesAreTheSolutionsWhereTestsHaveNoOther() {
    String solution = "def sum(a, b): return 6\ndef abs(x): return 0\ndef f(x): return -x\n";
    assertThat(run(solution, "assert sum(10, 15) == 6").passed()).isTrue();
    assertThat(run(solution, "assert abs(f(3)) == 3").passed()).isTrue();
    assertThat(run(solution, "assert set(sum(1, 2) for _ in range(2)) == {6}").passed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"assert f(lambda x: x) == 1", "assert undefined(1)", "assert f("})
  void testsThatCannotRunAreNotPassed(String tests) {
    assertThat(run("def f(x): return 1", tests).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void theMainPartOfASolutionIsNotRun() {
    Verdict verdict =
        run(
            """
            from __future__ import annotations
            import dataclasses
            @dataclasses.dataclass
            class A:
                x: int
            def f(): return A(3).x
            if __name__ == '__main__':
                raise ValueError()
            """,
            "assert f() == 3");
    assertThat(verdict.passed()).as("%s", verdict).isTrue();
  }

  @Test
  void verdictsKeepTheirOrder() {
    List<Program> programs =
        List.of(
            new Program("def f(): return 1", "assert f() == 1"),
            new Program("def f(): return 1", "assert f() == 2"),
            new Program("def f(): return 2", "assert f() == 2"));
    assertThat(new SolutionTests(Sandboxes.sandbox()).run(programs, 3))
        .extracting(Verdict::passed)
        .containsExactly(true, false, true);
  }
}
