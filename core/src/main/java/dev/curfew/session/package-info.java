/**
 * The domain: identifiers, sessions, devices, lifetimes and the base of all failures; nothing but the JDK.
 */
@NullMarked
package dev.curfew.session;

import org.jspecify.annotations.NullMarked;
