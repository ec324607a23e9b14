package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceLabelsTest {
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "user-agents.psv", delimiter = '|')
    void describe_a_user_agent_is_what_a_person_would_say(String label, String userAgent) {
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
    void a_label_says_browser_system_and_kind(String label, String browser, String system, DeviceKind kind) {
        DeviceInfo device = DeviceInfo.of(label);

        assertThat(device.browser()).isEqualTo(Optional.ofNullable(browser));
        assertThat(device.system()).isEqualTo(Optional.ofNullable(system));
        assertThat(device.kind()).isEqualTo(kind);
    }
}
