package chatql.limit;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A client's address: an IPv4 address, or the first half of an IPv6 address, which belongs to one network. It travels
 * in Reactor's context.
 */
public record ClientAddress(String key) {
    /** For a client without an address, such as one on a UNIX socket. */
    private static final ClientAddress NONE = new ClientAddress("");

    private static final int HALF = 8;

    /**
     * The address that the outermost of the proxies has seen.
     *
     * @param peer the remote address of the connection
     * @param forwarded the lines of {@code X-Forwarded-For}, of which only entries that a proxy wrote count
     * @param proxies the number of proxies in front of the gateway
     */
    public static ClientAddress of(@Nullable InetSocketAddress peer, List<String> forwarded, int proxies) {
        if (proxies == 0) {
            return of(peer);
        }
        List<String> seen = forwarded.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .toList();
        // Entries further to the left came from the client itself and cannot be trusted.
        return Stream.of(seen)
                .filter(all -> all.size() >= proxies)
                .map(all -> parse(all.get(all.size() - proxies)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> of(peer));
    }

    /** The address of a request's client, as above, by the request's connection and headers. */
    public static ClientAddress of(HttpServerRequest request, int proxies) {
        return of(request.remoteAddress(), request.requestHeaders().getAll("X-Forwarded-For"), proxies);
    }

    private static ClientAddress of(@Nullable InetSocketAddress peer) {
        InetAddress address = peer == null ? null : peer.getAddress();
        return address == null ? NONE : of(address.getAddress());
    }

    private static ClientAddress of(byte[] bytes) {
        return new ClientAddress(HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, HALF)));
    }

    /** Parses an address with or without a port. */
    private static Optional<ClientAddress> parse(String text) {
        String host = text.startsWith("[") ? text.replaceFirst("].*", "").substring(1) : withoutPort(text);
        return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(host))
                .map(InetAddress::getAddress)
                .map(ClientAddress::of);
    }

    private static String withoutPort(String text) {
        boolean onePort = text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        return onePort ? text.substring(0, text.indexOf(':')) : text;
    }

    /** Adds the address to the context, where {@link #from(ContextView)} finds it. */
    public Context writeTo(Context context) {
        return context.put(ClientAddress.class, this);
    }

    public static ClientAddress from(ContextView context) {
        return context.hasKey(ClientAddress.class) ? context.get(ClientAddress.class) : NONE;
    }
}
