package io.kanana.data.filter.language;

/** Says which language a text is in. A pure function, safe for use by several threads. */
public interface LanguageIdentifier {
  /** The most probable language of a text, in whatever state it is. */
  Guess identify(String text);

  /**
   * A language and how sure it is.
   *
   * @param language as the identifier calls it: {@code ko}, {@code en}, ...; {@link #UNKNOWN} where
   *     there is nothing to tell by
   * @param score 0 to 1, comparable between texts of the same identifier only
   */
  record Guess(String language, double score) {
    /** ISO 639's code for an undetermined language. */
    public static final String UNKNOWN = "und";
  }

  /** An identifier of a step's configuration, chosen by {@code type}. */
  interface Config {
    /**
     * Reads what it needs (a model) once.
     *
     * @throws io.kanana.core.error.DataException where a file is missing or damaged
     */
    LanguageIdentifier create();
  }
}
