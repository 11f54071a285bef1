package io.kanana.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An open part that an element of a list may also give as plain text: {@code text} there means
 * {@code {type: <type>, <key>: text}}, or {@code {type: text}} where neither is named.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {
  /** The {@code type} that the text stands for. */
  String type() default "";

  /** The key of that type that the text is the value of. */
  String key() default "";
}
