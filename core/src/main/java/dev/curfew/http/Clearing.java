package dev.curfew.http;

/** Which cookies an answer takes away. */
enum Clearing {
    /** None. */
    NOTHING,
    /** The one of the credential, because the refresh cookie is that of another session. */
    CREDENTIAL,
    /** All that the host has named. */
    ALL
}
