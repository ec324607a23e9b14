/**
 * The endpoints of OAuth 2 that are about what was issued: token revocation, introspection, the refresh form of the
 * token endpoint, and what metadata says of them.
 */
@NullMarked
package dev.curfew.oauth;

import org.jspecify.annotations.NullMarked;
