/**
 * The question of every request: may this token still be used? The answer, where it comes from, and what holds while
 * nobody can say.
 */
@NullMarked
package dev.curfew.check;

import org.jspecify.annotations.NullMarked;
