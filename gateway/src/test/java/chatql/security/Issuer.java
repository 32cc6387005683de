package chatql.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** An issuer of signed tokens. */
public final class Issuer {
    public static final String NAME = "https://issuer.example";
    public static final String AUDIENCE = "chatql";

    private final KeyPair keys;
    private final String keyId = UUID.randomUUID().toString();

    public Issuer() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes the public key into the directory, in PEM. */
    public Path publicKey(Path directory) {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        try {
            return Files.writeString(directory.resolve("key.pem"), pem);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The settings of a gateway that trusts this issuer, and other settings; writes the public key into the directory.
     */
    public String[] settings(Path directory, String... others) {
        List<String> settings = new ArrayList<>(List.of(
                "chatql.auth.mode=jwt",
                "chatql.auth.public-key=" + publicKey(directory),
                "chatql.auth.issuer-uri=" + NAME,
                "chatql.auth.audience=" + AUDIENCE));
        settings.addAll(List.of(others));
        return settings.toArray(String[]::new);
    }

    /** The public keys of these issuers, as a JWK Set. */
    static String keys(List<Issuer> issuers) {
        List<JWK> all = issuers.stream()
                .<JWK>map(issuer ->
                        new RSAKey.Builder(issuer.key()).keyID(issuer.keyId).build())
                .toList();
        return new JWKSet(all).toString();
    }

    /** Creates a token as {@link #bearer(String, Duration)} does, with the id of the signing key. */
    public String bearerWithKeyId(String user, Duration good) {
        return "Bearer " + withKeyId(keyId, user, good);
    }

    /** Creates a token with another key id. */
    public String withKeyId(String id, String user, Duration good) {
        return sign(
                header(id),
                claims -> claims.subject(user)
                        .issueTime(Date.from(Instant.now().minusSeconds(300)))
                        .expirationTime(Date.from(Instant.now().plus(good))));
    }

    JWSHeader header() {
        return header(keyId);
    }

    static JWSHeader header(String keyId) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build();
    }

    /** The public key, as a token may contain it. */
    RSAKey key() {
        return new RSAKey.Builder((RSAPublicKey) keys.getPublic()).build();
    }

    /** The header's value with a valid token of the user. */
    public String bearer(String user, String... scopes) {
        return "Bearer " + token(claims -> claims.subject(user).claim("scope", String.join(" ", scopes)));
    }

    /** A token that expires after that time, or expired before it. */
    public String bearer(String user, Duration good) {
        Instant now = Instant.now();
        return "Bearer "
                + token(claims -> claims.subject(user)
                        .issueTime(Date.from(now.minusSeconds(300)))
                        .expirationTime(Date.from(now.plus(good))));
    }

    /** A valid token except for the changed claims. */
    public String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return sign(new JWSHeader(JWSAlgorithm.RS256), change);
    }

    String sign(JWSHeader header, UnaryOperator<JWTClaimsSet.Builder> change) {
        try {
            var token = new SignedJWT(header, claims(change));
            token.sign(new RSASSASigner(keys.getPrivate()));
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A token without a signature. */
    static String unsigned() {
        return new PlainJWT(claims(claims -> claims)).serialize();
    }

    /** A token that is signed with the public key as an HMAC's secret. */
    String withThePublicKeyAsSecret() {
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(claims -> claims));
            token.sign(new MACSigner(keys.getPublic().getEncoded()));
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        return change.apply(new JWTClaimsSet.Builder()
                        .issuer(NAME)
                        .audience(AUDIENCE)
                        .subject("anna")
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(300))))
                .build();
    }
}
