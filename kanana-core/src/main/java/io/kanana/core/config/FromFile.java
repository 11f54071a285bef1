package io.kanana.core.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record whose section may name a {@code file}: the section is then laid over the mapping in that
 * YAML file, whose path is relative to the working directory as every path in a section is. The
 * bound tree has the result and no longer the name, so a resolved configuration needs no other
 * file. No component of such a record is called {@code file}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface FromFile {}
