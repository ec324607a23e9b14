package dev.curfew.contract;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;

/**
 * The contract of {@link dev.curfew.store.SessionStore} and its feed, topic by topic.
 *
 * <p>A store's test is a class of a few lines that extends this one and makes its {@link StoreFixture}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public abstract class SessionStoreContract {
    /** For a store's test. */
    protected SessionStoreContract() {}

    /** {@return a new fixture for one test, which the contract closes} */
    protected abstract StoreFixture newFixture();

    @Nested
    class Opening extends OpeningContract {
        Opening() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Inserting extends InsertContract {
        Inserting() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Limiting extends SessionLimitContract {
        Limiting() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Listing extends ListContract {
        Listing() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class TimingOut extends TimeoutContract {
        TimingOut() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Rotating extends RotateContract {
        Rotating() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RotatingPayloads extends RotatedPayloadContract {
        RotatingPayloads() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Credentials extends CredentialContract {
        Credentials() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Replacing extends ReplaceContract {
        Replacing() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Revoking extends RevokeContract {
        Revoking() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Repeating extends RepeatContract {
        Repeating() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Unanswered extends UnansweredActContract {
        Unanswered() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class LosingAnswers extends LostAnswerContract {
        LosingAnswers() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Everywhere extends EverywhereContract {
        Everywhere() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Owning extends PreconditionContract {
        Owning() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class CuttingOff extends CutOffContract {
        CuttingOff() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Exempting extends ExemptionContract {
        Exempting() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Recording extends RecordContract {
        Recording() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class OrderingLogins extends LoginOrderContract {
        OrderingLogins() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class ForeignSessions extends ForeignSessionContract {
        ForeignSessions() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class MessagesOfProviders extends ProviderMessageContract {
        MessagesOfProviders() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class LinkingSessions extends LinkedSessionsContract {
        LinkingSessions() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Realms extends RealmContract {
        Realms() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class HostileIdentifiers extends HostileIdentifiersContract {
        HostileIdentifiers() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Feeding extends RevocationFeedContract {
        Feeding() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Purging extends PurgeContract {
        Purging() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Horizons extends HorizonContract {
        Horizons() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class SteppingClocks extends ClockStepContract {
        SteppingClocks() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class DamagedRows extends DamagedRowContract {
        DamagedRows() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RewritingPayloads extends PayloadRewritingContract {
        RewritingPayloads() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class ErasingSubjects extends SubjectErasureContract {
        ErasingSubjects() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RacingErasures extends ErasureRaceContract {
        RacingErasures() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class WalkingScopes extends SessionsOfScopeContract {
        WalkingScopes() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class CountingLive extends LiveCountContract {
        CountingLive() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class SharingRecords extends SharedRecordsContract {
        SharingRecords() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class ForgettingRecords extends ForgottenRecordsContract {
        ForgettingRecords() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RacingRecords extends SharedRecordsRaceContract {
        RacingRecords() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Leasing extends LeaseContract {
        Leasing() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class ReceivingSignals extends SecurityEventContract {
        ReceivingSignals() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class PublishingStatuses extends StatusListContract {
        PublishingStatuses() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class UsingAssertions extends UsedAssertionContract {
        UsingAssertions() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Delivering extends DeliveriesContract {
        Delivering() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RacingLogins extends LoginRaceContract {
        RacingLogins() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RacingRotations extends RotationRaceContract {
        RacingRotations() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class RacingRevocations extends RevocationRaceContract {
        RacingRevocations() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class ManySessions extends ManySessionsContract {
        ManySessions() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Bounds extends BoundedStoreContract {
        Bounds() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class SeveralNodes extends SeveralNodesContract {
        SeveralNodes() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Replicas extends ReplicaContract {
        Replicas() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Refreshing extends RefreshContract {
        Refreshing() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class CurrentSessions extends CurrentSessionContract {
        CurrentSessions() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class Auditing extends AuditContract {
        Auditing() {
            super(SessionStoreContract.this::newFixture);
        }
    }

    @Nested
    class FairShares extends FairShareContract {
        FairShares() {
            super(SessionStoreContract.this::newFixture);
        }
    }
}
