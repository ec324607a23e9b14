package dev.curfew.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at a failed start what of Curfew's was wrong and what to do, in place of a stack trace. */
final class CurfewFailureAnalyzer extends AbstractFailureAnalyzer<CurfewStartException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CurfewStartException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
