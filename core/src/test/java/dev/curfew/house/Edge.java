package dev.curfew.house;

/** One class's use of another, by their binary names. */
record Edge(String from, String to) {
    String fromPackage() {
        return packageOf(from);
    }

    String toPackage() {
        return packageOf(to);
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    @Override
    public String toString() {
        return from + " -> " + to;
    }
}
