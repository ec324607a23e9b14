package dev.curfew;

import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RetryRule;
import dev.curfew.refresh.RetryRule.Holder;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what version 2 of a sealed login adds to version 1, each part behind a byte that says whether it is there. */
final class LoginTermsFormat {
    private LoginTermsFormat() {}

    static void write(DataOutputStream out, LoginTerms terms) throws IOException {
        writeLifetimes(out, terms.lifetimes());
        writeText(out, terms.credential() == null ? null : terms.credential().prefix());
        writeTexts(out, terms.binding().scopes());
        SenderKey sender = terms.binding().sender().orElse(null);
        writeText(out, sender == null ? null : sender.kind().name());
        writeText(out, sender == null ? null : sender.thumbprint());
        writeRule(out, terms.binding().retry().orElse(null));
        writeText(out, terms.acr());
        writeTexts(out, terms.amr());
        writeSession(out, terms.replaces());
    }

    static LoginTerms read(DataInputStream in, LoginTerms version1) throws IOException {
        LoginTerms terms = version1;
        SessionLifetimes lifetimes = readLifetimes(in);
        terms = lifetimes == null ? terms : terms.withLifetimes(lifetimes);
        CredentialKind kind = kind(readText(in));
        RefreshBinding binding = RefreshBinding.none().scopes(readTexts(in));
        String senderKind = readText(in);
        String thumbprint = readText(in);
        if (senderKind != null && thumbprint != null) {
            binding = binding.sender(new SenderKey(SenderKey.Kind.valueOf(senderKind), thumbprint));
        }
        RetryRule rule = readRule(in);
        binding = rule == null ? binding : binding.retry(rule);
        terms = kind == null ? terms : terms.withCredential(kind, binding);
        terms = terms.withEvidence(readText(in), readTexts(in));
        SessionRef replaced = readSession(in);
        return replaced == null ? terms : terms.replacing(replaced);
    }

    private static void writeLifetimes(DataOutputStream out, @Nullable SessionLifetimes lifetimes) throws IOException {
        out.writeBoolean(lifetimes != null);
        if (lifetimes != null) {
            out.writeLong(lifetimes.absolute().toMillis());
            out.writeLong(lifetimes.idle().toMillis());
        }
    }

    private static @Nullable SessionLifetimes readLifetimes(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? new SessionLifetimes(Duration.ofMillis(in.readLong()), Duration.ofMillis(in.readLong()))
                : null;
    }

    private static void writeRule(DataOutputStream out, @Nullable RetryRule rule) throws IOException {
        writeText(out, rule == null ? null : rule.holder().name());
        if (rule != null) {
            out.writeLong(rule.window().toMillis());
            out.writeLong(rule.tolerance().toMillis());
        }
    }

    private static @Nullable RetryRule readRule(DataInputStream in) throws IOException {
        String holder = readText(in);
        return holder == null
                ? null
                : new RetryRule(
                        Holder.valueOf(holder), Duration.ofMillis(in.readLong()), Duration.ofMillis(in.readLong()));
    }

    private static void writeSession(DataOutputStream out, @Nullable SessionRef session) throws IOException {
        writeText(out, session == null ? null : session.realm().name());
        if (session != null) {
            out.writeBoolean(session.isForeign());
            out.writeUTF(session.handle().value());
            out.writeInt(session.bucket());
        }
    }

    private static @Nullable SessionRef readSession(DataInputStream in) throws IOException {
        String realm = readText(in);
        if (realm == null) {
            return null;
        }
        boolean isForeign = in.readBoolean();
        String handle = in.readUTF();
        int bucket = in.readInt();
        return new SessionRef(
                Realm.of(realm),
                isForeign
                        ? new ForeignSessionId(handle)
                        : SessionId.parse(handle).orElseThrow(IOException::new),
                bucket);
    }

    private static @Nullable CredentialKind kind(@Nullable String prefix) throws IOException {
        if (prefix == null) {
            return null;
        }
        for (CredentialKind kind : CredentialKind.values()) {
            if (kind.prefix().equals(prefix)) {
                return kind;
            }
        }
        throw new IOException("a kind of credential that this version does not know");
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    private static void writeTexts(DataOutputStream out, Collection<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    private static Set<String> readTexts(DataInputStream in) throws IOException {
        Set<String> texts = new HashSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(in.readUTF());
        }
        return texts;
    }
}
