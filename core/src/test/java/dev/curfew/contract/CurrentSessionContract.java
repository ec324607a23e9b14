package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionList;
import dev.curfew.SessionService;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The current session is on the first page of the list, and on no later one. */
@Tag("CurrentSessions")
abstract class CurrentSessionContract extends StoreContract {
    private static final SessionLifetimes LIFETIMES = new SessionLifetimes(Duration.ofHours(24), Duration.ofHours(1));

    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final SubjectId person = tokens.subject("alice");
    private SessionService service;

    CurrentSessionContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void build() {
        service = SessionService.builder()
                .store(store())
                .encryption(TestKeys.ring("test"))
                .lifetimes(LIFETIMES)
                .tokenPolicies(tokens.policy())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .build();
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Session login() {
        clock.advance(Duration.ofSeconds(1));
        return service.beginLogin(person).complete(DeviceInfo.unknown()).orElseThrow();
    }

    private List<SessionList> pages(VerifiedToken caller, int limit) {
        List<SessionList> pages = new ArrayList<>();
        Optional<ListQuery> query = Optional.of(ListQuery.live(limit));
        while (query.isPresent()) {
            SessionList page = service.listSessions(caller, query.get());
            pages.add(page);
            query = page.next().map(cursor -> ListQuery.live(limit).after(cursor));
        }
        return pages;
    }

    private static List<Boolean> flags(SessionList page) {
        return page.entries().stream().map(SessionList.Entry::isCurrent).toList();
    }

    @Test
    void one_that_began_long_before_the_others_is_on_the_first_page_and_on_no_other() {
        VerifiedToken caller = tokens.of(login());
        for (int i = 0; i < 11; i++) {
            login();
        }

        List<SessionList> pages = pages(caller, 4);

        assertThat(flags(pages.get(0))).containsExactly(true, false, false, false, false);
        assertThat(pages.subList(1, pages.size()))
                .allSatisfy(page -> assertThat(flags(page)).doesNotContain(true).hasSizeLessThanOrEqualTo(4));
        assertThat(pages.stream()
                        .flatMap(page -> page.entries().stream())
                        .map(entry -> entry.session().handle()))
                .hasSize(12)
                .doesNotHaveDuplicates();
    }

    @Test
    void one_that_was_idle_for_too_long_is_there_until_its_absolute_end() {
        VerifiedToken caller = tokens.of(login());
        clock.advance(LIFETIMES.idle());
        Session live = login();

        SessionList list = service.listSessions(caller);

        assertThat(flags(list)).containsExactly(true, false);
        assertThat(list.entries().get(1).session().handle()).isEqualTo(live.handle());
        assertThat(service.listSessions(person, ListQuery.live(10)).entries()).hasSize(1);

        clock.advance(LIFETIMES.absolute());
        assertThat(service.listSessions(caller).entries()).isEmpty();
    }

    @Test
    void one_that_is_revoked_is_not() {
        Session session = login();
        VerifiedToken caller = tokens.of(session);
        service.logout(caller);

        assertThat(service.listSessions(caller).entries()).isEmpty();
    }
}
