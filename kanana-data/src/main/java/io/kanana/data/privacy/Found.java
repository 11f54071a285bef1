package io.kanana.data.privacy;

/**
 * A place in a text that has the shape of personal data.
 *
 * @param start of its first character
 * @param end after its last
 * @param personal false for what nobody can have: reserved addresses, numbers that fail their check
 *     digit. It is passed over, so that no other kind is seen in it
 * @param value in one form, whatever its punctuation; its fake is drawn from it
 */
record Found(PersonalKind kind, int start, int end, boolean personal, String value) {}
