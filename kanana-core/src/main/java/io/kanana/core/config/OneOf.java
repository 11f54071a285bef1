package io.kanana.core.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record of {@code Optional} components of which a configuration gives exactly one, such as
 * {@code {steps: 100}} or {@code {tokens: 20000000}}. A later layer that gives another one replaces
 * the earlier choice instead of standing beside it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OneOf {}
