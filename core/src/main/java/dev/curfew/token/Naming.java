package dev.curfew.token;

/** Whether the tokens of an issuer name what a kind of revocation is about. */
public enum Naming {
    /** Each token names it: a revocation reaches all that it is meant for. */
    ALWAYS,
    /** A token may name none: a revocation does not reach those that do not. */
    SOMETIMES,
    /** No token names one, and a revocation reaches no token at all. */
    NEVER
}
