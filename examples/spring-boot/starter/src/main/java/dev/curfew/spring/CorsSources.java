package dev.curfew.spring;

import static org.springframework.security.config.Customizer.withDefaults;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.web.cors.CorsConfigurationSource;

/** What the host says about CORS, for chains that have to answer a preflight before they demand a caller. */
final class CorsSources {
    /** The name under which Spring Security looks for it. */
    private static final String NAMED = "corsConfigurationSource";

    /** MVC's, which knows of controllers: {@code @CrossOrigin} and {@code addCorsMappings}. */
    private static final String OF_MVC = "mvcHandlerMappingIntrospector";

    private CorsSources() {}

    static void apply(ListableBeanFactory beans, HttpSecurity http) throws Exception {
        Map<String, CorsConfigurationSource> hosts =
                new LinkedHashMap<>(beans.getBeansOfType(CorsConfigurationSource.class));
        boolean hasMvc = hosts.remove(OF_MVC) != null;
        CorsConfigurationSource named = hosts.get(NAMED);
        if (named != null || hosts.size() == 1) {
            CorsConfigurationSource source =
                    named == null ? hosts.values().iterator().next() : named;
            http.cors(cors -> cors.configurationSource(source));
        } else if (hasMvc) {
            http.cors(withDefaults());
        }
    }
}
