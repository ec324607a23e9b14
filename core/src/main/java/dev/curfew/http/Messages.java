package dev.curfew.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;

/**
 * What the endpoints say to people, in the language that they prefer. Immutable.
 *
 * <p>Bundles are loaded here and not by {@link ResourceBundle#getBundle(String)}, which would put the language of the
 * server's operating system before the configured default.
 */
final class Messages {
    private static final int MAX_HEADER = 256;
    private static final Map<Locale, ResourceBundle> BUNDLES = bundles();

    private final Locale defaultLocale;

    Messages(Locale defaultLocale) {
        this.defaultLocale = defaultLocale;
    }

    static boolean isSupported(Locale locale) {
        return BUNDLES.containsKey(locale);
    }

    /** The best language for a request, whatever stands in its headers. */
    Locale localeFor(EndpointRequest request) {
        String header = String.join(",", request.headers("Accept-Language"));
        if (header.isEmpty() || header.length() > MAX_HEADER) {
            return defaultLocale;
        }
        try {
            Locale match = Locale.lookup(Locale.LanguageRange.parse(header), BUNDLES.keySet());
            return match == null ? defaultLocale : match;
        } catch (RuntimeException e) {
            // The parser has more ways to fail than the one that it documents.
            return defaultLocale;
        }
    }

    String text(Locale locale, String key) {
        ResourceBundle bundle = BUNDLES.get(locale);
        if (bundle == null) {
            throw new MissingResourceException("no messages in this language", Messages.class.getName(), key);
        }
        return bundle.getString(key);
    }

    private static Map<Locale, ResourceBundle> bundles() {
        Map<Locale, ResourceBundle> bundles = new LinkedHashMap<>();
        bundles.put(Locale.ENGLISH, load("messages.properties"));
        for (String language : List.of("es")) {
            bundles.put(Locale.forLanguageTag(language), load("messages_" + language + ".properties"));
        }
        return Map.copyOf(bundles);
    }

    private static ResourceBundle load(String file) {
        try (InputStream in = Messages.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new MissingResourceException("missing resource " + file, Messages.class.getName(), file);
            }
            return new PropertyResourceBundle(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
