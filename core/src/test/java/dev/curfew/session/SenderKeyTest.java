package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.SenderKey.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SenderKeyTest {
    /** Of the example in RFC 7638 §3.1, which RFC 9449 §6.1 builds on. */
    private static final String THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    @Test
    void the_thumbprint_of_the_standard_is_taken() {
        SenderKey key = new SenderKey(Kind.JKT, THUMBPRINT);

        assertThat(key.thumbprint()).isEqualTo(THUMBPRINT);
        assertThat(key.sha256()).hasSize(32).startsWith(0x37, 0x36, 0xCB);
        assertThat(SenderKey.of(Kind.JKT, key.sha256())).isEqualTo(key);
    }

    @Test
    void every_thumbprint_comes_back_from_its_bytes() {
        Seeds.forAll(1_000, 1_000, random -> {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            SenderKey key = SenderKey.of(Kind.X5T_S256, bytes);

            assertThat(new SenderKey(Kind.X5T_S256, key.thumbprint()).sha256()).isEqualTo(bytes);
            return 1;
        });
    }

    @Test
    void the_same_thumbprint_of_another_kind_is_another_key() {
        assertThat(new SenderKey(Kind.JKT, THUMBPRINT)).isNotEqualTo(new SenderKey(Kind.X5T_S256, THUMBPRINT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9XsA",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs=",
                "NzbLsXh8uDCcd+6MNwXF4W/7noWXFZAfHkxZsRGC9Xs",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X=",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X\n",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9\uff38s",
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X\ud800"
            })
    void anything_else_is_refused_without_showing_it(String text) {
        assertThatThrownBy(() -> new SenderKey(Kind.JKT, text))
                .isInstanceOf(InvalidIdentifierException.class)
                .message()
                .doesNotContain("NzbL");
    }

    @Test
    void the_other_spellings_of_the_same_bytes_are_refused() {
        for (String last : List.of("t", "u", "v")) {
            String text = THUMBPRINT.substring(0, 42) + last;
            assertThatThrownBy(() -> new SenderKey(Kind.JKT, text)).isInstanceOf(InvalidIdentifierException.class);
        }
    }

    @Test
    void a_megabyte_and_too_few_bytes_are_refused() {
        assertThatThrownBy(() -> new SenderKey(Kind.JKT, "A".repeat(1 << 20)))
                .isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> SenderKey.of(Kind.JKT, new byte[31])).isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> SenderKey.of(Kind.JKT, new byte[33])).isInstanceOf(InvalidIdentifierException.class);
    }
}
