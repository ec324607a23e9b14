/** Sessions and revocations in PostgreSQL, MySQL, MariaDB or H2. */
@NullMarked
package dev.curfew.jdbc;

import org.jspecify.annotations.NullMarked;
