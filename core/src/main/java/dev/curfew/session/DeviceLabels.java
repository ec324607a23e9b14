package dev.curfew.session;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A coarse label for a user agent, and what that label says: enough for a person, useless as a fingerprint. What is
 * stored is the label alone, so that what it says can be told of older sessions too.
 */
final class DeviceLabels {
    private static final String ON = " on ";
    private static final String NEW_MAC = "macOS or iPadOS";
    private static final String TABLET = "Android tablet";
    private static final String PHONE_OR_TABLET = "iPhone or iPad";

    /** Browsers of iPhone and iPad that ask for a desktop's page, and say that they are a Mac. */
    private static final List<String> MOBILE_BROWSERS_OF_APPLE =
            List.of("CriOS/", "FxiOS/", "EdgiOS/", "OPiOS/", "OPT/");

    private static final Set<String> BROWSER_NAMES = UserAgentMark.names(UserAgentMark.BROWSERS);
    private static final Set<String> PROGRAM_NAMES = UserAgentMark.names(UserAgentMark.PROGRAMS);
    private static final Set<String> SYSTEM_NAMES = UserAgentMark.names(UserAgentMark.SYSTEMS);
    private static final Set<String> OTHER_SYSTEM_NAMES = Set.of(TABLET, NEW_MAC, PHONE_OR_TABLET);

    private DeviceLabels() {}

    static String describe(String userAgent) {
        String program = UserAgentMark.first(UserAgentMark.PROGRAMS, userAgent);
        String browser = program.isEmpty() ? UserAgentMark.first(UserAgentMark.BROWSERS, userAgent) : program;
        String system = system(userAgent, browser, !program.isEmpty());
        if (browser.isEmpty() || system.isEmpty()) {
            return browser + system;
        }
        return browser.startsWith(system) ? browser : browser + ON + system;
    }

    private static String system(String userAgent, String browser, boolean isProgram) {
        String system = UserAgentMark.first(UserAgentMark.SYSTEMS, userAgent);
        if (system.equals("Android") && !isProgram && !browser.equals("Opera Mini") && !userAgent.contains("Mobile")) {
            return TABLET;
        }
        if (!system.equals("macOS") || isProgram) {
            return system;
        }
        if (MOBILE_BROWSERS_OF_APPLE.stream().anyMatch(userAgent::contains)) {
            return PHONE_OR_TABLET;
        }
        // An iPad sends what Safari on a Mac sends, word for word, unless its owner asked for pages for mobiles.
        return browser.equals("Safari") ? NEW_MAC : system;
    }

    /** The browser or program that a label names. */
    static Optional<String> browserOf(String label) {
        return Optional.of(before(label)).filter(name -> BROWSER_NAMES.contains(name) || PROGRAM_NAMES.contains(name));
    }

    /** The system that a label names. */
    static Optional<String> systemOf(String label) {
        return Optional.of(after(label))
                .filter(name -> SYSTEM_NAMES.contains(name) || OTHER_SYSTEM_NAMES.contains(name))
                .map(name -> name.equals(TABLET) ? "Android" : name);
    }

    /** What sort of device a label names; of an app or program that alone. */
    static DeviceKind kindOf(String label) {
        if (PROGRAM_NAMES.contains(before(label))) {
            return DeviceKind.CLIENT;
        }
        return switch (after(label)) {
            case "Windows", "ChromeOS", "Linux", "BSD" -> DeviceKind.DESKTOP;
            // Labels of earlier versions say macOS of Safari too.
            case "macOS" -> before(label).equals("Safari") ? DeviceKind.UNKNOWN : DeviceKind.DESKTOP;
            case "iPhone", "Android", "Windows Phone", "KaiOS" -> DeviceKind.MOBILE;
            case "iPad", TABLET -> DeviceKind.TABLET;
            default -> DeviceKind.UNKNOWN;
        };
    }

    /** All of it if it has one part. */
    private static String before(String label) {
        int on = label.lastIndexOf(ON);
        return on < 0 ? label : label.substring(0, on);
    }

    private static String after(String label) {
        int on = label.lastIndexOf(ON);
        return on < 0 ? label : label.substring(on + ON.length());
    }
}
