/** Sessions and token revocation, embedded in a host application. */
module dev.curfew.core {
    requires com.github.benmanes.caffeine;
    requires com.nimbusds.jose.jwt;
    requires java.net.http;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.curfew;
    exports dev.curfew.audit;
    exports dev.curfew.check;
    exports dev.curfew.client;
    exports dev.curfew.crypto;
    exports dev.curfew.deliver;
    exports dev.curfew.event;
    exports dev.curfew.http;
    exports dev.curfew.memory;
    exports dev.curfew.meter;
    exports dev.curfew.oauth;
    exports dev.curfew.oidc;
    exports dev.curfew.ratelimit;
    exports dev.curfew.refresh;
    exports dev.curfew.replica;
    exports dev.curfew.revocation;
    exports dev.curfew.session;
    exports dev.curfew.ssf;
    exports dev.curfew.status;
    exports dev.curfew.store;
    exports dev.curfew.subject;
    exports dev.curfew.suspicion;
    exports dev.curfew.token;
    exports dev.curfew.watch;
}
