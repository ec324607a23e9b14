package dev.curfew.session;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A text in a user agent that identifies a browser, a program or a system, with the name of that. Immutable. */
record UserAgentMark(String text, String name, Place place) {
    /** In this order: most user agents also claim to be those below them. */
    static final List<UserAgentMark> BROWSERS = List.of(
            within("IEMobile/", "Internet Explorer"),
            within("Edg", "Edge"),
            within("Opera Mini/", "Opera Mini"),
            within("OPR/", "Opera"),
            within("OPT/", "Opera"),
            within("OPiOS/", "Opera"),
            within("Opera", "Opera"),
            within("SamsungBrowser/", "Samsung Internet"),
            within("Silk/", "Silk"),
            within("Vivaldi/", "Vivaldi"),
            within("YaBrowser/", "Yandex Browser"),
            within("DuckDuckGo/", "DuckDuckGo"),
            within("Ddg/", "DuckDuckGo"),
            within("UCBrowser/", "UC Browser"),
            within("HuaweiBrowser/", "Huawei Browser"),
            within("MiuiBrowser/", "Mi Browser"),
            within("Electron/", "Desktop app"),
            within("MSIE ", "Internet Explorer"),
            within("Trident/", "Internet Explorer"),
            within("Firefox/", "Firefox"),
            within("FxiOS/", "Firefox"),
            within("CriOS/", "Chrome"),
            within("HeadlessChrome/", "Chrome"),
            within("Chrome/", "Chrome"),
            within("Safari/", "Safari"));

    /** Each at the beginning of a word, since a browser may say something like it. */
    static final List<UserAgentMark> PROGRAMS = List.of(
            word("okhttp/", "Android app"),
            word("Dalvik/", "Android app"),
            word("CFNetwork/", "Apple app"),
            word("Alamofire/", "Apple app"),
            word("Dart/", "Dart app"),
            word("PostmanRuntime/", "Postman"),
            word("insomnia/", "Insomnia"),
            word("curl/", "curl"),
            word("Wget/", "Wget"),
            word("HTTPie/", "HTTPie"),
            word("WindowsPowerShell/", "PowerShell"),
            word("PowerShell/", "PowerShell"),
            word("Go-http-client/", "Go program"),
            word("axios/", "Node.js program"),
            word("node-fetch", "Node.js program"),
            word("undici", "Node.js program"),
            word("got ", "Node.js program"),
            whole("node", "Node.js program"),
            word("python-requests/", "Python program"),
            word("python-httpx/", "Python program"),
            word("Python-urllib/", "Python program"),
            word("Python/", "Python program"),
            word("Java-http-client/", "Java program"),
            word("Apache-HttpClient/", "Java program"),
            word("ReactorNetty/", "Java program"),
            word("Jetty/", "Java program"),
            word("Java/", "Java program"),
            word("GuzzleHttp/", "PHP program"),
            word("PHP/", "PHP program"),
            word("Faraday", "Ruby program"),
            whole("Ruby", "Ruby program"),
            word("RestSharp/", ".NET program"),
            word("libwww-perl/", "Perl program"));

    /** In this order: a Windows Phone claims to be Android and iPhone. */
    static final List<UserAgentMark> SYSTEMS = List.of(
            within("Windows Phone", "Windows Phone"),
            within("iPhone", "iPhone"),
            within("iPod", "iPhone"),
            within("iPad", "iPad"),
            within("Android", "Android"),
            within("KAIOS/", "KaiOS"),
            within("Windows", "Windows"),
            within("Macintosh", "macOS"),
            within("CrOS", "ChromeOS"),
            within("Linux", "Linux"),
            within("BSD", "BSD"));

    /** Where the text must stand. */
    enum Place {
        ANYWHERE,
        BEGIN_OF_WORD,
        ALONE
    }

    private static UserAgentMark within(String text, String name) {
        return new UserAgentMark(text, name, Place.ANYWHERE);
    }

    private static UserAgentMark word(String text, String name) {
        return new UserAgentMark(text, name, Place.BEGIN_OF_WORD);
    }

    private static UserAgentMark whole(String text, String name) {
        return new UserAgentMark(text, name, Place.ALONE);
    }

    private boolean isIn(String userAgent) {
        return switch (place) {
            case ANYWHERE -> userAgent.contains(text);
            case BEGIN_OF_WORD -> userAgent.startsWith(text) || userAgent.contains(" " + text);
            case ALONE -> userAgent.equals(text);
        };
    }

    /** The name of the first of these that is in a user agent, or an empty text. */
    static String first(List<UserAgentMark> marks, String userAgent) {
        return marks.stream()
                .filter(mark -> mark.isIn(userAgent))
                .map(UserAgentMark::name)
                .findFirst()
                .orElse("");
    }

    static Set<String> names(List<UserAgentMark> marks) {
        return marks.stream().map(UserAgentMark::name).collect(Collectors.toUnmodifiableSet());
    }
}
