/** A small host application that shows where Curfew goes: read {@code DemoServer} and {@code CurfewSetup} first. */
@NullMarked
package dev.curfew.examples.server;

import org.jspecify.annotations.NullMarked;
