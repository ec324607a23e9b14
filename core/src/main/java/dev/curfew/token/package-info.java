/** Verified tokens: policies of issuers, what they demand of claims, and the evidence that a caller carries. */
@NullMarked
package dev.curfew.token;

import org.jspecify.annotations.NullMarked;
