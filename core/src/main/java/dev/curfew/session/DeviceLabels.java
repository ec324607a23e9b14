package dev.curfew.session;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A coarse label for a user agent, and what that label says: enough for a person, useless as a fingerprint. What is
 * stored is the label alone, so that what it says can be told of older sessions too.
 */
final class DeviceLabels {
    private static final String ON = " on ";
    private static final String NEW_MAC = "macOS or iPadOS";

    /** In this order: most user agents also claim to be those below them. */
    private static final List<Mark> BROWSERS = List.of(
            Mark.within("IEMobile/", "Internet Explorer"),
            Mark.within("Edg", "Edge"),
            Mark.within("Opera Mini/", "Opera Mini"),
            Mark.within("OPR/", "Opera"),
            Mark.within("OPT/", "Opera"),
            Mark.within("OPiOS/", "Opera"),
            Mark.within("Opera", "Opera"),
            Mark.within("SamsungBrowser/", "Samsung Internet"),
            Mark.within("Silk/", "Silk"),
            Mark.within("Vivaldi/", "Vivaldi"),
            Mark.within("YaBrowser/", "Yandex Browser"),
            Mark.within("DuckDuckGo/", "DuckDuckGo"),
            Mark.within("Ddg/", "DuckDuckGo"),
            Mark.within("UCBrowser/", "UC Browser"),
            Mark.within("HuaweiBrowser/", "Huawei Browser"),
            Mark.within("MiuiBrowser/", "Mi Browser"),
            Mark.within("Electron/", "Desktop app"),
            Mark.within("MSIE ", "Internet Explorer"),
            Mark.within("Trident/", "Internet Explorer"),
            Mark.within("Firefox/", "Firefox"),
            Mark.within("FxiOS/", "Firefox"),
            Mark.within("CriOS/", "Chrome"),
            Mark.within("HeadlessChrome/", "Chrome"),
            Mark.within("Chrome/", "Chrome"),
            Mark.within("Safari/", "Safari"));

    /** Each at the beginning of a word, since a browser may say something like it. */
    private static final List<Mark> PROGRAMS = List.of(
            Mark.word("okhttp/", "Android app"),
            Mark.word("Dalvik/", "Android app"),
            Mark.word("CFNetwork/", "Apple app"),
            Mark.word("Alamofire/", "Apple app"),
            Mark.word("Dart/", "Dart app"),
            Mark.word("PostmanRuntime/", "Postman"),
            Mark.word("insomnia/", "Insomnia"),
            Mark.word("curl/", "curl"),
            Mark.word("Wget/", "Wget"),
            Mark.word("HTTPie/", "HTTPie"),
            Mark.word("WindowsPowerShell/", "PowerShell"),
            Mark.word("PowerShell/", "PowerShell"),
            Mark.word("Go-http-client/", "Go program"),
            Mark.word("axios/", "Node.js program"),
            Mark.word("node-fetch", "Node.js program"),
            Mark.word("undici", "Node.js program"),
            Mark.word("got ", "Node.js program"),
            Mark.whole("node", "Node.js program"),
            Mark.word("python-requests/", "Python program"),
            Mark.word("python-httpx/", "Python program"),
            Mark.word("Python-urllib/", "Python program"),
            Mark.word("Python/", "Python program"),
            Mark.word("Java-http-client/", "Java program"),
            Mark.word("Apache-HttpClient/", "Java program"),
            Mark.word("ReactorNetty/", "Java program"),
            Mark.word("Jetty/", "Java program"),
            Mark.word("Java/", "Java program"),
            Mark.word("GuzzleHttp/", "PHP program"),
            Mark.word("PHP/", "PHP program"),
            Mark.word("Faraday", "Ruby program"),
            Mark.whole("Ruby", "Ruby program"),
            Mark.word("RestSharp/", ".NET program"),
            Mark.word("libwww-perl/", "Perl program"));

    /** In this order: a Windows Phone claims to be Android and iPhone. */
    private static final List<Mark> SYSTEMS = List.of(
            Mark.within("Windows Phone", "Windows Phone"),
            Mark.within("iPhone", "iPhone"),
            Mark.within("iPod", "iPhone"),
            Mark.within("iPad", "iPad"),
            Mark.within("Android", "Android"),
            Mark.within("KAIOS/", "KaiOS"),
            Mark.within("Windows", "Windows"),
            Mark.within("Macintosh", "macOS"),
            Mark.within("CrOS", "ChromeOS"),
            Mark.within("Linux", "Linux"),
            Mark.within("BSD", "BSD"));

    /** Browsers of iPhone and iPad that ask for a desktop's page, and say that they are a Mac. */
    private static final List<String> MOBILE_BROWSERS_OF_APPLE =
            List.of("CriOS/", "FxiOS/", "EdgiOS/", "OPiOS/", "OPT/");

    private static final Set<String> BROWSER_NAMES = names(BROWSERS.stream());
    private static final Set<String> PROGRAM_NAMES = names(PROGRAMS.stream());
    private static final Set<String> SYSTEM_NAMES = names(Stream.concat(
            SYSTEMS.stream(),
            Stream.of("Android tablet", NEW_MAC, "iPhone or iPad").map(name -> Mark.whole("", name))));

    private DeviceLabels() {}

    /** Where a text shows that a name applies. */
    private record Mark(String text, String name, boolean isWord, boolean isWhole) {
        static Mark within(String text, String name) {
            return new Mark(text, name, false, false);
        }

        static Mark word(String text, String name) {
            return new Mark(text, name, true, false);
        }

        static Mark whole(String text, String name) {
            return new Mark(text, name, false, true);
        }

        boolean isIn(String userAgent) {
            return isWhole
                    ? userAgent.equals(text)
                    : userAgent.startsWith(text) || userAgent.contains(isWord ? " " + text : text);
        }
    }

    static String describe(String userAgent) {
        String program = first(PROGRAMS, userAgent);
        String browser = program.isEmpty() ? first(BROWSERS, userAgent) : program;
        String system = system(userAgent, browser, !program.isEmpty());
        if (browser.isEmpty() || system.isEmpty()) {
            return browser + system;
        }
        return browser.startsWith(system) ? browser : browser + ON + system;
    }

    private static String system(String userAgent, String browser, boolean isProgram) {
        String system = first(SYSTEMS, userAgent);
        if (system.equals("Android") && !isProgram && !browser.equals("Opera Mini") && !userAgent.contains("Mobile")) {
            return "Android tablet";
        }
        if (!system.equals("macOS") || isProgram) {
            return system;
        }
        if (MOBILE_BROWSERS_OF_APPLE.stream().anyMatch(userAgent::contains)) {
            return "iPhone or iPad";
        }
        // An iPad sends what Safari on a Mac sends, word for word, unless its owner asked for pages for mobiles.
        return browser.equals("Safari") ? NEW_MAC : system;
    }

    private static String first(List<Mark> marks, String userAgent) {
        return marks.stream()
                .filter(mark -> mark.isIn(userAgent))
                .map(Mark::name)
                .findFirst()
                .orElse("");
    }

    /** The browser or program that a label names. */
    static Optional<String> browserOf(String label) {
        return Optional.of(before(label)).filter(name -> BROWSER_NAMES.contains(name) || PROGRAM_NAMES.contains(name));
    }

    /** The system that a label names. */
    static Optional<String> systemOf(String label) {
        return Optional.of(after(label))
                .filter(SYSTEM_NAMES::contains)
                .map(name -> name.equals("Android tablet") ? "Android" : name);
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
            case "iPad", "Android tablet" -> DeviceKind.TABLET;
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

    private static Set<String> names(Stream<Mark> marks) {
        return marks.map(Mark::name).collect(Collectors.toUnmodifiableSet());
    }
}
