/** Two controllers of a host, to be tested without a server. */
@NullMarked
package dev.curfew.examples.testing;

import org.jspecify.annotations.NullMarked;
