package dev.curfew.audit;

import dev.curfew.meter.TroubleLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how a sink fails and what it loses, once for an outage and once at its end. Thread-safe. */
final class SinkLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private final String name;
    private final TroubleLog failing;

    SinkLog(String name) {
        this.name = name;
        this.failing = new TroubleLog(
                AuditTrail.class,
                "audit sink " + name + " failed; its records wait and are offered again",
                "audit sink " + name + " writes again",
                System::nanoTime);
    }

    String name() {
        return name;
    }

    void failed(Throwable failure) {
        failing.failed(failure);
    }

    void succeeded(long lostMeanwhile) {
        failing.worked();
        if (lostMeanwhile > 0) {
            LOG.warn("audit sink {} writes again; {} records were lost meanwhile", name, lostMeanwhile);
        }
    }

    void losing() {
        LOG.error(
                "audit sink {} is down, hangs, is too slow, or was closed with its service:"
                        + " records are lost from now on",
                name);
    }

    void lostAtEnd(int count) {
        LOG.error("audit sink {}: {} records are lost at the end", name, count);
    }
}
