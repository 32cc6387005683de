import * as operations from "./operations.js";
import { ofRefusal } from "./failure.js";

/**
 * @typedef {object} Message as it stands in the log
 * @property {string} id tells it from every other one
 * @property {string} cursor its place in its recipient's log
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
   * Claims a name for good.
   *
   * @returns {Promise<User>}
   */
  async createUser(username) {
    return (await this.#ask(operations.CREATE_USER, "createUser", { username })).user;
  }

  /** @returns {Promise<string | null>} null when nobody has the name */
  async userId(username) {
    return (await this.#connection.request(operations.USER_ID, { username })).userId;
  }

  /**
   * The users whose names begin so, a page of them.
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
   * @param {number} asked.last how many at most
   * @param {string} [asked.before] only what stands ahead of this cursor
   * @param {string} [asked.atLeast] a cursor that the answer must have reached, on whichever pod
   * @returns {Promise<Page>}
   */
  messages(asked) {
    return this.#ask(operations.MESSAGES, "messages", asked);
  }

  /**
   * Says something to somebody. Once this resolves it is stored for good. When it throws, it may be stored all the same:
   * said again with the same `clientMessageId`, it is there once.
   *
   * @param {{senderId: string, recipientId: string, content: string, clientMessageId: string}} draft
   * @returns {Promise<Message>}
   */
  async createMessage(draft) {
    return (await this.#ask(operations.CREATE_MESSAGE, "createMessage", draft)).message;
  }

  /**
   * What is said to a user, each message once and in order, until the connection breaks or the gateway leaves.
   *
   * @param {string} userId
   * @param {string} after the cursor behind which to begin, or `earliest`
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
