package dev.curfew.examples.provider;

import java.util.Map;

/** The few pages that people see. */
final class Pages {
    private static final String FRAME = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
            <meta name="viewport" content="width=device-width">
            <style>body{font-family:system-ui;max-width:22rem;margin:4rem auto;padding:0 1rem}
            label,button,input{display:block;width:100%%;box-sizing:border-box;margin:.3rem 0;font:inherit}
            button{margin-top:1rem;padding:.5rem}</style></head>
            <body><h1>%1$s</h1>
            %2$s</body></html>
            """;

    private Pages() {}

    static String signIn(Map<String, String> request, String notice) {
        StringBuilder form = new StringBuilder("<form method=\"post\" action=\"/login\">\n");
        request.forEach((name, value) -> form.append("<input type=\"hidden\" name=\"")
                .append(name)
                .append("\" value=\"")
                .append(escaped(value))
                .append("\">\n"));
        return FRAME.formatted("Sign in", "<p role=\"alert\">" + escaped(notice) + "</p>\n" + form + """
                <label for="username">User</label>
                <input id="username" name="username" autocomplete="username" required autofocus>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required>
                <button>Sign in</button></form>
                """);
    }

    static String signedIn(String person) {
        return FRAME.formatted("Signed in", "<p id=\"person\">" + escaped(person) + "</p>\n" + """
                <form method="post" action="/logout"><button id="logout">Sign out everywhere</button></form>
                """);
    }

    static String message(String title, String text) {
        return FRAME.formatted(escaped(title), "<p>" + escaped(text) + "</p>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
