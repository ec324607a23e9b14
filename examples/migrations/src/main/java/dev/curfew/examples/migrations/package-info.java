/** Flyway and Liquibase, applying Curfew's scripts. */
@NullMarked
package dev.curfew.examples.migrations;

import org.jspecify.annotations.NullMarked;
