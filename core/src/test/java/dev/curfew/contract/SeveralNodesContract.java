package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes on the same data, and a node that comes back: what was acknowledged stands. */
@Tag("SeveralNodes")
abstract class SeveralNodesContract extends StoreContract {
    SeveralNodesContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void what_one_node_revokes_the_other_finds_revoked_at_once() {
        needs(StoreCapability.SEVERAL_NODES);
        SessionStore second = secondNode();
        GivenSession session = loggedIn(alice);
        assertThat(second.find(session.ref(), now())).isPresent();

        Revocation entry = revoke(session.target()).entry();

        assertThat(second.revocationsCovering(session.token("t"), now())).containsExactly(entry);
        assertThat(second.find(session.ref(), now()).orElseThrow().endedBy()).contains(entry);
        assertThat(FeedReader.fromBeginning(second.feed()).revocations()).containsExactly(entry);
    }

    @Test
    void a_second_node_keeps_the_birth_of_the_first() {
        needs(StoreCapability.SEVERAL_NODES);
        SessionStore second = secondNode();

        assertThat(second.newestCutOff(alice, now()))
                .isEqualTo(Given.BIRTH.plus(Given.SETTINGS.nodeSkew()))
                .isEqualTo(store().newestCutOff(alice, now()));
    }

    @Test
    void an_act_is_repeated_on_another_node_without_effect() {
        needs(StoreCapability.SEVERAL_NODES);
        SessionStore second = secondNode();
        loggedIn(alice);
        RevocationRequest request = Given.act(RevocationTarget.subject(alice)).build();
        Revocation entry = revoke(request).entry();

        assertThat(second.revoke(request, Precondition.none(), now()))
                .isEqualTo(new RevokeResult.Recorded(entry, 1, false));
    }

    @Test
    void parallel_logins_on_two_nodes_stay_within_the_limit() {
        needs(StoreCapability.SEVERAL_NODES);
        List<SessionStore> nodes = List.of(store(), secondNode());
        try (Threads threads = new Threads()) {
            for (int round = 0; round < fixture().rounds(); round++) {
                SubjectId subject = Given.subject("subject-" + round);

                threads.atOnce(
                        8,
                        i -> nodes.get(i % 2)
                                .insert(session(subject).build().row(), SessionLimit.refuseBeyond(3), now()));

                assertThat(live(subject)).hasSize(3);
            }
        }
    }

    @Test
    void a_position_of_one_node_is_one_of_the_other() {
        needs(StoreCapability.SEVERAL_NODES);
        SessionStore second = secondNode();
        FeedReader reader = caughtUpReader();
        Revocation entry = revoke(RevocationTarget.subject(alice)).entry();

        assertThat(FeedReader.from(second.feed(), reader.position()).revocations())
                .containsExactly(entry);
    }

    @Test
    void after_a_restart_what_was_revoked_is_revoked_and_what_lived_lives() {
        needs(StoreCapability.SURVIVES_RESTART);
        GivenSession live = loggedIn(alice);
        GivenSession revoked = loggedIn(alice);
        Revocation entry = revoke(revoked.target()).entry();
        FeedReader reader = caughtUpReader();
        clock.advance(Duration.ofMinutes(5));

        SessionStore restarted = fixture().restarted();
        restarted.open(Given.SETTINGS, now());
        use(restarted);

        assertThat(covering(revoked.token("t"))).containsExactly(entry);
        assertThat(live(alice)).containsExactly(keys(live));
        assertThat(isCovered(live.token("t"))).isFalse();
        assertThat(FeedReader.from(store().feed(), reader.position()).readOn()).isEmpty();
        assertThat(FeedReader.fromBeginning(store().feed()).revocations()).containsExactly(entry);
    }

    private SessionStore secondNode() {
        SessionStore second = fixture().secondNode();
        second.open(Given.SETTINGS, now());
        return second;
    }
}
