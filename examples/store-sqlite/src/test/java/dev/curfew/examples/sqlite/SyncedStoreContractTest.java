package dev.curfew.examples.sqlite;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The topics of the contract for which it matters that each commit waits for the disk, as it does for hosts: those in
 * which somebody waits for somebody else's commit, reads what another one has committed, or begins again on a file.
 * {@link FileStoreContractTest} has all topics, in less time.
 */
@Tag("slow")
@ExtendWith(SyncedStoreContractTest.WhereItMatters.class)
class SyncedStoreContractTest extends SessionStoreContract {
    private static final Set<String> TOPICS = Set.of(
            "Opening",
            "LosingAnswers",
            "Feeding",
            "Replicas",
            "SeveralNodes",
            "RacingLogins",
            "RacingRotations",
            "RacingRevocations",
            "RacingErasures");

    @Override
    protected StoreFixture newFixture() {
        return new FileFixture("FULL", 15, 1_000);
    }

    /** By the tags of the topics. */
    static final class WhereItMatters implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean isTopic = context.getRequiredTestClass().isAnnotationPresent(Nested.class);
            return isTopic && Collections.disjoint(context.getTags(), TOPICS)
                    ? ConditionEvaluationResult.disabled("a commit that waits for the disk makes no difference to it")
                    : ConditionEvaluationResult.enabled("each commit waits for the disk");
        }
    }
}
