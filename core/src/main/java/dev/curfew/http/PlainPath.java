package dev.curfew.http;

/**
 * The paths that every server reads alike: nothing in them is decoded, removed or resolved on the way to a resource.
 */
final class PlainPath {
    /** What RFC 3986 allows in a segment, without escapes and without the semicolon, behind which servers cut. */
    private static final String MARKS = "-._~!$&'()*+,=:@";

    private PlainPath() {}

    /**
     * Whether the text begins with a slash and has no escape, dot segment, semicolon, backslash, empty segment or any
     * other character that a path cannot have; a slash at the end is allowed.
     */
    static boolean isPlain(String path) {
        return path.startsWith("/")
                && !path.contains("//")
                && path.chars().allMatch(c -> c == '/' || isPlain(c))
                && !hasDotSegment(path);
    }

    /** The same for a context path: without a slash at its end, or empty. */
    static String requireContextPath(String path) {
        if (!path.isEmpty() && (!isPlain(path) || path.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "contextPath(\"" + path + "\"): say \"/shop\", as a request has it, without"
                            + " escapes or a slash at the end, or \"\" for none");
        }
        return path;
    }

    private static boolean hasDotSegment(String path) {
        return (path + "/").contains("/./") || (path + "/").contains("/../");
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || MARKS.indexOf(c) >= 0;
    }
}
