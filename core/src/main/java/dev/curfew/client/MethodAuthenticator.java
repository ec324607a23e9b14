package dev.curfew.client;

import dev.curfew.client.CallerCredentials.Method;
import dev.curfew.http.EndpointRequest;
import java.util.List;

/** Accepts callers by one method, and misses it where another is used. Thread-safe. */
final class MethodAuthenticator implements ClientAuthenticator {
    private final Method method;
    private final String name;
    private final Judge judge;

    /** Says whose the credentials of a request are, which are of this method and of no other. */
    @FunctionalInterface
    interface Judge {
        ClientAuthentication judge(CallerCredentials credentials, EndpointRequest request);
    }

    MethodAuthenticator(Method method, String name, Judge judge) {
        this.method = method;
        this.name = name;
        this.judge = judge;
    }

    @Override
    public List<String> methods() {
        return List.of(name);
    }

    @Override
    public ClientAuthentication authenticate(EndpointRequest request) {
        CallerCredentials credentials = CallerCredentials.of(request);
        if (credentials.isAmbiguous()) {
            return new ClientAuthentication.Ambiguous();
        }
        return credentials.method() == method ? judge.judge(credentials, request) : new ClientAuthentication.Missing();
    }

    /** Whether the credentials are for this method. */
    boolean accepts(CallerCredentials credentials) {
        return credentials.method() == method;
    }
}
