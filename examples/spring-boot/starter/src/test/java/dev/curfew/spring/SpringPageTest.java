package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/spring.md} says is built and done, step by step, from its own text. */
class SpringPageTest {
    private static final String TEN_MINUTES = SpringPage.section("In ten minutes");
    private static final Pattern FILE = Pattern.compile("// (\\w+)\\.java\\n");
    private static final Pattern CURL =
            Pattern.compile("curl (?<options>.*?)http://localhost:8080(?<path>\\S*?)\\)?(?: +# (?<wanted>.*))?");
    private static final Pattern OPTION = Pattern.compile("-(X|H|d) (?:\"([^\"]*)\"|'([^']*)'|(\\S+))");
    private static final int MOST_GLUE = 15;

    /** What an IDE adds to the shorter blocks. */
    private static final List<String> IMPORTS = List.of(
            "static org.springframework.security.config.Customizer.withDefaults",
            "static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get",
            "static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status",
            "static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity",
            "dev.curfew.*",
            "dev.curfew.audit.AuditSink",
            "dev.curfew.http.SessionCookie",
            "dev.curfew.oauth.TokenRevocationEndpoint",
            "dev.curfew.revocation.RevocationReason",
            "dev.curfew.session.*",
            "dev.curfew.spring.*",
            "dev.curfew.token.*",
            "jakarta.servlet.Filter",
            "java.util.*",
            "org.springframework.boot.web.servlet.FilterRegistrationBean",
            "org.springframework.context.annotation.Bean",
            "org.springframework.http.*",
            "org.springframework.jdbc.core.JdbcTemplate",
            "org.springframework.security.config.annotation.web.builders.HttpSecurity",
            "org.springframework.security.core.authority.SimpleGrantedAuthority",
            "org.springframework.security.web.SecurityFilterChain",
            "org.springframework.stereotype.Service",
            "org.springframework.test.web.servlet.MockMvc",
            "org.springframework.test.web.servlet.setup.MockMvcBuilders",
            "org.springframework.transaction.annotation.Transactional",
            "org.springframework.web.bind.annotation.*",
            "org.springframework.web.context.WebApplicationContext");

    private static final String APPLICATION = """
            package shop;
            @org.springframework.boot.autoconfigure.SpringBootApplication
            public class ShopApplication {}
            """;

    @Test
    void the_steps_lead_from_an_empty_project_to_a_working_logout(@TempDir Path project) throws Exception {
        List<String> settings = SpringPage.blocks(TEN_MINUTES, "properties");
        assertThat(settings).hasSize(2);
        assertThat(settings.get(0).lines().count())
                .as("lines of glue beside the login")
                .isLessThanOrEqualTo(MOST_GLUE);
        Class<?> application = build(project);
        // Where Spring looks for the classes of an application.
        Thread.currentThread().setContextClassLoader(application.getClassLoader());
        try {
            run(application, settings);
        } finally {
            Thread.currentThread().setContextClassLoader(SpringPageTest.class.getClassLoader());
        }
    }

    private static void run(Class<?> application, List<String> settings) {
        Map<String, Object> properties = SpringPage.properties(settings.get(0));
        properties.put("CURFEW_SECRET", Host.SECRET_TEXT);
        properties.put("curfew.store.type", "auto");
        properties.put("spring.autoconfigure.exclude", JdbcAndRedis.EXCLUDED);
        try (Host host = Host.start(properties, application)) {
            tryOut(host);
        }
        properties.remove("spring.autoconfigure.exclude");
        properties.putAll(SpringPage.properties(settings.get(1)));
        properties.put("CURFEW_KEY", "7QoXq0VfJtHh3tJcQmJm0m8Sx2Zr5yFgk1Yw3uN9bPc=");
        try (Host host = Host.start(properties, application)) {
            assertThat(host.bean(dev.curfew.store.SessionStore.class).keepsInProcess())
                    .isFalse();
            tryOut(host);
        }
    }

    @Test
    void every_block_of_java_on_the_page_compiles(@TempDir Path project) throws Exception {
        build(project);
    }

    @Test
    void the_table_of_properties_is_what_an_ide_shows() throws IOException, ParseException {
        Map<String, String> wanted = new TreeMap<>();
        try (InputStream in = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            Map<String, Object> metadata = JSONObjectUtils.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            for (Map<String, Object> property : JSONObjectUtils.getJSONObjectArray(metadata, "properties")) {
                Object given = property.get("defaultValue");
                wanted.put(
                        (String) property.get("name"),
                        (given == null ? "" : "`" + given + "`") + " | " + property.get("description"));
            }
        }
        Map<String, String> found = new TreeMap<>();
        Matcher rows = Pattern.compile("(?m)^\\| `(curfew[^`]*)` \\| (.*?) ?\\| (.*) \\|$")
                .matcher(SpringPage.section("Properties"));
        while (rows.find()) {
            found.put(rows.group(1), rows.group(2) + " | " + rows.group(3));
        }
        assertThat(found).isEqualTo(wanted);
        assertThat(wanted).allSatisfy((name, text) -> assertThat(text).as(name).doesNotEndWith("null"));
    }

    /** Compiles all of the page's Java with the class path of this test, and answers the application. */
    private static Class<?> build(Path project) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-parameters",
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                "" + project));
        arguments.add(write(project, "ShopApplication", APPLICATION));
        int snippets = 0;
        for (String block : SpringPage.blocks(SpringPage.text(), "java")) {
            Matcher name = FILE.matcher(block);
            arguments.add(
                    name.lookingAt()
                            ? write(project, name.group(1), "package shop;\n" + block)
                            : write(project, "Snippet" + ++snippets, snippet("Snippet" + snippets, block)));
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("the compiler's exit code").isZero();
        return new URLClassLoader(new URL[] {project.toUri().toURL()}, SpringPageTest.class.getClassLoader())
                .loadClass("shop.ShopApplication");
    }

    private static String snippet(String name, String block) {
        StringBuilder text = new StringBuilder("package shop;\n");
        IMPORTS.forEach(imported -> text.append("import ").append(imported).append(";\n"));
        return text.append("class ")
                .append(name)
                .append(" {\n static void checkPassword(Map<String, String> form) {}\n")
                .append(block)
                .append("}\n")
                .toString();
    }

    private static String write(Path project, String name, String text) throws IOException {
        Path folder = Files.createDirectories(project.resolve("src/shop"));
        return Files.writeString(folder.resolve(name + ".java"), text).toString();
    }

    private static String tries() {
        return SpringPage.blocks(TEN_MINUTES, "sh").stream()
                .filter(block -> block.contains("curl "))
                .findFirst()
                .orElseThrow();
    }

    /** Does what the lines of curl do, and compares with what stands behind them. */
    private static void tryOut(Host host) {
        Map<String, String> variables = new HashMap<>();
        int compared = 0;
        for (String line : tries().lines().toList()) {
            if (line.startsWith("LOGIN='")) {
                variables.put("LOGIN", line.substring("LOGIN='".length(), line.length() - 1));
                continue;
            }
            boolean isLogin = line.startsWith("TOKEN=$(");
            Matcher curl = CURL.matcher(isLogin ? line.substring("TOKEN=$(".length()) : line);
            assertThat(curl.matches()).as(line).isTrue();
            String method = "GET";
            String body = "";
            List<String> headers = new ArrayList<>();
            Matcher options = OPTION.matcher(curl.group("options"));
            while (options.find()) {
                String value = options.group(2) != null
                        ? options.group(2)
                                .replace("$TOKEN", variables.getOrDefault("TOKEN", ""))
                                .replace("$LOGIN", variables.getOrDefault("LOGIN", ""))
                        : options.group(3) != null ? options.group(3) : options.group(4);
                switch (options.group(1)) {
                    case "X" -> method = value;
                    case "d" -> body = value;
                    default -> headers.addAll(List.of(value.split(": ", 2)));
                }
            }
            HttpResponse<String> answer = host.call(method, curl.group("path"), body, headers.toArray(String[]::new));
            if (isLogin) {
                assertThat(answer.statusCode()).as(line).isEqualTo(200);
                variables.put("TOKEN", answer.body());
            } else {
                String[] wanted = curl.group("wanted").split(" ", 2);
                assertThat(answer.statusCode()).as(line).isEqualTo(Integer.parseInt(wanted[0]));
                assertThat(answer.body()).contains(wanted.length > 1 ? wanted[1] : "");
                compared++;
            }
        }
        assertThat(compared).isEqualTo(5);
    }

    /** A project without a database has neither on its class path, and this test has both. */
    private static final class JdbcAndRedis {
        static final String EXCLUDED = String.join(
                ",",
                "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
                "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
                "org.springframework.boot.autoconfigure.data.redis.RedisReactiveAutoConfiguration",
                "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                "org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration");
    }
}
