/** Verification of the tokens that issuers sign: strict form, signature, policy, and the facts that the rule needs. */
@NullMarked
package dev.curfew.token;

import org.jspecify.annotations.NullMarked;
