/** The shop as a Spring Boot application. */
@NullMarked
package dev.curfew.examples.spring;

import org.jspecify.annotations.NullMarked;
