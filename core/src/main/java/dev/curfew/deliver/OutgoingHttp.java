package dev.curfew.deliver;

import dev.curfew.deliver.OutgoingException.Reason;
import dev.curfew.jose.BoundedExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The only way out: requests to parties that the host named, over https, bounded in time, number and size.
 * Thread-safe.
 *
 * <ul>
 *   <li>Only hosts and ports that stand in the list are asked, letter by letter; a redirect is an answer and is not
 *       followed; no cookie and no credential is sent that the request does not have itself.
 *   <li>Private and loopback addresses are refused unless {@link Builder#privateHost} says that this party is inside;
 *       link-local ones, where clouds answer with their credentials, and multicast always. All addresses of a name are
 *       looked up and judged before each request. A name that answers otherwise a moment later leads to a party that
 *       cannot show a certificate of that name, so that it sees no request.
 *   <li>At most 64 requests are under way, and at most 4 to one receiver; the connection is there in 3 seconds, and the
 *       whole answer in 10. Whoever finds no room waits for it within these 10 seconds.
 *   <li>The proxy of this JVM is not used, unless {@link Builder#proxy} names one: then that proxy looks names up, and
 *       is who must judge their addresses.
 * </ul>
 */
public final class OutgoingHttp {
    private static final int AT_ONCE = 64;

    /** The argument about names that change rests on it. */
    private static final String UNNAMED_TLS = "jdk.internal.httpclient.disableHostnameVerification";

    private final Receivers receivers;
    private final HttpClient client;
    private final Executor threads;
    private final Names names;
    private final boolean throughProxy;
    private final Duration timeout;
    private final Semaphore room = new Semaphore(AT_ONCE);

    private OutgoingHttp(Builder builder) {
        this.receivers = Receivers.of(builder.hosts, builder.privateHosts);
        this.names = builder.names;
        this.timeout = builder.timeout;
        this.throughProxy = builder.proxy != null;
        this.threads = Executors.newCachedThreadPool(OutgoingHttp::daemon);
        HttpClient.Builder http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(builder.proxy == null ? HttpClient.Builder.NO_PROXY : ProxySelector.of(builder.proxy))
                .connectTimeout(builder.connectTimeout)
                .executor(threads);
        if (builder.tls != null) {
            http.sslContext(builder.tls);
        }
        this.client = http.build();
    }

    /** Looks a name up. */
    @FunctionalInterface
    interface Names {
        InetAddress[] lookUp(String host) throws UnknownHostException;
    }

    /**
     * Begins with whom may be asked.
     *
     * @param hosts each a name, or {@code name:port} where the port is not 443; an address of IPv6 in brackets. At
     *     least one
     * @return a builder
     * @throws IllegalArgumentException if one is not written so
     */
    public static Builder to(List<String> hosts) {
        return new Builder(hosts);
    }

    /**
     * Sends a request, and waits for the whole answer.
     *
     * @param request to one of the receivers
     * @return the answer, whatever its status is
     * @throws OutgoingException if there is none; its reason says why
     */
    public OutgoingAnswer send(OutgoingRequest request) {
        Receiver receiver = receivers.require(request.uri());
        long deadline = System.nanoTime() + timeout.toNanos();
        Turn turn = Turn.await(List.of(receiver.room(), room), deadline);
        CompletableFuture<Void> judged = throughProxy
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(() -> judge(receiver), threads);
        try {
            await(judged, deadline);
            HttpResponse<byte[]> answer = await(exchange(request, deadline), deadline);
            return new OutgoingAnswer(answer.statusCode(), answer.headers(), answer.body());
        } finally {
            // A look-up cannot be called off, and keeps its place until it ends.
            CompletableFuture<Void> unused = judged.whenComplete((done, failure) -> turn.end());
        }
    }

    /** {@return in which time the whole answer is there, or the request has failed} */
    public Duration timeout() {
        return timeout;
    }

    /** Whether somebody waits for a place at a receiver; for tests. */
    boolean waitingFor(URI uri) {
        return receivers.require(uri).room().hasQueuedThreads();
    }

    private CompletableFuture<HttpResponse<byte[]>> exchange(OutgoingRequest request, long deadline) {
        HttpRequest.Builder http = HttpRequest.newBuilder(request.uri())
                .method(
                        request.method(),
                        request.method().equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(http::setHeader);
        return BoundedExchange.send(
                client,
                http.build(),
                request.maxAnswerBytes(),
                () -> new TooLargeException(),
                Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }

    private void judge(Receiver receiver) {
        InetAddress[] addresses;
        try {
            addresses = names.lookUp(receiver.host());
        } catch (UnknownHostException e) {
            throw new OutgoingException(Reason.UNREACHABLE, "its name is not known", e);
        }
        for (InetAddress address : addresses) {
            AddressRule.Kind kind = AddressRule.kindOf(address);
            if (kind == AddressRule.Kind.FORBIDDEN) {
                throw notAllowed("its name leads to a link-local, multicast or reserved address, which is never asked");
            }
            if (kind == AddressRule.Kind.PRIVATE && !receiver.mayBePrivate()) {
                throw notAllowed("its name leads to a private or loopback address, and no privateHost(…) says so");
            }
        }
    }

    private static OutgoingException notAllowed(String detail) {
        return new OutgoingException(Reason.NOT_ALLOWED, detail, null);
    }

    private static <T> T await(CompletableFuture<T> future, long deadline) {
        try {
            return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw timedOut();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutgoingException(Reason.UNREACHABLE, "interrupted while waiting for it", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static OutgoingException failure(@Nullable Throwable cause) {
        if (cause instanceof OutgoingException ours) {
            return ours;
        }
        if (cause instanceof TimeoutException) {
            return timedOut();
        }
        if (cause instanceof TooLargeException) {
            return new OutgoingException(Reason.TOO_LARGE, "it is longer than maxAnswerBytes", null);
        }
        return new OutgoingException(Reason.UNREACHABLE, "no connection over https, or it was lost", cause);
    }

    private static OutgoingException timedOut() {
        return new OutgoingException(Reason.TIMED_OUT, "not all of it came in time", null);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "curfew-outgoing");
        thread.setDaemon(true);
        return thread;
    }

    /** Says that a body is too long; never thrown to callers. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Collects the settings of an {@link OutgoingHttp}. Confined to one thread. */
    public static final class Builder {
        private final List<String> hosts;
        private final Set<String> privateHosts = new HashSet<>();
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration timeout = Duration.ofSeconds(10);
        private @Nullable InetSocketAddress proxy;
        private @Nullable SSLContext tls;
        private Names names = InetAddress::getAllByName;

        private Builder(List<String> hosts) {
            this.hosts = new ArrayList<>(hosts);
        }

        /**
         * Says that a receiver is inside: its name may lead to a private or loopback address. Link-local and multicast
         * ones stay refused.
         *
         * @param name of one of the receivers, without a port
         * @return this
         */
        public Builder privateHost(String name) {
            privateHosts.add(Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * Sends everything through a proxy of HTTP, which then looks names up: the addresses are its own to judge.
         *
         * @param address of the proxy, unresolved or resolved
         * @return this
         */
        public Builder proxy(InetSocketAddress address) {
            this.proxy = Objects.requireNonNull(address, "proxy");
            return this;
        }

        /**
         * Sets whom to trust; the certificates of this Java platform by default. It must verify certificates: the
         * defence against names that change their address rests on it.
         *
         * @param value such as one that knows the authority of a cluster
         * @return this
         */
        public Builder tls(SSLContext value) {
            this.tls = Objects.requireNonNull(value, "tls");
            return this;
        }

        /**
         * Sets in which time the whole answer must be there, waiting for a place and looking the name up included; 10
         * seconds by default.
         *
         * @param value positive, at most a minute
         * @return this
         */
        public Builder timeout(Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("timeout must be positive, at most a minute, and is " + value);
            }
            this.timeout = value;
            return this;
        }

        /** For tests: a resolver that lies. */
        Builder names(Names value) {
            this.names = value;
            return this;
        }

        /**
         * Makes the way out. Its threads are daemons, and end when nothing is sent.
         *
         * @return the way out
         * @throws IllegalArgumentException if there is no receiver, one is not written as it must be, or a private one
         *     is none of them
         * @throws IllegalStateException if this JVM is set not to compare names of certificates
         */
        public OutgoingHttp build() {
            String unnamed = System.getProperty(UNNAMED_TLS);
            if (unnamed != null && !unnamed.equalsIgnoreCase("false")) {
                throw new IllegalStateException("the system property " + UNNAMED_TLS
                        + " is set, so that anybody with any certificate could answer: remove it");
            }
            return new OutgoingHttp(this);
        }
    }
}
