package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.atrest.SealedRecords;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.status.EntryPage.Entry;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.UndecodableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What stands in the store: read back as it was written, never too long, and refused if it is something else. */
class ListFormatTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final Realm REALM = Realm.of("a");

    private static final TokenFacts LONGEST = TokenFacts.in(REALM)
            .token(TokenId.ofJti("jti"))
            .session(new ForeignSessionId("sid"))
            .subject(new SubjectId(REALM, "alice"))
            .client(new ClientId(REALM, "web"))
            .signingKey("thumb")
            .issuedAt(NOW)
            .authenticatedAt(NOW)
            .build();

    private static EntryPage page(int entries) {
        return new EntryPage(Collections.nCopies(entries, new Entry(LONGEST, NOW)), false);
    }

    private static ListDirectory directory(int lists) {
        ListDirectory directory = ListDirectory.EMPTY;
        for (int i = 0; i < lists; i++) {
            ListState full = new ListState(
                    LookupKey.of("list", "" + i),
                    LookupKey.of("seed", "" + i),
                    NOW.plusSeconds(i),
                    ListState.MOST_BLOCKS,
                    IntStream.range(0, ListState.MOST_BLOCKS).boxed().collect(Collectors.toSet()));
            directory = directory.with(full);
        }
        return directory;
    }

    @Test
    void a_page_is_read_back_as_it_was_written() {
        for (EntryPage page : List.of(EntryPage.EMPTY, page(1), page(32), page(3).closed(), EntryPage.EMPTY.closed())) {
            EntryPage again = EntryPage.decode(page.encode());

            assertThat(again).usingRecursiveComparison().isEqualTo(page);
        }
        assertThat(page(32).encode()).hasSizeLessThan(4_300);
    }

    @Test
    void a_directory_is_read_back_as_it_was_written() {
        ListState some = new ListState(new LookupKey(1, 2), new LookupKey(3, 4), NOW, 400, Set.of(0, 7, 399));
        for (ListDirectory directory :
                List.of(ListDirectory.EMPTY, directory(3), ListDirectory.EMPTY.with(some), directory(512))) {
            assertThat(ListDirectory.decode(directory.encode())).isEqualTo(directory);
        }
        assertThat(directory(512).encode()).hasSizeLessThanOrEqualTo(SealedRecords.MAX_PLAIN);
    }

    @Test
    void one_list_more_than_fit_is_refused() {
        ListDirectory full = directory(ListDirectory.MOST_LISTS);

        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> full.with(ListState.fresh().withBlock()))
                .withMessageContaining("512 status lists");
        assertThat(full.without(NOW.plus(Duration.ofHours(2))).filling()).isNotNull();
    }

    @Test
    void what_is_damaged_or_of_a_later_version_is_refused() {
        for (byte[] bytes : List.of(page(2).encode(), directory(2).encode())) {
            List<byte[]> wrong = new ArrayList<>();
            for (int length = 0; length < bytes.length; length++) {
                wrong.add(Arrays.copyOf(bytes, length));
            }
            wrong.add(Arrays.copyOf(bytes, bytes.length + 1));
            byte[] later = bytes.clone();
            later[0] = 2;
            wrong.add(later);
            for (byte[] one : wrong) {
                // Lists are of one length, so that half of a directory is one.
                if (bytes.length == page(2).encode().length || (one.length - 1) % 106 != 0 || one.length == 0) {
                    assertThatExceptionOfType(UndecodableRecordException.class)
                            .isThrownBy(() -> decode(bytes.length == page(2).encode().length, one));
                }
            }
        }
        byte[] flags = page(1).encode();
        flags[1] = 2;
        assertThatExceptionOfType(UndecodableRecordException.class).isThrownBy(() -> EntryPage.decode(flags));
    }

    private static void decode(boolean isPage, byte[] bytes) {
        Object read = isPage ? EntryPage.decode(bytes) : ListDirectory.decode(bytes);
        assertThat(read).isNull();
    }

    @Test
    void names_of_lists_are_spelled_in_one_way() {
        LookupKey id = LookupKey.of("list", "1");
        String name = ListState.name(id);

        assertThat(ListState.idOf(name)).contains(id);
        assertThat(name).hasSize(22).doesNotContain("=");
        for (String other :
                List.of("", "x", name + "=", name + "==", name + "A", name.substring(1), "é", "../x", " " + name)) {
            assertThat(ListState.idOf(other)).as(other).isEmpty();
        }
        char last = name.charAt(21);
        String twin = name.substring(0, 21) + (char) (last == 'A' ? 'B' : last + 1);
        assertThat(ListState.idOf(twin)).as("other bits of padding").isEmpty();
    }
}
