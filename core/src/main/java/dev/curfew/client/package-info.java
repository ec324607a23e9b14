/**
 * Who calls an endpoint of OAuth or of one of its relatives: clients and resource servers, and how they prove who they
 * are. A host may bring a {@link dev.curfew.client.ClientAuthenticator} of its own, for mutual TLS, say.
 */
@NullMarked
package dev.curfew.client;

import org.jspecify.annotations.NullMarked;
