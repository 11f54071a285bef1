package io.kanana.core.error;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a file could not be used, for a message that has named the file: many an {@link IOException}
 * says nothing but its path.
 */
public final class Reason {
  /** As {@link java.io} says it: the path, and what the operating system said. */
  private static final Pattern PATH_AND_REASON = Pattern.compile("(?s).*\\(([^()]+)\\)");

  private Reason() {}

  /** The reason in a few words, of one line. */
  public static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "access is denied";
      case FileAlreadyExistsException _ -> "it exists already";
      case NotDirectoryException _ -> "it is no directory";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      case FileNotFoundException file -> insideBrackets(file);
      default -> message(e);
    };
  }

  private static String insideBrackets(FileNotFoundException e) {
    Matcher parts = PATH_AND_REASON.matcher(String.valueOf(e.getMessage()));
    return parts.matches() ? parts.group(1) : message(e);
  }

  private static String message(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
