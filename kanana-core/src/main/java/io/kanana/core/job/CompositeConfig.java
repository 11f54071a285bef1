package io.kanana.core.job;

/** The configuration of a job that runs others, which may be such jobs themselves. */
public interface CompositeConfig extends JobConfig {}
