/** Revocations, sessions and members of the index as stored bytes. The scripts have a twin of each codec. */
@NullMarked
package dev.curfew.redis.codec;

import org.jspecify.annotations.NullMarked;
