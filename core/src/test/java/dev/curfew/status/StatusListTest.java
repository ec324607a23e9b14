package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TSL-01 to TSL-03 and TSL-12: how statuses are packed, and the vectors of the draft. */
class StatusListTest {
    private static final int SIZE = 1 << 20;
    private static final int ROOM = 8 * 1024 * 1024;

    /** A vector of the appendix: its bits, what is not 0, and the text. */
    record Vector(int bits, Map<Integer, Integer> statuses, String lst) {
        @Override
        public String toString() {
            return bits + "-bit status list";
        }
    }

    static List<Vector> vectors() throws IOException {
        try (InputStream in = StatusListTest.class.getResourceAsStream("vectors.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(StatusListTest::vector)
                    .toList();
        }
    }

    private static Vector vector(String line) {
        String[] parts = line.split("; ", -1);
        Map<Integer, Integer> statuses = new HashMap<>();
        for (String each : parts[1].split(",", -1)) {
            String[] pair = each.split("=", -1);
            statuses.put(Integer.valueOf(pair[0]), Integer.valueOf(pair[1]));
        }
        return new Vector(Integer.parseInt(parts[0]), statuses, parts[2]);
    }

    @Test
    void there_is_a_vector_of_each_width() throws IOException {
        assertThat(vectors()).extracting(Vector::bits).containsExactly(1, 2, 4, 8);
        assertThat(vectors()).extracting(vector -> vector.statuses().size()).containsExactly(11, 11, 15, 255);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void each_vector_decodes_to_its_statuses_and_to_nothing_else(Vector vector) {
        StatusList list = StatusList.decode(vector.bits(), vector.lst(), ROOM);

        assertThat(list.size()).isEqualTo(SIZE);
        assertThat(list.bits()).isEqualTo(vector.bits());
        Map<Integer, Integer> found = new HashMap<>();
        for (int i = 0; i < SIZE; i++) {
            int status = list.get(i);
            if (status != 0) {
                found.put(i, status);
            }
        }
        assertThat(found).isEqualTo(vector.statuses());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void what_is_packed_here_reads_as_the_vector(Vector vector) {
        StatusList list =
                StatusList.of(vector.bits(), SIZE, index -> vector.statuses().getOrDefault(index, 0));
        StatusList read = StatusList.decode(vector.bits(), list.encode(), ROOM);

        for (int i = 0; i < SIZE; i++) {
            if (read.get(i) != vector.statuses().getOrDefault(i, 0)) {
                throw new AssertionError("index " + i);
            }
        }
        assertThat(list.encode().length()).isLessThanOrEqualTo(vector.lst().length() + 16);
    }

    /** The two short examples of section 4.1, by their bytes. */
    @ParameterizedTest
    @CsvSource({"1, eNrbuRgAAhcBXQ, 1001110111000101", "2, eNo76fITAAPfAgc, 120301011233"})
    void the_short_examples_decode(int bits, String lst, String statuses) {
        StatusList list = StatusList.decode(bits, lst, ROOM);

        StringBuilder found = new StringBuilder();
        for (long i = 0; i < list.size(); i++) {
            found.append(list.get(i));
        }
        assertThat(found).hasToString(statuses);
        assertThat(StatusList.of(bits, statuses.length(), index -> statuses.charAt(index) - '0')
                        .encode())
                .isEqualTo(lst);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void random_statuses_come_out_as_they_went_in(int bits) {
        Random random = new Random(bits);
        int[] statuses = random.ints(4_096, 0, 1 << bits).toArray();

        StatusList list = StatusList.decode(
                bits, StatusList.of(bits, 4_096, index -> statuses[index]).encode(), 4_096);

        for (int i = 0; i < statuses.length; i++) {
            assertThat(list.get(i)).isEqualTo(statuses[i]);
        }
        assertThatThrownBy(() -> list.get(4_096)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.get(Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 7, 9, 16, -1, Integer.MAX_VALUE})
    void another_width_is_refused(int bits) {
        assertThatThrownBy(() -> StatusList.decode(bits, "eNrbuRgAAhcBXQ", ROOM))
                .isInstanceOf(InvalidStatusListException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> StatusList.of(bits, 8, index -> 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "eNrbuRgAAhcBXQ==",
                "eNrbuRgAAhcBXR",
                "eNrbuRgAAhcBX",
                "eNrbuRgAAhcB",
                "eNrbuRgAAhcBXQAA",
                "eNrbuRgAAhcBXg",
                "2+4YAAIXAV0",
                "AAAA",
                "not base64!"
            })
    void what_is_no_zlib_stream_in_base64url_is_refused(String lst) {
        assertThatThrownBy(() -> StatusList.decode(1, lst, ROOM)).isInstanceOf(InvalidStatusListException.class);
    }

    /** 64 MiB of zeros deflate to 65 kB; no more than the limit and one buffer is ever made of it. */
    @Test
    void a_list_that_inflates_to_more_than_may_be_is_refused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        String lst = Base64.getUrlEncoder().withoutPadding().encodeToString(bomb.toByteArray());
        StatusList exact = StatusList.of(8, 1_000, index -> 7);

        assertThat(lst.length()).isLessThan(100_000);
        assertThatThrownBy(() -> StatusList.decode(1, lst, ROOM))
                .isInstanceOf(InvalidStatusListException.class)
                .hasMessageContaining("inflates to more");
        assertThat(StatusList.decode(8, exact.encode(), 1_000).size()).isEqualTo(1_000);
        assertThatThrownBy(() -> StatusList.decode(8, exact.encode(), 999))
                .isInstanceOf(InvalidStatusListException.class);
    }

    @Test
    void what_does_not_fit_is_not_packed() {
        assertThatIllegalArgumentException().isThrownBy(() -> StatusList.of(1, 8, index -> 2));
        assertThatIllegalArgumentException().isThrownBy(() -> StatusList.of(8, 8, index -> -1));
        assertThatIllegalArgumentException().isThrownBy(() -> StatusList.of(1, 9, index -> 0));
        assertThatIllegalArgumentException().isThrownBy(() -> StatusList.of(1, -8, index -> 0));
        assertThat(StatusList.of(2, 4, index -> 3)).hasToString("StatusList[bits=2, size=4]");
    }
}
