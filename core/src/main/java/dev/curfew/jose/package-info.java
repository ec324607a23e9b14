/**
 * The text of a token and the keys that verify it: compact form, strict JSON, key sets and how they are loaded, and
 * signatures. Internal.
 */
@NullMarked
package dev.curfew.jose;

import org.jspecify.annotations.NullMarked;
