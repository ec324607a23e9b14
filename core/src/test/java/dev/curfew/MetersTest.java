package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.meter.Meter;
import dev.curfew.session.Session;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service counts and measures. */
class MetersTest {
    private static final Pattern NAME = Pattern.compile("curfew(\\.[a-z]+)+");
    private static final Pattern TAG = Pattern.compile("[a-z_]+");

    private final TestHost host = TestHost.start(service -> service.replica(replica -> replica));

    @AfterEach
    void close() {
        host.store.recover();
        host.service.close();
    }

    private double valueOf(String name, Map<String, String> tags) {
        List<Meter> found = host.service.meters().stream()
                .filter(meter ->
                        meter.name().equals(name) && meter.tags().entrySet().containsAll(tags.entrySet()))
                .toList();
        assertThat(found).as(name + tags).isNotEmpty();
        return found.stream().mapToDouble(MetersTest::read).sum();
    }

    private static double read(Meter meter) {
        if (meter instanceof Meter.Counter counter) {
            return counter.count().getAsLong();
        }
        if (meter instanceof Meter.Timer timer) {
            return timer.count().getAsLong();
        }
        return ((Meter.Gauge) meter).value().getAsDouble();
    }

    @Test
    void checks_are_counted_by_outcome_and_source() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.checker().check(token);
        host.service.checker().check(token);
        host.service.logout(token);
        host.service.checker().check(token);

        assertThat(valueOf("curfew.checks", Map.of("outcome", "active", "source", "index")))
                .isEqualTo(2);
        assertThat(valueOf("curfew.checks", Map.of("outcome", "revoked", "source", "index")))
                .isEqualTo(1);
        assertThat(valueOf("curfew.checks", Map.of())).isEqualTo(3);
        assertThat(valueOf("curfew.tokens.revoked.used", Map.of("reason", "user_logout")))
                .isEqualTo(1);
    }

    @Test
    void revocations_are_counted_by_reason_and_target_and_sessions_by_reason() {
        VerifiedToken current = host.loginToken(host.alice);
        Session device = host.login(host.alice);
        host.login(host.alice);
        host.service.revokeSession(current, device.handle().value());
        host.service.revokeOtherSessions(current);
        host.service.revokeSession(current, host.login(host.bob).handle().value());

        assertThat(valueOf("curfew.revocations", Map.of("reason", "revoked_by_user", "target", "session")))
                .isEqualTo(1);
        assertThat(valueOf("curfew.revocations", Map.of("reason", "revoked_by_user", "target", "subject")))
                .isEqualTo(1);
        assertThat(valueOf("curfew.revocations", Map.of())).isEqualTo(2);
        assertThat(valueOf("curfew.sessions.ended", Map.of("reason", "revoked_by_user")))
                .isEqualTo(2);
        assertThat(valueOf("curfew.sessions.begun", Map.of())).isEqualTo(4);
        assertThat(valueOf("curfew.revocations.denied", Map.of("reason", "not_owned")))
                .isEqualTo(1);
    }

    @Test
    void calls_of_the_store_are_timed_and_its_failures_are_counted() {
        VerifiedToken token = host.loginToken(host.alice);
        host.store.goDown();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> host.service.logout(token));

        assertThat(valueOf("curfew.store.calls", Map.of("call", "insert"))).isEqualTo(1);
        // What is owed to the store is tried again, as soon as the node gets to it.
        assertThat(valueOf("curfew.store.errors", Map.of("call", "revoke", "kind", "unavailable")))
                .isPositive();
        assertThat(valueOf("curfew.store.calls", Map.of("call", "revoke"))).isPositive();
        assertThat(valueOf("curfew.store.errors", Map.of("kind", "unexpected"))).isZero();
        assertThat(valueOf("curfew.revocations.failed", Map.of())).isEqualTo(1);
        assertThat(valueOf("curfew.index.unrecorded", Map.of())).isEqualTo(1);
    }

    @Test
    void the_index_tells_its_age_and_its_entries() {
        host.service.logout(host.loginToken(host.alice));
        host.service.replica().orElseThrow().catchUp(Duration.ofSeconds(20));

        assertThat(valueOf("curfew.index.fresh", Map.of())).isEqualTo(1);
        assertThat(valueOf("curfew.index.entries", Map.of())).isPositive();
        assertThat(valueOf("curfew.index.age", Map.of())).isBetween(0.0, 5.0);
        assertThat(valueOf("curfew.feed.reads", Map.of("result", "success"))).isPositive();
    }

    @Test
    void what_was_purged_is_counted() {
        host.service.logout(host.loginToken(host.alice));
        host.clock.advance(TestHost.LIFETIMES.absolute().multipliedBy(30));
        int sessions = host.service.purge(100).sessions();

        assertThat(sessions).isPositive();
        assertThat(valueOf("curfew.purged", Map.of("kind", "sessions"))).isEqualTo(sessions);
    }

    @Test
    void each_name_stands_in_the_document() throws IOException {
        String document = Files.readString(Path.of("../docs/metrics.md"));
        List<Meter> all = new ArrayList<>(host.service.meters());
        all.addAll(TokenVerifier.of(host.tokens.policy()).meters());

        assertThat(all)
                .isNotEmpty()
                .extracting(meter -> "`" + meter.name() + "`")
                .allMatch(document::contains);
    }

    @Test
    void names_and_tags_are_fixed_words_and_each_meter_is_there_once() {
        host.service.logout(host.loginToken(host.alice));
        Set<String> seen = new HashSet<>();
        Set<Map.Entry<String, Set<String>>> keys = new HashSet<>();
        for (Meter meter : host.service.meters()) {
            assertThat(meter.name()).matches(NAME);
            assertThat(meter.description()).isNotBlank();
            assertThat(meter.tags().keySet()).allMatch(tag -> TAG.matcher(tag).matches());
            assertThat(meter.tags().values()).allMatch(tag -> TAG.matcher(tag).matches());
            assertThat(seen.add(meter.name() + meter.tags()))
                    .as(meter.toString())
                    .isTrue();
            keys.add(Map.entry(meter.name(), meter.tags().keySet()));
        }

        // A collector such as Prometheus demands that meters of one name have the same keys.
        assertThat(keys).extracting(Map.Entry::getKey).doesNotHaveDuplicates();
        assertThat(seen).hasSizeLessThan(300);
    }
}
