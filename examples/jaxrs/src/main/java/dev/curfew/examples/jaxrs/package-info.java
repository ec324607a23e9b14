/** The shop as resources of Jakarta REST. */
@NullMarked
package dev.curfew.examples.jaxrs;

import org.jspecify.annotations.NullMarked;
