package dev.curfew.client;

import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Missing;
import dev.curfew.client.ClientAuthentication.Refused;
import dev.curfew.http.EndpointRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Accepts callers by one of several methods. Thread-safe.
 *
 * <p>Of the methods of the standards, the one that the request uses is asked. Those of the host are always asked, since
 * nobody else can tell whether they are used; public clients last, since they bring nothing but the name that others
 * bring too.
 */
final class AnyAuthenticator implements ClientAuthenticator {
    private final List<MethodAuthenticator> ofStandards = new ArrayList<>();
    private final List<ClientAuthenticator> ofHost = new ArrayList<>();
    private final List<PublicClients> publicClients = new ArrayList<>();
    private final List<String> names;

    AnyAuthenticator(List<ClientAuthenticator> all) {
        all.forEach(this::add);
        this.names =
                all.stream().flatMap(one -> one.methods().stream()).distinct().toList();
    }

    private void add(ClientAuthenticator one) {
        if (one instanceof AnyAuthenticator any) {
            ofStandards.addAll(any.ofStandards);
            ofHost.addAll(any.ofHost);
            publicClients.addAll(any.publicClients);
        } else if (one instanceof MethodAuthenticator method) {
            ofStandards.add(method);
        } else if (one instanceof PublicClients clients) {
            publicClients.add(clients);
        } else {
            ofHost.add(one);
        }
    }

    @Override
    public List<String> methods() {
        return names;
    }

    @Override
    public ClientAuthentication authenticate(EndpointRequest request) {
        CallerCredentials credentials = CallerCredentials.of(request);
        if (credentials.isAmbiguous()) {
            return new Ambiguous();
        }
        List<ClientAuthentication> answers = new ArrayList<>();
        for (ClientAuthenticator one : ofHost) {
            ClientAuthentication answer = one.authenticate(request);
            if (!(answer instanceof Missing)) {
                answers.add(isOfAnother(one, answer, credentials) ? new Ambiguous() : answer);
            }
        }
        if (!answers.isEmpty()) {
            return answers.size() > 1 || isAccepted(credentials) ? new Ambiguous() : answers.get(0);
        }
        return byStandards(request, credentials);
    }

    /** RFC 6749 §2.3: no second method; RFC 8705 §2: no other name in the form than that of the certificate. */
    private static boolean isOfAnother(
            ClientAuthenticator one, ClientAuthentication answer, CallerCredentials credentials) {
        return answer instanceof Authenticated known
                && (credentials.namesOther(known.client().id().value()) || credentials.isBeside(one.methods()));
    }

    private boolean isAccepted(CallerCredentials credentials) {
        return ofStandards.stream().anyMatch(method -> method.accepts(credentials));
    }

    private ClientAuthentication byStandards(EndpointRequest request, CallerCredentials credentials) {
        if (credentials.method() == null) {
            return ofPublic(request);
        }
        ClientAuthentication refused = new Refused();
        for (MethodAuthenticator method : ofStandards) {
            if (method.accepts(credentials)) {
                ClientAuthentication answer = method.authenticate(request);
                if (!(answer instanceof Refused)) {
                    return answer;
                }
                refused = answer;
            }
        }
        return refused;
    }

    /** A client that is no one's is refused; one that names itself nowhere has brought nothing. */
    private ClientAuthentication ofPublic(EndpointRequest request) {
        ClientAuthentication last = new Missing();
        for (PublicClients clients : publicClients) {
            last = clients.authenticate(request);
            if (last instanceof Authenticated) {
                return last;
            }
        }
        return last;
    }
}
