package dev.curfew.revocation;

import static dev.curfew.session.Seeds.oneOf;
import static dev.curfew.session.Seeds.percent;

import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A small world of a few realms, subjects, clients, sessions and instants, so that what is drawn from it often meets.
 */
public final class Histories {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final int STEPS = 24;
    private static final int STEP_MILLIS = 250;
    private static final int PARTITIONS = 4;

    private final Random random;
    private final List<SubjectId> subjects = new ArrayList<>();
    private final List<SessionId> ours = new ArrayList<>();

    /** A world that the generator decides. */
    public Histories(Random random) {
        this.random = random;
        for (String realm : List.of("a", "b")) {
            for (String subject : List.of("alice", "bob")) {
                SubjectId id = new SubjectId(Realm.of(realm), subject);
                subjects.add(id);
                Stream.generate(() -> Seeds.mint(random, id, instant()))
                        .limit(3)
                        .forEach(ours::add);
            }
        }
    }

    /** One of a few, a quarter of a second apart, and now and then a millisecond beside. */
    Instant instant() {
        return START.plusMillis(
                (long) random.nextInt(STEPS) * STEP_MILLIS + (percent(random, 10) ? random.nextInt(3) - 1 : 0));
    }

    /** What a verified token or a stored session says, often with parts missing. */
    TokenFacts facts() {
        return percent(random, 20) ? storedSession() : token();
    }

    /** As many facts as asked for. */
    public List<TokenFacts> facts(int count) {
        return Stream.generate(this::facts).limit(count).toList();
    }

    /** Any target, any exempt session that its kind allows. */
    public Revocation revocation() {
        RevocationTarget target = target();
        Revocation.Builder builder = Revocation.of(target);
        if (target.kind().isCutOff() && percent(random, 40)) {
            builder.exempt(exempt());
        }
        return complete(builder);
    }

    /** As many revocations as asked for. */
    List<Revocation> revocations(int count) {
        return Stream.generate(this::revocation).limit(count).toList();
    }

    /** Another revocation that joins with this one. */
    Revocation sibling(Revocation revocation) {
        Revocation.Builder builder = Revocation.of(revocation.target());
        revocation.exempt().ifPresent(builder::exempt);
        return complete(builder);
    }

    /** Another revocation of the same target, which spares another session or none. */
    public Revocation cousin(Revocation revocation) {
        Revocation.Builder builder = Revocation.of(revocation.target());
        if (revocation.target().kind().isCutOff() && percent(random, 60)) {
            builder.exempt(exempt());
        }
        return complete(builder);
    }

    private Revocation complete(Revocation.Builder builder) {
        return builder.issuedBefore(instant())
                .because(
                        oneOf(random, RevocationReason.USER_LOGOUT, RevocationReason.POLICY),
                        oneOf(random, Actor.user(), Actor.admin("root"), Actor.admin("toor"), Actor.system()))
                .revokedAt(instant())
                .forgetAfter(percent(random, 10) ? Revocation.NEVER : instant())
                .build();
    }

    private RevocationTarget target() {
        SubjectId subject = oneOf(random, subjects);
        return switch (oneOf(random, RevocationTarget.Kind.values())) {
            case TOKEN ->
                RevocationTarget.token(
                        TokenFacts.in(subject.realm()).token(tokenId()).build());
            case SESSION -> RevocationTarget.session(SessionRef.of(subject.realm(), oneOf(random, ours)));
            case FOREIGN_SESSION ->
                RevocationTarget.session(new SessionRef(subject.realm(), foreign(), SessionRef.UNROUTED));
            case SUBJECT -> RevocationTarget.subject(subject);
            case CLIENT -> RevocationTarget.client(new ClientId(subject.realm(), clientName()));
            case REALM -> RevocationTarget.realm(subject.realm());
            case SIGNING_KEY -> RevocationTarget.signingKey(keyName());
            case BIRTH -> RevocationTarget.birth(random.nextInt(PARTITIONS), PARTITIONS);
        };
    }

    private ExemptSession exempt() {
        SubjectId subject = oneOf(random, subjects);
        SessionHandle handle = percent(random, 75) ? sessionOf(subject) : foreign();
        ExemptSession exempt = ExemptSession.of(SessionRef.of(subject, handle));
        return percent(random, 50)
                ? exempt
                : ExemptSession.stored(exempt.key(), exempt.began().orElse(null));
    }

    private TokenFacts token() {
        SubjectId subject = oneOf(random, subjects);
        TokenFacts.Builder token =
                TokenFacts.in(subject.realm()).skew(oneOf(random, Duration.ZERO, Duration.ofMillis(500)));
        if (percent(random, 85)) {
            token.subject(subject);
        }
        if (percent(random, 60)) {
            token.session(percent(random, 60) ? sessionOf(subject) : foreign());
        }
        if (percent(random, 50)) {
            token.client(new ClientId(subject.realm(), clientName()));
        }
        if (percent(random, 70)) {
            token.token(tokenId());
        }
        if (percent(random, 50)) {
            token.signingKey(keyName());
        }
        if (percent(random, 70)) {
            token.issuedAt(Instant.ofEpochSecond(instant().getEpochSecond()));
        }
        if (percent(random, 40)) {
            token.authenticatedAt(Instant.ofEpochSecond(instant().getEpochSecond()));
        }
        return token.build();
    }

    private TokenFacts storedSession() {
        SubjectId subject = oneOf(random, subjects);
        SessionHandle handle = percent(random, 60) ? sessionOf(subject) : foreign();
        SessionRef session = SessionRef.of(subject, handle);
        return TokenFacts.ofSession(
                subject.realm().key(),
                session.key(),
                subject.key(),
                percent(random, 50) ? new ClientId(subject.realm(), clientName()).key() : null,
                handle instanceof SessionId id ? id.authenticatedAt() : instant(),
                session.bucket());
    }

    private SessionId sessionOf(SubjectId subject) {
        return oneOf(
                random,
                ours.stream()
                        .filter(id -> id.bucket() == subject.key().bucket())
                        .toList());
    }

    private ForeignSessionId foreign() {
        return new ForeignSessionId(oneOf(random, "sid-1", "sid-2"));
    }

    private TokenId tokenId() {
        return percent(random, 80)
                ? TokenId.ofJti(oneOf(random, "jti-1", "jti-2"))
                : TokenId.ofSigningInput(oneOf(random, "e30.e30", "e30.e31"));
    }

    private String clientName() {
        return oneOf(random, "web", "mobile");
    }

    private String keyName() {
        return oneOf(random, "thumb-1", "thumb-2");
    }
}
