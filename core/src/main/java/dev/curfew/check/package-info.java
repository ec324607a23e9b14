/** The question on every request: may this token still be used? */
@NullMarked
package dev.curfew.check;

import org.jspecify.annotations.NullMarked;
