package io.kanana.core.template;

import java.math.BigInteger;

/** Counts what one rendering uses against its {@link Limits}, and refuses the first excess. */
final class Budget {
  private static final int CHARACTERS_PER_STEP = 16;
  private static final int WORDS_PER_STEP = 16;

  private final Limits limits;
  private long steps;
  private long characters;
  private long items;
  private int depth;

  Budget(Limits limits) {
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  void step() {
    steps(1);
  }

  void steps(long count) {
    steps += count;
    if (steps > limits.steps()) {
      throw Fault.bound("it takes more than " + limits.steps() + " steps");
    }
  }

  /** Charges for looking at so many characters. */
  void scan(long length) {
    steps(length / CHARACTERS_PER_STEP + 1);
  }

  /** Charges for a search, whose worst case looks at the needle once per place in the text. */
  void search(String text, String needle) {
    long places = Math.max(1, (long) text.length() - needle.length() + 1);
    scan(places * Math.max(1, needle.length()));
  }

  /** Charges for text that is about to be made. */
  void characters(long count) {
    // the comparison is written so that a huge count cannot overflow
    if (count > limits.characters() - characters) {
      throw Fault.bound("it makes more than " + limits.characters() + " characters of text");
    }
    characters += count;
  }

  /** Charges for elements that are about to be put into a collection. */
  void items(long count) {
    if (count > limits.items() - items) {
      throw Fault.bound("it makes more than " + limits.items() + " list items");
    }
    items += count;
  }

  /** Goes one level deeper; {@link #leave} must follow unless this refuses. */
  void enter() {
    step();
    if (depth >= limits.depth()) {
      throw Fault.bound("its evaluation is nested more than " + limits.depth() + " deep");
    }
    depth++;
  }

  void leave() {
    depth--;
  }

  void nesting(int levels) {
    if (levels > limits.nesting()) {
      throw Fault.bound("it nests a value more than " + limits.nesting() + " deep");
    }
  }

  /** An integer of the template, once it is known to be small enough. */
  Value.Int integer(BigInteger value) {
    integerBits(value.bitLength());
    return new Value.Int(value);
  }

  /** Charges for an integer of so many bits before it is computed. */
  void integerBits(long bits) {
    if (bits > limits.integerBits()) {
      throw Fault.bound("it computes an integer of more than " + limits.integerBits() + " bits");
    }
  }

  /** Charges for multiplying or dividing integers of so many bits. */
  void product(long bits, long otherBits) {
    steps((bits / Long.SIZE + 1) * (otherBits / Long.SIZE + 1) / WORDS_PER_STEP);
  }

  /** A new text, charged for. */
  Value.Str text(String value) {
    characters(value.length());
    return new Value.Str(value);
  }
}
