package dev.curfew.redis.verb;

import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.BucketIntegrity;
import dev.curfew.redis.script.Layout;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.PartitionTimes;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.UndecodableRevocationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The authoritative check, and the reading before a login. Thread-safe. */
public final class CheckVerbs {
    private static final byte[] BIRTH = {'b'};
    private static final byte[] LAYOUT = {'L'};
    private static final byte[] HORIZON = {'H'};

    /** How many fields of the partition stand in front of those of targets. */
    private static final int OF_PARTITION = 4;

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public CheckVerbs(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public List<Revocation> covering(TokenFacts facts, Instant now) {
        Question question = new Question(facts);
        List<List<byte[]>> answers = scripts.read("revocationsCovering", question.reads());
        return question.read(answers.get(0), answers.get(1), now).covering(facts, now);
    }

    public Instant newestCutOff(SubjectId subject, Instant now) {
        LookupKey key = subject.key();
        ScriptCall call = new ScriptCall(
                LuaScript.NEWEST_CUT_OFF,
                keys.partitionOf(key.bucket()),
                List.of(keys.revocations(key.bucket())),
                List.of(key.toBytes(), subject.realm().key().toBytes()));
        return Instant.ofEpochMilli(scripts.run("newestCutOff", call, now).number(0));
    }

    /**
     * What one partition knows about some facts.
     *
     * <p>Two plain reads in one go, the partition's first. Whatever the bucket loses or forgets behind that gives it
     * other bytes than the partition has named, or none, so that both are then asked again by a script, which sees both
     * at once.
     */
    private final class Question {
        private final int bucket;
        private final List<LookupKey> ofBucket;
        private final List<LookupKey> everywhere;

        Question(TokenFacts facts) {
            this.bucket = facts.bucket();
            this.ofBucket = present(facts.tokenKey(), facts.sessionKey(), facts.subjectKey());
            this.everywhere = present(
                    facts.tokenKey(), facts.sessionKey(), facts.signingKeyKey(), facts.clientKey(), facts.realmKey());
        }

        List<ReadCommand> reads() {
            return List.of(
                    ReadCommand.fields(keys.part(keys.partitionOf(bucket)), partFields()),
                    ReadCommand.fields(keys.revocations(bucket), bucketFields()));
        }

        private List<byte[]> partFields() {
            List<byte[]> fields = new ArrayList<>(List.of(BIRTH, LAYOUT, HORIZON, BucketIntegrity.markField(bucket)));
            everywhere.forEach(key -> fields.add(key.toBytes()));
            return fields;
        }

        private List<byte[]> bucketFields() {
            List<byte[]> fields = new ArrayList<>(List.of(BucketIntegrity.idField()));
            ofBucket.forEach(key -> fields.add(key.toBytes()));
            return fields;
        }

        CandidateEntries read(List<byte[]> part, List<byte[]> revocations, Instant now) {
            CandidateEntries candidates = new CandidateEntries();
            boolean isIntact = part.get(0).length > 0
                    && text(part.get(1)).equals(Layout.KNOWN)
                    && BucketIntegrity.isIntact(part.get(3), revocations.get(0), now);
            if (isIntact) {
                requireNotBefore(part.get(2), now);
                take(candidates, part, revocations);
            } else {
                askAgain(candidates, now);
            }
            return candidates;
        }

        private void askAgain(CandidateEntries candidates, Instant now) {
            List<byte[]> ofRevocations = bucketFields();
            List<byte[]> args = new ArrayList<>(List.of(ScriptCall.number(ofRevocations.size())));
            args.addAll(ofRevocations);
            args.addAll(partFields());
            List<byte[]> names = List.of(keys.revocations(bucket));
            List<byte[]> values = scripts.run(
                            "revocationsCovering",
                            new ScriptCall(LuaScript.CHECK, keys.partitionOf(bucket), names, args),
                            now)
                    .allBytes();
            take(
                    candidates,
                    values.subList(ofRevocations.size(), values.size()),
                    values.subList(0, ofRevocations.size()));
        }

        private void requireNotBefore(byte[] field, Instant now) {
            Instant horizon = PartitionTimes.horizon("revocationsCovering", keys.part(keys.partitionOf(bucket)), field);
            if (now.isBefore(horizon)) {
                throw new BeforeHorizonException("revocationsCovering", now, horizon);
            }
        }

        private void take(CandidateEntries candidates, List<byte[]> part, List<byte[]> revocations) {
            try {
                decode(candidates, part, revocations);
            } catch (UndecodableRevocationException e) {
                throw new UndecodableRevocationException(e.getMessage() + " (key "
                        + new String(keys.revocations(bucket), StandardCharsets.UTF_8) + " or "
                        + new String(keys.part(keys.partitionOf(bucket)), StandardCharsets.UTF_8) + ")");
            }
        }

        private void decode(CandidateEntries candidates, List<byte[]> part, List<byte[]> revocations) {
            candidates.birth(keys.partitions(), part.get(0));
            for (int i = 0; i < ofBucket.size(); i++) {
                candidates.field(ofBucket.get(i), revocations.get(i + 1));
            }
            for (int i = 0; i < everywhere.size(); i++) {
                candidates.field(everywhere.get(i), part.get(i + OF_PARTITION));
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static List<LookupKey> present(@Nullable LookupKey... keys) {
        List<LookupKey> present = new ArrayList<>(keys.length);
        for (LookupKey key : keys) {
            if (key != null) {
                present.add(key);
            }
        }
        return present;
    }
}
