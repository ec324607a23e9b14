package dev.curfew.examples.server;

import java.net.URI;
import java.util.Map;

/** What the server says when it is ready: where it is, who may sign in, and what to try. */
final class Banner {
    private Banner() {}

    static String of(URI uri, Map<String, String> passwords, String notice, String afterwards) {
        StringBuilder users = new StringBuilder();
        passwords.forEach((name, password) ->
                users.append(name).append(" / ").append(password).append('\n'));
        String password = passwords.getOrDefault("alice", "");
        return """

                Curfew example server: %1$s
                %5$sOpen it in a browser, or in two, to see your devices. Users of this run:

                %2$s
                Or in a terminal: sign in twice, list, end the others, log out.

                login() { curl -s %1$s/api/v1/auth/login -H 'Content-Type: application/json' \\
                  -d '{"username":"alice","password":"%3$s"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'; }
                A=$(login); B=$(login)
                curl -iw '\\n' %1$s/api/me -H "Authorization: Bearer $A"
                curl -iw '\\n' %1$s/api/auth/sessions -H "Authorization: Bearer $A"
                curl -iw '\\n' -X DELETE %1$s/api/auth/sessions -H "Authorization: Bearer $A"
                curl -iw '\\n' %1$s/api/me -H "Authorization: Bearer $B"
                curl -iw '\\n' -X POST %1$s/api/v1/auth/logout -H "Authorization: Bearer $A" -H 'Accept-Language: es'
                curl -iw '\\n' %1$s/api/me -H "Authorization: Bearer $A"

                Ctrl-C ends the server%4$s.
                """.formatted(uri, users, password, afterwards, notice);
    }
}
