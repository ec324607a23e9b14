/**
 * A store of sessions and revocations on SQLite, as a model for authors of stores.
 *
 * <p>Begin with {@link dev.curfew.examples.sqlite.SqliteSessionStore}: each verb is one transaction. The classes whose
 * names end with {@code Step} are the verbs that decide something, those that end with {@code Table} write SQL, and
 * {@code Database} and what it uses deal with connections, locks and files.
 */
@NullMarked
package dev.curfew.examples.sqlite;

import org.jspecify.annotations.NullMarked;
