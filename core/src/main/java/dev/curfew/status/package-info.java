/** The Token Status List: many tokens' statuses in one signed list, and the verdict of other issuers' lists. */
@NullMarked
package dev.curfew.status;

import org.jspecify.annotations.NullMarked;
