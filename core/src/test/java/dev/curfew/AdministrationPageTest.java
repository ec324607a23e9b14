package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.house.PageExamples;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SubjectId;
import dev.curfew.token.VerifiedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page about people and administrators shows the very examples that are compiled and run here. */
@Timeout(60)
class AdministrationPageTest {
    private static final Pattern METHOD = Pattern.compile("(?s)    static [^\\n]+ \\w+\\(.*?\\n    }\\n");

    private final TestHost host = TestHost.start();

    @Test
    void the_page_shows_each_example_as_it_is_compiled() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/curfew/AdministrationExamples.java"));

        List<String> compiled = METHOD.matcher(source)
                .results()
                .map(MatchResult::group)
                .map(method -> method.replaceAll("(?m)^    ", ""))
                .toList();

        assertThat(compiled).hasSize(7);
        assertThat(PageExamples.of(Path.of("../docs/administration.md")).blocks())
                .isEqualTo(compiled);
    }

    @Test
    void a_session_is_renamed_or_not() {
        VerifiedToken caller = host.loginToken(host.alice);
        String own = caller.session().orElseThrow().handle().value();
        String foreign = host.login(host.bob).handle().value();

        assertThat(AdministrationExamples.rename(host.service, caller, own, "Work laptop"))
                .isEqualTo(200);
        assertThat(AdministrationExamples.rename(host.service, caller, foreign, "Mine"))
                .isEqualTo(404);
        host.service.logout(caller);
        assertThat(AdministrationExamples.rename(host.service, caller, own, "Mine"))
                .isEqualTo(401);
    }

    @Test
    void everything_is_exported_and_then_erased() {
        for (int i = 0; i < 1_001; i++) {
            host.login(host.alice);
        }
        List<String> kept = new ArrayList<>();

        assertThat(AdministrationExamples.export(host.service, host.alice)).hasSize(1_001);
        AdministrationExamples.erase(host.service, host.alice, kept::add);

        assertThat(kept).hasSize(2);
        assertThat(AdministrationExamples.export(host.service, host.alice)).isEmpty();
    }

    @Test
    void the_live_sessions_of_a_client_are_counted() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        host.service.beginLogin(host.alice).client(web).complete(DeviceInfo.unknown());
        host.service.beginLogin(host.bob).client(web).complete(DeviceInfo.unknown());
        host.service.revokeAllSessions(host.bob, TestHost.BY_ADMIN);

        assertThat(AdministrationExamples.countLive(host.service, web)).isEqualTo(1);
    }

    @Test
    void a_bulk_is_begun_stopped_and_resumed() {
        List<SubjectId> people = List.of(host.alice, host.bob);
        people.forEach(host::login);
        String plan = AdministrationExamples.beginBulk(host.service);

        long position = AdministrationExamples.runBulk(host.service, plan, people, 0, (done, failed) -> false);
        assertThat(AdministrationExamples.runBulk(host.service, plan, people, position, (done, failed) -> true))
                .isEqualTo(2);

        assertThat(people).allSatisfy(one -> assertThat(host.handlesOf(one)).isEmpty());
    }

    @Test
    void the_gauge_is_filled_now_and_then() throws InterruptedException {
        CountDownLatch counted = new CountDownLatch(1);
        host.store.after(verb -> {
            if (verb.equals("countLive")) {
                counted.countDown();
            }
        });
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> counting = AdministrationExamples.count(host.service, timer);

            assertThat(counted.await(50, TimeUnit.SECONDS)).isTrue();
            assertThat(counting.isDone()).isFalse();
        } finally {
            timer.shutdownNow();
        }
    }
}
