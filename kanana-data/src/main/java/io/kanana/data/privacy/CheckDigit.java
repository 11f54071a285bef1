package io.kanana.data.privacy;

/** Which registration numbers must have a right check digit to be found. */
public enum CheckDigit {
  /** All. */
  ALWAYS,
  /** Those of people born before October 2020, when numbers without one were introduced. */
  BY_BIRTH,
  /** None, where a hyphen stands after a possible date; finds look-alikes as well. */
  NEVER
}
