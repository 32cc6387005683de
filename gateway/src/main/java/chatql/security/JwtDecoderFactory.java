package chatql.security;

import static chatql.security.AuthSettings.wrong;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.scheduler.Schedulers;

/** Creates the decoder of tokens, by the configured source of keys. */
record JwtDecoderFactory(AuthSettings settings) {
    /** In bytes, of an HMAC's key: RFC 7518, 3.2, for the shortest hash. */
    private static final int SHORTEST_SECRET = 32;

    /** @param keys the issuer's; null where no issuer is configured */
    ReactiveJwtDecoder decoder(@Nullable IssuerKeys keys) {
        requireOneSource();
        if (settings.publicKey() != null) {
            return withPublicKey(settings.publicKey());
        }
        return settings.secret() != null
                ? withSecret(settings.secret())
                : withIssuersKeys(Objects.requireNonNull(keys));
    }

    private void requireOneSource() {
        long sources = Stream.of(settings.jwksUri(), settings.publicKey(), settings.secret())
                .filter(Objects::nonNull)
                .count();
        if (sources > 1) {
            throw wrong("jwks-uri", settings.jwksUri(), "only one of jwks-uri, public-key and secret may be set");
        }
    }

    /** Creates the cache of the configured issuer's keys. */
    IssuerKeys issuerKeys() {
        return new IssuerKeys(
                client().fetch(),
                JWSAlgorithm.parse(signature().getName()),
                settings.jwksRefresh(),
                Schedulers.parallel());
    }

    private JwksClient client() {
        if (settings.jwksUri() != null) {
            return JwksClient.at(settings.jwksUri());
        }
        if (settings.issuerUri() == null) {
            throw wrong("issuer-uri", null, "jwt needs one of issuer-uri, jwks-uri, public-key and secret");
        }
        return JwksClient.of(settings.issuerUri());
    }

    private ReactiveJwtDecoder withIssuersKeys(IssuerKeys keys) {
        return checking(NimbusReactiveJwtDecoder.withJwkSource(
                        token -> keys.candidates(token.getHeader()).flatMapIterable(candidates -> candidates))
                .jwsAlgorithm(signature())
                .build());
    }

    private ReactiveJwtDecoder withPublicKey(Path file) {
        return checking(NimbusReactiveJwtDecoder.withPublicKey(publicKey(file))
                .signatureAlgorithm(signature())
                .build());
    }

    private ReactiveJwtDecoder withSecret(Path file) {
        byte[] secret = read("secret", file).strip().getBytes(StandardCharsets.UTF_8);
        if (secret.length < SHORTEST_SECRET) {
            throw wrong("secret", file, "the file must have at least " + SHORTEST_SECRET + " bytes");
        }
        String name = Objects.requireNonNullElse(settings.algorithm(), "HS256");
        MacAlgorithm algorithm = MacAlgorithm.from(name);
        if (algorithm == null) {
            throw wrong("algorithm", name, "with a secret it is HS256, HS384 or HS512");
        }
        return checking(NimbusReactiveJwtDecoder.withSecretKey(new SecretKeySpec(secret, "HmacSHA256"))
                .macAlgorithm(algorithm)
                .build());
    }

    private SignatureAlgorithm signature() {
        String name = Objects.requireNonNullElse(settings.algorithm(), "RS256");
        SignatureAlgorithm algorithm = SignatureAlgorithm.from(name);
        if (algorithm == null) {
            throw wrong(
                    "algorithm",
                    name,
                    "with public keys it is RS256, RS384, RS512, PS256, ES256 or another asymmetric one");
        }
        return algorithm;
    }

    private ReactiveJwtDecoder checking(NimbusReactiveJwtDecoder decoder) {
        decoder.setJwtValidator(validator());
        return decoder;
    }

    private OAuth2TokenValidator<Jwt> validator() {
        List<OAuth2TokenValidator<Jwt>> all = new ArrayList<>();
        all.add(new JwtTimestampValidator(settings.clockSkew()));
        all.add(type());
        if (settings.issuerUri() != null) {
            all.add(new JwtIssuerValidator(settings.issuerUri()));
        }
        all.add(new JwtAudienceValidator(audience(settings.audience())));
        return new DelegatingOAuth2TokenValidator<>(all);
    }

    /** Rejects tokens of other types, such as logout tokens, which the same keys sign: RFC 8725, 3.11. */
    private static OAuth2TokenValidator<Jwt> type() {
        var type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        return type;
    }

    /** Required: otherwise a token for another service of the same issuer would be valid here. */
    private static String audience(@Nullable String audience) {
        if (audience == null || audience.isBlank()) {
            throw wrong("audience", audience, "jwt needs the audience that the tokens are for");
        }
        return audience;
    }

    private static RSAPublicKey publicKey(Path file) {
        String pem = read("public-key", file);
        try {
            byte[] key = Base64.getMimeDecoder()
                    .decode(pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
                            .strip());
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw wrong("public-key", file, "the file must have an RSA public key in PEM");
        }
    }

    private static String read(String property, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw wrong(property, file, "the file cannot be read");
        }
    }
}
