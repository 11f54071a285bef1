package io.kanana.data.privacy;

import java.util.Arrays;
import java.util.Locale;

/**
 * Addresses of IPv4 and IPv6, and which of them are public (IANA's registries of special ranges).
 */
final class IpAddresses {
  private static final int LONGEST_V6 = 39;
  private static final int GROUPS = 8;

  /**
   * Address and length of prefix of what is not public. In 1.2.3.0/24, which a registry keeps for
   * experiments, lies who counts: {@code parts 1.2.3.4}.
   */
  private static final long[][] SPECIAL_V4 = {
    {0x00000000L, 8},
    {0x01020300L, 24},
    {0x0A000000L, 8},
    {0x64400000L, 10},
    {0x7F000000L, 8},
    {0xA9FE0000L, 16},
    {0xAC100000L, 12},
    {0xC0000000L, 24},
    {0xC0000200L, 24},
    {0xC0A80000L, 16},
    {0xC6120000L, 15},
    {0xC6336400L, 24},
    {0xCB007100L, 24},
    {0xE0000000L, 3}
  };

  private IpAddresses() {}

  /** Four numbers up to 255 with dots between. */
  static Found v4(String text, int start) {
    long address = 0;
    int at = start;
    for (int group = 0; group < 4; group++) {
      int digits = Marks.digits(text, at, 3);
      if (digits == 0 || digits > 3 || (digits > 1 && text.charAt(at) == '0')) {
        return null;
      }
      int value = Integer.parseInt(text, at, at + digits, 10);
      at += digits;
      if (value > 255 || (group < 3 && !Marks.is(text, at++, '.'))) {
        return null;
      }
      address = address << 8 | value;
    }
    return Marks.clearAfter(text, at)
        ? new Found(
            PersonalKind.IP_ADDRESS, start, at, isPublic(address), text.substring(start, at))
        : null;
  }

  private static boolean isPublic(long address) {
    return Arrays.stream(SPECIAL_V4)
        .noneMatch(range -> (address ^ range[0]) >>> (32 - range[1]) == 0);
  }

  /** Groups of up to four hexadecimal digits with colons between, which begin as global unicast. */
  static Found v6(String text, int start) {
    int end = start;
    while (end < text.length() && end - start <= LONGEST_V6 && isV6(text.charAt(end))) {
      end++;
    }
    if (end - start > LONGEST_V6 || Marks.is(text, start - 1, ':')) {
      return null;
    }
    if (Marks.is(text, end - 1, ':') && !Marks.is(text, end - 2, ':')) {
      end--; // of the sentence
    }
    Found whole = v6(text, start, end);
    // what stands after the last colon may be the beginning of another number
    return whole == null ? v6(text, start, lastColon(text, start, end)) : whole;
  }

  private static int lastColon(String text, int start, int end) {
    int at = end - 1;
    while (at > start && !Marks.is(text, at, ':')) {
      at--;
    }
    return at;
  }

  private static Found v6(String text, int start, int end) {
    int[] groups = groups(text.substring(start, end));
    if (groups == null || groups[0] >>> 13 != 1 || !Marks.clearAfter(text, end)) {
      return null;
    }
    boolean documentation =
        (groups[0] == 0x2001 && groups[1] == 0x0DB8)
            || (groups[0] == 0x3FFF && groups[1] >>> 12 == 0);
    return new Found(PersonalKind.IP_ADDRESS, start, end, !documentation, canonical(groups));
  }

  private static boolean isV6(char c) {
    return c == ':' || (c < 0x80 && Character.digit(c, 16) >= 0);
  }

  private static String canonical(int[] groups) {
    StringBuilder value = new StringBuilder();
    for (int group : groups) {
      value.append(String.format(Locale.ROOT, "%04x", group));
    }
    return value.toString();
  }

  /** The eight groups (RFC 4291, section 2.2); null where it is no address. */
  private static int[] groups(String address) {
    int gap = address.indexOf("::");
    if (gap < 0) {
      int[] all = list(address);
      return all != null && all.length == GROUPS ? all : null;
    }
    int[] head = list(address.substring(0, gap));
    int[] tail = list(address.substring(gap + 2));
    if (head == null || tail == null || head.length + tail.length >= GROUPS) {
      return null;
    }
    int[] groups = Arrays.copyOf(head, GROUPS);
    System.arraycopy(tail, 0, groups, GROUPS - tail.length, tail.length);
    return groups;
  }

  private static int[] list(String part) {
    if (part.isEmpty()) {
      return new int[0];
    }
    String[] texts = part.split(":", -1);
    int[] groups = new int[texts.length];
    for (int i = 0; i < texts.length; i++) {
      if (texts[i].isEmpty() || texts[i].length() > 4) {
        return null;
      }
      groups[i] = Integer.parseInt(texts[i], 16);
    }
    return groups;
  }
}
