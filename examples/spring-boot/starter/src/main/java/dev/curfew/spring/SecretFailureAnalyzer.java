package dev.curfew.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Stands before Spring Boot's own analyzer, which repeats the value that it could not bind, a key here. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        String property = cause.getName().toString();
        return Secrets.isSecret(property)
                ? new FailureAnalysis(
                        property + " is not of the form that is wanted.",
                        "Set curfew.encryption.key and curfew.secret to a text, and keys that can be read only by their"
                                + " ids: curfew.encryption.readable.1=... or curfew.encryption.readable[2024_01]=...",
                        cause)
                : null;
    }
}
