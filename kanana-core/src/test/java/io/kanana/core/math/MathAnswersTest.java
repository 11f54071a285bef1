package io.kanana.core.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MathAnswersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "none",
      value = {
        "so \\boxed{7}.; 7",
        "\\boxed{1} and then \\boxed{2}; 2",
        "\\boxed{\\frac{1}{\\sqrt{2}}} holds; \\frac{1}{\\sqrt{2}}",
        "\\boxed{\\{1, 2\\}}; \\{1, 2\\}",
        "$\\boxed {x}$; x",
        "it is $\\boxed 12$ now; 12",
        "\\fbox{3}; 3",
        "\\boxed{\\text{a } b}; \\text{a } b",
        "no box; none",
        "\\boxed{1; none",
        "\\boxed{1} \\boxed{2; none",
        "\\boxed; none",
      })
  void theLastBoxHoldsTheAnswer(String solution, String answer) {
    assertThat(BoxedAnswer.last(solution)).isEqualTo(Optional.ofNullable(answer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // fractions and roots
        "\\frac12; \\frac{1}{2}",
        "\\dfrac{1}{2}; \\tfrac12",
        "1/2; \\frac{1}{2}",
        "0.5; \\frac{1}{2}",
        ".5; 0.50",
        "\\frac{-1}{2}; -\\frac{1}{2}",
        "-\\frac{1}{2}; \\frac{1}{-2}",
        "\\sqrt2; \\sqrt{2}",
        "\\frac{\\sqrt{2}}{2}; \\frac{1}{\\sqrt{2}}",
        "2\\sqrt{3}; \\sqrt{12}",
        "\\sqrt[3]{8}; 2",
        "\\frac{3\\pi}{2}; 1.5\\pi",
        "3\\frac{1}{2}; 7/2",
        "\\frac{x}{2}; 0.5x",
        // numbers
        "1,000; 1000",
        "1{,}234{,}567; 1234567",
        "12\\,345; 12345",
        "2.0; 2",
        "1.50; 1.5",
        "2^{10}; 1024",
        "2^{-1}; 0.5",
        "3\\times10^4; 30000",
        "5!; 120",
        "\\binom{5}{2}; 10",
        "\\log_2 8; 3",
        // layout, units, words
        "$5$; 5",
        "\\$5; 5",
        "50\\%; 50",
        "90^\\circ; 90",
        "90^{\\circ}; 90 degrees",
        "5\\text{ cm}; 5",
        "5\\text{ cm}^2; 5",
        "12 \\mbox{ inches}; 12",
        "7 square units; 7",
        "10명; 10",
        "\\text{even}; even",
        "\\textbf{(B)}; B",
        "(B); B",
        "\\text{(B)}; B",
        "x=5; 5",
        "x \\in [1,2]; [1,2]",
        "y = 2x + 1; 2x+1",
        "\\left(1, 2\\right); (1,2)",
        "5.; 5",
        "\\text{Monday}; monday",
        // formulas
        "x+1; 1+x",
        "2(x+1); 2x+2",
        "(x-1)(x+1); x^2-1",
        "xy; yx",
        "\\sin^2 x; 1-\\cos^2 x",
        "\\frac{a+b}{2}; \\frac{1}{2}a+\\frac{1}{2}b",
        // tuples, intervals, sets, lists, unions, matrices
        "(1, \\frac12); (1,0.5)",
        "[0, \\infty); [0,\\infty)",
        "\\{1,2,3\\}; \\{3,1,2\\}",
        "1,-2; -2, 1",
        "1 \\text{ and } 2; 2,1",
        "\\{5\\}; \\{5.0\\}",
        "1 \\pm \\sqrt{2}; 1-\\sqrt2, 1+\\sqrt2",
        "(-\\infty,0)\\cup(1,2]; (1,2] \\cup (-\\infty, 0)",
        "\\begin{pmatrix} 1 & 2 \\\\ 3 & \\frac12 \\end{pmatrix};"
            + " \\begin{bmatrix}1&2\\\\3&0.5\\\\\\end{bmatrix}",
      })
  void theSame(String one, String other) {
    assertThat(MathAnswers.equivalent(one, other)).as("%s = %s", one, other).isTrue();
    assertThat(MathAnswers.equivalent(other, one)).as("%s = %s", other, one).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1; 2",
        "0.333; \\frac{1}{3}",
        "0.5; 50\\%",
        "(1,2); (2,1)",
        "(1,2]; (1,2)",
        "(1,2); \\{1,2\\}",
        "1,2; 1,2,3",
        "1,1; 1",
        "\\{1,2\\}; \\{1,3\\}",
        "x+1; x-1",
        "xy; x+y",
        "even; odd",
        "even; neve",
        "x^2; x^3",
        "2^{10}; 2^10",
        "3\\frac12; \\frac32",
        "\\begin{pmatrix}1&2\\end{pmatrix}; \\begin{pmatrix}1\\\\2\\end{pmatrix}",
        "10_2; 10",
        "-5; 5",
        "x \\leq 3; x \\geq 3",
        "\\frac{1}{0}; \\frac{2}{0}",
        "1 \\pm 2; 3",
      })
  void notTheSame(String one, String other) {
    assertThat(MathAnswers.equivalent(one, other)).as("%s = %s", one, other).isFalse();
    assertThat(MathAnswers.equivalent(other, one)).as("%s = %s", other, one).isFalse();
  }

  @Test
  void nothingIsTheSameAsNothing() {
    assertThat(MathAnswers.equivalent("", "")).isFalse();
    assertThat(MathAnswers.equivalent("$$", "$$")).isFalse();
  }

  /** Answers come from a model. */
  @Test
  void whatIsNoFormulaIsComparedAsText() {
    for (String odd :
        new String[] {
          "(".repeat(1000),
          "{".repeat(500),
          "\\frac",
          "\\frac{",
          "1^",
          "\\",
          "\\{",
          "\\sqrt[",
          "|",
          "&&",
          "\\begin{pmatrix}",
          "a\\cup",
          "{a\\cup b}",
          "\\pm",
          ",",
          "((1)",
          "x_{",
          "9".repeat(1900),
          "1/0"
        }) {
      assertThat(MathAnswers.equivalent(odd, odd)).as(odd).isIn(true, false);
      assertThat(MathAnswers.equivalent(odd, "5")).as(odd).isFalse();
    }
    assertThat(MathAnswers.equivalent("9".repeat(2001), "9".repeat(2001))).isFalse();
    assertThat(MathAnswers.equivalent("no solution", "No solution")).isTrue();
  }
}
