package dev.curfew.examples.benchmarks;

import cn.dev33.satoken.SaManager;
import cn.dev33.satoken.config.SaTokenConfig;
import cn.dev33.satoken.dao.SaTokenDaoForRedisTemplate;
import cn.dev33.satoken.json.SaJsonTemplateForJackson;
import cn.dev33.satoken.plugin.SaTokenPluginHolder;
import cn.dev33.satoken.stp.StpUtil;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Sessions of Sa-Token in Redis. It keeps its settings in static fields, so that there is one for each program. */
final class SaTokenKeeper implements SessionKeeper {
    private final LettuceConnectionFactory connections;

    private SaTokenKeeper(LettuceConnectionFactory connections) {
        this.connections = connections;
    }

    static SaTokenKeeper connect() {
        LettuceConnectionFactory connections = SpringSessions.redisConnections();
        SaManager.setConfig(new SaTokenConfig()
                .setIsConcurrent(true)
                .setIsShare(false)
                .setMaxLoginCount(-1)
                .setIsPrint(false)
                .setIsLog(false));
        SaTokenPluginHolder.instance.init();
        SaManager.setSaJsonTemplate(new SaJsonTemplateForJackson());
        SaTokenDaoForRedisTemplate dao = new SaTokenDaoForRedisTemplate();
        dao.init(connections);
        SaManager.setSaTokenDao(dao);
        return new SaTokenKeeper(connections);
    }

    @Override
    public void begin(String subject, int count) {
        for (int i = 0; i < count; i++) {
            beginOne(subject);
        }
    }

    /** Begins a session and answers its token. */
    String beginOne(String subject) {
        return StpUtil.getStpLogic().createLoginSession(subject);
    }

    /** What its check asks of each token. */
    boolean isLive(String token) {
        return StpUtil.getLoginIdByToken(token) != null;
    }

    @Override
    public void endAll(String subject) {
        StpUtil.logout((Object) subject);
    }

    @Override
    public boolean hasAny(String subject) {
        return !StpUtil.getTokenValueListByLoginId(subject).isEmpty();
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
