package io.kanana.data.document;

import java.util.Locale;

/**
 * What can be said of an address in a document's metadata, however broken it is: {@code
 * https://user@www.example.org:8080/a?b}, or the same without a scheme.
 *
 * @param host in lower case; empty where there is none
 * @param port what stands between the host and the rest, with its colon; often empty
 * @param rest path, query and fragment as they are given
 */
public record WebAddress(String host, String port, String rest) {
  /** Of the domain name system; what is longer is no host. */
  private static final int LONGEST = 253;

  /** Never fails: of what is no address the host is empty. */
  public static WebAddress of(String url) {
    String address = url.strip();
    int start = schemeEnd(address);
    int end = start;
    while (end < address.length() && "/?#\\".indexOf(address.charAt(end)) < 0) {
      end++;
    }
    String authority = address.substring(start, end);
    String named = authority.substring(authority.lastIndexOf('@') + 1);
    String port = named.substring(portStart(named));
    String host = named.substring(0, named.length() - port.length()).toLowerCase(Locale.ROOT);
    String rooted = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    boolean known = rooted.length() <= LONGEST && (start > 0 || isPlain(rooted, port));
    return new WebAddress(known ? rooted : "", port, address.substring(end));
  }

  /** The {@link #host} of an address. */
  public static String host(String url) {
    return of(url).host;
  }

  /** Behind {@code https://}; 0 where no scheme begins the address, whatever stands further on. */
  private static int schemeEnd(String address) {
    int end = 0;
    while (end < address.length() && isOfScheme(address.charAt(end))) {
      end++;
    }
    return end > 0 && address.startsWith("://", end) ? end + 3 : 0;
  }

  private static boolean isOfScheme(char c) {
    return (c < 0x80 && Character.isLetterOrDigit(c)) || "+-.".indexOf(c) >= 0;
  }

  private static int portStart(String named) {
    int end = named.length();
    while (end > 0 && Character.isDigit(named.charAt(end - 1))) {
      end--;
    }
    return end > 0 && named.charAt(end - 1) == ':' ? end - 1 : named.length();
  }

  /** Without a scheme {@code mailto:a} and a sentence are no hosts. */
  private static boolean isPlain(String host, String port) {
    boolean white = host.chars().anyMatch(Character::isWhitespace);
    return !white && host.indexOf(':') < 0 && !port.equals(":");
  }
}
