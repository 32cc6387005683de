package chatql.security;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which names a request's {@code Host} may have. A server that listens only on a loopback address accepts the
 * names of that address: a browser treats any other name as another site, whose page may have pointed that name here by
 * DNS rebinding.
 */
public final class HostRule {
    /** A host, in brackets where it is an IPv6 address, and a port or none: RFC 3986, 3.2.2. */
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]{0,5})?");

    private final boolean onlyLoopback;
    private final Set<String> allowed;

    /** The last accepted host, because most requests have the same one. */
    private volatile @Nullable String served;

    private HostRule(boolean onlyLoopback, List<String> allowed) {
        this.onlyLoopback = onlyLoopback;
        this.allowed =
                allowed.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param address the address that the server listens on; null for all
     * @param allowed names besides those of the loopback address
     */
    static HostRule on(@Nullable InetAddress address, List<String> allowed) {
        return new HostRule(address != null && address.isLoopbackAddress(), allowed);
    }

    /**
     * Checks a request's {@code Host}.
     *
     * @param lines the request's {@code Host} header lines
     * @param required whether a {@code Host} is mandatory, as from HTTP/1.1 on
     */
    public HostVerdict of(List<String> lines, boolean required) {
        if (lines.isEmpty()) {
            return required ? HostVerdict.MALFORMED : HostVerdict.SERVED;
        }
        return lines.size() > 1 ? HostVerdict.MALFORMED : of(lines.getFirst().strip());
    }

    private HostVerdict of(String host) {
        if (host.equals(served)) {
            return HostVerdict.SERVED;
        }
        Matcher parts = HOST.matcher(host);
        if (!parts.matches()) {
            return HostVerdict.MALFORMED;
        }
        if (onlyLoopback && !isAccepted(parts.group(1).toLowerCase(Locale.ROOT))) {
            return HostVerdict.FOREIGN;
        }
        served = host;
        return HostVerdict.SERVED;
    }

    private boolean isAccepted(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || allowed.contains(name)
                || isLoopbackAddress(name);
    }

    /** Parses the literal; never resolves a name by DNS. */
    private static boolean isLoopbackAddress(String name) {
        String literal = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(literal);
        return address != null && address.isLoopbackAddress();
    }
}
