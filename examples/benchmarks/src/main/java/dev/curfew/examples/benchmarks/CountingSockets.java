package dev.curfew.examples.benchmarks;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;
import javax.net.SocketFactory;

/** Sockets that count, all together, the bytes that were received. Thread-safe. */
public final class CountingSockets extends SocketFactory {
    private static final LongAdder RECEIVED = new LongAdder();

    /** Made by PostgreSQL's driver. */
    public CountingSockets() {}

    static long received() {
        return RECEIVED.sum();
    }

    @Override
    public Socket createSocket() {
        return new CountingSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw refused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw refused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw refused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw refused();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("the driver connects sockets itself");
    }

    private static final class CountingSocket extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new CountingStream(super.getInputStream());
        }
    }

    private static final class CountingStream extends FilterInputStream {
        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            RECEIVED.add(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            RECEIVED.add(Math.max(0, count));
            return count;
        }
    }
}
