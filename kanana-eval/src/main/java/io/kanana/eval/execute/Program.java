package io.kanana.eval.execute;

/**
 * A solution and its tests, both in Python.
 *
 * @param solution a whole module: HumanEval's prompt and its completion, or what MBPP's answer
 *     defines
 * @param tests statements that take names from the solution and end without an exception where it
 *     is right, such as the test of HumanEval followed by a call of its {@code check}, or the
 *     assertions of MBPP
 */
public record Program(String solution, String tests) {}
