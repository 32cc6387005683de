import { createClient, MessageType, stringifyMessage } from "graphql-ws";
import { Failure, ofErrors, ofThrown } from "./failure.js";

/** The interval of pings, and how long a pong may take: a network that is down is not reported otherwise. */
const ASK_EVERY_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;

/** How long the connection stays open without an operation. */
const STAYS_MS = 1_000;

/**
 * One WebSocket for all operations, by the protocol graphql-transport-ws. It opens with the first operation.
 *
 * It does not reconnect by itself: a subscription that restarted with its first variables would repeat the messages
 * since then. The subscriber subscribes again, with the last cursor.
 *
 * Dispatches `open` and `closed`.
 */
export class Connection extends EventTarget {
  #client;
  #socket = null;
  #deadline;
  #pongs = [];

  /**
   * @param {string | URL} url of the gateway
   * @param {() => Promise<string | null>} authorization the credentials, such as `Bearer …`; null where none are needed
   */
  constructor(url, authorization) {
    super();
    this.#client = createClient({
      url: String(url),
      retryAttempts: 0,
      keepAlive: ASK_EVERY_MS,
      lazyCloseTimeout: STAYS_MS,
      connectionParams: async () => {
        const shown = await authorization();
        return shown ? { authorization: shown } : undefined;
      },
      on: {
        connected: (socket) => this.#opened(socket),
        error: () => this.#closed(),
        closed: () => this.#closed(),
        ping: (received) => received || this.#expectPong(),
        pong: (received, payload) => received && this.#ponged(payload),
      },
    });
  }

  /** Whether operations are sent at once. */
  get isOpen() {
    return this.#socket !== null;
  }

  /** Resolves as soon as the connection is open. */
  opened() {
    return new Promise((done) => {
      if (this.isOpen) {
        done();
      }
      this.addEventListener("open", done, { once: true });
    });
  }

  /**
   * @param {string} query or mutation
   * @param {object} variables
   * @returns {Promise<object>} the response's data
   * @throws {Failure}
   */
  async request(query, variables) {
    for await (const data of this.stream(query, variables)) {
      return data;
    }
    throw new Failure("again", "The connection was closed before the answer came", { connection: true });
  }

  /**
   * @param {string} query a subscription
   * @param {object} variables
   * @returns {AsyncGenerator<object>} each event's data. The end of a subscription means that the gateway shuts down.
   * @throws {Failure}
   */
  async *stream(query, variables) {
    try {
      for await (const { data, errors } of this.#client.iterate({ query, variables })) {
        if (errors) {
          throw ofErrors(errors);
        }
        yield data;
      }
    } catch (thrown) {
      throw ofThrown(thrown);
    }
  }

  /**
   * Sends a new token, so that the connection outlives the previous one.
   *
   * @param {string} authorization
   * @returns {Promise<boolean>} whether the gateway accepted it; also true when the next connection sends it anyway
   */
  renew(authorization) {
    if (!this.#socket) {
      return Promise.resolve(true);
    }
    this.#socket.send(stringifyMessage({ type: MessageType.Ping, payload: { authorization } }));
    return new Promise((answered) => this.#pongs.push(answered));
  }

  /** Checks at once whether the gateway still responds, after a sleep for example, and not only with the next ping. */
  check() {
    if (this.#socket) {
      this.#socket.send(stringifyMessage({ type: MessageType.Ping }));
      this.#expectPong();
    }
  }

  close() {
    this.#client.dispose();
  }

  #opened(socket) {
    this.#socket = socket;
    this.dispatchEvent(new Event("open"));
  }

  #closed() {
    clearTimeout(this.#deadline);
    if (!this.#socket) {
      return;
    }
    this.#socket = null;
    this.#pongs.splice(0).forEach((answered) => answered(false));
    this.dispatchEvent(new Event("closed"));
  }

  #expectPong() {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#client.terminate(), ANSWER_WITHIN_MS);
  }

  #ponged(payload) {
    clearTimeout(this.#deadline);
    if (payload && "renewed" in payload) {
      this.#pongs.shift()?.(payload.renewed);
    }
  }
}
