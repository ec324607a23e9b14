/** The embedded default: everything in this process, lost with it. */
@NullMarked
package dev.curfew.memory;

import org.jspecify.annotations.NullMarked;
