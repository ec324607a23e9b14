package dev.curfew.jdbc.audit;

import dev.curfew.crypto.GuessableSecrets;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keyed hashes that make rows a chain. Thread-safe.
 *
 * <p>What is hashed begins with what it is for, and each part with its length: no two rows, and no row and no place,
 * have the same bytes. Fields count by the names of their columns, so that a column which a later version adds leaves
 * the old rows as they are.
 */
final class AuditChain {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_KEY_BYTES = 32;

    private final SecretKeySpec key;

    AuditChain(byte[] key) {
        if (key.length < LEAST_KEY_BYTES) {
            throw new IllegalArgumentException("chain key has " + key.length + " bytes, and must have at least "
                    + LEAST_KEY_BYTES + ": " + GuessableSecrets.advice(LEAST_KEY_BYTES));
        }
        GuessableSecrets.refuse("chain key", key);
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Before the first row. */
    AuditAnchor beginning() {
        return new AuditAnchor(0, hash("curfew-audit-1:beginning", out -> {}));
    }

    /** What a row must carry that follows another one. */
    String mac(AuditAnchor before, AuditRow row) {
        return hash("curfew-audit-1:row", out -> {
            put(out, before.mac());
            out.writeLong(before.number() + 1);
            put(out, row.id());
            out.writeLong(row.at());
            put(out, row.event());
            put(out, row.result());
            put(out, row.keys().realm());
            put(out, row.keys().subject());
            put(out, row.keys().session());
            Map<String, String> byColumn = new TreeMap<>();
            row.fields().forEach((field, text) -> byColumn.put(AuditRow.column(field), text));
            for (Map.Entry<String, String> one : byColumn.entrySet()) {
                put(out, one.getKey());
                put(out, one.getValue());
            }
        });
    }

    /** Whether a row is what followed another one when it was appended. */
    boolean holds(AuditAnchor before, AuditRow row) {
        String mac = row.mac();
        return mac != null && row.number() == before.number() + 1 && isEqual(mac, mac(before, row));
    }

    /** What shows that a place was written by somebody with the key. */
    String proof(String name, AuditAnchor place) {
        return hash("curfew-audit-1:place", out -> {
            put(out, name);
            out.writeLong(place.number());
            put(out, place.mac());
        });
    }

    static boolean isEqual(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private String hash(String purpose, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            put(out, purpose);
            content.writeTo(out);
            Mac hmac = Mac.getInstance(ALGORITHM);
            hmac.init(key);
            return HexFormat.of().formatHex(hmac.doFinal(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static void put(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
