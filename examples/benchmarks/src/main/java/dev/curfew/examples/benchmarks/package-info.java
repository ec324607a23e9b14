/**
 * What Curfew costs, beside what it is compared with, on the same servers in one run. Read {@code Benchmarks} first.
 */
@NullMarked
package dev.curfew.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
