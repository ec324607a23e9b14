package dev.curfew.token;

import static dev.curfew.token.TokenKeysTest.rsa;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.KeyLoadException;
import dev.curfew.jose.LimitedBody;
import dev.curfew.meter.Meter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much of an issuer's answer is read, and for how long: the issuer's server may be somebody else's by now. */
@Timeout(120)
class AnswersOfIssuersTest {
    private static final String KEY = rsa(TestIssuer.RSA.getPublic(), "k1");

    private final IOException tooLarge = new IOException("too large");

    @Test
    void an_answer_in_pieces_counts_as_a_whole() throws Exception {
        LimitedBody body = new LimitedBody(6, () -> tooLarge);
        Link link = new Link();
        body.onSubscribe(link);

        body.onNext(List.of(bytes("ab"), bytes("cd")));
        body.onNext(List.of(bytes("ef")));
        body.onComplete();

        assertThat(body.getBody().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .isEqualTo("abcdef".getBytes(StandardCharsets.US_ASCII));
        assertThat(link.isRequested).isTrue();
        assertThat(link.isCancelled).isFalse();
    }

    @Test
    void an_answer_that_grows_beyond_the_limit_is_hung_up_on_and_not_kept() {
        LimitedBody body = new LimitedBody(6, () -> tooLarge);
        Link link = new Link();
        body.onSubscribe(link);

        body.onNext(List.of(bytes("abcde")));
        assertThat(link.isCancelled).isFalse();
        body.onNext(List.of(bytes("fg")));

        assertThat(link.isCancelled).isTrue();
        body.onComplete();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> body.getBody().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .havingCause()
                .isSameAs(tooLarge);
    }

    @Test
    void a_connection_that_breaks_is_told_to_who_waits() {
        LimitedBody body = new LimitedBody(6, () -> tooLarge);
        body.onSubscribe(new Link());

        body.onError(new IOException("broken"));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> body.getBody().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void what_went_wrong_is_the_cause_of_the_failure() throws Exception {
        try (JwksServer issuer = new JwksServer(KEY)) {
            issuer.fails();
            TokenVerifier verifier = TestIssuer.verifier(TestIssuer.policy(issuer.keys()));

            assertThatExceptionOfType(KeysUnavailableException.class)
                    .isThrownBy(() -> verifier.verify(TestIssuer.token()))
                    .withRootCauseInstanceOf(KeyLoadException.class)
                    .havingRootCause()
                    .withMessage("HTTP status 503");
        }
    }

    @Test
    void loads_are_counted_by_their_outcome() throws Exception {
        try (JwksServer issuer = new JwksServer(KEY)) {
            TokenVerifier verifier = TestIssuer.verifier(TestIssuer.policy(issuer.keys()));
            verifier.verify(TestIssuer.token());
            issuer.fails();
            issuer.advance(JwksServer.MAX_AGE);
            verifier.verify(TestIssuer.token());

            assertThat(loads(verifier, "success")).isEqualTo(1);
            assertThat(loads(verifier, "failure")).isEqualTo(1);
        }
    }

    private static long loads(TokenVerifier verifier, String result) {
        return verifier.meters().stream()
                .filter(meter -> meter.name().equals("curfew.keys.loads"))
                .filter(meter -> result.equals(meter.tags().get("result")))
                .mapToLong(meter -> ((Meter.Counter) meter).count().getAsLong())
                .sum();
    }

    /** An endless answer must not go on filling a pipe after the caller was told that there are no keys. */
    @Test
    void an_endless_answer_is_hung_up_on() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (JwksServer issuer = new JwksServer(KEY)) {
            issuer.answers(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                writeUntilHungUp(exchange.getResponseBody(), " ".repeat(64 * 1024), hungUp);
            });
            TokenVerifier verifier = TestIssuer.verifier(TestIssuer.policy(issuer.keys()));

            assertThatExceptionOfType(KeysUnavailableException.class)
                    .isThrownBy(() -> verifier.verify(TestIssuer.token()));
            assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A server that trickles byte by byte keeps no connection open beyond the timeout. */
    @Test
    void an_answer_that_never_ends_in_time_is_hung_up_on() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (JwksServer issuer = new JwksServer(KEY)) {
            issuer.answers(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                writeUntilHungUp(exchange.getResponseBody(), " ", hungUp);
            });
            TokenVerifier verifier = TestIssuer.verifier(TestIssuer.policy(TokenKeys.remote(
                    issuer.uri(),
                    issuer.options()
                            .timeout(Duration.ofMillis(300))
                            .maxBytes(Integer.MAX_VALUE)
                            .build())));

            assertThatExceptionOfType(KeysUnavailableException.class)
                    .isThrownBy(() -> verifier.verify(TestIssuer.token()));
            assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void writeUntilHungUp(OutputStream out, String piece, CountDownLatch hungUp) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                out.write(piece.getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        } catch (IOException e) {
            hungUp.countDown();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What the other side sees of a reader. */
    private static final class Link implements Flow.Subscription {
        private final AtomicBoolean isRequested = new AtomicBoolean();
        private final AtomicBoolean isCancelled = new AtomicBoolean();

        @Override
        public void request(long n) {
            isRequested.set(true);
        }

        @Override
        public void cancel() {
            isCancelled.set(true);
        }
    }
}
