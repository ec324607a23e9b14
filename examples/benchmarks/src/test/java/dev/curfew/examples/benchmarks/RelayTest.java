package dev.curfew.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That all that passes is counted, and a round trip only when the client has waited for an answer. */
final class RelayTest {
    private static final int QUESTION = 4;

    private ServerSocket server;
    private Relay relay;

    /** Answers each four bytes with two. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::answer);
        thread.setDaemon(true);
        thread.start();
        relay = Relay.to(server.getLocalPort());
    }

    @AfterEach
    void end() throws IOException {
        relay.close();
        server.close();
    }

    @Test
    void each_question_that_waits_for_its_answer_is_a_round_trip() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            for (int i = 0; i < 3; i++) {
                ask(client, QUESTION);
                assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
            }
        }
        assertThat(relay.trips()).isEqualTo(3);
        assertThat(relay.sent()).isEqualTo(12);
        assertThat(relay.received()).isEqualTo(6);
    }

    @Test
    void what_is_sent_in_pieces_before_an_answer_comes_is_one_round_trip() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            for (int i = 0; i < QUESTION; i++) {
                ask(client, 1);
            }
            assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
        }
        assertThat(relay.trips()).isEqualTo(1);
    }

    @Test
    void who_closes_a_connection_closes_the_other_side_of_it() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            ask(client, QUESTION);
            assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
            relay.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void ask(Socket client, int bytes) throws IOException {
        client.getOutputStream().write(new byte[bytes]);
    }

    private void answer() {
        try (Socket client = server.accept()) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            while (in.readNBytes(QUESTION).length == QUESTION) {
                out.write(new byte[2]);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
