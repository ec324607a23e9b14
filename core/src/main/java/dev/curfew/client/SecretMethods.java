package dev.curfew.client;

import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Refused;
import dev.curfew.crypto.SecretHash;
import dev.curfew.http.FormParameters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out whose a name and a secret are. Thread-safe. */
final class SecretMethods {
    private final Function<String, Optional<ClientSecret>> clients;
    private final SecretHash nobody = ClientSecret.ofNobody();

    SecretMethods(Function<String, Optional<ClientSecret>> clients) {
        this.clients = clients;
    }

    /** RFC 6749 §2.3.1: name and secret are encoded as forms are, and then as RFC 7617 says. */
    ClientAuthentication basic(CallerCredentials credentials) {
        String pair = decoded(credentials.authorization());
        int colon = pair == null ? -1 : pair.indexOf(':');
        if (pair == null || colon < 0) {
            return new Refused();
        }
        String id = FormParameters.decode(pair.substring(0, colon)).orElse(null);
        String secret = FormParameters.decode(pair.substring(colon + 1)).orElse(null);
        if (id == null || secret == null) {
            return new Refused();
        }
        return credentials.namesOther(id) ? new Ambiguous() : judge(id, secret);
    }

    ClientAuthentication post(CallerCredentials credentials) {
        String id = credentials.parameter("client_id");
        String secret = credentials.parameter("client_secret");
        return id == null || secret == null ? new Refused() : judge(id, secret);
    }

    /** An unknown client costs a hash and a comparison as well. */
    private ClientAuthentication judge(String id, String secret) {
        SecretHash presented = SecretHash.of(secret);
        ClientSecret known = clients.apply(id).orElse(null);
        boolean isRight = known == null ? nobody.equals(presented) : known.accepts(presented);
        return known != null && isRight ? Authenticated.of(known.client()) : new Refused();
    }

    private static @Nullable String decoded(String base64) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }
}
