package dev.curfew.session;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person needs to recognise a device in a list: a label, and optionally where and by what. Immutable. Browser,
 * system and kind are read from the label, so that sessions of earlier versions have them too.
 *
 * <p>{@link #fromRequest} keeps only a coarse label and a truncated address; the full user agent is kept only if the
 * host says so with {@link #withUserAgent}.
 */
public final class DeviceInfo {
    private static final int MAX_LABEL = 120;
    private static final int MAX_ADDRESS = 64;
    private static final int MAX_USER_AGENT = 512;
    private static final DeviceInfo UNKNOWN = new DeviceInfo("Unknown device", null, null);

    private final String label;
    private final @Nullable String address;
    private final @Nullable String userAgent;

    private DeviceInfo(String label, @Nullable String address, @Nullable String userAgent) {
        this.label = label;
        this.address = address;
        this.userAgent = userAgent;
    }

    /** {@return a device that nobody described} */
    public static DeviceInfo unknown() {
        return UNKNOWN;
    }

    /**
     * A device with a label of the host's choice.
     *
     * @param label for people, such as {@code Firefox on Linux}; control characters are replaced, the rest is cut to
     *     120 characters
     * @return the device
     */
    public static DeviceInfo of(String label) {
        String clean = PlainText.of(Objects.requireNonNull(label, "label"), MAX_LABEL);
        return clean.isEmpty() ? UNKNOWN : new DeviceInfo(clean, null, null);
    }

    /**
     * Describes a device as coarsely as a person needs: browser and system, and the network of the address.
     *
     * @param userAgent the {@code User-Agent} header, or an empty text
     * @param clientAddress the client's address as a literal (of a trusted source), or an empty text; kept to /24 or
     *     /48
     * @return the device
     */
    public static DeviceInfo fromRequest(String userAgent, String clientAddress) {
        return of(DeviceLabels.describe(userAgent)).withAddress(CoarseAddress.of(clientAddress));
    }

    /**
     * The same device with an address, kept as given.
     *
     * @param newAddress for people; an empty text removes it
     * @return the device
     */
    public DeviceInfo withAddress(String newAddress) {
        String clean = PlainText.of(newAddress, MAX_ADDRESS);
        return new DeviceInfo(label, clean.isEmpty() ? null : clean, userAgent);
    }

    /**
     * The same device with its full user agent, which identifies people better than a label does.
     *
     * @param newUserAgent cut to 512 characters; an empty text removes it
     * @return the device
     */
    public DeviceInfo withUserAgent(String newUserAgent) {
        String clean = PlainText.of(newUserAgent, MAX_USER_AGENT);
        return new DeviceInfo(label, address, clean.isEmpty() ? null : clean);
    }

    /** {@return the label for people, one line, never empty} */
    public String label() {
        return label;
    }

    /** {@return the network that the device came from, one line, if known} */
    public Optional<String> address() {
        return Optional.ofNullable(address);
    }

    /** {@return the full user agent, one line, if the host chose to keep it} */
    public Optional<String> userAgent() {
        return Optional.ofNullable(userAgent);
    }

    /**
     * The browser that the label names, or the app or program where it is none.
     *
     * @return one of a few names, such as {@code Firefox}; nothing if the label is the host's own or names none
     */
    public Optional<String> browser() {
        return DeviceLabels.browserOf(label);
    }

    /**
     * The system that the label names.
     *
     * @return one of a few names, such as {@code Android}; nothing if the label is the host's own or names none
     */
    public Optional<String> system() {
        return DeviceLabels.systemOf(label);
    }

    /**
     * What sort of device the label names.
     *
     * @return the sort, {@link DeviceKind#UNKNOWN} if the label is the host's own or does not say
     */
    public DeviceKind kind() {
        return DeviceLabels.kindOf(label);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceInfo that
                && label.equals(that.label)
                && Objects.equals(address, that.address)
                && Objects.equals(userAgent, that.userAgent);
    }

    @Override
    public int hashCode() {
        return Objects.hash(label, address, userAgent);
    }

    @Override
    public String toString() {
        return label;
    }
}
