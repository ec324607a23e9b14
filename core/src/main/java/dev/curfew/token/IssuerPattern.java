package dev.curfew.token;

import dev.curfew.jose.JwkSetDownload;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address with one place for the name of a tenant: a whole segment of the path, or a whole label of the host.
 * Immutable.
 *
 * <p>A tenant is 1 to 63 characters: letters, digits, hyphens and, in a path, underscores, of which the first is a
 * letter or a digit; in a host name the letters are small. Nothing else matches, so that what stands in the place can
 * never lead to another host or another path.
 */
final class IssuerPattern {
    private static final Pattern PLACE = Pattern.compile("\\{[A-Za-z]+}");
    private static final int LONGEST_TENANT = 63;
    private static final int FIXED_LABELS = 2;

    private final String text;
    private final String before;
    private final String after;
    private final boolean inHost;

    private IssuerPattern(String text, String before, String after) {
        this.text = text;
        this.before = before;
        this.after = after;
        this.inHost = before.indexOf('/', before.indexOf("//") + 2) < 0;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is no safe address with exactly one place; the setting is named
     */
    static IssuerPattern of(String setting, String text) {
        Matcher place = PLACE.matcher(text);
        if (!place.find()) {
            throw refused(setting, text, "needs a place for the tenant, such as {tenant}");
        }
        IssuerPattern pattern = new IssuerPattern(text, text.substring(0, place.start()), text.substring(place.end()));
        if (place.find()) {
            throw refused(setting, text, "has two places; one is allowed");
        }
        pattern.requireSafe(setting);
        return pattern;
    }

    private void requireSafe(String setting) {
        URI specimen;
        try {
            specimen = new URI(of("tenant"));
        } catch (URISyntaxException e) {
            throw refused(setting, text, "is no address");
        }
        if (!JwkSetDownload.isSafe(specimen) || specimen.getQuery() != null) {
            throw refused(
                    setting, text, "must be an address of https (or this machine) without user, query and fragment");
        }
        if (inHost) {
            String[] labels = after.split("[/:]", 2)[0].split("\\.", -1);
            boolean isLabel = (before.endsWith("//") || before.endsWith(".")) && after.startsWith(".");
            if (!isLabel || labels.length - 1 < FIXED_LABELS) {
                throw refused(setting, text, "in a host name the place is a whole label before at least two others");
            }
        } else if (!before.endsWith("/") || !(after.isEmpty() || after.startsWith("/"))) {
            throw refused(setting, text, "in a path the place is a whole segment");
        }
    }

    /** The tenant that this address names, or null if it does not match. */
    @Nullable
    String tenantOf(String address) {
        int end = address.length() - after.length();
        if (end <= before.length() || !address.startsWith(before) || !address.endsWith(after)) {
            return null;
        }
        String tenant = address.substring(before.length(), end);
        return isTenant(tenant) ? tenant : null;
    }

    boolean isTenant(String name) {
        if (name.isEmpty() || name.length() > LONGEST_TENANT || !isLetterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && (inHost || c != '_')) {
                return false;
            }
        }
        return !inHost || !name.endsWith("-");
    }

    private boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || !inHost && c >= 'A' && c <= 'Z';
    }

    /** The address of a tenant. */
    String of(String tenant) {
        return before + tenant + after;
    }

    boolean isInHost() {
        return inHost;
    }

    /** Whether an address may match both; errs towards yes. */
    boolean mayMeet(IssuerPattern other) {
        return (before.startsWith(other.before) || other.before.startsWith(before))
                && (after.endsWith(other.after) || other.after.endsWith(after));
    }

    @Override
    public String toString() {
        return text;
    }

    private static IllegalArgumentException refused(String setting, String text, String why) {
        return new IllegalArgumentException(setting + ": the pattern " + text + " " + why);
    }
}
