import { tab } from "../state/storage.js";

/**
 * @typedef {object} Tokens
 * @property {string} access the token for the gateway
 * @property {string | null} refresh the token with which the provider issues the next one
 */

/** OpenID Connect: the authorization code flow with PKCE (RFC 7636), as a public client, which can keep no secret. */
export class OpenId {
  #settings;
  #metadata;

  /** @param {{issuer: string, clientId: string, scope: string}} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /** Redirects to the provider, which redirects back with a code. */
  async begin() {
    const { authorization_endpoint: endpoint } = await this.#discover();
    const verifier = random();
    const state = random();
    tab.set("openid", { verifier, state });
    const url = new URL(endpoint);
    url.search = new URLSearchParams({
      ...Object.fromEntries(url.searchParams),
      response_type: "code",
      client_id: this.#settings.clientId,
      redirect_uri: here(),
      scope: this.#settings.scope,
      state,
      code_challenge: await challenge(verifier),
      code_challenge_method: "S256",
    });
    location.assign(url);
  }

  /**
   * After the provider's redirect, takes the code out of the URL and exchanges it for tokens.
   *
   * @returns {Promise<Tokens | null>} null where the provider did not redirect here
   * @throws {Error} with the provider's reason
   */
  async finish() {
    const answer = new URLSearchParams(location.search);
    const asked = tab.get("openid");
    if (!asked || !answer.has("state")) {
      return null;
    }
    tab.set("openid", null);
    history.replaceState(null, "", here() + location.hash);
    if (answer.get("state") !== asked.state) {
      throw new Error("The answer of the sign-in was to another question");
    }
    if (answer.has("error")) {
      throw new Error(answer.get("error_description") ?? answer.get("error"));
    }
    return this.#tokens({
      grant_type: "authorization_code",
      code: answer.get("code"),
      redirect_uri: here(),
      code_verifier: asked.verifier,
    });
  }

  /**
   * @param {string} refresh
   * @returns {Promise<Tokens>}
   */
  async renew(refresh) {
    const next = await this.#tokens({ grant_type: "refresh_token", refresh_token: refresh });
    // A provider that does not rotate refresh tokens sends it only once.
    return { ...next, refresh: next.refresh ?? refresh };
  }

  async #tokens(grant) {
    const { token_endpoint: endpoint } = await this.#discover();
    const answer = await fetch(endpoint, {
      method: "POST",
      body: new URLSearchParams({ ...grant, client_id: this.#settings.clientId }),
    });
    const tokens = await answer.json();
    if (!answer.ok) {
      throw new Error(tokens.error_description ?? tokens.error ?? "The sign-in was refused");
    }
    return { access: tokens.access_token, refresh: tokens.refresh_token ?? null };
  }

  async #discover() {
    this.#metadata ??= await (await fetch(`${this.#settings.issuer}/.well-known/openid-configuration`)).json();
    if (this.#metadata.issuer !== this.#settings.issuer) {
      throw new Error("The answer is from another sign-in provider than the configured one");
    }
    return this.#metadata;
  }
}

/** The page's own URL, without the query. */
function here() {
  return location.origin + location.pathname;
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
