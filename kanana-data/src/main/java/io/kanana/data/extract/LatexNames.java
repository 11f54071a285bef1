package io.kanana.data.extract;

import java.text.Normalizer;
import java.util.Map;
import java.util.Set;

/** What commands and environments of LaTeX mean for a reader of text. */
final class LatexNames {
  /** Headings, by their depth. */
  static final Map<String, Integer> HEADINGS =
      Map.of(
          "part", 1,
          "chapter", 1,
          "title", 1,
          "section", 2,
          "subsection", 3,
          "subsubsection", 4,
          "paragraph", 5,
          "subparagraph", 6);

  /** They go with everything in brackets behind them. */
  static final Set<String> GONE =
      Set.of(
          "label",
          "ref",
          "eqref",
          "pageref",
          "autoref",
          "cref",
          "Cref",
          "cite",
          "citep",
          "citet",
          "citealp",
          "citealt",
          "citeauthor",
          "citeyear",
          "nocite",
          "textcite",
          "parencite",
          "bibliography",
          "bibliographystyle",
          "addbibresource",
          "includegraphics",
          "graphicspath",
          "vspace",
          "hspace",
          "vskip",
          "hskip",
          "usepackage",
          "documentclass",
          "documentstyle",
          "RequirePackage",
          "setlength",
          "addtolength",
          "setcounter",
          "addtocounter",
          "pagestyle",
          "thispagestyle",
          "pagenumbering",
          "author",
          "date",
          "affiliation",
          "affil",
          "address",
          "email",
          "thanks",
          "institute",
          "keywords",
          "pacs",
          "newtheorem",
          "theoremstyle",
          "hypersetup",
          "input",
          "include",
          "bibitem",
          "index",
          "hyphenation",
          "definecolor",
          "color",
          "pagecolor",
          "fontsize",
          "selectfont",
          "rule",
          "markboth",
          "markright",
          "newcommand",
          "renewcommand",
          "newenvironment",
          "renewenvironment",
          "addcontentsline",
          "phantom",
          "vphantom",
          "hphantom",
          "titlerunning",
          "authorrunning",
          "orcid",
          "ead",
          "cortext",
          "fntext",
          "corref",
          "fnref",
          "tikzset",
          "usetikzlibrary",
          "multirow",
          "cmidrule",
          "cline",
          "todo",
          "tableofcontents",
          "hypertarget",
          "subjclass",
          "preprint",
          "received",
          "accepted",
          "journal",
          "renewcommand*",
          "newcommand*",
          "captionsetup",
          "geometry",
          "linespread",
          "allowdisplaybreaks");

  /** Of these the first group goes and the next is text. */
  static final Set<String> FIRST_GONE =
      Set.of(
          "href",
          "textcolor",
          "colorbox",
          "raisebox",
          "scalebox",
          "resizebox",
          "parbox",
          "foreignlanguage",
          "texorpdfstring",
          "adjustbox",
          "makebox",
          "framebox");

  static final Set<String> MATH =
      Set.of(
          "equation",
          "displaymath",
          "math",
          "align",
          "gather",
          "multline",
          "eqnarray",
          "flalign",
          "alignat",
          "dmath",
          "IEEEeqnarray",
          "subequations");

  static final Set<String> TABLES =
      Set.of("tabular", "tabularx", "tabulary", "longtable", "array", "supertabular", "xtabular");

  /** Drawings are no text. */
  static final Set<String> DRAWN =
      Set.of("tikzpicture", "picture", "pspicture", "axis", "forest", "tikzcd", "pgfpicture");

  static final Set<String> STATEMENTS =
      Set.of(
          "theorem",
          "lemma",
          "proposition",
          "corollary",
          "definition",
          "remark",
          "example",
          "proof",
          "conjecture",
          "claim");

  private static final Map<String, String> SYMBOLS =
      Map.ofEntries(
          Map.entry("ss", "ß"),
          Map.entry("o", "ø"),
          Map.entry("O", "Ø"),
          Map.entry("l", "ł"),
          Map.entry("L", "Ł"),
          Map.entry("ae", "æ"),
          Map.entry("AE", "Æ"),
          Map.entry("oe", "œ"),
          Map.entry("OE", "Œ"),
          Map.entry("aa", "å"),
          Map.entry("AA", "Å"),
          Map.entry("i", "ı"),
          Map.entry("j", "ȷ"),
          Map.entry("S", "§"),
          Map.entry("P", "¶"),
          Map.entry("copyright", "©"),
          Map.entry("pounds", "£"),
          Map.entry("LaTeX", "LaTeX"),
          Map.entry("TeX", "TeX"),
          Map.entry("ldots", "…"),
          Map.entry("dots", "…"),
          Map.entry("textellipsis", "…"),
          Map.entry("textendash", "–"),
          Map.entry("textemdash", "—"),
          Map.entry("textbackslash", "\\"),
          Map.entry("textasciitilde", "~"),
          Map.entry("textasciicircum", "^"),
          Map.entry("textless", "<"),
          Map.entry("textgreater", ">"),
          Map.entry("textbar", "|"),
          Map.entry("textdegree", "°"),
          Map.entry("textquoteright", "’"),
          Map.entry("textquoteleft", "‘"),
          Map.entry("quad", " "),
          Map.entry("qquad", " "),
          Map.entry("newline", "\n"),
          Map.entry("linebreak", "\n"),
          Map.entry("space", " "));

  /** Accents as combining characters, which stand behind their letter. */
  private static final Map<String, String> ACCENTS =
      Map.ofEntries(
          Map.entry("'", "\u0301"),
          Map.entry("`", "\u0300"),
          Map.entry("^", "\u0302"),
          Map.entry("\"", "\u0308"),
          Map.entry("~", "\u0303"),
          Map.entry("=", "\u0304"),
          Map.entry(".", "\u0307"),
          Map.entry("u", "\u0306"),
          Map.entry("v", "\u030C"),
          Map.entry("H", "\u030B"),
          Map.entry("c", "\u0327"),
          Map.entry("k", "\u0328"),
          Map.entry("r", "\u030A"),
          Map.entry("d", "\u0323"),
          Map.entry("b", "\u0331"));

  private LatexNames() {}

  /** What a command shows by itself, or null where it shows nothing. */
  static String symbol(String name) {
    return SYMBOLS.get(name);
  }

  static boolean isAccent(String name) {
    return ACCENTS.containsKey(name);
  }

  /** A letter with an accent, in one character where there is one. */
  static String accented(String accent, String letter) {
    String plain = letter.equals("ı") ? "i" : letter.equals("ȷ") ? "j" : letter;
    if (plain.isEmpty()) {
      return "";
    }
    return Normalizer.normalize(plain + ACCENTS.get(accent), Normalizer.Form.NFC);
  }
}
