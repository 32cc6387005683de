package chatql.web;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Content-Security-Policy} of the chat page: the browser runs only its own files and its import map, whose
 * hash is computed from the page, and connects only to the gateway and to the tokens' issuer. Trusted Types keep text
 * from becoming markup, except in Lit's templates.
 */
final class ContentSecurityPolicy {
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private ContentSecurityPolicy() {}

    /** @param issuer a URL, whose origin the page may connect to */
    static String of(String html, Optional<String> issuer) {
        return "default-src 'none'; script-src 'self' '" + hash(importMap(html))
                + "'; style-src 'self'; img-src 'self';"
                + " connect-src 'self'"
                + issuer.map(url -> " " + origin(URI.create(url))).orElse("")
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                + "; require-trusted-types-for 'script'; trusted-types lit-html";
    }

    private static String importMap(String html) {
        Matcher found = IMPORT_MAP.matcher(html);
        if (!found.find()) {
            throw new IllegalStateException("The page has no import map");
        }
        return found.group(1);
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }
}
