/**
 * What all example hosts share: the shop behind them ({@code Shop}), its settings, and the tests that each of them
 * passes ({@code HostContract}). What is particular to a framework is in the example of its name.
 */
@NullMarked
package dev.curfew.examples.hosts;

import org.jspecify.annotations.NullMarked;
