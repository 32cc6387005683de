package chatql.graphql;

import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.User;
import chatql.user.UserPage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schema's payload types: a result, {@code success} and {@code errors}. */
public final class Payloads {
    private Payloads() {}

    record UserView(String username, String userId) {
        static UserView of(User user) {
            return new UserView(user.username().value(), user.userId().value());
        }
    }

    record CreatedUser(
            @Nullable UserView user,
            boolean success,
            @Nullable List<String> errors) {
        static CreatedUser of(User user) {
            return new CreatedUser(UserView.of(user), true, null);
        }

        static CreatedUser failed(String error) {
            return new CreatedUser(null, false, List.of(error));
        }
    }

    /** Of {@code createMessage}. */
    public record CreatedMessage(
            @Nullable MessageView message,
            boolean success,
            @Nullable List<String> errors) {
        static CreatedMessage of(Message message) {
            return new CreatedMessage(MessageView.of(message), true, null);
        }

        static CreatedMessage failed(List<String> errors) {
            return new CreatedMessage(null, false, errors);
        }
    }

    /** {@code PageInfo} of Relay's connections. */
    record PageInfo(
            @Nullable String startCursor, @Nullable String endCursor, boolean hasPreviousPage, boolean hasNextPage) {
        static PageInfo of(Page page) {
            return new PageInfo(
                    page.start().map(Cursor::text).orElse(null),
                    page.end().map(Cursor::text).orElse(null),
                    page.hasPrevious(),
                    page.hasNext());
        }

        static PageInfo of(UserPage page, boolean hasPrevious) {
            List<User> users = page.users();
            return new PageInfo(
                    users.isEmpty()
                            ? null
                            : UsersArguments.cursor(users.getFirst().username()),
                    users.isEmpty()
                            ? null
                            : UsersArguments.cursor(users.getLast().username()),
                    hasPrevious,
                    page.hasNext());
        }
    }

    record Messages(
            @Nullable List<MessageView> messages,
            @Nullable PageInfo pageInfo,
            boolean success,
            @Nullable List<String> errors) {
        static Messages of(Page page) {
            List<MessageView> messages =
                    page.messages().stream().map(MessageView::of).toList();
            return new Messages(messages, PageInfo.of(page), true, null);
        }

        static Messages failed(List<String> errors) {
            return new Messages(null, null, false, errors);
        }
    }

    record Users(
            @Nullable List<UserView> users,
            @Nullable PageInfo pageInfo,
            boolean success,
            @Nullable List<String> errors) {
        static Users of(UserPage page, boolean hasPrevious) {
            List<UserView> users = page.users().stream().map(UserView::of).toList();
            return new Users(users, PageInfo.of(page, hasPrevious), true, null);
        }

        static Users failed(List<String> errors) {
            return new Users(null, null, false, errors);
        }
    }
}
