/**
 * Final answers to problems of mathematics, as text in TeX: where they stand, and when two are one.
 */
package io.kanana.core.math;
