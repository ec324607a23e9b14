package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records entries verbatim, wherever facts that they may cover are looked up. Thread-safe. */
final class Recorder {
    private static final int CHUNK = 200;

    private final Partitions partitions;
    private final RedisKeys keys;

    Recorder(Partitions partitions) {
        this.partitions = partitions;
        this.keys = partitions.keys();
    }

    void record(Collection<Revocation> entries, Instant now) {
        Map<Place, List<Revocation>> byPlace = new LinkedHashMap<>();
        for (Revocation entry : entries) {
            for (Place place : placesOf(entry.target())) {
                byPlace.computeIfAbsent(place, same -> new ArrayList<>()).add(entry);
            }
        }
        write(byPlace, now);
    }

    /**
     * The other places of foreign sessions, once the first has them: where tokens of another subject, or of none, are
     * looked up.
     */
    void copyForeign(List<Revocation> entries, Instant now) {
        Map<Place, List<Revocation>> byPlace = new LinkedHashMap<>();
        for (Revocation entry : entries) {
            if (isForeign(entry.target())) {
                everywhere()
                        .forEach(place -> byPlace.computeIfAbsent(place, same -> new ArrayList<>())
                                .add(entry));
            }
        }
        write(byPlace, now);
    }

    static boolean isForeign(RevocationTarget target) {
        return target.kind() == RevocationTarget.Kind.FOREIGN_SESSION && target.bucket() != RevocationTarget.EVERYWHERE;
    }

    private record Place(int partition, int bucket) {}

    private Place place(int bucket) {
        return new Place(keys.partitionOf(bucket), bucket);
    }

    private List<Place> placesOf(RevocationTarget target) {
        List<Place> places = new ArrayList<>();
        if (target.bucket() != RevocationTarget.EVERYWHERE) {
            places.add(place(target.bucket()));
        }
        if (target.bucket() == RevocationTarget.EVERYWHERE || isForeign(target)) {
            places.addAll(everywhere());
        }
        return places;
    }

    private List<Place> everywhere() {
        List<Place> places = new ArrayList<>();
        for (int partition = 0; partition < keys.partitions(); partition++) {
            places.add(new Place(partition, RevocationTarget.EVERYWHERE));
        }
        return places;
    }

    private void write(Map<Place, List<Revocation>> byPlace, Instant now) {
        List<Step> steps = new ArrayList<>();
        byPlace.forEach((place, entries) -> {
            for (int from = 0; from < entries.size(); from += CHUNK) {
                steps.add(step(place, entries.subList(from, Math.min(entries.size(), from + CHUNK))));
            }
        });
        if (!steps.isEmpty()) {
            partitions.writeAll("record", steps, now);
        }
    }

    private Step step(Place place, List<Revocation> entries) {
        boolean isEverywhere = place.bucket() == RevocationTarget.EVERYWHERE;
        List<byte[]> args = new ArrayList<>();
        args.add((isEverywhere ? "w" : Integer.toString(place.bucket())).getBytes(StandardCharsets.US_ASCII));
        for (Revocation entry : entries) {
            args.add(entry.target().key().toBytes());
            args.add(RevocationCodec.encode(entry));
        }
        byte[] due = keys.due(place.partition());
        return new Step(
                LuaScript.RECORD,
                place.partition(),
                isEverywhere
                        ? List.of(due)
                        : List.of(
                                due,
                                keys.revocations(place.bucket()),
                                keys.sessions(place.bucket()),
                                keys.index(place.bucket()),
                                keys.ended(place.bucket())),
                args);
    }
}
