/**
 * Session tokens and refresh tokens: who presents one, and what it is exchanged for. Internal.
 */
@NullMarked
package dev.curfew.credential;

import org.jspecify.annotations.NullMarked;
