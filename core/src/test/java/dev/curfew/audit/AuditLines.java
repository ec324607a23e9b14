package dev.curfew.audit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.event.SessionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** Reads the audit log back, as a collector of logs would. Confined to one thread. */
final class AuditLines implements AutoCloseable {
    private static final Pattern PAIR =
            Pattern.compile("\\G(?:^| )([a-z_]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)(…?)\"|([^\" ]+))");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u\\{([0-9a-f]+)}|(.))");

    private final Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    AuditLines() {
        log.start();
        logger.addAppender(log);
    }

    @Override
    public void close() {
        logger.detachAppender(log);
    }

    List<ILoggingEvent> events() {
        return log.list;
    }

    /** The one line that this event makes. */
    String write(SessionEvent event) {
        log.list.clear();
        try (AuditTrail trail = AuditTrail.builder()
                .sink("log", new AuditLog())
                .executor(Runnable::run)
                .build()) {
            trail.onEvent(event);
        }
        if (log.list.size() != 1) {
            throw new AssertionError("one event made " + log.list.size() + " lines");
        }
        return log.list.get(0).getFormattedMessage();
    }

    /** The pairs of the one line that this event makes, unescaped. */
    Map<String, String> pairs(SessionEvent event) {
        return parse(write(event));
    }

    static Map<String, String> parse(String line) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Matcher matcher = PAIR.matcher(line);
        int end = 0;
        while (matcher.find()) {
            String value = matcher.group(4) == null ? unescape(matcher.group(2)) + matcher.group(3) : matcher.group(4);
            if (pairs.put(matcher.group(1), value) != null) {
                throw new AssertionError("twice: " + matcher.group(1) + " in " + line);
            }
            end = matcher.end();
        }
        if (end != line.length()) {
            throw new AssertionError("not pairs of keys and values behind " + end + ": " + line);
        }
        return pairs;
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null
                                ? found.group(2)
                                : Character.toString(Integer.parseInt(found.group(1), 16))));
    }
}
