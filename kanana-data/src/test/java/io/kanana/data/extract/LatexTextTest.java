package io.kanana.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatexTextTest extends CascadeStepContract {
  private static final String PAPER =
      """
      \\documentclass[11pt]{article} % a comment
      \\usepackage{amsmath}
      \\newcommand{\\R}{\\mathbb{R}}
      \\newcommand{\\norm}[1]{\\lVert #1 \\rVert}
      \\def\\method{our \\emph{fine} method}
      \\title{On \\textbf{rivers}}
      \\author{A. Author}
      \\begin{document}
      \\maketitle
      \\begin{abstract}
      We study rivers.
      \\end{abstract}
      \\section{Introduction}\\label{sec:intro}
      Let $x \\in \\R$ be a river~\\cite{a,b}. Then \\method{} is
      50\\% % not this
      better---as in ``Erd\\H{o}s and Caf\\'e''.

      \\vspace{1cm}
      \\noindent A second \\textit{paragraph}\\footnote{With a note.}. See Fig.~\\ref{fig:a}.
      \\begin{equation}\\label{eq:a}
        \\norm{x} = 1
      \\end{equation}
      \\begin{align*}
        a &= b \\\\
        c &= d
      \\end{align*}
      \\subsection*{Lists}
      \\begin{itemize}
        \\item first
        \\item second, see \\url{http://a.org/b_c}
      \\end{itemize}
      \\begin{enumerate}
        \\item one
      \\end{enumerate}
      \\begin{figure}[t]
        \\centering
        \\includegraphics[width=\\textwidth]{a.pdf}
        \\caption{A river at night.}
      \\end{figure}
      \\begin{tabular}{l|r}
        \\hline
        Name & Length \\\\
        Han & $494$ \\\\
      \\end{tabular}
      \\begin{verbatim}
      100% \\code
      \\end{verbatim}
      \\begin{thebibliography}{9}
      \\bibitem{a} A book.
      \\end{thebibliography}
      \\end{document}
      nothing after
      """;

  @Override
  protected CascadeStep.Config config() {
    return new LatexStep();
  }

  @Override
  protected List<Document> documents() {
    return List.of(
        Document.of("paper", PAPER),
        Document.of("plain", "Nothing to do."),
        Document.of("layout", "\\vspace{1cm}\n% nothing\n"));
  }

  @Test
  void aPaperBecomesParagraphsInOrder() {
    assertThat(LatexText.of(PAPER))
        .isEqualTo(
            """
            # On rivers

            ## Abstract

            We study rivers.

            ## Introduction

            Let $x \\in \\mathbb{R}$ be a river. Then our fine method is 50% better—as in “Erdős and Café”.

            A second paragraph (With a note.). See Fig.
            $$\\lVert x \\rVert = 1$$
            $$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$

            ### Lists

            - first
            - second, see http://a.org/b_c
            1. one

            A river at night.

            | Name | Length |
            | Han | $494$ |

            ```
            100% \\code
            ```""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'\\emph{never'",
        "'\\section{never'",
        "'$never'",
        "'\\begin{equation} never'",
        "'\\begin{verbatim} never'",
        "'\\label{never'",
        "'}}}{{{'",
        "'\\'",
        "'\\begin{itemize}'",
        "'\\item[never'",
        "'\\begin{tabular}{ll} a & b'",
        "'\\verb|never'",
        "'$$never'",
        "'\\['",
        "'\\footnote{never'",
        "'\\newcommand{\\x}{never'",
        "'\\begin{thebibliography}'"
      })
  void unclosedMarkupDoesNotLoseTheRest(String markup) {
    assertThat(LatexText.of("before\n\n" + markup + "\n\nafter all"))
        .startsWith("before")
        .endsWith("after all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "}",
        "$",
        "$$",
        "\\[",
        "\\begin{equation}",
        "\\begin{",
        "\\label{",
        "\\section{",
        "\\",
        "\\verb|",
        "\\begin{verbatim}",
        "\\newcommand",
        "\\newcommand{\\x}{",
        "\\item[",
        "%",
        "&",
        "\\'",
        "\\footnote{",
        "\\begin{tabular}",
        "[",
        "\\cite[",
        "\\emph{\n\n",
        "\\begin{itemize}"
      })
  void unclosedMarkupTakesLinearTime(String markup) {
    String page = markup.repeat(50_000) + "\nend";
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> LatexText.of(page));
  }

  @Test
  void macrosThatGrowWithoutEndAreBounded() {
    StringBuilder paper = new StringBuilder("\\def\\a{\\a\\a x}\\def\\empty{}");
    for (char c = 'b'; c <= 'z'; c++) {
      String next = "\\" + (c == 'z' ? "empty" : String.valueOf((char) (c + 1)));
      paper.append("\\def\\").append(c).append("{").append(next.repeat(300)).append("}");
    }
    paper.append("before \\a \\b \\s after");
    String text =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> LatexText.of(paper.toString()));
    assertThat(text).startsWith("before").endsWith("after");
    assertThat(text.length()).isLessThan(8 << 20);
  }

  @Test
  void aMacroThatRepeatsItsArgumentIsBoundedBeforeItIsBuilt() {
    String nested = "\\a{".repeat(900) + "}".repeat(900);
    String paper =
        "\\newcommand{\\a}[1]{" + "#1".repeat(1990) + "}" + (nested + "\n\n").repeat(200) + "after";
    String text =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> LatexText.of(paper));
    assertThat(text).endsWith("after");
    assertThat(text.length()).isLessThan(16 << 20);
  }
}
