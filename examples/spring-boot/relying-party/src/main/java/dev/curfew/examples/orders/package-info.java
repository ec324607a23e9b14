/** An application whose people sign in at an OpenID provider, and are signed out with it on every node. */
@NullMarked
package dev.curfew.examples.orders;

import org.jspecify.annotations.NullMarked;
