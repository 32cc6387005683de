package chatql.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Invalid values of the {@code Authorization} header, by what is wrong with them. */
public final class WrongTokens {
    private final Issuer issuer;
    private final Map<String, String> all = new LinkedHashMap<>();

    private WrongTokens(Issuer issuer) {
        this.issuer = issuer;
    }

    public static Map<String, String> of(Issuer issuer) {
        var wrong = new WrongTokens(issuer);
        wrong.inTime();
        wrong.inWhoAndWhatFor();
        wrong.inSignature();
        wrong.inHeader();
        wrong.inForm();
        return wrong.all;
    }

    private void inTime() {
        Date past = Date.from(Instant.now().minusSeconds(60));
        Date future = Date.from(Instant.now().plusSeconds(60));
        claims("expired", claims -> claims.expirationTime(past));
        claims("without an expiry", claims -> claims.expirationTime(null));
        claims("not valid yet", claims -> claims.notBeforeTime(future));
        claims("expired long ago", claims -> claims.expirationTime(new Date(0)));
        claims("with an expiry that is text", claims -> claims.claim("exp", "never"));
        claims("with a start that is text", claims -> claims.claim("nbf", "now"));
    }

    private void inWhoAndWhatFor() {
        claims("for another audience", claims -> claims.audience("other"));
        claims("for other audiences", claims -> claims.audience(List.of("other", "another")));
        claims("without an audience", claims -> claims.audience((String) null));
        claims("for an audience of a similar name", claims -> claims.audience("Chatql"));
        claims("of another issuer", claims -> claims.issuer("https://evil.example"));
        claims("of an issuer of a similar name", claims -> claims.issuer(Issuer.NAME + "/"));
        claims("without an issuer", claims -> claims.issuer(null));
        claims("without a subject", claims -> claims.subject(null));
        claims("with an empty subject", claims -> claims.subject(""));
        claims("with a blank subject", claims -> claims.subject(" "));
        claims("with a long subject", claims -> claims.subject("x".repeat(129)));
        claims("with a list for a subject", claims -> claims.claim("sub", List.of("anna")));
        claims("with an object for a subject", claims -> claims.claim("sub", Map.of("id", "anna")));
        claims("huge", claims -> claims.claim("x", "x".repeat(9_000)));
    }

    private void inSignature() {
        String good = issuer.bearer("anna");
        all.put("signed by another issuer", new Issuer().bearer("anna"));
        token("not signed", Issuer.unsigned());
        token("signed with the public key", issuer.withThePublicKeyAsSecret());
        signed("signed by another algorithm", new JWSHeader(JWSAlgorithm.RS512));
        signed("signed with a padding that isn't its own", new JWSHeader(JWSAlgorithm.PS256));
        all.put("cut short", good.replaceAll(".{8}$", ""));
        all.put("without its signature", good.replaceAll("\\.[^.]*$", "."));
        all.put("with an empty signature", good.replaceAll("\\.[^.]*$", ".AA"));
        all.put("with a signature of zeros", good.replaceAll("\\.[^.]*$", "." + "A".repeat(342)));
        all.put("with the signature of another", good.replaceAll("[^.]*$", "") + signatureOf(issuer.bearer("ben")));
        all.put("changed", changed(good));
    }

    private void inHeader() {
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            header("unsigned, with the algorithm '" + none + "'", "{\"alg\":\"" + none + "\"}", "");
        }
        header("without an algorithm", "{\"typ\":\"JWT\"}", "AAAA");
        header("of an elliptic curve, with zeros", "{\"alg\":\"ES256\"}", "A".repeat(86));
        header("with the header of an encrypted token", "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}", "AAAA");
        header("with a header that is not an object", "[]", "AAAA");
        token("signed by a key in its own header", bringing(new Issuer()));
        token("signed by a key at another URL", new Issuer().sign(elsewhere(), claims -> claims));
        signed("with an unknown critical header", critical());
        signed(
                "of another type",
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+logout"))
                        .build());
    }

    private void inForm() {
        String good = issuer.bearer("anna");
        all.put("no token", "Bearer garbage");
        all.put("nothing", "Bearer ");
        all.put("empty", "Bearer");
        all.put("empty", "");
        all.put("of another scheme", "Basic YW5uYTpzZWNyZXQ=");
        all.put("without a scheme", good.replace("Bearer ", ""));
        all.put("of a scheme of a similar name", good.replace("Bearer", "Bearers"));
        all.put("two", good + ", " + issuer.bearer("anna"));
        all.put("two, in a row", good + " " + issuer.bearer("anna"));
        all.put("in quotes", good.replace("Bearer ", "Bearer \"") + "\"");
        all.put("with a dot too many", good + ".AAAA");
        all.put("with a dot too few", good.replaceFirst("\\.", ""));
        all.put("of dots", "Bearer ..");
        all.put("in another alphabet", good.replace('e', '%'));
        all.put("with a line end", good + "\n");
        all.put("with an unpaired surrogate", "Bearer \u0000\uD800");
    }

    private void claims(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        token(name, issuer.token(change));
    }

    /** A token with that header, signed by the right issuer. */
    private void signed(String name, JWSHeader header) {
        token(name, issuer.sign(header, claims -> claims));
    }

    /** A token with valid claims and that header. */
    private void header(String name, String header, String signature) {
        token(name, base64(header) + "." + issuer.bearer("anna").split("\\.")[1] + "." + signature);
    }

    private void token(String name, String token) {
        all.put(name, "Bearer " + token);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String signatureOf(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    /** A token with one letter of its claims changed. */
    private static String changed(String token) {
        int at = token.indexOf('.') + 10;
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        return token.substring(0, at) + other + token.substring(at + 1);
    }

    private static String bringing(Issuer other) {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(other.key()).build();
        return other.sign(header, claims -> claims);
    }

    private static JWSHeader elsewhere() {
        URI keys = URI.create("http://127.0.0.1:1/keys");
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwkURL(keys)
                .x509CertURL(keys)
                .keyID("../../etc/passwd")
                .build();
    }

    private static JWSHeader critical() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .criticalParams(Set.of("exp"))
                .customParam("exp", 1)
                .build();
    }
}
