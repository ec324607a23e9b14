package dev.curfew.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.deliver.OutgoingException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Annex C, SSRF, on a real server of https; TSL-11. */
class OutgoingHttpTest {
    private static KeyStore localhost;
    private static KeyStore another;

    private final TlsServer server = new TlsServer(localhost);

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) {
        localhost = TlsServer.certificateOf("localhost", folder);
        another = TlsServer.certificateOf("internal.example", folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OutgoingHttp.Builder inside() {
        return OutgoingHttp.to(List.of(server.host()))
                .privateHost("localhost")
                .tls(TlsServer.trusting(localhost, another));
    }

    private static OutgoingException failure(OutgoingHttp http, OutgoingRequest request) {
        OutgoingException failure = catchThrowableOfType(OutgoingException.class, () -> http.send(request));
        assertThat(failure).as("it was answered").isNotNull();
        return failure;
    }

    private static void isRefused(OutgoingHttp http, URI uri) {
        OutgoingException failure = failure(http, OutgoingRequest.get(uri));
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(failure.isRetryable()).isFalse();
    }

    @Test
    void a_request_arrives_with_what_it_has_and_nothing_else() {
        server.answers(exchange -> {
            byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/statuslist+jwt");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });

        OutgoingAnswer answer = inside().build()
                .send(OutgoingRequest.post(server.uri("/set"), "application/secevent+jwt", new byte[] {1, 2, 3})
                        .header("Accept", "application/json"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).asString().isEqualTo("hello");
        assertThat(answer.header("content-type")).contains("application/statuslist+jwt");
        assertThat(answer).hasToString("OutgoingAnswer[200]");
        assertThat(server.seen()).singleElement().satisfies(seen -> {
            assertThat(seen.getRequestMethod()).isEqualTo("POST");
            assertThat(seen.getRequestHeaders().getFirst("Content-Type")).isEqualTo("application/secevent+jwt");
            assertThat(seen.getRequestHeaders())
                    .doesNotContainKeys("Authorization", "Cookie", "Referer", "Origin", "Proxy-authorization");
        });
    }

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() {
        for (String target : List.of(
                "http://169.254.169.254/latest/meta-data/", server.uri("/other").toString())) {
            server.answers(exchange -> {
                exchange.getResponseHeaders().add("Location", target);
                exchange.sendResponseHeaders(302, -1);
            });

            OutgoingAnswer answer = inside().build().send(OutgoingRequest.get(server.uri("/")));

            assertThat(answer.status()).isEqualTo(302);
        }
        assertThat(server.seen())
                .extracting(seen -> seen.getRequestURI().getPath())
                .containsExactly("/", "/");
    }

    @Test
    void a_cookie_is_not_kept_and_a_demand_for_a_password_not_met() {
        server.answers(exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "a=b; Path=/");
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
            exchange.sendResponseHeaders(401, -1);
        });
        OutgoingHttp http = inside().build();

        assertThat(http.send(OutgoingRequest.get(server.uri("/"))).status()).isEqualTo(401);
        assertThat(http.send(OutgoingRequest.get(server.uri("/"))).status()).isEqualTo(401);

        assertThat(server.seen())
                .hasSize(2)
                .allSatisfy(seen -> assertThat(seen.getRequestHeaders()).doesNotContainKeys("Cookie", "Authorization"));
    }

    @Test
    void an_address_that_is_not_exactly_in_the_list_is_not_asked() {
        OutgoingHttp http = inside().build();
        int port = server.port();

        isRefused(http, URI.create("https://localhost/"));
        isRefused(http, URI.create("https://localhost:" + (port == 65_535 ? 1 : port + 1) + "/"));
        isRefused(http, URI.create("https://localhost.:" + port + "/"));
        isRefused(http, URI.create("https://127.0.0.1:" + port + "/"));
        isRefused(http, URI.create("https://[::1]:" + port + "/"));
        isRefused(http, URI.create("https://[::ffff:127.0.0.1]:" + port + "/"));
        isRefused(http, URI.create("https://2130706433:" + port + "/"));
        isRefused(http, URI.create("https://evil.localhost:" + port + "/"));
        isRefused(http, URI.create("https://user@localhost:" + port + "/"));
        isRefused(http, URI.create("https://localhost:" + port + "@evil.example/"));
        isRefused(http, URI.create("https://:@localhost:" + port + "/"));
        isRefused(http, URI.create("https://localhost:" + port + "/#x"));
        isRefused(http, URI.create("http://localhost:" + port + "/"));
        isRefused(http, URI.create("file:///etc/passwd"));
        isRefused(http, URI.create("/relative"));
        isRefused(http, URI.create("https:opaque"));
        assertThat(server.seen()).isEmpty();
        assertThat(http.send(OutgoingRequest.get(URI.create("HTTPS://LOCALHOST:" + port + "/")))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void a_private_address_is_asked_only_if_the_host_says_that_it_is_inside() {
        OutgoingHttp outside = OutgoingHttp.to(List.of(server.host()))
                .tls(TlsServer.trusting(localhost))
                .build();

        isRefused(outside, server.uri("/"));
        assertThat(server.seen()).isEmpty();
        assertThat(inside().build().send(OutgoingRequest.get(server.uri("/"))).status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]", "127.0.0.1", "[::ffff:10.0.0.1]", "10.0.0.1", "[fd00::1]", "[64:ff9b::7f00:1]"})
    void an_address_in_the_list_is_judged_too(String host) {
        OutgoingHttp http = OutgoingHttp.to(List.of(host)).build();

        isRefused(http, URI.create("https://" + host + "/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "[fe80::1]",
                "224.0.0.1",
                "[ff02::1]",
                "0.0.0.0",
                "[::]",
                "[::ffff:169.254.169.254]"
            })
    void link_local_and_multicast_are_never_asked(String host) {
        OutgoingHttp http = OutgoingHttp.to(List.of(host)).privateHost(host).build();

        isRefused(http, URI.create("https://" + host + "/"));
    }

    /** One of several is enough, since nobody says which of them is connected to. */
    @Test
    void all_addresses_of_a_name_are_judged() {
        OutgoingHttp http = OutgoingHttp.to(List.of("idp.example"))
                .names(host -> new InetAddress[] {address(93, 184, 216, 34), address(10, 0, 0, 1)})
                .build();

        isRefused(http, URI.create("https://idp.example/"));
    }

    /** What the check saw was public; what the connection then finds is a service inside, with a name of its own. */
    @Test
    void a_name_that_changes_its_address_after_the_check_ends_in_a_failed_handshake() {
        try (TlsServer internal = new TlsServer(another)) {
            AtomicInteger looked = new AtomicInteger();
            OutgoingHttp http = OutgoingHttp.to(List.of(internal.host()))
                    .names(host -> {
                        looked.incrementAndGet();
                        return new InetAddress[] {address(93, 184, 216, 34)};
                    })
                    .tls(TlsServer.trusting(localhost, another))
                    .build();

            OutgoingException failure = failure(http, OutgoingRequest.get(internal.uri("/admin")));

            assertThat(looked).hasValue(1);
            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure).hasStackTraceContaining("No subject alternative DNS name matching localhost found");
            assertThat(internal.seen()).isEmpty();
        }
    }

    @Test
    void a_certificate_that_nobody_trusts_ends_it_too() {
        OutgoingHttp http =
                OutgoingHttp.to(List.of(server.host())).privateHost("localhost").build();

        assertThat(failure(http, OutgoingRequest.get(server.uri("/"))).reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void an_answer_of_ten_mib_is_not_read_to_its_end() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(1);
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = new byte[16 * 1024];
            try {
                for (int i = 0; i < 640; i++) {
                    exchange.getResponseBody().write(part);
                    written.addAndGet(part.length);
                }
            } finally {
                ended.countDown();
            }
        });

        OutgoingException failure =
                failure(inside().build(), OutgoingRequest.get(server.uri("/")).maxAnswerBytes(64 * 1024));

        assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(failure.isRetryable()).isFalse();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(written.get()).isLessThan(640 * 16 * 1024);
    }

    @Test
    void an_answer_of_exactly_the_limit_is_read() {
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[100]);
        });
        OutgoingHttp http = inside().build();

        assertThat(http.send(OutgoingRequest.get(server.uri("/")).maxAnswerBytes(100))
                        .body())
                .hasSize(100);
        assertThat(failure(http, OutgoingRequest.get(server.uri("/")).maxAnswerBytes(99))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void an_answer_that_drips_is_given_up() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        server.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            await(gate);
        });

        OutgoingException failure =
                failure(inside().timeout(Duration.ofSeconds(2)).build(), OutgoingRequest.get(server.uri("/")));

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failure.isRetryable()).isTrue();
        gate.countDown();
    }

    @Test
    void a_look_up_that_hangs_is_given_up_and_keeps_its_place_until_it_ends() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore looking = new Semaphore(0);
        OutgoingHttp http = inside().timeout(Duration.ofMillis(200))
                .names(host -> {
                    looking.release();
                    await(gate);
                    return InetAddress.getAllByName(host);
                })
                .build();

        for (int i = 0; i < 4; i++) {
            assertThat(failure(http, OutgoingRequest.get(server.uri("/"))).reason())
                    .isEqualTo(Reason.TIMED_OUT);
        }
        assertThat(failure(http, OutgoingRequest.get(server.uri("/"))).reason()).isEqualTo(Reason.BUSY);
        assertThat(looking.tryAcquire(4, 60, TimeUnit.SECONDS)).isTrue();
        assertThat(looking.availablePermits()).isZero();
        gate.countDown();
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void a_receiver_has_four_requests_at_most_and_the_next_one_waits() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore arrived = new Semaphore(0);
        server.answers(exchange -> {
            arrived.release();
            await(gate);
            exchange.sendResponseHeaders(204, -1);
        });
        OutgoingHttp http = inside().timeout(Duration.ofMinutes(1)).build();
        OutgoingHttp hasty = inside().timeout(Duration.ofMillis(200)).build();
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            List<Future<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sent.add(threads.submit(
                        () -> http.send(OutgoingRequest.get(server.uri("/"))).status()));
            }
            assertThat(arrived.tryAcquire(4, 60, TimeUnit.SECONDS)).isTrue();
            awaitWaiting(http);
            assertThat(server.seen()).hasSize(4);
            // Each way out counts for itself.
            assertThat(failure(hasty, OutgoingRequest.get(server.uri("/"))).reason())
                    .isEqualTo(Reason.TIMED_OUT);
            gate.countDown();
            for (Future<Integer> each : sent) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(204);
            }
        } finally {
            gate.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void the_proxy_of_this_machine_is_not_used_and_one_that_is_named_is() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.incrementAndGet();
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try (ConnectProxy proxy = new ConnectProxy()) {
            assertThat(inside().build()
                            .send(OutgoingRequest.get(server.uri("/")))
                            .status())
                    .isEqualTo(204);
            assertThat(asked).hasValue(0);
            assertThat(proxy.asked()).isEmpty();

            OutgoingHttp through = inside().proxy(new InetSocketAddress("localhost", proxy.port()))
                    .names(host -> {
                        throw new UnknownHostException("not looked up here");
                    })
                    .build();
            assertThat(through.send(OutgoingRequest.get(server.uri("/"))).status())
                    .isEqualTo(204);
            assertThat(proxy.asked()).containsExactly("CONNECT " + server.host() + " HTTP/1.1");
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void a_name_that_nobody_knows_and_a_port_where_nobody_is_are_unreachable() {
        OutgoingHttp unknown = OutgoingHttp.to(List.of("idp.example"))
                .names(host -> {
                    throw new UnknownHostException(host);
                })
                .build();

        assertThat(failure(unknown, OutgoingRequest.get(URI.create("https://idp.example/")))
                        .reason())
                .isEqualTo(Reason.UNREACHABLE);
        OutgoingHttp http = inside().build();
        server.close();
        assertThat(failure(http, OutgoingRequest.get(server.uri("/"))).reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void a_failure_repeats_nothing_of_the_request() {
        OutgoingHttp http = inside().build();
        OutgoingRequest request = OutgoingRequest.post(
                        URI.create("https://elsewhere.example/secret-path?token=s3cret"), "text/plain", new byte[1])
                .header("Authorization", "Bearer s3cret");

        assertThat(failure(http, request).toString()).doesNotContain("s3cret", "secret-path", "elsewhere");
        assertThat(request).hasToString("OutgoingRequest[POST]");
    }

    @Test
    void a_header_that_is_none_is_refused_without_its_value() {
        OutgoingRequest request = OutgoingRequest.get(URI.create("https://idp.example/"));

        for (String value : new String[] {"s3cret\r\nX: y", "s3cret\n", "s3cret\0", "s3cret\u00e9"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request.header("Authorization", value))
                    .withMessageNotContaining("s3cret");
        }
        for (String name : new String[] {"", "a b", "a:b", "a\nb", "Host", "content-length", "Cookie", "Upgrade"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> request.header(name, "x"));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> request.maxAnswerBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> request.maxAnswerBytes(16 * 1024 * 1024 + 1));
    }

    @Test
    void a_list_that_is_none_is_refused_and_says_which_entry() {
        for (String entry : new String[] {
            "",
            " ",
            "https://idp.example",
            "idp.example/",
            "a@idp.example",
            "idp.example:0",
            "idp_x",
            "*.example",
            "a?b"
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OutgoingHttp.to(List.of(entry)).build())
                    .withMessageContaining("\"" + entry + "\"");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OutgoingHttp.to(List.of()).build())
                .withMessageContaining("at least one host");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OutgoingHttp.to(List.of("a.example"))
                        .privateHost("b.example")
                        .build())
                .withMessageContaining("[b.example] is none of the hosts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OutgoingHttp.to(List.of("a.example")).timeout(Duration.ZERO));
        assertThatThrownBy(() -> OutgoingHttp.to(List.of("a.example")).timeout(Duration.ofSeconds(61)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void awaitWaiting(OutgoingHttp http) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!http.waitingFor(server.uri("/"))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetAddress address(int... bytes) throws UnknownHostException {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(address);
    }
}
