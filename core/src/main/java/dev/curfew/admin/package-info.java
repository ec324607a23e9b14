/** What people and administrators ask of sessions beyond one request. Internal. */
@NullMarked
package dev.curfew.admin;

import org.jspecify.annotations.NullMarked;
