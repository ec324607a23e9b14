package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.LuaSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files of Lua say what they offer and what they need, need nothing else, and read bytes in codecs only. */
class LuaFilesTest {
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");
    private static final Pattern TOP_LEVEL = Pattern.compile("^local (?:function )?([\\w, ]+)", Pattern.MULTILINE);
    private static final Pattern LOCAL = Pattern.compile("\\blocal (?:function )?([\\w, ]+)");
    private static final Pattern BOUND = Pattern.compile("\\bfor ([\\w, ]+?) (?:in|=)|function\\s*\\w*\\(([^)]*)\\)");
    private static final Pattern OFFSET = Pattern.compile("\\b(sub|byte|unpack|unpackMillis)\\([^()]*, *-?\\d");

    /** By its name, a shared one by its name behind {@code shared/}. */
    private static final Map<String, LuaFile> FILES = new TreeMap<>();

    private record LuaFile(String text) {
        Set<String> listed(String what) {
            return text.lines()
                    .filter(line -> line.startsWith("-- " + what + ": "))
                    .flatMap(line ->
                            Arrays.stream(line.substring(what.length() + 5).split(", ", -1)))
                    .collect(Collectors.toSet());
        }

        String code() {
            return text.replaceAll("--[^\n]*", "").replaceAll("'[^'\n]*'", "''");
        }

        Set<String> names(Pattern pattern) {
            Set<String> names = new HashSet<>();
            Matcher matcher = pattern.matcher(code());
            while (matcher.find()) {
                for (int group = Math.min(1, matcher.groupCount()); group <= matcher.groupCount(); group++) {
                    if (matcher.group(group) != null) {
                        names.addAll(Arrays.asList(matcher.group(group).trim().split(" *, *")));
                    }
                }
            }
            return names;
        }

        /** The names that another file must bring. */
        Set<String> usedFrom(Set<String> offered) {
            Set<String> used = names(NAME);
            used.retainAll(offered);
            used.removeAll(names(LOCAL));
            used.removeAll(names(BOUND));
            return used;
        }
    }

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        Path folder = Path.of(LuaSource.class.getResource("open.lua").toURI()).getParent();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file :
                    found.filter(path -> path.toString().endsWith(".lua")).toList()) {
                String name = folder.relativize(file).toString().replace(".lua", "");
                FILES.put(name, new LuaFile(Files.readString(file)));
            }
        }
    }

    @Test
    void each_script_has_a_file_and_each_file_is_joined_to_some_script() {
        assertThat(FILES.keySet().stream().filter(name -> !name.startsWith("shared/")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LuaScript.values())
                        .map(script -> script.name().toLowerCase(Locale.ROOT))
                        .toList());
        assertThat(FILES.keySet().stream().filter(name -> name.startsWith("shared/")))
                .allMatch(name -> FILES.values().stream()
                        .anyMatch(file -> file.listed("Needs").contains(name.substring("shared/".length()))));
    }

    @Test
    void each_file_begins_with_what_it_is_for() {
        assertThat(FILES).allSatisfy((name, file) -> assertThat(file.text()).startsWith("-- "));
    }

    @Test
    void a_shared_file_offers_what_it_defines_and_others_use() {
        Map<String, Set<String>> used = new HashMap<>();
        FILES.forEach((name, file) -> used.put(name, file.names(NAME)));
        FILES.forEach((name, file) -> assertThat(file.listed("Offers"))
                .as(name)
                .isSubsetOf(file.names(TOP_LEVEL))
                .allMatch(offered -> used.entrySet().stream()
                        .anyMatch(other ->
                                !other.getKey().equals(name) && other.getValue().contains(offered))));
    }

    @Test
    void a_file_needs_what_it_uses_and_nothing_else() {
        Map<String, String> offering = new HashMap<>();
        FILES.forEach((name, file) -> file.listed("Offers")
                .forEach(offered ->
                        assertThat(offering.put(offered, name)).as(offered).isNull()));
        FILES.forEach((name, file) -> {
            Set<String> needed = file.usedFrom(offering.keySet()).stream()
                    .map(used -> offering.get(used).substring("shared/".length()))
                    .filter(owner -> !name.equals("shared/" + owner))
                    .collect(Collectors.toSet());
            // What is needed for what it does, and offers nothing.
            Set<String> listed = file.listed("Needs");
            listed.removeIf(need -> FILES.get("shared/" + need).listed("Offers").isEmpty());
            assertThat(listed).as(name).isEqualTo(needed);
        });
    }

    @Test
    void only_codecs_know_at_which_byte_something_stands() {
        List<String> found = new ArrayList<>();
        FILES.forEach((name, file) -> {
            if (!name.endsWith("_codec") && OFFSET.matcher(file.code()).find()) {
                found.add(name);
            }
        });
        assertThat(found).isEmpty();
    }
}
