/** Writing when sessions were last seen. */
@NullMarked
package dev.curfew.activity;

import org.jspecify.annotations.NullMarked;
