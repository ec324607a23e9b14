/** A small OpenID provider: other applications sign people in here, and hear of it when they sign out. */
@NullMarked
package dev.curfew.examples.provider;

import org.jspecify.annotations.NullMarked;
