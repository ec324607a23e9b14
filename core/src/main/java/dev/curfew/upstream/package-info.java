/** What an identity provider says of its sessions, in the words of revocations. Internal. */
@NullMarked
package dev.curfew.upstream;

import org.jspecify.annotations.NullMarked;
