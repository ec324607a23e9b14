package dev.curfew.examples.server;

import dev.curfew.http.EndpointRequest;
import java.util.List;
import java.util.Locale;

/** What this host tells people, in the languages that the endpoints of Curfew speak too. */
enum Text {
    WRONG_CREDENTIALS("The user or the password is wrong", "El usuario o la contraseña no son correctos"),
    SIGN_IN_AGAIN(
            "All sessions of this user were just ended: please sign in again",
            "Se acaban de cerrar todas las sesiones de este usuario: vuelve a iniciar sesión"),
    NOT_JSON(
            "Send a JSON object with \"username\" and \"password\"",
            "Envía un objeto JSON con \"username\" y \"password\""),
    WRONG_TYPE("The Content-Type must be application/json", "El Content-Type debe ser application/json"),
    TOO_LARGE("The body is larger than 16 KiB", "El cuerpo ocupa más de 16 KiB"),
    NOT_FOUND("There is nothing here", "Aquí no hay nada"),
    WRONG_METHOD("This method is not allowed here", "Este método no está permitido aquí"),
    TRY_LATER("The service is not available: please try again", "El servicio no está disponible: vuelve a intentarlo"),
    FAILED("Something went wrong on our side", "Algo ha fallado por nuestra parte");

    private static final List<Locale> LOCALES = List.of(Locale.ENGLISH, Locale.forLanguageTag("es"));
    private static final int MAX_HEADER = 256;

    private final String english;
    private final String spanish;

    Text(String english, String spanish) {
        this.english = english;
        this.spanish = spanish;
    }

    String answering(EndpointRequest request) {
        return bestFor(request).equals(Locale.ENGLISH) ? english : spanish;
    }

    /** The language that the client likes best; English if it likes none of ours, or sends nonsense. */
    private static Locale bestFor(EndpointRequest request) {
        String wanted = String.join(",", request.headers("Accept-Language"));
        if (wanted.isEmpty() || wanted.length() > MAX_HEADER) {
            return Locale.ENGLISH;
        }
        try {
            Locale found = Locale.lookup(Locale.LanguageRange.parse(wanted), LOCALES);
            return found == null ? Locale.ENGLISH : found;
        } catch (RuntimeException e) {
            return Locale.ENGLISH;
        }
    }
}
