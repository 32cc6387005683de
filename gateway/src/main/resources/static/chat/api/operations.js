/** The operations of the gateway that the page calls: all that a chat needs. */

const MESSAGE = "id cursor sentAt content senderId recipientId";

export const CREATE_USER = `mutation CreateUser($username: String!) {
  createUser(username: $username) {
    user { username userId }
    success
    errors
  }
}`;

export const USER_ID = `query UserId($username: String!) {
  userId(username: $username)
}`;

export const USERS = `query Users($prefix: String, $first: Int, $after: String) {
  users(prefix: $prefix, first: $first, after: $after) {
    users { username userId }
    pageInfo { endCursor hasNextPage }
    success
    errors
  }
}`;

export const MESSAGES = `query Messages($userId: String!, $with: String, $last: Int, $before: String, $atLeast: String) {
  messages(userId: $userId, with: $with, last: $last, before: $before, atLeast: $atLeast) {
    messages { ${MESSAGE} }
    pageInfo { startCursor hasPreviousPage }
    success
    errors
  }
}`;

export const CREATE_MESSAGE = `mutation CreateMessage(
  $senderId: String!, $recipientId: String!, $content: String!, $clientMessageId: String!
) {
  createMessage(
    senderId: $senderId, recipientId: $recipientId, content: $content, clientMessageId: $clientMessageId
  ) {
    message { ${MESSAGE} }
    success
    errors
  }
}`;

export const LISTEN = `subscription Listen($userId: String!, $after: String) {
  messages(userId: $userId, after: $after) { ${MESSAGE} }
}`;
