package io.kanana.core.job;

/** The configuration of a job that runs others. None of these may be such a job itself. */
public interface CompositeConfig extends JobConfig {}
