package dev.curfew.examples.provider;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.UnreadableFormException;
import java.util.List;
import java.util.Optional;

/** The parameters of a request, in its query or in its form, of which none may come twice. */
@FunctionalInterface
interface Parameters {
    /**
     * The value of a parameter.
     *
     * @return nothing if it did not come, or is empty
     * @throws UnreadableFormException if it came more than once, or the form cannot be read
     */
    Optional<String> find(String name) throws UnreadableFormException;

    static Parameters of(EndpointRequest request) {
        if (request.method().equals("POST")) {
            return name -> request.form().find(name);
        }
        return name -> {
            List<String> values = request.queryParameters(name);
            if (values.size() > 1) {
                throw new Refusal("the parameter " + name + " came more than once");
            }
            return values.stream().filter(value -> !value.isEmpty()).findFirst();
        };
    }
}
