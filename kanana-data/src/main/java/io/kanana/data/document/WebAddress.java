package io.kanana.data.document;

import java.util.Locale;

/** What can be said of an address in a document's metadata, however broken it is. */
public final class WebAddress {
  /** Of the domain name system; what is longer is no host. */
  private static final int LONGEST = 253;

  private WebAddress() {}

  /**
   * The host of an address such as {@code https://user@www.example.org:8080/a?b}, in lower case;
   * empty where there is none.
   */
  public static String host(String url) {
    int start = url.indexOf("://");
    if (start < 0) {
      return "";
    }
    start += 3;
    int end = start;
    while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(start, end);
    String named = authority.substring(authority.lastIndexOf('@') + 1);
    String host = named.substring(0, portStart(named)).toLowerCase(Locale.ROOT);
    String rooted = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return rooted.length() <= LONGEST ? rooted : "";
  }

  private static int portStart(String named) {
    int end = named.length();
    while (end > 0 && Character.isDigit(named.charAt(end - 1))) {
      end--;
    }
    return end > 0 && named.charAt(end - 1) == ':' ? end - 1 : named.length();
  }
}
