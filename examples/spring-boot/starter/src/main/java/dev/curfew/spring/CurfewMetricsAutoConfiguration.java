package dev.curfew.spring;

import dev.curfew.SessionService;
import dev.curfew.deliver.Deliveries;
import dev.curfew.meter.Meter;
import dev.curfew.micrometer.CurfewMetrics;
import dev.curfew.oidc.BackChannelLogoutEndpoint;
import dev.curfew.token.TokenVerifier;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Curfew's meters, where there is Micrometer. Immutable. */
@AutoConfiguration(after = CurfewAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(SessionService.class)
@ConditionalOnProperty(name = "curfew.enabled", matchIfMissing = true)
public final class CurfewMetricsAutoConfiguration {
    /** Spring calls it. */
    public CurfewMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CurfewMetrics curfewMetrics(
            SessionService sessions,
            ObjectProvider<TokenVerifier> verifier,
            ObjectProvider<Deliveries> deliveries,
            ObjectProvider<BackChannelLogoutEndpoint> logouts) {
        List<Meter> meters = new ArrayList<>(sessions.meters());
        verifier.ifAvailable(tokens -> meters.addAll(tokens.meters()));
        deliveries.ifAvailable(lanes -> meters.addAll(lanes.meters()));
        // The counts of two endpoints have the same names: which of them are to be seen is the host's to say.
        logouts.ifUnique(endpoint -> meters.addAll(endpoint.meters()));
        return new CurfewMetrics(meters);
    }
}
