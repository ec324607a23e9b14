/** A thread behind a bounded queue, and a bounded memory: small machinery that several rooms use. Internal. */
@NullMarked
package dev.curfew.work;

import org.jspecify.annotations.NullMarked;
