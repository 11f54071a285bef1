package io.kanana.data.text;

import io.kanana.core.tokenizer.TextHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** English words that are not split by rule: contractions, abbreviations, times, faces. */
final class EnglishExceptions {
  private static final int LONGEST = 16;

  private static final List<String> SUBJECTS = List.of("i", "you", "he", "she", "it", "we", "they");
  private static final List<String> QUESTIONS =
      List.of("who", "what", "when", "where", "why", "how", "there");

  private static final List<String> NEGATED =
      List.of(
          "ca", "could", "do", "does", "did", "had", "may", "might", "must", "need", "ought", "sha",
          "should", "wo", "would");

  /** Words of their own that a contraction without its apostrophe would look like. */
  private static final List<String> WORDS_OF_THEIR_OWN =
      List.of("ill", "its", "hell", "shell", "shed", "were", "well", "whore");

  private static final String WHOLE =
      """
      'S 's ‘S ‘s and/or w/o 're 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout ma'am Ma'am \
      o'clock O'clock lovin' Lovin' havin' Havin' doin' Doin' goin' Goin' nothin' Nothin' nuthin' \
      Nuthin' ol' Ol' somethin' Somethin' 'em 'll 'nuff 'd Mt. Ak. Ala. Apr. Ariz. Ark. Aug. \
      Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan. Kans. Ky. \
      La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. \
      Okla. Ore. Pa. S.C. Sep. Sept. Tenn. Va. Wash. Wis. a.m. Adm. Bros. co. Co. Corp. D.C. Dr. \
      e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. Ms. \
      p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s. \\t \\n — ' \\") <space> '' C++ a. b. c. d. e. \
      f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z. ä. ö. ü. \
      :) :-) :)) :-)) :))) (: (-: =) (= :] :-] [: [-: [= =] :o) :} :-} 8) 8-) ;) ;-) (; (-; :( \
      :-( :(( :((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ :1 :P :-P :p :-p :O \
      :-O :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD \
      XDD 8D 8-D ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o \
      o_0 0_0 o.O O.o O.O o.o 0.0 o.0 0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) \
      """;

  private static final SpanCache PARTS = build();

  private EnglishExceptions() {}

  static boolean has(char[] chars, int from, int to) {
    return find(chars, from, to) >= 0;
  }

  /** Appends the parts of an exception; false where it is none. */
  static boolean copy(char[] chars, int from, int to, Spans out) {
    int found = find(chars, from, to);
    if (found >= 0) {
      PARTS.copy(found, from, out);
    }
    return found >= 0;
  }

  private static int find(char[] chars, int from, int to) {
    return to - from > LONGEST || to == from
        ? -1
        : PARTS.find(chars, from, to, TextHash.of(chars, from, to));
  }

  private static SpanCache build() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    pronouns(all);
    questions(all);
    verbs(all);
    times(all);
    for (String word : WORDS_OF_THEIR_OWN) {
      all.remove(word);
      all.remove(title(word));
    }
    for (String word : WHOLE.strip().split("\\s+", -1)) {
      put(all, List.of(word));
    }
    for (String split :
        "y'|all y|all how|'d|'y not|'ve not|ve can|not gon|na got|ta let|'s c'm|on"
            .split(" ", -1)) {
      put(all, List.of(split.split("\\|", -1)));
    }
    return spans(all);
  }

  private static void pronouns(Map<String, List<String>> all) {
    contract(all, "i", "'m");
    contract(all, "i", "'m", "a");
    for (String word : SUBJECTS) {
      futures(all, word);
    }
    List.of("i", "you", "we", "they").forEach(word -> contract(all, word, "'ve"));
    List.of("you", "we", "they").forEach(word -> contract(all, word, "'re"));
    List.of("he", "she", "it").forEach(word -> contract(all, word, "'s"));
  }

  private static void futures(Map<String, List<String>> all, String word) {
    contract(all, word, "'ll");
    contract(all, word, "'ll", "'ve");
    contract(all, word, "'d");
    contract(all, word, "'d", "'ve");
  }

  private static void questions(Map<String, List<String>> all) {
    for (String word : QUESTIONS) {
      futures(all, word);
      contract(all, word, "'s");
      contract(all, word, "'re");
      contract(all, word, "'ve");
    }
    for (String word : List.of("that", "this")) {
      futures(all, word);
      contract(all, word, "'s");
    }
    for (String word : List.of("these", "those")) {
      futures(all, word);
      contract(all, word, "'re");
      contract(all, word, "'ve");
    }
  }

  private static void verbs(Map<String, List<String>> all) {
    for (String verb : NEGATED) {
      contract(all, verb, "n't");
      contract(all, verb, "n't", "'ve");
    }
    List.of("ai", "are", "is", "was", "were", "have", "has", "dare")
        .forEach(verb -> contract(all, verb, "n't"));
    List.of("could", "might", "must", "should", "would")
        .forEach(verb -> contract(all, verb, "'ve"));
  }

  private static void times(Map<String, List<String>> all) {
    for (int hour = 1; hour <= 12; hour++) {
      for (String period : List.of("a.m.", "am", "p.m.", "pm")) {
        put(all, List.of(Integer.toString(hour), period));
      }
    }
  }

  /** A contraction with its apostrophes and without. */
  private static void contract(Map<String, List<String>> all, String... parts) {
    put(all, List.of(parts));
    List<String> bare = new ArrayList<>();
    for (String part : parts) {
      bare.add(part.replace("'", ""));
    }
    put(all, bare);
  }

  /** Also in title case, and with the apostrophes of printers. */
  private static void put(Map<String, List<String>> all, List<String> parts) {
    List<String> titled = new ArrayList<>(parts);
    if (parts.size() > 1) {
      titled.set(0, title(parts.getFirst()));
    }
    for (List<String> form : List.of(parts, titled)) {
      List<String> curly = form.stream().map(part -> part.replace('\'', '’')).toList();
      all.put(String.join("", form), form);
      all.put(String.join("", curly), curly);
    }
  }

  private static String title(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static SpanCache spans(Map<String, List<String>> all) {
    SpanCache spans = new SpanCache(SpanCache.WORDS);
    Spans list = new Spans();
    all.forEach(
        (text, parts) -> {
          list.clear();
          int at = 0;
          for (String part : parts) {
            list.add(at, at += part.length());
          }
          char[] chars = text.toCharArray();
          spans.put(chars, 0, at, TextHash.of(chars, 0, at), list, 0);
        });
    return spans;
  }
}
