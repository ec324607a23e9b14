/** The logout specifications of OpenID Connect, as endpoints in values. */
@NullMarked
package dev.curfew.oidc;

import org.jspecify.annotations.NullMarked;
