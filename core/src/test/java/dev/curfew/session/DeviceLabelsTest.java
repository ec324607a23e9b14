package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceLabelsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Chrome on Windows           | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Chrome on macOS             | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Chrome on Linux             | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Chrome on Linux             | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36
            Chrome on ChromeOS          | Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Chrome on Android           | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36
            Chrome on iPhone            | Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1
            Safari on iPhone            | Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1
            Safari on iPad              | Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1
            Safari on macOS or iPadOS   | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15
            Firefox on Windows          | Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0
            Firefox on macOS            | Mozilla/5.0 (Macintosh; Intel Mac OS X 15.6; rv:142.0) Gecko/20100101 Firefox/142.0
            Firefox on Android          | Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0
            Firefox on iPhone           | Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/142.0 Mobile/15E148 Safari/605.1.15
            Edge on Windows             | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.3485.14
            Edge on Android             | Mozilla/5.0 (Linux; Android 10; Pixel 3 XL) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.7339.35 Mobile Safari/537.36 EdgA/139.0.3405.86
            Edge on iPhone              | Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/139.3405.86 Mobile/15E148 Safari/605.1.15
            Opera on Windows            | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/121.0.0.0
            Samsung Internet on Android | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36
            Internet Explorer on Windows | Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko
            Internet Explorer on Windows | Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)
            Internet Explorer on Windows Phone | Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; IEMobile/11.0; NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537
            Edge on Windows Phone       | Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.14977
            Edge on Windows             | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.102 Safari/537.36 Edge/18.17763
            Edge on macOS               | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0
            Chrome on iPhone or iPad    | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140 Version/11.1.1 Safari/605.1.15
            Firefox on iPhone or iPad   | Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/142.0 Safari/605.1.15
            Chrome on iPad              | Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1
            Safari on iPhone            | Mozilla/5.0 (iPod touch; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1
            Chrome on Android tablet    | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Firefox on Android tablet   | Mozilla/5.0 (Android 15; Tablet; rv:142.0) Gecko/142.0 Firefox/142.0
            Samsung Internet on Android tablet | Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Safari/537.36
            Silk on Android tablet      | Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like Chrome/108.0.5359.220 Safari/537.36
            Opera on Android            | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36 OPR/90.0.0.0
            Opera Mini on Android       | Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16
            Opera on Windows            | Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18
            Vivaldi on Linux            | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.54
            Yandex Browser on Windows   | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.8.0.0 Safari/537.36
            DuckDuckGo on iPhone        | Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15
            Desktop app on Windows      | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Team/4.2.0 Chrome/134.0.6998.205 Electron/35.2.0 Safari/537.36
            Safari on KaiOS             | Mozilla/5.0 (Mobile; Nokia 8110 4G) AppleWebKit/537.36 (KHTML, like Gecko) KAIOS/2.5 Safari/537.36
            Firefox on BSD              | Mozilla/5.0 (X11; FreeBSD amd64; rv:142.0) Gecko/20100101 Firefox/142.0
            Android app                 | okhttp/4.12.0
            Apple app                   | Payroll/12 CFNetwork/1568.200.51 Darwin/24.1.0
            Java program                | Java-http-client/17.0.15
            Python program              | python-requests/2.32.3
            Java program                | Apache-HttpClient/5.3.1 (Java/17.0.12)
            Java program                | Java/17.0.12
            Java program                | ReactorNetty/1.2.6
            Python program              | python-httpx/0.27.2
            Python program              | Python-urllib/3.12
            Python program              | Python/3.12 aiohttp/3.10.5
            Android app                 | Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230805.001)
            Apple app                   | Payroll/12 (com.example.payroll; build:1; iOS 18.6.0) Alamofire/5.9.1
            Dart app                    | Dart/3.1 (dart:io)
            Go program                  | Go-http-client/1.1
            Go program                  | Go-http-client/2.0
            Node.js program             | axios/1.7.7
            Node.js program             | node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
            Node.js program             | node-fetch
            Node.js program             | undici
            Node.js program             | node
            Node.js program             | got (https://github.com/sindresorhus/got)
            Postman                     | PostmanRuntime/7.42.0
            Insomnia                    | insomnia/10.0.0
            curl                        | curl/8.9.1
            Wget on Linux               | Wget/1.21.4 (linux-gnu) Linux
            Wget                        | Wget/1.21.4
            HTTPie                      | HTTPie/3.2.3
            PowerShell on Windows       | Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.4894
            PHP program                 | GuzzleHttp/7
            Ruby program                | Ruby
            Ruby program                | Faraday v2.9.0
            .NET program                | RestSharp/112.0.0.0
            Perl program                | libwww-perl/6.77
            """)
    void describe_aUserAgent_isWhatAPersonWouldSay(String label, String userAgent) {
        assertThat(DeviceLabels.describe(userAgent)).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "Mozilla/5.0",
        "'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'",
        "chrome/1",
        "nodejs",
        "MyCurl/1.0",
        "ObsidianJava/1.0"
    })
    void describe_anythingElse_saysNothing(String userAgent) {
        assertThat(DeviceLabels.describe(userAgent)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Chrome on Windows            | Chrome            | Windows          | DESKTOP
            Chrome on macOS              | Chrome            | macOS            | DESKTOP
            Firefox on Linux             | Firefox           | Linux            | DESKTOP
            Edge on ChromeOS             | Edge              | ChromeOS         | DESKTOP
            Internet Explorer on Windows Phone | Internet Explorer | Windows Phone | MOBILE
            Safari on iPhone             | Safari            | iPhone           | MOBILE
            Chrome on Android            | Chrome            | Android          | MOBILE
            Chrome on Android tablet     | Chrome            | Android          | TABLET
            Safari on iPad               | Safari            | iPad             | TABLET
            Safari on macOS or iPadOS    | Safari            | macOS or iPadOS  | UNKNOWN
            Safari on macOS              | Safari            | macOS            | UNKNOWN
            Chrome on iPhone or iPad     | Chrome            | iPhone or iPad   | UNKNOWN
            Desktop app on Windows       | Desktop app       | Windows          | DESKTOP
            Windows                      |                   | Windows          | DESKTOP
            Firefox                      | Firefox           |                  | UNKNOWN
            Android app                  | Android app       |                  | CLIENT
            Postman                      | Postman           |                  | CLIENT
            PowerShell on Windows        | PowerShell        | Windows          | CLIENT
            Unknown device               |                   |                  | UNKNOWN
            Ana's phone                  |                   |                  | UNKNOWN
            Ana's Chrome on my desk      |                   |                  | UNKNOWN
            """)
    void aLabelSaysBrowserSystemAndKind(String label, String browser, String system, DeviceKind kind) {
        DeviceInfo device = DeviceInfo.of(label);

        assertThat(device.browser()).isEqualTo(Optional.ofNullable(browser));
        assertThat(device.system()).isEqualTo(Optional.ofNullable(system));
        assertThat(device.kind()).isEqualTo(kind);
    }
}
