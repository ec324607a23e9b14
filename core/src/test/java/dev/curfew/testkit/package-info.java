/**
 * Tests a host's own code in isolation: a real Curfew in memory, without a server, a database, a wall clock or a sleep.
 *
 * <p>{@link dev.curfew.testkit.TestCurfew} is where to begin. It is a real service over a real store, with an issuer
 * that signs real tokens, so that every decision comes from the rule that decides in production; nothing is a mock.
 * Time stands still until the test moves it.
 *
 * <p>Works with any test framework: nothing here needs one, and what a test expected in vain is an
 * {@link java.lang.AssertionError}. At run time it takes what {@code curfew-core} takes. On the class path; as a named
 * module it does not exist. {@code docs/testing.md} shows it at work.
 */
@NullMarked
package dev.curfew.testkit;

import org.jspecify.annotations.NullMarked;
