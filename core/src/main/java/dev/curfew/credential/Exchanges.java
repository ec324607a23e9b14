package dev.curfew.credential;

import dev.curfew.atrest.LastExchange;
import dev.curfew.atrest.StoredCredentials;
import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.AttemptKey;
import dev.curfew.refresh.RetryRule;
import dev.curfew.refresh.RetryRule.Holder;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the secret of a session for its successor, so that a client that lost the answer can be answered again.
 * Thread-safe.
 */
public final class Exchanges {
    private final SessionStore store;
    private final CredentialReader reader;
    private final StoredCredentials credentials;
    private final Duration nodeSkew;
    private final Successors successors = new Successors(new SecureRandom());

    public Exchanges(SessionStore store, CredentialReader reader, StoredCredentials credentials, Duration nodeSkew) {
        this.store = store;
        this.reader = reader;
        this.credentials = credentials;
        this.nodeSkew = nodeSkew;
    }

    /**
     * A wish to exchange a token.
     *
     * @param realm of the session
     * @param token as it was presented
     * @param isRenewal whether the session changes with it, so that it is not answered like a refresh
     * @param attempt by which the wish can be repeated, or null
     * @param rule who gets the successor again
     * @param also what the same step writes beside the secret
     */
    record Wish(
            Realm realm,
            SecretToken token,
            boolean isRenewal,
            @Nullable AttemptKey attempt,
            RetryRule rule,
            UnaryOperator<Rotation> also) {}

    /**
     * Exchanges it, if it is the current one. One round trip, or none if it is known not to be.
     *
     * @param held what was read of its session
     */
    Exchange exchange(Wish wish, HeldCredential held, Instant now) {
        return held.standing(wish.token()) == Standing.CURRENT ? rotate(wish, held, now) : superseded(wish, held, now);
    }

    private Exchange rotate(Wish wish, HeldCredential held, Instant now) {
        if (isRepeatedKey(wish, held)) {
            return new Exchange.Refused(CredentialRefusal.ATTEMPT_REPEATED);
        }
        LastExchange exchange = LastExchange.of(held.secret(), now, wish.rule());
        SecretToken next;
        if (wish.rule().keepsSuccessor()) {
            byte[] salt = successors.salt();
            exchange = exchange.withSalt(salt);
            next = Successors.derive(wish.token(), wish.isRenewal(), salt, keyOf(wish, wish.rule()));
        } else {
            next = successors.draw(wish.token());
        }
        if (wish.attempt() != null) {
            exchange = exchange.withAttemptTag(Successors.tag(wish.token(), wish.attempt()));
        }
        if (wish.isRenewal()) {
            exchange = exchange.asRenewal();
        }
        byte[] credential =
                credentials.write(held.row().key(), next.hash(), held.state().after(exchange));
        Rotation rotation = wish.also().apply(Rotation.ofSecret(held.secret(), next.hash(), credential));
        RotateResult result =
                store.rotate(SessionRef.of(wish.realm(), wish.token().session()), rotation, now);
        if (result instanceof RotateResult.Rotated) {
            return new Exchange.Exchanged(next, false);
        }
        if (result instanceof RotateResult.Mismatch mismatch) {
            return overtaken(wish, new FoundSession(mismatch.standing(), List.of()), now);
        }
        return new Exchange.Over(((RotateResult.NotLive) result).found());
    }

    /**
     * Another call was quicker, since the row was read.
     *
     * @throws dev.curfew.session.CurfewException if it was that of a node whose key is missing here
     */
    private Exchange overtaken(Wish wish, FoundSession standing, Instant now) {
        HeldCredential held = reader.require(standing, wish.token());
        return held.standing(wish.token()) == Standing.CURRENT ? new Exchange.Overtaken() : superseded(wish, held, now);
    }

    private Exchange superseded(Wish wish, HeldCredential held, Instant now) {
        Standing standing = held.standing(wish.token());
        if (standing == Standing.STRANGE) {
            return new Exchange.Refused(CredentialRefusal.INVALID);
        }
        LastExchange last = held.state().last();
        if (standing == Standing.OLDER || last == null) {
            return new Exchange.Superseded(held, false, 2);
        }
        SecretToken successor = again(wish, held, last, now);
        return successor == null
                ? new Exchange.Superseded(held, isWithin(last.rule().tolerance(), last, now), 1)
                : confirmed(wish, held, successor, now);
    }

    /**
     * Sends the exchange once more as it was: the store answers only if it stands as firmly as the first one was to
     * stand, on its replicas, say, and if the session lives.
     */
    private Exchange confirmed(Wish wish, HeldCredential held, SecretToken successor, Instant now) {
        Rotation same = Rotation.ofSecret(
                wish.token().hash(), successor.hash(), held.row().credential());
        RotateResult result =
                store.rotate(SessionRef.of(wish.realm(), wish.token().session()), same, now);
        if (result instanceof RotateResult.Rotated) {
            return new Exchange.Exchanged(successor, true);
        }
        return result instanceof RotateResult.NotLive over
                ? new Exchange.Over(over.found())
                : new Exchange.Superseded(held, false, 2);
    }

    /** The successor, made once more for whom the rule of its exchange allows it, or null. */
    private @Nullable SecretToken again(Wish wish, HeldCredential held, LastExchange last, Instant now) {
        RetryRule rule = last.rule();
        // Whoever sends keys has not made an exchange without one: that was another one, who must not ride along.
        boolean mayRepeat = (rule.holder() == Holder.SAME_ATTEMPT) == (wish.attempt() != null);
        if (!rule.keepsSuccessor()
                || last.salt().length == 0
                || last.isRenewal() != wish.isRenewal()
                || !mayRepeat
                || !isWithin(rule.window(), last, now)) {
            return null;
        }
        SecretToken successor = Successors.derive(wish.token(), wish.isRenewal(), last.salt(), keyOf(wish, rule));
        return successor.hash().equals(held.secret()) ? successor : null;
    }

    /**
     * By the clocks of two nodes, which may differ. A clock that was set back must not open a window again: an exchange
     * in the future is long ago.
     */
    private boolean isWithin(Duration window, LastExchange last, Instant now) {
        Duration age = Duration.between(last.at(), now);
        return !window.isZero() && age.compareTo(nodeSkew.negated()) >= 0 && age.compareTo(window.plus(nodeSkew)) <= 0;
    }

    /** The key of the exchange that made the current secret, which its client must have received an answer to. */
    private static boolean isRepeatedKey(Wish wish, HeldCredential held) {
        LastExchange last = held.state().last();
        return wish.attempt() != null && last != null && last.isOfAttempt(Successors.tag(wish.token(), wish.attempt()));
    }

    private static @Nullable AttemptKey keyOf(Wish wish, RetryRule rule) {
        return rule.holder() == Holder.SAME_ATTEMPT ? wish.attempt() : null;
    }
}
