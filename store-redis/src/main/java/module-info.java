/** Sessions and revocations in Redis or Valkey. */
module dev.curfew.redis {
    requires transitive dev.curfew.core;
    requires transitive lettuce.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.curfew.redis;
    exports dev.curfew.redis.server;
}
