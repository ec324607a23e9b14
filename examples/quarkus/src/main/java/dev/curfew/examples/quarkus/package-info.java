/** The shop on Quarkus. */
@NullMarked
package dev.curfew.examples.quarkus;

import org.jspecify.annotations.NullMarked;
