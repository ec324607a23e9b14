/**
 * The endpoints' HTTP semantics without any framework: a host makes an {@code EndpointRequest} of what it received,
 * calls, and writes the {@code EndpointResponse}.
 */
@NullMarked
package dev.curfew.http;

import org.jspecify.annotations.NullMarked;
