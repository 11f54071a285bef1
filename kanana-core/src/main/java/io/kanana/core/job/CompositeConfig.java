package io.kanana.core.job;

/** The configuration of a job that runs others, of which each may run others in turn. */
public interface CompositeConfig extends JobConfig {}
