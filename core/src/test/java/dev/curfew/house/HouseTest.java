package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HouseTest {
    private static final Path CLASSES = Path.of("target", "classes");

    @Test
    void every_package_uses_only_those_below_it() {
        Set<Edge> graph = ClassGraph.of(CLASSES);

        assertThat(graph).as("uses found by jdeps").isNotEmpty();
        assertThat(House.faults(graph)).isEmpty();
    }

    @Test
    void a_house_in_order_has_no_fault() {
        assertThat(House.faults(edges(
                        "dev.curfew.http.A -> dev.curfew.B",
                        "dev.curfew.B -> dev.curfew.token.C",
                        "dev.curfew.jose.C -> com.nimbusds.jwt.SignedJWT",
                        "dev.curfew.jose.C -> java.net.http.HttpClient",
                        "dev.curfew.memory.D -> com.github.benmanes.caffeine.cache.Cache",
                        "dev.curfew.event.E -> org.slf4j.Logger",
                        "dev.curfew.revocation.F -> dev.curfew.session.G",
                        "dev.curfew.session.G -> org.jspecify.annotations.NullMarked",
                        "dev.curfew.session.G -> dev.curfew.session.H",
                        "dev.curfew.session.G -> java.time.Instant")))
                .isEmpty();
    }

    @Test
    void an_upward_arrow_is_caught() {
        assertThat(House.faults(edges("dev.curfew.session.A -> dev.curfew.store.B")))
                .containsExactly("upward arrow: dev.curfew.session.A -> dev.curfew.store.B");
    }

    @Test
    void a_cycle_is_caught_and_spelled_out() {
        assertThat(House.faults(edges(
                        "dev.curfew.http.A -> dev.curfew.store.B",
                        "dev.curfew.store.B -> dev.curfew.event.C",
                        "dev.curfew.event.C -> dev.curfew.crypto.D",
                        "dev.curfew.crypto.D -> dev.curfew.store.B",
                        "dev.curfew.crypto.D -> dev.curfew.session.E")))
                .contains(
                        "cycle: dev.curfew.crypto -> dev.curfew.store -> dev.curfew.event -> dev.curfew.crypto",
                        "upward arrow: dev.curfew.crypto.D -> dev.curfew.store.B");
    }

    @ParameterizedTest
    @CsvSource({
        "dev.curfew.store.A,         dev.curfew.storage.B",
        "dev.curfew.storage.A,       java.lang.Object",
        "dev.curfew.check.A,         com.nimbusds.jwt.SignedJWT",
        "dev.curfew.token.A,         com.nimbusds.jwt.SignedJWT",
        "dev.curfew.A,               com.github.benmanes.caffeine.cache.Cache",
        "dev.curfew.session.A,       org.slf4j.Logger",
        "dev.curfew.revocation.A,    org.slf4j.Logger",
        "dev.curfew.session.A,       java.net.http.HttpClient",
        "dev.curfew.check.A,         java.net.http.HttpClient",
        "dev.curfew.token.A,         java.net.http.HttpClient",
        "dev.curfew.check.A,         sun.security.util.Debug",
        "dev.curfew.store.A,         java.sql.Connection",
        "dev.curfew.store.A,         javax.sql.DataSource",
        "dev.curfew.store.A,         io.lettuce.core.RedisClient",
        "dev.curfew.http.A,          com.sun.net.httpserver.HttpServer",
    })
    void a_forbidden_use_is_caught(String from, String to) {
        assertThat(House.faults(List.of(new Edge(from, to))))
                .singleElement()
                .asString()
                .endsWith(from + " -> " + to);
    }

    private static List<Edge> edges(String... arrows) {
        return Stream.of(arrows)
                .map(arrow -> arrow.split(" -> ", 2))
                .map(ends -> new Edge(ends[0], ends[1]))
                .toList();
    }
}
