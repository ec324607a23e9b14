package dev.curfew.http;

import dev.curfew.SessionList;
import dev.curfew.jose.JsonObject;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Session;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of sessions on the wire: which page is asked for, and what a page looks like. */
final class SessionPages {
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,15})-([0-9]{1,15})-([0-9a-f]{32})");

    private SessionPages() {}

    static ListQuery query(EndpointRequest request) throws Rejection {
        Optional<String> limit = single(request, "limit");
        Optional<String> cursor = single(request, "cursor");
        ListQuery query = ListQuery.live(limit.isPresent() ? limit(limit.get()) : ListQuery.MAX_LIMIT);
        return cursor.isPresent() ? query.after(cursor(cursor.get())) : query;
    }

    static JsonObject write(JsonObject json, SessionList sessions) {
        json.with(
                "sessions", sessions.entries().stream().map(SessionPages::entry).toList());
        sessions.next().ifPresent(cursor -> json.with("next", text(cursor)));
        return json;
    }

    private static JsonObject entry(SessionList.Entry entry) {
        Session session = entry.session();
        JsonObject json = new JsonObject()
                .with("id", session.handle().value())
                .with("current", entry.isCurrent())
                .with("device", session.device().label())
                .with("kind", session.device().kind().name().toLowerCase(Locale.ROOT));
        session.label().ifPresent(label -> json.with("label", label));
        session.device().browser().ifPresent(browser -> json.with("browser", browser));
        session.device().system().ifPresent(system -> json.with("system", system));
        session.device().address().ifPresent(address -> json.with("address", address));
        if (!entry.isReadable()) {
            json.with("readable", false);
        }
        return json.with("createdAt", session.createdAt().toString())
                .with("lastSeenAt", session.lastSeenAt().toString())
                .with("expiresAt", session.expiresAt().toString());
    }

    private static String text(SessionCursor cursor) {
        return cursor.authenticatedAt().toEpochMilli() + "-"
                + cursor.createdAt().toEpochMilli() + "-" + cursor.key();
    }

    private static SessionCursor cursor(String text) throws Rejection {
        Matcher matcher = CURSOR.matcher(text);
        if (!matcher.matches()) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
        return new SessionCursor(
                instant(matcher.group(1)),
                instant(matcher.group(2)),
                LookupKey.fromBytes(HexFormat.of().parseHex(matcher.group(3))));
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private static int limit(String text) throws Rejection {
        if (!LIMIT.matcher(text).matches() || Integer.parseInt(text) > ListQuery.MAX_LIMIT) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> single(EndpointRequest request, String name) throws Rejection {
        List<String> values = request.queryParameters(name);
        if (values.size() > 1) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
        return values.stream().findFirst();
    }
}
