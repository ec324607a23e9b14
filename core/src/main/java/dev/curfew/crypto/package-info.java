/** Hashing of secrets, encryption at rest with its key ring, and the codec of what a store keeps without understanding it. */
@NullMarked
package dev.curfew.crypto;

import org.jspecify.annotations.NullMarked;
