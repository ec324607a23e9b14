package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The authoritative check, and the reading before a login. Thread-safe. */
final class Checks {
    private static final byte[] BIRTH = "b".getBytes(StandardCharsets.US_ASCII);

    private final Partitions partitions;
    private final RedisKeys keys;

    Checks(Partitions partitions) {
        this.partitions = partitions;
        this.keys = partitions.keys();
    }

    /**
     * Facts of a foreign session without a subject may belong to another bucket than the session's revocation, which also lies in
     * the bucket of the session's own key. Both are asked at once.
     */
    List<Revocation> covering(TokenFacts facts, Instant now) {
        LookupKey session = facts.sessionKey();
        List<Look> looks = session == null || facts.subjectKey() != null || session.bucket() == facts.bucket()
                ? List.of(new Look(facts, facts.bucket()))
                : List.of(new Look(facts, facts.bucket()), new Look(facts, session.bucket()));
        List<Read> reads = new ArrayList<>(2 * looks.size());
        looks.forEach(look -> look.reads(reads));
        List<List<byte[]>> answers = partitions.read("revocationsCovering", reads);
        Candidates candidates = new Candidates();
        for (int i = 0; i < looks.size(); i++) {
            looks.get(i).read(candidates, answers.get(2 * i), answers.get(2 * i + 1), now);
        }
        return candidates.covering(facts, now);
    }

    Instant newestCutOff(SubjectId subject, Instant now) {
        LookupKey key = subject.key();
        Step step = new Step(
                LuaScript.CUTOFF,
                keys.partitionOf(key.bucket()),
                List.of(keys.revocations(key.bucket())),
                List.of(key.toBytes(), subject.realm().key().toBytes()));
        return Instant.ofEpochMilli(Reply.number(partitions.run("newestCutOff", step, now), 0));
    }

    /**
     * One question: what one partition knows about some facts.
     *
     * <p>Two plain reads in one go, the bucket's first: if data is lost between them, the second finds no birth marker or a new one.
     */
    private final class Look {
        private final int bucket;
        private final List<LookupKey> ofBucket;
        private final List<LookupKey> everywhere;

        Look(TokenFacts facts, int bucket) {
            this.bucket = bucket;
            this.ofBucket = present(facts.tokenKey(), facts.sessionKey(), facts.subjectKey());
            this.everywhere = present(facts.sessionKey(), facts.signingKeyKey(), facts.clientKey(), facts.realmKey());
        }

        void reads(List<Read> reads) {
            byte[] revocations = keys.revocations(bucket);
            byte[] part = keys.part(keys.partitionOf(bucket));
            List<byte[]> first = new ArrayList<>();
            ofBucket.forEach(key -> first.add(key.toBytes()));
            if (first.isEmpty()) {
                first.add(BIRTH);
            }
            List<byte[]> second = new ArrayList<>(List.of(BIRTH));
            everywhere.forEach(key -> second.add(key.toBytes()));
            reads.add(Read.fields(revocations, first));
            reads.add(Read.fields(part, second));
        }

        void read(Candidates candidates, List<byte[]> first, List<byte[]> second, Instant now) {
            byte[] birth = second.get(0);
            candidates.birth(keys.partitions(), birth.length > 0 ? birth : born(now));
            for (int i = 0; i < ofBucket.size(); i++) {
                candidates.field(ofBucket.get(i), first.get(i));
            }
            for (int i = 0; i < everywhere.size(); i++) {
                candidates.field(everywhere.get(i), second.get(i + 1));
            }
        }

        /** A partition without a birth marker has lost its data: it gets one now, in a second round trip. */
        private byte[] born(Instant now) {
            return Reply.bytes(
                    partitions.run(
                            "revocationsCovering",
                            new Step(LuaScript.BORN, keys.partitionOf(bucket), List.of(), List.of()),
                            now),
                    0);
        }
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
