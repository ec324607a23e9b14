/** Hashing and encryption with the host's keys, and the judgement of keys and secrets that are given. */
@NullMarked
package dev.curfew.crypto;

import org.jspecify.annotations.NullMarked;
