package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an unquoted YAML scalar stands for. YAML 1.1 and 1.2 disagree on {@code no}, {@code 010} and
 * {@code 1:30}; a file that means something else to another reader is refused rather than guessed.
 */
final class PlainScalar {
  private static final int LONGEST_NUMBER = 64;
  private static final Set<String> SWITCHES = Set.of("yes", "no", "on", "off", "y", "n");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
  private static final Pattern FRACTION =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*\\.?[0-9_]*)([eE][-+]?[0-9]{1,4})?");
  private static final Pattern OTHER_BASE =
      Pattern.compile("[-+]?(0[0-9_]+|0[xob][0-9a-fA-F_]+|[0-9]+(:[0-9]+)+(\\.[0-9_]*)?)");
  private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(inf|nan)");

  private PlainScalar() {}

  /** Thrown for a scalar that is refused; the message says why and what to write. */
  static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }

  static JsonNode read(String text) throws Refused {
    refuse(text);
    return switch (text) {
      case "true", "True", "TRUE" -> BooleanNode.TRUE;
      case "false", "False", "FALSE" -> BooleanNode.FALSE;
      default -> number(text);
    };
  }

  /** Whether text written without quotes would be read back as the same text. */
  static boolean isText(String text) {
    try {
      return read(text).isTextual();
    } catch (Refused e) {
      return false;
    }
  }

  private static void refuse(String text) throws Refused {
    String lower = text.length() > LONGEST_NUMBER ? text : text.toLowerCase(Locale.ROOT);
    if (NULLS.contains(text)) {
      throw new Refused("has no value; give one, or leave the key out");
    }
    if (SWITCHES.contains(lower)) {
      throw new Refused(
          "is the unquoted word " + text + "; write true or false, or quote it if it is text");
    }
    if (OTHER_BASE.matcher(text).matches()) {
      throw new Refused("must be a decimal number, got " + text + "; quote it if it is text");
    }
    if (NOT_FINITE.matcher(lower).matches()) {
      throw new Refused("must be a finite number, got " + text);
    }
  }

  private static JsonNode number(String text) throws Refused {
    boolean integer = INTEGER.matcher(text).matches();
    if (!integer && !FRACTION.matcher(text).matches()) {
      return TextNode.valueOf(text);
    }
    if (text.length() > LONGEST_NUMBER) {
      throw new Refused("is a number of " + text.length() + " characters; quote it if it is text");
    }
    String digits = text.replace("_", "");
    return integer ? integer(new BigInteger(digits)) : DecimalNode.valueOf(new BigDecimal(digits));
  }

  private static JsonNode integer(BigInteger value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value.bitLength() < Integer.SIZE) {
      return nodes.numberNode(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? nodes.numberNode(value.longValue())
        : nodes.numberNode(value);
  }
}
