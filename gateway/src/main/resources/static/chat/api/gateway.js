import * as operations from "./operations.js";
import { ofRefusal } from "./failure.js";

/**
 * @typedef {object} Message as stored in the log
 * @property {string} id the unique id
 * @property {string} cursor its position in its recipient's log
 * @property {string} sentAt ISO-8601, UTC
 * @property {string} content
 * @property {string} senderId
 * @property {string} recipientId
 */

/** @typedef {{username: string, userId: string}} User */

/** @typedef {{messages: Message[], pageInfo: {startCursor: string | null, hasPreviousPage: boolean}}} Page */

/** The API as functions. All of them throw a `Failure`. */
export class Gateway {
  #connection;

  /** @param {import("./connection.js").Connection} connection */
  constructor(connection) {
    this.#connection = connection;
  }

  /**
   * Claims a username permanently.
   *
   * @returns {Promise<User>}
   */
  async createUser(username) {
    return (await this.#ask(operations.CREATE_USER, "createUser", { username })).user;
  }

  /** @returns {Promise<string | null>} null when no user has the name */
  async userId(username) {
    return (await this.#connection.request(operations.USER_ID, { username })).userId;
  }

  /**
   * A page of the users whose names begin with a prefix.
   *
   * @returns {Promise<{users: User[], pageInfo: {endCursor: string | null, hasNextPage: boolean}}>}
   */
  users({ prefix, first, after }) {
    return this.#ask(operations.USERS, "users", { prefix, first, after });
  }

  /**
   * A page of what a user sent and received, oldest first.
   *
   * @param {object} asked
   * @param {string} asked.userId
   * @param {string} [asked.with] only the conversation with this user
   * @param {number} asked.last the page size
   * @param {string} [asked.before] only messages before this cursor
   * @param {string} [asked.atLeast] a cursor that the page must have reached, on any pod
   * @returns {Promise<Page>}
   */
  messages(asked) {
    return this.#ask(operations.MESSAGES, "messages", asked);
  }

  /**
   * Sends a message to a user. Once this resolves, it is stored durably. When it throws, it may be stored nevertheless:
   * sent again with the same `clientMessageId`, it is stored once.
   *
   * @param {{senderId: string, recipientId: string, content: string, clientMessageId: string}} draft
   * @returns {Promise<Message>}
   */
  async createMessage(draft) {
    return (await this.#ask(operations.CREATE_MESSAGE, "createMessage", draft)).message;
  }

  /**
   * A user's messages, each once and in order, until the connection breaks or the gateway shuts down.
   *
   * @param {string} userId
   * @param {string} after the cursor after which to begin, or `earliest`
   * @returns {AsyncGenerator<Message>}
   */
  async *listen(userId, after) {
    for await (const { messages } of this.#connection.stream(operations.LISTEN, { userId, after })) {
      yield messages;
    }
  }

  async #ask(operation, field, variables) {
    const answer = (await this.#connection.request(operation, variables))[field];
    if (!answer.success) {
      throw ofRefusal(answer.errors);
    }
    return answer;
  }
}
