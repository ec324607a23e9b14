/**
 * Sessions as the rows that stores keep, and the encryption of what such a row says about a person. Internal.
 */
@NullMarked
package dev.curfew.atrest;

import org.jspecify.annotations.NullMarked;
