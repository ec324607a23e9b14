/** Curfew in Spring Boot: beans out of the properties {@code curfew.*}, each of which steps back for a host's own. */
@NullMarked
package dev.curfew.spring;

import org.jspecify.annotations.NullMarked;
