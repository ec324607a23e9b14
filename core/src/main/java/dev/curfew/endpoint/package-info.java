/** What the endpoints of the standards share: their answers, their failures, and the question of who calls. */
@NullMarked
package dev.curfew.endpoint;

import org.jspecify.annotations.NullMarked;
