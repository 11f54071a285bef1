package io.kanana.data.miniature;

/** The languages of the miniature web. */
public enum Language {
  KOREAN("ko") {
    @Override
    String inflect(String text) {
      return Particles.resolve(text);
    }
  },
  ENGLISH("en") {
    @Override
    String inflect(String text) {
      return EnglishForms.resolve(text);
    }
  };

  private final String code;

  Language(String code) {
    this.code = code;
  }

  /** The ISO 639-1 code. */
  public String code() {
    return code;
  }

  /** Finishes text whose forms depend on neighbouring words. */
  abstract String inflect(String text);
}
