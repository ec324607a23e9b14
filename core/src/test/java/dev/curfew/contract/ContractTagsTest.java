package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each topic of the contract can be run by itself. */
class ContractTagsTest {
    @Test
    void each_topic_has_its_name_as_a_tag() {
        for (Class<?> topic : SessionStoreContract.class.getDeclaredClasses()) {
            if (topic.isAnnotationPresent(Nested.class)) {
                Set<String> tags = Arrays.stream(topic.getSuperclass().getDeclaredAnnotationsByType(Tag.class))
                        .map(Tag::value)
                        .collect(Collectors.toSet());
                assertThat(tags).as("tags of %s", topic.getSuperclass()).contains(topic.getSimpleName());
            }
        }
    }
}
