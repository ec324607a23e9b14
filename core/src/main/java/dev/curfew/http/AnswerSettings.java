package dev.curfew.http;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a host has said about the shape of answers. Confined to one thread. */
final class AnswerSettings {
    Profile profile = Profile.GUIDE;
    Locale defaultLocale = Locale.ENGLISH;
    String realmName = "api";
    final Set<SessionCookie> cookies = new LinkedHashSet<>();
    final Set<ClearSiteData> clearSiteData = EnumSet.noneOf(ClearSiteData.class);

    @Nullable
    SessionCookie credentialCookie;

    /** By which the host verifies proofs; null if it verifies none. */
    @Nullable
    String dpopAlgorithms;

    /** Where the resource is described, to be named in challenges; null if it is not. */
    @Nullable
    String resourceMetadata;

    @Nullable
    String problemTypeBase;

    @Nullable
    String transportSecurity;
}
