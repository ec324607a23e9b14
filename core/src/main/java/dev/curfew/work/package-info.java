/** The one kind of thread behind a queue that this library makes for work that nobody waits for. Internal. */
@NullMarked
package dev.curfew.work;

import org.jspecify.annotations.NullMarked;
