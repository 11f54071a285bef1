/** Finds personal data in text, English and Korean, and puts placeholders or fakes in its place. */
package io.kanana.data.privacy;
