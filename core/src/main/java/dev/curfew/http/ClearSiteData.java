package dev.curfew.http;

/** What a browser is asked to forget after a logout, as {@code Clear-Site-Data} names it. */
public enum ClearSiteData {
    /** Cached answers. */
    CACHE("\"cache\""),
    /** All cookies of the registrable domain, not only ours. */
    COOKIES("\"cookies\""),
    /** Local storage, databases and service workers. */
    STORAGE("\"storage\""),
    /** Open pages, which are reloaded. */
    EXECUTION_CONTEXTS("\"executionContexts\""),
    /** What the browser sends as client hints. */
    CLIENT_HINTS("\"clientHints\"");

    private final String directive;

    ClearSiteData(String directive) {
        this.directive = directive;
    }

    String directive() {
        return directive;
    }
}
